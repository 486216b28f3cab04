/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Copyright (c) 2026 linux-amp developers
 *
 * Doorbells that are handled where they arrive. Buses of virtio devices whose drivers
 * sleep in their callbacks, as those of RPMsg do, call them in a thread. A driver that
 * can do some of its work in any context says so here, and saves waking the thread.
 */

#ifndef LINUX_VIRTIO_AT_ONCE_H
#define LINUX_VIRTIO_AT_ONCE_H

#include <linux/types.h>
#include <linux/virtio.h>

/**
 * typedef virtio_at_once_t - handle a doorbell of a virtqueue
 * @vq: the virtqueue
 *
 * Called neither before the driver's probe has returned nor after its remove is called,
 * and not more often than the bus thinks right; in its stead or besides, the callback of
 * the virtqueue is called as ever.
 *
 * Context: any, hard interrupt included, perhaps on several CPUs and while the callback runs.
 * Return: true if all is done, false if the callback is to be called as well.
 */
typedef bool (*virtio_at_once_t)(struct virtqueue *vq);

/*
 * virtio_at_once() - have doorbells of a virtqueue handled where they arrive
 *
 * For a driver's probe; undone by the bus when the driver is unbound. To be looked up with
 * symbol_get(): the bus that has it is a module that no driver depends on. Described where
 * it is defined.
 */
bool virtio_at_once(struct virtqueue *vq, virtio_at_once_t handler);

#endif /* LINUX_VIRTIO_AT_ONCE_H */
