// SPDX-License-Identifier: GPL-2.0-only
/*
 * struct tty_operations.write counts in size_t (v6.7).
 * Together with tty_write_int exactly one of two.
 *
 * Copyright (c) 2026 linux-amp developers
 */
#include <linux/tty.h>
#include <linux/tty_driver.h>

ssize_t probe(struct tty_struct *tty, const u8 *buf, size_t bytes);

extern const struct tty_operations probe_ops;
const struct tty_operations probe_ops = { .write = probe };
