/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * amp_rproc - what the remote processor drivers of this package share.
 *
 * A driver embeds struct amp_rproc as the first member of the private data that it asks
 * rproc_alloc() for, describes its processor in a const struct amp_rproc_desc, and uses the
 * amp_rproc_* functions below as its rproc_ops, directly or from its own. Its .start and .stop are
 * the hardware's part of starting and stopping, .attach and .detach too, if there is any; the rest
 * - table, doorbells, watching, recovery - is done around them. See Documentation/lifecycle.rst for
 * who calls what when and Documentation/locking.rst for the locks.
 *
 * Copyright (c) 2026 linux-amp developers
 */
#ifndef _LINUX_AMP_RPROC_H
#define _LINUX_AMP_RPROC_H

#include <linux/bits.h>
#include <linux/irqreturn.h>
#include <linux/kthread.h>
#include <linux/mailbox_client.h>
#include <linux/notifier.h>
#include <linux/remoteproc.h>
#include <linux/spinlock.h>
#include <linux/types.h>
#include <linux/virtio_at_once.h>
#include <linux/wait.h>
#include <linux/workqueue.h>

struct amp_mem;
struct amp_mem_window;
struct amp_rproc;
struct amp_rproc_held;
struct bus_type;
struct device_node;
struct firmware;

/* Virtio devices that a resource table may describe. */
#define AMP_RPROC_MAX_VDEVS	8

/* Two rings of each virtio device that a resource table may describe; also bits in a long. */
#define AMP_RPROC_MAX_NOTIFYIDS	16
#define AMP_RPROC_ALL_NOTIFYIDS	GENMASK(AMP_RPROC_MAX_NOTIFYIDS - 1, 0)

/**
 * struct amp_rproc_desc - what is fixed for a kind of remote processor
 * @name:         of the remote; NULL for that of its device
 * @elf_machine:  e_machine of programs that it can run
 * @windows:      physical memory that it can reach, and where it sees it
 * @num_windows:  how many
 * @region_order: roles of the entries of "memory-region" for devicetrees whose names say nothing;
 *                in the vocabulary of the names, NULL for a plain carveout
 * @num_ordered:  how many; position counts only if there are at least as many regions
 * @attach_header: a remote that something else started says where its resource table is in a
 *                header, at the start of one of its memories; otherwise the table is at the start
 *                of the memory-region "rsc-table"
 * @buffers_anywhere: a virtio device without a memory-region for its buffers gets them from
 *                wherever the DMA API has memory, unless Linux has some behind the end of the
 *                first window, which is that of DDR
 * @own_power_domains: "power-domains" of the node are the driver's business, not held from here
 * @claim:        before anything is done for a start or an attachment: may this remote run? NULL if
 *                always. 0 or a negative errno. Called with rproc->lock held.
 * @unclaim:      undo @claim, when all else has been undone
 * @tx_message:   what to hand to the mailbox controller for a doorbell; must return storage that
 *                lives as long as the channel, NULL for a doorbell without message. Called from
 *                any context.
 * @ring:         for doorbells that are not mailboxes: ring the remote's, NULL if they are. Called
 *                from any context, after all that it has to see. The other direction calls
 *                amp_rproc_notify().
 */
struct amp_rproc_desc {
	const char *name;
	u16 elf_machine;
	const struct amp_mem_window *windows;
	unsigned int num_windows;
	const char * const *region_order;
	unsigned int num_ordered;
	bool attach_header;
	bool buffers_anywhere;
	bool own_power_domains;
	int (*claim)(struct amp_rproc *ar);
	void (*unclaim)(struct amp_rproc *ar);
	void *(*tx_message)(struct amp_rproc *ar, unsigned int notifyid);
	void (*ring)(struct amp_rproc *ar, unsigned int notifyid);
};

/**
 * struct amp_rproc_mbox - the doorbells of a remote
 * @tx_client: identity towards the mailbox framework
 * @rx_client: the same for the other direction
 * @tx:        to the remote, NULL if the devicetree gives none
 * @rx:        from the remote, NULL likewise
 * @lock:      makes ringing a channel one step, protects what follows; innermost but for the
 *             mailbox framework's own
 * @in_flight: the controller says by interrupt when @tx is done, and has not yet
 * @waiting:   a bit for each notify id to ring for when it has
 * @answered:  jiffies of the last acknowledgment out of turn; interrupt handler only
 */
struct amp_rproc_mbox {
	struct mbox_client tx_client;
	struct mbox_client rx_client;
	struct mbox_chan *tx;
	struct mbox_chan *rx;
	spinlock_t lock;	/* submit and declare done */
	bool in_flight;
	unsigned long waiting;
	unsigned long answered;
};

/**
 * struct amp_rproc_at_once - what a virtio driver has asked for with virtio_at_once()
 * @vq:      its virtqueue, gone when the driver is unbound
 * @vdev:    device of that
 * @handler: handles doorbells of it, NULL if nothing was asked for
 */
struct amp_rproc_at_once {
	struct virtqueue *vq;
	const struct virtio_device *vdev;
	virtio_at_once_t handler;
};

/**
 * struct amp_rproc_notify - notifications on their way to the virtqueues
 * @worker:     runs @work and nothing else
 * @work:       delivers @pending
 * @lock:       protects @pending, @started, @changing, @inside, @at_once, @tick, @spent_ns,
 *              @broken and the queueing of @work
 * @pending:    a bit per notify id that has not been delivered
 * @rings:      a bit per notify id in use; changed by start only, with the gate closed
 * @urgent:     those of them whose callback is called without @worker; likewise
 * @direct:     those of them that a handler in @at_once_of deals with, and nobody has to
 *              acknowledge; changed with the gate closed
 * @at_once_of: for each, see virtio_at_once()
 * @started:    virtio devices are there and stay; with @changing 0 the gate is open
 * @changing:   virtio drivers that are just being bound or unbound
 * @inside:     notify ids whose virtqueues @work may be using
 * @at_once:    how many others are, without @worker
 * @tick:       jiffies of the last of those
 * @spent_ns:   how long they have taken in that tick
 * @broken:     virtio devices were marked broken, and nobody has been told yet
 * @idle:       woken when nobody delivers any more
 * @subdev:     told at the right moments of start and stop
 * @armed:      @subdev is in the list of the rproc; protected by rproc->lock
 * @bus_nb:     told when a virtio driver comes and goes
 */
struct amp_rproc_notify {
	struct kthread_worker *worker;
	struct kthread_work work;
	raw_spinlock_t lock;
	unsigned long pending;
	unsigned long rings;
	unsigned long urgent;
	unsigned long direct;
	struct amp_rproc_at_once at_once_of[AMP_RPROC_MAX_NOTIFYIDS];
	bool started;
	unsigned int changing;
	unsigned long inside;
	unsigned int at_once;
	unsigned long tick;
	u64 spent_ns;
	bool broken;
	wait_queue_head_t idle;
	struct rproc_subdev subdev;
	bool armed;
	struct notifier_block bus_nb;
};

/**
 * struct amp_rproc_table - the resource table in the remote's memory
 * @lock:      protects all below, and makes writing the table one step; innermost
 * @live:      the table in the remote's memory, NULL while the remote does not run
 * @sent:      what @live should say
 * @size:      of both, bytes
 * @num_vdevs: entries for virtio devices
 * @vdev:      their offsets
 * @status:    the status in each that was written last
 * @found:     for an attached remote: the table as it was when Linux came; under rproc->lock
 * @copy:      the same, which the core works on; under rproc->lock
 * @found_da:  where it was; under rproc->lock
 * @found_size: its size in bytes; with vendor entries, as long as the memory goes on; under
 *             rproc->lock
 * @error:     why @live could not be written at the last start; under rproc->lock
 */
struct amp_rproc_table {
	raw_spinlock_t lock;
	void __iomem *live;
	u8 *sent;
	size_t size;
	unsigned int num_vdevs;
	u32 vdev[AMP_RPROC_MAX_VDEVS];
	u8 status[AMP_RPROC_MAX_VDEVS];
	void *found;
	struct resource_table *copy;
	u32 found_da;
	size_t found_size;
	int error;
};

/**
 * struct amp_rproc_crash - watching a remote from start to stop
 * @lock:      protects @watching, @reported, @type, @cause and @irq_on; innermost
 * @watching:  the remote runs, so it can crash
 * @reported:  it has, and the first to say so gave @type and @cause
 * @type:      kind of crash
 * @cause:     in words, printable
 * @work:      makes the report known
 * @recover:   hands it to the core
 * @storm:     crashes in a row, each soon after a start; under rproc->lock
 * @monitor:   looks at the remote from time to time
 * @alive:     the remote has used a ring since it was started
 * @said_silent: that it has not has been said
 * @start:     when it was started, jiffies
 * @delay_ms:  until the next look at its table
 * @crash_offset: of the entry in which it says that it crashed, 0 if it has none
 * @beat_offset:  of its heartbeat, 0 if it has none
 * @beat_ms:   its period
 * @beats:     what it was at last
 * @beat_due:  when to look next, jiffies
 * @missed:    looks in a row that found it unchanged
 * @irq:       watchdog interrupt, 0 if there is none
 * @irq_on:    it is enabled
 * @deaf:      it was asserted before the remote was started, and has been since
 */
struct amp_rproc_crash {
	raw_spinlock_t lock;
	bool watching;
	bool reported;
	enum rproc_crash_type type;
	char cause[80];
	struct work_struct work;
	struct delayed_work recover;
	unsigned int storm;
	struct delayed_work monitor;
	bool alive;
	bool said_silent;
	unsigned long start;
	unsigned int delay_ms;
	u32 crash_offset;
	u32 beat_offset;
	u32 beat_ms;
	u32 beats;
	unsigned long beat_due;
	unsigned int missed;
	int irq;
	bool irq_on;
	bool deaf;
};

/**
 * struct amp_rproc_life - what the kernel's core does not keep
 * @ops:        of the driver
 * @coredump:   of the core
 * @prepared:   resources are held; under rproc->lock, as are all that follow
 * @attached:   what runs something else has started
 * @runs_on:    the core takes it for off, but could not stop it
 * @kept_power: count of starts, while a recovery is under way
 * @leftovers:  releases what a recovery that failed has left behind
 * @sleep_nb:   told first when the system goes to sleep
 * @wake_nb:    told last when it has woken up
 * @reboot_nb:  told when it goes down
 * @restart:    count of starts to restore after sleep; 0 as soon as somebody else starts it
 * @asleep:     @wake_nb is going to be told
 * @later:      starts again when everybody knows that somebody has refused to sleep
 */
struct amp_rproc_life {
	const struct rproc_ops *ops;
	void (*coredump)(struct rproc *rproc);
	bool prepared;
	bool attached;
	bool runs_on;
	int kept_power;
	struct work_struct leftovers;
	struct notifier_block sleep_nb, wake_nb;
	struct notifier_block reboot_nb;
	int restart;
	bool asleep;
	struct delayed_work later;
};

/**
 * struct amp_rproc - a remote processor
 * @rproc:   as the remoteproc core knows it
 * @dev:     its device: has the devicetree node that describes it
 * @owner:   device whose driver uses this; resources are released with it, and why they are
 *           missing is said of it: a reason to defer is only freed for the device that defers
 * @desc:    what kind of processor this is
 * @mem:     all its memory, complete before rproc_add()
 * @num_mem: how many
 * @mbox:    its doorbells
 * @notify:  its notifications
 * @table:   its resource table while it runs
 * @crash:   watching it
 * @life:    start to stop
 * @held:    clocks, resets, supplies and power domains of its node
 * @named_table: @table_da is where the table of a remote is that something else started
 * @table_da: its address; what the driver has found in the devicetree
 * @removing: the driver goes, nothing may be started any more; under rproc->lock
 * @table_crc: of the resource table in use, as the firmware file has it; under rproc->lock
 */
struct amp_rproc {
	struct rproc *rproc;
	struct device *dev;
	struct device *owner;
	const struct amp_rproc_desc *desc;
	struct amp_mem *mem;
	unsigned int num_mem;
	struct amp_rproc_mbox mbox;
	struct amp_rproc_notify notify;
	struct amp_rproc_table table;
	struct amp_rproc_crash crash;
	struct amp_rproc_life life;
	struct amp_rproc_held *held;
	bool named_table;
	u32 table_da;
	bool removing;
	u32 table_crc;
};

/* Set-up, in this order, from probe. */
struct rproc *devm_amp_rproc_alloc(struct device *owner, struct device *dev,
				   const struct rproc_ops *ops, const struct amp_rproc_desc *desc,
				   size_t priv_size);
int amp_rproc_add_mem(struct amp_rproc *ar, const struct amp_mem *mem);
int amp_rproc_add_range(struct amp_rproc *ar, struct device_node *np, u64 pa, u64 len);
int amp_rproc_add_regions(struct amp_rproc *ar);
int amp_rproc_split_pool(struct amp_rproc *ar);
int devm_amp_rproc_request_mbox(struct amp_rproc *ar);
void amp_rproc_is_running(struct amp_rproc *ar);
int devm_amp_rproc_get_resources(struct amp_rproc *ar);
int devm_amp_rproc_add(struct amp_rproc *ar);

/* For use as, or from, the rproc_ops of the same name. */
int amp_rproc_sanity_check(struct rproc *rproc, const struct firmware *fw);
int amp_rproc_prepare(struct rproc *rproc);
int amp_rproc_unprepare(struct rproc *rproc);
u64 amp_rproc_get_boot_addr(struct rproc *rproc, const struct firmware *fw);
int amp_rproc_parse_fw(struct rproc *rproc, const struct firmware *fw);
int amp_rproc_load(struct rproc *rproc, const struct firmware *fw);
struct resource_table *amp_rproc_find_loaded_rsc_table(struct rproc *rproc,
						       const struct firmware *fw);
void *amp_rproc_da_to_va(struct rproc *rproc, u64 da, size_t len, bool *is_iomem);
void amp_rproc_kick(struct rproc *rproc, int notifyid);

/* For doorbells that are not mailboxes. */
void amp_rproc_notify(struct amp_rproc *ar, unsigned long notifyids);

/* For drivers that learn of a crash by themselves. */
__printf(3, 4)
void amp_rproc_report_crash(struct amp_rproc *ar, enum rproc_crash_type type, const char *fmt, ...);

/*
 * Exported by the remoteproc core of every supported kernel, but declared only in a header of its
 * own directory, which no headers package carries.
 */
irqreturn_t rproc_vq_interrupt(struct rproc *rproc, int vq_id);

#endif /* _LINUX_AMP_RPROC_H */
