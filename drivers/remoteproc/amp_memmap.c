// SPDX-License-Identifier: GPL-2.0-only
/*
 * The memory of a remote: which addresses it has, what they are for. PURE: no kernel objects, no
 * logging.
 *
 * Addresses and lengths come from firmware files and devicetrees. All comparisons are subtractions
 * of the smaller from the larger, so that nothing wraps.
 *
 * Copyright (c) 2026 linux-amp developers
 */
#include <linux/errno.h>
#include <linux/minmax.h>
#include <linux/string.h>
#include <linux/types.h>

#include "amp_memmap.h"

/* Decimal number of at most two digits; returns what follows, NULL if there is none. */
static const char *number(const char *p, u8 *val)
{
	unsigned int n = 0, digits = 0;

	for (; *p >= '0' && *p <= '9'; p++, digits++)
		n = n * 10 + (*p - '0');
	if (!digits || digits > 2)
		return NULL;
	*val = n;
	return p;
}

static const char *prefix(const char *p, const char *word)
{
	size_t len = strlen(word);

	return strncmp(p, word, len) ? NULL : p + len;
}

/* Devicetrees for several cores prefix the names: rpu0vdev0vring0, rproc_0_vdev0buffer. */
static const char *strip_core(const char *name)
{
	static const char * const words[] = { "rpu", "rproc_", "r5_" };
	const char *p, *rest;
	unsigned int i;
	u8 core;

	for (i = 0; i < 3; i++) {
		p = prefix(name, words[i]);
		rest = p ? number(p, &core) : NULL;
		if (rest && *rest)
			return *rest == '_' ? rest + 1 : rest;
	}
	return name;
}

/**
 * amp_memmap_role() - derive the role of a memory from its name
 * @name: memory-region-names entry or node name, without unit address
 * @mem:  receives name, role, vdev and vring
 *
 * Known are vdevNvringM, vdevNbuffer, vdevbuffer (of device 0), rsc-table and rsc_table, each
 * perhaps with the prefix of a core. Anything else is a plain carveout under its full name.
 *
 * Context: any.
 * Return: true if the name says what the memory is for.
 */
bool amp_memmap_role(const char *name, struct amp_mem *mem)
{
	const char *base = strip_core(name), *p;

	mem->role = AMP_MEM_CARVEOUT;
	mem->vdev = 0;
	mem->vring = 0;
	strscpy(mem->name, name, sizeof(mem->name));

	if (!strcmp(base, "rsc-table") || !strcmp(base, "rsc_table")) {
		mem->role = AMP_MEM_RSC_TABLE;
	} else if (!strcmp(base, "vdevbuffer")) {
		mem->role = AMP_MEM_BUFFER;
		base = "vdev0buffer";
	} else {
		p = prefix(base, "vdev");
		p = p ? number(p, &mem->vdev) : NULL;
		if (!p)
			return false;
		if (!strcmp(p, "buffer")) {
			mem->role = AMP_MEM_BUFFER;
		} else {
			p = prefix(p, "vring");
			p = p ? number(p, &mem->vring) : NULL;
			if (!p || *p)
				return false;
			mem->role = AMP_MEM_VRING;
		}
	}

	strscpy(mem->name, base, sizeof(mem->name));
	return true;
}

/* Bytes from @da to the end of @mem, 0 if @da is not in it. */
static u64 bytes_at(const struct amp_mem *mem, u64 da)
{
	if (mem->role == AMP_MEM_BUFFER || da < mem->da || da - mem->da >= mem->len)
		return 0;
	return mem->len - (da - mem->da);
}

/**
 * amp_memmap_find() - find the memory that contains an object
 * @mem: the memories; buffers are passed over, nothing may be loaded there
 * @num: how many
 * @da:  device address of the object
 * @len: its length in bytes
 *
 * Context: any.
 * Return: index of the memory that contains all of it, -ENXIO if none does.
 */
int amp_memmap_find(const struct amp_mem *mem, unsigned int num, u64 da, u64 len)
{
	unsigned int i;

	for (i = 0; i < num; i++)
		if (bytes_at(&mem[i], da) && len <= bytes_at(&mem[i], da))
			return i;
	return -ENXIO;
}

/**
 * amp_memmap_covers() - is every byte of a range in some memory
 * @mem: the memories; buffers are passed over
 * @num: how many
 * @da:  device address of the range
 * @len: its length in bytes
 * @bad: receives the first address that is in none
 *
 * Unlike amp_memmap_find() this accepts a segment that goes on from one memory into the next, as
 * in the banks of a tightly coupled memory.
 *
 * Context: any.
 * Return: 0, -ENXIO if not covered.
 */
int amp_memmap_covers(const struct amp_mem *mem, unsigned int num, u64 da, u64 len, u64 *bad)
{
	unsigned int i;
	u64 n;

	while (len) {
		n = 0;
		for (i = 0; i < num; i++)
			n = max(n, bytes_at(&mem[i], da));
		if (!n) {
			*bad = da;
			return -ENXIO;
		}
		n = min(n, len);
		da += n;
		len -= n;
		/* Past the last of all addresses. */
		if (len && !da) {
			*bad = 0;
			return -ENXIO;
		}
	}
	return 0;
}

/**
 * amp_memmap_by_role() - find a memory by what it is for
 * @mem:   the memories
 * @num:   how many
 * @role:  AMP_MEM_VRING or AMP_MEM_BUFFER
 * @vdev:  index of the virtio device
 * @vring: index of its ring; 0 for buffers
 *
 * Context: any.
 * Return: index of the memory, -ENOENT if there is none.
 */
int amp_memmap_by_role(const struct amp_mem *mem, unsigned int num, enum amp_mem_role role,
		       unsigned int vdev, unsigned int vring)
{
	unsigned int i;

	for (i = 0; i < num; i++)
		if (mem[i].role == role && mem[i].vdev == vdev && mem[i].vring == vring)
			return i;
	return -ENOENT;
}

/**
 * amp_memmap_translate() - where a remote sees a physical range
 * @win: what it can reach
 * @num: how many windows
 * @pa:  physical address
 * @len: bytes
 * @da:  receives the device address
 *
 * Context: any.
 * Return: 0, -ENXIO if it does not see all of the range through one window.
 */
int amp_memmap_translate(const struct amp_mem_window *win, unsigned int num, u64 pa, u64 len,
			 u64 *da)
{
	unsigned int i;

	for (i = 0; i < num; i++) {
		if (pa < win[i].pa || pa - win[i].pa >= win[i].len)
			continue;
		if (len > win[i].len - (pa - win[i].pa))
			continue;
		*da = win[i].da + (pa - win[i].pa);
		return 0;
	}
	return -ENXIO;
}
