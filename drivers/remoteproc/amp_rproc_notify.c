// SPDX-License-Identifier: GPL-2.0-only
/*
 * Notifications from the remote, from interrupt context to the virtqueues.
 *
 * One kernel thread per remote delivers them and does nothing else, so that neither other work of
 * the system nor another remote delays them. It takes no lock of the core: the core holds
 * rproc->lock while it stops a remote, and stopping waits here until nothing is being delivered.
 *
 * What protects the virtqueues instead is a gate. It is open only while virtqueues exist and nobody
 * is about to create or delete some: closed before the core stops virtio devices, and around every
 * bind and unbind of a virtio driver, which user space can ask for at any time. Closing it waits
 * for a delivery in progress. Opening it delivers everything once, so nothing is lost meanwhile.
 *
 * Documentation/locking.rst has the argument why this cannot deadlock.
 *
 * Copyright (c) 2026 linux-amp developers
 */
#include <linux/device.h>
#include <linux/err.h>
#include <linux/kthread.h>
#include <linux/minmax.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/sched.h>

#include "amp_rproc_internal.h"

static struct amp_rproc *notify_to_amp_rproc(struct amp_rproc_notify *n)
{
	return container_of(n, struct amp_rproc, notify);
}

/**
 * amp_rproc_notify() - the remote has touched virtqueues
 * @ar:        the remote
 * @notifyids: a bit for each notify id it may have meant; AMP_RPROC_ALL_NOTIFYIDS if it did not say
 *
 * The doorbell must have been acknowledged before: what the remote writes after this call has to
 * raise a new one.
 *
 * Context: any, including hard interrupt.
 */
void amp_rproc_notify(struct amp_rproc *ar, unsigned long notifyids)
{
	struct amp_rproc_notify *n = &ar->notify;
	unsigned long flags;

	raw_spin_lock_irqsave(&n->lock, flags);
	n->pending |= notifyids;
	if (!n->paused)
		kthread_queue_work(n->worker, &n->work);
	raw_spin_unlock_irqrestore(&n->lock, flags);
}
EXPORT_SYMBOL_NS_GPL(amp_rproc_notify, "AMP_RPROC");

static void deliver(struct kthread_work *work)
{
	struct amp_rproc_notify *n = container_of(work, struct amp_rproc_notify, work);
	struct rproc *rproc = notify_to_amp_rproc(n)->rproc;
	unsigned long ids;
	int id;

	raw_spin_lock_irq(&n->lock);
	ids = n->pending;
	n->pending = 0;
	raw_spin_unlock_irq(&n->lock);

	/*
	 * The gate is open: the core allocates and frees notify ids only while it is closed, so the
	 * look-up inside cannot race. Ids that are not in use are passed over.
	 */
	for_each_set_bit(id, &ids, AMP_RPROC_MAX_NOTIFYIDS)
		rproc_vq_interrupt(rproc, id);
}

static void close_gate(struct amp_rproc_notify *n)
{
	raw_spin_lock_irq(&n->lock);
	n->paused++;
	raw_spin_unlock_irq(&n->lock);

	/* From here on nobody queues it. */
	kthread_cancel_work_sync(&n->work);
}

static void open_gate(struct amp_rproc_notify *n)
{
	raw_spin_lock_irq(&n->lock);
	if (!WARN_ON(!n->paused) && !--n->paused) {
		/* Whatever rang at the closed gate, or before there was a virtqueue to notify. */
		n->pending = AMP_RPROC_ALL_NOTIFYIDS;
		kthread_queue_work(n->worker, &n->work);
	}
	raw_spin_unlock_irq(&n->lock);
}

/* A virtio driver is bound to or unbound from a device: it creates or deletes virtqueues. */
static int virtio_driver_changes(struct notifier_block *nb, unsigned long action, void *data)
{
	struct amp_rproc_notify *n = container_of(nb, struct amp_rproc_notify, bus_nb);

	if (rproc_get_by_child(data) != notify_to_amp_rproc(n)->rproc)
		return NOTIFY_DONE;

	switch (action) {
	case BUS_NOTIFY_BIND_DRIVER:
	case BUS_NOTIFY_UNBIND_DRIVER:
		close_gate(n);
		break;
	case BUS_NOTIFY_BOUND_DRIVER:
	case BUS_NOTIFY_DRIVER_NOT_BOUND:
	case BUS_NOTIFY_UNBOUND_DRIVER:
		open_gate(n);
		break;
	}
	return NOTIFY_DONE;
}

static int watch_bus(struct device *dev, void *data)
{
	struct amp_rproc_notify *n = data;
	int ret;

	ret = bus_register_notifier(dev->bus, &n->bus_nb);
	if (ret)
		return ret;
	/* Pointer to const from v6.4 on; only to be handed back. */
	n->bus = (struct bus_type *)dev->bus;
	return 1;
}

/*
 * The virtio bus has no name that a module could use. Its first device gives it away, and until
 * that has been bound for the first time the gate is closed anyway.
 */
static int find_virtio_bus(struct amp_rproc *ar)
{
	struct amp_rproc_notify *n = &ar->notify;
	struct rproc_vdev *rvdev;
	int ret;

	if (n->bus)
		return 0;
	list_for_each_entry(rvdev, &ar->rproc->rvdevs, node) {
		ret = device_for_each_child(&rvdev->pdev->dev, n, watch_bus);
		if (ret)
			return min(ret, 0);
	}
	return 0;
}

/* After the last virtio device was registered. Called with rproc->lock held. */
static int subdev_start(struct rproc_subdev *subdev)
{
	struct amp_rproc_notify *n = container_of(subdev, struct amp_rproc_notify, subdev);
	int ret;

	ret = find_virtio_bus(notify_to_amp_rproc(n));
	if (ret)
		return ret;
	open_gate(n);
	return 0;
}

/* Before the first virtio device is unregistered. Called with rproc->lock held. */
static void subdev_stop(struct rproc_subdev *subdev, bool crashed)
{
	struct amp_rproc_notify *n = container_of(subdev, struct amp_rproc_notify, subdev);

	close_gate(n);
}

/**
 * amp_rproc_notify_arm() - put the gate behind the virtio devices
 * @ar: a remote that is about to be started
 *
 * The core starts sub-devices in the order of its list and stops them in the reverse order, so the
 * gate has to follow the virtio devices, which the core adds anew at each start.
 *
 * Context: process; rproc->lock held, sub-devices not started.
 */
void amp_rproc_notify_arm(struct amp_rproc *ar)
{
	lockdep_assert_held(&ar->rproc->lock);

	if (ar->notify.armed)
		return;
	rproc_add_subdev(ar->rproc, &ar->notify.subdev);
	ar->notify.armed = true;
}

/**
 * amp_rproc_notify_disarm() - undo amp_rproc_notify_arm()
 * @ar: a remote that has been stopped
 *
 * Context: process; rproc->lock held, sub-devices stopped.
 */
void amp_rproc_notify_disarm(struct amp_rproc *ar)
{
	lockdep_assert_held(&ar->rproc->lock);

	if (!ar->notify.armed)
		return;
	rproc_remove_subdev(ar->rproc, &ar->notify.subdev);
	ar->notify.armed = false;
}

static void notify_exit(void *data)
{
	struct amp_rproc_notify *n = data;

	if (n->bus)
		bus_unregister_notifier(n->bus, &n->bus_nb);
	/* The gate is closed: the remote has been stopped, or was never started. */
	kthread_destroy_worker(n->worker);
}

/**
 * devm_amp_rproc_notify_init() - create the notification context of a remote
 * @ar: the remote; @ar->owner is set
 *
 * Context: process, may sleep.
 * Return: 0, -ENOMEM or what kthread_create_worker() returns.
 */
int devm_amp_rproc_notify_init(struct amp_rproc *ar)
{
	struct amp_rproc_notify *n = &ar->notify;

	raw_spin_lock_init(&n->lock);
	kthread_init_work(&n->work, deliver);
	n->paused = 1;
	n->subdev.start = subdev_start;
	n->subdev.stop = subdev_stop;
	n->bus_nb.notifier_call = virtio_driver_changes;

	n->worker = kthread_create_worker(0, "%s", dev_name(&ar->rproc->dev));
	if (IS_ERR(n->worker))
		return PTR_ERR(n->worker);
	/* As a WQ_HIGHPRI worker: ahead of ordinary load, behind real-time tasks. */
	set_user_nice(n->worker->task, MIN_NICE);
	/* Before v6.14 it runs already, which makes this a spurious wake-up. */
	wake_up_process(n->worker->task);

	return devm_add_action_or_reset(ar->owner, notify_exit, n);
}
