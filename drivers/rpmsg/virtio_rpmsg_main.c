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
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/virtio_config.h>
#include <linux/virtio_ids.h>
#include <linux/vmalloc.h>

#include <linux/amp_version.h>

#include "virtio_rpmsg.h"

static struct virtio_rpmsg *alloc_link(struct virtio_device *vdev)
{
	struct virtio_rpmsg *vr;

	vr = kzalloc(sizeof(*vr), GFP_KERNEL);
	if (!vr)
		return NULL;
	vr->wq = alloc_ordered_workqueue("%s", WQ_HIGHPRI, dev_name(&vdev->dev));
	if (!vr->wq)
		goto free_vr;
	if (init_srcu_struct(&vr->users))
		goto destroy_wq;

	vr->vdev = vdev;
	kref_init(&vr->refs);
	mutex_init(&vr->rx.lock);
	init_waitqueue_head(&vr->rx.idle);
	spin_lock_init(&vr->tx.lock);
	init_waitqueue_head(&vr->tx.wait);
	xa_init_flags(&vr->endpoints, XA_FLAGS_ALLOC);
	mutex_init(&vr->chan_lock);
	INIT_LIST_HEAD(&vr->chans);
	INIT_WORK(&vr->rx.more, virtio_rpmsg_rx_more);
	return vr;

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
	kfree(vr->tx.free);
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

/**
 * virtio_rpmsg_buf_to_sg() - describe a message buffer to the ring
 * @vr:    the link
 * @sg:    result, one entry
 * @buf:   start of a buffer
 * @bytes: how much of it
 *
 * Coherent memory may be mapped anywhere, so sg_init_one() cannot be used. All
 * buffers are one piece of physical memory, and none crosses a page.
 *
 * Context: any.
 */
void virtio_rpmsg_buf_to_sg(struct virtio_rpmsg *vr, struct scatterlist *sg,
			    void *buf, unsigned int bytes)
{
	size_t offset = buf - vr->rx.bufs;

	sg_init_table(sg, 1);
	sg_set_page(sg, pfn_to_page(vr->bufs_pfn + (offset >> PAGE_SHIFT)), bytes,
		    offset_in_page(offset));
}

/**
 * virtio_rpmsg_is_broken() - has a ring been given up?
 * @vr: the link
 * @vq: one of its rings
 *
 * The virtqueue code gives up a ring when the remote has returned something that
 * it never had. One ring is of no use without the other, so both are given up.
 *
 * Context: any.
 * Return: true if so.
 */
bool virtio_rpmsg_is_broken(struct virtio_rpmsg *vr, struct virtqueue *vq)
{
	if (likely(!virtqueue_is_broken(vq)))
		return false;
	if (!test_and_set_bit(0, &vr->broken)) {
		dev_err(&vr->vdev->dev, "ring broken, link is dead until the remote restarts\n");
		virtio_break_device(vr->vdev);
	}
	return true;
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

	vr->rx.vq = vqs[0];
	vr->tx.vq = vqs[1];
	return 0;
}

static unsigned long coherent_pfn(void *addr)
{
	return is_vmalloc_addr(addr) ? vmalloc_to_pfn(addr) : page_to_pfn(virt_to_page(addr));
}

/* Called with both rings known: each may have its own size. */
static int alloc_bufs(struct virtio_rpmsg *vr)
{
	struct virtio_rpmsg_rx *rx = &vr->rx;
	struct virtio_rpmsg_tx *tx = &vr->tx;

	rx->num = min(virtqueue_get_vring_size(rx->vq), VIRTIO_RPMSG_MAX_BUFS);
	tx->num = min(virtqueue_get_vring_size(tx->vq), VIRTIO_RPMSG_MAX_BUFS);
	rx->buf_bytes = VIRTIO_RPMSG_BUF_BYTES;
	tx->buf_bytes = VIRTIO_RPMSG_BUF_BYTES;

	vr->bufs_bytes = rx->num * rx->buf_bytes + tx->num * tx->buf_bytes;

	rx->copy = kmalloc(rx->buf_bytes, GFP_KERNEL);
	tx->free = kcalloc(tx->num, sizeof(*tx->free), GFP_KERNEL);
	if (!rx->copy || !tx->free)
		return -ENOMEM;

	/* The parent carries the memory that is set aside for this remote. */
	rx->bufs = dma_alloc_coherent(vr->vdev->dev.parent, vr->bufs_bytes, &vr->bufs_dma,
				      GFP_KERNEL);
	if (!rx->bufs)
		return -ENOMEM;
	tx->bufs = rx->bufs + rx->num * rx->buf_bytes;
	vr->bufs_pfn = coherent_pfn(rx->bufs);
	virtio_rpmsg_tx_init(vr);
	return 0;
}

static void free_rings(struct virtio_rpmsg *vr)
{
	struct virtio_device *vdev = vr->vdev;

	WRITE_ONCE(vr->state, VIRTIO_RPMSG_GONE);
	/* Finds nothing to do in this state, but uses the ring. */
	cancel_work_sync(&vr->rx.more);
	vdev->config->del_vqs(vdev);
	if (vr->rx.bufs)
		dma_free_coherent(vdev->dev.parent, vr->bufs_bytes, vr->rx.bufs, vr->bufs_dma);
}

/*
 * A remote may answer DRIVER_OK with an announcement at once, so the name
 * service has to listen and the buffers have to lie in the ring before it. The
 * doorbell after it is rung in any case: some remotes take the first one as the
 * sign that the link is up.
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
	virtio_device_ready(vr->vdev);
	virtqueue_notify(vr->rx.vq);

	return virtio_rpmsg_chan_add_ctrl(vr);
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

	virtio_rpmsg_chan_remove_all(vr);

	virtio_break_device(vr->vdev);
	virtio_reset_device(vr->vdev);
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

	ret = go_live(vr);
	if (ret)
		goto undo_live;

	/* Scripts in the field wait for this line. */
	dev_info(&vdev->dev, "rpmsg host is online\n");
	return 0;

undo_live:
	go_down(vr);
undo_rings:
	free_rings(vr);
put_link:
	vdev->priv = NULL;
	virtio_rpmsg_put(vr);
	return ret;
}

static void virtio_rpmsg_remove(struct virtio_device *vdev)
{
	struct virtio_rpmsg *vr = vdev->priv;

	go_down(vr);
	free_rings(vr);
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
	.probe = virtio_rpmsg_probe,
	.remove = virtio_rpmsg_remove,
};

static int __init virtio_rpmsg_init(void)
{
	return register_virtio_driver(&virtio_rpmsg_driver);
}
subsys_initcall(virtio_rpmsg_init);

static void __exit virtio_rpmsg_exit(void)
{
	unregister_virtio_driver(&virtio_rpmsg_driver);
	virtio_rpmsg_chan_wait_freed();
}
module_exit(virtio_rpmsg_exit);

MODULE_DESCRIPTION("Virtio-based remote processor messaging bus");
MODULE_VERSION(AMP_VERSION);
MODULE_LICENSE("GPL");
