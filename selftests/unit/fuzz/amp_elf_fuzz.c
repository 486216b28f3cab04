// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (c) 2026 linux-amp developers
 *
 * Fuzz target of the ELF reader. Input: the file. Whatever is accepted must lie
 * inside the file, where the sanitizer sees each byte that is touched.
 */

#include <stdlib.h>
#include <string.h>

#include <linux/elf-em.h>

#include "amp_elf.h"

int LLVMFuzzerTestOneInput(const u8 *data, size_t size);

static volatile u8 sink;

static void touch(const u8 *from, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		sink = from[i];
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	struct amp_fault fault = { .index = -1 };
	struct amp_elf_segment seg;
	struct amp_elf_section sec;
	unsigned int pos = 0, loads = 0;
	struct amp_elf elf;
	int ret;

	ret = amp_elf_open(&elf, data, size, EM_ARM, &fault);
	if (ret) {
		if (ret > 0 || !fault.field || !fault.why)
			abort();
		return 0;
	}

	ret = amp_elf_check_segments(&elf, &fault);
	if (ret && !fault.why)
		abort();
	while (!ret && (ret = amp_elf_next_segment(&elf, &pos, &seg, &fault)) > 0) {
		if (seg.filesz > seg.memsz || (u64)seg.da + seg.memsz > 1ULL << 32)
			abort();
		touch(seg.data, seg.filesz);
		loads++;
		ret = 0;
	}
	if (!ret && !loads)
		abort();

	if (amp_elf_find_section(&elf, ".resource_table", &sec, &fault) > 0)
		touch(sec.data, sec.size);
	return 0;
}
