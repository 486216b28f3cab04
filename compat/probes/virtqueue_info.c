// SPDX-License-Identifier: GPL-2.0-only
/*
 * virtio_find_vqs() takes an array of struct virtqueue_info (v6.11).
 * Together with virtqueue_arrays exactly one of two.
 *
 * Copyright (c) 2026 linux-amp developers
 */
#include <linux/virtio.h>
#include <linux/virtio_config.h>

int probe(struct virtio_device *vdev, struct virtqueue **vqs);
int probe(struct virtio_device *vdev, struct virtqueue **vqs)
{
	struct virtqueue_info info[] = { { .name = "probe" } };

	return virtio_find_vqs(vdev, 1, vqs, info, NULL);
}
