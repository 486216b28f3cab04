// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tightly coupled memory of the R5 and R52: which banks a core has, and their power.
 *
 * The newer binding lists the banks in the core's reg, with a power domain each. Older ZynqMP
 * devicetrees say nothing, and the banks are those of the reference manual.
 *
 * Copyright (c) 2026 linux-amp developers
 */
#include <linux/device.h>
#include <linux/firmware/xlnx-zynqmp.h>
#include <linux/ioport.h>
#include <linux/kernel.h>
#include <linux/of.h>
#include <linux/of_address.h>
#include <linux/sizes.h>
#include <linux/string.h>

#include "amp_memmap.h"
#include "xlnx_r5.h"

/* Node ids of the ZynqMP management firmware, UG1200. */
#define NODE_TCM_0_A	15
#define NODE_TCM_0_B	16
#define NODE_TCM_1_A	17
#define NODE_TCM_1_B	18

/**
 * struct tcm_bank - a bank of tightly coupled memory
 * @name: as in the binding's reg-names
 * @da:   address in the core's view
 * @pa:   address in Linux's view
 * @len:  bytes
 * @node: to ask the management firmware for
 */
struct tcm_bank {
	const char *name;
	u32 da;
	phys_addr_t pa;
	u32 len;
	u32 node;
};

/* Addresses: UG1085, tightly coupled memory. */
static const struct tcm_bank zynqmp_split[] = {
	{ "atcm0", 0x00000, 0xffe00000, SZ_64K, NODE_TCM_0_A },
	{ "btcm0", 0x20000, 0xffe20000, SZ_64K, NODE_TCM_0_B },
	{ "atcm0", 0x00000, 0xffe90000, SZ_64K, NODE_TCM_1_A },
	{ "btcm0", 0x20000, 0xffeb0000, SZ_64K, NODE_TCM_1_B },
};

static const struct tcm_bank zynqmp_combined[] = {
	{ "atcm0", 0x00000, 0xffe00000, SZ_64K, NODE_TCM_0_A },
	{ "btcm0", 0x20000, 0xffe20000, SZ_64K, NODE_TCM_0_B },
	{ "atcm1", 0x10000, 0xffe10000, SZ_64K, NODE_TCM_1_A },
	{ "btcm1", 0x30000, 0xffe30000, SZ_64K, NODE_TCM_1_B },
};

static int add_bank(struct xlnx_r5_core *core, const struct tcm_bank *tcm)
{
	struct device *dev = core->amp.dev;
	struct amp_mem mem = {
		.role = AMP_MEM_CARVEOUT,
		.da = tcm->da,
		.pa = tcm->pa,
		.len = tcm->len,
		.scrub = true,
		.resm_idx = -1,
		.np = dev->of_node,
	};

	if (core->num_tcm == XLNX_R5_MAX_TCM)
		return dev_err_probe(dev, -EINVAL, "%pOF: more than %d TCM banks\n", dev->of_node,
				     XLNX_R5_MAX_TCM);
	/*
	 * Old devicetrees describe the banks once more, for the kernel's driver of such memory or
	 * for another cluster node. Those that take nothing can be probed before or after it.
	 */
	if (core->soc->binding == XLNX_R5_MAINLINE &&
	    !devm_request_mem_region(core->amp.owner, tcm->pa, tcm->len, dev_name(dev)))
		return dev_err_probe(dev, -EBUSY, "%pOF: TCM at %pa is in use\n", dev->of_node,
				     &tcm->pa);
	strscpy(mem.name, tcm->name, sizeof(mem.name));
	core->tcm[core->num_tcm++] = tcm->node;
	return amp_rproc_add_mem(&core->amp, &mem);
}

/* The newer binding: reg, translated by the cluster's ranges, and one more power domain each. */
static int add_tcm_from_dt(struct xlnx_r5_core *core)
{
	struct device *dev = core->amp.dev;
	struct device_node *np = dev->of_node;
	struct tcm_bank tcm;
	struct resource res;
	const __be32 *addr;
	int i, ret;

	for (i = 0; (addr = of_get_address(np, i, NULL, NULL)); i++) {
		ret = of_address_to_resource(np, i, &res);
		if (ret)
			return dev_err_probe(dev, ret, "%pOF: reg %d has no translation\n", np, i);
		ret = xlnx_r5_read_power_domain(dev, np, i + 1, &tcm.node);
		if (ret)
			return ret;
		tcm.name = "tcm";
		of_property_read_string_index(np, "reg-names", i, &tcm.name);
		/* The first cell of two tells the cores apart, the second is the core's address. */
		tcm.da = of_read_number(addr + of_n_addr_cells(np) - 1, 1);
		tcm.pa = res.start;
		tcm.len = resource_size(&res);
		ret = add_bank(core, &tcm);
		if (ret)
			return ret;
	}
	return 0;
}

static int add_tcm_from_table(struct xlnx_r5_core *core)
{
	const struct tcm_bank *tcm = zynqmp_combined;
	struct device *dev = core->amp.dev;
	unsigned int i, num = ARRAY_SIZE(zynqmp_combined);
	int ret;

	if (!core->soc->is_zynqmp)
		return dev_err_probe(dev, -EINVAL, "%pOF: no reg for the TCM banks\n",
				     dev->of_node);
	if (core->node != XLNX_NODE_RPU_0 && core->node != XLNX_NODE_RPU_1)
		return dev_err_probe(dev, -EINVAL, "%pOF: power domain %u is no core\n",
				     dev->of_node, core->node);

	/* Not the cluster's mode: core 1's follow those of core 0 where they are combined. */
	if (core->config.tcm_mode == PM_RPU_TCM_SPLIT) {
		num = ARRAY_SIZE(zynqmp_split) / XLNX_R5_MAX_CORES;
		tcm = &zynqmp_split[num * (core->node - XLNX_NODE_RPU_0)];
	}
	for (i = 0; i < num; i++) {
		ret = add_bank(core, &tcm[i]);
		if (ret)
			return ret;
	}
	return 0;
}

/**
 * xlnx_r5_add_tcm() - find the banks of a core
 * @core:     the core, not registered yet
 *
 * Context: process, may sleep.
 * Return: 0, -EINVAL if the devicetree does not describe them rightly, -EBUSY if a bank is in use
 * and the devicetree in the kernel's words, -ENOMEM.
 */
int xlnx_r5_add_tcm(struct xlnx_r5_core *core)
{
	if (of_property_present(core->amp.dev->of_node, "reg"))
		return add_tcm_from_dt(core);
	return add_tcm_from_table(core);
}

static void release_banks(struct xlnx_r5_core *core, unsigned int num)
{
	int ret;

	/* A core that Linux has detached from, or could not attach to, lives in them. */
	if (core->amp.rproc->state == RPROC_DETACHED)
		return;
	while (num--) {
		ret = zynqmp_pm_release_node(core->tcm[num]);
		if (ret)
			dev_warn(core->amp.dev, "cannot release TCM node %#x: %d\n",
				 core->tcm[num], ret);
	}
}

/**
 * xlnx_r5_request_tcm() - power the banks of a core
 * @core: the core
 *
 * Context: process; rproc->lock held.
 * Return: 0 or what the management firmware answers; then none is requested, but for a core that
 * runs without Linux.
 */
int xlnx_r5_request_tcm(struct xlnx_r5_core *core)
{
	unsigned int i;
	int ret;

	for (i = 0; i < core->num_tcm; i++) {
		ret = zynqmp_pm_request_node(core->tcm[i], ZYNQMP_PM_CAPABILITY_ACCESS, 0,
					     ZYNQMP_PM_REQUEST_ACK_BLOCKING);
		if (ret) {
			dev_err(core->amp.dev, "cannot power TCM node %#x: %d\n", core->tcm[i],
				ret);
			release_banks(core, i);
			return ret;
		}
	}
	return 0;
}

/**
 * xlnx_r5_release_tcm() - undo xlnx_r5_request_tcm()
 * @core: the core, its banks unmapped
 *
 * Does nothing for a core that runs without Linux.
 *
 * Context: process; rproc->lock held.
 */
void xlnx_r5_release_tcm(struct xlnx_r5_core *core)
{
	release_banks(core, core->num_tcm);
}
