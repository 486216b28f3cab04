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
 *
 * There are two ways. The long one may sleep and belongs to the receive context. The
 * short one is for bridges that take messages in any context and keep the buffer: a few
 * instructions under rx.ring_lock, so the interrupt can do it as long as nobody is in
 * the receive context. What it cannot do it leaves in rx.left, and to that context.
 */

#include <linux/device.h>
#include <linux/math.h>
#include <linux/minmax.h>
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

/*
 * So many messages are delivered with interrupts off. An interrupt that finds more than
 * that has met a stream, which is the thread's.
 */
#define RX_AT_ONCE	8

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

/*
 * How many buffers may be on loan. An eighth of them, of short rings more, stays with the
 * remote however slow the readers are, unless one of them would rather stop the remote
 * than lose a message.
 */
static unsigned int max_lent(const struct virtio_rpmsg_rx *rx)
{
	return rx->num - max(DIV_ROUND_UP(rx->num, 8), min(DIV_ROUND_UP(rx->num, 2), 4U));
}

static void show(struct virtio_rpmsg_rx *rx)
{
	lockdep_assert_held(&rx->ring_lock);

	if (rx->q.ring.shown == rx->q.ring.offered)
		return;
	rpmsg_ring_publish(&rx->q.ring);
	rx->ring = rx->ring || may_be_waiting(rx);
}

/*
 * What it costs to let the remote see a buffer, barriers and a look at how it is, can be
 * shared by as many as a sixteenth of them, in case @more follow. If none does, the remote
 * still has some: as many are not lent before lend() shows what it does not see.
 */
static void put_back(struct virtio_rpmsg_rx *rx, u16 id, bool more)
{
	struct rpmsg_ring *ring = &rx->q.ring;

	lockdep_assert_held(&rx->ring_lock);

	rpmsg_ring_offer(ring, id);
	if (!more || (u16)(ring->offered - ring->shown) >= rx->num / 16 ||
	    rx->num_lent >= max_lent(rx))
		show(rx);
}

static void give_back(struct virtio_rpmsg *vr, u16 id)
{
	struct virtio_rpmsg_rx *rx = &vr->rx;

	spin_lock_irq(&rx->ring_lock);
	put_back(rx, id, false);
	spin_unlock_irq(&rx->ring_lock);
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
	spin_lock_irq(&rx->ring_lock);
	ring = rx->ring;
	rx->ring = false;
	if (ring)
		virtio_rpmsg_count(vr, STAT_RX_KICKS);
	spin_unlock_irq(&rx->ring_lock);
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

	spin_lock_irq(&rx->ring_lock);
	rpmsg_ring_quiet(&rx->q.ring, false);
	for (i = 0; i < rx->num; i++)
		rpmsg_ring_offer(&rx->q.ring, i);
	rpmsg_ring_publish(&rx->q.ring);
	spin_unlock_irq(&rx->ring_lock);
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

static bool lend(struct virtio_rpmsg_rx *rx, struct virtio_rpmsg_ept *vept, u16 id, size_t len)
{
	struct virtio_rpmsg_loan *loan = &rx->loans[id];

	lockdep_assert_held(&rx->ring_lock);

	if (rx->num_lent >= max_lent(rx)) {
		if (!(READ_ONCE(vept->rx_flags) & RPMSG_EXT_LEND_ALL))
			return false;
		show(rx);
	}
	loan->buf.len = len;
	loan->borrower = vept;
	rx->num_lent++;
	return true;
}

static void end_loan(struct virtio_rpmsg_rx *rx, struct virtio_rpmsg_loan *loan)
{
	lockdep_assert_held(&rx->ring_lock);

	loan->borrower = NULL;
	rx->num_lent--;
}

/*
 * The buffer is on loan before the bridge sees it: another thread may be done with
 * it before this one returns. An endpoint that was destroyed meanwhile keeps none.
 */
static void deliver_in_place(struct virtio_rpmsg *vr, struct virtio_rpmsg_ept *vept, u16 id,
			     const struct rpmsg_wire_msg *msg, rpmsg_ext_rx_t rx)
{
	struct rpmsg_ext_buf *buf = &vr->rx.loans[id].buf;
	bool lent;

	spin_lock_irq(&vr->rx.ring_lock);
	lent = lend(&vr->rx, vept, id, msg->len);
	spin_unlock_irq(&vr->rx.ring_lock);

	if (rx(&vept->ept, buf->data, msg->len, msg->src, lent ? buf : NULL) && lent &&
	    !READ_ONCE(vept->dead))
		return;
	if (lent)
		virtio_rpmsg_rx_return(vept, buf, false);
	else
		give_back(vr, id);
}

static void count_received(struct virtio_rpmsg *vr, struct virtio_rpmsg_ept *vept,
			   const struct rpmsg_wire_msg *msg)
{
	trace_virtio_rpmsg_receive(vr->vdev->index, msg->src, msg->dst, msg->len);
	virtio_rpmsg_count(vr, STAT_RX_MESSAGES);
	virtio_rpmsg_add(vr, STAT_RX_BYTES, msg->len);
	WRITE_ONCE(vept->rx_messages, vept->rx_messages + 1);
	WRITE_ONCE(vept->rx_bytes, vept->rx_bytes + msg->len);
}

static void deliver(struct virtio_rpmsg *vr, struct virtio_rpmsg_ept *vept, u16 id,
		    const struct rpmsg_wire_msg *msg)
{
	/* Pairs with listen() in virtio_rpmsg_ext.c. */
	rpmsg_ext_rx_t rx = smp_load_acquire(&vept->rx);

	count_received(vr, vept, msg);
	if (rx)
		deliver_in_place(vr, vept, id, msg, rx);
	else
		deliver_copy(vr, vept, id, msg);
}

/* The short way. Return: false if this one has to go the long way; else @kept says how it went. */
static bool deliver_at_once(struct virtio_rpmsg *vr, const struct virtio_rpmsg_used *used,
			    bool *kept)
{
	struct virtio_rpmsg_rx *rx = &vr->rx;
	struct virtio_rpmsg_loan *loan = &rx->loans[used->id];
	struct virtio_rpmsg_ept *vept;
	enum virtio_rpmsg_stat why;
	struct rpmsg_wire_msg msg;
	rpmsg_ext_rx_t to;

	if (!check(vr, buf_of(rx, used->id), used->bytes, &msg, &why))
		return false;
	vept = virtio_rpmsg_ept_at_once(vr, msg.dst, &to);
	if (!vept || !lend(rx, vept, used->id, msg.len))
		return false;
	count_received(vr, vept, &msg);
	*kept = to(&vept->ept, loan->buf.data, msg.len, msg.src, &loan->buf);
	if (!*kept) {
		end_loan(rx, loan);
		put_back(rx, used->id, false);
	}
	return true;
}

/* The long way. */
static void receive_one(struct virtio_rpmsg *vr, const struct virtio_rpmsg_used *used)
{
	struct virtio_rpmsg_ept *vept = NULL;
	enum virtio_rpmsg_stat why;
	struct rpmsg_wire_msg msg;

	if (check(vr, buf_of(&vr->rx, used->id), used->bytes, &msg, &why))
		vept = virtio_rpmsg_ept_enter(vr, msg.dst, &why);
	if (!vept) {
		give_back(vr, used->id);
		reject(vr, why, used->bytes);
		return;
	}
	deliver(vr, vept, used->id, &msg);
	virtio_rpmsg_ept_leave(vept);
}

/**
 * virtio_rpmsg_rx_return() - a bridge gives back a buffer
 * @vept: endpoint that has it on loan
 * @buf:  what it was lent
 * @more: others follow
 *
 * Whoever takes rings and buffers away sets the state before, and waits for the lock.
 *
 * Context: process; the caller rings the doorbell, if rx.ring says so, with
 * virtio_rpmsg_rx_flush().
 * Return: true if @vept had it.
 */
bool virtio_rpmsg_rx_return(struct virtio_rpmsg_ept *vept, struct rpmsg_ext_buf *buf, bool more)
{
	struct virtio_rpmsg_loan *loan = container_of(buf, struct virtio_rpmsg_loan, buf);
	struct virtio_rpmsg *vr = vept->vr;
	struct virtio_rpmsg_rx *rx = &vr->rx;
	bool had;

	spin_lock_irq(&rx->ring_lock);
	had = loan->borrower == vept;
	if (had) {
		end_loan(rx, loan);
		if (virtio_rpmsg_state(vr) != VIRTIO_RPMSG_GONE)
			put_back(rx, loan - rx->loans, more);
	}
	spin_unlock_irq(&rx->ring_lock);
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
		virtio_rpmsg_rx_return(vept, &rx->loans[id].buf, false);
	if (virtio_rpmsg_state(vr) == VIRTIO_RPMSG_LIVE)
		virtio_rpmsg_rx_flush(vr);
	srcu_read_unlock(&vr->users, idx);
}

/* A ring that is found broken stays so; receive_few() says so to the world. */
static bool take(struct virtio_rpmsg *vr, struct virtio_rpmsg_used *used)
{
	struct rpmsg_ring *ring = &vr->rx.q.ring;

	lockdep_assert_held(&vr->rx.ring_lock);

	if (rpmsg_ring_take(ring, &used->id, &used->bytes) != RPMSG_RING_OK)
		return false;
	virtio_rpmsg_count_max(vr, STAT_RX_HIGH, (u16)(ring->seen - ring->taken) + 1);
	return true;
}

static bool has_fault(const struct virtio_rpmsg_rx *rx)
{
	return READ_ONCE(rx->q.ring.fault.verdict) != RPMSG_RING_OK;
}

static void set_quiet(struct virtio_rpmsg *vr, bool quiet)
{
	struct virtio_rpmsg_rx *rx = &vr->rx;

	spin_lock_irq(&rx->ring_lock);
	rpmsg_ring_quiet(&rx->q.ring, quiet);
	spin_unlock_irq(&rx->ring_lock);
}

static bool may_receive(const struct virtio_rpmsg *vr)
{
	return virtio_rpmsg_state(vr) == VIRTIO_RPMSG_LIVE && !virtio_rpmsg_is_broken(vr);
}

/*
 * A bridge that keeps nothing is full, or copies: that is nothing to go on with here.
 * Return: there may be more, or rx.left has the next one; @num counts those delivered.
 */
static bool receive_at_once(struct virtio_rpmsg *vr, unsigned int *num)
{
	struct virtio_rpmsg_rx *rx = &vr->rx;
	bool kept = true;

	*num = 0;
	if (!may_receive(vr))
		return false;
	for (; *num < RX_AT_ONCE && kept; (*num)++) {
		if (!take(vr, &rx->left))
			return false;
		rx->has_left = !deliver_at_once(vr, &rx->left, &kept);
		if (rx->has_left)
			break;
	}
	return true;
}

/* Return: how many messages were received, 0 if there was none. */
static unsigned int receive_few(struct virtio_rpmsg *vr)
{
	struct virtio_rpmsg_rx *rx = &vr->rx;
	struct virtio_rpmsg_used used;
	unsigned int num = 0;
	bool left;

	spin_lock_irq(&rx->ring_lock);
	if (!rx->has_left)
		receive_at_once(vr, &num);
	left = rx->has_left;
	used = rx->left;
	rx->has_left = false;
	spin_unlock_irq(&rx->ring_lock);

	if (left)
		receive_one(vr, &used);
	else if (has_fault(rx))
		virtio_rpmsg_vq_break(vr);
	return num + left;
}

/* Return: there may be more, but the budget is used up. */
static bool receive_some(struct virtio_rpmsg *vr)
{
	const struct rpmsg_ring *ring = &vr->rx.q.ring;
	unsigned int few, num = 0;
	bool was_quiet = false;

	lockdep_assert_held(&vr->rx.lock);

	while (may_receive(vr)) {
		if (num >= RX_BUDGET)
			return true;
		few = receive_few(vr);
		if (few) {
			num += few;
			if (num >= RX_QUIET && !was_quiet && !ring->quiet)
				set_quiet(vr, true);
			was_quiet = was_quiet || ring->quiet;
			cond_resched();
			continue;
		}
		if (!ring->quiet)
			break;
		/* What came before the remote could see this has rung no doorbell. */
		set_quiet(vr, false);
		if (!rpmsg_ring_has_more(ring))
			break;
	}
	return false;
}

static void count_doorbell(struct virtio_rpmsg *vr)
{
	spin_lock_irq(&vr->rx.ring_lock);
	virtio_rpmsg_count(vr, STAT_RX_NOTIFIED);
	spin_unlock_irq(&vr->rx.ring_lock);
}

static void receive(struct virtio_rpmsg *vr, bool doorbell)
{
	struct virtio_rpmsg_rx *rx = &vr->rx;
	bool more;
	int idx;

	idx = srcu_read_lock(&vr->users);
	mutex_lock(&rx->lock);
	spin_lock_irq(&rx->ring_lock);
	WRITE_ONCE(rx->task, current);
	if (doorbell)
		virtio_rpmsg_count(vr, STAT_RX_NOTIFIED);
	spin_unlock_irq(&rx->ring_lock);
	more = receive_some(vr);
	/* An interrupt that comes before this is delivered here again. */
	spin_lock_irq(&rx->ring_lock);
	WRITE_ONCE(rx->task, NULL);
	spin_unlock_irq(&rx->ring_lock);
	mutex_unlock(&rx->lock);

	virtio_rpmsg_rx_flush(vr);
	if (more)
		queue_work(rx->wq, &rx->more);
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
	/*
	 * What waits in its queue looks at the ring when its turn comes, after this. One that
	 * runs may have had its last look.
	 */
	if (work_pending(&vr->rx.more))
		count_doorbell(vr);
	else
		receive(vr, true);
}

/**
 * virtio_rpmsg_rx_at_once() - the same, for what can be received in any context
 * @vq: the receive ring
 *
 * A few messages for bridges that take them so; the rest is left, and if the receive
 * context is busy, all of it.
 *
 * Context: any, hard interrupt included. As virtio_at_once_t, the link is LIVE.
 * Return: true if nothing is left to do for virtio_rpmsg_rx_done().
 */
bool virtio_rpmsg_rx_at_once(struct virtqueue *vq)
{
	struct virtio_rpmsg *vr = vq->vdev->priv;
	struct virtio_rpmsg_rx *rx = &vr->rx;
	unsigned long flags;
	unsigned int num;
	bool more = true;

	spin_lock_irqsave(&rx->ring_lock, flags);
	if (!rx->task && !rx->has_left)
		more = receive_at_once(vr, &num);
	/* Faults are reported, and doorbells rung, where that may take its time. */
	more = more || rx->ring || has_fault(rx) || virtio_rpmsg_is_broken(vr);
	if (!more) {
		trace_virtio_rpmsg_notify(vq->vdev->index, vq->index);
		virtio_rpmsg_count(vr, STAT_RX_NOTIFIED);
	}
	spin_unlock_irqrestore(&rx->ring_lock, flags);
	return !more;
}

/**
 * virtio_rpmsg_rx_more() - go on where virtio_rpmsg_rx_done() had to stop
 * @work: rx.more of a link
 *
 * Context: process, in a workqueue of the link that is for nothing else.
 */
void virtio_rpmsg_rx_more(struct work_struct *work)
{
	receive(container_of(work, struct virtio_rpmsg, rx.more), false);
}
