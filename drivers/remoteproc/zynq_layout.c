// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a Zynq-7000 devicetree, module parameter or firmware may say, and what is made of it. PURE:
 * no kernel objects, no logging.
 *
 * Copyright (c) 2026 linux-amp developers
 */
#include <linux/build_bug.h>
#include <linux/errno.h>
#include <linux/string.h>
#include <linux/types.h>

#include "zynq_layout.h"

/* 256 descriptors of 16 bytes, 4 KiB alignment; and 512 buffers of 512 bytes. */
#define RING_BYTES	0x4000
#define BUFFER_BYTES	0x40000

/* A memory for everything that is smaller is left to the program. */
#define SPLIT_MIN	0x100000

/**
 * zynq_choose_sgis() - which software-generated interrupts are the doorbells
 * @wish: what devicetree and module parameter say
 * @sgi:  receives the numbers, by direction, ZYNQ_SGI_TO_REMOTE and so on
 * @why:  receives what is wrong
 *
 * The devicetree wins, for each direction by itself: it belongs to the firmware of the board.
 *
 * Context: any.
 * Return: 0, -EINVAL if the numbers cannot be used.
 */
int zynq_choose_sgis(const struct zynq_sgi_wish *wish, u32 sgi[2], const char **why)
{
	unsigned int i;

	/* Also if it is not needed: a wrong parameter is not what somebody meant. */
	if (wish->num_param != 2) {
		*why = "vring_sgis needs two numbers, to CPU1 and from CPU1";
		return -EINVAL;
	}

	for (i = 0; i < 2; i++) {
		u32 n = wish->has_dt[i] ? wish->dt[i] : (u32)wish->param[i];

		if (n >= ZYNQ_SGI_END) {
			*why = wish->has_dt[i] ? "vring0 and vring1 are SGIs, which end at 15" :
						 "vring_sgis are SGIs, which end at 15";
			return -EINVAL;
		}
		if (n < ZYNQ_SGI_FIRST) {
			*why = "SGIs 0 to 7 are Linux's own";
			return -EINVAL;
		}
		sgi[i] = n;
	}

	if (sgi[0] == sgi[1]) {
		*why = "both directions have the same SGI";
		return -EINVAL;
	}
	return 0;
}

/**
 * zynq_check_entry() - can CPU1 be sent to an entry point
 * @mem:   memory of the remote
 * @num:   how many
 * @entry: device address
 * @why:   receives what is wrong
 *
 * Context: any.
 * Return: 0, -EINVAL for what cannot be jumped to, -ENXIO for an address outside of all memory.
 */
int zynq_check_entry(const struct amp_mem *mem, unsigned int num, u64 entry, const char **why)
{
	unsigned int i;

	/* The jump that the kernel writes at 0 cannot go into itself, nor to Thumb code. */
	if (entry & 3) {
		*why = "no ARM instruction begins there";
		return -EINVAL;
	}
	if (entry && entry < 0x20) {
		*why = "among the exception vectors";
		return -EINVAL;
	}
	for (i = 0; i < num; i++)
		if (mem[i].role == AMP_MEM_CARVEOUT && entry >= mem[i].da &&
		    entry - mem[i].da < mem[i].len)
			return 0;
	*why = "outside every memory of this processor";
	return -ENXIO;
}

/**
 * zynq_choose_jump() - how to get CPU1 to an entry point
 * @entry:         device address
 * @kernel_maps_0: the kernel's linear mapping begins at physical address 0
 * @ram_at_0:      physical address 0 is memory that Linux uses
 *
 * The kernel's platform code takes it for granted that memory at 0 is in the linear mapping if that
 * begins there. It is not if the devicetree has taken it away, for a program that is linked at 0.
 *
 * Context: any.
 * Return: how.
 */
enum zynq_jump zynq_choose_jump(u32 entry, bool kernel_maps_0, bool ram_at_0)
{
	if (!entry)
		return ZYNQ_JUMP_NONE;
	return kernel_maps_0 && !ram_at_0 ? ZYNQ_JUMP_OURS : ZYNQ_JUMP_KERNEL;
}

/**
 * zynq_make_jump() - code that jumps anywhere from anywhere
 * @entry: where to
 * @code:  receives the instruction and the address that it loads
 *
 * Context: any.
 */
void zynq_make_jump(u32 entry, u32 code[ZYNQ_JUMP_WORDS])
{
	/* ldr pc, [pc, #-4]: the pc is two instructions ahead of this one, and the word one. */
	code[0] = 0xe51ff004;
	code[1] = entry;
}

/**
 * zynq_is_table() - could this be the head of a resource table
 * @head: version, number of entries, two reserved words
 *
 * Says whether it is worth while to have a close look, which is taken when the user attaches.
 *
 * Context: any.
 * Return: true if it could.
 */
bool zynq_is_table(const u32 head[ZYNQ_TABLE_WORDS])
{
	return head[0] == 1 && head[1] && head[1] <= 256 && !head[2] && !head[3];
}

static void make_part(struct amp_mem *part, const struct amp_mem *from, const char *name,
		      enum amp_mem_role role, u64 offset, u64 len)
{
	*part = *from;
	strscpy(part->name, name, sizeof(part->name));
	part->role = role;
	part->vdev = 0;
	part->vring = 0;
	part->da += offset;
	part->pa += offset;
	part->len = len;
	part->dma_pool = false;
	part->resm_idx = -1;
}

/**
 * zynq_split_memory() - find rings and buffers in a devicetree that has no regions for them
 * @mem:   memory of the remote
 * @num:   how many
 * @which: receives the index of the memory that was split, and whose length is now that of the
 *         part that is left
 * @part:  receives two rings and a buffer; the buffer replaces a pool, and follows a carveout
 *
 * Before every ring had a region of its own, there was one DMA pool for rings and buffers, or just
 * one memory that was large enough. A pool is split in the order in which later devicetrees have
 * its parts; of a plain memory, the end is taken.
 *
 * Context: any.
 * Return: true if there was something to split.
 */
bool zynq_split_memory(const struct amp_mem *mem, unsigned int num, unsigned int *which,
		       struct amp_mem part[3])
{
	unsigned int i, pools = 0, best = num;
	u64 rings;

	for (i = 0; i < num; i++) {
		if (mem[i].role == AMP_MEM_VRING)
			return false;
		if (mem[i].role == AMP_MEM_BUFFER) {
			/* More than one device, or a buffer that only lacks its rings. */
			if (pools++ || mem[i].vdev || !mem[i].dma_pool)
				return false;
			best = i;
		}
	}
	for (i = 0; i < num && !pools; i++)
		if (mem[i].role == AMP_MEM_CARVEOUT && mem[i].len >= SPLIT_MIN &&
		    (best == num || mem[i].len > mem[best].len))
			best = i;
	if (best == num || mem[best].len < 2 * RING_BYTES + BUFFER_BYTES)
		return false;

	rings = pools ? 0 : mem[best].len - 2 * RING_BYTES - BUFFER_BYTES;
	/* Rings have to begin aligned, whatever the memory is. */
	if ((mem[best].pa + rings) & (RING_BYTES - 1))
		return false;

	make_part(&part[0], &mem[best], "vdev0vring0", AMP_MEM_VRING, rings, RING_BYTES);
	make_part(&part[1], &mem[best], "vdev0vring1", AMP_MEM_VRING, rings + RING_BYTES,
		  RING_BYTES);
	part[1].vring = 1;
	make_part(&part[2], &mem[best], "vdev0buffer", AMP_MEM_BUFFER, rings + 2 * RING_BYTES,
		  mem[best].len - rings - 2 * RING_BYTES);
	*which = best;
	return true;
}
