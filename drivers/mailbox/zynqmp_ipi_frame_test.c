// SPDX-License-Identifier: GPL-2.0-only
/*
 * Unit tests of messages in IPI buffers.
 *
 * Copyright (c) 2026 linux-amp developers
 */
#include <kunit/test.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/string.h>

#include "zynqmp_ipi_frame.h"

static void frame_usable(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, zynqmp_ipi_usable(0), (size_t)0);
	KUNIT_EXPECT_EQ(test, zynqmp_ipi_usable(3), (size_t)0);
	KUNIT_EXPECT_EQ(test, zynqmp_ipi_usable(31), (size_t)28);
	KUNIT_EXPECT_EQ(test, zynqmp_ipi_usable(32), (size_t)32);
	KUNIT_EXPECT_EQ(test, zynqmp_ipi_usable(4096), (size_t)32);
	KUNIT_EXPECT_EQ(test, zynqmp_ipi_usable(~0ULL), (size_t)32);
}

/* As in the devicetrees of Versal, and on the ZynqMP, whose buffers follow the same rule. */
static void frame_part(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, zynqmp_ipi_part(0xff3f0200, 0x1ff), 0x40);
	KUNIT_EXPECT_EQ(test, zynqmp_ipi_part(0xff3f0400, 0x1ff), 0x80);
	KUNIT_EXPECT_EQ(test, zynqmp_ipi_part(0xff3f0e00, 0x1ff), 0x1c0);
	KUNIT_EXPECT_EQ(test, zynqmp_ipi_part(0xff3f0e00, 0x1c0), -ERANGE);
	KUNIT_EXPECT_EQ(test, zynqmp_ipi_part(0xff3f0000, 0), -ERANGE);
	KUNIT_EXPECT_EQ(test, zynqmp_ipi_part(0xff990000, 0x200), 0);
	KUNIT_EXPECT_EQ(test, zynqmp_ipi_part(~0ULL, 0x200), 0x1c0);
}

static void frame_every_length(struct kunit *test)
{
	u8 data[ZYNQMP_IPI_MAX_BYTES], back[ZYNQMP_IPI_MAX_BYTES];
	u32 words[ZYNQMP_IPI_MAX_WORDS];
	size_t len, i;
	int num;

	for (i = 0; i < sizeof(data); i++)
		data[i] = i + 1;
	for (len = 0; len <= sizeof(data); len++) {
		memset(words, 0xff, sizeof(words));
		memset(back, 0xff, sizeof(back));
		num = zynqmp_ipi_pack(words, data, len, sizeof(data));
		KUNIT_EXPECT_EQ(test, num, (int)((len + 3) / 4));
		zynqmp_ipi_unpack(back, words, 4 * num);
		KUNIT_EXPECT_EQ(test, memcmp(back, data, len), 0);
		for (i = len; i < 4 * (size_t)num; i++)
			KUNIT_EXPECT_EQ(test, back[i], (u8)0);
		/* Nothing behind the message. */
		for (i = num; i < ZYNQMP_IPI_MAX_WORDS; i++)
			KUNIT_EXPECT_EQ(test, words[i], 0xffffffffU);
	}
}

static void frame_too_long(struct kunit *test)
{
	u8 data[ZYNQMP_IPI_MAX_BYTES + 1] = {};
	u32 words[ZYNQMP_IPI_MAX_WORDS];

	KUNIT_EXPECT_EQ(test, zynqmp_ipi_pack(words, data, 1, 0), -EMSGSIZE);
	KUNIT_EXPECT_EQ(test, zynqmp_ipi_pack(words, data, 29, 28), -EMSGSIZE);
	KUNIT_EXPECT_EQ(test, zynqmp_ipi_pack(words, data, 33, 32), -EMSGSIZE);
	KUNIT_EXPECT_EQ(test, zynqmp_ipi_pack(words, data, 33, 64), -EMSGSIZE);
	KUNIT_EXPECT_EQ(test, zynqmp_ipi_pack(words, data, (size_t)-1, 32), -EMSGSIZE);
	KUNIT_EXPECT_EQ(test, zynqmp_ipi_pack(words, data, 0, 0), 0);
}

static struct kunit_case zynqmp_ipi_frame_cases[] = {
	KUNIT_CASE(frame_usable),
	KUNIT_CASE(frame_part),
	KUNIT_CASE(frame_every_length),
	KUNIT_CASE(frame_too_long),
	{ }
};

static struct kunit_suite zynqmp_ipi_frame_suite = {
	.name = "zynqmp_ipi_frame",
	.test_cases = zynqmp_ipi_frame_cases,
};

kunit_test_suite(zynqmp_ipi_frame_suite);
