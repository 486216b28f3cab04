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
#include <linux/pagemap.h>
#include <linux/sched/signal.h>
#include <linux/sizes.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
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
	rpmsg_eptdev_leave(eptdev, false);
	/* Before anybody can open it again: what comes then is theirs. */
	rpmsg_eptdev_purge(eptdev);
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

/*
 * Taking a mutex is a place to schedule, on kernels that are preempted at such places alone. So is
 * the end of a system call, which is near: once a message is enough.
 */
static int lock_interruptible(struct rpmsg_eptdev *eptdev)
{
	if (mutex_trylock(&eptdev->lock))
		return 0;
	return mutex_lock_interruptible(&eptdev->lock);
}

/*
 * Straight from the transport's buffer if the pages are there. With the lock held
 * nobody may wait for pages, so if they are not, a copy is taken home first.
 * Return: bytes; 0 with *@msgp no longer lent; -ENOMEM with *@msgp in the queue.
 */
static ssize_t copy_lent(struct rpmsg_eptdev *eptdev, struct rpmsg_ext_buf **msgp,
			 struct iov_iter *to)
{
	struct rpmsg_ext_buf *copy, *msg = *msgp;
	size_t bytes = min(iov_iter_count(to), msg->len);
	size_t copied;

	lockdep_assert_held(&eptdev->lock);

	pagefault_disable();
	copied = copy_to_iter(msg->data, bytes, to);
	pagefault_enable();
	if (copied == bytes && bytes) {
		if (bytes < msg->len)
			atomic_long_inc(&eptdev->truncated);
		rpmsg_eptdev_free_msg(eptdev, msg);
		return bytes;
	}

	iov_iter_revert(to, copied);
	copy = rpmsg_char_copy(msg->data, msg->len, GFP_KERNEL);
	if (!copy) {
		rpmsg_char_queue_unget(&eptdev->queue, msg);
		wake_up_interruptible_poll(&eptdev->readers, EPOLLIN | EPOLLRDNORM);
		return -ENOMEM;
	}
	rpmsg_eptdev_free_msg(eptdev, msg);
	*msgp = copy;
	return 0;
}

static ssize_t copy_home(struct rpmsg_eptdev *eptdev, struct rpmsg_ext_buf *msg,
			 struct iov_iter *to)
{
	size_t bytes = min(iov_iter_count(to), msg->len);

	if (copy_to_iter(msg->data, bytes, to) != bytes) {
		mutex_lock(&eptdev->lock);
		rpmsg_char_queue_unget(&eptdev->queue, msg);
		mutex_unlock(&eptdev->lock);
		wake_up_interruptible_poll(&eptdev->readers, EPOLLIN | EPOLLRDNORM);
		return -EFAULT;
	}
	if (bytes < msg->len)
		atomic_long_inc(&eptdev->truncated);
	rpmsg_char_free_copy(msg);
	return bytes;
}

/* Nothing will come any more: the endpoint has gone, or those who end it have yet to come. */
static bool is_over(const struct rpmsg_eptdev *eptdev)
{
	/* Acquire: the last messages are in the queue if it is. */
	return !READ_ONCE(eptdev->ept) || smp_load_acquire(&eptdev->broken);
}

/* What was received before that can still be read. */
static ssize_t read_once(struct rpmsg_eptdev *eptdev, struct iov_iter *to)
{
	struct rpmsg_ext_buf *msg;
	ssize_t ret = 0;
	bool over;

	if (lock_interruptible(eptdev))
		return -ERESTARTSYS;
	/* In this order, or the last message could come between the two. */
	over = is_over(eptdev);
	msg = rpmsg_char_queue_get(&eptdev->queue);
	if (!msg)
		ret = over ? -EPIPE : -EAGAIN;
	else if (!rpmsg_char_is_copy(msg))
		ret = copy_lent(eptdev, &msg, to);
	mutex_unlock(&eptdev->lock);
	return ret ? ret : copy_home(eptdev, msg, to);
}

static bool is_readable(const struct rpmsg_eptdev *eptdev)
{
	return !rpmsg_char_queue_is_empty(&eptdev->queue) || is_over(eptdev);
}

/*
 * As wait_event_interruptible(), which queues a second time after it was woken, to look again: the
 * caller looks before it takes a lock. Return: 0 if it may be worth a look.
 */
static int wait_for_message(struct rpmsg_eptdev *eptdev)
{
	DEFINE_WAIT(wait);
	int ret = 0;

	/* Has a full barrier before the look; announce_at_once() has one after the message. */
	prepare_to_wait(&eptdev->readers, &wait, TASK_INTERRUPTIBLE);
	if (!is_readable(eptdev)) {
		if (signal_pending(current))
			ret = -ERESTARTSYS;
		else
			schedule();
	}
	finish_wait(&eptdev->readers, &wait);
	return ret;
}

static ssize_t read_message(struct file *file, struct iov_iter *to)
{
	struct rpmsg_eptdev *eptdev = file->private_data;
	bool wait = !(file->f_flags & O_NONBLOCK);
	ssize_t ret;

	/* Another reader may be faster, hence the loop. */
	do {
		while (wait && !is_readable(eptdev)) {
			ret = wait_for_message(eptdev);
			if (ret)
				return ret;
		}
		ret = read_once(eptdev, to);
	} while (wait && ret == -EAGAIN);
	return ret;
}

static ssize_t rpmsg_eptdev_read_iter(struct kiocb *iocb, struct iov_iter *to)
{
	return read_message(iocb->ki_filp, to);
}

/*
 * Without this one and rpmsg_eptdev_write() the kernel makes a kiocb for each system call, which
 * nobody looks at. The iterators are for readv(), writev() and io_uring. With both, kernel_read()
 * refuses the file: nothing in the kernel reads messages through one.
 */
static ssize_t rpmsg_eptdev_read(struct file *file, char __user *buf, size_t count, loff_t *pos)
{
	struct iov_iter to;

	iov_iter_ubuf(&to, ITER_DEST, buf, count);
	return read_message(file, &to);
}

/* What transports say when they have no room, or none for this message yet. */
static bool means_no_room(int ret)
{
	return ret == -ENOMEM || ret == -EAGAIN || ret == -EBUSY;
}

/**
 * struct rpmsg_char_send - a message on its way out
 * @from:     where the program has it
 * @bytes:    its length
 * @buf:      a copy of it, or NULL as long as none is needed
 * @nonblock: do not wait for room
 * @waits:    somebody waits for room, until @end
 * @end:      in jiffies
 */
struct rpmsg_char_send {
	struct iov_iter *from;
	size_t bytes;
	void *buf;
	bool nonblock;
	bool waits;
	unsigned long end;
};

/*
 * Without a copy only where the transport takes it from the program's pages, and
 * only from those that are there: nobody may wait for pages with the lock held.
 */
static int hand_over(struct rpmsg_eptdev *eptdev, const struct rpmsg_char_send *send)
{
	u32 dst = eptdev->chinfo.dst;
	int ret;

	if (send->buf)
		return rpmsg_trysendto(eptdev->ept, send->buf, send->bytes, dst);
	if (!eptdev->ext)
		return -EFAULT;
	pagefault_disable();
	ret = eptdev->ext->trysend_iter(eptdev->ept, send->from, dst);
	pagefault_enable();
	return ret;
}

/*
 * Asking for room also makes the transport announce it, so ask after a failure,
 * and try again if it came up in between.
 */
static int try_send(struct rpmsg_eptdev *eptdev, const struct rpmsg_char_send *send)
{
	int ret;

	lockdep_assert_held(&eptdev->lock);

	do {
		ret = hand_over(eptdev, send);
		if (!means_no_room(ret))
			return ret;
	} while (eptdev->room_head && rpmsg_poll(eptdev->ept, NULL, NULL) & EPOLLOUT);
	return ret;
}

/*
 * GLINK says -EBUSY until the remote has been asked for a buffer of this size,
 * which only a send that waits does. There is no reference to hold on to its
 * endpoint meanwhile but the lock.
 */
static int send_once(struct rpmsg_eptdev *eptdev, const struct rpmsg_char_send *send)
{
	int ret;

	if (lock_interruptible(eptdev))
		return -ERESTARTSYS;
	if (!eptdev->ept)
		ret = -EPIPE;
	else
		ret = try_send(eptdev, send);
	if (ret == -EBUSY && !send->nonblock && !eptdev->room_head)
		ret = rpmsg_sendto(eptdev->ept, send->buf, send->bytes, eptdev->chinfo.dst);
	mutex_unlock(&eptdev->lock);
	return means_no_room(ret) ? -EAGAIN : ret;
}

static unsigned int patience_ms(struct rpmsg_eptdev *eptdev)
{
	struct rpmsg_ext_state state = { .send_ms = WRITE_MS };

	mutex_lock(&eptdev->lock);
	if (eptdev->ext)
		eptdev->ext->state(eptdev->ept, &state);
	mutex_unlock(&eptdev->lock);
	return state.send_ms;
}

static int send_wait(struct rpmsg_eptdev *eptdev, struct rpmsg_char_send *send)
{
	unsigned int look_ms = READ_ONCE(eptdev->room_head) ? LOOK_MS : LOOK_UNTOLD_MS;
	DEFINE_WAIT_FUNC(wait, woken_wake_function);
	int ret;

	/* Not anew for the copy, if the pages went meanwhile. */
	if (!send->waits)
		send->end = jiffies + msecs_to_jiffies(patience_ms(eptdev));
	send->waits = true;

	add_wait_queue(&eptdev->writers, &wait);
	for (;;) {
		ret = send_once(eptdev, send);
		if (ret != -EAGAIN)
			break;
		ret = -ERESTARTSYS;
		if (signal_pending(current))
			break;
		ret = -ETIMEDOUT;
		if (time_after_eq(jiffies, send->end))
			break;
		wait_woken(&wait, TASK_INTERRUPTIBLE, msecs_to_jiffies(look_ms));
	}
	remove_wait_queue(&eptdev->writers, &wait);
	return ret;
}

static int send_message(struct rpmsg_eptdev *eptdev, struct rpmsg_char_send *send)
{
	int ret = send_once(eptdev, send);

	/* Nobody shall wait for room for what cannot be read. */
	if (ret == -EAGAIN && !send->buf && fault_in_iov_iter_readable(send->from, send->bytes))
		return -EFAULT;
	if (ret == -EAGAIN && !send->nonblock)
		ret = send_wait(eptdev, send);
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

/* Of the program's pages one is not there, or the transport takes none. */
static int send_copy(struct rpmsg_eptdev *eptdev, struct rpmsg_char_send *send)
{
	ssize_t mtu = get_mtu(eptdev);
	int ret = -EFAULT;

	if (mtu < 0)
		return mtu;
	if (send->bytes > mtu)
		return -EMSGSIZE;
	send->buf = kvmalloc(send->bytes, GFP_KERNEL);
	if (!send->buf)
		return -ENOMEM;
	if (copy_from_iter_full(send->buf, send->bytes, send->from))
		ret = send_message(eptdev, send);
	kvfree(send->buf);
	return ret;
}

static ssize_t write_message(struct file *file, struct iov_iter *from)
{
	struct rpmsg_eptdev *eptdev = file->private_data;
	struct rpmsg_char_send send = {
		.from = from,
		.bytes = iov_iter_count(from),
		.nonblock = file->f_flags & O_NONBLOCK,
	};
	int ret;

	ret = send_message(eptdev, &send);
	if (ret == -EFAULT)
		ret = send_copy(eptdev, &send);
	return ret ? ret : send.bytes;
}

static ssize_t rpmsg_eptdev_write_iter(struct kiocb *iocb, struct iov_iter *from)
{
	return write_message(iocb->ki_filp, from);
}

static ssize_t rpmsg_eptdev_write(struct file *file, const char __user *buf, size_t count,
				  loff_t *pos)
{
	struct iov_iter from;

	iov_iter_ubuf(&from, ITER_SOURCE, (char __user *)buf, count);
	return write_message(file, &from);
}

static __poll_t rpmsg_eptdev_poll(struct file *file, poll_table *table)
{
	struct rpmsg_eptdev *eptdev = file->private_data;
	__poll_t mask = 0;

	poll_wait(file, &eptdev->readers, table);
	poll_wait(file, &eptdev->writers, table);
	/* Queued before the look at the messages: announce_at_once() looks the other way round. */
	smp_mb();

	mutex_lock(&eptdev->lock);
	if (!eptdev->ept)
		mask |= EPOLLHUP | EPOLLERR;
	else if (READ_ONCE(eptdev->broken))
		mask |= EPOLLERR;
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
	.read = rpmsg_eptdev_read,
	.write = rpmsg_eptdev_write,
	.read_iter = rpmsg_eptdev_read_iter,
	.write_iter = rpmsg_eptdev_write_iter,
	.poll = rpmsg_eptdev_poll,
	.fasync = rpmsg_eptdev_fasync,
	.unlocked_ioctl = rpmsg_eptdev_ioctl,
	.compat_ioctl = compat_ptr_ioctl,
};
