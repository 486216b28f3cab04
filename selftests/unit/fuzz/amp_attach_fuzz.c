// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (c) 2026 linux-amp developers
 *
 * Fuzz target of the attach header. Input: the header. What is accepted must be
 * inside one piece of memory that is neither a ring nor buffers.
 */

#include <stdlib.h>
#include <string.h>

#include "amp_attach.h"

#define MAX_SIZE 0x10000

int LLVMFuzzerTestOneInput(const u8 *data, size_t size);

static const struct amp_mem map[] = {
	{ .name = "atcm0", .da = 0x00000, .pa = 0xffe00000, .len = 0x10000 },
	{ .name = "fw", .da = 0x3ed00000, .pa = 0x3ed00000, .len = 0x40000 },
	{ .name = "ring0", .role = AMP_MEM_VRING, .da = 0x3ed40000, .len = 0x4000 },
	{ .name = "vdev0buffer", .role = AMP_MEM_BUFFER, .da = 0x3ed48000, .len = 0x100000 },
	{ .name = "ocm", .da = 0xfffc0000, .pa = 0xfffc0000, .len = 0x40000 },
};

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	struct amp_fault fault = { .index = -1 };
	struct amp_attach_table table;
	const struct amp_mem *mem;
	int ret;

	if (size < sizeof(struct amp_attach_header))
		return 0;

	ret = amp_attach_check(data, map, 5, MAX_SIZE, &table, &fault);
	if (ret) {
		if (ret > 0 || !fault.field || !fault.why)
			abort();
		return 0;
	}
	if (!amp_attach_is_header(data) || table.mem >= 5 || table.size > MAX_SIZE)
		abort();
	mem = &map[table.mem];
	if (mem->role != AMP_MEM_CARVEOUT || table.da < mem->da ||
	    (u64)table.da + table.size > mem->da + mem->len)
		abort();
	return 0;
}
