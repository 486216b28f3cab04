// SPDX-License-Identifier: GPL-2.0-only
/*
 * How the Cortex-M4 of an i.MX sees memory, and how it boots. PURE: no kernel objects, no logging.
 *
 * The core fetches instructions through another bus below 0x20000000 than above, so that most
 * memories have one address for code and one for data. i.MX 7Dual and i.MX 6SoloX Applications
 * Processor Reference Manuals, chapter "Memory Maps", Cortex-M4 memory map.
 *
 * Copyright (c) 2026 linux-amp developers
 */
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/string.h>
#include <linux/types.h>
#include <asm/byteorder.h>

#include "imx_m4_map.h"

/* A vector table begins at a multiple of this (Armv7-M Architecture, B3.2.5). */
#define VECTORS_ALIGN	128

static const struct imx_m4_own imx7d_own[] = {
	{ .name = "tcml", .window = { .da = 0x1fff8000, .pa = 0x007f8000, .len = 0x8000 } },
	{ .name = "tcmu", .window = { .da = 0x20000000, .pa = 0x00800000, .len = 0x8000 } },
	{ .name = "ocram-s", .window = { .da = 0x00180000, .pa = 0x00180000, .len = 0x8000 } },
	{
		.name = "ocram-s-boot",
		.window = { .da = 0x00000000, .pa = 0x00180000, .len = 0x8000 },
		.alias = true,
	},
};

/*
 * The three OCRAMs adjoin, in both views, and so do the TCMs. The code's view of DDR ends before
 * TCML begins.
 */
const struct amp_mem_window imx_m4_windows_imx7d[IMX_M4_NUM_WINDOWS] = {
	{ .da = 0x80000000, .pa = 0x80000000, .len = 0x60000000 },
	{ .da = 0x10000000, .pa = 0x80000000, .len = 0x0fff0000 },
	{ .da = 0x00900000, .pa = 0x00900000, .len = 0x00048000 },
	{ .da = 0x20200000, .pa = 0x00900000, .len = 0x00048000 },
	{ .da = 0x1fff8000, .pa = 0x007f8000, .len = 0x00010000 },
	{ .da = 0x00180000, .pa = 0x00180000, .len = 0x00008000 },
};

const struct imx_m4_map imx_m4_map_imx7d = {
	.own = imx7d_own,
	.num_own = ARRAY_SIZE(imx7d_own),
	.windows = imx_m4_windows_imx7d,
};

static const struct imx_m4_own imx6sx_own[] = {
	{ .name = "tcml", .window = { .da = 0x1fff8000, .pa = 0x007f8000, .len = 0x8000 } },
	{ .name = "tcmu", .window = { .da = 0x20000000, .pa = 0x00800000, .len = 0x8000 } },
	{
		.name = "tcml-boot",
		.window = { .da = 0x00000000, .pa = 0x007f8000, .len = 0x8000 },
		.alias = true,
	},
};

/* Linux has uses of its own for OCRAM_S, so the devicetree has to give it away. */
const struct amp_mem_window imx_m4_windows_imx6sx[IMX_M4_NUM_WINDOWS] = {
	{ .da = 0x80000000, .pa = 0x80000000, .len = 0x60000000 },
	{ .da = 0x10000000, .pa = 0x80000000, .len = 0x0fff8000 },
	{ .da = 0x208f8000, .pa = 0x008f8000, .len = 0x00004000 },
	{ .da = 0x00180000, .pa = 0x008f8000, .len = 0x00004000 },
	{ .da = 0x1fff8000, .pa = 0x007f8000, .len = 0x00010000 },
};

const struct imx_m4_map imx_m4_map_imx6sx = {
	.own = imx6sx_own,
	.num_own = ARRAY_SIZE(imx6sx_own),
	.windows = imx_m4_windows_imx6sx,
};

/* One view, and nothing at address 0: boot code starts the core from where its program is. */
static const struct imx_m4_own imx7ulp_own[] = {
	{ .name = "tcml", .window = { .da = 0x1ffd0000, .pa = 0x1ffd0000, .len = 0x30000 } },
	{ .name = "tcmu", .window = { .da = 0x20000000, .pa = 0x20000000, .len = 0x10000 } },
	{ .name = "sram0", .window = { .da = 0x2f000000, .pa = 0x2f000000, .len = 0x20000 } },
	{ .name = "sram1", .window = { .da = 0x2f020000, .pa = 0x2f020000, .len = 0x20000 } },
};

const struct amp_mem_window imx_m4_windows_imx7ulp[IMX_M4_NUM_WINDOWS] = {
	{ .da = 0x60000000, .pa = 0x60000000, .len = 0x40000000 },
	{ .da = 0x1ffd0000, .pa = 0x1ffd0000, .len = 0x00040000 },
	{ .da = 0x2f000000, .pa = 0x2f000000, .len = 0x00040000 },
};

const struct imx_m4_map imx_m4_map_imx7ulp = {
	.own = imx7ulp_own,
	.num_own = ARRAY_SIZE(imx7ulp_own),
	.windows = imx_m4_windows_imx7ulp,
};

/**
 * imx_m4_next_alias() - under which other addresses a memory is seen
 * @map: of the SoC
 * @pos: window to continue with; 0 to begin, updated
 * @mem: the memory
 * @da:  receives the address
 *
 * Context: any.
 * Return: 1 if there is another address for all of @mem, 0 if there are no more.
 */
int imx_m4_next_alias(const struct imx_m4_map *map, unsigned int *pos, const struct amp_mem *mem,
		      u64 *da)
{
	while (*pos < IMX_M4_NUM_WINDOWS) {
		const struct amp_mem_window *win = &map->windows[(*pos)++];

		if (mem->pa < win->pa || mem->pa - win->pa >= win->len ||
		    mem->len > win->len - (mem->pa - win->pa))
			continue;
		*da = win->da + (mem->pa - win->pa);
		if (*da != mem->da)
			return 1;
	}
	return 0;
}

/* Overlapping, by subtractions that cannot wrap. */
static bool overlaps(u64 a, u64 a_len, u64 b, u64 b_len)
{
	return a >= b ? a - b < b_len && a_len : b - a < a_len && b_len;
}

/**
 * imx_m4_covers_boot() - does something lie over what the core fetches first
 * @map: of the SoC
 * @da:  device address of that something
 * @len: bytes
 *
 * Context: any.
 * Return: true if it does, under whatever address.
 */
bool imx_m4_covers_boot(const struct imx_m4_map *map, u64 da, u64 len)
{
	u64 boot_pa = 0, at;
	unsigned int i;

	for (i = 0; i < map->num_own; i++)
		if (!map->own[i].window.da)
			boot_pa = map->own[i].window.pa;

	for (i = 0; i < map->num_own; i++) {
		const struct amp_mem_window *win = &map->own[i].window;

		if (boot_pa < win->pa || boot_pa - win->pa >= win->len)
			continue;
		at = win->da + (boot_pa - win->pa);
		if (overlaps(da, len, at, IMX_M4_BOOT_BYTES))
			return true;
	}
	return false;
}

/* A stack grows down from here: the end of a memory is good, its beginning is not. */
static bool is_stack(const struct imx_m4_map *map, u32 sp)
{
	unsigned int i;

	if (!sp || sp % 4)
		return false;
	for (i = 0; i < map->num_own; i++)
		if (sp > map->own[i].window.da &&
		    sp - map->own[i].window.da <= map->own[i].window.len)
			return true;
	for (i = 0; i < IMX_M4_NUM_WINDOWS; i++)
		if (sp > map->windows[i].da && sp - map->windows[i].da <= map->windows[i].len)
			return true;
	return false;
}

static u32 get32(const u8 *p)
{
	__le32 v;

	memcpy(&v, p, sizeof(v));
	return le32_to_cpu(v);
}

/**
 * imx_m4_find_vectors() - find the vector table of a program
 * @map:   of the SoC
 * @data:  a segment of it, in the file
 * @size:  bytes that the file has of it
 * @da:    where it is loaded
 * @entry: entry point of the program
 * @boot:  receives the first two words of the table
 *
 * A vector table begins with an initial stack pointer and the address of the reset handler, which
 * is the entry point.
 *
 * Context: any.
 * Return: true if it is in this segment.
 */
bool imx_m4_find_vectors(const struct imx_m4_map *map, const u8 *data, u32 size, u32 da, u32 entry,
			 struct imx_m4_boot *boot)
{
	u32 at = (VECTORS_ALIGN - da % VECTORS_ALIGN) % VECTORS_ALIGN;

	if (!entry)
		return false;
	for (; at < size && size - at >= IMX_M4_BOOT_BYTES; at += VECTORS_ALIGN) {
		boot->sp = get32(data + at);
		boot->pc = get32(data + at + 4);
		if (boot->pc == (entry | 1) && is_stack(map, boot->sp))
			return true;
	}
	return false;
}
