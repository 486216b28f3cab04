// SPDX-License-Identifier: GPL-2.0-only
/*
 * Unit tests of the resource table check: good tables as firmware in the field has them, and what
 * becomes of one with a field damaged.
 *
 * Copyright (c) 2026 linux-amp developers
 */
#include <kunit/test.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/string.h>
#include <asm/byteorder.h>

#include "amp_rsctable.h"

struct table {
	struct amp_rsc_table hdr;
	__le32 offset[8];
	struct amp_rsc_carveout carveout;
	struct amp_rsc_trace trace;
	struct amp_rsc_vdev vdev;
	struct amp_rsc_vring vring[2];
	u8 config[4];
	u8 rest[100];
} __packed;

/* Bytes of it that mean something. */
#define USED	offsetof(struct table, rest)

static void good(struct table *t)
{
	unsigned int i;

	memset(t, 0, sizeof(*t));
	t->hdr.ver = cpu_to_le32(1);
	t->hdr.num = cpu_to_le32(3);
	/* More slots than entries, as in OpenAMP's examples. */
	t->offset[0] = cpu_to_le32(offsetof(struct table, carveout));
	t->offset[1] = cpu_to_le32(offsetof(struct table, trace));
	t->offset[2] = cpu_to_le32(offsetof(struct table, vdev));

	t->carveout.type = cpu_to_le32(AMP_RSC_CARVEOUT);
	t->carveout.da = cpu_to_le32(0x3ed00000);
	t->carveout.len = cpu_to_le32(0x40000);
	memcpy(t->carveout.name, "fw", 3);

	t->trace.type = cpu_to_le32(AMP_RSC_TRACE);
	t->trace.da = cpu_to_le32(0x20000);
	t->trace.len = cpu_to_le32(0x1000);
	memcpy(t->trace.name, "trace", 6);

	t->vdev.type = cpu_to_le32(AMP_RSC_VDEV);
	t->vdev.id = cpu_to_le32(7);
	t->vdev.notifyid = cpu_to_le32(31);
	t->vdev.dfeatures = cpu_to_le32(1);
	t->vdev.config_len = cpu_to_le32(sizeof(t->config));
	t->vdev.num_of_vrings = 2;
	for (i = 0; i < 2; i++) {
		t->vring[i].da = cpu_to_le32(AMP_RSC_ADDR_ANY);
		t->vring[i].align = cpu_to_le32(0x1000);
		t->vring[i].num = cpu_to_le32(256);
		t->vring[i].notifyid = cpu_to_le32(i + 1);
	}
}

static int judge(const void *t, size_t size, size_t *used, struct amp_fault *fault)
{
	memset(fault, 0, sizeof(*fault));
	return amp_rsctable_check(t, size, used, fault);
}

static void table_good(struct kunit *test)
{
	struct amp_rsc_entry e;
	struct amp_fault fault;
	struct table t;
	size_t used;

	good(&t);
	KUNIT_ASSERT_EQ(test, judge(&t, sizeof(t), &used, &fault), 0);
	KUNIT_EXPECT_EQ(test, used, USED);
	KUNIT_EXPECT_EQ(test, amp_rsctable_num(&t), 3U);
	KUNIT_EXPECT_EQ(test, judge(&t, USED, &used, &fault), 0);

	amp_rsctable_entry(&t, 0, &e);
	KUNIT_EXPECT_EQ(test, e.type, (u32)AMP_RSC_CARVEOUT);
	KUNIT_EXPECT_EQ(test, e.da, 0x3ed00000U);
	KUNIT_EXPECT_EQ(test, e.len, 0x40000U);
	KUNIT_EXPECT_STREQ(test, e.name, "fw");

	amp_rsctable_entry(&t, 1, &e);
	KUNIT_EXPECT_EQ(test, e.type, (u32)AMP_RSC_TRACE);
	KUNIT_EXPECT_EQ(test, e.da, 0x20000U);
	KUNIT_EXPECT_EQ(test, e.len, 0x1000U);

	amp_rsctable_entry(&t, 2, &e);
	KUNIT_EXPECT_EQ(test, e.type, (u32)AMP_RSC_VDEV);
	KUNIT_EXPECT_EQ(test, e.id, 7U);
	KUNIT_EXPECT_EQ(test, e.num_vrings, 2U);
	KUNIT_EXPECT_EQ(test, e.vring[1].num, 256U);
	KUNIT_EXPECT_EQ(test, e.vring[1].align, 0x1000U);
	KUNIT_EXPECT_EQ(test, e.vring[1].da, AMP_RSC_ADDR_ANY);
	/* What the remoteproc documentation and vring_size() say of such a ring. */
	KUNIT_EXPECT_EQ(test, amp_vring_bytes(&e.vring[1]), 0x2806ULL);
}

static void table_empty(struct kunit *test)
{
	struct amp_fault fault;
	struct table t;
	size_t used;

	good(&t);
	t.hdr.num = 0;
	KUNIT_EXPECT_EQ(test, judge(&t, sizeof(t.hdr), &used, &fault), 0);
	KUNIT_EXPECT_EQ(test, used, sizeof(t.hdr));
}

static void table_find_carveout(struct kunit *test)
{
	struct amp_rsc_entry e;
	struct table t;

	good(&t);
	KUNIT_EXPECT_TRUE(test, amp_rsctable_find_carveout(&t, t.carveout.name, &e));
	KUNIT_EXPECT_EQ(test, e.offset, (u32)offsetof(struct table, carveout));
	/* The name of another kind of entry is none of these. */
	memcpy(t.trace.name, "other", 6);
	KUNIT_EXPECT_FALSE(test, amp_rsctable_find_carveout(&t, "other", &e));
	KUNIT_EXPECT_FALSE(test, amp_rsctable_find_carveout(&t, "", &e));
}

/* Wherever the section ends too early, that is noticed, and nothing is read behind it. */
static void table_truncated(struct kunit *test)
{
	struct amp_fault fault;
	struct table t;
	size_t size, used;
	u8 *copy;

	good(&t);
	for (size = 0; size < USED; size++) {
		copy = kunit_kmalloc(test, size ?: 1, GFP_KERNEL);
		KUNIT_ASSERT_NOT_NULL(test, copy);
		memcpy(copy, &t, size);
		KUNIT_EXPECT_LT(test, judge(copy, size, &used, &fault), 0);
		KUNIT_EXPECT_NOT_NULL(test, fault.why);
	}
}

static void table_unaligned(struct kunit *test)
{
	u8 *buf = kunit_kzalloc(test, sizeof(struct table) + 1, GFP_KERNEL);
	struct amp_fault fault;
	struct amp_rsc_entry e;
	struct table t;
	size_t used;

	KUNIT_ASSERT_NOT_NULL(test, buf);
	good(&t);
	memcpy(buf + 1, &t, sizeof(t));
	KUNIT_ASSERT_EQ(test, judge(buf + 1, sizeof(t), &used, &fault), 0);
	amp_rsctable_entry(buf + 1, 2, &e);
	KUNIT_EXPECT_EQ(test, e.vring[0].num, 256U);
}

struct damage {
	const char *field;
	int err;
	size_t offset;
	unsigned int width;
	u32 value;
};

#define AT(name, member, width, v, e) \
	{ name, e, offsetof(struct table, member), width, v }

static const struct damage damages[] = {
	AT("ver", hdr.ver, 4, 0, -EPROTONOSUPPORT),
	AT("ver", hdr.ver, 4, 2, -EPROTONOSUPPORT),
	AT("num", hdr.num, 4, 257, -EBADMSG),
	AT("num", hdr.num, 4, (sizeof(struct table) - 16) / 4 + 1, -EBADMSG),
	AT("num", hdr.num, 4, 0xffffffff, -EBADMSG),
	AT("num", hdr.num, 4, 0x40000001, -EBADMSG),
	AT("reserved", hdr.reserved[0], 4, 1, -EBADMSG),
	AT("reserved", hdr.reserved[1], 4, 0x80000000, -EBADMSG),
	/* The slots of the table that no entry uses are zero. */
	AT("offset", hdr.num, 4, 4, -EBADMSG),
	AT("offset", offset[0], 4, 0, -EBADMSG),
	AT("offset", offset[0], 4, 27, -EBADMSG),
	AT("offset", offset[0], 4, sizeof(struct table), -EBADMSG),
	AT("offset", offset[0], 4, sizeof(struct table) - 3, -EBADMSG),
	AT("offset", offset[0], 4, 0xfffffffc, -EBADMSG),
	AT("offset", offset[1], 4, sizeof(struct table) - 4, -EBADMSG),
	/* Two entries at the same place. */
	AT("offset", offset[1], 4, offsetof(struct table, carveout), -EBADMSG),
	AT("type", carveout.type, 4, AMP_RSC_DEVMEM, -EOPNOTSUPP),
	AT("reserved", carveout.reserved, 4, 1, -EBADMSG),
	AT("len", carveout.len, 4, 0, -EBADMSG),
	AT("len", carveout.len, 4, 0xffffffff, -EOVERFLOW),
	AT("name", carveout.name[1], 1, '%', -EBADMSG),
	AT("name", carveout.name[0], 1, '\n', -EBADMSG),
	AT("name", carveout.name[0], 1, 0x80, -EBADMSG),
	AT("reserved", trace.reserved, 4, 1, -EBADMSG),
	AT("da", trace.da, 4, 0xffffffff, -EBADMSG),
	AT("len", trace.len, 4, 0, -EBADMSG),
	AT("len", trace.len, 4, 0xffffffff, -EOVERFLOW),
	AT("name", trace.name[0], 1, '%', -EBADMSG),
	AT("id", vdev.id, 4, 0, -EBADMSG),
	AT("config_len", vdev.config_len, 4, 105, -EBADMSG),
	AT("config_len", vdev.config_len, 4, 0xffffffff, -EBADMSG),
	AT("status", vdev.status, 1, 7, -EBADMSG),
	AT("num_of_vrings", vdev.num_of_vrings, 1, 0, -EBADMSG),
	AT("num_of_vrings", vdev.num_of_vrings, 1, 1, -EBADMSG),
	AT("num_of_vrings", vdev.num_of_vrings, 1, 3, -EBADMSG),
	AT("num_of_vrings", vdev.num_of_vrings, 1, 255, -EBADMSG),
	AT("reserved", vdev.reserved[0], 1, 1, -EBADMSG),
	AT("reserved", vdev.reserved[1], 1, 1, -EBADMSG),
	AT("vring.num", vring[0].num, 4, 0, -EBADMSG),
	AT("vring.num", vring[0].num, 4, 255, -EBADMSG),
	AT("vring.num", vring[1].num, 4, 65536, -EBADMSG),
	AT("vring.num", vring[1].num, 4, 0x80000000, -EBADMSG),
	AT("vring.align", vring[0].align, 4, 0, -EBADMSG),
	AT("vring.align", vring[0].align, 4, 2, -EBADMSG),
	AT("vring.align", vring[0].align, 4, 4095, -EBADMSG),
	AT("vring.align", vring[1].align, 4, 0x20000, -EBADMSG),
	AT("vring.align", vring[1].align, 4, 0x80000000, -EBADMSG),
};

static void table_damage(struct kunit *test)
{
	struct amp_fault fault;
	unsigned int i;
	struct table t;
	size_t used;
	int ret;

	for (i = 0; i < ARRAY_SIZE(damages); i++) {
		const struct damage *d = &damages[i];

		good(&t);
		memcpy((u8 *)&t + d->offset, &d->value, d->width);
		ret = judge(&t, sizeof(t), &used, &fault);
		KUNIT_EXPECT_EQ_MSG(test, ret, d->err, "%s = %#x: %d", d->field, d->value, ret);
		if (ret)
			KUNIT_EXPECT_STREQ(test, fault.field, d->field);
	}
}

/* An entry of the future, or of somebody else, does not matter to the others. */
static void table_unknown_types(struct kunit *test)
{
	static const u32 types[] = { 6, 127, 513, 0xffffffff };
	struct amp_rsc_entry e;
	struct amp_fault fault;
	unsigned int i;
	struct table t;
	size_t used;

	for (i = 0; i < ARRAY_SIZE(types); i++) {
		KUNIT_EXPECT_TRUE(test, amp_rsctable_is_unknown(types[i]));
		good(&t);
		memset(&t.carveout, 0xff, sizeof(t.carveout));
		t.carveout.type = cpu_to_le32(types[i]);
		KUNIT_EXPECT_EQ_MSG(test, judge(&t, sizeof(t), &used, &fault), 0, "type %u",
				    types[i]);
		amp_rsctable_entry(&t, 0, &e);
		KUNIT_EXPECT_EQ(test, e.type, types[i]);
		KUNIT_EXPECT_PTR_EQ(test, e.name, NULL);
		amp_rsctable_entry(&t, 2, &e);
		KUNIT_EXPECT_EQ(test, e.vring[1].num, 256U);
		/* Two at the same place are damage all the same. */
		t.offset[0] = t.offset[1];
		KUNIT_EXPECT_EQ(test, judge(&t, sizeof(t), &used, &fault), -EBADMSG);
	}
	for (i = 0; i <= AMP_RSC_FW_CHKSUM; i++)
		KUNIT_EXPECT_FALSE(test, amp_rsctable_is_unknown(i));
	KUNIT_EXPECT_FALSE(test, amp_rsctable_is_unknown(AMP_RSC_VENDOR_START));
	KUNIT_EXPECT_FALSE(test, amp_rsctable_is_unknown(AMP_RSC_VENDOR_END));
}

/* Fields that say nothing to Linux, or that it sets itself, may have any value. */
static void table_any_value(struct kunit *test)
{
	static const size_t offsets[] = {
		offsetof(struct table, carveout.pa), offsetof(struct table, carveout.flags),
		offsetof(struct table, vdev.notifyid), offsetof(struct table, vdev.dfeatures),
		offsetof(struct table, vdev.gfeatures), offsetof(struct table, vring[0].da),
		offsetof(struct table, vring[0].notifyid), offsetof(struct table, vring[0].pa),
		offsetof(struct table, config), offsetof(struct table, offset[3]),
	};
	struct amp_fault fault;
	unsigned int i;
	struct table t;
	size_t used;

	for (i = 0; i < ARRAY_SIZE(offsets); i++) {
		good(&t);
		memset((u8 *)&t + offsets[i], 0xff, 4);
		KUNIT_EXPECT_EQ_MSG(test, judge(&t, sizeof(t), &used, &fault), 0, "offset %zu",
				    offsets[i]);
	}
}

static void table_endless_name(struct kunit *test)
{
	struct amp_fault fault;
	struct table t;
	size_t used;

	good(&t);
	memset(t.carveout.name, 'x', sizeof(t.carveout.name));
	KUNIT_EXPECT_EQ(test, judge(&t, sizeof(t), &used, &fault), -EBADMSG);
	KUNIT_EXPECT_STREQ(test, fault.field, "name");
	KUNIT_EXPECT_EQ(test, fault.index, 0);
	t.carveout.name[31] = '\0';
	KUNIT_EXPECT_EQ(test, judge(&t, sizeof(t), &used, &fault), 0);
}

/* The core warns of it; the length is nobody's business. */
static void table_vendor_entry(struct kunit *test)
{
	struct amp_fault fault;
	struct table t;
	size_t used;

	good(&t);
	t.hdr.num = cpu_to_le32(4);
	t.offset[3] = cpu_to_le32(offsetof(struct table, rest));
	memcpy(t.rest, "\x80\0\0\0", 4);
	KUNIT_EXPECT_EQ(test, judge(&t, sizeof(t), &used, &fault), 0);
	KUNIT_EXPECT_EQ(test, used, sizeof(t));
	memcpy(t.rest, "\0\2\0\0", 4);
	KUNIT_EXPECT_EQ(test, judge(&t, sizeof(t), &used, &fault), 0);
}

/* A serial device has the rings that it likes. */
static void table_other_vdev(struct kunit *test)
{
	struct amp_fault fault;
	struct table t;
	size_t used;

	good(&t);
	t.vdev.id = cpu_to_le32(11);
	KUNIT_EXPECT_EQ(test, judge(&t, sizeof(t), &used, &fault), 0);
	t.vdev.num_of_vrings = 0;
	KUNIT_EXPECT_EQ(test, judge(&t, sizeof(t), &used, &fault), -EBADMSG);
	t.vdev.num_of_vrings = 1;
	KUNIT_EXPECT_EQ(test, judge(&t, sizeof(t), &used, &fault), -EBADMSG);
}

static void table_many_vdevs(struct kunit *test)
{
	const size_t each = sizeof(struct amp_rsc_vdev) + 2 * sizeof(struct amp_rsc_vring);
	size_t size = sizeof(struct amp_rsc_table) + 9 * 4 + 9 * each;
	struct amp_rsc_table *t = kunit_kzalloc(test, size, GFP_KERNEL);
	struct amp_rsc_vdev *vdev;
	struct amp_fault fault;
	unsigned int i, n;
	size_t used;

	KUNIT_ASSERT_NOT_NULL(test, t);
	t->ver = cpu_to_le32(1);
	for (i = 0; i < 9; i++) {
		t->offset[i] = cpu_to_le32(sizeof(*t) + 9 * 4 + i * each);
		vdev = (void *)t + sizeof(*t) + 9 * 4 + i * each;
		vdev->type = cpu_to_le32(AMP_RSC_VDEV);
		vdev->id = cpu_to_le32(11);
		vdev->num_of_vrings = 2;
		for (n = 0; n < 2; n++) {
			vdev->vring[n].da = cpu_to_le32(AMP_RSC_ADDR_ANY);
			vdev->vring[n].align = cpu_to_le32(4096);
			vdev->vring[n].num = cpu_to_le32(16);
		}
	}
	t->num = cpu_to_le32(8);
	KUNIT_EXPECT_EQ(test, judge(t, size, &used, &fault), 0);
	t->num = cpu_to_le32(9);
	KUNIT_EXPECT_EQ(test, judge(t, size, &used, &fault), -EBADMSG);
	KUNIT_EXPECT_EQ(test, fault.index, 8);
}

static void vring_sizes(struct kunit *test)
{
	static const struct {
		u32 num, align;
		u64 bytes;
	} sizes[] = {
		{ 1, 4, 16 + 2 * 4 + 6 + 8 },
		{ 16, 0x1000, 0x1000 + 6 + 128 },
		{ 256, 0x1000, 0x2806 },
		{ 512, 0x1000, 0x3000 + 6 + 4096 },
		{ 32768, 0x10000, 0xa0000 + 6 + 0x40000 },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		struct amp_vring_desc v = { .num = sizes[i].num, .align = sizes[i].align };

		KUNIT_EXPECT_EQ(test, amp_vring_bytes(&v), sizes[i].bytes);
	}
}

/* A table with one vendor entry, in a buffer of its exact size. */
struct vendor_table {
	struct amp_rsc_table hdr;
	__le32 offset;
	union {
		struct amp_rsc_crash crash;
		struct amp_rsc_rproc_mem mem;
		struct amp_rsc_fw_chksum chksum;
		struct amp_rsc_heartbeat beat;
	} e;
} __packed;

static bool vendor(const struct vendor_table *t, size_t len, struct amp_rsc_vendor *v)
{
	size_t used, size = offsetof(struct vendor_table, e) + len;
	struct amp_fault fault;

	return !amp_rsctable_check(t, size, &used, &fault) && used == size &&
	       amp_rsctable_vendor(t, size, 0, v);
}

static void good_vendor(struct vendor_table *t, u32 type)
{
	memset(t, 0, sizeof(*t));
	t->hdr.ver = cpu_to_le32(1);
	t->hdr.num = cpu_to_le32(1);
	t->offset = cpu_to_le32(offsetof(struct vendor_table, e));
	t->e.mem.type = cpu_to_le32(type);
}

/* Type 128 is a crash report, or somebody else's. */
static void table_vendor_crash(struct kunit *test)
{
	struct amp_rsc_vendor v;
	struct vendor_table t;

	good_vendor(&t, AMP_RSC_TYPE_CRASH);
	t.e.crash.version = 1;
	KUNIT_EXPECT_TRUE(test, vendor(&t, sizeof(t.e.crash), &v));
	KUNIT_EXPECT_EQ(test, (int)v.kind, (int)AMP_VENDOR_CRASH);
	KUNIT_EXPECT_EQ(test, v.offset, (u32)offsetof(struct vendor_table, e));
	/* Cut short it is nothing. */
	KUNIT_EXPECT_TRUE(test, vendor(&t, 4, &v));
	KUNIT_EXPECT_EQ(test, (int)v.kind, (int)AMP_VENDOR_UNKNOWN);

	t.e.crash.state = 1;
	KUNIT_EXPECT_TRUE(test, vendor(&t, sizeof(t.e.crash), &v));
	KUNIT_EXPECT_EQ(test, (int)v.kind, (int)AMP_VENDOR_UNKNOWN);
}

/*
 * Somebody else's entry of type 128 begins with its length, which then is the version of a crash
 * report, and is shorter than that. What comes next is no part of it.
 */
static void table_shorter_than_crash(struct kunit *test)
{
	struct {
		struct amp_rsc_table hdr;
		__le32 offset[2];
		__le32 type;
		__le32 len;
		__le32 magic;
		__le32 version;
		__le32 features;
		struct amp_rsc_trace trace;
	} __packed t = {
		.hdr = { .ver = cpu_to_le32(1), .num = cpu_to_le32(2) },
		.offset = {
			cpu_to_le32(offsetof(typeof(t), type)),
			cpu_to_le32(offsetof(typeof(t), trace)),
		},
		.type = cpu_to_le32(AMP_RSC_TYPE_CRASH),
		.len = cpu_to_le32(16),
		.magic = cpu_to_le32(0x12345678),
		.features = cpu_to_le32(1),
		.trace = {
			.type = cpu_to_le32(AMP_RSC_TRACE),
			.da = cpu_to_le32(0x3ed20000),
			.len = cpu_to_le32(0x1000),
		},
	};
	struct amp_fault fault = { .why = "" };
	struct amp_rsc_entry e;
	size_t used;

	KUNIT_EXPECT_EQ_MSG(test, amp_rsctable_check(&t, sizeof(t), &used, &fault), 0, "%s",
			    fault.why);
	KUNIT_EXPECT_EQ(test, used, sizeof(t));
	amp_rsctable_entry(&t, 1, &e);
	KUNIT_EXPECT_EQ(test, e.da, 0x3ed20000U);
	/* Two types in one place are still damage. */
	t.offset[1] = cpu_to_le32(offsetof(typeof(t), type) + 3);
	KUNIT_EXPECT_EQ(test, amp_rsctable_check(&t, sizeof(t), &used, &fault), -EBADMSG);
}

/* OpenAMP's own types have a length; cut short they are refused. */
static void table_openamp_entries(struct kunit *test)
{
	static const struct {
		u32 type;
		size_t len;
		enum amp_rsc_vendor_kind kind;
	} cases[] = {
		{ AMP_RSC_RPROC_MEM, 20, AMP_VENDOR_RPROC_MEM },
		{ AMP_RSC_FW_CHKSUM, 84, AMP_VENDOR_FW_CHKSUM },
	};
	struct amp_rsc_vendor v;
	struct amp_fault fault;
	struct vendor_table t;
	unsigned int i;
	size_t size, used;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		good_vendor(&t, cases[i].type);
		t.e.mem.da = cpu_to_le32(0x3ed40000);
		t.e.mem.len = cpu_to_le32(0x100000);
		KUNIT_EXPECT_TRUE(test, vendor(&t, cases[i].len, &v));
		KUNIT_EXPECT_EQ(test, (int)v.kind, (int)cases[i].kind);
		if (cases[i].kind == AMP_VENDOR_RPROC_MEM) {
			KUNIT_EXPECT_EQ(test, v.da, 0x3ed40000U);
			KUNIT_EXPECT_EQ(test, v.len, 0x100000U);
		}
		size = offsetof(struct vendor_table, e) + cases[i].len - 1;
		KUNIT_EXPECT_EQ(test, amp_rsctable_check(&t, size, &used, &fault), -EBADMSG);
		KUNIT_EXPECT_STREQ(test, fault.field, "offset");
	}
}

static void table_vendor_heartbeat(struct kunit *test)
{
	static const struct {
		u32 magic, period;
		size_t len;
		bool good;
	} cases[] = {
		{ AMP_HEARTBEAT_MAGIC, 10, 16, true },
		{ AMP_HEARTBEAT_MAGIC, 60000, 16, true },
		{ AMP_HEARTBEAT_MAGIC, 9, 16, false },
		{ AMP_HEARTBEAT_MAGIC, 60001, 16, false },
		{ AMP_HEARTBEAT_MAGIC, 0xffffffff, 16, false },
		{ AMP_HEARTBEAT_MAGIC, 100, 15, false },
		{ 0, 100, 16, false },
	};
	struct amp_rsc_vendor v;
	struct vendor_table t;
	unsigned int i;

	good_vendor(&t, AMP_RSC_TYPE_HEARTBEAT);
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		t.e.beat.magic = cpu_to_le32(cases[i].magic);
		t.e.beat.period_ms = cpu_to_le32(cases[i].period);
		KUNIT_EXPECT_TRUE(test, vendor(&t, cases[i].len, &v));
		KUNIT_EXPECT_EQ(test, v.kind == AMP_VENDOR_HEARTBEAT, cases[i].good);
	}
}

static void table_of_running_remote(struct kunit *test)
{
	struct amp_fault fault;
	struct table t;
	size_t used;

	good(&t);
	t.vdev.status = 7;
	t.vring[0].da = cpu_to_le32(0x3ed40000);
	KUNIT_EXPECT_EQ(test, amp_rsctable_check_live(&t, sizeof(t), &used, &fault), 0);
	KUNIT_EXPECT_EQ(test, amp_rsctable_check(&t, sizeof(t), &used, &fault), -EBADMSG);
	KUNIT_EXPECT_STREQ(test, fault.field, "status");
}

/* What a running remote and its driver have written there is gone, and nothing else. */
static void table_made_fresh(struct kunit *test)
{
	struct vendor_table fresh, v;
	struct table used, t;

	good(&t);
	used = t;
	used.vdev.status = 7;
	used.vdev.gfeatures = cpu_to_le32(1);
	amp_rsctable_make_fresh(&used, sizeof(used));
	KUNIT_EXPECT_EQ(test, memcmp(&used, &t, sizeof(t)), 0);

	good_vendor(&fresh, AMP_RSC_TYPE_HEARTBEAT);
	fresh.e.beat.magic = cpu_to_le32(AMP_HEARTBEAT_MAGIC);
	fresh.e.beat.period_ms = cpu_to_le32(1000);
	v = fresh;
	v.e.beat.beats = cpu_to_le32(0x12345678);
	amp_rsctable_make_fresh(&v, sizeof(v));
	KUNIT_EXPECT_EQ(test, memcmp(&v, &fresh, sizeof(v)), 0);

	/* Nobody knows what an entry means that is not what it seems to be. */
	good_vendor(&fresh, AMP_RSC_TYPE_HEARTBEAT);
	v = fresh;
	v.e.beat.beats = cpu_to_le32(1);
	amp_rsctable_make_fresh(&v, sizeof(v));
	KUNIT_EXPECT_EQ(test, le32_to_cpu(v.e.beat.beats), 1U);
}

/*
 * An entry that begins where a heartbeat counts would become another one once the beats are taken
 * away: a trace becomes a carveout, with a name that nobody has looked at to its end.
 */
static void table_entry_in_heartbeat(struct kunit *test)
{
	struct {
		struct amp_rsc_table hdr;
		__le32 offset[2];
		__le32 beat[3];
		struct amp_rsc_trace trace;
	} __packed t = {
		.hdr = { .ver = cpu_to_le32(1), .num = cpu_to_le32(2) },
		.beat = {
			cpu_to_le32(AMP_RSC_TYPE_HEARTBEAT),
			cpu_to_le32(AMP_HEARTBEAT_MAGIC),
			cpu_to_le32(1000),
		},
		.trace = {
			.type = cpu_to_le32(AMP_RSC_TRACE),
			.da = cpu_to_le32(0x3ed20000),
			.len = cpu_to_le32(0x1000),
		},
	};
	struct amp_fault fault;
	size_t used;

	t.offset[0] = cpu_to_le32(offsetof(typeof(t), beat));
	t.offset[1] = cpu_to_le32(offsetof(typeof(t), trace));
	memcpy(t.trace.name + 8, "%!%s", 4);
	KUNIT_EXPECT_EQ(test, amp_rsctable_check_live(&t, sizeof(t), &used, &fault), -EBADMSG);
	KUNIT_EXPECT_EQ(test, fault.index, 1);
	KUNIT_EXPECT_STREQ(test, fault.why, "overlaps an earlier entry");

	/* Of what is no heartbeat, nobody knows how long it is, and nothing is taken away. */
	t.beat[2] = 0;
	KUNIT_EXPECT_EQ(test, amp_rsctable_check_live(&t, sizeof(t), &used, &fault), 0);
	amp_rsctable_make_fresh(&t, sizeof(t));
	KUNIT_EXPECT_EQ(test, le32_to_cpu(t.trace.type), (u32)AMP_RSC_TRACE);
}

static struct kunit_case amp_rsctable_cases[] = {
	KUNIT_CASE(table_good),
	KUNIT_CASE(table_find_carveout),
	KUNIT_CASE(table_empty),
	KUNIT_CASE(table_truncated),
	KUNIT_CASE(table_unaligned),
	KUNIT_CASE(table_damage),
	KUNIT_CASE(table_unknown_types),
	KUNIT_CASE(table_any_value),
	KUNIT_CASE(table_endless_name),
	KUNIT_CASE(table_vendor_entry),
	KUNIT_CASE(table_other_vdev),
	KUNIT_CASE(table_many_vdevs),
	KUNIT_CASE(vring_sizes),
	KUNIT_CASE(table_vendor_crash),
	KUNIT_CASE(table_shorter_than_crash),
	KUNIT_CASE(table_openamp_entries),
	KUNIT_CASE(table_vendor_heartbeat),
	KUNIT_CASE(table_of_running_remote),
	KUNIT_CASE(table_made_fresh),
	KUNIT_CASE(table_entry_in_heartbeat),
	{ }
};

static struct kunit_suite amp_rsctable_suite = {
	.name = "amp_rsctable",
	.test_cases = amp_rsctable_cases,
};

kunit_test_suite(amp_rsctable_suite);
