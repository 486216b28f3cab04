// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (c) 2026 linux-amp developers
 *
 * What the remote sends, on its way to the terminal. While the line discipline
 * wants nothing, or the tty core has no room, messages wait here in their order,
 * up to a limit. Without anybody who has the terminal open they are thrown away,
 * as on any other terminal.
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
		 "received bytes kept per terminal while its reader is slow (default 1048576)");

/* The tty core does not say when it has room again; the line discipline does. */
#define LOOK_MS		10

/**
 * struct rpmsg_tty_message - a message for which there was no room
 * @node:  in rpmsg_tty_rx.waiting
 * @bytes: its length
 * @data:  payload
 */
struct rpmsg_tty_message {
	struct list_head node;
	size_t bytes;
	u8 data[];
};

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

static void keep(struct rpmsg_tty_port *port, const u8 *data, size_t bytes)
{
	struct rpmsg_tty_message *message = NULL;
	struct rpmsg_tty_rx *rx = &port->rx;

	lockdep_assert_held(&rx->lock);

	if (rx->kept_bytes + bytes <= READ_ONCE(rx_kept_bytes))
		message = kmalloc(struct_size(message, data, bytes), GFP_ATOMIC | __GFP_NOWARN);
	if (!message) {
		rx->lost_bytes += bytes;
		return;
	}
	message->bytes = bytes;
	memcpy(message->data, data, bytes);
	list_add_tail(&message->node, &rx->waiting);
	rx->kept_bytes += bytes;
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
	struct rpmsg_tty_port *port = priv;
	struct rpmsg_tty_rx *rx;
	unsigned long flags;

	/* A transport that delivers before a channel's driver is probed. */
	if (!port)
		return -ENXIO;
	if (len <= 0)
		return 0;

	rx = &port->rx;
	spin_lock_irqsave(&rx->lock, flags);
	if (!rx->open) {
		rx->lost_bytes += len;
	} else if (list_empty(&rx->waiting) && hand_over(port, data, len)) {
		tty_flip_buffer_push(&port->port);
	} else {
		keep(port, data, len);
		if (!rx->throttled)
			schedule_delayed_work(&rx->work, msecs_to_jiffies(LOOK_MS));
	}
	spin_unlock_irqrestore(&rx->lock, flags);
	return 0;
}

static void hand_over_waiting(struct work_struct *work)
{
	struct rpmsg_tty_port *port = container_of(to_delayed_work(work), struct rpmsg_tty_port,
						   rx.work);
	struct rpmsg_tty_rx *rx = &port->rx;
	struct rpmsg_tty_message *message, *next;
	bool any = false;

	spin_lock_irq(&rx->lock);
	list_for_each_entry_safe(message, next, &rx->waiting, node) {
		if (!hand_over(port, message->data, message->bytes))
			break;
		list_del(&message->node);
		rx->kept_bytes -= message->bytes;
		kfree(message);
		any = true;
	}
	if (any)
		tty_flip_buffer_push(&port->port);
	if (!list_empty(&rx->waiting) && !rx->throttled)
		schedule_delayed_work(&rx->work, msecs_to_jiffies(LOOK_MS));
	spin_unlock_irq(&rx->lock);
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
	if (!throttle && !list_empty(&rx->waiting))
		mod_delayed_work(system_wq, &rx->work, 0);
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
 * rpmsg_tty_rx_close() - nobody is there to read any more
 * @port: the port
 *
 * Context: process; waits for what is just being handed over.
 */
void rpmsg_tty_rx_close(struct rpmsg_tty_port *port)
{
	struct rpmsg_tty_rx *rx = &port->rx;
	struct rpmsg_tty_message *message, *next;
	LIST_HEAD(lost);

	spin_lock_irq(&rx->lock);
	rx->open = false;
	list_splice_init(&rx->waiting, &lost);
	rx->lost_bytes += rx->kept_bytes;
	rx->kept_bytes = 0;
	spin_unlock_irq(&rx->lock);

	cancel_delayed_work_sync(&rx->work);
	list_for_each_entry_safe(message, next, &lost, node)
		kfree(message);
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
