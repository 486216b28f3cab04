// SPDX-License-Identifier: GPL-2.0-only
/*
 * Watching memory that must not change. See canary.h.
 *
 * Copyright (c) 2026 linux-amp developers
 */
#include "guest.h"
#include "canary.h"
#include "remote.h"

#include <dirent.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#define MEMORY_DIR	"/proc/device-tree/reserved-memory"
#define CANARY_WORD(i)	(0xca9a0000u ^ (__u32)(i) * 2654435761u)

static __u64 cells(const __u8 *cell)
{
	__u64 value = 0;

	for (int i = 0; i < 8; i++)
		value = value << 8 | cell[i];
	return value;
}

static void canary_add(struct canary *canary, const char *node)
{
	char path[PATH_MAX];
	__u8 *reg;
	size_t size;

	snprintf(canary->name, sizeof(canary->name), "%s", node);
	snprintf(path, sizeof(path), MEMORY_DIR "/%s/reg", node);
	reg = read_file(path, &size);
	/* Two cells of address, two of size, as everywhere on this SoC. */
	if (reg && size == 16) {
		canary->size = cells(reg + 8);
		canary->map = memory_map(cells(reg), canary->size);
	}
	free(reg);
}

int canaries_find(struct canary *canary)
{
	DIR *dir = opendir(MEMORY_DIR);
	struct dirent *entry;
	int count = 0;

	while (dir && count < CANARIES_MAX && (entry = readdir(dir)))
		if (strstr(entry->d_name, "canary"))
			canary_add(&canary[count++], entry->d_name);
	if (dir)
		closedir(dir);
	return count;
}

void canaries_fill(const struct canary *canary, int count)
{
	for (int c = 0; c < count; c++)
		for (size_t i = 0; i < canary[c].size / sizeof(__u32); i++)
			memory_write(&canary[c].map[i], CANARY_WORD(i));
}

int canaries_changed(const struct canary *canary, int count)
{
	int changed = 0;

	for (int c = 0; c < count; c++) {
		for (size_t i = 0; i < canary[c].size / sizeof(__u32); i++) {
			__u32 word = memory_read(&canary[c].map[i]);

			if (word != CANARY_WORD(i) && !changed++)
				printf("# %s: word %zu is %#x\n", canary[c].name, i, word);
		}
	}
	return changed;
}
