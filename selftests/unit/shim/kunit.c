// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (c) 2026 linux-amp developers
 *
 * Host runner for one test program: runs every case of its suites and prints
 * KTAP, indented by one level because run-unit.sh prints the level above.
 * The exit status is 0 only if no case failed.
 */

#include <stdarg.h>
#include <stdlib.h>
#include <kunit/test.h>

struct kunit_alloc {
	struct kunit_alloc *next;
	max_align_t data[];
};

static const char *indent = "    ";

void kunit_shim_log(const char *fmt, ...)
{
	va_list args;

	printf("%s# ", indent);
	va_start(args, fmt);
	vprintf(fmt, args);
	va_end(args);
	if (!*fmt || fmt[strlen(fmt) - 1] != '\n')
		putchar('\n');
}

void kunit_shim_fail(struct kunit *test, const char *file, int line,
		     bool is_assert, const char *fmt, ...)
{
	va_list args;

	test->failed = true;
	printf("%s# %s:%d: ", indent, file, line);
	va_start(args, fmt);
	vprintf(fmt, args);
	va_end(args);
	putchar('\n');
	if (is_assert)
		longjmp(test->abort, 1);
}

void kunit_shim_skip(struct kunit *test, const char *reason)
{
	test->skipped = true;
	test->skip_reason = reason;
	longjmp(test->abort, 1);
}

void *kunit_kmalloc(struct kunit *test, size_t size, unsigned int gfp)
{
	struct kunit_alloc *alloc = malloc(sizeof(*alloc) + size);

	(void)gfp;
	if (!alloc)
		return NULL;
	alloc->next = test->allocs;
	test->allocs = alloc;
	return alloc->data;
}

void *kunit_kzalloc(struct kunit *test, size_t size, unsigned int gfp)
{
	void *p = kunit_kmalloc(test, size, gfp);

	return p ? memset(p, 0, size) : NULL;
}

static void run_once(struct kunit *test, struct kunit_suite *suite,
		     struct kunit_case *c)
{
	struct kunit_alloc *alloc;

	if (!setjmp(test->abort)) {
		if (suite->init && suite->init(test))
			KUNIT_FAIL(test, "init of suite %s failed", suite->name);
		else
			c->run_case(test);
	}
	if (suite->exit)
		suite->exit(test);

	while ((alloc = test->allocs)) {
		test->allocs = alloc->next;
		free(alloc);
	}
	test->priv = NULL;
}

static void run_params(struct kunit *test, struct kunit_suite *suite,
		       struct kunit_case *c)
{
	char desc[KUNIT_PARAM_DESC_SIZE] = "";
	const void *param = c->generate_params(NULL, desc);

	for (; param; param = c->generate_params(param, desc)) {
		bool failed_before = test->failed;

		test->param_value = param;
		test->failed = false;
		run_once(test, suite, c);
		if (test->failed)
			kunit_shim_log("parameter failed: %s", desc);
		test->failed |= failed_before;
		desc[0] = '\0';
	}
}

static bool run_case(struct kunit_suite *suite, struct kunit_case *c, int nr)
{
	struct kunit test = { 0 };

	if (c->generate_params)
		run_params(&test, suite, c);
	else
		run_once(&test, suite, c);

	printf("%s%s %d %s.%s%s%s\n", indent, test.failed ? "not ok" : "ok", nr,
	       suite->name, c->name, test.skipped ? " # SKIP " : "",
	       test.skipped ? test.skip_reason : "");
	fflush(stdout);
	return !test.failed;
}

int main(void)
{
	struct kunit_suite *const *suite;
	struct kunit_case *c;
	int total = 0, nr = 0, failed = 0;

	for (suite = kunit_shim_suites; *suite; suite++)
		for (c = (*suite)->test_cases; c->run_case; c++)
			total++;

	printf("%sKTAP version 1\n%s1..%d\n", indent, indent, total);
	fflush(stdout);
	for (suite = kunit_shim_suites; *suite; suite++)
		for (c = (*suite)->test_cases; c->run_case; c++)
			failed += !run_case(*suite, c, ++nr);

	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
