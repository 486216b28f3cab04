// SPDX-License-Identifier: GPL-2.0-only
/*
 * Read a firmware file in ELF format without trusting it. PURE: no kernel objects, no logging.
 *
 * Accepts what the remote cores of this driver set can run: 32-bit, little endian, ELF version 1.
 * Every offset, size and address is bounded before it is used; the caller gets pointers only into
 * the file. Whether an address is one that the remote has is not decided here (amp_memmap.c).
 * What is exported is for drivers that look for something of their own in a firmware.
 *
 * Copyright (c) 2026 linux-amp developers
 */
#include <linux/elf.h>
#include <linux/errno.h>
#include <linux/export.h>
#include <linux/stddef.h>
#include <linux/string.h>
#include <linux/types.h>
#include <asm/byteorder.h>

#include "amp_elf.h"

#define EHDR	"ELF header"
#define PHDR	"program header"
#define SHDR	"section header"

#define PH_SIZE	sizeof(struct elf32_phdr)
#define SH_SIZE	sizeof(struct elf32_shdr)

/* Files give no alignment, hence the copies. */
static u16 get16(const u8 *p)
{
	__le16 v;

	memcpy(&v, p, sizeof(v));
	return le16_to_cpu(v);
}

static u32 get32(const u8 *p)
{
	__le32 v;

	memcpy(&v, p, sizeof(v));
	return le32_to_cpu(v);
}

#define ehdr16(p, field)	get16((p) + offsetof(struct elf32_hdr, field))
#define ehdr32(p, field)	get32((p) + offsetof(struct elf32_hdr, field))
#define phdr32(p, field)	get32((p) + offsetof(struct elf32_phdr, field))
#define shdr32(p, field)	get32((p) + offsetof(struct elf32_shdr, field))

/* [@offset, @offset + @len) is inside the file; 64-bit sums of 32-bit fields cannot wrap. */
static bool in_file(const struct amp_elf *elf, u32 offset, u64 len)
{
	return offset + len <= elf->size;
}

static int check_ident(const u8 *p, size_t size, struct amp_fault *fault)
{
	if (size < sizeof(struct elf32_hdr))
		return amp_fault_set(fault, -ENOEXEC, EHDR, -1, "file size", size,
				     "shorter than an ELF header");
	if (memcmp(p, ELFMAG, SELFMAG))
		return amp_fault_set(fault, -ENOEXEC, EHDR, -1, "e_ident[EI_MAG]", get32(p),
				     "not an ELF file");
	if (p[EI_CLASS] != ELFCLASS32)
		return amp_fault_set(fault, -ENOEXEC, EHDR, -1, "e_ident[EI_CLASS]", p[EI_CLASS],
				     "not 32-bit");
	if (p[EI_DATA] != ELFDATA2LSB)
		return amp_fault_set(fault, -ENOEXEC, EHDR, -1, "e_ident[EI_DATA]", p[EI_DATA],
				     "not little endian");
	if (p[EI_VERSION] != EV_CURRENT)
		return amp_fault_set(fault, -ENOEXEC, EHDR, -1, "e_ident[EI_VERSION]",
				     p[EI_VERSION], "unknown");
	return 0;
}

static int check_kind(const u8 *p, u16 machine, struct amp_fault *fault)
{
	u16 type = ehdr16(p, e_type);

	if (type != ET_EXEC && type != ET_DYN)
		return amp_fault_set(fault, -ENOEXEC, EHDR, -1, "e_type", type,
				     "not an executable");
	if (ehdr16(p, e_machine) != machine)
		return amp_fault_set(fault, -ENOEXEC, EHDR, -1, "e_machine", ehdr16(p, e_machine),
				     "for another kind of processor");
	if (ehdr32(p, e_version) != EV_CURRENT)
		return amp_fault_set(fault, -ENOEXEC, EHDR, -1, "e_version", ehdr32(p, e_version),
				     "unknown");
	if (ehdr16(p, e_ehsize) < sizeof(struct elf32_hdr))
		return amp_fault_set(fault, -EBADMSG, EHDR, -1, "e_ehsize", ehdr16(p, e_ehsize),
				     "smaller than an ELF header");
	return 0;
}

static int open_program_headers(struct amp_elf *elf, struct amp_fault *fault)
{
	const u8 *p = elf->data;

	elf->phoff = ehdr32(p, e_phoff);
	elf->phnum = ehdr16(p, e_phnum);

	if (!elf->phnum)
		return amp_fault_set(fault, -ENOEXEC, EHDR, -1, "e_phnum", 0,
				     "no loadable segments");
	if (ehdr16(p, e_phentsize) != PH_SIZE)
		return amp_fault_set(fault, -EBADMSG, EHDR, -1, "e_phentsize",
				     ehdr16(p, e_phentsize), "not the size of a program header");
	if (elf->phoff < sizeof(struct elf32_hdr) || !in_file(elf, elf->phoff, PH_SIZE))
		return amp_fault_set(fault, -EBADMSG, EHDR, -1, "e_phoff", elf->phoff,
				     "program headers outside the file");
	if (!in_file(elf, elf->phoff, (u64)elf->phnum * PH_SIZE))
		return amp_fault_set(fault, -EBADMSG, EHDR, -1, "e_phnum", elf->phnum,
				     "program headers run past the end of the file");
	return 0;
}

static int open_section_headers(struct amp_elf *elf, struct amp_fault *fault)
{
	const u8 *p = elf->data;

	elf->shoff = ehdr32(p, e_shoff);
	elf->shnum = ehdr16(p, e_shnum);
	elf->shstrndx = ehdr16(p, e_shstrndx);

	/* A stripped file is a firmware without resource table. */
	if (!elf->shoff && !elf->shnum)
		return 0;
	if (!elf->shnum)
		return amp_fault_set(fault, -EBADMSG, EHDR, -1, "e_shnum", 0,
				     "no section headers although e_shoff is set");
	if (ehdr16(p, e_shentsize) != SH_SIZE)
		return amp_fault_set(fault, -EBADMSG, EHDR, -1, "e_shentsize",
				     ehdr16(p, e_shentsize), "not the size of a section header");
	if (elf->shoff < sizeof(struct elf32_hdr) || !in_file(elf, elf->shoff, SH_SIZE))
		return amp_fault_set(fault, -EBADMSG, EHDR, -1, "e_shoff", elf->shoff,
				     "section headers outside the file");
	if (!in_file(elf, elf->shoff, (u64)elf->shnum * SH_SIZE))
		return amp_fault_set(fault, -EBADMSG, EHDR, -1, "e_shnum", elf->shnum,
				     "section headers run past the end of the file");
	if (elf->shstrndx >= elf->shnum)
		return amp_fault_set(fault, -EBADMSG, EHDR, -1, "e_shstrndx", elf->shstrndx,
				     "no such section");
	return 0;
}

/**
 * amp_elf_open() - check the headers of an ELF file
 * @elf:     receives what was found
 * @data:    the file; must outlive @elf
 * @size:    of the file, bytes
 * @machine: e_machine that the remote can run
 * @fault:   receives what is wrong
 *
 * Context: any.
 * Return: 0, -ENOEXEC if this is no program for such a remote, -EBADMSG if a header contradicts
 * the file it is in.
 */
int amp_elf_open(struct amp_elf *elf, const void *data, size_t size, u16 machine,
		 struct amp_fault *fault)
{
	int ret;

	*elf = (struct amp_elf){ .data = data, .size = size };

	ret = check_ident(data, size, fault);
	if (ret)
		return ret;
	ret = check_kind(data, machine, fault);
	if (ret)
		return ret;
	ret = open_program_headers(elf, fault);
	if (ret)
		return ret;
	ret = open_section_headers(elf, fault);
	if (ret)
		return ret;

	elf->entry = ehdr32(elf->data, e_entry);
	return 0;
}
EXPORT_SYMBOL_NS_GPL(amp_elf_open, "AMP_RPROC");

/**
 * amp_elf_next_segment() - step through the loadable segments
 * @elf:   an open file
 * @pos:   program header to continue with; 0 to begin, updated
 * @seg:   receives the segment
 * @fault: receives what is wrong
 *
 * Segments that occupy no memory are passed over.
 *
 * Context: any.
 * Return: 1 if there is a segment, 0 at the end, -EBADMSG if one is inconsistent, -EOVERFLOW if one
 * runs past the remote's address space.
 */
int amp_elf_next_segment(const struct amp_elf *elf, unsigned int *pos, struct amp_elf_segment *seg,
			 struct amp_fault *fault)
{
	while (*pos < elf->phnum) {
		unsigned int i = (*pos)++;
		const u8 *p = elf->data + elf->phoff + i * PH_SIZE;
		u32 offset = phdr32(p, p_offset);

		seg->index = i;
		seg->da = phdr32(p, p_paddr);
		seg->va = phdr32(p, p_vaddr);
		seg->filesz = phdr32(p, p_filesz);
		seg->memsz = phdr32(p, p_memsz);
		if (phdr32(p, p_type) != PT_LOAD || (!seg->memsz && !seg->filesz))
			continue;

		if (seg->filesz > seg->memsz)
			return amp_fault_set(fault, -EBADMSG, PHDR, i, "p_filesz", seg->filesz,
					     "larger than p_memsz");
		if (seg->filesz && offset > elf->size)
			return amp_fault_set(fault, -EBADMSG, PHDR, i, "p_offset", offset,
					     "past the end of the file");
		if (seg->filesz && !in_file(elf, offset, seg->filesz))
			return amp_fault_set(fault, -EBADMSG, PHDR, i, "p_filesz", seg->filesz,
					     "runs past the end of the file");
		if ((u64)seg->da + seg->memsz > 1ULL << 32)
			return amp_fault_set(fault, -EOVERFLOW, PHDR, i, "p_memsz", seg->memsz,
					     "address wraps");
		seg->data = seg->filesz ? elf->data + offset : elf->data;
		return 1;
	}

	return 0;
}
EXPORT_SYMBOL_NS_GPL(amp_elf_next_segment, "AMP_RPROC");

/**
 * amp_elf_check_segments() - check all loadable segments and the entry point
 * @elf:   an open file
 * @fault: receives what is wrong
 *
 * An entry point of 0 means that the file names none, as the ELF specification has it. Bit 0 of
 * another one only selects Thumb code.
 *
 * Context: any.
 * Return: 0, -ENOEXEC if nothing is to be loaded or the entry point is in none of the segments,
 * or an error of amp_elf_next_segment().
 */
int amp_elf_check_segments(const struct amp_elf *elf, struct amp_fault *fault)
{
	u32 entry = elf->entry & ~1U;
	struct amp_elf_segment seg;
	unsigned int pos = 0, num = 0;
	bool found = !entry;
	int ret;

	while ((ret = amp_elf_next_segment(elf, &pos, &seg, fault)) > 0) {
		num++;
		if (entry - seg.da < seg.memsz || entry - seg.va < seg.memsz)
			found = true;
	}
	if (ret)
		return ret;
	if (!num)
		return amp_fault_set(fault, -ENOEXEC, EHDR, -1, "e_phnum", elf->phnum,
				     "no loadable segments");
	if (!found)
		return amp_fault_set(fault, -ENOEXEC, EHDR, -1, "e_entry", elf->entry,
				     "outside every loadable segment");
	return 0;
}

static int check_contents(const struct amp_elf *elf, unsigned int i, struct amp_elf_section *sec,
			  struct amp_fault *fault)
{
	const u8 *p = elf->data + elf->shoff + i * SH_SIZE;
	u32 offset = shdr32(p, sh_offset);

	sec->addr = shdr32(p, sh_addr);
	sec->size = shdr32(p, sh_size);

	if (shdr32(p, sh_type) == SHT_NOBITS)
		return amp_fault_set(fault, -EBADMSG, SHDR, i, "sh_type", SHT_NOBITS,
				     "has no contents in the file");
	if (offset > elf->size)
		return amp_fault_set(fault, -EBADMSG, SHDR, i, "sh_offset", offset,
				     "past the end of the file");
	if (!in_file(elf, offset, sec->size))
		return amp_fault_set(fault, -EBADMSG, SHDR, i, "sh_size", sec->size,
				     "runs past the end of the file");
	sec->data = elf->data + offset;
	return 0;
}

/**
 * amp_elf_find_section() - find a section by name
 * @elf:   an open file
 * @name:  of the section
 * @sec:   receives the section; its contents are inside the file
 * @fault: receives what is wrong
 *
 * Context: any.
 * Return: 1 if found, 0 if there is none of that name, -EBADMSG if it, or the table of names,
 * is not inside the file.
 */
int amp_elf_find_section(const struct amp_elf *elf, const char *name, struct amp_elf_section *sec,
			 struct amp_fault *fault)
{
	size_t len = strlen(name) + 1;
	struct amp_elf_section names;
	unsigned int i;
	int ret;

	/* No sections, or sections without names: allowed, and no table to be found. */
	if (!elf->shnum || elf->shstrndx == SHN_UNDEF)
		return 0;

	ret = check_contents(elf, elf->shstrndx, &names, fault);
	if (ret)
		return ret;

	for (i = 0; i < elf->shnum; i++) {
		u32 at = shdr32(elf->data + elf->shoff + i * SH_SIZE, sh_name);

		if (at >= names.size)
			return amp_fault_set(fault, -EBADMSG, SHDR, i, "sh_name", at,
					     "past the end of the section names");
		if (names.size - at < len || memcmp(names.data + at, name, len))
			continue;
		ret = check_contents(elf, i, sec, fault);
		return ret ? ret : 1;
	}

	return 0;
}
