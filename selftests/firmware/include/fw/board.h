/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the protocol code needs to know about the machine it runs on. Provided
 * by soc/<soc>/board.c on a target and by the test on a host.
 *
 * Copyright (c) 2026 linux-amp developers
 */

#ifndef FW_BOARD_H
#define FW_BOARD_H

#include <fw/types.h>

/* The program; called from start-up code */
int main(void);

void board_init(void);
void *board_da_to_va(u64 da, u32 len);

#endif
