/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Header by which a running remote says where its resource table is. PURE: no kernel objects, no
 * logging.
 *
 * Copyright (c) 2026 linux-amp developers
 */
#ifndef AMP_ATTACH_H
#define AMP_ATTACH_H

#include <linux/compiler.h>
#include <linux/types.h>

#include "amp_fault.h"
#include "amp_memmap.h"

/* "xamp", most significant byte first */
#define AMP_ATTACH_MAGIC	0x78616d70U

/* Firmware has 32-bit addresses; whatever follows belongs to somebody else. */
struct amp_attach_header {
	__le32 version;
	__le32 magic;
	__le32 magic_complement;
	__le32 table_size;
	__le32 table_da;
} __packed;

/**
 * struct amp_attach_table - where a resource table is
 * @mem:  index of the memory that contains it
 * @da:   device address
 * @size: bytes, no more than the memory has from @da on
 */
struct amp_attach_table {
	unsigned int mem;
	u32 da;
	u32 size;
};

bool amp_attach_is_header(const void *bytes);
int amp_attach_check(const void *bytes, const struct amp_mem *mem, unsigned int num, u32 max_size,
		     struct amp_attach_table *table, struct amp_fault *fault);

#endif /* AMP_ATTACH_H */
