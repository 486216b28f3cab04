// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (c) 2026 linux-amp developers
 *
 * The first doorbell, and the next ones until the remote shows that it is there.
 *
 * Some remotes take the first doorbell as the sign that the link is up, and some
 * come up long after Linux has rung it, with the interrupt lost in their reset. So
 * it is repeated, less and less often, until the remote has written to a ring for
 * the first time. Messages may have been sent before that: if some are still there,
 * their doorbell is rung once more when the remote is. Whoever drives the remote
 * processor may use these calls to see whether the remote still has what it was told
 * in its resource table.
 */

#include <linux/jiffies.h>
#include <linux/minmax.h>
#include <linux/virtio_config.h>

#include "virtio_rpmsg.h"
#include "virtio_rpmsg_trace.h"

#define FIRST_WAIT_MS	20U
#define LONGEST_WAIT_MS	2000U

/* Firmware that takes longer than this to start is worth a line in the log. */
#define SILENCE_MS	10000U

static bool is_alive(struct virtio_rpmsg *vr)
{
	return rpmsg_ring_is_touched(&vr->rx.q.ring) || rpmsg_ring_is_touched(&vr->tx.q.ring);
}

static void ring_one(struct virtqueue *vq)
{
	trace_virtio_rpmsg_kick(vq->vdev->index, vq->index);
	virtqueue_notify(vq);
}

static void ring(struct virtio_rpmsg *vr)
{
	ring_one(vr->rx.q.vq);
	/* Its doorbell is as lost as the first one. */
	if (READ_ONCE(vr->tx.q.ring.shown))
		ring_one(vr->tx.q.vq);
}

/*
 * The remote may have been silent for seconds by the last doorbell, lost that one, too,
 * when it set up its interrupts, and begun with a message of its own or with flags. Of
 * what was sent meanwhile nobody else would ever tell it: each message has had its
 * doorbell. From its first sign of life on it takes doorbells, so once is enough.
 */
static void ring_for_early_messages(struct virtio_rpmsg *vr)
{
	const struct rpmsg_ring *ring = &vr->tx.q.ring;

	if (READ_ONCE(ring->shown) != rpmsg_ring_peek_used(ring))
		ring_one(vr->tx.q.vq);
}

/*
 * No warning: whoever drives the remote processor knows more about it and may have given
 * one. The status is read back: for a remote processor it comes from its resource table.
 */
static void report(struct virtio_rpmsg *vr)
{
	struct virtio_device *vdev = vr->vdev;

	vr->hello.reported = true;
	dev_info(&vdev->dev,
		 "remote is silent for %u s: rings of %u and %u entries untouched, status %#x, features %#llx\n",
		 jiffies_to_msecs(jiffies - vr->hello.since) / 1000, vr->rx.q.ring.num,
		 vr->tx.q.ring.num, vdev->config->get_status(vdev),
		 (unsigned long long)vdev->features);
}

static void again(struct work_struct *work)
{
	struct virtio_rpmsg_hello *hello = container_of(to_delayed_work(work),
							struct virtio_rpmsg_hello, work);
	struct virtio_rpmsg *vr = container_of(hello, struct virtio_rpmsg, hello);

	if (virtio_rpmsg_state(vr) != VIRTIO_RPMSG_LIVE || virtio_rpmsg_is_broken(vr))
		return;
	if (is_alive(vr)) {
		virtio_rpmsg_tx_verify(vr);
		ring_for_early_messages(vr);
		return;
	}

	ring(vr);
	if (!hello->reported &&
	    time_after(jiffies, hello->since + msecs_to_jiffies(SILENCE_MS)))
		report(vr);
	hello->wait_ms = min(2 * hello->wait_ms, LONGEST_WAIT_MS);
	queue_delayed_work(vr->wq, &hello->work, msecs_to_jiffies(hello->wait_ms));
}

/**
 * virtio_rpmsg_hello_init() - prepare for the first doorbell
 * @vr: the link
 *
 * Context: process, from probe.
 */
void virtio_rpmsg_hello_init(struct virtio_rpmsg *vr)
{
	INIT_DELAYED_WORK(&vr->hello.work, again);
}

/**
 * virtio_rpmsg_hello_begin() - ring for the first time
 * @vr: link whose device has just become ready
 *
 * Whatever the remote has asked for in the flags of the ring.
 *
 * Context: process, from probe.
 */
void virtio_rpmsg_hello_begin(struct virtio_rpmsg *vr)
{
	struct virtio_rpmsg_hello *hello = &vr->hello;

	hello->since = jiffies;
	hello->wait_ms = FIRST_WAIT_MS;
	ring(vr);
	queue_delayed_work(vr->wq, &hello->work, msecs_to_jiffies(hello->wait_ms));
}

/**
 * virtio_rpmsg_hello_end() - stop ringing
 * @vr: link that is not LIVE any more
 *
 * Context: process; waits for a doorbell that is being rung.
 */
void virtio_rpmsg_hello_end(struct virtio_rpmsg *vr)
{
	cancel_delayed_work_sync(&vr->hello.work);
}
