/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Device side of RPMsg over virtio: endpoints, name service, send and receive.
 *
 * Ring 0 of the vdev carries messages to the main processor, ring 1 messages
 * from it. All functions run in the main loop; none may be called from an
 * interrupt handler.
 *
 * Copyright (c) 2026 linux-amp developers
 */

#ifndef FW_RPMSG_H
#define FW_RPMSG_H

#include <fw/rsc_table.h>
#include <fw/types.h>
#include <fw/vring.h>

#define RPMSG_NS_ADDR		53
#define RPMSG_NAME_SIZE		32
#define RPMSG_NS_CREATE		0
#define RPMSG_NS_DESTROY	1

struct rpmsg_hdr {
	u32 src;
	u32 dst;
	u32 reserved;
	u16 len;
	u16 flags;
};

struct rpmsg_ns_msg {
	char name[RPMSG_NAME_SIZE];
	u32 addr;
	u32 flags;
};

struct rpmsg_device;

/**
 * struct rpmsg_endpoint - a local address with somebody behind it
 * @name:	channel name to announce, at most 31 characters; NULL for who has to be known
 * @addr:	local address
 * @rx:		called for each message; @data is shared memory and may change
 *		under the reader. -EAGAIN, and only that, leaves the message in
 *		the ring to be offered again when the main processor has
 *		supplied transmit buffers
 * @announced:	the main processor has been told
 */
struct rpmsg_endpoint {
	const char *name;
	u32 addr;
	int (*rx)(struct rpmsg_device *rp, struct rpmsg_endpoint *ept, u32 src,
		  const void *data, u16 len);
	bool announced;
};

/**
 * struct rpmsg_stats - what happened since the driver came up
 * @rx:		messages handed to an endpoint and finished
 * @tx:		messages sent, announcements included
 * @no_ept:	messages for an address that nobody has
 * @bad_len:	messages whose lengths contradict each other
 * @bad_buf:	descriptors that no message can be in
 * @refused:	messages that an endpoint failed to handle
 * @starved:	times that sending had to wait for a buffer
 */
struct rpmsg_stats {
	u32 rx;
	u32 tx;
	u32 no_ept;
	u32 bad_len;
	u32 bad_buf;
	u32 refused;
	u32 starved;
};

/**
 * struct rpmsg_device - one rpmsg vdev
 * @rsc:	its resource table entry, shared with the main processor
 * @vring:	the entry's two vrings
 * @ept:	endpoints
 * @num_ept:	number of endpoints
 * @tx:		ring 0: this side fills
 * @rx:		ring 1: the driver fills
 * @up:		the driver is ready and the rings are set up
 * @rejected:	the driver is ready but its rings are not usable
 * @broken:	a ring became inconsistent; wait for the driver to reset it
 * @mute:	what was received is given back without a ring of the doorbell
 * @deaf:	messages are left where they are
 * @stats:	counters since @up
 */
struct rpmsg_device {
	struct fw_rsc_vdev *rsc;
	struct fw_rsc_vdev_vring *vring;
	struct rpmsg_endpoint *ept;
	u32 num_ept;
	struct vring tx;
	struct vring rx;
	bool up;
	bool rejected;
	bool broken;
	bool mute;
	bool deaf;
	struct rpmsg_stats stats;
};

void rpmsg_init(struct rpmsg_device *rp, struct fw_rsc_vdev *rsc, struct fw_rsc_vdev_vring *vring,
		struct rpmsg_endpoint *ept, u32 num_ept);
void rpmsg_poll(struct rpmsg_device *rp);
int rpmsg_send(struct rpmsg_device *rp, u32 src, u32 dst, const void *data, u16 len);

#endif
