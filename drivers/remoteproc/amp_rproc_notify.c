// SPDX-License-Identifier: GPL-2.0-only
/*
 * Notifications from the remote, from interrupt context to the virtqueues.
 *
 * One kernel thread per remote delivers them and does nothing else, so that neither other work of
 * the system nor another remote delays them. It takes no lock of the core: the core holds
 * rproc->lock while it stops a remote, and stopping waits here until nothing is being delivered.
 *
 * Two kinds of notification do not wait for that thread. That the remote has used messages which
 * were sent to it wakes senders, and the thread can be one, in the callback of a driver. And a
 * driver that can do its work in any context may say so, see virtio_at_once().
 *
 * What protects the virtqueues instead is a gate. It is open only while virtqueues exist and nobody
 * is about to create or delete some: closed before the core stops virtio devices, and around every
 * bind and unbind of a virtio driver, which user space can ask for at any time. Closing it waits
 * for a delivery in progress: to any virtqueue, or to one of the device that is bound or unbound.
 * Opening it delivers everything once, so nothing is lost meanwhile.
 *
 * A delivery lasts as long as the remote has messages and drivers take to handle them. A remote
 * that never stops to send, or never takes what a driver answers, would keep whoever closes the
 * gate waiting. Such a remote gets its virtio devices marked broken, or that one, which ends both.
 *
 * Documentation/locking.rst has the argument why this cannot deadlock.
 *
 * Copyright (c) 2026 linux-amp developers
 */
#include <linux/bits.h>
#include <linux/device.h>
#include <linux/err.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/preempt.h>
#include <linux/sched.h>
#include <linux/string.h>
#include <linux/timekeeping.h>
#include <linux/virtio.h>
#include <linux/virtio_ids.h>

#include "amp_rproc_internal.h"

/* How long closing the gate waits for an honest remote and its drivers. */
#define PATIENCE_MS	500

/*
 * What is delivered in the interrupt may take a quarter of the time of a tick of the clock, and be
 * in the middle of something at its end. The rest is the thread's: a remote that rings without end
 * takes its time, not all of a CPU.
 */
#define AT_ONCE_NS	(TICK_NSEC / 4)

/* The virtio bus. It has no name that a module could use, so a driver that fits nothing asks. */
static typeof(((struct device_driver *)NULL)->bus) virtio_bus_type;

static const struct virtio_device_id no_ids[] = {
	{ }
};

static int probe_nothing(struct virtio_device *vdev)
{
	return -ENODEV;
}

static struct virtio_driver bus_finder = {
	.driver.name = KBUILD_MODNAME,
	.driver.owner = THIS_MODULE,
	.id_table = no_ids,
	.probe = probe_nothing,
};

static struct amp_rproc_notify *to_notify(struct rproc_subdev *subdev)
{
	return container_of(subdev, struct amp_rproc_notify, subdev);
}

static struct amp_rproc *notify_to_amp_rproc(struct amp_rproc_notify *n)
{
	return container_of(n, struct amp_rproc, notify);
}

static bool gate_is_open(const struct amp_rproc_notify *n)
{
	lockdep_assert_held(&n->lock);

	return n->started && !n->changing;
}

/* The gate was open, and stays so until this has ended. Return: what is left for the thread. */
static unsigned long call_at_once(struct amp_rproc *ar, unsigned long ids)
{
	struct amp_rproc_notify *n = &ar->notify;
	unsigned long left = 0;
	int id;

	for (; ids; ids &= ids - 1) {
		id = __ffs(ids);
		if (!n->at_once_of[id].handler)
			rproc_vq_interrupt(ar->rproc, id);
		else if (!n->at_once_of[id].handler(n->at_once_of[id].vq))
			left |= BIT(id);
	}
	return left;
}

static void deliver_at_once(struct amp_rproc *ar, unsigned long ids, bool look)
{
	struct amp_rproc_notify *n = &ar->notify;
	u64 start = ktime_get_mono_fast_ns();
	unsigned long flags, left;
	bool idle;

	left = call_at_once(ar, ids);
	/* A broken ring is nothing that a handler deals with, so the thread looks at those. */
	if (look && !left)
		amp_rproc_crash_look(ar, 0);

	raw_spin_lock_irqsave(&n->lock, flags);
	if (left) {
		n->pending |= left;
		kthread_queue_work(n->worker, &n->work);
	}
	n->spent_ns += ktime_get_mono_fast_ns() - start;
	n->at_once--;
	idle = !n->at_once;
	raw_spin_unlock_irqrestore(&n->lock, flags);
	if (idle && wq_has_sleeper(&n->idle))
		wake_up_all(&n->idle);
}

/* Waking up takes locks that sleep there; interrupt handlers are threads, but for a few. */
static bool may_wake_up(void)
{
	return !preempt_model_rt() || !in_hardirq();
}

static bool may_deliver_at_once(struct amp_rproc_notify *n)
{
	unsigned long now = jiffies;

	lockdep_assert_held(&n->lock);

	if (!may_wake_up())
		return false;
	/* Any other tick, however long ago: time_after() takes what is very old for the future. */
	if (n->tick != now) {
		n->tick = now;
		n->spent_ns = 0;
	}
	return n->spent_ns < AT_ONCE_NS;
}

/**
 * amp_rproc_notify() - the remote has touched virtqueues
 * @ar:        the remote
 * @notifyids: a bit for each notify id it may have meant; AMP_RPROC_ALL_NOTIFYIDS if it did not say
 *
 * What the remote writes after this call has to cause another one. A mailbox is acknowledged only
 * when it is delivered; while the gate is closed it stays unacknowledged, and opening makes up for
 * it.
 *
 * Context: any, including hard interrupt.
 */
void amp_rproc_notify(struct amp_rproc *ar, unsigned long notifyids)
{
	struct amp_rproc_notify *n = &ar->notify;
	unsigned long flags, now = 0;
	bool look = false;

	raw_spin_lock_irqsave(&n->lock, flags);
	if (gate_is_open(n)) {
		now = notifyids & (n->urgent | n->direct);
		if (now && !may_deliver_at_once(n))
			now = 0;
		n->at_once += !!now;
		n->pending |= notifyids & n->rings & ~now;
		/* Else the thread is told even of nothing: it acknowledges, and looks. */
		look = now && n->direct && !n->pending;
		if (!look)
			kthread_queue_work(n->worker, &n->work);
	}
	raw_spin_unlock_irqrestore(&n->lock, flags);
	if (now)
		deliver_at_once(ar, now, look);
}
EXPORT_SYMBOL_NS_GPL(amp_rproc_notify, "AMP_RPROC");

/* Nothing may be left to deliver: it was urgent, and told of a crash all the same. */
static bool begin_delivery(struct amp_rproc_notify *n, unsigned long *ids)
{
	bool open;

	raw_spin_lock_irq(&n->lock);
	open = gate_is_open(n);
	if (open) {
		*ids = n->pending & n->rings;
		n->pending = 0;
		n->inside = AMP_RPROC_ALL_NOTIFYIDS;
	}
	raw_spin_unlock_irq(&n->lock);
	return open;
}

/*
 * Go on with other rings, with those of one device while the driver of another changes. Return:
 * false if the gate has been closed meanwhile. What is left then comes when it opens.
 */
static bool go_on_with(struct amp_rproc_notify *n, unsigned long ids)
{
	bool open;

	raw_spin_lock_irq(&n->lock);
	open = gate_is_open(n);
	if (open)
		n->inside = ids;
	raw_spin_unlock_irq(&n->lock);
	return open;
}

static void end_delivery(struct amp_rproc_notify *n)
{
	raw_spin_lock_irq(&n->lock);
	n->inside = 0;
	raw_spin_unlock_irq(&n->lock);
	wake_up_all(&n->idle);
}

static bool shall_tell(struct amp_rproc_notify *n)
{
	bool broken;

	raw_spin_lock_irq(&n->lock);
	broken = n->broken;
	n->broken = false;
	raw_spin_unlock_irq(&n->lock);
	return broken;
}

/*
 * virtio keeps interrupts of a broken ring from its driver, so nobody would tell those who sleep in
 * poll(). What is urgent has a callback that does nothing but wake them.
 */
static void tell_waiters(struct amp_rproc *ar)
{
	unsigned long ids = ar->notify.urgent;
	struct rproc_vring *rvring;
	struct virtqueue *vq;
	int id;

	for_each_set_bit(id, &ids, AMP_RPROC_MAX_NOTIFYIDS) {
		rvring = idr_find(&ar->rproc->notifyids, id);
		vq = rvring ? rvring->vq : NULL;
		if (vq && vq->callback && virtqueue_is_broken(vq))
			vq->callback(vq);
	}
}

static void deliver_rings(struct amp_rproc *ar, unsigned long ids)
{
	int id;

	for_each_set_bit(id, &ids, AMP_RPROC_MAX_NOTIFYIDS) {
		if (!go_on_with(&ar->notify, BIT(id)))
			break;
		rproc_vq_interrupt(ar->rproc, id);
	}
}

static void deliver(struct kthread_work *work)
{
	struct amp_rproc_notify *n = container_of(work, struct amp_rproc_notify, work);
	struct amp_rproc *ar = notify_to_amp_rproc(n);
	unsigned long ids;

	if (!begin_delivery(n, &ids))
		return;
	/*
	 * What this wipes out may be the doorbell of any ring: the one that was delivered at once
	 * before, or one that rang after all that was pending had been taken.
	 */
	if (amp_rproc_mbox_ack(ar))
		ids = n->rings;

	/*
	 * The gate was open: the core allocates and frees notify ids only while it is closed and
	 * nothing is being delivered, so the look-up inside cannot race. Ids that are not in use
	 * are passed over.
	 */
	deliver_rings(ar, ids);
	/* All: what is urgent was delivered elsewhere, and may have been found broken since. */
	if (go_on_with(n, AMP_RPROC_ALL_NOTIFYIDS)) {
		amp_rproc_crash_look(ar, n->rings);
		if (shall_tell(n))
			tell_waiters(ar);
	}
	end_delivery(n);
}

static int break_device(struct device *dev, void *data)
{
	virtio_break_device(dev_to_virtio(dev));
	return 0;
}

/**
 * amp_rproc_break_devices() - end all that waits for a remote
 * @ar: the remote
 *
 * Who waits for room is told by the thread, if the gate is open, or when it opens.
 *
 * Context: process; rproc->lock held, so that the list of devices stays.
 */
void amp_rproc_break_devices(struct amp_rproc *ar)
{
	struct amp_rproc_notify *n = &ar->notify;
	struct rproc_vdev *rvdev;

	list_for_each_entry(rvdev, &ar->rproc->rvdevs, node)
		device_for_each_child(&rvdev->pdev->dev, NULL, break_device);

	raw_spin_lock_irq(&n->lock);
	n->broken = true;
	if (gate_is_open(n))
		kthread_queue_work(n->worker, &n->work);
	raw_spin_unlock_irq(&n->lock);
}

static bool is_idle(struct amp_rproc_notify *n, unsigned long ids)
{
	bool idle;

	raw_spin_lock_irq(&n->lock);
	idle = !(n->inside & ids) && !n->at_once;
	raw_spin_unlock_irq(&n->lock);
	return idle;
}

static bool becomes_idle(struct amp_rproc_notify *n, unsigned long ids)
{
	return wait_event_timeout(n->idle, is_idle(n, ids), msecs_to_jiffies(PATIENCE_MS));
}

/* Whatever rang at the closed gate, or before there was a virtqueue to notify. */
static void deliver_all_if_open(struct amp_rproc_notify *n)
{
	lockdep_assert_held(&n->lock);

	if (!gate_is_open(n))
		return;
	n->pending = AMP_RPROC_ALL_NOTIFYIDS;
	kthread_queue_work(n->worker, &n->work);
}

/* Notify ids of a device. */
static unsigned long ids_of(const struct amp_rproc *ar, const struct virtio_device *vdev)
{
	struct rproc_vdev *rvdev;
	unsigned long ids = 0;
	int i, id;

	list_for_each_entry(rvdev, &ar->rproc->rvdevs, node) {
		if (&rvdev->pdev->dev != vdev->dev.parent)
			continue;
		for (i = 0; i < ARRAY_SIZE(rvdev->vring); i++) {
			id = rvdev->vring[i].notifyid;
			if (rvdev->vring[i].num && id >= 0 && id < AMP_RPROC_MAX_NOTIFYIDS)
				ids |= BIT(id);
		}
	}
	return ids;
}

/*
 * Only this device's virtqueues are about to come or to go. A driver of another device that takes
 * its time in a callback has nothing to do with that: it goes on, but no further than to its end.
 *
 * The list of devices does not change: the core adds to it before there is a device, and removes
 * from it after it has unregistered them all, which waits for whoever binds or unbinds one.
 */
static void begin_change(struct amp_rproc_notify *n, struct virtio_device *vdev)
{
	unsigned long ids = ids_of(notify_to_amp_rproc(n), vdev);

	raw_spin_lock_irq(&n->lock);
	n->changing++;
	raw_spin_unlock_irq(&n->lock);
	if (becomes_idle(n, ids))
		return;

	dev_warn(&vdev->dev, "remote keeps this device busy, ending that by force\n");
	virtio_break_device(vdev);
	wait_event(n->idle, is_idle(n, ids));
}

static void end_change(struct amp_rproc_notify *n)
{
	raw_spin_lock_irq(&n->lock);
	if (!WARN_ON(!n->changing)) {
		n->changing--;
		deliver_all_if_open(n);
	}
	raw_spin_unlock_irq(&n->lock);
}

static int notifyid_of(const struct amp_rproc *ar, const struct virtqueue *vq)
{
	struct rproc_vdev *rvdev;
	int i;

	list_for_each_entry(rvdev, &ar->rproc->rvdevs, node)
		for (i = 0; i < ARRAY_SIZE(rvdev->vring); i++)
			if (rvdev->vring[i].vq == vq)
				return rvdev->vring[i].notifyid;
	return -ENOENT;
}

/*
 * Rings of RPMsg devices for messages to the remote are urgent: the second one. Their callback
 * wakes senders, in our transport and in the kernel's own, and virtio expects callbacks to be
 * called in interrupts.
 */
static bool is_urgent(u32 device_id, unsigned int ring)
{
	return ring == 1 && device_id == VIRTIO_ID_RPMSG;
}

/**
 * virtio_at_once() - have doorbells of a virtqueue handled where they arrive
 * @vq:      the virtqueue, of any bus
 * @handler: handles them, or leaves them to the virtqueue's callback
 *
 * Until the driver is unbound. Not for a remote whose mailbox has to be acknowledged: that is the
 * thread's, and what comes before it has to be looked for after it. But what is urgent is delivered
 * at once even there, and again by the thread; the handler is asked in place of the callback.
 *
 * Context: process; from a virtio driver's probe, after it has found its virtqueues.
 * Return: false if it will not happen, and the callback is called for each.
 */
bool virtio_at_once(struct virtqueue *vq, virtio_at_once_t handler)
{
	struct rproc *rproc = rproc_get_by_child(&vq->vdev->dev);
	struct amp_rproc_notify *n;
	struct amp_rproc *ar;
	bool closed, direct;
	int id;

	if (!rproc || !amp_rproc_is_ours(rproc))
		return false;
	ar = to_amp_rproc(rproc);
	n = &ar->notify;
	id = notifyid_of(ar, vq);
	if (id < 0 || id >= AMP_RPROC_MAX_NOTIFYIDS)
		return false;
	direct = !amp_rproc_mbox_wants_ack(ar);
	if (!direct && !is_urgent(vq->vdev->id.device, vq->index))
		return false;

	raw_spin_lock_irq(&n->lock);
	closed = !gate_is_open(n);
	if (closed) {
		n->at_once_of[id].vq = vq;
		n->at_once_of[id].vdev = vq->vdev;
		n->at_once_of[id].handler = handler;
		if (direct)
			n->direct |= BIT(id);
	}
	raw_spin_unlock_irq(&n->lock);
	return closed;
}
EXPORT_SYMBOL_GPL(virtio_at_once);

/* The gate is closed. The virtqueues are gone already. */
static void forget_at_once(struct amp_rproc_notify *n, const struct virtio_device *vdev)
{
	int id;

	raw_spin_lock_irq(&n->lock);
	for (id = 0; id < AMP_RPROC_MAX_NOTIFYIDS; id++) {
		if (n->at_once_of[id].vdev != vdev)
			continue;
		memset(&n->at_once_of[id], 0, sizeof(n->at_once_of[id]));
		n->direct &= ~BIT(id);
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
		begin_change(n, dev_to_virtio(data));
		break;
	case BUS_NOTIFY_DRIVER_NOT_BOUND:
	case BUS_NOTIFY_UNBOUND_DRIVER:
		forget_at_once(n, dev_to_virtio(data));
		fallthrough;
	case BUS_NOTIFY_BOUND_DRIVER:
		/* Status, features and rings are those of the new driver, or of none. */
		amp_rproc_table_push(notify_to_amp_rproc(n));
		end_change(n);
		break;
	}
	return NOTIFY_DONE;
}

static void find_rings(struct amp_rproc_notify *n)
{
	struct rproc_vdev *rvdev;
	int i, id;

	n->rings = 0;
	n->urgent = 0;
	list_for_each_entry(rvdev, &notify_to_amp_rproc(n)->rproc->rvdevs, node) {
		for (i = 0; i < ARRAY_SIZE(rvdev->vring); i++) {
			id = rvdev->vring[i].notifyid;
			if (!rvdev->vring[i].num || id < 0 || id >= AMP_RPROC_MAX_NOTIFYIDS)
				continue;
			n->rings |= BIT(id);
			if (is_urgent(rvdev->id, i))
				n->urgent |= BIT(id);
		}
	}
}

/* After the last virtio device was registered. Called with rproc->lock held. */
static int subdev_start(struct rproc_subdev *subdev)
{
	struct amp_rproc_notify *n = to_notify(subdev);

	/* The gate is closed. */
	find_rings(n);
	raw_spin_lock_irq(&n->lock);
	n->started = true;
	n->broken = false;
	deliver_all_if_open(n);
	raw_spin_unlock_irq(&n->lock);
	return 0;
}

/*
 * Before the first virtio device is unregistered. Called with rproc->lock held, and again without a
 * start in between if the first stop failed.
 */
static void subdev_stop(struct rproc_subdev *subdev, bool crashed)
{
	struct amp_rproc_notify *n = to_notify(subdev);
	struct amp_rproc *ar = notify_to_amp_rproc(n);

	raw_spin_lock_irq(&n->lock);
	n->started = false;
	raw_spin_unlock_irq(&n->lock);
	if (becomes_idle(n, AMP_RPROC_ALL_NOTIFYIDS))
		return;

	dev_warn(&ar->rproc->dev, "remote keeps its virtio devices busy, ending that by force\n");
	amp_rproc_break_devices(ar);
	wait_event(n->idle, is_idle(n, AMP_RPROC_ALL_NOTIFYIDS));
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

	bus_unregister_notifier(virtio_bus_type, &n->bus_nb);
	/* The gate is closed: the remote has been stopped, or was never started. */
	kthread_destroy_worker(n->worker);
}

/**
 * devm_amp_rproc_notify_init() - create the notification context of a remote
 * @ar: the remote; @ar->owner is set
 *
 * Context: process, may sleep.
 * Return: 0, -ENOMEM or what kthread_create_worker() or bus_register_notifier() return.
 */
int devm_amp_rproc_notify_init(struct amp_rproc *ar)
{
	struct amp_rproc_notify *n = &ar->notify;
	int ret;

	raw_spin_lock_init(&n->lock);
	init_waitqueue_head(&n->idle);
	kthread_init_work(&n->work, deliver);
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

	/* Now, not at the first start: a driver may bind as soon as there is a device. */
	ret = bus_register_notifier(virtio_bus_type, &n->bus_nb);
	if (ret) {
		kthread_destroy_worker(n->worker);
		return ret;
	}
	return devm_add_action_or_reset(ar->owner, notify_exit, n);
}

/**
 * amp_rproc_init_notify() - find the virtio bus
 *
 * Context: process, may sleep.
 * Return: 0 or what register_virtio_driver() returns.
 */
int amp_rproc_init_notify(void)
{
	int ret = register_virtio_driver(&bus_finder);

	if (ret)
		return ret;
	virtio_bus_type = bus_finder.driver.bus;
	unregister_virtio_driver(&bus_finder);
	return 0;
}
