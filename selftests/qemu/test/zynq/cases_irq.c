// SPDX-License-Identifier: GPL-2.0-only
/*
 * Cases: software generated interrupts between the CPUs, private timer, and what of the interrupt
 * controller outlives a reset of CPU 1.
 *
 * Copyright (c) 2026 linux-amp developers
 */
#include "a9.h"

static bool start_for_irqs(void)
{
	agent_load();
	return cpu1_start() && cpu1_irq_init();
}

static void check_sgi_to_cpu1(u32 sgi)
{
	u32 irqs = mailbox_read(MAILBOX_IRQS);

	write32(GICD_SGIR, SGI_TO(2) | sgi);
	CHECK(wait_for(MAILBOX + MAILBOX_IRQS, ~0u, irqs + 1));
	CHECK_EQ(mailbox_read(MAILBOX_IAR), SGI_FROM(0) | sgi);
	/* Not for this CPU */
	CHECK_EQ(read32(GICC_IAR), SPURIOUS);
}

void test_sgi_to_cpu1(void)
{
	CHECK(start_for_irqs());
	for (u32 i = 0; i < count(100); i++) {
		for (u32 sgi = 0; sgi < 16; sgi++)
			CHECK_STEP(check_sgi_to_cpu1(sgi));
		/* Wakes it up as well */
		CHECK(cpu1_command(COMMAND_SLEEP, 0, 0));
		delay_us(random32() % 50);
		CHECK_STEP(check_sgi_to_cpu1(14));
		CHECK(cpu1_is_alive());
	}
}

void test_sgi_to_cpu0(void)
{
	CHECK(start_for_irqs());
	for (u32 i = 0; i < count(100); i++) {
		for (u32 sgi = 0; sgi < 16; sgi++) {
			CHECK(cpu1_write(GICD_SGIR, SGI_TO(1) | sgi));
			CHECK_EQ(sgi_poll(), SGI_FROM(1) | sgi);
		}
	}
	CHECK_EQ(read32(GICC_IAR), SPURIOUS);
	CHECK_EQ(mailbox_read(MAILBOX_IRQS), 0);
}

void test_sgi_filters(void)
{
	CHECK(start_for_irqs());
	write32(GICD_SGIR, SGI_TO_OTHERS | 3);
	CHECK(wait_for(MAILBOX + MAILBOX_IRQS, ~0u, 1));
	CHECK_EQ(read32(GICC_IAR), SPURIOUS);
	write32(GICD_SGIR, SGI_TO_SELF | 4);
	CHECK_EQ(sgi_poll(), SGI_FROM(0) | 4);
	CHECK_EQ(mailbox_read(MAILBOX_IRQS), 1);
	write32(GICD_SGIR, SGI_TO(3) | 5);
	CHECK_EQ(sgi_poll(), SGI_FROM(0) | 5);
	CHECK(wait_for(MAILBOX + MAILBOX_IRQS, ~0u, 2));
	CHECK(cpu1_write(GICD_SGIR, SGI_TO_SELF | 6));
	CHECK(wait_for(MAILBOX + MAILBOX_IRQS, ~0u, 3));
	CHECK_EQ(mailbox_read(MAILBOX_IAR), SGI_FROM(1) | 6);
}

/* The handler on CPU 1 answers each by itself; none is lost, none comes twice */
void test_sgi_ping_pong(void)
{
	CHECK(start_for_irqs());
	mailbox_write(MAILBOX_ACK_VALUE, SGI_TO(1) | 15);
	mailbox_write(MAILBOX_ACK_ADDRESS, GICD_SGIR);
	for (u32 i = 0; i < count(5000); i++) {
		if (i % 16 == 0)
			CHECK(cpu1_command(COMMAND_SLEEP, 0, 0));
		write32(GICD_SGIR, SGI_TO(2) | 14);
		CHECK_EQ(sgi_poll(), SGI_FROM(1) | 15);
		CHECK(wait_for(MAILBOX + MAILBOX_IRQS, ~0u, i + 1));
	}
	CHECK_EQ(read32(GICC_IAR), SPURIOUS);
}

void test_sgi_kept(void)
{
	CHECK(start_for_irqs());
	for (u32 i = 0; i < count(200); i++) {
		cpu1_hold();
		write32(GICD_SGIR, SGI_TO(2) | 14);
		delay_us(random32() % 50);
		/* Both are in the mailbox as soon as the CPU runs */
		CHECK(cpu1_start());
		CHECK(wait_for(MAILBOX + MAILBOX_IRQS, ~0u, 1));
		CHECK_EQ(mailbox_read(MAILBOX_IAR), SGI_FROM(0) | 14);
	}
}

void test_gic_survives(void)
{
	u32 value;

	CHECK(start_for_irqs());
	CHECK(cpu1_write(GICC_PMR, 0x80));
	CHECK(cpu1_write(GICD_IPRIORITYR + 12, 0x48404840));
	CHECK(cpu1_write(GICD_ISENABLER, BIT(PTIMER_IRQ)));
	CHECK(cpu1_start());
	CHECK(cpu1_read(GICC_PMR, &value));
	CHECK_EQ(value, 0x80);
	CHECK(cpu1_read(GICC_CTLR, &value));
	CHECK_EQ(value, 1);
	CHECK(cpu1_read(GICD_IPRIORITYR + 12, &value));
	CHECK_EQ(value, 0x48404840);
	CHECK(cpu1_read(GICD_ISENABLER, &value));
	CHECK_EQ(value & BIT(PTIMER_IRQ), BIT(PTIMER_IRQ));
	/* All of that is CPU 1's own */
	CHECK_EQ(read32(GICC_PMR), 0xf8);
	CHECK_EQ(read32(GICD_IPRIORITYR + 12), 0);
	CHECK(cpu1_write(GICD_IPRIORITYR + 12, 0));
	CHECK(cpu1_irq_init());
}

/*
 * The interrupt that was being handled stays active, and none of its priority comes through: what a
 * program on CPU 1 finds of the one before it, Linux included. It can end it.
 */
void test_restart_in_handler(void)
{
	u32 value;

	CHECK(start_for_irqs());
	CHECK(cpu1_write(GICD_IPRIORITYR + 12, 0xa0a0a0a0));
	for (u32 i = 0; i < count(200); i++) {
		mailbox_write(MAILBOX_STAY, 1);
		write32(GICD_SGIR, SGI_TO(2) | 14);
		CHECK(wait_for(MAILBOX + MAILBOX_IRQS, ~0u, 1));
		CHECK(cpu1_start());
		CHECK(cpu1_read(GICC_RPR, &value));
		CHECK_EQ(value, 0xa0);
		CHECK(cpu1_read(GICD_ISACTIVER, &value));
		CHECK_EQ(value, BIT(14));
		write32(GICD_SGIR, SGI_TO(2) | 15);
		delay_us(100);
		CHECK_EQ(mailbox_read(MAILBOX_IRQS), 0);
		CHECK(cpu1_write(GICC_EOIR, SGI_FROM(0) | 14));
		CHECK(wait_for(MAILBOX + MAILBOX_IRQS, ~0u, 1));
		CHECK_EQ(mailbox_read(MAILBOX_IAR), SGI_FROM(0) | 15);
		CHECK(cpu1_read(GICC_RPR, &value));
		CHECK_EQ(value, 0xff);
		CHECK(cpu1_start());
	}
	CHECK(cpu1_write(GICD_IPRIORITYR + 12, 0));
}

void test_private_timer(void)
{
	u32 value;

	CHECK(start_for_irqs());
	mailbox_write(MAILBOX_ACK_VALUE, 1);
	mailbox_write(MAILBOX_ACK_ADDRESS, PTIMER_ISR);
	CHECK(cpu1_write(GICD_ISENABLER, BIT(PTIMER_IRQ)));
	/* Every 0.1 ms */
	CHECK(cpu1_write(PTIMER_LOAD, 10000));
	CHECK(cpu1_write(PTIMER_CTRL, PTIMER_ENABLE | PTIMER_RELOAD | PTIMER_IRQ_EN));
	for (u32 i = 0; i < count(100); i++)
		CHECK(wait_for_change(MAILBOX + MAILBOX_IRQS, mailbox_read(MAILBOX_IRQS)));
	CHECK_EQ(mailbox_read(MAILBOX_IAR), PTIMER_IRQ);
	/* Not in the middle of the handler, see test_restart_in_handler() */
	CHECK(cpu1_write(GICC_CTLR, 0));
	CHECK(cpu1_write(PTIMER_ISR, 1));
	cpu1_hold();
	delay_us(1000);
	/* It has gone on meanwhile, and is the timer of CPU 1 only */
	CHECK(cpu1_start());
	CHECK(cpu1_read(PTIMER_ISR, &value));
	CHECK_EQ(value, 1);
	CHECK_EQ(read32(PTIMER_ISR), 0);
	CHECK_EQ(mailbox_read(MAILBOX_IRQS), 0);
	mailbox_write(MAILBOX_ACK_ADDRESS, PTIMER_ISR);
	CHECK(cpu1_write(GICC_CTLR, 1));
	CHECK(wait_for_change(MAILBOX + MAILBOX_IRQS, 0));
	CHECK(cpu1_write(PTIMER_CTRL, 0));
	CHECK(cpu1_write(PTIMER_ISR, 1));
	CHECK(cpu1_irq_init());
}
