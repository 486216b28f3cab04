// SPDX-License-Identifier: GPL-2.0-only
/*
 * Returns each word and each doorbell of the messaging unit through the register that has the same
 * number. A word stays where it is until there is room for it, so none is lost here. Without
 * interrupts, whose enables a reset of the unit would clear.
 *
 * Copyright (c) 2026 linux-amp developers
 */

#include <cpu.h>
#include <fw/board.h>
#include <fw/io.h>
#include <fw/types.h>
#include <soc.h>

#define MU_TR(n)	(SOC_MU + 0x00 + 4 * (n))
#define MU_RR(n)	(SOC_MU + 0x10 + 4 * (n))
#define MU_SR		(SOC_MU + 0x20)
#define   MU_SR_GIP(n)	BIT(31 - (n))
#define   MU_SR_RF(n)	BIT(27 - (n))
#define   MU_SR_TE(n)	BIT(23 - (n))
#define MU_CR		(SOC_MU + 0x24)
#define   MU_CR_GIR(n)	BIT(19 - (n))

int main(void)
{
	u32 sr, n;

	board_init();
	for (;;) {
		sr = io_read32(MU_SR);
		for (n = 0; n < 4; n++) {
			if ((sr & MU_SR_RF(n)) && (sr & MU_SR_TE(n)))
				io_write32(MU_TR(n), io_read32(MU_RR(n)));
			if (!(sr & MU_SR_GIP(n)))
				continue;
			io_write32(MU_SR, MU_SR_GIP(n));
			io_write32(MU_CR, MU_CR_GIR(n));
		}
	}
}
