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
 * usually not cached, the copy is. Bridges that have asked for it (rpmsg_ext.h)
 * get the buffer itself and may keep it for a while.
 */

#include <linux/device.h>
#include <linux/sched.h>

#include "virtio_rpmsg.h"
#include "virtio_rpmsg_trace.h"

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

static void *payload_of(const struct virtio_rpmsg_rx *rx, u16 id)
{
	return buf_of(rx, id) + sizeof(struct rpmsg_wire_hdr);
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
	if (ring)
		virtio_rpmsg_count(vr, STAT_RX_KICKS);
	spin_unlock(&rx->ring_lock);
	if (!ring)
		return;
	trace_virtio_rpmsg_kick(vr->vdev->index, rx->q.vq->index);
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

static void deliver_copy(struct virtio_rpmsg *vr, struct virtio_rpmsg_ept *vept, u16 id,
			 const struct rpmsg_wire_msg *msg)
{
	struct rpmsg_endpoint *ept = &vept->ept;

	memcpy(vr->rx.copy, payload_of(&vr->rx, id), msg->len);
	give_back(vr, id);
	ept->cb(ept->rpdev, vr->rx.copy, msg->len, ept->priv, msg->src);
}

/*
 * Half of the buffers stay with the remote, however slow the readers are, unless
 * one of them would rather stop the remote than lose a message.
 */
static bool lend(struct virtio_rpmsg_rx *rx, struct virtio_rpmsg_ept *vept, u16 id)
{
	bool may_lend;

	spin_lock(&rx->ring_lock);
	may_lend = READ_ONCE(vept->lend_all) || rx->num_lent < rx->num / 2;
	if (may_lend) {
		rx->lender[id] = vept;
		rx->num_lent++;
	}
	spin_unlock(&rx->ring_lock);
	return may_lend;
}

/*
 * The buffer is on loan before the bridge sees it: another thread may be done with
 * it before this one returns. An endpoint that was destroyed meanwhile keeps none.
 */
static void deliver_in_place(struct virtio_rpmsg *vr, struct virtio_rpmsg_ept *vept, u16 id,
			     const struct rpmsg_wire_msg *msg, rpmsg_ext_rx_t rx)
{
	const void *data = payload_of(&vr->rx, id);
	bool lent = lend(&vr->rx, vept, id);

	if (rx(&vept->ept, data, msg->len, msg->src, lent) && lent && !READ_ONCE(vept->dead))
		return;
	if (lent)
		virtio_rpmsg_rx_return(vept, data);
	else
		give_back(vr, id);
}

static void deliver(struct virtio_rpmsg *vr, struct virtio_rpmsg_ept *vept, u16 id,
		    const struct rpmsg_wire_msg *msg)
{
	/* Pairs with listen() in virtio_rpmsg_ext.c. */
	rpmsg_ext_rx_t rx = smp_load_acquire(&vept->rx);

	trace_virtio_rpmsg_receive(vr->vdev->index, msg->src, msg->dst, msg->len);
	virtio_rpmsg_count(vr, STAT_RX_MESSAGES);
	virtio_rpmsg_add(vr, STAT_RX_BYTES, msg->len);
	WRITE_ONCE(vept->rx_messages, vept->rx_messages + 1);
	WRITE_ONCE(vept->rx_bytes, vept->rx_bytes + msg->len);
	if (rx)
		deliver_in_place(vr, vept, id, msg, rx);
	else
		deliver_copy(vr, vept, id, msg);
}

static void receive_one(struct virtio_rpmsg *vr, u16 id, u32 used_bytes)
{
	struct virtio_rpmsg_ept *vept = NULL;
	enum virtio_rpmsg_stat why;
	struct rpmsg_wire_msg msg;

	if (check(vr, buf_of(&vr->rx, id), used_bytes, &msg, &why))
		vept = virtio_rpmsg_ept_enter(vr, msg.dst, &why);
	if (!vept) {
		give_back(vr, id);
		reject(vr, why, used_bytes);
		return;
	}
	deliver(vr, vept, id, &msg);
	virtio_rpmsg_ept_leave(vept);
}

/**
 * virtio_rpmsg_rx_return() - a bridge gives back a buffer
 * @vept: endpoint that has it on loan
 * @data: what it was lent
 *
 * Context: process; the caller holds virtio_rpmsg.users and rings the doorbell with
 * virtio_rpmsg_rx_flush().
 * Return: true if @vept had it.
 */
bool virtio_rpmsg_rx_return(struct virtio_rpmsg_ept *vept, const void *data)
{
	struct virtio_rpmsg *vr = vept->vr;
	struct virtio_rpmsg_rx *rx = &vr->rx;
	size_t offset = data - rx->bufs;
	unsigned int id = offset / rx->buf_bytes;
	bool had;

	if (data < rx->bufs || id >= rx->num)
		return false;
	spin_lock(&rx->ring_lock);
	had = rx->lender[id] == vept;
	if (had) {
		rx->lender[id] = NULL;
		rx->num_lent--;
	}
	spin_unlock(&rx->ring_lock);
	if (had && virtio_rpmsg_state(vr) != VIRTIO_RPMSG_GONE)
		give_back(vr, id);
	return had;
}

/**
 * virtio_rpmsg_rx_return_all() - take back what an endpoint has on loan
 * @vept: the endpoint; nothing is delivered to it any more
 *
 * Context: process; may sleep because of the doorbell.
 */
void virtio_rpmsg_rx_return_all(struct virtio_rpmsg_ept *vept)
{
	struct virtio_rpmsg *vr = vept->vr;
	struct virtio_rpmsg_rx *rx = &vr->rx;
	unsigned int id;
	int idx;

	if (!READ_ONCE(rx->num_lent))
		return;
	idx = srcu_read_lock(&vr->users);
	for (id = 0; id < rx->num; id++)
		virtio_rpmsg_rx_return(vept, payload_of(rx, id));
	if (virtio_rpmsg_state(vr) == VIRTIO_RPMSG_LIVE)
		virtio_rpmsg_rx_flush(vr);
	srcu_read_unlock(&vr->users, idx);
}

static bool take(struct virtio_rpmsg *vr, u16 *id, u32 *used_bytes)
{
	struct virtio_rpmsg_rx *rx = &vr->rx;
	enum rpmsg_ring_verdict verdict;

	spin_lock(&rx->ring_lock);
	verdict = rpmsg_ring_take(&rx->q.ring, id, used_bytes);
	if (verdict == RPMSG_RING_OK)
		virtio_rpmsg_count_max(vr, STAT_RX_HIGH,
				       (u16)(rx->q.ring.seen - rx->q.ring.taken) + 1);
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

static void receive(struct virtio_rpmsg *vr)
{
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
 * virtio_rpmsg_rx_done() - the remote has filled receive buffers
 * @vq: the receive ring
 *
 * Runs callbacks of endpoints, which may sleep, send, and destroy endpoints,
 * their own included.
 *
 * Context: process; the notification context of the remote processor driver.
 */
void virtio_rpmsg_rx_done(struct virtqueue *vq)
{
	struct virtio_rpmsg *vr = vq->vdev->priv;

	trace_virtio_rpmsg_notify(vq->vdev->index, vq->index);
	virtio_rpmsg_count(vr, STAT_RX_NOTIFIED);
	receive(vr);
}

/**
 * virtio_rpmsg_rx_more() - go on where virtio_rpmsg_rx_done() had to stop
 * @work: rx.more of a link
 *
 * Context: process, in the link's own workqueue.
 */
void virtio_rpmsg_rx_more(struct work_struct *work)
{
	receive(container_of(work, struct virtio_rpmsg, rx.more));
}
