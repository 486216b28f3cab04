// SPDX-License-Identifier: GPL-2.0-only
/*
 * Cortex-M4 of the i.MX 7Dual, 7Solo and 6SoloX; and of the i.MX 7ULP, to attach to.
 *
 * The system reset controller holds and releases the core, and enables it in the first place. Out
 * of reset the core fetches stack pointer and program counter from its address 0, which is on-chip
 * memory; where the firmware has nothing there, this driver puts the two words of its vector table
 * there. The i.MX 7ULP boots the other way round: its Cortex-M4 starts the Cortex-A7, and Linux can
 * attach to it and leave it, nothing else.
 *
 * Everything that is not special to these SoCs is in amp_rproc. Devicetree binding:
 * fsl,imx-rproc.yaml of the kernel; Documentation/drivers/imx_rproc.rst says how each of its shapes
 * is read.
 *
 * Copyright (c) 2026 linux-amp developers
 */
#include <linux/amp_rproc.h>
#include <linux/amp_version.h>
#include <linux/device.h>
#include <linux/elf.h>
#include <linux/firmware.h>
#include <linux/imx_rpmsg.h>
#include <linux/io.h>
#include <linux/ioport.h>
#include <linux/mfd/syscon.h>
#include <linux/module.h>
#include <linux/of.h>
#include <linux/of_device.h>
#include <linux/platform_device.h>
#include <linux/regmap.h>
#include <linux/string.h>

#include "amp_elf.h"
#include "amp_memmap.h"
#include "imx_m4_map.h"

/* A word of the messaging unit: the notify id in its upper half, as firmware expects it. */
#define NOTIFYID_SHIFT	16

/* That of the kernel's driver: scripts and default firmware go by it. There is one core. */
#define REMOTE_NAME	"imx-rproc"

/**
 * struct imx_rproc_soc - what differs between SoCs
 * @desc:   for amp_rproc
 * @map:    memory of the core
 * @always: runs before Linux and as long as there is power; nothing of what follows applies
 * @reg:    register of the system reset controller that has the fields below
 * @enable: the core is powered; cleared after a power-up
 * @hold:   the core is held in reset
 * @pulse:  resets of core and platform, which end by themselves
 * @core:   that of the core alone
 */
struct imx_rproc_soc {
	struct amp_rproc_desc desc;
	const struct imx_m4_map *map;
	bool always;
	unsigned int reg;
	u32 enable;
	u32 hold;
	u32 pulse;
	u32 core;
};

/**
 * struct imx_rproc - a core
 * @amp:  shared part; must be first
 * @soc:  what it is part of
 * @src:  the system reset controller; NULL if that has no say in it
 * @word: message of each virtqueue; constant
 */
struct imx_rproc {
	struct amp_rproc amp;
	const struct imx_rproc_soc *soc;
	struct regmap *src;
	u32 word[AMP_RPROC_MAX_NOTIFYIDS];
};

static struct imx_rproc *to_imx_rproc(struct rproc *rproc)
{
	return rproc->priv;
}

/*
 * Enabled and not held. Nothing else says so: the bits of the pulses differ between a power-up, a
 * reset and what software wrote last.
 */
static int is_running(struct imx_rproc *imx, bool *running)
{
	u32 val;
	int ret;

	if (imx->soc->always) {
		*running = true;
		return 0;
	}
	ret = regmap_read(imx->src, imx->soc->reg, &val);
	if (!ret)
		*running = (val & imx->soc->enable) && !(val & imx->soc->hold);
	return ret;
}

/* Enabled, because a core that is not enabled cannot be held. */
static int hold_core(struct imx_rproc *imx)
{
	const struct imx_rproc_soc *soc = imx->soc;

	return regmap_update_bits(imx->src, soc->reg, soc->enable | soc->hold | soc->pulse,
				  soc->enable | soc->hold | soc->core);
}

/* The pulses end by themselves; nothing tells reliably when. */
static int release_core(struct imx_rproc *imx)
{
	const struct imx_rproc_soc *soc = imx->soc;

	return regmap_update_bits(imx->src, soc->reg, soc->enable | soc->hold | soc->pulse,
				  soc->enable | soc->pulse);
}

/* Somebody has held it since Linux left it, or has cut its power. A file can be started there. */
static int give_up_held(struct imx_rproc *imx)
{
	dev_err(imx->amp.dev, "core does not run any more, it can be started\n");
	imx->amp.rproc->state = RPROC_OFFLINE;
	return hold_core(imx) ?: -EIO;
}

static int imx_rproc_prepare(struct rproc *rproc)
{
	struct imx_rproc *imx = to_imx_rproc(rproc);
	bool running = true;
	int ret = 0;

	/* To be attached to. */
	if (rproc->state == RPROC_DETACHED)
		ret = is_running(imx, &running);
	if (ret)
		return ret;
	return running ? amp_rproc_prepare(rproc) : give_up_held(imx);
}

/*
 * The words that the core fetches first: not needed if the firmware brings them, which shows in a
 * segment that lies over them.
 */
static int find_boot_words(struct imx_rproc *imx, const struct firmware *fw,
			   struct imx_m4_boot *boot, bool *needed)
{
	const struct imx_m4_map *map = imx->soc->map;
	struct device *dev = &imx->amp.rproc->dev;
	struct imx_m4_boot candidate;
	struct amp_elf_segment seg;
	struct amp_fault fault;
	unsigned int pos = 0;
	bool found = false;
	struct amp_elf elf;
	int ret;

	*needed = false;
	ret = amp_elf_open(&elf, fw->data, fw->size, EM_ARM, &fault);
	while (!ret && (ret = amp_elf_next_segment(&elf, &pos, &seg, &fault)) > 0) {
		ret = 0;
		if (imx_m4_covers_boot(map, seg.da, seg.memsz))
			return 0;
		if (found || !imx_m4_find_vectors(map, seg.data, seg.filesz, seg.da, elf.entry,
						  &candidate))
			continue;
		*boot = candidate;
		found = true;
	}
	if (ret)
		return ret;
	if (!found) {
		dev_err(dev, "firmware %s: nothing at address 0, and no vector table for entry point %#x\n",
			imx->amp.rproc->firmware, elf.entry);
		return -ENOEXEC;
	}
	*needed = true;
	return 0;
}

static int imx_rproc_sanity_check(struct rproc *rproc, const struct firmware *fw)
{
	struct imx_rproc *imx = to_imx_rproc(rproc);
	struct imx_m4_boot boot;
	bool needed;
	int ret;

	/* Before anything is written: the program there is not Linux' to replace. */
	if (imx->soc->always)
		return -EOPNOTSUPP;
	ret = amp_rproc_sanity_check(rproc, fw);
	return ret ?: find_boot_words(imx, fw, &boot, &needed);
}

/* After a crash the core of Linux loads without a sanity check, hence all of it once more. */
static int imx_rproc_load(struct rproc *rproc, const struct firmware *fw)
{
	struct imx_rproc *imx = to_imx_rproc(rproc);
	struct imx_m4_boot boot = { };
	bool needed;
	void *va;
	int ret;

	ret = amp_rproc_load(rproc, fw);
	if (ret)
		return ret;
	ret = find_boot_words(imx, fw, &boot, &needed);
	if (ret || !needed)
		return ret;

	va = amp_rproc_da_to_va(rproc, 0, IMX_M4_BOOT_BYTES, NULL);
	if (WARN_ON(!va))
		return -ENXIO;
	writel(boot.sp, (__force void __iomem *)va);
	writel(boot.pc, (__force void __iomem *)va + 4);
	return 0;
}

/* Rings that are in the devicetree are another driver's, and firmware begins with empty ones. */
static void renew_rings(void)
{
	typeof(imx_rpmsg_remote_starts) *starts = symbol_get(imx_rpmsg_remote_starts);

	if (!starts)
		return;
	starts();
	symbol_put(imx_rpmsg_remote_starts);
}

static int imx_rproc_start(struct rproc *rproc)
{
	struct imx_rproc *imx = to_imx_rproc(rproc);
	int ret;

	renew_rings();
	/*
	 * Code and data went through a write-combining mapping. They must have left the store
	 * buffers before the core fetches: DSB, Arm ARM B2.7.3 of Armv7-A.
	 */
	wmb();
	ret = release_core(imx);
	if (ret) {
		dev_err(imx->amp.dev, "cannot start core: %d\n", ret);
		hold_core(imx);
	}
	return ret;
}

static int imx_rproc_stop(struct rproc *rproc)
{
	struct imx_rproc *imx = to_imx_rproc(rproc);
	int ret;

	if (imx->soc->always)
		return -EOPNOTSUPP;
	ret = hold_core(imx);
	if (ret)
		dev_err(imx->amp.dev, "cannot stop core: %d\n", ret);
	return ret;
}

/* All five ELF operations: without .load the core would replace the others by its own. */
static const struct rproc_ops imx_rproc_ops = {
	.prepare = imx_rproc_prepare,
	.unprepare = amp_rproc_unprepare,
	.start = imx_rproc_start,
	.stop = imx_rproc_stop,
	.kick = amp_rproc_kick,
	.da_to_va = amp_rproc_da_to_va,
	.sanity_check = imx_rproc_sanity_check,
	.get_boot_addr = amp_rproc_get_boot_addr,
	.parse_fw = amp_rproc_parse_fw,
	.load = imx_rproc_load,
	.find_loaded_rsc_table = amp_rproc_find_loaded_rsc_table,
};

static void *tx_message(struct amp_rproc *ar, unsigned int notifyid)
{
	struct imx_rproc *imx = container_of(ar, struct imx_rproc, amp);

	return &imx->word[notifyid];
}

/*
 * Tightly coupled memory, and what is at address 0. A memory-region may be a part of it: that is
 * then mapped twice, as an alias is, with the same attributes both times.
 */
static int add_own_memory(struct imx_rproc *imx)
{
	const struct imx_m4_map *map = imx->soc->map;
	struct device *dev = imx->amp.dev;
	unsigned int i;
	int ret;

	for (i = 0; i < map->num_own; i++) {
		const struct imx_m4_own *own = &map->own[i];
		struct amp_mem mem = {
			.role = AMP_MEM_CARVEOUT,
			.da = own->window.da,
			.pa = own->window.pa,
			.len = own->window.len,
			.resm_idx = -1,
			.np = dev->of_node,
		};

		if (!own->alias &&
		    !devm_request_mem_region(dev, mem.pa, mem.len, dev_name(dev)))
			return dev_err_probe(dev, -EBUSY, "%s at %#llx is in use\n", own->name,
					     mem.pa);
		strscpy(mem.name, own->name, sizeof(mem.name));
		ret = amp_rproc_add_mem(&imx->amp, &mem);
		if (ret)
			return ret;
	}
	return 0;
}

/* The same memory under the address that code has for it. Linux never uses that one. */
static int add_aliases(struct imx_rproc *imx, unsigned int first)
{
	unsigned int i, pos, num = imx->amp.num_mem;
	int ret;

	for (i = first; i < num; i++) {
		struct amp_mem mem = imx->amp.mem[i];

		if (mem.role != AMP_MEM_CARVEOUT)
			continue;
		mem.resm_idx = -1;
		pos = 0;
		while (imx_m4_next_alias(imx->soc->map, &pos, &imx->amp.mem[i], &mem.da)) {
			snprintf(mem.name, sizeof(mem.name), "%.16s@%llx", imx->amp.mem[i].name,
				 mem.da);
			ret = amp_rproc_add_mem(&imx->amp, &mem);
			if (ret)
				return ret;
		}
	}
	return 0;
}

static int add_memories(struct imx_rproc *imx)
{
	unsigned int first;
	int ret;

	ret = add_own_memory(imx);
	if (ret)
		return ret;
	first = imx->amp.num_mem;
	ret = amp_rproc_add_regions(&imx->amp);
	if (ret)
		return ret;
	return add_aliases(imx, first);
}

/*
 * A core that something else has started must not be written into. It is attached to at once, as
 * the kernel's driver does it: whoever has such a core finds its channels there after boot. One
 * that is not running is put into a defined state: after a power-up it is not enabled.
 */
static int check_state(struct imx_rproc *imx)
{
	struct device *dev = imx->amp.dev;
	bool running;
	int ret;

	ret = is_running(imx, &running);
	if (ret)
		return dev_err_probe(dev, ret, "cannot read the reset controller\n");
	if (running) {
		amp_rproc_is_running(&imx->amp);
		imx->amp.rproc->auto_boot = true;
		return 0;
	}
	ret = hold_core(imx);
	if (ret)
		return dev_err_probe(dev, ret, "cannot hold the core in reset\n");
	return 0;
}

static int imx_rproc_probe(struct platform_device *pdev)
{
	struct device *dev = &pdev->dev;
	const struct imx_rproc_soc *soc = of_device_get_match_data(dev);
	struct imx_rproc *imx;
	struct rproc *rproc;
	unsigned int i;
	int ret;

	rproc = devm_amp_rproc_alloc(dev, dev, &imx_rproc_ops, &soc->desc, sizeof(*imx));
	if (IS_ERR(rproc))
		return PTR_ERR(rproc);
	rproc->auto_boot = of_property_read_bool(dev->of_node, "fsl,auto-boot");
	imx = to_imx_rproc(rproc);
	imx->soc = soc;
	for (i = 0; i < AMP_RPROC_MAX_NOTIFYIDS; i++)
		imx->word[i] = i << NOTIFYID_SHIFT;

	if (!soc->always)
		imx->src = syscon_regmap_lookup_by_phandle(dev->of_node, "syscon");
	if (IS_ERR(imx->src))
		return dev_err_probe(dev, PTR_ERR(imx->src), "%pOF: no syscon\n", dev->of_node);
	ret = add_memories(imx);
	if (ret)
		return ret;
	ret = devm_amp_rproc_request_mbox(&imx->amp);
	if (ret)
		return ret;
	ret = devm_amp_rproc_get_resources(&imx->amp);
	if (ret)
		return ret;
	/* Nothing can be deferred any more: only now touch the core. */
	ret = check_state(imx);
	if (ret)
		return ret;
	return devm_amp_rproc_add(&imx->amp);
}

/* SRC_M4RCR; i.MX 7Dual Applications Processor Reference Manual, "System Reset Controller". */
static const struct imx_rproc_soc imx7d_soc = {
	.desc = {
		.name = REMOTE_NAME,
		.elf_machine = EM_ARM,
		.windows = imx_m4_windows_imx7d,
		.num_windows = IMX_M4_NUM_WINDOWS,
		.buffers_anywhere = true,
		.tx_message = tx_message,
	},
	.map = &imx_m4_map_imx7d,
	.reg = 0x0c,
	.enable = BIT(3),
	.hold = BIT(0),
	.pulse = BIT(2) | BIT(1),
	.core = BIT(1),
};

/* SRC_SCR, i.MX 6SoloX Applications Processor Reference Manual, same chapter. */
static const struct imx_rproc_soc imx6sx_soc = {
	.desc = {
		.name = REMOTE_NAME,
		.elf_machine = EM_ARM,
		.windows = imx_m4_windows_imx6sx,
		.num_windows = IMX_M4_NUM_WINDOWS,
		.buffers_anywhere = true,
		.tx_message = tx_message,
	},
	.map = &imx_m4_map_imx6sx,
	.reg = 0x00,
	.enable = BIT(22),
	.hold = BIT(4),
	.pulse = BIT(12) | BIT(3),
	.core = BIT(3),
};

static const struct imx_rproc_soc imx7ulp_soc = {
	.desc = {
		.name = REMOTE_NAME,
		.elf_machine = EM_ARM,
		.windows = imx_m4_windows_imx7ulp,
		.num_windows = IMX_M4_NUM_WINDOWS,
		.buffers_anywhere = true,
		.tx_message = tx_message,
	},
	.map = &imx_m4_map_imx7ulp,
	.always = true,
};

static const struct of_device_id imx_rproc_match[] = {
	{ .compatible = "fsl,imx7d-cm4", .data = &imx7d_soc },
	{ .compatible = "fsl,imx6sx-cm4", .data = &imx6sx_soc },
	{ .compatible = "fsl,imx7ulp-cm4", .data = &imx7ulp_soc },
	{ }
};
MODULE_DEVICE_TABLE(of, imx_rproc_match);

static struct platform_driver imx_rproc_driver = {
	.probe = imx_rproc_probe,
	.driver = {
		.name = "imx-rproc",
		.of_match_table = imx_rproc_match,
	},
};
module_platform_driver(imx_rproc_driver);

MODULE_DESCRIPTION("i.MX 7 and i.MX 6SoloX Cortex-M4 remote processor driver");
MODULE_AUTHOR("linux-amp developers");
MODULE_LICENSE("GPL");
MODULE_VERSION(AMP_VERSION);
MODULE_IMPORT_NS("AMP_RPROC");
