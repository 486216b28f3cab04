/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The resource table of a program that needs no other: one RPMsg device and the trace buffer. It
 * is defined here, not declared: the one file of a program that has its main() includes this.
 *
 * Copyright (c) 2026 linux-amp developers
 */
#ifndef FW_APP_TABLE_H
#define FW_APP_TABLE_H

#include <fw/compiler.h>
#include <fw/rpmsg.h>
#include <fw/rsc_table.h>
#include <fw/trace.h>

#ifndef VRING_NUM
#define VRING_NUM 64
#endif
#define VRING_ALIGN 0x1000

struct app_table {
	struct resource_table hdr;
	u32 offset[2];
	struct fw_rsc_vdev vdev;
	struct fw_rsc_vdev_vring vring[2];
	struct fw_rsc_trace trace;
};

static_assert(offsetof(struct app_table, vring) ==
	       offsetof(struct app_table, vdev) + sizeof(struct fw_rsc_vdev),
	       "the vrings follow their vdev");

struct app_table app_table __section(".resource_table") __used = {
	.hdr = { .ver = RSC_TABLE_VERSION, .num = 2 },
	.offset = {
		offsetof(struct app_table, vdev),
		offsetof(struct app_table, trace),
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
};

#endif
