// SPDX-License-Identifier: GPL-2.0-only
/*
 * The core's own private timer as a periodic event (Cortex-A9 MPCore TRM, ARM DDI
 * 0407, 4.1). It is not reset with the core.
 *
 * Copyright (c) 2026 linux-amp developers
 */

#include <cpu.h>
#include <fw/event.h>
#include <fw/io.h>
#include <fw/irq.h>
#include <fw/timer.h>
#include <soc.h>

#define TIMER_LOAD	(SOC_PRIVATE_TIMER + 0x0)
#define TIMER_CTRL	(SOC_PRIVATE_TIMER + 0x8)
#define   TIMER_ENABLE	BIT(0)
#define   TIMER_RELOAD	BIT(1)
#define   TIMER_IRQ	BIT(2)
#define TIMER_ISR	(SOC_PRIVATE_TIMER + 0xc)
#define   TIMER_EVENT	BIT(0)

static void timer_handler(void)
{
	io_write32(TIMER_ISR, TIMER_EVENT);
	cpu_dsb();
	event_signal();
}

/**
 * timer_start() - signal the event about a thousand times a second
 *
 * Context: start-up, after irq_init().
 */
void timer_start(void)
{
	/* Linux or a program before this one may have left it running */
	io_write32(TIMER_CTRL, 0);
	io_write32(TIMER_ISR, TIMER_EVENT);
	irq_request(SOC_PRIVATE_TIMER_IRQ, timer_handler);
	io_write32(TIMER_LOAD, SOC_PERIPH_HZ / 1000 - 1);
	io_write32(TIMER_CTRL, TIMER_ENABLE | TIMER_RELOAD | TIMER_IRQ);
}

/**
 * timer_stop() - let it rest
 *
 * Context: main loop.
 */
void timer_stop(void)
{
	io_write32(TIMER_CTRL, 0);
	cpu_dsb();
}
