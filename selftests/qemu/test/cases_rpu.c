// SPDX-License-Identifier: GPL-2.0-only
/*
 * Cases: registers, memories, start and stop of the R5s.
 *
 * Copyright (c) 2026 linux-amp developers
 */
#include "apu.h"

#define PATTERN(n)	(0x5eed0000u + (n))

/* This must be the first case: nothing has been written yet */
void test_reset_values(void)
{
	CHECK_EQ(read32(RPU_GLBL_CNTL), SLCLAMP | TCM_COMB);
	CHECK_EQ(read32(RST_LPD_TOP), RST_LPD_TOP_AT_RESET);
	CHECK_EQ(read32(RESET_REASON), REASON_POR);
	for (int core = 0; core < 2; core++) {
		CHECK_EQ(read32(RPU_CFG(core)), NCPUHALT | VINITHI);
		CHECK_EQ(read32(RPU_STATUS(core)), 0x3f);
		CHECK_EQ(read32(RPU_IMR(core)), 0x01ffffff);
	}
	for (int i = 0; i < IPI_AGENTS; i++) {
		CHECK_EQ(read32(ipi_agents[i].base + IPI_IMR), IPI_ALL);
		CHECK_EQ(read32(ipi_agents[i].base + IPI_ISR), 0);
		CHECK_EQ(read32(ipi_agents[i].base + IPI_OBS), 0);
	}
	for (u32 core = 0; core < cores; core++)
		CHECK_EQ(mailbox_read(core, MAILBOX_BOOTS), 0);
}

/* Registers without function keep what is written, the others guard their bits */
void test_storage(void)
{
	static const u64 storage[] = {
		0xff5e0074, 0xff5e0090, 0xff5e0230, 0xff5e0238, 0xff9a00f0, 0xff9a0108,
	};
	u32 before;

	for (unsigned int i = 0; i < ARRAY_SIZE(storage); i++) {
		before = read32(storage[i]);
		write32(storage[i], ~before);
		CHECK_EQ(read32(storage[i]), (u32)~before);
		write32(storage[i], before);
	}
	for (int core = 0; core < 2; core++) {
		write32(RPU_IMR(core), 0);
		CHECK_EQ(read32(RPU_IMR(core)), 0x01ffffff);
		write32(RPU_IEN(core), 0x5);
		CHECK_EQ(read32(RPU_IMR(core)), 0x01fffffa);
		write32(RPU_IDS(core), ~0u);
		CHECK_EQ(read32(RPU_IMR(core)), 0x01ffffff);
	}
}

static void fill(u64 address, u32 number)
{
	write32(address, PATTERN(number));
	write32(address + TCM_SIZE - 4, ~PATTERN(number));
}

static bool filled(u64 address, u32 number)
{
	return read32(address) == PATTERN(number) &&
	       read32(address + TCM_SIZE - 4) == ~PATTERN(number);
}

void test_tcm_split(void)
{
	static const u64 bank[] = { ATCM0, BTCM0, ATCM1, BTCM1 };

	rpu_power_on(SLSPLIT);
	for (int i = 0; i < 4; i++)
		fill(bank[i], i);
	for (int i = 0; i < 4; i++)
		CHECK(filled(bank[i], i));
	CHECK(!is_memory(ATCM1_COMBINED));
	CHECK(!is_memory(BTCM1_COMBINED));
}

void test_tcm_combined(void)
{
	rpu_power_on(SLSPLIT);
	fill(ATCM0, 10);
	fill(BTCM0, 11);
	fill(ATCM1, 12);
	fill(BTCM1, 13);

	/* The same memory at the addresses that make two pieces of 128 KiB */
	rpu_power_on(SLCLAMP | TCM_COMB);
	CHECK(filled(ATCM0, 10));
	CHECK(filled(ATCM1_COMBINED, 12));
	CHECK(filled(BTCM0, 11));
	CHECK(filled(BTCM1_COMBINED, 13));
	CHECK(!is_memory(ATCM1));
	CHECK(!is_memory(BTCM1));

	fill(ATCM1_COMBINED, 22);
	rpu_power_on(SLSPLIT);
	CHECK(filled(ATCM1, 22));
	CHECK(filled(BTCM1, 13));
}

static void check_view(u32 core)
{
	static const u64 atcm[] = { ATCM0, ATCM1 }, btcm[] = { BTCM0, BTCM1 };
	u32 value, other = !core;

	/* Its own memories, at both addresses, and those of the other core */
	write32(atcm[core] + 0x8000, PATTERN(30 + core));
	CHECK(r5_read(core, 0x8000, &value));
	CHECK_EQ(value, PATTERN(30 + core));
	CHECK(r5_write(core, 0x2fffc, PATTERN(40 + core)));
	CHECK_EQ(read32(btcm[core] + 0xfffc), PATTERN(40 + core));
	CHECK(r5_read(core, btcm[core] + 0xfffc, &value));
	CHECK_EQ(value, PATTERN(40 + core));
	write32(btcm[other] + 0x100, PATTERN(50 + core));
	CHECK(r5_read(core, btcm[other] + 0x100, &value));
	CHECK_EQ(value, PATTERN(50 + core));

	/* DDR, on-chip memory and registers are where everybody sees them */
	CHECK(r5_read(core, PARAM_CORES, &value));
	CHECK_EQ(value, cores);
	CHECK(r5_write(core, 0xfffd0000, PATTERN(60 + core)));
	CHECK_EQ(read32(0xfffd0000), PATTERN(60 + core));
	CHECK(r5_read(core, RPU_GLBL_CNTL, &value));
	CHECK_EQ(value, SLSPLIT);

	/* Interrupt controllers: only its own, only there */
	CHECK(r5_read(core, RPU_GICD + GICD_TYPER, &value));
	CHECK_EQ(value & 0xff, (cores - 1) << 5 | ((160 + 32) / 32 - 1));
	CHECK(r5_read(core, GICD + GICD_TYPER, &value));
	CHECK_EQ(value, 0);
	CHECK(r5_read(core, RPU_GICD + 0x2000, &value));
	CHECK_EQ(value, 0);

	CHECK_EQ(mailbox_read(core, MAILBOX_MPIDR) & 0xff, core);
}

void test_views(void)
{
	rpu_power_on(SLSPLIT);
	for (u32 core = 0; core < cores; core++) {
		copy_r5_image(atcm_of(core));
		CHECK(r5_start(core));
	}
	for (u32 core = 0; core < cores; core++)
		CHECK_STEP(check_view(core));
	CHECK_EQ(read32(RPU_GICD + GICD_TYPER), 0);
}

/* VINITHI is sampled in reset: a change while the core runs or is halted comes too late */
static void check_vinithi(u32 core)
{
	u32 boots;

	rpu_power_on(SLSPLIT);
	copy_r5_image(HIVECS);
	copy_r5_image(atcm_of(core));

	/* The first instruction is at the high vectors: what is at 0 does not matter */
	write32(atcm_of(core), 0xeafffffe);
	write32(RPU_CFG(core), VINITHI);
	CHECK(r5_start(core));
	CHECK(mailbox_read(core, MAILBOX_SCTLR) & BIT(13));

	r5_hold(core);
	write32(RPU_CFG(core), 0);
	copy_r5_image(atcm_of(core));
	write32(HIVECS, 0xeafffffe);
	CHECK(r5_start(core));
	CHECK(!(mailbox_read(core, MAILBOX_SCTLR) & BIT(13)));

	r5_hold(core);
	write32(RPU_CFG(core), 0);
	boots = mailbox_read(core, MAILBOX_BOOTS);
	clear32(RST_LPD_TOP, RST_R5(core));
	write32(RPU_CFG(core), VINITHI);
	delay_us(1000);
	CHECK_EQ(mailbox_read(core, MAILBOX_BOOTS), boots);
	write32(RPU_CFG(core), VINITHI | NCPUHALT);
	CHECK(wait_for(MAILBOX_BASE + core * MAILBOX_SIZE + MAILBOX_BOOTS, ~0u, boots + 1));
	CHECK(!(mailbox_read(core, MAILBOX_SCTLR) & BIT(13)));
}

void test_vinithi(void)
{
	for (u32 core = 0; core < cores; core++) {
		CHECK_STEP(check_vinithi(core));
		r5_hold(core);
	}
}

void test_lockstep(void)
{
	u32 boots1, value;

	rpu_power_on(SLCLAMP | TCM_COMB);
	boots1 = mailbox_read(1, MAILBOX_BOOTS);
	copy_r5_image(ATCM0);
	copy_r5_image(ATCM1_COMBINED);
	fill(BTCM0, 70);
	fill(BTCM1_COMBINED, 71);
	/* Releasing core 1 changes nothing, before or after core 0 */
	write32(RPU_CFG(1), NCPUHALT);
	clear32(RST_LPD_TOP, RST_R5(1));
	CHECK(r5_start(0));
	write32(RPU_CFG(1), 0);
	write32(RPU_CFG(1), NCPUHALT);

	/* Core 0 has 128 KiB of each */
	CHECK(r5_read(0, 0x10000, &value));
	CHECK_EQ(value, read32(ATCM0));
	CHECK(r5_read(0, 0x20000, &value));
	CHECK_EQ(value, PATTERN(70));
	CHECK(r5_read(0, 0x30000, &value));
	CHECK_EQ(value, PATTERN(71));
	CHECK(r5_write(0, 0x3fffc, PATTERN(72)));
	CHECK_EQ(read32(BTCM1_COMBINED + 0xfffc), PATTERN(72));

	CHECK(r5_is_alive(0));
	CHECK_EQ(mailbox_read(1, MAILBOX_BOOTS), boots1);

	/* Back in split mode core 1 finds its memory as it was left */
	rpu_power_on(SLSPLIT);
	CHECK_EQ(read32(BTCM1 + 0xfffc), PATTERN(72));
	if (cores > 1) {
		CHECK(r5_start(1));
		CHECK_EQ(mailbox_read(1, MAILBOX_BOOTS), boots1 + 1);
		CHECK(r5_read(1, 0x2fffc, &value));
		CHECK_EQ(value, PATTERN(72));
	}
}

static bool stands_still(u32 core)
{
	u32 heartbeat = mailbox_read(core, MAILBOX_HEARTBEAT);

	delay_us(300);
	return mailbox_read(core, MAILBOX_HEARTBEAT) == heartbeat;
}

/* The resets of the block hold both cores */
void test_power(void)
{
	static const u32 block[] = { RST_AMBA, RST_PGE, RST_AMBA | RST_PGE };

	rpu_power_on(SLSPLIT);
	for (u32 core = 0; core < cores; core++)
		copy_r5_image(atcm_of(core));
	for (unsigned int i = 0; i < ARRAY_SIZE(block); i++) {
		for (u32 core = 0; core < cores; core++)
			CHECK(r5_start(core));
		set32(RST_LPD_TOP, block[i]);
		for (u32 core = 0; core < cores; core++)
			CHECK(stands_still(core));
		clear32(RST_LPD_TOP, block[i]);
		for (u32 core = 0; core < cores; core++)
			CHECK(r5_is_alive(core));
	}
}

/* Halted without a reset, a core goes on where it was */
static void check_halt(u32 core)
{
	u32 boots = mailbox_read(core, MAILBOX_BOOTS);

	for (u32 i = 0; i < count(200); i++) {
		clear32(RPU_CFG(core), NCPUHALT);
		if (i % 16 == 0)
			CHECK(stands_still(core));
		set32(RPU_CFG(core), NCPUHALT);
		CHECK(r5_is_alive(core));
	}
	CHECK_EQ(mailbox_read(core, MAILBOX_BOOTS), boots);
}

void test_halt(void)
{
	rpu_power_on(SLSPLIT);
	for (u32 core = 0; core < cores; core++) {
		copy_r5_image(atcm_of(core));
		CHECK(r5_start(core));
		CHECK_STEP(check_halt(core));
		r5_hold(core);
	}
}

/* Each start is one boot of the agent, whatever it was doing and however short the stop was */
static void check_restart(u32 core, u32 times)
{
	u32 boots;

	for (u32 i = 0; i < times; i++) {
		boots = mailbox_read(core, MAILBOX_BOOTS);
		CHECK(r5_start(core));
		CHECK_EQ(mailbox_read(core, MAILBOX_BOOTS), boots + 1);
		delay_us(random32() % 100);
	}
}

void test_restart(void)
{
	rpu_power_on(SLSPLIT);
	for (u32 core = 0; core < cores; core++) {
		copy_r5_image(atcm_of(core));
		CHECK_STEP(check_restart(core, count(500)));
		r5_hold(core);
	}
}

/* A core that waits for an interrupt stops and starts like any other */
static void check_restart_sleeping(u32 core)
{
	for (u32 i = 0; i < count(200); i++) {
		CHECK(r5_start(core));
		CHECK(r5_command(core, COMMAND_SLEEP, 0, 0));
		if (i % 8 == 0) {
			CHECK(wait_for(RPU_STATUS(core), NWFIPIPESTOPPED, 0));
			CHECK(stands_still(core));
		}
	}
	CHECK(r5_start(core));
	CHECK_EQ(read32(RPU_STATUS(core)), 0x3f);
}

void test_restart_sleeping(void)
{
	rpu_power_on(SLSPLIT);
	for (u32 core = 0; core < cores; core++) {
		copy_r5_image(atcm_of(core));
		CHECK_STEP(check_restart_sleeping(core));
		r5_hold(core);
	}
}

/* Some writes to all that starts and stops a core, in any order, with any pauses */
static void shake(u32 core)
{
	u32 steps = random32() % 12;

	while (steps--) {
		switch (random32() % 6) {
		case 0:
			clear32(RPU_CFG(core), NCPUHALT);
			break;
		case 1:
			set32(RPU_CFG(core), NCPUHALT);
			break;
		case 2:
			r5_hold(core);
			break;
		case 3:
			rpu_lock();
			clear32(RST_LPD_TOP, RST_R5(core));
			rpu_unlock();
			break;
		case 4:
			rpu_lock();
			set32(RST_LPD_TOP, RST_R5(core));
			clear32(RST_LPD_TOP, RST_R5(core));
			rpu_unlock();
			break;
		case 5:
			delay_us(random32() % 30);
			break;
		}
	}
}

static volatile u32 storm_bad[2];

/* Whatever came before, the last thing asked for is what happens */
static void storm(u32 core)
{
	u64 boots = MAILBOX_BASE + core * MAILBOX_SIZE + MAILBOX_BOOTS;
	u32 before;

	storm_bad[core] = 0;
	for (u32 i = 0; i < count(500); i++) {
		shake(core);
		r5_hold(core);
		before = read32(boots);
		set32(RPU_CFG(core), NCPUHALT);
		rpu_lock();
		clear32(RST_LPD_TOP, RST_R5(core));
		rpu_unlock();
		if (!wait_for(boots, ~0u, before + 1) || !r5_is_alive(core)) {
			storm_bad[core] = i + 1;
			return;
		}
		/* And once more, but ending in reset */
		shake(core);
		r5_hold(core);
		if (i % 16 == 0 && !stands_still(core)) {
			storm_bad[core] = i + 1;
			return;
		}
	}
}

void test_storm(void)
{
	rpu_power_on(SLSPLIT);
	for (u32 core = 0; core < cores; core++) {
		copy_r5_image(atcm_of(core));
		CHECK(r5_start(core));
		storm(core);
		CHECK_EQ(storm_bad[core], 0);
	}
}

/* Two CPUs at once, each with its core, in registers they share */
void test_storm_parallel(void)
{
	rpu_power_on(SLSPLIT);
	for (u32 core = 0; core < 2; core++)
		copy_r5_image(atcm_of(core));
	cpu_start(1, storm, 1);
	storm(0);
	CHECK(cpu_wait(1));
	CHECK_EQ(storm_bad[0], 0);
	CHECK_EQ(storm_bad[1], 0);
}

/*
 * Nothing of the core's comes after the write that stops it. The core does hardly anything but
 * store into these words.
 */
static void check_stop_is_immediate(u32 core, bool reset)
{
	u64 burst = MAILBOX_BASE + core * MAILBOX_SIZE + MAILBOX_BURST;

	for (u32 i = 0; i < count(400); i++) {
		if (reset || i == 0) {
			CHECK(r5_start(core));
			CHECK(r5_command(core, COMMAND_BURST, 0, 0));
		} else {
			set32(RPU_CFG(core), NCPUHALT);
		}
		CHECK(wait_for_change(burst, read32(burst)));
		delay_us(random32() % 40);
		if (reset)
			r5_hold(core);
		else
			clear32(RPU_CFG(core), NCPUHALT);
		for (int n = 0; n < MAILBOX_BURST_WORDS; n++)
			write32(burst + 4 * n, ~0u - n);
		delay_us(i % 8 ? 20 : 2000);
		for (int n = 0; n < MAILBOX_BURST_WORDS; n++)
			CHECK_EQ(read32(burst + 4 * n), ~0u - n);
	}
}

void test_stop_is_immediate(void)
{
	rpu_power_on(SLSPLIT);
	for (u32 core = 0; core < cores; core++) {
		copy_r5_image(atcm_of(core));
		CHECK_STEP(check_stop_is_immediate(core, true));
		CHECK_STEP(check_stop_is_immediate(core, false));
		r5_hold(core);
	}
}
