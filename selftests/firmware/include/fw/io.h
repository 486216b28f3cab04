/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Register access. Written in assembly so that each call is exactly one load or
 * store of the stated width with a plain base register. The "memory" clobber
 * keeps the compiler from moving other accesses across; the core itself orders
 * device accesses among each other but not against normal memory, so whoever
 * hands memory to another bus master adds the barrier from <cpu.h>.
 *
 * Copyright (c) 2026 linux-amp developers
 */

#ifndef FW_IO_H
#define FW_IO_H

#include <fw/types.h>

static inline u32 io_read32(u32 addr)
{
	u32 val;

	asm volatile("ldr %0, [%1]" : "=r" (val) : "r" (addr) : "memory");
	return val;
}

static inline void io_write32(u32 addr, u32 val)
{
	asm volatile("str %0, [%1]" : : "r" (val), "r" (addr) : "memory");
}

static inline u8 io_read8(u32 addr)
{
	u32 val;

	asm volatile("ldrb %0, [%1]" : "=r" (val) : "r" (addr) : "memory");
	return (u8)val;
}

static inline void io_write8(u32 addr, u8 val)
{
	asm volatile("strb %0, [%1]" : : "r" ((u32)val), "r" (addr) : "memory");
}

#endif
