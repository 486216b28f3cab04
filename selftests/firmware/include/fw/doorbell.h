/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The doorbell between the two processors, whatever hardware it is made of.
 *
 * Neither direction carries information that the rings do not have: a ring of
 * the doorbell means "look at the shared memory". Rings that come close together
 * may merge into one.
 *
 * Copyright (c) 2026 linux-amp developers
 */

#ifndef FW_DOORBELL_H
#define FW_DOORBELL_H

#include <fw/types.h>

/* Incoming rings call event_signal(); see <fw/event.h> */
void doorbell_init(void);
void doorbell_ring(u32 notifyid);
/* Zynq-7000 only */
void doorbell_ring_all(void);

#endif
