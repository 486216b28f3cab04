/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One binary event from interrupt handlers to the main loop.
 *
 * Copyright (c) 2026 linux-amp developers
 */

#ifndef FW_EVENT_H
#define FW_EVENT_H

void event_signal(void);
void event_wait(void);

#endif
