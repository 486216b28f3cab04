// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fuzz target of what a Zynq-7000's program and devicetree say. Input: the head of a table, an
 * entry point, numbers of interrupts, then memories. Differential: addresses are compared in 128
 * bits.
 *
 * Copyright (c) 2026 linux-amp developers
 */
#include <stdlib.h>
#include <string.h>

#include "zynq_layout.h"

#define u128 unsigned __int128

#define MAX_MEM	4

int LLVMFuzzerTestOneInput(const u8 *data, size_t size);

struct input {
	u32 head[ZYNQ_TABLE_WORDS];
	u64 entry;
	u8 dt[2];
	u8 param[2];
	u8 has_dt;
	u8 num_param;
	u8 kernel_maps_0;
	u8 ram_at_0;
};

struct memory {
	u64 start;
	u32 len;
	u8 role;
	u8 dma_pool;
	u8 vdev;
	u8 unused;
};

static void check_head(const u32 head[ZYNQ_TABLE_WORDS])
{
	bool good = head[0] == 1 && head[1] >= 1 && head[1] <= 256 && !(head[2] | head[3]);

	if (zynq_is_table(head) != good)
		abort();
}

static void check_sgis(const struct input *in)
{
	struct zynq_sgi_wish wish = {
		.dt = { in->dt[0], in->dt[1] },
		.has_dt = { in->has_dt & 1, in->has_dt & 2 },
		.param = { (s8)in->param[0], (s8)in->param[1] },
		.num_param = in->num_param % 4,
	};
	const char *why = NULL;
	u32 sgi[2];

	if (zynq_choose_sgis(&wish, sgi, &why)) {
		if (!why)
			abort();
		return;
	}
	if (sgi[0] == sgi[1] || sgi[0] < ZYNQ_SGI_FIRST || sgi[0] >= ZYNQ_SGI_END ||
	    sgi[1] < ZYNQ_SGI_FIRST || sgi[1] >= ZYNQ_SGI_END)
		abort();
}

static void check_entry(const struct amp_mem *mem, unsigned int num, u64 entry)
{
	const char *why = NULL;
	bool inside = false;
	unsigned int i;
	int ret;

	for (i = 0; i < num; i++)
		inside |= mem[i].role == AMP_MEM_CARVEOUT && entry >= mem[i].da &&
			  entry < (u128)mem[i].da + mem[i].len;
	ret = zynq_check_entry(mem, num, entry, &why);
	if (!ret != (inside && !(entry & 3) && (!entry || entry >= 0x20)))
		abort();
	if (ret && !why)
		abort();
}

/* The parts are where the memory was, one after the other, and the last one ends with it. */
static void check_split(const struct amp_mem *mem, unsigned int num)
{
	struct amp_mem part[3];
	unsigned int which = num, i;
	u64 at;

	if (!zynq_split_memory(mem, num, &which, part))
		return;
	if (which >= num || part[0].pa < mem[which].pa)
		abort();
	at = part[0].pa;
	for (i = 0; i < 3; i++) {
		if (part[i].pa != at || part[i].da - mem[which].da != at - mem[which].pa)
			abort();
		if (!part[i].len || part[i].len > mem[which].len)
			abort();
		at += part[i].len;
	}
	if (at != mem[which].pa + mem[which].len)
		abort();
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	struct amp_mem mem[MAX_MEM];
	u32 code[ZYNQ_JUMP_WORDS];
	struct memory from;
	struct input in;
	unsigned int i;

	if (size < sizeof(in))
		return 0;
	memcpy(&in, data, sizeof(in));
	size -= sizeof(in);
	data += sizeof(in);

	memset(mem, 0, sizeof(mem));
	for (i = 0; i < MAX_MEM && size >= sizeof(from); i++) {
		memcpy(&from, data, sizeof(from));
		data += sizeof(from);
		size -= sizeof(from);
		mem[i].role = from.role & 3;
		mem[i].dma_pool = from.dma_pool & 1;
		mem[i].vdev = from.vdev & 1;
		mem[i].da = from.start;
		mem[i].pa = from.start;
		/* What a devicetree check lets through ends inside 64 bits. */
		mem[i].len = from.start > -(u64)from.len ? 0 : from.len;
	}

	check_head(in.head);
	check_sgis(&in);
	check_entry(mem, i, in.entry);
	check_split(mem, i);
	if ((zynq_choose_jump(in.entry, in.kernel_maps_0 & 1, in.ram_at_0 & 1) == ZYNQ_JUMP_NONE) !=
	    !(u32)in.entry)
		abort();
	zynq_make_jump(in.entry, code);
	if (code[1] != (u32)in.entry)
		abort();
	return 0;
}
