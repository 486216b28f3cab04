// SPDX-License-Identifier: GPL-2.0-only
/*
 * Takes the good echo firmware, damages one field and tries to start it. Whatever the damage: the
 * start fails, the core stays offline, one line of the log names the file and the field, memory
 * next to the carveouts keeps its contents, and the good firmware works right afterwards.
 *
 * The table-like part is the list of BAD() cases: each damages one field and names the word that
 * the log must contain.
 *
 * Copyright (c) 2026 linux-amp developers
 */
#include "guest.h"
#include "canary.h"
#include "channel.h"
#include "elf_edit.h"
#include "kmsg.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "harness.h"

#define BAD_NAME	"amp-bad.elf"
#define BAD_PATH	FIRMWARE_DIR "/" BAD_NAME

FIXTURE(bad)
{
	struct remote remotes[REMOTES_MAX];
	const struct remote *remote;
	struct canary canary[CANARIES_MAX];
	int canaries;
	struct image fw;
	int kmsg;
};

/*
 * @damage: what to do to the good firmware; NULL: the file does not exist
 * @field: word of the one error line; "" if the file as a whole is wrong
 * @loader: the kernel's firmware loader refuses the file before the driver sees it
 */
FIXTURE_VARIANT(bad)
{
	void (*damage)(struct image *fw);
	const char *field;
	bool loader;
};

/* Opens the function that does the damage; its body follows. */
#define BAD(_name, _field)							\
	static void damage_##_name(struct image *fw);				\
	FIXTURE_VARIANT_ADD(bad, _name)						\
	{									\
		.damage = damage_##_name, .field = _field,			\
	};									\
	static void damage_##_name(struct image *fw)

/* The file */

FIXTURE_VARIANT_ADD(bad, missing_file) {
	.field = "", .loader = true,
};

static void no_contents(struct image *fw)
{
	image_resize(fw, 0);
}

FIXTURE_VARIANT_ADD(bad, empty_file) {
	.damage = no_contents, .field = "", .loader = true,
};

BAD(three_bytes, "file size")
{
	image_resize(fw, 3);
}

BAD(text_file, "e_ident[EI_MAG]")
{
	memset(fw->data, '#', fw->size);
}

BAD(cut_in_header, "file size")
{
	image_resize(fw, sizeof(struct elf32_hdr) - 4);
}

BAD(cut_in_half, "e_shoff")
{
	image_resize(fw, fw->size / 2);
}

/* The ELF header */

BAD(wrong_class, "e_ident[EI_CLASS]")
{
	image_ehdr(fw)->e_ident[EI_CLASS] = ELFCLASS64;
}

BAD(no_class, "e_ident[EI_CLASS]")
{
	image_ehdr(fw)->e_ident[EI_CLASS] = 7;
}

BAD(wrong_endianness, "e_ident[EI_DATA]")
{
	image_ehdr(fw)->e_ident[EI_DATA] = ELFDATA2MSB;
}

BAD(wrong_machine, "e_machine")
{
	image_ehdr(fw)->e_machine = EM_AARCH64;
}

BAD(not_executable, "e_type")
{
	image_ehdr(fw)->e_type = ET_REL;
}

BAD(phoff_beyond_end, "e_phoff")
{
	image_ehdr(fw)->e_phoff = fw->size + 64;
}

BAD(phoff_wraps, "e_phoff")
{
	image_ehdr(fw)->e_phoff = 0xfffffff0;
}

BAD(program_headers_truncated, "e_phoff")
{
	image_ehdr(fw)->e_phoff = fw->size - sizeof(struct elf32_phdr) / 2;
}

BAD(phnum_beyond_end, "e_phnum")
{
	image_ehdr(fw)->e_phnum = 0xfff0;
}

BAD(phnum_zero, "e_phnum")
{
	image_ehdr(fw)->e_phnum = 0;
}

BAD(phentsize_wrong, "e_phentsize")
{
	image_ehdr(fw)->e_phentsize = sizeof(struct elf32_phdr) - 8;
}

BAD(shoff_beyond_end, "e_shoff")
{
	image_ehdr(fw)->e_shoff = fw->size + 64;
}

BAD(shnum_beyond_end, "e_shnum")
{
	image_ehdr(fw)->e_shnum = 0xff00;
}

BAD(shentsize_wrong, "e_shentsize")
{
	image_ehdr(fw)->e_shentsize = 8;
}

BAD(shstrndx_beyond_end, "e_shstrndx")
{
	image_ehdr(fw)->e_shstrndx = 0x7fff;
}

BAD(entry_outside, "e_entry")
{
	image_ehdr(fw)->e_entry = 0x12345678;
}

/* Segments */

BAD(no_segment_to_load, "e_phnum")
{
	struct elf32_phdr *phdr = (struct elf32_phdr *)(fw->data + image_ehdr(fw)->e_phoff);

	for (int i = 0; i < image_ehdr(fw)->e_phnum; i++)
		phdr[i].p_type = PT_NOTE;
}

BAD(offset_beyond_end, "p_offset")
{
	image_load_phdr(fw)->p_offset = fw->size + 1;
}

BAD(contents_beyond_end, "p_filesz")
{
	struct elf32_phdr *phdr = image_load_phdr(fw);

	phdr->p_offset = fw->size - phdr->p_filesz + 1;
}

BAD(offset_and_size_wrap, "p_offset")
{
	struct elf32_phdr *phdr = image_load_phdr(fw);

	phdr->p_offset = -phdr->p_filesz + 16;
}

BAD(filesz_exceeds_memsz, "p_filesz")
{
	struct elf32_phdr *phdr = image_load_phdr(fw);

	phdr->p_memsz = phdr->p_filesz - 1;
}

/* Moves the entry point along, so that the address is all that is wrong. */
static void move_segment(struct image *fw, __u32 address, __u32 size)
{
	struct elf32_phdr *phdr = image_load_phdr(fw);
	struct elf32_hdr *ehdr = image_ehdr(fw);

	if (ehdr->e_entry - phdr->p_paddr < phdr->p_memsz)
		ehdr->e_entry = address;
	phdr->p_paddr = address;
	phdr->p_memsz = size;
	if (phdr->p_filesz > size)
		phdr->p_filesz = size;
}

BAD(address_in_kernel_memory, "p_paddr")
{
	move_segment(fw, 0x10000000, 0x1000);
}

/* Begins before core 0's firmware carveout. */
BAD(address_before_carveout, "p_paddr")
{
	move_segment(fw, 0x3ed00000 - 4, 16);
}

/* Ends behind core 0's buffers. */
BAD(segment_leaves_carveout, "p_paddr")
{
	move_segment(fw, 0x3ee48000 - 2, 16);
}

BAD(segment_wraps_address_space, "p_memsz")
{
	move_segment(fw, 0xfffffff0, 32);
}

BAD(memsz_wraps_address_space, "p_memsz")
{
	image_load_phdr(fw)->p_memsz = 0xffffffff;
}

/* Where it was: tightly coupled memory, or a carveout that is no larger either. */
BAD(segment_larger_than_tcm, "p_memsz")
{
	move_segment(fw, image_load_phdr(fw)->p_paddr, 0x100000);
}

/* From where the data is; all memory from there on ends before this does, in lockstep too. */
BAD(segment_leaves_tcm, "p_memsz")
{
	move_segment(fw, image_table_shdr(fw)->sh_addr & ~0xfff, 0x100010);
}

/* The resource table */

BAD(table_beyond_end, "sh_offset")
{
	image_table_shdr(fw)->sh_offset = fw->size + 16;
}

BAD(table_size_beyond_end, "sh_size")
{
	image_table_shdr(fw)->sh_size = fw->size;
}

BAD(table_offset_wraps, "sh_offset")
{
	image_table_shdr(fw)->sh_offset = 0xfffffff8;
}

BAD(table_shorter_than_header, "size")
{
	image_table_shdr(fw)->sh_size = 15;
}

BAD(table_empty, "size")
{
	image_table_shdr(fw)->sh_size = 0;
}

BAD(table_without_contents, "sh_type")
{
	image_table_shdr(fw)->sh_type = SHT_NOBITS;
}

BAD(table_outside_memory, "sh_addr")
{
	image_table_shdr(fw)->sh_addr = 0x12340000;
}

BAD(table_version, "ver")
{
	image_table(fw)->ver = 2;
}

BAD(table_reserved, "reserved")
{
	image_table(fw)->reserved[1] = 1;
}

BAD(table_num_huge, "num")
{
	image_table(fw)->num = 0x40000001;
}

BAD(table_num_beyond_section, "num")
{
	image_table(fw)->num = image_table_shdr(fw)->sh_size / 4;
}

BAD(first_offset_beyond_end, "offset")
{
	image_table(fw)->offset[0] = image_table_shdr(fw)->sh_size;
}

BAD(last_offset_beyond_end, "offset")
{
	struct rsc_table *table = image_table(fw);

	table->offset[table->num - 1] = 0xfffffffc;
}

BAD(offset_into_header, "offset")
{
	image_table(fw)->offset[0] = 4;
}

BAD(entry_truncated, "offset")
{
	struct rsc_table *table = image_table(fw);

	table->offset[table->num - 1] = image_table_shdr(fw)->sh_size - 8;
	*(__u32 *)((__u8 *)table + table->offset[table->num - 1]) = RSC_TRACE;
}

/* vdev and its vrings */

static struct rsc_vdev *vdev(struct image *fw)
{
	return image_rsc(fw, RSC_VDEV);
}

BAD(vdev_reserved, "reserved")
{
	vdev(fw)->reserved[0] = 1;
}

BAD(vdev_three_vrings, "num_of_vrings")
{
	vdev(fw)->num_of_vrings = 3;
}

BAD(vdev_no_vrings, "num_of_vrings")
{
	vdev(fw)->num_of_vrings = 0;
}

BAD(vdev_config_len_huge, "config_len")
{
	vdev(fw)->config_len = 0xfffffff0;
}

BAD(vring_num_not_power_of_two, "vring.num")
{
	vdev(fw)->vring[0].num = 200;
}

BAD(vring_num_zero, "vring.num")
{
	vdev(fw)->vring[1].num = 0;
}

BAD(vring_num_huge, "vring.num")
{
	vdev(fw)->vring[0].num = 0x80000000;
}

/* A valid ring, but 0x8000 bytes of carveout hold no more than 1024 descriptors. */
BAD(vring_exceeds_carveout, "vdev0vring0")
{
	vdev(fw)->vring[0].num = 4096;
}

BAD(vring_align_not_power_of_two, "vring.align")
{
	vdev(fw)->vring[0].align = 4095;
}

BAD(vring_align_zero, "vring.align")
{
	vdev(fw)->vring[1].align = 0;
}

BAD(vring_align_huge, "vring.align")
{
	vdev(fw)->vring[0].align = 0x80000000;
}

BAD(vring_address_outside, "vring.da")
{
	vdev(fw)->vring[0].da = 0x10000000;
}

/* Other entries */

static const struct rsc_carveout carveout = {
	.type = RSC_CARVEOUT, .da = 0x3ed20000, .pa = 0xffffffff, .len = 0x1000, .name = "extra",
};

/* A name is text, even one that looks like a format and has no end. */
BAD(carveout_name_endless_format, "name")
{
	struct rsc_carveout *entry = image_add_rsc(fw, &carveout, sizeof(carveout));

	for (size_t i = 0; i < sizeof(entry->name); i++)
		entry->name[i] = "%s%p"[i % 4];
}

BAD(carveout_reserved, "reserved")
{
	struct rsc_carveout *entry = image_add_rsc(fw, &carveout, sizeof(carveout));

	entry->reserved = 1;
}

BAD(carveout_outside, "da")
{
	struct rsc_carveout *entry = image_add_rsc(fw, &carveout, sizeof(carveout));

	entry->da = 0x10000000;
}

BAD(carveout_len_huge, "len")
{
	struct rsc_carveout *entry = image_add_rsc(fw, &carveout, sizeof(carveout));

	entry->len = 0xfffff000;
}

/* In 32 bits its end is 0, and it begins in what some cores have there. */
BAD(trace_up_to_the_end, "len")
{
	struct rsc_trace *trace = image_rsc(fw, RSC_TRACE);

	trace->da = 0x10;
	trace->len = -0x10;
}

/*
 * The core counts the distance to a memory in 32 bits, with a sign: that to an M4's, at 0x9fe00000,
 * is positive then, and with this length, where all numbers have 32 bits, ends in it.
 */
BAD(trace_wraps_into_memory, "len")
{
	struct rsc_trace *trace = image_rsc(fw, RSC_TRACE);

	trace->da = 0x10;
	trace->len = 0x9fe000f0;
}

BAD(trace_reserved, "reserved")
{
	struct rsc_trace *trace = image_rsc(fw, RSC_TRACE);

	trace->reserved = 1;
}

/* Asks for a mapping in an IOMMU, which these cores do not have. */
BAD(devmem, "type")
{
	static const struct rsc_devmem entry = {
		.type = RSC_DEVMEM, .da = 0xff000000, .pa = 0xff000000, .len = 0x1000,
		.name = "uart",
	};

	image_add_rsc(fw, &entry, sizeof(entry));
}

/* Lines of the remoteproc core, which follow the driver's and carry no reason. */
static bool is_core_line(const char *text)
{
	static const char *const lines[] = {
		"Boot failed:", "request_firmware failed:", "Failed to process resources:",
		"Failed to allocate associated carveouts:", "Failed to load program segments:",
		"can't prepare rproc", "can't start rproc", "can't load resource table:",
		"failed to prepare subdevices", "failed to probe subdevices",
	};

	for (size_t i = 0; i < ARRAY_SIZE(lines); i++)
		if (strstr(text, lines[i]))
			return true;
	return false;
}

/* @word occurs in @text and is not part of a longer one: "num" is not in "e_phnum". */
static bool has_word(const char *text, const char *word)
{
	size_t len = strlen(word);

	for (const char *at = text; (at = strstr(at, word)); at++) {
		char before = at == text ? ' ' : at[-1], after = at[len];

		if (!len || !(isalnum(before) || before == '_' || isalnum(after) || after == '_'))
			return true;
	}
	return false;
}

/* Counts error lines besides the core's, and those of them that name the file and @field. */
static void count_lines(int kmsg, const char *field, bool loader, int *all, int *named,
			int *splats)
{
	struct kmsg_line line;
	/* The firmware loader only warns. */
	int level = loader ? KMSG_WARNING : KMSG_ERR;

	*all = *named = *splats = 0;
	while (kmsg_next(kmsg, &line)) {
		*splats += kmsg_is_splat(&line);
		if (line.level > level || is_core_line(line.text))
			continue;
		printf("# kernel: %s\n", line.text);
		++*all;
		*named += has_word(line.text, BAD_NAME) && has_word(line.text, field);
	}
}

FIXTURE_SETUP(bad)
{
	char good[128];

	ASSERT_LT(0, remotes_find(self->remotes));
	self->remote = &self->remotes[0];
	ASSERT_TRUE(remote_offline(self->remote));

	snprintf(good, sizeof(good), FIRMWARE_DIR "/%s", self->remote->echo);
	ASSERT_TRUE(image_load(&self->fw, good));

	self->canaries = canaries_find(self->canary);
	for (int i = 0; i < self->canaries; i++)
		ASSERT_NE(NULL, self->canary[i].map);
	canaries_fill(self->canary, self->canaries);

	self->kmsg = kmsg_open();
	ASSERT_LE(0, self->kmsg);
}

FIXTURE_TEARDOWN(bad)
{
	unlink(BAD_PATH);
	EXPECT_TRUE(remote_offline(self->remote));
	close(self->kmsg);
	free(self->fw.data);
}

TEST_F_TIMEOUT(bad, is_refused, TEST_GUARD_S)
{
	int all, named, splats;

	if (variant->damage) {
		variant->damage(&self->fw);
		ASSERT_EQ(0, write_file(BAD_PATH, self->fw.data, self->fw.size));
	}

	EXPECT_GT(0, remote_start(self->remote, BAD_NAME));
	EXPECT_TRUE(remote_is(self->remote, "offline"));
	count_lines(self->kmsg, variant->field, variant->loader, &all, &named, &splats);
	/* What the firmware loader prints is the kernel's; the driver prints one line. */
	EXPECT_LE(1, named) TH_LOG("no line names " BAD_NAME " and \"%s\"", variant->field);
	if (!variant->loader)
		EXPECT_EQ(1, all);
	EXPECT_EQ(0, splats);
	EXPECT_EQ(0, canaries_changed(self->canary, self->canaries));

	ASSERT_TRUE(remote_offline(self->remote));
	ASSERT_EQ(0, remote_start(self->remote, self->remote->echo));
	EXPECT_EQ(0, echo_works(self->remote));
	EXPECT_TRUE(remote_offline(self->remote));
	EXPECT_EQ(0, canaries_changed(self->canary, self->canaries));
	EXPECT_EQ(0, kmsg_splats(self->kmsg));
}

/* What the kernel's core accepts and passes over: mentioned once, and all else works. */
FIXTURE(odd)
{
	struct remote remotes[REMOTES_MAX];
	const struct remote *remote;
	struct image fw;
	int kmsg;
};

FIXTURE_VARIANT(odd)
{
	void (*change)(struct image *fw);
	const char *line;
	const char *trace;
};

/* In the place of the trace buffer's, which is then not there. */
static void unknown_type(struct image *fw)
{
	*(__u32 *)image_rsc(fw, RSC_TRACE) = RSC_UNKNOWN;
}

FIXTURE_VARIANT_ADD(odd, entry_of_unknown_type)
{
	.change = unknown_type, .line = "type 6 is unknown, ignored",
};

static void trace_too_long(struct image *fw)
{
	struct rsc_trace *trace = image_rsc(fw, RSC_TRACE);

	trace->len = 0x7fffffff;
}

FIXTURE_VARIANT_ADD(odd, trace_too_long)
{
	.change = trace_too_long, .line = "cannot be read", .trace = "not available",
};

static void trace_outside(struct image *fw)
{
	struct rsc_trace *trace = image_rsc(fw, RSC_TRACE);

	trace->da = 0xf8000000;
}

FIXTURE_VARIANT_ADD(odd, trace_outside)
{
	.change = trace_outside, .line = "cannot be read", .trace = "not available",
};

FIXTURE_SETUP(odd)
{
	char good[128];

	ASSERT_LT(0, remotes_find(self->remotes));
	self->remote = &self->remotes[0];
	ASSERT_TRUE(remote_offline(self->remote));
	snprintf(good, sizeof(good), FIRMWARE_DIR "/%s", self->remote->echo);
	ASSERT_TRUE(image_load(&self->fw, good));
	self->kmsg = kmsg_open();
	ASSERT_LE(0, self->kmsg);
}

FIXTURE_TEARDOWN(odd)
{
	unlink(BAD_PATH);
	EXPECT_TRUE(remote_offline(self->remote));
	EXPECT_EQ(0, kmsg_splats(self->kmsg));
	close(self->kmsg);
	free(self->fw.data);
}

TEST_F_TIMEOUT(odd, is_accepted, TEST_GUARD_S)
{
	char trace[8192];

	variant->change(&self->fw);
	ASSERT_EQ(0, write_file(BAD_PATH, self->fw.data, self->fw.size));
	ASSERT_EQ(0, remote_start(self->remote, BAD_NAME));
	EXPECT_EQ(0, echo_works(self->remote));
	if (variant->trace) {
		ASSERT_LT(0, remote_trace(self->remote, trace, sizeof(trace)));
		EXPECT_NE(NULL, strstr(trace, variant->trace)) TH_LOG("%.100s", trace);
	} else {
		EXPECT_GT(0, remote_trace(self->remote, trace, sizeof(trace)));
	}
	EXPECT_TRUE(remote_offline(self->remote));
	EXPECT_EQ(1, kmsg_count(self->kmsg, variant->line));
}

TEST(canaries_exist)
{
	struct canary canary[CANARIES_MAX] = { 0 };

	if (canaries_find(canary))
		return;
	ASSERT_FALSE(demanded("AMP_CANARY"));
	SKIP(return, "the devicetree sets no canary regions aside");
}

TEST_HARNESS_MAIN
