/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The little of a test framework that these tests need: cases that print KTAP,
 * and checks that end a case.
 *
 * Copyright (c) 2026 linux-amp developers
 */

#ifndef KTAP_H
#define KTAP_H

#include <stdbool.h>

/**
 * struct ktap_case - one test case
 * @name:	for the result line
 * @run:	passes by returning; a check that fails does not return
 */
struct ktap_case {
	const char *name;
	void (*run)(void);
};

#define KTAP_CASE(fn) { #fn, fn }

/* Main thread only */
void ktap_check(bool ok, const char *file, int line, const char *what);
void ktap_check_eq(unsigned long long a, unsigned long long b, const char *file, int line,
		   const char *what);

#define CHECK(cond) ktap_check((cond), __FILE__, __LINE__, #cond)
#define CHECK_EQ(a, b) ktap_check_eq((a), (b), __FILE__, __LINE__, #a " == " #b)

extern const struct ktap_case vring_cases[], rpmsg_cases[], text_cases[], thread_cases[];

#endif
