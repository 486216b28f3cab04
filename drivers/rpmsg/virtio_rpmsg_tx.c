// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (c) 2026 linux-amp developers
 *
 * The send side of a link: free buffers, the ring, and waiting for a buffer.
 * Endpoints call in here; nothing here knows endpoints or channels.
 *
 * Barriers: those of the ring are in rpmsg_ring.c; the buffers are coherent
 * memory, which needs no cache maintenance. The doorbell is a device write or
 * firmware call of the mailbox driver, which orders it behind the index.
 */

#include <linux/jiffies.h>
#include <linux/minmax.h>
#include <linux/module.h>
#include <linux/poll.h>
#include <linux/sched/signal.h>
#include <linux/uaccess.h>
#include <linux/uio.h>

#include "rpmsg_waiters.h"
#include "virtio_rpmsg.h"
#include "virtio_rpmsg_trace.h"

/*
 * Waiting senders look at the ring on their own in this interval, so that a
 * remote which forgets a doorbell delays them a little instead of failing them.
 * In the receive context the doorbell that ends the wait may be held up by this very
 * thread, where somebody else than amp_rproc delivers it: a look there is worth more.
 */
#define LOOK_MS		100
#define LOOK_RX_MS	10

/*
 * Whoever polls cannot look by himself, and a remote may be built to ring for no message
 * that it has taken. So somebody looks for him, less and less often.
 */
#define LOOK_LONGEST_MS	500U

/* So many endpoints are told of room in an interrupt; each may have a few who wait for it. */
#define FEW_ENDPOINTS	16

/* How long a message may stay without the doorbell that it turned out to need. */
#define BELL_JIFFIES	1

/*
 * For pollers of other bridges than ours, which leave their entry behind when
 * the link goes away: this head stays as long as the module.
 */
static DECLARE_WAIT_QUEUE_HEAD(foreign_pollers);

/**
 * virtio_rpmsg_tx_init() - make all send buffers free
 * @vr: link with rings and buffers
 *
 * Context: process, from probe.
 */
void virtio_rpmsg_tx_init(struct virtio_rpmsg *vr)
{
	struct virtio_rpmsg_tx *tx = &vr->tx;

	/* The lowest one on top. */
	while (tx->num_free < tx->num) {
		tx->free[tx->num_free] = tx->num - 1 - tx->num_free;
		tx->num_free++;
	}
	rpmsg_bell_init(&tx->bell, tx->num);
}

static bool is_over(const struct virtio_rpmsg *vr)
{
	return virtio_rpmsg_state(vr) != VIRTIO_RPMSG_LIVE || virtio_rpmsg_is_broken(vr);
}

/* The end of a link is for those, too, who poll for messages only. */
static void wake_waiters(struct virtio_rpmsg *vr)
{
	__poll_t events = EPOLLOUT | EPOLLWRNORM;

	if (is_over(vr))
		events |= EPOLLERR;
	wake_up_poll(&vr->tx.wait, events);
	if (wq_has_sleeper(&foreign_pollers))
		wake_up_poll(&foreign_pollers, events);
}

/**
 * virtio_rpmsg_tx_done() - the remote has used send buffers
 * @vq: the send ring
 *
 * Or the device has been marked broken, of which the bus may tell in this way.
 *
 * Takes no lock, so that the doorbell can be delivered from an interrupt while
 * the context that runs callbacks waits in a send. Whoever waits has set armed
 * before the remote could see that it shall ring.
 *
 * Context: any, including hard interrupt.
 */
void virtio_rpmsg_tx_done(struct virtqueue *vq)
{
	struct virtio_rpmsg *vr = vq->vdev->priv;

	trace_virtio_rpmsg_notify(vq->vdev->index, vq->index);
	atomic_long_inc(&vr->tx.notified);
	/*
	 * Without progress nobody could send. Progress that is just being found wakes the
	 * others.
	 */
	if (virtio_rpmsg_is_broken(vr) ||
	    (READ_ONCE(vr->tx.armed) && rpmsg_ring_has_more(&vr->tx.q.ring)))
		wake_waiters(vr);
}

/**
 * virtio_rpmsg_tx_at_once() - the same as virtio_at_once_t
 * @vq: the send ring
 *
 * Context: any, including hard interrupt.
 * Return: true, that was all, unless the ring is broken, which somebody has to report, or more
 * are to be told of room than an interrupt has time for.
 */
bool virtio_rpmsg_tx_at_once(struct virtqueue *vq)
{
	struct virtio_rpmsg *vr = vq->vdev->priv;

	if (READ_ONCE(vr->tx.armed) && (rpmsg_is_crowded(&vr->tx.wait, FEW_ENDPOINTS) ||
					rpmsg_is_crowded(&foreign_pollers, FEW_ENDPOINTS)))
		return false;
	virtio_rpmsg_tx_done(vq);
	return !virtio_rpmsg_is_broken(vr);
}

/* Whoever waits armed the ring before; a taken back buffer may be theirs. */
static bool take_back_used(struct virtio_rpmsg *vr)
{
	struct virtio_rpmsg_tx *tx = &vr->tx;
	enum rpmsg_ring_verdict verdict;
	bool any = false;
	u32 used_bytes;
	u16 id;

	lockdep_assert_held(&tx->lock);

	while ((verdict = rpmsg_ring_take(&tx->q.ring, &id, &used_bytes)) == RPMSG_RING_OK) {
		tx->free[tx->num_free++] = id;
		any = true;
	}
	if (verdict != RPMSG_RING_EMPTY)
		virtio_rpmsg_vq_break(vr);
	if (any && tx->armed)
		wake_waiters(vr);
	return any;
}

/*
 * The remote's index is looked at for its buffers when they have run out, which with few
 * messages is never. One that is ahead of what was sent shows without: the ring is broken.
 */
static void verify(struct virtio_rpmsg *vr, u16 used)
{
	if (unlikely(rpmsg_ring_is_overtaken(&vr->tx.q.ring, used)))
		take_back_used(vr);
}

static bool get_buf(struct virtio_rpmsg *vr, u16 *id)
{
	struct virtio_rpmsg_tx *tx = &vr->tx;

	lockdep_assert_held(&tx->lock);

	if (!tx->num_free && !take_back_used(vr))
		return false;
	/*
	 * There was room, so whoever waited has been woken and arms the ring
	 * again if it is still short.
	 */
	if (tx->armed) {
		rpmsg_ring_quiet(&tx->q.ring, true);
		WRITE_ONCE(tx->armed, false);
	}
	*id = tx->free[--tx->num_free];
	return true;
}

static bool may_send(struct virtio_rpmsg *vr, bool farewell)
{
	enum virtio_rpmsg_state state = virtio_rpmsg_state(vr);

	return state == VIRTIO_RPMSG_LIVE || (farewell && state == VIRTIO_RPMSG_CLOSING);
}

/*
 * Pages of user space that are not there are no reason to sleep here: whoever has
 * the iov_iter brings them in with nothing held, and comes again.
 */
static int copy_payload(const struct virtio_rpmsg_send *send, void *to)
{
	size_t copied;

	/* Kernel clients send nothing from nowhere. */
	if (!send->hdr.len)
		return 0;
	if (send->payload) {
		memcpy(to, send->payload, send->hdr.len);
		return 0;
	}
	pagefault_disable();
	copied = copy_from_iter(to, send->hdr.len, send->iter);
	pagefault_enable();
	if (copied == send->hdr.len)
		return 0;
	iov_iter_revert(send->iter, copied);
	return -EFAULT;
}

static void count_sent(struct virtio_rpmsg *vr, const struct virtio_rpmsg_send *send)
{
	struct virtio_rpmsg_ept *vept = send->from;

	virtio_rpmsg_count(vr, STAT_TX_MESSAGES);
	virtio_rpmsg_add(vr, STAT_TX_BYTES, send->hdr.len);
	if (!vept)
		return;
	WRITE_ONCE(vept->tx_messages, vept->tx_messages + 1);
	WRITE_ONCE(vept->tx_bytes, vept->tx_bytes + send->hdr.len);
}

/* Attempts that found no buffer, and sends that were given up for that reason. */
static void count_failed(struct virtio_rpmsg *vr, struct virtio_rpmsg_ept *vept, bool given_up)
{
	lockdep_assert_held(&vr->tx.lock);

	virtio_rpmsg_count(vr, given_up ? STAT_TX_TIMEOUTS : STAT_TX_NO_BUF);
	if (vept && given_up)
		WRITE_ONCE(vept->tx_timeouts, vept->tx_timeouts + 1);
	else if (vept)
		WRITE_ONCE(vept->tx_no_buf, vept->tx_no_buf + 1);
}

static enum rpmsg_bell_action decide(struct virtio_rpmsg *vr, bool sent)
{
	struct virtio_rpmsg_tx *tx = &vr->tx;
	const struct rpmsg_ring *ring = &tx->q.ring;
	enum rpmsg_bell_action action;
	bool wanted;
	u16 used;

	lockdep_assert_held(&tx->lock);

	/* Orders the index of the available ring before the look at the used one. */
	wanted = rpmsg_ring_wants_doorbell(ring);
	used = rpmsg_ring_peek_used(ring);
	if (sent) {
		virtio_rpmsg_count_max(vr, STAT_TX_HIGH, rpmsg_ring_outstanding(ring, used));
		verify(vr, used);
		action = rpmsg_bell_sent(&tx->bell, ring->shown, used, wanted);
	} else {
		action = rpmsg_bell_check(&tx->bell, ring->shown, used, wanted);
	}
	if (action == RPMSG_BELL_RING)
		virtio_rpmsg_count(vr, STAT_TX_KICKS);
	return action;
}

/* Copying under the lock keeps the order of messages that of the calls. */
static int put_message(struct virtio_rpmsg *vr, const struct virtio_rpmsg_send *send, u16 id)
{
	struct virtio_rpmsg_tx *tx = &vr->tx;
	struct rpmsg_ring *ring = &tx->q.ring;
	struct rpmsg_wire_hdr *hdr = tx->bufs + id * tx->buf_bytes;
	int ret;

	lockdep_assert_held(&tx->lock);

	ret = copy_payload(send, hdr + 1);
	if (ret) {
		tx->free[tx->num_free++] = id;
		return ret;
	}
	rpmsg_wire_fill(hdr, &send->hdr);
	rpmsg_ring_set_len(ring, id, sizeof(*hdr) + send->hdr.len);
	rpmsg_ring_offer(ring, id);
	rpmsg_ring_publish(ring);
	count_sent(vr, send);
	return 0;
}

/*
 * The doorbell may take its time and is rung with no lock held. While the link closes
 * there is no later.
 */
static void do_bell(struct virtio_rpmsg *vr, enum rpmsg_bell_action action)
{
	struct virtio_rpmsg_tx *tx = &vr->tx;

	if (action == RPMSG_BELL_LATER && virtio_rpmsg_state(vr) != VIRTIO_RPMSG_LIVE)
		action = RPMSG_BELL_RING;
	if (action == RPMSG_BELL_RING) {
		trace_virtio_rpmsg_kick(vr->vdev->index, tx->q.vq->index);
		virtqueue_notify(tx->q.vq);
	} else if (action == RPMSG_BELL_LATER) {
		queue_delayed_work(vr->wq, &tx->check, BELL_JIFFIES);
	}
}

/**
 * virtio_rpmsg_tx_check() - has the remote found the messages that got no doorbell?
 * @work: tx.check of a link
 *
 * Context: process, in the link's own workqueue.
 */
void virtio_rpmsg_tx_check(struct work_struct *work)
{
	struct virtio_rpmsg_tx *tx = container_of(to_delayed_work(work), struct virtio_rpmsg_tx,
						  check);
	struct virtio_rpmsg *vr = container_of(tx, struct virtio_rpmsg, tx);
	enum rpmsg_bell_action action = RPMSG_BELL_NOTHING;
	int idx;

	idx = srcu_read_lock(&vr->users);
	spin_lock(&tx->lock);
	if (virtio_rpmsg_state(vr) == VIRTIO_RPMSG_LIVE)
		action = decide(vr, false);
	spin_unlock(&tx->lock);
	do_bell(vr, action);
	srcu_read_unlock(&vr->users, idx);
}

/**
 * virtio_rpmsg_tx_look() - has the remote used a buffer, or the link ended, without a word?
 * @work: tx.look of a link
 *
 * Until there is room: who is woken by that, or comes later, finds it.
 *
 * Context: process, in the link's own workqueue.
 */
void virtio_rpmsg_tx_look(struct work_struct *work)
{
	struct virtio_rpmsg_tx *tx = container_of(to_delayed_work(work), struct virtio_rpmsg_tx,
						  look);
	struct virtio_rpmsg *vr = container_of(tx, struct virtio_rpmsg, tx);
	int idx;

	idx = srcu_read_lock(&vr->users);
	spin_lock(&tx->lock);
	if (virtio_rpmsg_state(vr) == VIRTIO_RPMSG_LIVE && tx->armed && !tx->num_free) {
		if (virtio_rpmsg_is_broken(vr)) {
			wake_waiters(vr);
		} else if (!take_back_used(vr)) {
			tx->look_ms = min(2 * tx->look_ms, LOOK_LONGEST_MS);
			queue_delayed_work(vr->wq, &tx->look, msecs_to_jiffies(tx->look_ms));
		}
	}
	spin_unlock(&tx->lock);
	srcu_read_unlock(&vr->users, idx);
}

static int try_send(struct virtio_rpmsg *vr, const struct virtio_rpmsg_send *send)
{
	enum rpmsg_bell_action action = RPMSG_BELL_NOTHING;
	struct virtio_rpmsg_tx *tx = &vr->tx;
	int ret = 0;
	u16 id;

	spin_lock(&tx->lock);
	/* After the first message an index of 1 would be as it should. */
	if (unlikely(!tx->q.ring.shown))
		verify(vr, rpmsg_ring_peek_used(&tx->q.ring));
	if (!may_send(vr, send->farewell) || virtio_rpmsg_is_broken(vr))
		ret = -EPIPE;
	else if (get_buf(vr, &id))
		ret = put_message(vr, send, id);
	else
		ret = virtio_rpmsg_is_broken(vr) ? -EPIPE : -ENOMEM;
	if (ret == -ENOMEM)
		count_failed(vr, send->from, false);
	if (!ret)
		action = decide(vr, true);
	spin_unlock(&tx->lock);

	trace_virtio_rpmsg_send(vr->vdev->index, send->hdr.src, send->hdr.dst, send->hdr.len, ret);
	do_bell(vr, action);
	return ret;
}

/* Return: the remote has used a buffer meanwhile. */
static bool arm(struct virtio_rpmsg *vr)
{
	struct virtio_rpmsg_tx *tx = &vr->tx;

	lockdep_assert_held(&tx->lock);

	WRITE_ONCE(tx->armed, true);
	/* Before the remote sees that it shall ring: tx_done() on another CPU looks. */
	wmb();
	rpmsg_ring_quiet(&tx->q.ring, false);
	/* The remote may have used one before it could see this. */
	if (rpmsg_ring_has_more(&tx->q.ring) && take_back_used(vr))
		return true;
	tx->look_ms = LOOK_MS;
	queue_delayed_work(vr->wq, &tx->look, msecs_to_jiffies(tx->look_ms));
	return false;
}

/*
 * Is there something to do for a sender: a free buffer, or nothing to wait for?
 * If not, the remote is asked to ring when it has used one.
 */
static bool has_room_or_ended(struct virtio_rpmsg *vr)
{
	struct virtio_rpmsg_tx *tx = &vr->tx;
	bool yes;

	spin_lock(&tx->lock);
	yes = virtio_rpmsg_state(vr) != VIRTIO_RPMSG_LIVE || tx->num_free ||
	      take_back_used(vr) || virtio_rpmsg_is_broken(vr);
	if (!yes && !tx->armed)
		yes = arm(vr);
	spin_unlock(&tx->lock);
	return yes;
}

/*
 * Of a closed endpoint only the callback is told to end, because somebody waits
 * for it; its driver may still say goodbye in its remove.
 */
static bool is_cancelled(const struct virtio_rpmsg_send *send)
{
	const struct virtio_rpmsg_ept *vept = send->from;

	if (!vept)
		return false;
	return READ_ONCE(vept->dead) ||
	       (READ_ONCE(vept->closed) && READ_ONCE(vept->vr->rx.task) == current);
}

static int wait_and_send(struct virtio_rpmsg *vr, const struct virtio_rpmsg_send *send)
{
	unsigned long end = jiffies + msecs_to_jiffies(send->wait_ms);
	unsigned int look_ms = READ_ONCE(vr->rx.task) == current ? LOOK_RX_MS : LOOK_MS;
	long ret;

	/* The remote may wait for receive buffers itself before it goes on. */
	if (READ_ONCE(vr->rx.task) == current)
		virtio_rpmsg_rx_flush(vr);
	do {
		ret = wait_event_interruptible_timeout(vr->tx.wait,
						       has_room_or_ended(vr) ||
						       is_cancelled(send),
						       msecs_to_jiffies(look_ms));
		if (ret < 0)
			return ret;
		if (is_cancelled(send) || virtio_rpmsg_state(vr) != VIRTIO_RPMSG_LIVE)
			return -EPIPE;
		ret = try_send(vr, send);
		if (ret != -ENOMEM)
			return ret;
	} while (time_before(jiffies, end));

	spin_lock(&vr->tx.lock);
	count_failed(vr, send->from, true);
	spin_unlock(&vr->tx.lock);
	return -ETIMEDOUT;
}

/**
 * virtio_rpmsg_tx_cancel() - end the waits of senders that wait in vain
 * @vr: the link
 *
 * Their endpoint is dead or closed, or a ring broken.
 *
 * Context: any.
 */
void virtio_rpmsg_tx_cancel(struct virtio_rpmsg *vr)
{
	wake_waiters(vr);
}

/**
 * virtio_rpmsg_tx() - send a message
 * @vr:   the link
 * @send: the message and how to send it
 *
 * A wait ends with a free buffer, after @send->wait_ms, with any signal, or as
 * soon as the endpoint or the link goes away.
 *
 * Context: process; may sleep, even if it does not wait, because of the doorbell.
 * Callbacks of endpoints may call it.
 * Return: 0, -EINVAL for a wildcard address, -EMSGSIZE if the payload exceeds
 * virtio_rpmsg_tx_mtu(), -EFAULT if pages of an iov_iter are missing, -ENOMEM if
 * there is no buffer and it shall not wait, -ETIMEDOUT if there was none in time,
 * -ERESTARTSYS on a signal, -EPIPE if the endpoint or the link is gone or the ring
 * broken.
 */
int virtio_rpmsg_tx(struct virtio_rpmsg *vr, const struct virtio_rpmsg_send *send)
{
	int idx, ret;

	if (send->hdr.src == RPMSG_ADDR_ANY || send->hdr.dst == RPMSG_ADDR_ANY)
		return -EINVAL;

	idx = srcu_read_lock(&vr->users);
	if (!may_send(vr, send->farewell))
		ret = -EPIPE;
	else if (send->hdr.len > virtio_rpmsg_tx_mtu(vr))
		ret = -EMSGSIZE;
	else
		ret = try_send(vr, send);
	if (ret == -ENOMEM && send->wait_ms)
		ret = wait_and_send(vr, send);
	srcu_read_unlock(&vr->users, idx);
	return ret;
}

/**
 * virtio_rpmsg_tx_verify() - has the remote used more than it was sent?
 * @vr: the link
 *
 * What a remote still had of the last driver's messages it may give back into the rings of
 * the next. The link is broken then, without a message that would show it.
 *
 * Context: process, while the link is LIVE; the caller is among its users, or waited for before
 * rings are freed.
 */
void virtio_rpmsg_tx_verify(struct virtio_rpmsg *vr)
{
	spin_lock(&vr->tx.lock);
	verify(vr, rpmsg_ring_peek_used(&vr->tx.q.ring));
	spin_unlock(&vr->tx.lock);
}

/*
 * Entries of files stay in foreign_pollers, which is this module's memory, for as long as the file.
 * Return: false if the module is about to go, so that nothing may be left in it.
 */
static bool stay_in_memory(void)
{
	static DEFINE_MUTEX(lock);
	static bool pinned;
	bool stays;

	if (READ_ONCE(pinned))
		return true;
	mutex_lock(&lock);
	stays = pinned || try_module_get(THIS_MODULE);
	WRITE_ONCE(pinned, stays);
	mutex_unlock(&lock);
	return stays;
}

/**
 * virtio_rpmsg_tx_poll() - can a message be sent now?
 * @vr:    the link
 * @file:  open file that polls, or NULL
 * @table: where to register for a change, or NULL
 *
 * A caller that registers with @file NULL has to remove its entry before it
 * destroys its endpoint. An entry that belongs to a file may stay behind when
 * the link goes away, so it is kept where that does no harm. A table without
 * a queueing function only asks and leaves nothing behind.
 *
 * Context: process; may sleep.
 * Return: EPOLLOUT | EPOLLWRNORM if so, EPOLLERR if the link or this module is about to go or
 * its rings are broken, else 0.
 */
__poll_t virtio_rpmsg_tx_poll(struct virtio_rpmsg *vr, struct file *file, poll_table *table)
{
	__poll_t mask = 0;
	int idx;

	if (file && table && table->_qproc && !stay_in_memory())
		return EPOLLERR;

	idx = srcu_read_lock(&vr->users);
	if (!is_over(vr)) {
		poll_wait(file, file ? &foreign_pollers : &vr->tx.wait, table);
		if (has_room_or_ended(vr))
			mask = EPOLLOUT | EPOLLWRNORM;
	}
	/* Also what ended just before the entry was queued: nobody is woken for it again. */
	if (is_over(vr))
		mask = EPOLLERR;
	srcu_read_unlock(&vr->users, idx);
	return mask;
}

/**
 * virtio_rpmsg_tx_mtu() - largest payload that fits a message
 * @vr: the link
 *
 * Context: any.
 * Return: bytes.
 */
unsigned int virtio_rpmsg_tx_mtu(const struct virtio_rpmsg *vr)
{
	return vr->tx.buf_bytes - sizeof(struct rpmsg_wire_hdr);
}

/**
 * virtio_rpmsg_tx_free() - how many messages can be sent without waiting?
 * @vr: the link
 *
 * Context: any but hard interrupt.
 * Return: the number; it may change at once.
 */
unsigned int virtio_rpmsg_tx_free(struct virtio_rpmsg *vr)
{
	struct virtio_rpmsg_tx *tx = &vr->tx;
	unsigned int num_free;

	spin_lock(&tx->lock);
	take_back_used(vr);
	num_free = tx->num_free;
	spin_unlock(&tx->lock);
	return num_free;
}
