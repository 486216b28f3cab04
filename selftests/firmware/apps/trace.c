// SPDX-License-Identifier: GPL-2.0-only
/*
 * A resource table with a trace buffer and a named carveout, and no vdev. Leaves
 * a pattern in the carveout and says where.
 *
 * The carveout names the memory region that the device tree sets aside for
 * message buffers: every board that runs the echo has it, and without a vdev
 * nobody else uses it. Its address comes from the main processor.
 *
 * Copyright (c) 2026 linux-amp developers
 */

#include <cpu.h>
#include <fw/board.h>
#include <fw/rsc_table.h>
#include <fw/trace.h>

#define CARVEOUT_SIZE 0x1000
#define CARVEOUT_PATTERN 0x414d5000U

struct trace_table {
	struct resource_table hdr;
	u32 offset[2];
	struct fw_rsc_trace trace;
	struct fw_rsc_carveout carveout;
};

struct trace_table trace_table __section(".resource_table") __used = {
	.hdr = { .ver = RSC_TABLE_VERSION, .num = 2 },
	.offset = {
		offsetof(struct trace_table, trace),
		offsetof(struct trace_table, carveout),
	},
	.trace = {
		.type = RSC_TRACE,
		.da = (u32)trace_buffer,
		.len = sizeof(trace_buffer),
		.name = FW_NAME,
	},
	.carveout = {
		.type = RSC_CARVEOUT,
		.da = FW_RSC_ADDR_ANY,
		.pa = FW_RSC_ADDR_ANY,
		.len = CARVEOUT_SIZE,
		.name = "vdev0buffer",
	},
};

int main(void)
{
	u32 da = READ_ONCE(trace_table.carveout.da);
	u32 *word = board_da_to_va(da, CARVEOUT_SIZE);
	u32 i;

	trace("%s: mpidr 0x%08x\n", FW_NAME, cpu_mpidr());
	if (!word) {
		trace("carveout at 0x%08x is out of reach\n", da);
		return 0;
	}
	for (i = 0; i < CARVEOUT_SIZE / sizeof(*word); i++)
		WRITE_ONCE(word[i], CARVEOUT_PATTERN + i);
	cpu_dsb();
	trace("carveout at 0x%08x filled\n", da);
	return 0;
}
