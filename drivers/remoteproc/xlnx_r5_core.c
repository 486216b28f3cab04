// SPDX-License-Identifier: GPL-2.0-only
/*
 * One R5 or R52 core, or two in lockstep: doorbell messages, power, start and stop.
 *
 * Copyright (c) 2026 linux-amp developers
 */
#include <linux/device.h>
#include <linux/dma-mapping.h>
#include <linux/elf.h>
#include <linux/firmware.h>
#include <linux/firmware/xlnx-zynqmp.h>
#include <linux/io.h>
#include <linux/ioport.h>
#include <linux/kernel.h>
#include <linux/of.h>
#include <linux/of_address.h>
#include <linux/sizes.h>
#include <linux/string.h>

#include "amp_elf.h"
#include "amp_memmap.h"
#include "xlnx_r5.h"

/* From this entry point on, the vectors are the high ones. It is the start of the OCM. */
#define HIVEC_FIRST_ENTRY	0xfffc0000

/* The low reset vector, and "ldr pc, [pc, #-4]": bit 0 of the word behind it selects Thumb. */
#define RESET_VECTOR		0
#define LDR_PC_NEXT_WORD	0xe51ff004

static struct xlnx_r5_core *to_core(struct rproc *rproc)
{
	return rproc->priv;
}

/* Firmware that has version 2 of node requests wants cores switched by them, older by wake-up. */
static bool node_requests_switch_cores(u32 api_id)
{
	int feature = zynqmp_pm_feature(api_id);

	return feature > 0 && XLNX_PM_VERSION(feature) > 1;
}

/* The file has been accepted, so that there are no faults to be told of. */
static bool loads_at_reset(const struct firmware *fw, u32 len)
{
	struct amp_elf_segment seg;
	struct amp_fault fault;
	unsigned int pos = 0;
	struct amp_elf elf;

	if (amp_elf_open(&elf, fw->data, fw->size, EM_ARM, &fault))
		return false;
	while (amp_elf_next_segment(&elf, &pos, &seg, &fault) > 0)
		if (seg.memsz && seg.da - RESET_VECTOR < len)
			return true;
	return false;
}

/*
 * A core begins at its reset vector, whatever the entry point says. For a program that has nothing
 * there, as one that is all in DDR, the vector is made to lead to the entry point.
 */
static int xlnx_r5_load(struct rproc *rproc, const struct firmware *fw)
{
	u32 entry, jump[2] = { LDR_PC_NEXT_WORD };
	void *vector;
	int ret;

	ret = amp_rproc_load(rproc, fw);
	if (ret)
		return ret;
	entry = rproc->bootaddr;
	if (!entry || entry >= HIVEC_FIRST_ENTRY || loads_at_reset(fw, sizeof(jump)))
		return 0;
	jump[1] = entry;
	vector = amp_rproc_da_to_va(rproc, RESET_VECTOR, sizeof(jump), NULL);
	if (!vector) {
		dev_err(&rproc->dev, "firmware %s: nothing at the reset vector, and no memory\n",
			rproc->firmware);
		return -ENXIO;
	}
	memcpy_toio((__force void __iomem *)vector, jump, sizeof(jump));
	return 0;
}

static int xlnx_r5_prepare(struct rproc *rproc)
{
	struct xlnx_r5_core *core = to_core(rproc);
	int ret;

	ret = xlnx_r5_request_tcm(core);
	if (ret)
		return ret;
	ret = xlnx_r5_take_mode(core) ?: amp_rproc_prepare(rproc);
	if (ret)
		xlnx_r5_release_tcm(core);
	return ret;
}

static int xlnx_r5_unprepare(struct rproc *rproc)
{
	int ret;

	/* Unmaps the banks, which may not be touched without power. */
	ret = amp_rproc_unprepare(rproc);
	xlnx_r5_release_tcm(to_core(rproc));
	return ret;
}

/* A claim on a core that runs already, or giving it up when it is stopped would be refused. */
static int xlnx_r5_attach(struct rproc *rproc)
{
	struct xlnx_r5_core *core = to_core(rproc);
	int ret;

	if (!xlnx_r5_node_is_running(core->node)) {
		dev_err(core->amp.dev, "core does not run any more, it can be started\n");
		rproc->state = RPROC_OFFLINE;
		return -EIO;
	}
	if (!node_requests_switch_cores(PM_REQUEST_NODE))
		return 0;
	ret = zynqmp_pm_request_node(core->node, ZYNQMP_PM_CAPABILITY_ACCESS, 0,
				     ZYNQMP_PM_REQUEST_ACK_BLOCKING);
	if (ret)
		dev_err(core->amp.dev, "cannot request core: %d\n", ret);
	return ret;
}

static int xlnx_r5_start(struct rproc *rproc)
{
	struct xlnx_r5_core *core = to_core(rproc);
	bool request = node_requests_switch_cores(PM_REQUEST_NODE);
	u32 vectors = rproc->bootaddr >= HIVEC_FIRST_ENTRY ? core->soc->hivec : 0;
	int ret;

	/*
	 * Code and data went through a write-combining mapping. They must have left the store
	 * buffers before the core fetches, which is not ordered by anything that the firmware call
	 * does: DSB, Arm ARM B2.3.12.
	 */
	wmb();

	if (request) {
		ret = zynqmp_pm_request_node(core->node, ZYNQMP_PM_CAPABILITY_ACCESS, 0,
					     ZYNQMP_PM_REQUEST_ACK_BLOCKING);
		if (ret) {
			dev_err(core->amp.dev, "cannot request core: %d\n", ret);
			return ret;
		}
	}

	ret = zynqmp_pm_request_wake(core->node, true, vectors, ZYNQMP_PM_REQUEST_ACK_NO);
	if (ret) {
		dev_err(core->amp.dev, "cannot start core at %#x: %d\n", vectors, ret);
		if (request)
			zynqmp_pm_release_node(core->node);
	}
	return ret;
}

static int xlnx_r5_stop(struct rproc *rproc)
{
	struct xlnx_r5_core *core = to_core(rproc);
	int ret;

	/* Forcing the power off of one core can take the power domain that both share with it. */
	if (node_requests_switch_cores(PM_RELEASE_NODE))
		ret = zynqmp_pm_release_node(core->node);
	else
		ret = zynqmp_pm_force_pwrdwn(core->node, ZYNQMP_PM_REQUEST_ACK_BLOCKING);
	if (ret)
		dev_err(core->amp.dev, "cannot stop core: %d\n", ret);
	return ret;
}

/* All five ELF operations: without .load the core would replace the others by its own. */
const struct rproc_ops xlnx_r5_ops = {
	.prepare = xlnx_r5_prepare,
	.unprepare = xlnx_r5_unprepare,
	.start = xlnx_r5_start,
	.stop = xlnx_r5_stop,
	.attach = xlnx_r5_attach,
	.kick = amp_rproc_kick,
	.da_to_va = amp_rproc_da_to_va,
	.sanity_check = amp_rproc_sanity_check,
	.get_boot_addr = amp_rproc_get_boot_addr,
	.parse_fw = amp_rproc_parse_fw,
	.load = xlnx_r5_load,
	.find_loaded_rsc_table = amp_rproc_find_loaded_rsc_table,
};

static int claim(struct amp_rproc *ar)
{
	return xlnx_r5_claim(container_of(ar, struct xlnx_r5_core, amp));
}

static void unclaim(struct amp_rproc *ar)
{
	xlnx_r5_unclaim(container_of(ar, struct xlnx_r5_core, amp));
}

static void *tx_message(struct amp_rproc *ar, unsigned int notifyid)
{
	struct xlnx_r5_core *core = container_of(ar, struct xlnx_r5_core, amp);

	return core->buffered ? &core->message[notifyid].ipi : NULL;
}

/* Seen at the same address: DDR below 2 GiB without the part that TCM hides, PL, and the OCM. */
static const struct amp_mem_window xlnx_r5_windows[] = {
	{ .da = 0x00100000, .pa = 0x00100000, .len = 0xbff00000 },
	{ .da = 0xfffc0000, .pa = 0xfffc0000, .len = SZ_256K },
};

static const char * const xlnx_r5_region_order[] = {
	NULL, "vdev0buffer", "vdev0vring0", "vdev0vring1",
};

static const char * const xlnx_r5_vendor_order[] = {
	NULL, "vdev0vring0", "vdev0vring1", "vdev0buffer",
};

static_assert(ARRAY_SIZE(xlnx_r5_vendor_order) == ARRAY_SIZE(xlnx_r5_region_order));

/* One for each order of the regions. */
#define XLNX_R5_DESC(order) {				\
	.elf_machine = EM_ARM,				\
	.windows = xlnx_r5_windows,			\
	.num_windows = ARRAY_SIZE(xlnx_r5_windows),	\
	.region_order = (order),			\
	.num_ordered = ARRAY_SIZE(xlnx_r5_region_order),\
	.attach_header = true,				\
	.own_power_domains = true,			\
	.claim = claim,					\
	.unclaim = unclaim,				\
	.tx_message = tx_message,			\
}

const struct amp_rproc_desc xlnx_r5_desc = XLNX_R5_DESC(xlnx_r5_region_order);
const struct amp_rproc_desc xlnx_r5_vendor_desc = XLNX_R5_DESC(xlnx_r5_vendor_order);

static bool has_room(struct device_node *np, const char *name)
{
	int idx = of_property_match_string(np, "reg-names", name);
	struct resource res;

	return idx >= 0 && !of_address_to_resource(np, idx, &res) &&
	       resource_size(&res) >= sizeof(__le32);
}

/*
 * A controller without request buffer, or with one that is too small, refuses messages, and would
 * keep a refused one for ever.
 */
static bool doorbell_is_buffered(struct device_node *np)
{
	int idx = of_property_match_string(np, "mbox-names", "tx");
	struct of_phandle_args args;
	bool buffered;

	if (of_parse_phandle_with_args(np, "mboxes", "#mbox-cells", max(idx, 0), &args))
		return false;
	buffered = has_room(args.np, "local_request_region") || has_room(args.np, "msg");
	of_node_put(args.np);
	return buffered;
}

static void init_messages(struct xlnx_r5_core *core)
{
	unsigned int i;
	__le32 id;

	core->buffered = doorbell_is_buffered(core->amp.dev->of_node);
	for (i = 0; i < AMP_RPROC_MAX_NOTIFYIDS; i++) {
		id = cpu_to_le32(i);
		core->message[i].ipi.len = sizeof(id);
		memcpy(core->message[i].bytes + offsetof(struct zynqmp_ipi_message, data), &id,
		       sizeof(id));
	}
}

/**
 * xlnx_r5_init_core() - find memory, doorbells and resources of a core
 * @core: the core, not registered yet
 *
 * Context: process, may sleep.
 * Return: 0, -EPROBE_DEFER, or what is wrong with the devicetree; that has been reported.
 */
int xlnx_r5_init_core(struct xlnx_r5_core *core)
{
	struct device *dev = core->amp.dev;
	int ret;

	ret = dma_coerce_mask_and_coherent(dev, DMA_BIT_MASK(32));
	if (ret)
		return dev_err_probe(dev, ret, "no 32-bit DMA\n");
	ret = xlnx_r5_add_tcm(core);
	if (ret)
		return ret;
	ret = xlnx_r5_add_sram(core);
	if (ret)
		return ret;
	ret = amp_rproc_add_regions(&core->amp);
	if (ret)
		return ret;
	/* Their one pool is for all that a virtio device needs. */
	if (core->soc->binding == XLNX_R5_OLDEST) {
		ret = amp_rproc_split_pool(&core->amp);
		if (ret)
			return ret;
	}
	xlnx_r5_read_table(core);
	init_messages(core);
	ret = devm_amp_rproc_request_mbox(&core->amp);
	if (ret)
		return ret;
	return devm_amp_rproc_get_resources(&core->amp);
}

/**
 * xlnx_r5_node_is_running() - does a core run
 * @node: the core, to the management firmware
 *
 * Context: process.
 * Return: true if the management firmware says so.
 */
bool xlnx_r5_node_is_running(u32 node)
{
	u32 status, requirements, usage;
	int feature = zynqmp_pm_feature(PM_GET_NODE_STATUS);

	/* Version 1 of the call does not know about cores. */
	if (feature < 0 || XLNX_PM_VERSION(feature) < 2)
		return false;
	return !zynqmp_pm_get_node_status(node, &status, &requirements, &usage) && status;
}
