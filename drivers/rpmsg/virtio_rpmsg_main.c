// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (c) 2026 linux-amp developers
 *
 * The virtio driver of the RPMsg transport: rings, message buffers, the order
 * in which a link comes up and the order in which it goes away. Sending,
 * receiving, endpoints and channels have a file each. Read
 * Documentation/lifecycle.rst before changing an order here.
 */

#include <linux/dma-mapping.h>
#include <linux/ioport.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/virtio_at_once.h>
#include <linux/virtio_config.h>
#include <linux/virtio_ids.h>
#include <linux/virtio_ring.h>
#include <linux/virtio_take_back.h>
#include <linux/vmalloc.h>

#include <linux/amp_version.h>

#include "virtio_rpmsg.h"

static struct virtio_rpmsg *alloc_link(struct virtio_device *vdev)
{
	struct virtio_rpmsg *vr;

	vr = kzalloc(sizeof(*vr), GFP_KERNEL);
	if (!vr)
		return NULL;
	vr->wq = alloc_workqueue("%s", WQ_HIGHPRI | WQ_UNBOUND, 0, dev_name(&vdev->dev));
	if (!vr->wq)
		goto free_vr;
	/* A remote decides how much there is to do, so this takes its share as others do. */
	vr->rx.wq = alloc_workqueue("%s-rx", WQ_UNBOUND | WQ_SYSFS, 0, dev_name(&vdev->dev));
	if (!vr->rx.wq)
		goto destroy_wq;
	if (init_srcu_struct(&vr->users))
		goto destroy_rx_wq;

	vr->vdev = vdev;
	kref_init(&vr->refs);
	mutex_init(&vr->rx.lock);
	spin_lock_init(&vr->rx.ring_lock);
	init_waitqueue_head(&vr->rx.idle);
	spin_lock_init(&vr->tx.lock);
	init_waitqueue_head(&vr->tx.wait);
	xa_init_flags(&vr->endpoints, XA_FLAGS_ALLOC);
	mutex_init(&vr->chan_lock);
	INIT_LIST_HEAD(&vr->chans);
	INIT_WORK(&vr->rx.more, virtio_rpmsg_rx_more);
	INIT_DELAYED_WORK(&vr->tx.check, virtio_rpmsg_tx_check);
	INIT_DELAYED_WORK(&vr->tx.look, virtio_rpmsg_tx_look);
	INIT_WORK(&vr->fail, virtio_rpmsg_vq_fail);
	virtio_rpmsg_hello_init(vr);
	vr->send_ms = VIRTIO_RPMSG_SEND_MS;
	return vr;

destroy_rx_wq:
	destroy_workqueue(vr->rx.wq);
destroy_wq:
	destroy_workqueue(vr->wq);
free_vr:
	kfree(vr);
	return NULL;
}

static void free_link(struct kref *refs)
{
	struct virtio_rpmsg *vr = container_of(refs, struct virtio_rpmsg, refs);

	xa_destroy(&vr->endpoints);
	cleanup_srcu_struct(&vr->users);
	destroy_workqueue(vr->wq);
	virtio_rpmsg_vq_free(&vr->tx.q);
	virtio_rpmsg_vq_free(&vr->rx.q);
	kfree(vr->tx.free);
	kfree(vr->rx.loans);
	kfree(vr->rx.copy);
	kfree(vr);
}

/**
 * virtio_rpmsg_get() - keep the link's memory
 * @vr: the link
 *
 * Keeps neither rings nor buffers: see enum virtio_rpmsg_state.
 *
 * Context: any.
 */
void virtio_rpmsg_get(struct virtio_rpmsg *vr)
{
	kref_get(&vr->refs);
}

/**
 * virtio_rpmsg_put() - give back what virtio_rpmsg_get() took
 * @vr: the link
 *
 * Context: process; may sleep.
 */
void virtio_rpmsg_put(struct virtio_rpmsg *vr)
{
	kref_put(&vr->refs, free_link);
}

static int find_vqs(struct virtio_rpmsg *vr)
{
	struct virtqueue_info info[] = {
		{ "input", virtio_rpmsg_rx_done },
		{ "output", virtio_rpmsg_tx_done },
	};
	struct virtqueue *vqs[ARRAY_SIZE(info)];
	int ret;

	ret = virtio_find_vqs(vr->vdev, ARRAY_SIZE(info), vqs, info, NULL);
	if (ret)
		return ret;

	ret = virtio_rpmsg_vq_init(&vr->rx.q, vqs[0]);
	if (!ret)
		ret = virtio_rpmsg_vq_init(&vr->tx.q, vqs[1]);
	if (ret)
		vr->vdev->config->del_vqs(vr->vdev);
	return ret;
}

/*
 * Where the remote finds a buffer. As in the kernel's virtqueue code that is the
 * physical address, unless the device is behind the DMA API. Coherent memory may be
 * mapped anywhere, but it is one piece.
 */
static u64 bufs_address(struct virtio_rpmsg *vr)
{
	void *bufs = vr->rx.bufs;

	if (!virtio_has_dma_quirk(vr->vdev))
		return vr->bufs_dma;
	if (is_vmalloc_addr(bufs))
		return PFN_PHYS(vmalloc_to_pfn(bufs)) + offset_in_page(bufs);
	return virt_to_phys(bufs);
}

static void describe_bufs(struct virtio_rpmsg *vr)
{
	struct virtio_rpmsg_rx *rx = &vr->rx;
	struct virtio_rpmsg_tx *tx = &vr->tx;
	u64 address = bufs_address(vr);
	unsigned int i;

	for (i = 0; i < rx->num; i++, address += rx->buf_bytes) {
		rpmsg_ring_set_buf(&rx->q.ring, i, address, rx->buf_bytes, true);
		rx->loans[i].buf.data = rx->bufs + i * rx->buf_bytes +
					sizeof(struct rpmsg_wire_hdr);
	}
	for (i = 0; i < tx->num; i++, address += tx->buf_bytes)
		rpmsg_ring_set_buf(&tx->q.ring, i, address, 0, false);
}

/* Called with both rings known: each may have its own size. */
static int alloc_bufs(struct virtio_rpmsg *vr)
{
	struct virtio_rpmsg_rx *rx = &vr->rx;
	struct virtio_rpmsg_tx *tx = &vr->tx;

	rx->num = min(rx->q.ring.num, VIRTIO_RPMSG_MAX_BUFS);
	tx->num = min(tx->q.ring.num, VIRTIO_RPMSG_MAX_BUFS);
	rx->buf_bytes = VIRTIO_RPMSG_BUF_BYTES;
	tx->buf_bytes = VIRTIO_RPMSG_BUF_BYTES;

	vr->bufs_bytes = rx->num * rx->buf_bytes + tx->num * tx->buf_bytes;

	rx->copy = kmalloc(rx->buf_bytes, GFP_KERNEL);
	rx->loans = kcalloc(rx->num, sizeof(*rx->loans), GFP_KERNEL);
	tx->free = kcalloc(tx->num, sizeof(*tx->free), GFP_KERNEL);
	if (!rx->copy || !rx->loans || !tx->free)
		return -ENOMEM;

	/* The parent carries the memory that is set aside for this remote. */
	rx->bufs = dma_alloc_coherent(vr->vdev->dev.parent, vr->bufs_bytes, &vr->bufs_dma,
				      GFP_KERNEL);
	if (!rx->bufs)
		return -ENOMEM;
	tx->bufs = rx->bufs + rx->num * rx->buf_bytes;
	describe_bufs(vr);
	virtio_rpmsg_tx_init(vr);
	return 0;
}

/*
 * The bus of a remote processor delivers doorbells in a thread, because callbacks of
 * endpoints may sleep. Where it can also deliver at once, ours can take that.
 */
static void ask_for_at_once(struct virtio_rpmsg *vr)
{
	typeof(virtio_at_once) *ask = symbol_get(virtio_at_once);

	if (!ask)
		return;
	ask(vr->rx.q.vq, virtio_rpmsg_rx_at_once);
	ask(vr->tx.q.vq, virtio_rpmsg_tx_at_once);
	symbol_put(virtio_at_once);
}

/* Its name in sysfs is the device's, so it goes before another device can have that. */
static void end_rx_wq(struct virtio_rpmsg *vr)
{
	destroy_workqueue(vr->rx.wq);
	vr->rx.wq = NULL;
}

/*
 * Where no memory is set aside for the remote, the DMA API has allocated from Linux's own, and has
 * it back next. Also memory that Linux may use as long as no buffer is there.
 */
static bool bufs_are_of_linux(struct virtio_rpmsg *vr)
{
	return region_intersects(bufs_address(vr), vr->bufs_bytes, IORESOURCE_SYSTEM_RAM,
				 IORES_DESC_NONE) != REGION_DISJOINT;
}

static void take_back_bufs(struct virtio_rpmsg *vr)
{
	typeof(virtio_take_back) *take_back;

	if (!vr->rx.bufs || !bufs_are_of_linux(vr))
		return;
	take_back = symbol_get(virtio_take_back);
	if (!take_back)
		return;
	take_back(vr->vdev);
	symbol_put(virtio_take_back);
}

static void free_rings(struct virtio_rpmsg *vr)
{
	struct virtio_device *vdev = vr->vdev;

	/* Bridges give buffers back to the last moment. */
	spin_lock_irq(&vr->rx.ring_lock);
	WRITE_ONCE(vr->state, VIRTIO_RPMSG_GONE);
	spin_unlock_irq(&vr->rx.ring_lock);
	/* Find nothing to do in this state, but use the rings. */
	cancel_work_sync(&vr->rx.more);
	cancel_delayed_work_sync(&vr->tx.check);
	cancel_delayed_work_sync(&vr->tx.look);
	take_back_bufs(vr);
	vdev->config->del_vqs(vdev);
	if (vr->rx.bufs)
		dma_free_coherent(vdev->dev.parent, vr->bufs_bytes, vr->rx.bufs, vr->bufs_dma);
}

/*
 * A remote may answer DRIVER_OK with an announcement at once, so the name
 * service has to listen and the buffers have to lie in the ring before it. The
 * control device is there before it, too, as in the kernel's own driver: whoever
 * hears of a channel finds it. The link is LIVE by then, so who is even faster can
 * use it: what he sends waits in the ring, whose doorbell is rung once more.
 */
static int go_live(struct virtio_rpmsg *vr)
{
	int ret;

	if (virtio_has_feature(vr->vdev, VIRTIO_RPMSG_F_NS)) {
		ret = virtio_rpmsg_chan_add_ns(vr);
		if (ret)
			return ret;
	}

	WRITE_ONCE(vr->state, VIRTIO_RPMSG_LIVE);
	virtio_rpmsg_rx_post(vr);
	ret = virtio_rpmsg_chan_add_ctrl(vr);
	if (ret)
		return ret;
	virtio_device_ready(vr->vdev);
	virtio_rpmsg_hello_begin(vr);
	return 0;
}

/*
 * Everybody who found the link LIVE is waited for, and nobody among them can
 * take long: senders wake up, the receive context leaves after the message at
 * hand. After that no callback runs any more, and drivers can say farewell.
 */
static void go_down(struct virtio_rpmsg *vr)
{
	WRITE_ONCE(vr->state, VIRTIO_RPMSG_CLOSING);
	wake_up_all(&vr->tx.wait);
	synchronize_srcu_expedited(&vr->users);
	virtio_rpmsg_hello_end(vr);
	virtio_rpmsg_debugfs_remove(vr);

	virtio_rpmsg_chan_remove_all(vr);

	/*
	 * Nobody can find a broken ring any more; who did shall not undo the reset. Others
	 * than this work item see that a ring is broken, and may be faster: recovery is.
	 */
	if (cancel_work_sync(&vr->fail))
		virtio_rpmsg_vq_report(vr);
	virtio_break_device(vr->vdev);
	virtio_reset_device(vr->vdev);
}

/*
 * Features of the ring that the rings here do not have: transports offer them to
 * any driver, and a remote can ask for them in its resource table.
 */
static int virtio_rpmsg_validate(struct virtio_device *vdev)
{
	static const unsigned int foreign[] = {
		VIRTIO_RING_F_INDIRECT_DESC,
		VIRTIO_RING_F_EVENT_IDX,
		VIRTIO_F_RING_PACKED,
		VIRTIO_F_IN_ORDER,
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(foreign); i++)
		__virtio_clear_bit(vdev, foreign[i]);
	return 0;
}

static int virtio_rpmsg_probe(struct virtio_device *vdev)
{
	struct virtio_rpmsg *vr;
	int ret;

	vr = alloc_link(vdev);
	if (!vr)
		return -ENOMEM;
	vdev->priv = vr;

	ret = find_vqs(vr);
	if (ret)
		goto put_link;

	ret = alloc_bufs(vr);
	if (ret) {
		dev_err(&vdev->dev, "cannot set up %u + %u message buffers, %zu bytes: %d\n",
			vr->rx.num, vr->tx.num, vr->bufs_bytes, ret);
		goto undo_rings;
	}

	ask_for_at_once(vr);
	ret = go_live(vr);
	if (ret)
		goto undo_live;

	virtio_rpmsg_debugfs_add(vr);
	/* Scripts in the field wait for this line. */
	dev_info(&vdev->dev, "rpmsg host is online\n");
	return 0;

undo_live:
	go_down(vr);
undo_rings:
	free_rings(vr);
put_link:
	end_rx_wq(vr);
	vdev->priv = NULL;
	virtio_rpmsg_put(vr);
	return ret;
}

static void virtio_rpmsg_remove(struct virtio_device *vdev)
{
	struct virtio_rpmsg *vr = vdev->priv;

	go_down(vr);
	free_rings(vr);
	end_rx_wq(vr);
	vdev->priv = NULL;
	virtio_rpmsg_put(vr);
}

static const struct virtio_device_id virtio_rpmsg_ids[] = {
	{ VIRTIO_ID_RPMSG, VIRTIO_DEV_ANY_ID },
	{ }
};
MODULE_DEVICE_TABLE(virtio, virtio_rpmsg_ids);

static const unsigned int virtio_rpmsg_features[] = {
	VIRTIO_RPMSG_F_NS,
};

static struct virtio_driver virtio_rpmsg_driver = {
	.driver.name = KBUILD_MODNAME,
	.driver.owner = THIS_MODULE,
	.driver.dev_groups = virtio_rpmsg_groups,
	.feature_table = virtio_rpmsg_features,
	.feature_table_size = ARRAY_SIZE(virtio_rpmsg_features),
	.id_table = virtio_rpmsg_ids,
	.validate = virtio_rpmsg_validate,
	.probe = virtio_rpmsg_probe,
	.remove = virtio_rpmsg_remove,
};

static int __init virtio_rpmsg_init(void)
{
	int ret;

	virtio_rpmsg_debugfs_init();
	ret = register_virtio_driver(&virtio_rpmsg_driver);
	if (ret)
		virtio_rpmsg_debugfs_exit();
	return ret;
}
subsys_initcall(virtio_rpmsg_init);

static void __exit virtio_rpmsg_exit(void)
{
	unregister_virtio_driver(&virtio_rpmsg_driver);
	virtio_rpmsg_chan_wait_freed();
	virtio_rpmsg_debugfs_exit();
}
module_exit(virtio_rpmsg_exit);

MODULE_DESCRIPTION("Virtio-based remote processor messaging bus");
MODULE_AUTHOR("linux-amp developers");
MODULE_VERSION(AMP_VERSION);
MODULE_LICENSE("GPL");
