/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Flow control, before v6.6.
 *
 * Copyright (c) 2026 linux-amp developers
 */

#ifndef COMPAT_LINUX_RPMSG_H
#define COMPAT_LINUX_RPMSG_H

#include_next <linux/rpmsg.h>

#ifdef AMP_HAVE_RPMSG_SET_FLOW_CONTROL

/* The member cannot be named where it does not exist. */
#define rpmsg_ept_set_flow_cb(_ept, _cb)	((_ept)->flow_cb = (_cb))

#else

/* No transport of such a kernel can tell its remote. */
static inline int rpmsg_set_flow_control(struct rpmsg_endpoint *ept, bool pause, u32 dst)
{
	return -EOPNOTSUPP;
}

#define rpmsg_ept_set_flow_cb(_ept, _cb)	((void)(_ept), (void)(_cb))

#endif /* !AMP_HAVE_RPMSG_SET_FLOW_CONTROL */

#endif /* COMPAT_LINUX_RPMSG_H */
