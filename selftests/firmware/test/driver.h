/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The other side for the tests: shared memory, the driver's half of two rings,
 * a resource table, a doorbell that counts.
 *
 * The ring layout is computed here a second time, from the specification and not
 * with the functions under test.
 *
 * Copyright (c) 2026 linux-amp developers
 */

#ifndef DRIVER_H
#define DRIVER_H

#include <fw/rpmsg.h>
#include <fw/rsc_table.h>
#include <fw/types.h>

#define SHM_DA		0x3ed40000u
#define SHM_SIZE	0x200000u
#define BUF_SIZE	512u
#define NOTIFYID(ring)	(17u + (ring))
#define TO_HOST		0
#define TO_REMOTE	1

/**
 * struct drv_ring - the driver's half of one ring
 * @da:		device address of the ring
 * @num:	entries
 * @desc:	descriptor table
 * @avail:	available ring: flags, index, entries
 * @used:	used ring: flags, index
 * @elem:	its entries: id and length in turn
 * @buf_da:	device address of the buffers
 * @last_used:	next used entry to look at
 * @end_da:	end of the ring
 */
struct drv_ring {
	u32 da;
	u32 num;
	struct vring_desc *desc;
	u16 *avail;
	u16 *used;
	u32 *elem;
	u32 buf_da;
	u16 last_used;
	u32 end_da;
};

/**
 * struct drv_vdev - resource table entry with its vrings
 * @vdev:	the entry
 * @vring:	the vrings, which follow it
 */
struct drv_vdev {
	struct fw_rsc_vdev vdev;
	struct fw_rsc_vdev_vring vring[2];
};

extern struct drv_ring drv[2];
extern struct drv_vdev drv_vdev;
extern u32 drv_rung[2], drv_rung_other;
extern void (*drv_doorbell)(u32 notifyid);

void *shm(u32 da);
void drv_ring_setup(struct drv_ring *r, u32 da, u32 num, u32 align, u32 buf_da);
void drv_setup(u32 num, u32 align);
void drv_ready(void);
void drv_make_avail(struct drv_ring *r, u16 head);
void drv_give(u16 head);
void drv_give_all(void);
struct rpmsg_hdr *drv_msg(struct drv_ring *r, u16 head);
void drv_send_raw(u16 head, u32 dst, u16 hdr_len, u32 desc_len);
void drv_send(u16 head, u32 src, u32 dst, const void *data, u16 len);
int drv_used(struct drv_ring *r, u32 *len);
u32 rnd(void);

#endif
