// SPDX-License-Identifier: GPL-2.0-only
/*
 * Taking the buffers of a virtio device back from the remote, see <linux/virtio_take_back.h>.
 *
 * The remote takes a buffer where the available ring says, and writes where the descriptor says. So
 * nothing is on offer any more to a remote that holds no buffer, and for one that does, or has lost
 * count, all descriptors say where nothing is: in the rest of a ring's last page, which belongs to
 * the ring.
 *
 * Copyright (c) 2026 linux-amp developers
 */
#include <linux/align.h>
#include <linux/delay.h>
#include <linux/io.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/remoteproc.h>
#include <linux/sizes.h>
#include <linux/virtio_ring.h>
#include <linux/virtio_take_back.h>

#include "amp_rproc_internal.h"

/* Remotes of all kinds send no longer messages, as no buffer is larger. */
#define SPARE_BYTES	SZ_512

/* Of one ring, from the private table, which is Linux's own. */
struct ring {
	void __iomem *va;
	u64 da;
	u32 num;
	u32 align;
	u32 bytes;
};

static bool find_ring(struct amp_rproc *ar, const struct rproc_vdev *rvdev, unsigned int i,
		      struct ring *r)
{
	const struct fw_rsc_vdev *rsc = (void *)ar->rproc->table_ptr + rvdev->rsc_offset;

	if (i >= rsc->num_of_vrings || !rvdev->vring[i].num)
		return false;
	r->num = rvdev->vring[i].num;
	r->align = rvdev->vring[i].align;
	r->bytes = vring_size(r->num, r->align);
	r->da = rsc->vring[i].da;
	/* The core has set whole pages aside. */
	r->va = (__force void __iomem *)amp_rproc_da_to_va(ar->rproc, r->da, PAGE_ALIGN(r->bytes),
							   NULL);
	return r->va;
}

/* Return: as the remote sees it, or 0. */
static u64 find_spare(const struct ring *rings, unsigned int num)
{
	unsigned int i, n;
	u64 spare;

	for (i = 0; i < num; i++) {
		spare = ALIGN(rings[i].da + rings[i].bytes, 4);
		if (spare + SPARE_BYTES > rings[i].da + PAGE_ALIGN(rings[i].bytes))
			continue;
		/* Firmware may have packed its rings more tightly than the core thinks. */
		for (n = 0; n < num; n++)
			if (spare < rings[n].da + rings[n].bytes &&
			    rings[n].da < spare + SPARE_BYTES)
				break;
		if (n == num)
			return spare;
	}
	return 0;
}

static void take_back_ring(const struct ring *r, u64 spare)
{
	void __iomem *avail = r->va + r->num * sizeof(struct vring_desc);
	size_t used = ALIGN(r->num * sizeof(struct vring_desc) + (3 + r->num) * sizeof(u16),
			    r->align);
	void __iomem *desc = r->va;
	unsigned int n;

	writew(readw(r->va + used + offsetof(struct vring_used, idx)),
	       avail + offsetof(struct vring_avail, idx));
	for (n = 0; n < r->num; n++, desc += sizeof(struct vring_desc)) {
		writel(lower_32_bits(spare), desc + offsetof(struct vring_desc, addr));
		writel(upper_32_bits(spare), desc + offsetof(struct vring_desc, addr) + 4);
		writel(SPARE_BYTES, desc + offsetof(struct vring_desc, len));
	}
}

static void take_back_rings(struct amp_rproc *ar, const struct rproc_vdev *rvdev,
			    struct virtio_device *vdev)
{
	struct ring rings[RVDEV_NUM_VRINGS];
	unsigned int i, num = 0;
	u64 spare;

	for (i = 0; i < RVDEV_NUM_VRINGS; i++)
		num += find_ring(ar, rvdev, i, &rings[num]);
	spare = find_spare(rings, num);
	if (!spare) {
		dev_warn(&vdev->dev,
			 "no %u bytes beside a ring: a remote that goes on writes to memory that was a buffer\n",
			 SPARE_BYTES);
		return;
	}
	for (i = 0; i < num; i++)
		take_back_ring(&rings[i], spare);
}

/**
 * virtio_take_back() - take all buffers back from the remote of a virtio device
 * @vdev: the device, of any bus; it was reset, and its virtqueues are there and not in use
 *
 * The rings are of no use after it. A remote that had just been told where to write a message has
 * the time of thousands of them to finish it.
 *
 * Context: process, may sleep; from a virtio driver's remove.
 */
void virtio_take_back(struct virtio_device *vdev)
{
	struct rproc *rproc = rproc_get_by_child(&vdev->dev);
	struct rproc_vdev *rvdev;
	struct amp_rproc *ar;

	if (!rproc || !amp_rproc_is_ours(rproc))
		return;
	ar = to_amp_rproc(rproc);
	/* Honest firmware looks at it, and stops. */
	amp_rproc_table_push(ar);
	/* As long as the device is there, so is its entry, and the memory of its rings. */
	list_for_each_entry(rvdev, &rproc->rvdevs, node)
		if (&rvdev->pdev->dev == vdev->dev.parent)
			take_back_rings(ar, rvdev, vdev);
	/* Outside of the inner shareable domain, too, before the buffers are freed. */
	wmb();
	usleep_range(1000, 2000);
}
EXPORT_SYMBOL_GPL(virtio_take_back);
