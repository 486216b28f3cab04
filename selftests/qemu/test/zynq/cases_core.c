// SPDX-License-Identifier: GPL-2.0-only
/*
 * Cases: memories, holding and releasing the CPUs, reset of the machine.
 *
 * Copyright (c) 2026 linux-amp developers
 */
#include "a9.h"

#define CPSR_CONTROL	0x1ff
#define MODE_SVC_MASKED	0x1d3	/* A reset leaves Supervisor, ARM, all of A, I and F masked */
#define SCTLR_M_C_I_V	0x3005	/* MMU, caches, high vectors */
#define SCR_NS		BIT(0)

/* More copies of the agent; it is not tied to its place, but for the vectors */
#define AGENT_COPY	0x00240000

/* The first one of all, before anything has been reset */
void test_reset_values(void)
{
	CHECK_EQ(read32(SLCR_LOCKSTA), 1);
	CHECK_EQ(read32(A9_CPU_RST_CTRL), 0);
	CHECK_EQ(read32(REBOOT_STATUS), POR);
}

void test_lock(void)
{
	write32(A9_CPU_RST_CTRL, CPU1_STOP);
	CHECK_EQ(read32(A9_CPU_RST_CTRL), 0);
	slcr_unlock();
	CHECK_EQ(read32(SLCR_LOCKSTA), 0);
	write32(REBOOT_STATUS, POR | 0x5a000000);
	CHECK_EQ(read32(REBOOT_STATUS), POR | 0x5a000000);
	write32(SLCR_LOCK, LOCK_KEY);
	write32(REBOOT_STATUS, 0);
	CHECK_EQ(read32(REBOOT_STATUS), POR | 0x5a000000);
}

static void check_words(u32 start, u32 size)
{
	for (u32 i = 0; i < size; i += 4)
		write32(start + i, 0x5eed0000 + start + i);
	for (u32 i = 0; i < size; i += 4)
		CHECK_EQ(read32(start + i), 0x5eed0000 + start + i);
}

void test_memories(void)
{
	CHECK_STEP(check_words(OCM, OCM_SIZE));
	/* DDR begins at 0, and on-chip memory is not there as well */
	CHECK_STEP(check_words(0, 0x1000));
	CHECK_STEP(check_words(DDR_END - 0x1000, 0x1000));
	CHECK_EQ(read32(OCM), 0x5eed0000 + OCM);
}

void test_lone_cpu(void)
{
	if (cpus > 1)
		return;
	slcr_unlock();
	for (u32 i = 0; i < count(50); i++) {
		cpu1_hold();
		CHECK_EQ(read32(A9_CPU_RST_CTRL), CPU1_STOP);
		cpu1_release();
		CHECK_EQ(read32(A9_CPU_RST_CTRL), 0);
	}
}

/* Nothing but a reset of its own starts it: not even an SGI, or a clock that was stopped */
void test_parked(void)
{
	/* Without agent_load(), which holds the CPU */
	slcr_unlock();
	for (u32 i = 0; i < (u32)(agent_image_end - agent_image); i += 4)
		write32(AGENT + i, read32((u32)agent_image + i));
	trampoline(AGENT);
	CHECK(cpu1_is_still());
	asm volatile("sev");
	write32(GICD_SGIR, SGI_TO(2) | 14);
	CHECK(cpu1_is_still());
	set32(A9_CPU_RST_CTRL, A9_CLKSTOP(1));
	clear32(A9_CPU_RST_CTRL, A9_CLKSTOP(1));
	CHECK(cpu1_is_still());
	CHECK_EQ(mailbox_read(MAILBOX_BOOTS), 0);
	CHECK(cpu1_start());
	CHECK_EQ(mailbox_read(MAILBOX_BOOTS), 1);
	/* The SGI is still there */
	CHECK(cpu1_irq_init());
	CHECK(wait_for(MAILBOX + MAILBOX_IRQS, ~0u, 1));
}

static void check_entry(void)
{
	CHECK_EQ(mailbox_read(MAILBOX_MPIDR), 0x80000001);
	CHECK_EQ(mailbox_read(MAILBOX_CPSR) & CPSR_CONTROL, MODE_SVC_MASKED);
	CHECK_EQ(mailbox_read(MAILBOX_SCTLR) & SCTLR_M_C_I_V, 0);
	CHECK_EQ(mailbox_read(MAILBOX_VBAR), 0);
	CHECK_EQ(mailbox_read(MAILBOX_SCR) & SCR_NS, 0);
}

void test_entry(void)
{
	u32 value;

	agent_load();
	CHECK(cpu1_start());
	CHECK_STEP(check_entry());
	/* It sees what CPU 0 sees */
	write32(OCM + OCM_SIZE - 4, 0x0c0c0c0c);
	CHECK(cpu1_read(OCM + OCM_SIZE - 4, &value));
	CHECK_EQ(value, 0x0c0c0c0c);
	CHECK(cpu1_write(DDR_END - 4, 0x0ddd0ddd));
	CHECK_EQ(read32(DDR_END - 4), 0x0ddd0ddd);
	CHECK(cpu1_read(A9_CPU_RST_CTRL, &value));
	CHECK_EQ(value, 0);
}

/* What counts is what is at 0 when it is released */
void test_trampoline(void)
{
	agent_load();
	CHECK(cpu1_start());
	cpu1_hold();
	for (u32 i = 0; i < (u32)(agent_image_end - agent_image); i += 4) {
		write32(AGENT_COPY + i, read32(AGENT + i));
		write32(AGENT + i, 0);
	}
	trampoline(AGENT_COPY);
	CHECK(cpu1_start());
	/* It does not look at 0 again */
	trampoline(0);
	CHECK(cpu1_is_alive());
	cpu1_hold();
	agent_load();
	CHECK(cpu1_is_still());
	CHECK(cpu1_start());
}

/* Bits in any order; nothing of the CPU's state comes through a reset */
static void check_restart(u32 order)
{
	u32 boots = mailbox_read(MAILBOX_BOOTS);

	CHECK(cpu1_command(COMMAND_SET_VBAR, 0, 0x00300000));
	switch (order % 4) {
	case 0:
		cpu1_hold();
		break;
	case 1:
		set32(A9_CPU_RST_CTRL, A9_RST(1));
		set32(A9_CPU_RST_CTRL, A9_CLKSTOP(1));
		break;
	default:
		set32(A9_CPU_RST_CTRL, A9_CLKSTOP(1));
		set32(A9_CPU_RST_CTRL, A9_RST(1));
		break;
	}
	CHECK_EQ(read32(A9_CPU_RST_CTRL), CPU1_STOP);
	switch (order / 4 % 3) {
	case 0:
		cpu1_release();
		break;
	case 1:
		clear32(A9_CPU_RST_CTRL, A9_CLKSTOP(1));
		clear32(A9_CPU_RST_CTRL, A9_RST(1));
		break;
	default:
		clear32(A9_CPU_RST_CTRL, CPU1_STOP);
		break;
	}
	CHECK_EQ(read32(A9_CPU_RST_CTRL), 0);
	CHECK(wait_for(MAILBOX + MAILBOX_BOOTS, ~0u, boots + 1));
	CHECK(cpu1_is_alive());
	CHECK_STEP(check_entry());
}

void test_restart(void)
{
	agent_load();
	CHECK(cpu1_start());
	for (u32 i = 0; i < count(1000); i++)
		CHECK_STEP(check_restart(i));
}

void test_restart_sleeping(void)
{
	agent_load();
	for (u32 i = 0; i < count(500); i++) {
		CHECK(cpu1_start());
		CHECK(cpu1_command(COMMAND_SLEEP, 0, 0));
		delay_us(random32() % 50);
	}
	CHECK(cpu1_start());
}

void test_pulse(void)
{
	agent_load();
	CHECK(cpu1_start());
	for (u32 i = 0; i < count(500); i++) {
		u32 boots = mailbox_read(MAILBOX_BOOTS);

		if (i % 2)
			CHECK(cpu1_command(COMMAND_SLEEP, 0, 0));
		set32(A9_CPU_RST_CTRL, A9_RST(1));
		clear32(A9_CPU_RST_CTRL, A9_RST(1));
		CHECK(wait_for(MAILBOX + MAILBOX_BOOTS, ~0u, boots + 1));
		CHECK(cpu1_is_alive());
	}
}

/* It goes on where it was */
void test_freeze(void)
{
	u32 boots;

	agent_load();
	CHECK(cpu1_start());
	boots = mailbox_read(MAILBOX_BOOTS);
	for (u32 i = 0; i < count(200); i++) {
		set32(A9_CPU_RST_CTRL, A9_CLKSTOP(1));
		CHECK(cpu1_is_still());
		clear32(A9_CPU_RST_CTRL, A9_CLKSTOP(1));
		CHECK(cpu1_is_alive());
		CHECK(cpu1_command(0, 0, 0));
	}
	CHECK_EQ(mailbox_read(MAILBOX_BOOTS), boots);
	/* A reset while the clock is stopped is one nevertheless */
	set32(A9_CPU_RST_CTRL, A9_CLKSTOP(1));
	set32(A9_CPU_RST_CTRL, A9_RST(1));
	clear32(A9_CPU_RST_CTRL, A9_RST(1));
	CHECK(cpu1_is_still());
	clear32(A9_CPU_RST_CTRL, A9_CLKSTOP(1));
	CHECK(wait_for(MAILBOX + MAILBOX_BOOTS, ~0u, boots + 1));
}

void test_freeze_sleeping(void)
{
	agent_load();
	CHECK(cpu1_start());
	CHECK(cpu1_irq_init());
	for (u32 i = 0; i < count(200); i++) {
		CHECK(cpu1_command(COMMAND_SLEEP, 0, 0));
		delay_us(random32() % 50);
		set32(A9_CPU_RST_CTRL, A9_CLKSTOP(1));
		if (i % 2)
			write32(GICD_SGIR, SGI_TO(2) | 14);
		CHECK(cpu1_is_still());
		CHECK_EQ(mailbox_read(MAILBOX_IRQS), i);
		clear32(A9_CPU_RST_CTRL, A9_CLKSTOP(1));
		/* Still asleep, unless there was an interrupt */
		if (i % 2 == 0) {
			CHECK(cpu1_is_still());
			write32(GICD_SGIR, SGI_TO(2) | 14);
		}
		CHECK(wait_for(MAILBOX + MAILBOX_IRQS, ~0u, i + 1));
		CHECK(cpu1_is_alive());
	}
}

void test_hold_itself(void)
{
	agent_load();
	for (u32 i = 0; i < count(100); i++) {
		CHECK(cpu1_start());
		cpu1_tell(COMMAND_WRITE, A9_CPU_RST_CTRL, CPU1_STOP);
		CHECK(wait_for(A9_CPU_RST_CTRL, ~0u, CPU1_STOP));
		delay_us(1000);
		CHECK(cpu1_is_still());
	}
	CHECK(cpu1_start());
}

void test_storm(void)
{
	agent_load();
	for (u32 i = 0; i < count(50); i++) {
		for (u32 n = 0; n < 200; n++) {
			write32(A9_CPU_RST_CTRL, random32() & CPU1_STOP);
			if (random32() % 4 == 0)
				delay_us(random32() % 100);
		}
		CHECK(cpu1_start());
	}
}

void test_stop_is_immediate(void)
{
	static const u32 bits[] = { CPU1_STOP, A9_RST(1), A9_CLKSTOP(1) };
	u32 burst = MAILBOX + MAILBOX_BURST;

	agent_load();
	for (u32 i = 0; i < count(400); i++) {
		CHECK(cpu1_start());
		CHECK(cpu1_command(COMMAND_BURST, 0, 0));
		CHECK(wait_for_change(burst, read32(burst)));
		delay_us(random32() % 40);
		set32(A9_CPU_RST_CTRL, bits[i % ARRAY_SIZE(bits)]);
		for (int n = 0; n < MAILBOX_BURST_WORDS; n++)
			write32(burst + 4 * n, ~0u - n);
		delay_us(i % 8 ? 20 : 2000);
		for (int n = 0; n < MAILBOX_BURST_WORDS; n++)
			CHECK_EQ(read32(burst + 4 * n), ~0u - n);
	}
}

/* The agent looks twice at what this CPU counts, and finds it unchanged */
void test_freeze_cpu0(void)
{
	agent_load();
	CHECK(cpu1_start());
	for (u32 i = 0; i < count(50); i++) {
		u32 progress = mailbox_read(MAILBOX_PROGRESS);

		cpu1_tell(COMMAND_FREEZE, A9_CPU_RST_CTRL, A9_CLKSTOP(0));
		while (mailbox_read(MAILBOX_DONE) != mailbox_read(MAILBOX_SEQ))
			mailbox_write(MAILBOX_PROGRESS, ++progress);
		CHECK_EQ(mailbox_read(MAILBOX_BEGIN), mailbox_read(MAILBOX_END));
		CHECK_EQ(read32(A9_CPU_RST_CTRL), 0);
	}
}

/* It starts at 0 as well, and this program anew; the stage tells how often */
void test_reset_cpu0(void)
{
	u32 stage = stage_get();

	if (stage > 0)
		CHECK_EQ(mailbox_read(MAILBOX_BEGIN), mailbox_read(MAILBOX_END));
	/* CPU 1 has not been reset: it answers before it is held and started again */
	if (stage > 0)
		CHECK(wait_for(MAILBOX + MAILBOX_DONE, ~0u, mailbox_read(MAILBOX_SEQ)));
	agent_load();
	CHECK(cpu1_start());
	if (stage == count(20))
		return;
	trampoline((u32)_start);
	reset_ordered();
	cpu1_tell(COMMAND_FREEZE, A9_CPU_RST_CTRL, A9_RST(0));
	for (u32 progress = mailbox_read(MAILBOX_PROGRESS);;)
		mailbox_write(MAILBOX_PROGRESS, ++progress);
}

static void check_after_reset(void)
{
	u32 burst;

	CHECK_EQ(read32(SLCR_LOCKSTA), 1);
	CHECK_EQ(read32(PSS_RST_CTRL), 0);
	CHECK_EQ(read32(A9_CPU_RST_CTRL), 0);
	/* What software left in it is still there */
	CHECK_EQ(read32(REBOOT_STATUS), POR | SLC_RST | 0xa5000000);
	burst = mailbox_read(MAILBOX_BURST);
	CHECK(cpu1_is_still());
	CHECK_EQ(mailbox_read(MAILBOX_BURST), burst);
	/* Parked again: see test_parked() */
	slcr_unlock();
	set32(A9_CPU_RST_CTRL, A9_CLKSTOP(1));
	clear32(A9_CPU_RST_CTRL, A9_CLKSTOP(1));
	CHECK(cpu1_is_still());
}

static void prepare_reset(u32 stage)
{
	agent_load();
	CHECK(cpu1_start());
	CHECK(cpu1_irq_init());
	switch (stage) {
	case 1:
		CHECK(cpu1_command(COMMAND_SLEEP, 0, 0));
		break;
	case 2:
		mailbox_write(MAILBOX_STAY, 1);
		write32(GICD_SGIR, SGI_TO(2) | 14);
		CHECK(wait_for(MAILBOX + MAILBOX_IRQS, ~0u, 1));
		write32(GICD_SGIR, SGI_TO(2) | 14);
		break;
	case 3:
		cpu1_hold();
		break;
	case 4:
		set32(A9_CPU_RST_CTRL, A9_CLKSTOP(1));
		break;
	case 5:
		CHECK(cpu1_command(COMMAND_BURST, 0, 0));
		break;
	}
}

/*
 * Reset the machine while CPU 1 runs, sleeps, is inside an interrupt handler, is held and has its
 * clock stopped. The program starts anew each time; the stage tells where it was.
 */
void test_machine_reset(void)
{
	u32 stage = stage_get();

	if (stage > 0)
		CHECK_STEP(check_after_reset());
	slcr_unlock();
	if (cpus > 1)
		CHECK_STEP(prepare_reset(stage));
	write32(REBOOT_STATUS, (read32(REBOOT_STATUS) & ~REBOOT_STATE) | 0xa5000000);
	if (stage < 6)
		reset_machine();
}
