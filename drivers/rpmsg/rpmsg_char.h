/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Copyright (c) 2026 linux-amp developers
 *
 * What rpmsg_char offers to rpmsg_ctrl: endpoint devices below another device.
 * Same functions as in the kernel's own pair, so either can be replaced alone.
 */

#ifndef RPMSG_CHAR_H
#define RPMSG_CHAR_H

#include <linux/rpmsg.h>

struct file;

int rpmsg_chrdev_eptdev_create(struct rpmsg_device *rpdev, struct device *parent,
			       struct rpmsg_channel_info chinfo);
int rpmsg_chrdev_eptdev_destroy(struct device *dev, void *data);

/**
 * struct rpmsg_char_fds - endpoint devices that have no node, only an open file
 * @create: open one; the file's end is its end. Takes the local address that was
 *          asked for in chinfo and returns the one that was given there. With as many as
 *          most under this parent it is -ENOSPC.
 * @end:    end those with this parent, and return when nobody uses the rpmsg device
 *
 * Looked up at run time, because the kernel's own rpmsg_char lacks it.
 */
struct rpmsg_char_fds {
	struct file *(*create)(struct rpmsg_device *rpdev, struct device *parent,
			       struct rpmsg_channel_info *chinfo, unsigned int flags,
			       unsigned int most);
	void (*end)(struct device *parent);
};

extern const struct rpmsg_char_fds rpmsg_char_fds;

#endif /* RPMSG_CHAR_H */
