// SPDX-License-Identifier: GPL-2.0-only
/*
 * Cortex-R5 cluster of ZynqMP and Versal, Cortex-R52 cluster of Versal NET.
 *
 * Power, reset and configuration of the cluster belong to the platform management firmware; this
 * driver asks for them. Everything that is not special to the cluster is in amp_rproc. Devicetree
 * binding: xlnx,zynqmp-r5fss.yaml of the kernel; Documentation/drivers/xlnx_r5.rst says how each
 * of its shapes is read.
 *
 * Copyright (c) 2026 linux-amp developers
 */
#include <linux/amp_version.h>
#include <linux/device.h>
#include <linux/firmware/xlnx-zynqmp.h>
#include <linux/kernel.h>
#include <linux/minmax.h>
#include <linux/module.h>
#include <linux/of.h>
#include <linux/of_device.h>
#include <linux/of_platform.h>
#include <linux/platform_device.h>

#include "xlnx_r5.h"

/**
 * struct xlnx_r5_cluster - needed during probe only
 * @dev:       device of the cluster
 * @soc:       family
 * @mode:      XLNX_R5_SPLIT or XLNX_R5_LOCKSTEP
 * @single:    core 0 stays in reset; otherwise that is split mode
 * @config:    what follows for the cores
 * @in_use:    a core runs, so that the mode of the cluster has to stay
 * @core:      the cores that are to be registered
 * @num_cores: how many
 */
struct xlnx_r5_cluster {
	struct device *dev;
	const struct xlnx_r5_soc *soc;
	u32 mode;
	bool single;
	struct xlnx_r5_config config;
	bool in_use;
	struct xlnx_r5_core *core[XLNX_R5_MAX_CORES];
	unsigned int num_cores;
};

/**
 * xlnx_r5_read_power_domain() - id by which the management firmware knows something
 * @dev:  device to report errors for
 * @np:   node of a core
 * @idx:  position in its "power-domains"; the core itself is first
 * @node: receives the id
 *
 * Context: process.
 * Return: 0, -EINVAL for a provider of a single domain, or an errno of
 * of_parse_phandle_with_args().
 */
int xlnx_r5_read_power_domain(struct device *dev, const struct device_node *np, int idx, u32 *node)
{
	struct of_phandle_args args;
	int ret;

	ret = of_parse_phandle_with_args(np, "power-domains", "#power-domain-cells", idx, &args);
	if (ret)
		return dev_err_probe(dev, ret, "%pOF: no power-domains entry %d\n", np, idx);
	*node = args.args[0];
	of_node_put(args.np);
	/* What has no number is no domain of the management firmware. */
	if (!args.args_count)
		return dev_err_probe(dev, -EINVAL, "%pOF: power-domains entry %d has no id\n", np,
				     idx);
	return 0;
}

static void put_core_device(void *data)
{
	put_device(data);
}

/*
 * The device of a core has a driver that does nothing: older kernels expect one where they look a
 * remote processor up by its node. It is bound by hand, because the driver core would have the
 * power domains switched, which is for the calls to the management firmware.
 */
static struct platform_driver xlnx_r5_core_driver = {
	.driver = {
		.name = "xlnx_r5_core",
		.suppress_bind_attrs = true,
	},
};

static void unbind_core(void *data)
{
	device_release_driver(data);
}

static int bind_core(struct xlnx_r5_cluster *cluster, struct device *dev)
{
	int ret;

	device_lock(dev);
	if (dev->driver) {
		device_unlock(dev);
		return 0;
	}
	dev->driver = &xlnx_r5_core_driver.driver;
	ret = device_bind_driver(dev);
	if (ret)
		dev->driver = NULL;
	device_unlock(dev);
	return ret ?: devm_add_action_or_reset(cluster->dev, unbind_core, dev);
}

/* In the oldest devicetrees cores have no compatible, so that nobody made a device of them. */
static struct platform_device *core_device(struct xlnx_r5_cluster *cluster, struct device_node *np)
{
	struct platform_device *pdev = of_find_device_by_node(np);

	if (pdev || of_property_present(np, "compatible"))
		return pdev;
	pdev = of_platform_device_create(np, NULL, cluster->dev);
	if (pdev)
		get_device(&pdev->dev);
	return pdev;
}

static void forget_claim(void *data)
{
	xlnx_r5_unclaim(data);
}

static int alloc_core(struct xlnx_r5_cluster *cluster, struct device_node *np, u32 node)
{
	struct platform_device *pdev = core_device(cluster, np);
	struct xlnx_r5_core *core;
	struct rproc *rproc;
	int ret;

	if (!pdev)
		return dev_err_probe(cluster->dev, -ENODEV, "%pOF: no device\n", np);
	ret = devm_add_action_or_reset(cluster->dev, put_core_device, &pdev->dev);
	if (ret)
		return ret;

	rproc = devm_amp_rproc_alloc(cluster->dev, &pdev->dev, &xlnx_r5_ops,
				     cluster->soc->binding == XLNX_R5_VENDOR ?
				     &xlnx_r5_vendor_desc : &xlnx_r5_desc, sizeof(*core));
	if (IS_ERR(rproc))
		return PTR_ERR(rproc);
	core = rproc->priv;
	core->soc = cluster->soc;
	core->node = node;
	core->config = cluster->config;
	INIT_LIST_HEAD(&core->claim);

	cluster->core[cluster->num_cores++] = core;
	/* One that could not be stopped still has it. */
	return devm_add_action(cluster->dev, forget_claim, core);
}

static int read_modes(struct xlnx_r5_cluster *cluster)
{
	struct xlnx_r5_config *config = &cluster->config;
	struct device *dev = cluster->dev;
	struct device_node *np = dev->of_node;
	int ret;

	ret = xlnx_r5_read_mode(dev, cluster->soc, &cluster->mode);
	if (ret)
		return ret;
	cluster->single = cluster->mode == XLNX_R5_SINGLE;
	if (cluster->single)
		cluster->mode = XLNX_R5_SPLIT;

	config->mode = cluster->mode == XLNX_R5_SPLIT ? PM_RPU_MODE_SPLIT : PM_RPU_MODE_LOCKSTEP;
	config->tcm_mode = cluster->mode == XLNX_R5_SPLIT ? PM_RPU_TCM_SPLIT : PM_RPU_TCM_COMB;
	config->set_tcm = cluster->soc->is_zynqmp;
	if (!of_property_read_u32(np, "xlnx,tcm-mode", &config->tcm_mode))
		config->set_tcm = true;
	if (config->tcm_mode > PM_RPU_TCM_COMB ||
	    (cluster->mode == XLNX_R5_SPLIT && config->tcm_mode == PM_RPU_TCM_COMB))
		return dev_err_probe(dev, -EINVAL, "%pOF: xlnx,tcm-mode %u in %s mode\n", np,
				     config->tcm_mode,
				     cluster->mode == XLNX_R5_SPLIT ? "split" : "lockstep");
	return 0;
}

/* In lockstep core 0 speaks for both, in single mode it is held in reset. */
static int alloc_only_core(struct xlnx_r5_cluster *cluster, struct device_node **child,
			   const u32 *node, unsigned int num)
{
	unsigned int i = cluster->single ? num - 1 : 0;
	u32 wanted = cluster->single ? XLNX_NODE_RPU_1 : XLNX_NODE_RPU_0;

	if (cluster->soc->is_zynqmp && node[i] != wanted)
		return dev_err_probe(cluster->dev, -EINVAL,
				     "%pOF: in %s mode it has to be core %u\n", child[i],
				     cluster->single ? "single" : "lockstep",
				     wanted - XLNX_NODE_RPU_0);
	return alloc_core(cluster, child[i], node[i]);
}

/*
 * The order of the children is nobody's intention: merging an overlay turns it around. The lower
 * core comes first, so that remoteproc0 is core 0, and so that it speaks for both in lockstep.
 */
static int alloc_cores(struct xlnx_r5_cluster *cluster)
{
	struct device_node *child[XLNX_R5_MAX_CORES], *np;
	struct device *dev = cluster->dev;
	unsigned int i, num = 0;
	u32 node[XLNX_R5_MAX_CORES];
	int ret;

	for_each_available_child_of_node(dev->of_node, np) {
		if (num == XLNX_R5_MAX_CORES)
			ret = dev_err_probe(dev, -EINVAL, "%pOF: more than two cores\n",
					    dev->of_node);
		else
			ret = xlnx_r5_read_core(dev, cluster->soc, np, &node[num]);
		if (ret) {
			of_node_put(np);
			return ret;
		}
		child[num++] = np;
	}
	if (!num)
		return dev_err_probe(dev, -ENODEV, "%pOF: no enabled core\n", dev->of_node);

	if (num == 2 && node[0] > node[1]) {
		swap(node[0], node[1]);
		swap(child[0], child[1]);
	}
	if (num == 2 && node[0] == node[1])
		return dev_err_probe(dev, -EINVAL, "%pOF and %pOF: the same core\n", child[0],
				     child[1]);
	if (cluster->mode == XLNX_R5_LOCKSTEP || cluster->single)
		return alloc_only_core(cluster, child, node, num);
	for (i = 0; i < num; i++) {
		ret = alloc_core(cluster, child[i], node[i]);
		if (ret)
			return ret;
	}
	return 0;
}

/*
 * A core that something else has started must not be disturbed: neither written into, nor
 * reconfigured together with the other one. It can be attached to.
 */
static void find_running_cores(struct xlnx_r5_cluster *cluster)
{
	unsigned int i;

	/* On ZynqMP the ids are known, so also those are found that are not to be registered. */
	if (cluster->soc->is_zynqmp)
		cluster->in_use = xlnx_r5_zynqmp_in_use();

	for (i = 0; i < cluster->num_cores; i++) {
		struct xlnx_r5_core *core = cluster->core[i];

		if (xlnx_r5_node_is_running(core->node)) {
			amp_rproc_is_running(&core->amp);
			cluster->in_use = true;
		}
	}
}

/* What is wrong with one core has been said, and is no reason to do without the other. */
static int init_cores(struct xlnx_r5_cluster *cluster)
{
	unsigned int i, kept = 0;
	int ret, first_err = 0;

	for (i = 0; i < cluster->num_cores; i++) {
		struct xlnx_r5_core *core = cluster->core[i];

		if (!devres_open_group(cluster->dev, core, GFP_KERNEL))
			return -ENOMEM;
		ret = xlnx_r5_init_core(core);
		if (ret == -EPROBE_DEFER)
			return ret;
		if (ret) {
			devres_release_group(cluster->dev, core);
			first_err = first_err ?: ret;
			continue;
		}
		devres_close_group(cluster->dev, core);
		cluster->core[kept++] = core;
	}
	cluster->num_cores = kept;
	return kept ? 0 : first_err;
}

/*
 * Not before nothing can be deferred any more: when a device is bound, the driver core tries all
 * deferred ones again, and a cluster that binds one and is deferred itself would never rest.
 */
static int bind_cores(struct xlnx_r5_cluster *cluster)
{
	unsigned int i;
	int ret;

	for (i = 0; i < cluster->num_cores; i++) {
		ret = bind_core(cluster, cluster->core[i]->amp.dev);
		if (ret)
			return dev_err_probe(cluster->dev, ret, "%pOF: cannot bind\n",
					     cluster->core[i]->amp.dev->of_node);
	}
	return 0;
}

static int configure_cluster(struct xlnx_r5_cluster *cluster)
{
	struct device *dev = cluster->dev;
	unsigned int i;
	int ret;

	for (i = 0; i < cluster->num_cores; i++) {
		ret = xlnx_r5_configure(cluster->core[i], cluster->in_use);
		if (ret)
			return dev_err_probe(dev, ret, "%pOF: cannot have xlnx,cluster-mode %u%s\n",
					     dev->of_node, cluster->mode,
					     cluster->in_use ? ", a core runs already" : "");
	}
	return 0;
}

static int xlnx_r5_probe(struct platform_device *pdev)
{
	struct device *dev = &pdev->dev;
	struct xlnx_r5_cluster cluster = {
		.dev = dev,
		.soc = of_device_get_match_data(dev),
	};
	unsigned int i;
	int ret;

	ret = read_modes(&cluster);
	if (ret)
		return ret;
	ret = devm_of_platform_populate(dev);
	if (ret)
		return dev_err_probe(dev, ret, "cannot create the devices of the cores\n");
	ret = alloc_cores(&cluster);
	if (ret)
		return ret;
	find_running_cores(&cluster);

	ret = init_cores(&cluster);
	if (ret)
		return ret;

	ret = bind_cores(&cluster);
	if (ret)
		return ret;
	/* Nothing can be deferred any more: only now touch the hardware, then let it be started. */
	ret = configure_cluster(&cluster);
	if (ret)
		return ret;
	for (i = 0; i < cluster.num_cores; i++) {
		ret = devm_amp_rproc_add(&cluster.core[i]->amp);
		if (ret)
			return ret;
	}
	return 0;
}

static const struct xlnx_r5_soc zynqmp_soc = {
	.hivec = 0xffff0000,
	.is_zynqmp = true,
};

static const struct xlnx_r5_soc zynqmp_vendor_soc = {
	.binding = XLNX_R5_VENDOR,
	.hivec = 0xffff0000,
	.is_zynqmp = true,
};

static const struct xlnx_r5_soc zynqmp_oldest_soc = {
	.binding = XLNX_R5_OLDEST,
	.hivec = 0xffff0000,
	.is_zynqmp = true,
};

static const struct xlnx_r5_soc versal_soc = {
	.hivec = 0xfffc0000,
};

static const struct of_device_id xlnx_r5_match[] = {
	{ .compatible = "xlnx,zynqmp-r5fss", .data = &zynqmp_soc },
	{ .compatible = "xlnx,zynqmp-r5-remoteproc", .data = &zynqmp_vendor_soc },
	{ .compatible = "xlnx,zynqmp-r5-remoteproc-1.0", .data = &zynqmp_oldest_soc },
	{ .compatible = "xlnx,versal-r5fss", .data = &versal_soc },
	{ .compatible = "xlnx,versal-net-r52fss", .data = &versal_soc },
	{ }
};
MODULE_DEVICE_TABLE(of, xlnx_r5_match);

static struct platform_driver xlnx_r5_driver = {
	.probe = xlnx_r5_probe,
	.driver = {
		.name = "xlnx_r5_remoteproc",
		.of_match_table = xlnx_r5_match,
	},
};

static struct platform_driver * const xlnx_r5_drivers[] = {
	&xlnx_r5_core_driver, &xlnx_r5_driver,
};

static int __init xlnx_r5_init(void)
{
	return platform_register_drivers(xlnx_r5_drivers, ARRAY_SIZE(xlnx_r5_drivers));
}
module_init(xlnx_r5_init);

static void __exit xlnx_r5_exit(void)
{
	platform_unregister_drivers(xlnx_r5_drivers, ARRAY_SIZE(xlnx_r5_drivers));
}
module_exit(xlnx_r5_exit);

MODULE_DESCRIPTION("ZynqMP and Versal Cortex-R5 remote processor driver");
MODULE_AUTHOR("linux-amp developers");
MODULE_LICENSE("GPL");
MODULE_VERSION(AMP_VERSION);
MODULE_ALIAS("zynqmp_r5_remoteproc");
MODULE_IMPORT_NS("AMP_RPROC");
