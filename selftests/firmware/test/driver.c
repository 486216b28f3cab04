// SPDX-License-Identifier: GPL-2.0-only
/*
 * The driver's side for the tests. The shared memory is one heap object, so that
 * the address sanitizer sees every access outside of it.
 *
 * Copyright (c) 2026 linux-amp developers
 */

#include <stdlib.h>
#include <string.h>

#include <cpu.h>
#include <fw/board.h>
#include <fw/compiler.h>
#include <fw/doorbell.h>

#include "driver.h"

struct drv_ring drv[2];
struct drv_vdev drv_vdev;
u32 drv_rung[2], drv_rung_other;
void (*drv_doorbell)(u32 notifyid);

static u8 *memory;

/**
 * shm() - shared memory as the driver sees it
 * @da:		device address
 *
 * Context: any.
 * Return: the pointer.
 */
void *shm(u32 da)
{
	if (!memory)
		memory = calloc(1, SHM_SIZE);
	if (!memory || da - SHM_DA >= SHM_SIZE)
		abort();
	return memory + (da - SHM_DA);
}

/**
 * board_da_to_va() - shared memory as the code under test sees it
 * @da:		device address
 * @len:	bytes
 *
 * Context: any.
 * Return: the pointer, or NULL if any of the bytes is elsewhere.
 */
void *board_da_to_va(u64 da, u32 len)
{
	if (da < SHM_DA || da >= SHM_DA + SHM_SIZE || len > SHM_DA + SHM_SIZE - da)
		return NULL;
	return shm((u32)da);
}

/**
 * doorbell_ring() - count, or call the concurrency test's handler
 * @notifyid:	the ring
 *
 * Context: any.
 */
void doorbell_ring(u32 notifyid)
{
	if (drv_doorbell)
		drv_doorbell(notifyid);
	else if (notifyid - NOTIFYID(0) < 2)
		drv_rung[notifyid - NOTIFYID(0)]++;
	else
		drv_rung_other++;
}

/**
 * drv_ring_setup() - lay out a cleared ring
 * @r:		the ring
 * @da:		its address
 * @num:	entries
 * @align:	alignment of the used part
 * @buf_da:	address of @num buffers
 *
 * Context: any.
 */
void drv_ring_setup(struct drv_ring *r, u32 da, u32 num, u32 align, u32 buf_da)
{
	u32 avail = da + 16 * num;
	u32 used = (avail + 4 + 2 * num + 2 + align - 1) / align * align;

	r->da = da;
	r->num = num;
	r->desc = shm(da);
	r->avail = shm(avail);
	r->used = shm(used);
	r->elem = (u32 *)(r->used + 2);
	r->buf_da = buf_da;
	r->last_used = 0;
	r->end_da = used + 4 + 8 * num + 2;
	memset(shm(da), 0, r->end_da - da);
}

/**
 * drv_setup() - set two rings up, announce nothing
 * @num:	entries of each
 * @align:	alignment of each
 *
 * All buffers are described; none is available.
 *
 * Context: any.
 */
void drv_setup(u32 num, u32 align)
{
	u32 i, r;

	drv_ring_setup(&drv[0], SHM_DA, num, align, SHM_DA + 0x100000);
	drv_ring_setup(&drv[1], (drv[0].end_da + 0xfff) & ~0xfffu, num, align,
		       SHM_DA + SHM_SIZE - num * BUF_SIZE);

	memset(&drv_vdev, 0, sizeof(drv_vdev));
	drv_vdev.vdev.type = RSC_VDEV;
	drv_vdev.vdev.id = VIRTIO_ID_RPMSG;
	drv_vdev.vdev.gfeatures = BIT(VIRTIO_RPMSG_F_NS);
	drv_vdev.vdev.num_of_vrings = 2;
	for (r = 0; r < 2; r++) {
		drv_vdev.vring[r].da = drv[r].da;
		drv_vdev.vring[r].num = num;
		drv_vdev.vring[r].align = align;
		drv_vdev.vring[r].notifyid = NOTIFYID(r);
		drv_rung[r] = 0;
		for (i = 0; i < num; i++) {
			drv[r].desc[i].addr_lo = drv[r].buf_da + i * BUF_SIZE;
			drv[r].desc[i].len = BUF_SIZE;
			drv[r].desc[i].flags = r == TO_HOST ? VRING_DESC_F_WRITE : 0;
		}
	}
	drv_rung_other = 0;
}

/**
 * drv_ready() - set the driver's status
 *
 * Context: any.
 */
void drv_ready(void)
{
	cpu_wmb();
	WRITE_ONCE(drv_vdev.vdev.status, 7);
}

/**
 * drv_make_avail() - hand a descriptor to the device
 * @r:		the ring
 * @head:	the descriptor
 *
 * Context: any.
 */
void drv_make_avail(struct drv_ring *r, u16 head)
{
	u16 idx = r->avail[1];

	WRITE_ONCE(r->avail[2 + idx % r->num], head);
	cpu_wmb();
	WRITE_ONCE(r->avail[1], idx + 1);
}

/**
 * drv_give() - hand one receive buffer to the remote
 * @head:	the buffer
 *
 * Context: any.
 */
void drv_give(u16 head)
{
	drv_make_avail(&drv[TO_HOST], head);
}

/**
 * drv_give_all() - hand all receive buffers to the remote
 *
 * Context: any.
 */
void drv_give_all(void)
{
	u32 i;

	for (i = 0; i < drv[TO_HOST].num; i++)
		drv_give(i);
}

/**
 * drv_msg() - a buffer
 * @r:		the ring
 * @head:	the descriptor
 *
 * Context: any.
 * Return: its start.
 */
struct rpmsg_hdr *drv_msg(struct drv_ring *r, u16 head)
{
	return shm(r->buf_da + head * BUF_SIZE);
}

/**
 * drv_send_raw() - send a message whose lengths need not agree
 * @head:	buffer
 * @dst:	destination
 * @hdr_len:	length in the header
 * @desc_len:	length in the descriptor
 *
 * Context: any.
 */
void drv_send_raw(u16 head, u32 dst, u16 hdr_len, u32 desc_len)
{
	struct rpmsg_hdr *hdr = drv_msg(&drv[TO_REMOTE], head);

	hdr->dst = dst;
	hdr->len = hdr_len;
	drv[TO_REMOTE].desc[head].len = desc_len;
	drv_make_avail(&drv[TO_REMOTE], head);
}

/**
 * drv_send() - send a proper message
 * @head:	buffer
 * @src:	source
 * @dst:	destination
 * @data:	payload
 * @len:	its length
 *
 * Context: any.
 */
void drv_send(u16 head, u32 src, u32 dst, const void *data, u16 len)
{
	struct rpmsg_hdr *hdr = drv_msg(&drv[TO_REMOTE], head);

	hdr->src = src;
	hdr->reserved = 0;
	hdr->flags = 0;
	memcpy(hdr + 1, data, len);
	drv_send_raw(head, dst, len, sizeof(*hdr) + len);
}

/**
 * drv_used() - take a finished buffer
 * @r:		the ring
 * @len:	how much was written to it; may be NULL
 *
 * Context: any.
 * Return: the descriptor, -1 if there is none.
 */
int drv_used(struct drv_ring *r, u32 *len)
{
	u32 pos = r->last_used % r->num;

	if (r->last_used == READ_ONCE(r->used[1]))
		return -1;
	cpu_rmb();
	if (len)
		*len = r->elem[2 * pos + 1];
	r->last_used++;
	return (int)r->elem[2 * pos];
}

/**
 * rnd() - pseudo-random number, the same sequence in each run
 *
 * Context: any.
 * Return: 32 bits of which the lower ones are good enough to take a remainder.
 */
u32 rnd(void)
{
	static u64 state = 0x9e3779b97f4a7c15ull;

	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return (u32)(state >> 16);
}
