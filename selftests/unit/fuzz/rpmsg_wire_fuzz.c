// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (c) 2026 linux-amp developers
 *
 * Fuzz target of the RPMsg header check. Input: used length and buffer size
 * (each 4 bytes), then the buffer's first bytes. Every payload byte of an
 * accepted message is read from a heap block of exactly the buffer's size.
 */

#include <stdlib.h>
#include <string.h>

#include "rpmsg_wire.h"

#define MAX_BUF	4096U

int LLVMFuzzerTestOneInput(const u8 *data, size_t size);

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	struct rpmsg_wire_msg msg;
	volatile u8 sink;
	u32 used, bytes, i;
	u8 *buf;

	if (size < 8)
		return 0;
	memcpy(&used, data, 4);
	memcpy(&bytes, data + 4, 4);
	data += 8;
	size -= 8;

	bytes = sizeof(struct rpmsg_wire_hdr) + bytes % MAX_BUF;
	buf = calloc(1, bytes);
	if (!buf)
		return 0;
	memcpy(buf, data, size < bytes ? size : bytes);

	if (rpmsg_wire_check((struct rpmsg_wire_hdr *)buf, used, bytes, &msg) ==
	    RPMSG_WIRE_OK) {
		for (i = 0; i < msg.len; i++)
			sink = buf[sizeof(struct rpmsg_wire_hdr) + i];
		(void)sink;
		if (sizeof(struct rpmsg_wire_hdr) + msg.len > used)
			abort();
	}
	free(buf);
	return 0;
}
