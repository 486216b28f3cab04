// SPDX-License-Identifier: GPL-2.0-only
/*
 * A remote in the style of RPMsg-Lite: no resource table, the rings at an address
 * that both sides know, nothing but the first word for a ring says that the link is
 * up. Echoes at two fixed addresses and announces them, or does not. With two pairs
 * of rings it is two devices that know nothing of each other.
 *
 * A message that begins with "restart" makes the device start over, as after a reset
 * that the main processor knows nothing of: it counts from the beginning again, in
 * rings that are in the middle. With "reboot" all devices wait for their rings to be
 * set up again, and a doorbell says so. After "talk" the sender gets a message again
 * and again, asked or not, whether Linux is still there or not.
 *
 * Copyright (c) 2026 linux-amp developers
 */

#include <cpu.h>
#include <fw/board.h>
#include <fw/compiler.h>
#include <fw/doorbell.h>
#include <fw/event.h>
#include <fw/io.h>
#include <fw/rpmsg.h>
#include <fw/string.h>
#include <fw/timer.h>
#include <soc.h>

/* As dts/imx7d-sdb-rpmsg.dtso and NXP's board support package have it */
#ifndef FW_RINGS
#define FW_RINGS	0xbfff0000U
#endif
#define RING_BYTES	0x8000U
#define RING_NUM	256
#define RING_ALIGN	0x1000

/* Control of the messaging unit: the doorbells, of which this is 1 */
#define MU_CR		(SOC_MU + 0x24)
#define   MU_CR_GIR1	BIT(18)

#ifdef FW_QUIET
#define FEATURES 0
#else
#define FEATURES BIT(VIRTIO_RPMSG_F_NS)
#endif

/*
 * As RPMsg-Lite is: only a word for the first ring says that the link is up, and it counts from
 * the beginning, whatever is in the rings. Once that goes wrong it stays so.
 */
#ifdef FW_PLAIN
#define LINK_UP	1U
#else
#define LINK_UP	3U
#endif

static const u32 rings[] = {
	FW_RINGS,
#ifdef FW_RINGS_2
	FW_RINGS_2,
#endif
};

/**
 * struct lite - a device
 * @rsc:	what a resource table would say; the status is this program's own to set
 * @vring:	its two rings
 * @ept:	its endpoints
 * @rpmsg:	the device
 * @waits:	for its rings to be set up again
 */
struct lite {
	struct fw_rsc_vdev rsc;
	struct fw_rsc_vdev_vring vring[2];
	struct rpmsg_endpoint ept[2];
	struct rpmsg_device rpmsg;
	bool waits;
};

static struct lite lites[ARRAY_SIZE(rings)];
static struct rpmsg_device *restart;
static bool reboot;

/*
 * To whom this talks without being asked. There is an event each millisecond: all buffers of
 * a ring last for seconds.
 */
#define TALK_EVENTS 16
#define LATER_EVENTS 2000

/* @in: events until the next message; @again: events from each to the next, 0 if there is none */
static struct {
	struct rpmsg_device *rp;
	u32 src, dst, in, again;
} listener;

static bool is(const void *data, u16 len, const char *word)
{
	return len >= strlen(word) && !memcmp(data, word, strlen(word));
}

static void listen(struct rpmsg_device *rp, struct rpmsg_endpoint *ept, u32 src, u32 in,
		   u32 again)
{
	listener.rp = rp;
	listener.src = ept->addr;
	listener.dst = src;
	listener.in = in;
	listener.again = again;
	timer_start();
}

static int echo(struct rpmsg_device *rp, struct rpmsg_endpoint *ept, u32 src,
		const void *data, u16 len)
{
	if (is(data, len, "restart"))
		restart = rp;
	if (is(data, len, "reboot"))
		reboot = true;
	if (is(data, len, "talk"))
		listen(rp, ept, src, TALK_EVENTS, TALK_EVENTS);
	if (is(data, len, "later"))
		listen(rp, ept, src, LATER_EVENTS, 0);
	return rpmsg_send(rp, ept->addr, src, data, len);
}

static void lite_init(struct lite *lite, u32 n)
{
	u32 i;

	lite->rsc.id = VIRTIO_ID_RPMSG;
	lite->rsc.dfeatures = FEATURES;
	lite->rsc.gfeatures = FEATURES;
	lite->rsc.num_of_vrings = 2;
	for (i = 0; i < 2; i++) {
		lite->vring[i].da = rings[n] + i * RING_BYTES;
		lite->vring[i].align = RING_ALIGN;
		lite->vring[i].num = RING_NUM;
		lite->vring[i].notifyid = 2 * n + i;
		lite->ept[i].addr = 30 + i;
		lite->ept[i].rx = echo;
	}
	lite->ept[0].name = "rpmsg-openamp-demo-channel";
	lite->ept[1].name = "rpmsg-raw";
	rpmsg_init(&lite->rpmsg, &lite->rsc, lite->vring, lite->ept, 2);
}

static void lose_place(struct rpmsg_device *rp)
{
	rp->tx.last_avail = 0;
	rp->tx.used_idx = 0;
	WRITE_ONCE(rp->tx.used->idx, 0);
	doorbell_ring(rp->tx.notifyid);
}

static void say_so(void)
{
	u32 i;

	for (i = 0; i < ARRAY_SIZE(lites); i++) {
		lites[i].waits = lites[i].rpmsg.up;
		lites[i].rsc.status = 0;
		rpmsg_poll(&lites[i].rpmsg);
	}
	cpu_irq_disable();
	mu_forget();
	io_write32(MU_CR, io_read32(MU_CR) | MU_CR_GIR1);
	cpu_irq_enable();
}

static void talk(void)
{
	static const char text[] = "by the way";

	if (!listener.in || !listener.rp->up || --listener.in)
		return;
	listener.in = listener.again;
	rpmsg_send(listener.rp, listener.src, listener.dst, text, sizeof(text));
}

#ifdef FW_PLAIN
/* All entries would look new to it, and be taken. */
static bool is_old(u32 ring)
{
	struct vring vr;

	return vring_init(&vr, VRING_DEVICE_FILLS, ring, RING_NUM, RING_ALIGN, 0) || vr.used_idx;
}

static bool plain_is_lost(struct rpmsg_device *rp)
{
	static bool was_up, lost;

	if (!was_up && lites[0].rsc.status) {
		was_up = true;
		lost = is_old(rings[0]) || is_old(rings[0] + RING_BYTES);
	} else if (rp->up) {
		lost |= vring_was_reset(&rp->tx) || vring_was_reset(&rp->rx);
	}
	return lost;
}
#else
static bool plain_is_lost(struct rpmsg_device *rp)
{
	(void)rp;
	return false;
}
#endif

static void poll(u32 n)
{
	struct lite *lite = &lites[n];

	/* Until Linux has heard of it, its words are about messages in the old rings. */
	if (lite->waits && !vring_was_reset(&lite->rpmsg.tx))
		return;
	lite->waits = false;
	if (mu_heard() & (LINK_UP << (2 * n)))
		lite->rsc.status = VIRTIO_STATUS_DRIVER_OK;
	if (plain_is_lost(&lite->rpmsg))
		return;
	rpmsg_poll(&lite->rpmsg);
}

int main(void)
{
	u32 i;

	board_init();
	for (i = 0; i < ARRAY_SIZE(lites); i++)
		lite_init(&lites[i], i);
	doorbell_init();
	for (;;) {
		for (i = 0; i < ARRAY_SIZE(lites); i++)
			poll(i);
		if (restart)
			lose_place(restart);
		restart = NULL;
		if (reboot)
			say_so();
		reboot = false;
		talk();
		event_wait();
	}
}
