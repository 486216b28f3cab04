// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (c) 2026 linux-amp developers
 *
 * Unit tests of the decision when to ring. The remotes here are models of the ways
 * in which firmware in the field takes messages.
 */

#include <kunit/test.h>
#include <linux/kernel.h>
#include <linux/module.h>

#include "rpmsg_bell.h"

#define NUM	256U

struct world {
	struct rpmsg_bell bell;
	u16 shown;
	u16 used;
	unsigned int rings;
	bool timer;
};

static void begin(struct world *w, u16 start)
{
	*w = (struct world){ .shown = start, .used = start };
	rpmsg_bell_init(&w->bell, NUM);
	w->bell.rung = start;
}

static bool act(struct world *w, enum rpmsg_bell_action action)
{
	if (action == RPMSG_BELL_LATER)
		w->timer = true;
	w->rings += action == RPMSG_BELL_RING;
	return action == RPMSG_BELL_RING;
}

static bool send(struct world *w)
{
	return act(w, rpmsg_bell_sent(&w->bell, ++w->shown, w->used, true));
}

static bool tick(struct world *w)
{
	if (!w->timer)
		return false;
	w->timer = false;
	return act(w, rpmsg_bell_check(&w->bell, w->shown, w->used, true));
}

/* A remote that is faster than Linux gets a doorbell for each message. */
static void bell_ping_pong(struct kunit *test)
{
	struct world w;
	u32 i;

	begin(&w, 65000);
	for (i = 0; i < 2000; i++) {
		KUNIT_ASSERT_TRUE(test, send(&w));
		w.used = w.shown;
	}
	KUNIT_EXPECT_FALSE(test, w.timer);
}

/* One that comes to run when the ring is full, and takes all there is. */
static void bell_flood(struct kunit *test)
{
	struct world w;
	u32 i, j;

	begin(&w, 65000);
	for (i = 0; i < 100; i++) {
		for (j = 0; j < NUM; j++)
			send(&w);
		w.used = w.shown;
		KUNIT_ASSERT_FALSE(test, tick(&w));
	}
	KUNIT_EXPECT_LE(test, w.rings, 100 * NUM / 32);
	KUNIT_EXPECT_EQ(test, w.bell.distrust, 0);
}

/* One that looks at one message for each doorbell loses nothing. */
static void bell_one_per_doorbell(struct kunit *test)
{
	u32 i, served = 0, rounds = 0;
	struct world w;

	begin(&w, 0);
	for (i = 0; i < 100; i++)
		send(&w);
	for (; served < w.rings && rounds < 1000; rounds++) {
		w.used += w.rings - served;
		served = w.rings;
		tick(&w);
	}
	KUNIT_EXPECT_FALSE(test, w.timer);
	KUNIT_EXPECT_GT(test, w.bell.distrust, 0);

	/* From now on each message has its doorbell. */
	for (i = 0; i < 32; i++)
		KUNIT_EXPECT_TRUE(test, send(&w));
}

/* One that keeps some buffers for ever is told in time, and soon without delay. */
static void bell_keeps_buffers(struct kunit *test)
{
	u32 i, late = 0;
	struct world w;

	begin(&w, 0);
	for (i = 0; i < 16; i++)
		send(&w);
	tick(&w);
	for (i = 0; i < 100000; i++) {
		if (!send(&w)) {
			KUNIT_ASSERT_TRUE(test, w.timer);
			KUNIT_ASSERT_TRUE(test, tick(&w));
			late++;
		}
		w.used = w.shown - 10;
	}
	KUNIT_EXPECT_LE(test, late, 2 * RPMSG_BELL_MAX_DISTRUST);
}

/* One that is slow is not asked to hurry more than once per look. */
static void bell_slow(struct kunit *test)
{
	struct world w;
	u32 i;

	begin(&w, 0);
	for (i = 0; i < 200; i++)
		send(&w);
	w.rings = 0;
	for (i = 0; i < 100; i++) {
		w.used++;
		tick(&w);
	}
	KUNIT_EXPECT_LE(test, w.rings, 100U);
	KUNIT_EXPECT_EQ(test, w.bell.distrust, 0);
}

static void bell_silence(struct kunit *test)
{
	struct world w;
	u32 i;

	begin(&w, 0);
	for (i = 0; i < 100; i++)
		KUNIT_EXPECT_EQ(test, rpmsg_bell_sent(&w.bell, i, 0, false), RPMSG_BELL_NOTHING);
	/* Changed its mind, but is far behind what it has found by itself so far. */
	KUNIT_EXPECT_EQ(test, rpmsg_bell_sent(&w.bell, 100, 0, true), RPMSG_BELL_LATER);
	KUNIT_EXPECT_EQ(test, rpmsg_bell_check(&w.bell, 100, 0, true), RPMSG_BELL_RING);
}

/* Whatever the remote says: what is left without a doorbell is looked at again. */
static void bell_lies(struct kunit *test)
{
	enum rpmsg_bell_action action;
	struct world w;
	u32 i, seed = 1;

	begin(&w, 0);
	for (i = 0; i < 200000; i++) {
		seed = seed * 1664525 + 1013904223;
		w.used = seed >> 16;
		action = rpmsg_bell_sent(&w.bell, ++w.shown, w.used, !(seed & 0x8000));
		if (action == RPMSG_BELL_RING) {
			KUNIT_ASSERT_EQ(test, w.bell.rung, w.shown);
			KUNIT_ASSERT_FALSE(test, w.bell.waiting);
		} else if (!(seed & 0x8000)) {
			KUNIT_ASSERT_TRUE(test, w.bell.waiting);
		}
		if (!(seed & 0x700))
			rpmsg_bell_check(&w.bell, w.shown, seed >> 8, true);
	}
}

static struct kunit_case rpmsg_bell_cases[] = {
	KUNIT_CASE(bell_ping_pong),
	KUNIT_CASE(bell_flood),
	KUNIT_CASE(bell_one_per_doorbell),
	KUNIT_CASE(bell_keeps_buffers),
	KUNIT_CASE(bell_slow),
	KUNIT_CASE(bell_silence),
	KUNIT_CASE(bell_lies),
	{ }
};

static struct kunit_suite rpmsg_bell_suite = {
	.name = "rpmsg_bell",
	.test_cases = rpmsg_bell_cases,
};

kunit_test_suite(rpmsg_bell_suite);
