/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How a channel learns that a message is done: in a header of drivers/mailbox before v7.1, as
 * values of mbox_chan.txdone_method that have never changed.
 *
 * Copyright (c) 2026 linux-amp developers
 */

#ifndef COMPAT_LINUX_MAILBOX_CONTROLLER_H
#define COMPAT_LINUX_MAILBOX_CONTROLLER_H

#include_next <linux/mailbox_controller.h>

#ifndef MBOX_TXDONE_BY_IRQ
#define MBOX_TXDONE_BY_IRQ	BIT(0)
#define MBOX_TXDONE_BY_POLL	BIT(1)
#define MBOX_TXDONE_BY_ACK	BIT(2)
#endif

#endif /* COMPAT_LINUX_MAILBOX_CONTROLLER_H */
