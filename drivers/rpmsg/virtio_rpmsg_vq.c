// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (c) 2026 linux-amp developers
 *
 * Where our rings meet the kernel's virtqueues, and what happens when the remote
 * has broken one.
 *
 * The bus gives us a virtqueue: memory for a split ring that the remote knows, a
 * way to ring its doorbell, and a callback for doorbells from it. That is used.
 * What the kernel's virtqueue code does with the ring is not, because it follows
 * what it reads there: it walks descriptor chains in shared memory when a buffer
 * comes back, which a hostile remote can make endless. So no buffer is ever added
 * to the kernel's virtqueue, and from its point of view the ring stays as it was
 * created: no descriptor in use, nothing to detach when it is deleted.
 *
 * One read of shared memory would be left: vring_interrupt() drops a doorbell if
 * the used ring's index is the number of buffers taken through the kernel's code,
 * which is 0, so each 65536th message would arrive without its doorbell. The
 * virtqueue is therefore handed a used ring of its own that always has one entry
 * more than were taken. virtqueue_get_vring() declares its result const for users
 * that only ask for addresses; what it points to is an ordinary member of the
 * virtqueue, and the pointer is not used for anything else after find_vqs() has
 * returned: adding, taking and enabling callbacks do not happen, deletion frees by
 * the address of the descriptors. That is so for remoteproc, MMIO and PCI, and from
 * 6.1 to 7.2.
 */

#include <linux/log2.h>
#include <linux/slab.h>
#include <linux/virtio_config.h>
#include <linux/virtio_ring.h>

#include "virtio_rpmsg.h"

/**
 * virtio_rpmsg_vq_init() - take over a virtqueue's ring
 * @q:  result; free it with virtio_rpmsg_vq_free() after the virtqueue is deleted,
 *      also on failure
 * @vq: a virtqueue that was just created, split and unused
 *
 * Context: process, from probe, before the device is ready.
 * Return: 0, -EINVAL for a ring that is not ours to handle, or -ENOMEM.
 */
int virtio_rpmsg_vq_init(struct virtio_rpmsg_vq *q, struct virtqueue *vq)
{
	struct vring *vring = (struct vring *)virtqueue_get_vring(vq);
	struct rpmsg_ring *ring = &q->ring;

	if (!is_power_of_2(vring->num) || vring->num > RPMSG_RING_MAX_NUM ||
	    !virtio_is_little_endian(vq->vdev)) {
		dev_err(&vq->vdev->dev, "ring of %u entries is not usable\n", vring->num);
		return -EINVAL;
	}

	ring->held = kzalloc(vring->num, GFP_KERNEL);
	q->idle = kzalloc(sizeof(*q->idle), GFP_KERNEL);
	if (!ring->held || !q->idle)
		return -ENOMEM;

	ring->num = vring->num;
	ring->desc = (struct rpmsg_ring_desc *)vring->desc;
	ring->avail = (struct rpmsg_ring_avail *)vring->avail;
	ring->used = (struct rpmsg_ring_used *)vring->used;
	rpmsg_ring_init(ring);

	q->vq = vq;
	q->idle->idx = cpu_to_virtio16(vq->vdev, 1);
	vring->used = q->idle;
	return 0;
}

/**
 * virtio_rpmsg_vq_free() - free what virtio_rpmsg_vq_init() has allocated
 * @q: the ring, or zeroes; its virtqueue does not exist any more
 *
 * Context: process.
 */
void virtio_rpmsg_vq_free(struct virtio_rpmsg_vq *q)
{
	kfree(q->ring.held);
	kfree(q->idle);
}

/**
 * virtio_rpmsg_vq_break() - the remote has broken a ring
 * @vr: the link
 *
 * One ring is of no use without the other, so both are given up: nothing more is
 * taken from them, senders get -EPIPE. Reported once for the life of the link.
 *
 * Context: any that may wake up others; spinlocks may be held.
 */
void virtio_rpmsg_vq_break(struct virtio_rpmsg *vr)
{
	if (test_and_set_bit(0, &vr->broken))
		return;
	virtio_break_device(vr->vdev);
	queue_work(vr->wq, &vr->fail);
}

static void report(struct virtio_rpmsg *vr, const struct virtio_rpmsg_vq *q, const char *name)
{
	static const char * const text[] = {
		[RPMSG_RING_BAD_IDX] = "index beyond the buffers that it has",
		[RPMSG_RING_BAD_ID] = "number that is no buffer's",
		[RPMSG_RING_NOT_HELD] = "buffer that it does not have",
	};
	const struct rpmsg_ring_fault *fault = &q->ring.fault;
	enum rpmsg_ring_verdict verdict = READ_ONCE(fault->verdict);

	if (verdict == RPMSG_RING_OK)
		return;
	dev_err(&vr->vdev->dev,
		"remote broke the %s ring: %s (wrote %#x at index %#x, has %u of %u); link is dead until it restarts\n",
		name, text[verdict], fault->value, fault->expect, fault->held, q->ring.num);
}

/**
 * virtio_rpmsg_vq_report() - tell the log what is wrong with broken rings
 * @vr: the link
 *
 * Context: any; once, in virtio_rpmsg_vq_fail() or in place of it.
 */
void virtio_rpmsg_vq_report(struct virtio_rpmsg *vr)
{
	report(vr, &vr->rx.q, "receive");
	report(vr, &vr->tx.q, "send");
}

/**
 * virtio_rpmsg_vq_fail() - tell the log and the device that a ring is broken
 * @work: fail of a link
 *
 * The status is for whoever knows how to restart the remote.
 *
 * Context: process, in the link's own workqueue.
 */
void virtio_rpmsg_vq_fail(struct work_struct *work)
{
	struct virtio_rpmsg *vr = container_of(work, struct virtio_rpmsg, fail);

	virtio_rpmsg_vq_report(vr);
	virtio_add_status(vr->vdev, VIRTIO_CONFIG_S_FAILED);
	virtio_rpmsg_tx_cancel(vr);
}
