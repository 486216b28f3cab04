/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Lines of the kernel log that appear while a test runs.
 *
 * Copyright (c) 2026 linux-amp developers
 */
#ifndef KMSG_H
#define KMSG_H

#include <stdbool.h>

/**
 * struct kmsg_line - one record of /dev/kmsg
 * @level: 0 (emergency) to 7 (debug)
 * @text: the message, cut if it is longer
 */
struct kmsg_line {
	int level;
	char text[1024];
};

#define KMSG_ERR	3
#define KMSG_WARNING	4

/**
 * kmsg_open() - start to listen
 *
 * Return: descriptor that delivers records logged from now on, or a negative errno.
 */
int kmsg_open(void);

/**
 * kmsg_rewind() - hear what was said before, too
 * @fd: from kmsg_open(); delivers all records that the kernel still has
 */
void kmsg_rewind(int fd);

/**
 * kmsg_next() - take one record
 * @fd: from kmsg_open()
 * @line: receives it
 *
 * Return: true if there was one.
 */
bool kmsg_next(int fd, struct kmsg_line *line);

/**
 * kmsg_count() - take all records and count those with a word
 * @fd: from kmsg_open()
 * @word: part of their text; "" takes all
 *
 * Return: number of lines.
 */
int kmsg_count(int fd, const char *word);

/**
 * kmsg_is_splat() - does this line belong to a kernel warning or worse?
 * @line: the line
 *
 * Return: true for what the file of complaints has.
 */
bool kmsg_is_splat(const struct kmsg_line *line);

/**
 * kmsg_splats() - take all records and look for kernel warnings
 * @fd: from kmsg_open()
 *
 * Prints each line found.
 *
 * Return: number of lines that kmsg_is_splat() names.
 */
int kmsg_splats(int fd);

#endif
