// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (c) 2026 linux-amp developers
 *
 * Fuzz target of the name-service message check. Input: the message. Whatever
 * is accepted must carry a terminated name of visible characters.
 */

#include <stdlib.h>
#include <string.h>

#include "rpmsg_ns_msg.h"

int LLVMFuzzerTestOneInput(const u8 *data, size_t size);

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	struct rpmsg_ns_event event;
	size_t i, len;

	memset(&event, 0xff, sizeof(event));
	if (rpmsg_ns_parse(data, size, &event))
		return 0;

	len = strnlen(event.name, sizeof(event.name));
	if (!len || len == sizeof(event.name))
		abort();
	for (i = 0; i < len; i++)
		if (event.name[i] <= ' ' || event.name[i] > '~' || event.name[i] == '/')
			abort();
	if (event.addr == 0xffffffffU)
		abort();
	return 0;
}
