/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What del_timer_sync() is called since v6.2.
 *
 * Copyright (c) 2026 linux-amp developers
 */

#ifndef COMPAT_LINUX_TIMER_H
#define COMPAT_LINUX_TIMER_H

#include_next <linux/timer.h>

#ifndef AMP_HAVE_TIMER_DELETE_SYNC
static inline int timer_delete_sync(struct timer_list *timer)
{
	return del_timer_sync(timer);
}
#endif

#endif /* COMPAT_LINUX_TIMER_H */
