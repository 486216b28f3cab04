// SPDX-License-Identifier: GPL-2.0-only
/*
 * No resource table, no messages, no trace: counts about a thousand times a
 * second in a word at a fixed address, the last page of the core's firmware
 * carveout. The word is part of a segment without file content, so a loader
 * clears it.
 *
 * Copyright (c) 2026 linux-amp developers
 */

#include <fw/board.h>
#include <fw/compiler.h>
#include <fw/event.h>
#include <fw/timer.h>
#include <fw/types.h>

u32 noipc_counter __section(".counter") __used;

int main(void)
{
	board_init();
	timer_start();
	for (;;) {
		event_wait();
		WRITE_ONCE(noipc_counter, READ_ONCE(noipc_counter) + 1);
	}
}
