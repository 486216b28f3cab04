// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (c) 2026 linux-amp developers
 *
 * Fuzz target of the split ring. The ring's memory is one heap block each, so that
 * an access beyond its end shows. Input: log2 of the size, then steps of four
 * bytes: what to do, and with what. The model beside it knows which buffers the
 * remote has; the ring must never hand out another one, nor one twice.
 */

#include <stdlib.h>
#include <string.h>

#include "rpmsg_ring.h"

#define MAX_LOG2	6

int LLVMFuzzerTestOneInput(const u8 *data, size_t size);

static void *exactly(size_t bytes)
{
	void *block = calloc(1, bytes);

	if (!block)
		exit(1);
	return block;
}

/* Who only looks at the index must come to the same conclusion as who takes buffers next. */
static void look_and_take(struct rpmsg_ring *ring, bool *with_remote)
{
	bool overtaken = rpmsg_ring_is_overtaken(ring, rpmsg_ring_peek_used(ring));
	enum rpmsg_ring_verdict verdict;
	u32 bytes;
	u16 id;

	if (ring->fault.verdict != RPMSG_RING_OK || ring->shown != ring->offered ||
	    ring->seen != ring->taken)
		return;
	verdict = rpmsg_ring_take(ring, &id, &bytes);
	if (overtaken ? verdict != RPMSG_RING_BAD_IDX : verdict == RPMSG_RING_BAD_IDX)
		abort();
	if (verdict != RPMSG_RING_OK)
		return;
	if (id >= ring->num || !with_remote[id])
		abort();
	with_remote[id] = false;
}

static void take_all(struct rpmsg_ring *ring, bool *with_remote)
{
	unsigned int taken = 0;
	u32 bytes;
	u16 id;

	look_and_take(ring, with_remote);
	while (rpmsg_ring_take(ring, &id, &bytes) == RPMSG_RING_OK) {
		if (id >= ring->num || !with_remote[id] || ++taken > ring->num)
			abort();
		with_remote[id] = false;
	}
}

static void offer(struct rpmsg_ring *ring, bool *with_remote, u16 from)
{
	u16 i, id;

	for (i = 0; i < ring->num; i++) {
		id = (from + i) & (ring->num - 1);
		if (with_remote[id])
			continue;
		rpmsg_ring_set_len(ring, id, from);
		rpmsg_ring_offer(ring, id);
		with_remote[id] = true;
		return;
	}
}

static void step(struct rpmsg_ring *ring, bool *with_remote, const u8 *op)
{
	struct rpmsg_ring_used *used = (struct rpmsg_ring_used *)ring->used;
	u16 value = op[2] | op[3] << 8;

	switch (op[0] % 8) {
	case 0:
		offer(ring, with_remote, value);
		break;
	case 1:
		rpmsg_ring_publish(ring);
		break;
	case 2:
		used->idx = cpu_to_le16(value);
		break;
	case 3:
		used->idx = cpu_to_le16(le16_to_cpu(used->idx) + op[1] % 4);
		break;
	case 4:
		used->ring[op[1] & (ring->num - 1)].id = cpu_to_le32(op[3] ? value : op[2]);
		break;
	case 5:
		take_all(ring, with_remote);
		break;
	case 6:
		rpmsg_ring_quiet(ring, op[1] & 1);
		used->flags = cpu_to_le16(value);
		(void)rpmsg_ring_wants_doorbell(ring);
		(void)rpmsg_ring_has_more(ring);
		break;
	case 7:
		/* The remote can write to all of it. */
		memset(ring->desc, op[1], ring->num * sizeof(*ring->desc));
		memset(ring->avail, op[2], sizeof(*ring->avail) + ring->num * 2);
		break;
	}
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	struct rpmsg_ring ring = { 0 };
	bool *with_remote;
	u16 id, held = 0;

	if (size < 1)
		return 0;
	ring.num = 1U << (data[0] % (MAX_LOG2 + 1));
	ring.desc = exactly(ring.num * sizeof(*ring.desc));
	ring.avail = exactly(sizeof(*ring.avail) + ring.num * sizeof(ring.avail->ring[0]));
	ring.used = exactly(sizeof(*ring.used) + ring.num * sizeof(ring.used->ring[0]));
	ring.held = exactly(ring.num);
	with_remote = exactly(ring.num * sizeof(*with_remote));
	rpmsg_ring_init(&ring);
	for (id = 0; id < ring.num; id++)
		rpmsg_ring_set_buf(&ring, id, id * 512, 512, data[0] & 0x80);

	for (data++, size--; size >= 4; data += 4, size -= 4)
		step(&ring, with_remote, data);
	take_all(&ring, with_remote);

	for (id = 0; id < ring.num; id++)
		held += with_remote[id];
	if (held != ring.num_held)
		abort();

	free(with_remote);
	free(ring.held);
	free((void *)ring.used);
	free(ring.avail);
	free(ring.desc);
	return 0;
}
