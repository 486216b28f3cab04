// SPDX-License-Identifier: GPL-2.0-only
/*
 * Buffers of virtio devices for which the devicetree has no memory: where they may be, and taking
 * them back from the remote before they are freed, see <linux/virtio_take_back.h>.
 *
 * The remote takes a buffer where the available ring says, and writes where the descriptor says. So
 * all descriptors say where nothing is: in the rest of a ring's last page, which belongs to the
 * ring. A remote that does not look at its status goes on with what was on offer, to nowhere, and
 * hears empty messages that are from nobody. The index of the available ring stays: taken back by
 * what the remote has in its hands it would be an offer of 65535.
 *
 * An address that the remote has read before, it keeps. Firmware that asks for a buffer, and fills
 * it much later, needs memory that is set aside for it.
 *
 * Copyright (c) 2026 linux-amp developers
 */
#include <linux/align.h>
#include <linux/delay.h>
#include <linux/io.h>
#include <linux/ioport.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/remoteproc.h>
#include <linux/sizes.h>
#include <linux/string.h>
#include <linux/virtio_ring.h>
#include <linux/virtio_take_back.h>

#include "amp_rproc_internal.h"
#include "amp_rsctable.h"

/* Those without any may have it from a firmware, or from Linux, where the driver says so. */
static bool may_lack_region(const struct amp_rproc *ar, unsigned int vdev)
{
	return ar->desc->buffers_anywhere &&
	       amp_memmap_by_role(ar->mem, ar->num_mem, AMP_MEM_BUFFER, vdev, 0) < 0;
}

/**
 * amp_rproc_has_own_buffers() - does a firmware say where the buffers of a virtio device are
 * @ar:    the remote
 * @table: the resource table, judged
 * @vdev:  number of the device
 * @own:   receives its entry, a carveout of the name that the core looks for
 *
 * Context: any.
 * Return: true if so, and there is no memory-region for them.
 */
bool amp_rproc_has_own_buffers(const struct amp_rproc *ar, const void *table, unsigned int vdev,
			       struct amp_rsc_entry *own)
{
	char name[AMP_MEM_NAME_LEN];

	snprintf(name, sizeof(name), "vdev%ubuffer", vdev);
	return may_lack_region(ar, vdev) && amp_rsctable_find_carveout(table, name, own);
}

/* Physical address of what is in one memory of the remote, as any carveout is. */
static u64 pa_of(const struct amp_rproc *ar, u64 da, u64 len)
{
	int i = amp_memmap_find(ar->mem, ar->num_mem, da, len);

	return i < 0 ? U64_MAX : ar->mem[i].pa + (da - ar->mem[i].da);
}

/* Or over the table of a remote that runs. The same memory may have several device addresses. */
static bool is_over_ring(const struct amp_rproc *ar, u64 pa, u64 len)
{
	const struct amp_mem *mem;

	for (mem = ar->mem; mem < ar->mem + ar->num_mem; mem++)
		if ((mem->role == AMP_MEM_VRING || mem->role == AMP_MEM_RSC_TABLE) &&
		    pa < mem->pa + mem->len && mem->pa < pa + len)
			return true;
	return false;
}

/**
 * amp_rproc_check_own_buffers() - can buffers be where a firmware says
 * @ar:   the remote
 * @own:  the firmware's carveout, in one memory of the remote
 * @need: bytes that the buffers take
 *
 * Descriptors have physical addresses, so the remote has to have the memory there, too.
 *
 * Context: process.
 * Return: 0, -ENOSPC, -EBADMSG or -ENXIO, with a line in the log.
 */
int amp_rproc_check_own_buffers(struct amp_rproc *ar, const struct amp_rsc_entry *own, u64 need)
{
	u64 pa = pa_of(ar, own->da, own->len);
	struct amp_fault fault;
	int ret;

	if (own->len < need)
		ret = amp_fault_set(&fault, -ENOSPC, "resource", own->index, "len", own->len,
				    "less than the buffers of its virtio device need");
	else if (!PAGE_ALIGNED(own->da))
		ret = amp_fault_set(&fault, -EBADMSG, "resource", own->index, "da", own->da,
				    "buffers begin with a page");
	else if (is_over_ring(ar, pa, own->len))
		ret = amp_fault_set(&fault, -ENXIO, "resource", own->index, "da", own->da,
				    "buffers over the memory of a ring or a resource table");
	else if (pa_of(ar, pa, own->len) != pa)
		ret = amp_fault_set(&fault, -ENXIO, "resource", own->index, "da", own->da,
				    "buffers where Linux and the processor differ in the address");
	else
		return 0;
	return amp_rproc_report_fault(ar, ret, &fault);
}

/* The first window is that of DDR. */
static bool reaches_all_of_linux(const struct amp_rproc *ar)
{
	u64 end = ar->desc->windows[0].pa + ar->desc->windows[0].len;

	return end >= SZ_4G ||
	       region_intersects(end, SZ_4G - end, IORESOURCE_SYSTEM_RAM, IORES_DESC_NONE) ==
	       REGION_DISJOINT;
}

/**
 * amp_rproc_buffers_go_anywhere() - may a virtio device have no memory for its buffers
 * @ar:   the remote
 * @vdev: number of the device, whose firmware does not say where they are
 *
 * The core then has the DMA API allocate from the first memory-region, if that is a pool, else from
 * all memory of Linux, and not all boards have only such that the remote can reach. A ring is no
 * place for buffers.
 *
 * Context: process.
 * Return: true if it has none and may do without.
 */
bool amp_rproc_buffers_go_anywhere(const struct amp_rproc *ar, unsigned int vdev)
{
	unsigned int i;

	if (!may_lack_region(ar, vdev))
		return false;
	for (i = 0; i < ar->num_mem; i++)
		if (!ar->mem[i].resm_idx && ar->mem[i].dma_pool)
			return ar->mem[i].role == AMP_MEM_BUFFER;
	return reaches_all_of_linux(ar);
}

/* Remotes of all kinds send no longer messages, as no buffer is larger. */
#define SPARE_BYTES	SZ_512

/* Of one ring, from the private table, which is Linux's own. */
struct ring {
	void __iomem *va;
	u64 da;
	u32 num;
	u32 bytes;
};

static bool find_ring(struct amp_rproc *ar, const struct rproc_vdev *rvdev, unsigned int i,
		      struct ring *r)
{
	const struct fw_rsc_vdev *rsc = (void *)ar->rproc->table_ptr + rvdev->rsc_offset;

	if (i >= rsc->num_of_vrings || !rvdev->vring[i].num)
		return false;
	r->num = rvdev->vring[i].num;
	r->bytes = vring_size(r->num, rvdev->vring[i].align);
	r->da = rsc->vring[i].da;
	/* The core has set whole pages aside. */
	r->va = (__force void __iomem *)amp_rproc_da_to_va(ar->rproc, r->da, PAGE_ALIGN(r->bytes),
							   NULL);
	return r->va;
}

/* Return: a cleared place as the remote sees it, or 0. */
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
		if (n < num)
			continue;
		memset_io(rings[i].va + (spare - rings[i].da), 0, SPARE_BYTES);
		return spare;
	}
	return 0;
}

static void take_back_ring(const struct ring *r, u64 spare)
{
	void __iomem *desc = r->va;
	unsigned int n;

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
 * The rings are of no use after it. A remote that was just writing a message has the time of
 * thousands of them to finish it.
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
