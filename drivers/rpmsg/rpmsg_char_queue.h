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
#include <linux/spinlock.h>
#include <linux/types.h>

/**
 * struct rpmsg_char_msg - one received message
 * @node:  in rpmsg_char_queue.msgs
 * @bytes: length of the payload
 * @lent:  payload in a buffer of the transport, to be given back; NULL if it is @data
 * @data:  payload
 */
struct rpmsg_char_msg {
	struct list_head node;
	size_t bytes;
	const void *lent;
	u8 data[];
};

/**
 * struct rpmsg_char_queue - bounded queue of received messages
 * @lock:    protects everything below
 * @msgs:    oldest first
 * @num:     number of messages
 * @bytes:   sum of their lengths
 * @borrows: payload may stay in the transport's buffers
 * @dropped: messages that found no room
 */
struct rpmsg_char_queue {
	spinlock_t lock;	/* all members */
	struct list_head msgs;
	unsigned int num;
	size_t bytes;
	bool borrows;
	unsigned long dropped;
};

void rpmsg_char_queue_init(struct rpmsg_char_queue *queue);
int rpmsg_char_queue_put(struct rpmsg_char_queue *queue, const void *data, size_t bytes);
bool rpmsg_char_queue_borrow(struct rpmsg_char_queue *queue, const void *data, size_t bytes,
			     bool always);
struct rpmsg_char_msg *rpmsg_char_queue_get(struct rpmsg_char_queue *queue);
void rpmsg_char_queue_unget(struct rpmsg_char_queue *queue, struct rpmsg_char_msg *msg);
size_t rpmsg_char_queue_next_bytes(struct rpmsg_char_queue *queue);
void rpmsg_char_queue_set_borrows(struct rpmsg_char_queue *queue, bool borrows);
void rpmsg_char_queue_take_all(struct rpmsg_char_queue *queue, struct list_head *msgs);
void rpmsg_char_queue_put_back(struct rpmsg_char_queue *queue, struct list_head *msgs);
struct rpmsg_char_msg *rpmsg_char_msg_copy(const void *data, size_t bytes, gfp_t gfp);

/**
 * rpmsg_char_queue_is_empty() - is there nothing to read?
 * @queue: the queue
 *
 * Context: any; the answer may be out of date at once.
 * Return: true if so.
 */
static inline bool rpmsg_char_queue_is_empty(const struct rpmsg_char_queue *queue)
{
	return !READ_ONCE(queue->num);
}

#endif /* RPMSG_CHAR_QUEUE_H */
