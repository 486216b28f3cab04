/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Cortex-R5: memory attributes, and what they mean for the barriers.
 *
 * This code leaves the MPU, the data cache and the instruction cache off, as they
 * are after reset. The default memory map then applies (Cortex-R5 TRM, ARM DDI
 * 0460, 7.1, table 7-1): below 0x80000000, where TCM and DDR are, data is Normal,
 * Non-cacheable, Shared; from 0xc0000000 on, where the IPI and GIC registers and
 * the IPI message buffers are, it is Strongly-ordered. The main processor maps
 * the rings and buffers Normal non-cacheable as well, so there is nothing to
 * clean or invalidate on either side, and no coherence between the clusters is
 * assumed. What remains is order:
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

#include <armv7.h>

#endif
