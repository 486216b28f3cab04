// SPDX-License-Identifier: GPL-2.0-only
/*
 * Doorbells through the mailbox framework.
 *
 * Such a doorbell is level triggered: it stays rung until the remote has looked, and ringing twice
 * is the same as ringing once. So nothing here waits for the remote, nothing has to remember that
 * it has been rung, and nothing is left in the queue of the mailbox framework: right after a
 * message was submitted it is declared done. The framework allows that where the controller would
 * poll (knows_txdone); the alternative is to poll every few milliseconds until the remote has
 * looked, and to lose doorbells when twenty are waiting.
 *
 * Copyright (c) 2026 linux-amp developers
 */
#include <linux/device.h>
#include <linux/err.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/mailbox_client.h>
#include <linux/mailbox_controller.h>
#include <linux/module.h>
#include <linux/of.h>
#include <linux/preempt.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/spinlock.h>

#include "amp_rproc_internal.h"

/*
 * Submitting and declaring done have to be one step. mbox_client_txdone() clears the active message
 * and submits the next one in two critical sections: with another CPU between them, a message is
 * left active that nobody declares done, every doorbell is from then on queued behind the one
 * before it, and after twenty such races the queue refuses them all. The framework holds its own
 * lock over the call of the controller, so nobody waits longer here than there.
 */
static void ring(struct amp_rproc_mbox *mbox, struct mbox_chan *chan, void *message)
{
	unsigned long flags;

	spin_lock_irqsave(&mbox->lock, flags);
	mbox_send_message(chan, message);
	if (chan->txdone_method & MBOX_TXDONE_BY_ACK)
		mbox_client_txdone(chan, 0);
	spin_unlock_irqrestore(&mbox->lock, flags);
}

/*
 * A controller that interrupts when the remote has taken a message may not be told that it has.
 * Then one message is on its way at a time, and the doorbells that come meanwhile are bits: ringing
 * for a ring twice is ringing once.
 *
 * Flushing, without time, says that nobody here wants that interrupt. A controller that can do
 * without declares the message done at once.
 */
static void ring_by_irq(struct amp_rproc *ar, unsigned int notifyid)
{
	struct amp_rproc_mbox *mbox = &ar->mbox;
	unsigned long flags;
	bool sent = false;

	spin_lock_irqsave(&mbox->lock, flags);
	if (mbox->in_flight)
		mbox->waiting |= BIT(notifyid);
	else
		sent = mbox_send_message(mbox->tx, ar->desc->tx_message(ar, notifyid)) >= 0;
	mbox->in_flight |= sent;
	spin_unlock_irqrestore(&mbox->lock, flags);
	if (sent)
		mbox_flush(mbox->tx, 0);
}

static void tx_done(struct mbox_client *client, void *message, int err)
{
	struct amp_rproc *ar = container_of(client, struct amp_rproc, mbox.tx_client);
	struct amp_rproc_mbox *mbox = &ar->mbox;
	unsigned int notifyid;
	unsigned long flags;

	/* Called from ring() as well, with the lock held. */
	if (!(mbox->tx->txdone_method & MBOX_TXDONE_BY_IRQ))
		return;

	spin_lock_irqsave(&mbox->lock, flags);
	mbox->in_flight = false;
	if (mbox->waiting) {
		/* The mark goes first: who marks it again means something newer. */
		notifyid = __ffs(mbox->waiting);
		mbox->waiting &= ~BIT(notifyid);
		mbox->in_flight = mbox_send_message(mbox->tx,
						    ar->desc->tx_message(ar, notifyid)) >= 0;
	}
	spin_unlock_irqrestore(&mbox->lock, flags);
}

/**
 * amp_rproc_kick() - tell the remote that a virtqueue has work
 * @rproc:    the remote
 * @notifyid: notify id of the virtqueue, as the remoteproc core allocated it
 *
 * Never waits. Rings in every state: a remote that is not there does not hear.
 *
 * Context: any, including hard interrupt and with locks held.
 */
void amp_rproc_kick(struct rproc *rproc, int notifyid)
{
	struct amp_rproc *ar = to_amp_rproc(rproc);

	amp_rproc_table_push_status(ar);
	if (!ar->mbox.tx && !ar->desc->ring)
		return;
	if (WARN_ON_ONCE(notifyid < 0 || notifyid >= AMP_RPROC_MAX_NOTIFYIDS))
		return;

	/*
	 * The ring is in normal non-cacheable memory, the doorbell a device that firmware may write
	 * for us. The remote is an observer outside of the inner shareable domain, for which only a
	 * DSB orders the two (Arm ARM, B2.3.12).
	 */
	wmb();
	if (ar->desc->ring)
		ar->desc->ring(ar, notifyid);
	else if (ar->mbox.tx->txdone_method & MBOX_TXDONE_BY_IRQ)
		ring_by_irq(ar, notifyid);
	else
		ring(&ar->mbox, ar->mbox.tx, ar->desc->tx_message(ar, notifyid));
}
EXPORT_SYMBOL_NS_GPL(amp_rproc_kick, "AMP_RPROC");

static void kick_all(struct rproc *rproc)
{
	struct rproc_vdev *rvdev;
	unsigned int i;

	list_for_each_entry(rvdev, &rproc->rvdevs, node)
		for (i = 0; i < ARRAY_SIZE(rvdev->vring); i++)
			if (rvdev->vring[i].vq)
				amp_rproc_kick(rproc, rvdev->vring[i].notifyid);
}

/**
 * amp_rproc_ring_all() - have both sides look at all rings
 * @ar: the remote; nothing happens if it is off
 *
 * A doorbell that was rung before or during sleep, by either side, may be lost with the
 * controller's registers.
 *
 * Context: process, may sleep.
 */
void amp_rproc_ring_all(struct amp_rproc *ar)
{
	struct rproc *rproc = ar->rproc;

	mutex_lock(&rproc->lock);
	if (rproc->state == RPROC_RUNNING || rproc->state == RPROC_ATTACHED) {
		kick_all(rproc);
		amp_rproc_notify(ar, AMP_RPROC_ALL_NOTIFYIDS);
	}
	mutex_unlock(&rproc->lock);
}

/**
 * amp_rproc_mbox_forget() - drop what has not been submitted
 * @ar: a remote that is about to be started
 *
 * What is in flight cannot be called back: a remote that did not take it in its life before finds
 * it in this one.
 *
 * Context: process.
 */
void amp_rproc_mbox_forget(struct amp_rproc *ar)
{
	unsigned long flags;

	if (!ar->mbox.tx)
		return;
	spin_lock_irqsave(&ar->mbox.lock, flags);
	ar->mbox.waiting = 0;
	spin_unlock_irqrestore(&ar->mbox.lock, flags);
}

/**
 * amp_rproc_mbox_wants_ack() - does the remote's doorbell have to be acknowledged?
 * @ar: the remote
 *
 * A controller of messages has taken this one from its register before it called.
 *
 * Context: any.
 * Return: true if so.
 */
bool amp_rproc_mbox_wants_ack(const struct amp_rproc *ar)
{
	return ar->mbox.rx && !(ar->mbox.rx->txdone_method & MBOX_TXDONE_BY_IRQ);
}

/**
 * amp_rproc_mbox_ack() - let the remote ring again
 * @ar: the remote
 *
 * Acknowledge first, scan afterwards: what the remote does between the two is seen by the scan,
 * what it does after the acknowledgment raises a new interrupt.
 *
 * Context: any; the notification thread, or an interrupt while that is busy.
 * Return: true if a doorbell may have been wiped out, whichever ring it was for: all of them have
 * to be scanned.
 */
bool amp_rproc_mbox_ack(struct amp_rproc *ar)
{
	struct mbox_chan *rx = ar->mbox.rx;

	if (!amp_rproc_mbox_wants_ack(ar))
		return false;
	ring(&ar->mbox, rx, NULL);

	/*
	 * The acknowledgment is a write that the interconnect may answer before it arrives. If the
	 * remote rang in that moment, its doorbell would be wiped out after the scan has missed its
	 * work. A read from the same device cannot overtake the write; peeking is such a read.
	 */
	mbox_client_peek_data(rx);
	return true;
}

/*
 * The thread may be in the callback of a driver that waits for room to send, and the doorbell for
 * that must come through. But not more often than the clock ticks. Before the thread is told: what
 * the acknowledgment wipes out has to be seen by a scan that is still to come.
 */
static void ack_out_of_turn(struct amp_rproc *ar)
{
	struct amp_rproc_mbox *mbox = &ar->mbox;
	unsigned long tick = jiffies;

	/* The locks of the framework sleep there; interrupt handlers are threads, but for a few. */
	if (preempt_model_rt() && in_hardirq())
		return;
	if (!READ_ONCE(ar->notify.inside) || mbox->answered == tick)
		return;
	mbox->answered = tick;
	amp_rproc_mbox_ack(ar);
}

/*
 * Interrupt context. The controller keeps the interrupt of this channel masked until it is
 * acknowledged, which the thread does: a remote that rings without end takes the thread's time and
 * not all of a CPU. The message is of no use, remotes do not say which virtqueue they mean.
 */
static void rx_callback(struct mbox_client *client, void *message)
{
	struct amp_rproc *ar = container_of(client, struct amp_rproc, mbox.rx_client);

	ack_out_of_turn(ar);
	amp_rproc_notify(ar, AMP_RPROC_ALL_NOTIFYIDS);
}

/*
 * A handler may still run in a controller that does not wait for it, and a remote may ring to the
 * last moment, in the name of another one too. Hard interrupt handlers are RCU read sections: first
 * those end that were at it when the remote was stopped, which keeps them from a channel that has
 * just lost its client, then those that came since and use what is freed next.
 */
static void free_channel(void *data)
{
	synchronize_rcu();
	mbox_free_channel(data);
	synchronize_rcu();
}

static struct mbox_chan *request(struct amp_rproc *ar, struct mbox_client *client, const char *name,
				 int position)
{
	struct device_node *np = ar->dev->of_node;
	struct mbox_chan *chan;
	int index, ret;

	index = of_property_match_string(np, "mbox-names", name);
	/* Without names the order is fixed. */
	if (index == -EINVAL)
		index = position;
	if (index < 0)
		return ERR_PTR(dev_err_probe(ar->owner, index,
					     "%pOF: mbox-names has no \"%s\"\n", np, name));

	client->dev = ar->dev;
	client->knows_txdone = true;
	chan = mbox_request_channel(client, index);
	if (IS_ERR(chan))
		return ERR_PTR(dev_err_probe(ar->owner, PTR_ERR(chan), "%pOF: no %s mailbox\n", np,
					     name));
	ret = devm_add_action_or_reset(ar->owner, free_channel, chan);
	return ret ? ERR_PTR(ret) : chan;
}

/* One that is disabled never comes; to wait for it would be to do without the remote, too. */
static bool has_mbox(struct amp_rproc *ar)
{
	struct of_phandle_args spec;
	struct device_node *parent;
	bool available;

	if (!of_property_present(ar->dev->of_node, "mboxes"))
		return false;
	/* What is wrong with the property the framework says. */
	if (of_parse_phandle_with_args(ar->dev->of_node, "mboxes", "#mbox-cells", 0, &spec))
		return true;
	/* A controller may be one node for each remote, below that of the hardware. */
	parent = of_get_parent(spec.np);
	available = of_device_is_available(spec.np) && of_device_is_available(parent);
	if (!available)
		dev_info(ar->dev, "%pOF is disabled, no doorbells\n", spec.np);
	of_node_put(parent);
	of_node_put(spec.np);
	return available;
}

/**
 * devm_amp_rproc_request_mbox() - get the mailbox channels of a remote
 * @ar: the remote
 *
 * A remote without "mboxes", or whose mailbox is disabled, is fine: it can run firmware that has no
 * virtio device.
 *
 * Context: process, may sleep. Notifications may come before this returns.
 * Return: 0, -EPROBE_DEFER if the controller is not there yet, or what its driver answers.
 */
int devm_amp_rproc_request_mbox(struct amp_rproc *ar)
{
	struct mbox_chan *chan;

	if (!has_mbox(ar))
		return 0;
	spin_lock_init(&ar->mbox.lock);

	ar->mbox.tx_client.tx_done = tx_done;
	chan = request(ar, &ar->mbox.tx_client, "tx", 0);
	if (IS_ERR(chan))
		return PTR_ERR(chan);
	ar->mbox.tx = chan;

	ar->mbox.rx_client.rx_callback = rx_callback;
	chan = request(ar, &ar->mbox.rx_client, "rx", 1);
	if (IS_ERR(chan))
		return PTR_ERR(chan);
	ar->mbox.rx = chan;
	return 0;
}
EXPORT_SYMBOL_NS_GPL(devm_amp_rproc_request_mbox, "AMP_RPROC");
