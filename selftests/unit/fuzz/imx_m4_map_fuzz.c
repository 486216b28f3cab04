// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fuzz target of the Cortex-M4's memory map. Input: which SoC, where a segment is loaded, the
 * program's entry point, where a memory is and how long, then the bytes of the segment.
 * Differential: vectors are looked for at each byte, addresses are compared in 128 bits.
 *
 * Copyright (c) 2026 linux-amp developers
 */
#include <stdlib.h>
#include <string.h>

#include "imx_m4_map.h"

#define u128 unsigned __int128

int LLVMFuzzerTestOneInput(const u8 *data, size_t size);

struct input {
	u8 soc;
	u8 unused[3];
	u32 da;
	u32 entry;
	u32 unused2;
	u64 start;
	u64 len;
};

static u32 word(const u8 *p)
{
	return p[0] | p[1] << 8 | p[2] << 16 | (u32)p[3] << 24;
}

/* Somewhere in a memory that the core has, or at its very end. */
static bool is_stack(const struct imx_m4_map *map, u32 sp)
{
	const struct amp_mem_window *win;
	unsigned int i;

	for (i = 0; i < map->num_own + IMX_M4_NUM_WINDOWS; i++) {
		win = i < map->num_own ? &map->own[i].window : &map->windows[i - map->num_own];
		if (sp && sp % 4 == 0 && sp > win->da && sp <= (u128)win->da + win->len)
			return true;
	}
	return false;
}

static bool find(const struct imx_m4_map *map, const u8 *data, size_t size, u32 da, u32 entry,
		 size_t *at)
{
	for (*at = 0; *at + IMX_M4_BOOT_BYTES <= size; ++*at)
		if (!((da + *at) % 128) && entry && is_stack(map, word(data + *at)) &&
		    word(data + *at + 4) == (entry | 1))
			return true;
	return false;
}

static void check_vectors(const struct imx_m4_map *map, const u8 *data, size_t size, u32 da,
			  u32 entry)
{
	struct imx_m4_boot boot;
	size_t at;
	bool found = imx_m4_find_vectors(map, data, size, da, entry, &boot);

	if (found != find(map, data, size, da, entry, &at))
		abort();
	if (found && (boot.sp != word(data + at) || boot.pc != (entry | 1)))
		abort();
}

/* Every other address has to lead back to where the memory is, to its last byte. */
static void check_aliases(const struct imx_m4_map *map, u64 start, u64 len)
{
	struct amp_mem mem = { .pa = start, .da = start, .len = len };
	unsigned int i, pos = 0, found = 0;
	u64 da;

	while (imx_m4_next_alias(map, &pos, &mem, &da)) {
		const struct amp_mem_window *win = &map->windows[pos - 1];

		if (!pos || pos > IMX_M4_NUM_WINDOWS || ++found > IMX_M4_NUM_WINDOWS)
			abort();
		if (da == mem.da || (u128)da - win->da != (u128)start - win->pa ||
		    (u128)start + len > (u128)win->pa + win->len)
			abort();
	}
	for (i = 0; i < IMX_M4_NUM_WINDOWS; i++) {
		const struct amp_mem_window *win = &map->windows[i];

		if (start >= win->pa && start < (u128)win->pa + win->len &&
		    (u128)start + len <= (u128)win->pa + win->len &&
		    win->da + (start - win->pa) != start && !found--)
			abort();
	}
	if (found)
		abort();
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	static const struct imx_m4_map *const maps[] = {
		&imx_m4_map_imx7d, &imx_m4_map_imx6sx, &imx_m4_map_imx7ulp,
	};
	const struct imx_m4_map *map;
	struct input in;

	if (size < sizeof(in))
		return 0;
	memcpy(&in, data, sizeof(in));
	map = maps[in.soc % 3];

	check_vectors(map, data + sizeof(in), size - sizeof(in), in.da, in.entry);
	check_aliases(map, in.start, in.len);
	/* What lies over one of the two words lies over both, and nothing lies nowhere. */
	if (imx_m4_covers_boot(map, in.start, 0))
		abort();
	if (in.len && imx_m4_covers_boot(map, in.start, 1) &&
	    !imx_m4_covers_boot(map, in.start, in.len))
		abort();
	return 0;
}
