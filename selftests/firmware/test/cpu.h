/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Barriers for running the protocol code on a host. Fences, not compiler
 * barriers only: the concurrency test has a driver on another CPU.
 *
 * Copyright (c) 2026 linux-amp developers
 */

#ifndef CPU_H
#define CPU_H

static inline void cpu_mb(void)
{
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
}

static inline void cpu_rmb(void)
{
	__atomic_thread_fence(__ATOMIC_ACQUIRE);
}

static inline void cpu_wmb(void)
{
	__atomic_thread_fence(__ATOMIC_RELEASE);
}

#endif
