// SPDX-License-Identifier: GPL-2.0-only
/*
 * The mode of a cluster, and who may use its cores.
 *
 * A devicetree may describe a core more than once: one cluster node in the kernel's words, which
 * the kernel's own devicetree has enabled, and one in those of an older binding, which somebody
 * adds. Which of them is probed first is chance, and a probe that is deferred must not lose for
 * that. So both are registered; who starts first has the core, and the cluster in its mode, until
 * it stops.
 *
 * Copyright (c) 2026 linux-amp developers
 */
#include <linux/device.h>
#include <linux/firmware/xlnx-zynqmp.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/remoteproc.h>

#include "xlnx_r5.h"

/* Cores from their start, or attachment, to their stop. Inside of rproc->lock. */
static LIST_HEAD(claims);
static DEFINE_MUTEX(claims_lock);

/* The mode is not set if it is right already, see xlnx_r5_take_mode(); the banks have their own. */
static int configure(const struct xlnx_r5_core *core, bool in_use)
{
	enum rpu_oper_mode now;
	int ret;

	ret = zynqmp_pm_get_rpu_mode(core->node, &now);
	if (in_use)
		return ret ?: now == core->config.mode ? 0 : -EBUSY;
	if (ret || now != core->config.mode)
		ret = zynqmp_pm_set_rpu_mode(core->node, core->config.mode);
	if (!ret && core->config.set_tcm)
		ret = zynqmp_pm_set_tcm_config(core->node, core->config.tcm_mode);
	return ret;
}

/* There is one cluster in a ZynqMP; which of the others a core is in is not known. */
static bool is_claimed(const struct xlnx_r5_core *core)
{
	return core->soc->is_zynqmp && !list_empty(&claims);
}

/**
 * xlnx_r5_configure() - have the cluster of a core in its mode
 * @core:   the core
 * @in_use: a core of the cluster runs, so that the mode has to stay
 *
 * Context: process.
 * Return: 0, -EBUSY if it is in use in another mode, or the errno of a call to the management
 * firmware.
 */
int xlnx_r5_configure(const struct xlnx_r5_core *core, bool in_use)
{
	int ret;

	mutex_lock(&claims_lock);
	ret = configure(core, in_use || is_claimed(core));
	mutex_unlock(&claims_lock);
	return ret;
}

/**
 * xlnx_r5_zynqmp_in_use() - does any core of a ZynqMP run
 *
 * Context: process.
 * Return: true if the management firmware says so of one.
 */
bool xlnx_r5_zynqmp_in_use(void)
{
	return xlnx_r5_node_is_running(XLNX_NODE_RPU_0) || xlnx_r5_node_is_running(XLNX_NODE_RPU_1);
}

static bool excludes(const struct xlnx_r5_core *core, const struct xlnx_r5_core *other)
{
	return core->node == other->node ||
	       (core->soc->is_zynqmp && (core->config.mode != other->config.mode ||
					 core->config.tcm_mode != other->config.tcm_mode));
}

static int try_to_claim(struct xlnx_r5_core *core)
{
	bool attaches = core->amp.rproc->state == RPROC_DETACHED;
	struct device *dev = core->amp.dev;
	struct xlnx_r5_core *other;

	list_for_each_entry(other, &claims, claim) {
		if (!excludes(core, other))
			continue;
		dev_err(dev, "cannot run while %pOF does: one core, or two modes of the cluster\n",
			other->amp.dev->of_node);
		return -EBUSY;
	}
	/* Nobody's now, but it was left running. */
	if (!attaches && xlnx_r5_node_is_running(core->node)) {
		dev_err(dev, "core %u runs something that was not started here\n", core->node);
		return -EBUSY;
	}
	list_add(&core->claim, &claims);
	return 0;
}

/**
 * xlnx_r5_claim() - have a core for oneself
 * @core: the core, about to be started or attached to
 *
 * Context: process; rproc->lock held.
 * Return: 0, or -EBUSY if another device has the core, or the cluster in another mode. What is
 * wrong has been reported.
 */
int xlnx_r5_claim(struct xlnx_r5_core *core)
{
	int ret;

	mutex_lock(&claims_lock);
	ret = try_to_claim(core);
	mutex_unlock(&claims_lock);
	return ret;
}

/**
 * xlnx_r5_unclaim() - undo xlnx_r5_claim()
 * @core: the core, stopped, or left running; nothing happens if it has no claim
 *
 * Context: process; rproc->lock held, or the remote not registered any more.
 */
void xlnx_r5_unclaim(struct xlnx_r5_core *core)
{
	mutex_lock(&claims_lock);
	list_del_init(&core->claim);
	mutex_unlock(&claims_lock);
}

/**
 * xlnx_r5_take_mode() - have the cluster in the mode of a core that is about to be started
 * @core: the core, claimed, its memory requested
 *
 * On ZynqMP only; elsewhere it is not known which other cores are in the cluster. The secure
 * monitor refuses to change the mode while the reset of the whole RPU is asserted, which the
 * request for memory has taken back, and is not asked for what is so already.
 *
 * Context: process; rproc->lock held.
 * Return: 0, -EBUSY if a core runs in another mode, or the errno of a call to the management
 * firmware. What is wrong has been reported.
 */
int xlnx_r5_take_mode(struct xlnx_r5_core *core)
{
	bool attaches = core->amp.rproc->state == RPROC_DETACHED;
	int ret;

	if (!core->soc->is_zynqmp)
		return 0;
	mutex_lock(&claims_lock);
	ret = configure(core, attaches || !list_is_singular(&claims) || xlnx_r5_zynqmp_in_use());
	mutex_unlock(&claims_lock);
	if (ret)
		dev_err(core->amp.dev, "cluster cannot have the mode that this core needs: %d\n",
			ret);
	return ret;
}
