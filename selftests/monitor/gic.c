// SPDX-License-Identifier: GPL-2.0-only
/*
 * The A53s' GIC-400: everything belongs to the normal world (group 1) except SGIs 8 to 15, which
 * stay secure.  One of them wakes a core that PSCI has parked in EL3.
 *
 * Copyright (c) 2026 linux-amp developers
 */
#include "monitor.h"

#define GICD			0xf9010000UL
#define GICD_CTLR		(GICD + 0x000)
#define   GICD_CTLR_GROUPS	(BIT(0) | BIT(1))
#define GICD_TYPER		(GICD + 0x004)
#define   TYPER_LINES(t)	((t) & 0x1f)
#define GICD_IGROUPR(n)		(GICD + 0x080 + 4 * (n))
#define GICD_ISENABLER0		(GICD + 0x100)
#define GICD_SGIR		(GICD + 0xf00)

#define GICC			0xf9020000UL
#define GICC_CTLR		(GICC + 0x00)
#define   GICC_CTLR_GROUP0	BIT(0)
#define   GICC_CTLR_FIQ_EN	BIT(3)
#define GICC_PMR		(GICC + 0x04)
#define GICC_IAR		(GICC + 0x0c)
#define GICC_EOIR		(GICC + 0x10)

#define WAKEUP_SGI		15
#define SECURE_SGIS		0xff00U

/**
 * gic_init_distributor() - give all shared interrupts to the normal world
 *
 * Context: boot core, once, before Linux.
 */
void gic_init_distributor(void)
{
	u32 i, lines = TYPER_LINES(mmio_read(GICD_TYPER));

	for (i = 1; i <= lines; i++)
		mmio_write(GICD_IGROUPR(i), ~0U);
	mmio_write(GICD_CTLR, GICD_CTLR_GROUPS);
}

/**
 * gic_init_cpu() - give this core's private interrupts to the normal world
 *
 * Linux sees the non-secure view of GICC_CTLR and switches its own group on. Secure interrupts
 * stay off until this core is parked, so that none can arrive in the normal world.
 *
 * Context: each core, on its way into the normal world.
 */
void gic_init_cpu(void)
{
	mmio_write(GICD_IGROUPR(0), ~SECURE_SGIS);
	mmio_write(GICD_ISENABLER0, BIT(WAKEUP_SGI));
	mmio_write(GICC_PMR, 0xff);
	mmio_write(GICC_CTLR, GICC_CTLR_FIQ_EN);
}

/**
 * gic_wait_for_wakeup() - sleep until gic_send_wakeup() calls this core
 *
 * Only the secure group reaches the core meanwhile: a pending interrupt of the normal world
 * would turn wfi into a busy loop. A wake-up sent before the call is not lost. May return early;
 * the caller looks at its own condition.
 *
 * Context: a core with all interrupts masked.
 */
void gic_wait_for_wakeup(void)
{
	mmio_write(GICC_CTLR, GICC_CTLR_GROUP0 | GICC_CTLR_FIQ_EN);
	dsb();
	wfi();
	mmio_write(GICC_EOIR, mmio_read(GICC_IAR));
}

/**
 * gic_send_wakeup() - wake a core that sleeps in gic_wait_for_wakeup()
 * @cpu: core number
 *
 * Context: any core.
 */
void gic_send_wakeup(u32 cpu)
{
	dsb();
	mmio_write(GICD_SGIR, BIT(16 + cpu) | WAKEUP_SGI);
}
