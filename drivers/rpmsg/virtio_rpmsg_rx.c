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

/*
 * From this many messages on, one doorbell after the other, the remote is asked to
 * ring no more: they are found without. A single one is not worth the two stores.
 */
#define RX_QUIET	4

static void *buf_of(const struct virtio_rpmsg_rx *rx, u16 id)
{
	return rx->bufs + id * rx->buf_bytes;
}

/*
 * The remote may wait for a buffer only if it has run out of them. Some keep a few
 * before they fill them, which looks from here as if they were still free, hence
 * the half.
 */
static bool may_be_waiting(const struct virtio_rpmsg_rx *rx)
{
	const struct rpmsg_ring *ring = &rx->q.ring;

	return rpmsg_ring_wants_doorbell(ring) &&
	       (u16)(ring->shown - rpmsg_ring_peek_used(ring)) <= rx->num / 2 + 1;
}

static void give_back(struct virtio_rpmsg *vr, u16 id)
{
	struct virtio_rpmsg_rx *rx = &vr->rx;

	spin_lock(&rx->ring_lock);
	rpmsg_ring_offer(&rx->q.ring, id);
	rpmsg_ring_publish(&rx->q.ring);
	rx->ring = rx->ring || may_be_waiting(rx);
	spin_unlock(&rx->ring_lock);
}

/**
 * virtio_rpmsg_rx_flush() - ring for buffers that went back, if that is due
 * @vr: the link
 *
 * Context: process; may sleep because of the doorbell.
 */
void virtio_rpmsg_rx_flush(struct virtio_rpmsg *vr)
{
	struct virtio_rpmsg_rx *rx = &vr->rx;
	bool ring;

	if (!READ_ONCE(rx->ring))
		return;
	spin_lock(&rx->ring_lock);
	ring = rx->ring;
	rx->ring = false;
	spin_unlock(&rx->ring_lock);
	if (ring)
		virtqueue_notify(rx->q.vq);
}

/**
 * virtio_rpmsg_rx_post() - put all receive buffers into the ring
 * @vr: link with rings and buffers
 *
 * The remote may use them, and the receive context return them, right away. The
 * caller rings the doorbell.
 *
 * Context: process.
 */
void virtio_rpmsg_rx_post(struct virtio_rpmsg *vr)
{
	struct virtio_rpmsg_rx *rx = &vr->rx;
	unsigned int i;

	spin_lock(&rx->ring_lock);
	rpmsg_ring_quiet(&rx->q.ring, false);
	for (i = 0; i < rx->num; i++)
		rpmsg_ring_offer(&rx->q.ring, i);
	rpmsg_ring_publish(&rx->q.ring);
	spin_unlock(&rx->ring_lock);
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

static void receive_one(struct virtio_rpmsg *vr, u16 id, u32 used_bytes)
{
	struct virtio_rpmsg_ept *vept = NULL;
	void *buf = buf_of(&vr->rx, id);
	enum virtio_rpmsg_stat why;
	struct rpmsg_wire_msg msg;
	struct rpmsg_endpoint *ept;

	if (check(vr, buf, used_bytes, &msg, &why))
		vept = virtio_rpmsg_ept_enter(vr, msg.dst, &why);
	if (vept)
		memcpy(vr->rx.copy, buf + sizeof(struct rpmsg_wire_hdr), msg.len);

	give_back(vr, id);

	if (!vept) {
		reject(vr, why, used_bytes);
		return;
	}
	virtio_rpmsg_count(vr, STAT_RX_MESSAGES);
	ept = &vept->ept;
	ept->cb(ept->rpdev, vr->rx.copy, msg.len, ept->priv, msg.src);
	virtio_rpmsg_ept_leave(vept);
}

static bool take(struct virtio_rpmsg *vr, u16 *id, u32 *used_bytes)
{
	struct virtio_rpmsg_rx *rx = &vr->rx;
	enum rpmsg_ring_verdict verdict;

	spin_lock(&rx->ring_lock);
	verdict = rpmsg_ring_take(&rx->q.ring, id, used_bytes);
	spin_unlock(&rx->ring_lock);
	if (verdict == RPMSG_RING_OK)
		return true;
	if (verdict != RPMSG_RING_EMPTY)
		virtio_rpmsg_vq_break(vr);
	return false;
}

static void set_quiet(struct virtio_rpmsg *vr, bool quiet)
{
	struct virtio_rpmsg_rx *rx = &vr->rx;

	if (rx->q.ring.quiet == quiet)
		return;
	spin_lock(&rx->ring_lock);
	rpmsg_ring_quiet(&rx->q.ring, quiet);
	spin_unlock(&rx->ring_lock);
}

static bool may_receive(const struct virtio_rpmsg *vr)
{
	return virtio_rpmsg_state(vr) == VIRTIO_RPMSG_LIVE && !virtio_rpmsg_is_broken(vr);
}

/* Return: there may be more, but the budget is used up. */
static bool receive_some(struct virtio_rpmsg *vr)
{
	unsigned int num = 0;
	u32 used_bytes;
	u16 id;

	lockdep_assert_held(&vr->rx.lock);

	while (may_receive(vr)) {
		if (num >= RX_BUDGET)
			return true;
		if (take(vr, &id, &used_bytes)) {
			receive_one(vr, id, used_bytes);
			if (++num == RX_QUIET)
				set_quiet(vr, true);
			cond_resched();
			continue;
		}
		if (!vr->rx.q.ring.quiet)
			break;
		/* What came before the remote could see this has rung no doorbell. */
		set_quiet(vr, false);
		if (!rpmsg_ring_has_more(&vr->rx.q.ring))
			break;
	}
	return false;
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
	bool more;
	int idx;

	idx = srcu_read_lock(&vr->users);
	mutex_lock(&rx->lock);
	WRITE_ONCE(rx->task, current);
	more = receive_some(vr);
	WRITE_ONCE(rx->task, NULL);
	mutex_unlock(&rx->lock);

	virtio_rpmsg_rx_flush(vr);
	if (more)
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

	virtio_rpmsg_rx_done(vr->rx.q.vq);
}
