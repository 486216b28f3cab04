/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Copyright (c) 2026 linux-amp developers
 *
 * Host shim: exports, which mean nothing in a host program.
 */
#ifndef _SHIM_LINUX_EXPORT_H
#define _SHIM_LINUX_EXPORT_H

/* A declaration, because a semicolon follows. */
#define EXPORT_SYMBOL_NS_GPL(sym, ns)	struct __shim_export_##sym

#endif /* _SHIM_LINUX_EXPORT_H */
