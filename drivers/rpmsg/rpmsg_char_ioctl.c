// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (c) 2026 linux-amp developers
 *
 * Requests to an open /dev/rpmsgN: length of the next message, flow control, and
 * its removal. Documentation/abi.rst has the interface.
 */

#include <linux/uaccess.h>
#include <uapi/amp/rpmsg.h>

#include <asm/ioctls.h>

#include "rpmsg_char_dev.h"

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

	if (eptdev->fd_only)
		return rpmsg_eptdev_delete(eptdev) ? 0 : -EPIPE;

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

/* A change that comes in between is reported again; pairs with rpmsg_eptdev_flow_cb(). */
static int get_flow(struct rpmsg_eptdev *eptdev, int __user *result)
{
	bool changed = test_and_clear_bit(FLOW_CHANGED, &eptdev->flow);
	int ret;

	ret = put_user((int)test_bit(FLOW_RESTRICTED, &eptdev->flow), result);
	if (ret && changed)
		set_bit(FLOW_CHANGED, &eptdev->flow);
	return ret;
}

static int set_flow(struct rpmsg_eptdev *eptdev, unsigned long pause)
{
	int ret = -EPIPE;

	if (pause > 1)
		return -EINVAL;
	if (mutex_lock_interruptible(&eptdev->lock))
		return -ERESTARTSYS;
	if (eptdev->ept)
		ret = rpmsg_eptdev_set_flow(eptdev, pause);
	mutex_unlock(&eptdev->lock);
	return ret;
}

static int get_next_bytes(struct rpmsg_eptdev *eptdev, int __user *result)
{
	int bytes;

	mutex_lock(&eptdev->lock);
	bytes = rpmsg_char_queue_next_bytes(&eptdev->queue);
	mutex_unlock(&eptdev->lock);
	return put_user(bytes, result);
}

/**
 * rpmsg_eptdev_ioctl() - serve a request to an open endpoint device
 * @file: the file
 * @cmd:  which request
 * @arg:  its argument
 *
 * Context: process; may sleep.
 * Return: 0, -ENOTTY for an unknown request, else as Documentation/abi.rst has it.
 */
long rpmsg_eptdev_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	struct rpmsg_eptdev *eptdev = file->private_data;
	int __user *result = (int __user *)arg;

	switch (cmd) {
	case FIONREAD:
		return get_next_bytes(eptdev, result);
	case RPMSG_GET_OUTGOING_FLOWCONTROL:
		return get_flow(eptdev, result);
	case RPMSG_SET_INCOMING_FLOWCONTROL:
		return set_flow(eptdev, arg);
	case RPMSG_DESTROY_EPT_IOCTL:
		/* The endpoint of a channel goes with the channel. */
		return stands_for_channel(eptdev) ? -EINVAL : destroy_by_request(eptdev);
	default:
		return -ENOTTY;
	}
}
