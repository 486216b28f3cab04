/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Copyright (c) 2026 linux-amp developers
 *
 * Received messages on their way to a reader: a queue that the remote can fill
 * but not grow without bound.
 */

#ifndef RPMSG_CHAR_QUEUE_H
#define RPMSG_CHAR_QUEUE_H

#include <linux/gfp_types.h>
#include <linux/list.h>
#include <linux/rpmsg_ext.h>
#include <linux/spinlock.h>
#include <linux/types.h>

/**
 * struct rpmsg_char_copy - a received message that is not in a buffer of the transport
 * @msg:  in rpmsg_char_queue.msgs; its data is @data
 * @data: payload
 */
struct rpmsg_char_copy {
	struct rpmsg_ext_buf msg;
	u8 data[];
};

/**
 * struct rpmsg_char_queue - bounded queue of received messages
 * @lock:      protects @msgs, @put_num, @put_bytes, @borrows and @dropped
 * @msgs:      struct rpmsg_ext_buf, oldest first; buffers of the transport and copies
 * @put_num:   messages ever appended
 * @put_bytes: sum of their lengths
 * @borrows:   payload may stay in the transport's buffers
 * @dropped:   messages that found no room
 * @taken:     those older than @msgs; this and the rest is the taker's
 * @got_num:   messages ever taken
 * @got_bytes: sum of their lengths
 *
 * Whoever takes messages holds a lock of his own against others that do. So he needs
 * @lock, which keeps interrupts off, once for many messages.
 */
struct rpmsg_char_queue {
	spinlock_t lock;	/* see above */
	struct list_head msgs;
	unsigned int put_num;
	size_t put_bytes;
	bool borrows;
	unsigned long dropped;
	struct list_head taken;
	unsigned int got_num;
	size_t got_bytes;
};

void rpmsg_char_queue_init(struct rpmsg_char_queue *queue);
int rpmsg_char_queue_put(struct rpmsg_char_queue *queue, const void *data, size_t bytes);
bool rpmsg_char_queue_borrow(struct rpmsg_char_queue *queue, struct rpmsg_ext_buf *buf,
			     bool always);
struct rpmsg_ext_buf *rpmsg_char_queue_get(struct rpmsg_char_queue *queue);
void rpmsg_char_queue_unget(struct rpmsg_char_queue *queue, struct rpmsg_ext_buf *msg);
size_t rpmsg_char_queue_next_bytes(struct rpmsg_char_queue *queue);
void rpmsg_char_queue_drop(struct rpmsg_char_queue *queue);
void rpmsg_char_queue_set_borrows(struct rpmsg_char_queue *queue, bool borrows);
void rpmsg_char_queue_take_all(struct rpmsg_char_queue *queue, struct list_head *msgs);
void rpmsg_char_queue_put_back(struct rpmsg_char_queue *queue, struct list_head *msgs);
struct rpmsg_ext_buf *rpmsg_char_copy(const void *data, size_t bytes, gfp_t gfp);
void rpmsg_char_free_copy(struct rpmsg_ext_buf *msg);

/**
 * rpmsg_char_is_copy() - is a message a copy, or in a buffer of the transport?
 * @msg: the message
 *
 * Context: any.
 * Return: true if it is to be freed with rpmsg_char_free_copy().
 */
static inline bool rpmsg_char_is_copy(const struct rpmsg_ext_buf *msg)
{
	return msg->data == container_of(msg, struct rpmsg_char_copy, msg)->data;
}

/**
 * rpmsg_char_queue_is_empty() - is there nothing to read?
 * @queue: the queue
 *
 * Context: any; the answer may be out of date at once.
 * Return: true if so.
 */
static inline bool rpmsg_char_queue_is_empty(const struct rpmsg_char_queue *queue)
{
	return READ_ONCE(queue->put_num) == READ_ONCE(queue->got_num);
}

#endif /* RPMSG_CHAR_QUEUE_H */
