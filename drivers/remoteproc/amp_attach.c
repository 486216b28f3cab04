// SPDX-License-Identifier: GPL-2.0-only
/*
 * Check what a running remote says about its resource table. PURE: no kernel objects, no logging.
 *
 * The remote wrote it, or nobody did and it is whatever was in memory. So the table is where the
 * header says only if that is in one piece of memory that the devicetree gives to this remote.
 * Nothing has been mapped by then but the header itself.
 *
 * Copyright (c) 2026 linux-amp developers
 */
#include <linux/errno.h>
#include <linux/types.h>
#include <asm/byteorder.h>

#include "amp_attach.h"
#include "amp_rsctable.h"

#define HEADER	"attach header"

/**
 * amp_attach_is_header() - does this want to be a header
 * @bytes: as many as struct amp_attach_header has, at any alignment; nobody changes them
 *
 * One of the two marks is enough: half a header is a damaged one, and not the absence of one.
 *
 * Context: any.
 * Return: true if amp_attach_check() should have its say.
 */
bool amp_attach_is_header(const void *bytes)
{
	const struct amp_attach_header *h = bytes;

	return le32_to_cpu(h->magic) == AMP_ATTACH_MAGIC ||
	       le32_to_cpu(h->magic_complement) == ~AMP_ATTACH_MAGIC;
}

/**
 * amp_attach_check() - check a header
 * @bytes:    as many as struct amp_attach_header has, at any alignment; nobody changes them
 * @mem:      all memory of the remote
 * @num:      how many pieces
 * @max_size: most bytes that a table may have
 * @table:    receives where the table is
 * @fault:    receives what is wrong
 *
 * The version is not looked at: no two are known that differ.
 *
 * Context: any.
 * Return: 0, -EBADMSG for marks or a size that cannot be, -ENXIO if the table is not inside one
 * piece of memory, or in that of a ring.
 */
int amp_attach_check(const void *bytes, const struct amp_mem *mem, unsigned int num, u32 max_size,
		     struct amp_attach_table *table, struct amp_fault *fault)
{
	const struct amp_attach_header *h = bytes;
	u32 magic = le32_to_cpu(h->magic), complement = le32_to_cpu(h->magic_complement);
	int i;

	table->size = le32_to_cpu(h->table_size);
	table->da = le32_to_cpu(h->table_da);

	if (magic != AMP_ATTACH_MAGIC)
		return amp_fault_set(fault, -EBADMSG, HEADER, -1, "magic", magic,
				     "not the magic number");
	if (complement != ~AMP_ATTACH_MAGIC)
		return amp_fault_set(fault, -EBADMSG, HEADER, -1, "magic complement", complement,
				     "not the complement of the magic number");
	if (table->size < sizeof(struct amp_rsc_table))
		return amp_fault_set(fault, -EBADMSG, HEADER, -1, "table size", table->size,
				     "smaller than a resource table");
	if (table->size > max_size)
		return amp_fault_set(fault, -EBADMSG, HEADER, -1, "table size", table->size,
				     "larger than any real one");

	i = amp_memmap_find(mem, num, table->da, table->size);
	if (i < 0) {
		if (amp_memmap_find(mem, num, table->da, 1) < 0)
			return amp_fault_set(fault, -ENXIO, HEADER, -1, "table address", table->da,
					     "outside every memory of this processor");
		return amp_fault_set(fault, -ENXIO, HEADER, -1, "table size", table->size,
				     "runs past the memory that the table begins in");
	}
	if (mem[i].role == AMP_MEM_VRING)
		return amp_fault_set(fault, -ENXIO, HEADER, -1, "table address", table->da,
				     "inside of memory for a ring");
	table->mem = i;
	return 0;
}
