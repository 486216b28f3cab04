/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A periodic event, about one per millisecond.
 *
 * Copyright (c) 2026 linux-amp developers
 */

#ifndef FW_TIMER_H
#define FW_TIMER_H

/* Ticks call event_signal(); see <fw/event.h> */
void timer_start(void);
void timer_stop(void);

#endif
