// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (c) 2026 linux-amp developers
 *
 * The receive side of a link: from the ring to an endpoint's callback. Every
 * buffer goes back into the ring, whatever was in it, and a message that is
 * rejected does not keep the next one from being looked at.
 *
 * The payload is copied out of shared memory before the buffer goes back and
 * before the callback sees it, so no driver has to care that the remote could
 * change it. That copy is the only slow one: the memory of the buffers is
 * usually not cached, the copy is.
 */

#include <linux/device.h>
#include <linux/sched.h>

#include "virtio_rpmsg.h"

/*
 * A remote can keep the ring filled for as long as it likes. Whoever delivered
 * the doorbell has other things to do, so after this many messages the rest is
 * left to a work item.
 */
#define RX_BUDGET	256

static int give_to_remote(struct virtio_rpmsg *vr, void *buf)
{
	struct scatterlist sg;

	virtio_rpmsg_buf_to_sg(vr, &sg, buf, vr->rx.buf_bytes);
	return virtqueue_add_inbuf(vr->rx.vq, &sg, 1, buf, GFP_KERNEL);
}

/* A ring refuses a buffer that it held before only if it is broken. */
static void give_back(struct virtio_rpmsg *vr, void *buf)
{
	int ret = give_to_remote(vr, buf);

	if (ret) {
		virtio_rpmsg_count(vr, STAT_RX_LOST_BUFS);
		dev_err_ratelimited(&vr->vdev->dev, "receive ring does not take a buffer: %d\n",
				    ret);
	}
}

/**
 * virtio_rpmsg_rx_post() - put all receive buffers into the ring
 * @vr: link with rings and buffers
 *
 * The remote may use them, and the receive context return them, right away. The
 * caller rings the doorbell.
 *
 * Context: process; may sleep.
 */
void virtio_rpmsg_rx_post(struct virtio_rpmsg *vr)
{
	struct virtio_rpmsg_rx *rx = &vr->rx;
	unsigned int i;

	mutex_lock(&rx->lock);
	for (i = 0; i < rx->num; i++)
		give_back(vr, rx->bufs + i * rx->buf_bytes);
	virtqueue_kick_prepare(rx->vq);
	mutex_unlock(&rx->lock);
}

static void reject(struct virtio_rpmsg *vr, enum virtio_rpmsg_stat why, u32 used_bytes)
{
	static const char * const text[] = {
		[STAT_RX_SHORT_USED] = "used length is below the header's",
		[STAT_RX_LONG_USED] = "used length is beyond the buffer",
		[STAT_RX_BAD_LEN] = "payload length is beyond the used length",
		[STAT_RX_NO_RECIPIENT] = "no endpoint has its destination address",
		[STAT_RX_NOT_READY] = "driver of its endpoint is not ready",
	};

	virtio_rpmsg_count(vr, why);
	dev_warn_ratelimited(&vr->vdev->dev, "message rejected: %s (used length %u)\n",
			     text[why], used_bytes);
}

static bool check(struct virtio_rpmsg *vr, const void *buf, u32 used_bytes,
		  struct rpmsg_wire_msg *msg, enum virtio_rpmsg_stat *why)
{
	switch (rpmsg_wire_check(buf, used_bytes, vr->rx.buf_bytes, msg)) {
	case RPMSG_WIRE_OK:
		return true;
	case RPMSG_WIRE_SHORT_USED:
		*why = STAT_RX_SHORT_USED;
		return false;
	case RPMSG_WIRE_LONG_USED:
		*why = STAT_RX_LONG_USED;
		return false;
	case RPMSG_WIRE_BAD_LEN:
		break;
	}
	*why = STAT_RX_BAD_LEN;
	return false;
}

static void receive_one(struct virtio_rpmsg *vr, void *buf, u32 used_bytes)
{
	struct virtio_rpmsg_ept *vept = NULL;
	enum virtio_rpmsg_stat why;
	struct rpmsg_wire_msg msg;
	struct rpmsg_endpoint *ept;

	if (check(vr, buf, used_bytes, &msg, &why))
		vept = virtio_rpmsg_ept_enter(vr, msg.dst, &why);
	if (vept)
		memcpy(vr->rx.copy, buf + sizeof(struct rpmsg_wire_hdr), msg.len);

	give_back(vr, buf);

	if (!vept) {
		reject(vr, why, used_bytes);
		return;
	}
	virtio_rpmsg_count(vr, STAT_RX_MESSAGES);
	ept = &vept->ept;
	ept->cb(ept->rpdev, vr->rx.copy, msg.len, ept->priv, msg.src);
	virtio_rpmsg_ept_leave(vept);
}

/* Return: number of messages; RX_BUDGET means that there may be more. */
static unsigned int receive_some(struct virtio_rpmsg *vr, struct virtqueue *vq)
{
	unsigned int used_bytes, num;
	void *buf;

	lockdep_assert_held(&vr->rx.lock);

	for (num = 0; num < RX_BUDGET && virtio_rpmsg_state(vr) == VIRTIO_RPMSG_LIVE; num++) {
		buf = virtqueue_get_buf(vq, &used_bytes);
		if (!buf)
			break;
		receive_one(vr, buf, used_bytes);
		cond_resched();
	}
	return num;
}

/**
 * virtio_rpmsg_rx_done() - the remote has filled receive buffers
 * @vq: the receive ring
 *
 * Runs callbacks of endpoints, which may sleep, send, and destroy endpoints,
 * their own included.
 *
 * Context: process; the notification context of the remote processor driver, or
 * the link's workqueue.
 */
void virtio_rpmsg_rx_done(struct virtqueue *vq)
{
	struct virtio_rpmsg *vr = vq->vdev->priv;
	struct virtio_rpmsg_rx *rx = &vr->rx;
	unsigned int num;
	bool ring, broken;
	int idx;

	idx = srcu_read_lock(&vr->users);
	mutex_lock(&rx->lock);
	WRITE_ONCE(rx->task, current);
	num = receive_some(vr, vq);
	ring = num && virtqueue_kick_prepare(vq);
	broken = virtio_rpmsg_is_broken(vr, vq);
	WRITE_ONCE(rx->task, NULL);
	mutex_unlock(&rx->lock);

	/* The remote may wait for the buffers that it got back. */
	if (ring)
		virtqueue_notify(vq);
	if (broken)
		virtio_rpmsg_tx_cancel(vr);
	if (num == RX_BUDGET)
		queue_work(vr->wq, &rx->more);
	srcu_read_unlock(&vr->users, idx);
}

/**
 * virtio_rpmsg_rx_more() - go on where virtio_rpmsg_rx_done() had to stop
 * @work: rx.more of a link
 *
 * Context: process, in the link's own workqueue.
 */
void virtio_rpmsg_rx_more(struct work_struct *work)
{
	struct virtio_rpmsg *vr = container_of(work, struct virtio_rpmsg, rx.more);

	virtio_rpmsg_rx_done(vr->rx.vq);
}
