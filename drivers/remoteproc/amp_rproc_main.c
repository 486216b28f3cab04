// SPDX-License-Identifier: GPL-2.0-only
/*
 * Life of a remote processor: allocation, registration, removal, also when the system goes down.
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
#include <linux/reboot.h>
#include <linux/remoteproc.h>
#include <linux/workqueue.h>

#include "amp_rproc_internal.h"

static void free_rproc(void *data)
{
	rproc_free(data);
}

/* A crash reported at the last moment; the core of some kernels does not wait for its work. */
static void cancel_works(void *data)
{
	struct amp_rproc *ar = data;

	cancel_delayed_work_sync(&ar->life.later);
	cancel_work_sync(&ar->crash.work);
	cancel_delayed_work_sync(&ar->crash.recover);
	cancel_work_sync(&ar->rproc->crash_handler);
	cancel_work_sync(&ar->life.leftovers);
}

/**
 * devm_amp_rproc_alloc() - allocate a remote processor
 * @owner:     device whose driver is being probed; everything is released with it
 * @dev:       device of the remote, with the devicetree node that describes it; may be @owner
 * @ops:       its rproc_ops: .prepare, .unprepare, .start, .stop, .kick and those for ELF files;
 *             .attach and .detach if the hardware has a part in that
 * @desc:      what kind of processor this is
 * @priv_size: size of the driver's private data, which begins with a struct amp_rproc
 *
 * The remote gets the name of @dev, which is unique and the same after every boot, unless @desc has
 * another: the name is what scripts find it by, and part of the name of its default firmware. With
 * a "firmware-name" property it boots by itself as soon as it is registered, as in the kernel's own
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
		return ERR_PTR(dev_err_probe(owner, ret, "%pOF: bad firmware-name\n",
					     dev->of_node));

	rproc = rproc_alloc(dev, desc->name ?: dev_name(dev), ops, fw_name, priv_size);
	if (!rproc)
		return ERR_PTR(-ENOMEM);
	ret = devm_add_action_or_reset(owner, free_rproc, rproc);
	if (ret)
		return ERR_PTR(ret);

	rproc->auto_boot = fw_name;
	rproc_coredump_set_elf_info(rproc, ELFCLASS32, desc->elf_machine);

	ar = to_amp_rproc(rproc);
	ar->rproc = rproc;
	ar->dev = dev;
	ar->owner = owner;
	ar->desc = desc;

	raw_spin_lock_init(&ar->table.lock);
	amp_rproc_crash_init(ar);
	amp_rproc_life_init(ar, ops);

	ret = devm_amp_rproc_notify_init(ar);
	if (ret)
		return ERR_PTR(ret);
	return rproc;
}
EXPORT_SYMBOL_NS_GPL(devm_amp_rproc_alloc, "AMP_RPROC");

/*
 * Or the core would leave a remote running, and virtio devices registered, without the driver that
 * serves them.
 */
static void power_off(void *data)
{
	amp_rproc_leave(data);
}

/*
 * The next kernel finds remotes that it did not start running, undisturbed by this one, and can
 * attach to them as this one did. Those that this kernel started do not outlive it: nobody would
 * know of them.
 */
static int going_down(struct notifier_block *nb, unsigned long action, void *data)
{
	struct amp_rproc *ar = container_of(nb, struct amp_rproc, life.reboot_nb);

	amp_rproc_leave(ar->rproc);
	return NOTIFY_DONE;
}

static void forget_reboot(void *nb)
{
	unregister_reboot_notifier(nb);
}

static int leave_at_reboot(struct amp_rproc *ar)
{
	int ret;

	ar->life.reboot_nb.notifier_call = going_down;
	ret = register_reboot_notifier(&ar->life.reboot_nb);
	return ret ?: devm_add_action_or_reset(ar->owner, forget_reboot, &ar->life.reboot_nb);
}

/**
 * amp_rproc_is_running() - something else has started this remote
 * @ar: the remote, not registered yet
 *
 * Its state will be "detached", and a start attaches to it: by hand, or at once if its node has a
 * "firmware-name" or the driver has set auto_boot.
 *
 * Context: probe.
 */
void amp_rproc_is_running(struct amp_rproc *ar)
{
	ar->rproc->state = RPROC_DETACHED;
}
EXPORT_SYMBOL_NS_GPL(amp_rproc_is_running, "AMP_RPROC");

/**
 * devm_amp_rproc_get_resources() - find what a remote's node names
 * @ar: the remote, not registered yet
 *
 * Clocks, resets, supplies, power domains, pins and the watchdog's interrupt: all of which another
 * driver may have to provide first. A driver of several remotes calls this for all of them before
 * it registers the first.
 *
 * Context: process, may sleep.
 * Return: 0, -EPROBE_DEFER if a provider is not there yet, what that provider answers, or -ENOMEM.
 */
int devm_amp_rproc_get_resources(struct amp_rproc *ar)
{
	int ret;

	ret = devm_amp_rproc_get_held(ar);
	if (ret)
		return ret;
	return devm_amp_rproc_request_watchdog(ar);
}
EXPORT_SYMBOL_NS_GPL(devm_amp_rproc_get_resources, "AMP_RPROC");

/*
 * The core would attach while it registers the remote, and not register one whose attachment is
 * refused; the driver would have to take its other remotes back, too.
 */
static void attach_now(struct amp_rproc *ar)
{
	int ret = rproc_boot(ar->rproc);

	if (ret)
		dev_warn(&ar->rproc->dev, "cannot attach: %d\n", ret);
}

/**
 * devm_amp_rproc_add() - register a remote with the remoteproc core
 * @ar: a remote that is ready to be started, whose resources have been found
 *
 * If it is to be started by itself, that is under way when this returns, or has failed.
 *
 * Context: process, may sleep.
 * Return: 0, what the provider of a resource answers for a remote that runs already, or a negative
 * errno of devm_rproc_add().
 */
int devm_amp_rproc_add(struct amp_rproc *ar)
{
	bool to_attach = ar->rproc->auto_boot && ar->rproc->state == RPROC_DETACHED;
	int ret;

	/* What a remote that runs needs, nobody shall find unused and switch off. */
	if (ar->rproc->state == RPROC_DETACHED) {
		ret = amp_rproc_hold(ar);
		if (ret)
			return ret;
	}
	/* Undone right after the remote has left the core. */
	ret = devm_add_action(ar->owner, cancel_works, ar);
	if (ret)
		return ret;
	if (to_attach)
		ar->rproc->auto_boot = false;
	ret = devm_rproc_add(ar->owner, ar->rproc);
	if (ret)
		return dev_err_probe(ar->owner, ret, "%pOF: cannot register with remoteproc\n",
				     ar->dev->of_node);
	ret = devm_add_action_or_reset(ar->owner, power_off, ar->rproc);
	if (ret)
		return ret;
	ret = devm_amp_rproc_sleep(ar);
	if (ret)
		return ret;
	ret = leave_at_reboot(ar);
	if (ret)
		return ret;
	if (to_attach)
		attach_now(ar);
	return 0;
}
EXPORT_SYMBOL_NS_GPL(devm_amp_rproc_add, "AMP_RPROC");

/* Not the system's: a stop waits for it, and what runs there may wait for a stop. */
struct workqueue_struct *amp_rproc_wq;

static int __init amp_rproc_init(void)
{
	int ret;

	amp_rproc_wq = alloc_workqueue("amp_rproc", WQ_UNBOUND | WQ_FREEZABLE, 0);
	if (!amp_rproc_wq)
		return -ENOMEM;
	ret = amp_rproc_init_notify();
	if (ret)
		destroy_workqueue(amp_rproc_wq);
	return ret;
}
module_init(amp_rproc_init);

static void __exit amp_rproc_exit(void)
{
	destroy_workqueue(amp_rproc_wq);
}
module_exit(amp_rproc_exit);

MODULE_DESCRIPTION("Shared code of remote processor drivers");
MODULE_AUTHOR("linux-amp developers");
MODULE_LICENSE("GPL");
MODULE_VERSION(AMP_VERSION);
