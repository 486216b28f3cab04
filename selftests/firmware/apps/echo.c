// SPDX-License-Identifier: GPL-2.0-only
/*
 * Echo: announces rpmsg-openamp-demo-channel and rpmsg-raw and sends every
 * message back to its sender, unchanged.
 *
 * With FW_LATE it does so late, and treats its resource table as some firmware in the
 * field does: it keeps a copy, and some time later puts that over whatever Linux has
 * written there by then. How long both take is for a test to write into the file. It
 * can also have it look for messages like OpenAMP's stack, which does so when the
 * doorbell rings and not before.
 *
 * With FW_OPENAMP its table has what those of OpenAMP's examples have, too.
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
#include <fw/string.h>
#include <fw/timer.h>
#include <fw/trace.h>
#include <soc.h>

#define LINUX_FIRST_ADDR 1024

#ifndef VRING_NUM
#define VRING_NUM 64
#endif
#ifndef VRING_ALIGN
#define VRING_ALIGN 0x1000
#endif

/*
 * More offset slots than entries, as in tables that other firmware carries: a
 * reader has to follow the offsets.
 */
struct echo_table {
	struct resource_table hdr;
	u32 offset[8];
	struct fw_rsc_vdev vdev;
	struct fw_rsc_vdev_vring vring[2];
	struct fw_rsc_trace trace;
#ifdef FW_OPENAMP
	struct fw_rsc_rproc_mem mem;
	struct fw_rsc_fw_chksum chksum;
#endif
};

static_assert(offsetof(struct echo_table, vring) ==
	       offsetof(struct echo_table, vdev) + sizeof(struct fw_rsc_vdev),
	       "the vrings follow their vdev");

struct echo_table echo_table __section(".resource_table") __used = {
#ifdef FW_OPENAMP
	.hdr = { .ver = RSC_TABLE_VERSION, .num = 4 },
	.offset = {
		offsetof(struct echo_table, mem),
		offsetof(struct echo_table, vdev),
		offsetof(struct echo_table, trace),
		offsetof(struct echo_table, chksum),
	},
	.mem = { .type = RSC_RPROC_MEM, .da = 0x3ed40000, .pa = 0x3ed40000, .size = 0x100000 },
	.chksum = { .type = RSC_FW_CHKSUM, .algo = "sha256" },
#else
	.hdr = { .ver = RSC_TABLE_VERSION, .num = 2 },
	.offset = {
		offsetof(struct echo_table, vdev),
		offsetof(struct echo_table, trace),
	},
#endif
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

#ifdef FW_HEADER
/* Tells a Linux that did not start this program where the table is */
static const struct {
	u32 version;
	u32 magic;
	u32 complement;
	u32 size;
	const void *table;
} attach_header __section(".attach_header") __used = {
	.version = 1,
	.magic = 0x78616d70,
#ifdef FW_HEADER_BAD
	.complement = 0x78616d70U,
#else
	.complement = ~0x78616d70U,
#endif
	.size = sizeof(echo_table),
	.table = &echo_table,
};
#endif

static int echo(struct rpmsg_device *rp, struct rpmsg_endpoint *ept, u32 src,
		const void *data, u16 len)
{
	return rpmsg_send(rp, ept->addr, src, data, len);
}

/*
 * Firmware in the field sends to the address that the first endpoint has with the kernel's own
 * transport, whoever wrote.
 */
static int echo_to_first(struct rpmsg_device *rp, struct rpmsg_endpoint *ept, u32 src,
			 const void *data, u16 len)
{
	(void)src;
	return rpmsg_send(rp, ept->addr, LINUX_FIRST_ADDR, data, len);
}

static struct rpmsg_endpoint endpoints[] = {
	{ .addr = 1023, .rx = echo_to_first },
	{ .name = "rpmsg-openamp-demo-channel", .addr = 1024, .rx = echo },
	{ .name = "rpmsg-raw", .addr = 1025, .rx = echo },
};

static struct rpmsg_device rpmsg;

#ifdef FW_LATE

/**
 * struct late - times, found in the file by the text
 * @text:	"late"
 * @before_ms:	until the table is copied
 * @copied_ms:	until the copy is written back; 0 to do without
 * @deaf:	not 0 to leave messages alone until the doorbell rings
 */
struct late {
	char text[8];
	u32 before_ms;
	u32 copied_ms;
	u32 deaf;
};

struct late late __used = { .text = "late" };

static void wait_ms(u32 ms)
{
	while (ms--)
		event_wait();
}

static void restore_table(u32 copied_ms)
{
	static struct echo_table copy;

	memcpy(&copy, &echo_table, sizeof(copy));
	wait_ms(copied_ms);
	memcpy(&echo_table, &copy, sizeof(copy));
	trace("table restored\n");
}

static void be_late(void)
{
	u32 copied_ms = READ_ONCE(late.copied_ms);

	timer_start();
	wait_ms(READ_ONCE(late.before_ms));
	if (copied_ms)
		restore_table(copied_ms);
	timer_stop();
	/* Take the last tick: from now on only the doorbell makes it look again. */
	event_signal();
	event_wait();
	rpmsg.deaf = READ_ONCE(late.deaf);
}

#else

static void be_late(void)
{
}

#endif

int main(void)
{
	trace("%s: mpidr 0x%08x, peer %s\n", FW_NAME, cpu_mpidr(), SOC_IPI_PEER_NAME);
	board_init();
	be_late();
	rpmsg_init(&rpmsg, &echo_table.vdev, echo_table.vring, endpoints,
		   ARRAY_SIZE(endpoints));
	doorbell_init();
	trace("waiting for the driver\n");
	for (;;) {
		rpmsg_poll(&rpmsg);
		event_wait();
		rpmsg.deaf = false;
	}
}
