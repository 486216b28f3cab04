// SPDX-License-Identifier: GPL-2.0-only
/*
 * Life of a remote processor: allocation, registration, removal.
 *
 * Everything is devm, on the device whose driver is bound; the remote's own device may be one that
 * no driver binds to. Registration with the remoteproc core comes last, because from then on user
 * space can start the remote.
 *
 * Copyright (c) 2026 linux-amp developers
 */
#include <linux/amp_version.h>
#include <linux/device.h>
#include <linux/elf.h>
#include <linux/module.h>
#include <linux/of.h>
#include <linux/remoteproc.h>
#include <linux/slab.h>
#include <linux/workqueue.h>

#include "amp_rproc_internal.h"

static void free_rproc(void *data)
{
	rproc_free(data);
}

/* A crash reported at the last moment; the core of some kernels does not wait for this. */
static void cancel_crash(void *data)
{
	struct rproc *rproc = data;

	cancel_work_sync(&rproc->crash_handler);
}

/**
 * devm_amp_rproc_alloc() - allocate a remote processor
 * @owner:     device whose driver is being probed; everything is released with it
 * @dev:       device of the remote, with the devicetree node that describes it; may be @owner
 * @ops:       its rproc_ops
 * @desc:      what kind of processor this is
 * @priv_size: size of the driver's private data, which begins with a struct amp_rproc
 *
 * The remote gets the name of @dev, which is unique and the same after every boot. With a
 * "firmware-name" property it boots by itself as soon as it is registered, as in the kernel's own
 * drivers.
 *
 * Context: process, may sleep.
 * Return: the remote, or ERR_PTR of -ENOMEM, of what an unreadable "firmware-name" gives, or of
 * what kthread_create_worker() returns.
 */
struct rproc *devm_amp_rproc_alloc(struct device *owner, struct device *dev,
				   const struct rproc_ops *ops, const struct amp_rproc_desc *desc,
				   size_t priv_size)
{
	const char *fw_name = NULL;
	struct amp_rproc *ar;
	struct rproc *rproc;
	int ret;

	ret = of_property_read_string(dev->of_node, "firmware-name", &fw_name);
	if (ret && ret != -EINVAL)
		return ERR_PTR(dev_err_probe(dev, ret, "bad firmware-name\n"));

	rproc = rproc_alloc(dev, dev_name(dev), ops, fw_name, priv_size);
	if (!rproc)
		return ERR_PTR(-ENOMEM);
	ret = devm_add_action_or_reset(owner, free_rproc, rproc);
	if (ret)
		return ERR_PTR(ret);

	rproc->auto_boot = fw_name;
	/* Nothing here notices a crash yet, and a restart without noticing why is no recovery. */
	rproc->recovery_disabled = true;
	rproc_coredump_set_elf_info(rproc, ELFCLASS32, desc->elf_machine);

	ar = to_amp_rproc(rproc);
	ar->rproc = rproc;
	ar->dev = dev;
	ar->owner = owner;
	ar->desc = desc;

	ret = devm_amp_rproc_notify_init(ar);
	if (ret)
		return ERR_PTR(ret);
	return rproc;
}
EXPORT_SYMBOL_NS_GPL(devm_amp_rproc_alloc, "AMP_RPROC");

struct shutdown_work {
	struct work_struct work;
	struct rproc *rproc;
	int ret;
};

static void do_shutdown(struct work_struct *work)
{
	struct shutdown_work *shutdown = container_of(work, struct shutdown_work, work);

	shutdown->ret = rproc_shutdown(shutdown->rproc);
}

/*
 * rproc_shutdown() gives up when the caller has a signal pending, which is fine for somebody who
 * typed "stop", but not when what the remote uses is freed next. A kernel worker has no signals.
 */
static int shutdown_for_sure(struct rproc *rproc)
{
	struct shutdown_work shutdown = { .rproc = rproc };

	INIT_WORK_ONSTACK(&shutdown.work, do_shutdown);
	queue_work(system_long_wq, &shutdown.work);
	flush_work(&shutdown.work);
	destroy_work_on_stack(&shutdown.work);
	return shutdown.ret;
}

/* What a failed recovery leaves behind: off, but with everything that a running remote holds. */
static void release_leftovers(struct rproc *rproc)
{
	lockdep_assert_held(&rproc->lock);

	if (rproc->state != RPROC_OFFLINE || !atomic_read(&rproc->power))
		return;
	rproc->ops->unprepare(rproc);
	kfree(rproc->cached_table);
	rproc->cached_table = NULL;
	rproc->table_ptr = NULL;
	atomic_set(&rproc->power, 0);
}

/*
 * Called again until it says that the remote is off. The core gives up one reference only, and
 * refuses to stop a crashed remote.
 */
static bool has_to_be_stopped(struct rproc *rproc)
{
	struct amp_rproc *ar = to_amp_rproc(rproc);
	bool runs;

	mutex_lock(&rproc->lock);
	ar->removing = true;
	if (rproc->state == RPROC_CRASHED)
		rproc->state = RPROC_RUNNING;
	if (atomic_read(&rproc->power) > 1)
		atomic_set(&rproc->power, 1);
	release_leftovers(rproc);
	runs = rproc->state == RPROC_RUNNING || rproc->state == RPROC_ATTACHED;
	mutex_unlock(&rproc->lock);
	return runs;
}

/*
 * Or the core would leave a remote running, and virtio devices registered, without the driver that
 * serves them. Others may ask for a start at the same time, which counts as long as it runs.
 */
static void power_off(void *data)
{
	struct rproc *rproc = data;
	int tries = 10, ret = 0;

	while (has_to_be_stopped(rproc) && tries--)
		ret = shutdown_for_sure(rproc);
	if (ret)
		dev_err(&rproc->dev, "cannot stop at removal: %d\n", ret);
}

/**
 * devm_amp_rproc_add() - register a remote with the remoteproc core
 * @ar: a remote that is ready to be started
 *
 * Context: process, may sleep.
 * Return: 0 or a negative errno of devm_rproc_add().
 */
int devm_amp_rproc_add(struct amp_rproc *ar)
{
	int ret;

	/* Undone right after the remote has left the core. */
	ret = devm_add_action(ar->owner, cancel_crash, ar->rproc);
	if (ret)
		return ret;
	ret = devm_rproc_add(ar->owner, ar->rproc);
	if (ret)
		return dev_err_probe(ar->dev, ret, "cannot register with remoteproc\n");
	return devm_add_action_or_reset(ar->owner, power_off, ar->rproc);
}
EXPORT_SYMBOL_NS_GPL(devm_amp_rproc_add, "AMP_RPROC");

MODULE_DESCRIPTION("Shared code of remote processor drivers");
MODULE_AUTHOR("linux-amp developers");
MODULE_LICENSE("GPL");
MODULE_VERSION(AMP_VERSION);
