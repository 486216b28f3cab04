// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (c) 2026 linux-amp developers
 *
 * /dev/rpmsgN: one endpoint as a character device, either the endpoint of a
 * channel (rpmsg-raw, rpmsg_chrdev, any other by driver_override) or one that was
 * asked for at the control device. Owns the device and its receive queue; the
 * endpoint is the transport's. Documentation/abi.rst has the interface.
 *
 * The device outlives its endpoint: an open file keeps it, and everything done
 * on it after the endpoint has gone ends with EPIPE. This file has the device,
 * rpmsg_char_ept.c its endpoint, rpmsg_char_file.c and rpmsg_char_ioctl.c what can
 * be done with it once it is open, rpmsg_char_fd.c devices that are nothing but
 * an open file.
 */

#include <linux/atomic.h>
#include <linux/cdev.h>
#include <linux/device.h>
#include <linux/fs.h>
#include <linux/idr.h>
#include <linux/module.h>
#include <linux/rpmsg.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/sysfs.h>
#include <linux/wait.h>

#include <linux/amp_version.h>

#include "rpmsg_char.h"
#include "rpmsg_char_dev.h"
#include "rpmsg_count.h"
#include "rpmsg_internal.h"

#define RPMSG_CHAR_MINORS	(MINORMASK + 1)

static dev_t rpmsg_char_base;
static DEFINE_IDA(rpmsg_char_ida);

/* The release function is code of this module: it may not go before the last call. */
static struct rpmsg_count eptdevs_in_memory = RPMSG_COUNT_INIT(eptdevs_in_memory);

/**
 * rpmsg_eptdev_delete() - remove an endpoint device
 * @eptdev: the device; the caller holds a reference
 *
 * Whoever comes second waits until the first is done.
 *
 * Context: process; may sleep.
 * Return: true if the caller came first.
 */
bool rpmsg_eptdev_delete(struct rpmsg_eptdev *eptdev)
{
	bool first;

	mutex_lock(&eptdev->del_lock);
	first = !eptdev->deleted;
	if (first) {
		eptdev->deleted = true;
		rpmsg_eptdev_end(eptdev);
		if (eptdev->fd_only) {
			rpmsg_eptdev_forget_fd(eptdev);
		} else {
			cdev_device_del(&eptdev->cdev, &eptdev->dev);
			/* An old file shall not keep the number from the next device. */
			ida_free(&rpmsg_char_ida, eptdev->dev.id);
		}
	}
	mutex_unlock(&eptdev->del_lock);

	if (first)
		put_device(&eptdev->dev);
	return first;
}

/**
 * rpmsg_chrdev_eptdev_destroy() - remove an endpoint device
 * @dev:  the device; the caller holds a reference
 * @data: unused
 *
 * Open files stay usable, in that every operation on them ends with EPIPE. Can
 * be handed to device_for_each_child().
 *
 * Context: process; may sleep.
 * Return: 0, whether or not somebody else was faster.
 */
int rpmsg_chrdev_eptdev_destroy(struct device *dev, void *data)
{
	rpmsg_eptdev_delete(dev_to_eptdev(dev));
	return 0;
}
EXPORT_SYMBOL(rpmsg_chrdev_eptdev_destroy);

/* The wildcard has always been shown as -1. */
static ssize_t show_address(char *buf, u32 addr)
{
	if (addr == RPMSG_ADDR_ANY)
		return sysfs_emit(buf, "-1\n");
	return sysfs_emit(buf, "%u\n", addr);
}

static ssize_t name_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%s\n", dev_to_eptdev(dev)->chinfo.name);
}
static DEVICE_ATTR_RO(name);

static ssize_t src_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return show_address(buf, READ_ONCE(dev_to_eptdev(dev)->src));
}
static DEVICE_ATTR_RO(src);

static ssize_t dst_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return show_address(buf, dev_to_eptdev(dev)->chinfo.dst);
}
static DEVICE_ATTR_RO(dst);

static struct attribute *rpmsg_eptdev_attrs[] = {
	&dev_attr_name.attr,
	&dev_attr_src.attr,
	&dev_attr_dst.attr,
	NULL
};

static const struct attribute_group rpmsg_eptdev_group = {
	.attrs = rpmsg_eptdev_attrs,
};

static ssize_t rx_dropped_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%lu\n", READ_ONCE(dev_to_eptdev(dev)->queue.dropped));
}
static DEVICE_ATTR_RO(rx_dropped);

static ssize_t rx_truncated_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%lu\n", atomic_long_read(&dev_to_eptdev(dev)->truncated));
}
static DEVICE_ATTR_RO(rx_truncated);

static struct attribute *rpmsg_eptdev_stat_attrs[] = {
	&dev_attr_rx_dropped.attr,
	&dev_attr_rx_truncated.attr,
	NULL
};

static const struct attribute_group rpmsg_eptdev_stat_group = {
	.name = "statistics",
	.attrs = rpmsg_eptdev_stat_attrs,
};

static const struct attribute_group *rpmsg_eptdev_groups[] = {
	&rpmsg_eptdev_group,
	&rpmsg_eptdev_stat_group,
	NULL
};

static void free_eptdev(struct device *dev)
{
	struct rpmsg_eptdev *eptdev = dev_to_eptdev(dev);

	/* No endpoint, so nobody queues it any more. */
	cancel_work_sync(&eptdev->announce);
	cancel_work_sync(&eptdev->room);
	rpmsg_eptdev_purge(eptdev);
	kfree(eptdev);
	rpmsg_count_sub(&eptdevs_in_memory);
}

/**
 * rpmsg_eptdev_alloc() - make an endpoint device that nobody knows yet
 * @rpdev:  as for rpmsg_chrdev_eptdev_create()
 * @parent: same
 * @info:   same
 *
 * Context: process; may sleep.
 * Return: the device, to be dropped with put_device(), or NULL.
 */
struct rpmsg_eptdev *rpmsg_eptdev_alloc(struct rpmsg_device *rpdev, struct device *parent,
					const struct rpmsg_channel_info *info)
{
	struct rpmsg_eptdev *eptdev;
	struct device *dev;

	eptdev = kzalloc(sizeof(*eptdev), GFP_KERNEL);
	if (!eptdev)
		return NULL;

	rpmsg_count_add(&eptdevs_in_memory);
	eptdev->rpdev = rpdev;
	eptdev->chinfo = *info;
	eptdev->src = info->src;
	mutex_init(&eptdev->del_lock);
	mutex_init(&eptdev->lock);
	INIT_LIST_HEAD(&eptdev->fd_node);
	rpmsg_char_queue_init(&eptdev->queue);
	INIT_WORK(&eptdev->announce, rpmsg_eptdev_announce);
	INIT_WORK(&eptdev->room, rpmsg_eptdev_room);
	init_waitqueue_head(&eptdev->readers);
	init_waitqueue_head(&eptdev->writers);
	cdev_init(&eptdev->cdev, &rpmsg_eptdev_fops);
	eptdev->cdev.owner = THIS_MODULE;

	dev = &eptdev->dev;
	device_initialize(dev);
	dev->class = &rpmsg_class;
	dev->parent = parent;
	dev->groups = rpmsg_eptdev_groups;
	dev->release = free_eptdev;
	return eptdev;
}

/*
 * The device can be opened, and asked to go, before the driver core is done with
 * adding it: the lock makes that wait. If adding it fails in the end, a file may
 * be open all the same.
 */
static int add_eptdev(struct rpmsg_eptdev *eptdev)
{
	struct device *dev = &eptdev->dev;
	int id, ret;

	id = ida_alloc_max(&rpmsg_char_ida, RPMSG_CHAR_MINORS - 1, GFP_KERNEL);
	if (id < 0)
		return id;

	dev->id = id;
	dev->devt = MKDEV(MAJOR(rpmsg_char_base), id);

	mutex_lock(&eptdev->del_lock);
	ret = dev_set_name(dev, "rpmsg%d", id);
	if (!ret)
		ret = cdev_device_add(&eptdev->cdev, dev);
	if (ret) {
		eptdev->deleted = true;
		rpmsg_eptdev_end(eptdev);
		ida_free(&rpmsg_char_ida, id);
	}
	mutex_unlock(&eptdev->del_lock);
	return ret;
}

/**
 * rpmsg_chrdev_eptdev_create() - add an endpoint device
 * @rpdev:  rpmsg device on which the endpoint is created when the device is opened
 * @parent: parent of the new device; whoever removes it calls
 *          rpmsg_chrdev_eptdev_destroy() for its children, and that before @rpdev goes
 * @chinfo: name and addresses of the endpoint
 *
 * Context: process; may sleep.
 * Return: 0, -ENOMEM, -ENOSPC if there is no minor number left, or the errno of
 * the driver core.
 */
int rpmsg_chrdev_eptdev_create(struct rpmsg_device *rpdev, struct device *parent,
			       struct rpmsg_channel_info chinfo)
{
	struct rpmsg_eptdev *eptdev;
	int ret;

	eptdev = rpmsg_eptdev_alloc(rpdev, parent, &chinfo);
	if (!eptdev)
		return -ENOMEM;

	ret = add_eptdev(eptdev);
	if (ret)
		put_device(&eptdev->dev);
	return ret;
}
EXPORT_SYMBOL(rpmsg_chrdev_eptdev_create);

static void put_eptdev(void *eptdev)
{
	put_device(&((struct rpmsg_eptdev *)eptdev)->dev);
}

/*
 * The core destroys the endpoint of a channel after remove, or after a failed
 * probe, and its callback leads here. Managed resources are released after that,
 * so a reference among them keeps the device long enough.
 */
static int rpmsg_chrdev_probe(struct rpmsg_device *rpdev)
{
	struct rpmsg_channel_info info = {
		.src = rpdev->src,
		.dst = rpdev->dst,
	};
	struct rpmsg_eptdev *eptdev;
	int ret;

	strscpy_pad(info.name, rpdev->id.name, sizeof(info.name));
	eptdev = rpmsg_eptdev_alloc(rpdev, &rpdev->dev, &info);
	if (!eptdev)
		return -ENOMEM;

	get_device(&eptdev->dev);
	ret = devm_add_action_or_reset(&rpdev->dev, put_eptdev, eptdev);
	if (!ret) {
		eptdev->default_ept = rpdev->ept;
		rpmsg_ept_set_flow_cb(rpdev->ept, rpmsg_eptdev_flow_cb);
		WRITE_ONCE(rpdev->ept->priv, eptdev);
		ret = add_eptdev(eptdev);
	}
	if (ret)
		put_device(&eptdev->dev);
	return ret;
}

static void rpmsg_chrdev_remove(struct rpmsg_device *rpdev)
{
	device_for_each_child(&rpdev->dev, NULL, rpmsg_chrdev_eptdev_destroy);
}

static const struct rpmsg_device_id rpmsg_chrdev_ids[] = {
	{ .name = "rpmsg-raw" },
	{ .name = "rpmsg_chrdev" },
	{ }
};
MODULE_DEVICE_TABLE(rpmsg, rpmsg_chrdev_ids);

static struct rpmsg_driver rpmsg_chrdev_driver = {
	.drv.name = "rpmsg_chrdev",
	.id_table = rpmsg_chrdev_ids,
	.probe = rpmsg_chrdev_probe,
	.remove = rpmsg_chrdev_remove,
	.callback = rpmsg_eptdev_cb,
};

static int __init rpmsg_chrdev_init(void)
{
	int ret;

	ret = alloc_chrdev_region(&rpmsg_char_base, 0, RPMSG_CHAR_MINORS, "rpmsg_char");
	if (ret)
		return ret;

	ret = register_rpmsg_driver(&rpmsg_chrdev_driver);
	if (ret)
		unregister_chrdev_region(rpmsg_char_base, RPMSG_CHAR_MINORS);
	return ret;
}
postcore_initcall(rpmsg_chrdev_init);

static void __exit rpmsg_chrdev_exit(void)
{
	unregister_rpmsg_driver(&rpmsg_chrdev_driver);
	rpmsg_count_wait_none(&eptdevs_in_memory);
	unregister_chrdev_region(rpmsg_char_base, RPMSG_CHAR_MINORS);
	ida_destroy(&rpmsg_char_ida);
}
module_exit(rpmsg_chrdev_exit);

MODULE_DESCRIPTION("RPMsg endpoints as character devices");
MODULE_AUTHOR("linux-amp developers");
MODULE_VERSION(AMP_VERSION);
MODULE_LICENSE("GPL");
