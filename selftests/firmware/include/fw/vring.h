/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Device side of a virtio split ring, used in order: the buffer at the head of
 * the available ring is looked at with vring_peek() as often as needed and
 * leaves the ring with vring_done(). There is no state for a buffer in between,
 * so a buffer that cannot be handled yet simply stays where it is.
 *
 * The driver at the other end is not trusted: indices, descriptor numbers,
 * addresses and lengths are read once, bounded, and used from the copy.
 *
 * Copyright (c) 2026 linux-amp developers
 */

#ifndef FW_VRING_H
#define FW_VRING_H

#include <fw/types.h>

#define VRING_MAX_NUM		32768
#define VRING_MIN_ALIGN		4
#define VRING_MAX_ALIGN		0x100000

#define VRING_DESC_F_NEXT	1
#define VRING_DESC_F_WRITE	2
#define VRING_DESC_F_INDIRECT	4

#define VRING_AVAIL_F_NO_INTERRUPT	1
#define VRING_USED_F_NO_NOTIFY		1

struct vring_desc {
	u32 addr_lo;
	u32 addr_hi;
	u32 len;
	u16 flags;
	u16 next;
};

struct vring_avail {
	u16 flags;
	u16 idx;
	u16 ring[];
};

struct vring_used_elem {
	u32 id;
	u32 len;
};

struct vring_used {
	u16 flags;
	u16 idx;
	struct vring_used_elem ring[];
};

/**
 * enum vring_dir - who fills the buffers of a ring
 * @VRING_DRIVER_FILLS:	the driver writes, this side reads
 * @VRING_DEVICE_FILLS:	this side writes, the driver reads
 */
enum vring_dir {
	VRING_DRIVER_FILLS,
	VRING_DEVICE_FILLS,
};

/**
 * struct vring - device side of one split ring
 * @desc:	descriptor table, written by the driver
 * @avail:	available ring, written by the driver
 * @used:	used ring, written by this side only
 * @num:	number of entries, a power of two
 * @notifyid:	what doorbell_ring() is told about this ring
 * @dir:	who fills the buffers
 * @last_avail:	next available entry to look at
 * @used_idx:	what this side last wrote to @used->idx
 * @used_flags:	what this side last wrote to @used->flags
 */
struct vring {
	struct vring_desc *desc;
	struct vring_avail *avail;
	struct vring_used *used;
	u32 num;
	u32 notifyid;
	enum vring_dir dir;
	u16 last_avail;
	u16 used_idx;
	u16 used_flags;
};

/**
 * struct vring_buf - the buffer at the head of the available ring
 * @va:		where it is for this processor, 4-byte aligned
 * @len:	bytes that may be read or written at @va
 * @head:	its descriptor
 */
struct vring_buf {
	void *va;
	u32 len;
	u16 head;
};

u32 vring_size(u32 num, u32 align);
int vring_init(struct vring *vr, enum vring_dir dir, u32 da, u32 num, u32 align, u32 notifyid);
int vring_peek(struct vring *vr, struct vring_buf *buf);
void vring_done(struct vring *vr, const struct vring_buf *buf, u32 len);
bool vring_driver_wants_notify(struct vring *vr);
void vring_disable_notify(struct vring *vr);
bool vring_enable_notify(struct vring *vr);
bool vring_was_reset(struct vring *vr);

#endif
