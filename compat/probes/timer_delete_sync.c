// SPDX-License-Identifier: GPL-2.0-only
/*
 * del_timer_sync() under its new name (v6.2, and later releases of v6.1).
 *
 * Copyright (c) 2026 linux-amp developers
 */
#include <linux/timer.h>

int probe(struct timer_list *timer);
int probe(struct timer_list *timer)
{
	return timer_delete_sync(timer);
}
