/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Channels of the i.MX messaging unit for those whose devicetree has no "mboxes".
 *
 * Copyright (c) 2026 linux-amp developers
 */
#ifndef _LINUX_MAILBOX_IMX_MU_H
#define _LINUX_MAILBOX_IMX_MU_H

#include <linux/types.h>

struct device;
struct device_node;
struct mbox_chan;

struct mbox_chan *imx_mu_get_channel(struct device *consumer, struct device_node *np, u32 type,
				     u32 index);

#endif /* _LINUX_MAILBOX_IMX_MU_H */
