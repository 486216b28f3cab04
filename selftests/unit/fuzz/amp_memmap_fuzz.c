// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (c) 2026 linux-amp developers
 *
 * Fuzz target of the memory map. Input: an address and a length, then a list of
 * memories, then a name. Differential: the same questions are answered with
 * 128-bit arithmetic that cannot wrap.
 */

#include <stdlib.h>
#include <string.h>

#include "amp_memmap.h"

#define u128 unsigned __int128

int LLVMFuzzerTestOneInput(const u8 *data, size_t size);

static u64 take(const u8 **data, size_t *size)
{
	size_t n = *size < 8 ? *size : 8;
	u64 v = 0;

	memcpy(&v, *data, n);
	*data += n;
	*size -= n;
	return v;
}

static bool contains(const struct amp_mem *m, u128 da, u128 len)
{
	return m->role != AMP_MEM_BUFFER && m->len && da >= m->da && da < (u128)m->da + m->len &&
	       da + len <= (u128)m->da + m->len;
}

static void check_find(const struct amp_mem *mem, unsigned int num, u64 da, u64 len)
{
	int i = amp_memmap_find(mem, num, da, len);
	unsigned int want;

	for (want = 0; want < num && !contains(&mem[want], da, len); want++)
		;
	if (want == num ? i >= 0 : i != (int)want)
		abort();
}

static void check_covers(const struct amp_mem *mem, unsigned int num, u64 da, u64 len)
{
	u128 at = da, end = at + len;
	u64 bad = 0;
	int ret;

	while (at < end) {
		u128 next = at;
		unsigned int i;

		for (i = 0; i < num; i++)
			if (contains(&mem[i], at, 1) && (u128)mem[i].da + mem[i].len > next)
				next = (u128)mem[i].da + mem[i].len;
		if (next == at)
			break;
		at = next;
	}

	ret = amp_memmap_covers(mem, num, da, len, &bad);
	if (at < end ? !ret : ret)
		abort();
	if (ret && bad != (u64)at)
		abort();
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	struct amp_mem_window win;
	struct amp_mem mem[4], role;
	u64 da = take(&data, &size), len = take(&data, &size), out;
	unsigned int i, num = 0;
	char name[48];
	u128 delta;
	int ret;

	memset(mem, 0, sizeof(mem));
	for (i = 0; i < 4 && size >= 17; i++, num++) {
		mem[i].role = *data++ & 3;
		size--;
		mem[i].da = take(&data, &size);
		mem[i].len = take(&data, &size);
		/* What a devicetree check lets through ends inside 64 bits. */
		if (mem[i].len > -mem[i].da && mem[i].da)
			mem[i].len = -mem[i].da;
	}
	check_find(mem, num, da, len);
	check_covers(mem, num, da, len);

	win.pa = mem[0].da;
	win.da = 0;
	win.len = mem[0].len;
	delta = (u128)da - win.pa;
	ret = amp_memmap_translate(&win, 1, da, len, &out);
	if (!ret != (da >= win.pa && delta < win.len && delta + len <= win.len))
		abort();
	if (!ret && out != (u64)delta)
		abort();

	size = size < sizeof(name) - 1 ? size : sizeof(name) - 1;
	memcpy(name, data, size);
	name[size] = '\0';
	memset(&role, 0xff, sizeof(role));
	amp_memmap_role(name, &role);
	if (strnlen(role.name, sizeof(role.name)) == sizeof(role.name))
		abort();
	return 0;
}
