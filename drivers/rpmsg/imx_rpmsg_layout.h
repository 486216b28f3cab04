/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Where an i.MX remote without resource table expects its rings, and what its words mean. PURE: no
 * kernel objects, no logging.
 *
 * Copyright (c) 2026 linux-amp developers
 */
#ifndef IMX_RPMSG_LAYOUT_H
#define IMX_RPMSG_LAYOUT_H

#include <linux/types.h>

#define IMX_RPMSG_MAX_VDEVS	8
#define IMX_RPMSG_VRINGS	2

/* Each device has a piece of this size, its second ring in the upper half. */
#define IMX_RPMSG_VDEV_BYTES	0x10000
#define IMX_RPMSG_VRING_BYTES	0x8000

/* As both sides have it built in. */
#define IMX_RPMSG_VRING_NUM	256
#define IMX_RPMSG_VRING_ALIGN	4096

/* The rest of a ring's half, which nobody uses: as large as a message buffer at least. */
#define IMX_RPMSG_SPARE_START	0x3000
#define IMX_RPMSG_SPARE_BYTES	(IMX_RPMSG_VRING_BYTES - IMX_RPMSG_SPARE_START)

/**
 * struct imx_rpmsg_region - memory for rings
 * @start: physical address
 * @bytes: its size
 */
struct imx_rpmsg_region {
	u64 start;
	u64 bytes;
};

int imx_rpmsg_place(const struct imx_rpmsg_region *region, unsigned int num, unsigned int vdev,
		    u64 *start);
bool imx_rpmsg_overlap(u64 a, u64 b);
bool imx_rpmsg_reachable(u64 start, u64 bytes);
int imx_rpmsg_decode(u32 word, unsigned int num_vdevs);
u32 imx_rpmsg_encode(unsigned int vring);
unsigned long imx_rpmsg_restart_delay(u64 now, u64 last, unsigned long interval);

#endif /* IMX_RPMSG_LAYOUT_H */
