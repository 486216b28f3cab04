// SPDX-License-Identifier: GPL-2.0-only
/*
 * Symbol namespaces are written without quotes (until v6.12): the macros turn
 * their argument into a string. The newer way does not fail to compile there,
 * it gives a namespace with quotes in its name; so ask for the older one.
 *
 * Copyright (c) 2026 linux-amp developers
 */
#include <linux/module.h>

MODULE_IMPORT_NS(PROBE);
