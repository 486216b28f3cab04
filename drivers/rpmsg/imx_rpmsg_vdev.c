// SPDX-License-Identifier: GPL-2.0-only
/*
 * A virtio device that exists in the devicetree and in the remote's program only: there is no
 * configuration space and no status that the remote could read. It learns from the first word that
 * its driver is ready.
 *
 * Copyright (c) 2026 linux-amp developers
 */
#include <linux/build_bug.h>
#include <linux/delay.h>
#include <linux/device.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/virtio_config.h>
#include <linux/virtio_ids.h>
#include <linux/virtio_ring.h>

#include "imx_rpmsg.h"

/* The remote announces its channels, or does not; announcements are never wrong. */
#define VIRTIO_RPMSG_F_NS	0

static struct imx_rpmsg_vdev *to_imx_rpmsg_vdev(struct virtio_device *vdev)
{
	return container_of(vdev, struct imx_rpmsg_vdev, vdev);
}

static bool notify(struct virtqueue *vq)
{
	struct imx_rpmsg_vdev *iv = to_imx_rpmsg_vdev(vq->vdev);

	imx_rpmsg_kick(iv->ir, iv->index * IMX_RPMSG_VRINGS + vq->index);
	return true;
}

static u64 get_features(struct virtio_device *vdev)
{
	return BIT_ULL(VIRTIO_RPMSG_F_NS);
}

static int finalize_features(struct virtio_device *vdev)
{
	vring_transport_features(vdev);
	return 0;
}

static void get_config(struct virtio_device *vdev, unsigned int offset, void *buf, unsigned int len)
{
	memset(buf, 0, len);
}

static void set_config(struct virtio_device *vdev, unsigned int offset, const void *buf,
		       unsigned int len)
{
}

static u8 get_status(struct virtio_device *vdev)
{
	return READ_ONCE(to_imx_rpmsg_vdev(vdev)->status);
}

/* Returns true unless the device is on its way out. */
static bool write_status(struct imx_rpmsg_vdev *iv, u8 status)
{
	unsigned long flags;
	bool stays;

	spin_lock_irqsave(&iv->ir->lock, flags);
	WRITE_ONCE(iv->status, status);
	stays = !iv->closing;
	spin_unlock_irqrestore(&iv->ir->lock, flags);
	return stays;
}

/* What a remote that runs has put into the rings before is found now. */
static void set_status(struct virtio_device *vdev, u8 status)
{
	struct imx_rpmsg_vdev *iv = to_imx_rpmsg_vdev(vdev);

	if (!write_status(iv, status) || !(status & VIRTIO_CONFIG_S_DRIVER_OK))
		return;
	if (status & VIRTIO_CONFIG_S_FAILED)
		imx_rpmsg_restart(iv->ir, "its rings are broken");
	else
		imx_rpmsg_deliver_all(iv->ir);
}

/* From here on no callback comes, and none is at it. */
static void reset(struct virtio_device *vdev)
{
	struct imx_rpmsg_vdev *iv = to_imx_rpmsg_vdev(vdev);

	write_status(iv, 0);
	imx_rpmsg_wait_delivered(iv->ir);
}

/*
 * There is no status by which a remote could learn that its driver goes, and the buffers are about
 * to be anybody's memory. So nothing is on offer any more to a remote that holds no buffer, and for
 * one that does, or has lost count, all of them are where nothing is: in the rest of the ring's own
 * memory.
 */
static void take_back(struct imx_rpmsg_vdev *iv, unsigned int i, void __iomem *base)
{
	u64 spare = iv->start + i * IMX_RPMSG_VRING_BYTES + IMX_RPMSG_SPARE_START;
	struct virtio_device *vdev = &iv->vdev;
	struct vring ring;
	unsigned int n;

	BUILD_BUG_ON(vring_size(IMX_RPMSG_VRING_NUM, IMX_RPMSG_VRING_ALIGN) >
		     IMX_RPMSG_SPARE_START);

	vring_init(&ring, IMX_RPMSG_VRING_NUM, (__force void *)base, IMX_RPMSG_VRING_ALIGN);
	WRITE_ONCE(ring.avail->idx, READ_ONCE(ring.used->idx));
	for (n = 0; n < IMX_RPMSG_VRING_NUM; n++) {
		WRITE_ONCE(ring.desc[n].addr, cpu_to_virtio64(vdev, spare));
		WRITE_ONCE(ring.desc[n].len, cpu_to_virtio32(vdev, IMX_RPMSG_SPARE_BYTES));
	}
}

/* Nobody in Linux uses the rings any more, and the buffers are freed next. */
static void take_back_all(struct imx_rpmsg_vdev *iv, void __iomem *ring[])
{
	unsigned int i;

	for (i = 0; i < IMX_RPMSG_VRINGS; i++)
		if (ring[i])
			take_back(iv, i, ring[i]);
	/* Outside of the inner shareable domain, too, before the buffers are freed. */
	wmb();
	/* A remote that has just looked, and is writing a message, takes some microseconds. */
	usleep_range(1000, 2000);
}

static void del_vqs(struct virtio_device *vdev)
{
	struct imx_rpmsg_vdev *iv = to_imx_rpmsg_vdev(vdev);
	void __iomem *ring[IMX_RPMSG_VRINGS];
	struct virtqueue *vq[IMX_RPMSG_VRINGS];
	unsigned long flags;
	unsigned int i;

	spin_lock_irqsave(&iv->ir->lock, flags);
	memcpy(vq, iv->vq, sizeof(vq));
	memset(iv->vq, 0, sizeof(iv->vq));
	memcpy(ring, iv->ring, sizeof(ring));
	memset(iv->ring, 0, sizeof(iv->ring));
	spin_unlock_irqrestore(&iv->ir->lock, flags);
	imx_rpmsg_wait_delivered(iv->ir);
	take_back_all(iv, ring);

	for (i = 0; i < IMX_RPMSG_VRINGS; i++) {
		if (vq[i])
			vring_del_virtqueue(vq[i]);
		if (ring[i])
			iounmap(ring[i]);
	}
}

/*
 * Write-combining is normal non-cacheable memory on Arm, which the remote sees too. An empty ring
 * is what a remote expects that looks before the first word. The strong barriers, because it is an
 * observer outside of the inner shareable domain.
 */
static int add_vq(struct imx_rpmsg_vdev *iv, unsigned int i, const struct virtqueue_info *info)
{
	struct virtqueue *vq;
	unsigned long flags;

	if (!info->name)
		return -EINVAL;
	iv->ring[i] = ioremap_wc(iv->start + i * IMX_RPMSG_VRING_BYTES, IMX_RPMSG_VRING_BYTES);
	if (!iv->ring[i])
		return -ENOMEM;
	memset_io(iv->ring[i], 0, IMX_RPMSG_VRING_BYTES);

	vq = vring_new_virtqueue(i, IMX_RPMSG_VRING_NUM, IMX_RPMSG_VRING_ALIGN, &iv->vdev, false,
				 info->ctx, (__force void *)iv->ring[i], notify, info->callback,
				 info->name);
	if (!vq)
		return -ENOMEM;
	vq->num_max = IMX_RPMSG_VRING_NUM;

	spin_lock_irqsave(&iv->ir->lock, flags);
	iv->vq[i] = vq;
	spin_unlock_irqrestore(&iv->ir->lock, flags);
	return 0;
}

static int find_vqs(struct virtio_device *vdev, unsigned int nvqs, struct virtqueue *vqs[],
		    struct virtqueue_info info[], struct irq_affinity *desc)
{
	struct imx_rpmsg_vdev *iv = to_imx_rpmsg_vdev(vdev);
	unsigned int i;
	int ret;

	if (nvqs > IMX_RPMSG_VRINGS)
		return -EINVAL;
	for (i = 0; i < nvqs; i++) {
		ret = add_vq(iv, i, &info[i]);
		if (ret) {
			del_vqs(vdev);
			return ret;
		}
		vqs[i] = iv->vq[i];
	}
	return 0;
}

DEFINE_VIRTIO_FIND_VQS(imx_rpmsg, find_vqs)

static const char *bus_name(struct virtio_device *vdev)
{
	return dev_name(vdev->dev.parent);
}

static const struct virtio_config_ops config_ops = {
	.get_features = get_features,
	.finalize_features = finalize_features,
	.get = get_config,
	.set = set_config,
	.get_status = get_status,
	.set_status = set_status,
	.reset = reset,
	.find_vqs = imx_rpmsg_find_vqs,
	.del_vqs = del_vqs,
	.bus_name = bus_name,
};

static struct virtqueue *get_vq(struct imx_rpmsg_vdev *iv, unsigned int vring)
{
	struct virtqueue *vq = NULL;

	spin_lock_irq(&iv->ir->lock);
	if (!iv->closing && iv->status & VIRTIO_CONFIG_S_DRIVER_OK)
		vq = iv->vq[vring];
	spin_unlock_irq(&iv->ir->lock);
	return vq;
}

/* Linux has zeroed what it is the remote's to write. */
static bool ring_is_touched(void __iomem *base)
{
	struct vring ring;

	vring_init(&ring, IMX_RPMSG_VRING_NUM, (__force void *)base, IMX_RPMSG_VRING_ALIGN);
	return READ_ONCE(ring.used->idx) || READ_ONCE(ring.used->flags) ||
	       READ_ONCE(ring.used->ring[0].id) || READ_ONCE(ring.used->ring[0].len);
}

/**
 * imx_rpmsg_vdev_is_touched() - has the remote used the rings
 * @iv: its device
 *
 * Context: any; the lock of the remote held.
 * Return: true if it has written to one since they were set up.
 */
bool imx_rpmsg_vdev_is_touched(const struct imx_rpmsg_vdev *iv)
{
	unsigned int i;

	lockdep_assert_held(&iv->ir->lock);

	for (i = 0; i < IMX_RPMSG_VRINGS; i++)
		if (iv->ring[i] && ring_is_touched(iv->ring[i]))
			return true;
	return false;
}

/**
 * imx_rpmsg_serve() - the remote has touched a ring
 * @iv:    its device
 * @vring: the ring, 0 or 1
 *
 * Context: process; the notification thread. The device stays meanwhile.
 */
void imx_rpmsg_serve(struct imx_rpmsg_vdev *iv, unsigned int vring)
{
	struct virtqueue *vq = get_vq(iv, vring);

	/* Whoever deletes it waits for this thread after having taken it away. */
	if (!vq)
		return;
	vring_interrupt(0, vq);
	/* By the remote, not by us who are just unregistering the device. */
	if (virtqueue_is_broken(vq) && get_vq(iv, vring))
		imx_rpmsg_restart(iv->ir, "its rings are broken");
}

static void release(struct device *dev)
{
	struct imx_rpmsg_vdev *iv = to_imx_rpmsg_vdev(dev_to_virtio(dev));
	struct imx_rpmsg *ir = iv->ir;

	kfree(iv);
	complete(&ir->gone);
}

/* Nobody finds the device any more, and nobody who has found it still uses it. */
static void forget_vdev(struct imx_rpmsg_vdev *iv)
{
	struct imx_rpmsg *ir = iv->ir;

	spin_lock_irq(&ir->lock);
	ir->vdev[iv->index] = NULL;
	spin_unlock_irq(&ir->lock);
	imx_rpmsg_wait_delivered(ir);
	put_device(&iv->vdev.dev);
	wait_for_completion(&ir->gone);
}

/**
 * imx_rpmsg_add_vdev() - register a virtio device
 * @ir:    the remote
 * @index: number of the device
 *
 * Context: process, may sleep; @ir->vdevs held.
 * Return: 0, -ENOMEM or what register_virtio_device() returns.
 */
int imx_rpmsg_add_vdev(struct imx_rpmsg *ir, unsigned int index)
{
	struct imx_rpmsg_vdev *iv;
	int ret;

	lockdep_assert_held(&ir->vdevs);

	iv = kzalloc(sizeof(*iv), GFP_KERNEL);
	if (!iv)
		return -ENOMEM;
	iv->ir = ir;
	iv->index = index;
	iv->start = ir->start[index];
	iv->vdev.id.device = VIRTIO_ID_RPMSG;
	iv->vdev.config = &config_ops;
	iv->vdev.dev.parent = ir->dev;
	iv->vdev.dev.release = release;
	reinit_completion(&ir->gone);

	/* The driver is bound in there, and words come as soon as it is ready. */
	spin_lock_irq(&ir->lock);
	ir->vdev[index] = iv;
	spin_unlock_irq(&ir->lock);

	ret = register_virtio_device(&iv->vdev);
	if (ret)
		forget_vdev(iv);
	return ret;
}

/**
 * imx_rpmsg_del_vdev() - undo imx_rpmsg_add_vdev()
 * @ir:    the remote
 * @index: number of the device; nothing is done if it is not registered
 *
 * Context: process, may sleep; @ir->vdevs held.
 */
void imx_rpmsg_del_vdev(struct imx_rpmsg *ir, unsigned int index)
{
	struct imx_rpmsg_vdev *iv = ir->vdev[index];

	lockdep_assert_held(&ir->vdevs);

	if (!iv)
		return;
	spin_lock_irq(&ir->lock);
	iv->closing = true;
	spin_unlock_irq(&ir->lock);
	/* Ends what a callback may wait for. */
	virtio_break_device(&iv->vdev);

	get_device(&iv->vdev.dev);
	reinit_completion(&ir->gone);
	unregister_virtio_device(&iv->vdev);
	forget_vdev(iv);
}
