/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Cortex-M4: barriers, interrupt mask, sleep.
 *
 * Memory attributes. After reset the default memory map applies (ARMv7-M
 * architecture, ARM DDI 0403, B3.1), which takes addresses below 0x40000000 for
 * memory and those from 0xa0000000 on for devices. That fits neither the
 * peripherals nor the DDR of an i.MX, so start-up code has the SoC's MPU regions
 * set first, see soc/<soc>/board.c: peripherals are Device, all DDR is Normal,
 * Non-cacheable and Shareable. The main processor maps the rings and buffers
 * Normal non-cacheable as well, so there is nothing to clean or invalidate on
 * either side, and no coherence between the processors is assumed. What remains
 * is order: the core itself issues its accesses in order (ARM DAI 0321), but the
 * architecture does not promise that and writes may wait in buffers, hence
 *
 *  - dmb between accesses to shared memory whose order the other side relies on,
 *  - dsb before a doorbell: a dmb orders accesses to memory, but the other
 *    processor learns of a doorbell by an interrupt and not by a load, so the
 *    earlier stores must have completed and not merely come first.
 *
 * All with the full-system scope, the only one that ARMv7-M has.
 *
 * Copyright (c) 2026 linux-amp developers
 */

#ifndef CPU_H
#define CPU_H

#include <fw/compiler.h>
#include <fw/types.h>

static inline void cpu_mb(void)
{
	asm volatile("dmb sy" : : : "memory");
}

/* ARMv7-M has neither a load-only nor a store-only barrier */
static inline void cpu_rmb(void)
{
	asm volatile("dmb sy" : : : "memory");
}

static inline void cpu_wmb(void)
{
	asm volatile("dmb sy" : : : "memory");
}

static inline void cpu_dsb(void)
{
	asm volatile("dsb sy" : : : "memory");
}

/* The barrier makes a pending interrupt be taken here and not a little later */
static inline void cpu_irq_enable(void)
{
	asm volatile("cpsie i\n\tisb" : : : "memory");
}

static inline void cpu_irq_disable(void)
{
	asm volatile("cpsid i" : : : "memory");
}

/* Wakes for masked interrupts too. Stores must not linger while it sleeps. */
static inline void cpu_wfi(void)
{
	asm volatile("dsb sy\n\twfi" : : : "memory");
}

/* There is one core, and no such register */
static inline u32 cpu_mpidr(void)
{
	return 0;
}

/* Exception number; 0 outside of handlers */
static inline u32 cpu_ipsr(void)
{
	u32 val;

	asm volatile("mrs %0, ipsr" : "=r" (val));
	return val;
}

void __noreturn cpu_stop(void);

#endif
