// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (c) 2026 linux-amp developers
 *
 * The name service: turns the remote's announcements into channels. The receive
 * context only checks and queues them; a worker of its own does the rest, because
 * the probe of a driver may send, wait, and meet an endpoint whose callback is
 * running. What an announcement may create or destroy is the transport's decision.
 */

#include <linux/jiffies.h>
#include <linux/kfifo.h>
#include <linux/module.h>
#include <linux/ratelimit.h>
#include <linux/rpmsg.h>
#include <linux/rpmsg/ns.h>
#include <linux/slab.h>
#include <linux/sysfs.h>
#include <linux/workqueue.h>

#include <linux/amp_version.h>

#include "rpmsg_internal.h"
#include "rpmsg_ns_msg.h"

/* As many as a remote can send before it needs a buffer back. */
#define NS_QUEUE_EVENTS	256

/*
 * A remote may announce as many channels as it can have at once, as it does after a
 * restart. What goes beyond is handled at a pace that leaves the machine usable: each
 * announcement adds or removes a device, which user space hears of.
 */
#define NS_BURST		128
#define NS_PACE_MS		20

/* Lines about channels that come and go, per interval: enough for every honest remote. */
#define NS_LOG_BURST		128

/**
 * struct rpmsg_ns - name service of one link
 * @rpdev:    its rpmsg device
 * @wq:       runs @work, one at a time and in order
 * @work:     handles the first of what is queued, and has itself queued again for the next
 * @credit:   announcements that may be handled at once; used by @work only
 * @refilled: when @credit was last brought up to date, in jiffies
 * @events:   from the receive context to @work; one writer, one reader
 * @log:      bounds what the remote can have logged
 * @stopping: what is still queued shall not be handled any more
 * @rejected: announcements that made no sense; written by the receive context
 * @overrun:  announcements that found the queue full; written by the receive context
 */
struct rpmsg_ns {
	struct rpmsg_device *rpdev;
	struct workqueue_struct *wq;
	struct delayed_work work;
	unsigned int credit;
	unsigned long refilled;
	DECLARE_KFIFO(events, struct rpmsg_ns_event, NS_QUEUE_EVENTS);
	struct ratelimit_state log;
	bool stopping;
	unsigned long rejected;
	unsigned long overrun;
};

/**
 * rpmsg_ns_register_device() - register the name-service device of a transport
 * @rpdev: device with operations, parent and release function set
 *
 * On failure the device has been released.
 *
 * Context: process; takes the driver core's locks.
 * Return: 0, or the errno of the driver core.
 */
int rpmsg_ns_register_device(struct rpmsg_device *rpdev)
{
	rpdev->src = RPMSG_NS_ADDR;
	rpdev->dst = RPMSG_NS_ADDR;

	return rpmsg_register_device_override(rpdev, "rpmsg_ns");
}
EXPORT_SYMBOL(rpmsg_ns_register_device);

static void handle_event(struct rpmsg_ns *ns, const struct rpmsg_ns_event *event)
{
	struct device *dev = ns->rpdev->dev.parent;
	struct rpmsg_channel_info info = {
		.src = RPMSG_ADDR_ANY,
		.dst = event->addr,
	};
	int ret;

	strscpy_pad(info.name, event->name, sizeof(info.name));

	/* Scripts in the field wait for this line. */
	if (__ratelimit(&ns->log))
		dev_info(dev, "%s channel %s addr %#x\n",
			 event->destroy ? "destroying" : "creating", info.name, info.dst);

	if (event->destroy) {
		ret = rpmsg_release_channel(ns->rpdev, &info);
		if (ret)
			dev_warn_ratelimited(dev, "channel %s addr %#x not destroyed: %d\n",
					     info.name, info.dst, ret);
	} else if (!rpmsg_create_channel(ns->rpdev, &info)) {
		dev_warn_ratelimited(dev, "channel %s addr %#x not created\n",
				     info.name, info.dst);
	}
}

static bool take_credit(struct rpmsg_ns *ns)
{
	unsigned long pace = msecs_to_jiffies(NS_PACE_MS);
	unsigned long earned = (jiffies - ns->refilled) / pace;

	if (earned >= NS_BURST - ns->credit) {
		ns->credit = NS_BURST;
		ns->refilled = jiffies;
	} else {
		ns->credit += earned;
		ns->refilled += earned * pace;
	}
	if (!ns->credit)
		return false;
	ns->credit--;
	return true;
}

/*
 * One event at a time, then the turn is given up: the probe of a driver may wait for room for all
 * of a send's time, and the queue is longer than whoever wants the system to sleep waits for what
 * is under way. What is queued again meanwhile stays queued until the system is awake.
 */
static void handle_events(struct work_struct *work)
{
	struct rpmsg_ns *ns = container_of(to_delayed_work(work), struct rpmsg_ns, work);
	struct rpmsg_ns_event event;

	if (READ_ONCE(ns->stopping) || kfifo_is_empty(&ns->events))
		return;
	if (!take_credit(ns)) {
		queue_delayed_work(ns->wq, &ns->work, msecs_to_jiffies(NS_PACE_MS));
		return;
	}
	if (kfifo_get(&ns->events, &event))
		handle_event(ns, &event);
	/* What comes after this look queues the work itself. */
	if (!kfifo_is_empty(&ns->events))
		queue_delayed_work(ns->wq, &ns->work, 0);
}

/* Called in the receive context. */
static int rpmsg_ns_cb(struct rpmsg_device *rpdev, void *data, int len, void *priv, u32 src)
{
	struct rpmsg_ns *ns = priv;
	struct rpmsg_ns_event event;
	int ret;

	ret = rpmsg_ns_parse(data, len, &event);
	if (ret) {
		WRITE_ONCE(ns->rejected, ns->rejected + 1);
		dev_warn_ratelimited(rpdev->dev.parent,
				     "announcement of %d bytes rejected: %d\n", len, ret);
		return ret;
	}
	if (!kfifo_put(&ns->events, event)) {
		WRITE_ONCE(ns->overrun, ns->overrun + 1);
		dev_warn_ratelimited(rpdev->dev.parent,
				     "announcement of %s dropped: too many at once\n",
				     event.name);
		return -ENOBUFS;
	}
	queue_delayed_work(ns->wq, &ns->work, 0);
	return 0;
}

static int rpmsg_ns_probe(struct rpmsg_device *rpdev)
{
	struct rpmsg_channel_info info = {
		.name = "name_service",
		.src = RPMSG_NS_ADDR,
		.dst = RPMSG_NS_ADDR,
	};
	struct rpmsg_ns *ns;

	ns = kzalloc(sizeof(*ns), GFP_KERNEL);
	if (!ns)
		return -ENOMEM;

	ns->rpdev = rpdev;
	INIT_DELAYED_WORK(&ns->work, handle_events);
	ns->credit = NS_BURST;
	ns->refilled = jiffies;
	INIT_KFIFO(ns->events);
	ratelimit_state_init(&ns->log, DEFAULT_RATELIMIT_INTERVAL, NS_LOG_BURST);
	/* That lines are missing is no warning by itself. */
	ratelimit_set_flags(&ns->log, RATELIMIT_MSG_ON_RELEASE);
	/* No channel comes or goes while the system is about to sleep. */
	ns->wq = alloc_ordered_workqueue("rpmsg_ns", WQ_FREEZABLE);
	if (!ns->wq)
		goto free_ns;

	dev_set_drvdata(&rpdev->dev, ns);
	rpdev->ept = rpmsg_create_ept(rpdev, rpmsg_ns_cb, ns, info);
	if (!rpdev->ept)
		goto destroy_wq;
	return 0;

destroy_wq:
	destroy_workqueue(ns->wq);
free_ns:
	kfree(ns);
	return -ENOMEM;
}

/*
 * The endpoint would be destroyed by the core, but only after this function, and
 * its callback queues work.
 */
static void rpmsg_ns_remove(struct rpmsg_device *rpdev)
{
	struct rpmsg_ns *ns = dev_get_drvdata(&rpdev->dev);
	struct rpmsg_endpoint *ept = rpdev->ept;

	WRITE_ONCE(ns->stopping, true);
	rpdev->ept = NULL;
	rpmsg_destroy_ept(ept);
	cancel_delayed_work_sync(&ns->work);
	destroy_workqueue(ns->wq);
	kfree(ns);
}

static ssize_t rejected_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct rpmsg_ns *ns = dev_get_drvdata(dev);

	return sysfs_emit(buf, "%lu\n", READ_ONCE(ns->rejected));
}
static DEVICE_ATTR_RO(rejected);

static ssize_t overrun_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct rpmsg_ns *ns = dev_get_drvdata(dev);

	return sysfs_emit(buf, "%lu\n", READ_ONCE(ns->overrun));
}
static DEVICE_ATTR_RO(overrun);

static struct attribute *rpmsg_ns_attrs[] = {
	&dev_attr_rejected.attr,
	&dev_attr_overrun.attr,
	NULL
};

static const struct attribute_group rpmsg_ns_group = {
	.name = "statistics",
	.attrs = rpmsg_ns_attrs,
};

static const struct attribute_group *rpmsg_ns_groups[] = {
	&rpmsg_ns_group,
	NULL
};

static struct rpmsg_driver rpmsg_ns_driver = {
	.drv.name = KBUILD_MODNAME,
	.drv.dev_groups = rpmsg_ns_groups,
	.probe = rpmsg_ns_probe,
	.remove = rpmsg_ns_remove,
};

static int __init rpmsg_ns_init(void)
{
	return register_rpmsg_driver(&rpmsg_ns_driver);
}
postcore_initcall(rpmsg_ns_init);

static void __exit rpmsg_ns_exit(void)
{
	unregister_rpmsg_driver(&rpmsg_ns_driver);
}
module_exit(rpmsg_ns_exit);

MODULE_DESCRIPTION("Name service announcement rpmsg driver");
MODULE_AUTHOR("linux-amp developers");
MODULE_VERSION(AMP_VERSION);
MODULE_ALIAS("rpmsg:" KBUILD_MODNAME);
MODULE_LICENSE("GPL");
