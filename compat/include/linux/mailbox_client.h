/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Binding a client to a channel that the channel's controller gave out, before v6.4.
 *
 * The mailbox core keeps two from taking one channel with a mutex of its own. Here it is the lock
 * of the channel, which is enough among those who get channels in this way: no devicetree refers
 * to theirs.
 *
 * Copyright (c) 2026 linux-amp developers
 */

#ifndef COMPAT_LINUX_MAILBOX_CLIENT_H
#define COMPAT_LINUX_MAILBOX_CLIENT_H

#include_next <linux/mailbox_client.h>

#ifndef AMP_HAVE_MBOX_BIND_CLIENT
#include <linux/device.h>
#include <linux/mailbox_controller.h>
#include <linux/module.h>
#include <linux/spinlock.h>

static inline bool compat_mbox_take(struct mbox_chan *chan, struct mbox_client *client)
{
	unsigned long flags;
	bool is_free;

	spin_lock_irqsave(&chan->lock, flags);
	is_free = !chan->cl;
	if (is_free) {
		chan->cl = client;
		chan->active_req = NULL;
		chan->msg_count = 0;
		chan->msg_free = 0;
		init_completion(&chan->tx_complete);
		if (chan->txdone_method == MBOX_TXDONE_BY_POLL && client->knows_txdone)
			chan->txdone_method = MBOX_TXDONE_BY_ACK;
	}
	spin_unlock_irqrestore(&chan->lock, flags);
	return is_free;
}

/* mbox_free_channel() gives both up, the channel and the reference. */
static inline int mbox_bind_client(struct mbox_chan *chan, struct mbox_client *client)
{
	struct module *owner = chan->mbox->dev->driver->owner;
	int ret = 0;

	if (!try_module_get(owner))
		return -EBUSY;
	if (!compat_mbox_take(chan, client)) {
		module_put(owner);
		return -EBUSY;
	}
	if (chan->mbox->ops->startup)
		ret = chan->mbox->ops->startup(chan);
	if (ret)
		mbox_free_channel(chan);
	return ret;
}
#endif

#endif /* COMPAT_LINUX_MAILBOX_CLIENT_H */
