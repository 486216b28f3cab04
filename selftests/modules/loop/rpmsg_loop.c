// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (c) 2026 linux-amp developers
 *
 * A transport without a remote, for tests: two channels named rpmsg-raw and two
 * named rpmsg-tty, of which each hears what the other one says. It offers as little
 * as a transport may, no length limit, no word when there is room, no lent buffers,
 * but it has flow control, where the kernel has. So it shows the bridges from the
 * side that our own transport does not.
 *
 * Callbacks run under the lock that keeps their endpoint: they must not send, and
 * those of the bridges do not.
 *
 * It also has drivers, for the other side of transports: a channel named rpmsg-loop-empty is
 * sent a message of nothing, one named rpmsg-loop-full whatever the remote keeps, until there
 * is no room; how each kind of attempt then ends is shown in the parameter "sends".
 */

#include <linux/err.h>
#include <linux/jiffies.h>
#include <linux/list.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/rpmsg.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/wait.h>

#include "rpmsg_internal.h"

static unsigned int refuse;
module_param(refuse, uint, 0644);
MODULE_PARM_DESC(refuse, "errno that ends every attempt to send without waiting, 0 for none");

/* Indices into sends */
enum {
	SEND_TOO_LONG,
	SEND_TRY,
	SEND_WAIT,
	SEND_WAITED_MS,
	SEND_GONE,
	NUM_SENDS,
};

static int sends[NUM_SENDS];
module_param_array(sends, int, NULL, 0444);
MODULE_PARM_DESC(sends, "too long, without waiting, with it, its ms, in remove");

/**
 * struct loop_ept - endpoint
 * @ept:  what the core knows of it
 * @node: in the list of all
 */
struct loop_ept {
	struct rpmsg_endpoint ept;
	struct list_head node;
};

static const struct {
	const char *name;
	u32 src;
	u32 dst;
} ends[] = {
	{ "rpmsg-raw", 100, 101 },
	{ "rpmsg-raw", 101, 100 },
	{ "rpmsg-tty", 200, 201 },
	{ "rpmsg-tty", 201, 200 },
};

static DEFINE_MUTEX(lock);	/* epts, and calls into them */
static LIST_HEAD(epts);
static struct device *root;
static struct rpmsg_device *channels[ARRAY_SIZE(ends)];
static atomic_t channels_in_memory = ATOMIC_INIT(0);
static DECLARE_WAIT_QUEUE_HEAD(channel_freed);

static struct rpmsg_endpoint *find(u32 addr)
{
	struct loop_ept *loop;

	lockdep_assert_held(&lock);

	list_for_each_entry(loop, &epts, node) {
		if (loop->ept.addr == addr)
			return &loop->ept;
	}
	return NULL;
}

static int deliver(struct rpmsg_endpoint *from, const void *data, int len, u32 dst)
{
	struct rpmsg_endpoint *to;

	mutex_lock(&lock);
	to = find(dst);
	if (to)
		to->cb(to->rpdev, (void *)data, len, to->priv, from->addr);
	mutex_unlock(&lock);
	return to ? 0 : -ENODEV;
}

static int loop_send(struct rpmsg_endpoint *ept, RPMSG_DATA_CONST void *data, int len)
{
	return deliver(ept, data, len, ept->rpdev->dst);
}

static int loop_sendto(struct rpmsg_endpoint *ept, RPMSG_DATA_CONST void *data, int len, u32 dst)
{
	return deliver(ept, data, len, dst);
}

static int refusal(void)
{
	return -(int)READ_ONCE(refuse);
}

static int loop_trysend(struct rpmsg_endpoint *ept, RPMSG_DATA_CONST void *data, int len)
{
	return refusal() ?: deliver(ept, data, len, ept->rpdev->dst);
}

static int loop_trysendto(struct rpmsg_endpoint *ept, RPMSG_DATA_CONST void *data, int len,
			  u32 dst)
{
	return refusal() ?: deliver(ept, data, len, dst);
}

#ifdef AMP_HAVE_RPMSG_SET_FLOW_CONTROL
static int loop_set_flow_control(struct rpmsg_endpoint *ept, bool pause, u32 dst)
{
	struct rpmsg_endpoint *to;

	mutex_lock(&lock);
	to = find(dst);
	if (to && to->flow_cb)
		to->flow_cb(to->rpdev, to->priv, pause);
	mutex_unlock(&lock);
	return to ? 0 : -ENODEV;
}
#endif

static void loop_destroy_ept(struct rpmsg_endpoint *ept)
{
	struct loop_ept *loop = container_of(ept, struct loop_ept, ept);

	mutex_lock(&lock);
	list_del(&loop->node);
	mutex_unlock(&lock);
	kfree(loop);
}

static const struct rpmsg_endpoint_ops loop_ept_ops = {
	.destroy_ept = loop_destroy_ept,
	.send = loop_send,
	.sendto = loop_sendto,
	.trysend = loop_trysend,
	.trysendto = loop_trysendto,
#ifdef AMP_HAVE_RPMSG_SET_FLOW_CONTROL
	.set_flow_control = loop_set_flow_control,
#endif
};

static struct rpmsg_endpoint *loop_create_ept(struct rpmsg_device *rpdev, rpmsg_rx_cb_t cb,
					      void *priv, struct rpmsg_channel_info chinfo)
{
	struct loop_ept *loop;

	loop = kzalloc(sizeof(*loop), GFP_KERNEL);
	if (!loop)
		return NULL;
	loop->ept.rpdev = rpdev;
	loop->ept.cb = cb;
	loop->ept.priv = priv;
	loop->ept.addr = chinfo.src;
	loop->ept.ops = &loop_ept_ops;
	kref_init(&loop->ept.refcount);
	mutex_init(&loop->ept.cb_lock);

	mutex_lock(&lock);
	if (find(chinfo.src)) {
		mutex_unlock(&lock);
		kfree(loop);
		return NULL;
	}
	list_add(&loop->node, &epts);
	mutex_unlock(&lock);
	return &loop->ept;
}

static const struct rpmsg_device_ops loop_ops = {
	.create_ept = loop_create_ept,
};

static void release_channel(struct device *dev)
{
	struct rpmsg_device *rpdev = to_rpmsg_device(dev);

	rpmsg_device_free_override(rpdev);
	kfree(rpdev);
	if (atomic_dec_and_test(&channels_in_memory))
		wake_up_all(&channel_freed);
}

/* What fails to register is released by that. */
static int add_channel(unsigned int i)
{
	struct rpmsg_device *rpdev;
	int ret;

	rpdev = kzalloc(sizeof(*rpdev), GFP_KERNEL);
	if (!rpdev)
		return -ENOMEM;
	strscpy_pad(rpdev->id.name, ends[i].name, sizeof(rpdev->id.name));
	rpdev->src = ends[i].src;
	rpdev->dst = ends[i].dst;
	rpdev->ops = &loop_ops;
	rpdev->dev.parent = root;
	rpdev->dev.release = release_channel;

	atomic_inc(&channels_in_memory);
	ret = rpmsg_register_device(rpdev);
	if (!ret)
		channels[i] = rpdev;
	return ret;
}

static void remove_channels(void)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(channels); i++) {
		if (channels[i])
			device_unregister(&channels[i]->dev);
	}
	wait_event(channel_freed, !atomic_read(&channels_in_memory));
	root_device_unregister(root);
}

static int send_nothing(struct rpmsg_device *rpdev)
{
	return rpmsg_send(rpdev->ept, NULL, 0) ?: rpmsg_trysend(rpdev->ept, NULL, 0);
}

static int ignore(struct rpmsg_device *rpdev, void *data, int len, void *priv, u32 src)
{
	return 0;
}

static void do_nothing(struct rpmsg_device *rpdev)
{
}

static const struct rpmsg_device_id empty_ids[] = {
	{ .name = "rpmsg-loop-empty" },
	{ }
};

static struct rpmsg_driver empty_driver = {
	.drv.name = "rpmsg_loop_empty",
	.id_table = empty_ids,
	.probe = send_nothing,
	.remove = do_nothing,
	.callback = ignore,
};

static void fill(struct rpmsg_endpoint *ept, void *data, int mtu)
{
	unsigned long start;
	unsigned int i;

	sends[SEND_TOO_LONG] = rpmsg_send(ept, data, mtu + 1);

	/* More than any ring has entries */
	for (i = 0; i < 65536; i++) {
		sends[SEND_TRY] = rpmsg_trysend(ept, data, mtu);
		if (sends[SEND_TRY])
			break;
	}

	start = jiffies;
	sends[SEND_WAIT] = rpmsg_send(ept, data, mtu);
	sends[SEND_WAITED_MS] = jiffies_to_msecs(jiffies - start);
}

static int send_all(struct rpmsg_device *rpdev)
{
	int mtu = rpmsg_get_mtu(rpdev->ept);
	void *data;

	if (mtu < 0)
		return mtu;
	data = kzalloc(mtu + 1, GFP_KERNEL);
	if (!data)
		return -ENOMEM;
	fill(rpdev->ept, data, mtu);
	kfree(data);
	return 0;
}

static void send_last(struct rpmsg_device *rpdev)
{
	char last[] = "last";

	sends[SEND_GONE] = rpmsg_send(rpdev->ept, last, sizeof(last));
}

static const struct rpmsg_device_id full_ids[] = {
	{ .name = "rpmsg-loop-full" },
	{ }
};

static struct rpmsg_driver full_driver = {
	.drv.name = "rpmsg_loop_full",
	.id_table = full_ids,
	.probe = send_all,
	.remove = send_last,
	.callback = ignore,
};

static int register_drivers(void)
{
	int ret;

	ret = register_rpmsg_driver(&empty_driver);
	if (ret)
		return ret;
	ret = register_rpmsg_driver(&full_driver);
	if (ret)
		unregister_rpmsg_driver(&empty_driver);
	return ret;
}

static void unregister_drivers(void)
{
	unregister_rpmsg_driver(&full_driver);
	unregister_rpmsg_driver(&empty_driver);
}

static int __init rpmsg_loop_init(void)
{
	unsigned int i;
	int ret;

	ret = register_drivers();
	if (ret)
		return ret;
	root = root_device_register("rpmsg_loop");
	if (IS_ERR(root)) {
		unregister_drivers();
		return PTR_ERR(root);
	}
	for (i = 0; i < ARRAY_SIZE(ends) && !ret; i++)
		ret = add_channel(i);
	if (ret) {
		remove_channels();
		unregister_drivers();
	}
	return ret;
}
module_init(rpmsg_loop_init);

static void __exit rpmsg_loop_exit(void)
{
	remove_channels();
	unregister_drivers();
}
module_exit(rpmsg_loop_exit);

MODULE_DESCRIPTION("rpmsg channels that talk to each other, for tests");
MODULE_LICENSE("GPL");
