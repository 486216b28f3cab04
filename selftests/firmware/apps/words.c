// SPDX-License-Identifier: GPL-2.0-only
/*
 * Talks without end and never listens: all four word registers and doorbells of the
 * messaging unit, as fast as the other side takes them, and what it sends is not read.
 * The words mean rings that are there and rings that are not. How many words went
 * through the register that RPMsg uses is counted where noipc.c counts.
 *
 * Copyright (c) 2026 linux-amp developers
 */

#include <cpu.h>
#include <fw/board.h>
#include <fw/compiler.h>
#include <fw/io.h>
#include <fw/types.h>
#include <soc.h>

#define MU_TR(n)	(SOC_MU + 0x00 + 4 * (n))
#define MU_SR		(SOC_MU + 0x20)
#define   MU_SR_TE(n)	BIT(23 - (n))
#define MU_CR		(SOC_MU + 0x24)
#define   MU_CR_GIR_ALL	(0xfU << 16)

#define RPMSG_WORD	1

u32 words_counter __section(".counter") __used;

static const u32 words[] = {
	0x00000000, 0x00010000, 0x0001ffff, 0x00020000, 0x00100000, 0x7fff0000, 0xffffffff,
};

int main(void)
{
	u32 count = 0, n;

	board_init();
	for (;;) {
		io_write32(MU_CR, MU_CR_GIR_ALL);
		for (n = 0; n < 4; n++) {
			if (!(io_read32(MU_SR) & MU_SR_TE(n)))
				continue;
			io_write32(MU_TR(n), words[count % ARRAY_SIZE(words)]);
			if (n == RPMSG_WORD)
				WRITE_ONCE(words_counter, ++count);
		}
	}
}
