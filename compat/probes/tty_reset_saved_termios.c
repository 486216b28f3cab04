// SPDX-License-Identifier: GPL-2.0-only
/*
 * A terminal that is registered begins with its driver's termios only if the driver
 * says so; up to v6.12 at least it always does, in v7.2 it does not.
 *
 * Copyright (c) 2026 linux-amp developers
 */
#include <linux/tty_driver.h>

int probe(void);
int probe(void)
{
	return TTY_DRIVER_RESET_SAVED_TERMIOS;
}
