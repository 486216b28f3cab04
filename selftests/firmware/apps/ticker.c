// SPDX-License-Identifier: GPL-2.0-only
/*
 * Ticker: an echo whose last sender gets a number about every second from then on, asked or not.
 * A message that begins with a number other than 0 asks for one alone, after so many seconds.
 * Linux may sleep meanwhile.
 *
 * Copyright (c) 2026 linux-amp developers
 */

#include <cpu.h>
#include <fw/app_table.h>
#include <fw/board.h>
#include <fw/doorbell.h>
#include <fw/event.h>
#include <fw/rpmsg.h>
#include <fw/string.h>
#include <fw/timer.h>
#include <fw/trace.h>

/* Interrupts of the timer, which are most of what wakes the processor */
#define TICK_MS 1000

/* How many ticks are left to the only one that is wanted, 0 if all are */
static u32 listener, left;

static int listen(struct rpmsg_device *rp, struct rpmsg_endpoint *ept, u32 src, const void *data,
		  u16 len)
{
	listener = src;
	left = 0;
	if (len >= sizeof(left))
		memcpy(&left, data, sizeof(left));
	return rpmsg_send(rp, ept->addr, src, data, len);
}

static struct rpmsg_endpoint endpoints[] = {
	{ .name = "rpmsg-raw", .addr = 1025, .rx = listen },
};

static struct rpmsg_device rpmsg;

int main(void)
{
	u32 ms = 0, ticks = 0;

	trace("%s: mpidr 0x%08x\n", FW_NAME, cpu_mpidr());
	board_init();
	rpmsg_init(&rpmsg, &app_table.vdev, app_table.vring, endpoints, ARRAY_SIZE(endpoints));
	doorbell_init();
	timer_start();
	for (;;) {
		rpmsg_poll(&rpmsg);
		event_wait();
		if (++ms < TICK_MS)
			continue;
		ms = 0;
		ticks++;
		/* A driver that comes anew has other addresses */
		if (!rpmsg.up)
			listener = 0;
		if (left > 1) {
			left--;
			continue;
		}
		/* Without a buffer Linux has had its ticks and not taken them */
		if (listener)
			rpmsg_send(&rpmsg, endpoints[0].addr, listener, &ticks, sizeof(ticks));
		if (left)
			listener = 0;
	}
}
