// SPDX-License-Identifier: GPL-2.0-only
/*
 * lib/rpmsg.c: following the driver, announcements, echo, back-pressure, and
 * what a hostile or careless driver can do.
 *
 * Copyright (c) 2026 linux-amp developers
 */

#include <stdlib.h>
#include <string.h>

#include <fw/compiler.h>
#include <fw/rpmsg.h>
#include <fw/trace.h>

#include "driver.h"
#include "ktap.h"

static int echo(struct rpmsg_device *rp, struct rpmsg_endpoint *ept, u32 src,
		const void *data, u16 len)
{
	return rpmsg_send(rp, ept->addr, src, data, len);
}

static int refuse(struct rpmsg_device *rp, struct rpmsg_endpoint *ept, u32 src,
		  const void *data, u16 len)
{
	(void)rp, (void)ept, (void)src, (void)data, (void)len;
	return -EINVAL;
}

static struct rpmsg_endpoint epts[] = {
	{ .name = "rpmsg-openamp-demo-channel", .addr = 1024, .rx = echo },
	{ .name = "a-name-of-more-than-thirty-one-characters", .addr = 1025, .rx = echo },
	{ .name = "", .addr = 1026, .rx = refuse },
};

static struct rpmsg_device rp;

static void start(u32 num)
{
	drv_setup(num, 4096);
	memset(&rp, 0, sizeof(rp));
	rpmsg_init(&rp, &drv_vdev.vdev, drv_vdev.vring, epts, ARRAY_SIZE(epts));
	rpmsg_poll(&rp);
}

/* Brings the device up and takes its announcements */
static void start_up(u32 num)
{
	u32 i;

	start(num);
	drv_give_all();
	drv_ready();
	rpmsg_poll(&rp);
	for (i = 0; i < ARRAY_SIZE(epts); i++) {
		int head = drv_used(&drv[TO_HOST], NULL);

		CHECK(head >= 0);
		drv_give(head);
		rpmsg_poll(&rp);
	}
	CHECK_EQ(drv_used(&drv[TO_HOST], NULL), -1);
}

static void expect_echo(u32 src, u32 dst, const void *data, u16 len)
{
	u32 used_len = 0;
	int head = drv_used(&drv[TO_HOST], &used_len);
	struct rpmsg_hdr *hdr;

	CHECK(head >= 0);
	hdr = drv_msg(&drv[TO_HOST], head);
	CHECK_EQ(used_len, sizeof(*hdr) + len);
	CHECK_EQ(hdr->src, src);
	CHECK_EQ(hdr->dst, dst);
	CHECK_EQ(hdr->len, len);
	CHECK_EQ(hdr->reserved, 0);
	CHECK_EQ(hdr->flags, 0);
	CHECK(!memcmp(hdr + 1, data, len));
	drv_give(head);
}

static void waits_for_driver_ok(void)
{
	static const u8 status[] = { 0, 1, 3, 0x83, 0x87 };
	u32 i;

	start(16);
	drv_give_all();
	for (i = 0; i < sizeof(status); i++) {
		drv_vdev.vdev.status = status[i];
		rpmsg_poll(&rp);
		CHECK(!rp.up);
	}
	CHECK_EQ(drv[0].used[1] + drv[1].used[1], 0);
	drv_ready();
	rpmsg_poll(&rp);
	CHECK(rp.up);
}

static void announces(void)
{
	u32 i, len;

	start(16);
	drv_give_all();
	drv_ready();
	rpmsg_poll(&rp);
	for (i = 0; i < ARRAY_SIZE(epts); i++) {
		int head = drv_used(&drv[TO_HOST], &len);
		struct rpmsg_hdr *hdr;
		struct rpmsg_ns_msg *msg;

		CHECK_EQ(head, i);
		hdr = drv_msg(&drv[TO_HOST], head);
		msg = (void *)(hdr + 1);
		CHECK_EQ(len, 56);
		CHECK_EQ(hdr->len, 40);
		CHECK_EQ(hdr->src, epts[i].addr);
		CHECK_EQ(hdr->dst, 53);
		CHECK_EQ(msg->addr, epts[i].addr);
		CHECK_EQ(msg->flags, 0);
		CHECK(!strncmp(msg->name, epts[i].name, 31));
		CHECK_EQ(msg->name[31], 0);
	}
	CHECK_EQ(drv_rung[0], ARRAY_SIZE(epts));
	CHECK_EQ(drv_rung[1] + drv_rung_other, 0);
	/* Once only */
	rpmsg_poll(&rp);
	CHECK_EQ(drv_used(&drv[TO_HOST], NULL), -1);
}

static void announces_nothing_without_the_feature(void)
{
	start(16);
	drv_vdev.vdev.gfeatures = 0;
	drv_give_all();
	drv_ready();
	rpmsg_poll(&rp);
	CHECK(rp.up);
	CHECK_EQ(drv_used(&drv[TO_HOST], NULL), -1);
	drv_send(0, 7, 1024, "hello", 5);
	rpmsg_poll(&rp);
	expect_echo(1024, 7, "hello", 5);
}

static void announces_as_buffers_come(void)
{
	u32 i;

	start(4);
	drv_ready();
	for (i = 0; i < ARRAY_SIZE(epts); i++) {
		rpmsg_poll(&rp);
		CHECK_EQ(drv[0].used[1], i);
		CHECK_EQ(drv[0].used[0], 0);
		drv_give(i);
	}
	rpmsg_poll(&rp);
	CHECK_EQ(drv[0].used[1], i);
	CHECK_EQ(drv[0].used[0], VRING_USED_F_NO_NOTIFY);
}

static void echoes_every_length(void)
{
	u8 data[496];
	u32 len, i, num;

	for (num = 1; num <= 256; num *= 4) {
		start_up(num);
		for (len = 0; len <= sizeof(data); len++) {
			for (i = 0; i < len; i++)
				data[i] = rnd();
			drv_send(len % num, 0x400 + len, 1024 + len % 2, data, len);
			rpmsg_poll(&rp);
			CHECK_EQ(drv_used(&drv[TO_REMOTE], NULL), len % num);
			expect_echo(1024 + len % 2, 0x400 + len, data, len);
		}
		CHECK_EQ(rp.stats.rx, len);
		CHECK_EQ(rp.stats.no_ept + rp.stats.bad_len + rp.stats.bad_buf, 0);
	}
}

static void kicks_when_wanted(void)
{
	start_up(16);
	drv_rung[0] = 0;
	drv_rung[1] = 0;
	drv_send(0, 1, 1024, "x", 1);
	rpmsg_poll(&rp);
	CHECK_EQ(drv_rung[0], 1);
	CHECK_EQ(drv_rung[1], 1);

	drv[TO_REMOTE].avail[0] = VRING_AVAIL_F_NO_INTERRUPT;
	drv_send(1, 1, 1024, "x", 1);
	rpmsg_poll(&rp);
	CHECK_EQ(drv_rung[0], 2);
	CHECK_EQ(drv_rung[1], 1);

	drv[TO_HOST].avail[0] = VRING_AVAIL_F_NO_INTERRUPT;
	drv_send(2, 1, 1024, "x", 1);
	rpmsg_poll(&rp);
	CHECK_EQ(drv_rung[0], 2);
	CHECK_EQ(drv_rung[1], 1);
	CHECK_EQ(drv_rung_other, 0);
}

static void nothing_is_lost_without_buffers(void)
{
	u32 i, num = 16, taken;

	start_up(num);
	/* Let the remote use up all buffers and keep them */
	for (i = 0; i < num; i++) {
		drv_send(i, 1, 1024, &i, sizeof(i));
		rpmsg_poll(&rp);
		CHECK_EQ(drv_used(&drv[TO_REMOTE], NULL), i);
	}
	CHECK_EQ(rp.stats.starved, 0);
	for (i = num; i < 2 * num; i++)
		drv_send(i - num, 1, 1024, &i, sizeof(i));
	rpmsg_poll(&rp);
	CHECK_EQ(drv_used(&drv[TO_REMOTE], NULL), -1);
	CHECK_EQ(rp.stats.starved, 1);

	for (taken = 0; taken < 2 * num; taken++) {
		/* Asks for a kick exactly as long as there is something to send */
		CHECK_EQ(drv[TO_HOST].used[0],
			 taken < num ? 0 : VRING_USED_F_NO_NOTIFY);
		expect_echo(1024, 1, &taken, sizeof(taken));
		rpmsg_poll(&rp);
	}
	CHECK_EQ(drv_used(&drv[TO_HOST], NULL), -1);
	CHECK_EQ(rp.stats.rx, 2 * num);
}

static void unknown_endpoints_are_dropped(void)
{
	u32 i;

	start_up(8);
	for (i = 0; i < 100; i++) {
		drv_send(i % 8, 1, i % 2 ? 99 : RPMSG_NS_ADDR, "x", 1);
		rpmsg_poll(&rp);
		CHECK_EQ(drv_used(&drv[TO_REMOTE], NULL), i % 8);
		CHECK_EQ(drv_used(&drv[TO_HOST], NULL), -1);
	}
	CHECK_EQ(rp.stats.no_ept, 50);
	drv_send(0, 1, 1026, "x", 1);
	rpmsg_poll(&rp);
	CHECK_EQ(drv_used(&drv[TO_REMOTE], NULL), 0);
	CHECK_EQ(rp.stats.refused, 1);
}

static bool last_line_is(const char *line)
{
	size_t len = strlen(trace_buffer), end = strlen(line);

	return len >= end && !strcmp(trace_buffer + len - end, line);
}

/* What Linux says of its channels is traced; a message of another length says nothing. */
static void announcements_are_traced(void)
{
	struct rpmsg_ns_msg msg = { .name = "of-linux", .addr = 1030 };

	start_up(8);
	drv_send(0, 1030, RPMSG_NS_ADDR, &msg, sizeof(msg));
	rpmsg_poll(&rp);
	CHECK(last_line_is("linux creates of-linux at 1030\n"));
	msg.flags = RPMSG_NS_DESTROY;
	drv_send(1, 1030, RPMSG_NS_ADDR, &msg, sizeof(msg));
	rpmsg_poll(&rp);
	CHECK(last_line_is("linux destroys of-linux at 1030\n"));
	/* Nothing is read behind the name, however it ends. */
	memset(msg.name, 'x', sizeof(msg.name));
	drv_send(2, 1030, RPMSG_NS_ADDR, &msg, sizeof(msg));
	rpmsg_poll(&rp);
	CHECK(last_line_is(" xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx at 1030\n"));
	drv_send(3, 1030, RPMSG_NS_ADDR, &msg, sizeof(msg) - 1);
	rpmsg_poll(&rp);
	trace("end\n");
	CHECK(last_line_is(" at 1030\nend\n"));
	CHECK_EQ(rp.stats.no_ept, 0);
	CHECK_EQ(drv_used(&drv[TO_HOST], NULL), -1);
}

static void lengths_are_bounded(void)
{
	static const struct {
		u16 hdr_len;
		u32 desc_len;
	} t[] = {
		{ 0, 0 }, { 0, 1 }, { 0, 15 }, { 1, 16 }, { 0xffff, 16 }, { 497, 512 },
		{ 0xffff, 512 }, { 0xfff0, 512 }, { 0xffff, 0xffff },
	};
	u32 i;

	start_up(16);
	for (i = 0; i < ARRAY_SIZE(t); i++) {
		/* The last buffer ends where shared memory ends */
		drv_send_raw(15, 1024, t[i].hdr_len, t[i].desc_len);
		rpmsg_poll(&rp);
		CHECK_EQ(drv_used(&drv[TO_REMOTE], NULL), 15);
		CHECK_EQ(drv_used(&drv[TO_HOST], NULL), -1);
		CHECK_EQ(rp.stats.bad_len + rp.stats.bad_buf, i + 1);
	}
}

static void longer_than_the_reply_buffer(void)
{
	start_up(1);
	drv[TO_REMOTE].desc[0].addr_lo = SHM_DA + 0x80000;
	memset(shm(SHM_DA + 0x80000), 0, 2048);
	((struct rpmsg_hdr *)shm(SHM_DA + 0x80000))->dst = 1024;
	((struct rpmsg_hdr *)shm(SHM_DA + 0x80000))->len = 600;
	drv[TO_REMOTE].desc[0].len = 616;
	drv_make_avail(&drv[TO_REMOTE], 0);
	rpmsg_poll(&rp);
	CHECK_EQ(drv_used(&drv[TO_REMOTE], NULL), 0);
	CHECK_EQ(drv_used(&drv[TO_HOST], NULL), -1);
	CHECK_EQ(rp.stats.refused, 1);
}

static void bad_reply_buffers_are_given_back(void)
{
	u32 len;

	start(4);
	drv_vdev.vdev.gfeatures = 0;
	drv[TO_HOST].desc[0].flags = 0;
	drv[TO_HOST].desc[1].addr_lo = 0x1000;
	drv_give_all();
	drv_ready();
	drv_send(0, 1, 1024, "x", 1);
	rpmsg_poll(&rp);
	CHECK_EQ(drv_used(&drv[TO_HOST], &len), 0);
	CHECK_EQ(len, 0);
	CHECK_EQ(drv_used(&drv[TO_HOST], &len), 1);
	CHECK_EQ(len, 0);
	expect_echo(1024, 1, "x", 1);
}

static void down_and_up_again(void)
{
	u32 round;

	for (round = 0; round < 3; round++) {
		start_up(8);
		drv_vdev.vdev.status = 0;
		drv_send(0, 1, 1024, "late", 4);
		rpmsg_poll(&rp);
		CHECK(!rp.up);
		CHECK_EQ(drv_used(&drv[TO_REMOTE], NULL), -1);
		rpmsg_poll(&rp);

		drv_setup(8, 4096);
		drv_give_all();
		drv_ready();
		rpmsg_poll(&rp);
		CHECK_EQ(drv[TO_HOST].used[1], ARRAY_SIZE(epts));
	}
}

static void reset_between_two_kicks(void)
{
	u32 i;

	/* With and without traffic before, at any used index */
	for (i = 0; i < 70; i++) {
		u32 k;

		start_up(8);
		for (k = 0; k < i; k++) {
			drv_send(0, 1, 1024, "x", 1);
			rpmsg_poll(&rp);
			expect_echo(1024, 1, "x", 1);
			CHECK_EQ(drv_used(&drv[TO_REMOTE], NULL), 0);
		}
		drv_setup(8, 4096);
		drv_give_all();
		drv_ready();
		rpmsg_poll(&rp);
		CHECK_EQ(drv[TO_HOST].used[1], ARRAY_SIZE(epts));
	}
}

static int set_up_anew(struct rpmsg_device *rp, struct rpmsg_endpoint *ept, u32 src,
		       const void *data, u16 len)
{
	(void)rp, (void)ept, (void)src, (void)data, (void)len;
	drv_setup(8, 4096);
	drv_give_all();
	drv_ready();
	return 0;
}

/* The message belonged to the driver before: nothing goes back to this one */
static void reset_while_at_work(void)
{
	start_up(8);
	drv_send(0, 1, 1024, "x", 1);
	rpmsg_poll(&rp);
	expect_echo(1024, 1, "x", 1);
	CHECK_EQ(drv_used(&drv[TO_REMOTE], NULL), 0);

	epts[2].rx = set_up_anew;
	drv_send(0, 1, 1026, "x", 1);
	rpmsg_poll(&rp);
	epts[2].rx = refuse;
	CHECK(rp.up);
	CHECK(!rp.broken);
	CHECK_EQ(drv[TO_REMOTE].used[1], 0);
	CHECK_EQ(drv[TO_HOST].used[1], ARRAY_SIZE(epts));
}

static void unusable_table(void)
{
	start(8);
	drv_give_all();
	drv_vdev.vring[1].da = FW_RSC_ADDR_ANY;
	drv_ready();
	rpmsg_poll(&rp);
	CHECK(!rp.up);
	drv_vdev.vring[1].da = drv[1].da;
	rpmsg_poll(&rp);
	CHECK(!rp.up);
	drv_vdev.vdev.status = 0;
	rpmsg_poll(&rp);
	drv_ready();
	rpmsg_poll(&rp);
	CHECK(rp.up);
}

static void broken_ring_waits_for_reset(void)
{
	start_up(8);
	drv[TO_REMOTE].avail[1] += 9;
	rpmsg_poll(&rp);
	CHECK(rp.broken);
	CHECK_EQ(drv_used(&drv[TO_REMOTE], NULL), -1);
	rpmsg_poll(&rp);
	drv_setup(8, 4096);
	drv_give_all();
	drv_ready();
	rpmsg_poll(&rp);
	CHECK(!rp.broken);
	CHECK_EQ(drv[TO_HOST].used[1], ARRAY_SIZE(epts));
}

/* Any bytes at all in the shared memory and the table: no access outside, no hang */
static void random_bytes(void)
{
	u32 round, i;

	for (round = 0; round < 20000; round++) {
		u32 num = 1u << rnd() % 6;

		if (round % 50 == 0)
			start_up(num);
		for (i = rnd() % 20; i; i--) {
			u32 r = rnd() % 2, what = rnd() % 8;
			struct drv_ring *ring = &drv[r];
			struct vring_desc *desc = &ring->desc[rnd() % ring->num];
			u8 *byte;

			if (what == 0)
				byte = (u8 *)shm(ring->da) + rnd() % (ring->end_da - ring->da);
			else if (what == 1)
				byte = (u8 *)desc + rnd() % sizeof(*desc);
			else if (what == 2)
				byte = (u8 *)drv_msg(ring, rnd() % ring->num) + rnd() % 16;
			else if (what == 3 && rnd() % 50 == 0)
				byte = (u8 *)&drv_vdev + rnd() % sizeof(drv_vdev);
			else
				byte = NULL;
			if (byte)
				*byte = rnd() % 3 ? 1u << rnd() % 8 : rnd();
			else
				drv_make_avail(ring, rnd() % ring->num);
		}
		rpmsg_poll(&rp);
		CHECK_EQ(trace_buffer[TRACE_SIZE - 1], 0);
	}
}

const struct ktap_case rpmsg_cases[] = {
	KTAP_CASE(waits_for_driver_ok),
	KTAP_CASE(announces),
	KTAP_CASE(announces_nothing_without_the_feature),
	KTAP_CASE(announces_as_buffers_come),
	KTAP_CASE(echoes_every_length),
	KTAP_CASE(kicks_when_wanted),
	KTAP_CASE(nothing_is_lost_without_buffers),
	KTAP_CASE(unknown_endpoints_are_dropped),
	KTAP_CASE(announcements_are_traced),
	KTAP_CASE(lengths_are_bounded),
	KTAP_CASE(longer_than_the_reply_buffer),
	KTAP_CASE(bad_reply_buffers_are_given_back),
	KTAP_CASE(down_and_up_again),
	KTAP_CASE(reset_between_two_kicks),
	KTAP_CASE(reset_while_at_work),
	KTAP_CASE(unusable_table),
	KTAP_CASE(broken_ring_waits_for_reset),
	KTAP_CASE(random_bytes),
	{ },
};
