/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Copyright (c) 2026 linux-amp developers
 *
 * The RPMsg header as it lies in a message buffer, and the checks that stand
 * between it and everything else. Described in Documentation/wire.rst.
 */

#ifndef RPMSG_WIRE_H
#define RPMSG_WIRE_H

#include <linux/types.h>
#include <asm/byteorder.h>

/**
 * struct rpmsg_wire_hdr - message header in shared memory
 * @src:      address of the sending endpoint
 * @dst:      address of the receiving endpoint
 * @reserved: zero when sent, ignored when received
 * @len:      payload length in bytes
 * @flags:    zero when sent, ignored when received
 *
 * Little-endian on every machine. The payload follows directly.
 */
struct rpmsg_wire_hdr {
	__le32 src;
	__le32 dst;
	__le32 reserved;
	__le16 len;
	__le16 flags;
};

/**
 * struct rpmsg_wire_msg - checked header in the CPU's byte order
 * @src: address of the sending endpoint, any value
 * @dst: address of the receiving endpoint, any value
 * @len: payload length in bytes; lies within the used part of the buffer
 */
struct rpmsg_wire_msg {
	u32 src;
	u32 dst;
	u32 len;
};

/**
 * enum rpmsg_wire_verdict - what the check of a received message found
 * @RPMSG_WIRE_OK:         the message may be delivered
 * @RPMSG_WIRE_SHORT_USED: the used length does not even cover the header
 * @RPMSG_WIRE_LONG_USED:  the used length exceeds the buffer
 * @RPMSG_WIRE_BAD_LEN:    the payload length exceeds the used length
 */
enum rpmsg_wire_verdict {
	RPMSG_WIRE_OK,
	RPMSG_WIRE_SHORT_USED,
	RPMSG_WIRE_LONG_USED,
	RPMSG_WIRE_BAD_LEN,
};

enum rpmsg_wire_verdict rpmsg_wire_check(const struct rpmsg_wire_hdr *hdr,
					 u32 used_bytes, u32 buf_bytes,
					 struct rpmsg_wire_msg *msg);
void rpmsg_wire_fill(struct rpmsg_wire_hdr *hdr, const struct rpmsg_wire_msg *msg);

#endif /* RPMSG_WIRE_H */
