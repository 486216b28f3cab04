/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Copyright (c) 2026 linux-amp developers
 *
 * The name-service message as it arrives from the remote, and its check.
 * Described in Documentation/wire.rst.
 */

#ifndef RPMSG_NS_MSG_H
#define RPMSG_NS_MSG_H

#include <linux/types.h>
#include <asm/byteorder.h>

#define RPMSG_NS_NAME_BYTES	32

/**
 * struct rpmsg_ns_wire - name-service message
 * @name:  name of the service, padded with NUL
 * @addr:  address of the remote's endpoint
 * @flags: 0 the service appeared, 1 it is gone
 */
struct rpmsg_ns_wire {
	char name[RPMSG_NS_NAME_BYTES];
	__le32 addr;
	__le32 flags;
};

/**
 * struct rpmsg_ns_event - checked name-service message
 * @name:    name of the service; terminated, not empty, visible ASCII
 * @addr:    address of the remote's endpoint; never RPMSG_ADDR_ANY
 * @destroy: the service is gone
 */
struct rpmsg_ns_event {
	char name[RPMSG_NS_NAME_BYTES];
	u32 addr;
	bool destroy;
};

int rpmsg_ns_parse(const void *buf, size_t bytes, struct rpmsg_ns_event *event);

#endif /* RPMSG_NS_MSG_H */
