// SPDX-License-Identifier: GPL-2.0-only
/*
 * Unit tests of what a Zynq-7000 devicetree, module parameter or firmware may say.
 *
 * Copyright (c) 2026 linux-amp developers
 */
#include <kunit/test.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/string.h>

#include "zynq_layout.h"

static const char *why;
static u32 sgi[2];

static int choose(struct zynq_sgi_wish wish)
{
	why = NULL;
	sgi[0] = 0;
	sgi[1] = 0;
	return zynq_choose_sgis(&wish, sgi, &why);
}

#define PARAM(to, from)	.param = { to, from }, .num_param = 2

static void sgi_default(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, choose((struct zynq_sgi_wish){ PARAM(14, 15) }), 0);
	KUNIT_EXPECT_EQ(test, sgi[ZYNQ_SGI_TO_REMOTE], 14);
	KUNIT_EXPECT_EQ(test, sgi[ZYNQ_SGI_FROM_REMOTE], 15);
	KUNIT_EXPECT_EQ(test, choose((struct zynq_sgi_wish){ PARAM(8, 9) }), 0);
	KUNIT_EXPECT_EQ(test, sgi[ZYNQ_SGI_TO_REMOTE], 8);
}

static void sgi_devicetree(struct kunit *test)
{
	struct zynq_sgi_wish wish = { PARAM(14, 15), .dt = { 11, 12 }, .has_dt = { true, true } };

	KUNIT_EXPECT_EQ(test, choose(wish), 0);
	KUNIT_EXPECT_EQ(test, sgi[ZYNQ_SGI_TO_REMOTE], 11);
	KUNIT_EXPECT_EQ(test, sgi[ZYNQ_SGI_FROM_REMOTE], 12);

	/* One of them only. */
	wish.has_dt[ZYNQ_SGI_TO_REMOTE] = false;
	KUNIT_EXPECT_EQ(test, choose(wish), 0);
	KUNIT_EXPECT_EQ(test, sgi[ZYNQ_SGI_TO_REMOTE], 14);
	KUNIT_EXPECT_EQ(test, sgi[ZYNQ_SGI_FROM_REMOTE], 12);

	/* A parameter that is not used may be anything, a number too few is still a mistake. */
	wish.has_dt[ZYNQ_SGI_TO_REMOTE] = true;
	wish.param[0] = -1;
	KUNIT_EXPECT_EQ(test, choose(wish), 0);
	wish.num_param = 1;
	KUNIT_EXPECT_EQ(test, choose(wish), -EINVAL);
}

static void sgi_wrong(struct kunit *test)
{
	static const int bad[] = { 0, 7, 16, 17, 255, 256 + 14, -1, -2, 0x7fffffff, -0x7fffffff };
	struct zynq_sgi_wish wish;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		KUNIT_EXPECT_EQ(test, choose((struct zynq_sgi_wish){ PARAM(bad[i], 15) }), -EINVAL);
		KUNIT_EXPECT_NOT_NULL(test, why);
		KUNIT_EXPECT_EQ(test, choose((struct zynq_sgi_wish){ PARAM(14, bad[i]) }), -EINVAL);

		wish = (struct zynq_sgi_wish){ PARAM(14, 15), .has_dt = { true, false } };
		wish.dt[0] = bad[i];
		KUNIT_EXPECT_EQ(test, choose(wish), -EINVAL);
		KUNIT_EXPECT_NOT_NULL(test, why);
	}

	KUNIT_EXPECT_EQ(test, choose((struct zynq_sgi_wish){ PARAM(14, 14) }), -EINVAL);
	KUNIT_EXPECT_EQ(test, choose((struct zynq_sgi_wish){ .num_param = 0 }), -EINVAL);
	/* Devicetree and parameter together. */
	wish = (struct zynq_sgi_wish){ PARAM(14, 15), .dt = { 15 }, .has_dt = { true, false } };
	KUNIT_EXPECT_EQ(test, choose(wish), -EINVAL);
}

static const struct amp_mem map[] = {
	{ .name = "rproc", .da = 0x3e000000, .pa = 0x3e000000, .len = 0x400000 },
	{ .name = "vdev0vring0", .role = AMP_MEM_VRING, .da = 0x3e400000, .len = 0x4000 },
	{ .name = "vdev0buffer", .role = AMP_MEM_BUFFER, .da = 0x3e408000, .len = 0x40000 },
	{ .name = "low", .da = 0, .pa = 0, .len = 0x1000 },
};

static void entry_point(struct kunit *test)
{
#define CHECK(entry)	zynq_check_entry(map, ARRAY_SIZE(map), entry, &why)
	KUNIT_EXPECT_EQ(test, CHECK(0x3e000000), 0);
	KUNIT_EXPECT_EQ(test, CHECK(0x3e3ffffc), 0);
	KUNIT_EXPECT_EQ(test, CHECK(0), 0);
	KUNIT_EXPECT_EQ(test, CHECK(0x20), 0);

	/* Thumb; in the vectors; outside; in a ring or a buffer; not 32 bits. */
	KUNIT_EXPECT_EQ(test, CHECK(0x3e000001), -EINVAL);
	KUNIT_EXPECT_EQ(test, CHECK(0x3e000002), -EINVAL);
	KUNIT_EXPECT_EQ(test, CHECK(4), -EINVAL);
	KUNIT_EXPECT_EQ(test, CHECK(0x1c), -EINVAL);
	KUNIT_EXPECT_EQ(test, CHECK(0x1000), -ENXIO);
	KUNIT_EXPECT_EQ(test, CHECK(0x3dfffffc), -ENXIO);
	KUNIT_EXPECT_EQ(test, CHECK(0x3e400000), -ENXIO);
	KUNIT_EXPECT_EQ(test, CHECK(0x3e408000), -ENXIO);
	KUNIT_EXPECT_EQ(test, CHECK(0x13e000000ULL), -ENXIO);
#undef CHECK
	KUNIT_EXPECT_EQ(test, zynq_check_entry(map, 1, 0, &why), -ENXIO);
	KUNIT_EXPECT_EQ(test, zynq_check_entry(NULL, 0, 0, &why), -ENXIO);
}

static void jump(struct kunit *test)
{
	u32 code[ZYNQ_JUMP_WORDS];

	KUNIT_EXPECT_EQ(test, zynq_choose_jump(0, true, false), ZYNQ_JUMP_NONE);
	KUNIT_EXPECT_EQ(test, zynq_choose_jump(0, false, true), ZYNQ_JUMP_NONE);
	KUNIT_EXPECT_EQ(test, zynq_choose_jump(0x3e000000, true, true), ZYNQ_JUMP_KERNEL);
	KUNIT_EXPECT_EQ(test, zynq_choose_jump(0x3e000000, false, false), ZYNQ_JUMP_KERNEL);
	KUNIT_EXPECT_EQ(test, zynq_choose_jump(0x3e000000, true, false), ZYNQ_JUMP_OURS);

	zynq_make_jump(0x3e000040, code);
	KUNIT_EXPECT_EQ(test, code[0], 0xe51ff004);
	KUNIT_EXPECT_EQ(test, code[1], 0x3e000040);
}

static void table_head(struct kunit *test)
{
	static const u32 good[] = { 1, 2, 0, 0 };
	static const u32 bad[][ZYNQ_TABLE_WORDS] = {
		{ 0, 0, 0, 0 }, { 1, 0, 0, 0 }, { 2, 1, 0, 0 }, { 1, 257, 0, 0 }, { 1, 1, 1, 0 },
		{ 1, 1, 0, 1 }, { 0xea00001e, 0xea00001e, 0, 0 }, { ~0U, ~0U, ~0U, ~0U },
	};
	unsigned int i;

	KUNIT_EXPECT_TRUE(test, zynq_is_table(good));
	for (i = 0; i < ARRAY_SIZE(bad); i++)
		KUNIT_EXPECT_FALSE(test, zynq_is_table(bad[i]));
}

static void split_pool(struct kunit *test)
{
	static const struct amp_mem mem[] = {
		{ .name = "rproc", .da = 0x3e000000, .pa = 0x3e000000, .len = 0x800000 },
		{ .name = "vdev0buffer", .role = AMP_MEM_BUFFER, .dma_pool = true, .resm_idx = 1,
		  .da = 0x3e800000, .pa = 0x3e800000, .len = 0x100000 },
	};
	struct amp_mem part[3];
	unsigned int which;

	KUNIT_ASSERT_TRUE(test, zynq_split_memory(mem, 2, &which, part));
	KUNIT_EXPECT_EQ(test, which, 1);
	KUNIT_EXPECT_STREQ(test, part[0].name, "vdev0vring0");
	KUNIT_EXPECT_EQ(test, part[0].role, AMP_MEM_VRING);
	KUNIT_EXPECT_EQ(test, part[0].pa, 0x3e800000);
	KUNIT_EXPECT_EQ(test, part[0].len, 0x4000);
	KUNIT_EXPECT_EQ(test, part[1].vring, 1);
	KUNIT_EXPECT_EQ(test, part[1].da, 0x3e804000);
	KUNIT_EXPECT_STREQ(test, part[2].name, "vdev0buffer");
	KUNIT_EXPECT_EQ(test, part[2].role, AMP_MEM_BUFFER);
	KUNIT_EXPECT_EQ(test, part[2].pa, 0x3e808000);
	KUNIT_EXPECT_EQ(test, part[2].pa + part[2].len, 0x3e900000);
	KUNIT_EXPECT_FALSE(test, part[2].dma_pool);
	KUNIT_EXPECT_LT(test, part[2].resm_idx, 0);
}

static void split_tail(struct kunit *test)
{
	struct amp_mem mem[] = {
		{ .name = "ocm", .da = 0xfffc0000, .pa = 0xfffc0000, .len = 0x40000 },
		{ .name = "ddr", .da = 0x3e000000, .pa = 0x3e000000, .len = 0x400000 },
		{ .name = "more", .da = 0x3d000000, .pa = 0x3d000000, .len = 0x200000 },
	};
	struct amp_mem part[3];
	unsigned int which;

	KUNIT_ASSERT_TRUE(test, zynq_split_memory(mem, 3, &which, part));
	KUNIT_EXPECT_EQ(test, which, 1);
	KUNIT_EXPECT_EQ(test, part[0].pa, 0x3e3b8000);
	KUNIT_EXPECT_EQ(test, part[1].pa, 0x3e3bc000);
	KUNIT_EXPECT_EQ(test, part[2].pa, 0x3e3c0000);
	KUNIT_EXPECT_EQ(test, part[2].len, 0x40000);

	/* An end that is not aligned, and nothing that is large enough. */
	mem[1].len = 0x3ff000;
	KUNIT_EXPECT_FALSE(test, zynq_split_memory(mem, 2, &which, part));
	KUNIT_EXPECT_FALSE(test, zynq_split_memory(mem, 1, &which, part));
	KUNIT_EXPECT_FALSE(test, zynq_split_memory(NULL, 0, &which, part));
	mem[1].len = 0xfffff;
	KUNIT_EXPECT_FALSE(test, zynq_split_memory(mem, 2, &which, part));
}

static void split_nothing(struct kunit *test)
{
	struct amp_mem mem[] = {
		{ .name = "rproc", .da = 0x3e000000, .pa = 0x3e000000, .len = 0x800000 },
		{ .name = "vdev0buffer", .role = AMP_MEM_BUFFER, .dma_pool = true,
		  .da = 0x3e800000, .pa = 0x3e800000, .len = 0x100000 },
		{ .name = "vdev1buffer", .role = AMP_MEM_BUFFER, .dma_pool = true, .vdev = 1,
		  .da = 0x3e900000, .pa = 0x3e900000, .len = 0x100000 },
	};
	struct amp_mem part[3];
	unsigned int which;

	/* Rings are there, if only one. */
	KUNIT_EXPECT_FALSE(test, zynq_split_memory(map, ARRAY_SIZE(map), &which, part));
	/* Two devices. */
	KUNIT_EXPECT_FALSE(test, zynq_split_memory(mem, 3, &which, part));
	/* Not a pool; of a device that is not the first; too small. */
	mem[1].dma_pool = false;
	KUNIT_EXPECT_FALSE(test, zynq_split_memory(mem, 2, &which, part));
	mem[1].dma_pool = true;
	mem[1].vdev = 1;
	KUNIT_EXPECT_FALSE(test, zynq_split_memory(mem, 2, &which, part));
	mem[1].vdev = 0;
	mem[1].len = 0x40000;
	KUNIT_EXPECT_FALSE(test, zynq_split_memory(mem, 2, &which, part));
	mem[1].len = 0x48000;
	KUNIT_EXPECT_TRUE(test, zynq_split_memory(mem, 2, &which, part));
	mem[1].pa += 0x1000;
	KUNIT_EXPECT_FALSE(test, zynq_split_memory(mem, 2, &which, part));
}

static struct kunit_case zynq_layout_cases[] = {
	KUNIT_CASE(sgi_default),
	KUNIT_CASE(sgi_devicetree),
	KUNIT_CASE(sgi_wrong),
	KUNIT_CASE(entry_point),
	KUNIT_CASE(jump),
	KUNIT_CASE(table_head),
	KUNIT_CASE(split_pool),
	KUNIT_CASE(split_tail),
	KUNIT_CASE(split_nothing),
	{ }
};

static struct kunit_suite zynq_layout_suite = {
	.name = "zynq_layout",
	.test_cases = zynq_layout_cases,
};

kunit_test_suite(zynq_layout_suite);
