// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (c) 2026 linux-amp developers
 *
 * Counters of a link in sysfs, below the virtio device: statistics/<name>.
 * Their meaning is in Documentation/abi.rst. They are removed before the driver
 * unbinds, so a reader always finds the link.
 */

#include <linux/device.h>
#include <linux/sysfs.h>

#include "virtio_rpmsg.h"

struct stat_attribute {
	struct device_attribute attr;
	enum virtio_rpmsg_stat stat;
};

static ssize_t stat_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct stat_attribute *sa = container_of(attr, struct stat_attribute, attr);
	struct virtio_rpmsg *vr = dev_to_virtio(dev)->priv;

	return sysfs_emit(buf, "%lu\n", READ_ONCE(vr->stats[sa->stat]));
}

#define STAT_ATTR(_name, _stat)						\
	static struct stat_attribute stat_attr_##_name = {		\
		.attr = __ATTR(_name, 0444, stat_show, NULL),		\
		.stat = _stat,						\
	}

STAT_ATTR(rx_messages, STAT_RX_MESSAGES);
STAT_ATTR(rx_short_used, STAT_RX_SHORT_USED);
STAT_ATTR(rx_long_used, STAT_RX_LONG_USED);
STAT_ATTR(rx_bad_len, STAT_RX_BAD_LEN);
STAT_ATTR(rx_no_recipient, STAT_RX_NO_RECIPIENT);
STAT_ATTR(rx_not_ready, STAT_RX_NOT_READY);
STAT_ATTR(tx_messages, STAT_TX_MESSAGES);
STAT_ATTR(tx_no_buf, STAT_TX_NO_BUF);
STAT_ATTR(tx_timeouts, STAT_TX_TIMEOUTS);
STAT_ATTR(chan_refused, STAT_CHAN_REFUSED);

static struct attribute *stat_attrs[] = {
	&stat_attr_rx_messages.attr.attr,
	&stat_attr_rx_short_used.attr.attr,
	&stat_attr_rx_long_used.attr.attr,
	&stat_attr_rx_bad_len.attr.attr,
	&stat_attr_rx_no_recipient.attr.attr,
	&stat_attr_rx_not_ready.attr.attr,
	&stat_attr_tx_messages.attr.attr,
	&stat_attr_tx_no_buf.attr.attr,
	&stat_attr_tx_timeouts.attr.attr,
	&stat_attr_chan_refused.attr.attr,
	NULL
};

static const struct attribute_group stat_group = {
	.name = "statistics",
	.attrs = stat_attrs,
};

const struct attribute_group *virtio_rpmsg_groups[] = {
	&stat_group,
	NULL
};
