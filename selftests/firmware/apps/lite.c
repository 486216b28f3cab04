// SPDX-License-Identifier: GPL-2.0-only
/*
 * A remote in the style of RPMsg-Lite: no resource table, the rings at an address
 * that both sides know, nothing but the first word says that the link is up.
 * Echoes at two fixed addresses and announces them, or does not.
 *
 * A message that begins with "restart" makes it start over, as after a reset that
 * the main processor knows nothing of: it counts from the beginning again, in rings
 * that are in the middle.
 *
 * Copyright (c) 2026 linux-amp developers
 */

#include <cpu.h>
#include <fw/board.h>
#include <fw/doorbell.h>
#include <fw/event.h>
#include <fw/io.h>
#include <fw/rpmsg.h>
#include <fw/string.h>
#include <soc.h>

/* As dts/imx7d-sdb-rpmsg.dtso and NXP's board support package have it */
#define RINGS		0xbfff0000U
#define RING_BYTES	0x8000U
#define RING_NUM	256
#define RING_ALIGN	0x1000

/* Status of the messaging unit: words that have been received */
#define MU_SR		(SOC_MU + 0x20)
#define   MU_SR_RF_ALL	(0xfU << 24)

#ifdef FW_QUIET
#define FEATURES 0
#else
#define FEATURES BIT(VIRTIO_RPMSG_F_NS)
#endif

/* What a resource table would say; the status is this program's own to set */
static struct fw_rsc_vdev vdev = {
	.id = VIRTIO_ID_RPMSG,
	.dfeatures = FEATURES,
	.gfeatures = FEATURES,
	.num_of_vrings = 2,
};

static struct fw_rsc_vdev_vring vring[2] = {
	{ .da = RINGS, .align = RING_ALIGN, .num = RING_NUM, .notifyid = 0 },
	{ .da = RINGS + RING_BYTES, .align = RING_ALIGN, .num = RING_NUM, .notifyid = 1 },
};

static bool restart;

static int echo(struct rpmsg_device *rp, struct rpmsg_endpoint *ept, u32 src,
		const void *data, u16 len)
{
	static const char word[] = "restart";

	if (len >= sizeof(word) - 1 && !memcmp(data, word, sizeof(word) - 1))
		restart = true;
	return rpmsg_send(rp, ept->addr, src, data, len);
}

static struct rpmsg_endpoint endpoints[] = {
	{ .name = "rpmsg-openamp-demo-channel", .addr = 30, .rx = echo },
	{ .name = "rpmsg-raw", .addr = 31, .rx = echo },
};

static struct rpmsg_device rpmsg;

static void start_over(void)
{
	restart = false;
	rpmsg.tx.last_avail = 0;
	rpmsg.tx.used_idx = 0;
	WRITE_ONCE(rpmsg.tx.used->idx, 0);
	doorbell_ring(0);
}

int main(void)
{
	bool link_up = io_read32(MU_SR) & MU_SR_RF_ALL;

	board_init();
	rpmsg_init(&rpmsg, &vdev, vring, endpoints, ARRAY_SIZE(endpoints));
	doorbell_init();
	if (!link_up)
		event_wait();
	vdev.status = VIRTIO_STATUS_DRIVER_OK;
	for (;;) {
		rpmsg_poll(&rpmsg);
		if (restart)
			start_over();
		event_wait();
	}
}
