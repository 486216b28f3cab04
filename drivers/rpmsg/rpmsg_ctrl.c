// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (c) 2026 linux-amp developers
 *
 * /dev/rpmsg_ctrlN: creates endpoint devices, and channels on the Linux side.
 * Owns the control device and nothing that it creates: endpoint devices are
 * rpmsg_char's, channels the transport's. Documentation/abi.rst has the
 * interface.
 */

#include <linux/cdev.h>
#include <linux/device.h>
#include <linux/err.h>
#include <linux/fcntl.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/idr.h>
#include <linux/jiffies.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/poll.h>
#include <linux/rpmsg.h>
#include <linux/rwsem.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uaccess.h>
#include <linux/wait.h>
#include <uapi/amp/rpmsg.h>

#include <linux/amp_version.h>

#include "rpmsg_char.h"
#include "rpmsg_count.h"
#include "rpmsg_internal.h"

#define RPMSG_CTRL_MINORS	(MINORMASK + 1)

/* How often whoever wants a channel released looks whether it is there by now. */
#define LOOK_MS			20

static unsigned int max_endpoints = 1024;
module_param(max_endpoints, uint, 0644);
MODULE_PARM_DESC(max_endpoints, "endpoint devices per control device (default 1024)");

static unsigned int max_channels = 256;
module_param(max_channels, uint, 0644);
MODULE_PARM_DESC(max_channels, "channels per link from which on programs can create no more (default 256)");

static dev_t rpmsg_ctrl_base;
static DEFINE_IDA(rpmsg_ctrl_ida);

/* The release function is code of this module: it may not go before the last call. */
static struct rpmsg_count ctrldevs_in_memory = RPMSG_COUNT_INIT(ctrldevs_in_memory);

/*
 * One program at a time releases a channel. Such a channel can be a control
 * device itself, whose removal waits for its requests: two that release each
 * other would wait for ever.
 */
static DEFINE_MUTEX(release_lock);

/**
 * struct rpmsg_ctrldev - control device
 * @dev:   the device; lives until the last open file is closed
 * @cdev:  its node
 * @use:   protects @rpdev; held for reading by every request under way
 * @adding: requests under way that add something
 * @rpdev: rpmsg device to create things on, NULL once that is gone
 * @pollers: woken when it goes
 */
struct rpmsg_ctrldev {
	struct device dev;
	struct cdev cdev;
	struct rw_semaphore use;
	atomic_t adding;
	struct rpmsg_device *rpdev;
	wait_queue_head_t pollers;
};

static int rpmsg_ctrldev_open(struct inode *inode, struct file *file)
{
	struct rpmsg_ctrldev *ctrldev = container_of(inode->i_cdev, struct rpmsg_ctrldev, cdev);

	get_device(&ctrldev->dev);
	file->private_data = ctrldev;
	return 0;
}

static int rpmsg_ctrldev_release(struct inode *inode, struct file *file)
{
	struct rpmsg_ctrldev *ctrldev = file->private_data;

	put_device(&ctrldev->dev);
	return 0;
}

static int count_one(struct device *dev, void *count)
{
	++*(unsigned int *)count;
	return 0;
}

/* Whoever asks has counted itself among those who add, so many at once find too many. */
static bool has_too_many(struct rpmsg_ctrldev *ctrldev, struct device *parent, unsigned int most)
{
	unsigned int count = atomic_read(&ctrldev->adding);

	device_for_each_child(parent, &count, count_one);
	return count > most;
}

static int add_endpoint(struct rpmsg_ctrldev *ctrldev, struct rpmsg_channel_info *info)
{
	if (has_too_many(ctrldev, &ctrldev->dev, READ_ONCE(max_endpoints)))
		return -ENOSPC;
	return rpmsg_chrdev_eptdev_create(ctrldev->rpdev, &ctrldev->dev, *info);
}

/*
 * Adding and removing a channel runs drivers, and the transport may be another
 * than ours, which does not refuse what comes too late. So removal waits for
 * what is under way, and a request to remove the device that it comes through
 * is refused: it would wait for itself.
 */
static int add_channel(struct rpmsg_ctrldev *ctrldev, struct rpmsg_channel_info *info)
{
	struct rpmsg_device *rpdev = ctrldev->rpdev;

	if (has_too_many(ctrldev, rpdev->dev.parent, READ_ONCE(max_channels)))
		return -ENOSPC;
	return rpmsg_create_channel(rpdev, info) ? 0 : -ENXIO;
}

static int release_channel(struct rpmsg_device *rpdev, struct rpmsg_channel_info *info)
{
	if (!strncmp(info->name, rpdev->id.name, RPMSG_NAME_SIZE))
		return -EINVAL;
	return rpmsg_release_channel(rpdev, info);
}

static int serve_locked(struct rpmsg_ctrldev *ctrldev, unsigned int cmd,
			struct rpmsg_channel_info *info)
{
	int ret;

	if (!ctrldev->rpdev)
		return -EPIPE;
	if (cmd == RPMSG_RELEASE_DEV_IOCTL)
		return release_channel(ctrldev->rpdev, info);

	atomic_inc(&ctrldev->adding);
	if (cmd == RPMSG_CREATE_EPT_IOCTL)
		ret = add_endpoint(ctrldev, info);
	else
		ret = add_channel(ctrldev, info);
	atomic_dec(&ctrldev->adding);
	return ret;
}

static int serve_once(struct rpmsg_ctrldev *ctrldev, unsigned int cmd,
		      struct rpmsg_channel_info *info)
{
	bool release = cmd == RPMSG_RELEASE_DEV_IOCTL;
	int ret = -ERESTARTSYS;

	if (release && mutex_lock_killable(&release_lock))
		return ret;
	if (!down_read_killable(&ctrldev->use)) {
		ret = serve_locked(ctrldev, cmd, info);
		up_read(&ctrldev->use);
	}
	if (release)
		mutex_unlock(&release_lock);
	return ret;
}

/*
 * A channel that somebody else is still adding comes to the end of that, or goes. To be announced
 * it may have to wait for its remote to take messages: nobody waits for that with a lock that
 * others need for other remotes.
 */
static int serve(struct rpmsg_ctrldev *ctrldev, unsigned int cmd, struct rpmsg_channel_info *info)
{
	int ret = serve_once(ctrldev, cmd, info);

	while (ret == -EAGAIN && cmd == RPMSG_RELEASE_DEV_IOCTL) {
		schedule_timeout_killable(msecs_to_jiffies(LOOK_MS));
		if (fatal_signal_pending(current))
			return -EINTR;
		ret = serve_once(ctrldev, cmd, info);
	}
	return ret;
}

static void take_name(struct rpmsg_channel_info *info, char *name, size_t size)
{
	name[size - 1] = '\0';
	strscpy_pad(info->name, name, sizeof(info->name));
}

static int change(struct rpmsg_ctrldev *ctrldev, unsigned int cmd, void __user *arg)
{
	struct rpmsg_endpoint_info request;
	struct rpmsg_channel_info info = { };

	if (copy_from_user(&request, arg, sizeof(request)))
		return -EFAULT;
	take_name(&info, request.name, sizeof(request.name));
	info.src = request.src;
	info.dst = request.dst;
	return serve(ctrldev, cmd, &info);
}

static struct file *make_file(struct rpmsg_ctrldev *ctrldev, struct rpmsg_channel_info *info,
			      unsigned int flags)
{
	const struct rpmsg_char_fds *fds;
	struct file *file;

	if (down_read_killable(&ctrldev->use))
		return ERR_PTR(-ERESTARTSYS);
	fds = symbol_get(rpmsg_char_fds);
	if (!ctrldev->rpdev)
		file = ERR_PTR(-EPIPE);
	else if (!fds)
		file = ERR_PTR(-EOPNOTSUPP);
	else
		file = fds->create(ctrldev->rpdev, &ctrldev->dev, info, flags,
				   READ_ONCE(max_endpoints));
	if (fds)
		symbol_put(rpmsg_char_fds);
	up_read(&ctrldev->use);
	return file;
}

/* A caller that cannot be told the number gets no descriptor. */
static int create_fd(struct rpmsg_ctrldev *ctrldev, struct rpmsg_endpoint_fd_info __user *arg)
{
	struct rpmsg_endpoint_fd_info request;
	struct rpmsg_channel_info info = { };
	struct file *file;
	int fd;

	if (copy_from_user(&request, arg, sizeof(request)))
		return -EFAULT;
	if (request.flags & ~(O_ACCMODE | O_NONBLOCK | O_CLOEXEC) ||
	    (request.flags & O_ACCMODE) == O_ACCMODE)
		return -EINVAL;
	take_name(&info, request.name, sizeof(request.name));
	info.src = request.src;
	info.dst = request.dst;

	fd = get_unused_fd_flags(request.flags & O_CLOEXEC);
	if (fd < 0)
		return fd;
	file = make_file(ctrldev, &info, request.flags & (O_ACCMODE | O_NONBLOCK));
	if (IS_ERR(file)) {
		put_unused_fd(fd);
		return PTR_ERR(file);
	}

	request.src = info.src;
	request.fd = fd;
	if (copy_to_user(arg, &request, sizeof(request))) {
		put_unused_fd(fd);
		fput(file);
		return -EFAULT;
	}
	fd_install(fd, file);
	return 0;
}

static long rpmsg_ctrldev_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	struct rpmsg_ctrldev *ctrldev = file->private_data;
	void __user *request = (void __user *)arg;

	switch (cmd) {
	case RPMSG_CREATE_EPT_IOCTL:
	case RPMSG_CREATE_DEV_IOCTL:
	case RPMSG_RELEASE_DEV_IOCTL:
		return change(ctrldev, cmd, request);
	case RPMSG_CREATE_EPT_FD_IOCTL:
		return create_fd(ctrldev, request);
	default:
		return -ENOTTY;
	}
}

/* There is nothing to read. Whoever is queued sees what end_ctrldev() did, or is woken by it. */
static __poll_t rpmsg_ctrldev_poll(struct file *file, poll_table *table)
{
	struct rpmsg_ctrldev *ctrldev = file->private_data;

	poll_wait(file, &ctrldev->pollers, table);
	return READ_ONCE(ctrldev->rpdev) ? EPOLLOUT | EPOLLWRNORM : EPOLLHUP | EPOLLERR;
}

static const struct file_operations rpmsg_ctrldev_fops = {
	.owner = THIS_MODULE,
	.open = rpmsg_ctrldev_open,
	.release = rpmsg_ctrldev_release,
	.poll = rpmsg_ctrldev_poll,
	.unlocked_ioctl = rpmsg_ctrldev_ioctl,
	.compat_ioctl = compat_ptr_ioctl,
};

static void free_ctrldev(struct device *dev)
{
	kfree(container_of(dev, struct rpmsg_ctrldev, dev));
	rpmsg_count_sub(&ctrldevs_in_memory);
}

static struct rpmsg_ctrldev *alloc_ctrldev(struct rpmsg_device *rpdev)
{
	struct rpmsg_ctrldev *ctrldev;

	ctrldev = kzalloc(sizeof(*ctrldev), GFP_KERNEL);
	if (!ctrldev)
		return NULL;

	rpmsg_count_add(&ctrldevs_in_memory);
	init_rwsem(&ctrldev->use);
	init_waitqueue_head(&ctrldev->pollers);
	ctrldev->rpdev = rpdev;
	cdev_init(&ctrldev->cdev, &rpmsg_ctrldev_fops);
	ctrldev->cdev.owner = THIS_MODULE;

	device_initialize(&ctrldev->dev);
	ctrldev->dev.parent = &rpdev->dev;
	ctrldev->dev.class = &rpmsg_class;
	ctrldev->dev.release = free_ctrldev;
	return ctrldev;
}

static int add_ctrldev(struct rpmsg_ctrldev *ctrldev)
{
	struct device *dev = &ctrldev->dev;
	int id, ret;

	id = ida_alloc_max(&rpmsg_ctrl_ida, RPMSG_CTRL_MINORS - 1, GFP_KERNEL);
	if (id < 0)
		return id;

	dev->id = id;
	dev->devt = MKDEV(MAJOR(rpmsg_ctrl_base), id);
	ret = dev_set_name(dev, "rpmsg_ctrl%d", id);
	if (!ret)
		ret = cdev_device_add(&ctrldev->cdev, dev);
	if (ret)
		ida_free(&rpmsg_ctrl_ida, id);
	return ret;
}

static void end_fds(struct rpmsg_ctrldev *ctrldev)
{
	const struct rpmsg_char_fds *fds = symbol_get(rpmsg_char_fds);

	if (fds) {
		fds->end(&ctrldev->dev);
		symbol_put(rpmsg_char_fds);
	}
}

/*
 * Another control device may be releasing this one, and holds its own semaphore meanwhile. That is
 * never more than one, see release_lock, and nothing is waited for with this one held.
 *
 * A program may be removing an endpoint device by itself: the second lock waits for it.
 */
static void end_ctrldev(struct rpmsg_ctrldev *ctrldev)
{
	down_write_nested(&ctrldev->use, SINGLE_DEPTH_NESTING);
	WRITE_ONCE(ctrldev->rpdev, NULL);
	up_write(&ctrldev->use);
	wake_up_all(&ctrldev->pollers);

	end_fds(ctrldev);
	device_lock(&ctrldev->dev);
	device_for_each_child(&ctrldev->dev, NULL, rpmsg_chrdev_eptdev_destroy);
	device_unlock(&ctrldev->dev);
}

/* If adding the device fails in the end, a file may be open all the same. */
static int rpmsg_ctrldev_probe(struct rpmsg_device *rpdev)
{
	struct rpmsg_ctrldev *ctrldev;
	int ret;

	ctrldev = alloc_ctrldev(rpdev);
	if (!ctrldev)
		return -ENOMEM;

	ret = add_ctrldev(ctrldev);
	if (ret) {
		end_ctrldev(ctrldev);
		put_device(&ctrldev->dev);
		return ret;
	}
	dev_set_drvdata(&rpdev->dev, ctrldev);
	return 0;
}

static void rpmsg_ctrldev_remove(struct rpmsg_device *rpdev)
{
	struct rpmsg_ctrldev *ctrldev = dev_get_drvdata(&rpdev->dev);

	end_ctrldev(ctrldev);
	cdev_device_del(&ctrldev->cdev, &ctrldev->dev);
	/* An old file shall not keep the number from the next device. */
	ida_free(&rpmsg_ctrl_ida, ctrldev->dev.id);
	put_device(&ctrldev->dev);
}

static struct rpmsg_driver rpmsg_ctrldev_driver = {
	.drv.name = "rpmsg_ctrl",
	.probe = rpmsg_ctrldev_probe,
	.remove = rpmsg_ctrldev_remove,
};

static int __init rpmsg_ctrldev_init(void)
{
	int ret;

	ret = alloc_chrdev_region(&rpmsg_ctrl_base, 0, RPMSG_CTRL_MINORS, "rpmsg_ctrl");
	if (ret)
		return ret;

	ret = register_rpmsg_driver(&rpmsg_ctrldev_driver);
	if (ret)
		unregister_chrdev_region(rpmsg_ctrl_base, RPMSG_CTRL_MINORS);
	return ret;
}
postcore_initcall(rpmsg_ctrldev_init);

static void __exit rpmsg_ctrldev_exit(void)
{
	unregister_rpmsg_driver(&rpmsg_ctrldev_driver);
	rpmsg_count_wait_none(&ctrldevs_in_memory);
	unregister_chrdev_region(rpmsg_ctrl_base, RPMSG_CTRL_MINORS);
	ida_destroy(&rpmsg_ctrl_ida);
}
module_exit(rpmsg_ctrldev_exit);

MODULE_DESCRIPTION("rpmsg control interface");
MODULE_AUTHOR("linux-amp developers");
MODULE_VERSION(AMP_VERSION);
MODULE_ALIAS("rpmsg:" KBUILD_MODNAME);
MODULE_LICENSE("GPL");
