// SPDX-License-Identifier: GPL-2.0-only
/*
 * One binary event from interrupt handlers to the main loop, which sleeps in wfi
 * until it comes.
 *
 * Copyright (c) 2026 linux-amp developers
 */

#include <cpu.h>
#include <fw/compiler.h>
#include <fw/event.h>
#include <fw/types.h>

static bool signalled;

/**
 * event_signal() - wake the main loop
 *
 * Context: interrupt handler, after the interrupt's cause has been cleared. A
 * cause that comes back between clearing and the main loop's look at memory
 * raises the interrupt again; cleared after the look, it would be lost.
 */
void event_signal(void)
{
	WRITE_ONCE(signalled, true);
}

/**
 * event_wait() - sleep until the event, and take it
 *
 * The flag is tested with interrupts masked, or an interrupt between test and
 * wfi would go unnoticed. A masked interrupt still ends wfi ("Wait For Interrupt"
 * in the ARMv7-A/R and ARMv7-M manuals); it is taken in the window that follows.
 *
 * Context: main loop.
 */
void event_wait(void)
{
	cpu_irq_disable();
	while (!READ_ONCE(signalled)) {
		cpu_wfi();
		cpu_irq_enable();
		cpu_irq_disable();
	}
	WRITE_ONCE(signalled, false);
	cpu_irq_enable();
}
