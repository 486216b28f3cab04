// SPDX-License-Identifier: GPL-2.0-only
/*
 * rpmsg_set_flow_control(), struct rpmsg_endpoint.flow_cb and
 * struct rpmsg_driver.flowcontrol (v6.6, one change).
 *
 * Copyright (c) 2026 linux-amp developers
 */
#include <linux/rpmsg.h>

int probe(struct rpmsg_endpoint *ept);
int probe(struct rpmsg_endpoint *ept)
{
	ept->flow_cb = NULL;
	return rpmsg_set_flow_control(ept, true, 0);
}
