/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Names for the direction of an iov_iter, before v6.2; later releases of v6.1 have them.
 *
 * Copyright (c) 2026 linux-amp developers
 */

#ifndef COMPAT_LINUX_UIO_H
#define COMPAT_LINUX_UIO_H

#include_next <linux/uio.h>

#ifndef ITER_DEST
#define ITER_SOURCE	WRITE
#define ITER_DEST	READ
#endif

#endif /* COMPAT_LINUX_UIO_H */
