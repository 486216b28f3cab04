// SPDX-License-Identifier: GPL-2.0-only
/*
 * Test of the Zynq-7000 models, the program on CPU 0: runs the cases, prints KTAP on UART 0.
 *
 * The lines are indented as those of a nested suite; run.sh prints what is around them. Some cases
 * reset this CPU or the machine, so the progress is kept in memory that nothing loads.
 *
 * Copyright (c) 2026 linux-amp developers
 */
#include "a9.h"
#include "../starts.h"

#define PROGRESS	0x0f001000
#define MAGIC		0x6b746170

static const struct test_case cases[] = {
	{ "reset values", 1, test_reset_values },
	{ "lock", 1, test_lock },
	{ "memories", 1, test_memories },
	{ "a CPU that is not there", 1, test_lone_cpu },
	{ "CPU 1 waits in the boot ROM", 2, test_parked },
	{ "how CPU 1 starts", 2, test_entry },
	{ "trampoline", 2, test_trampoline },
	{ "restart", 2, test_restart },
	{ "restart while waiting for an interrupt", 2, test_restart_sleeping },
	{ "restart inside an interrupt handler", 2, test_restart_in_handler },
	{ "restart by the reset bit alone", 2, test_pulse },
	{ "stopped clock", 2, test_freeze },
	{ "stopped clock while waiting for an interrupt", 2, test_freeze_sleeping },
	{ "CPU 1 holds itself", 2, test_hold_itself },
	{ "hold and release storm", 2, test_storm },
	{ "no store after a hold", 2, test_stop_is_immediate },
	{ "SGIs to CPU 1", 2, test_sgi_to_cpu1 },
	{ "SGIs to CPU 0", 2, test_sgi_to_cpu0 },
	{ "SGI target filters", 2, test_sgi_filters },
	{ "SGI ping-pong", 2, test_sgi_ping_pong },
	{ "an SGI waits for CPU 1 to be released", 2, test_sgi_kept },
	{ "the interrupt controller is not reset with the CPU", 2, test_gic_survives },
	{ "private timer", 2, test_private_timer },
	{ "a flush of translations reaches CPU 1, asleep or not", 2, test_flush },
	{ "CPU 1 stops the clock of CPU 0", 2, test_freeze_cpu0 },
	{ "CPU 1 resets CPU 0", 2, test_reset_cpu0 },
	{ "machine reset", 1, test_machine_reset },
};

static struct {
	u32 magic;
	u32 next;
	u32 failed;
	struct starts starts;
	u32 stage;
} volatile *const progress = (void *)PROGRESS;

bool case_failed;

/* How often this CPU or the machine has been reset by the case that runs */
u32 stage_get(void)
{
	return progress->stage++;
}

/* Called right before a reset upon which this program starts anew */
void reset_ordered(void)
{
	progress->starts.ordered++;
}

static void run(u32 number)
{
	const struct test_case *test = &cases[number];

	case_failed = false;
	if (test->cpus > cpus) {
		print("    ok %u %s # SKIP needs %u CPUs\n", number + 1, test->name, test->cpus);
		return;
	}
	test->run();
	check_starts(&progress->starts);
	print("    %s %u %s\n", case_failed ? "not ok" : "ok", number + 1, test->name);
	progress->failed += case_failed;
}

int main(void)
{
	cpus = read32(PARAM_CPUS);
	scale = read32(PARAM_SCALE);
	/* After a reset of the machine they are as at power-up */
	uart_init();
	cpu_init();
	if (read32(PARAM_END))
		reset_machine();
	if (progress->magic != MAGIC) {
		progress->magic = MAGIC;
		print("    KTAP version 1\n    1..%u\n", (u32)ARRAY_SIZE(cases));
	}
	progress->starts.seen++;
	for (; progress->next < ARRAY_SIZE(cases); progress->next++, progress->stage = 0)
		run(progress->next);
	quit(progress->failed != 0);
}
