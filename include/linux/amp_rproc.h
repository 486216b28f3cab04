/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * amp_rproc - what the remote processor drivers of this package share.
 *
 * A driver embeds struct amp_rproc as the first member of the private data that it asks
 * rproc_alloc() for, describes its processor in a const struct amp_rproc_desc, and uses the
 * amp_rproc_* functions below as its rproc_ops, directly or from its own. See
 * Documentation/lifecycle.rst for who calls what when and Documentation/locking.rst for the locks.
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
#include <linux/wait.h>

struct amp_mem;
struct amp_mem_window;
struct amp_rproc;
struct bus_type;
struct firmware;

/* Two rings of each virtio device that a resource table may describe; also bits in a long. */
#define AMP_RPROC_MAX_NOTIFYIDS	16
#define AMP_RPROC_ALL_NOTIFYIDS	GENMASK(AMP_RPROC_MAX_NOTIFYIDS - 1, 0)

/**
 * struct amp_rproc_desc - what is fixed for a kind of remote processor
 * @elf_machine:  e_machine of programs that it can run
 * @windows:      physical memory that it can reach, and where it sees it
 * @num_windows:  how many
 * @region_order: roles of the entries of "memory-region" for devicetrees whose names say nothing;
 *                in the vocabulary of the names, NULL for a plain carveout
 * @num_ordered:  how many; position counts only if there are at least as many regions
 * @tx_message:   what to hand to the mailbox controller for a doorbell; must return storage that
 *                lives as long as the channel, NULL for a doorbell without message. Called from
 *                any context.
 */
struct amp_rproc_desc {
	u16 elf_machine;
	const struct amp_mem_window *windows;
	unsigned int num_windows;
	const char * const *region_order;
	unsigned int num_ordered;
	void *(*tx_message)(struct amp_rproc *ar, unsigned int notifyid);
};

/**
 * struct amp_rproc_mbox - the doorbells of a remote
 * @tx_client: identity towards the mailbox framework
 * @rx_client: the same for the other direction
 * @tx:        to the remote, NULL if the devicetree gives none
 * @rx:        from the remote, NULL likewise
 * @lock:      makes ringing a channel one step; innermost but for the mailbox framework's own
 */
struct amp_rproc_mbox {
	struct mbox_client tx_client;
	struct mbox_client rx_client;
	struct mbox_chan *tx;
	struct mbox_chan *rx;
	spinlock_t lock;	/* submit and declare done */
};

/**
 * struct amp_rproc_notify - notifications on their way to the virtqueues
 * @worker:     runs @work and nothing else
 * @work:       delivers @pending
 * @lock:       protects @pending, @started, @changing, @delivering and the queueing of @work
 * @pending:    a bit per notify id that has not been delivered
 * @started:    virtio devices are there and stay; with @changing 0 the gate is open
 * @changing:   virtio drivers that are just being bound or unbound
 * @delivering: @work is at it
 * @idle:       woken when @delivering becomes false
 * @subdev:     told at the right moments of start and stop
 * @armed:      @subdev is in the list of the rproc; protected by rproc->lock
 * @bus_nb:     told when a virtio driver comes and goes
 */
struct amp_rproc_notify {
	struct kthread_worker *worker;
	struct kthread_work work;
	raw_spinlock_t lock;
	unsigned long pending;
	bool started;
	unsigned int changing;
	bool delivering;
	wait_queue_head_t idle;
	struct rproc_subdev subdev;
	bool armed;
	struct notifier_block bus_nb;
};

/**
 * struct amp_rproc - a remote processor
 * @rproc:   as the remoteproc core knows it
 * @dev:     its device: has the devicetree node that describes it
 * @owner:   device whose driver uses this; resources are released with it
 * @desc:    what kind of processor this is
 * @mem:     all its memory, complete before rproc_add()
 * @num_mem: how many
 * @mbox:    its doorbells
 * @notify:  its notifications
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
	bool removing;
	u32 table_crc;
};

/* Set-up, in this order, from probe. */
struct rproc *devm_amp_rproc_alloc(struct device *owner, struct device *dev,
				   const struct rproc_ops *ops, const struct amp_rproc_desc *desc,
				   size_t priv_size);
int amp_rproc_add_mem(struct amp_rproc *ar, const struct amp_mem *mem);
int amp_rproc_add_regions(struct amp_rproc *ar);
int devm_amp_rproc_request_mbox(struct amp_rproc *ar);
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

/*
 * Exported by the remoteproc core of every supported kernel, but declared only in a header of its
 * own directory, which no headers package carries.
 */
irqreturn_t rproc_vq_interrupt(struct rproc *rproc, int vq_id);

#endif /* _LINUX_AMP_RPROC_H */
