// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (c) 2026 linux-amp developers
 *
 * The bounded receive queue of an endpoint device. When it is full, the newest
 * message is dropped and counted: what a reader gets is then an unbroken
 * beginning, and it can tell that the rest is missing.
 */

#include <linux/atomic.h>
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

static unsigned int rx_total_bytes = 16 * 1024 * 1024;
module_param(rx_total_bytes, uint, 0644);
MODULE_PARM_DESC(rx_total_bytes,
		 "memory for unread messages of all endpoint devices, in bytes (default 16777216)");

/* So many each device keeps in any case: a flood for others is no reason to hear nothing. */
#define KEPT_ALWAYS		4

/* What all copies have, with what the allocator rounds up to: payload alone can be a small part. */
static atomic_long_t copied_bytes = ATOMIC_LONG_INIT(0);

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
	INIT_LIST_HEAD(&queue->taken);
}

static bool has_room(const struct rpmsg_char_queue *queue, size_t bytes)
{
	unsigned int got_num = READ_ONCE(queue->got_num);
	size_t got_bytes = READ_ONCE(queue->got_bytes);
	size_t max_bytes = READ_ONCE(rx_queue_bytes);
	size_t used_bytes;

	/* What was taken was put before: in this order the difference is never too small. */
	smp_rmb();
	used_bytes = READ_ONCE(queue->put_bytes) - got_bytes;
	return READ_ONCE(queue->put_num) - got_num < READ_ONCE(rx_queue_messages) &&
	       used_bytes <= max_bytes && bytes <= max_bytes - used_bytes;
}

static void append(struct rpmsg_char_queue *queue, struct rpmsg_ext_buf *msg)
{
	lockdep_assert_held(&queue->lock);

	list_add_tail(&msg->node, &queue->msgs);
	WRITE_ONCE(queue->put_num, queue->put_num + 1);
	WRITE_ONCE(queue->put_bytes, queue->put_bytes + msg->len);
}

/**
 * rpmsg_char_copy() - make a message that has its payload itself
 * @data:  payload
 * @bytes: its length
 * @gfp:   how to allocate
 *
 * Context: as @gfp says.
 * Return: the message, to be freed with rpmsg_char_free_copy(), or NULL.
 */
struct rpmsg_ext_buf *rpmsg_char_copy(const void *data, size_t bytes, gfp_t gfp)
{
	struct rpmsg_char_copy *copy;

	copy = kmalloc(struct_size(copy, data, bytes), gfp);
	if (!copy)
		return NULL;
	atomic_long_add(ksize(copy), &copied_bytes);
	copy->msg.data = copy->data;
	copy->msg.len = bytes;
	memcpy(copy->data, data, bytes);
	return &copy->msg;
}

/**
 * rpmsg_char_free_copy() - be done with a copy
 * @msg: what rpmsg_char_copy() returned
 *
 * Context: any.
 */
void rpmsg_char_free_copy(struct rpmsg_ext_buf *msg)
{
	struct rpmsg_char_copy *copy = container_of(msg, struct rpmsg_char_copy, msg);

	atomic_long_sub(ksize(copy), &copied_bytes);
	kfree(copy);
}

/* There can be many queues, each within its own bounds, and the memory is charged to nobody. */
static bool is_too_much(const struct rpmsg_char_queue *queue)
{
	return READ_ONCE(queue->put_num) - READ_ONCE(queue->got_num) >= KEPT_ALWAYS &&
	       atomic_long_read(&copied_bytes) > READ_ONCE(rx_total_bytes);
}

static void count_dropped(struct rpmsg_char_queue *queue)
{
	lockdep_assert_held(&queue->lock);

	WRITE_ONCE(queue->dropped, queue->dropped + 1);
}

/**
 * rpmsg_char_queue_drop() - count a message that was taken, but could not be kept
 * @queue: the queue
 *
 * Context: any.
 */
void rpmsg_char_queue_drop(struct rpmsg_char_queue *queue)
{
	unsigned long flags;

	spin_lock_irqsave(&queue->lock, flags);
	count_dropped(queue);
	spin_unlock_irqrestore(&queue->lock, flags);
}

/**
 * rpmsg_char_queue_put() - append a copy of a message
 * @queue: the queue
 * @data:  payload
 * @bytes: its length
 *
 * Context: any; not all transports deliver messages in process context.
 * Return: 0, -ENOBUFS if the queue is full or all together are, -ENOMEM. Either counts as dropped.
 */
int rpmsg_char_queue_put(struct rpmsg_char_queue *queue, const void *data, size_t bytes)
{
	struct rpmsg_ext_buf *msg = NULL;
	unsigned long flags;
	int ret = -ENOBUFS;

	/* Worth an unlocked look: under a flood most messages end here. */
	if (has_room(queue, bytes) && !is_too_much(queue)) {
		msg = rpmsg_char_copy(data, bytes, GFP_ATOMIC | __GFP_NOWARN);
		if (!msg)
			ret = -ENOMEM;
	}

	spin_lock_irqsave(&queue->lock, flags);
	/* This message is among what there is now. */
	if (msg && has_room(queue, bytes) && !is_too_much(queue)) {
		append(queue, msg);
		ret = 0;
	} else {
		count_dropped(queue);
	}
	spin_unlock_irqrestore(&queue->lock, flags);

	if (ret && msg)
		rpmsg_char_free_copy(msg);
	return ret;
}

/**
 * rpmsg_char_queue_borrow() - append a message and leave its payload where it is
 * @queue:  the queue
 * @buf:    buffer of the transport
 * @always: even if the queue is full
 *
 * Context: any.
 * Return: true if the buffer is to be given back later; false if it was not
 * possible, and nothing has happened.
 */
bool rpmsg_char_queue_borrow(struct rpmsg_char_queue *queue, struct rpmsg_ext_buf *buf,
			     bool always)
{
	unsigned long flags;
	bool done;

	spin_lock_irqsave(&queue->lock, flags);
	done = queue->borrows && (always || has_room(queue, buf->len));
	if (done)
		append(queue, buf);
	spin_unlock_irqrestore(&queue->lock, flags);
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

static void count_got(struct rpmsg_char_queue *queue, int num, ssize_t bytes)
{
	WRITE_ONCE(queue->got_num, queue->got_num + num);
	WRITE_ONCE(queue->got_bytes, queue->got_bytes + bytes);
}

static struct rpmsg_ext_buf *oldest(struct rpmsg_char_queue *queue)
{
	unsigned long flags;

	if (list_empty(&queue->taken) && !rpmsg_char_queue_is_empty(queue)) {
		spin_lock_irqsave(&queue->lock, flags);
		list_splice_init(&queue->msgs, &queue->taken);
		spin_unlock_irqrestore(&queue->lock, flags);
	}
	return list_first_entry_or_null(&queue->taken, struct rpmsg_ext_buf, node);
}

/**
 * rpmsg_char_queue_get() - take the oldest message
 * @queue: the queue
 *
 * Context: any, with the taker's lock held.
 * Return: the message, to be freed with rpmsg_eptdev_free_msg() or handed back with
 * rpmsg_char_queue_unget(); NULL if there is none.
 */
struct rpmsg_ext_buf *rpmsg_char_queue_get(struct rpmsg_char_queue *queue)
{
	struct rpmsg_ext_buf *msg = oldest(queue);

	if (msg) {
		list_del(&msg->node);
		count_got(queue, 1, msg->len);
	}
	return msg;
}

/**
 * rpmsg_char_queue_unget() - put back a message that could not be handed over
 * @queue: the queue
 * @msg:   what rpmsg_char_queue_get() returned
 *
 * Context: any, with the taker's lock held.
 */
void rpmsg_char_queue_unget(struct rpmsg_char_queue *queue, struct rpmsg_ext_buf *msg)
{
	list_add(&msg->node, &queue->taken);
	count_got(queue, -1, -(ssize_t)msg->len);
}

/**
 * rpmsg_char_queue_next_bytes() - length of the oldest message
 * @queue: the queue
 *
 * Context: any, with the taker's lock held.
 * Return: its length in bytes; 0 if there is none, too.
 */
size_t rpmsg_char_queue_next_bytes(struct rpmsg_char_queue *queue)
{
	struct rpmsg_ext_buf *msg = oldest(queue);

	return msg ? msg->len : 0;
}

/**
 * rpmsg_char_queue_take_all() - take all messages
 * @queue: the queue
 * @msgs:  empty list that receives them, oldest first
 *
 * Context: any, with the taker's lock held.
 */
void rpmsg_char_queue_take_all(struct rpmsg_char_queue *queue, struct list_head *msgs)
{
	unsigned long flags;

	list_splice_init(&queue->taken, msgs);
	spin_lock_irqsave(&queue->lock, flags);
	list_splice_tail_init(&queue->msgs, msgs);
	WRITE_ONCE(queue->got_num, queue->put_num);
	WRITE_ONCE(queue->got_bytes, queue->put_bytes);
	spin_unlock_irqrestore(&queue->lock, flags);
}

/**
 * rpmsg_char_queue_put_back() - put messages before those that came meanwhile
 * @queue: the queue
 * @msgs:  list of them, oldest first; empty afterwards
 *
 * Context: any, with the taker's lock held.
 */
void rpmsg_char_queue_put_back(struct rpmsg_char_queue *queue, struct list_head *msgs)
{
	struct rpmsg_ext_buf *msg;

	list_for_each_entry(msg, msgs, node)
		count_got(queue, -1, -(ssize_t)msg->len);
	list_splice_init(msgs, &queue->taken);
}
