// SPDX-License-Identifier: GPL-2.0-only
/*
 * Cases: memories, the core, holding and releasing it, reset of the machine.
 *
 * Copyright (c) 2026 linux-amp developers
 */
#include "a7.h"

/* Seen by the M4 at .m4, by everybody else at .system */
static const struct {
	u32 m4, system, size;
} windows[] = {
	{ 0x00000000, OCRAM_S, OCRAM_S_SIZE },
	{ 0x00180000, OCRAM_S, OCRAM_S_SIZE },
	{ 0x00900000, 0x00900000, 0x20000 },
	{ 0x00920000, 0x00920000, 0x20000 },
	{ 0x00940000, 0x00940000, 0x8000 },
	{ 0x10000000, 0x80000000, 0x0fff0000 },
	{ 0x1fff8000, TCML, 0x8000 },
	{ 0x20000000, TCMU, 0x8000 },
	{ 0x20200000, 0x00900000, 0x20000 },
	{ 0x20220000, 0x00920000, 0x20000 },
	{ 0x20240000, 0x00940000, 0x8000 },
	{ 0x80000000, 0x80000000, 0x20000000 },
};

/* Nothing that the M4 may reach: ROM, GIC, behind the windows, memory at the A7s' addresses */
static const u32 unreachable[] = {
	0x00008000, 0x00100000, 0x007f8000, 0x00800000, 0x1fff0000, 0x20008000, 0x31001000,
	0x31002000, 0x60000000, 0xe0000000 - 4,
};

void test_reset_values(void)
{
	CHECK_EQ(read32(SRC_M4RCR), M4RCR_AT_RESET);
	CHECK_EQ(read32(MUA + MU_SR), MU_TE_ALL);
	CHECK_EQ(read32(MUB + MU_SR), MU_TE_ALL);
	CHECK_EQ(read32(MUA + MU_CR), 0);
	CHECK_EQ(read32(MUB + MU_CR), 0);
}

static void check_memory(u32 start, u32 size)
{
	for (u32 i = 0; i < size; i += 4)
		write32(start + i, 0x5eed0000 + start + i);
	for (u32 i = 0; i < size; i += 4)
		CHECK_EQ(read32(start + i), 0x5eed0000 + start + i);
}

void test_memories(void)
{
	m4_hold();
	CHECK_STEP(check_memory(OCRAM_S, OCRAM_S_SIZE));
	/* One behind the other */
	CHECK_STEP(check_memory(TCML, 0x10000));
}

static void check_window(u32 m4, u32 system)
{
	u32 saved = read32(system), value;

	write32(system, 0xa7a7a7a7);
	CHECK(m4_read(m4, &value));
	CHECK_EQ(value, 0xa7a7a7a7);
	CHECK(m4_write(m4, ~m4));
	CHECK_EQ(read32(system), ~m4);
	write32(system, saved);
}

void test_views(void)
{
	u32 value;

	m4_load();
	CHECK(m4_start());
	for (u32 i = 0; i < ARRAY_SIZE(windows); i++) {
		/* The first word of OCRAM_S is in use, but not before the next start */
		CHECK_STEP(check_window(windows[i].m4, windows[i].system));
		CHECK_STEP(check_window(windows[i].m4 + windows[i].size - 4,
					windows[i].system + windows[i].size - 4));
	}
	CHECK_EQ(mailbox_read(MAILBOX_FAULTS), 0);
	for (u32 i = 0; i < ARRAY_SIZE(unreachable); i++) {
		CHECK(m4_read(unreachable[i], &value));
		CHECK_EQ(mailbox_read(MAILBOX_FAULTS), i + 1);
	}
	/* The SRC stands for the peripherals */
	CHECK(m4_read(SRC_M4RCR, &value));
	CHECK_EQ(value, read32(SRC_M4RCR));
}

/* What counts is what is in the memory, in TCML as well as in OCRAM_S */
void test_boot_vector(void)
{
	u32 reset, boots, heartbeat;

	m4_load();
	CHECK(m4_start());
	reset = read32(OCRAM_S + 4);
	m4_hold();
	/* A copy of the agent, which is not tied to its place, runs in TCML */
	for (u32 i = 0; i < (u32)(m4_image_end - m4_image); i += 4)
		write32(TCML + i, read32((u32)m4_image + i));
	write32(OCRAM_S + 4, 0x1fff8000 + reset);
	for (u32 i = 8; i < (u32)(m4_image_end - m4_image); i += 4)
		write32(OCRAM_S + i, 0);
	CHECK(m4_start());
	/* Stack pointer and program counter are taken at the release, not before */
	m4_hold();
	boots = mailbox_read(MAILBOX_BOOTS);
	heartbeat = mailbox_read(MAILBOX_HEARTBEAT);
	m4_load();
	delay_us(1000);
	CHECK_EQ(mailbox_read(MAILBOX_BOOTS), boots);
	CHECK_EQ(mailbox_read(MAILBOX_HEARTBEAT), heartbeat);
	CHECK(m4_start());
}

void test_core(void)
{
	u32 value;

	m4_load();
	CHECK(m4_start());
	CHECK(m4_read(CPUID, &value));
	CHECK_EQ(value & 0xff0ffff0, 0x410fc240);
	/* Four bits of priority */
	CHECK(m4_write(NVIC_IPR, 0xffffffff));
	CHECK(m4_read(NVIC_IPR, &value));
	CHECK_EQ(value, 0xf0f0f0f0);
	/* 128 interrupts */
	CHECK(m4_write(NVIC_ISER + 12, 0x80000000));
	CHECK(m4_read(NVIC_ISER + 12, &value));
	CHECK_EQ(value, 0x80000000);
	/* 1.5 + 2.25 */
	CHECK(m4_command(COMMAND_ADD_FLOAT, 0x3fc00000, 0x40100000));
	CHECK_EQ(mailbox_read(MAILBOX_VALUE), 0x40700000);
}

/* Nothing of the core's private state comes through a reset */
static void check_restart(void)
{
	u32 value;

	CHECK(m4_write(VTOR, 0x20000000));
	CHECK(m4_write(NVIC_ISER, BIT(5)));
	CHECK(m4_write(NVIC_ISPR, BIT(9)));
	CHECK(m4_write(NVIC_IPR, 0x40404040));
	CHECK(m4_write(CPACR, 0xf << 20));
	CHECK(m4_write(SYST_RVR, 1234567));
	CHECK(m4_write(SYST_CSR, 5));

	CHECK(m4_start());
	CHECK(m4_read(VTOR, &value));
	CHECK_EQ(value, 0);
	CHECK(m4_read(NVIC_ISER, &value));
	CHECK_EQ(value, 0);
	CHECK(m4_read(NVIC_ISPR, &value));
	CHECK_EQ(value, 0);
	CHECK(m4_read(NVIC_IPR, &value));
	CHECK_EQ(value, 0);
	CHECK(m4_read(CPACR, &value));
	CHECK_EQ(value, 0);
	CHECK(m4_read(SYST_CSR, &value));
	CHECK_EQ(value & 3, 0);
}

void test_restart(void)
{
	mu_reset();
	m4_load();
	CHECK(m4_start());
	for (u32 i = 0; i < count(500); i++)
		CHECK_STEP(check_restart());
	m4_hold();
	CHECK_EQ(read32(SRC_M4RCR), M4RCR_STOP);
	CHECK(m4_start());
	/* The self-clearing bits have cleared themselves */
	CHECK_EQ(read32(SRC_M4RCR), 0xa0 | ENABLE_M4);
	/* Without ENABLE_M4 it does not run either */
	write32(SRC_M4RCR, 0xa0);
	CHECK(m4_start());
}

void test_restart_sleeping(void)
{
	m4_load();
	for (u32 i = 0; i < count(500); i++) {
		CHECK(m4_start());
		CHECK(m4_command(COMMAND_SLEEP, 0, 0));
		delay_us(random32() % 50);
	}
	CHECK(m4_start());
}

void test_restart_in_handler(void)
{
	u32 value, reg = MUB_IRQ / 32 * 4, bit = BIT(MUB_IRQ % 32);

	mu_reset();
	m4_load();
	for (u32 i = 0; i < count(200); i++) {
		CHECK(m4_start());
		mailbox_write(MAILBOX_STAY, 1);
		CHECK(m4_write(NVIC_ISER + reg, bit));
		write32(MUB + MU_CR, MU_GIE(2));
		write32(MUA + MU_CR, MU_GIR(2));
		CHECK(wait_for(MAILBOX + MAILBOX_IRQS, ~0u, 1));
		m4_hold();
		write32(MUB + MU_SR, MU_GIP(2));
		CHECK(m4_start());
		CHECK(m4_read(NVIC_ISPR + reg, &value));
		CHECK_EQ(value & bit, 0);
		CHECK_EQ(mailbox_read(MAILBOX_IRQS), 0);
	}
}

static void prepare_restart(void)
{
	mailbox_write(MAILBOX_SEQ, mailbox_read(MAILBOX_DONE));
	mailbox_write(MAILBOX_STAY, 0);
}

void test_pulse(void)
{
	static const u32 bits[] = { M4C_RST, M4P_RST, M4C_RST | M4P_RST };

	m4_load();
	CHECK(m4_start());
	for (u32 i = 0; i < count(500); i++) {
		u32 boots = mailbox_read(MAILBOX_BOOTS);

		if (i % 2)
			CHECK(m4_command(COMMAND_SLEEP, 0, 0));
		prepare_restart();
		write32(SRC_M4RCR, 0xa0 | ENABLE_M4 | bits[i % ARRAY_SIZE(bits)]);
		CHECK_EQ(read32(SRC_M4RCR), 0xa0 | ENABLE_M4);
		CHECK(wait_for(MAILBOX + MAILBOX_BOOTS, ~0u, boots + 1));
		CHECK(m4_is_alive());
	}
}

/* Only the core restarts; this program would start anew with the rest */
void test_sysresetreq(void)
{
	m4_load();
	CHECK(m4_start());
	for (u32 i = 0; i < count(200); i++) {
		u32 boots = mailbox_read(MAILBOX_BOOTS), seq = mailbox_read(MAILBOX_SEQ) + 1;

		mailbox_write(MAILBOX_COMMAND, COMMAND_WRITE);
		mailbox_write(MAILBOX_ADDRESS, AIRCR);
		mailbox_write(MAILBOX_VALUE, SYSRESETREQ);
		mailbox_write(MAILBOX_SEQ, seq);
		/* It may or may not get as far as to answer */
		CHECK(wait_for_change(MAILBOX + MAILBOX_BOOTS, boots));
		mailbox_write(MAILBOX_COMMAND, 0);
		CHECK(wait_for(MAILBOX + MAILBOX_DONE, ~0u, seq));
		delay_us(100);
		CHECK(m4_is_alive());
		CHECK(m4_start());
	}
}

void test_hold_itself(void)
{
	m4_load();
	for (u32 i = 0; i < count(100); i++) {
		u32 heartbeat;

		CHECK(m4_start());
		mailbox_write(MAILBOX_COMMAND, COMMAND_WRITE);
		mailbox_write(MAILBOX_ADDRESS, SRC_M4RCR);
		mailbox_write(MAILBOX_VALUE, M4RCR_STOP);
		mailbox_write(MAILBOX_SEQ, mailbox_read(MAILBOX_SEQ) + 1);
		CHECK(wait_for(SRC_M4RCR, ~0u, M4RCR_STOP));
		delay_us(1000);
		heartbeat = mailbox_read(MAILBOX_HEARTBEAT);
		delay_us(100);
		CHECK_EQ(mailbox_read(MAILBOX_HEARTBEAT), heartbeat);
	}
	CHECK(m4_start());
}

static void storm(u32 steps)
{
	for (u32 i = 0; i < steps; i++) {
		write32(SRC_M4RCR, i % 2 ? M4RCR_START : M4RCR_STOP);
		if (random32() % 4 == 0)
			delay_us(random32() % 100);
	}
}

void test_storm(void)
{
	m4_load();
	for (u32 i = 0; i < count(50); i++) {
		storm(200);
		CHECK(m4_start());
	}
}

static void storm_of_cpu1(void)
{
	for (u32 i = 0; i < count(50); i++)
		storm(200);
}

void test_storm_parallel(void)
{
	m4_load();
	CHECK(m4_start());
	cpu1_start(storm_of_cpu1);
	storm_of_cpu1();
	CHECK(cpu1_wait());
	CHECK(m4_start());
}

void test_stop_is_immediate(void)
{
	u32 burst = MAILBOX + MAILBOX_BURST;

	m4_load();
	for (u32 i = 0; i < count(400); i++) {
		CHECK(m4_start());
		CHECK(m4_command(COMMAND_BURST, 0, 0));
		CHECK(wait_for_change(burst, read32(burst)));
		delay_us(random32() % 40);
		m4_hold();
		for (int n = 0; n < MAILBOX_BURST_WORDS; n++)
			write32(burst + 4 * n, ~0u - n);
		delay_us(i % 8 ? 20 : 2000);
		for (int n = 0; n < MAILBOX_BURST_WORDS; n++)
			CHECK_EQ(read32(burst + 4 * n), ~0u - n);
	}
}

void test_systick(void)
{
	u32 ticks;

	m4_load();
	mailbox_write(MAILBOX_TICKS, 0);
	for (u32 i = 0; i < count(50); i++) {
		CHECK(m4_start());
		/* Every 0.1 ms */
		CHECK(m4_write(SYST_RVR, 24000 - 1));
		CHECK(m4_write(SYST_CVR, 0));
		CHECK(m4_write(SYST_CSR, 7));
		for (int n = 0; n < 5; n++)
			CHECK(wait_for_change(MAILBOX + MAILBOX_TICKS,
					      mailbox_read(MAILBOX_TICKS)));
		m4_hold();
		ticks = mailbox_read(MAILBOX_TICKS);
		delay_us(500);
		CHECK_EQ(mailbox_read(MAILBOX_TICKS), ticks);
		CHECK(m4_start());
		delay_us(500);
		CHECK_EQ(mailbox_read(MAILBOX_TICKS), ticks);
	}
}

/* A core without firmware faults in the fault handler that it does not have */
void test_lockup(void)
{
	for (u32 i = 0; i < count(100); i++) {
		m4_hold();
		for (u32 n = 0; n < OCRAM_S_SIZE; n += 4)
			write32(OCRAM_S + n, i % 3 ? 0 : 0xffffffff);
		/* Every other time a stack pointer that leads nowhere */
		if (i % 2)
			write32(OCRAM_S, 0x70000000);
		write32(SRC_M4RCR, M4RCR_START);
		delay_us(random32() % 500);
		write32(MUA + MU_CR, MU_MUR);
		m4_load();
		CHECK(m4_start());
	}
}

static void reset_machine(void)
{
	reset_ordered();
	write16(WDOG1_WCR, 0);
	delay_us(1000000);
	die("the machine does not reset");
}

static void check_after_reset(void)
{
	u32 heartbeat, burst;

	CHECK_STEP(test_reset_values());
	heartbeat = mailbox_read(MAILBOX_HEARTBEAT);
	burst = mailbox_read(MAILBOX_BURST);
	delay_us(1000);
	CHECK_EQ(mailbox_read(MAILBOX_HEARTBEAT), heartbeat);
	CHECK_EQ(mailbox_read(MAILBOX_BURST), burst);
}

/*
 * Reset the machine while the M4 runs, sleeps, is inside an interrupt handler, is held and is
 * locked up. The program starts anew each time; the stage tells where it was.
 */
void test_machine_reset(void)
{
	u32 stage = stage_get();

	if (stage > 0)
		CHECK_STEP(check_after_reset());
	if (m4s) {
		m4_load();
		CHECK(m4_start());
		switch (stage) {
		case 1:
			CHECK(m4_command(COMMAND_SLEEP, 0, 0));
			break;
		case 2:
			mailbox_write(MAILBOX_STAY, 1);
			CHECK(m4_write(NVIC_ISER + MUB_IRQ / 32 * 4, BIT(MUB_IRQ % 32)));
			write32(MUB + MU_CR, 0xffff0007);
			CHECK(wait_for(MAILBOX + MAILBOX_IRQS, ~0u, 1));
			write32(MUA + MU_CR, 0xffff0007);
			break;
		case 3:
			m4_hold();
			break;
		case 4:
			m4_hold();
			write32(OCRAM_S, 0x70000000);
			write32(OCRAM_S + 4, 0x70000000);
			write32(SRC_M4RCR, M4RCR_START);
			delay_us(1000);
			break;
		case 5:
			CHECK(m4_command(COMMAND_BURST, 0, 0));
			break;
		}
	}
	if (stage < 6)
		reset_machine();
}
