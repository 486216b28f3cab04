// SPDX-License-Identifier: GPL-2.0-only
/*
 * See image.h.
 *
 * Copyright (c) 2026 linux-amp developers
 */
#include "image.h"
#include "guest.h"
#include "remote.h"

#include <elf.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

static bool put(__u64 at, const char *data, size_t filesz, size_t memsz)
{
	size_t offset = at % 4096, size = (offset + memsz + 4095) & ~4095ul;
	__u8 *map = memory_map(at - offset, size);
	__u32 word;

	if (!map)
		return false;
	for (size_t i = 0; i < memsz; i += 4) {
		word = 0;
		if (i < filesz)
			memcpy(&word, data + i, filesz - i < 4 ? filesz - i : 4);
		memory_write((__u32 *)(map + offset + i), word);
	}
	munmap(map, size);
	return true;
}

bool image_load(const char *firmware, __u64 (*physical)(__u32 da), __u32 *entry)
{
	const Elf32_Ehdr *ehdr;
	const Elf32_Phdr *ph;
	char path[80], *elf;
	bool ok = true;
	size_t size;

	snprintf(path, sizeof(path), FIRMWARE_DIR "/%s", firmware);
	elf = read_file(path, &size);
	if (!elf)
		return false;
	ehdr = (const void *)elf;
	ph = (const void *)(elf + ehdr->e_phoff);
	for (int i = 0; i < ehdr->e_phnum && ok; i++)
		if (ph[i].p_type == PT_LOAD && ph[i].p_memsz)
			ok = put(physical ? physical(ph[i].p_paddr) : ph[i].p_paddr,
				 elf + ph[i].p_offset, ph[i].p_filesz, ph[i].p_memsz);
	if (entry)
		*entry = ehdr->e_entry;
	free(elf);
	return ok;
}
