/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Copyright (c) 2026 linux-amp developers
 *
 * What a transport can do beyond the interface of the rpmsg core: take a payload
 * from user pages straight into a message buffer, lend a receive buffer to the
 * reader instead of copying it, and tell how much room there is. A bridge looks
 * it up for each endpoint and does without it on any other transport.
 */

#ifndef LINUX_RPMSG_EXT_H
#define LINUX_RPMSG_EXT_H

#include <linux/bits.h>
#include <linux/list.h>
#include <linux/module.h>
#include <linux/rpmsg.h>
#include <linux/types.h>

struct iov_iter;

/**
 * struct rpmsg_ext_buf - a receive buffer on loan
 * @node: for whoever keeps it
 * @data: payload, in memory that the remote can still write to
 * @len:  its length in bytes, checked against the buffer
 *
 * There is one for each buffer, so that keeping a message needs no memory.
 */
struct rpmsg_ext_buf {
	struct list_head node;
	const void *data;
	size_t len;
};

/**
 * typedef rpmsg_ext_rx_t - a message, where the remote has put it
 * @ept:  endpoint that it was sent to
 * @data: payload in memory that the remote can still write to
 * @len:  its length in bytes, checked against the buffer
 * @src:  who sent it
 * @buf:  the buffer, to be kept; if NULL, whoever needs the message later copies now
 *
 * Whatever @data says may say something else a moment later: copy it, and look at
 * the copy. A lent buffer is given back with rpmsg_ext_ops.give_back(), in any
 * order; rpmsg_destroy_ept() takes back those that are left, so none may be in use or
 * in a list by then.
 *
 * Context: one at a time per link. Process, unless RPMSG_EXT_AT_ONCE was asked for; then
 * any, hard interrupt included, and with a lock of the transport held: nothing of the
 * transport may be called.
 * Return: true to keep @buf.
 */
typedef bool (*rpmsg_ext_rx_t)(struct rpmsg_endpoint *ept, const void *data, size_t len,
			       u32 src, struct rpmsg_ext_buf *buf);

/* Every buffer can be kept, until the remote has none left for anybody; else seven eighths. */
#define RPMSG_EXT_LEND_ALL	BIT(0)

/* Deliver where the doorbell comes, without waking a thread for it. */
#define RPMSG_EXT_AT_ONCE	BIT(1)

/**
 * struct rpmsg_ext_state - how busy the link of an endpoint is
 * @tx_num:  send buffers
 * @tx_free: how many of them can be had at once, without waiting
 * @rx_num:  receive buffers
 * @rx_lent: how many of them bridges keep
 * @send_ms: how long a send that waits for room shall wait
 */
struct rpmsg_ext_state {
	unsigned int tx_num;
	unsigned int tx_free;
	unsigned int rx_num;
	unsigned int rx_lent;
	unsigned int send_ms;
};

/**
 * struct rpmsg_ext_ops - extension of one transport, for its own endpoints only
 * @listen:       deliver to a rpmsg_ext_rx_t from now on, or with NULL to the
 *                endpoint's callback again; with RPMSG_EXT_* as flags. A message under
 *                way when it returns may still be delivered the old way. Any context.
 * @give_back:    return a lent buffer. With more, others are expected soon, and the remote may
 *                see this one together with them, unless it has few. Process context; may
 *                sleep. Also while the link goes down.
 * @trysend_iter: send what is left of an iov_iter from the endpoint to an address,
 *                in one copy. Process context; may sleep for the pages and the
 *                doorbell, not for room. Return: 0, -EMSGSIZE, -EFAULT, -EINVAL for
 *                the wildcard address, -ENOMEM without a free buffer, -EPIPE if the
 *                endpoint or the link is gone. Unless it is 0 the iov_iter is where
 *                it was.
 * @state:        what struct rpmsg_ext_state says; out of date at once. Any context
 *                but hard interrupt.
 */
struct rpmsg_ext_ops {
	void (*listen)(struct rpmsg_endpoint *ept, rpmsg_ext_rx_t rx, unsigned int flags);
	void (*give_back)(struct rpmsg_endpoint *ept, struct rpmsg_ext_buf *buf, bool more);
	int (*trysend_iter)(struct rpmsg_endpoint *ept, struct iov_iter *from, u32 dst);
	void (*state)(struct rpmsg_endpoint *ept, struct rpmsg_ext_state *state);
};

const struct rpmsg_ext_ops *virtio_rpmsg_ext(const struct rpmsg_endpoint *ept);

/**
 * rpmsg_ext_find() - look up the extension for an endpoint
 * @ept: an endpoint that exists
 *
 * No module depends on the transport because of this. It keeps the transport from
 * being removed only while it looks; after that @ept does. A transport whose module is
 * still being initialised is not found: look again later, for channels that come with it.
 *
 * Context: process.
 * Return: the operations, valid as long as @ept exists, or NULL if the transport
 * of @ept offers none.
 */
static inline const struct rpmsg_ext_ops *rpmsg_ext_find(const struct rpmsg_endpoint *ept)
{
	const struct rpmsg_ext_ops *(*find)(const struct rpmsg_endpoint *ept);
	const struct rpmsg_ext_ops *ops;

	find = symbol_get(virtio_rpmsg_ext);
	if (!find)
		return NULL;
	ops = find(ept);
	symbol_put(virtio_rpmsg_ext);
	return ops;
}

#endif /* LINUX_RPMSG_EXT_H */
