// SPDX-License-Identifier: GPL-2.0-only
/*
 * RPMsg with the Cortex-M4 of an i.MX whose firmware has no resource table: virtio devices and
 * their rings come from the devicetree, doorbells are words of the messaging unit. Who loads and
 * starts the core is of no interest here. Documentation/drivers/imx_rpmsg.rst has the shapes of the
 * devicetree, and what a remote has to keep to.
 *
 * This file has probe, the words, and the restart of the devices: a remote that starts again, by
 * itself or not, begins with empty rings, so Linux has to as well.
 *
 * Copyright (c) 2026 linux-amp developers
 */
#include <linux/amp_version.h>
#include <linux/bitops.h>
#include <linux/device.h>
#include <linux/dma-mapping.h>
#include <linux/err.h>
#include <linux/imx_rpmsg.h>
#include <linux/jiffies.h>
#include <linux/list.h>
#include <linux/mailbox/imx-mu.h>
#include <linux/module.h>
#include <linux/of.h>
#include <linux/of_address.h>
#include <linux/of_reserved_mem.h>
#include <linux/platform_device.h>
#include <linux/pm.h>
#include <linux/sched.h>

#include "imx_rpmsg.h"

/* What the messaging unit's binding calls <0 1> and <1 1>. */
#define MU_TYPE_TX	0
#define MU_TYPE_RX	1
#define MU_RPMSG_INDEX	1

/* A remote that breaks its rings again and again gets new ones once a second. */
#define RESTART_INTERVAL	HZ

/* One word at a time, and the mark goes first: who marks it again means something newer. */
static void submit_pending(struct imx_rpmsg *ir)
{
	unsigned int vring;

	lockdep_assert_held(&ir->lock);

	if (ir->busy || !ir->pending)
		return;
	vring = __ffs(ir->pending);
	__clear_bit(vring, &ir->pending);
	ir->busy = mbox_send_message(ir->tx, &ir->word[vring]) >= 0;
}

/* Interrupt context. The remote has read the word. */
static void tx_done(struct mbox_client *client, void *message, int status)
{
	struct imx_rpmsg *ir = container_of(client, struct imx_rpmsg, tx_client);
	unsigned long flags;

	spin_lock_irqsave(&ir->lock, flags);
	ir->busy = false;
	submit_pending(ir);
	spin_unlock_irqrestore(&ir->lock, flags);
}

/**
 * imx_rpmsg_kick() - tell the remote that a ring has work
 * @ir:    the remote
 * @vring: number of the ring
 *
 * Never waits: a word that the remote has yet to read leaves a mark for the next.
 *
 * Context: any, including hard interrupt and with locks held.
 */
void imx_rpmsg_kick(struct imx_rpmsg *ir, unsigned int vring)
{
	unsigned long flags;

	/*
	 * The ring is in normal non-cacheable memory, and the remote an observer outside of the
	 * inner shareable domain: only a DSB orders the two (Arm ARM of Armv7-A, A3.8.3).
	 */
	wmb();
	spin_lock_irqsave(&ir->lock, flags);
	__set_bit(vring, &ir->pending);
	submit_pending(ir);
	spin_unlock_irqrestore(&ir->lock, flags);
}

static void deliver(struct kthread_work *work)
{
	struct imx_rpmsg *ir = container_of(work, struct imx_rpmsg, work);
	unsigned long received = 0;
	unsigned int vring;

	spin_lock_irq(&ir->lock);
	swap(received, ir->received);
	spin_unlock_irq(&ir->lock);

	for_each_set_bit(vring, &received, IMX_RPMSG_MAX_VRINGS) {
		struct imx_rpmsg_vdev *iv;

		spin_lock_irq(&ir->lock);
		iv = ir->vdev[vring / IMX_RPMSG_VRINGS];
		spin_unlock_irq(&ir->lock);
		/* Whoever frees it waits for this thread after having taken it away. */
		if (iv)
			imx_rpmsg_serve(iv, vring % IMX_RPMSG_VRINGS);
	}
}

static void receive(struct imx_rpmsg *ir, unsigned long vrings)
{
	unsigned long flags;

	spin_lock_irqsave(&ir->lock, flags);
	ir->received |= vrings;
	kthread_queue_work(ir->worker, &ir->work);
	spin_unlock_irqrestore(&ir->lock, flags);
}

/**
 * imx_rpmsg_deliver_all() - look at all rings
 * @ir: the remote
 *
 * Context: any.
 */
void imx_rpmsg_deliver_all(struct imx_rpmsg *ir)
{
	receive(ir, GENMASK(ir->num_vdevs * IMX_RPMSG_VRINGS - 1, 0));
}

/**
 * imx_rpmsg_wait_delivered() - wait until no callback is at it that has begun before
 * @ir: the remote
 *
 * Context: process, may sleep; not the notification thread.
 */
void imx_rpmsg_wait_delivered(struct imx_rpmsg *ir)
{
	kthread_flush_work(&ir->work);
}

/* Interrupt context. The controller limits how often a remote can do this. */
static void rx_callback(struct mbox_client *client, void *message)
{
	struct imx_rpmsg *ir = container_of(client, struct imx_rpmsg, rx_client);
	u32 word = *(u32 *)message;
	int vring = imx_rpmsg_decode(word, ir->num_vdevs);

	if (vring < 0)
		dev_warn_ratelimited(ir->dev, "word %#x means no ring\n", word);
	else
		receive(ir, BIT(vring));
}

static void db_callback(struct mbox_client *client, void *message)
{
	imx_rpmsg_restart(container_of(client, struct imx_rpmsg, db_client), "it says so");
}

/**
 * imx_rpmsg_restart() - the remote has lost its place in the rings
 * @ir:  the remote
 * @why: for the log
 *
 * All virtio devices are unregistered and come back, with empty rings and no channels.
 *
 * Context: any.
 */
void imx_rpmsg_restart(struct imx_rpmsg *ir, const char *why)
{
	unsigned long flags, delay;

	spin_lock_irqsave(&ir->lock, flags);
	delay = imx_rpmsg_restart_delay(get_jiffies_64(), ir->restarted, RESTART_INTERVAL);
	if (!ir->removing) {
		ir->wanted = true;
		if (queue_delayed_work(ir->wq, &ir->restart, delay))
			dev_warn_ratelimited(ir->dev, "remote starts over: %s\n", why);
	}
	spin_unlock_irqrestore(&ir->lock, flags);
}

/*
 * Who has asked is served. Work that has begun cannot be cancelled: it waits for the mutex that is
 * held here, and looks at the mark when it has it.
 */
static void forget_request(struct imx_rpmsg *ir)
{
	lockdep_assert_held(&ir->vdevs);
	lockdep_assert_held(&ir->lock);

	ir->wanted = false;
	cancel_delayed_work(&ir->restart);
}

static void delete_vdevs(struct imx_rpmsg *ir)
{
	unsigned int i;

	for (i = ir->num_vdevs; i--; )
		imx_rpmsg_del_vdev(ir, i);
}

static int add_vdevs(struct imx_rpmsg *ir)
{
	unsigned int i;
	int ret = 0;

	for (i = 0; i < ir->num_vdevs && !ret; i++)
		ret = imx_rpmsg_add_vdev(ir, i);
	return ret;
}

static void renew_vdevs(struct imx_rpmsg *ir)
{
	int ret;

	lockdep_assert_held(&ir->vdevs);

	delete_vdevs(ir);
	spin_lock_irq(&ir->lock);
	/* Also one that has come since this began, for another device perhaps. */
	forget_request(ir);
	ir->restarted = get_jiffies_64();
	ir->pending = 0;
	spin_unlock_irq(&ir->lock);
	ret = add_vdevs(ir);
	if (ret)
		dev_err(ir->dev, "cannot register virtio devices again: %d\n", ret);
}

static bool is_wanted(struct imx_rpmsg *ir)
{
	bool wanted;

	spin_lock_irq(&ir->lock);
	wanted = ir->wanted;
	spin_unlock_irq(&ir->lock);
	return wanted;
}

static void restart(struct work_struct *work)
{
	struct imx_rpmsg *ir = container_of(to_delayed_work(work), struct imx_rpmsg, restart);

	mutex_lock(&ir->vdevs);
	if (is_wanted(ir))
		renew_vdevs(ir);
	mutex_unlock(&ir->vdevs);
}

/*
 * Rings that nobody has used are as good as new, and may hold what was sent early. A restart that
 * is pending must not come later, though, when the new firmware uses them.
 */
static bool needs_new_rings(struct imx_rpmsg *ir)
{
	unsigned int i;
	bool needs;

	spin_lock_irq(&ir->lock);
	needs = ir->wanted;
	for (i = 0; i < ir->num_vdevs; i++)
		needs |= ir->vdev[i] && imx_rpmsg_vdev_is_touched(ir->vdev[i]);
	needs &= !ir->removing;
	spin_unlock_irq(&ir->lock);
	return needs;
}

static LIST_HEAD(remotes);
/* Protects the list, and keeps what is in it; taken before imx_rpmsg.vdevs. */
static DEFINE_MUTEX(remotes_lock);

/**
 * imx_rpmsg_remote_starts() - the core is about to be started
 *
 * Its firmware counts from the beginning, and waits to be told that the link is up: rings that a
 * firmware before it has used are set up anew. These SoCs have one core.
 *
 * Context: process, may sleep; the core is held.
 */
void imx_rpmsg_remote_starts(void)
{
	struct imx_rpmsg *ir;

	mutex_lock(&remotes_lock);
	list_for_each_entry(ir, &remotes, entry) {
		mutex_lock(&ir->vdevs);
		if (needs_new_rings(ir))
			renew_vdevs(ir);
		mutex_unlock(&ir->vdevs);
	}
	mutex_unlock(&remotes_lock);
}
EXPORT_SYMBOL_GPL(imx_rpmsg_remote_starts);

static void unlist(void *data)
{
	struct imx_rpmsg *ir = data;

	mutex_lock(&remotes_lock);
	list_del(&ir->entry);
	mutex_unlock(&remotes_lock);
}

static int enlist(struct imx_rpmsg *ir)
{
	mutex_lock(&remotes_lock);
	list_add_tail(&ir->entry, &remotes);
	mutex_unlock(&remotes_lock);
	return devm_add_action_or_reset(ir->dev, unlist, ir);
}

static void remove_vdevs(void *data)
{
	struct imx_rpmsg *ir = data;

	spin_lock_irq(&ir->lock);
	ir->removing = true;
	spin_unlock_irq(&ir->lock);
	cancel_delayed_work_sync(&ir->restart);

	mutex_lock(&ir->vdevs);
	delete_vdevs(ir);
	mutex_unlock(&ir->vdevs);
}

static void destroy_worker(void *data)
{
	kthread_destroy_worker(data);
}

static int create_worker(struct imx_rpmsg *ir)
{
	kthread_init_work(&ir->work, deliver);
	ir->worker = kthread_create_worker(0, "%s", dev_name(ir->dev));
	if (IS_ERR(ir->worker))
		return PTR_ERR(ir->worker);
	/* As a WQ_HIGHPRI worker: ahead of ordinary load, behind real-time tasks. */
	set_user_nice(ir->worker->task, MIN_NICE);
	/* Before v6.14 it runs already, which makes this a spurious wake-up. */
	wake_up_process(ir->worker->task);
	return devm_add_action_or_reset(ir->dev, destroy_worker, ir->worker);
}

static void destroy_wq(void *data)
{
	destroy_workqueue(data);
}

/* No device comes or goes while the system is about to sleep: what is asked for then is later. */
static int create_wq(struct imx_rpmsg *ir)
{
	INIT_DELAYED_WORK(&ir->restart, restart);
	ir->wq = alloc_workqueue("%s", WQ_UNBOUND | WQ_FREEZABLE, 0, dev_name(ir->dev));
	if (!ir->wq)
		return -ENOMEM;
	return devm_add_action_or_reset(ir->dev, destroy_wq, ir->wq);
}

/*
 * Devicetrees of kernels that drove the unit themselves do not refer to it: there is one, and its
 * side A is Linux'. Its driver is asked for by name, as only some kernels build it.
 */
static struct mbox_chan *request_by_compatible(struct imx_rpmsg *ir, struct mbox_client *client,
					       u32 type)
{
	struct mbox_chan *(*get_channel)(struct device *consumer, struct device_node *np, u32 type,
					 u32 index);
	struct mbox_chan *chan = ERR_PTR(-ENODEV);
	struct device_node *np;
	int ret;

	get_channel = symbol_request(imx_mu_get_channel);
	if (!get_channel)
		return chan;
	for_each_compatible_node(np, NULL, "fsl,imx6sx-mu") {
		if (!of_device_is_available(np) || of_property_read_bool(np, "fsl,mu-side-b"))
			continue;
		chan = get_channel(ir->dev, np, type, MU_RPMSG_INDEX);
		of_node_put(np);
		break;
	}
	symbol_put(imx_mu_get_channel);
	if (IS_ERR(chan))
		return chan;
	ret = mbox_bind_client(chan, client);
	return ret ? ERR_PTR(ret) : chan;
}

/* A handler may still run in a controller that does not wait for it. */
static void free_channel(void *data)
{
	mbox_free_channel(data);
	synchronize_rcu();
}

static struct mbox_chan *request(struct imx_rpmsg *ir, struct mbox_client *client, const char *name,
				 int position, u32 type)
{
	struct device_node *np = ir->dev->of_node;
	struct mbox_chan *chan;
	int index, ret;

	client->dev = ir->dev;
	if (of_property_present(np, "mboxes")) {
		index = of_property_match_string(np, "mbox-names", name);
		/* Without names the order is fixed. */
		if (index == -EINVAL)
			index = position;
		chan = index < 0 ? ERR_PTR(index) : mbox_request_channel(client, index);
	} else {
		chan = request_by_compatible(ir, client, type);
	}
	if (IS_ERR(chan))
		return ERR_PTR(dev_err_probe(ir->dev, PTR_ERR(chan), "%pOF: no %s mailbox\n", np,
					     name));
	ret = devm_add_action_or_reset(ir->dev, free_channel, chan);
	return ret ? ERR_PTR(ret) : chan;
}

static int request_channels(struct imx_rpmsg *ir)
{
	struct mbox_chan *chan;
	unsigned int i;

	for (i = 0; i < IMX_RPMSG_MAX_VRINGS; i++)
		ir->word[i] = imx_rpmsg_encode(i);

	ir->tx_client.tx_done = tx_done;
	chan = request(ir, &ir->tx_client, "tx", 0, MU_TYPE_TX);
	if (IS_ERR(chan))
		return PTR_ERR(chan);
	ir->tx = chan;

	ir->rx_client.rx_callback = rx_callback;
	chan = request(ir, &ir->rx_client, "rx", 1, MU_TYPE_RX);
	if (IS_ERR(chan))
		return PTR_ERR(chan);

	if (of_property_match_string(ir->dev->of_node, "mbox-names", "rxdb") < 0)
		return 0;
	ir->db_client.rx_callback = db_callback;
	return PTR_ERR_OR_ZERO(request(ir, &ir->db_client, "rxdb", 2, 0));
}

/* Two devices in the same memory would corrupt each other's rings. */
static int check_overlap(struct imx_rpmsg *ir, unsigned int vdev)
{
	unsigned int i;

	for (i = 0; i < vdev; i++)
		if (imx_rpmsg_overlap(ir->start[i], ir->start[vdev]))
			return dev_err_probe(ir->dev, -EINVAL,
					     "%pOF: rings of vdevs %u and %u overlap\n",
					     ir->dev->of_node, i, vdev);
	return 0;
}

/* As U-Boot has left them: it moves them to the end of the memory that it finds. */
static int find_rings(struct imx_rpmsg *ir)
{
	struct imx_rpmsg_region region[IMX_RPMSG_MAX_VDEVS];
	struct device_node *np = ir->dev->of_node;
	unsigned int i, num = 0;
	struct resource res;
	u64 start;
	int ret;

	while (num < ARRAY_SIZE(region) && !of_address_to_resource(np, num, &res)) {
		region[num].start = res.start;
		region[num].bytes = resource_size(&res);
		num++;
	}
	ir->num_vdevs = 1;
	of_property_read_u32(np, "vdev-nums", &ir->num_vdevs);
	if (!ir->num_vdevs || ir->num_vdevs > IMX_RPMSG_MAX_VDEVS)
		return dev_err_probe(ir->dev, -EINVAL, "%pOF: vdev-nums %u is not supported\n", np,
				     ir->num_vdevs);

	for (i = 0; i < ir->num_vdevs; i++) {
		ret = imx_rpmsg_place(region, num, i, &start);
		if (ret)
			return dev_err_probe(ir->dev, ret, "%pOF: no usable 64 KiB for vdev %u\n",
					     np, i);
		if (!imx_rpmsg_reachable(start, IMX_RPMSG_VDEV_BYTES))
			return dev_err_probe(ir->dev, -ENXIO,
					     "%pOF: rings at %#llx are out of reach of the remote\n",
					     np, start);
		/* A second mapping with other attributes is not allowed. */
		if (region_intersects(start, IMX_RPMSG_VDEV_BYTES, IORESOURCE_SYSTEM_RAM,
				      IORES_DESC_NONE) != REGION_DISJOINT)
			return dev_err_probe(ir->dev, -EINVAL,
					     "%pOF: rings at %#llx are used by Linux, need no-map\n",
					     np, start);
		ir->start[i] = start;
		ret = check_overlap(ir, i);
		if (ret)
			return ret;
	}
	return 0;
}

static void release_pool(void *data)
{
	of_reserved_mem_device_release(data);
}

static bool pool_is_reachable(struct device *dev)
{
	struct device_node *np = of_parse_phandle(dev->of_node, "memory-region", 0);
	struct reserved_mem *pool;

	if (!np)
		return true;
	pool = of_reserved_mem_lookup(np);
	of_node_put(np);
	/* What is no reserved memory is refused by whoever makes a pool of it. */
	return !pool || imx_rpmsg_reachable(pool->base, pool->size);
}

/* Where the transport's dma_alloc_coherent() finds memory for messages. */
static int find_buffers(struct imx_rpmsg *ir)
{
	struct device *dev = ir->dev;
	int ret;

	ret = dma_set_mask_and_coherent(dev, DMA_BIT_MASK(32));
	if (ret)
		return dev_err_probe(dev, ret, "no 32-bit DMA\n");
	if (!of_property_present(dev->of_node, "memory-region")) {
		dev_warn(dev, "no memory-region: message buffers are wherever Linux has memory\n");
		return 0;
	}
	if (!pool_is_reachable(dev))
		return dev_err_probe(dev, -ENXIO,
				     "%pOF: memory-region is out of reach of the remote\n",
				     dev->of_node);
	ret = of_reserved_mem_device_init(dev);
	if (ret)
		return dev_err_probe(dev, ret, "%pOF: memory-region is no usable DMA pool\n",
				     dev->of_node);
	return devm_add_action_or_reset(dev, release_pool, dev);
}

static int imx_rpmsg_probe(struct platform_device *pdev)
{
	struct device *dev = &pdev->dev;
	struct imx_rpmsg *ir;
	int ret;

	ir = devm_kzalloc(dev, sizeof(*ir), GFP_KERNEL);
	if (!ir)
		return -ENOMEM;
	ir->dev = dev;
	platform_set_drvdata(pdev, ir);
	spin_lock_init(&ir->lock);
	mutex_init(&ir->vdevs);
	init_completion(&ir->gone);
	ir->restarted = get_jiffies_64() - RESTART_INTERVAL;
	/* Nothing to restart yet, and nobody who would cancel it. */
	ir->removing = true;

	ret = find_rings(ir);
	if (ret)
		return ret;
	ret = find_buffers(ir);
	if (ret)
		return ret;
	ret = create_worker(ir);
	if (ret)
		return ret;
	ret = create_wq(ir);
	if (ret)
		return ret;
	ret = request_channels(ir);
	if (ret)
		return ret;
	ret = devm_add_action_or_reset(dev, remove_vdevs, ir);
	if (ret)
		return ret;
	mutex_lock(&ir->vdevs);
	/* A restart that is asked for from now on waits for the mutex. */
	spin_lock_irq(&ir->lock);
	ir->removing = false;
	spin_unlock_irq(&ir->lock);
	ret = add_vdevs(ir);
	mutex_unlock(&ir->vdevs);
	return ret ?: enlist(ir);
}

/* What comes after Linux has the memory of the buffers to itself; the remote may run on. */
static void imx_rpmsg_shutdown(struct platform_device *pdev)
{
	remove_vdevs(platform_get_drvdata(pdev));
}

/*
 * A word that the remote has sent meanwhile may be lost with the unit's registers. Those of Linux
 * are sent again by whoever has restored the registers.
 */
static int imx_rpmsg_resume(struct device *dev)
{
	imx_rpmsg_deliver_all(dev_get_drvdata(dev));
	return 0;
}

static DEFINE_SIMPLE_DEV_PM_OPS(imx_rpmsg_pm_ops, NULL, imx_rpmsg_resume);

static const struct of_device_id imx_rpmsg_match[] = {
	{ .compatible = "fsl,imx7d-rpmsg" },
	{ .compatible = "fsl,imx6sx-rpmsg" },
	{ }
};
MODULE_DEVICE_TABLE(of, imx_rpmsg_match);

static struct platform_driver imx_rpmsg_driver = {
	.probe = imx_rpmsg_probe,
	.shutdown = imx_rpmsg_shutdown,
	.driver = {
		.name = "imx_rpmsg",
		.of_match_table = imx_rpmsg_match,
		.pm = pm_sleep_ptr(&imx_rpmsg_pm_ops),
	},
};
module_platform_driver(imx_rpmsg_driver);

MODULE_DESCRIPTION("RPMsg with i.MX remotes that have no resource table");
MODULE_AUTHOR("linux-amp developers");
MODULE_LICENSE("GPL");
MODULE_VERSION(AMP_VERSION);
