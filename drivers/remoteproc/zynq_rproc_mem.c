// SPDX-License-Identifier: GPL-2.0-only
/*
 * Memory of CPU1: what "memory-region" is to every driver, and the older properties of this one.
 *
 * "srams" lists nodes of on-chip memory, and of DDR that somebody called so; before, each had a
 * property of its own, "sram_0" and so on. All of them may be there, and name a node twice. CPU1
 * sees everything where Linux sees it.
 *
 * Copyright (c) 2026 linux-amp developers
 */
#include <linux/device.h>
#include <linux/genalloc.h>
#include <linux/ioport.h>
#include <linux/of.h>
#include <linux/of_address.h>
#include <linux/sizes.h>
#include <linux/string.h>

#include <asm/outercache.h>

#include "zynq_rproc.h"

struct sram_claim {
	struct gen_pool *pool;
	unsigned long addr;
	size_t size;
};

static void free_claim(void *data)
{
	struct sram_claim *claim = data;

	gen_pool_free(claim->pool, claim->addr, claim->size);
}

static void put_node(void *data)
{
	of_node_put(data);
}

static bool has_sram_driver(const struct device_node *np)
{
	return of_device_is_compatible(np, "mmio-sram") ||
	       of_device_is_compatible(np->parent, "mmio-sram");
}

/*
 * The kernel's driver of such memory hands out what is not reserved in the devicetree: ask it for
 * all of that. Reserved parts are for whoever refers to them, as here.
 */
static int claim_sram(struct zynq_rproc *z, struct device_node *np, const char *prop, int idx,
		      struct resource *res)
{
	struct device *dev = z->amp.dev;
	struct sram_claim *claim;

	claim = devm_kzalloc(dev, sizeof(*claim), GFP_KERNEL);
	if (!claim)
		return -ENOMEM;
	claim->pool = of_gen_pool_get(dev->of_node, prop, idx);
	if (!claim->pool) {
		if (devm_request_mem_region(dev, res->start, resource_size(res), dev_name(dev)) ||
		    has_sram_driver(np))
			return 0;
		return dev_err_probe(dev, -EBUSY, "%pOF is in use\n", np);
	}

	claim->size = gen_pool_size(claim->pool);
	if (!claim->size)
		return 0;
	claim->addr = gen_pool_alloc(claim->pool, claim->size);
	if (!claim->addr)
		return dev_err_probe(dev, -EBUSY, "%pOF is in use\n", np);
	return devm_add_action_or_reset(dev, free_claim, claim);
}

/* A devicetree for drivers of all ages names the same memory by properties of all ages. */
static bool is_added(struct amp_rproc *ar, const struct device_node *np)
{
	unsigned int i;

	for (i = 0; i < ar->num_mem; i++)
		if (ar->mem[i].np == np)
			return true;
	return false;
}

static int add_sram(struct zynq_rproc *z, const char *prop, int idx)
{
	struct device *dev = z->amp.dev;
	struct device_node *np;
	struct resource res;
	int ret;

	np = of_parse_phandle(dev->of_node, prop, idx);
	if (!np)
		return dev_err_probe(dev, -EINVAL, "%pOF: no %s %d\n", dev->of_node, prop, idx);
	ret = devm_add_action_or_reset(dev, put_node, np);
	if (ret)
		return ret;
	if (is_added(&z->amp, np))
		return 0;
	ret = of_address_to_resource(np, 0, &res);
	if (ret)
		return dev_err_probe(dev, ret, "%pOF: no reg\n", np);
	ret = amp_rproc_add_range(&z->amp, np, res.start, resource_size(&res));
	if (ret)
		return ret;
	return claim_sram(z, np, prop, idx, &res);
}

static int add_srams(struct zynq_rproc *z)
{
	struct device_node *np = z->amp.dev->of_node;
	char prop[sizeof("sram_99")];
	int i, num, ret;

	num = of_count_phandle_with_args(np, "srams", NULL);
	for (i = 0; i < num; i++) {
		ret = add_sram(z, "srams", i);
		if (ret)
			return ret;
	}
	for (i = 0; i < 100; i++) {
		snprintf(prop, sizeof(prop), "sram_%d", i);
		if (!of_property_present(np, prop))
			break;
		ret = add_sram(z, prop, 0);
		if (ret)
			return ret;
	}
	return 0;
}

/* Rings need memory that Linux has no other mapping of; a pool may be all Linux's. */
static bool is_ours(const struct amp_mem *mem)
{
	return region_intersects(mem->pa, mem->len, IORESOURCE_SYSTEM_RAM, IORES_DESC_NONE) ==
	       REGION_DISJOINT;
}

static int add_rings(struct zynq_rproc *z)
{
	struct amp_rproc *ar = &z->amp;
	struct amp_mem part[3];
	unsigned int which;
	int i, ret;

	if (!zynq_split_memory(ar->mem, ar->num_mem, &which, part) || !is_ours(&ar->mem[which]))
		return 0;
	dev_info(ar->dev, "%pOF: rings and buffers are %#llx-%#llx\n", ar->mem[which].np,
		 part[0].pa, part[2].pa + part[2].len - 1);

	if (ar->mem[which].role == AMP_MEM_BUFFER) {
		ar->mem[which] = part[2];
	} else {
		ar->mem[which].len = part[0].pa - ar->mem[which].pa;
		ret = amp_rproc_add_mem(ar, &part[2]);
		if (ret)
			return ret;
	}
	for (i = 0; i < 2; i++) {
		ret = amp_rproc_add_mem(ar, &part[i]);
		if (ret)
			return ret;
	}
	return 0;
}

/**
 * zynq_mem_add() - find all memory of the remote
 * @z: the remote, not registered yet
 *
 * Context: process, may sleep.
 * Return: 0, -EINVAL or -ENXIO if the devicetree names what is none, -EBUSY if it is in use,
 * -ENOMEM.
 */
int zynq_mem_add(struct zynq_rproc *z)
{
	int ret;

	ret = amp_rproc_add_regions(&z->amp);
	if (ret)
		return ret;
	ret = add_srams(z);
	if (ret)
		return ret;
	return add_rings(z);
}

/*
 * An end behind this is one that the kernel's loop over lines of 32 bytes never comes to: it counts
 * in 32 bits. Only on-chip memory is there, of which the CPUs' port is at the SCU, beside this
 * cache (UG585, 29.1.1).
 */
#define LAST_LINE	(SZ_4G - 32)

/**
 * zynq_mem_flush() - clean and invalidate the outer cache for all memory of the remote
 * @z: the remote, CPU1 in Linux or held
 *
 * The second level cache is one for both CPUs, and firmware may use it. Linux's mappings of the
 * memory bypass it. What firmware left there would hide from Linux what firmware wrote last, and be
 * written over the next firmware some time after that was loaded.
 *
 * Context: process.
 */
void zynq_mem_flush(struct zynq_rproc *z)
{
	const struct amp_mem *mem;
	unsigned int i;

	for (i = 0; i < z->amp.num_mem; i++) {
		mem = &z->amp.mem[i];
		if (mem->len)
			outer_flush_range(mem->pa, min(mem->pa + mem->len, LAST_LINE));
	}
	/* Through the mapping that bypasses the cache nothing is written or read before that. */
	mb();
}
