// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (c) 2026 linux-amp developers
 *
 * What <linux/rpmsg_ext.h> offers to bridges, for endpoints of this transport.
 */

#include <linux/export.h>
#include <linux/pagemap.h>
#include <linux/rpmsg_ext.h>
#include <linux/sched/signal.h>
#include <linux/uio.h>

#include "virtio_rpmsg.h"

/* Pages may be taken away again before they are used, but not for ever. */
#define FAULT_ATTEMPTS	16

static void listen(struct rpmsg_endpoint *ept, rpmsg_ext_rx_t rx, unsigned int flags)
{
	struct virtio_rpmsg_ept *vept = to_virtio_rpmsg_ept(ept);
	unsigned long irqflags;

	/* An interrupt that delivers with the old ones is waited for. */
	spin_lock_irqsave(&vept->vr->rx.ring_lock, irqflags);
	WRITE_ONCE(vept->rx_flags, flags);
	/* Pairs with acquiring it to deliver: what the bridge did before is seen there. */
	smp_store_release(&vept->rx, rx);
	spin_unlock_irqrestore(&vept->vr->rx.ring_lock, irqflags);
}

static void give_back(struct rpmsg_endpoint *ept, struct rpmsg_ext_buf *buf, bool more)
{
	struct virtio_rpmsg_ept *vept = to_virtio_rpmsg_ept(ept);
	struct virtio_rpmsg *vr = vept->vr;
	bool had;
	int idx;

	had = virtio_rpmsg_rx_return(vept, buf, more);
	WARN_ON_ONCE(!had);
	if (!READ_ONCE(vr->rx.ring))
		return;
	idx = srcu_read_lock(&vr->users);
	if (virtio_rpmsg_state(vr) == VIRTIO_RPMSG_LIVE)
		virtio_rpmsg_rx_flush(vr);
	srcu_read_unlock(&vr->users, idx);
}

/*
 * The transport takes only what is there. What is missing is brought in here, with
 * nothing held: user space can make that take for ever.
 */
static int trysend_iter(struct rpmsg_endpoint *ept, struct iov_iter *from, u32 dst)
{
	struct virtio_rpmsg_ept *vept = to_virtio_rpmsg_ept(ept);
	size_t bytes = iov_iter_count(from);
	struct virtio_rpmsg_send send = {
		.from = vept,
		.hdr = { .src = ept->addr, .dst = dst, .len = bytes },
		.iter = from,
	};
	unsigned int attempt;
	int ret;

	if (bytes > virtio_rpmsg_tx_mtu(vept->vr))
		return -EMSGSIZE;
	if (!READ_ONCE(vept->ready))
		virtio_rpmsg_ept_set_ready(ept);
	/* Nothing waits, so it is the caller who keeps the endpoint. */
	for (attempt = 0; attempt < FAULT_ATTEMPTS; attempt++) {
		ret = virtio_rpmsg_tx(vept->vr, &send);
		if (ret != -EFAULT || fatal_signal_pending(current) ||
		    fault_in_iov_iter_readable(from, bytes))
			return ret;
	}
	return -EFAULT;
}

static void state(struct rpmsg_endpoint *ept, struct rpmsg_ext_state *state)
{
	struct virtio_rpmsg *vr = to_virtio_rpmsg_ept(ept)->vr;
	int idx;

	*state = (struct rpmsg_ext_state){
		.tx_num = vr->tx.num,
		.rx_num = vr->rx.num,
		.rx_lent = READ_ONCE(vr->rx.num_lent),
		.send_ms = READ_ONCE(vr->send_ms),
	};
	idx = srcu_read_lock(&vr->users);
	if (virtio_rpmsg_state(vr) == VIRTIO_RPMSG_LIVE && !virtio_rpmsg_is_broken(vr))
		state->tx_free = virtio_rpmsg_tx_free(vr);
	srcu_read_unlock(&vr->users, idx);
}

static const struct rpmsg_ext_ops ext_ops = {
	.listen = listen,
	.give_back = give_back,
	.trysend_iter = trysend_iter,
	.state = state,
};

/**
 * virtio_rpmsg_ext() - what this transport offers beyond the rpmsg core
 * @ept: any endpoint
 *
 * For rpmsg_ext_find(), which does not make its caller depend on this module.
 *
 * Context: any.
 * Return: the operations, or NULL if @ept belongs to another transport.
 */
const struct rpmsg_ext_ops *virtio_rpmsg_ext(const struct rpmsg_endpoint *ept)
{
	return virtio_rpmsg_ept_is_ours(ept) ? &ext_ops : NULL;
}
EXPORT_SYMBOL_GPL(virtio_rpmsg_ext);
