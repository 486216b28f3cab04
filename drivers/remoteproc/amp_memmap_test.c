// SPDX-License-Identifier: GPL-2.0-only
/*
 * Unit tests of the memory map of a remote.
 *
 * Copyright (c) 2026 linux-amp developers
 */
#include <kunit/test.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/string.h>

#include "amp_memmap.h"

/* An R5 in lockstep: two banks that adjoin, one apart, DDR, and something at the very top. */
static const struct amp_mem map[] = {
	{ .name = "atcm0", .da = 0x00000, .pa = 0xffe00000, .len = 0x10000 },
	{ .name = "atcm1", .da = 0x10000, .pa = 0xffe10000, .len = 0x10000 },
	{ .name = "btcm1", .da = 0x30000, .pa = 0xffe30000, .len = 0x10000 },
	{ .name = "fw", .da = 0x3ed00000, .pa = 0x3ed00000, .len = 0x40000 },
	{ .name = "ring0", .role = AMP_MEM_VRING, .vring = 0, .da = 0x3ed40000, .len = 0x4000 },
	{ .name = "ring1", .role = AMP_MEM_VRING, .vring = 1, .da = 0x3ed44000, .len = 0x4000 },
	{ .name = "vdev0buffer", .role = AMP_MEM_BUFFER, .da = 0x3ed48000, .len = 0x100000 },
	{ .name = "ocm", .da = 0xfffc0000, .pa = 0xfffc0000, .len = 0x40000 },
};

#define FIND(da, len)	amp_memmap_find(map, ARRAY_SIZE(map), da, len)

static void map_find(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, FIND(0, 1), 0);
	KUNIT_EXPECT_EQ(test, FIND(0, 0x10000), 0);
	KUNIT_EXPECT_EQ(test, FIND(0xffff, 1), 0);
	KUNIT_EXPECT_EQ(test, FIND(0x10000, 1), 1);
	KUNIT_EXPECT_EQ(test, FIND(0x3ed00000, 0x40000), 3);
	KUNIT_EXPECT_EQ(test, FIND(0x3ed47fff, 1), 5);
	KUNIT_EXPECT_EQ(test, FIND(0xffffffff, 1), 7);
	KUNIT_EXPECT_EQ(test, FIND(0xfffc0000, 0x40000), 7);
	KUNIT_EXPECT_EQ(test, FIND(0x3ed00010, 0), 3);
}

static void map_find_nothing(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, FIND(0x20000, 1), -ENXIO);
	KUNIT_EXPECT_EQ(test, FIND(0x3eCfffff, 1), -ENXIO);
	/* Nothing may be loaded into buffers. */
	KUNIT_EXPECT_EQ(test, FIND(0x3ed48000, 1), -ENXIO);
	/* One byte too long; across two memories. */
	KUNIT_EXPECT_EQ(test, FIND(0x3ed00000, 0x40001), -ENXIO);
	KUNIT_EXPECT_EQ(test, FIND(0xffff, 2), -ENXIO);
	/* Lengths that wrap in 32 and in 64 bits. */
	KUNIT_EXPECT_EQ(test, FIND(0xfffffff0, 0x20), -ENXIO);
	KUNIT_EXPECT_EQ(test, FIND(0x3ed00000, 0xffffffffULL), -ENXIO);
	KUNIT_EXPECT_EQ(test, FIND(0x3ed00000, ~0ULL), -ENXIO);
	KUNIT_EXPECT_EQ(test, FIND(0x3ed00010, -0x10ULL), -ENXIO);
	KUNIT_EXPECT_EQ(test, FIND(1ULL << 32, 1), -ENXIO);
	KUNIT_EXPECT_EQ(test, FIND(0x13ed00000ULL, 1), -ENXIO);
	KUNIT_EXPECT_EQ(test, amp_memmap_find(NULL, 0, 0, 1), -ENXIO);
}

static void map_covers(struct kunit *test)
{
	u64 bad = 0;

#define COVERS(da, len)	amp_memmap_covers(map, ARRAY_SIZE(map), da, len, &bad)
	KUNIT_EXPECT_EQ(test, COVERS(0, 0x20000), 0);
	KUNIT_EXPECT_EQ(test, COVERS(0xfff0, 0x20), 0);
	KUNIT_EXPECT_EQ(test, COVERS(0x3ed00000, 0x48000), 0);
	KUNIT_EXPECT_EQ(test, COVERS(0xffffffff, 1), 0);
	KUNIT_EXPECT_EQ(test, COVERS(0x12345678, 0), 0);

	KUNIT_EXPECT_EQ(test, COVERS(0, 0x20001), -ENXIO);
	KUNIT_EXPECT_EQ(test, bad, 0x20000ULL);
	KUNIT_EXPECT_EQ(test, COVERS(0x3ed00000, 0x48001), -ENXIO);
	KUNIT_EXPECT_EQ(test, bad, 0x3ed48000ULL);
	KUNIT_EXPECT_EQ(test, COVERS(0x2ffff, 2), -ENXIO);
	KUNIT_EXPECT_EQ(test, bad, 0x2ffffULL);
	KUNIT_EXPECT_EQ(test, COVERS(0xffffffff, 2), -ENXIO);
	KUNIT_EXPECT_EQ(test, bad, 0x100000000ULL);
	KUNIT_EXPECT_EQ(test, COVERS(0, ~0ULL), -ENXIO);
	KUNIT_EXPECT_EQ(test, bad, 0x20000ULL);
#undef COVERS
}

/* A range that ends behind the last 64-bit address does not go on at the first. */
static void map_covers_wrap(struct kunit *test)
{
	const struct amp_mem top = { .da = ~0ULL - 0xf, .len = 0x10 };
	const struct amp_mem all[] = { top, { .da = 0, .len = 0x1000 } };
	u64 bad = 1;

	KUNIT_EXPECT_EQ(test, amp_memmap_covers(all, 2, top.da, 0x10, &bad), 0);
	KUNIT_EXPECT_EQ(test, amp_memmap_covers(all, 2, top.da, 0x11, &bad), -ENXIO);
	KUNIT_EXPECT_EQ(test, bad, 0ULL);
}

static void map_by_role(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, amp_memmap_by_role(map, ARRAY_SIZE(map), AMP_MEM_VRING, 0, 0), 4);
	KUNIT_EXPECT_EQ(test, amp_memmap_by_role(map, ARRAY_SIZE(map), AMP_MEM_VRING, 0, 1), 5);
	KUNIT_EXPECT_EQ(test, amp_memmap_by_role(map, ARRAY_SIZE(map), AMP_MEM_BUFFER, 0, 0), 6);
	KUNIT_EXPECT_EQ(test, amp_memmap_by_role(map, ARRAY_SIZE(map), AMP_MEM_BUFFER, 1, 0),
			-ENOENT);
	KUNIT_EXPECT_EQ(test, amp_memmap_by_role(map, ARRAY_SIZE(map), AMP_MEM_VRING, 0, 2),
			-ENOENT);
}

static const struct {
	const char *name;
	const char *canonical;
	enum amp_mem_role role;
	u8 vdev;
	u8 vring;
} names[] = {
	{ "vdev0vring0", "vdev0vring0", AMP_MEM_VRING, 0, 0 },
	{ "vdev0vring1", "vdev0vring1", AMP_MEM_VRING, 0, 1 },
	{ "vdev12vring1", "vdev12vring1", AMP_MEM_VRING, 12, 1 },
	{ "vdev0buffer", "vdev0buffer", AMP_MEM_BUFFER, 0, 0 },
	{ "vdev3buffer", "vdev3buffer", AMP_MEM_BUFFER, 3, 0 },
	{ "vdevbuffer", "vdev0buffer", AMP_MEM_BUFFER, 0, 0 },
	{ "rpu0vdev0vring0", "vdev0vring0", AMP_MEM_VRING, 0, 0 },
	{ "rpu1vdev0buffer", "vdev0buffer", AMP_MEM_BUFFER, 0, 0 },
	{ "rproc_0_vdev0vring1", "vdev0vring1", AMP_MEM_VRING, 0, 1 },
	{ "r5_1_vdev0buffer", "vdev0buffer", AMP_MEM_BUFFER, 0, 0 },
	{ "rsc-table", "rsc-table", AMP_MEM_RSC_TABLE, 0, 0 },
	{ "rsc_table", "rsc_table", AMP_MEM_RSC_TABLE, 0, 0 },
};

static const char * const plain[] = {
	"", "memory", "rproc", "rproc_0_fw_image", "rpu0", "rpu0_fw", "r5_0", "r5_", "rpu",
	"vdev", "vdev0", "vdev0vring", "vdev0vringx", "vdev0vring0x", "vdev0bufferx", "vdevvring0",
	"vdev0ring0", "vdev100vring0", "vdev0vring100", "xvdev0vring0", "vdev-1vring0",
	"VDEV0BUFFER",
	"a-name-that-is-longer-than-any-carveout-may-be",
};

static void map_role(struct kunit *test)
{
	struct amp_mem mem;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(names); i++) {
		memset(&mem, 0xff, sizeof(mem));
		KUNIT_EXPECT_TRUE(test, amp_memmap_role(names[i].name, &mem));
		KUNIT_EXPECT_STREQ(test, mem.name, names[i].canonical);
		KUNIT_EXPECT_EQ(test, (int)mem.role, (int)names[i].role);
		KUNIT_EXPECT_EQ(test, mem.vdev, names[i].vdev);
		KUNIT_EXPECT_EQ(test, mem.vring, names[i].vring);
	}

	for (i = 0; i < ARRAY_SIZE(plain); i++) {
		memset(&mem, 0xff, sizeof(mem));
		KUNIT_EXPECT_FALSE(test, amp_memmap_role(plain[i], &mem));
		KUNIT_EXPECT_EQ(test, (int)mem.role, (int)AMP_MEM_CARVEOUT);
		KUNIT_EXPECT_EQ(test, strncmp(mem.name, plain[i], sizeof(mem.name) - 1), 0);
		KUNIT_EXPECT_LT(test, strnlen(mem.name, sizeof(mem.name)), sizeof(mem.name));
	}
}

static void map_translate(struct kunit *test)
{
	static const struct amp_mem_window win[] = {
		{ .da = 0x10000000, .pa = 0x80000000, .len = 0x10000000 },
		{ .da = 0xfffc0000, .pa = 0xfffc0000, .len = 0x40000 },
	};
	u64 da = 0;

#define TRANSLATE(pa, len)	amp_memmap_translate(win, ARRAY_SIZE(win), pa, len, &da)
	KUNIT_EXPECT_EQ(test, TRANSLATE(0x80000000, 0x10000000), 0);
	KUNIT_EXPECT_EQ(test, da, 0x10000000ULL);
	KUNIT_EXPECT_EQ(test, TRANSLATE(0x8fffffff, 1), 0);
	KUNIT_EXPECT_EQ(test, da, 0x1fffffffULL);
	KUNIT_EXPECT_EQ(test, TRANSLATE(0xfffc0000, 0x40000), 0);

	KUNIT_EXPECT_EQ(test, TRANSLATE(0x7fffffff, 1), -ENXIO);
	KUNIT_EXPECT_EQ(test, TRANSLATE(0x90000000, 1), -ENXIO);
	KUNIT_EXPECT_EQ(test, TRANSLATE(0x8fffffff, 2), -ENXIO);
	KUNIT_EXPECT_EQ(test, TRANSLATE(0x80000000, ~0ULL), -ENXIO);
	KUNIT_EXPECT_EQ(test, TRANSLATE(0x880000000ULL, 0x1000), -ENXIO);
#undef TRANSLATE
}

static struct kunit_case amp_memmap_cases[] = {
	KUNIT_CASE(map_find),
	KUNIT_CASE(map_find_nothing),
	KUNIT_CASE(map_covers),
	KUNIT_CASE(map_covers_wrap),
	KUNIT_CASE(map_by_role),
	KUNIT_CASE(map_role),
	KUNIT_CASE(map_translate),
	{ }
};

static struct kunit_suite amp_memmap_suite = {
	.name = "amp_memmap",
	.test_cases = amp_memmap_cases,
};

kunit_test_suite(amp_memmap_suite);
