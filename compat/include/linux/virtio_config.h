/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * virtio_find_vqs() and virtio_config_ops.find_vqs with struct virtqueue_info, before v6.11.
 *
 * Copyright (c) 2026 linux-amp developers
 */

#ifndef COMPAT_LINUX_VIRTIO_CONFIG_H
#define COMPAT_LINUX_VIRTIO_CONFIG_H

#include_next <linux/virtio_config.h>

#ifndef AMP_HAVE_VIRTQUEUE_INFO

#define COMPAT_MAX_VIRTQUEUES	4

struct virtqueue_info {
	const char *name;
	vq_callback_t *callback;
	bool ctx;
};

static inline int compat_virtio_find_vqs(struct virtio_device *vdev, unsigned int nvqs,
					 struct virtqueue *vqs[],
					 struct virtqueue_info vqs_info[],
					 struct irq_affinity *desc)
{
	vq_callback_t *callbacks[COMPAT_MAX_VIRTQUEUES];
	const char *names[COMPAT_MAX_VIRTQUEUES];
	bool ctx[COMPAT_MAX_VIRTQUEUES];
	unsigned int i;

	if (nvqs > COMPAT_MAX_VIRTQUEUES)
		return -E2BIG;

	/* The kernel keeps the strings and functions, not the arrays. */
	for (i = 0; i < nvqs; i++) {
		callbacks[i] = vqs_info[i].callback;
		names[i] = vqs_info[i].name;
		ctx[i] = vqs_info[i].ctx;
	}

	return virtio_find_vqs_ctx(vdev, nvqs, vqs, callbacks, names, ctx, desc);
}

#define virtio_find_vqs compat_virtio_find_vqs

/* For struct virtio_config_ops: @prefix_find_vqs(), of the kernel's type, which calls @fn. */
#define DEFINE_VIRTIO_FIND_VQS(prefix, fn)						\
static int prefix##_find_vqs(struct virtio_device *vdev, unsigned int nvqs,		\
		struct virtqueue *vqs[], vq_callback_t *callbacks[],			\
		const char * const names[], const bool *ctx, struct irq_affinity *desc)	\
{											\
	struct virtqueue_info info[COMPAT_MAX_VIRTQUEUES] = { };			\
	unsigned int i;									\
											\
	if (nvqs > COMPAT_MAX_VIRTQUEUES)						\
		return -E2BIG;								\
	for (i = 0; i < nvqs; i++) {							\
		info[i].name = names[i];						\
		info[i].callback = callbacks[i];					\
		info[i].ctx = ctx && ctx[i];						\
	}										\
	return fn(vdev, nvqs, vqs, info, desc);						\
}

#else /* AMP_HAVE_VIRTQUEUE_INFO */

#define DEFINE_VIRTIO_FIND_VQS(prefix, fn)						\
static int prefix##_find_vqs(struct virtio_device *vdev, unsigned int nvqs,		\
		struct virtqueue *vqs[], struct virtqueue_info info[],			\
		struct irq_affinity *desc)						\
{											\
	return fn(vdev, nvqs, vqs, info, desc);						\
}

#endif /* AMP_HAVE_VIRTQUEUE_INFO */

#endif /* COMPAT_LINUX_VIRTIO_CONFIG_H */
