/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Read a firmware file in ELF format without trusting it. PURE: no kernel objects, no logging.
 *
 * Copyright (c) 2026 linux-amp developers
 */
#ifndef AMP_ELF_H
#define AMP_ELF_H

#include <linux/types.h>

#include "amp_fault.h"

/**
 * struct amp_elf - an ELF file whose headers have been checked
 * @data:     the file
 * @size:     of the file, bytes
 * @entry:    e_entry, a device address
 * @phoff:    file offset of the first program header
 * @shoff:    file offset of the first section header
 * @phnum:    number of program headers
 * @shnum:    number of section headers, 0 if the file has none
 * @shstrndx: section that holds the section names
 */
struct amp_elf {
	const u8 *data;
	size_t size;
	u32 entry;
	u32 phoff;
	u32 shoff;
	u16 phnum;
	u16 shnum;
	u16 shstrndx;
};

/**
 * struct amp_elf_segment - a loadable segment
 * @index:  of its program header
 * @da:     device address to load it at (p_paddr)
 * @va:     address that the program expects it at (p_vaddr)
 * @filesz: bytes that come from the file
 * @memsz:  bytes that it occupies, the rest of them zero
 * @data:   the bytes in the file
 */
struct amp_elf_segment {
	unsigned int index;
	u32 da;
	u32 va;
	u32 filesz;
	u32 memsz;
	const u8 *data;
};

/**
 * struct amp_elf_section - a section with contents
 * @addr: device address (sh_addr)
 * @size: bytes
 * @data: the bytes in the file
 */
struct amp_elf_section {
	u32 addr;
	u32 size;
	const u8 *data;
};

int amp_elf_open(struct amp_elf *elf, const void *data, size_t size, u16 machine,
		 struct amp_fault *fault);
int amp_elf_next_segment(const struct amp_elf *elf, unsigned int *pos, struct amp_elf_segment *seg,
			 struct amp_fault *fault);
int amp_elf_check_segments(const struct amp_elf *elf, struct amp_fault *fault);
int amp_elf_find_section(const struct amp_elf *elf, const char *name, struct amp_elf_section *sec,
			 struct amp_fault *fault);

#endif /* AMP_ELF_H */
