// SPDX-License-Identifier: GPL-2.0-only
/*
 * Device side of a virtio split ring. Knows the memory layout and the order of
 * accesses; knows nothing of messages, doorbells or processors. The layout and
 * the rules are those of the virtio specification 1.1, section 2.6, with the
 * legacy placement of the used ring at the next multiple of the alignment.
 *
 * Copyright (c) 2026 linux-amp developers
 */

#include <cpu.h>
#include <fw/board.h>
#include <fw/compiler.h>
#include <fw/vring.h>

static u32 avail_offset(u32 num)
{
	return num * sizeof(struct vring_desc);
}

/* The trailing u16 of each ring is an event index that this side does not use */
static u32 used_offset(u32 num, u32 align)
{
	u32 end = avail_offset(num) + sizeof(struct vring_avail) + sizeof(u16) * (num + 1);

	return (end + align - 1) & ~(align - 1);
}

static bool is_power_of_2(u32 x)
{
	return x && !(x & (x - 1));
}

/**
 * vring_size() - bytes that a ring occupies
 * @num:	entries, a legal number
 * @align:	alignment of the used ring, a legal one
 *
 * Context: any.
 * Return: the size in bytes.
 */
u32 vring_size(u32 num, u32 align)
{
	return used_offset(num, align) + sizeof(struct vring_used) +
	       sizeof(struct vring_used_elem) * num + sizeof(u16);
}

/**
 * vring_init() - start using a ring that the driver has set up
 * @vr:		the ring
 * @dir:	who fills its buffers
 * @da:		its address, a multiple of @align
 * @num:	number of entries
 * @align:	alignment of the used ring
 * @notifyid:	the driver's name for the ring
 *
 * Continues behind what the used ring says is done. That is nothing after the
 * driver has set the ring up, and the right place when this processor was
 * restarted while the driver kept its ring.
 *
 * Context: main loop.
 * Return: 0, -EINVAL if @num, @align or @da is illegal, -EFAULT if the ring is
 * not inside memory that this processor shares.
 */
int vring_init(struct vring *vr, enum vring_dir dir, u32 da, u32 num, u32 align, u32 notifyid)
{
	u8 *base;

	if (!is_power_of_2(num) || num > VRING_MAX_NUM)
		return -EINVAL;
	if (!is_power_of_2(align) || align < VRING_MIN_ALIGN || align > VRING_MAX_ALIGN)
		return -EINVAL;
	/* Both sides round the used ring's address up: only an aligned start agrees */
	if (da & (align - 1) || da & (sizeof(struct vring_desc) - 1))
		return -EINVAL;

	base = board_da_to_va(da, vring_size(num, align));
	if (!base)
		return -EFAULT;

	vr->desc = (void *)base;
	vr->avail = (void *)(base + avail_offset(num));
	vr->used = (void *)(base + used_offset(num, align));
	vr->num = num;
	vr->notifyid = notifyid;
	vr->dir = dir;
	vr->used_idx = READ_ONCE(vr->used->idx);
	vr->last_avail = vr->used_idx;
	vr->used_flags = 0;
	WRITE_ONCE(vr->used->flags, 0);
	return 0;
}

/**
 * vring_peek() - look at the next available buffer without taking it
 * @vr:		the ring
 * @buf:	the buffer; @buf->head is valid with -EBADMSG too
 *
 * Context: main loop.
 * Return: 0, -EAGAIN if there is none, -EBADMSG if the descriptor is not one
 * plain, reachable buffer of the right direction (give it back with
 * vring_done()), -EPROTO if the ring itself is inconsistent.
 */
int vring_peek(struct vring *vr, struct vring_buf *buf)
{
	u16 pending = READ_ONCE(vr->avail->idx) - vr->last_avail;
	u16 flags, wanted = vr->dir == VRING_DEVICE_FILLS ? VRING_DESC_F_WRITE : 0;
	struct vring_desc *desc;
	u64 addr;

	if (!pending)
		return -EAGAIN;
	if (pending > vr->num)
		return -EPROTO;

	/*
	 * The driver wrote descriptor, ring entry and message before the index,
	 * with a barrier in between. A weakly ordered core may still load them
	 * before it loads the index, so the loads need their half of the pair.
	 */
	cpu_rmb();

	buf->head = READ_ONCE(vr->avail->ring[vr->last_avail & (vr->num - 1)]);
	if (buf->head >= vr->num)
		return -EPROTO;

	desc = &vr->desc[buf->head];
	addr = READ_ONCE(desc->addr_lo) | (u64)READ_ONCE(desc->addr_hi) << 32;
	buf->len = READ_ONCE(desc->len);
	flags = READ_ONCE(desc->flags);

	if ((flags & (VRING_DESC_F_NEXT | VRING_DESC_F_WRITE | VRING_DESC_F_INDIRECT)) != wanted)
		return -EBADMSG;
	/* Headers are read as words, and not every core takes unaligned ones */
	if (addr & 3)
		return -EBADMSG;
	buf->va = board_da_to_va(addr, buf->len);
	return buf->va ? 0 : -EBADMSG;
}

/**
 * vring_done() - give the buffer that was looked at back to the driver
 * @vr:		the ring
 * @buf:	what vring_peek() returned last
 * @len:	bytes written to the buffer
 *
 * Context: main loop.
 */
void vring_done(struct vring *vr, const struct vring_buf *buf, u32 len)
{
	struct vring_used_elem *elem = &vr->used->ring[vr->used_idx & (vr->num - 1)];

	WRITE_ONCE(elem->id, buf->head);
	WRITE_ONCE(elem->len, len);

	/*
	 * The driver owns the buffer from the moment it sees the new index. A
	 * full barrier, not only a store barrier: loads from a received message
	 * must be complete as well, or the driver could overwrite what is still
	 * being read.
	 */
	cpu_mb();

	vr->last_avail++;
	vr->used_idx++;
	WRITE_ONCE(vr->used->idx, vr->used_idx);
}

/**
 * vring_driver_wants_notify() - does the driver want a kick for what was done
 * @vr:		the ring
 *
 * The driver clears its no-interrupt flag and then looks at the used index once
 * more; this side writes the index and then looks at the flag. With a full
 * barrier between store and load on both sides at least one of them sees the
 * other's store, so no completion is left behind without either a kick or a look.
 *
 * Context: main loop.
 * Return: true if the doorbell has to be rung.
 */
bool vring_driver_wants_notify(struct vring *vr)
{
	cpu_mb();
	return !(READ_ONCE(vr->avail->flags) & VRING_AVAIL_F_NO_INTERRUPT);
}

/**
 * vring_disable_notify() - tell the driver that kicks for this ring are useless
 * @vr:		the ring
 *
 * Only a hint: the driver may kick all the same.
 *
 * Context: main loop.
 */
void vring_disable_notify(struct vring *vr)
{
	vr->used_flags = VRING_USED_F_NO_NOTIFY;
	WRITE_ONCE(vr->used->flags, vr->used_flags);
}

/**
 * vring_enable_notify() - ask the driver for a kick when it adds a buffer
 * @vr:		the ring
 *
 * The mirror image of vring_driver_wants_notify(): flag first, barrier, then one
 * more look at the index, because the driver may have added a buffer while it
 * still saw the old flag.
 *
 * Context: main loop.
 * Return: true if a buffer is available already.
 */
bool vring_enable_notify(struct vring *vr)
{
	vr->used_flags = 0;
	WRITE_ONCE(vr->used->flags, 0);
	cpu_mb();
	return READ_ONCE(vr->avail->idx) != vr->last_avail;
}

/**
 * vring_was_reset() - has the driver set the ring up anew
 * @vr:		the ring
 *
 * A driver that is unbound and bound again resets the device and clears the
 * ring, but no kick tells of the reset; this side may only wake up after the
 * new driver is ready. Nobody but this side writes the used ring, so whatever
 * differs from what it wrote last was cleared.
 *
 * Context: main loop.
 * Return: true if the ring was set up anew since vring_init().
 */
bool vring_was_reset(struct vring *vr)
{
	return READ_ONCE(vr->used->idx) != vr->used_idx ||
	       READ_ONCE(vr->used->flags) != vr->used_flags;
}
