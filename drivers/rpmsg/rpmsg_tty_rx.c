// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (c) 2026 linux-amp developers
 *
 * What the remote sends, on its way to the terminal. While the line discipline
 * wants nothing, or the tty core has no room, messages wait here in their order.
 *
 * On a transport that lends its buffers they wait in those, all of them if need
 * be: the remote finds none and waits as well, so nothing is lost however slow the
 * reader is. Elsewhere they are copied, up to a limit. Without anybody who has the
 * terminal open they are thrown away, as on any other terminal.
 */

#include <linux/minmax.h>
#include <linux/moduleparam.h>
#include <linux/overflow.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/tty_flip.h>

#include "rpmsg_tty.h"

static unsigned int rx_kept_bytes = 1024 * 1024;
module_param(rx_kept_bytes, uint, 0644);
MODULE_PARM_DESC(rx_kept_bytes,
		 "memory for what is kept per terminal while its reader is slow, in bytes (default 1048576)");

/* The tty core does not say when it has room again; the line discipline does. */
#define LOOK_MS		10

/* Room for several short messages: one a character would cost thirty times what is in it. */
#define COPY_MIN_BYTES	448

/**
 * struct rpmsg_tty_copy - messages that are not in a buffer of the transport
 * @msg:  in rpmsg_tty_rx.waiting; its data is @data
 * @room: size of @data
 * @data: payload of one message, or of several short ones
 */
struct rpmsg_tty_copy {
	struct rpmsg_ext_buf msg;
	size_t room;
	u8 data[];
};

static struct rpmsg_tty_copy *to_copy(struct rpmsg_ext_buf *msg)
{
	return container_of(msg, struct rpmsg_tty_copy, msg);
}

static bool is_copy(struct rpmsg_ext_buf *msg)
{
	return msg->data == to_copy(msg)->data;
}

static bool hand_over(struct rpmsg_tty_port *port, const u8 *data, size_t bytes)
{
	struct rpmsg_tty_rx *rx = &port->rx;

	lockdep_assert_held(&rx->lock);

	if (rx->throttled || tty_buffer_request_room(&port->port, bytes) < bytes)
		return false;
	tty_insert_flip_string(&port->port, data, bytes);
	rx->rx_bytes += bytes;
	return true;
}

/* To the last copy. A terminal has no messages, only their order counts. */
static bool append(struct rpmsg_tty_rx *rx, const u8 *data, size_t bytes)
{
	struct rpmsg_ext_buf *last;

	lockdep_assert_held(&rx->lock);

	if (list_empty(&rx->waiting))
		return false;
	last = list_last_entry(&rx->waiting, struct rpmsg_ext_buf, node);
	if (!is_copy(last) || bytes > to_copy(last)->room - last->len)
		return false;
	memcpy(to_copy(last)->data + last->len, data, bytes);
	last->len += bytes;
	return true;
}

/* The limit is one of memory. Return: 0, or how many bytes are lost. */
static size_t keep_copy(struct rpmsg_tty_rx *rx, const u8 *data, size_t bytes)
{
	size_t room = max_t(size_t, bytes, COPY_MIN_BYTES);
	struct rpmsg_tty_copy *copy = NULL;
	size_t size = struct_size(copy, data, room);

	lockdep_assert_held(&rx->lock);

	if (append(rx, data, bytes))
		return 0;
	if (rx->kept_bytes + size <= READ_ONCE(rx_kept_bytes))
		copy = kmalloc(size, GFP_ATOMIC | __GFP_NOWARN);
	if (!copy)
		return bytes;
	copy->room = room;
	copy->msg.data = copy->data;
	copy->msg.len = bytes;
	memcpy(copy->data, data, bytes);
	list_add_tail(&copy->msg.node, &rx->waiting);
	rx->kept_bytes += ksize(copy);
	return 0;
}

/* Return: @buf is kept. */
static bool take(struct rpmsg_tty_port *port, const u8 *data, size_t bytes,
		 struct rpmsg_ext_buf *buf)
{
	struct rpmsg_tty_rx *rx = &port->rx;
	unsigned long flags;
	bool kept = false;

	spin_lock_irqsave(&rx->lock, flags);
	if (!rx->open) {
		rx->lost_bytes += bytes;
	} else if (list_empty(&rx->waiting) && hand_over(port, data, bytes)) {
		tty_flip_buffer_push(&port->port);
	} else {
		kept = buf;
		if (kept)
			list_add_tail(&buf->node, &rx->waiting);
		else
			rx->lost_bytes += keep_copy(rx, data, bytes);
		if (!rx->throttled)
			schedule_delayed_work(&rx->work, msecs_to_jiffies(LOOK_MS));
	}
	spin_unlock_irqrestore(&rx->lock, flags);
	return kept;
}

/**
 * rpmsg_tty_rx_cb() - a message has arrived for a terminal
 * @rpdev: the channel
 * @data:  payload
 * @len:   its length in bytes
 * @priv:  the port
 * @src:   who sent it
 *
 * Context: that of the transport; any.
 * Return: 0, or -ENXIO if there is no port yet.
 */
int rpmsg_tty_rx_cb(struct rpmsg_device *rpdev, void *data, int len, void *priv, u32 src)
{
	/* A transport that delivers before a channel's driver is probed. */
	if (!priv)
		return -ENXIO;
	if (len > 0)
		take(priv, data, len, NULL);
	return 0;
}

static bool take_in_place(struct rpmsg_endpoint *ept, const void *data, size_t len, u32 src,
			  struct rpmsg_ext_buf *buf)
{
	return len && take(ept->priv, data, len, buf);
}

static void free_message(struct rpmsg_tty_port *port, struct rpmsg_ext_buf *msg)
{
	if (is_copy(msg))
		kfree(to_copy(msg));
	else
		port->ext->give_back(port->rpdev->ept, msg, false);
}

static void free_messages(struct rpmsg_tty_port *port, struct list_head *messages)
{
	struct rpmsg_ext_buf *msg, *next;

	list_for_each_entry_safe(msg, next, messages, node)
		free_message(port, msg);
}

static void hand_over_waiting(struct work_struct *work)
{
	struct rpmsg_tty_port *port = container_of(to_delayed_work(work), struct rpmsg_tty_port,
						   rx.work);
	struct rpmsg_tty_rx *rx = &port->rx;
	struct rpmsg_ext_buf *msg, *next;
	LIST_HEAD(done);

	spin_lock_irq(&rx->lock);
	list_for_each_entry_safe(msg, next, &rx->waiting, node) {
		if (!hand_over(port, msg->data, msg->len))
			break;
		list_move_tail(&msg->node, &done);
		if (is_copy(msg))
			rx->kept_bytes -= ksize(to_copy(msg));
	}
	if (!list_empty(&done))
		tty_flip_buffer_push(&port->port);
	if (!list_empty(&rx->waiting) && !rx->throttled)
		schedule_delayed_work(&rx->work, msecs_to_jiffies(LOOK_MS));
	spin_unlock_irq(&rx->lock);

	free_messages(port, &done);
}

/**
 * rpmsg_tty_rx_throttle() - the line discipline wants nothing for now, or wants more
 * @port:     the port
 * @throttle: which of the two
 *
 * Context: any.
 */
void rpmsg_tty_rx_throttle(struct rpmsg_tty_port *port, bool throttle)
{
	struct rpmsg_tty_rx *rx = &port->rx;
	unsigned long flags;

	spin_lock_irqsave(&rx->lock, flags);
	rx->throttled = throttle;
	if (!throttle && !list_empty(&rx->waiting)) {
		cancel_delayed_work(&rx->work);
		schedule_delayed_work(&rx->work, 0);
	}
	spin_unlock_irqrestore(&rx->lock, flags);
}

/**
 * rpmsg_tty_rx_open() - somebody is there to read
 * @port: the port
 *
 * Context: process.
 */
void rpmsg_tty_rx_open(struct rpmsg_tty_port *port)
{
	struct rpmsg_tty_rx *rx = &port->rx;

	spin_lock_irq(&rx->lock);
	rx->open = true;
	rx->throttled = false;
	spin_unlock_irq(&rx->lock);
}

/**
 * rpmsg_tty_rx_start() - let the transport lend its buffers, if it can
 * @port: the port, with its channel
 *
 * Context: process.
 */
void rpmsg_tty_rx_start(struct rpmsg_tty_port *port)
{
	port->ext = rpmsg_ext_find(port->rpdev->ept);
	if (port->ext)
		port->ext->listen(port->rpdev->ept, take_in_place, RPMSG_EXT_LEND_ALL);
}

/**
 * rpmsg_tty_rx_close() - nobody is there to read any more
 * @port: the port; as long as somebody is there to read, it has its channel
 *
 * Context: process; waits for what is just being handed over.
 */
void rpmsg_tty_rx_close(struct rpmsg_tty_port *port)
{
	struct rpmsg_tty_rx *rx = &port->rx;
	struct rpmsg_ext_buf *msg;
	LIST_HEAD(lost);

	spin_lock_irq(&rx->lock);
	rx->open = false;
	list_splice_init(&rx->waiting, &lost);
	list_for_each_entry(msg, &lost, node)
		rx->lost_bytes += msg->len;
	rx->kept_bytes = 0;
	spin_unlock_irq(&rx->lock);

	cancel_delayed_work_sync(&rx->work);
	free_messages(port, &lost);
}

/**
 * rpmsg_tty_rx_init() - prepare to receive
 * @port: the port
 *
 * Context: any.
 */
void rpmsg_tty_rx_init(struct rpmsg_tty_port *port)
{
	struct rpmsg_tty_rx *rx = &port->rx;

	spin_lock_init(&rx->lock);
	INIT_LIST_HEAD(&rx->waiting);
	INIT_DELAYED_WORK(&rx->work, hand_over_waiting);
}
