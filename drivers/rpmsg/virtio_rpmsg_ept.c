// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (c) 2026 linux-amp developers
 *
 * Endpoints of a link: addresses, lookup, and the promise that no callback runs
 * once rpmsg_destroy_ept() has returned. There is one receive context per link,
 * so at most one callback runs, and virtio_rpmsg.rx.running says whose. What the
 * interrupt delivers in its place, under rx.ring_lock, is over when the lock is free.
 */

#include <linux/limits.h>
#include <linux/slab.h>

#include "virtio_rpmsg.h"

static void free_ept(struct kref *refcount)
{
	struct rpmsg_endpoint *ept = container_of(refcount, struct rpmsg_endpoint, refcount);
	struct virtio_rpmsg_ept *vept = to_virtio_rpmsg_ept(ept);

	virtio_rpmsg_put(vept->vr);
	kfree(vept);
}

/**
 * virtio_rpmsg_ept_set_ready() - let messages reach an endpoint
 * @ept: the endpoint
 *
 * The core creates the endpoint of a channel before it calls the driver's
 * probe, so a message could meet a driver without its data. Until probe has
 * returned, or the driver has sent a message itself, none is delivered: an
 * honest remote does not know the address before.
 *
 * Context: any.
 */
void virtio_rpmsg_ept_set_ready(struct rpmsg_endpoint *ept)
{
	/* Pairs with is_ready(): what probe did is visible to the callback. */
	smp_store_release(&to_virtio_rpmsg_ept(ept)->ready, true);
}

static bool is_ready(const struct virtio_rpmsg_ept *vept)
{
	/* Pairs with virtio_rpmsg_ept_set_ready(). */
	return vept->ept.cb && smp_load_acquire(&vept->ready);
}

/**
 * virtio_rpmsg_ept_enter() - find the endpoint for a message and begin its callback
 * @vr:   the link
 * @addr: destination of the message
 * @why:  reason, if there is none
 *
 * Context: the receive context.
 * Return: the endpoint, to be handed to virtio_rpmsg_ept_leave(), or NULL.
 */
struct virtio_rpmsg_ept *virtio_rpmsg_ept_enter(struct virtio_rpmsg *vr, u32 addr,
						enum virtio_rpmsg_stat *why)
{
	struct virtio_rpmsg_ept *vept;

	lockdep_assert_held(&vr->rx.lock);

	xa_lock(&vr->endpoints);
	vept = xa_load(&vr->endpoints, addr);
	if (!vept && addr == VIRTIO_RPMSG_FIRST_ELSEWHERE && !READ_ONCE(vr->first_asked))
		vept = xa_load(&vr->endpoints, VIRTIO_RPMSG_FIRST_DYNAMIC);
	if (!vept) {
		*why = STAT_RX_NO_RECIPIENT;
	} else if (vept->closed || !is_ready(vept)) {
		*why = STAT_RX_NOT_READY;
		WRITE_ONCE(vept->rx_not_ready, vept->rx_not_ready + 1);
		vept = NULL;
	} else {
		kref_get(&vept->ept.refcount);
		vr->rx.running = vept;
	}
	xa_unlock(&vr->endpoints);
	return vept;
}

/**
 * virtio_rpmsg_ept_leave() - end of a callback
 * @vept: what virtio_rpmsg_ept_enter() returned; perhaps destroyed since
 *
 * Context: the receive context.
 */
void virtio_rpmsg_ept_leave(struct virtio_rpmsg_ept *vept)
{
	struct virtio_rpmsg *vr = vept->vr;
	bool ended;

	xa_lock(&vr->endpoints);
	WRITE_ONCE(vr->rx.running, NULL);
	ended = vept->dead || vept->closed;
	xa_unlock(&vr->endpoints);

	if (ended)
		wake_up_all(&vr->rx.idle);
	kref_put(&vept->ept.refcount, free_ept);
}

static struct virtio_rpmsg_ept **recent_of(struct virtio_rpmsg *vr, u32 addr)
{
	return &vr->rx.recent[addr % VIRTIO_RPMSG_RECENT];
}

/**
 * virtio_rpmsg_ept_at_once() - find an endpoint that takes messages in any context
 * @vr:   the link
 * @addr: destination of the message
 * @rx:   how to deliver it, if there is one
 *
 * Whoever closes or destroys an endpoint takes rx.ring_lock afterwards, see
 * wait_for_callback(). So what is found here stays as long as the lock is held.
 *
 * Context: any; rx.ring_lock held.
 * Return: the endpoint, or NULL.
 */
struct virtio_rpmsg_ept *virtio_rpmsg_ept_at_once(struct virtio_rpmsg *vr, u32 addr,
						  rpmsg_ext_rx_t *rx)
{
	struct virtio_rpmsg_ept **recent = recent_of(vr, addr);
	struct virtio_rpmsg_ept *vept;

	lockdep_assert_held(&vr->rx.ring_lock);

	vept = *recent;
	if (!vept || vept->ept.addr != addr)
		vept = xa_load(&vr->endpoints, addr);
	if (!vept || READ_ONCE(vept->closed) || !is_ready(vept))
		return NULL;
	*recent = vept;
	/* Pairs with listen() in virtio_rpmsg_ext.c. */
	*rx = smp_load_acquire(&vept->rx);
	return *rx && READ_ONCE(vept->rx_flags) & RPMSG_EXT_AT_ONCE ? vept : NULL;
}

/*
 * Whoever is the callback cannot wait for it. The caller holds a reference and has made
 * sure that nobody finds the endpoint any more.
 */
static void wait_for_callback(struct virtio_rpmsg_ept *vept)
{
	struct virtio_rpmsg *vr = vept->vr;

	/* Waits for a callback that an interrupt has found before. */
	spin_lock_irq(&vr->rx.ring_lock);
	if (*recent_of(vr, vept->ept.addr) == vept)
		*recent_of(vr, vept->ept.addr) = NULL;
	spin_unlock_irq(&vr->rx.ring_lock);

	/* The callback may be waiting for a buffer to send its answer in. */
	virtio_rpmsg_tx_cancel(vr);
	if (READ_ONCE(vr->rx.task) != current)
		wait_event(vr->rx.idle, READ_ONCE(vr->rx.running) != vept);
}

/**
 * virtio_rpmsg_ept_close() - let no message reach an endpoint any more
 * @ept: the endpoint
 *
 * The core destroys the endpoint of a channel only after it has called the
 * driver's remove, which frees what the callback uses.
 *
 * Context: process; waits for a callback in progress.
 */
void virtio_rpmsg_ept_close(struct rpmsg_endpoint *ept)
{
	struct virtio_rpmsg_ept *vept = to_virtio_rpmsg_ept(ept);

	xa_lock(&vept->vr->endpoints);
	WRITE_ONCE(vept->closed, true);
	xa_unlock(&vept->vr->endpoints);
	wait_for_callback(vept);
}

/*
 * A callback that destroys its own endpoint cannot wait for itself; it is the
 * last one anyway. Anybody else waits until the callback has returned. The
 * reference that the caller holds keeps the address of @vept from being reused
 * meanwhile.
 */
static void destroy_ept(struct rpmsg_endpoint *ept)
{
	struct virtio_rpmsg_ept *vept = to_virtio_rpmsg_ept(ept);
	struct virtio_rpmsg *vr = vept->vr;

	might_sleep();

	xa_lock(&vr->endpoints);
	__xa_erase(&vr->endpoints, ept->addr);
	WRITE_ONCE(vept->dead, true);
	xa_unlock(&vr->endpoints);

	wait_for_callback(vept);
	virtio_rpmsg_rx_return_all(vept);

	/* The core destroys a channel's endpoint again if it still finds it. */
	if (ept->rpdev->ept == ept)
		ept->rpdev->ept = NULL;
	kref_put(&ept->refcount, free_ept);
}

/**
 * virtio_rpmsg_ept_send() - send a message from an endpoint
 * @vept: the endpoint
 * @send: the message; @send->from is set here
 *
 * Context: process; as virtio_rpmsg_tx().
 * Return: that of virtio_rpmsg_tx().
 */
int virtio_rpmsg_ept_send(struct virtio_rpmsg_ept *vept, struct virtio_rpmsg_send *send)
{
	struct rpmsg_endpoint *ept = &vept->ept;
	int ret;

	if (!READ_ONCE(vept->ready))
		virtio_rpmsg_ept_set_ready(ept);

	send->from = vept;
	kref_get(&ept->refcount);
	ret = virtio_rpmsg_tx(vept->vr, send);
	kref_put(&ept->refcount, free_ept);
	return ret;
}

static int send_from(struct rpmsg_endpoint *ept, u32 src, u32 dst, const void *data, int len,
		     bool wait)
{
	struct virtio_rpmsg_ept *vept = to_virtio_rpmsg_ept(ept);
	struct virtio_rpmsg_send send = {
		.hdr = { .src = src, .dst = dst, .len = len },
		.payload = data,
		.wait_ms = wait ? READ_ONCE(vept->vr->send_ms) : 0,
	};

	if (len < 0)
		return -EINVAL;
	return virtio_rpmsg_ept_send(vept, &send);
}

static int ept_send(struct rpmsg_endpoint *ept, RPMSG_DATA_CONST void *data, int len)
{
	return send_from(ept, ept->addr, ept->rpdev->dst, data, len, true);
}

static int ept_sendto(struct rpmsg_endpoint *ept, RPMSG_DATA_CONST void *data, int len, u32 dst)
{
	return send_from(ept, ept->addr, dst, data, len, true);
}

static int ept_trysend(struct rpmsg_endpoint *ept, RPMSG_DATA_CONST void *data, int len)
{
	return send_from(ept, ept->addr, ept->rpdev->dst, data, len, false);
}

static int ept_trysendto(struct rpmsg_endpoint *ept, RPMSG_DATA_CONST void *data, int len,
			 u32 dst)
{
	return send_from(ept, ept->addr, dst, data, len, false);
}

static int __maybe_unused ept_send_offchannel(struct rpmsg_endpoint *ept, u32 src, u32 dst,
					      void *data, int len)
{
	return send_from(ept, src, dst, data, len, true);
}

static int __maybe_unused ept_trysend_offchannel(struct rpmsg_endpoint *ept, u32 src, u32 dst,
						 void *data, int len)
{
	return send_from(ept, src, dst, data, len, false);
}

static __poll_t ept_poll(struct rpmsg_endpoint *ept, struct file *file, poll_table *table)
{
	return virtio_rpmsg_tx_poll(to_virtio_rpmsg_ept(ept)->vr, file, table);
}

static ssize_t ept_get_mtu(struct rpmsg_endpoint *ept)
{
	return virtio_rpmsg_tx_mtu(to_virtio_rpmsg_ept(ept)->vr);
}

static const struct rpmsg_endpoint_ops ept_ops = {
	.destroy_ept = destroy_ept,
	.send = ept_send,
	.sendto = ept_sendto,
	.trysend = ept_trysend,
	.trysendto = ept_trysendto,
	RPMSG_OFFCHANNEL_OPS(ept_send_offchannel, ept_trysend_offchannel)
	.poll = ept_poll,
	.get_mtu = ept_get_mtu,
};

/**
 * virtio_rpmsg_ept_is_ours() - does an endpoint belong to this transport?
 * @ept: any endpoint
 *
 * Context: any.
 * Return: true if so.
 */
bool virtio_rpmsg_ept_is_ours(const struct rpmsg_endpoint *ept)
{
	return ept->ops == &ept_ops;
}

/**
 * virtio_rpmsg_ept_show() - list a link's endpoints with their counters
 * @vr:  the link
 * @seq: where to
 *
 * Context: process.
 */
void virtio_rpmsg_ept_show(struct virtio_rpmsg *vr, struct seq_file *seq)
{
	struct virtio_rpmsg_ept *vept;
	unsigned long addr;

	seq_puts(seq, "address    rx-messages   rx-bytes rx-not-ready ");
	seq_puts(seq, "tx-messages   tx-bytes  tx-no-buf tx-timeouts device\n");
	xa_lock(&vr->endpoints);
	xa_for_each(&vr->endpoints, addr, vept)
		seq_printf(seq, "%-10lu %11lu %10lu %12lu %11lu %10lu %10lu %11lu %s\n", addr,
			   READ_ONCE(vept->rx_messages), READ_ONCE(vept->rx_bytes),
			   READ_ONCE(vept->rx_not_ready),
			   READ_ONCE(vept->tx_messages), READ_ONCE(vept->tx_bytes),
			   READ_ONCE(vept->tx_no_buf), READ_ONCE(vept->tx_timeouts),
			   dev_name(&vept->ept.rpdev->dev));
	xa_unlock(&vr->endpoints);
}

/*
 * Is this the endpoint that the core creates for a driver about to be probed?
 * It is the device's first, destroy_ept() takes care of that.
 */
static bool belongs_to_probe(struct rpmsg_device *rpdev, rpmsg_rx_cb_t cb)
{
	return !rpdev->ept && rpdev->dev.driver && cb &&
	       to_rpmsg_driver(rpdev->dev.driver)->callback == cb;
}

static int assign_address(struct virtio_rpmsg *vr, struct virtio_rpmsg_ept *vept, u32 addr)
{
	int ret;

	if (addr == RPMSG_ADDR_ANY)
		return xa_alloc(&vr->endpoints, &vept->ept.addr, vept,
				XA_LIMIT(VIRTIO_RPMSG_FIRST_DYNAMIC, S32_MAX), GFP_KERNEL);

	/* What is still sent to it when it has gone is not for others. */
	if (addr == VIRTIO_RPMSG_FIRST_ELSEWHERE)
		WRITE_ONCE(vr->first_asked, true);
	vept->ept.addr = addr;
	ret = xa_insert(&vr->endpoints, addr, vept, GFP_KERNEL);
	return ret == -EBUSY ? -EADDRINUSE : ret;
}

static struct virtio_rpmsg_ept *new_ept(struct virtio_rpmsg *vr, struct rpmsg_device *rpdev,
					rpmsg_rx_cb_t cb, void *priv, u32 addr)
{
	struct virtio_rpmsg_ept *vept;
	int ret;

	vept = kzalloc(sizeof(*vept), GFP_KERNEL);
	if (!vept)
		return NULL;

	virtio_rpmsg_get(vr);
	vept->vr = vr;
	vept->ready = !belongs_to_probe(rpdev, cb);
	vept->ept.rpdev = rpdev;
	vept->ept.cb = cb;
	vept->ept.priv = priv;
	vept->ept.ops = &ept_ops;
	kref_init(&vept->ept.refcount);
	mutex_init(&vept->ept.cb_lock);

	ret = assign_address(vr, vept, addr);
	if (ret) {
		dev_dbg(&rpdev->dev, "no endpoint with address %#x: %d\n", addr, ret);
		kref_put(&vept->ept.refcount, free_ept);
		return NULL;
	}
	return vept;
}

/**
 * virtio_rpmsg_create_ept() - create an endpoint
 * @rpdev:  channel that it shall belong to
 * @cb:     called for each message to the endpoint's address
 * @priv:   handed to @cb
 * @chinfo: its src is the wanted address, any including 0, or RPMSG_ADDR_ANY
 *
 * While the link is closing there are endpoints still: its channels are about to be
 * removed, and a driver whose probe is under way would only fail with an error that
 * the core then reports.
 *
 * Context: process; may sleep.
 * Return: the endpoint, or NULL if the address is in use, memory is short or the
 * link is gone.
 */
struct rpmsg_endpoint *virtio_rpmsg_create_ept(struct rpmsg_device *rpdev, rpmsg_rx_cb_t cb,
					       void *priv, struct rpmsg_channel_info chinfo)
{
	struct virtio_rpmsg *vr = to_virtio_rpmsg_chan(rpdev)->vr;
	struct virtio_rpmsg_ept *vept = NULL;
	int idx;

	idx = srcu_read_lock(&vr->users);
	if (virtio_rpmsg_state(vr) != VIRTIO_RPMSG_GONE)
		vept = new_ept(vr, rpdev, cb, priv, chinfo.src);
	srcu_read_unlock(&vr->users, idx);
	return vept ? &vept->ept : NULL;
}
