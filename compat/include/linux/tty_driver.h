/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What struct tty_operations.write counts in, before and after v6.7; and the flag that has a
 * terminal begin with its driver's termios, where that has to be asked for.
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

#ifndef AMP_HAVE_TTY_RESET_SAVED_TERMIOS
#define TTY_DRIVER_RESET_SAVED_TERMIOS 0
#endif

#endif /* COMPAT_LINUX_TTY_DRIVER_H */
