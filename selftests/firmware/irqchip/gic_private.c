// SPDX-License-Identifier: GPL-2.0-only
/*
 * Arm Generic Interrupt Controller, architecture version 1, for a core that owns
 * nothing of it but what each core has for itself: the CPU interface and the
 * banked distributor registers of the first 32 interrupts, software generated
 * (SGI) and private peripheral ones (PPI). Another program owns the distributor.
 *
 * None of that is reset with the core. Linux may have had it before and will have
 * it again, and the program before this one may have been stopped at any
 * instruction: an interrupt that it had acknowledged is still active, and no
 * other of its priority comes through until this core, and no other, ends it.
 *
 * Copyright (c) 2026 linux-amp developers
 */

#include <cpu.h>
#include <fw/compiler.h>
#include <fw/io.h>
#include <fw/irq.h>
#include <soc.h>

/* For the first 32 interrupts one register, or four per register for priorities */
#define GICD_ISENABLER0		(SOC_GICD + 0x100)
#define GICD_ICENABLER0		(SOC_GICD + 0x180)
#define GICD_ISACTIVER0		(SOC_GICD + 0x300)
#define GICD_IPRIORITYR(irq)	(SOC_GICD + 0x400 + (irq))

#define GICC_CTLR		(SOC_GICC + 0x00)
#define GICC_PMR		(SOC_GICC + 0x04)
#define GICC_IAR		(SOC_GICC + 0x0c)
#define GICC_EOIR		(SOC_GICC + 0x10)

#define GIC_ENABLE		BIT(0)
#define GIC_PRIVATE_IRQS	32
#define GIC_ALL_PPIS		0xffff0000U
#define GICC_IAR_ID		0x3ff
#define GIC_PRIORITY		0xa0
#define GIC_PRIORITY_ALL	0xff

static irq_handler_fn *handlers[GIC_PRIVATE_IRQS];

/*
 * An SGI is ended together with its sender. That was Linux' CPU 0, number 0: the
 * only one that rings while another program runs here.
 */
static inline void gic_end_active(void)
{
	u32 active = io_read32(GICD_ISACTIVER0), irq;

	for (irq = 0; irq < GIC_PRIVATE_IRQS; irq++)
		if (active & BIT(irq))
			io_write32(GICC_EOIR, irq);
}

/**
 * irq_init() - take this core's part of the interrupt controller over
 *
 * SGIs that are pending stay so, and come when their handler is there or not:
 * they cannot be disabled.
 *
 * Context: start-up, interrupts masked.
 */
void irq_init(void)
{
	io_write32(GICC_CTLR, 0);
	io_write32(GICD_ICENABLER0, GIC_ALL_PPIS);
#ifndef FW_TRUSTS_RESET
	gic_end_active();
#endif
	io_write32(GICC_PMR, GIC_PRIORITY_ALL);
	io_write32(GICC_CTLR, GIC_ENABLE);
}

/**
 * irq_request() - have an interrupt of this core handled
 * @irq:	interrupt id, below 32; others are ignored
 * @handler:	what to call
 *
 * Context: start-up.
 */
void irq_request(u32 irq, irq_handler_fn *handler)
{
	if (irq >= GIC_PRIVATE_IRQS)
		return;
	handlers[irq] = handler;
	io_write8(GICD_IPRIORITYR(irq), GIC_PRIORITY);
	io_write32(GICD_ISENABLER0, BIT(irq));
}

/**
 * irq_dispatch() - handle the interrupt that is pending
 *
 * It is ended at once, before it is handled: all of these are edges, interrupts
 * stay masked until the handler is done, and the time during which a stop of
 * this core leaves it active is as short as can be.
 *
 * Context: interrupt entry of the core, interrupts masked.
 */
void irq_dispatch(void)
{
	u32 ack = io_read32(GICC_IAR);
	u32 irq = ack & GICC_IAR_ID;

	/* Spurious: nothing was activated, so nothing must be ended */
	if (irq >= GIC_PRIVATE_IRQS)
		return;
	io_write32(GICC_EOIR, ack);
	cpu_dsb();
	if (handlers[irq])
		handlers[irq]();
}

/**
 * irq_shutdown() - no more interrupts for this core
 *
 * Context: any.
 */
void irq_shutdown(void)
{
	io_write32(GICC_CTLR, 0);
}
