/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Copyright (c) 2026 linux-amp developers
 *
 * Host shim: barriers. A full one each, so that a test may put the other side of a
 * ring into a thread of its own.
 */
#ifndef _SHIM_ASM_BARRIER_H
#define _SHIM_ASM_BARRIER_H

#define mb()		__sync_synchronize()	/* a full one */
#define dma_mb()	mb()			/* the other side is a thread */
#define dma_wmb()	mb()			/* likewise */
#define dma_rmb()	mb()			/* likewise */

#endif /* _SHIM_ASM_BARRIER_H */
