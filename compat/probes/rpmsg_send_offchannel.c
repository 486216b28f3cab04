// SPDX-License-Identifier: GPL-2.0-only
/*
 * rpmsg_send_offchannel() and rpmsg_trysend_offchannel() (until v6.19).
 *
 * Copyright (c) 2026 linux-amp developers
 */
#include <linux/rpmsg.h>

int probe(struct rpmsg_endpoint *ept, void *data);
int probe(struct rpmsg_endpoint *ept, void *data)
{
	return rpmsg_send_offchannel(ept, 1, 2, data, 1) ?:
	       rpmsg_trysend_offchannel(ept, 1, 2, data, 1);
}
