// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (c) 2026 linux-amp developers
 *
 * Check of the name-service message. A pure file: no kernel objects, no
 * allocation, no logging; built and tested on the host as well. Decides which
 * announcements make sense, not what becomes of them. See
 * Documentation/wire.rst.
 */

#include <linux/build_bug.h>
#include <linux/errno.h>
#include <linux/string.h>

#include "rpmsg_name.h"
#include "rpmsg_ns_msg.h"

#define NS_FLAG_DESTROY		1U
#define NS_ADDR_ANY		0xffffffffU

static_assert(sizeof(struct rpmsg_ns_wire) == 40);

/* Names of the transport's own devices, which no remote may impersonate. */
static bool name_is_reserved(const char *name)
{
	return !strcmp(name, "rpmsg_ctrl") || !strcmp(name, "rpmsg_ns");
}

/**
 * rpmsg_ns_parse() - take over and check a name-service message
 * @buf:   the message; may be unaligned, may change while it is read
 * @bytes: its length
 * @event: result; meaningful only on success
 *
 * A name that fills its field without a terminator is cut to 31 characters, as
 * Linux always did.
 *
 * Context: any.
 * Return: 0, -EMSGSIZE if the length is not that of the message, -EINVAL for a
 * name that is empty, not printable or reserved, -EPROTO for an unknown flag,
 * -EADDRNOTAVAIL if the address is the wildcard.
 */
int rpmsg_ns_parse(const void *buf, size_t bytes, struct rpmsg_ns_event *event)
{
	struct rpmsg_ns_wire wire;
	u32 flags;

	if (bytes != sizeof(wire))
		return -EMSGSIZE;
	memcpy(&wire, buf, sizeof(wire));

	memcpy(event->name, wire.name, sizeof(event->name));
	event->name[sizeof(event->name) - 1] = '\0';
	if (!rpmsg_name_is_safe(event->name) || name_is_reserved(event->name))
		return -EINVAL;

	flags = le32_to_cpu(wire.flags);
	if (flags & ~NS_FLAG_DESTROY)
		return -EPROTO;
	event->destroy = flags & NS_FLAG_DESTROY;

	event->addr = le32_to_cpu(wire.addr);
	if (event->addr == NS_ADDR_ANY)
		return -EADDRNOTAVAIL;
	return 0;
}
