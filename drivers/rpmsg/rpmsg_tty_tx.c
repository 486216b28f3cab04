// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (c) 2026 linux-amp developers
 *
 * What is written to a terminal, on its way to the remote. A line discipline may
 * write in any context, a transport sends only where it may sleep; between the
 * two is a fifo and one work item, which also keeps the order. Each write is a
 * message, or several if it is too long for one, as firmware expects that looks
 * for commands in messages.
 *
 * A full ring fills the fifo, a full fifo makes the terminal refuse characters,
 * and the writer sleeps: nothing is lost on the way.
 */

#include <linux/minmax.h>
#include <linux/slab.h>
#include <linux/tty_port.h>

#include "rpmsg_tty.h"

#define FIFO_BYTES	16384

/* A record's length, before it in the fifo. */
#define RECORD_BYTES	2

/* The writer is worth waking when there is this much room again. */
#define WAKE_BYTES	(FIFO_BYTES / 2)

/* Longest message, however much the transport takes; and on one that does not say. */
#define MESSAGE_BYTES	4096U
#define MESSAGE_UNKNOWN_BYTES 256U

/*
 * How soon to look for room again: in case the remote forgot a doorbell, or
 * because the transport cannot tell.
 */
#define LOOK_MS		100
#define LOOK_UNTOLD_MS	5

static void kick(struct rpmsg_tty_port *port, unsigned int after_ms)
{
	mod_delayed_work(system_highpri_wq, &port->tx.work, msecs_to_jiffies(after_ms));
}

static bool commit_stage(struct rpmsg_tty_tx *tx)
{
	lockdep_assert_held(&tx->lock);

	if (tx->staged && kfifo_in(&tx->fifo, tx->stage, tx->staged)) {
		tx->fifo_bytes += tx->staged;
		tx->staged = 0;
	}
	return !tx->staged;
}

/**
 * rpmsg_tty_tx_put() - take what was written
 * @port:  the port
 * @buf:   the characters
 * @bytes: their number
 *
 * Context: any.
 * Return: how many were taken, perhaps 0; -EIO if the channel has ended.
 */
int rpmsg_tty_tx_put(struct rpmsg_tty_port *port, const u8 *buf, size_t bytes)
{
	struct rpmsg_tty_tx *tx = &port->tx;
	size_t taken = 0, part;
	unsigned long flags;
	bool gone;

	spin_lock_irqsave(&tx->lock, flags);
	gone = tx->gone;
	if (!gone && commit_stage(tx)) {
		while (taken < bytes) {
			part = min(bytes - taken, tx->mtu);
			/* A message is cut where it must be, not where room ends. */
			if (!kfifo_in(&tx->fifo, buf + taken, part))
				break;
			tx->fifo_bytes += part;
			taken += part;
		}
	}
	spin_unlock_irqrestore(&tx->lock, flags);

	if (gone)
		return -EIO;
	kick(port, 0);
	return taken;
}

/**
 * rpmsg_tty_tx_put_char() - take a character, to be sent with those that follow
 * @port: the port
 * @c:    the character
 *
 * Context: any.
 * Return: 1 if it was taken, else 0.
 */
int rpmsg_tty_tx_put_char(struct rpmsg_tty_port *port, u8 c)
{
	struct rpmsg_tty_tx *tx = &port->tx;
	unsigned long flags;
	int ret = 0;

	spin_lock_irqsave(&tx->lock, flags);
	/* No longer than a record may be. */
	if (!tx->gone && (tx->staged < min(sizeof(tx->stage), tx->mtu) || commit_stage(tx))) {
		tx->stage[tx->staged++] = c;
		ret = 1;
	}
	spin_unlock_irqrestore(&tx->lock, flags);
	return ret;
}

/**
 * rpmsg_tty_tx_flush_chars() - send the characters that were put one by one
 * @port: the port
 *
 * Context: any.
 */
void rpmsg_tty_tx_flush_chars(struct rpmsg_tty_port *port)
{
	kick(port, 0);
}

/**
 * rpmsg_tty_tx_stop() - keep what is written, as somebody has asked for, or send it again
 * @port: the port
 * @stop: which of the two
 *
 * What the transport is just being given still leaves.
 *
 * Context: any.
 */
void rpmsg_tty_tx_stop(struct rpmsg_tty_port *port, bool stop)
{
	struct rpmsg_tty_tx *tx = &port->tx;
	unsigned long flags;

	spin_lock_irqsave(&tx->lock, flags);
	tx->stopped = stop;
	spin_unlock_irqrestore(&tx->lock, flags);
	if (!stop)
		kick(port, 0);
}

/**
 * rpmsg_tty_tx_room() - how much would be taken now
 * @port: the port
 *
 * Context: any.
 * Return: bytes.
 */
unsigned int rpmsg_tty_tx_room(struct rpmsg_tty_port *port)
{
	struct rpmsg_tty_tx *tx = &port->tx;
	unsigned int room, spent;
	unsigned long flags;

	spin_lock_irqsave(&tx->lock, flags);
	room = tx->gone ? 0 : kfifo_avail(&tx->fifo);
	/* The staged ones come first, and each piece costs a record of its own. */
	spent = tx->staged + RECORD_BYTES * (2 + room / tx->mtu);
	spin_unlock_irqrestore(&tx->lock, flags);
	return room > spent ? room - spent : 0;
}

/**
 * rpmsg_tty_tx_pending() - how much was taken but not sent yet
 * @port: the port
 *
 * Context: any.
 * Return: bytes.
 */
unsigned int rpmsg_tty_tx_pending(struct rpmsg_tty_port *port)
{
	struct rpmsg_tty_tx *tx = &port->tx;
	unsigned long flags;
	unsigned int bytes;

	spin_lock_irqsave(&tx->lock, flags);
	bytes = tx->fifo_bytes + tx->staged;
	spin_unlock_irqrestore(&tx->lock, flags);
	return bytes;
}

/* Return: length of the oldest record, which is being sent from now on; 0 if there is none. */
static unsigned int begin_send(struct rpmsg_tty_tx *tx, unsigned int *flushes)
{
	unsigned long flags;

	spin_lock_irqsave(&tx->lock, flags);
	*flushes = tx->flushes;
	if (!tx->gone && !tx->stopped) {
		commit_stage(tx);
		tx->sending = kfifo_out_peek(&tx->fifo, tx->message, tx->mtu);
	}
	spin_unlock_irqrestore(&tx->lock, flags);
	return tx->sending;
}

/*
 * The record that was being sent has left, was given up, or stays until there is
 * room. Somebody may have flushed since begin_send(): then it stays in no case,
 * and the oldest in the fifo is another one.
 * Return: room in the fifo, 0 if none has been made.
 */
static unsigned int end_send(struct rpmsg_tty_tx *tx, unsigned int flushes, bool stays, bool sent)
{
	bool flushed;
	unsigned long flags;
	unsigned int avail;

	spin_lock_irqsave(&tx->lock, flags);
	flushed = tx->flushes != flushes;
	if (!stays && !flushed)
		kfifo_skip(&tx->fifo);
	if (!stays || flushed)
		tx->fifo_bytes -= tx->sending;
	if (sent)
		tx->tx_bytes += tx->sending;
	tx->sending = 0;
	avail = stays && !flushed ? 0 : kfifo_avail(&tx->fifo);
	spin_unlock_irqrestore(&tx->lock, flags);
	return avail;
}

/* What transports say when they have no room, or none for this message yet. */
static bool means_no_room(int ret)
{
	return ret == -ENOMEM || ret == -EAGAIN || ret == -EBUSY;
}

/* Asking for room also makes the transport announce it. */
static bool has_room_after_all(struct rpmsg_tty_port *port)
{
	return port->tx.room_head && rpmsg_poll(port->rpdev->ept, NULL, NULL) & EPOLLOUT;
}

/* If room is announced before that, the work has been queued already, and stays so. */
static void look_later(struct rpmsg_tty_port *port)
{
	unsigned int after_ms = port->tx.room_head ? LOOK_MS : LOOK_UNTOLD_MS;

	queue_delayed_work(system_highpri_wq, &port->tx.work, msecs_to_jiffies(after_ms));
}

static void send_all(struct work_struct *work)
{
	struct rpmsg_tty_port *port = container_of(to_delayed_work(work), struct rpmsg_tty_port,
						   tx.work);
	struct rpmsg_tty_tx *tx = &port->tx;
	unsigned int bytes, flushes;
	bool stays;
	int ret;

	while ((bytes = begin_send(tx, &flushes))) {
		ret = rpmsg_trysend(port->rpdev->ept, tx->message, bytes);
		stays = means_no_room(ret);
		if (ret && !stays)
			dev_warn_ratelimited(&port->rpdev->dev, "%u bytes not sent: %d\n", bytes,
					     ret);
		/* The link is broken, of which the transport may not have told. */
		if (ret == -EPIPE)
			rpmsg_tty_hang_up(port);
		if (end_send(tx, flushes, stays, !ret) >= WAKE_BYTES)
			tty_port_tty_wakeup(&port->port);
		if (stays && !has_room_after_all(port)) {
			look_later(port);
			return;
		}
		cond_resched();
	}
}

static int room_event(wait_queue_entry_t *entry, unsigned int mode, int flags, void *key)
{
	struct rpmsg_tty_port *port = container_of(entry, struct rpmsg_tty_port, tx.room_entry);

	/* Nothing will be sent or received any more: a program shall not wait for it. */
	if (key && key_to_poll(key) & EPOLLERR)
		rpmsg_tty_hang_up(port);
	else
		kick(port, 0);
	return 0;
}

static void room_register(struct file *file, wait_queue_head_t *head, poll_table *table)
{
	struct rpmsg_tty_tx *tx = container_of(table, struct rpmsg_tty_tx, room_table);

	if (tx->room_head)
		return;
	tx->room_head = head;
	add_wait_queue(head, &tx->room_entry);
}

/**
 * rpmsg_tty_tx_init() - prepare to send
 * @port: the port, with its channel
 *
 * Context: process; may sleep.
 * Return: 0 or -ENOMEM.
 */
int rpmsg_tty_tx_init(struct rpmsg_tty_port *port)
{
	ssize_t mtu = rpmsg_get_mtu(port->rpdev->ept);
	struct rpmsg_tty_tx *tx = &port->tx;

	spin_lock_init(&tx->lock);
	INIT_DELAYED_WORK(&tx->work, send_all);
	tx->mtu = mtu > 0 ? min_t(size_t, mtu, MESSAGE_BYTES) : MESSAGE_UNKNOWN_BYTES;
	tx->message = kmalloc(tx->mtu, GFP_KERNEL);
	if (!tx->message)
		return -ENOMEM;
	return kfifo_alloc(&tx->fifo, FIFO_BYTES, GFP_KERNEL);
}

/**
 * rpmsg_tty_tx_free() - free what rpmsg_tty_tx_init() has allocated
 * @port: the port, which nobody uses any more; initialisation may have failed half way
 *
 * Context: process; may sleep.
 */
void rpmsg_tty_tx_free(struct rpmsg_tty_port *port)
{
	/* Characters that came after the end have started it again, for nothing. */
	cancel_delayed_work_sync(&port->tx.work);
	kfifo_free(&port->tx.fifo);
	kfree(port->tx.message);
}

/**
 * rpmsg_tty_tx_start() - let the transport tell when it has room
 * @port: the port
 *
 * Context: process; may sleep.
 */
void rpmsg_tty_tx_start(struct rpmsg_tty_port *port)
{
	struct rpmsg_tty_tx *tx = &port->tx;

	init_waitqueue_func_entry(&tx->room_entry, room_event);
	init_poll_funcptr(&tx->room_table, room_register);
	rpmsg_poll(port->rpdev->ept, NULL, &tx->room_table);
}

/**
 * rpmsg_tty_tx_end() - send nothing any more
 * @port: the port
 *
 * Context: process; waits for a message that is just being sent.
 */
void rpmsg_tty_tx_end(struct rpmsg_tty_port *port)
{
	struct rpmsg_tty_tx *tx = &port->tx;

	spin_lock_irq(&tx->lock);
	tx->gone = true;
	spin_unlock_irq(&tx->lock);

	if (tx->room_head)
		remove_wait_queue(tx->room_head, &tx->room_entry);
	tx->room_head = NULL;
	rpmsg_tty_tx_flush(port);
	cancel_delayed_work_sync(&tx->work);
}

/**
 * rpmsg_tty_tx_is_vain() - is the link broken?
 * @port: the port, with its channel
 *
 * Context: process; may sleep.
 * Return: true if nothing will be sent or received on it any more.
 */
bool rpmsg_tty_tx_is_vain(struct rpmsg_tty_port *port)
{
	return rpmsg_poll(port->rpdev->ept, NULL, NULL) & EPOLLERR;
}

/**
 * rpmsg_tty_tx_flush() - forget what was not sent yet
 * @port: the port
 *
 * Context: any.
 */
void rpmsg_tty_tx_flush(struct rpmsg_tty_port *port)
{
	struct rpmsg_tty_tx *tx = &port->tx;
	unsigned long flags;

	spin_lock_irqsave(&tx->lock, flags);
	kfifo_reset(&tx->fifo);
	tx->flushes++;
	/* What is on its way cannot be called back, and is pending until it has left. */
	tx->fifo_bytes = tx->sending;
	tx->staged = 0;
	spin_unlock_irqrestore(&tx->lock, flags);
	tty_port_tty_wakeup(&port->port);
}
