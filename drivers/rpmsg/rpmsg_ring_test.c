// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (c) 2026 linux-amp developers
 *
 * Unit tests of the driver's side of a split virtqueue. The remote's side is
 * written here by hand, honest or not.
 */

#include <kunit/test.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/string.h>

#include "rpmsg_ring.h"

#define NUM	8U

/* The ring's memory; entries of both rings without the event index at the end. */
struct fixture {
	struct rpmsg_ring_desc desc[NUM];
	struct {
		__le16 flags;
		__le16 idx;
		__le16 ring[NUM];
	} avail;
	struct {
		__le16 flags;
		__le16 idx;
		struct rpmsg_ring_elem ring[NUM];
	} used;
	u8 held[NUM];
	struct rpmsg_ring ring;
};

static void begin(struct fixture *f)
{
	u16 id;

	memset(f, 0, sizeof(*f));
	f->ring.num = NUM;
	f->ring.desc = f->desc;
	f->ring.avail = (struct rpmsg_ring_avail *)&f->avail;
	f->ring.used = (struct rpmsg_ring_used *)&f->used;
	f->ring.held = f->held;
	rpmsg_ring_init(&f->ring);
	for (id = 0; id < NUM; id++)
		rpmsg_ring_set_buf(&f->ring, id, 0x1000 + id * 512, 512, true);
}

static void offer_all(struct fixture *f)
{
	u16 id;

	for (id = 0; id < NUM; id++)
		rpmsg_ring_offer(&f->ring, id);
	rpmsg_ring_publish(&f->ring);
}

static void remote_returns(struct fixture *f, u32 id, u32 bytes)
{
	u16 idx = le16_to_cpu(f->used.idx);

	f->used.ring[idx % NUM].id = cpu_to_le32(id);
	f->used.ring[idx % NUM].len = cpu_to_le32(bytes);
	f->used.idx = cpu_to_le16(idx + 1);
}

static void ring_outstanding(struct kunit *test)
{
	struct fixture f;
	u32 bytes;
	u16 id;

	begin(&f);
	KUNIT_EXPECT_EQ(test, rpmsg_ring_outstanding(&f.ring, 0), 0);
	rpmsg_ring_offer(&f.ring, 0);
	rpmsg_ring_offer(&f.ring, 1);
	KUNIT_EXPECT_EQ(test, rpmsg_ring_outstanding(&f.ring, 0), 0);
	rpmsg_ring_publish(&f.ring);
	KUNIT_EXPECT_EQ(test, rpmsg_ring_outstanding(&f.ring, 0), 2);
	/* Returned, and not taken back. */
	remote_returns(&f, 0, 0);
	KUNIT_EXPECT_EQ(test, rpmsg_ring_outstanding(&f.ring, rpmsg_ring_peek_used(&f.ring)), 1);
	KUNIT_EXPECT_EQ(test, rpmsg_ring_take(&f.ring, &id, &bytes), RPMSG_RING_OK);
	KUNIT_EXPECT_EQ(test, rpmsg_ring_outstanding(&f.ring, rpmsg_ring_peek_used(&f.ring)), 1);
	/* More than there are, and fewer than none. */
	KUNIT_EXPECT_EQ(test, rpmsg_ring_outstanding(&f.ring, 0), 1);
	KUNIT_EXPECT_EQ(test, rpmsg_ring_outstanding(&f.ring, 3), 1);
}

/* Whatever is out, across the end of the index. */
static void ring_overtaken(struct kunit *test)
{
	const u16 start = 0xffff, next = 0, behind = 1;
	struct fixture f;
	u32 bytes;
	u16 id;

	begin(&f);
	f.ring.offered = start;
	f.ring.shown = start;
	f.ring.taken = start;
	f.ring.seen = start;
	f.used.idx = cpu_to_le16(start);
	KUNIT_EXPECT_FALSE(test, rpmsg_ring_is_overtaken(&f.ring, start));
	KUNIT_EXPECT_TRUE(test, rpmsg_ring_is_overtaken(&f.ring, next));
	rpmsg_ring_offer(&f.ring, 0);
	rpmsg_ring_publish(&f.ring);
	KUNIT_EXPECT_FALSE(test, rpmsg_ring_is_overtaken(&f.ring, start));
	KUNIT_EXPECT_FALSE(test, rpmsg_ring_is_overtaken(&f.ring, next));
	KUNIT_EXPECT_TRUE(test, rpmsg_ring_is_overtaken(&f.ring, behind));
	remote_returns(&f, 0, 0);
	KUNIT_EXPECT_EQ(test, rpmsg_ring_take(&f.ring, &id, &bytes), RPMSG_RING_OK);
	KUNIT_EXPECT_FALSE(test, rpmsg_ring_is_overtaken(&f.ring, next));
	KUNIT_EXPECT_TRUE(test, rpmsg_ring_is_overtaken(&f.ring, start));
	f.used.idx = cpu_to_le16(behind);
	KUNIT_EXPECT_TRUE(test, rpmsg_ring_is_overtaken(&f.ring, behind));
	KUNIT_EXPECT_EQ(test, rpmsg_ring_take(&f.ring, &id, &bytes), RPMSG_RING_BAD_IDX);
}

static void ring_layout(struct kunit *test)
{
	struct fixture f;

	begin(&f);
	KUNIT_EXPECT_EQ(test, le64_to_cpu(f.desc[3].addr), 0x1600ULL);
	KUNIT_EXPECT_EQ(test, le32_to_cpu(f.desc[3].len), 512U);
	KUNIT_EXPECT_EQ(test, le16_to_cpu(f.desc[3].flags), RPMSG_RING_DESC_WRITE);
	KUNIT_EXPECT_EQ(test, le16_to_cpu(f.avail.flags), RPMSG_RING_NO_INTERRUPT);

	rpmsg_ring_offer(&f.ring, 5);
	KUNIT_EXPECT_EQ(test, le16_to_cpu(f.avail.idx), 0);
	rpmsg_ring_publish(&f.ring);
	KUNIT_EXPECT_EQ(test, le16_to_cpu(f.avail.idx), 1);
	KUNIT_EXPECT_EQ(test, le16_to_cpu(f.avail.ring[0]), 5);
}

static void ring_any_order(struct kunit *test)
{
	static const u16 order[NUM] = { 3, 0, 7, 1, 2, 6, 5, 4 };
	struct fixture f;
	unsigned int i;
	u32 bytes;
	u16 id;

	begin(&f);
	offer_all(&f);
	for (i = 0; i < NUM; i++)
		remote_returns(&f, order[i], 100 + i);
	for (i = 0; i < NUM; i++) {
		KUNIT_ASSERT_EQ(test, rpmsg_ring_take(&f.ring, &id, &bytes), RPMSG_RING_OK);
		KUNIT_EXPECT_EQ(test, id, order[i]);
		KUNIT_EXPECT_EQ(test, bytes, 100 + i);
	}
	KUNIT_EXPECT_EQ(test, rpmsg_ring_take(&f.ring, &id, &bytes), RPMSG_RING_EMPTY);
	KUNIT_EXPECT_EQ(test, f.ring.num_held, 0);
}

/* Both indices wrap, and more than once. */
static void ring_wraps(struct kunit *test)
{
	struct fixture f;
	u32 i, bytes;
	u16 id;

	begin(&f);
	offer_all(&f);
	for (i = 0; i < 3 * 65536U; i++) {
		remote_returns(&f, i % NUM, i);
		KUNIT_ASSERT_EQ(test, rpmsg_ring_take(&f.ring, &id, &bytes), RPMSG_RING_OK);
		KUNIT_ASSERT_EQ(test, id, i % NUM);
		KUNIT_ASSERT_EQ(test, bytes, i);
		rpmsg_ring_offer(&f.ring, id);
		rpmsg_ring_publish(&f.ring);
	}
	KUNIT_EXPECT_EQ(test, f.ring.num_held, NUM);
}

struct attack {
	const char *name;
	u16 idx;
	u32 id;
	enum rpmsg_ring_verdict verdict;
};

/* Six of eight buffers are with the remote, 0 and 1 are not; it has returned two before. */
static const struct attack attacks[] = {
	{ "one step back", 1, 2, RPMSG_RING_BAD_IDX },
	{ "back to the start", 0, 2, RPMSG_RING_BAD_IDX },
	{ "one more than it has", 9, 2, RPMSG_RING_BAD_IDX },
	{ "half of all indices", 0x8002, 2, RPMSG_RING_BAD_IDX },
	{ "beyond the wrap", 0xffff, 2, RPMSG_RING_BAD_IDX },
	{ "id of the ring's size", 3, NUM, RPMSG_RING_BAD_ID },
	{ "id beyond 16 bits", 3, 0x10002, RPMSG_RING_BAD_ID },
	{ "largest id", 3, 0xffffffff, RPMSG_RING_BAD_ID },
	{ "a buffer that it returned", 3, 1, RPMSG_RING_NOT_HELD },
};

static void attack_name(const struct attack *a, char *desc)
{
	strscpy(desc, a->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(attack, attacks, attack_name);

static void ring_attack(struct kunit *test)
{
	const struct attack *a = test->param_value;
	struct fixture f;
	u32 bytes;
	u16 id;

	begin(&f);
	offer_all(&f);
	remote_returns(&f, 0, 16);
	remote_returns(&f, 1, 16);
	KUNIT_ASSERT_EQ(test, rpmsg_ring_take(&f.ring, &id, &bytes), RPMSG_RING_OK);
	KUNIT_ASSERT_EQ(test, rpmsg_ring_take(&f.ring, &id, &bytes), RPMSG_RING_OK);

	f.used.ring[2].id = cpu_to_le32(a->id);
	f.used.idx = cpu_to_le16(a->idx);
	KUNIT_EXPECT_EQ(test, rpmsg_ring_take(&f.ring, &id, &bytes), a->verdict);
	KUNIT_EXPECT_EQ(test, f.ring.fault.verdict, a->verdict);
	KUNIT_EXPECT_EQ(test, f.ring.fault.value,
			a->verdict == RPMSG_RING_BAD_IDX ? a->idx : a->id);
	KUNIT_EXPECT_EQ(test, f.ring.fault.expect, 2U);
	KUNIT_EXPECT_EQ(test, f.ring.fault.held, 6U);

	/* An honest moment later does not repair it. */
	f.used.ring[2].id = cpu_to_le32(2);
	f.used.idx = cpu_to_le16(3);
	KUNIT_EXPECT_EQ(test, rpmsg_ring_take(&f.ring, &id, &bytes), a->verdict);
	KUNIT_EXPECT_FALSE(test, rpmsg_ring_has_more(&f.ring));
}

/* What it has not been shown it cannot return. */
static void ring_unshown(struct kunit *test)
{
	struct fixture f;
	u32 bytes;
	u16 id;

	begin(&f);
	rpmsg_ring_offer(&f.ring, 0);
	remote_returns(&f, 0, 16);
	KUNIT_EXPECT_EQ(test, rpmsg_ring_take(&f.ring, &id, &bytes), RPMSG_RING_BAD_IDX);
}

/* What Linux has written is never read back. */
static void ring_descriptors_changed(struct kunit *test)
{
	struct fixture f;
	u32 bytes;
	u16 id;

	begin(&f);
	offer_all(&f);
	memset(f.desc, 0xff, sizeof(f.desc));
	memset(&f.avail, 0xff, sizeof(f.avail));
	remote_returns(&f, 4, 16);
	KUNIT_EXPECT_EQ(test, rpmsg_ring_take(&f.ring, &id, &bytes), RPMSG_RING_OK);
	KUNIT_EXPECT_EQ(test, id, 4);
	rpmsg_ring_offer(&f.ring, id);
	rpmsg_ring_publish(&f.ring);
	KUNIT_EXPECT_EQ(test, le16_to_cpu(f.avail.idx), NUM + 1);
}

static void ring_flags(struct kunit *test)
{
	struct fixture f;

	begin(&f);
	KUNIT_EXPECT_FALSE(test, rpmsg_ring_is_touched(&f.ring));
	KUNIT_EXPECT_TRUE(test, rpmsg_ring_wants_doorbell(&f.ring));
	f.used.flags = cpu_to_le16(RPMSG_RING_NO_NOTIFY);
	KUNIT_EXPECT_FALSE(test, rpmsg_ring_wants_doorbell(&f.ring));
	KUNIT_EXPECT_TRUE(test, rpmsg_ring_is_touched(&f.ring));

	rpmsg_ring_quiet(&f.ring, false);
	KUNIT_EXPECT_EQ(test, le16_to_cpu(f.avail.flags), 0);
	offer_all(&f);
	KUNIT_EXPECT_FALSE(test, rpmsg_ring_has_more(&f.ring));
	remote_returns(&f, 0, 16);
	KUNIT_EXPECT_TRUE(test, rpmsg_ring_has_more(&f.ring));
}

static struct kunit_case rpmsg_ring_cases[] = {
	KUNIT_CASE(ring_layout),
	KUNIT_CASE(ring_outstanding),
	KUNIT_CASE(ring_overtaken),
	KUNIT_CASE(ring_any_order),
	KUNIT_CASE(ring_wraps),
	KUNIT_CASE_PARAM(ring_attack, attack_gen_params),
	KUNIT_CASE(ring_unshown),
	KUNIT_CASE(ring_descriptors_changed),
	KUNIT_CASE(ring_flags),
	{ }
};

static struct kunit_suite rpmsg_ring_suite = {
	.name = "rpmsg_ring",
	.test_cases = rpmsg_ring_cases,
};

kunit_test_suite(rpmsg_ring_suite);
