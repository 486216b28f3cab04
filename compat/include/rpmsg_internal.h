/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What rpmsg_core shares with transports and bridges but keeps in a private
 * header that no headers package ships.
 *
 * The structures come from one of the layouts in compat/rpmsg-abi/, or from
 * the kernel's own tree; compat/rpmsg-abi.sh has chosen and proved it and
 * left AMP_RPMSG_ABI_* in features.h. This file adds what is the same in every
 * kernel, under the names of the newest one.
 *
 * Copyright (c) 2026 linux-amp developers
 */

#ifndef COMPAT_RPMSG_INTERNAL_H
#define COMPAT_RPMSG_INTERNAL_H

#include <linux/device.h>
#include <linux/module.h>
#include <linux/poll.h>
#include <linux/rpmsg.h>
#include <linux/slab.h>
#include <linux/types.h>

#if defined(AMP_RPMSG_ABI_6_1)
#include "../rpmsg-abi/6.1.h"
#elif defined(AMP_RPMSG_ABI_6_6)
#include "../rpmsg-abi/6.6.h"
#elif defined(AMP_RPMSG_ABI_6_12)
#include "../rpmsg-abi/6.12.h"
#elif defined(AMP_RPMSG_ABI_7_0)
#include "../rpmsg-abi/7.0.h"
#elif defined(AMP_RPMSG_ABI_TREE)
/* Found next to the kernel's own include directory. */
#include <../drivers/rpmsg/rpmsg_internal.h>
#else
#error "the rpmsg ABI of this kernel is not known: see compat/rpmsg-abi.sh"
#endif

/* Which layout a module was built with, and how sure that is: for tools/status. */
#ifdef RPMSG_ABI_RECORD
MODULE_INFO(rpmsg_abi, AMP_RPMSG_ABI_TEXT);
#endif

/*
 * RPMSG_OFFCHANNEL_OPS() - initialise the off-channel members of a
 * struct rpmsg_endpoint_ops where this kernel still has them. Both functions
 * take (ept, src, dst, void *data, len).
 */
#ifdef RPMSG_ABI_HAS_OFFCHANNEL
#define RPMSG_OFFCHANNEL_OPS(_send, _trysend) \
	.send_offchannel = (_send), \
	.trysend_offchannel = (_trysend),
#else
#define RPMSG_OFFCHANNEL_OPS(_send, _trysend)
#endif

/* rpmsg_class became an object; where it is a pointer, &rpmsg_class still works. */
#ifdef RPMSG_ABI_CLASS_IS_POINTER
#define rpmsg_class (*rpmsg_class)
#endif

#ifndef AMP_RPMSG_ABI_TREE

#define to_rpmsg_device(d) container_of(d, struct rpmsg_device, dev)
#define to_rpmsg_driver(d) container_of(d, struct rpmsg_driver, drv)

struct device *rpmsg_find_device(struct device *parent,
				 struct rpmsg_channel_info *chinfo);
struct rpmsg_device *rpmsg_create_channel(struct rpmsg_device *rpdev,
					  struct rpmsg_channel_info *chinfo);
int rpmsg_release_channel(struct rpmsg_device *rpdev,
			  struct rpmsg_channel_info *chinfo);

/**
 * rpmsg_ctrldev_register_device() - register the control device of a transport
 * @rpdev: device with its operations set, not yet registered
 *
 * The device is bound to the rpmsg_ctrl driver whatever its name is.
 *
 * Context: process context; takes the driver core's locks.
 * Return: 0, or the errno of rpmsg_register_device_override().
 */
static inline int rpmsg_ctrldev_register_device(struct rpmsg_device *rpdev)
{
	return rpmsg_register_device_override(rpdev, "rpmsg_ctrl");
}

#endif /* !AMP_RPMSG_ABI_TREE */

/**
 * rpmsg_device_free_override() - free the driver override of a dying device
 * @rpdev: device that is being released
 *
 * For a transport's release function. Newer kernels keep the override in
 * struct device and free it there; then this does nothing.
 *
 * Context: any that may free memory.
 */
static inline void rpmsg_device_free_override(struct rpmsg_device *rpdev)
{
#ifdef AMP_HAVE_RPMSG_DRIVER_OVERRIDE
	kfree(rpdev->driver_override);
#endif
}

#endif /* COMPAT_RPMSG_INTERNAL_H */
