// SPDX-License-Identifier: GPL-2.0-only
/*
 * The resource table of a remote that runs: Linux works on a copy of its own, the remote on what is
 * in its memory, and this file carries from the one to the other.
 *
 * The kernel's core would work on the remote's memory itself: a remote could change number of
 * rings, length of the configuration space, status, at any time and under the core's feet. Here it
 * cannot, because nothing that the core uses is ever read back. What the core and virtio drivers
 * write - status, features, addresses of rings - is written out before each doorbell and when a
 * driver has come or gone.
 *
 * Firmware exists that saves its table when it starts and restores it a little later, and with it
 * undoes what Linux wrote meanwhile. So the remote's table is looked at until the remote gives its
 * first sign of life, and written again if it does not say what was written.
 *
 * Copyright (c) 2026 linux-amp developers
 */
#include <linux/align.h>
#include <linux/bug.h>
#include <linux/errno.h>
#include <linux/io.h>
#include <linux/remoteproc.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <linux/virtio_config.h>

#include "amp_rproc_internal.h"
#include "amp_rsctable.h"

/* An entry for a virtio device with its rings, without the configuration space behind them. */
#define VDEV_BYTES	(sizeof(struct amp_rsc_vdev) + \
			 AMP_RSC_MAX_VRINGS * sizeof(struct amp_rsc_vring))
#define STATUS_OFFSET	offsetof(struct amp_rsc_vdev, status)

static_assert(AMP_RSC_MAX_VDEVS == AMP_RPROC_MAX_VDEVS);

static const u8 *private_vdev(struct amp_rproc *ar, unsigned int i)
{
	return (const u8 *)ar->rproc->table_ptr + ar->table.vdev[i];
}

/* All but the status first: a remote that sees DRIVER_OK uses the rest at once. */
static void write_vdev(struct amp_rproc_table *t, unsigned int i)
{
	void __iomem *live = t->live + t->vdev[i];
	const u8 *sent = t->sent + t->vdev[i];
	size_t rest = STATUS_OFFSET + 1;

	lockdep_assert_held(&t->lock);

	memcpy_toio(live, sent, STATUS_OFFSET);
	memcpy_toio(live + rest, sent + rest, VDEV_BYTES - rest);
	/* Another observer, outside of the inner shareable domain: DSB (Arm ARM, B2.3.12). */
	wmb();
	writeb(sent[STATUS_OFFSET], live + STATUS_OFFSET);
}

/**
 * amp_rproc_table_connect() - from now on the remote's table follows the private one
 * @ar:      the remote, stopped or about to be attached to
 * @da:      where its table is
 * @content: what its memory has there now
 *
 * Context: process; rproc->lock held. The table has been checked.
 * Return: 0, -ENOMEM, -ENXIO if the table is not in mapped memory.
 */
int amp_rproc_table_connect(struct amp_rproc *ar, u32 da, const void *content)
{
	struct amp_rproc_table *t = &ar->table;
	size_t size = ar->rproc->table_sz;
	struct amp_rsc_entry e;
	void __iomem *live;
	unsigned int i;

	lockdep_assert_held(&ar->rproc->lock);

	live = (__force void __iomem *)amp_rproc_da_to_va(ar->rproc, da, size, NULL);
	if (!live)
		return -ENXIO;
	t->sent = kmemdup(content, size, GFP_KERNEL);
	if (!t->sent)
		return -ENOMEM;
	t->size = size;
	t->num_vdevs = 0;
	for (i = 0; i < amp_rsctable_num(t->sent); i++) {
		amp_rsctable_entry(t->sent, i, &e);
		if (e.type == AMP_RSC_VDEV && t->num_vdevs < AMP_RPROC_MAX_VDEVS)
			t->vdev[t->num_vdevs++] = e.offset;
	}
	for (i = 0; i < t->num_vdevs; i++)
		t->status[i] = t->sent[t->vdev[i] + STATUS_OFFSET];

	raw_spin_lock_irq(&t->lock);
	t->live = live;
	raw_spin_unlock_irq(&t->lock);
	return 0;
}

/**
 * amp_rproc_table_disconnect() - undo amp_rproc_table_connect()
 * @ar: the remote; its memory is about to be unmapped
 *
 * Context: process; rproc->lock held.
 */
void amp_rproc_table_disconnect(struct amp_rproc *ar)
{
	struct amp_rproc_table *t = &ar->table;
	u8 *sent;

	raw_spin_lock_irq(&t->lock);
	t->live = NULL;
	t->num_vdevs = 0;
	sent = t->sent;
	t->sent = NULL;
	raw_spin_unlock_irq(&t->lock);
	kfree(sent);
}

/**
 * amp_rproc_table_push() - carry changes of the private table to the remote
 * @ar: the remote
 *
 * Context: any; whoever calls holds on to a virtio device of the remote or to rproc->lock, so that
 * the private table stays.
 */
void amp_rproc_table_push(struct amp_rproc *ar)
{
	struct amp_rproc_table *t = &ar->table;
	unsigned long flags;
	unsigned int i;

	raw_spin_lock_irqsave(&t->lock, flags);
	for (i = 0; t->live && i < t->num_vdevs; i++) {
		u8 *sent = t->sent + t->vdev[i];

		if (!memcmp(sent, private_vdev(ar, i), VDEV_BYTES))
			continue;
		memcpy(sent, private_vdev(ar, i), VDEV_BYTES);
		t->status[i] = sent[STATUS_OFFSET];
		write_vdev(t, i);
	}
	raw_spin_unlock_irqrestore(&t->lock, flags);
}

/**
 * amp_rproc_table_push_status() - the same, cheaply, where only a status can have changed
 * @ar: the remote
 *
 * Features and addresses of rings settle before a driver declares itself ready, which changes the
 * status.
 *
 * Context: as amp_rproc_table_push().
 */
void amp_rproc_table_push_status(struct amp_rproc *ar)
{
	struct amp_rproc_table *t = &ar->table;
	unsigned int i;

	for (i = 0; i < READ_ONCE(t->num_vdevs); i++) {
		if (READ_ONCE(private_vdev(ar, i)[STATUS_OFFSET]) != READ_ONCE(t->status[i])) {
			amp_rproc_table_push(ar);
			return;
		}
	}
}

/**
 * amp_rproc_table_repair() - does the remote's table still say what was written
 * @ar: the remote
 *
 * Context: process.
 * Return: true if it did not, and has been written again.
 */
bool amp_rproc_table_repair(struct amp_rproc *ar)
{
	struct amp_rproc_table *t = &ar->table;
	bool repaired = false;
	u8 now[VDEV_BYTES];
	unsigned int i;

	raw_spin_lock_irq(&t->lock);
	for (i = 0; t->live && i < t->num_vdevs; i++) {
		memcpy_fromio(now, t->live + t->vdev[i], VDEV_BYTES);
		if (!memcmp(now, t->sent + t->vdev[i], VDEV_BYTES))
			continue;
		write_vdev(t, i);
		repaired = true;
	}
	raw_spin_unlock_irq(&t->lock);
	return repaired;
}

/**
 * amp_rproc_table_read() - read what the remote writes into its table
 * @ar:     the remote
 * @offset: into the table
 * @to:     receives the bytes, which the remote may change while they are read
 * @len:    bytes
 *
 * Context: any.
 * Return: false if there is no table, or not so much of it.
 */
bool amp_rproc_table_read(struct amp_rproc *ar, u32 offset, void *to, size_t len)
{
	struct amp_rproc_table *t = &ar->table;
	unsigned long flags;
	bool ok;

	raw_spin_lock_irqsave(&t->lock, flags);
	ok = t->live && len <= t->size && offset <= t->size - len;
	if (ok)
		memcpy_fromio(to, t->live + offset, len);
	raw_spin_unlock_irqrestore(&t->lock, flags);
	return ok;
}

/**
 * amp_rproc_table_failed() - has a driver given a virtio device up
 * @ar: the remote
 *
 * A driver that fails to probe also leaves this mark, but was never ready.
 *
 * Context: as amp_rproc_table_push().
 * Return: true if a driver that was ready has marked its device failed.
 */
bool amp_rproc_table_failed(struct amp_rproc *ar)
{
	const u8 mask = VIRTIO_CONFIG_S_DRIVER_OK | VIRTIO_CONFIG_S_FAILED;
	unsigned int i;

	for (i = 0; i < READ_ONCE(ar->table.num_vdevs); i++)
		if ((READ_ONCE(private_vdev(ar, i)[STATUS_OFFSET]) & mask) == mask)
			return true;
	return false;
}

/* Index of the used ring, which the remote writes and which is zero in a new ring. */
static u16 used_index(struct amp_rproc *ar, const struct amp_rsc_vring *vring)
{
	u32 num = le32_to_cpu(vring->num), align = le32_to_cpu(vring->align);
	u64 used = ALIGN(16 * (u64)num + 2 * (3 + num), align);
	void *va = amp_rproc_da_to_va(ar->rproc, le32_to_cpu(vring->da) + used, 4, NULL);

	return va ? readw((__force void __iomem *)va + 2) : 0;
}

/**
 * amp_rproc_table_ring_used() - has the remote given or taken a message
 * @ar: the remote
 *
 * A doorbell proves less: controllers may ring for one remote in the name of another.
 *
 * Context: as amp_rproc_table_push(), and the memory of the remote stays mapped.
 * Return: true if it has used a buffer of any ring.
 */
bool amp_rproc_table_ring_used(struct amp_rproc *ar)
{
	const struct amp_rsc_vdev *vdev;
	unsigned int i, n;

	for (i = 0; i < READ_ONCE(ar->table.num_vdevs); i++) {
		vdev = (const void *)private_vdev(ar, i);
		/* Until a driver is ready, what is there is from before a recovery. */
		if (!(READ_ONCE(vdev->status) & VIRTIO_CONFIG_S_DRIVER_OK))
			continue;
		for (n = 0; n < AMP_RSC_MAX_VRINGS; n++)
			if (used_index(ar, &vdev->vring[n]))
				return true;
	}
	return false;
}

/**
 * amp_rproc_table_reset() - leave the remote a table as if no Linux had been there
 * @ar:    the remote, its virtio devices gone
 * @clean: the table as it was found; as large
 *
 * Context: process; rproc->lock held.
 */
void amp_rproc_table_reset(struct amp_rproc *ar, const void *clean)
{
	struct amp_rproc_table *t = &ar->table;
	unsigned int i;

	raw_spin_lock_irq(&t->lock);
	for (i = 0; t->live && i < t->num_vdevs; i++) {
		memcpy(t->sent + t->vdev[i], clean + t->vdev[i], VDEV_BYTES);
		t->sent[t->vdev[i] + STATUS_OFFSET] = 0;
		write_vdev(t, i);
	}
	raw_spin_unlock_irq(&t->lock);
}
