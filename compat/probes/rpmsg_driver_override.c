// SPDX-License-Identifier: GPL-2.0-only
/*
 * struct rpmsg_device holds its driver override, and the transport frees it.
 * Stable updates moved it into struct device (gone in v6.12.107).
 *
 * Copyright (c) 2026 linux-amp developers
 */
#include <linux/rpmsg.h>
#include <linux/slab.h>

void probe(struct rpmsg_device *rpdev);
void probe(struct rpmsg_device *rpdev)
{
	kfree(rpdev->driver_override);
}
