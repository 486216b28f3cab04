/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Copyright (c) 2026 linux-amp developers
 *
 * The driver's side of a split virtqueue whose other side is hostile. A buffer is
 * one descriptor, always the same one, so descriptors are only ever written. What
 * the remote may do is described in Documentation/wire.rst.
 */

#ifndef RPMSG_RING_H
#define RPMSG_RING_H

#include <linux/types.h>
#include <asm/byteorder.h>

#define RPMSG_RING_MAX_NUM	32768U

/**
 * struct rpmsg_ring_desc - descriptor, in shared memory
 * @addr:  address of the buffer as the remote sees it
 * @len:   bytes that may be used there
 * @flags: RPMSG_RING_DESC_WRITE if the remote fills the buffer
 * @next:  not used
 */
struct rpmsg_ring_desc {
	__le64 addr;
	__le32 len;
	__le16 flags;
	__le16 next;
};

#define RPMSG_RING_DESC_WRITE	2

/**
 * struct rpmsg_ring_avail - what Linux offers, in shared memory
 * @flags: RPMSG_RING_NO_INTERRUPT, a hint for the remote
 * @idx:   how many buffers have been offered so far
 * @ring:  their descriptors
 */
struct rpmsg_ring_avail {
	__le16 flags;
	__le16 idx;
	__le16 ring[];
};

#define RPMSG_RING_NO_INTERRUPT	1

/**
 * struct rpmsg_ring_elem - one returned buffer, in shared memory
 * @id:  its descriptor
 * @len: bytes that the remote claims to have written
 */
struct rpmsg_ring_elem {
	__le32 id;
	__le32 len;
};

/**
 * struct rpmsg_ring_used - what the remote has returned, in shared memory
 * @flags: RPMSG_RING_NO_NOTIFY, a hint for Linux
 * @idx:   how many buffers have been returned so far
 * @ring:  which
 */
struct rpmsg_ring_used {
	__le16 flags;
	__le16 idx;
	struct rpmsg_ring_elem ring[];
};

#define RPMSG_RING_NO_NOTIFY	1

/**
 * enum rpmsg_ring_verdict - what was found in the used ring
 * @RPMSG_RING_OK:       a buffer
 * @RPMSG_RING_EMPTY:    nothing
 * @RPMSG_RING_BAD_IDX:  more buffers than the remote has; the ring is broken
 * @RPMSG_RING_BAD_ID:   a number that is no buffer's; the ring is broken
 * @RPMSG_RING_NOT_HELD: a buffer that the remote does not have; the ring is broken
 */
enum rpmsg_ring_verdict {
	RPMSG_RING_OK,
	RPMSG_RING_EMPTY,
	RPMSG_RING_BAD_IDX,
	RPMSG_RING_BAD_ID,
	RPMSG_RING_NOT_HELD,
};

/**
 * struct rpmsg_ring_fault - why a ring is broken
 * @verdict: one of the last three of enum rpmsg_ring_verdict, else RPMSG_RING_OK
 * @value:   the index or the number that the remote wrote
 * @expect:  the index that had been reached
 * @held:    how many buffers the remote had
 */
struct rpmsg_ring_fault {
	enum rpmsg_ring_verdict verdict;
	u32 value;
	u32 expect;
	u32 held;
};

/**
 * struct rpmsg_ring - state of a ring; all of it out of the remote's reach
 * @num:      entries, a power of two
 * @desc:     descriptors, only written
 * @avail:    only written
 * @used:     only read
 * @held:     for each buffer: the remote has it
 * @num_held: how many are
 * @offered:  value of @avail->idx when all that was offered is published
 * @shown:    value of @avail->idx now
 * @taken:    how many returned buffers have been taken from the used ring
 * @seen:     how many were there at the last look
 * @quiet:    the remote was asked not to interrupt
 * @fault:    why the ring is broken; nothing is taken from it any more
 *
 * A caller that uses a ring from several contexts brings the lock.
 */
struct rpmsg_ring {
	u32 num;
	struct rpmsg_ring_desc *desc;
	struct rpmsg_ring_avail *avail;
	const struct rpmsg_ring_used *used;
	u8 *held;
	u16 num_held;
	u16 offered;
	u16 shown;
	u16 taken;
	u16 seen;
	bool quiet;
	struct rpmsg_ring_fault fault;
};

/**
 * rpmsg_ring_is_overtaken() - has the remote used more than it was given?
 * @ring: the ring
 * @used: what rpmsg_ring_peek_used() returned
 *
 * Here, because each message sent asks. Exact where all that was offered is shown, as in a ring of
 * messages to the remote.
 *
 * Context: any; the caller keeps others from the ring.
 * Return: true if so. rpmsg_ring_take() finds the ring broken when it comes to that index.
 */
static inline bool rpmsg_ring_is_overtaken(const struct rpmsg_ring *ring, u16 used)
{
	return (u16)(ring->shown - used) > ring->num_held;
}

void rpmsg_ring_init(struct rpmsg_ring *ring);
void rpmsg_ring_set_buf(struct rpmsg_ring *ring, u16 id, u64 addr, u32 bytes, bool remote_fills);
void rpmsg_ring_set_len(struct rpmsg_ring *ring, u16 id, u32 bytes);
void rpmsg_ring_offer(struct rpmsg_ring *ring, u16 id);
void rpmsg_ring_publish(struct rpmsg_ring *ring);
enum rpmsg_ring_verdict rpmsg_ring_take(struct rpmsg_ring *ring, u16 *id, u32 *bytes);
u16 rpmsg_ring_peek_used(const struct rpmsg_ring *ring);
u16 rpmsg_ring_outstanding(const struct rpmsg_ring *ring, u16 used);
bool rpmsg_ring_wants_doorbell(const struct rpmsg_ring *ring);
void rpmsg_ring_quiet(struct rpmsg_ring *ring, bool quiet);
bool rpmsg_ring_has_more(const struct rpmsg_ring *ring);
bool rpmsg_ring_is_touched(const struct rpmsg_ring *ring);

#endif /* RPMSG_RING_H */
