// SPDX-License-Identifier: GPL-2.0-only
/*
 * Canary: compiles on every kernel. If it does not, the compiler or its flags
 * are wrong for this kernel and no other answer can be trusted.
 *
 * Copyright (c) 2026 linux-amp developers
 */
#include <linux/module.h>

int probe(void);
int probe(void)
{
	return 0;
}
