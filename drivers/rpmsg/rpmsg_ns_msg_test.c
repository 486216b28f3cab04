// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (c) 2026 linux-amp developers
 *
 * Unit tests of the name-service message check.
 */

#include <kunit/test.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/string.h>

#include "rpmsg_ns_msg.h"

static struct rpmsg_ns_wire announcement(const char *name, u32 addr, u32 flags)
{
	struct rpmsg_ns_wire wire = {
		.addr = cpu_to_le32(addr),
		.flags = cpu_to_le32(flags),
	};

	memcpy(wire.name, name, min(strlen(name), sizeof(wire.name)));
	return wire;
}

static int parse(const char *name, u32 addr, u32 flags, struct rpmsg_ns_event *event)
{
	struct rpmsg_ns_wire wire = announcement(name, addr, flags);

	return rpmsg_ns_parse(&wire, sizeof(wire), event);
}

static void ns_create_and_destroy(struct kunit *test)
{
	struct rpmsg_ns_event event;

	KUNIT_ASSERT_EQ(test, 0, parse("rpmsg-raw", 30, 0, &event));
	KUNIT_EXPECT_STREQ(test, event.name, "rpmsg-raw");
	KUNIT_EXPECT_EQ(test, event.addr, 30U);
	KUNIT_EXPECT_FALSE(test, event.destroy);

	KUNIT_ASSERT_EQ(test, 0, parse("rpmsg-raw", 30, 1, &event));
	KUNIT_EXPECT_TRUE(test, event.destroy);
}

static void ns_little_endian(struct kunit *test)
{
	u8 raw[40] = { 'a', [32] = 0x78, 0x56, 0x34, 0x12, 1, 0, 0, 0 };
	struct rpmsg_ns_event event;

	KUNIT_ASSERT_EQ(test, 0, rpmsg_ns_parse(raw, sizeof(raw), &event));
	KUNIT_EXPECT_EQ(test, event.addr, 0x12345678U);
	KUNIT_EXPECT_TRUE(test, event.destroy);
}

static void ns_length(struct kunit *test)
{
	struct rpmsg_ns_wire wire[2] = { announcement("x", 1, 0) };
	struct rpmsg_ns_event event;
	size_t bytes;

	for (bytes = 0; bytes <= sizeof(wire); bytes++)
		KUNIT_EXPECT_EQ(test, rpmsg_ns_parse(wire, bytes, &event),
				bytes == sizeof(wire[0]) ? 0 : -EMSGSIZE);
}

static void ns_unaligned(struct kunit *test)
{
	struct rpmsg_ns_wire wire = announcement("odd", 7, 0);
	u8 raw[sizeof(wire) + 1];
	struct rpmsg_ns_event event;

	memcpy(raw + 1, &wire, sizeof(wire));
	KUNIT_ASSERT_EQ(test, 0, rpmsg_ns_parse(raw + 1, sizeof(wire), &event));
	KUNIT_EXPECT_EQ(test, event.addr, 7U);
}

static void ns_name_without_end(struct kunit *test)
{
	struct rpmsg_ns_event event;

	KUNIT_ASSERT_EQ(test, 0, parse("0123456789abcdef0123456789abcdef", 1, 0, &event));
	KUNIT_EXPECT_STREQ(test, event.name, "0123456789abcdef0123456789abcde");
}

static void ns_bytes_behind_the_name(struct kunit *test)
{
	struct rpmsg_ns_wire wire = announcement("short", 1, 0);
	struct rpmsg_ns_event event;

	memset(wire.name + 6, '\n', sizeof(wire.name) - 6);
	KUNIT_ASSERT_EQ(test, 0, rpmsg_ns_parse(&wire, sizeof(wire), &event));
	KUNIT_EXPECT_STREQ(test, event.name, "short");
}

static void ns_bad_names(struct kunit *test)
{
	static const char * const bad[] = {
		"", " ", "two words", "line\nMODALIAS=x", "tab\t", "del\x7f",
		"../etc", "a/b", "\x80", "caf\xc3\xa9", "\x1b[2J",
		"rpmsg_ctrl", "rpmsg_ns",
	};
	struct rpmsg_ns_event event;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(bad); i++)
		KUNIT_EXPECT_EQ_MSG(test, parse(bad[i], 1, 0, &event), -EINVAL,
				    "name %zu", i);
}

static void ns_good_names(struct kunit *test)
{
	static const char * const good[] = {
		"rpmsg-openamp-demo-channel", "rpmsg-virtual-tty-channel-1",
		"rpmsg_tty", "a", "~", "!", "..", "rpmsg_ctrl2", "x=y", "%s%n",
	};
	struct rpmsg_ns_event event;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(good); i++) {
		KUNIT_EXPECT_EQ_MSG(test, parse(good[i], 1, 0, &event), 0, "name %zu", i);
		KUNIT_EXPECT_STREQ(test, event.name, good[i]);
	}
}

static void ns_flags(struct kunit *test)
{
	struct rpmsg_ns_event event;

	KUNIT_EXPECT_EQ(test, parse("x", 1, 2, &event), -EPROTO);
	KUNIT_EXPECT_EQ(test, parse("x", 1, 3, &event), -EPROTO);
	KUNIT_EXPECT_EQ(test, parse("x", 1, 0x80000000U, &event), -EPROTO);
}

static void ns_addresses(struct kunit *test)
{
	struct rpmsg_ns_event event;

	KUNIT_EXPECT_EQ(test, parse("x", 0, 0, &event), 0);
	KUNIT_EXPECT_EQ(test, parse("x", 0xfffffffeU, 0, &event), 0);
	KUNIT_EXPECT_EQ(test, parse("x", 0xffffffffU, 0, &event), -EADDRNOTAVAIL);
	KUNIT_EXPECT_EQ(test, parse("x", 0xffffffffU, 1, &event), -EADDRNOTAVAIL);
}

static struct kunit_case rpmsg_ns_msg_cases[] = {
	KUNIT_CASE(ns_create_and_destroy),
	KUNIT_CASE(ns_little_endian),
	KUNIT_CASE(ns_length),
	KUNIT_CASE(ns_unaligned),
	KUNIT_CASE(ns_name_without_end),
	KUNIT_CASE(ns_bytes_behind_the_name),
	KUNIT_CASE(ns_bad_names),
	KUNIT_CASE(ns_good_names),
	KUNIT_CASE(ns_flags),
	KUNIT_CASE(ns_addresses),
	{ }
};

static struct kunit_suite rpmsg_ns_msg_suite = {
	.name = "rpmsg_ns_msg",
	.test_cases = rpmsg_ns_msg_cases,
};

kunit_test_suite(rpmsg_ns_msg_suite);
