// SPDX-License-Identifier: GPL-2.0-only
/*
 * Test of the ZynqMP models, the program on the APU: runs the cases, prints KTAP on UART 0.
 *
 * The lines are indented as those of a nested suite; run.sh prints what is around them. The last
 * case resets the machine again and again, so the progress is kept in memory that nothing loads.
 *
 * Copyright (c) 2026 linux-amp developers
 */
#include "apu.h"
#include "starts.h"

#define PROGRESS	0x0f001000ul
#define MAGIC		0x6b746170

static const struct test_case cases[] = {
	{ "reset values", 0, test_reset_values },
	{ "registers keep what they should", 0, test_storage },
	{ "TCM addresses in split mode", 0, test_tcm_split },
	{ "TCM addresses when combined", 0, test_tcm_combined },
	{ "IPI from every agent to every agent", 0, test_ipi_fabric },
	{ "IPI block reset", 0, test_ipi_reset },
	{ "IPI message buffers", 0, test_ipi_buffers },
	{ "private views of the memory", 1, test_views },
	{ "VINITHI", 1, test_vinithi },
	{ "lockstep", 1, test_lockstep },
	{ "resets of the whole RPU", 1, test_power },
	{ "halt and go on", 1, test_halt },
	{ "restart", 1, test_restart },
	{ "restart while waiting for an interrupt", 1, test_restart_sleeping },
	{ "start and stop storm", 1, test_storm },
	{ "start and stop storm, both cores at once", 2, test_storm_parallel },
	{ "no store after a stop", 1, test_stop_is_immediate },
	{ "IPI to the RPU", 1, test_ipi_to_rpu },
	{ "IPI to the APU", 0, test_ipi_to_apu },
	{ "shared interrupts reach both controllers", 1, test_spi_both },
	{ "reset inside an interrupt handler", 1, test_gic_active },
	{ "reset with interrupts pending", 1, test_gic_pending },
	{ "reset does not touch the other core", 2, test_gic_other_core },
	{ "machine reset", 0, test_machine_reset },
};

static struct {
	u32 magic;
	u32 next;
	u32 failed;
	struct starts starts;
	u64 stage;
} volatile *const progress = (void *)PROGRESS;

bool case_failed;

/* How often the machine has been reset by the case that runs */
u64 stage_get(void)
{
	return progress->stage++;
}

/* Called right before a reset upon which this program starts anew */
void reset_ordered(void)
{
	progress->starts.ordered++;
}

/* Position of a case in the plan: those that need more R5s than this machine has are not in it */
static u32 position(u32 number)
{
	u32 count = 0;

	for (u32 i = 0; i < number; i++)
		count += cases[i].cores <= cores;
	return count;
}

static void run(u32 number)
{
	const struct test_case *test = &cases[number];

	if (test->cores > cores)
		return;
	case_failed = false;
	test->run();
	check_starts(&progress->starts);
	print("    %s %u %s\n", case_failed ? "not ok" : "ok", position(number) + 1, test->name);
	progress->failed += case_failed;
}

int main(void)
{
	cores = read32(PARAM_CORES);
	scale = read32(PARAM_SCALE);
	/* Transmitter on; after a reset of the machine it is off again */
	write32(0xff000000ul, BIT(4));
	cpu_init();
	if (progress->magic != MAGIC) {
		progress->magic = MAGIC;
		print("    KTAP version 1\n    1..%u\n", position(ARRAY_SIZE(cases)));
	}
	progress->starts.seen++;
	for (; progress->next < ARRAY_SIZE(cases); progress->next++, progress->stage = 0)
		run(progress->next);
	quit(progress->failed != 0);
}
