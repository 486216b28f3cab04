// SPDX-License-Identifier: GPL-2.0-only
/*
 * Finding the resource table of a remote that something else started.
 *
 * Whatever is read here the remote may have got wrong or change while it is read: it is copied
 * once, judged as a firmware's table is, and the copy is what the core works on. A remote that is
 * not understood is refused, in one line with the reason, and is not disturbed.
 *
 * Copyright (c) 2026 linux-amp developers
 */
#include <linux/device.h>
#include <linux/err.h>
#include <linux/io.h>
#include <linux/remoteproc.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "amp_attach.h"
#include "amp_rproc_internal.h"
#include "amp_rsctable.h"

/* The core maps the remote's memory later, for as long as it is attached. */
static int copy_from_mem(struct amp_rproc *ar, const struct amp_mem *mem, u64 offset, void *to,
			 size_t len)
{
	void __iomem *va = ioremap_wc(mem->pa + offset, len);

	if (!va) {
		dev_err(&ar->rproc->dev, "cannot map %zu bytes at %#llx\n", len, mem->pa + offset);
		return -ENOMEM;
	}
	memcpy_fromio(to, va, len);
	iounmap(va);
	return 0;
}

/* At the start of a memory, of which that for the firmware comes first in most devicetrees. */
static int find_by_header(struct amp_rproc *ar, struct amp_attach_table *table)
{
	struct amp_attach_header header;
	struct amp_fault fault;
	unsigned int pass, i;
	int ret;

	/* Tightly coupled memory begins with vectors, so it comes last. */
	for (pass = 0; pass < 2; pass++) {
		for (i = 0; i < ar->num_mem; i++) {
			const struct amp_mem *mem = &ar->mem[i];

			if (mem->role != AMP_MEM_CARVEOUT || mem->scrub != pass ||
			    mem->len < sizeof(header))
				continue;
			ret = copy_from_mem(ar, mem, 0, &header, sizeof(header));
			if (ret)
				return ret;
			if (!amp_attach_is_header(&header))
				continue;
			ret = amp_attach_check(&header, ar->mem, ar->num_mem, AMP_RPROC_MAX_TABLE,
					       table, &fault);
			return ret ? amp_rproc_report_fault(ar, ret, &fault) : 0;
		}
	}
	return -ENOENT;
}

/* Judged as if the remote had said so itself; how long it is then only its memory limits. */
static int find_by_address(struct amp_rproc *ar, struct amp_attach_table *table)
{
	struct amp_attach_header header = {
		.magic = cpu_to_le32(AMP_ATTACH_MAGIC),
		.magic_complement = cpu_to_le32(~AMP_ATTACH_MAGIC),
		.table_da = cpu_to_le32(ar->table_da),
	};
	u64 size = sizeof(struct amp_rsc_table);
	struct amp_fault fault;
	int i, ret;

	if (!ar->named_table)
		return -ENOENT;
	i = amp_memmap_find(ar->mem, ar->num_mem, ar->table_da, size);
	if (i >= 0)
		size = min_t(u64, ar->mem[i].da + ar->mem[i].len - ar->table_da,
			     AMP_RPROC_MAX_TABLE);
	header.table_size = cpu_to_le32(size);
	ret = amp_attach_check(&header, ar->mem, ar->num_mem, AMP_RPROC_MAX_TABLE, table, &fault);
	return ret ? amp_rproc_report_fault(ar, ret, &fault) : 0;
}

static int find_by_region(struct amp_rproc *ar, struct amp_attach_table *table)
{
	unsigned int i;

	for (i = 0; i < ar->num_mem; i++) {
		if (ar->mem[i].role != AMP_MEM_RSC_TABLE)
			continue;
		table->mem = i;
		table->da = ar->mem[i].da;
		table->size = min_t(u64, ar->mem[i].len, AMP_RPROC_MAX_TABLE);
		return 0;
	}
	return -ENOENT;
}

/* The table as found, in a buffer of its own. */
static int read_table(struct amp_rproc *ar, const struct amp_attach_table *at)
{
	const struct amp_mem *mem = &ar->mem[at->mem];
	struct amp_fault fault;
	size_t used;
	int ret;

	ar->table.found = kmalloc(at->size, GFP_KERNEL);
	if (!ar->table.found)
		return -ENOMEM;
	ar->table.found_da = at->da;
	ret = copy_from_mem(ar, mem, at->da - mem->da, ar->table.found, at->size);
	if (ret)
		return ret;
	ret = amp_rsctable_check_live(ar->table.found, at->size, &used, &fault);
	if (ret)
		return amp_rproc_report_fault(ar, ret, &fault);
	ar->rproc->table_sz = used;
	ar->table.found_size = used;
	ret = amp_rproc_check_entries(ar, ar->table.found);
	if (!ret)
		amp_rproc_mention(ar, ar->table.found, used);
	return ret;
}

static int make_copy(struct amp_rproc *ar)
{
	ar->table.copy = kmemdup(ar->table.found, ar->rproc->table_sz, GFP_KERNEL);
	if (!ar->table.copy)
		return -ENOMEM;
	amp_rsctable_make_fresh(ar->table.copy, ar->rproc->table_sz);
	return amp_rproc_add_aliases(ar, ar->table.copy);
}

/**
 * amp_rproc_get_loaded_table() - the resource table of a remote that is being attached to
 * @rproc: the remote, prepared
 * @size:  receives its size in bytes
 *
 * Context: process; rproc->lock held.
 * Return: a copy of the table that lives until unprepare; NULL if nothing says that there is one;
 * ERR_PTR of what amp_attach_check() or amp_rproc_sanity_check() say of it, or -ENOMEM.
 */
struct resource_table *amp_rproc_get_loaded_table(struct rproc *rproc, size_t *size)
{
	struct amp_rproc *ar = to_amp_rproc(rproc);
	struct amp_attach_table at = {};
	int ret;

	/* The firmware in use is not the file's. */
	ar->table_crc = 0;
	rproc->table_sz = 0;

	ret = find_by_region(ar, &at);
	if (ret == -ENOENT)
		ret = find_by_address(ar, &at);
	if (ret == -ENOENT && ar->desc->attach_header)
		ret = find_by_header(ar, &at);
	if (ret == -ENOENT) {
		/* Not every program has one, and only what is attached to can be stopped. */
		dev_info(&rproc->dev, "attach: no resource table in the memory of %pOF\n",
			 ar->dev->of_node);
		return NULL;
	}
	if (!ret)
		ret = read_table(ar, &at);
	if (!ret)
		ret = make_copy(ar);
	if (ret) {
		amp_rproc_forget_found(ar);
		return ERR_PTR(ret);
	}
	*size = rproc->table_sz;
	return ar->table.copy;
}

/**
 * amp_rproc_check_found_table() - a firmware file has to have the table that was found in memory
 * @ar:    the remote, which was attached to
 * @table: table of the file; amp_rsctable_check() accepted it
 * @size:  its size in bytes
 *
 * What follows in memory is not part of it, if the table has vendor entries: nobody knows there
 * where the last one ends, but the file does.
 *
 * Context: process; rproc->lock held.
 * Return: 0, -ESTALE if it has another one, -ENOMEM.
 */
int amp_rproc_check_found_table(struct amp_rproc *ar, const void *table, size_t size)
{
	void *fresh;
	bool same;

	if (size > ar->table.found_size)
		return -ESTALE;
	fresh = kmemdup(ar->table.found, ar->table.found_size, GFP_KERNEL);
	if (!fresh)
		return -ENOMEM;
	amp_rsctable_make_fresh(fresh, ar->table.found_size);
	same = !memcmp(fresh, table, size);
	kfree(fresh);
	return same ? 0 : -ESTALE;
}

/**
 * amp_rproc_forget_found() - free what an attachment has copied
 * @ar: the remote, not attached any more
 *
 * Context: process; rproc->lock held.
 */
void amp_rproc_forget_found(struct amp_rproc *ar)
{
	if (ar->table.copy && ar->rproc->table_ptr == ar->table.copy)
		ar->rproc->table_ptr = NULL;
	kfree(ar->table.copy);
	ar->table.copy = NULL;
	kfree(ar->table.found);
	ar->table.found = NULL;
}
