// SPDX-License-Identifier: GPL-2.0-only
/*
 * Storm: rings without end, as fast as it can, about nothing.
 *
 * With FW_ALL_SGIS it is not the doorbell alone that it rings.
 *
 * Copyright (c) 2026 linux-amp developers
 */

#include <cpu.h>
#include <fw/board.h>
#include <fw/doorbell.h>
#include <fw/rsc_table.h>
#include <fw/trace.h>

struct storm_table {
	struct resource_table hdr;
	u32 offset[1];
	struct fw_rsc_trace trace;
};

struct storm_table storm_table __section(".resource_table") __used = {
	.hdr = { .ver = RSC_TABLE_VERSION, .num = 1 },
	.offset = { offsetof(struct storm_table, trace) },
	.trace = {
		.type = RSC_TRACE,
		.da = (u32)trace_buffer,
		.len = sizeof(trace_buffer),
		.name = FW_NAME,
	},
};

int main(void)
{
	trace("%s: mpidr 0x%08x\n", FW_NAME, cpu_mpidr());
	board_init();
	doorbell_init();
	for (;;) {
#ifdef FW_ALL_SGIS
		doorbell_ring_all();
#else
		doorbell_ring(0);
#endif
	}
}
