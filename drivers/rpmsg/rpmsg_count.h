/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Copyright (c) 2026 linux-amp developers
 *
 * How many devices of a module are in memory. Their release functions are code of the
 * module and run when the last reference goes, in whatever context that is: the module
 * may not go before the last of them has returned.
 */

#ifndef RPMSG_COUNT_H
#define RPMSG_COUNT_H

#include <linux/rcupdate.h>
#include <linux/spinlock.h>
#include <linux/wait.h>

/**
 * struct rpmsg_count - things that exist
 * @num:  how many; under the lock of @none
 * @none: woken when there is none
 */
struct rpmsg_count {
	unsigned int num;
	wait_queue_head_t none;
};

#define RPMSG_COUNT_INIT(_name) { .none = __WAIT_QUEUE_HEAD_INITIALIZER((_name).none) }

/**
 * rpmsg_count_add() - there is one more
 * @count: of them
 *
 * Context: process.
 */
static inline void rpmsg_count_add(struct rpmsg_count *count)
{
	unsigned long flags;

	spin_lock_irqsave(&count->none.lock, flags);
	WRITE_ONCE(count->num, count->num + 1);
	spin_unlock_irqrestore(&count->none.lock, flags);
}

/**
 * rpmsg_count_sub() - one is freed
 * @count: of them
 *
 * For the end of a release function.
 *
 * Context: process.
 */
static inline void rpmsg_count_sub(struct rpmsg_count *count)
{
	unsigned long flags;

	spin_lock_irqsave(&count->none.lock, flags);
	WRITE_ONCE(count->num, count->num - 1);
	if (!count->num)
		wake_up_all_locked(&count->none);
	spin_unlock_irqrestore(&count->none.lock, flags);
}

/**
 * rpmsg_count_wait_none() - wait until there is none, and everybody has left
 * @count: of them
 *
 * Who has counted down to 0 may have been preempted on the way out: first with the lock,
 * which is in the module's memory, then before the return from the release function,
 * which is its code. A task of the second kind has not slept by its own will since, and
 * that is what synchronize_rcu_tasks() waits for. Kernels that do not preempt have no such
 * tasks; one that does, but has neither tracing nor BPF, only waits for RCU there, and a
 * few instructions remain uncovered.
 *
 * Context: process, from module exit, with nobody left who could add one.
 */
static inline void rpmsg_count_wait_none(struct rpmsg_count *count)
{
	wait_event(count->none, !READ_ONCE(count->num));
	spin_lock_irq(&count->none.lock);
	spin_unlock_irq(&count->none.lock);
	synchronize_rcu_tasks();
}

#endif /* RPMSG_COUNT_H */
