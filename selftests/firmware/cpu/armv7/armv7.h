/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * ARMv7-A and ARMv7-R: barriers, interrupt mask, sleep. Included by <cpu.h> of a
 * processor, which says what its memory attributes are.
 *
 * Copyright (c) 2026 linux-amp developers
 */

#ifndef ARMV7_H
#define ARMV7_H

#include <fw/compiler.h>
#include <fw/types.h>

static inline void cpu_mb(void)
{
	asm volatile("dmb sy" : : : "memory");
}

/* There is no load-only barrier */
static inline void cpu_rmb(void)
{
	asm volatile("dmb sy" : : : "memory");
}

static inline void cpu_wmb(void)
{
	asm volatile("dmb st" : : : "memory");
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

static inline u32 cpu_mpidr(void)
{
	u32 val;

	asm volatile("mrc p15, 0, %0, c0, c0, 5" : "=r" (val));
	return val;
}

void __noreturn cpu_stop(void);

#endif
