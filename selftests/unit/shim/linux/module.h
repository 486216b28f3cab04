/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Copyright (c) 2026 linux-amp developers
 *
 * Host shim: module tags, which mean nothing in a host program. For test files
 * only; a pure file has no business with modules.
 */
#ifndef _SHIM_LINUX_MODULE_H
#define _SHIM_LINUX_MODULE_H

#define MODULE_LICENSE(x)	struct __shim_module_license
#define MODULE_DESCRIPTION(x)	struct __shim_module_description
#define MODULE_VERSION(x)	struct __shim_module_version

#endif /* _SHIM_LINUX_MODULE_H */
