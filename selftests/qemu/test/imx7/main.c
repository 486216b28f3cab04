// SPDX-License-Identifier: GPL-2.0-only
/*
 * Test of the i.MX 7Dual models, the program on the A7s: runs the cases, prints KTAP on UART 1.
 *
 * The lines are indented as those of a nested suite; run.sh prints what is around them. The last
 * case resets the machine again and again, so the progress is kept in memory that nothing loads.
 *
 * Copyright (c) 2026 linux-amp developers
 */
#include "a7.h"
#include "../starts.h"

#define PROGRESS	0x8f001000
#define MAGIC		0x6b746170

static const struct test_case cases[] = {
	{ "reset values", 0, 1, test_reset_values },
	{ "memories", 0, 1, test_memories },
	{ "MU words", 0, 1, test_mu_words },
	{ "MU doorbells", 0, 1, test_mu_doorbells },
	{ "MU flags", 0, 1, test_mu_flags },
	{ "MU interrupts", 0, 1, test_mu_interrupts },
	{ "MU of the 7ULP", 0, 1, test_mu_ulp },
	{ "MU reset", 0, 1, test_mu_reset },
	{ "the M4's view of the memory", 1, 1, test_views },
	{ "boot vector", 1, 1, test_boot_vector },
	{ "the core", 1, 1, test_core },
	{ "MU to the M4", 1, 1, test_mu_to_m4 },
	{ "MU to the A7", 1, 1, test_mu_to_a7 },
	{ "interrupts reach both controllers", 1, 1, test_irq_shared },
	{ "an interrupt that is high stays so in a reset", 1, 1, test_irq_survives_reset },
	{ "SysTick", 1, 1, test_systick },
	{ "restart", 1, 1, test_restart },
	{ "restart while waiting for an interrupt", 1, 1, test_restart_sleeping },
	{ "restart inside an interrupt handler", 1, 1, test_restart_in_handler },
	{ "restart by the self-clearing bits", 1, 1, test_pulse },
	{ "restart by the M4's own request", 1, 1, test_sysresetreq },
	{ "the M4 holds itself", 1, 1, test_hold_itself },
	{ "hold and release storm", 1, 1, test_storm },
	{ "hold and release storm, both A7s at once", 1, 2, test_storm_parallel },
	{ "no store after a hold", 1, 1, test_stop_is_immediate },
	{ "lockup", 1, 1, test_lockup },
	{ "machine reset", 0, 1, test_machine_reset },
};

static struct {
	u32 magic;
	u32 next;
	u32 failed;
	struct starts starts;
	u32 stage;
} volatile *const progress = (void *)PROGRESS;

bool case_failed;

/* How often the machine has been reset by the case that runs */
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
	if (test->m4s > m4s || test->a7s > a7s) {
		print("    ok %u %s # SKIP needs %u M4 and %u A7\n", number + 1, test->name,
		      test->m4s, test->a7s);
		return;
	}
	test->run();
	check_starts(&progress->starts);
	print("    %s %u %s\n", case_failed ? "not ok" : "ok", number + 1, test->name);
	progress->failed += case_failed;
}

int main(void)
{
	m4s = read32(PARAM_M4);
	a7s = read32(PARAM_A7S);
	scale = read32(PARAM_SCALE);
	/* After a reset of the machine it is off again */
	uart_init();
	cpu_init();
	if (progress->magic != MAGIC) {
		progress->magic = MAGIC;
		print("    KTAP version 1\n    1..%u\n", (u32)ARRAY_SIZE(cases));
	}
	progress->starts.seen++;
	for (; progress->next < ARRAY_SIZE(cases); progress->next++, progress->stage = 0)
		run(progress->next);
	quit(progress->failed != 0);
}
