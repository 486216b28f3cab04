// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (c) 2026 linux-amp developers
 *
 * Unit tests of the RPMsg header check.
 */

#include <kunit/test.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/string.h>

#include "rpmsg_wire.h"

#define BUF_BYTES	512U
#define HDR_BYTES	16U

struct check_case {
	const char *name;
	u32 used;
	u16 len;
	enum rpmsg_wire_verdict verdict;
};

static const struct check_case check_cases[] = {
	{ "used 0", 0, 0, RPMSG_WIRE_SHORT_USED },
	{ "used 0, longest payload", 0, 65535, RPMSG_WIRE_SHORT_USED },
	{ "used 8", 8, 0, RPMSG_WIRE_SHORT_USED },
	{ "used 15", 15, 0, RPMSG_WIRE_SHORT_USED },
	{ "used 15, longest payload", 15, 65535, RPMSG_WIRE_SHORT_USED },
	{ "header only", 16, 0, RPMSG_WIRE_OK },
	{ "header only, claims a byte", 16, 1, RPMSG_WIRE_BAD_LEN },
	{ "one byte", 17, 1, RPMSG_WIRE_OK },
	{ "shorter than used", 512, 1, RPMSG_WIRE_OK },
	{ "empty in a full buffer", 512, 0, RPMSG_WIRE_OK },
	{ "largest message", 512, 496, RPMSG_WIRE_OK },
	{ "one byte beyond the buffer", 512, 497, RPMSG_WIRE_BAD_LEN },
	{ "payload of a whole buffer", 512, 512, RPMSG_WIRE_BAD_LEN },
	{ "longest payload", 512, 65535, RPMSG_WIRE_BAD_LEN },
	{ "beyond used, within buffer", 100, 85, RPMSG_WIRE_BAD_LEN },
	{ "up to used", 100, 84, RPMSG_WIRE_OK },
	{ "used one beyond the buffer", 513, 0, RPMSG_WIRE_LONG_USED },
	{ "used covers the payload, not the buffer", 65551, 65535, RPMSG_WIRE_LONG_USED },
	{ "largest used", U32_MAX, 0, RPMSG_WIRE_LONG_USED },
	{ "used just below a wrap", U32_MAX - 15, 496, RPMSG_WIRE_LONG_USED },
};

static void describe(const struct check_case *c, char *desc)
{
	strscpy(desc, c->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(check, check_cases, describe);

static void wire_check(struct kunit *test)
{
	const struct check_case *c = test->param_value;
	struct rpmsg_wire_hdr hdr = {
		.src = cpu_to_le32(0x12345678),
		.dst = cpu_to_le32(0x9abcdef0),
		.reserved = cpu_to_le32(0xffffffff),
		.len = cpu_to_le16(c->len),
		.flags = cpu_to_le16(0xffff),
	};
	struct rpmsg_wire_msg msg = { .len = 4711 };

	KUNIT_ASSERT_EQ(test, (int)c->verdict,
			(int)rpmsg_wire_check(&hdr, c->used, BUF_BYTES, &msg));
	if (c->verdict != RPMSG_WIRE_OK) {
		KUNIT_EXPECT_EQ(test, msg.len, 4711U);
		return;
	}
	KUNIT_EXPECT_EQ(test, msg.len, (u32)c->len);
	KUNIT_EXPECT_EQ(test, msg.src, 0x12345678U);
	KUNIT_EXPECT_EQ(test, msg.dst, 0x9abcdef0U);
}

/* Nothing that passes may reach beyond the buffer, whatever its size. */
static void wire_check_bounds(struct kunit *test)
{
	struct rpmsg_wire_hdr hdr = { };
	struct rpmsg_wire_msg msg;
	u32 buf, used, len;

	for (buf = HDR_BYTES; buf <= 64; buf++) {
		for (used = 0; used <= 80; used++) {
			for (len = 0; len <= 80; len++) {
				bool ok = used >= HDR_BYTES && used <= buf &&
					  HDR_BYTES + len <= used;

				hdr.len = cpu_to_le16(len);
				KUNIT_ASSERT_EQ(test, ok,
						rpmsg_wire_check(&hdr, used, buf, &msg) ==
						RPMSG_WIRE_OK);
			}
		}
	}
}

static void wire_fill(struct kunit *test)
{
	static const u8 want[HDR_BYTES] = {
		0x01, 0x04, 0x00, 0x00, 0x1e, 0x00, 0x00, 0x00,
		0x00, 0x00, 0x00, 0x00, 0xf0, 0x01, 0x00, 0x00,
	};
	struct rpmsg_wire_msg msg = { .src = 1025, .dst = 30, .len = 496 };
	struct rpmsg_wire_hdr hdr;

	memset(&hdr, 0xaa, sizeof(hdr));
	rpmsg_wire_fill(&hdr, &msg);
	KUNIT_EXPECT_EQ(test, 0, memcmp(&hdr, want, sizeof(want)));
}

static void wire_round_trip(struct kunit *test)
{
	struct rpmsg_wire_msg out = { .src = 0, .dst = U32_MAX, .len = 7 };
	struct rpmsg_wire_msg in = { };
	struct rpmsg_wire_hdr hdr;

	rpmsg_wire_fill(&hdr, &out);
	KUNIT_ASSERT_EQ(test, (int)RPMSG_WIRE_OK,
			(int)rpmsg_wire_check(&hdr, HDR_BYTES + 7, BUF_BYTES, &in));
	KUNIT_EXPECT_EQ(test, in.src, out.src);
	KUNIT_EXPECT_EQ(test, in.dst, out.dst);
	KUNIT_EXPECT_EQ(test, in.len, out.len);
}

static struct kunit_case rpmsg_wire_cases[] = {
	KUNIT_CASE_PARAM(wire_check, check_gen_params),
	KUNIT_CASE(wire_check_bounds),
	KUNIT_CASE(wire_fill),
	KUNIT_CASE(wire_round_trip),
	{ }
};

static struct kunit_suite rpmsg_wire_suite = {
	.name = "rpmsg_wire",
	.test_cases = rpmsg_wire_cases,
};

kunit_test_suite(rpmsg_wire_suite);
