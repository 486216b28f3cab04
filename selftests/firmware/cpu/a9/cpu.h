/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Cortex-A9: memory attributes, and what they mean for the barriers.
 *
 * The other A9 of the cluster runs Linux, which owns what the two share: snoop
 * control unit, outer cache, the distributor of the interrupt controller. So the
 * MMU and the caches of this one stay off, as they are after reset, and its SMP
 * bit clear: it takes no part in coherency, needs no translation tables, and
 * leaves nothing in a cache behind when it is stopped at any instruction.
 *
 * With the MMU off all data is Strongly-ordered, and with the instruction cache
 * off instructions are Non-cacheable (ARMv7-A architecture, ARM DDI 0406, B3.2.1):
 * no access is looked up in a cache of the cluster or in the outer cache. Linux
 * has to map the rings and buffers uncached, and to clean and invalidate what its
 * own caches hold of the carveouts before this core starts; there is nothing to
 * do here. Unaligned accesses to Strongly-ordered memory fault, hence
 * -mno-unaligned-access.
 *
 * Strongly-ordered accesses of one core stay in order, but the barriers of
 * <armv7.h> are used all the same: they are what the architecture offers towards
 * an observer whose accesses have other attributes. A dsb comes before a
 * doorbell: the other processor learns of it by an interrupt and not by a load,
 * so the earlier stores must have completed and not merely come first.
 *
 * Copyright (c) 2026 linux-amp developers
 */

#ifndef CPU_H
#define CPU_H

#include <armv7.h>

#endif
