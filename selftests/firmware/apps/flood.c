// SPDX-License-Identifier: GPL-2.0-only
/*
 * Flood: a remote that never stops to send and never gives back what it gets.
 * It announces rpmsg-raw, so that Linux has somebody to write to, and then fills
 * every transmit buffer as soon as Linux has returned it: in turn junk for the
 * name service, a message for an address that nobody has and, once Linux has
 * sent something, a message for its sender. It kicks for each and does not sleep.
 *
 * What Linux sends stays in its ring, which is full after as many messages as
 * it has entries.
 *
 * Copyright (c) 2026 linux-amp developers
 */

#include <cpu.h>
#include <fw/app_table.h>
#include <fw/board.h>
#include <fw/doorbell.h>
#include <fw/rpmsg.h>
#include <fw/rsc_table.h>
#include <fw/string.h>
#include <fw/trace.h>
#include <fw/vring.h>
#include <soc.h>

#define FLOOD_ADDR 1025
/* Linux counts upwards from 1024 */
#define NOBODY 0x7fff0000

/*
 * While Linux is busy with the ring it finds messages without a kick, and a kick
 * takes longer than a message: with one for each Linux would be the faster side
 * and find the ring empty. So one for several, and one for the rest when there
 * has been no buffer for a while.
 */
#define KICK_MESSAGES 16
#define KICK_POLLS 256

/* To whom the next message goes; the last one only while Linux has sent something */
static enum { NAME_SERVICE, UNKNOWN, PEER } turn;

static bool peer_known;
static u32 peer;

/* rpmsg_send() without the kick */
static int put(struct rpmsg_device *rp, u32 dst, const void *data, u16 len)
{
	struct rpmsg_hdr *hdr;
	struct vring_buf buf;
	int ret = vring_peek(&rp->tx, &buf);

	if (ret)
		return ret;
	if (buf.len < sizeof(*hdr) + len)
		return -EMSGSIZE;

	hdr = buf.va;
	hdr->src = FLOOD_ADDR;
	hdr->dst = dst;
	hdr->reserved = 0;
	hdr->len = len;
	hdr->flags = 0;
	memcpy(hdr + 1, data, len);
	rp->stats.tx++;
	vring_done(&rp->tx, &buf, sizeof(*hdr) + len);
	return 0;
}

/* No announcement has 16 bytes */
static int send_next(struct rpmsg_device *rp)
{
	static const u8 junk[16] = "no announcement";
	u32 dst = NOBODY;
	int ret;

	if (turn == NAME_SERVICE)
		dst = RPMSG_NS_ADDR;
	else if (turn == PEER)
		dst = peer;
	ret = put(rp, dst, junk, sizeof(junk));
	if (ret)
		return ret;

	if (turn == NAME_SERVICE)
		turn = UNKNOWN;
	else if (turn == UNKNOWN && peer_known)
		turn = PEER;
	else
		turn = NAME_SERVICE;
	return 0;
}

static int flood(struct rpmsg_device *rp)
{
	static u32 messages, polls;
	int ret = send_next(rp);

	if (!ret)
		messages++;
	else
		polls++;
	if (messages >= KICK_MESSAGES || (messages && polls >= KICK_POLLS)) {
		doorbell_ring(rp->tx.notifyid);
		messages = 0;
		polls = 0;
	}
	return ret;
}

/*
 * The message is offered for ever, and the ring behind it never looked at. As
 * long as there are transmit buffers that happens without return to the main
 * loop, so the flood has to go on from here.
 */
static int keep(struct rpmsg_device *rp, struct rpmsg_endpoint *ept, u32 src, const void *data,
		u16 len)
{
	(void)ept;
	(void)data;
	(void)len;
	if (!peer_known) {
		peer = src;
		peer_known = true;
		trace("flooding %u too\n", peer);
	}
	return flood(rp) == -EPROTO ? -EPROTO : -EAGAIN;
}

static struct rpmsg_endpoint endpoints[] = {
	{ .name = "rpmsg-raw", .addr = FLOOD_ADDR, .rx = keep },
};

static struct rpmsg_device rpmsg;

int main(void)
{
	trace("%s: mpidr 0x%08x, peer %s\n", FW_NAME, cpu_mpidr(), SOC_IPI_PEER_NAME);
	board_init();
	rpmsg_init(&rpmsg, &app_table.vdev, app_table.vring, endpoints,
		   ARRAY_SIZE(endpoints));
	doorbell_init();
	trace("waiting for the driver\n");
	/* An inconsistent ring is noticed by rpmsg_poll() as well */
	for (;;) {
		rpmsg_poll(&rpmsg);
		if (rpmsg.up && !rpmsg.broken) {
			flood(&rpmsg);
		} else {
			peer_known = false;
			turn = NAME_SERVICE;
		}
	}
}
