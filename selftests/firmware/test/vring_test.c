// SPDX-License-Identifier: GPL-2.0-only
/*
 * lib/vring.c: layout, order, limits and notification.
 *
 * Copyright (c) 2026 linux-amp developers
 */

#include <fw/compiler.h>
#include <fw/vring.h>

#include "driver.h"
#include "ktap.h"

static struct vring vr;

/* Sets the rings up and takes @ring's device side */
static int open_ring(u32 ring, u32 num, u32 align)
{
	drv_setup(num, align);
	return vring_init(&vr, ring == TO_HOST ? VRING_DEVICE_FILLS : VRING_DRIVER_FILLS,
			  drv[ring].da, num, align, NOTIFYID(ring));
}

static void layout_of_every_legal_size(void)
{
	u32 num, align;

	for (num = 1; num <= VRING_MAX_NUM; num *= 2) {
		for (align = 4; align <= 65536; align *= 2) {
			u32 da = SHM_DA, end;

			drv_ring_setup(&drv[0], da, num, align, SHM_DA);
			end = drv[0].end_da;
			CHECK_EQ(vring_size(num, align), end - da);
			CHECK_EQ(vring_init(&vr, VRING_DRIVER_FILLS, da, num, align, 0), 0);
			CHECK((void *)vr.desc == drv[0].desc);
			CHECK((void *)vr.avail == drv[0].avail);
			CHECK((void *)vr.used == drv[0].used);
			CHECK((void *)vr.used->ring == drv[0].elem);
		}
	}
}

static void illegal_sizes_are_refused(void)
{
	static const struct {
		u32 da, num, align;
		int ret;
	} t[] = {
		{ SHM_DA, 0, 4096, -EINVAL },
		{ SHM_DA, 3, 4096, -EINVAL },
		{ SHM_DA, 65536, 4096, -EINVAL },
		{ SHM_DA, 0xffffffff, 4096, -EINVAL },
		{ SHM_DA, 16, 0, -EINVAL },
		{ SHM_DA, 16, 2, -EINVAL },
		{ SHM_DA, 16, 4095, -EINVAL },
		{ SHM_DA, 16, 0x80000000, -EINVAL },
		{ SHM_DA + 8, 16, 4, -EINVAL },
		{ SHM_DA + 16, 16, 4096, -EINVAL },
		{ 0xffffffff, 16, 4096, -EINVAL },
		{ 0, 16, 4096, -EFAULT },
		{ 0xfffff000, 16, 4096, -EFAULT },
		{ SHM_DA - 4096, 16, 4096, -EFAULT },
		{ SHM_DA + SHM_SIZE, 16, 4096, -EFAULT },
		{ SHM_DA + SHM_SIZE - 4096, 256, 4096, -EFAULT },
	};
	u32 i;

	for (i = 0; i < ARRAY_SIZE(t); i++)
		CHECK_EQ(vring_init(&vr, VRING_DRIVER_FILLS, t[i].da, t[i].num, t[i].align, 0),
			 t[i].ret);
}

static void ring_at_the_end_of_memory(void)
{
	u32 da = SHM_DA + SHM_SIZE - 8192, i;
	struct vring_buf buf;

	CHECK_EQ(vring_init(&vr, VRING_DRIVER_FILLS, da, 256, 4096, 0), -EFAULT);

	/* 16 * 4 + 2 * 4 + 6, up to 80; 4 + 8 * 4 + 2 more: 118 bytes */
	da = SHM_DA + SHM_SIZE - 128;
	drv_ring_setup(&drv[1], da, 4, 16, SHM_DA);
	CHECK_EQ(vring_init(&vr, VRING_DRIVER_FILLS, da, 4, 16, 0), 0);
	for (i = 0; i < 100; i++) {
		drv[1].desc[i % 4].addr_lo = SHM_DA;
		drv_make_avail(&drv[1], i % 4);
		CHECK_EQ(vring_peek(&vr, &buf), 0);
		vring_done(&vr, &buf, i);
		CHECK_EQ(drv_used(&drv[1], NULL), i % 4);
	}
}

static void in_order_and_past_the_wrap(void)
{
	static const u32 nums[] = { 1, 2, 64, 256, 1024 };
	struct vring_buf buf, again;
	u32 i, n, len;

	for (n = 0; n < ARRAY_SIZE(nums); n++) {
		u32 num = nums[n];

		CHECK_EQ(open_ring(TO_REMOTE, num, 4096), 0);
		CHECK_EQ(vring_peek(&vr, &buf), -EAGAIN);
		for (i = 0; i < 70000; i++) {
			u16 head = num - 1 - i % num;

			drv_make_avail(&drv[1], head);
			CHECK_EQ(vring_peek(&vr, &buf), 0);
			CHECK_EQ(vring_peek(&vr, &again), 0);
			CHECK(again.va == buf.va);
			CHECK_EQ(again.len, buf.len);
			CHECK_EQ(again.head, buf.head);
			CHECK_EQ(buf.head, head);
			CHECK_EQ(buf.len, BUF_SIZE);
			CHECK(buf.va == drv_msg(&drv[1], head));
			CHECK_EQ(drv_used(&drv[1], NULL), -1);
			vring_done(&vr, &buf, i);
			CHECK_EQ(drv_used(&drv[1], &len), head);
			CHECK_EQ(len, i);
			CHECK_EQ(vring_peek(&vr, &buf), -EAGAIN);
			CHECK(!vring_was_reset(&vr));
		}
	}
}

static void full_ring(void)
{
	struct vring_buf buf;
	u32 i, round;

	CHECK_EQ(open_ring(TO_HOST, 8, 4096), 0);
	for (round = 0; round < 3; round++) {
		drv_give_all();
		for (i = 0; i < 8; i++) {
			CHECK_EQ(vring_peek(&vr, &buf), 0);
			vring_done(&vr, &buf, 0);
		}
		CHECK_EQ(vring_peek(&vr, &buf), -EAGAIN);
	}
}

static void bad_descriptors_are_given_back(void)
{
	static const struct {
		u32 lo, hi, len;
		u16 flags;
	} t[] = {
		{ SHM_DA, 0, 64, VRING_DESC_F_NEXT },
		{ SHM_DA, 0, 64, VRING_DESC_F_INDIRECT },
		{ SHM_DA, 0, 64, VRING_DESC_F_WRITE },
		{ SHM_DA + 1, 0, 64, 0 },
		{ SHM_DA + 2, 0, 64, 0 },
		{ SHM_DA, 1, 64, 0 },
		{ 0, 0, 64, 0 },
		{ SHM_DA - 4, 0, 64, 0 },
		{ SHM_DA + SHM_SIZE, 0, 1, 0 },
		{ SHM_DA + SHM_SIZE - 64, 0, 65, 0 },
		{ SHM_DA + 4, 0, 0xffffffff, 0 },
		{ SHM_DA, 0, SHM_SIZE + 1, 0 },
		{ 0xfffffffc, 0xffffffff, 8, 0 },
	};
	struct vring_buf buf;
	u32 i;

	CHECK_EQ(open_ring(TO_REMOTE, 4, 4096), 0);
	for (i = 0; i < ARRAY_SIZE(t); i++) {
		struct vring_desc *d = &drv[1].desc[i % 4];

		d->addr_lo = t[i].lo;
		d->addr_hi = t[i].hi;
		d->len = t[i].len;
		d->flags = t[i].flags;
		drv_make_avail(&drv[1], i % 4);
		CHECK_EQ(vring_peek(&vr, &buf), -EBADMSG);
		vring_done(&vr, &buf, 0);
		CHECK_EQ(drv_used(&drv[1], NULL), i % 4);
	}
}

static void direction_is_checked(void)
{
	struct vring_buf buf;

	CHECK_EQ(open_ring(TO_HOST, 4, 4096), 0);
	drv_give(0);
	CHECK_EQ(vring_peek(&vr, &buf), 0);
	vring_done(&vr, &buf, 0);
	drv[0].desc[1].flags = 0;
	drv_give(1);
	CHECK_EQ(vring_peek(&vr, &buf), -EBADMSG);
}

static void inconsistent_ring(void)
{
	struct vring_buf buf;

	CHECK_EQ(open_ring(TO_REMOTE, 8, 4096), 0);
	drv[1].avail[1] = 9;
	CHECK_EQ(vring_peek(&vr, &buf), -EPROTO);
	drv[1].avail[1] = 0xffff;
	CHECK_EQ(vring_peek(&vr, &buf), -EPROTO);
	drv[1].avail[1] = 8;
	drv[1].avail[2] = 8;
	CHECK_EQ(vring_peek(&vr, &buf), -EPROTO);
	drv[1].avail[2] = 0xffff;
	CHECK_EQ(vring_peek(&vr, &buf), -EPROTO);
	drv[1].avail[2] = 7;
	CHECK_EQ(vring_peek(&vr, &buf), 0);
}

static void notification_flags(void)
{
	CHECK_EQ(open_ring(TO_HOST, 8, 4096), 0);
	CHECK(vring_driver_wants_notify(&vr));
	drv[0].avail[0] = VRING_AVAIL_F_NO_INTERRUPT;
	CHECK(!vring_driver_wants_notify(&vr));
	drv[0].avail[0] = 0xfffe;
	CHECK(vring_driver_wants_notify(&vr));

	vring_disable_notify(&vr);
	CHECK_EQ(drv[0].used[0], VRING_USED_F_NO_NOTIFY);
	CHECK(!vring_was_reset(&vr));
	CHECK(!vring_enable_notify(&vr));
	CHECK_EQ(drv[0].used[0], 0);
	drv_give(0);
	CHECK(vring_enable_notify(&vr));
}

static void reset_is_noticed(void)
{
	struct vring_buf buf;

	CHECK_EQ(open_ring(TO_HOST, 8, 4096), 0);
	CHECK(!vring_was_reset(&vr));
	vring_disable_notify(&vr);
	drv_setup(8, 4096);
	CHECK(vring_was_reset(&vr));

	CHECK_EQ(open_ring(TO_HOST, 8, 4096), 0);
	drv_give(3);
	CHECK_EQ(vring_peek(&vr, &buf), 0);
	vring_done(&vr, &buf, 0);
	CHECK(!vring_was_reset(&vr));
	drv_setup(8, 4096);
	CHECK(vring_was_reset(&vr));
}

static void restart_continues_the_ring(void)
{
	struct vring_buf buf;
	u32 i;

	CHECK_EQ(open_ring(TO_REMOTE, 8, 4096), 0);
	for (i = 0; i < 5; i++) {
		drv_make_avail(&drv[1], i);
		CHECK_EQ(vring_peek(&vr, &buf), 0);
		vring_done(&vr, &buf, 0);
	}
	drv_make_avail(&drv[1], 5);
	CHECK_EQ(vring_init(&vr, VRING_DRIVER_FILLS, drv[1].da, 8, 4096, 0), 0);
	CHECK_EQ(vring_peek(&vr, &buf), 0);
	CHECK_EQ(buf.head, 5);
}

const struct ktap_case vring_cases[] = {
	KTAP_CASE(layout_of_every_legal_size),
	KTAP_CASE(illegal_sizes_are_refused),
	KTAP_CASE(ring_at_the_end_of_memory),
	KTAP_CASE(in_order_and_past_the_wrap),
	KTAP_CASE(full_ring),
	KTAP_CASE(bad_descriptors_are_given_back),
	KTAP_CASE(direction_is_checked),
	KTAP_CASE(inconsistent_ring),
	KTAP_CASE(notification_flags),
	KTAP_CASE(reset_is_noticed),
	KTAP_CASE(restart_continues_the_ring),
	{ },
};
