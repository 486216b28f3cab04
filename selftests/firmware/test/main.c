// SPDX-License-Identifier: GPL-2.0-only
/*
 * Runs all cases and prints KTAP.
 *
 * Copyright (c) 2026 linux-amp developers
 */

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>

#include <fw/compiler.h>

#include "ktap.h"

static const struct ktap_case * const suites[] = {
	vring_cases, rpmsg_cases, text_cases, thread_cases,
};

static jmp_buf case_end;

/**
 * ktap_check() - end the case if something does not hold
 * @ok:		it holds
 * @file:	where
 * @line:	where
 * @what:	its text
 *
 * Context: a case, main thread.
 */
void ktap_check(bool ok, const char *file, int line, const char *what)
{
	if (ok)
		return;
	printf("# %s:%d: %s\n", file, line, what);
	longjmp(case_end, 1);
}

/**
 * ktap_check_eq() - end the case if two numbers differ
 * @a:		one
 * @b:		the other
 * @file:	where
 * @line:	where
 * @what:	their text
 *
 * Context: a case, main thread.
 */
void ktap_check_eq(unsigned long long a, unsigned long long b, const char *file, int line,
		   const char *what)
{
	if (a != b)
		printf("# %#llx is not %#llx\n", a, b);
	ktap_check(a == b, file, line, what);
}

static bool run_case(const struct ktap_case *c)
{
	if (setjmp(case_end))
		return false;
	c->run();
	return true;
}

int main(void)
{
	const struct ktap_case *c;
	unsigned int n = 0, failed = 0, i;

	for (i = 0; i < ARRAY_SIZE(suites); i++)
		for (c = suites[i]; c->name; c++)
			n++;

	setvbuf(stdout, NULL, _IOLBF, 0);
	printf("KTAP version 1\n1..%u\n", n);
	n = 0;
	for (i = 0; i < ARRAY_SIZE(suites); i++) {
		for (c = suites[i]; c->name; c++) {
			bool ok = run_case(c);

			printf("%sok %u %s\n", ok ? "" : "not ", ++n, c->name);
			failed += !ok;
		}
	}
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
