// SPDX-License-Identifier: GPL-2.0-only
/*
 * Hostile: a remote that breaks the rules of the shared memory on request, one at a
 * time, and tells afterwards whether its buffers have come back. See <fw/hostile.h>
 * for what it can be asked to do; apart from that it echoes.
 *
 * All buffers that it holds are filled with a pattern before it does anything, so
 * that Linux betrays itself if it reads beyond a message.
 *
 * Copyright (c) 2026 linux-amp developers
 */

#include <cpu.h>
#include <fw/app_table.h>
#include <fw/board.h>
#include <fw/compiler.h>
#include <fw/doorbell.h>
#include <fw/event.h>
#include <fw/hostile.h>
#include <fw/rpmsg.h>
#include <fw/rsc_table.h>
#include <fw/string.h>
#include <fw/trace.h>
#include <fw/vring.h>
#include <soc.h>

/* Looks at a ring before giving up on Linux: seconds, whatever the processor. */
#define PATIENCE 20000000

/* How often a header changes while its message lies there. */
#define CHANGES 2000

/* The request that is to be dealt with when the ring it came from is in order again */
static struct hostile_request request;
static bool requested;
static u32 peer;

static bool driver_is_there(struct rpmsg_device *rp)
{
	return READ_ONCE(rp->rsc->status) & VIRTIO_STATUS_DRIVER_OK &&
	       !vring_was_reset(&rp->tx) && !vring_was_reset(&rp->rx);
}

static u32 free_buffers(struct rpmsg_device *rp)
{
	return (u16)(READ_ONCE(rp->tx.avail->idx) - rp->tx.last_avail);
}

static void poison(struct rpmsg_device *rp)
{
	struct vring *vr = &rp->tx;
	u16 i, num = free_buffers(rp);

	for (i = 0; i < num && i < vr->num; i++) {
		u16 id = READ_ONCE(vr->avail->ring[(vr->last_avail + i) & (vr->num - 1)]);
		void *va;

		if (id >= vr->num)
			return;
		va = board_da_to_va(READ_ONCE(vr->desc[id].addr_lo), READ_ONCE(vr->desc[id].len));
		if (va)
			memset(va, HOSTILE_POISON, READ_ONCE(vr->desc[id].len));
	}
}

static int wait_for_buffer(struct rpmsg_device *rp, struct vring_buf *buf)
{
	u32 looks;
	int ret;

	for (looks = 0; looks < PATIENCE; looks++) {
		ret = vring_peek(&rp->tx, buf);
		if (ret != -EAGAIN)
			return ret;
		if (!(looks & 0xff) && !driver_is_there(rp))
			return -EPROTO;
	}
	return -EAGAIN;
}

static void notify(struct vring *vr)
{
	if (vring_driver_wants_notify(vr))
		doorbell_ring(vr->notifyid);
}

/* A message of which every length can be wrong. @len bytes of @data are really there. */
static int send_raw(struct rpmsg_device *rp, u32 dst, const void *data, u32 len, u16 hdr_len,
		    u32 used)
{
	struct rpmsg_hdr *hdr;
	struct vring_buf buf;
	int ret = wait_for_buffer(rp, &buf);

	if (ret)
		return ret;
	memset(buf.va, HOSTILE_POISON, buf.len);
	hdr = buf.va;
	hdr->src = HOSTILE_ADDR;
	hdr->dst = dst;
	hdr->reserved = 0;
	hdr->len = hdr_len;
	hdr->flags = 0;
	memcpy(hdr + 1, data, len);
	vring_done(&rp->tx, &buf, used);
	notify(&rp->tx);
	return 0;
}

static int send_good(struct rpmsg_device *rp, u32 dst, const void *data, u32 len)
{
	return send_raw(rp, dst, data, len, len, sizeof(struct rpmsg_hdr) + len);
}

static int attack_length(struct rpmsg_device *rp, const struct hostile_request *rq)
{
	u32 i;
	int ret = 0;

	for (i = 0; i < rq->count && !ret; i++)
		ret = send_raw(rp, peer, "never", 5, rq->length, rq->value);
	return ret;
}

static int attack_address(struct rpmsg_device *rp, const struct hostile_request *rq)
{
	u32 i;
	int ret = 0;

	for (i = 0; i < rq->count && !ret; i++)
		ret = send_good(rp, rq->value, "nobody", 6);
	return ret;
}

/* The used length allows for 8 bytes, and 8 are there: more must never be delivered. */
static int attack_change(struct rpmsg_device *rp, const struct hostile_request *rq)
{
	struct vring_buf buf;
	struct rpmsg_hdr *hdr;
	u32 i, j;
	int ret;

	for (i = 0; i < rq->count; i++) {
		ret = wait_for_buffer(rp, &buf);
		if (ret)
			return ret;
		memset(buf.va, HOSTILE_POISON, buf.len);
		hdr = buf.va;
		hdr->src = HOSTILE_ADDR;
		hdr->dst = peer;
		hdr->len = 8;
		memcpy(hdr + 1, "changing", 8);
		vring_done(&rp->tx, &buf, sizeof(*hdr) + 8);
		notify(&rp->tx);
		/* Linux may return the buffer meanwhile, but nobody else uses it. */
		for (j = 0; j < CHANGES; j++) {
			WRITE_ONCE(hdr->len, j & 1 ? 8 : 0xffff);
			WRITE_ONCE(hdr->dst, j & 2 ? peer : RPMSG_NS_ADDR);
		}
	}
	return 0;
}

static int attack_ns(struct rpmsg_device *rp, const struct hostile_request *rq)
{
	struct {
		struct rpmsg_ns_msg msg;
		u8 more[8];
	} ns;

	memset(&ns, 0, sizeof(ns));
	memcpy(ns.msg.name, rq->name, sizeof(ns.msg.name));
	ns.msg.addr = rq->value;
	ns.msg.flags = rq->flags;
	if (rq->length > sizeof(ns))
		return -EINVAL;
	return send_good(rp, RPMSG_NS_ADDR, &ns, rq->length);
}

static void put_number(char *to, u32 value)
{
	int i;

	for (i = 7; i >= 0; i--, value >>= 4)
		to[i] = "0123456789abcdef"[value & 15];
}

static int attack_ns_many(struct rpmsg_device *rp, const struct hostile_request *rq)
{
	struct rpmsg_ns_msg msg;
	u32 i;
	int ret = 0;

	memset(&msg, 0, sizeof(msg));
	memcpy(msg.name, "many-", 5);
	msg.flags = rq->flags;
	for (i = 0; i < rq->count && !ret; i++) {
		msg.addr = rq->value + i;
		put_number(msg.name + 5, msg.addr);
		ret = send_good(rp, RPMSG_NS_ADDR, &msg, sizeof(msg));
	}
	return ret;
}

static void endless_chains(struct vring *vr)
{
	u32 i;

	for (i = 0; i < vr->num; i++) {
		WRITE_ONCE(vr->desc[i].flags, VRING_DESC_F_NEXT | VRING_DESC_F_INDIRECT);
		WRITE_ONCE(vr->desc[i].next, i);
		WRITE_ONCE(vr->desc[i].len, 0xffffffff);
		WRITE_ONCE(vr->desc[i].addr_hi, 0xffffffff);
	}
}

/*
 * What both sides have in flight goes through while the descriptors are nonsense;
 * afterwards this side needs its own ones again. Those of the other ring are a
 * matter of what Linux has sent by then, its lengths are written anew each time.
 */
static int attack_scribble(struct rpmsg_device *rp)
{
	static struct vring_desc saved[2][VRING_NUM];
	struct rpmsg_hdr hdr = { .src = HOSTILE_ADDR, .dst = 0x7fffffff };
	struct vring_buf buf;
	u32 i;
	int ret;

	memcpy(saved[0], rp->tx.desc, sizeof(saved[0]));
	memcpy(saved[1], rp->rx.desc, sizeof(saved[1]));
	for (i = 0; i < rp->tx.num; i++) {
		memcpy(rp->tx.desc, saved[0], sizeof(saved[0]));
		ret = wait_for_buffer(rp, &buf);
		if (ret)
			return ret;
		memcpy(buf.va, &hdr, sizeof(hdr));
		endless_chains(&rp->tx);
		endless_chains(&rp->rx);
		vring_done(&rp->tx, &buf, sizeof(hdr));
		doorbell_ring(rp->tx.notifyid);
	}
	for (i = 0; i < PATIENCE / 64 && free_buffers(rp) < rp->tx.num; i++)
		;
	memcpy(rp->tx.desc, saved[0], sizeof(saved[0]));
	memcpy(rp->rx.desc, saved[1], sizeof(saved[1]));
	return 0;
}

static int attack_flags(struct rpmsg_device *rp, const struct hostile_request *rq)
{
	int ret;

	rp->tx.used_flags = 0xffff;
	rp->rx.used_flags = 0xffff;
	WRITE_ONCE(rp->tx.used->flags, rp->tx.used_flags);
	WRITE_ONCE(rp->rx.used->flags, rp->rx.used_flags);
	ret = attack_address(rp, rq);
	vring_disable_notify(&rp->tx);
	vring_enable_notify(&rp->rx);
	return ret;
}

static int attack_storm(struct rpmsg_device *rp, const struct hostile_request *rq)
{
	u32 i;

	for (i = 0; i < rq->count; i++)
		doorbell_ring(i & 1 ? rp->rx.notifyid : rp->tx.notifyid);
	return 0;
}

/* Long enough for a sender that finds no buffer to notice. */
static int attack_silence(struct rpmsg_device *rp)
{
	u32 looks;

	for (looks = 0; looks < PATIENCE; looks++) {
		if ((u16)(READ_ONCE(rp->rx.avail->idx) - rp->rx.last_avail) == rp->rx.num)
			break;
		if (!(looks & 0xff) && !driver_is_there(rp))
			return -EPROTO;
	}
	for (looks = 0; looks < PATIENCE / 16; looks++)
		(void)READ_ONCE(rp->rx.avail->idx);
	return 0;
}

/* All at once, so that Linux can do nothing between one and the next. */
static void break_id(struct vring *vr, u32 id, u32 count)
{
	struct vring_used_elem *elem;
	u32 i;

	for (i = 0; i < count; i++) {
		elem = &vr->used->ring[(vr->used_idx + i) & (vr->num - 1)];
		WRITE_ONCE(elem->id, id);
		WRITE_ONCE(elem->len, sizeof(struct rpmsg_hdr));
	}
	cpu_mb();
	vr->used_idx += count;
	WRITE_ONCE(vr->used->idx, vr->used_idx);
	cpu_mb();
	doorbell_ring(vr->notifyid);
}

static void break_index(struct vring *vr, u32 distance)
{
	vr->used_idx += distance;
	WRITE_ONCE(vr->used->idx, vr->used_idx);
	cpu_mb();
	doorbell_ring(vr->notifyid);
}

static int attack_afterlife(struct rpmsg_device *rp, const struct hostile_request *rq)
{
	u32 i;

	trace("waiting for the driver to go\n");
	while (driver_is_there(rp))
		;
	for (i = 0; i < rq->count; i++) {
		WRITE_ONCE(rp->tx.used->ring[i & (rp->tx.num - 1)].id, i * 0x10001);
		WRITE_ONCE(rp->tx.used->idx, i);
		WRITE_ONCE(rp->rx.used->idx, i * 7);
		memset(&rp->rx.desc[i & (rp->rx.num - 1)], 0xff, sizeof(struct vring_desc));
		doorbell_ring(i & 1 ? rp->rx.notifyid : rp->tx.notifyid);
	}
	trace("ceased\n");
	return 0;
}

static int attack_next_life(struct rpmsg_device *rp, const struct hostile_request *rq)
{
	trace("waiting for the next driver\n");
	while (driver_is_there(rp))
		;
	while (!(READ_ONCE(rp->rsc->status) & VIRTIO_STATUS_DRIVER_OK))
		;
	WRITE_ONCE(rp->rx.used->idx, rq->value);
	return 0;
}

static int attack(struct rpmsg_device *rp, const struct hostile_request *rq)
{
	switch (rq->attack) {
	case HOSTILE_NOTHING:
		return 0;
	case HOSTILE_LENGTH:
		return attack_length(rp, rq);
	case HOSTILE_ADDRESS:
		return attack_address(rp, rq);
	case HOSTILE_CHANGE:
		return attack_change(rp, rq);
	case HOSTILE_NS:
		return attack_ns(rp, rq);
	case HOSTILE_NS_MANY:
		return attack_ns_many(rp, rq);
	case HOSTILE_SCRIBBLE:
		return attack_scribble(rp);
	case HOSTILE_FLAGS:
		return attack_flags(rp, rq);
	case HOSTILE_STORM:
		return attack_storm(rp, rq);
	case HOSTILE_SILENCE:
		return attack_silence(rp);
	case HOSTILE_ID:
		break_id(&rp->tx, rq->value, 1);
		return 0;
	case HOSTILE_INDEX:
		break_index(&rp->tx, rq->value);
		return 0;
	case HOSTILE_SEND_ID:
		break_id(&rp->rx, rq->value, rq->count ? rq->count : 1);
		return 0;
	case HOSTILE_SEND_INDEX:
		break_index(&rp->rx, rq->value);
		return 0;
	case HOSTILE_AFTERLIFE:
		return attack_afterlife(rp, rq);
	case HOSTILE_NEXT_LIFE:
		return attack_next_life(rp, rq);
	}
	return -EINVAL;
}

static bool wants_reply(const struct hostile_request *rq)
{
	return rq->attack < HOSTILE_ID && (rq->attack != HOSTILE_NS || rq->count);
}

/* Buffers are out for as long as a program on a busy machine takes to read what is in them. */
static void reply(struct rpmsg_device *rp)
{
	struct hostile_reply msg = {
		.magic = HOSTILE_MAGIC,
		.attack = request.attack,
		.num = rp->tx.num,
	};
	u32 looks;

	for (looks = 0; looks < 8 * PATIENCE && free_buffers(rp) < rp->tx.num; looks++) {
		if (!(looks & 0xff) && !driver_is_there(rp))
			return;
	}
	msg.free = free_buffers(rp);
	send_good(rp, peer, &msg, sizeof(msg));
}

static int receive(struct rpmsg_device *rp, struct rpmsg_endpoint *ept, u32 src, const void *data,
		   u16 len)
{
	struct hostile_request rq;

	if (len == sizeof(rq)) {
		memcpy(&rq, data, sizeof(rq));
		if (rq.magic == HOSTILE_MAGIC) {
			request = rq;
			requested = true;
			peer = src;
			return 0;
		}
	}
	return rpmsg_send(rp, ept->addr, src, data, len);
}

static struct rpmsg_endpoint endpoints[] = {
	{ .name = "rpmsg-raw", .addr = HOSTILE_ADDR, .rx = receive },
};

static struct rpmsg_device rpmsg;

int main(void)
{
	int ret;

	trace("%s: mpidr 0x%08x, peer %s\n", FW_NAME, cpu_mpidr(), SOC_IPI_PEER_NAME);
	board_init();
	rpmsg_init(&rpmsg, &app_table.vdev, app_table.vring, endpoints,
		   ARRAY_SIZE(endpoints));
	doorbell_init();
	trace("waiting for the driver\n");
	for (;;) {
		rpmsg_poll(&rpmsg);
		if (!requested) {
			event_wait();
			continue;
		}
		requested = false;
		poison(&rpmsg);
		ret = attack(&rpmsg, &request);
		trace("attack %u: %d\n", request.attack, ret);
		if (!ret && wants_reply(&request))
			reply(&rpmsg);
	}
}
