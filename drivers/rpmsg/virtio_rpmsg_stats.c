// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (c) 2026 linux-amp developers
 *
 * A link in sysfs, below the virtio device: counters, as statistics/<name>, and
 * what can be set. The meaning of both is in Documentation/abi.rst. They are removed
 * before the driver unbinds, so whoever uses them always finds the link.
 */

#include <linux/device.h>
#include <linux/kernel.h>
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
STAT_ATTR(rx_bytes, STAT_RX_BYTES);
STAT_ATTR(rx_short_used, STAT_RX_SHORT_USED);
STAT_ATTR(rx_long_used, STAT_RX_LONG_USED);
STAT_ATTR(rx_bad_len, STAT_RX_BAD_LEN);
STAT_ATTR(rx_no_recipient, STAT_RX_NO_RECIPIENT);
STAT_ATTR(rx_not_ready, STAT_RX_NOT_READY);
STAT_ATTR(rx_high, STAT_RX_HIGH);
STAT_ATTR(rx_notified, STAT_RX_NOTIFIED);
STAT_ATTR(rx_kicks, STAT_RX_KICKS);
STAT_ATTR(tx_messages, STAT_TX_MESSAGES);
STAT_ATTR(tx_bytes, STAT_TX_BYTES);
STAT_ATTR(tx_no_buf, STAT_TX_NO_BUF);
STAT_ATTR(tx_timeouts, STAT_TX_TIMEOUTS);
STAT_ATTR(tx_high, STAT_TX_HIGH);
STAT_ATTR(tx_kicks, STAT_TX_KICKS);
STAT_ATTR(chan_refused, STAT_CHAN_REFUSED);
STAT_ATTR(chan_replaced, STAT_CHAN_REPLACED);

static ssize_t tx_notified_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct virtio_rpmsg *vr = dev_to_virtio(dev)->priv;

	return sysfs_emit(buf, "%ld\n", atomic_long_read(&vr->tx.notified));
}
static DEVICE_ATTR_RO(tx_notified);

static struct attribute *stat_attrs[] = {
	&stat_attr_rx_messages.attr.attr,
	&stat_attr_rx_bytes.attr.attr,
	&stat_attr_rx_short_used.attr.attr,
	&stat_attr_rx_long_used.attr.attr,
	&stat_attr_rx_bad_len.attr.attr,
	&stat_attr_rx_no_recipient.attr.attr,
	&stat_attr_rx_not_ready.attr.attr,
	&stat_attr_rx_high.attr.attr,
	&stat_attr_rx_notified.attr.attr,
	&stat_attr_rx_kicks.attr.attr,
	&stat_attr_tx_messages.attr.attr,
	&stat_attr_tx_bytes.attr.attr,
	&stat_attr_tx_no_buf.attr.attr,
	&stat_attr_tx_timeouts.attr.attr,
	&stat_attr_tx_high.attr.attr,
	&dev_attr_tx_notified.attr,
	&stat_attr_tx_kicks.attr.attr,
	&stat_attr_chan_refused.attr.attr,
	&stat_attr_chan_replaced.attr.attr,
	NULL
};

static const struct attribute_group stat_group = {
	.name = "statistics",
	.attrs = stat_attrs,
};

static ssize_t send_timeout_ms_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct virtio_rpmsg *vr = dev_to_virtio(dev)->priv;

	return sysfs_emit(buf, "%u\n", READ_ONCE(vr->send_ms));
}

/* Sends that wait already keep the time that they began with. */
static ssize_t send_timeout_ms_store(struct device *dev, struct device_attribute *attr,
				     const char *buf, size_t count)
{
	struct virtio_rpmsg *vr = dev_to_virtio(dev)->priv;
	unsigned int ms;
	int ret;

	ret = kstrtouint(buf, 0, &ms);
	if (ret)
		return ret;
	if (ms > VIRTIO_RPMSG_SEND_MAX_MS)
		return -ERANGE;
	WRITE_ONCE(vr->send_ms, ms);
	return count;
}
static DEVICE_ATTR_RW(send_timeout_ms);

static struct attribute *link_attrs[] = {
	&dev_attr_send_timeout_ms.attr,
	NULL
};

static const struct attribute_group link_group = {
	.attrs = link_attrs,
};

const struct attribute_group *virtio_rpmsg_groups[] = {
	&link_group,
	&stat_group,
	NULL
};
