/* SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note */
/*
 * Copyright (c) 2026 linux-amp developers
 *
 * What programs can ask of /dev/rpmsgN and /dev/rpmsg_ctrlN beyond what the
 * <linux/rpmsg.h> of an older kernel has. Numbers and structures are those of
 * newer kernels, whose own definitions win. Documentation/abi.rst describes them.
 */

#ifndef _UAPI_AMP_RPMSG_H
#define _UAPI_AMP_RPMSG_H

#include <linux/ioctl.h>
#include <linux/rpmsg.h>
#include <linux/types.h>

#ifndef RPMSG_GET_OUTGOING_FLOWCONTROL

/*
 * Get the flow control state of the remote: 1 if it does not want messages now.
 */
#define RPMSG_GET_OUTGOING_FLOWCONTROL	_IOR(0xb5, 0x5, int)

/*
 * Set the flow control state of this side: 1 to ask for no messages, 0 to go on.
 * The argument is the value itself.
 */
#define RPMSG_SET_INCOMING_FLOWCONTROL	_IOR(0xb5, 0x6, int)

#endif /* !RPMSG_GET_OUTGOING_FLOWCONTROL */

#ifndef RPMSG_CREATE_EPT_FD_IOCTL

/**
 * struct rpmsg_endpoint_fd_info - endpoint without a device node
 * @name: name of the endpoint
 * @src: local address, or RPMSG_ADDR_ANY
 * @dst: remote address, or RPMSG_ADDR_ANY
 * @flags: how to open it: O_RDONLY, O_WRONLY or O_RDWR, O_NONBLOCK, O_CLOEXEC
 * @fd: receives the file descriptor
 */
struct rpmsg_endpoint_fd_info {
	char name[32];
	__u32 src;
	__u32 dst;
	__u32 flags;
	__s32 fd;
};

/*
 * Create an endpoint and open it. It goes when the descriptor is closed.
 */
#define RPMSG_CREATE_EPT_FD_IOCTL	_IOWR(0xb5, 0x7, struct rpmsg_endpoint_fd_info)

#endif /* !RPMSG_CREATE_EPT_FD_IOCTL */

#endif /* _UAPI_AMP_RPMSG_H */
