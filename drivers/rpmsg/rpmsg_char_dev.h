/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Copyright (c) 2026 linux-amp developers
 *
 * What the files of rpmsg_char share: the endpoint device.
 */

#ifndef RPMSG_CHAR_DEV_H
#define RPMSG_CHAR_DEV_H

#include <linux/cdev.h>
#include <linux/device.h>
#include <linux/fs.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/poll.h>
#include <linux/rpmsg.h>
#include <linux/rpmsg_ext.h>
#include <linux/types.h>
#include <linux/wait.h>

#include "rpmsg_char_queue.h"

/**
 * enum rpmsg_eptdev_flow - bits of rpmsg_eptdev.flow
 * @FLOW_RESTRICTED: the remote does not want messages now
 * @FLOW_CHANGED:    nobody has asked since that changed
 * @FLOW_PAUSED:     we do not want messages now
 */
enum rpmsg_eptdev_flow {
	FLOW_RESTRICTED,
	FLOW_CHANGED,
	FLOW_PAUSED,
};

/**
 * struct rpmsg_eptdev - endpoint device
 * @dev:         the device; lives until the last open file is closed
 * @cdev:        its node, unless it is @fd_only
 * @fd_only:     it has neither node nor place in sysfs, only one open file
 * @fd_node:     then in the list of all such
 * @rpdev:       rpmsg device to create the endpoint on; valid unless @gone
 * @chinfo:      name and addresses that were asked for
 * @del_lock:    whoever adds or removes the device holds it until that is done
 * @deleted:     the device has been removed; under @del_lock
 * @lock:        protects @ept, @ext, @default_ept, @gone, the room_* members and
 *               the taking of messages from @queue; never held by somebody who waits
 * @gone:        there will be no endpoint any more
 * @ept:         the endpoint while the device is open, else NULL
 * @ext:         what its transport can do beyond the rpmsg core, or NULL
 * @broken:      the transport has said that nothing will be sent or received any more
 * @default_ept: endpoint of the channel, if the device stands for one; the core's
 * @src:         local address: of the endpoint while open, else as asked for
 * @flow:        what the remote said about flow control, see enum rpmsg_eptdev_flow
 * @queue:       received messages
 * @truncated:   messages of which a reader took only a part
 * @async:       who wants SIGIO
 * @readers:     woken when a message or a word about flow control arrives, the link
 *               breaks or the endpoint goes
 * @announce:    wakes @readers and sends signals, if that takes long
 * @writers:     woken when there may be room, the link breaks or the endpoint goes
 * @room:        wakes @writers and sends signals, if that takes long
 * @room_events: what it tells them
 * @room_table:  asks the transport where it announces room
 * @room_entry:  our entry there, passes the event on to @writers
 * @room_head:   where it is queued, NULL if the transport announces nothing
 */
struct rpmsg_eptdev {
	struct device dev;
	struct cdev cdev;
	bool fd_only;
	struct list_head fd_node;
	struct rpmsg_device *rpdev;
	struct rpmsg_channel_info chinfo;

	struct mutex del_lock;	/* adding and removing */
	bool deleted;

	struct mutex lock;	/* everything about the endpoint */
	bool gone;
	struct rpmsg_endpoint *ept;
	const struct rpmsg_ext_ops *ext;
	bool broken;
	struct rpmsg_endpoint *default_ept;
	u32 src;

	unsigned long flow;
	struct rpmsg_char_queue queue;
	atomic_long_t truncated;
	struct fasync_struct *async;
	wait_queue_head_t readers;
	struct work_struct announce;
	wait_queue_head_t writers;
	struct work_struct room;
	__poll_t room_events;

	poll_table room_table;
	wait_queue_entry_t room_entry;
	wait_queue_head_t *room_head;
};

#define dev_to_eptdev(_dev) container_of(_dev, struct rpmsg_eptdev, dev)

/* rpmsg_char_main.c */
struct rpmsg_eptdev *rpmsg_eptdev_alloc(struct rpmsg_device *rpdev, struct device *parent,
					const struct rpmsg_channel_info *info);
bool rpmsg_eptdev_delete(struct rpmsg_eptdev *eptdev);

/* rpmsg_char_ept.c */
int rpmsg_eptdev_cb(struct rpmsg_device *rpdev, void *data, int len, void *priv, u32 src);
int rpmsg_eptdev_flow_cb(struct rpmsg_device *rpdev, void *priv, bool pause);
int rpmsg_eptdev_begin(struct rpmsg_eptdev *eptdev);
void rpmsg_eptdev_leave(struct rpmsg_eptdev *eptdev, bool keep);
int rpmsg_eptdev_set_flow(struct rpmsg_eptdev *eptdev, bool pause);
void rpmsg_eptdev_free_msg(struct rpmsg_eptdev *eptdev, struct rpmsg_ext_buf *msg);
void rpmsg_eptdev_announce(struct work_struct *work);
void rpmsg_eptdev_room(struct work_struct *work);
void rpmsg_eptdev_purge(struct rpmsg_eptdev *eptdev);
void rpmsg_eptdev_end(struct rpmsg_eptdev *eptdev);

/* rpmsg_char_file.c */
extern const struct file_operations rpmsg_eptdev_fops;

/* rpmsg_char_ioctl.c */
long rpmsg_eptdev_ioctl(struct file *file, unsigned int cmd, unsigned long arg);

/* rpmsg_char_fd.c */
void rpmsg_eptdev_forget_fd(struct rpmsg_eptdev *eptdev);

#endif /* RPMSG_CHAR_DEV_H */
