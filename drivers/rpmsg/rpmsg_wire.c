// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (c) 2026 linux-amp developers
 *
 * Checks of the RPMsg header. A pure file: no kernel objects, no allocation, no
 * logging; built and tested on the host as well. Owns the header's format, not
 * the rings and not the payload. See Documentation/wire.rst.
 */

#include <linux/build_bug.h>
#include <linux/compiler.h>

#include "rpmsg_wire.h"

static_assert(sizeof(struct rpmsg_wire_hdr) == 16);

/**
 * rpmsg_wire_check() - take over and bound the header of a received message
 * @hdr:        header in shared memory, 4-byte aligned
 * @used_bytes: length that the remote put into the used ring
 * @buf_bytes:  size of the buffer that starts at @hdr, at least a header
 * @msg:        result; written only if the verdict is RPMSG_WIRE_OK
 *
 * The remote can write to @hdr at any moment, so each field is read exactly
 * once and never again by anybody: callers use @msg.
 *
 * Context: any.
 * Return: RPMSG_WIRE_OK, else the first rule that the message breaks.
 */
enum rpmsg_wire_verdict rpmsg_wire_check(const struct rpmsg_wire_hdr *hdr,
					 u32 used_bytes, u32 buf_bytes,
					 struct rpmsg_wire_msg *msg)
{
	u32 len;

	if (used_bytes < sizeof(*hdr))
		return RPMSG_WIRE_SHORT_USED;
	if (used_bytes > buf_bytes)
		return RPMSG_WIRE_LONG_USED;

	len = le16_to_cpu(READ_ONCE(hdr->len));
	if (len > used_bytes - sizeof(*hdr))
		return RPMSG_WIRE_BAD_LEN;

	msg->src = le32_to_cpu(READ_ONCE(hdr->src));
	msg->dst = le32_to_cpu(READ_ONCE(hdr->dst));
	msg->len = len;
	return RPMSG_WIRE_OK;
}

/**
 * rpmsg_wire_fill() - write the header of a message to be sent
 * @hdr: header in shared memory
 * @msg: addresses and length; the length fits the header's 16 bits
 *
 * Context: any.
 */
void rpmsg_wire_fill(struct rpmsg_wire_hdr *hdr, const struct rpmsg_wire_msg *msg)
{
	hdr->src = cpu_to_le32(msg->src);
	hdr->dst = cpu_to_le32(msg->dst);
	hdr->reserved = 0;
	hdr->len = cpu_to_le16(msg->len);
	hdr->flags = 0;
}
