// SPDX-License-Identifier: GPL-2.0-only
/*
 * Cases: the messaging unit and interrupts. Both sides of the unit are in the A7s' address space,
 * so most of it is tested without the M4.
 *
 * Copyright (c) 2026 linux-amp developers
 */
#include "a7.h"

static const u32 mu_base[2] = { MUA, MUB };
static const u32 mu_irq[2] = { MUA_IRQ, MUB_IRQ };

static void check_idle(void)
{
	for (int side = 0; side < 2; side++) {
		CHECK_EQ(read32(mu_base[side] + MU_SR), MU_TE_ALL);
		CHECK_EQ(read32(mu_base[side] + MU_CR), 0);
		CHECK(!spi_pending(mu_irq[side]));
	}
}

static void check_word(u32 from, u32 to, int n)
{
	u32 value = random32();

	write32(from + MU_TR(n), value);
	CHECK_EQ(read32(from + MU_SR), MU_TE_ALL & ~MU_TE(n));
	CHECK_EQ(read32(to + MU_SR), MU_TE_ALL | MU_RF(n));
	CHECK_EQ(read32(to + MU_RR(n)), value);
	CHECK_EQ(read32(from + MU_SR), MU_TE_ALL);
	CHECK_EQ(read32(to + MU_SR), MU_TE_ALL);
	/* Reading once more changes nothing */
	CHECK_EQ(read32(to + MU_RR(n)), value);
	CHECK_EQ(read32(from + MU_SR), MU_TE_ALL);
}

void test_mu_words(void)
{
	mu_reset();
	for (int side = 0; side < 2; side++) {
		u32 from = mu_base[side], to = mu_base[!side];

		for (int n = 0; n < 4; n++)
			CHECK_STEP(check_word(from, to, n));
		/* All in flight, in both directions */
		for (int n = 0; n < 4; n++) {
			write32(from + MU_TR(n), 0x1000 + n);
			write32(to + MU_TR(n), 0x2000 + n);
		}
		CHECK_EQ(read32(from + MU_SR), MU_RF(0) | MU_RF(1) | MU_RF(2) | MU_RF(3));
		for (int n = 3; n >= 0; n--) {
			CHECK_EQ(read32(to + MU_RR(n)), 0x1000 + n);
			CHECK_EQ(read32(from + MU_RR(n)), 0x2000 + n);
		}
		CHECK_STEP(check_idle());
	}
}

void test_mu_doorbells(void)
{
	mu_reset();
	for (int side = 0; side < 2; side++) {
		u32 from = mu_base[side], to = mu_base[!side];

		for (int n = 0; n < 4; n++) {
			write32(from + MU_CR, MU_GIR(n));
			CHECK_EQ(read32(from + MU_CR), MU_GIR(n));
			CHECK_EQ(read32(to + MU_SR), MU_TE_ALL | MU_GIP(n));
			/* The sender can neither take it back nor ring twice */
			write32(from + MU_CR, 0);
			write32(from + MU_SR, MU_GIP(n));
			write32(from + MU_CR, MU_GIR(n));
			CHECK_EQ(read32(from + MU_CR), MU_GIR(n));
			/* The receiver clears this one, by writing 1 */
			write32(to + MU_SR, ~MU_GIP(n));
			CHECK_EQ(read32(to + MU_SR), MU_TE_ALL | MU_GIP(n));
			write32(to + MU_SR, MU_GIP(n));
			CHECK_EQ(read32(to + MU_SR), MU_TE_ALL);
			CHECK_EQ(read32(from + MU_CR), 0);
		}
	}
}

void test_mu_flags(void)
{
	mu_reset();
	for (int side = 0; side < 2; side++) {
		u32 from = mu_base[side], to = mu_base[!side];

		for (u32 flags = 0; flags < 8; flags++) {
			write32(from + MU_CR, flags);
			CHECK_EQ(read32(from + MU_CR), flags);
			CHECK_EQ(read32(to + MU_SR), MU_TE_ALL | flags);
			CHECK_EQ(read32(from + MU_SR), MU_TE_ALL);
		}
		write32(from + MU_CR, 0);
	}
}

/* Side @side wants to know: its interrupt, and only that one, follows the cause */
static void check_interrupts(int side)
{
	u32 own = mu_base[side], peer = mu_base[!side];

	for (int n = 0; n < 4; n++) {
		write32(peer + MU_TR(n), 1);
		CHECK(!spi_pending(mu_irq[side]));
		write32(own + MU_CR, MU_RIE(n));
		CHECK(spi_pending(mu_irq[side]));
		CHECK(!spi_pending(mu_irq[!side]));
		read32(own + MU_RR(n));
		CHECK(!spi_pending(mu_irq[side]));

		write32(own + MU_CR, MU_GIE(n));
		write32(peer + MU_CR, MU_GIR(n));
		CHECK(spi_pending(mu_irq[side]));
		CHECK(!spi_pending(mu_irq[!side]));
		write32(own + MU_SR, MU_GIP(n));
		CHECK(!spi_pending(mu_irq[side]));

		write32(own + MU_CR, MU_TIE(n));
		CHECK(spi_pending(mu_irq[side]));
		write32(own + MU_TR(n), 2);
		CHECK(!spi_pending(mu_irq[side]));
		read32(peer + MU_RR(n));
		CHECK(spi_pending(mu_irq[side]));
		write32(own + MU_CR, 0);
		CHECK_STEP(check_idle());
	}
}

void test_mu_interrupts(void)
{
	mu_reset();
	for (int side = 0; side < 2; side++)
		CHECK_STEP(check_interrupts(side));
}

/* The other side has it as ever */
static void check_ulp(u32 own, u32 peer, int n)
{
	write32(own + MU_ULP_TR(n), 0x3000 + n);
	CHECK_EQ(read32(own + MU_ULP_SR), MU_TE_ALL & ~MU_TE(n));
	CHECK_EQ(read32(peer + MU_RR(n)), 0x3000 + n);
	write32(peer + MU_TR(n), 0x4000 + n);
	CHECK_EQ(read32(own + MU_ULP_SR), MU_TE_ALL | MU_RF(n));
	CHECK_EQ(read32(own + MU_ULP_RR(n)), 0x4000 + n);

	write32(own + MU_ULP_CR, MU_GIR(n) | MU_RIE(n));
	CHECK_EQ(read32(own + MU_ULP_CR), MU_GIR(n) | MU_RIE(n));
	CHECK_EQ(read32(peer + MU_SR), MU_TE_ALL | MU_GIP(n));
	write32(peer + MU_SR, MU_GIP(n));
	write32(peer + MU_CR, MU_GIR(n));
	write32(own + MU_ULP_SR, MU_GIP(n));
	write32(own + MU_ULP_CR, 0);
	CHECK_STEP(check_idle());
}

void test_mu_ulp(void)
{
	mu_reset();
	for (int side = 0; side < 2; side++)
		for (int n = 0; n < 4; n++)
			CHECK_STEP(check_ulp(mu_base[side], mu_base[!side], n));
}

static void mu_make_busy(void)
{
	for (int side = 0; side < 2; side++) {
		for (int n = 0; n < 4; n++)
			write32(mu_base[side] + MU_TR(n), 0x100 + n);
		write32(mu_base[side] + MU_CR, 0xffff0007);
	}
}

void test_mu_reset(void)
{
	mu_reset();
	CHECK_STEP(check_idle());
	mu_make_busy();
	CHECK(spi_pending(MUA_IRQ) && spi_pending(MUB_IRQ));
	/* Side B has no such bit */
	write32(MUB + MU_CR, 0xfff00007 | MU_MUR);
	CHECK_EQ(read32(MUA + MU_CR), 0xffff0007);
	CHECK_EQ(read32(MUB + MU_CR), 0xffff0007);
	mu_reset();
	CHECK_STEP(check_idle());
	for (int side = 0; side < 2; side++)
		for (int n = 0; n < 4; n++)
			CHECK_EQ(read32(mu_base[side] + MU_RR(n)), 0);
}

/* The agent takes the messaging unit's interrupt */
static bool start_with_mu(void)
{
	return m4_start() && m4_write(NVIC_ISER + MUB_IRQ / 32 * 4, BIT(MUB_IRQ % 32));
}

static void check_mu_to_m4(u32 rounds)
{
	u32 irqs = MAILBOX + MAILBOX_IRQS, before;

	for (u32 i = 0; i < rounds; i++) {
		int n = i % 4;

		/* A word: reading it silences the interrupt */
		mailbox_write(MAILBOX_ACK_ADDRESS, 0);
		mailbox_write(MAILBOX_READ_ADDRESS, MUB + MU_RR(n));
		write32(MUB + MU_CR, MU_RIE(n));
		before = read32(irqs);
		write32(MUA + MU_TR(n), 0xa7000000 + i);
		CHECK(wait_for(irqs, ~0u, before + 1));
		CHECK_EQ(mailbox_read(MAILBOX_READ_VALUE), 0xa7000000 + i);
		CHECK_EQ(mailbox_read(MAILBOX_IPSR), MUB_IRQ + 16);
		CHECK_EQ(read32(MUA + MU_SR), MU_TE_ALL);

		/* A doorbell: clearing it gives it back to the sender */
		mailbox_write(MAILBOX_READ_ADDRESS, 0);
		mailbox_write(MAILBOX_ACK_VALUE, MU_GIP(n));
		mailbox_write(MAILBOX_ACK_ADDRESS, MUB + MU_SR);
		write32(MUB + MU_CR, MU_GIE(n));
		write32(MUA + MU_CR, MU_GIR(n));
		CHECK(wait_for(irqs, ~0u, before + 2));
		CHECK_EQ(read32(MUA + MU_CR), 0);
	}
}

void test_mu_to_m4(void)
{
	mu_reset();
	m4_load();
	CHECK(start_with_mu());
	CHECK_STEP(check_mu_to_m4(count(1000)));
	/* And when the core sleeps */
	for (u32 i = 0; i < count(500); i++) {
		CHECK(m4_command(COMMAND_SLEEP, 0, 0));
		delay_us(random32() % 50);
		CHECK_STEP(check_mu_to_m4(4));
		CHECK(m4_is_alive());
	}
}

/*
 * Take the interrupt and silence it by reading @word or by writing @gip. No nap in between: the
 * timer that would end it has the same priority as the active interrupt.
 */
static void take_mua_irq(u32 word, u32 gip)
{
	CHECK_EQ(read32(GICC + GICC_IAR), MUA_IRQ + 32);
	if (word)
		CHECK_EQ(read32(word) >> 24, 0xb4);
	else
		write32(MUA + MU_SR, gip);
	write32(GICC + GICC_EOIR, MUA_IRQ + 32);
	CHECK_EQ(read32(GICC + GICC_IAR), SPURIOUS);
}

void test_mu_to_a7(void)
{
	mu_reset();
	m4_load();
	CHECK(m4_start());
	spi_enable(MUA_IRQ);
	CHECK_EQ(read32(GICC + GICC_IAR), SPURIOUS);
	for (u32 i = 0; i < count(200); i++) {
		int n = i % 4;
		u32 value;

		write32(MUA + MU_CR, MU_RIE(n));
		CHECK(m4_write(MUB + MU_TR(n), 0xb4000000 + i));
		CHECK(m4_read(MUB + MU_SR, &value));
		CHECK_EQ(value, MU_TE_ALL & ~MU_TE(n));
		CHECK_STEP(take_mua_irq(MUA + MU_RR(n), 0));
		CHECK(m4_read(MUB + MU_SR, &value));
		CHECK_EQ(value, MU_TE_ALL);

		write32(MUA + MU_CR, MU_GIE(n));
		CHECK(m4_write(MUB + MU_CR, MU_GIR(n)));
		CHECK_STEP(take_mua_irq(0, MU_GIP(n)));
		CHECK(m4_read(MUB + MU_CR, &value));
		CHECK_EQ(value, 0);
	}
	write32(GICD + GICD_ICENABLER + (MUA_IRQ + 32) / 32 * 4, BIT(MUA_IRQ % 32));
}

/* Each device interrupt goes to both; those of the messaging unit stand for all */
void test_irq_shared(void)
{
	mu_reset();
	m4_load();
	CHECK(m4_start());
	for (int side = 0; side < 2; side++) {
		u32 reg = NVIC_ISPR + mu_irq[side] / 32 * 4, bit = BIT(mu_irq[side] % 32), value;

		CHECK(m4_read(reg, &value));
		CHECK_EQ(value & bit, 0);
		write32(mu_base[side] + MU_CR, MU_TIE(0));
		CHECK(spi_pending(mu_irq[side]));
		CHECK(m4_read(reg, &value));
		CHECK_EQ(value & bit, bit);
		write32(mu_base[side] + MU_CR, 0);
	}
}

/* A word that was sent to a core in reset is announced when it comes out of it */
void test_irq_survives_reset(void)
{
	m4_load();
	for (u32 i = 0; i < count(50); i++) {
		mu_reset();
		CHECK(start_with_mu());
		if (i % 2)
			m4_hold();
		mailbox_write(MAILBOX_STAY, 1);
		write32(MUB + MU_CR, MU_RIE(1));
		write32(MUA + MU_TR(1), i);
		CHECK(m4_start());
		mailbox_write(MAILBOX_READ_ADDRESS, MUB + MU_RR(1));
		CHECK_EQ(mailbox_read(MAILBOX_IRQS), 0);
		CHECK(m4_write(NVIC_ISER + MUB_IRQ / 32 * 4, BIT(MUB_IRQ % 32)));
		CHECK(wait_for(MAILBOX + MAILBOX_IRQS, ~0u, 1));
		CHECK_EQ(mailbox_read(MAILBOX_READ_VALUE), i);
		CHECK_EQ(read32(MUA + MU_SR), MU_TE_ALL);
	}
}
