// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (c) 2026 linux-amp developers
 *
 * Fuzz target of the resource table check. Input: the table. Of a table that is
 * accepted, the used part alone must be accepted too, and every entry must be
 * what the remoteproc core can be trusted with.
 */

#include <stdlib.h>
#include <string.h>

#include "amp_rsctable.h"

int LLVMFuzzerTestOneInput(const u8 *data, size_t size);

static bool is_power_of_two(u32 n)
{
	return n && !(n & (n - 1));
}

static void check_entry(const u8 *table, size_t used, unsigned int i)
{
	struct amp_rsc_entry e;
	unsigned int n;

	amp_rsctable_entry(table, i, &e);
	if (e.name) {
		if ((const u8 *)e.name < table || (const u8 *)e.name + 32 > table + used)
			abort();
		if (strnlen(e.name, 32) == 32 || strchr(e.name, '%'))
			abort();
		if (!e.len || (e.da != AMP_RSC_ADDR_ANY && (u64)e.da + e.len > 1ULL << 32))
			abort();
	}
	if (e.num_vrings > AMP_RSC_MAX_VRINGS)
		abort();
	for (n = 0; n < e.num_vrings; n++) {
		if (!is_power_of_two(e.vring[n].num) || !is_power_of_two(e.vring[n].align))
			abort();
		/* The core's int arithmetic has room. */
		if (amp_vring_bytes(&e.vring[n]) > 1 << 24)
			abort();
	}
}

static void check_same(const u8 *before, const u8 *after, size_t used, unsigned int i)
{
	struct amp_rsc_vendor v, w;
	struct amp_rsc_entry a, b;

	amp_rsctable_entry(before, i, &a);
	amp_rsctable_entry(after, i, &b);
	if (a.type != b.type || a.offset != b.offset || a.da != b.da || a.len != b.len)
		abort();
	if (a.name && memcmp(a.name, b.name, 32))
		abort();
	/* It means as much as before to whoever watches the remote. */
	if (amp_rsctable_vendor(before, used, i, &v) != amp_rsctable_vendor(after, used, i, &w) ||
	    v.kind != w.kind || v.period_ms != w.period_ms)
		abort();
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	struct amp_fault fault = { .index = -1 };
	size_t used = 0, again = 0;
	unsigned int i;
	u8 *copy;
	int ret;

	ret = amp_rsctable_check(data, size, &used, &fault);
	if (ret) {
		if (ret > 0 || !fault.field || !fault.why)
			abort();
		return 0;
	}
	if (used > size)
		abort();

	copy = malloc(used);
	if (!copy)
		return 0;
	memcpy(copy, data, used);
	if (amp_rsctable_check(copy, used, &again, &fault) || again != used)
		abort();
	for (i = 0; i < amp_rsctable_num(copy); i++)
		check_entry(copy, used, i);
	amp_rsctable_make_fresh(copy, used);
	/* What was judged is what the core gets. */
	for (i = 0; i < amp_rsctable_num(copy); i++)
		check_same(data, copy, used, i);
	if (amp_rsctable_check(copy, used, &again, &fault) || again != used)
		abort();
	free(copy);
	return 0;
}
