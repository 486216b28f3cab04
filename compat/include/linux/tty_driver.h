/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What struct tty_operations.write counts in, before and after v6.7.
 *
 * Copyright (c) 2026 linux-amp developers
 */

#ifndef COMPAT_LINUX_TTY_DRIVER_H
#define COMPAT_LINUX_TTY_DRIVER_H

#include_next <linux/tty_driver.h>

#ifdef AMP_HAVE_TTY_WRITE_SIZE
typedef size_t tty_write_size_t;
typedef ssize_t tty_write_ret_t;
#else
typedef int tty_write_size_t;
typedef int tty_write_ret_t;
#endif

#endif /* COMPAT_LINUX_TTY_DRIVER_H */
