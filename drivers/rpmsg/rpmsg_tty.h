/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Copyright (c) 2026 linux-amp developers
 *
 * What the files of rpmsg_tty share: the port, one for each channel.
 */

#ifndef RPMSG_TTY_H
#define RPMSG_TTY_H

#include <linux/completion.h>
#include <linux/kfifo.h>
#include <linux/list.h>
#include <linux/poll.h>
#include <linux/rpmsg.h>
#include <linux/rpmsg_ext.h>
#include <linux/spinlock.h>
#include <linux/tty.h>
#include <linux/tty_driver.h>
#include <linux/types.h>
#include <linux/wait.h>
#include <linux/workqueue.h>

/* Characters that were put one by one, until they are flushed. */
#define RPMSG_TTY_STAGE_BYTES	64

/**
 * struct rpmsg_tty_tx - from the terminal to the remote
 * @lock:       protects everything up to @tx_bytes; taken from any context
 * @fifo:       what was written, a record for each message to be
 * @fifo_bytes: sum of their lengths, and @sending even if it was flushed meanwhile
 * @sending:    length of the record that the transport is being given, else 0
 * @stage:      characters that will be the next record
 * @staged:     number of these
 * @flushes:    how often @fifo was emptied
 * @gone:       the channel has ended: nothing is taken or sent any more
 * @stopped:    nothing is sent for now
 * @tx_bytes:   sent so far
 * @work:       sends what is in @fifo; runs once at a time
 * @message:    the record being sent; the work's own
 * @mtu:        largest record
 * @room_table: asks the transport where it announces room
 * @room_entry: our entry there, starts @work
 * @room_head:  where it is queued, NULL if the transport announces nothing
 */
struct rpmsg_tty_tx {
	spinlock_t lock;	/* see above */
	struct kfifo_rec_ptr_2 fifo;
	unsigned int fifo_bytes;
	unsigned int sending;
	u8 stage[RPMSG_TTY_STAGE_BYTES];
	unsigned int staged;
	unsigned int flushes;
	bool gone;
	bool stopped;
	unsigned long tx_bytes;

	struct delayed_work work;
	void *message;
	size_t mtu;
	poll_table room_table;
	wait_queue_entry_t room_entry;
	wait_queue_head_t *room_head;
};

/**
 * struct rpmsg_tty_rx - from the remote to the terminal
 * @lock:      protects everything up to @lost_bytes; taken from any context
 * @waiting:   messages for which the terminal had no room, oldest first
 * @kept_bytes: memory of those that had to be copied
 * @open:      somebody is there to read
 * @throttled: the line discipline wants nothing now
 * @rx_bytes:  handed on so far
 * @lost_bytes: thrown away, because nobody was there or too much was kept
 * @work:      looks for room again
 */
struct rpmsg_tty_rx {
	spinlock_t lock;	/* see above */
	struct list_head waiting;
	size_t kept_bytes;
	bool open;
	bool throttled;
	unsigned long rx_bytes;
	unsigned long lost_bytes;

	struct delayed_work work;
};

/**
 * struct rpmsg_tty_port - one terminal
 * @index: N of ttyRPMSGN, kept until the last reference is dropped
 * @rpdev: the channel; valid until @tx.gone
 * @ext:   what its transport can do beyond the rpmsg core, or NULL
 * @tx:    see struct rpmsg_tty_tx
 * @rx:    see struct rpmsg_tty_rx
 * @hangup: hangs up who has it open, when the channel has ended or its link is broken;
 *          has a reference of its own
 * @hung_up: completed each time that @hangup has been done
 * @port:  what the tty core knows of it; its reference count is the port's
 */
struct rpmsg_tty_port {
	u32 index;
	struct rpmsg_device *rpdev;
	const struct rpmsg_ext_ops *ext;
	struct rpmsg_tty_tx tx;
	struct rpmsg_tty_rx rx;
	struct work_struct hangup;
	struct completion hung_up;
	/* The last: for clang it is variable in size, for the array in its buf.sentinel. */
	struct tty_port port;
};

#define to_rpmsg_tty_port(_port) container_of(_port, struct rpmsg_tty_port, port)

/* rpmsg_tty_main.c */
void rpmsg_tty_hang_up(struct rpmsg_tty_port *port);

/* rpmsg_tty_tx.c */
int rpmsg_tty_tx_init(struct rpmsg_tty_port *port);
void rpmsg_tty_tx_free(struct rpmsg_tty_port *port);
void rpmsg_tty_tx_start(struct rpmsg_tty_port *port);
void rpmsg_tty_tx_end(struct rpmsg_tty_port *port);
bool rpmsg_tty_tx_is_vain(struct rpmsg_tty_port *port);
void rpmsg_tty_tx_flush(struct rpmsg_tty_port *port);
int rpmsg_tty_tx_put(struct rpmsg_tty_port *port, const u8 *buf, size_t bytes);
int rpmsg_tty_tx_put_char(struct rpmsg_tty_port *port, u8 c);
void rpmsg_tty_tx_flush_chars(struct rpmsg_tty_port *port);
void rpmsg_tty_tx_stop(struct rpmsg_tty_port *port, bool stop);
unsigned int rpmsg_tty_tx_room(struct rpmsg_tty_port *port);
unsigned int rpmsg_tty_tx_pending(struct rpmsg_tty_port *port);

/* rpmsg_tty_rx.c */
void rpmsg_tty_rx_init(struct rpmsg_tty_port *port);
int rpmsg_tty_rx_cb(struct rpmsg_device *rpdev, void *data, int len, void *priv, u32 src);
void rpmsg_tty_rx_start(struct rpmsg_tty_port *port);
void rpmsg_tty_rx_open(struct rpmsg_tty_port *port);
void rpmsg_tty_rx_close(struct rpmsg_tty_port *port);
void rpmsg_tty_rx_throttle(struct rpmsg_tty_port *port, bool throttle);

#endif /* RPMSG_TTY_H */
