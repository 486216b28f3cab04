/* SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note */
/*
 * The flow-control ioctls, before v6.6, with the numbers they have since.
 *
 * Copyright (c) 2026 linux-amp developers
 */

#ifndef COMPAT_UAPI_LINUX_RPMSG_H
#define COMPAT_UAPI_LINUX_RPMSG_H

#include_next <uapi/linux/rpmsg.h>

#ifndef RPMSG_GET_OUTGOING_FLOWCONTROL
#define RPMSG_GET_OUTGOING_FLOWCONTROL	_IOR(0xb5, 0x5, int)
#endif
#ifndef RPMSG_SET_INCOMING_FLOWCONTROL
#define RPMSG_SET_INCOMING_FLOWCONTROL	_IOR(0xb5, 0x6, int)
#endif

#endif /* COMPAT_UAPI_LINUX_RPMSG_H */
