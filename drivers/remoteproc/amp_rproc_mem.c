// SPDX-License-Identifier: GPL-2.0-only
/*
 * The memory of a remote: found at probe, mapped from start to stop.
 *
 * All of it is listed before the remote is registered, from the devicetree's "memory-region" and
 * from what the driver adds (tightly coupled memory, on-chip memory). A firmware is held against
 * that list before anything is written. Between prepare and unprepare the same list is known to the
 * remoteproc core as carveouts; the core maps and unmaps them through the callbacks here.
 *
 * Copyright (c) 2026 linux-amp developers
 */
#include <linux/device.h>
#include <linux/io.h>
#include <linux/ioport.h>
#include <linux/module.h>
#include <linux/of.h>
#include <linux/of_reserved_mem.h>
#include <linux/remoteproc.h>
#include <linux/sizes.h>
#include <linux/slab.h>

#include "amp_rproc_internal.h"

/**
 * amp_rproc_add_mem() - add a piece of memory to a remote
 * @ar:  the remote, not registered yet
 * @mem: the memory; copied
 *
 * Context: process, may sleep.
 * Return: 0 or -ENOMEM.
 */
int amp_rproc_add_mem(struct amp_rproc *ar, const struct amp_mem *mem)
{
	struct amp_mem *grown;

	grown = devm_krealloc(ar->owner, ar->mem, (ar->num_mem + 1) * sizeof(*mem), GFP_KERNEL);
	if (!grown)
		return -ENOMEM;
	grown[ar->num_mem] = *mem;
	ar->mem = grown;
	ar->num_mem++;
	return 0;
}
EXPORT_SYMBOL_NS_GPL(amp_rproc_add_mem, "AMP_RPROC");

/* Can it be mapped, and does the remote see it? */
static int check_region(struct amp_rproc *ar, struct amp_mem *mem, struct device_node *np)
{
	const struct amp_rproc_desc *desc = ar->desc;
	u64 end = mem->pa + mem->len - 1;
	int ret;

	if (!mem->len || end < mem->pa)
		return dev_err_probe(ar->owner, -EINVAL, "%pOF: empty or wrapping reg\n", np);

	ret = amp_memmap_translate(desc->windows, desc->num_windows, mem->pa, mem->len, &mem->da);
	if (ret || mem->da + mem->len > 1ULL << 32)
		return dev_err_probe(ar->owner, -ENXIO,
				     "%pOF: %#llx-%#llx is outside what the processor can reach\n",
				     np, mem->pa, end);

	/* A second mapping with other attributes is not allowed. A pool may be all Linux's. */
	if (!(mem->role == AMP_MEM_BUFFER && mem->dma_pool) &&
	    region_intersects(mem->pa, mem->len, IORESOURCE_SYSTEM_RAM, IORES_DESC_NONE) !=
	    REGION_DISJOINT)
		return dev_err_probe(ar->owner, -EINVAL, "%pOF: used by Linux, needs no-map\n", np);

	return 0;
}

/**
 * amp_rproc_add_range() - add memory that is no reserved memory, on-chip memory for example
 * @ar:  the remote, not registered yet
 * @np:  its node, which stays; gives the memory its name
 * @pa:  physical address
 * @len: bytes
 *
 * Context: process, may sleep.
 * Return: 0, -ENOMEM, -EINVAL if it is in use by Linux, -ENXIO if the remote cannot reach it.
 */
int amp_rproc_add_range(struct amp_rproc *ar, struct device_node *np, u64 pa, u64 len)
{
	struct amp_mem mem = {
		.role = AMP_MEM_CARVEOUT, .pa = pa, .len = len, .resm_idx = -1, .np = np,
	};
	int ret;

	ret = check_region(ar, &mem, np);
	if (ret)
		return ret;
	snprintf(mem.name, sizeof(mem.name), "%pOFn", np);
	return amp_rproc_add_mem(ar, &mem);
}
EXPORT_SYMBOL_NS_GPL(amp_rproc_add_range, "AMP_RPROC");

/* By name, then as a DMA pool. Sets *named if the name decided. */
static void find_role(struct amp_rproc *ar, struct device_node *np, int idx, struct amp_mem *mem,
		      bool *named)
{
	const char *name;
	char buf[AMP_MEM_NAME_LEN];

	mem->dma_pool = of_device_is_compatible(np, "shared-dma-pool");
	if (!of_property_read_string_index(ar->dev->of_node, "memory-region-names", idx, &name) &&
	    amp_memmap_role(name, mem)) {
		*named = true;
		return;
	}

	snprintf(buf, sizeof(buf), "%pOFn", np);
	if (amp_memmap_role(buf, mem)) {
		*named = true;
	} else if (mem->dma_pool) {
		amp_memmap_role("vdev0buffer", mem);
	} else if (!of_property_read_string_index(ar->dev->of_node, "memory-region-names", idx,
						  &name)) {
		strscpy(mem->name, name, sizeof(mem->name));
	}
}

static int add_region(struct amp_rproc *ar, struct device_node *np, int idx, bool *named)
{
	struct reserved_mem *rmem = of_reserved_mem_lookup(np);
	struct amp_mem mem = { .resm_idx = idx };
	int ret;

	if (!rmem)
		return dev_err_probe(ar->owner, -EINVAL, "%pOF is not reserved memory\n", np);
	mem.pa = rmem->base;
	mem.len = rmem->size;
	/* Released with the owner's resources; the node outlives the devices made from it. */
	mem.np = np;
	find_role(ar, np, idx, &mem, named);
	ret = check_region(ar, &mem, np);
	if (ret)
		return ret;

	dev_dbg(ar->dev, "%pOF: %s at %#llx, %#llx bytes\n", np, mem.name, mem.pa, mem.len);
	return amp_rproc_add_mem(ar, &mem);
}

/*
 * Names that say nothing, in a list that is complete: the documented order counts. Not if a DMA
 * pool is where that order has something else, or the reverse: then it is another order.
 */
static void roles_by_position(struct amp_rproc *ar, unsigned int first)
{
	const struct amp_rproc_desc *desc = ar->desc;
	struct amp_mem *mem = &ar->mem[first];
	unsigned int i;

	if (ar->num_mem - first < desc->num_ordered)
		return;
	for (i = 0; i < desc->num_ordered; i++)
		if (mem[i].dma_pool != (desc->region_order[i] &&
					strstr(desc->region_order[i], "buffer")))
			return;
	for (i = 0; i < desc->num_ordered; i++)
		if (desc->region_order[i])
			amp_memmap_role(desc->region_order[i], &mem[i]);
}

static void put_node(void *data)
{
	of_node_put(data);
}

/**
 * amp_rproc_add_regions() - add all of "memory-region" to a remote
 * @ar: the remote, not registered yet
 *
 * The role of a region comes from its entry in "memory-region-names", else from the name of its
 * node, else from "shared-dma-pool", which makes it a buffer. If no region got its role from a name
 * and the list is complete, from its position. Anything else is a plain carveout.
 *
 * Context: process, may sleep.
 * Return: 0, -ENOMEM, -EINVAL for a region that is none or is in use by Linux, -ENXIO for one that
 * the remote cannot reach.
 */
int amp_rproc_add_regions(struct amp_rproc *ar)
{
	unsigned int first = ar->num_mem;
	struct device_node *np;
	bool named = false;
	int i, num, ret;

	num = of_count_phandle_with_args(ar->dev->of_node, "memory-region", NULL);
	for (i = 0; i < num; i++) {
		np = of_parse_phandle(ar->dev->of_node, "memory-region", i);
		if (!np)
			return dev_err_probe(ar->owner, -EINVAL, "%pOF: no memory-region %d\n",
					     ar->dev->of_node, i);
		ret = devm_add_action_or_reset(ar->owner, put_node, np);
		if (ret)
			return ret;
		ret = add_region(ar, np, i, &named);
		if (ret)
			return ret;
	}

	if (!named)
		roles_by_position(ar, first);
	return 0;
}
EXPORT_SYMBOL_NS_GPL(amp_rproc_add_regions, "AMP_RPROC");

/**
 * amp_rproc_split_pool() - take the rings of virtio device 0 out of its buffers
 * @ar: the remote, not registered yet; it has its regions
 *
 * For bindings that know one "shared-dma-pool" and nothing else for a virtio device. Nothing
 * happens if there is a region for a ring, no pool, or a pool that Linux uses as well.
 *
 * Context: process, may sleep.
 * Return: 0, -ENOMEM, or -ENOSPC if the pool is too small.
 */
int amp_rproc_split_pool(struct amp_rproc *ar)
{
	int i = amp_memmap_by_role(ar->mem, ar->num_mem, AMP_MEM_BUFFER, 0, 0);
	struct amp_mem *pool, ring = { .role = AMP_MEM_VRING, .len = SZ_16K, .resm_idx = -1 };
	int ret;

	if (i < 0 || amp_memmap_by_role(ar->mem, ar->num_mem, AMP_MEM_VRING, 0, 0) >= 0 ||
	    !ar->mem[i].dma_pool ||
	    region_intersects(ar->mem[i].pa, ar->mem[i].len, IORESOURCE_SYSTEM_RAM,
			      IORES_DESC_NONE) != REGION_DISJOINT)
		return 0;
	if (ar->mem[i].len <= 2 * ring.len)
		return dev_err_probe(ar->owner, -ENOSPC, "%pOF: too small\n", ar->mem[i].np);

	for (; ring.vring < 2; ring.vring++) {
		pool = &ar->mem[i];
		ring.np = pool->np;
		ring.pa = pool->pa;
		ring.da = pool->da;
		snprintf(ring.name, sizeof(ring.name), "vdev0vring%u", ring.vring);
		pool->pa += ring.len;
		pool->da += ring.len;
		pool->len -= ring.len;
		/* Not all of it: the DMA API is told where the rest is. */
		pool->dma_pool = false;
		pool->resm_idx = -1;
		ret = amp_rproc_add_mem(ar, &ring);
		if (ret)
			return ret;
	}
	return 0;
}
EXPORT_SYMBOL_NS_GPL(amp_rproc_split_pool, "AMP_RPROC");

/*
 * Callbacks of the core, all with rproc->lock held.
 *
 * Write-combining is normal non-cacheable memory on Arm: unaligned access is allowed, which the
 * core's plain memcpy() of the resource table needs, and nothing is cached that the remote changes.
 */
static int map_mem(struct rproc *rproc, struct rproc_mem_entry *entry)
{
	struct amp_mem *mem = entry->priv;
	void __iomem *va;

	va = ioremap_wc(mem->pa, mem->len);
	if (!va)
		return -ENOMEM;

	/*
	 * Memory with ECC is undefined after power-up and must be written, in full words, before a
	 * narrower write or a read. A ring that a remote looks at too early has to be empty. A
	 * remote that runs already lives in this memory.
	 */
	if (rproc->state != RPROC_DETACHED && (mem->scrub || mem->role == AMP_MEM_VRING))
		memset_io(va, 0, mem->len);

	mem->va = (__force void *)va;
	entry->va = mem->va;
	entry->is_iomem = true;
	return 0;
}

/* Also for what was never mapped, when a later one failed. */
static int unmap_mem(struct rproc *rproc, struct rproc_mem_entry *entry)
{
	struct amp_mem *mem = entry->priv;

	if (entry->va)
		iounmap((__force void __iomem *)entry->va);
	entry->va = NULL;
	mem->va = NULL;
	return 0;
}

static struct rproc_mem_entry *make_entry(struct amp_rproc *ar, const struct amp_mem *mem)
{
	/* The DMA API allocates from a pool by itself; the core hands it any other region. */
	if (mem->role == AMP_MEM_BUFFER && mem->dma_pool)
		return rproc_of_resm_mem_entry_init(ar->dev, mem->resm_idx, mem->len, mem->da, "%s",
						    mem->name);
	if (mem->role == AMP_MEM_BUFFER)
		return rproc_mem_entry_init(ar->dev, NULL, mem->pa, mem->len, mem->da, NULL, NULL,
					    "%s", mem->name);
	return rproc_mem_entry_init(ar->dev, NULL, mem->pa, mem->len, mem->da, map_mem, unmap_mem,
				    "%s", mem->name);
}

/* Buffers are not mapped from here, and a pool of Linux's own memory is not the remote's. */
static void dump_mem(struct rproc *rproc, struct rproc_dump_segment *segment, void *dest,
		     size_t offset, size_t size)
{
	const struct amp_mem *mem = segment->priv;
	void __iomem *va = NULL;

	if (mem->va) {
		memcpy_fromio(dest, (__force void __iomem *)mem->va + offset, size);
		return;
	}
	/* The DMA API maps such memory with the same attributes. */
	if (region_intersects(mem->pa, mem->len, IORESOURCE_SYSTEM_RAM, IORES_DESC_NONE) ==
	    REGION_DISJOINT)
		va = ioremap_wc(mem->pa + offset, size);
	if (!va) {
		memset(dest, 0, size);
		return;
	}
	memcpy_fromio(dest, va, size);
	iounmap(va);
}

/* All memory, for core dumps. The core forgets the list with the resources. */
static int list_for_dump(struct amp_rproc *ar)
{
	unsigned int i;
	int ret = 0;

	for (i = 0; i < ar->num_mem && !ret; i++)
		ret = rproc_coredump_add_custom_segment(ar->rproc, ar->mem[i].da, ar->mem[i].len,
							dump_mem, &ar->mem[i]);
	return ret;
}

/**
 * amp_rproc_prepare() - make the memory of a remote known to the remoteproc core
 * @rproc: the remote
 *
 * Context: process; rproc->lock held.
 * Return: 0 or -ENOMEM.
 */
int amp_rproc_prepare(struct rproc *rproc)
{
	struct amp_rproc *ar = to_amp_rproc(rproc);
	struct rproc_mem_entry *entry;
	unsigned int i;

	amp_rproc_mbox_forget(ar);
	for (i = 0; i < ar->num_mem; i++) {
		entry = make_entry(ar, &ar->mem[i]);
		if (!entry) {
			rproc_resource_cleanup(rproc);
			return -ENOMEM;
		}
		entry->priv = &ar->mem[i];
		rproc_add_carveout(rproc, entry);
	}
	if (list_for_dump(ar)) {
		rproc_resource_cleanup(rproc);
		return -ENOMEM;
	}
	return 0;
}
EXPORT_SYMBOL_NS_GPL(amp_rproc_prepare, "AMP_RPROC");

/**
 * amp_rproc_unprepare() - undo amp_rproc_prepare()
 * @rproc: the remote
 *
 * The core has cleaned up already if it got as far as to handle resources, but not otherwise;
 * carveouts left behind would be found by name at the next start.
 *
 * Context: process; rproc->lock held.
 * Return: 0.
 */
int amp_rproc_unprepare(struct rproc *rproc)
{
	amp_rproc_notify_disarm(to_amp_rproc(rproc));
	rproc_resource_cleanup(rproc);
	return 0;
}
EXPORT_SYMBOL_NS_GPL(amp_rproc_unprepare, "AMP_RPROC");

/**
 * amp_rproc_is_buffer() - is something in memory for buffers
 * @ar:  the remote
 * @da:  device address
 * @len: bytes
 *
 * Context: any.
 * Return: true if it is inside one such memory.
 */
bool amp_rproc_is_buffer(struct amp_rproc *ar, u64 da, u64 len)
{
	const struct amp_mem *mem;

	for (mem = ar->mem; mem < ar->mem + ar->num_mem; mem++)
		if (mem->role == AMP_MEM_BUFFER && da >= mem->da && len <= mem->len &&
		    da - mem->da <= mem->len - len)
			return true;
	return false;
}

/* The memory it is part of comes before it in the list of the core, so that is mapped by now. */
static int map_alias(struct rproc *rproc, struct rproc_mem_entry *entry)
{
	struct amp_mem *mem = entry->priv;

	entry->va = mem->va + (entry->da - mem->da);
	entry->is_iomem = true;
	return 0;
}

/**
 * amp_rproc_add_alias() - make a part of a memory known under another name
 * @ar:   the remote, prepared
 * @name: the name
 * @da:   device address
 * @len:  bytes
 *
 * A firmware may ask by address for a carveout that the devicetree does not name. The core would
 * allocate one anywhere.
 *
 * Context: process; rproc->lock held.
 * Return: 0, -ENOMEM, -ENXIO if no memory contains it.
 */
int amp_rproc_add_alias(struct amp_rproc *ar, const char *name, u32 da, u32 len)
{
	int i = amp_memmap_find(ar->mem, ar->num_mem, da, len);
	struct rproc_mem_entry *entry;
	struct amp_mem as = {};

	if (i < 0)
		return i;
	/* As in make_entry(): the core hands memory for buffers to the DMA API, which maps it. */
	amp_memmap_role(name, &as);
	entry = rproc_mem_entry_init(ar->dev, NULL, ar->mem[i].pa + (da - ar->mem[i].da), len, da,
				     as.role == AMP_MEM_BUFFER ? NULL : map_alias, NULL, "%s",
				     name);
	if (!entry)
		return -ENOMEM;
	entry->priv = &ar->mem[i];
	rproc_add_carveout(ar->rproc, entry);
	return 0;
}

/**
 * amp_rproc_da_to_va() - where Linux has mapped an object of the remote
 * @rproc:    the remote
 * @da:       device address of the object
 * @len:      its length in bytes
 * @is_iomem: set if the result is I/O memory; may be NULL
 *
 * Context: any in which @rproc cannot be stopped.
 * Return: its address, NULL if it is not inside one mapped memory.
 */
void *amp_rproc_da_to_va(struct rproc *rproc, u64 da, size_t len, bool *is_iomem)
{
	struct amp_rproc *ar = to_amp_rproc(rproc);
	int i = amp_memmap_find(ar->mem, ar->num_mem, da, len);

	if (i < 0 || !ar->mem[i].va)
		return NULL;
	if (is_iomem)
		*is_iomem = true;
	return ar->mem[i].va + (da - ar->mem[i].da);
}
EXPORT_SYMBOL_NS_GPL(amp_rproc_da_to_va, "AMP_RPROC");
