/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Private rpmsg ABI of v7.0 and later: no off-channel operations, and messages
 * to send are const.
 *
 * Only what the symbol CRCs of rpmsg_core depend on is here; the order, the
 * names and the types of the members are the ABI. compat/rpmsg-abi.sh proves
 * this file against the kernel before anything is built with it.
 *
 * Copyright (c) 2026 linux-amp developers
 */

#ifndef COMPAT_RPMSG_ABI_H
#define COMPAT_RPMSG_ABI_H

#define RPMSG_DATA_CONST const

extern const struct class rpmsg_class;

struct rpmsg_device_ops {
	struct rpmsg_device *(*create_channel)(struct rpmsg_device *rpdev,
					       struct rpmsg_channel_info *chinfo);
	int (*release_channel)(struct rpmsg_device *rpdev,
			       struct rpmsg_channel_info *chinfo);
	struct rpmsg_endpoint *(*create_ept)(struct rpmsg_device *rpdev,
					     rpmsg_rx_cb_t cb, void *priv,
					     struct rpmsg_channel_info chinfo);
	int (*announce_create)(struct rpmsg_device *rpdev);
	int (*announce_destroy)(struct rpmsg_device *rpdev);
};

struct rpmsg_endpoint_ops {
	void (*destroy_ept)(struct rpmsg_endpoint *ept);
	int (*send)(struct rpmsg_endpoint *ept, const void *data, int len);
	int (*sendto)(struct rpmsg_endpoint *ept, const void *data, int len, u32 dst);
	int (*trysend)(struct rpmsg_endpoint *ept, const void *data, int len);
	int (*trysendto)(struct rpmsg_endpoint *ept, const void *data, int len, u32 dst);
	__poll_t (*poll)(struct rpmsg_endpoint *ept, struct file *filp,
			 poll_table *wait);
	int (*set_flow_control)(struct rpmsg_endpoint *ept, bool pause, u32 dst);
	ssize_t (*get_mtu)(struct rpmsg_endpoint *ept);
};

#endif /* COMPAT_RPMSG_ABI_H */
