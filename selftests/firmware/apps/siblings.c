// SPDX-License-Identifier: GPL-2.0-only
/*
 * Two virtio devices. The first one echoes at rpmsg-raw. The second one is for the kernel's
 * sample client: it sends a hundred messages to whoever has sent it one, and takes no answer
 * before the first device's driver has gone.
 *
 * Copyright (c) 2026 linux-amp developers
 */

#include <cpu.h>
#include <fw/board.h>
#include <fw/compiler.h>
#include <fw/doorbell.h>
#include <fw/event.h>
#include <fw/rpmsg.h>
#include <fw/rsc_table.h>
#include <fw/timer.h>
#include <fw/trace.h>
#include <soc.h>

#define VRING_ALIGN	0x1000
#define CLIENT_ADDR	1050
#define CLIENT_MESSAGES	100

struct siblings_table {
	struct resource_table hdr;
	u32 offset[3];
	struct {
		struct fw_rsc_vdev vdev;
		struct fw_rsc_vdev_vring vring[2];
	} dev[2];
	struct fw_rsc_trace trace;
};

#define DEVICE {								\
	.vdev = {								\
		.type = RSC_VDEV,						\
		.id = VIRTIO_ID_RPMSG,						\
		.dfeatures = BIT(VIRTIO_RPMSG_F_NS),				\
		.num_of_vrings = 2,						\
	},									\
	.vring = {								\
		{ .da = FW_RSC_ADDR_ANY, .align = VRING_ALIGN, .num = VRING_NUM },	\
		{ .da = FW_RSC_ADDR_ANY, .align = VRING_ALIGN, .num = VRING_NUM },	\
	},									\
}

struct siblings_table siblings_table __section(".resource_table") __used = {
	.hdr = { .ver = RSC_TABLE_VERSION, .num = 3 },
	.offset = {
		offsetof(struct siblings_table, dev[0]),
		offsetof(struct siblings_table, dev[1]),
		offsetof(struct siblings_table, trace),
	},
	.dev = { DEVICE, DEVICE },
	.trace = {
		.type = RSC_TRACE,
		.da = (u32)trace_buffer,
		.len = sizeof(trace_buffer),
		.name = FW_NAME,
	},
};

static u32 peer, sent;

static int echo(struct rpmsg_device *rp, struct rpmsg_endpoint *ept, u32 src, const void *data,
		u16 len)
{
	return rpmsg_send(rp, ept->addr, src, data, len);
}

static int take(struct rpmsg_device *rp, struct rpmsg_endpoint *ept, u32 src, const void *data,
		u16 len)
{
	(void)rp;
	(void)ept;
	(void)data;
	(void)len;
	peer = src;
	return 0;
}

static struct rpmsg_endpoint first_ept = { .name = "rpmsg-raw", .addr = 1025, .rx = echo };
static struct rpmsg_endpoint second_ept = {
	.name = "rpmsg-client-sample", .addr = CLIENT_ADDR, .rx = take,
};

static struct rpmsg_device first, second;

int main(void)
{
	bool was_up = false, takes = false;

	trace("%s: mpidr 0x%08x, peer %s\n", FW_NAME, cpu_mpidr(), SOC_IPI_PEER_NAME);
	board_init();
	rpmsg_init(&first, &siblings_table.dev[0].vdev, siblings_table.dev[0].vring, &first_ept, 1);
	rpmsg_init(&second, &siblings_table.dev[1].vdev, siblings_table.dev[1].vring, &second_ept,
		   1);
	doorbell_init();
	/* Nobody rings when a driver has gone. */
	timer_start();
	trace("waiting for the driver\n");
	for (;;) {
		rpmsg_poll(&first);
		takes = takes || (was_up && !first.up);
		was_up = first.up;
		if (!peer || takes)
			rpmsg_poll(&second);
		while (second.up && !second.broken && peer && sent < CLIENT_MESSAGES &&
		       !rpmsg_send(&second, CLIENT_ADDR, peer, "hit", 3))
			sent++;
		event_wait();
	}
}
