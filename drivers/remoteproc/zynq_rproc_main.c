// SPDX-License-Identifier: GPL-2.0-only
/*
 * The second Cortex-A9 of Zynq-7000 as a remote processor.
 *
 * Linux gives up CPU1 while a firmware is loaded, and has it back afterwards. Everything that is
 * not special to that is in amp_rproc. Devicetree: the binding "xlnx,zynq_remoteproc" of the vendor
 * kernel, in all its forms; Documentation/drivers/zynq_remoteproc.rst says how each is read.
 *
 * Copyright (c) 2026 linux-amp developers
 */
#include <linux/amp_version.h>
#include <linux/cpumask.h>
#include <linux/device.h>
#include <linux/dma-mapping.h>
#include <linux/elf.h>
#include <linux/io.h>
#include <linux/module.h>
#include <linux/of.h>
#include <linux/platform_device.h>
#include <linux/remoteproc.h>
#include <linux/sizes.h>

#include "zynq_rproc.h"

static bool autoboot;
module_param(autoboot, bool, 0444);
MODULE_PARM_DESC(autoboot, "start the firmware as soon as the processor is there (default: no)");

static char *firmware;
module_param(firmware, charp, 0444);
MODULE_PARM_DESC(firmware, "name of the firmware file (default: what the devicetree says)");

static struct zynq_rproc *to_zynq(struct rproc *rproc)
{
	return rproc->priv;
}

static int check_entry(struct rproc *rproc, const struct firmware *fw)
{
	struct zynq_rproc *z = to_zynq(rproc);
	const char *why;
	u64 entry;
	int ret;

	entry = amp_rproc_get_boot_addr(rproc, fw);
	ret = zynq_check_entry(z->amp.mem, z->amp.num_mem, entry, &why);
	if (ret)
		dev_err(&rproc->dev, "firmware %s: header: e_entry is %#llx: %s\n",
			rproc->firmware, entry, why);
	return ret;
}

static int zynq_rproc_sanity_check(struct rproc *rproc, const struct firmware *fw)
{
	return amp_rproc_sanity_check(rproc, fw) ?: check_entry(rproc, fw);
}

/*
 * After a crash the core loads without a sanity check; amp_rproc_load() judges all but the entry.
 *
 * And whatever ran here before was stopped at any instruction: the life that crashed, or what a
 * boot loader had started. To tidy up after it is for after the core dump of a crash, and before
 * the program is there, whose first words may be where the jump is written.
 */
static int zynq_rproc_load(struct rproc *rproc, const struct firmware *fw)
{
	return check_entry(rproc, fw) ?:
	       zynq_cpu_tidy_up(to_zynq(rproc)) ?:
	       amp_rproc_load(rproc, fw);
}

/*
 * It had been detached from, and was put into reset because it rang without end: handle_sgi(). That
 * nobody listens then is not the end of it. A file can be started in its place.
 */
static int give_up_held(struct rproc *rproc)
{
	struct zynq_rproc *z = to_zynq(rproc);

	dev_err(z->amp.dev, "CPU%d has been put into reset, nothing to attach to\n", ZYNQ_CPU);
	rproc->state = RPROC_OFFLINE;
	z->running = false;
	zynq_mem_flush(z);
	zynq_cpu_give_back(z);
	return -EIO;
}

static int zynq_rproc_prepare(struct rproc *rproc)
{
	struct zynq_rproc *z = to_zynq(rproc);
	int ret;

	/* To be attached to: it is taken already, and is not to be disturbed. */
	if (z->running)
		return zynq_cpu_is_held(z) ? give_up_held(rproc) : amp_rproc_prepare(rproc);

	ret = zynq_cpu_take(z);
	if (ret)
		return ret;
	/* Linux left it in reset; if Linux never had it, the boot loader's idle loop runs there. */
	ret = zynq_cpu_hold(z);
	if (!ret) {
		zynq_mem_flush(z);
		ret = amp_rproc_prepare(rproc);
	}
	if (ret)
		zynq_cpu_give_back(z);
	return ret;
}

static int zynq_rproc_unprepare(struct rproc *rproc)
{
	struct zynq_rproc *z = to_zynq(rproc);
	int ret;

	/* After a detachment it goes on, and CPU1 stays taken. */
	ret = amp_rproc_unprepare(rproc);
	if (!z->running)
		zynq_cpu_give_back(z);
	return ret;
}

static int zynq_rproc_start(struct rproc *rproc)
{
	struct zynq_rproc *z = to_zynq(rproc);
	int ret;

	/*
	 * Code and data went through a write-combining mapping. They must be in memory before CPU1
	 * fetches, with its caches off: DSB for the store buffers of this CPU, and the sync of the
	 * outer cache for those of the L2 controller, which buffers writes that bypass it. The
	 * kernel has both in wmb() on this machine.
	 */
	wmb();
	atomic_set(&z->unserved, 0);
	ret = zynq_cpu_start(z, rproc->bootaddr);
	if (ret)
		dev_err(z->amp.dev, "cannot start CPU%d at %#llx: %d\n", ZYNQ_CPU,
			rproc->bootaddr, ret);
	else
		z->running = true;
	return ret;
}

static int zynq_rproc_stop(struct rproc *rproc)
{
	struct zynq_rproc *z = to_zynq(rproc);
	int ret;

	/* It goes on, and keeps its memory and CPU1: the core does not take one for stopped. */
	ret = zynq_cpu_hold(z);
	if (ret)
		return ret;
	z->running = false;
	/* One that arrives late, when CPU1 is Linux's again, must not count with those before. */
	atomic_set(&z->unserved, 0);
	/* For a core dump now, and for what is loaded next. */
	zynq_mem_flush(z);
	return 0;
}

/* All five ELF operations: without .load the core would replace the others by its own. */
static const struct rproc_ops zynq_rproc_ops = {
	.prepare = zynq_rproc_prepare,
	.unprepare = zynq_rproc_unprepare,
	.start = zynq_rproc_start,
	.stop = zynq_rproc_stop,
	.kick = amp_rproc_kick,
	.da_to_va = amp_rproc_da_to_va,
	.sanity_check = zynq_rproc_sanity_check,
	.get_boot_addr = amp_rproc_get_boot_addr,
	.parse_fw = amp_rproc_parse_fw,
	.load = zynq_rproc_load,
	.find_loaded_rsc_table = amp_rproc_find_loaded_rsc_table,
};

/* UG585, system-level address map: DDR, or OCM at its beginning; both ports to the PL; OCM. */
static const struct amp_mem_window zynq_rproc_windows[] = {
	{ .da = 0x00000000, .pa = 0x00000000, .len = 0xc0000000 },
	{ .da = 0xfffc0000, .pa = 0xfffc0000, .len = SZ_256K },
};

static const char * const zynq_rproc_region_order[] = {
	NULL, "vdev0buffer", "vdev0vring0", "vdev0vring1",
};

static const struct amp_rproc_desc zynq_rproc_desc = {
	.elf_machine = EM_ARM,
	.windows = zynq_rproc_windows,
	.num_windows = ARRAY_SIZE(zynq_rproc_windows),
	.region_order = zynq_rproc_region_order,
	.num_ordered = ARRAY_SIZE(zynq_rproc_region_order),
	.ring = zynq_sgi_ring,
};

/* The parameter is the administrator's and wins; "firmware-name" has been read. */
static int set_firmware_name(struct rproc *rproc, struct device *dev)
{
	const char *name = firmware;
	int ret = 0;

	if (!name && !of_property_present(dev->of_node, "firmware-name"))
		of_property_read_string(dev->of_node, "firmware", &name);
	if (name && *name)
		ret = rproc_set_firmware(rproc, name);
	if (ret)
		return dev_err_probe(dev, ret, "cannot have firmware \"%s\"\n", name);
	rproc->auto_boot |= autoboot;
	return 0;
}

/*
 * Has a boot loader started something? Linux does not use CPU1, it is not in reset, and the memory
 * that the devicetree gives for the resource table of such a firmware has one. Without that memory
 * there is no telling from the boot ROM's idle loop, which runs there after maxcpus=1.
 */
static int find_running(struct zynq_rproc *z)
{
	struct amp_rproc *ar = &z->amp;
	u32 head[ZYNQ_TABLE_WORDS];
	void __iomem *va;
	unsigned int i;
	int ret;

	for (i = 0; i < ar->num_mem; i++)
		if (ar->mem[i].role == AMP_MEM_RSC_TABLE && ar->mem[i].len >= sizeof(head))
			break;
	if (i == ar->num_mem || cpu_online(ZYNQ_CPU) || zynq_cpu_is_held(z))
		return 0;

	va = ioremap_wc(ar->mem[i].pa, sizeof(head));
	if (!va)
		return -ENOMEM;
	memcpy_fromio(head, va, sizeof(head));
	iounmap(va);
	if (!zynq_is_table(head))
		return 0;

	ret = zynq_cpu_take(z);
	if (ret)
		return ret;
	/* From here on nobody can bring the CPU online, but somebody may have done so before. */
	if (z->give_online || zynq_cpu_is_held(z)) {
		zynq_cpu_hold(z);
		zynq_cpu_give_back(z);
		return 0;
	}
	z->running = true;
	amp_rproc_is_running(ar);
	return 0;
}

static int zynq_rproc_probe(struct platform_device *pdev)
{
	struct device *dev = &pdev->dev;
	struct zynq_rproc *z;
	struct rproc *rproc;
	int ret;

	ret = dma_coerce_mask_and_coherent(dev, DMA_BIT_MASK(32));
	if (ret)
		return dev_err_probe(dev, ret, "no 32-bit DMA\n");
	rproc = devm_amp_rproc_alloc(dev, dev, &zynq_rproc_ops, &zynq_rproc_desc, sizeof(*z));
	if (IS_ERR(rproc))
		return PTR_ERR(rproc);
	z = rproc->priv;

	ret = zynq_mem_add(z);
	if (ret)
		return ret;
	ret = set_firmware_name(rproc, dev);
	if (ret)
		return ret;
	ret = zynq_sgi_choose(z);
	if (ret)
		return ret;
	ret = devm_zynq_cpu_claim(z);
	if (ret)
		return ret;
	ret = devm_zynq_sgi_request(z);
	if (ret)
		return ret;
	ret = devm_amp_rproc_get_resources(&z->amp);
	if (ret)
		return ret;
	ret = find_running(z);
	if (ret)
		return ret;
	return devm_amp_rproc_add(&z->amp);
}

static const struct of_device_id zynq_rproc_match[] = {
	{ .compatible = "xlnx,zynq_remoteproc" },
	{ }
};
MODULE_DEVICE_TABLE(of, zynq_rproc_match);

static struct platform_driver zynq_rproc_driver = {
	.probe = zynq_rproc_probe,
	.driver = {
		.name = "zynq_remoteproc",
		.of_match_table = zynq_rproc_match,
	},
};
module_platform_driver(zynq_rproc_driver);

MODULE_DESCRIPTION("Zynq-7000 CPU1 remote processor driver");
MODULE_AUTHOR("linux-amp developers");
MODULE_LICENSE("GPL");
MODULE_VERSION(AMP_VERSION);
MODULE_IMPORT_NS("AMP_RPROC");
