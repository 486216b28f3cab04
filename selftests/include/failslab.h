/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Memory that is short where a function has to do with it, whoever calls: in a worker, or deep in
 * an operation whose first allocations are somebody else's.
 *
 * Needs a kernel with fault injection and its filter by stack trace.
 *
 * Copyright (c) 2026 linux-amp developers
 */
#ifndef FAILSLAB_H
#define FAILSLAB_H

#include <stdbool.h>

#define FAILSLAB	"/sys/kernel/debug/failslab/"

/**
 * struct code - where a function is
 * @start: its first byte
 * @end: first byte of what follows
 */
struct code {
	unsigned long start, end;
};

/**
 * failslab_by_caller() - can the kernel do it
 *
 * Return: true if failslab_arm() has a chance.
 */
bool failslab_by_caller(void);

/**
 * failslab_find() - find a function
 * @module: that it is in; "" if it is built in
 * @function: its name
 * @code: receives the place
 *
 * Return: true if it is there.
 */
bool failslab_find(const char *module, const char *function, struct code *code);

/**
 * failslab_arm() - from here on one allocation fails
 * @code: only such that this calls, however indirectly
 * @nth: one of so many; 1 is the first
 *
 * Return: 0 or a negative errno.
 */
int failslab_arm(const struct code *code, unsigned int nth);

/**
 * failslab_has_failed() - has it failed by now
 *
 * Return: true if the one that failslab_arm() asked for has.
 */
bool failslab_has_failed(void);

/**
 * failslab_disarm() - from here on all succeed
 *
 * Return: true if one has failed.
 */
bool failslab_disarm(void);

#endif
