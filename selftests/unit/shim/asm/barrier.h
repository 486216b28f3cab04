/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Copyright (c) 2026 linux-amp developers
 *
 * Host shim: barriers. A full one each, so that a test may put the other side of a
 * ring into a thread of its own.
 */
#ifndef _SHIM_ASM_BARRIER_H
#define _SHIM_ASM_BARRIER_H

#define mb()		__sync_synchronize()
#define dma_mb()	mb()
#define dma_wmb()	mb()
#define dma_rmb()	mb()

#endif /* _SHIM_ASM_BARRIER_H */
