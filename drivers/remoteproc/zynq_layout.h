/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a Zynq-7000 devicetree, module parameter or firmware may say, and what is made of it. PURE:
 * no kernel objects, no logging.
 *
 * Copyright (c) 2026 linux-amp developers
 */
#ifndef ZYNQ_LAYOUT_H
#define ZYNQ_LAYOUT_H

#include <linux/types.h>

#include "amp_memmap.h"

/* Software-generated interrupts: the kernel keeps the lower eight of sixteen for itself. */
#define ZYNQ_SGI_FIRST		8
#define ZYNQ_SGI_END		16
#define ZYNQ_NUM_SGIS		(ZYNQ_SGI_END - ZYNQ_SGI_FIRST)

/* In the order of the module parameter. */
#define ZYNQ_SGI_TO_REMOTE	0
#define ZYNQ_SGI_FROM_REMOTE	1

/**
 * struct zynq_sgi_wish - where the numbers of the two doorbells may come from
 * @dt:        vring1 and vring0 of the devicetree, by direction, ZYNQ_SGI_TO_REMOTE and so on
 * @has_dt:    whether the devicetree has them
 * @param:     module parameter vring_sgis, with its default
 * @num_param: how many numbers that has
 */
struct zynq_sgi_wish {
	u32 dt[2];
	bool has_dt[2];
	int param[2];
	unsigned int num_param;
};

/**
 * enum zynq_jump - how CPU1 gets from physical address 0, where a reset sends it, to a program
 * @ZYNQ_JUMP_NONE:   the program is there
 * @ZYNQ_JUMP_KERNEL: the platform code of the kernel writes a jump
 * @ZYNQ_JUMP_OURS:   the memory there is not the kernel's, and the kernel thinks it is
 */
enum zynq_jump {
	ZYNQ_JUMP_NONE,
	ZYNQ_JUMP_KERNEL,
	ZYNQ_JUMP_OURS,
};

#define ZYNQ_JUMP_WORDS		2

/* The head of a resource table */
#define ZYNQ_TABLE_WORDS	4

int zynq_choose_sgis(const struct zynq_sgi_wish *wish, u32 sgi[2], const char **why);
int zynq_check_entry(const struct amp_mem *mem, unsigned int num, u64 entry, const char **why);
enum zynq_jump zynq_choose_jump(u32 entry, bool kernel_maps_0, bool ram_at_0);
void zynq_make_jump(u32 entry, u32 code[ZYNQ_JUMP_WORDS]);
bool zynq_is_table(const u32 head[ZYNQ_TABLE_WORDS]);
bool zynq_split_memory(const struct amp_mem *mem, unsigned int num, unsigned int *which,
		       struct amp_mem part[3]);

#endif /* ZYNQ_LAYOUT_H */
