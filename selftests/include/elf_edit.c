// SPDX-License-Identifier: GPL-2.0-only
/*
 * Finding the fields of an ELF firmware and of its resource table. See elf_edit.h.
 *
 * Copyright (c) 2026 linux-amp developers
 */
#include "guest.h"
#include "elf_edit.h"

#include <stdlib.h>
#include <string.h>

bool image_load(struct image *fw, const char *path)
{
	fw->data = read_file(path, &fw->size);
	return fw->data && fw->size > sizeof(struct elf32_hdr) &&
	       !memcmp(fw->data, ELFMAG, SELFMAG) &&
	       fw->data[EI_CLASS] == ELFCLASS32 &&
	       image_table_shdr(fw);
}

void image_resize(struct image *fw, size_t size)
{
	fw->data = realloc(fw->data, size ? size : 1);
	if (!fw->data)
		abort();
	if (size > fw->size)
		memset(fw->data + fw->size, 0, size - fw->size);
	fw->size = size;
}

struct elf32_hdr *image_ehdr(struct image *fw)
{
	return (struct elf32_hdr *)fw->data;
}

struct elf32_phdr *image_load_phdr(struct image *fw)
{
	struct elf32_phdr *phdr = (struct elf32_phdr *)(fw->data + image_ehdr(fw)->e_phoff);

	/* An M4's first segment can be the two words that it boots from. */
	while (phdr->p_type != PT_LOAD || phdr->p_filesz <= 8)
		phdr++;
	return phdr;
}

struct elf32_shdr *image_table_shdr(struct image *fw)
{
	const struct elf32_hdr *ehdr = image_ehdr(fw);
	struct elf32_shdr *shdr = (struct elf32_shdr *)(fw->data + ehdr->e_shoff);
	const char *names = (const char *)fw->data + shdr[ehdr->e_shstrndx].sh_offset;

	for (int i = 0; i < ehdr->e_shnum; i++)
		if (!strcmp(names + shdr[i].sh_name, ".resource_table"))
			return &shdr[i];
	return NULL;
}

struct rsc_table *image_table(struct image *fw)
{
	return (struct rsc_table *)(fw->data + image_table_shdr(fw)->sh_offset);
}

void *image_rsc(struct image *fw, __u32 type)
{
	struct rsc_table *table = image_table(fw);

	for (__u32 i = 0; i < table->num; i++) {
		__u32 *entry = (__u32 *)((__u8 *)table + table->offset[i]);

		if (*entry == type)
			return entry;
	}
	return NULL;
}

static __u32 first_entry(struct image *fw)
{
	const struct rsc_table *table = image_table(fw);
	__u32 first = image_table_shdr(fw)->sh_size;

	for (__u32 i = 0; i < table->num; i++)
		if (table->offset[i] < first)
			first = table->offset[i];
	return first;
}

void *image_add_rsc(struct image *fw, const void *entry, size_t size)
{
	struct elf32_shdr *shdr = image_table_shdr(fw);
	size_t old_size = shdr->sh_size;
	__u32 old_offset = shdr->sh_offset;
	__u32 new_offset = (fw->size + 7) & ~7u;
	__u32 count = image_table(fw)->num;
	size_t head = sizeof(struct rsc_table) + count * sizeof(__u32);
	size_t shift = first_entry(fw) < head + sizeof(__u32) ? sizeof(__u64) : 0;
	struct rsc_table *table;
	__u8 *place;

	image_resize(fw, new_offset + old_size + shift + size);
	shdr = image_table_shdr(fw);
	shdr->sh_offset = new_offset;
	shdr->sh_size = old_size + shift + size;

	table = image_table(fw);
	memcpy(table, fw->data + old_offset, head);
	memcpy((__u8 *)table + head + shift, fw->data + old_offset + head, old_size - head);
	for (__u32 i = 0; i < count; i++)
		table->offset[i] += shift;
	table->offset[count] = old_size + shift;
	table->num++;

	place = (__u8 *)table + old_size + shift;
	memcpy(place, entry, size);
	return place;
}
