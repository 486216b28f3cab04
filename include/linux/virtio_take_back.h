/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Copyright (c) 2026 linux-amp developers
 *
 * Buffers that a remote may still write to. The status of a virtio device is a wish: a remote that
 * looks at it later, or never, goes on. A driver whose buffers were not set aside for the remote,
 * and are about to be anybody's, has it find others in the rings from here on.
 */

#ifndef LINUX_VIRTIO_TAKE_BACK_H
#define LINUX_VIRTIO_TAKE_BACK_H

#include <linux/virtio.h>

/*
 * virtio_take_back() - take all buffers back from the remote of a virtio device
 *
 * For a driver's remove, after it has reset the device and before it deletes the virtqueues. To be
 * looked up with symbol_get(): the bus that has it is a module that no driver depends on. Described
 * where it is defined.
 */
void virtio_take_back(struct virtio_device *vdev);

#endif /* LINUX_VIRTIO_TAKE_BACK_H */
