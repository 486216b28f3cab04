/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The link between Linux and a remote as its virtio device in sysfs shows it.
 *
 * Copyright (c) 2026 linux-amp developers
 */
#ifndef LINK_H
#define LINK_H

#include <stdbool.h>
#include <stddef.h>

#include "remote.h"

#define VIRTIO_DEVICES	"/sys/bus/virtio/devices"
#define VIRTIO_DRIVER	"/sys/bus/virtio/drivers/virtio_rpmsg_bus"

/**
 * link_vdev() - find the virtio device of a remote that the driver is bound to
 * @remote: the remote
 * @name: receives its name, virtioN
 * @size: of @name in bytes
 *
 * Return: true if there is one.
 */
bool link_vdev(const struct remote *remote, char *name, size_t size);

/**
 * link_counter() - read a counter of a link
 * @vdev: the virtio device
 * @name: of the counter
 *
 * Return: its value, or -1 if there is none.
 */
long link_counter(const char *vdev, const char *name);

#endif
