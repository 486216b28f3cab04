/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the files of imx_rpmsg.ko share. imx_rpmsg_main.c has probe, words and restart,
 * imx_rpmsg_vdev.c a virtio device as its driver sees it.
 *
 * Copyright (c) 2026 linux-amp developers
 */
#ifndef IMX_RPMSG_H
#define IMX_RPMSG_H

#include <linux/completion.h>
#include <linux/io.h>
#include <linux/kthread.h>
#include <linux/list.h>
#include <linux/mailbox_client.h>
#include <linux/mutex.h>
#include <linux/spinlock.h>
#include <linux/types.h>
#include <linux/virtio.h>
#include <linux/workqueue.h>

#include "imx_rpmsg_layout.h"

#define IMX_RPMSG_MAX_VRINGS	(IMX_RPMSG_MAX_VDEVS * IMX_RPMSG_VRINGS)

struct imx_rpmsg;

/**
 * struct imx_rpmsg_vdev - a virtio device
 * @vdev:   as the virtio core knows it
 * @ir:     remote that it belongs to
 * @index:  its number
 * @start:  physical address of its rings
 * @vq:     its virtqueues, NULL while there are none; protected by the lock of @ir
 * @ring:   where they are mapped, NULL while they are not; taken away under the lock of @ir
 * @status: what the driver has set; written under the lock of @ir
 * @closing: it is being unregistered; protected by the lock of @ir
 */
struct imx_rpmsg_vdev {
	struct virtio_device vdev;
	struct imx_rpmsg *ir;
	unsigned int index;
	phys_addr_t start;
	struct virtqueue *vq[IMX_RPMSG_VRINGS];
	void __iomem *ring[IMX_RPMSG_VRINGS];
	u8 status;
	bool closing;
};

/**
 * struct imx_rpmsg - a remote without resource table
 * @dev:       its device
 * @entry:     among all remotes
 * @num_vdevs: how many virtio devices it has
 * @start:     physical address of the rings of each
 * @vdevs:     held by probe, @restart and removal while they change @vdev; outermost
 * @vdev:      the devices; NULL if not registered. Changed under @lock, too
 * @worker:    runs @work and nothing else
 * @work:      delivers @received
 * @lock:      protects what follows, and what struct imx_rpmsg_vdev says; innermost but for the
 *             mailbox framework's
 * @received:  rings that the remote has touched
 * @pending:   rings whose word has yet to be sent
 * @busy:      a word has been sent and not been read
 * @word:      the words; constant
 * @tx_client: identity towards the mailbox framework
 * @rx_client: the same for the other direction
 * @db_client: the same for the doorbell by which a remote says that it has restarted
 * @tx:        words to the remote
 * @wq:        for @restart
 * @restart:   registers the devices anew, if that is @wanted by then
 * @restarted: when that was done last, in jiffies of 64 bits
 * @wanted:    somebody has asked for it since that was done last
 * @removing:  it must not be queued: probe is not that far, or removal has begun
 * @gone:      completed when the last user of a device has given it back, and it is freed
 */
struct imx_rpmsg {
	struct device *dev;
	struct list_head entry;
	unsigned int num_vdevs;
	phys_addr_t start[IMX_RPMSG_MAX_VDEVS];
	struct mutex vdevs;	/* see above */
	struct imx_rpmsg_vdev *vdev[IMX_RPMSG_MAX_VDEVS];
	struct kthread_worker *worker;
	struct kthread_work work;
	spinlock_t lock;	/* see above */
	unsigned long received;
	unsigned long pending;
	bool busy;
	u32 word[IMX_RPMSG_MAX_VRINGS];
	struct mbox_client tx_client;
	struct mbox_client rx_client;
	struct mbox_client db_client;
	struct mbox_chan *tx;
	struct workqueue_struct *wq;
	struct delayed_work restart;
	u64 restarted;
	bool wanted;
	bool removing;
	struct completion gone;
};

/* imx_rpmsg_main.c */
void imx_rpmsg_kick(struct imx_rpmsg *ir, unsigned int vring);
void imx_rpmsg_deliver_all(struct imx_rpmsg *ir);
void imx_rpmsg_wait_delivered(struct imx_rpmsg *ir);
void imx_rpmsg_restart(struct imx_rpmsg *ir, const char *why);

/* imx_rpmsg_vdev.c */
int imx_rpmsg_add_vdev(struct imx_rpmsg *ir, unsigned int index);
void imx_rpmsg_del_vdev(struct imx_rpmsg *ir, unsigned int index);
bool imx_rpmsg_vdev_is_touched(const struct imx_rpmsg_vdev *iv);
void imx_rpmsg_serve(struct imx_rpmsg_vdev *iv, unsigned int vring);

#endif /* IMX_RPMSG_H */
