// SPDX-License-Identifier: GPL-2.0-only
/*
 * Unit tests of the layout of devicetree-defined RPMsg.
 *
 * Copyright (c) 2026 linux-amp developers
 */
#include <kunit/test.h>
#include <linux/errno.h>
#include <linux/kernel.h>

#include "imx_rpmsg_layout.h"

static const struct imx_rpmsg_region regions[] = {
	{ 0x8fff0000, 0x10000 },
	{ 0xbfff0000, 0x8000 },		/* room for half a device: passed over */
	{ 0xbff00000, 0x2ffff },
};

static void layout_place(struct kunit *test)
{
	u64 start = 0;

	KUNIT_EXPECT_EQ(test, imx_rpmsg_place(regions, 3, 0, &start), 0);
	KUNIT_EXPECT_EQ(test, start, 0x8fff0000ULL);
	KUNIT_EXPECT_EQ(test, imx_rpmsg_place(regions, 3, 1, &start), 0);
	KUNIT_EXPECT_EQ(test, start, 0xbff00000ULL);
	KUNIT_EXPECT_EQ(test, imx_rpmsg_place(regions, 3, 2, &start), 0);
	KUNIT_EXPECT_EQ(test, start, 0xbff10000ULL);
	KUNIT_EXPECT_EQ(test, imx_rpmsg_place(regions, 3, 3, &start), -ENOSPC);
	KUNIT_EXPECT_EQ(test, imx_rpmsg_place(regions, 1, 1, &start), -ENOSPC);
	KUNIT_EXPECT_EQ(test, imx_rpmsg_place(regions, 0, 0, &start), -ENOSPC);
}

static void layout_bad_regions(struct kunit *test)
{
	const struct imx_rpmsg_region askew = { 0x8fff0800, 0x10000 };
	const struct imx_rpmsg_region high = { 0x100000000ULL, 0x10000 };
	const struct imx_rpmsg_region across = { 0xffff8000, 0x10000 };
	const struct imx_rpmsg_region wraps = { 0x80000000, ~0ULL };
	const struct imx_rpmsg_region last = { 0xffff0000, 0x10000 };
	u64 start = 0;

	KUNIT_EXPECT_EQ(test, imx_rpmsg_place(&askew, 1, 0, &start), -EINVAL);
	KUNIT_EXPECT_EQ(test, imx_rpmsg_place(&high, 1, 0, &start), -EINVAL);
	KUNIT_EXPECT_EQ(test, imx_rpmsg_place(&across, 1, 0, &start), -EINVAL);
	KUNIT_EXPECT_EQ(test, imx_rpmsg_place(&wraps, 1, 0, &start), -EINVAL);
	KUNIT_EXPECT_EQ(test, imx_rpmsg_place(&last, 1, 0, &start), 0);
	KUNIT_EXPECT_EQ(test, start, 0xffff0000ULL);
}

static void layout_overlap(struct kunit *test)
{
	KUNIT_EXPECT_TRUE(test, imx_rpmsg_overlap(0xbfff0000, 0xbfff0000));
	KUNIT_EXPECT_TRUE(test, imx_rpmsg_overlap(0xbfff0000, 0xbffe1000));
	KUNIT_EXPECT_TRUE(test, imx_rpmsg_overlap(0xbffe1000, 0xbfff0000));
	KUNIT_EXPECT_FALSE(test, imx_rpmsg_overlap(0xbfff0000, 0xbffe0000));
	KUNIT_EXPECT_FALSE(test, imx_rpmsg_overlap(0xbffe0000, 0xbfff0000));
	KUNIT_EXPECT_FALSE(test, imx_rpmsg_overlap(0x0, 0xffff0000));
}

static void layout_reachable(struct kunit *test)
{
	KUNIT_EXPECT_TRUE(test, imx_rpmsg_reachable(0x80000000, 0x60000000));
	KUNIT_EXPECT_TRUE(test, imx_rpmsg_reachable(0xdfff0000, 0x10000));
	KUNIT_EXPECT_TRUE(test, imx_rpmsg_reachable(0x00900000, 0x48000));
	KUNIT_EXPECT_TRUE(test, imx_rpmsg_reachable(0x00938000, 0x10000));

	KUNIT_EXPECT_FALSE(test, imx_rpmsg_reachable(0xe0000000, 0x10000));
	KUNIT_EXPECT_FALSE(test, imx_rpmsg_reachable(0xffff0000, 0x10000));
	KUNIT_EXPECT_FALSE(test, imx_rpmsg_reachable(0xdfff1000, 0x10000));
	KUNIT_EXPECT_FALSE(test, imx_rpmsg_reachable(0x7ffff000, 0x10000));
	KUNIT_EXPECT_FALSE(test, imx_rpmsg_reachable(0x80000000, 0x60000001));
	KUNIT_EXPECT_FALSE(test, imx_rpmsg_reachable(0x80000000, ~0ULL));
	KUNIT_EXPECT_FALSE(test, imx_rpmsg_reachable(0x180000000ULL, 0x10000));
	/* Tightly coupled memory is elsewhere for the core. */
	KUNIT_EXPECT_FALSE(test, imx_rpmsg_reachable(0x007f8000, 0x8000));
	KUNIT_EXPECT_FALSE(test, imx_rpmsg_reachable(0x00939000, 0x10000));
}

static void layout_words(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, imx_rpmsg_decode(0x00000000, 1), 0);
	KUNIT_EXPECT_EQ(test, imx_rpmsg_decode(0x0001ffff, 1), 1);
	KUNIT_EXPECT_EQ(test, imx_rpmsg_decode(0x00020000, 1), -EBADMSG);
	KUNIT_EXPECT_EQ(test, imx_rpmsg_decode(0x000f0000, 8), 15);
	KUNIT_EXPECT_EQ(test, imx_rpmsg_decode(0x00100000, 8), -EBADMSG);
	KUNIT_EXPECT_EQ(test, imx_rpmsg_decode(0xffffffff, 8), -EBADMSG);
	KUNIT_EXPECT_EQ(test, imx_rpmsg_decode(0, 0), -EBADMSG);
	KUNIT_EXPECT_EQ(test, imx_rpmsg_encode(0), 0U);
	KUNIT_EXPECT_EQ(test, imx_rpmsg_encode(15), 0xf0000U);
}

static void layout_restart_delay(struct kunit *test)
{
	const u64 start = 0xffff8ad0;	/* jiffies of a 32-bit kernel begin near their end */

	KUNIT_EXPECT_EQ(test, imx_rpmsg_restart_delay(start, start, 250), 250UL);
	KUNIT_EXPECT_EQ(test, imx_rpmsg_restart_delay(start + 1, start, 250), 249UL);
	KUNIT_EXPECT_EQ(test, imx_rpmsg_restart_delay(start + 249, start, 250), 1UL);
	KUNIT_EXPECT_EQ(test, imx_rpmsg_restart_delay(start + 250, start, 250), 0UL);
	/* Never done yet. */
	KUNIT_EXPECT_EQ(test, imx_rpmsg_restart_delay(start, start - 250, 250), 0UL);
	KUNIT_EXPECT_EQ(test, imx_rpmsg_restart_delay(10, 10 - 250ULL, 250), 0UL);
	/* 32 bits of it have gone half round, and all round. */
	KUNIT_EXPECT_EQ(test, imx_rpmsg_restart_delay(start + 0x80000100, start, 250), 0UL);
	KUNIT_EXPECT_EQ(test, imx_rpmsg_restart_delay(start + 0x100000000, start, 250), 0UL);
	KUNIT_EXPECT_EQ(test, imx_rpmsg_restart_delay(start + 0x100000001, start, 250), 0UL);
}

static struct kunit_case imx_rpmsg_layout_cases[] = {
	KUNIT_CASE(layout_place),
	KUNIT_CASE(layout_bad_regions),
	KUNIT_CASE(layout_overlap),
	KUNIT_CASE(layout_reachable),
	KUNIT_CASE(layout_words),
	KUNIT_CASE(layout_restart_delay),
	{ }
};

static struct kunit_suite imx_rpmsg_layout_suite = {
	.name = "imx_rpmsg_layout",
	.test_cases = imx_rpmsg_layout_cases,
};

kunit_test_suite(imx_rpmsg_layout_suite);
