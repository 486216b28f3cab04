// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (c) 2026 linux-amp developers
 *
 * Endpoint devices without a node: created open, for one program, and gone with
 * its file. They have no place in sysfs, so the list here is how the one who
 * removes their rpmsg device finds them.
 */

#include <linux/anon_inodes.h>
#include <linux/err.h>
#include <linux/file.h>
#include <linux/module.h>

#include "rpmsg_char.h"
#include "rpmsg_char_dev.h"

static DEFINE_MUTEX(fds_lock);	/* fds */
static LIST_HEAD(fds);

/**
 * rpmsg_eptdev_forget_fd() - no longer list a device without a node
 * @eptdev: the device; perhaps not listed yet
 *
 * Context: process; takes a mutex.
 */
void rpmsg_eptdev_forget_fd(struct rpmsg_eptdev *eptdev)
{
	mutex_lock(&fds_lock);
	list_del_init(&eptdev->fd_node);
	mutex_unlock(&fds_lock);
}

static int begin(struct rpmsg_eptdev *eptdev)
{
	int ret;

	mutex_lock(&eptdev->lock);
	ret = rpmsg_eptdev_begin(eptdev);
	mutex_unlock(&eptdev->lock);
	return ret;
}

static struct file *make_file(struct rpmsg_eptdev *eptdev, unsigned int flags)
{
	struct file *file;

	file = anon_inode_getfile("[rpmsg]", &rpmsg_eptdev_fops, eptdev, flags);
	/* Released with the file. */
	if (!IS_ERR(file))
		get_device(&eptdev->dev);
	return file;
}

/* There is no lock around creating, so what was one too many is found here. */
static bool list_fd(struct rpmsg_eptdev *eptdev, unsigned int most)
{
	struct rpmsg_eptdev *other;
	unsigned int count = 0;

	mutex_lock(&fds_lock);
	list_for_each_entry(other, &fds, fd_node)
		count += other->dev.parent == eptdev->dev.parent;
	if (count < most)
		list_add_tail(&eptdev->fd_node, &fds);
	mutex_unlock(&fds_lock);
	return count < most;
}

/* The caller sees to it that end_fds() comes before or after, not meanwhile. */
static struct file *create_fd(struct rpmsg_device *rpdev, struct device *parent,
			      struct rpmsg_channel_info *chinfo, unsigned int flags,
			      unsigned int most)
{
	struct rpmsg_eptdev *eptdev;
	struct file *file;
	int ret;

	eptdev = rpmsg_eptdev_alloc(rpdev, parent, chinfo);
	if (!eptdev)
		return ERR_PTR(-ENOMEM);
	eptdev->fd_only = true;

	ret = dev_set_name(&eptdev->dev, "rpmsg-fd");
	if (!ret)
		ret = begin(eptdev);
	file = ret ? ERR_PTR(ret) : make_file(eptdev, flags);
	if (IS_ERR(file)) {
		rpmsg_eptdev_delete(eptdev);
		return file;
	}

	chinfo->src = READ_ONCE(eptdev->src);
	if (!list_fd(eptdev, most)) {
		rpmsg_eptdev_delete(eptdev);
		fput(file);
		return ERR_PTR(-ENOSPC);
	}
	return file;
}

static struct rpmsg_eptdev *get_first(struct device *parent)
{
	struct rpmsg_eptdev *eptdev, *found = NULL;

	mutex_lock(&fds_lock);
	list_for_each_entry(eptdev, &fds, fd_node) {
		if (eptdev->dev.parent == parent) {
			get_device(&eptdev->dev);
			found = eptdev;
			break;
		}
	}
	mutex_unlock(&fds_lock);
	return found;
}

/* Whoever closes one of the files at this moment is waited for. */
static void end_fds(struct device *parent)
{
	struct rpmsg_eptdev *eptdev;

	while ((eptdev = get_first(parent))) {
		rpmsg_eptdev_delete(eptdev);
		put_device(&eptdev->dev);
	}
}

const struct rpmsg_char_fds rpmsg_char_fds = {
	.create = create_fd,
	.end = end_fds,
};
EXPORT_SYMBOL_GPL(rpmsg_char_fds);
