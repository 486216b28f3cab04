/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Copyright (c) 2026 linux-amp developers
 *
 * What the files of virtio_rpmsg_bus share: the state of one virtio device and
 * who may touch it when. Nothing outside this module includes it.
 * Documentation/wire.rst describes the format, Documentation/locking.rst the
 * locks.
 */

#ifndef VIRTIO_RPMSG_H
#define VIRTIO_RPMSG_H

#include <linux/atomic.h>
#include <linux/kref.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/rpmsg.h>
#include <linux/rpmsg_ext.h>
#include <linux/seq_file.h>
#include <linux/spinlock.h>
#include <linux/srcu.h>
#include <linux/types.h>
#include <linux/virtio.h>
#include <linux/wait.h>
#include <linux/workqueue.h>
#include <linux/xarray.h>

#include "rpmsg_bell.h"
#include "rpmsg_internal.h"
#include "rpmsg_ring.h"
#include "rpmsg_wire.h"

/* Feature bit 0: both sides announce their services by name. */
#define VIRTIO_RPMSG_F_NS	0

/* Every remote in the field is built for buffers of this size. */
#define VIRTIO_RPMSG_BUF_BYTES	512U

/* Buffers per direction, unless the ring is smaller. */
#define VIRTIO_RPMSG_MAX_BUFS	256U

/*
 * First address given to an endpoint that asks for none. In the kernel's own transport that is
 * 1024, which programs ask for by name, and to which firmware sends without asking.
 */
#define VIRTIO_RPMSG_FIRST_ELSEWHERE	1024U
#define VIRTIO_RPMSG_FIRST_DYNAMIC	1025U

/* Channels that a remote may have announced at the same time. */
#define VIRTIO_RPMSG_MAX_REMOTE_CHANS	128U

/* Endpoints that are found without a look-up; a power of two. */
#define VIRTIO_RPMSG_RECENT	8U

/* How long a blocking send waits for a buffer unless told otherwise, and a farewell. */
#define VIRTIO_RPMSG_SEND_MS	15000U
#define VIRTIO_RPMSG_SEND_MAX_MS	3600000U
#define VIRTIO_RPMSG_FAREWELL_MS	1000U

/**
 * enum virtio_rpmsg_state - life of the transport
 * @VIRTIO_RPMSG_SETUP:   being probed; nothing is sent or received
 * @VIRTIO_RPMSG_LIVE:    in operation
 * @VIRTIO_RPMSG_CLOSING: nothing is received, only farewells are sent
 * @VIRTIO_RPMSG_GONE:    rings and buffers no longer exist
 *
 * Only ever advances. Written by probe and remove; read inside an SRCU section
 * of virtio_rpmsg.users, so that remove can wait for everybody who saw LIVE. Or under
 * rx.ring_lock, under which GONE is written, and by doorbells, which the bus keeps away
 * while the driver is bound or unbound.
 */
enum virtio_rpmsg_state {
	VIRTIO_RPMSG_SETUP,
	VIRTIO_RPMSG_LIVE,
	VIRTIO_RPMSG_CLOSING,
	VIRTIO_RPMSG_GONE,
};

/**
 * enum virtio_rpmsg_stat - counters, one sysfs attribute each
 * @STAT_RX_MESSAGES:     delivered to an endpoint
 * @STAT_RX_BYTES:        their payload
 * @STAT_RX_SHORT_USED:   rejected: used length below the header's size
 * @STAT_RX_LONG_USED:    rejected: used length beyond the buffer
 * @STAT_RX_BAD_LEN:      rejected: payload length beyond the used length
 * @STAT_RX_NO_RECIPIENT: rejected: no endpoint with this address
 * @STAT_RX_NOT_READY:    rejected: the endpoint's driver is still in its probe
 * @STAT_RX_HIGH:         most messages that were found waiting at a time
 * @STAT_RX_NOTIFIED:     doorbells from the remote that reached the receive ring
 * @STAT_RX_KICKS:        doorbells to the remote for receive buffers
 * @STAT_TX_MESSAGES:     put into the ring
 * @STAT_TX_BYTES:        their payload
 * @STAT_TX_NO_BUF:       attempts that found no free buffer
 * @STAT_TX_TIMEOUTS:     sends given up after waiting
 * @STAT_TX_HIGH:         most send buffers that the remote had at a time
 * @STAT_TX_KICKS:        doorbells to the remote for messages
 * @STAT_CHAN_REFUSED:    announcements beyond the limit or for an existing channel
 * @STAT_CHAN_REPLACED:   channels that were announced again
 * @VIRTIO_RPMSG_NR_STATS: their number
 *
 * STAT_RX_* are written under rx.ring_lock or while rx.task is the writer, STAT_TX_*
 * under tx.lock, STAT_CHAN_* under chan_lock, so none needs an atomic operation. The one
 * that does is tx.notified.
 */
enum virtio_rpmsg_stat {
	STAT_RX_MESSAGES,
	STAT_RX_BYTES,
	STAT_RX_SHORT_USED,
	STAT_RX_LONG_USED,
	STAT_RX_BAD_LEN,
	STAT_RX_NO_RECIPIENT,
	STAT_RX_NOT_READY,
	STAT_RX_HIGH,
	STAT_RX_NOTIFIED,
	STAT_RX_KICKS,
	STAT_TX_MESSAGES,
	STAT_TX_BYTES,
	STAT_TX_NO_BUF,
	STAT_TX_TIMEOUTS,
	STAT_TX_HIGH,
	STAT_TX_KICKS,
	STAT_CHAN_REFUSED,
	STAT_CHAN_REPLACED,
	VIRTIO_RPMSG_NR_STATS,
};

struct virtio_rpmsg_ept;

/**
 * struct virtio_rpmsg_vq - one ring
 * @vq:   the kernel's virtqueue: its memory, doorbell and callback are used
 * @ring: our side of the ring
 * @idle: what the kernel's virtqueue takes for the used ring
 *
 * See virtio_rpmsg_vq.c for what belongs to whom.
 */
struct virtio_rpmsg_vq {
	struct virtqueue *vq;
	struct rpmsg_ring ring;
	struct vring_used *idle;
};

/**
 * struct virtio_rpmsg_used - a buffer that the remote has returned
 * @id:    its number
 * @bytes: length that the remote claims
 */
struct virtio_rpmsg_used {
	u16 id;
	u32 bytes;
};

/**
 * struct virtio_rpmsg_loan - what is known of a receive buffer
 * @buf:      what a bridge gets that keeps it
 * @borrower: endpoint that has it, or NULL
 */
struct virtio_rpmsg_loan {
	struct rpmsg_ext_buf buf;
	struct virtio_rpmsg_ept *borrower;
};

/**
 * struct virtio_rpmsg_rx - receive side
 * @q:         ring that the remote fills
 * @bufs:      first buffer
 * @num:       number of buffers
 * @buf_bytes: size of each
 * @lock:      makes the receive context one, whoever delivers the doorbell
 * @ring_lock: protects @q.ring, @ring, @loans, @num_lent, @has_left, @left, @recent and
 *             @task; the interrupt receives under it
 * @ring:      the remote may wait for buffers that went back: a doorbell is due
 * @loans:     for each buffer
 * @num_lent:  how many are on loan
 * @has_left:  @left is the next message
 * @left:      a buffer taken from the ring that cannot be delivered under @ring_lock
 * @recent:    endpoints that messages went to at last, by the low bits of their address
 * @copy:      payload being delivered, out of the remote's reach; under @lock
 * @more:      receives what a doorbell's budget left over
 * @wq:        runs @more
 * @task:      who is in the receive context, else NULL; as long as it is somebody, the
 *             interrupt does not receive
 * @running:   endpoint whose callback runs; under xa_lock of the endpoints
 * @idle:      woken when a callback of a dead or closed endpoint has returned
 */
struct virtio_rpmsg_rx {
	struct virtio_rpmsg_vq q;
	void *bufs;
	unsigned int num;
	unsigned int buf_bytes;
	struct mutex lock;	/* the receive context */
	spinlock_t ring_lock;	/* see above */
	bool ring;
	struct virtio_rpmsg_loan *loans;
	unsigned int num_lent;
	bool has_left;
	struct virtio_rpmsg_used left;
	struct virtio_rpmsg_ept *recent[VIRTIO_RPMSG_RECENT];
	void *copy;
	struct work_struct more;
	struct workqueue_struct *wq;
	struct task_struct *task;
	struct virtio_rpmsg_ept *running;
	wait_queue_head_t idle;
};

/**
 * struct virtio_rpmsg_tx - send side
 * @q:         ring that the remote empties
 * @bufs:      first buffer
 * @num:       number of buffers
 * @buf_bytes: size of each
 * @lock:      protects @q.ring, @bell, @free, @num_free, @armed and @look_ms; never held
 *             over a doorbell
 * @bell:      decides about doorbells
 * @check:     looks at messages that got none
 * @look:      looks for buffers that came back, while @armed
 * @look_ms:   how long until then
 * @free:      stack of free buffers
 * @num_free:  its height
 * @armed:     somebody waits: the remote shall ring when it has used a buffer
 * @wait:      woken when a buffer became free or the device closes
 * @notified:  doorbells from the remote that reached the ring; an interrupt and a thread may
 *             deliver two of them at a time
 */
struct virtio_rpmsg_tx {
	struct virtio_rpmsg_vq q;
	void *bufs;
	unsigned int num;
	unsigned int buf_bytes;
	spinlock_t lock;	/* q.ring, bell, free, num_free, armed, look_ms */
	struct rpmsg_bell bell;
	struct delayed_work check;
	struct delayed_work look;
	unsigned int look_ms;
	u16 *free;
	unsigned int num_free;
	bool armed;
	wait_queue_head_t wait;
	atomic_long_t notified;
};

/**
 * struct virtio_rpmsg_hello - waiting for the remote's first sign of life
 * @work:     rings again
 * @since:    when the device became ready, in jiffies
 * @wait_ms:  until the next doorbell
 * @reported: its silence has been
 */
struct virtio_rpmsg_hello {
	struct delayed_work work;
	unsigned long since;
	unsigned int wait_ms;
	bool reported;
};

/**
 * struct virtio_rpmsg - one RPMsg link
 * @vdev:       the virtio device; valid until @state is GONE
 * @refs:       held by the device's driver, each channel and each endpoint
 * @state:      see enum virtio_rpmsg_state
 * @users:      everybody who uses rings or buffers, or adds or removes channels
 * @wq:         runs tx.check, tx.look, hello.work and @fail
 * @bufs_dma:   DMA address of all buffers
 * @bufs_bytes: their total size; they start at rx.bufs
 * @rx:         receive side
 * @tx:         send side
 * @hello:      first doorbells
 * @send_ms:    how long a blocking send waits
 * @debugfs:    directory of the link
 * @endpoints:  local endpoints by address
 * @first_asked: somebody has asked for VIRTIO_RPMSG_FIRST_ELSEWHERE
 * @chan_lock:  protects @chans and the state of each
 * @chans:      all rpmsg devices of this link
 * @broken:     bit 0: the remote has broken a ring
 * @fail:       tells the world so
 * @stats:      see enum virtio_rpmsg_stat
 */
struct virtio_rpmsg {
	struct virtio_device *vdev;
	struct kref refs;
	enum virtio_rpmsg_state state;
	struct srcu_struct users;
	struct workqueue_struct *wq;

	dma_addr_t bufs_dma;
	size_t bufs_bytes;

	struct virtio_rpmsg_rx rx;
	struct virtio_rpmsg_tx tx;
	struct virtio_rpmsg_hello hello;
	unsigned int send_ms;
	struct dentry *debugfs;

	struct xarray endpoints;
	bool first_asked;
	struct mutex chan_lock;	/* chans, and the state of each */
	struct list_head chans;

	unsigned long broken;
	struct work_struct fail;
	unsigned long stats[VIRTIO_RPMSG_NR_STATS];
};

/**
 * struct virtio_rpmsg_ept - endpoint
 * @ept:   what the rpmsg core knows of it
 * @vr:    link that it belongs to
 * @ready: the driver can take messages
 * @closed: the driver is about to be removed and takes no more; under xa_lock
 * @dead:  destroyed, perhaps while its callback runs; under xa_lock
 * @rx:    takes messages in place of the callback, if set
 * @rx_flags: RPMSG_EXT_*: how it takes them
 * @rx_messages: delivered; written as STAT_RX_*
 * @rx_bytes:    their payload
 * @rx_not_ready: rejected, because @closed or not @ready
 * @tx_messages: sent; under tx.lock
 * @tx_bytes:    their payload
 * @tx_no_buf:   attempts that found no free buffer; likewise
 * @tx_timeouts: sends given up after waiting; likewise
 */
struct virtio_rpmsg_ept {
	struct rpmsg_endpoint ept;
	struct virtio_rpmsg *vr;
	bool ready;
	bool closed;
	bool dead;
	rpmsg_ext_rx_t rx;
	unsigned int rx_flags;
	unsigned long rx_messages;
	unsigned long rx_bytes;
	unsigned long rx_not_ready;
	unsigned long tx_messages;
	unsigned long tx_bytes;
	unsigned long tx_no_buf;
	unsigned long tx_timeouts;
};

#define to_virtio_rpmsg_ept(_ept) container_of(_ept, struct virtio_rpmsg_ept, ept)

/**
 * enum virtio_rpmsg_chan_kind - where a channel comes from
 * @CHAN_NS:     the name service's own device
 * @CHAN_REMOTE: announced by the remote, and the only kind it can destroy
 * @CHAN_LOCAL:  created by Linux
 * @CHAN_CTRL:   the control device
 */
enum virtio_rpmsg_chan_kind {
	CHAN_NS,
	CHAN_REMOTE,
	CHAN_LOCAL,
	CHAN_CTRL,
};

/**
 * enum virtio_rpmsg_chan_state - life of a channel, under chan_lock
 * @CHAN_ADDING: being registered
 * @CHAN_LIVE:   registered; whoever advances it from here unregisters it
 * @CHAN_DYING:  being unregistered
 * @CHAN_DEAD:   unregistered, or never was; only references remain
 */
enum virtio_rpmsg_chan_state {
	CHAN_ADDING,
	CHAN_LIVE,
	CHAN_DYING,
	CHAN_DEAD,
};

/**
 * struct virtio_rpmsg_chan - rpmsg device
 * @rpdev:     what the rpmsg core knows of it
 * @vr:        link that it belongs to
 * @node:      in virtio_rpmsg.chans until it is freed
 * @kind:      where it comes from
 * @state:     see enum virtio_rpmsg_chan_state
 * @asked_src: local address it was created with, part of its sysfs name
 * @asked_dst: remote address it was created with, part of its sysfs name
 */
struct virtio_rpmsg_chan {
	struct rpmsg_device rpdev;
	struct virtio_rpmsg *vr;
	struct list_head node;
	enum virtio_rpmsg_chan_kind kind;
	enum virtio_rpmsg_chan_state state;
	u32 asked_src;
	u32 asked_dst;
};

#define to_virtio_rpmsg_chan(_rpdev) \
	container_of(_rpdev, struct virtio_rpmsg_chan, rpdev)

/**
 * struct virtio_rpmsg_send - a message to be sent
 * @from:     endpoint whose end also ends a wait, or NULL; the caller keeps it in memory
 * @hdr:      addresses and length
 * @payload:  what to send, in memory of the kernel
 * @iter:     what to send, if @payload is NULL
 * @wait_ms:  how long to wait for a buffer, 0 to try only
 * @farewell: also send while the link closes
 */
struct virtio_rpmsg_send {
	struct virtio_rpmsg_ept *from;
	struct rpmsg_wire_msg hdr;
	const void *payload;
	struct iov_iter *iter;
	unsigned int wait_ms;
	bool farewell;
};

/* virtio_rpmsg_main.c */
void virtio_rpmsg_get(struct virtio_rpmsg *vr);
void virtio_rpmsg_put(struct virtio_rpmsg *vr);

static inline enum virtio_rpmsg_state virtio_rpmsg_state(const struct virtio_rpmsg *vr)
{
	return READ_ONCE(vr->state);
}

/* virtio_rpmsg_vq.c */
int virtio_rpmsg_vq_init(struct virtio_rpmsg_vq *q, struct virtqueue *vq);
void virtio_rpmsg_vq_free(struct virtio_rpmsg_vq *q);
void virtio_rpmsg_vq_break(struct virtio_rpmsg *vr);
void virtio_rpmsg_vq_report(struct virtio_rpmsg *vr);
void virtio_rpmsg_vq_fail(struct work_struct *work);

/* A remote that runs already can ring while its rings are being set up: not broken yet. */
static inline bool virtio_rpmsg_is_broken(const struct virtio_rpmsg *vr)
{
	struct virtqueue *vq = READ_ONCE(vr->rx.q.vq);

	return unlikely(vq && virtqueue_is_broken(vq));
}

/* virtio_rpmsg_stats.c */
extern const struct attribute_group *virtio_rpmsg_groups[];

static inline void virtio_rpmsg_add(struct virtio_rpmsg *vr, enum virtio_rpmsg_stat stat,
				    unsigned long value)
{
	WRITE_ONCE(vr->stats[stat], vr->stats[stat] + value);
}

static inline void virtio_rpmsg_count(struct virtio_rpmsg *vr, enum virtio_rpmsg_stat stat)
{
	virtio_rpmsg_add(vr, stat, 1);
}

static inline void virtio_rpmsg_count_max(struct virtio_rpmsg *vr, enum virtio_rpmsg_stat stat,
					  unsigned long value)
{
	if (value > vr->stats[stat])
		WRITE_ONCE(vr->stats[stat], value);
}

/* virtio_rpmsg_debugfs.c */
void virtio_rpmsg_debugfs_init(void);
void virtio_rpmsg_debugfs_exit(void);
void virtio_rpmsg_debugfs_add(struct virtio_rpmsg *vr);
void virtio_rpmsg_debugfs_remove(struct virtio_rpmsg *vr);

/* virtio_rpmsg_hello.c */
void virtio_rpmsg_hello_init(struct virtio_rpmsg *vr);
void virtio_rpmsg_hello_begin(struct virtio_rpmsg *vr);
void virtio_rpmsg_hello_end(struct virtio_rpmsg *vr);

/* virtio_rpmsg_rx.c */
void virtio_rpmsg_rx_post(struct virtio_rpmsg *vr);
void virtio_rpmsg_rx_done(struct virtqueue *vq);
void virtio_rpmsg_rx_more(struct work_struct *work);
void virtio_rpmsg_rx_flush(struct virtio_rpmsg *vr);
bool virtio_rpmsg_rx_at_once(struct virtqueue *vq);
bool virtio_rpmsg_rx_return(struct virtio_rpmsg_ept *vept, struct rpmsg_ext_buf *buf, bool more);
void virtio_rpmsg_rx_return_all(struct virtio_rpmsg_ept *vept);

/* virtio_rpmsg_tx.c */
void virtio_rpmsg_tx_init(struct virtio_rpmsg *vr);
void virtio_rpmsg_tx_done(struct virtqueue *vq);
bool virtio_rpmsg_tx_at_once(struct virtqueue *vq);
void virtio_rpmsg_tx_check(struct work_struct *work);
void virtio_rpmsg_tx_look(struct work_struct *work);
void virtio_rpmsg_tx_cancel(struct virtio_rpmsg *vr);
void virtio_rpmsg_tx_verify(struct virtio_rpmsg *vr);
int virtio_rpmsg_tx(struct virtio_rpmsg *vr, const struct virtio_rpmsg_send *send);
__poll_t virtio_rpmsg_tx_poll(struct virtio_rpmsg *vr, struct file *file, poll_table *table);
unsigned int virtio_rpmsg_tx_mtu(const struct virtio_rpmsg *vr);
unsigned int virtio_rpmsg_tx_free(struct virtio_rpmsg *vr);

/* virtio_rpmsg_ept.c */
struct rpmsg_endpoint *virtio_rpmsg_create_ept(struct rpmsg_device *rpdev, rpmsg_rx_cb_t cb,
					       void *priv, struct rpmsg_channel_info chinfo);
void virtio_rpmsg_ept_set_ready(struct rpmsg_endpoint *ept);
void virtio_rpmsg_ept_close(struct rpmsg_endpoint *ept);
struct virtio_rpmsg_ept *virtio_rpmsg_ept_enter(struct virtio_rpmsg *vr, u32 addr,
						enum virtio_rpmsg_stat *why);
void virtio_rpmsg_ept_leave(struct virtio_rpmsg_ept *vept);
struct virtio_rpmsg_ept *virtio_rpmsg_ept_at_once(struct virtio_rpmsg *vr, u32 addr,
						  rpmsg_ext_rx_t *rx);
void virtio_rpmsg_ept_show(struct virtio_rpmsg *vr, struct seq_file *seq);
bool virtio_rpmsg_ept_is_ours(const struct rpmsg_endpoint *ept);
int virtio_rpmsg_ept_send(struct virtio_rpmsg_ept *vept, struct virtio_rpmsg_send *send);

/* virtio_rpmsg_chan.c */
int virtio_rpmsg_chan_add_ns(struct virtio_rpmsg *vr);
int virtio_rpmsg_chan_add_ctrl(struct virtio_rpmsg *vr);
void virtio_rpmsg_chan_remove_all(struct virtio_rpmsg *vr);
void virtio_rpmsg_chan_wait_freed(void);

#endif /* VIRTIO_RPMSG_H */
