// SPDX-License-Identifier: GPL-2.0-only
/*
 * Unit tests of the attach header: a good one as firmware in the field has it, and what becomes of
 * one with a field damaged.
 *
 * Copyright (c) 2026 linux-amp developers
 */
#include <kunit/test.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/string.h>
#include <asm/byteorder.h>

#include "amp_attach.h"

#define MAX_SIZE	0x10000

static const struct amp_mem map[] = {
	{ .name = "atcm0", .da = 0x00000, .pa = 0xffe00000, .len = 0x10000 },
	{ .name = "fw", .da = 0x3ed00000, .pa = 0x3ed00000, .len = 0x40000 },
	{ .name = "ring0", .role = AMP_MEM_VRING, .da = 0x3ed40000, .len = 0x4000 },
	{ .name = "vdev0buffer", .role = AMP_MEM_BUFFER, .da = 0x3ed48000, .len = 0x100000 },
	{ .name = "ocm", .da = 0xfffc0000, .pa = 0xfffc0000, .len = 0x40000 },
};

static struct amp_attach_header good(void)
{
	return (struct amp_attach_header){
		.version = cpu_to_le32(1),
		.magic = cpu_to_le32(AMP_ATTACH_MAGIC),
		.magic_complement = cpu_to_le32(~AMP_ATTACH_MAGIC),
		.table_size = cpu_to_le32(0x100),
		.table_da = cpu_to_le32(0x3ed00100),
	};
}

static int check(const struct amp_attach_header *h, struct amp_attach_table *table,
		 struct amp_fault *fault)
{
	return amp_attach_check(h, map, ARRAY_SIZE(map), MAX_SIZE, table, fault);
}

static void attach_good(struct kunit *test)
{
	struct amp_attach_header h = good();
	struct amp_attach_table table;
	struct amp_fault fault;

	KUNIT_EXPECT_TRUE(test, amp_attach_is_header(&h));
	KUNIT_EXPECT_EQ(test, check(&h, &table, &fault), 0);
	KUNIT_EXPECT_EQ(test, table.mem, 1U);
	KUNIT_EXPECT_EQ(test, table.da, 0x3ed00100U);
	KUNIT_EXPECT_EQ(test, table.size, 0x100U);

	/* In any memory, and up to its last byte. */
	h.table_da = cpu_to_le32(0x20);
	KUNIT_EXPECT_EQ(test, check(&h, &table, &fault), 0);
	KUNIT_EXPECT_EQ(test, table.mem, 0U);
	h.table_da = cpu_to_le32(0xffffff00);
	KUNIT_EXPECT_EQ(test, check(&h, &table, &fault), 0);
	KUNIT_EXPECT_EQ(test, table.mem, 4U);

	/* Nobody knows of a version that differs. */
	h.version = 0;
	KUNIT_EXPECT_EQ(test, check(&h, &table, &fault), 0);
}

static void attach_at_any_alignment(struct kunit *test)
{
	struct amp_attach_header h = good();
	u8 bytes[sizeof(h) + 1];
	struct amp_attach_table table;
	struct amp_fault fault;

	memcpy(bytes + 1, &h, sizeof(h));
	KUNIT_EXPECT_TRUE(test, amp_attach_is_header(bytes + 1));
	KUNIT_EXPECT_EQ(test, amp_attach_check(bytes + 1, map, ARRAY_SIZE(map), MAX_SIZE, &table,
					       &fault), 0);
}

static void attach_half_a_header(struct kunit *test)
{
	struct amp_attach_header h = good();
	struct amp_attach_table table;
	struct amp_fault fault;

	h.magic_complement = h.magic;
	KUNIT_EXPECT_TRUE(test, amp_attach_is_header(&h));
	KUNIT_EXPECT_EQ(test, check(&h, &table, &fault), -EBADMSG);
	KUNIT_EXPECT_STREQ(test, fault.field, "magic complement");

	h = good();
	h.magic = 0;
	KUNIT_EXPECT_TRUE(test, amp_attach_is_header(&h));
	KUNIT_EXPECT_EQ(test, check(&h, &table, &fault), -EBADMSG);
	KUNIT_EXPECT_STREQ(test, fault.field, "magic");

	memset(&h, 0, sizeof(h));
	KUNIT_EXPECT_FALSE(test, amp_attach_is_header(&h));
	memset(&h, 0xff, sizeof(h));
	KUNIT_EXPECT_FALSE(test, amp_attach_is_header(&h));
}

static void attach_bad_size(struct kunit *test)
{
	static const u32 sizes[] = { 0, 15, MAX_SIZE + 1, 0xffffffff };
	struct amp_attach_table table;
	struct amp_fault fault;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		struct amp_attach_header h = good();

		h.table_size = cpu_to_le32(sizes[i]);
		KUNIT_EXPECT_EQ(test, check(&h, &table, &fault), -EBADMSG);
		KUNIT_EXPECT_STREQ(test, fault.field, "table size");
	}
}

static void attach_bad_place(struct kunit *test)
{
	/* Nowhere; across the end; in buffers; in a ring; wrapping. */
	static const u32 places[] = {
		0x80000000, 0x3ed3ff81, 0x3ed48000, 0x3ed40000, 0xffffff81,
	};
	struct amp_attach_table table;
	struct amp_fault fault;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(places); i++) {
		struct amp_attach_header h = good();

		h.table_size = cpu_to_le32(0x80);
		h.table_da = cpu_to_le32(places[i]);
		KUNIT_EXPECT_EQ(test, check(&h, &table, &fault), -ENXIO);
	}
}

static struct kunit_case amp_attach_cases[] = {
	KUNIT_CASE(attach_good),
	KUNIT_CASE(attach_at_any_alignment),
	KUNIT_CASE(attach_half_a_header),
	KUNIT_CASE(attach_bad_size),
	KUNIT_CASE(attach_bad_place),
	{ }
};

static struct kunit_suite amp_attach_suite = {
	.name = "amp_attach",
	.test_cases = amp_attach_cases,
};

kunit_test_suite(amp_attach_suite);
