// SPDX-License-Identifier: GPL-2.0-only
/*
 * Unit tests of the i.MX Cortex-M4's view of memory.
 *
 * Copyright (c) 2026 linux-amp developers
 */
#include <kunit/test.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/string.h>
#include <asm/byteorder.h>

#include "imx_m4_map.h"

static const struct imx_m4_map *const imx7d = &imx_m4_map_imx7d;
static const struct imx_m4_map *const imx6sx = &imx_m4_map_imx6sx;
static const struct imx_m4_map *const imx7ulp = &imx_m4_map_imx7ulp;

static u64 alias(const struct imx_m4_map *map, u64 pa, u64 len, u64 first)
{
	const struct amp_mem mem = { .da = first, .pa = pa, .len = len };
	unsigned int pos = 0;
	u64 da;

	return imx_m4_next_alias(map, &pos, &mem, &da) ? da : 0;
}

/* As amp_rproc does it for a memory-region. */
static u64 first(const struct imx_m4_map *map, u64 pa, u64 len)
{
	return alias(map, pa, len, ~0ULL);
}

static void m4_windows(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, first(imx7d, 0x9fe00000, 0x40000), 0x9fe00000ULL);
	/* To the last byte, and not one more. */
	KUNIT_EXPECT_EQ(test, first(imx7d, 0xdffff000, 0x1000), 0xdffff000ULL);
	KUNIT_EXPECT_EQ(test, first(imx7d, 0xdffff000, 0x1001), 0ULL);
	KUNIT_EXPECT_EQ(test, first(imx7d, 0xe0000000, 1), 0ULL);
	KUNIT_EXPECT_EQ(test, first(imx7d, 0x7fffffff, 1), 0ULL);
	KUNIT_EXPECT_EQ(test, first(imx7d, 0x00947fff, 1), 0x00947fffULL);
	KUNIT_EXPECT_EQ(test, first(imx7d, 0x00947fff, 2), 0ULL);
	KUNIT_EXPECT_EQ(test, first(imx7d, 0x80000000, ~0ULL), 0ULL);
	/* The TCMs are one, and nothing is around them. */
	KUNIT_EXPECT_EQ(test, first(imx7d, 0x007ff000, 0x2000), 0x1ffff000ULL);
	KUNIT_EXPECT_EQ(test, first(imx7d, 0x007f7fff, 2), 0ULL);
	KUNIT_EXPECT_EQ(test, first(imx7d, 0x0080ffff, 2), 0ULL);
	KUNIT_EXPECT_EQ(test, alias(imx7d, 0x007ff000, 0x1000, 0x1ffff000), 0ULL);
	KUNIT_EXPECT_EQ(test, first(imx6sx, 0x007f8000, 0x1000), 0x1fff8000ULL);
	KUNIT_EXPECT_EQ(test, first(imx6sx, 0x008f8000, 0x4000), 0x208f8000ULL);
	KUNIT_EXPECT_EQ(test, first(imx6sx, 0x008f8000, 0x4001), 0ULL);
	KUNIT_EXPECT_EQ(test, first(imx7ulp, 0x9ff00000, 0x100000), 0x9ff00000ULL);
	KUNIT_EXPECT_EQ(test, first(imx7ulp, 0x9ff00000, 0x100001), 0ULL);
	/* Where NXP's devicetree has the resource table. */
	KUNIT_EXPECT_EQ(test, first(imx7ulp, 0x1fff8000, 0x1000), 0x1fff8000ULL);
	KUNIT_EXPECT_EQ(test, first(imx7ulp, 0x1ffcffff, 2), 0ULL);
	KUNIT_EXPECT_EQ(test, first(imx7ulp, 0x2000ffff, 2), 0ULL);
	/* The windows that are not used are nowhere, not at 0. */
	KUNIT_EXPECT_EQ(test, first(imx7ulp, 0, 0), 0ULL);
	KUNIT_EXPECT_EQ(test, alias(imx7ulp, 0x60000000, 0x1000, 0x60000000), 0ULL);
}

static void m4_aliases(struct kunit *test)
{
	/* Code's view of the DDR: its first 256 MiB less 64 KiB. */
	KUNIT_EXPECT_EQ(test, alias(imx7d, 0x80000000, 0x40000, 0x80000000), 0x10000000ULL);
	KUNIT_EXPECT_EQ(test, alias(imx7d, 0x8ffef000, 0x1000, 0x8ffef000), 0x1ffef000ULL);
	KUNIT_EXPECT_EQ(test, alias(imx7d, 0x8ffef000, 0x1001, 0x8ffef000), 0ULL);
	KUNIT_EXPECT_EQ(test, alias(imx7d, 0x8fff0000, 0x1000, 0x8fff0000), 0ULL);
	KUNIT_EXPECT_EQ(test, alias(imx7d, 0x9fe00000, 0x40000, 0x9fe00000), 0ULL);
	KUNIT_EXPECT_EQ(test, alias(imx6sx, 0x8fff0000, 0x8000, 0x8fff0000), 0x1fff0000ULL);
	KUNIT_EXPECT_EQ(test, alias(imx7d, 0x00900000, 0x20000, 0x00900000), 0x20200000ULL);
	KUNIT_EXPECT_EQ(test, alias(imx7d, 0x00920000, 0x28000, 0x00920000), 0x20220000ULL);
	KUNIT_EXPECT_EQ(test, alias(imx6sx, 0x008f8000, 0x4000, 0x208f8000), 0x00180000ULL);
}

/* Nothing of the firmware may be loaded to two places, or to none. */
static void expect_disjoint(struct kunit *test, const struct imx_m4_map *map)
{
	unsigned int i, j;

	for (i = 0; i < map->num_own; i++)
		for (j = i + 1; j < map->num_own; j++) {
			const struct amp_mem_window *a = &map->own[i].window;
			const struct amp_mem_window *b = &map->own[j].window;

			KUNIT_EXPECT_EQ(test, a->da < b->da ? a->da + a->len > b->da :
							      b->da + b->len > a->da, 0);
			KUNIT_EXPECT_NE(test, strcmp(map->own[i].name, map->own[j].name), 0);
		}
}

/* A region in it is where the core's own memory is, by the same address. */
static void expect_in_windows(struct kunit *test, const struct imx_m4_map *map)
{
	unsigned int i;

	for (i = 0; i < map->num_own; i++)
		if (!map->own[i].alias)
			KUNIT_EXPECT_EQ(test, first(map, map->own[i].window.pa,
						    map->own[i].window.len),
					map->own[i].window.da);
}

static void m4_own(struct kunit *test)
{
	expect_disjoint(test, imx7d);
	expect_disjoint(test, imx6sx);
	expect_disjoint(test, imx7ulp);
	expect_in_windows(test, imx7d);
	expect_in_windows(test, imx6sx);
	expect_in_windows(test, imx7ulp);
}

static void m4_covers_boot(struct kunit *test)
{
	KUNIT_EXPECT_TRUE(test, imx_m4_covers_boot(imx7d, 0, 8));
	KUNIT_EXPECT_TRUE(test, imx_m4_covers_boot(imx7d, 7, 1));
	KUNIT_EXPECT_FALSE(test, imx_m4_covers_boot(imx7d, 8, 0x100));
	KUNIT_EXPECT_FALSE(test, imx_m4_covers_boot(imx7d, 0, 0));
	KUNIT_EXPECT_TRUE(test, imx_m4_covers_boot(imx7d, 0x180000, 0x400));
	KUNIT_EXPECT_TRUE(test, imx_m4_covers_boot(imx7d, 0x17fff0, 0x11));
	KUNIT_EXPECT_FALSE(test, imx_m4_covers_boot(imx7d, 0x17fff0, 0x10));
	KUNIT_EXPECT_FALSE(test, imx_m4_covers_boot(imx7d, 0x1fff8000, 0x8000));
	KUNIT_EXPECT_FALSE(test, imx_m4_covers_boot(imx7d, 0x80000000, 0x40000));
	/* Here TCML is what is at 0. */
	KUNIT_EXPECT_TRUE(test, imx_m4_covers_boot(imx6sx, 0x1fff8000, 0x400));
	KUNIT_EXPECT_TRUE(test, imx_m4_covers_boot(imx6sx, 0, 4));
	KUNIT_EXPECT_FALSE(test, imx_m4_covers_boot(imx6sx, 0x1fff8008, 0x400));
	KUNIT_EXPECT_FALSE(test, imx_m4_covers_boot(imx6sx, 0x180000, 0x400));
}

static void put32(u8 *p, u32 v)
{
	__le32 le = cpu_to_le32(v);

	memcpy(p, &le, sizeof(le));
}

static void m4_vectors(struct kunit *test)
{
	struct imx_m4_boot boot;
	u8 data[300] = { };

#define FIND(size, da, entry) imx_m4_find_vectors(imx7d, data, size, da, entry, &boot)
	KUNIT_EXPECT_FALSE(test, FIND(300, 0x80000000, 0x80000401));

	/* The end of TCMU, and the entry point without the Thumb bit, as some linkers have it. */
	put32(data + 128, 0x20008000);
	put32(data + 132, 0x80000401);
	KUNIT_EXPECT_TRUE(test, FIND(300, 0x80000000, 0x80000400));
	KUNIT_EXPECT_EQ(test, boot.sp, 0x20008000U);
	KUNIT_EXPECT_EQ(test, boot.pc, 0x80000401U);
	KUNIT_EXPECT_TRUE(test, FIND(136, 0x80000000, 0x80000401));
	/* It ends one byte too early. */
	KUNIT_EXPECT_FALSE(test, FIND(135, 0x80000000, 0x80000401));
	/* The segment begins askew, so the words are not where a table can be. */
	KUNIT_EXPECT_FALSE(test, FIND(300, 0x80000040, 0x80000401));
	KUNIT_EXPECT_FALSE(test, FIND(0, 0x80000000, 0x80000401));
	KUNIT_EXPECT_FALSE(test, FIND(7, 0x80000000, 0x80000401));
	/* Other entry point, or none. */
	KUNIT_EXPECT_FALSE(test, FIND(300, 0x80000000, 0x80000403));
	put32(data + 132, 1);
	KUNIT_EXPECT_FALSE(test, FIND(300, 0x80000000, 0));

	/* Words that are no stack pointers. */
	put32(data + 132, 0x80000401);
	put32(data + 128, 0x20008002);
	KUNIT_EXPECT_FALSE(test, FIND(300, 0x80000000, 0x80000401));
	put32(data + 128, 0x20008004);
	KUNIT_EXPECT_FALSE(test, FIND(300, 0x80000000, 0x80000401));
	put32(data + 128, 0x1fff8000);
	KUNIT_EXPECT_FALSE(test, FIND(300, 0x80000000, 0x80000401));
	put32(data + 128, 0xe0000000);
	KUNIT_EXPECT_TRUE(test, FIND(300, 0x80000000, 0x80000401));
	put32(data + 128, 0);
	KUNIT_EXPECT_FALSE(test, FIND(300, 0x80000000, 0x80000401));

	/* The last address that there is. */
	KUNIT_EXPECT_FALSE(test, FIND(300, 0xfffffff0, 0x80000401));
#undef FIND
}

static struct kunit_case imx_m4_map_cases[] = {
	KUNIT_CASE(m4_windows),
	KUNIT_CASE(m4_aliases),
	KUNIT_CASE(m4_own),
	KUNIT_CASE(m4_covers_boot),
	KUNIT_CASE(m4_vectors),
	{ }
};

static struct kunit_suite imx_m4_map_suite = {
	.name = "imx_m4_map",
	.test_cases = imx_m4_map_cases,
};

kunit_test_suite(imx_m4_map_suite);
