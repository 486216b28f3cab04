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

int rpmsg_chrdev_eptdev_create(struct rpmsg_device *rpdev, struct device *parent,
			       struct rpmsg_channel_info chinfo);
int rpmsg_chrdev_eptdev_destroy(struct device *dev, void *data);

#endif /* RPMSG_CHAR_H */
