/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Takes a good 32-bit ELF firmware apart so that a test can damage one field of it. Works on a
 * good image only and trusts it: the judge of bad ones is the driver.
 *
 * Copyright (c) 2026 linux-amp developers
 */
#ifndef ELF_EDIT_H
#define ELF_EDIT_H

#include <stdbool.h>
#include <stddef.h>

#include <linux/elf.h>
#include <linux/types.h>

/**
 * struct image - a firmware file in memory
 * @data: its contents
 * @size: in bytes
 */
struct image {
	__u8 *data;
	size_t size;
};

/* The resource table as firmware carries it; all fields little endian, as the test's host is. */
enum { RSC_CARVEOUT, RSC_DEVMEM, RSC_TRACE, RSC_VDEV, RSC_UNKNOWN = 6 };

struct rsc_table {
	__u32 ver, num, reserved[2], offset[];
};

struct rsc_carveout {
	__u32 type, da, pa, len, flags, reserved;
	char name[32];
};

struct rsc_devmem {
	__u32 type, da, pa, len, flags, reserved;
	char name[32];
};

struct rsc_trace {
	__u32 type, da, len, reserved;
	char name[32];
};

struct rsc_vring {
	__u32 da, align, num, notifyid, pa;
};

struct rsc_vdev {
	__u32 type, id, notifyid, dfeatures, gfeatures, config_len;
	__u8 status, num_of_vrings, reserved[2];
	struct rsc_vring vring[];
};

/**
 * image_load() - read a firmware file
 * @fw: receives it
 * @path: the file
 *
 * Return: true if it is a 32-bit ELF file with a resource table.
 */
bool image_load(struct image *fw, const char *path);

/**
 * image_resize() - cut the file, or lengthen it with zeros
 * @fw: the firmware; pointers into it are void afterwards
 * @size: new length in bytes
 */
void image_resize(struct image *fw, size_t size);

/**
 * image_ehdr() - find the ELF header
 * @fw: the firmware
 *
 * Return: the header.
 */
struct elf32_hdr *image_ehdr(struct image *fw);

/**
 * image_load_phdr() - find a loadable segment
 * @fw: the firmware
 *
 * Return: the program header of the first segment that has bytes in the file.
 */
struct elf32_phdr *image_load_phdr(struct image *fw);

/**
 * image_table_shdr() - find the section of the resource table
 * @fw: the firmware
 *
 * Return: its header, NULL if there is none.
 */
struct elf32_shdr *image_table_shdr(struct image *fw);

/**
 * image_table() - find the resource table
 * @fw: the firmware
 *
 * Return: the table.
 */
struct rsc_table *image_table(struct image *fw);

/**
 * image_rsc() - find a resource
 * @fw: the firmware
 * @type: RSC_VDEV ...
 *
 * Return: its entry, beginning with the type; NULL if there is none.
 */
void *image_rsc(struct image *fw, __u32 type);

/**
 * image_add_rsc() - append an entry to the resource table
 * @fw: the firmware; pointers into it are void afterwards
 * @entry: the entry, beginning with its type
 * @size: of @entry in bytes
 *
 * The table moves to the end of the file. Its address in the remote's memory stays: what follows
 * there is overwritten. If the array of offsets has no free slot, all entries move, too, which is
 * good enough for a firmware that is refused.
 *
 * Return: the entry in its new place.
 */
void *image_add_rsc(struct image *fw, const void *entry, size_t size);

#endif
