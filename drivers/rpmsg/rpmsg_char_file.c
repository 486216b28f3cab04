// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (c) 2026 linux-amp developers
 *
 * Open files of /dev/rpmsgN: the endpoint while the device is open, reading,
 * writing and polling. Documentation/abi.rst has the interface.
 *
 * No lock is held while anybody waits, so closing, polling and removal never wait
 * for a reader or writer. Only on a transport that cannot tell when it has room
 * does a blocking write wait inside of it.
 */

#include <linux/jiffies.h>
#include <linux/minmax.h>
#include <linux/sched/signal.h>
#include <linux/sizes.h>
#include <linux/slab.h>
#include <linux/uio.h>
#include <uapi/linux/rpmsg.h>

#include "rpmsg_char_dev.h"

/* How long a blocking write waits for room, as OpenAMP does. */
#define WRITE_MS		15000

/* A writer looks for room on its own in this interval, in case the remote forgot a doorbell. */
#define LOOK_MS			100

/* What the transport may add to a file's events; the rest is known better here. */
#define ROOM_EVENTS		(EPOLLOUT | EPOLLWRNORM | EPOLLERR)

/* Longest write on a transport that does not tell its limit. */
#define MTU_UNKNOWN_BYTES	SZ_1M

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
		wake_up_interruptible_poll(&eptdev->readers, EPOLLIN | EPOLLRDNORM);
	return ret;
}

static int room_event(wait_queue_entry_t *entry, unsigned int mode, int flags, void *key)
{
	struct rpmsg_eptdev *eptdev = container_of(entry, struct rpmsg_eptdev, room_entry);

	wake_up_interruptible_poll(&eptdev->writers, EPOLLOUT | EPOLLWRNORM);
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
	rpmsg_poll(ept, NULL, &eptdev->room_table);
}

static void unwatch_room(struct rpmsg_eptdev *eptdev)
{
	lockdep_assert_held(&eptdev->lock);

	if (eptdev->room_head)
		remove_wait_queue(eptdev->room_head, &eptdev->room_entry);
	eptdev->room_head = NULL;
}

static int open_ept(struct rpmsg_eptdev *eptdev)
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
	watch_room(eptdev, ept);
	WRITE_ONCE(eptdev->src, ept->addr);
	WRITE_ONCE(eptdev->ept, ept);
	return 0;
}

static void close_ept(struct rpmsg_eptdev *eptdev)
{
	struct rpmsg_endpoint *ept = eptdev->ept;

	lockdep_assert_held(&eptdev->lock);

	if (!ept)
		return;
	unwatch_room(eptdev);
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
	close_ept(eptdev);
	eptdev->default_ept = NULL;
	mutex_unlock(&eptdev->lock);

	wake_up_all(&eptdev->readers);
	wake_up_all(&eptdev->writers);
}

static int rpmsg_eptdev_open(struct inode *inode, struct file *file)
{
	struct rpmsg_eptdev *eptdev = container_of(inode->i_cdev, struct rpmsg_eptdev, cdev);
	int ret;

	if (mutex_lock_interruptible(&eptdev->lock))
		return -ERESTARTSYS;
	ret = open_ept(eptdev);
	mutex_unlock(&eptdev->lock);
	if (ret)
		return ret;

	get_device(&eptdev->dev);
	file->private_data = eptdev;
	return 0;
}

static int rpmsg_eptdev_release(struct inode *inode, struct file *file)
{
	struct rpmsg_eptdev *eptdev = file->private_data;

	mutex_lock(&eptdev->lock);
	close_ept(eptdev);
	/* Before anybody can open it again: what comes then is theirs. */
	rpmsg_char_queue_purge(&eptdev->queue);
	mutex_unlock(&eptdev->lock);

	put_device(&eptdev->dev);
	return 0;
}

/* What was received before the endpoint went can still be read. */
static struct rpmsg_char_msg *wait_for_message(struct rpmsg_eptdev *eptdev, bool nonblock)
{
	struct rpmsg_char_msg *msg;
	bool alive;
	int ret;

	for (;;) {
		alive = READ_ONCE(eptdev->ept);
		msg = rpmsg_char_queue_get(&eptdev->queue);
		if (msg)
			return msg;
		if (!alive)
			return ERR_PTR(-EPIPE);
		if (nonblock)
			return ERR_PTR(-EAGAIN);

		/* Another reader may be faster, hence the loop. */
		ret = wait_event_interruptible(eptdev->readers,
					       !rpmsg_char_queue_is_empty(&eptdev->queue) ||
					       !READ_ONCE(eptdev->ept));
		if (ret)
			return ERR_PTR(ret);
	}
}

static ssize_t rpmsg_eptdev_read_iter(struct kiocb *iocb, struct iov_iter *to)
{
	struct rpmsg_eptdev *eptdev = iocb->ki_filp->private_data;
	struct rpmsg_char_msg *msg;
	size_t bytes;

	msg = wait_for_message(eptdev, iocb->ki_filp->f_flags & O_NONBLOCK);
	if (IS_ERR(msg))
		return PTR_ERR(msg);

	bytes = min(iov_iter_count(to), msg->bytes);
	if (copy_to_iter(msg->data, bytes, to) != bytes) {
		rpmsg_char_queue_unget(&eptdev->queue, msg);
		wake_up_interruptible_poll(&eptdev->readers, EPOLLIN | EPOLLRDNORM);
		return -EFAULT;
	}
	if (bytes < msg->bytes)
		atomic_long_inc(&eptdev->truncated);
	kfree(msg);
	return bytes;
}

/*
 * Transports call "no room" -ENOMEM or -EAGAIN. Asking for room also makes the
 * transport announce it, so ask after a failure, and try again if it came up in
 * between.
 */
static int try_send(struct rpmsg_eptdev *eptdev, void *buf, size_t bytes)
{
	struct rpmsg_endpoint *ept = eptdev->ept;
	int ret;

	lockdep_assert_held(&eptdev->lock);

	do {
		ret = rpmsg_trysendto(ept, buf, bytes, eptdev->chinfo.dst);
		if (ret != -ENOMEM && ret != -EAGAIN)
			return ret;
	} while (eptdev->room_head && rpmsg_poll(ept, NULL, NULL) & EPOLLOUT);
	return -EAGAIN;
}

/* Without a word from the transport about room, it has to do the waiting itself. */
static int send_once(struct rpmsg_eptdev *eptdev, void *buf, size_t bytes, bool nonblock)
{
	int ret;

	if (mutex_lock_interruptible(&eptdev->lock))
		return -ERESTARTSYS;
	if (!eptdev->ept)
		ret = -EPIPE;
	else if (nonblock || eptdev->room_head)
		ret = try_send(eptdev, buf, bytes);
	else
		ret = rpmsg_sendto(eptdev->ept, buf, bytes, eptdev->chinfo.dst);
	mutex_unlock(&eptdev->lock);
	return ret;
}

static int send_wait(struct rpmsg_eptdev *eptdev, void *buf, size_t bytes)
{
	unsigned long end = jiffies + msecs_to_jiffies(WRITE_MS);
	DEFINE_WAIT_FUNC(wait, woken_wake_function);
	int ret;

	add_wait_queue(&eptdev->writers, &wait);
	for (;;) {
		ret = send_once(eptdev, buf, bytes, false);
		if (ret != -EAGAIN)
			break;
		ret = -ERESTARTSYS;
		if (signal_pending(current))
			break;
		ret = -ETIMEDOUT;
		if (time_after_eq(jiffies, end))
			break;
		wait_woken(&wait, TASK_INTERRUPTIBLE, msecs_to_jiffies(LOOK_MS));
	}
	remove_wait_queue(&eptdev->writers, &wait);
	return ret;
}

static ssize_t get_mtu(struct rpmsg_eptdev *eptdev)
{
	ssize_t ret = -EPIPE;

	if (mutex_lock_interruptible(&eptdev->lock))
		return -ERESTARTSYS;
	if (eptdev->ept)
		ret = rpmsg_get_mtu(eptdev->ept);
	mutex_unlock(&eptdev->lock);
	return ret == -ENOTSUPP ? MTU_UNKNOWN_BYTES : ret;
}

static ssize_t rpmsg_eptdev_write_iter(struct kiocb *iocb, struct iov_iter *from)
{
	struct rpmsg_eptdev *eptdev = iocb->ki_filp->private_data;
	bool nonblock = iocb->ki_filp->f_flags & O_NONBLOCK;
	size_t bytes = iov_iter_count(from);
	ssize_t mtu = get_mtu(eptdev);
	void *buf;
	int ret;

	if (mtu < 0)
		return mtu;
	if (bytes > mtu)
		return -EMSGSIZE;

	buf = kvmalloc(bytes, GFP_KERNEL);
	if (!buf)
		return -ENOMEM;

	if (!copy_from_iter_full(buf, bytes, from)) {
		ret = -EFAULT;
	} else {
		ret = send_once(eptdev, buf, bytes, nonblock);
		if (ret == -EAGAIN && !nonblock)
			ret = send_wait(eptdev, buf, bytes);
	}
	kvfree(buf);
	return ret ? ret : bytes;
}

static __poll_t rpmsg_eptdev_poll(struct file *file, poll_table *table)
{
	struct rpmsg_eptdev *eptdev = file->private_data;
	__poll_t mask = 0;

	poll_wait(file, &eptdev->readers, table);
	poll_wait(file, &eptdev->writers, table);

	mutex_lock(&eptdev->lock);
	if (!eptdev->ept)
		mask |= EPOLLHUP | EPOLLERR;
	else if (eptdev->room_head)
		mask |= rpmsg_poll(eptdev->ept, NULL, NULL) & ROOM_EVENTS;
	mutex_unlock(&eptdev->lock);

	if (!rpmsg_char_queue_is_empty(&eptdev->queue))
		mask |= EPOLLIN | EPOLLRDNORM;
	return mask;
}

static bool stands_for_channel(const struct rpmsg_eptdev *eptdev)
{
	return eptdev->dev.parent == &eptdev->rpdev->dev;
}

/*
 * A device that is being removed is no longer among the children of its parent.
 * The lock of the parent keeps the parent from going before that is done.
 */
static int destroy_by_request(struct rpmsg_eptdev *eptdev)
{
	struct device *parent;
	bool first;

	mutex_lock(&eptdev->del_lock);
	parent = eptdev->deleted ? NULL : get_device(eptdev->dev.parent);
	mutex_unlock(&eptdev->del_lock);
	if (!parent)
		return -EPIPE;

	device_lock(parent);
	first = rpmsg_eptdev_delete(eptdev);
	device_unlock(parent);
	put_device(parent);
	return first ? 0 : -EPIPE;
}

static long rpmsg_eptdev_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	struct rpmsg_eptdev *eptdev = file->private_data;

	if (cmd != RPMSG_DESTROY_EPT_IOCTL)
		return -ENOTTY;
	/* The endpoint of a channel goes with the channel. */
	if (stands_for_channel(eptdev))
		return -EINVAL;
	return destroy_by_request(eptdev);
}

const struct file_operations rpmsg_eptdev_fops = {
	.owner = THIS_MODULE,
	.open = rpmsg_eptdev_open,
	.release = rpmsg_eptdev_release,
	.read_iter = rpmsg_eptdev_read_iter,
	.write_iter = rpmsg_eptdev_write_iter,
	.poll = rpmsg_eptdev_poll,
	.unlocked_ioctl = rpmsg_eptdev_ioctl,
	.compat_ioctl = compat_ptr_ioctl,
};
