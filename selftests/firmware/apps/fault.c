// SPDX-License-Identifier: GPL-2.0-only
/*
 * Crashes at once: shows what a fault report in the trace buffer looks like.
 *
 * Copyright (c) 2026 linux-amp developers
 */

#include <fw/board.h>
#include <fw/rsc_table.h>
#include <fw/trace.h>

struct fault_table {
	struct resource_table hdr;
	u32 offset[1];
	struct fw_rsc_trace trace;
};

struct fault_table fault_table __section(".resource_table") __used = {
	.hdr = { .ver = RSC_TABLE_VERSION, .num = 1 },
	.offset = { offsetof(struct fault_table, trace) },
	.trace = {
		.type = RSC_TRACE,
		.da = (u32)trace_buffer,
		.len = sizeof(trace_buffer),
		.name = FW_NAME,
	},
};

int main(void)
{
	trace("%s: about to fault\n", FW_NAME);
	board_init();
	asm volatile("udf #0");
	return 0;
}
