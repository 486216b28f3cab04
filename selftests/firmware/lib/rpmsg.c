// SPDX-License-Identifier: GPL-2.0-only
/*
 * Device side of RPMsg: follows the driver's status, announces endpoints, hands
 * messages to them and sends. Protocol only; doorbell and addresses come from
 * <fw/doorbell.h> and <fw/board.h>.
 *
 * Buffers are never copied aside. A message that cannot be handled for want of a
 * transmit buffer stays in its ring, which stops the sender when its own buffers
 * run out: back-pressure without loss, and without memory of our own.
 *
 * Copyright (c) 2026 linux-amp developers
 */

#include <cpu.h>
#include <fw/compiler.h>
#include <fw/doorbell.h>
#include <fw/rpmsg.h>
#include <fw/string.h>
#include <fw/trace.h>

static void rpmsg_notify(struct vring *vr)
{
	if (vring_driver_wants_notify(vr))
		doorbell_ring(vr->notifyid);
}

/*
 * Not into a ring that was set up anew since the buffer was looked at: that would be one more than
 * the driver has given, and the ring broken at its first message. Who is reset between this look
 * and the index writes to it all the same; the protocol has no answer to a reset.
 */
static int rpmsg_done(struct vring *vr, const struct vring_buf *buf, u32 len, bool mute)
{
	if (vring_was_reset(vr))
		return -EPROTO;
	vring_done(vr, buf, len);
	if (!mute)
		rpmsg_notify(vr);
	return 0;
}

/**
 * rpmsg_send() - send one message to the main processor
 * @rp:		the device
 * @src:	local address
 * @dst:	address over there
 * @data:	payload
 * @len:	its length in bytes
 *
 * Context: main loop, or an endpoint's @rx.
 * Return: 0, -EAGAIN if no buffer is available (an @rx that returns this is
 * called again when there is one), -EMSGSIZE if the next buffer is too small,
 * -EPROTO if the ring is inconsistent, or was set up anew meanwhile.
 */
int rpmsg_send(struct rpmsg_device *rp, u32 src, u32 dst, const void *data, u16 len)
{
	struct rpmsg_hdr *hdr;
	struct vring_buf buf;
	int ret;

	while ((ret = vring_peek(&rp->tx, &buf)) == -EBADMSG) {
		rp->stats.bad_buf++;
		ret = rpmsg_done(&rp->tx, &buf, 0, false);
		if (ret)
			return ret;
	}
	if (ret)
		return ret;
	if (buf.len < sizeof(*hdr) + len)
		return -EMSGSIZE;

	hdr = buf.va;
	hdr->src = src;
	hdr->dst = dst;
	hdr->reserved = 0;
	hdr->len = len;
	hdr->flags = 0;
	memcpy(hdr + 1, data, len);
	ret = rpmsg_done(&rp->tx, &buf, sizeof(*hdr) + len, false);
	if (!ret)
		rp->stats.tx++;
	return ret;
}

/* Linux announces channels that it has made itself. Nobody here binds to one, people may ask. */
static void rpmsg_heard(const void *data, u16 len)
{
	struct rpmsg_ns_msg msg;

	if (len != sizeof(msg))
		return;
	memcpy(&msg, data, sizeof(msg));
	msg.name[sizeof(msg.name) - 1] = '\0';
	trace("linux %s %s at %u\n", msg.flags & RPMSG_NS_DESTROY ? "destroys" : "creates",
	      msg.name, msg.addr);
}

static int rpmsg_dispatch(struct rpmsg_device *rp, const struct vring_buf *buf)
{
	const struct rpmsg_hdr *hdr = buf->va;
	u32 src, dst, i;
	u16 len;
	int ret;

	if (buf->len < sizeof(*hdr)) {
		rp->stats.bad_len++;
		return 0;
	}
	src = READ_ONCE(hdr->src);
	dst = READ_ONCE(hdr->dst);
	len = READ_ONCE(hdr->len);
	if (len > buf->len - sizeof(*hdr)) {
		rp->stats.bad_len++;
		return 0;
	}

	for (i = 0; i < rp->num_ept; i++) {
		if (rp->ept[i].addr != dst)
			continue;
		ret = rp->ept[i].rx(rp, &rp->ept[i], src, hdr + 1, len);
		if (ret == -EAGAIN || ret == -EPROTO)
			return ret;
		if (ret)
			rp->stats.refused++;
		else
			rp->stats.rx++;
		return 0;
	}

	if (dst == RPMSG_NS_ADDR)
		rpmsg_heard(hdr + 1, len);
	else
		rp->stats.no_ept++;
	return 0;
}

static int rpmsg_announce(struct rpmsg_device *rp)
{
	struct rpmsg_ns_msg msg;
	u32 i;
	int ret;

	if (!(READ_ONCE(rp->rsc->gfeatures) & BIT(VIRTIO_RPMSG_F_NS)))
		return 0;

	for (i = 0; i < rp->num_ept; i++) {
		struct rpmsg_endpoint *ept = &rp->ept[i];
		size_t len;

		if (ept->announced || !ept->name)
			continue;
		len = strlen(ept->name);
		if (len > sizeof(msg.name) - 1)
			len = sizeof(msg.name) - 1;
		memset(&msg, 0, sizeof(msg));
		memcpy(msg.name, ept->name, len);
		msg.addr = ept->addr;
		msg.flags = RPMSG_NS_CREATE;
		ret = rpmsg_send(rp, ept->addr, RPMSG_NS_ADDR, &msg, sizeof(msg));
		if (ret)
			return ret;
		ept->announced = true;
		trace("announced %s at %u\n", msg.name, ept->addr);
	}
	return 0;
}

static int rpmsg_receive(struct rpmsg_device *rp)
{
	struct vring_buf buf;
	int ret;

	for (;;) {
		ret = vring_peek(&rp->rx, &buf);
		if (ret == -EAGAIN)
			return 0;
		if (ret == -EPROTO)
			return ret;
		if (ret)
			rp->stats.bad_buf++;
		else
			ret = rpmsg_dispatch(rp, &buf);
		if (ret == -EAGAIN || ret == -EPROTO)
			return ret;
		ret = rpmsg_done(&rp->rx, &buf, 0, rp->mute);
		if (ret)
			return ret;
	}
}

static int rpmsg_ring_up(struct vring *vr, enum vring_dir dir, struct fw_rsc_vdev_vring *rsc)
{
	u32 da = READ_ONCE(rsc->da), num = READ_ONCE(rsc->num);
	u32 align = READ_ONCE(rsc->align), notifyid = READ_ONCE(rsc->notifyid);
	int ret = vring_init(vr, dir, da, num, align, notifyid);

	trace("vring %x: da 0x%08x num %u align 0x%x%s\n", notifyid, da, num, align,
	      ret ? " unusable" : "");
	return ret;
}

static void rpmsg_up(struct rpmsg_device *rp)
{
	u32 i;

	/* The driver filled in the table and the rings before it set its status */
	cpu_rmb();

	trace("driver ready, features 0x%x\n", READ_ONCE(rp->rsc->gfeatures));
	if (rpmsg_ring_up(&rp->tx, VRING_DEVICE_FILLS, &rp->vring[0]) ||
	    rpmsg_ring_up(&rp->rx, VRING_DRIVER_FILLS, &rp->vring[1])) {
		rp->rejected = true;
		return;
	}
	for (i = 0; i < rp->num_ept; i++)
		rp->ept[i].announced = false;
	memset(&rp->stats, 0, sizeof(rp->stats));
	/* Transmit buffers are looked for when they are needed, not when they come */
	vring_disable_notify(&rp->tx);
	rp->up = true;
}

static void rpmsg_down(struct rpmsg_device *rp)
{
	const struct rpmsg_stats *s = &rp->stats;

	rp->up = false;
	rp->broken = false;
	trace("driver gone: rx %u tx %u starved %u\n", s->rx, s->tx, s->starved);
	trace("dropped: endpoint %u length %u buffer %u other %u\n",
	      s->no_ept, s->bad_len, s->bad_buf, s->refused);
}

/* Brings the rings up and down with the driver. True if messages can flow. */
static bool rpmsg_follow_driver(struct rpmsg_device *rp)
{
	u8 status = READ_ONCE(rp->rsc->status);
	bool ready = (status & VIRTIO_STATUS_DRIVER_OK) && !(status & VIRTIO_STATUS_FAILED);

	if (rp->up && (!ready || vring_was_reset(&rp->tx) || vring_was_reset(&rp->rx)))
		rpmsg_down(rp);
	if (!ready)
		rp->rejected = false;
	else if (!rp->up && !rp->rejected)
		rpmsg_up(rp);
	return rp->up && !rp->broken;
}

/**
 * rpmsg_init() - set up an rpmsg device
 * @rp:		the device, zeroed
 * @rsc:	its resource table entry
 * @vring:	the entry's two vrings
 * @ept:	endpoints, for the life of the device
 * @num_ept:	number of endpoints
 *
 * Context: main loop, once, before the first rpmsg_poll().
 */
void rpmsg_init(struct rpmsg_device *rp, struct fw_rsc_vdev *rsc, struct fw_rsc_vdev_vring *vring,
		struct rpmsg_endpoint *ept, u32 num_ept)
{
	rp->rsc = rsc;
	rp->vring = vring;
	rp->ept = ept;
	rp->num_ept = num_ept;
}

/**
 * rpmsg_poll() - do all that can be done now
 * @rp:		the device
 *
 * Called at start and after each ring of the doorbell. On return there is
 * nothing left to do before the driver kicks again.
 *
 * Context: main loop.
 */
void rpmsg_poll(struct rpmsg_device *rp)
{
	int ret;

	while (rpmsg_follow_driver(rp)) {
		ret = rpmsg_announce(rp);
		if (!ret && !rp->deaf)
			ret = rpmsg_receive(rp);

		if (ret == -EAGAIN) {
			rp->stats.starved++;
			if (!vring_enable_notify(&rp->tx))
				return;
			vring_disable_notify(&rp->tx);
			continue;
		}
		if (ret && !vring_was_reset(&rp->tx) && !vring_was_reset(&rp->rx)) {
			rp->broken = true;
			trace("rings unusable, error %d: waiting for a reset\n", ret);
		}
		if (ret)
			continue;
		if (!rp->tx.used_flags)
			vring_disable_notify(&rp->tx);
		return;
	}
}
