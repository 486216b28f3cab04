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
#define tty_write_size_t size_t
#define tty_write_ret_t ssize_t
#else
#define tty_write_size_t int
#define tty_write_ret_t int
#endif

#endif /* COMPAT_LINUX_TTY_DRIVER_H */
