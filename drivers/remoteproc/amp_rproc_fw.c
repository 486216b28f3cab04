// SPDX-License-Identifier: GPL-2.0-only
/*
 * Firmware: judged as a whole before anything is changed, then loaded.
 *
 * amp_elf.c and amp_rsctable.c say whether the file is sound by itself; here it is held against
 * the remote: its memory, its doorbells. The first fault is reported in one line that names file,
 * field and value, and ends the start with its errno. Nothing has been written, powered or mapped
 * by then.
 *
 * Copyright (c) 2026 linux-amp developers
 */
#include <linux/crc32.h>
#include <linux/device.h>
#include <linux/firmware.h>
#include <linux/io.h>
#include <linux/log2.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/of.h>
#include <linux/remoteproc.h>
#include <linux/sched.h>
#include <linux/sizes.h>
#include <linux/slab.h>
#include <linux/virtio_ids.h>

#include "amp_elf.h"
#include "amp_rproc_internal.h"
#include "amp_rsctable.h"

/* The wire structures of amp_rsctable.h are the core's, each with the entry's type in front. */
static_assert(sizeof(struct amp_rsc_table) == sizeof(struct resource_table));
static_assert(sizeof(struct amp_rsc_hdr) == sizeof(struct fw_rsc_hdr));
static_assert(sizeof(struct amp_rsc_carveout) ==
	      sizeof(struct fw_rsc_hdr) + sizeof(struct fw_rsc_carveout));
static_assert(sizeof(struct amp_rsc_trace) ==
	      sizeof(struct fw_rsc_hdr) + sizeof(struct fw_rsc_trace));
static_assert(sizeof(struct amp_rsc_vring) == sizeof(struct fw_rsc_vdev_vring));
static_assert(sizeof(struct amp_rsc_vdev) ==
	      sizeof(struct fw_rsc_hdr) + sizeof(struct fw_rsc_vdev));

static_assert(2 * AMP_RSC_MAX_VDEVS <= AMP_RPROC_MAX_NOTIFYIDS);

/* What Linux's rpmsg transport allocates for each device. */
#define RPMSG_BUF_SIZE	512
#define RPMSG_MAX_BUFS	512

/**
 * struct fw_image - a firmware that has been judged
 * @elf:       its headers
 * @has_table: it has a resource table
 * @table:     section of the table, cut to what the table really occupies
 */
struct fw_image {
	struct amp_elf elf;
	bool has_table;
	struct amp_elf_section table;
};

/* Whose fault it is: that of a file, or of a remote that something else started. */
static const char *fw_name(struct amp_rproc *ar)
{
	return ar->rproc->state == RPROC_DETACHED ? "in memory" : ar->rproc->firmware;
}

/**
 * amp_rproc_report_fault() - say what is wrong
 * @ar:  the remote
 * @err: negative errno that the caller is going to return
 * @f:   the fault
 *
 * Context: process.
 * Return: @err.
 */
int amp_rproc_report_fault(struct amp_rproc *ar, int err, const struct amp_fault *f)
{
	char part[32];

	if (f->index < 0)
		snprintf(part, sizeof(part), "%s", f->part);
	else
		snprintf(part, sizeof(part), "%s %d", f->part, f->index);
	dev_err(&ar->rproc->dev, "firmware %s: %s: %s is %#llx: %s\n", fw_name(ar), part,
		f->field, f->value, f->why);
	return err;
}

static int check_segments(struct amp_rproc *ar, const struct fw_image *img)
{
	u64 bad, total = 0, room = 0;
	struct amp_elf_segment seg;
	struct amp_fault fault;
	unsigned int i, pos = 0;
	int ret;

	for (i = 0; i < ar->num_mem; i++)
		room += ar->mem[i].len;

	ret = amp_elf_check_segments(&img->elf, &fault);
	if (ret)
		return amp_rproc_report_fault(ar, ret, &fault);

	while (amp_elf_next_segment(&img->elf, &pos, &seg, &fault) > 0) {
		total += seg.memsz;
		ret = amp_memmap_covers(ar->mem, ar->num_mem, seg.da, seg.memsz, &bad);
		if (!ret && total <= room)
			continue;
		/* Many that lie over each other would keep a CPU busy for hours. */
		if (!ret)
			ret = amp_fault_set(&fault, -EBADMSG, "program header", seg.index,
					    "p_memsz", seg.memsz,
					    "segments add up to more than all memory");
		else if (bad == seg.da)
			amp_fault_set(&fault, ret, "program header", seg.index, "p_paddr", seg.da,
				      "outside every memory of this processor");
		else
			amp_fault_set(&fault, ret, "program header", seg.index, "p_memsz",
				      seg.memsz, "runs past the memory that it begins in");
		return amp_rproc_report_fault(ar, ret, &fault);
	}
	return 0;
}

static int check_carveout(struct amp_rproc *ar, const struct amp_rsc_entry *e)
{
	const struct amp_mem *mem = NULL;
	struct amp_fault fault;
	unsigned int i;

	for (i = 0; i < ar->num_mem && !mem; i++)
		if (!strcmp(ar->mem[i].name, e->name))
			mem = &ar->mem[i];

	if (mem && e->len > mem->len) {
		amp_fault_set(&fault, -ENOSPC, "resource", e->index, "len", e->len,
			      "larger than the memory-region of that name");
		return amp_rproc_report_fault(ar, -ENOSPC, &fault);
	}
	if (mem && (e->da == AMP_RSC_ADDR_ANY || (e->da >= mem->da &&
						  e->da - mem->da <= mem->len - e->len)))
		return 0;
	if (!mem && e->da == AMP_RSC_ADDR_ANY) {
		dev_err(&ar->rproc->dev,
			"firmware %s: resource %u: carveout \"%s\": %pOF has no memory-region of that name\n",
			fw_name(ar), e->index, e->name, ar->dev->of_node);
		return -ENOENT;
	}
	if (mem || amp_memmap_find(ar->mem, ar->num_mem, e->da, e->len) < 0) {
		amp_fault_set(&fault, -ENXIO, "resource", e->index, "da", e->da,
			      mem ? "outside the memory-region of that name" :
				    "outside every memory of this processor");
		return amp_rproc_report_fault(ar, -ENXIO, &fault);
	}
	return 0;
}

/*
 * One that is outside of all memory is none to read, no more: its file in debugfs says so. But the
 * core, which looks for its memory, takes the distance to each for a signed number of 32 bits, and
 * adds the length to that in as many where the kernel has 32. Below 2 GiB nothing wraps; a distance
 * that did is beyond the end of the memory, since that is below 4 GiB.
 */
static int check_trace(struct amp_rproc *ar, const struct amp_rsc_entry *e)
{
	struct amp_fault fault;

	if (amp_memmap_find(ar->mem, ar->num_mem, e->da, e->len) >= 0 ||
	    e->len <= SZ_2G)
		return 0;
	amp_fault_set(&fault, -EOVERFLOW, "resource", e->index, "len", e->len,
		      "trace buffer larger than 2 GiB");
	return amp_rproc_report_fault(ar, -EOVERFLOW, &fault);
}

/* One line for everything that the devicetree should have given a virtio device. */
static int check_room(struct amp_rproc *ar, enum amp_mem_role role, unsigned int vdev,
		      unsigned int vring, u64 need, const struct amp_mem **found)
{
	int i = amp_memmap_by_role(ar->mem, ar->num_mem, role, vdev, vring);
	char name[AMP_MEM_NAME_LEN];

	if (role == AMP_MEM_VRING)
		snprintf(name, sizeof(name), "vdev%uvring%u", vdev, vring);
	else
		snprintf(name, sizeof(name), "vdev%ubuffer", vdev);

	if (i < 0) {
		dev_err(&ar->rproc->dev,
			"firmware %s: %pOF has no memory-region %s, which needs %#llx bytes\n",
			fw_name(ar), ar->dev->of_node, name, need);
		return i;
	}
	if (ar->mem[i].len < need) {
		dev_err(&ar->rproc->dev,
			"firmware %s: memory-region %s, %pOF, has %#llx bytes but needs %#llx\n",
			fw_name(ar), name, ar->mem[i].np, ar->mem[i].len, need);
		return -ENOSPC;
	}
	*found = &ar->mem[i];
	return 0;
}

static int check_vring(struct amp_rproc *ar, const struct amp_rsc_entry *e, unsigned int vdev,
		       unsigned int vring)
{
	const struct amp_vring_desc *desc = &e->vring[vring];
	u64 need = PAGE_ALIGN(amp_vring_bytes(desc));
	const struct amp_mem *mem;
	struct amp_fault fault;
	int ret;

	ret = check_room(ar, AMP_MEM_VRING, vdev, vring, need, &mem);
	if (ret)
		return ret;

	/* The used ring is found by aligning addresses, so the ring has to begin aligned too. */
	if (!IS_ALIGNED(mem->da, desc->align)) {
		amp_fault_set(&fault, -EBADMSG, "resource", e->index, "vring.align", desc->align,
			      "more than that of the memory-region for the ring");
		return amp_rproc_report_fault(ar, -EBADMSG, &fault);
	}
	if (desc->da != AMP_RSC_ADDR_ANY &&
	    (desc->da < mem->da || desc->da - mem->da > mem->len - need)) {
		amp_fault_set(&fault, -ENXIO, "resource", e->index, "vring.da", desc->da,
			      "outside the memory-region for the ring");
		return amp_rproc_report_fault(ar, -ENXIO, &fault);
	}
	return 0;
}

static int check_buffers(struct amp_rproc *ar, const void *table, unsigned int vdev, u64 need)
{
	const struct amp_mem *mem;
	struct amp_rsc_entry own;

	if (amp_rproc_has_own_buffers(ar, table, vdev, &own))
		return amp_rproc_check_own_buffers(ar, &own, need);
	if (amp_rproc_buffers_go_anywhere(ar, vdev))
		return 0;
	return check_room(ar, AMP_MEM_BUFFER, vdev, 0, need, &mem);
}

static int check_vdev(struct amp_rproc *ar, const void *table, const struct amp_rsc_entry *e,
		      unsigned int vdev)
{
	struct amp_fault fault;
	u64 need = PAGE_SIZE;
	unsigned int i;
	u32 num = 0;
	int ret;

	if (!ar->desc->ring && (!ar->mbox.tx || !ar->mbox.rx)) {
		dev_err(&ar->rproc->dev,
			"firmware %s: resource %u: a virtio device, but %pOF has no mboxes\n",
			fw_name(ar), e->index, ar->dev->of_node);
		return -ENODEV;
	}

	/*
	 * No notification is delivered while a driver is being bound. Drivers of most other kinds
	 * wait in their probe for the device to answer, which they would do for ever, with
	 * rproc->lock held.
	 */
	if (e->id != VIRTIO_ID_RPMSG && e->id != VIRTIO_ID_RPROC_SERIAL) {
		amp_fault_set(&fault, -EOPNOTSUPP, "resource", e->index, "id", e->id,
			      "only RPMsg and serial virtio devices can be on a remote");
		return amp_rproc_report_fault(ar, -EOPNOTSUPP, &fault);
	}

	for (i = 0; i < e->num_vrings; i++) {
		ret = check_vring(ar, e, vdev, i);
		if (ret)
			return ret;
		num = max(num, e->vring[i].num);
	}

	if (e->id == VIRTIO_ID_RPMSG)
		need = PAGE_ALIGN((u64)min_t(u32, 2 * num, RPMSG_MAX_BUFS) * RPMSG_BUF_SIZE);
	return check_buffers(ar, table, vdev, need);
}

/* One line for each that means something to somebody; the core passes all of them over. */
static void mention_vendor(struct amp_rproc *ar, const struct amp_rsc_vendor *v, unsigned int index)
{
	switch (v->kind) {
	case AMP_VENDOR_RPROC_MEM:
		/* In OpenAMP's examples all that is rings and buffers here. Nothing is mapped. */
		dev_info(&ar->rproc->dev, "resource %u: shares %#x bytes at %#x, %s\n", index,
			 v->len, v->da,
			 amp_memmap_find(ar->mem, ar->num_mem, v->da, 1) >= 0 ||
			 amp_rproc_is_buffer(ar, v->da, 1) ?
			 "memory of this processor" : "which is none of this processor, ignored");
		break;
	case AMP_VENDOR_FW_CHKSUM:
		dev_info(&ar->rproc->dev, "resource %u: checksum, not checked\n", index);
		break;
	case AMP_VENDOR_UNKNOWN:
		dev_info(&ar->rproc->dev, "resource %u: unknown vendor entry, ignored\n", index);
		break;
	default:
		break;
	}
}

static void mention_trace(struct amp_rproc *ar, const struct amp_rsc_entry *e)
{
	if (amp_memmap_find(ar->mem, ar->num_mem, e->da, e->len) < 0)
		dev_warn(&ar->rproc->dev,
			 "resource %u: trace buffer at %#x, %#x bytes: not in one memory of this processor, cannot be read\n",
			 e->index, e->da, e->len);
}

static void mention_vdev(struct amp_rproc *ar, const void *table, unsigned int vdev)
{
	struct amp_rsc_entry own;

	if (!amp_rproc_has_own_buffers(ar, table, vdev, &own) &&
	    amp_rproc_buffers_go_anywhere(ar, vdev))
		dev_warn(&ar->rproc->dev,
			 "no memory-region vdev%ubuffer: message buffers are where the DMA API has memory\n",
			 vdev);
}

/**
 * amp_rproc_mention() - say what is remarkable about a resource table
 * @ar:    the remote
 * @table: a table that amp_rproc_check_entries() accepted
 * @size:  its size in bytes
 *
 * Once for each start or attachment, however often the table is judged.
 *
 * Context: process; rproc->lock held.
 */
void amp_rproc_mention(struct amp_rproc *ar, const void *table, size_t size)
{
	unsigned int i, vdevs = 0;
	struct amp_rsc_vendor v;
	struct amp_rsc_entry e;

	for (i = 0; i < amp_rsctable_num(table); i++) {
		amp_rsctable_entry(table, i, &e);
		if (amp_rsctable_is_unknown(e.type))
			dev_info(&ar->rproc->dev, "resource %u: type %u is unknown, ignored\n", i,
				 e.type);
		else if (amp_rsctable_vendor(table, size, i, &v))
			mention_vendor(ar, &v, i);
		else if (e.type == AMP_RSC_TRACE)
			mention_trace(ar, &e);
		else if (e.type == AMP_RSC_VDEV)
			mention_vdev(ar, table, vdevs++);
	}
}

/**
 * amp_rproc_check_entries() - hold a resource table against a remote
 * @ar:    the remote
 * @table: a table that amp_rsctable_check() accepted
 *
 * Context: process; rproc->lock held.
 * Return: as amp_rproc_sanity_check().
 */
int amp_rproc_check_entries(struct amp_rproc *ar, const void *table)
{
	unsigned int i, vdevs = 0;
	struct amp_rsc_entry e;
	int ret = 0;

	for (i = 0; i < amp_rsctable_num(table) && !ret; i++) {
		amp_rsctable_entry(table, i, &e);
		switch (e.type) {
		case AMP_RSC_CARVEOUT:
			ret = check_carveout(ar, &e);
			break;
		case AMP_RSC_TRACE:
			ret = check_trace(ar, &e);
			break;
		case AMP_RSC_VDEV:
			ret = check_vdev(ar, table, &e, vdevs++);
			break;
		default:
			break;
		}
	}
	return ret;
}

static int check_table(struct amp_rproc *ar, struct fw_image *img)
{
	struct amp_elf_section *sec = &img->table;
	struct amp_fault fault;
	size_t used;
	int ret;

	ret = amp_elf_find_section(&img->elf, ".resource_table", sec, &fault);
	if (ret < 0)
		return amp_rproc_report_fault(ar, ret, &fault);
	if (!ret)
		return 0;
	img->has_table = true;

	ret = amp_rsctable_check(sec->data, sec->size, &used, &fault);
	if (ret)
		return amp_rproc_report_fault(ar, ret, &fault);
	sec->size = used;
	if (used > AMP_RPROC_MAX_TABLE) {
		amp_fault_set(&fault, -EBADMSG, "resource table", -1, "size", used,
			      "larger than any real one");
		return amp_rproc_report_fault(ar, -EBADMSG, &fault);
	}

	if (amp_memmap_find(ar->mem, ar->num_mem, sec->addr, sec->size) < 0) {
		amp_fault_set(&fault, -ENXIO, "resource table", -1, "sh_addr", sec->addr,
			      "outside every memory of this processor");
		return amp_rproc_report_fault(ar, -ENXIO, &fault);
	}
	return amp_rproc_check_entries(ar, sec->data);
}

static int judge(struct amp_rproc *ar, const struct firmware *fw, struct fw_image *img)
{
	struct amp_fault fault;
	int ret;

	*img = (struct fw_image){};
	if (ar->removing)
		return -ENODEV;

	ret = amp_elf_open(&img->elf, fw->data, fw->size, ar->desc->elf_machine, &fault);
	if (ret)
		return amp_rproc_report_fault(ar, ret, &fault);
	ret = check_segments(ar, img);
	if (ret)
		return ret;
	return check_table(ar, img);
}

/**
 * amp_rproc_sanity_check() - judge a firmware
 * @rproc: the remote that it is for
 * @fw:    the file
 *
 * The first thing that the core calls at a start.
 *
 * Context: process; rproc->lock held.
 * Return: 0, -ENOEXEC if the file is no program for this processor, -EBADMSG if it is damaged,
 * -EOVERFLOW for wrapping addresses, -ENXIO for addresses that the processor does not have,
 * -EPROTONOSUPPORT or -EOPNOTSUPP for a resource table that asks for what does not exist, -ENODEV
 * without doorbell, -ENOENT without a memory-region, -ENOSPC if one is too small.
 */
int amp_rproc_sanity_check(struct rproc *rproc, const struct firmware *fw)
{
	struct amp_rproc *ar = to_amp_rproc(rproc);
	struct fw_image img;
	int ret;

	ret = judge(ar, fw, &img);
	if (!ret && img.has_table)
		amp_rproc_mention(ar, img.table.data, img.table.size);
	return ret;
}
EXPORT_SYMBOL_NS_GPL(amp_rproc_sanity_check, "AMP_RPROC");

/**
 * amp_rproc_get_boot_addr() - entry point of a firmware
 * @rproc: the remote that it is for
 * @fw:    the file; amp_rproc_sanity_check() accepted it
 *
 * Context: process; rproc->lock held.
 * Return: device address, 0 if the file names none.
 */
u64 amp_rproc_get_boot_addr(struct rproc *rproc, const struct firmware *fw)
{
	struct amp_rproc *ar = to_amp_rproc(rproc);
	struct amp_fault fault;
	struct amp_elf elf;

	if (amp_elf_open(&elf, fw->data, fw->size, ar->desc->elf_machine, &fault))
		return 0;
	return elf.entry;
}
EXPORT_SYMBOL_NS_GPL(amp_rproc_get_boot_addr, "AMP_RPROC");

/**
 * amp_rproc_add_aliases() - carveouts that a firmware asks for under a name that only it knows
 * @ar:    the remote, prepared
 * @table: its resource table; amp_rproc_check_entries() accepted it
 *
 * Context: process; rproc->lock held.
 * Return: 0, -ENOMEM, or -ENXIO if no memory contains one.
 */
int amp_rproc_add_aliases(struct amp_rproc *ar, const void *table)
{
	struct amp_rsc_entry e;
	unsigned int i, j;
	int ret;

	for (i = 0; i < amp_rsctable_num(table); i++) {
		amp_rsctable_entry(table, i, &e);
		if (e.type != AMP_RSC_CARVEOUT)
			continue;
		for (j = 0; j < ar->num_mem; j++)
			if (!strcmp(ar->mem[j].name, e.name))
				break;
		if (j < ar->num_mem)
			continue;
		ret = amp_rproc_add_alias(ar, e.name, e.da, e.len);
		if (ret)
			return ret;
	}
	return 0;
}

/* Of the table as the file has it; the core writes addresses into its copy. */
static u32 table_crc(const struct fw_image *img)
{
	return crc32(0, img->table.data, img->table.size);
}

/**
 * amp_rproc_parse_fw() - give the resource table of a firmware to the core
 * @rproc: the remote, prepared
 * @fw:    the file
 *
 * A firmware without resource table is fine; it has no virtio device and no trace buffer.
 *
 * Context: process; rproc->lock held.
 * Return: 0, -ENOMEM, or what amp_rproc_sanity_check() returns.
 */
int amp_rproc_parse_fw(struct rproc *rproc, const struct firmware *fw)
{
	struct amp_rproc *ar = to_amp_rproc(rproc);
	struct fw_image img;
	int ret;

	ret = judge(ar, fw, &img);
	if (ret || !img.has_table)
		return ret;
	ret = amp_rproc_add_aliases(ar, img.table.data);
	if (ret)
		return ret;

	/* The core frees it after stop, or if the start fails later. */
	rproc->cached_table = kmemdup(img.table.data, img.table.size, GFP_KERNEL);
	if (!rproc->cached_table)
		return -ENOMEM;
	rproc->table_ptr = rproc->cached_table;
	rproc->table_sz = img.table.size;
	ar->table_crc = table_crc(&img);
	return 0;
}
EXPORT_SYMBOL_NS_GPL(amp_rproc_parse_fw, "AMP_RPROC");

/* Piece by piece, as a segment may go on from one memory into the next. */
static void load_segment(struct amp_rproc *ar, const struct amp_elf_segment *seg)
{
	u32 done = 0, n;

	while (done < seg->memsz) {
		u64 da = (u64)seg->da + done;
		struct amp_mem *mem = &ar->mem[amp_memmap_find(ar->mem, ar->num_mem, da, 1)];
		void __iomem *va = (__force void __iomem *)mem->va + (da - mem->da);

		n = min_t(u64, seg->memsz - done, mem->da + mem->len - da);
		if (done < seg->filesz) {
			n = min(n, seg->filesz - done);
			memcpy_toio(va, seg->data + done, n);
		} else {
			memset_io(va, 0, n);
		}
		done += n;
		cond_resched();
	}
}

/* Of the file that was loaded first, or of what was attached to before the crash. */
static int check_table_in_use(struct amp_rproc *ar, const struct fw_image *img)
{
	bool same;

	if (img->has_table && ar->table.found)
		return amp_rproc_check_found_table(ar, img->table.data, img->table.size);
	if (img->has_table)
		same = img->table.size == ar->rproc->table_sz && table_crc(img) == ar->table_crc;
	else
		same = !ar->rproc->cached_table;
	return same ? 0 : -ESTALE;
}

/**
 * amp_rproc_load() - load the segments of a firmware
 * @rproc: the remote, its memory mapped
 * @fw:    the file
 *
 * Judges the file again: after a crash the core loads what the file system has then without a
 * sanity check. A file with another resource table than the one in use needs a stop and a start.
 *
 * Context: process; rproc->lock held.
 * Return: 0, -ESTALE if the resource table changed, -ENOMEM, or what amp_rproc_sanity_check()
 * returns.
 */
int amp_rproc_load(struct rproc *rproc, const struct firmware *fw)
{
	struct amp_rproc *ar = to_amp_rproc(rproc);
	struct amp_elf_segment seg;
	struct amp_fault fault;
	unsigned int pos = 0;
	struct fw_image img;
	int ret;

	ret = judge(ar, fw, &img);
	if (ret)
		return ret;
	ret = check_table_in_use(ar, &img);
	if (ret == -ESTALE)
		dev_err(&rproc->dev, "firmware %s: resource table changed, stop the processor first\n",
			rproc->firmware);
	if (ret)
		return ret;

	/* That of what had been attached to may have had no end. */
	if (img.has_table)
		rproc->table_sz = img.table.size;
	/* After a crash the core has that of the file that it loaded first. */
	rproc->bootaddr = img.elf.entry;
	while (amp_elf_next_segment(&img.elf, &pos, &seg, &fault) > 0)
		load_segment(ar, &seg);

	amp_rproc_notify_arm(ar);
	return 0;
}
EXPORT_SYMBOL_NS_GPL(amp_rproc_load, "AMP_RPROC");

static int write_table(struct amp_rproc *ar, const struct firmware *fw)
{
	struct rproc *rproc = ar->rproc;
	struct fw_image img;
	void *live;
	int ret;

	ret = judge(ar, fw, &img);
	if (ret)
		return ret;
	live = amp_rproc_da_to_va(rproc, img.table.addr, rproc->table_sz, NULL);
	if (!img.has_table || !live)
		return -ENXIO;
	memcpy_toio((__force void __iomem *)live, rproc->cached_table, rproc->table_sz);
	return amp_rproc_table_connect(ar, img.table.addr, rproc->cached_table);
}

/**
 * amp_rproc_find_loaded_rsc_table() - write the resource table into the remote's memory
 * @rproc: the remote, its firmware loaded
 * @fw:    the file
 *
 * The core asks for the place, in order to write there and to use what is there from then on. It
 * is told that there is none and goes on with its own copy; see amp_rproc_table.c.
 * amp_rproc_load() has made sure that both have the same size. What goes wrong here lets the start
 * fail, which comes next.
 *
 * Context: process; rproc->lock held.
 * Return: NULL.
 */
struct resource_table *amp_rproc_find_loaded_rsc_table(struct rproc *rproc,
						       const struct firmware *fw)
{
	struct amp_rproc *ar = to_amp_rproc(rproc);

	ar->table.error = 0;
	if (rproc->cached_table)
		ar->table.error = write_table(ar, fw);
	if (ar->table.error)
		dev_err(&rproc->dev, "firmware %s: cannot write its resource table: %d\n",
			rproc->firmware, ar->table.error);
	return NULL;
}
EXPORT_SYMBOL_NS_GPL(amp_rproc_find_loaded_rsc_table, "AMP_RPROC");
