/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Copyright (c) 2026 linux-amp developers
 *
 * Host shim: the part of KUnit that the unit tests use, printing nested KTAP.
 * It offers nothing that Linux 6.1's KUnit lacks, so that every test file also
 * builds as a kernel module. The runner is in ../kunit.c.
 */
#ifndef _SHIM_KUNIT_TEST_H
#define _SHIM_KUNIT_TEST_H

#include <setjmp.h>
#include <stdio.h>
#include <string.h>
#include <linux/kernel.h>
#include <linux/types.h>

#define KUNIT_PARAM_DESC_SIZE	128
#define GFP_KERNEL		0

struct kunit_alloc;

struct kunit {
	void *priv;
	const void *param_value;
	/* private to the runner */
	bool failed;
	bool skipped;
	const char *skip_reason;
	struct kunit_alloc *allocs;
	jmp_buf abort;
};

struct kunit_case {
	void (*run_case)(struct kunit *test);
	const char *name;
	const void *(*generate_params)(const void *prev, char *desc);
};

struct kunit_suite {
	const char name[256];
	int (*init)(struct kunit *test);
	void (*exit)(struct kunit *test);
	struct kunit_case *test_cases;
};

extern struct kunit_suite *const kunit_shim_suites[];

void *kunit_kmalloc(struct kunit *test, size_t size, unsigned int gfp);
void *kunit_kzalloc(struct kunit *test, size_t size, unsigned int gfp);
void kunit_shim_fail(struct kunit *test, const char *file, int line,
		     bool is_assert, const char *fmt, ...) __printf(5, 6);
void kunit_shim_log(const char *fmt, ...) __printf(1, 2);
void kunit_shim_skip(struct kunit *test, const char *reason)
	__attribute__((__noreturn__));

#define KUNIT_CASE(fn)		{ .run_case = fn, .name = #fn }
#define KUNIT_CASE_PARAM(fn, gen) \
	{ .run_case = fn, .name = #fn, .generate_params = gen }
#define KUNIT_ARRAY_PARAM(n, array, get_desc)				\
	static const void *n##_gen_params(const void *prev, char *desc)	\
	{								\
		typeof(&(array)[0]) next = prev ?			\
			(typeof(next))prev + 1 : (array);		\
		void (*__desc)(typeof(next) elem, char *to) = get_desc;	\
									\
		if (next - (array) >= (ptrdiff_t)ARRAY_SIZE(array))	\
			return NULL;					\
		if (__desc)						\
			__desc(next, desc);				\
		return next;						\
	}

#define kunit_test_suites(...) \
	struct kunit_suite *const kunit_shim_suites[] = { __VA_ARGS__, NULL }
#define kunit_test_suite(suite)	kunit_test_suites(&(suite))

#define kunit_info(test, fmt, ...) \
	((void)(test), kunit_shim_log(fmt, ##__VA_ARGS__))
#define kunit_skip(test, reason)	kunit_shim_skip(test, reason)

#define KUNIT_FAIL(test, fmt, ...) \
	kunit_shim_fail(test, __FILE__, __LINE__, false, fmt, ##__VA_ARGS__)

#define __kunit_binary(test, is_assert, l, op, r) do {			\
	__typeof__(l) _kl = (l);					\
	__typeof__(r) _kr = (r);					\
									\
	if (!(_kl op _kr))						\
		kunit_shim_fail(test, __FILE__, __LINE__, is_assert,	\
			"expected %s %s %s, got %lld (%#llx) and %lld (%#llx)", \
			#l, #op, #r, (long long)_kl,			\
			(unsigned long long)_kl, (long long)_kr,	\
			(unsigned long long)_kr);			\
} while (0)

#define __kunit_ptr(test, is_assert, l, op, r) do {			\
	const void *_kl = (l);						\
	const void *_kr = (r);						\
									\
	if (!(_kl op _kr))						\
		kunit_shim_fail(test, __FILE__, __LINE__, is_assert,	\
			"expected %s %s %s, got %p and %p", #l, #op, #r, \
			_kl, _kr);					\
} while (0)

#define __kunit_str(test, is_assert, l, op, r) do {			\
	const char *_kl = (l);						\
	const char *_kr = (r);						\
									\
	if (!(strcmp(_kl, _kr) op 0))					\
		kunit_shim_fail(test, __FILE__, __LINE__, is_assert,	\
			"expected %s %s %s, got \"%s\" and \"%s\"",	\
			#l, #op, #r, _kl, _kr);				\
} while (0)

#define __kunit_bool(test, is_assert, cond, want) do {			\
	if (!!(cond) != (want))						\
		kunit_shim_fail(test, __FILE__, __LINE__, is_assert,	\
			"expected %s to be %s", #cond,			\
			(want) ? "true" : "false");			\
} while (0)

#define KUNIT_EXPECT_EQ(test, l, r)	__kunit_binary(test, false, l, ==, r)
#define KUNIT_EXPECT_NE(test, l, r)	__kunit_binary(test, false, l, !=, r)
#define KUNIT_EXPECT_LT(test, l, r)	__kunit_binary(test, false, l, <, r)
#define KUNIT_EXPECT_LE(test, l, r)	__kunit_binary(test, false, l, <=, r)
#define KUNIT_EXPECT_GT(test, l, r)	__kunit_binary(test, false, l, >, r)
#define KUNIT_EXPECT_GE(test, l, r)	__kunit_binary(test, false, l, >=, r)
#define KUNIT_EXPECT_TRUE(test, c)	__kunit_bool(test, false, c, true)
#define KUNIT_EXPECT_FALSE(test, c)	__kunit_bool(test, false, c, false)
#define KUNIT_EXPECT_PTR_EQ(test, l, r)	__kunit_ptr(test, false, l, ==, r)
#define KUNIT_EXPECT_PTR_NE(test, l, r)	__kunit_ptr(test, false, l, !=, r)
#define KUNIT_EXPECT_NULL(test, p)	__kunit_ptr(test, false, p, ==, NULL)
#define KUNIT_EXPECT_NOT_NULL(test, p)	__kunit_ptr(test, false, p, !=, NULL)
#define KUNIT_EXPECT_STREQ(test, l, r)	__kunit_str(test, false, l, ==, r)
#define KUNIT_EXPECT_STRNEQ(test, l, r)	__kunit_str(test, false, l, !=, r)

#define KUNIT_ASSERT_EQ(test, l, r)	__kunit_binary(test, true, l, ==, r)
#define KUNIT_ASSERT_NE(test, l, r)	__kunit_binary(test, true, l, !=, r)
#define KUNIT_ASSERT_LT(test, l, r)	__kunit_binary(test, true, l, <, r)
#define KUNIT_ASSERT_LE(test, l, r)	__kunit_binary(test, true, l, <=, r)
#define KUNIT_ASSERT_GT(test, l, r)	__kunit_binary(test, true, l, >, r)
#define KUNIT_ASSERT_GE(test, l, r)	__kunit_binary(test, true, l, >=, r)
#define KUNIT_ASSERT_TRUE(test, c)	__kunit_bool(test, true, c, true)
#define KUNIT_ASSERT_FALSE(test, c)	__kunit_bool(test, true, c, false)
#define KUNIT_ASSERT_PTR_EQ(test, l, r)	__kunit_ptr(test, true, l, ==, r)
#define KUNIT_ASSERT_PTR_NE(test, l, r)	__kunit_ptr(test, true, l, !=, r)
#define KUNIT_ASSERT_NOT_NULL(test, p)	__kunit_ptr(test, true, p, !=, NULL)
#define KUNIT_ASSERT_STREQ(test, l, r)	__kunit_str(test, true, l, ==, r)

#define __kunit_msg(test, is_assert, cond, fmt, ...) do {		\
	if (!(cond))							\
		kunit_shim_fail(test, __FILE__, __LINE__, is_assert,	\
				"%s: " fmt, #cond, ##__VA_ARGS__);	\
} while (0)

#define KUNIT_EXPECT_EQ_MSG(test, l, r, fmt, ...) \
	__kunit_msg(test, false, (l) == (r), fmt, ##__VA_ARGS__)
#define KUNIT_EXPECT_NE_MSG(test, l, r, fmt, ...) \
	__kunit_msg(test, false, (l) != (r), fmt, ##__VA_ARGS__)
#define KUNIT_EXPECT_TRUE_MSG(test, c, fmt, ...) \
	__kunit_msg(test, false, c, fmt, ##__VA_ARGS__)
#define KUNIT_EXPECT_FALSE_MSG(test, c, fmt, ...) \
	__kunit_msg(test, false, !(c), fmt, ##__VA_ARGS__)
#define KUNIT_ASSERT_EQ_MSG(test, l, r, fmt, ...) \
	__kunit_msg(test, true, (l) == (r), fmt, ##__VA_ARGS__)
#define KUNIT_EXPECT_STREQ_MSG(test, l, r, fmt, ...) \
	__kunit_msg(test, false, strcmp(l, r) == 0, fmt, ##__VA_ARGS__)

#endif /* _SHIM_KUNIT_TEST_H */
