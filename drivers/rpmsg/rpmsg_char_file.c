// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (c) 2026 linux-amp developers
 *
 * Open files of /dev/rpmsgN: reading, writing and polling. Documentation/abi.rst
 * has the interface.
 *
 * No lock is held while anybody waits, so closing, polling and removal never wait
 * for a reader or writer. See send_once() for the one transport where that cannot
 * be had.
 */

#include <linux/jiffies.h>
#include <linux/minmax.h>
#include <linux/sched/signal.h>
#include <linux/sizes.h>
#include <linux/slab.h>
#include <linux/uio.h>

#include "rpmsg_char_dev.h"

/* How long a blocking write waits for room, as OpenAMP does. */
#define WRITE_MS		15000

/*
 * A writer looks for room on its own in this interval: in case the remote forgot
 * a doorbell, or because the transport cannot tell.
 */
#define LOOK_MS			100
#define LOOK_UNTOLD_MS		5

/* What the transport may add to a file's events; the rest is known better here. */
#define ROOM_EVENTS		(EPOLLOUT | EPOLLWRNORM | EPOLLERR)

/* Longest write on a transport that does not tell its limit. */
#define MTU_UNKNOWN_BYTES	SZ_1M

static int rpmsg_eptdev_open(struct inode *inode, struct file *file)
{
	struct rpmsg_eptdev *eptdev = container_of(inode->i_cdev, struct rpmsg_eptdev, cdev);
	int ret;

	if (mutex_lock_interruptible(&eptdev->lock))
		return -ERESTARTSYS;
	ret = rpmsg_eptdev_begin(eptdev);
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
	rpmsg_eptdev_leave(eptdev);
	/* Before anybody can open it again: what comes then is theirs. */
	rpmsg_char_queue_purge(&eptdev->queue);
	mutex_unlock(&eptdev->lock);

	if (eptdev->fd_only)
		rpmsg_eptdev_delete(eptdev);
	put_device(&eptdev->dev);
	return 0;
}

static int rpmsg_eptdev_fasync(int fd, struct file *file, int on)
{
	struct rpmsg_eptdev *eptdev = file->private_data;

	return fasync_helper(fd, file, on, &eptdev->async);
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

/* What transports say when they have no room, or none for this message yet. */
static bool means_no_room(int ret)
{
	return ret == -ENOMEM || ret == -EAGAIN || ret == -EBUSY;
}

/*
 * Asking for room also makes the transport announce it, so ask after a failure,
 * and try again if it came up in between.
 */
static int try_send(struct rpmsg_eptdev *eptdev, void *buf, size_t bytes)
{
	struct rpmsg_endpoint *ept = eptdev->ept;
	int ret;

	lockdep_assert_held(&eptdev->lock);

	do {
		ret = rpmsg_trysendto(ept, buf, bytes, eptdev->chinfo.dst);
		if (!means_no_room(ret))
			return ret;
	} while (eptdev->room_head && rpmsg_poll(ept, NULL, NULL) & EPOLLOUT);
	return ret;
}

/*
 * GLINK says -EBUSY until the remote has been asked for a buffer of this size,
 * which only a send that waits does. There is no reference to hold on to its
 * endpoint meanwhile but the lock.
 */
static int send_once(struct rpmsg_eptdev *eptdev, void *buf, size_t bytes, bool nonblock)
{
	int ret;

	if (mutex_lock_interruptible(&eptdev->lock))
		return -ERESTARTSYS;
	if (!eptdev->ept)
		ret = -EPIPE;
	else
		ret = try_send(eptdev, buf, bytes);
	if (ret == -EBUSY && !nonblock && !eptdev->room_head)
		ret = rpmsg_sendto(eptdev->ept, buf, bytes, eptdev->chinfo.dst);
	mutex_unlock(&eptdev->lock);
	return means_no_room(ret) ? -EAGAIN : ret;
}

static int send_wait(struct rpmsg_eptdev *eptdev, void *buf, size_t bytes)
{
	unsigned long end = jiffies + msecs_to_jiffies(WRITE_MS);
	unsigned int look_ms = READ_ONCE(eptdev->room_head) ? LOOK_MS : LOOK_UNTOLD_MS;
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
		wait_woken(&wait, TASK_INTERRUPTIBLE, msecs_to_jiffies(look_ms));
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
	else
		mask |= EPOLLOUT | EPOLLWRNORM;
	mutex_unlock(&eptdev->lock);

	if (test_bit(FLOW_CHANGED, &eptdev->flow))
		mask |= EPOLLPRI;
	if (!rpmsg_char_queue_is_empty(&eptdev->queue))
		mask |= EPOLLIN | EPOLLRDNORM;
	return mask;
}

const struct file_operations rpmsg_eptdev_fops = {
	.owner = THIS_MODULE,
	.open = rpmsg_eptdev_open,
	.release = rpmsg_eptdev_release,
	.read_iter = rpmsg_eptdev_read_iter,
	.write_iter = rpmsg_eptdev_write_iter,
	.poll = rpmsg_eptdev_poll,
	.fasync = rpmsg_eptdev_fasync,
	.unlocked_ioctl = rpmsg_eptdev_ioctl,
	.compat_ioctl = compat_ptr_ioctl,
};
