/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The memory of a remote: which addresses it has, what they are for. PURE: no kernel objects, no
 * logging.
 *
 * Copyright (c) 2026 linux-amp developers
 */
#ifndef AMP_MEMMAP_H
#define AMP_MEMMAP_H

#include <linux/types.h>

struct device_node;

#define AMP_MEM_NAME_LEN	32

/**
 * enum amp_mem_role - what a memory is for
 * @AMP_MEM_CARVEOUT:  code and data of the firmware
 * @AMP_MEM_VRING:     one ring of one virtio device
 * @AMP_MEM_BUFFER:    buffers of one virtio device; mapped by the DMA API, not by us
 * @AMP_MEM_RSC_TABLE: resource table of a remote that something else started
 */
enum amp_mem_role {
	AMP_MEM_CARVEOUT,
	AMP_MEM_VRING,
	AMP_MEM_BUFFER,
	AMP_MEM_RSC_TABLE,
};

/**
 * struct amp_mem - one piece of memory
 * @name:     as the remoteproc core and firmware know it
 * @role:     what it is for
 * @vdev:     for a ring or buffers: of which virtio device
 * @vring:    for a ring: which
 * @da:       address in the remote's view
 * @pa:       physical address in Linux's view
 * @len:      bytes
 * @scrub:    undefined, perhaps with wrong ECC, until written after power-up
 * @dma_pool: the DMA API can allocate from it by itself
 * @resm_idx: position in "memory-region", negative if it is not from there
 * @np:       devicetree node to name in messages; not referenced here
 * @va:       where Linux has mapped it, NULL while it has not
 */
struct amp_mem {
	char name[AMP_MEM_NAME_LEN];
	enum amp_mem_role role;
	u8 vdev;
	u8 vring;
	u64 da;
	u64 pa;
	u64 len;
	bool scrub;
	bool dma_pool;
	int resm_idx;
	const struct device_node *np;
	void *va;
};

/**
 * struct amp_mem_window - addresses that a remote sees shifted by a constant
 * @da:  in the remote's view
 * @pa:  in Linux's view
 * @len: bytes
 */
struct amp_mem_window {
	u64 da;
	u64 pa;
	u64 len;
};

bool amp_memmap_role(const char *name, struct amp_mem *mem);
int amp_memmap_find(const struct amp_mem *mem, unsigned int num, u64 da, u64 len);
int amp_memmap_covers(const struct amp_mem *mem, unsigned int num, u64 da, u64 len, u64 *bad);
int amp_memmap_by_role(const struct amp_mem *mem, unsigned int num, enum amp_mem_role role,
		       unsigned int vdev, unsigned int vring);
int amp_memmap_translate(const struct amp_mem_window *win, unsigned int num, u64 pa, u64 len,
			 u64 *da);

#endif /* AMP_MEMMAP_H */
