/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A test plays the boot loader: it puts a firmware into memory itself, past the driver.
 *
 * Copyright (c) 2026 linux-amp developers
 */
#ifndef IMAGE_H
#define IMAGE_H

#include <stdbool.h>

#include <linux/types.h>

/**
 * image_load() - write the segments of a 32-bit ELF firmware to physical memory
 * @firmware: file name below FIRMWARE_DIR
 * @physical: where Linux has what the remote calls @da; NULL if that is the same
 * @entry: receives the entry point; may be NULL
 *
 * In words, because on-chip memory is a device to /dev/mem.
 *
 * Return: false if the file cannot be read or the memory not be mapped.
 */
bool image_load(const char *firmware, __u64 (*physical)(__u32 da), __u32 *entry);

#endif
