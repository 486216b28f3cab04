// SPDX-License-Identifier: GPL-2.0-only
/*
 * __EXPORT_SYMBOL() takes the suffix of a section, "_gpl", and <linux/export.h>
 * defines what lies in it (until v6.4); since then it takes a license, "GPL".
 *
 * Copyright (c) 2026 linux-amp developers
 */
#include <linux/export.h>

int probe(void);
int probe(void)
{
	return sizeof(struct kernel_symbol);
}
