/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Copyright (c) 2026 linux-amp developers
 *
 * Which channel names are harmless. A pure header: the name service checks what
 * the remote announces, the transport what becomes a device name.
 */

#ifndef RPMSG_NAME_H
#define RPMSG_NAME_H

#include <linux/types.h>

/**
 * rpmsg_name_is_safe() - may this name appear in sysfs and in uevents?
 * @name: NUL-terminated channel name
 *
 * Only visible ASCII: control characters would forge lines of a uevent or of
 * the log, a blank would split a shell word, and '/' turns into another
 * character in sysfs, so that two names could collide there.
 *
 * Context: any.
 * Return: true if the name is not empty and holds nothing but such characters.
 */
static inline bool rpmsg_name_is_safe(const char *name)
{
	const char *p;

	for (p = name; *p; p++)
		if (*p <= ' ' || *p > '~' || *p == '/')
			return false;
	return p != name;
}

#endif /* RPMSG_NAME_H */
