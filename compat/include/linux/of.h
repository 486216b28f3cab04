/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Whether a property is there, with or without a value, before v6.3.
 *
 * Copyright (c) 2026 linux-amp developers
 */

#ifndef COMPAT_LINUX_OF_H
#define COMPAT_LINUX_OF_H

#include_next <linux/of.h>

#ifndef AMP_HAVE_OF_PROPERTY_PRESENT
static inline bool of_property_present(const struct device_node *np, const char *name)
{
	return of_find_property(np, name, NULL);
}
#endif

#endif /* COMPAT_LINUX_OF_H */
