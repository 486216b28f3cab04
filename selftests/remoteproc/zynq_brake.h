/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Zynq-7000: the register that tells whether CPU1 is held in reset, and a CPU0 that has no time for
 * its threads until it is.
 *
 * Copyright (c) 2026 linux-amp developers
 */
#ifndef ZYNQ_BRAKE_H
#define ZYNQ_BRAKE_H

/* UG585, B.28 */
#define SLCR		0xf8000000
#define  SLCR_UNLOCK	(0x008 / 4)
#define   KEY		0xdf0d
#define  A9_CPU_RST	(0x244 / 4)
#define   CPU1_RST	(1u << 1)
#define   CPU1_CLKSTOP	(1u << 5)

/**
 * starve_until_held() - let no thread have its turn until CPU1 is held in reset
 *
 * What a doorbell that is rung faster than it is heard does to CPU0. An emulated CPU0 keeps up with
 * it, so a module of the tests keeps it busy. CPU1 is taken; there is no other CPU.
 *
 * Return: 0, -ETIMEDOUT if CPU1 still runs, or another negative errno.
 */
int starve_until_held(void);

#endif
