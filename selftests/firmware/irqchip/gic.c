// SPDX-License-Identifier: GPL-2.0-only
/*
 * Arm Generic Interrupt Controller, architecture version 1 (PL390 and the one in
 * Cortex-A9 MPCore): shared peripheral interrupts of one core.
 *
 * The distributor is shared with another core that may run its own program, so
 * it is only written through registers that affect single interrupts. It also
 * outlives this program: neither a restart of the core nor the power management
 * calls reset it, and the program before this one may have been stopped at any
 * instruction.
 *
 * Copyright (c) 2026 linux-amp developers
 */

#include <cpu.h>
#include <fw/compiler.h>
#include <fw/io.h>
#include <fw/irq.h>
#include <soc.h>

#define GICD_CTLR		(SOC_GICD + 0x000)
#define GICD_TYPER		(SOC_GICD + 0x004)
#define GICD_ISENABLER(irq)	(SOC_GICD + 0x100 + (irq) / 32 * 4)
#define GICD_ICENABLER(irq)	(SOC_GICD + 0x180 + (irq) / 32 * 4)
#define GICD_ISACTIVER(irq)	(SOC_GICD + 0x300 + (irq) / 32 * 4)
#define GICD_IPRIORITYR(irq)	(SOC_GICD + 0x400 + (irq))
#define GICD_ITARGETSR(irq)	(SOC_GICD + 0x800 + (irq))

#define GICC_CTLR		(SOC_GICC + 0x00)
#define GICC_PMR		(SOC_GICC + 0x04)
#define GICC_IAR		(SOC_GICC + 0x0c)
#define GICC_EOIR		(SOC_GICC + 0x10)

#define GIC_ENABLE		BIT(0)
#define GICD_TYPER_LINES	0x1f
#define GICC_IAR_ID		0x3ff
#define GIC_FIRST_SPI		32
#define GIC_MAX_IRQ		1020
#define GIC_PRIORITY		0xa0
#define GIC_PRIORITY_ALL	0xff

static struct {
	u32 irq;
	irq_handler_fn *handler;
} handlers[4];

static void gic_quiesce(u32 irq)
{
	if (io_read8(GICD_ITARGETSR(irq)) != BIT(SOC_GIC_CPU))
		return;
	io_write32(GICD_ICENABLER(irq), BIT(irq % 32));
	/*
	 * Stopped between acknowledge and end: it would stay active, and
	 * never be delivered again. Version 1 has no other way to end it.
	 */
	if (io_read32(GICD_ISACTIVER(irq)) & BIT(irq % 32))
		io_write32(GICC_EOIR, irq);
}

/**
 * irq_init() - take this core's part of the interrupt controller over
 *
 * Context: start-up, interrupts masked.
 */
void irq_init(void)
{
	u32 lines = ((io_read32(GICD_TYPER) & GICD_TYPER_LINES) + 1) * 32;
	u32 irq;

	io_write32(GICC_CTLR, 0);
	for (irq = GIC_FIRST_SPI; irq < lines && irq < GIC_MAX_IRQ; irq++)
		gic_quiesce(irq);
	io_write32(GICC_PMR, GIC_PRIORITY_ALL);
	io_write32(GICD_CTLR, GIC_ENABLE);
	io_write32(GICC_CTLR, GIC_ENABLE);
}

/**
 * irq_request() - deliver an interrupt to this core
 * @irq:	interrupt id, a shared peripheral interrupt
 * @handler:	what to call
 *
 * More requests than the table holds are a mistake in the program and ignored.
 *
 * Context: start-up.
 */
void irq_request(u32 irq, irq_handler_fn *handler)
{
	u32 i;

	for (i = 0; i < ARRAY_SIZE(handlers) && handlers[i].handler; i++)
		;
	if (i == ARRAY_SIZE(handlers))
		return;
	handlers[i].irq = irq;
	handlers[i].handler = handler;

	io_write8(GICD_IPRIORITYR(irq), GIC_PRIORITY);
	io_write8(GICD_ITARGETSR(irq), BIT(SOC_GIC_CPU));
	io_write32(GICD_ISENABLER(irq), BIT(irq % 32));
}

/**
 * irq_dispatch() - handle the interrupt that is pending
 *
 * Context: interrupt entry of the core, interrupts masked.
 */
void irq_dispatch(void)
{
	u32 ack = io_read32(GICC_IAR);
	u32 irq = ack & GICC_IAR_ID;
	u32 i;

	/* Spurious: nothing was activated, so nothing must be ended */
	if (irq >= GIC_MAX_IRQ)
		return;

	for (i = 0; i < ARRAY_SIZE(handlers); i++)
		if (handlers[i].handler && handlers[i].irq == irq)
			break;
	if (i < ARRAY_SIZE(handlers))
		handlers[i].handler();
	else if (irq >= GIC_FIRST_SPI)
		io_write32(GICD_ICENABLER(irq), BIT(irq % 32));

	/* The device must have dropped its line, or the same cause comes twice */
	cpu_dsb();
	io_write32(GICC_EOIR, ack);
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
