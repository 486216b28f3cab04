// SPDX-License-Identifier: GPL-2.0-only
/*
 * ZynqMP inter-processor interrupts as the doorbell (UG1085, chapter 13).
 *
 * One pending bit per pair of agents. The trigger sets it at the receiver and is
 * idempotent, so ringing never waits. The word in the message buffer names the
 * ring for a receiver that wants to know; a second ring before the receiver has
 * looked overwrites it, so a receiver has to look at all rings regardless, and
 * this side does.
 *
 * Copyright (c) 2026 linux-amp developers
 */

#include <cpu.h>
#include <fw/doorbell.h>
#include <fw/event.h>
#include <fw/io.h>
#include <fw/irq.h>
#include <soc.h>

#define IPI_TRIG	(SOC_IPI + 0x00)
#define IPI_ISR		(SOC_IPI + 0x10)
#define IPI_IER		(SOC_IPI + 0x18)
#define IPI_IDR		(SOC_IPI + 0x1c)

#define IPI_ALL		0x0f0f0301U

static void ipi_handler(void)
{
	/*
	 * Clear first, then look at the rings: a kick that arrives after the
	 * clear sets the bit again. The barrier completes the clear before the
	 * main loop's loads.
	 */
	io_write32(IPI_ISR, SOC_IPI_PEER);
	cpu_dsb();
	event_signal();
}

/**
 * doorbell_init() - listen to the peer
 *
 * A kick from before is dropped: the main loop looks at the rings anyhow before
 * it sleeps for the first time.
 *
 * Context: start-up, after irq_init().
 */
void doorbell_init(void)
{
	/* The agent is not reset with the core: other senders may be enabled */
	io_write32(IPI_IDR, IPI_ALL);
	io_write32(IPI_ISR, SOC_IPI_PEER);
	irq_request(SOC_IPI_IRQ, ipi_handler);
	io_write32(IPI_IER, SOC_IPI_PEER);
	cpu_dsb();
}

/**
 * doorbell_ring() - tell the peer to look at the rings
 * @notifyid:	the ring that was used, in the peer's numbering
 *
 * Context: main loop.
 */
void doorbell_ring(u32 notifyid)
{
	io_write32(SOC_IPI_MSG, notifyid);
	/* Rings and message word must be complete before the interrupt is raised */
	cpu_dsb();
	io_write32(IPI_TRIG, SOC_IPI_PEER);
}
