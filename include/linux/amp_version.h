/* SPDX-License-Identifier: GPL-2.0-only */
/* The one place that knows this package's version; every module carries it as MODULE_VERSION. */
#ifndef _LINUX_AMP_VERSION_H
#define _LINUX_AMP_VERSION_H

#define AMP_VERSION	"0.1.0"

#endif /* _LINUX_AMP_VERSION_H */
