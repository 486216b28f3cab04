// SPDX-License-Identifier: GPL-2.0-only
/*
 * virtio_find_vqs() takes separate arrays of callbacks and names (until v6.10).
 * Together with virtqueue_info exactly one of two.
 *
 * Copyright (c) 2026 linux-amp developers
 */
#include <linux/virtio.h>
#include <linux/virtio_config.h>

int probe(struct virtio_device *vdev, struct virtqueue **vqs);
int probe(struct virtio_device *vdev, struct virtqueue **vqs)
{
	vq_callback_t *callbacks[] = { NULL };
	static const char * const names[] = { "probe" };

	return virtio_find_vqs(vdev, 1, vqs, callbacks, names, NULL);
}
