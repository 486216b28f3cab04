/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Compiler annotations and small helpers.
 *
 * READ_ONCE() and WRITE_ONCE() are for memory that the main processor or an
 * interrupt handler also touches: one access of the natural width, neither
 * repeated nor merged. They order nothing; barriers come from <cpu.h>. Objects
 * are at most 32 bits wide, because no Cortex-M or Cortex-R core here has a
 * single-copy atomic 64-bit access.
 *
 * Copyright (c) 2026 linux-amp developers
 */

#ifndef FW_COMPILER_H
#define FW_COMPILER_H

#define ATTRIBUTE(...)		__attribute__((__VA_ARGS__))
#define __section(name)		ATTRIBUTE(__section__(name))
#define __used			ATTRIBUTE(__used__)
#define __noreturn		ATTRIBUTE(__noreturn__)
#define __aligned(x)		ATTRIBUTE(__aligned__(x))
#define __may_alias		ATTRIBUTE(__may_alias__)
#define __printf(fmt, args)	ATTRIBUTE(__format__(printf, fmt, args))

#define BIT(n)			(1U << (n))
#define ARRAY_SIZE(a)		(sizeof(a) / sizeof(*(a)))

#define READ_ONCE(x)		__atomic_load_n(&(x), __ATOMIC_RELAXED)
#define WRITE_ONCE(x, v)	__atomic_store_n(&(x), (v), __ATOMIC_RELAXED)

#endif
