// SPDX-License-Identifier: GPL-2.0-only
/*
 * Starting the M4 as boot code does. See boot_code.h.
 *
 * Copyright (c) 2026 linux-amp developers
 */
#include "guest.h"
#include "boot_code.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include <linux/elf.h>

#define DRIVER_DIR	"/sys/bus/platform/drivers/imx-rproc"
#define DEVICE		"imx7d-cm4"

#define SRC_PAGE	0x30390000
#define SRC_M4RCR	(0x0c / 4)
#define   M4RCR_BITS	0xf

__u32 core_address(__u32 da)
{
	if (da < 0x8000)
		return 0x180000 + da;
	if (da - 0x1fff8000 < 0x8000)
		return 0x7f8000 + (da - 0x1fff8000);
	if (da - 0x20000000 < 0x8000)
		return 0x800000 + (da - 0x20000000);
	return da;
}

static bool put_segment(const char *image, const struct elf32_phdr *phdr)
{
	__u32 start = core_address(phdr->p_paddr), page = start & ~4095u;
	size_t bytes = start - page + phdr->p_memsz;
	const __u32 *from = (const void *)(image + phdr->p_offset);
	__u32 *map = memory_map(page, bytes), *to;

	if (!map)
		return false;
	/* Words: neither TCM nor OCRAM is memory to /dev/mem. */
	to = map + (start - page) / 4;
	for (__u32 i = 0; i < (phdr->p_memsz + 3) / 4; i++)
		memory_write(&to[i], 4 * i < phdr->p_filesz ? from[i] : 0);
	munmap(map, bytes);
	return true;
}

static bool put_boot_words(const __u32 *vectors)
{
	__u32 *map = memory_map(core_address(0), 4096);

	if (!map)
		return false;
	memory_write(&map[0], vectors[0]);
	memory_write(&map[1], vectors[1]);
	munmap(map, 4096);
	return true;
}

/* Return: the program for free(), and its segments; NULL if it cannot be read. */
static char *image_read(const char *program, const struct elf32_phdr **phdr, int *segments)
{
	const struct elf32_hdr *ehdr;
	char path[128];
	size_t size;
	char *image;

	snprintf(path, sizeof(path), FIRMWARE_DIR "/%s", program);
	image = read_file(path, &size);
	if (!image)
		return NULL;
	ehdr = (const void *)image;
	*phdr = (const void *)(image + ehdr->e_phoff);
	*segments = ehdr->e_phnum;
	return image;
}

bool boot_words_put(const char *program)
{
	const struct elf32_phdr *phdr;
	int segments;
	char *image = image_read(program, &phdr, &segments);
	bool ok = image && put_boot_words((const __u32 *)(image + phdr[0].p_offset));

	free(image);
	return ok;
}

bool firmware_put(const char *program)
{
	const struct elf32_phdr *phdr;
	bool ok = true;
	int segments;
	char *image = image_read(program, &phdr, &segments);

	if (!image)
		return false;
	for (int i = 0; i < segments; i++)
		if (phdr[i].p_type == PT_LOAD && phdr[i].p_memsz)
			ok = put_segment(image, &phdr[i]) && ok;
	/* The core takes the first two words of the vector table from address 0. */
	if (ok && phdr[0].p_paddr)
		ok = put_boot_words((const __u32 *)(image + phdr[0].p_offset));
	free(image);
	return ok;
}

__u32 *src_map(void)
{
	return memory_map(SRC_PAGE, 4096);
}

void src_unmap(__u32 *src)
{
	munmap(src, 4096);
}

void core_set(__u32 *src, __u32 bits)
{
	memory_write(&src[SRC_M4RCR], (memory_read(&src[SRC_M4RCR]) & ~M4RCR_BITS) | bits);
}

bool core_runs(const __u32 *src)
{
	return (memory_read(&src[SRC_M4RCR]) & (ENABLE_M4 | NON_SCLR_RST)) == ENABLE_M4;
}

int driver_unbind(void)
{
	return write_text(DRIVER_DIR "/unbind", DEVICE);
}

bool driver_bind(struct remote *remotes)
{
	if (modules_load())
		return false;
	if (access(DRIVER_DIR "/" DEVICE, F_OK) && write_text(DRIVER_DIR "/bind", DEVICE))
		return false;
	return remotes_find(remotes) == 1;
}
