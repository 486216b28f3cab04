// SPDX-License-Identifier: GPL-2.0-only
/*
 * An echo that crashes on request. A message that begins with one of the words
 * below is obeyed, any other one goes back to its sender.
 *
 *   undef abort   the processor faults; the fault handler reports it
 *   own           the program reports a crash and goes on
 *   hang          an endless loop with interrupts off: only the heartbeat stops
 *   dead          the heartbeat stops, the echo does not
 *   ring0 ring1   an index of that ring that cannot be
 *   table         all of its resource table that Linux might look at is overwritten
 *   storm         with FW_STORM only: interrupts for Linux without end
 *   alone         with FW_STORM only: answered; the same once its resource table is none
 *
 * With FW_AT_ONCE it crashes without having been asked, before it has done anything else.
 *
 * Copyright (c) 2026 linux-amp developers
 */

#include <cpu.h>
#include <fw/board.h>
#include <fw/crash.h>
#include <fw/doorbell.h>
#include <fw/event.h>
#include <fw/rpmsg.h>
#include <fw/rsc_table.h>
#include <fw/string.h>
#include <fw/timer.h>
#include <fw/trace.h>
#include <soc.h>

#ifndef VRING_NUM
#define VRING_NUM 64
#endif
#define VRING_ALIGN 0x1000

/* Three of them without a change are a crash; emulated cores may stand still for a while */
#define BEAT_MS 1000

struct crash_table {
	struct resource_table hdr;
	u32 offset[4];
	struct fw_rsc_vdev vdev;
	struct fw_rsc_vdev_vring vring[2];
	struct fw_rsc_trace trace;
	struct fw_rsc_crash crash;
	struct fw_rsc_heartbeat beat;
};

struct crash_table crash_table __section(".resource_table") __used = {
	.hdr = { .ver = RSC_TABLE_VERSION, .num = 4 },
	.offset = {
		offsetof(struct crash_table, vdev),
		offsetof(struct crash_table, trace),
		offsetof(struct crash_table, crash),
		offsetof(struct crash_table, beat),
	},
	.vdev = {
		.type = RSC_VDEV,
		.id = VIRTIO_ID_RPMSG,
		.dfeatures = BIT(VIRTIO_RPMSG_F_NS),
		.num_of_vrings = 2,
	},
	.vring = {
		{ .da = FW_RSC_ADDR_ANY, .align = VRING_ALIGN, .num = VRING_NUM, .notifyid = 0 },
		{ .da = FW_RSC_ADDR_ANY, .align = VRING_ALIGN, .num = VRING_NUM, .notifyid = 1 },
	},
	.trace = {
		.type = RSC_TRACE,
		.da = (u32)trace_buffer,
		.len = sizeof(trace_buffer),
		.name = FW_NAME,
	},
	.crash = { .type = RSC_VENDOR_CRASH, .version = 1 },
	.beat = {
		.type = RSC_VENDOR_HEARTBEAT,
		.magic = RSC_HEARTBEAT_MAGIC,
		.period_ms = BEAT_MS,
	},
};

static bool heart_stopped;

static bool is(const void *data, u16 len, const char *word)
{
	return len >= strlen(word) && !memcmp(data, word, strlen(word));
}

/* And counts on from there, or the next message would mend it */
static void break_ring(struct vring *vr)
{
	vr->used_idx += 0x4000;
	WRITE_ONCE(vr->used->idx, vr->used_idx);
	cpu_dsb();
	doorbell_ring(vr->notifyid);
}

static void scribble(void)
{
	struct fw_rsc_vdev *vdev = &crash_table.vdev;

	WRITE_ONCE(vdev->num_of_vrings, 255);
	WRITE_ONCE(vdev->config_len, 0xffffffff);
	/* Without the bit that means to this side that the driver has failed */
	WRITE_ONCE(vdev->status, 0x7f);
	WRITE_ONCE(vdev->dfeatures, 0xffffffff);
	WRITE_ONCE(crash_table.hdr.num, 0xffffffff);
	WRITE_ONCE(crash_table.trace.len, 0xffffffff);
}

#ifdef FW_STORM
/* In good health, so that nothing else is noticed */
static void storm(void)
{
	for (;;) {
		doorbell_ring_all();
		WRITE_ONCE(crash_table.beat.beats, crash_table.beat.beats + 1);
	}
}

/* Whoever asked for it says in the table when it is time, as there may be no channel by then */
static void storm_alone(void)
{
	while (READ_ONCE(crash_table.hdr.ver) == RSC_TABLE_VERSION)
		WRITE_ONCE(crash_table.beat.beats, crash_table.beat.beats + 1);
	storm();
}
#endif

static int obey(struct rpmsg_device *rp, struct rpmsg_endpoint *ept, u32 src, const void *data,
		u16 len)
{
	if (is(data, len, "undef"))
		asm volatile("udf #0");
	if (is(data, len, "abort"))
		/* Unaligned, which this instruction never may be */
		asm volatile("ldm %0, {r2, r3}" : : "r" ((const u8 *)data + 1) : "r2", "r3");
	if (is(data, len, "own"))
		crash_report(7, "asked for");
	if (is(data, len, "hang")) {
		cpu_irq_disable();
		for (;;)
			;
	}
	if (is(data, len, "dead"))
		heart_stopped = true;
	if (is(data, len, "ring0"))
		break_ring(&rp->tx);
	if (is(data, len, "ring1"))
		break_ring(&rp->rx);
	if (is(data, len, "table"))
		scribble();
#ifdef FW_STORM
	if (is(data, len, "storm"))
		storm();
	if (is(data, len, "alone")) {
		rpmsg_send(rp, ept->addr, src, data, len);
		storm_alone();
	}
#endif
	return rpmsg_send(rp, ept->addr, src, data, len);
}

static struct rpmsg_endpoint endpoints[] = {
	{ .name = "rpmsg-raw", .addr = 1025, .rx = obey },
};

static struct rpmsg_device rpmsg;

int main(void)
{
	trace("%s: mpidr 0x%08x\n", FW_NAME, cpu_mpidr());
#ifdef FW_AT_ONCE
	crash_init(&crash_table.crash);
	asm volatile("udf #0");
#endif
	board_init();
	rpmsg_init(&rpmsg, &crash_table.vdev, crash_table.vring, endpoints,
		   ARRAY_SIZE(endpoints));
	doorbell_init();
	crash_init(&crash_table.crash);
	timer_start();
	for (;;) {
		rpmsg_poll(&rpmsg);
		event_wait();
		if (!heart_stopped)
			WRITE_ONCE(crash_table.beat.beats, crash_table.beat.beats + 1);
	}
}
