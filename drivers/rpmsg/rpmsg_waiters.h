/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Copyright (c) 2026 linux-amp developers
 *
 * How many wait. Whoever wakes in an interrupt wakes a few: programs decide how many there are.
 */

#ifndef RPMSG_WAITERS_H
#define RPMSG_WAITERS_H

#include <linux/compiler.h>
#include <linux/list.h>
#include <linux/spinlock.h>
#include <linux/wait.h>

/**
 * rpmsg_is_crowded() - do more than a few wait?
 * @waiting: what for
 * @few:     how many are a few, at least 1
 *
 * Looks at so many only.
 *
 * Context: any, including hard interrupt.
 * Return: true if so.
 */
static inline bool rpmsg_is_crowded(struct wait_queue_head *waiting, unsigned int few)
{
	const struct list_head *node;
	unsigned int num = 0;
	unsigned long flags;

	/* One, or none, which is how it mostly is and needs no lock to see. */
	if (READ_ONCE(waiting->head.next) == READ_ONCE(waiting->head.prev))
		return false;
	spin_lock_irqsave(&waiting->lock, flags);
	list_for_each(node, &waiting->head)
		if (++num > few)
			break;
	spin_unlock_irqrestore(&waiting->lock, flags);
	return num > few;
}

#endif /* RPMSG_WAITERS_H */
