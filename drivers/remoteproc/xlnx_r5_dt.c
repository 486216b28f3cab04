// SPDX-License-Identifier: GPL-2.0-only
/*
 * The devicetrees that exist for the R5 cluster, and what each of them means.
 *
 * Three bindings: the kernel's (xlnx,zynqmp-r5fss.yaml), the one of the vendor's kernels from 2020
 * on, and the one before that. They use the same words for different things, so which one a node
 * follows is decided by its compatible alone.
 *
 * Copyright (c) 2026 linux-amp developers
 */
#include <linux/device.h>
#include <linux/firmware/xlnx-zynqmp.h>
#include <linux/ioport.h>
#include <linux/kernel.h>
#include <linux/of.h>
#include <linux/of_address.h>
#include <linux/string.h>

#include "xlnx_r5.h"

/* All banks of the TCM, in either mode, lie between. */
#define TCM_START	0xffe00000
#define TCM_END		0xffebffff

static int read_mode_of_vendor(struct device *dev, u32 *mode)
{
	u32 value = 0;

	of_property_read_u32(dev->of_node, "xlnx,cluster-mode", &value);
	if (value > 1)
		return dev_err_probe(dev, -EINVAL, "%pOF: xlnx,cluster-mode %u is not supported\n",
				     dev->of_node, value);
	/* The other way around than in the kernel's binding. */
	*mode = value ? XLNX_R5_SPLIT : XLNX_R5_LOCKSTEP;
	return 0;
}

static int read_mode_of_oldest(struct device *dev, u32 *mode)
{
	const char *conf = "lock-step";

	of_property_read_string(dev->of_node, "core_conf", &conf);
	if (strcmp(conf, "lock-step") && strcmp(conf, "split"))
		return dev_err_probe(dev, -EINVAL, "%pOF: core_conf \"%s\" is not supported\n",
				     dev->of_node, conf);
	*mode = strcmp(conf, "split") ? XLNX_R5_LOCKSTEP : XLNX_R5_SPLIT;
	return 0;
}

/**
 * xlnx_r5_read_mode() - split, lockstep or single
 * @dev:  device of the cluster
 * @soc:  which binding
 * @mode: receives XLNX_R5_SPLIT, XLNX_R5_LOCKSTEP or XLNX_R5_SINGLE
 *
 * Context: process.
 * Return: 0, -EINVAL for what is none of them, -EOPNOTSUPP for a node that wants the registers of
 * the cluster to be accessed directly.
 */
int xlnx_r5_read_mode(struct device *dev, const struct xlnx_r5_soc *soc, u32 *mode)
{
	struct device_node *np = dev->of_node;

	if (soc->binding != XLNX_R5_MAINLINE &&
	    of_property_match_string(np, "reg-names", "rpu_base") >= 0)
		return dev_err_probe(dev, -EOPNOTSUPP,
				     "%pOF: wants registers that belong to the firmware; describe it as xlnx,zynqmp-r5fss\n",
				     np);
	if (soc->binding == XLNX_R5_VENDOR)
		return read_mode_of_vendor(dev, mode);
	if (soc->binding == XLNX_R5_OLDEST)
		return read_mode_of_oldest(dev, mode);

	*mode = XLNX_R5_LOCKSTEP;
	of_property_read_u32(np, "xlnx,cluster-mode", mode);
	if (*mode > XLNX_R5_SINGLE)
		return dev_err_probe(dev, -EINVAL, "%pOF: xlnx,cluster-mode %u is not supported\n",
				     np, *mode);
	return 0;
}

/**
 * xlnx_r5_read_core() - id of a core, to the management firmware
 * @dev:  device to report errors for
 * @soc:  which binding
 * @np:   node of the core
 * @node: receives the id
 *
 * Context: process.
 * Return: 0, or the errno of reading the property that should be there.
 */
int xlnx_r5_read_core(struct device *dev, const struct xlnx_r5_soc *soc, struct device_node *np,
		      u32 *node)
{
	static const char * const ids[] = { "power-domain", "pnode-id" };
	unsigned int i;

	/* A bare number, where power domains had no node yet. */
	for (i = 0; soc->binding != XLNX_R5_MAINLINE && i < ARRAY_SIZE(ids); i++)
		if (!of_property_read_u32(np, ids[i], node))
			return 0;
	return xlnx_r5_read_power_domain(dev, np, 0, node);
}

/**
 * xlnx_r5_read_table() - where the resource table of a core that runs already is
 * @core: the core, not registered yet
 *
 * Only the vendor's binding says so: a memory, and the address in it as the core sees it.
 *
 * Context: process.
 */
void xlnx_r5_read_table(struct xlnx_r5_core *core)
{
	struct amp_rproc *ar = &core->amp;

	ar->named_table = core->soc->binding == XLNX_R5_VENDOR &&
			  !of_property_read_u32_index(ar->dev->of_node, "xlnx,rsc-tbl", 1,
						      &ar->table_da);
}

static int add_sram(struct xlnx_r5_core *core, struct device_node *np)
{
	struct resource res;
	int ret;

	ret = of_address_to_resource(np, 0, &res);
	if (ret)
		return dev_err_probe(core->amp.dev, ret, "%pOF: no reg\n", np);
	/* Vendor devicetrees list the banks here, which are known. */
	if (res.start >= TCM_START && res.end <= TCM_END)
		return 0;
	return amp_rproc_add_range(&core->amp, np, res.start, resource_size(&res));
}

static void put_node(void *data)
{
	of_node_put(data);
}

/**
 * xlnx_r5_add_sram() - add on-chip memory that a core's "sram" lists
 * @core: the core, not registered yet
 *
 * Context: process, may sleep.
 * Return: 0, -ENOMEM, -ENXIO for memory that the core cannot reach, or what is wrong with a node.
 */
int xlnx_r5_add_sram(struct xlnx_r5_core *core)
{
	struct device_node *np;
	int i, ret;

	for (i = 0; (np = of_parse_phandle(core->amp.dev->of_node, "sram", i)); i++) {
		ret = devm_add_action_or_reset(core->amp.owner, put_node, np);
		if (ret)
			return ret;
		ret = add_sram(core, np);
		if (ret)
			return ret;
	}
	return 0;
}
