/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Cortex-R5: barriers, interrupt mask, sleep.
 *
 * Memory attributes. This code leaves the MPU, the data cache and the
 * instruction cache off, as they are after reset. The default memory map then
 * applies (Cortex-R5 TRM, ARM DDI 0460, 7.1, table 7-1): below 0x80000000, where
 * TCM and DDR are, data is Normal, Non-cacheable, Shared; from 0xc0000000 on,
 * where the IPI and GIC registers and the IPI message buffers are, it is
 * Strongly-ordered. The main processor maps the rings and buffers Normal
 * non-cacheable as well, so there is nothing to clean or invalidate on either
 * side, and no coherence between the clusters is assumed. What remains is order:
 * Normal memory is weakly ordered and writes to it are buffered, hence
 *
 *  - dmb between accesses to shared memory whose order the other side relies on,
 *  - dsb before a doorbell: a dmb orders accesses to memory, but the other
 *    processor learns of a doorbell by an interrupt and not by a load, so the
 *    earlier stores must have completed and not merely come first.
 *
 * Both with the full-system scope (sy): the observer is in another cluster.
 * Whoever turns the data cache on has to map the carveouts Non-cacheable in the
 * MPU first; nothing else here would change.
 *
 * A port to another core provides the same functions.
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

/* ARMv7-R has no load-only barrier */
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
