// SPDX-License-Identifier: GPL-2.0-only
/*
 * Software generated interrupts as the doorbell, one number for each direction.
 *
 * An SGI is pending or not, so rings that come close together merge, and ringing
 * never waits. It says nothing about the ring: both sides look at all of them.
 *
 * Copyright (c) 2026 linux-amp developers
 */

#include <cpu.h>
#include <fw/doorbell.h>
#include <fw/event.h>
#include <fw/io.h>
#include <fw/irq.h>
#include <soc.h>

/* Target list and number; both programs are Secure, so NSATT is 0 */
#define GICD_SGIR	(SOC_GICD + 0xf00)
#define SGIR_TARGET(n)	(BIT(n) << 16)

/**
 * doorbell_init() - listen to the peer
 *
 * A kick from before may still come: the main loop then looks once in vain.
 *
 * Context: start-up, after irq_init().
 */
void doorbell_init(void)
{
	irq_request(SOC_SGI_FROM_LINUX, event_signal);
}

/**
 * doorbell_ring() - tell the peer to look at the rings
 * @notifyid:	the ring that was used; an SGI cannot tell
 *
 * Context: main loop.
 */
void doorbell_ring(u32 notifyid)
{
	(void)notifyid;
	/* The rings must be complete before the interrupt is raised */
	cpu_dsb();
	io_write32(GICD_SGIR, SGIR_TARGET(SOC_LINUX_CPU) | SOC_SGI_TO_LINUX);
}

/* All that Linux does not use itself */
#define SGI_FIRST	8
#define SGI_END		16
#define SPELL		2000

/**
 * doorbell_ring_all() - send Linux every interrupt that a program could
 *
 * And then none for a while. An emulated interrupt controller has one CPU at a
 * time, and one that asks without end keeps the other from being interrupted.
 *
 * Context: any.
 */
void doorbell_ring_all(void)
{
	for (u32 sgi = SGI_FIRST; sgi < SGI_END; sgi++)
		io_write32(GICD_SGIR, SGIR_TARGET(SOC_LINUX_CPU) | sgi);
	for (u32 i = 0; i < SPELL; i++)
		asm volatile("nop");
}
