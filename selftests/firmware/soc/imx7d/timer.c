// SPDX-License-Identifier: GPL-2.0-only
/*
 * The core's own SysTick as a periodic event.
 *
 * Copyright (c) 2026 linux-amp developers
 */

#include <fw/event.h>
#include <fw/io.h>
#include <fw/irq.h>
#include <fw/timer.h>
#include <soc.h>

#define SYST_CSR	0xe000e010U
#define   SYST_ENABLE	BIT(0)
#define   SYST_TICKINT	BIT(1)
#define   SYST_CORE	BIT(2)
#define SYST_RVR	0xe000e014U
#define SYST_CVR	0xe000e018U

/**
 * timer_start() - signal the event a thousand times a second
 *
 * Context: start-up, after irq_init().
 */
void timer_start(void)
{
	irq_request(SOC_SYSTICK_IRQ, event_signal);
	io_write32(SYST_RVR, SOC_CORE_HZ / 1000 - 1);
	io_write32(SYST_CVR, 0);
	io_write32(SYST_CSR, SYST_CORE | SYST_TICKINT | SYST_ENABLE);
}

/**
 * timer_stop() - let it rest
 *
 * Context: main loop.
 */
void timer_stop(void)
{
	io_write32(SYST_CSR, 0);
}
