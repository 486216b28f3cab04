// SPDX-License-Identifier: GPL-2.0-only
/*
 * struct tty_operations.write counts in int, before v6.7.
 * Together with tty_write_size exactly one of two.
 *
 * Copyright (c) 2026 linux-amp developers
 */
#include <linux/tty.h>
#include <linux/tty_driver.h>

int probe(struct tty_struct *tty, const unsigned char *buf, int bytes);

extern const struct tty_operations probe_ops;
const struct tty_operations probe_ops = { .write = probe };
