// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (c) 2026 linux-amp developers
 *
 * The bounded receive queue of an endpoint device. When it is full, the newest
 * message is dropped and counted: what a reader gets is then an unbroken
 * beginning, and it can tell that the rest is missing.
 */

#include <linux/errno.h>
#include <linux/moduleparam.h>
#include <linux/overflow.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "rpmsg_char_queue.h"

/* Twice what the largest ring can hold. */
static unsigned int rx_queue_messages = 512;
module_param(rx_queue_messages, uint, 0644);
MODULE_PARM_DESC(rx_queue_messages, "unread messages kept per endpoint device (default 512)");

static unsigned int rx_queue_bytes = 512 * 512;
module_param(rx_queue_bytes, uint, 0644);
MODULE_PARM_DESC(rx_queue_bytes, "unread payload kept per endpoint device, in bytes (default 262144)");

/**
 * rpmsg_char_queue_init() - make an empty queue
 * @queue: the queue
 *
 * Context: any.
 */
void rpmsg_char_queue_init(struct rpmsg_char_queue *queue)
{
	spin_lock_init(&queue->lock);
	INIT_LIST_HEAD(&queue->msgs);
}

static bool has_room(const struct rpmsg_char_queue *queue, size_t bytes)
{
	size_t max_bytes = READ_ONCE(rx_queue_bytes);
	size_t used_bytes = READ_ONCE(queue->bytes);

	return READ_ONCE(queue->num) < READ_ONCE(rx_queue_messages) &&
	       used_bytes <= max_bytes && bytes <= max_bytes - used_bytes;
}

static void insert(struct rpmsg_char_queue *queue, struct rpmsg_char_msg *msg,
		   struct list_head *after)
{
	list_add(&msg->node, after);
	WRITE_ONCE(queue->num, queue->num + 1);
	WRITE_ONCE(queue->bytes, queue->bytes + msg->bytes);
}

/**
 * rpmsg_char_msg_copy() - make a message that has its payload itself
 * @data:  payload
 * @bytes: its length
 * @gfp:   how to allocate
 *
 * Context: as @gfp says.
 * Return: the message, to be freed with kfree(), or NULL.
 */
struct rpmsg_char_msg *rpmsg_char_msg_copy(const void *data, size_t bytes, gfp_t gfp)
{
	struct rpmsg_char_msg *msg;

	msg = kmalloc(struct_size(msg, data, bytes), gfp);
	if (!msg)
		return NULL;
	msg->bytes = bytes;
	msg->lent = NULL;
	memcpy(msg->data, data, bytes);
	return msg;
}

/**
 * rpmsg_char_queue_put() - append a copy of a message
 * @queue: the queue
 * @data:  payload
 * @bytes: its length
 *
 * Context: any; not all transports deliver messages in process context.
 * Return: 0, -ENOBUFS if the queue is full, -ENOMEM. Either counts as dropped.
 */
int rpmsg_char_queue_put(struct rpmsg_char_queue *queue, const void *data, size_t bytes)
{
	struct rpmsg_char_msg *msg = NULL;
	unsigned long flags;
	int ret = -ENOBUFS;

	/* Worth an unlocked look: under a flood most messages end here. */
	if (has_room(queue, bytes)) {
		ret = -ENOMEM;
		msg = rpmsg_char_msg_copy(data, bytes, GFP_ATOMIC | __GFP_NOWARN);
	}

	spin_lock_irqsave(&queue->lock, flags);
	if (msg && has_room(queue, bytes)) {
		insert(queue, msg, queue->msgs.prev);
		msg = NULL;
		ret = 0;
	} else {
		WRITE_ONCE(queue->dropped, queue->dropped + 1);
	}
	spin_unlock_irqrestore(&queue->lock, flags);

	kfree(msg);
	return ret;
}

/**
 * rpmsg_char_queue_borrow() - append a message and leave its payload where it is
 * @queue:  the queue
 * @data:   payload, in a buffer of the transport
 * @bytes:  its length
 * @always: even if the queue is full
 *
 * Context: process.
 * Return: true if the buffer is to be given back later; false if it was not
 * possible, and nothing has happened.
 */
bool rpmsg_char_queue_borrow(struct rpmsg_char_queue *queue, const void *data, size_t bytes,
			     bool always)
{
	struct rpmsg_char_msg *msg;
	unsigned long flags;
	bool done = false;

	msg = kmalloc(sizeof(*msg), GFP_KERNEL | __GFP_NOWARN);
	if (!msg)
		return false;
	msg->bytes = bytes;
	msg->lent = data;

	spin_lock_irqsave(&queue->lock, flags);
	if (queue->borrows && (always || has_room(queue, bytes))) {
		insert(queue, msg, queue->msgs.prev);
		done = true;
	}
	spin_unlock_irqrestore(&queue->lock, flags);

	if (!done)
		kfree(msg);
	return done;
}

/**
 * rpmsg_char_queue_set_borrows() - may payload stay in the transport's buffers?
 * @queue:   the queue
 * @borrows: if so
 *
 * Context: any. No message that comes later is borrowed, if not.
 */
void rpmsg_char_queue_set_borrows(struct rpmsg_char_queue *queue, bool borrows)
{
	unsigned long flags;

	spin_lock_irqsave(&queue->lock, flags);
	queue->borrows = borrows;
	spin_unlock_irqrestore(&queue->lock, flags);
}

/**
 * rpmsg_char_queue_get() - take the oldest message
 * @queue: the queue
 *
 * Context: any.
 * Return: the message, to be freed with kfree() or handed back with
 * rpmsg_char_queue_unget(); NULL if there is none.
 */
struct rpmsg_char_msg *rpmsg_char_queue_get(struct rpmsg_char_queue *queue)
{
	struct rpmsg_char_msg *msg;
	unsigned long flags;

	spin_lock_irqsave(&queue->lock, flags);
	msg = list_first_entry_or_null(&queue->msgs, struct rpmsg_char_msg, node);
	if (msg) {
		list_del(&msg->node);
		WRITE_ONCE(queue->num, queue->num - 1);
		WRITE_ONCE(queue->bytes, queue->bytes - msg->bytes);
	}
	spin_unlock_irqrestore(&queue->lock, flags);
	return msg;
}

/**
 * rpmsg_char_queue_unget() - put back a message that could not be handed over
 * @queue: the queue
 * @msg:   what rpmsg_char_queue_get() returned
 *
 * Context: any.
 */
void rpmsg_char_queue_unget(struct rpmsg_char_queue *queue, struct rpmsg_char_msg *msg)
{
	unsigned long flags;

	spin_lock_irqsave(&queue->lock, flags);
	insert(queue, msg, &queue->msgs);
	spin_unlock_irqrestore(&queue->lock, flags);
}

/**
 * rpmsg_char_queue_next_bytes() - length of the oldest message
 * @queue: the queue
 *
 * Context: any.
 * Return: its length in bytes; 0 if there is none, too.
 */
size_t rpmsg_char_queue_next_bytes(struct rpmsg_char_queue *queue)
{
	struct rpmsg_char_msg *msg;
	unsigned long flags;
	size_t bytes;

	spin_lock_irqsave(&queue->lock, flags);
	msg = list_first_entry_or_null(&queue->msgs, struct rpmsg_char_msg, node);
	bytes = msg ? msg->bytes : 0;
	spin_unlock_irqrestore(&queue->lock, flags);
	return bytes;
}

/**
 * rpmsg_char_queue_take_all() - take all messages
 * @queue: the queue
 * @msgs:  empty list that receives them, oldest first
 *
 * Context: any.
 */
void rpmsg_char_queue_take_all(struct rpmsg_char_queue *queue, struct list_head *msgs)
{
	unsigned long flags;

	spin_lock_irqsave(&queue->lock, flags);
	list_splice_init(&queue->msgs, msgs);
	WRITE_ONCE(queue->num, 0);
	WRITE_ONCE(queue->bytes, 0);
	spin_unlock_irqrestore(&queue->lock, flags);
}

/**
 * rpmsg_char_queue_put_back() - put messages before those that came meanwhile
 * @queue: the queue
 * @msgs:  list of them, oldest first; empty afterwards
 *
 * Context: any.
 */
void rpmsg_char_queue_put_back(struct rpmsg_char_queue *queue, struct list_head *msgs)
{
	struct rpmsg_char_msg *msg;
	unsigned int num = 0;
	unsigned long flags;
	size_t bytes = 0;

	list_for_each_entry(msg, msgs, node) {
		num++;
		bytes += msg->bytes;
	}

	spin_lock_irqsave(&queue->lock, flags);
	list_splice_init(msgs, &queue->msgs);
	WRITE_ONCE(queue->num, queue->num + num);
	WRITE_ONCE(queue->bytes, queue->bytes + bytes);
	spin_unlock_irqrestore(&queue->lock, flags);
}
