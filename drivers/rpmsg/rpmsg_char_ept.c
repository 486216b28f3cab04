// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (c) 2026 linux-amp developers
 *
 * The endpoint behind /dev/rpmsgN: there while the device is open, and what it
 * tells, messages, room and flow control, on its way to whoever waits.
 */

#include <linux/slab.h>

#include "rpmsg_char_dev.h"
#include "rpmsg_waiters.h"

/* So many who wait are woken in an interrupt. */
#define FEW_WAITERS	4

static void announce(struct rpmsg_eptdev *eptdev)
{
	wake_up_interruptible_poll(&eptdev->readers, EPOLLIN | EPOLLRDNORM);
	kill_fasync(&eptdev->async, SIGIO, POLL_IN);
}

/**
 * rpmsg_eptdev_announce() - tell everybody of a message, however many they are
 * @work: in the device
 *
 * Context: process.
 */
void rpmsg_eptdev_announce(struct work_struct *work)
{
	announce(container_of(work, struct rpmsg_eptdev, announce));
}

static bool is_crowded(struct wait_queue_head *waiting)
{
	return rpmsg_is_crowded(waiting, FEW_WAITERS);
}

/*
 * Perhaps in an interrupt. A file can have any number of pollers, and a signal any number of
 * receivers, who are found under a lock that is not for interrupts (tasklist_lock).
 */
static void announce_at_once(struct rpmsg_eptdev *eptdev)
{
	/* Has a full barrier; readers and pollers have one before they look at the queue. */
	bool awaited = wq_has_sleeper(&eptdev->readers);

	if (READ_ONCE(eptdev->async) || (awaited && is_crowded(&eptdev->readers)))
		queue_work(system_highpri_wq, &eptdev->announce);
	else if (awaited)
		wake_up_interruptible_poll(&eptdev->readers, EPOLLIN | EPOLLRDNORM);
}

/**
 * rpmsg_eptdev_cb() - a message has arrived for an endpoint device
 * @rpdev: rpmsg device of the endpoint
 * @data:  payload
 * @len:   its length in bytes
 * @priv:  the endpoint device
 * @src:   who sent it
 *
 * Context: that of the transport; any.
 * Return: 0, -ENXIO if there is no device yet, or that of rpmsg_char_queue_put().
 */
int rpmsg_eptdev_cb(struct rpmsg_device *rpdev, void *data, int len, void *priv, u32 src)
{
	struct rpmsg_eptdev *eptdev = priv;
	int ret;

	/* A transport that delivers before a channel's driver is probed. */
	if (!eptdev)
		return -ENXIO;

	ret = rpmsg_char_queue_put(&eptdev->queue, data, len);
	if (!ret)
		announce(eptdev);
	return ret;
}

/*
 * As above, on a transport that lends its buffers. While messages are not wanted,
 * none is dropped: they stay in the buffers until the remote has none left.
 */
static bool take_in_place(struct rpmsg_endpoint *ept, const void *data, size_t len, u32 src,
			  struct rpmsg_ext_buf *buf)
{
	struct rpmsg_eptdev *eptdev = ept->priv;
	bool always = test_bit(FLOW_PAUSED, &eptdev->flow);
	bool kept;

	kept = buf && rpmsg_char_queue_borrow(&eptdev->queue, buf, always);
	if (kept || !rpmsg_char_queue_put(&eptdev->queue, data, len))
		announce_at_once(eptdev);
	return kept;
}

/**
 * rpmsg_eptdev_flow_cb() - the remote wants no messages, or wants them again
 * @rpdev: rpmsg device of the endpoint
 * @priv:  the endpoint device
 * @pause: which of the two
 *
 * Context: that of the transport; any.
 * Return: 0, or -ENXIO if there is no device yet.
 */
int rpmsg_eptdev_flow_cb(struct rpmsg_device *rpdev, void *priv, bool pause)
{
	struct rpmsg_eptdev *eptdev = priv;

	if (!eptdev)
		return -ENXIO;

	assign_bit(FLOW_RESTRICTED, &eptdev->flow, pause);
	/* Whoever sees the change sees the state; pairs with get_flow(). */
	smp_mb__before_atomic();
	set_bit(FLOW_CHANGED, &eptdev->flow);
	wake_up_interruptible_poll(&eptdev->readers, EPOLLPRI);
	kill_fasync(&eptdev->async, SIGIO, POLL_PRI);
	return 0;
}

static void tell_of_room(struct rpmsg_eptdev *eptdev, __poll_t events)
{
	wake_up_interruptible_poll(&eptdev->writers, events);
	if (events & EPOLLERR)
		wake_up_interruptible_poll(&eptdev->readers, events);
	kill_fasync(&eptdev->async, SIGIO, events & EPOLLERR ? POLL_ERR : POLL_OUT);
}

/**
 * rpmsg_eptdev_room() - tell everybody of room, or that there will be none
 * @work: in the device
 *
 * Context: process.
 */
void rpmsg_eptdev_room(struct work_struct *work)
{
	struct rpmsg_eptdev *eptdev = container_of(work, struct rpmsg_eptdev, room);
	__poll_t events = READ_ONCE(eptdev->room_events);

	/* An event that was on its way when the link broke may have taken the place of that. */
	if (READ_ONCE(eptdev->broken))
		events |= EPOLLERR;
	tell_of_room(eptdev, events);
}

/* Perhaps in an interrupt, see announce_at_once(). */
static int room_event(wait_queue_entry_t *entry, unsigned int mode, int flags, void *key)
{
	struct rpmsg_eptdev *eptdev = container_of(entry, struct rpmsg_eptdev, room_entry);
	__poll_t events = key ? key_to_poll(key) : EPOLLOUT | EPOLLWRNORM;

	/* Set before anybody is woken, for whom it is the reason not to sleep again. */
	if (events & EPOLLERR)
		/* Whoever sees it sees the messages that came before: pairs with is_over(). */
		smp_store_release(&eptdev->broken, true);
	if (READ_ONCE(eptdev->async) || is_crowded(&eptdev->writers) ||
	    (events & EPOLLERR && is_crowded(&eptdev->readers))) {
		WRITE_ONCE(eptdev->room_events, events);
		queue_work(system_highpri_wq, &eptdev->room);
	} else {
		tell_of_room(eptdev, events);
	}
	return 0;
}

static void room_register(struct file *file, wait_queue_head_t *head, poll_table *table)
{
	struct rpmsg_eptdev *eptdev = container_of(table, struct rpmsg_eptdev, room_table);

	if (eptdev->room_head)
		return;
	eptdev->room_head = head;
	add_wait_queue(head, &eptdev->room_entry);
}

/*
 * Files must not queue on the transport itself: an epoll set keeps its entry
 * until the file is closed, which may be long after the transport has gone.
 */
static void watch_room(struct rpmsg_eptdev *eptdev, struct rpmsg_endpoint *ept)
{
	lockdep_assert_held(&eptdev->lock);

	init_waitqueue_func_entry(&eptdev->room_entry, room_event);
	init_poll_funcptr(&eptdev->room_table, room_register);
	eptdev->room_head = NULL;
	WRITE_ONCE(eptdev->broken, false);
	/* One that is broken already takes no entry, and tells nobody. */
	if (rpmsg_poll(ept, NULL, &eptdev->room_table) & EPOLLERR)
		WRITE_ONCE(eptdev->broken, true);
}

static void unwatch_room(struct rpmsg_eptdev *eptdev)
{
	lockdep_assert_held(&eptdev->lock);

	if (eptdev->room_head)
		remove_wait_queue(eptdev->room_head, &eptdev->room_entry);
	eptdev->room_head = NULL;
}

/**
 * rpmsg_eptdev_begin() - get an endpoint for a device that is being opened
 * @eptdev: the device
 *
 * Context: process, with @eptdev->lock held.
 * Return: 0, -ENXIO if the device is going, -EBUSY if it has an endpoint, -EINVAL
 * if the transport gives none, usually because the address is in use.
 */
int rpmsg_eptdev_begin(struct rpmsg_eptdev *eptdev)
{
	struct rpmsg_endpoint *ept;

	lockdep_assert_held(&eptdev->lock);

	if (eptdev->gone)
		return -ENXIO;
	if (eptdev->ept)
		return -EBUSY;

	ept = eptdev->default_ept;
	if (!ept)
		ept = rpmsg_create_ept(eptdev->rpdev, rpmsg_eptdev_cb, eptdev, eptdev->chinfo);
	if (!ept) {
		dev_dbg(&eptdev->dev, "no endpoint with address %#x\n", eptdev->chinfo.src);
		return -EINVAL;
	}
	if (ept != eptdev->default_ept) {
		eptdev->flow = 0;
		rpmsg_ept_set_flow_cb(ept, rpmsg_eptdev_flow_cb);
	}
	watch_room(eptdev, ept);
	clear_bit(FLOW_PAUSED, &eptdev->flow);
	eptdev->ext = rpmsg_ext_find(ept);
	if (eptdev->ext) {
		rpmsg_char_queue_set_borrows(&eptdev->queue, true);
		eptdev->ext->listen(ept, take_in_place, RPMSG_EXT_AT_ONCE);
	}
	WRITE_ONCE(eptdev->src, ept->addr);
	WRITE_ONCE(eptdev->ept, ept);
	return 0;
}

/**
 * rpmsg_eptdev_set_flow() - want messages, or none for now
 * @eptdev: the device; has an endpoint
 * @pause:  which of the two
 *
 * A transport that lends its buffers has no word for the remote. But a remote whose
 * messages all stay where they are cannot send more.
 *
 * Context: process, with @eptdev->lock held.
 * Return: 0, -EOPNOTSUPP if the transport cannot tell the remote.
 */
int rpmsg_eptdev_set_flow(struct rpmsg_eptdev *eptdev, bool pause)
{
	lockdep_assert_held(&eptdev->lock);

	if (!eptdev->ext)
		return rpmsg_set_flow_control(eptdev->ept, pause, eptdev->chinfo.dst);
	assign_bit(FLOW_PAUSED, &eptdev->flow, pause);
	eptdev->ext->listen(eptdev->ept, take_in_place,
			    RPMSG_EXT_AT_ONCE | (pause ? RPMSG_EXT_LEND_ALL : 0));
	return 0;
}

/**
 * rpmsg_eptdev_free_msg() - be done with a message
 * @eptdev: the device
 * @msg:    the message
 *
 * Context: process; with @eptdev->lock held unless it is a copy.
 */
void rpmsg_eptdev_free_msg(struct rpmsg_eptdev *eptdev, struct rpmsg_ext_buf *msg)
{
	/* A reader who is behind comes again soon. */
	bool more = !rpmsg_char_queue_is_empty(&eptdev->queue);

	if (rpmsg_char_is_copy(msg))
		rpmsg_char_free_copy(msg);
	else
		eptdev->ext->give_back(eptdev->ept, msg, more);
}

/**
 * rpmsg_eptdev_purge() - be done with all messages
 * @eptdev: the device
 *
 * Context: process; with @eptdev->lock held if it has an endpoint.
 */
void rpmsg_eptdev_purge(struct rpmsg_eptdev *eptdev)
{
	struct rpmsg_ext_buf *msg, *next;
	LIST_HEAD(msgs);

	rpmsg_char_queue_take_all(&eptdev->queue, &msgs);
	list_for_each_entry_safe(msg, next, &msgs, node)
		rpmsg_eptdev_free_msg(eptdev, msg);
}

/* What can still be read when the endpoint is gone must not be in its buffers. */
static void copy_what_is_lent(struct rpmsg_eptdev *eptdev)
{
	struct rpmsg_ext_buf *msg, *next, *copy;
	LIST_HEAD(msgs);

	rpmsg_char_queue_take_all(&eptdev->queue, &msgs);
	list_for_each_entry_safe(msg, next, &msgs, node) {
		if (rpmsg_char_is_copy(msg))
			continue;
		copy = rpmsg_char_copy(msg->data, msg->len, GFP_KERNEL);
		if (copy) {
			list_replace(&msg->node, &copy->node);
		} else {
			list_del(&msg->node);
			rpmsg_char_queue_drop(&eptdev->queue);
		}
		rpmsg_eptdev_free_msg(eptdev, msg);
	}
	rpmsg_char_queue_put_back(&eptdev->queue, &msgs);
}

/**
 * rpmsg_eptdev_leave() - take the endpoint from a device until it is opened again
 * @eptdev: the device
 * @keep:   what was received can still be read
 *
 * Context: process, with @eptdev->lock held.
 */
void rpmsg_eptdev_leave(struct rpmsg_eptdev *eptdev, bool keep)
{
	struct rpmsg_endpoint *ept = eptdev->ept;

	lockdep_assert_held(&eptdev->lock);

	if (!ept)
		return;
	unwatch_room(eptdev);
	if (eptdev->ext) {
		eptdev->ext->listen(ept, NULL, 0);
		rpmsg_char_queue_set_borrows(&eptdev->queue, false);
	}
	if (keep)
		copy_what_is_lent(eptdev);
	else
		rpmsg_eptdev_purge(eptdev);
	eptdev->ext = NULL;
	WRITE_ONCE(eptdev->ept, NULL);
	WRITE_ONCE(eptdev->src, eptdev->chinfo.src);
	if (ept != eptdev->default_ept)
		rpmsg_destroy_ept(ept);
}

/**
 * rpmsg_eptdev_end() - part an endpoint device from its endpoint for ever
 * @eptdev: the device
 *
 * Everybody who waits on it wakes up.
 *
 * Context: process; may sleep.
 */
void rpmsg_eptdev_end(struct rpmsg_eptdev *eptdev)
{
	mutex_lock(&eptdev->lock);
	eptdev->gone = true;
	rpmsg_eptdev_leave(eptdev, true);
	eptdev->default_ept = NULL;
	mutex_unlock(&eptdev->lock);

	wake_up_all(&eptdev->readers);
	wake_up_all(&eptdev->writers);
	kill_fasync(&eptdev->async, SIGIO, POLL_HUP);
}
