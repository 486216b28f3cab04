/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A page that does not come: whoever touches it waits, in the middle of a system call if it is the
 * kernel. Any user can make one, with FUSE or with userfaultfd, which is what this does.
 *
 * Copyright (c) 2026 linux-amp developers
 */
#ifndef STUCK_H
#define STUCK_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/**
 * struct stuck_call - a read or write of a page that does not come
 * @page: the page
 * @size: its size in bytes
 * @pages: where the kernel says that somebody waits
 * @thread: who calls
 * @fd: what is read or written
 * @reads: which of the two
 * @ret: what the call returned, or a negative errno
 */
struct stuck_call {
	void *page;
	size_t size;
	int pages;
	pthread_t thread;
	int fd;
	bool reads;
	ssize_t ret;
};

/**
 * stuck_call_begin() - begin a call, and wait until the kernel waits in it
 * @call: receives what is to be known of it
 * @fd: what to read or write, 16 bytes
 * @reads: which of the two; there is something to read
 *
 * Return: 0, -EOPNOTSUPP if there is no userfaultfd, or another negative errno.
 */
int stuck_call_begin(struct stuck_call *call, int fd, bool reads);

/**
 * stuck_call_end() - let the page come, with zeroes in it, and wait for the end of the call
 * @call: the call
 *
 * Return: what it returned, or a negative errno.
 */
ssize_t stuck_call_end(struct stuck_call *call);

#endif
