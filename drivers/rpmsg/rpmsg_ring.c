// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (c) 2026 linux-amp developers
 *
 * The driver's side of a split virtqueue. A pure file: no kernel objects, no
 * allocation, no logging; built, tested and fuzzed on the host as well. Owns the
 * order of accesses to the ring, not the buffers and not the doorbells.
 *
 * Barriers. The other side is a processor outside of the Linux SMP domain, so the
 * smp_*() family, which says nothing about such an observer and is empty on a
 * uniprocessor kernel, will not do. The ring is Normal non-cacheable memory
 * (dma_alloc_coherent() or ioremap_wc()), which the Arm architecture treats as
 * outer shareable whatever the page tables say (Arm ARM DDI 0487, "Shareable
 * Normal memory"), so the dma_*() family, an outer-shareable DMB, orders accesses
 * to it for every observer of that memory, a remote core included; see "Device
 * DMA ordering" in the kernel's memory-barriers.txt. Where a store has to come
 * before a load of something that the remote writes, mb(), a DSB of the full
 * system, is used like the kernel's own virtqueue code does for real devices.
 */

#include <linux/build_bug.h>
#include <linux/compiler.h>
#include <linux/minmax.h>
#include <asm/barrier.h>

#include "rpmsg_ring.h"

static_assert(sizeof(struct rpmsg_ring_desc) == 16);
static_assert(sizeof(struct rpmsg_ring_elem) == 8);

static u16 used_idx(const struct rpmsg_ring *ring)
{
	return le16_to_cpu(READ_ONCE(ring->used->idx));
}

/**
 * rpmsg_ring_init() - begin with a ring
 * @ring: num, desc, avail, used and held are set; the memory of the used ring is
 *        zeroed, and so is @held, which has @num bytes
 *
 * The remote is asked not to interrupt, until rpmsg_ring_quiet() says otherwise.
 *
 * Context: any.
 */
void rpmsg_ring_init(struct rpmsg_ring *ring)
{
	ring->num_held = 0;
	ring->offered = 0;
	ring->shown = 0;
	ring->taken = 0;
	ring->seen = 0;
	ring->fault.verdict = RPMSG_RING_OK;
	WRITE_ONCE(ring->avail->idx, 0);
	rpmsg_ring_quiet(ring, true);
}

/**
 * rpmsg_ring_set_buf() - say where a buffer is, once and for all
 * @ring:         the ring
 * @id:           number of the buffer, below the ring's num
 * @addr:         its address as the remote sees it
 * @bytes:        its size
 * @remote_fills: the remote writes to it
 *
 * Context: any, before the buffer is offered for the first time.
 */
void rpmsg_ring_set_buf(struct rpmsg_ring *ring, u16 id, u64 addr, u32 bytes, bool remote_fills)
{
	struct rpmsg_ring_desc *desc = &ring->desc[id];

	WRITE_ONCE(desc->addr, cpu_to_le64(addr));
	WRITE_ONCE(desc->len, cpu_to_le32(bytes));
	WRITE_ONCE(desc->flags, cpu_to_le16(remote_fills ? RPMSG_RING_DESC_WRITE : 0));
	WRITE_ONCE(desc->next, 0);
}

/**
 * rpmsg_ring_set_len() - say how much of a buffer holds a message
 * @ring:  the ring
 * @id:    number of a buffer that the remote does not have
 * @bytes: how much
 *
 * Context: any.
 */
void rpmsg_ring_set_len(struct rpmsg_ring *ring, u16 id, u32 bytes)
{
	WRITE_ONCE(ring->desc[id].len, cpu_to_le32(bytes));
}

/**
 * rpmsg_ring_offer() - put a buffer into the ring
 * @ring: the ring
 * @id:   number of a buffer that the remote does not have
 *
 * There is an entry for each buffer, so there is always one for this.
 *
 * Context: any. The remote does not see it before rpmsg_ring_publish().
 */
void rpmsg_ring_offer(struct rpmsg_ring *ring, u16 id)
{
	WRITE_ONCE(ring->avail->ring[ring->offered & (ring->num - 1)], cpu_to_le16(id));
	ring->offered++;
	ring->held[id] = true;
	ring->num_held++;
}

/**
 * rpmsg_ring_publish() - let the remote have what was offered
 * @ring: the ring
 *
 * The full barrier is for both directions: what was written to a buffer, to its
 * descriptor and to the ring is there before the index says so, and what was read
 * from a received message has been read before the remote may write there again.
 * A store barrier would leave the latter open, as loads may be satisfied late.
 *
 * Context: any.
 */
void rpmsg_ring_publish(struct rpmsg_ring *ring)
{
	if (ring->shown == ring->offered)
		return;
	dma_mb();
	ring->shown = ring->offered;
	WRITE_ONCE(ring->avail->idx, cpu_to_le16(ring->shown));
}

static enum rpmsg_ring_verdict fail(struct rpmsg_ring *ring, enum rpmsg_ring_verdict verdict,
				    u32 value)
{
	ring->fault.value = value;
	ring->fault.expect = ring->taken;
	ring->fault.held = ring->num_held;
	WRITE_ONCE(ring->fault.verdict, verdict);
	return verdict;
}

/*
 * The index is outside of our control, the difference is what counts: the remote
 * can return what it holds and was shown, and no more.
 */
static enum rpmsg_ring_verdict look(struct rpmsg_ring *ring)
{
	u16 idx = used_idx(ring);
	u16 returned = idx - ring->taken;
	u16 unshown = ring->offered - ring->shown;

	if (!returned)
		return RPMSG_RING_EMPTY;
	if (returned > ring->num_held - unshown)
		return fail(ring, RPMSG_RING_BAD_IDX, idx);
	ring->seen = idx;
	/* The entries, and what is in the buffers, are read after the index. */
	dma_rmb();
	return RPMSG_RING_OK;
}

/**
 * rpmsg_ring_take() - take a buffer that the remote has returned
 * @ring:  the ring
 * @id:    its number, if there is one
 * @bytes: length that the remote claims, any value
 *
 * Each field of the used ring is read once. Neither descriptors nor the available
 * ring are ever read, the remote could have changed them. A broken ring stays so.
 *
 * Context: any.
 * Return: RPMSG_RING_OK, RPMSG_RING_EMPTY, or why the ring is broken.
 */
enum rpmsg_ring_verdict rpmsg_ring_take(struct rpmsg_ring *ring, u16 *id, u32 *bytes)
{
	const struct rpmsg_ring_elem *elem;
	enum rpmsg_ring_verdict verdict;
	u32 value;

	if (ring->fault.verdict != RPMSG_RING_OK)
		return ring->fault.verdict;
	if (ring->seen == ring->taken) {
		verdict = look(ring);
		if (verdict != RPMSG_RING_OK)
			return verdict;
	}

	elem = &ring->used->ring[ring->taken & (ring->num - 1)];
	value = le32_to_cpu(READ_ONCE(elem->id));
	if (value >= ring->num)
		return fail(ring, RPMSG_RING_BAD_ID, value);
	if (!ring->held[value])
		return fail(ring, RPMSG_RING_NOT_HELD, value);

	*id = value;
	*bytes = le32_to_cpu(READ_ONCE(elem->len));
	ring->held[value] = false;
	ring->num_held--;
	ring->taken++;
	return RPMSG_RING_OK;
}

/**
 * rpmsg_ring_peek_used() - how far has the remote come?
 * @ring: the ring
 *
 * For decisions about doorbells, and to see whether a look at the ring is worth it: nothing has
 * checked the value.
 *
 * Context: any.
 * Return: the index of the used ring, any value.
 */
u16 rpmsg_ring_peek_used(const struct rpmsg_ring *ring)
{
	return used_idx(ring);
}

/**
 * rpmsg_ring_outstanding() - how many published buffers has the remote not used?
 * @ring: the ring
 * @used: what rpmsg_ring_peek_used() returned
 *
 * Buffers that it has returned and nobody has taken back are not among them.
 *
 * Context: any.
 * Return: the number; at most that of the buffers that it has been given, whatever @used is.
 */
u16 rpmsg_ring_outstanding(const struct rpmsg_ring *ring, u16 used)
{
	return min_t(u16, ring->shown - used, ring->num_held);
}

/**
 * rpmsg_ring_wants_doorbell() - does the remote want to be told of published buffers?
 * @ring: the ring
 *
 * The index has to be out before the flag is read, because the remote clears the
 * flag and then looks at the index: with a full barrier on both sides one of the
 * two sees what the other wrote. The same barrier orders the index before
 * rpmsg_ring_peek_used(), for the same reason.
 *
 * Context: any.
 * Return: false if it has asked for silence.
 */
bool rpmsg_ring_wants_doorbell(const struct rpmsg_ring *ring)
{
	/* Index out, then flag and used index in. */
	mb();
	return !(le16_to_cpu(READ_ONCE(ring->used->flags)) & RPMSG_RING_NO_NOTIFY);
}

/**
 * rpmsg_ring_quiet() - ask the remote for interrupts, or for silence
 * @ring:  the ring
 * @quiet: silence
 *
 * Only a hint: the remote may interrupt all the same. A caller that asks for
 * interrupts has to look at rpmsg_ring_has_more() afterwards.
 *
 * Context: any.
 */
void rpmsg_ring_quiet(struct rpmsg_ring *ring, bool quiet)
{
	ring->quiet = quiet;
	WRITE_ONCE(ring->avail->flags, cpu_to_le16(quiet ? RPMSG_RING_NO_INTERRUPT : 0));
}

/**
 * rpmsg_ring_has_more() - is there anything to take?
 * @ring: the ring
 *
 * The barrier is the counterpart of that between the remote's store to the index
 * and its look at the flag that rpmsg_ring_quiet() has written before.
 *
 * Context: any.
 * Return: true if rpmsg_ring_take() would return something else than
 * RPMSG_RING_EMPTY; never for a broken ring.
 */
bool rpmsg_ring_has_more(const struct rpmsg_ring *ring)
{
	if (READ_ONCE(ring->fault.verdict) != RPMSG_RING_OK)
		return false;
	/* Flag out, then index in. */
	mb();
	return used_idx(ring) != ring->taken;
}

/**
 * rpmsg_ring_is_touched() - has the remote ever written to the used ring?
 * @ring: the ring
 *
 * Context: any.
 * Return: true if so, as far as one can see.
 */
bool rpmsg_ring_is_touched(const struct rpmsg_ring *ring)
{
	return ring->taken || READ_ONCE(ring->used->idx) || READ_ONCE(ring->used->flags);
}
