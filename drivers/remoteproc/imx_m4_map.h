/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How the Cortex-M4 of an i.MX sees memory, and how it boots. PURE: no kernel objects, no logging.
 *
 * Copyright (c) 2026 linux-amp developers
 */
#ifndef IMX_M4_MAP_H
#define IMX_M4_MAP_H

#include <linux/types.h>

#include "amp_memmap.h"

/* Stack pointer and program counter, which the core fetches from its address 0. */
#define IMX_M4_BOOT_BYTES	8

#define IMX_M4_NUM_WINDOWS	6

/**
 * struct imx_m4_own - memory that belongs to the core, under one of its addresses
 * @name:   for remoteproc, unique
 * @window: where it is
 * @alias:  listed before under another address
 */
struct imx_m4_own {
	const char *name;
	struct amp_mem_window window;
	bool alias;
};

/**
 * struct imx_m4_map - memory of one kind of SoC
 * @own:     on-chip memory that belongs to the core
 * @num_own: how many
 * @windows: all that it can reach, IMX_M4_NUM_WINDOWS of them, the last ones may be empty; of
 *           several addresses for the same memory, Linux uses the first, firmware any. @own is in
 *           them, because a devicetree may say what a part of it is for.
 */
struct imx_m4_map {
	const struct imx_m4_own *own;
	unsigned int num_own;
	const struct amp_mem_window *windows;
};

/**
 * struct imx_m4_boot - what the core fetches first
 * @sp: stack pointer
 * @pc: program counter, with bit 0 set
 */
struct imx_m4_boot {
	u32 sp;
	u32 pc;
};

extern const struct amp_mem_window imx_m4_windows_imx7d[IMX_M4_NUM_WINDOWS];
extern const struct amp_mem_window imx_m4_windows_imx6sx[IMX_M4_NUM_WINDOWS];
extern const struct amp_mem_window imx_m4_windows_imx7ulp[IMX_M4_NUM_WINDOWS];
extern const struct imx_m4_map imx_m4_map_imx7d;
extern const struct imx_m4_map imx_m4_map_imx6sx;
extern const struct imx_m4_map imx_m4_map_imx7ulp;

int imx_m4_next_alias(const struct imx_m4_map *map, unsigned int *pos, const struct amp_mem *mem,
		      u64 *da);
bool imx_m4_covers_boot(const struct imx_m4_map *map, u64 da, u64 len);
bool imx_m4_find_vectors(const struct imx_m4_map *map, const u8 *data, u32 size, u32 da, u32 entry,
			 struct imx_m4_boot *boot);

#endif /* IMX_M4_MAP_H */
