/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What every test program on the board includes: the kernel's kselftest harness, waiting for a
 * condition, and the environment the runner hands down. It knows nothing about remote
 * processors (remote.h) or messages (channel.h).
 *
 * Copyright (c) 2026 linux-amp developers
 */
#ifndef GUEST_H
#define GUEST_H

#define _GNU_SOURCE
#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <unistd.h>

#include <linux/types.h>

#ifndef ARRAY_SIZE
#define ARRAY_SIZE(array)	(sizeof(array) / sizeof((array)[0]))
#endif

/* One stream for results and explanations, so that they keep their order. */
#define TH_LOG_STREAM stdout

/*
 * Ends a wait that would never end otherwise. It is no statement about speed: an emulated board
 * on a busy host may be a hundred times slower than an idle one.
 */
#ifndef HANG_GUARD_S
#define HANG_GUARD_S	60
#endif
/* For one test, which waits several times. */
#define TEST_GUARD_S	(10 * HANG_GUARD_S)

/**
 * wait_until() - poll until a condition holds
 * @cond: expression; evaluated at least once and again after the guard ran out
 *
 * Return: the value of @cond when the wait ended.
 */
#define wait_until(cond)						\
({									\
	__u64 __end = now_ms() + HANG_GUARD_S * 1000ull;		\
	bool __late = false, __ok;					\
									\
	while (!(__ok = (cond)) && !__late) {				\
		usleep(2000);						\
		__late = now_ms() >= __end;				\
	}								\
	__ok;								\
})

/**
 * now_ms() - monotonic time
 *
 * Return: milliseconds since an arbitrary point.
 */
__u64 now_ms(void);

/**
 * scaled() - the part of a full count that this run asks for
 * @full: count at AMP_SCALE=100
 * @least: smallest count that still tests something
 *
 * Return: @full * AMP_SCALE / 100, but not less than @least.
 */
unsigned int scaled(unsigned int full, unsigned int least);

/**
 * demanded() - must a missing precondition fail instead of skip?
 * @variable: name of the environment variable, AMP_CANARY for example
 *
 * Return: true if @variable is set to something else than "0" or nothing.
 */
bool demanded(const char *variable);

/**
 * read_text() - read a small file, usually of sysfs, without the final newline
 * @path: the file
 * @buf: receives the text, always terminated
 * @size: of @buf in bytes
 *
 * Return: length of the text or the negative errno of open() or read().
 */
int read_text(const char *path, char *buf, size_t size);

/**
 * write_text() - write a string with one write(), as sysfs wants it
 * @path: the file
 * @text: what to write
 *
 * Return: 0 or the negative errno of open() or write().
 */
int write_text(const char *path, const char *text);

/**
 * read_file() - read a whole file into memory
 * @path: the file
 * @size: receives the length in bytes
 *
 * Return: the contents for free(), followed by a NUL; NULL if the file cannot be read.
 */
void *read_file(const char *path, size_t *size);

/**
 * write_file() - create or replace a file
 * @path: the file
 * @data: contents
 * @size: of @data in bytes
 *
 * Return: 0 or a negative errno.
 */
int write_file(const char *path, const void *data, size_t size);

/**
 * asleep() - is a process asleep in the kernel?
 * @pid: the process
 *
 * Tells that it has arrived in the call that it shall wait in.
 *
 * Return: true if it is, and any signal would wake it.
 */
bool asleep(pid_t pid);

/**
 * has_ended() - has a child ended?
 * @pid: the child, which is still to be waited for
 *
 * Return: true if it has, or if there is none.
 */
bool has_ended(pid_t pid);

/**
 * IN_CHILD() - make a call that may wait in a child
 * @call: expression; evaluated in the child only, which leaves with its errno, 0 if it succeeded
 *
 * Return: the child's process, negative if there is none.
 */
#define IN_CHILD(call)					\
({							\
	pid_t __pid = fork();				\
							\
	if (!__pid)					\
		_exit((call) < 0 ? errno : 0);		\
	__pid;						\
})

/**
 * run() - run a program and wait for it
 * @argv: program, found through PATH, and arguments; ends with NULL
 *
 * Return: its exit status, or -1 if it could not run or was killed.
 */
int run(const char *const argv[]);

#endif
