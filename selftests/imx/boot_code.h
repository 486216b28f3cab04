/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The part of boot code that starts the M4 without the help of Linux' driver, through /dev/mem, and
 * the coming and going of that driver.
 *
 * Copyright (c) 2026 linux-amp developers
 */
#ifndef BOOT_CODE_H
#define BOOT_CODE_H

#include <stdbool.h>

#include <linux/types.h>

#include "remote.h"

/* Of SRC_M4RCR. */
#define ENABLE_M4	0x8
#define SW_M4P_RST	0x4
#define SW_M4C_RST	0x2
#define NON_SCLR_RST	0x1

/* As a reset leaves it, but for bits of no meaning; and as it is left to start the core. */
#define M4_HELD		(ENABLE_M4 | SW_M4C_RST | NON_SCLR_RST)
#define M4_RELEASED	(ENABLE_M4 | SW_M4P_RST | SW_M4C_RST)

/**
 * src_map() - map the system reset controller
 *
 * Return: its registers, for src_unmap(); NULL on failure.
 */
__u32 *src_map(void);

/**
 * src_unmap() - undo src_map()
 * @src: the registers
 */
void src_unmap(__u32 *src);

/**
 * core_set() - hold or release the core
 * @src: from src_map()
 * @bits: new value of the bits above
 */
void core_set(__u32 *src, __u32 bits);

/**
 * core_runs() - is the core enabled and not held
 * @src: from src_map()
 *
 * Return: true if so.
 */
bool core_runs(const __u32 *src);

/**
 * core_address() - where Linux has memory of the core
 * @da: address as the core sees it
 *
 * Return: the same as physical address.
 */
__u32 core_address(__u32 da);

/**
 * boot_words_put() - have the core fetch the first words of a program at its start
 * @program: file name below FIRMWARE_DIR; its first segment begins with them
 *
 * Return: true if they are where the core of this board looks for them.
 */
bool boot_words_put(const char *program);

/**
 * firmware_put() - write a program to where its core finds it
 * @program: file name below FIRMWARE_DIR
 *
 * Return: true if all of it is there.
 */
bool firmware_put(const char *program);

/**
 * driver_unbind() - take the core away from Linux' driver
 *
 * Return: 0 or a negative errno.
 */
int driver_unbind(void);

/**
 * driver_bind() - give it back, if the driver does not have it
 * @remotes: receives the one remote
 *
 * Return: true if it is there.
 */
bool driver_bind(struct remote *remotes);

#endif
