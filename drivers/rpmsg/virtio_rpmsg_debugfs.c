// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (c) 2026 linux-amp developers
 *
 * A link in debugfs: virtio_rpmsg/<virtio device>/endpoints lists its endpoints with
 * their counters. Endpoints have no device of their own, so there is no place for
 * them in sysfs. The format is for people and may change.
 */

#include <linux/debugfs.h>

#include "virtio_rpmsg.h"

static struct dentry *root;

static int endpoints_show(struct seq_file *seq, void *unused)
{
	virtio_rpmsg_ept_show(seq->private, seq);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(endpoints);

/**
 * virtio_rpmsg_debugfs_init() - create the directory of the module
 *
 * Context: process, from module init.
 */
void virtio_rpmsg_debugfs_init(void)
{
	root = debugfs_create_dir("virtio_rpmsg", NULL);
}

/**
 * virtio_rpmsg_debugfs_exit() - remove it again
 *
 * Context: process, from module exit.
 */
void virtio_rpmsg_debugfs_exit(void)
{
	debugfs_remove_recursive(root);
}

/**
 * virtio_rpmsg_debugfs_add() - create the directory of a link
 * @vr: the link
 *
 * Context: process, from probe.
 */
void virtio_rpmsg_debugfs_add(struct virtio_rpmsg *vr)
{
	vr->debugfs = debugfs_create_dir(dev_name(&vr->vdev->dev), root);
	debugfs_create_file("endpoints", 0400, vr->debugfs, vr, &endpoints_fops);
}

/**
 * virtio_rpmsg_debugfs_remove() - remove it again
 * @vr: the link
 *
 * Context: process; waits for readers.
 */
void virtio_rpmsg_debugfs_remove(struct virtio_rpmsg *vr)
{
	debugfs_remove_recursive(vr->debugfs);
	vr->debugfs = NULL;
}
