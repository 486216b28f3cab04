// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (c) 2026 linux-amp developers
 *
 * The rpmsg devices of a link: channels that the remote announced, channels
 * that Linux created, the name service's device and the control device. Decides
 * who may remove what, and makes sure that each is removed once. The rpmsg core
 * gives them their names and attributes in sysfs.
 */

#include <linux/device.h>
#include <linux/err.h>
#include <linux/rpmsg/ns.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/virtio_config.h>

#include "rpmsg_count.h"
#include "rpmsg_name.h"
#include "virtio_rpmsg.h"
#include "virtio_rpmsg_trace.h"

/* The release function is code of this module: it may not go before the last call. */
static struct rpmsg_count chans_in_memory = RPMSG_COUNT_INIT(chans_in_memory);

static const struct rpmsg_device_ops chan_ops;

static void release_chan(struct device *dev)
{
	struct rpmsg_device *rpdev = to_rpmsg_device(dev);
	struct virtio_rpmsg_chan *chan = to_virtio_rpmsg_chan(rpdev);
	struct virtio_rpmsg *vr = chan->vr;

	mutex_lock(&vr->chan_lock);
	list_del(&chan->node);
	mutex_unlock(&vr->chan_lock);

	rpmsg_device_free_override(rpdev);
	kfree(chan);
	virtio_rpmsg_put(vr);
	rpmsg_count_sub(&chans_in_memory);
}

/**
 * virtio_rpmsg_chan_wait_freed() - wait until no channel is left in memory
 *
 * Context: process, from module exit, with no device left that could add one.
 */
void virtio_rpmsg_chan_wait_freed(void)
{
	rpmsg_count_wait_none(&chans_in_memory);
}

static bool is_channel(const struct virtio_rpmsg_chan *chan)
{
	return chan->kind == CHAN_REMOTE || chan->kind == CHAN_LOCAL;
}

/* A wildcard in @info matches any address, as in the rpmsg core. */
static bool matches(const struct virtio_rpmsg_chan *chan, const struct rpmsg_channel_info *info)
{
	if (info->src != RPMSG_ADDR_ANY && info->src != READ_ONCE(chan->rpdev.src))
		return false;
	if (info->dst != RPMSG_ADDR_ANY && info->dst != chan->rpdev.dst)
		return false;
	return !strncmp(info->name, chan->rpdev.id.name, RPMSG_NAME_SIZE);
}

/*
 * The second condition keeps the names in sysfs apart: they are made of the
 * addresses that were asked for, and a channel's source changes when it is bound.
 */
static bool collides(const struct virtio_rpmsg_chan *chan, const struct rpmsg_channel_info *info)
{
	if (chan->state == CHAN_DEAD || !is_channel(chan))
		return false;
	return matches(chan, info) ||
	       (chan->asked_src == info->src && chan->asked_dst == info->dst &&
		!strncmp(info->name, chan->rpdev.id.name, RPMSG_NAME_SIZE));
}

static bool may_add(struct virtio_rpmsg *vr, enum virtio_rpmsg_chan_kind kind,
		    const struct rpmsg_channel_info *info)
{
	const struct virtio_rpmsg_chan *chan;
	unsigned int announced = 0;

	lockdep_assert_held(&vr->chan_lock);

	list_for_each_entry(chan, &vr->chans, node) {
		if (collides(chan, info)) {
			dev_dbg(&vr->vdev->dev, "channel %s with address %#x exists\n",
				info->name, info->dst);
			return false;
		}
		announced += chan->kind == CHAN_REMOTE && chan->state != CHAN_DEAD;
	}
	if (kind == CHAN_REMOTE && announced >= VIRTIO_RPMSG_MAX_REMOTE_CHANS) {
		dev_warn_ratelimited(&vr->vdev->dev,
				     "channel %s refused: remote has announced %u already\n",
				     info->name, announced);
		return false;
	}
	return true;
}

static struct virtio_rpmsg_chan *new_chan(struct virtio_rpmsg *vr,
					  enum virtio_rpmsg_chan_kind kind,
					  const struct rpmsg_channel_info *info)
{
	struct virtio_rpmsg_chan *chan;
	struct rpmsg_device *rpdev;

	chan = kzalloc(sizeof(*chan), GFP_KERNEL);
	if (!chan)
		return NULL;

	chan->vr = vr;
	chan->kind = kind;
	chan->state = CHAN_ADDING;
	chan->asked_src = info->src;
	chan->asked_dst = info->dst;

	rpdev = &chan->rpdev;
	strscpy_pad(rpdev->id.name, info->name, sizeof(rpdev->id.name));
	rpdev->src = info->src;
	rpdev->dst = info->dst;
	/* A service of ours with an address of its own is one the remote has to know. */
	rpdev->announce = kind == CHAN_LOCAL && info->src != RPMSG_ADDR_ANY;
	rpdev->little_endian = true;
	rpdev->ops = &chan_ops;
	rpdev->dev.parent = &vr->vdev->dev;
	rpdev->dev.release = release_chan;
	return chan;
}

static struct virtio_rpmsg_chan *insert_chan(struct virtio_rpmsg *vr,
					     enum virtio_rpmsg_chan_kind kind,
					     const struct rpmsg_channel_info *info)
{
	struct virtio_rpmsg_chan *chan;

	chan = new_chan(vr, kind, info);
	if (!chan)
		return NULL;

	mutex_lock(&vr->chan_lock);
	if (!may_add(vr, kind, info)) {
		virtio_rpmsg_count(vr, STAT_CHAN_REFUSED);
		mutex_unlock(&vr->chan_lock);
		kfree(chan);
		return NULL;
	}
	list_add_tail(&chan->node, &vr->chans);
	mutex_unlock(&vr->chan_lock);

	virtio_rpmsg_get(vr);
	rpmsg_count_add(&chans_in_memory);
	return chan;
}

static int register_chan(struct virtio_rpmsg_chan *chan)
{
	switch (chan->kind) {
	case CHAN_NS:
		return rpmsg_ns_register_device(&chan->rpdev);
	case CHAN_CTRL:
		return rpmsg_ctrldev_register_device(&chan->rpdev);
	default:
		return rpmsg_register_device(&chan->rpdev);
	}
}

/* A failed registration has already released the channel. */
static int add_chan(struct virtio_rpmsg *vr, enum virtio_rpmsg_chan_kind kind,
		    const struct rpmsg_channel_info *info, struct virtio_rpmsg_chan **result)
{
	struct virtio_rpmsg_chan *chan;
	int ret;

	chan = insert_chan(vr, kind, info);
	if (!chan)
		return -ENOMEM;

	ret = register_chan(chan);
	if (ret)
		return ret;

	mutex_lock(&vr->chan_lock);
	chan->state = CHAN_LIVE;
	mutex_unlock(&vr->chan_lock);
	*result = chan;
	return 0;
}

/**
 * virtio_rpmsg_chan_add_ns() - add the device of the name service
 * @vr: the link
 *
 * Context: process, from probe.
 * Return: 0, -ENOMEM, or the errno of the driver core.
 */
int virtio_rpmsg_chan_add_ns(struct virtio_rpmsg *vr)
{
	const struct rpmsg_channel_info info = {
		.name = "rpmsg_ns",
		.src = RPMSG_NS_ADDR,
		.dst = RPMSG_NS_ADDR,
	};
	struct virtio_rpmsg_chan *chan;

	return add_chan(vr, CHAN_NS, &info, &chan);
}

/**
 * virtio_rpmsg_chan_add_ctrl() - add the control device
 * @vr: the link
 *
 * Programs look for it under the fixed name virtioN.rpmsg_ctrl.0.0.
 *
 * Context: process, from probe.
 * Return: 0, -ENOMEM, or the errno of the driver core.
 */
int virtio_rpmsg_chan_add_ctrl(struct virtio_rpmsg *vr)
{
	const struct rpmsg_channel_info info = { .name = "rpmsg_ctrl" };
	struct virtio_rpmsg_chan *chan;

	return add_chan(vr, CHAN_CTRL, &info, &chan);
}

/* Names of the link's own devices, which a channel could collide with in sysfs. */
static bool is_reserved(const char *name)
{
	return !strcmp(name, "rpmsg_ns") || !strcmp(name, "rpmsg_ctrl");
}

/* The remote can remove what it announced, by its exact address. Linux can remove any channel. */
static bool may_remove(const struct virtio_rpmsg_chan *chan, enum virtio_rpmsg_chan_kind by,
		       const struct rpmsg_channel_info *info)
{
	if (chan->state != CHAN_LIVE || !matches(chan, info))
		return false;
	if (by == CHAN_NS)
		return chan->kind == CHAN_REMOTE && info->dst == chan->rpdev.dst;
	return is_channel(chan);
}

static void unregister_chan(struct virtio_rpmsg_chan *chan)
{
	struct virtio_rpmsg *vr = chan->vr;

	device_del(&chan->rpdev.dev);
	mutex_lock(&vr->chan_lock);
	chan->state = CHAN_DEAD;
	mutex_unlock(&vr->chan_lock);
	put_device(&chan->rpdev.dev);
}

/*
 * A program can see a channel, use its device and want it removed while the context that adds it is
 * on its last steps, which is -EAGAIN. Return: a channel that the caller has to unregister, or an
 * ERR_PTR.
 */
static struct virtio_rpmsg_chan *claim_chan(struct virtio_rpmsg *vr, enum virtio_rpmsg_chan_kind by,
					    const struct rpmsg_channel_info *info)
{
	struct virtio_rpmsg_chan *chan, *found = ERR_PTR(-EINVAL);

	mutex_lock(&vr->chan_lock);
	list_for_each_entry(chan, &vr->chans, node) {
		if (may_remove(chan, by, info)) {
			chan->state = CHAN_DYING;
			found = chan;
			break;
		}
		if (chan->state == CHAN_ADDING && is_channel(chan) && matches(chan, info))
			found = ERR_PTR(-EAGAIN);
	}
	mutex_unlock(&vr->chan_lock);
	return found;
}

static int release_channel(struct rpmsg_device *rpdev, struct rpmsg_channel_info *info)
{
	struct virtio_rpmsg_chan *by = to_virtio_rpmsg_chan(rpdev);
	struct virtio_rpmsg *vr = by->vr;
	struct virtio_rpmsg_chan *found;
	int idx, ret;

	idx = srcu_read_lock(&vr->users);
	if (virtio_rpmsg_state(vr) != VIRTIO_RPMSG_LIVE) {
		ret = -EPIPE;
		goto unlock;
	}

	found = claim_chan(vr, by->kind, info);
	ret = PTR_ERR_OR_ZERO(found);
	if (!ret)
		unregister_chan(found);
	if (by->kind == CHAN_NS)
		trace_virtio_rpmsg_ns(vr->vdev->index, info->name, info->dst, true, !ret);
unlock:
	srcu_read_unlock(&vr->users, idx);
	return ret;
}

/*
 * The remote announces again what it has announced before: it was restarted, or has
 * lost its endpoint without a word. Whoever uses the old channel talks to nobody.
 */
static void remove_stale(struct virtio_rpmsg *vr, const struct rpmsg_channel_info *info)
{
	struct virtio_rpmsg_chan *chan, *found = NULL;

	mutex_lock(&vr->chan_lock);
	list_for_each_entry(chan, &vr->chans, node) {
		if (may_remove(chan, CHAN_NS, info)) {
			chan->state = CHAN_DYING;
			virtio_rpmsg_count(vr, STAT_CHAN_REPLACED);
			found = chan;
			break;
		}
	}
	mutex_unlock(&vr->chan_lock);
	if (!found)
		return;
	dev_info_ratelimited(&vr->vdev->dev, "channel %s addr %#x is announced again\n",
			     info->name, info->dst);
	unregister_chan(found);
}

/*
 * The core would have a driver probed for nothing, and two lines of the log for each attempt. If
 * others take the address in between, it still has: a race is no way to fill the log.
 */
static bool can_be_used(struct virtio_rpmsg *vr, const struct rpmsg_channel_info *info)
{
	if (virtio_rpmsg_is_broken(vr))
		return false;
	return info->src == RPMSG_ADDR_ANY || !xa_load(&vr->endpoints, info->src);
}

static struct rpmsg_device *create_channel(struct rpmsg_device *rpdev,
					   struct rpmsg_channel_info *info)
{
	struct virtio_rpmsg_chan *by = to_virtio_rpmsg_chan(rpdev);
	struct virtio_rpmsg *vr = by->vr;
	struct virtio_rpmsg_chan *chan = NULL;
	bool announced = by->kind == CHAN_NS;
	int idx;

	/* What becomes a name in sysfs is checked here too, whoever asks for it. */
	if (strnlen(info->name, RPMSG_NAME_SIZE) == RPMSG_NAME_SIZE ||
	    !rpmsg_name_is_safe(info->name) || is_reserved(info->name))
		return NULL;

	idx = srcu_read_lock(&vr->users);
	if (virtio_rpmsg_state(vr) == VIRTIO_RPMSG_LIVE && can_be_used(vr, info)) {
		if (announced)
			remove_stale(vr, info);
		add_chan(vr, announced ? CHAN_REMOTE : CHAN_LOCAL, info, &chan);
	}
	if (announced)
		trace_virtio_rpmsg_ns(vr->vdev->index, info->name, info->dst, false, chan);
	srcu_read_unlock(&vr->users, idx);
	return chan ? &chan->rpdev : NULL;
}

static struct virtio_rpmsg_chan *claim_first(struct virtio_rpmsg *vr, bool (*want)
					     (const struct virtio_rpmsg_chan *))
{
	struct virtio_rpmsg_chan *chan, *found = NULL;

	mutex_lock(&vr->chan_lock);
	list_for_each_entry(chan, &vr->chans, node) {
		if (chan->state == CHAN_LIVE && want(chan)) {
			chan->state = CHAN_DYING;
			found = chan;
			break;
		}
	}
	mutex_unlock(&vr->chan_lock);
	return found;
}

static bool is_ns(const struct virtio_rpmsg_chan *chan)
{
	return chan->kind == CHAN_NS;
}

static bool is_any(const struct virtio_rpmsg_chan *chan)
{
	return true;
}

/**
 * virtio_rpmsg_chan_remove_all() - unregister all rpmsg devices of a link
 * @vr: link in state CLOSING, with everybody gone who found it LIVE
 *
 * The name service goes first, so that its worker is done with announcements
 * that were still queued.
 *
 * Context: process; waits for drivers to let go of their channel.
 */
void virtio_rpmsg_chan_remove_all(struct virtio_rpmsg *vr)
{
	struct virtio_rpmsg_chan *chan;

	while ((chan = claim_first(vr, is_ns)))
		unregister_chan(chan);
	while ((chan = claim_first(vr, is_any)))
		unregister_chan(chan);
}

static int announce(struct rpmsg_device *rpdev, u32 flags, unsigned int wait_ms, bool farewell)
{
	struct virtio_rpmsg *vr = to_virtio_rpmsg_chan(rpdev)->vr;
	struct rpmsg_ns_msg msg = {
		.addr = cpu_to_rpmsg32(rpdev, rpdev->ept->addr),
		.flags = cpu_to_rpmsg32(rpdev, flags),
	};
	struct virtio_rpmsg_send send = {
		.hdr = {
			.src = rpdev->ept->addr,
			.dst = RPMSG_NS_ADDR,
			.len = sizeof(msg),
		},
		.payload = &msg,
		.wait_ms = wait_ms,
		.farewell = farewell,
	};

	strscpy_pad(msg.name, rpdev->id.name, sizeof(msg.name));
	return virtio_rpmsg_tx(vr, &send);
}

static bool has_to_announce(struct rpmsg_device *rpdev)
{
	return rpdev->announce && rpdev->ept &&
	       virtio_has_feature(to_virtio_rpmsg_chan(rpdev)->vr->vdev, VIRTIO_RPMSG_F_NS);
}

/* The core calls this once a driver's probe has succeeded. */
static int announce_create(struct rpmsg_device *rpdev)
{
	int ret;

	if (rpdev->ept)
		virtio_rpmsg_ept_set_ready(rpdev->ept);
	if (!has_to_announce(rpdev))
		return 0;
	ret = announce(rpdev, RPMSG_NS_CREATE, READ_ONCE(to_virtio_rpmsg_chan(rpdev)->vr->send_ms),
		       false);
	/* The core calls the driver's remove next, and not announce_destroy(). */
	if (ret)
		virtio_rpmsg_ept_close(rpdev->ept);
	return ret;
}

/* The remote may be dead, so the farewell is worth a short wait, and none while closing. */
static int say_farewell(struct rpmsg_device *rpdev)
{
	struct virtio_rpmsg *vr = to_virtio_rpmsg_chan(rpdev)->vr;
	bool live = virtio_rpmsg_state(vr) == VIRTIO_RPMSG_LIVE;
	int ret;

	if (!has_to_announce(rpdev))
		return 0;
	ret = announce(rpdev, RPMSG_NS_DESTROY, live ? VIRTIO_RPMSG_FAREWELL_MS : 0, true);
	if (ret)
		dev_dbg(&rpdev->dev, "remote not told of the end of this channel: %d\n", ret);
	return ret;
}

/* The core calls this before a driver's remove. */
static int announce_destroy(struct rpmsg_device *rpdev)
{
	int ret = say_farewell(rpdev);

	if (rpdev->ept)
		virtio_rpmsg_ept_close(rpdev->ept);
	return ret;
}

static const struct rpmsg_device_ops chan_ops = {
	.create_channel = create_channel,
	.release_channel = release_channel,
	.create_ept = virtio_rpmsg_create_ept,
	.announce_create = announce_create,
	.announce_destroy = announce_destroy,
};
