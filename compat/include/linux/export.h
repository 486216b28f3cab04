/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Symbol namespaces as strings, before v6.13.
 *
 * Copyright (c) 2026 linux-amp developers
 */

#ifndef COMPAT_LINUX_EXPORT_H
#define COMPAT_LINUX_EXPORT_H

#include_next <linux/export.h>

#ifdef AMP_HAVE_SYMBOL_NS_TOKEN

#ifdef AMP_HAVE_EXPORT_SYMBOL_SECTION
#define COMPAT_EXPORT_GPL	"_gpl"
#else
#define COMPAT_EXPORT_GPL	"GPL"
#endif

#undef EXPORT_SYMBOL_NS
#define EXPORT_SYMBOL_NS(sym, ns)	__EXPORT_SYMBOL(sym, "", ns)
#undef EXPORT_SYMBOL_NS_GPL
#define EXPORT_SYMBOL_NS_GPL(sym, ns)	__EXPORT_SYMBOL(sym, COMPAT_EXPORT_GPL, ns)

#endif /* AMP_HAVE_SYMBOL_NS_TOKEN */

#endif /* COMPAT_LINUX_EXPORT_H */
