// SPDX-License-Identifier: GPL-2.0-only
/*
 * Unit tests of the ELF reader: one good file, and what becomes of it with one field damaged.
 *
 * Copyright (c) 2026 linux-amp developers
 */
#include <kunit/test.h>
#include <linux/elf.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/string.h>

#include "amp_elf.h"

#define TABLE_SIZE	64
#define CODE_SIZE	128

/* As a linker writes it: headers, code, table, names, section headers. */
struct elf_image {
	struct elf32_hdr ehdr;
	struct elf32_phdr phdr[3];
	u8 code[CODE_SIZE];
	u8 table[TABLE_SIZE];
	char names[32];
	struct elf32_shdr shdr[3];
};

#define NAMES	"\0.resource_table\0.shstrtab"

static void good(struct elf_image *f)
{
	memset(f, 0, sizeof(*f));

	memcpy(f->ehdr.e_ident, ELFMAG, SELFMAG);
	f->ehdr.e_ident[EI_CLASS] = ELFCLASS32;
	f->ehdr.e_ident[EI_DATA] = ELFDATA2LSB;
	f->ehdr.e_ident[EI_VERSION] = EV_CURRENT;
	f->ehdr.e_type = ET_EXEC;
	f->ehdr.e_machine = EM_ARM;
	f->ehdr.e_version = EV_CURRENT;
	f->ehdr.e_entry = 0x3c;
	f->ehdr.e_ehsize = sizeof(f->ehdr);
	f->ehdr.e_phoff = offsetof(struct elf_image, phdr);
	f->ehdr.e_phentsize = sizeof(f->phdr[0]);
	f->ehdr.e_phnum = 3;
	f->ehdr.e_shoff = offsetof(struct elf_image, shdr);
	f->ehdr.e_shentsize = sizeof(f->shdr[0]);
	f->ehdr.e_shnum = 3;
	f->ehdr.e_shstrndx = 2;

	/* Something that is not loaded, code with data behind it, zeros only. */
	f->phdr[0].p_type = PT_NOTE;
	f->phdr[0].p_filesz = 0xffffffff;
	f->phdr[1].p_type = PT_LOAD;
	f->phdr[1].p_offset = offsetof(struct elf_image, code);
	f->phdr[1].p_filesz = CODE_SIZE + TABLE_SIZE;
	f->phdr[1].p_memsz = 0x1000;
	f->phdr[2].p_type = PT_LOAD;
	f->phdr[2].p_offset = 0xffffffff;
	f->phdr[2].p_paddr = 0x20000;
	f->phdr[2].p_vaddr = 0x20000;
	f->phdr[2].p_memsz = 0x100;

	memcpy(f->names, NAMES, sizeof(NAMES));
	f->shdr[1].sh_name = 1;
	f->shdr[1].sh_type = SHT_PROGBITS;
	f->shdr[1].sh_addr = CODE_SIZE;
	f->shdr[1].sh_offset = offsetof(struct elf_image, table);
	f->shdr[1].sh_size = TABLE_SIZE;
	f->shdr[2].sh_name = 17;
	f->shdr[2].sh_type = SHT_STRTAB;
	f->shdr[2].sh_offset = offsetof(struct elf_image, names);
	f->shdr[2].sh_size = sizeof(f->names);
}

/* Everything that is done to a firmware, in that order; the first error counts. */
static int judge(const void *data, size_t size, struct amp_fault *fault)
{
	struct amp_elf_section sec;
	struct amp_elf elf;
	int ret;

	memset(fault, 0, sizeof(*fault));
	ret = amp_elf_open(&elf, data, size, EM_ARM, fault);
	if (ret)
		return ret;
	ret = amp_elf_check_segments(&elf, fault);
	if (ret)
		return ret;
	return amp_elf_find_section(&elf, ".resource_table", &sec, fault);
}

static void elf_good(struct kunit *test)
{
	struct amp_elf_segment seg;
	struct amp_elf_section sec;
	struct amp_fault fault;
	unsigned int pos = 0;
	struct amp_elf elf;
	struct elf_image f;

	good(&f);
	KUNIT_ASSERT_EQ(test, amp_elf_open(&elf, &f, sizeof(f), EM_ARM, &fault), 0);
	KUNIT_EXPECT_EQ(test, elf.entry, 0x3cU);
	KUNIT_EXPECT_EQ(test, amp_elf_check_segments(&elf, &fault), 0);

	KUNIT_ASSERT_EQ(test, amp_elf_next_segment(&elf, &pos, &seg, &fault), 1);
	KUNIT_EXPECT_EQ(test, seg.index, 1U);
	KUNIT_EXPECT_EQ(test, seg.da, 0U);
	KUNIT_EXPECT_EQ(test, seg.filesz, (u32)(CODE_SIZE + TABLE_SIZE));
	KUNIT_EXPECT_EQ(test, seg.memsz, 0x1000U);
	KUNIT_EXPECT_PTR_EQ(test, (const void *)seg.data, (const void *)f.code);

	KUNIT_ASSERT_EQ(test, amp_elf_next_segment(&elf, &pos, &seg, &fault), 1);
	KUNIT_EXPECT_EQ(test, seg.index, 2U);
	KUNIT_EXPECT_EQ(test, seg.filesz, 0U);
	KUNIT_EXPECT_EQ(test, amp_elf_next_segment(&elf, &pos, &seg, &fault), 0);

	KUNIT_ASSERT_EQ(test, amp_elf_find_section(&elf, ".resource_table", &sec, &fault), 1);
	KUNIT_EXPECT_EQ(test, sec.addr, (u32)CODE_SIZE);
	KUNIT_EXPECT_EQ(test, sec.size, (u32)TABLE_SIZE);
	KUNIT_EXPECT_PTR_EQ(test, (const void *)sec.data, (const void *)f.table);
}

/* No prefix of a good file is a good file, and none is read past its end. */
static void elf_truncated(struct kunit *test)
{
	struct amp_fault fault;
	struct elf_image f;
	size_t size;
	u8 *copy;

	good(&f);
	for (size = 0; size < sizeof(f); size++) {
		copy = kunit_kmalloc(test, size ?: 1, GFP_KERNEL);
		KUNIT_ASSERT_NOT_NULL(test, copy);
		memcpy(copy, &f, size);
		KUNIT_EXPECT_LT(test, judge(copy, size, &fault), 0);
		KUNIT_EXPECT_NOT_NULL(test, fault.why);
	}
}

static void elf_unaligned(struct kunit *test)
{
	u8 *buf = kunit_kzalloc(test, sizeof(struct elf_image) + 1, GFP_KERNEL);
	struct amp_fault fault;
	struct elf_image f;

	KUNIT_ASSERT_NOT_NULL(test, buf);
	good(&f);
	memcpy(buf + 1, &f, sizeof(f));
	KUNIT_EXPECT_EQ(test, judge(buf + 1, sizeof(f), &fault), 1);
}

struct damage {
	const char *field;
	int err;
	size_t offset;
	unsigned int width;
	u32 value;
};

#define AT(name, member, width, v, e) \
	{ name, e, offsetof(struct elf_image, member), width, v }
#define EHDR(f, w, v, e)	AT(#f, ehdr.f, w, v, e)
#define PHDR(f, v, e)		AT(#f, phdr[1].f, 4, v, e)
#define SHDR(f, v, e)		AT(#f, shdr[1].f, 4, v, e)
#define IDENT(i, v)		AT("e_ident[" #i "]", ehdr.e_ident[i], 1, v, -ENOEXEC)

static const struct damage damages[] = {
	{ "e_ident[EI_MAG]", -ENOEXEC, 0, 1, 'E' },
	{ "e_ident[EI_MAG]", -ENOEXEC, 3, 1, 'G' },
	IDENT(EI_CLASS, ELFCLASS64),
	IDENT(EI_CLASS, ELFCLASSNONE),
	IDENT(EI_DATA, ELFDATA2MSB),
	IDENT(EI_VERSION, 0),
	EHDR(e_type, 2, ET_REL, -ENOEXEC),
	EHDR(e_type, 2, ET_CORE, -ENOEXEC),
	EHDR(e_machine, 2, EM_X86_64, -ENOEXEC),
	EHDR(e_machine, 2, EM_AARCH64, -ENOEXEC),
	EHDR(e_version, 4, 2, -ENOEXEC),
	EHDR(e_ehsize, 2, 51, -EBADMSG),
	EHDR(e_phnum, 2, 0, -ENOEXEC),
	EHDR(e_phnum, 2, 0xffff, -EBADMSG),
	EHDR(e_phnum, 2, 16, -EBADMSG),
	EHDR(e_phentsize, 2, 31, -EBADMSG),
	EHDR(e_phentsize, 2, 56, -EBADMSG),
	EHDR(e_phoff, 4, 0, -EBADMSG),
	EHDR(e_phoff, 4, sizeof(struct elf_image), -EBADMSG),
	EHDR(e_phoff, 4, 0xfffffff0, -EBADMSG),
	EHDR(e_shoff, 4, 0, -EBADMSG),
	EHDR(e_shoff, 4, sizeof(struct elf_image), -EBADMSG),
	EHDR(e_shoff, 4, 0xffffffff, -EBADMSG),
	EHDR(e_shnum, 2, 0, -EBADMSG),
	EHDR(e_shnum, 2, 4, -EBADMSG),
	EHDR(e_shentsize, 2, 0, -EBADMSG),
	EHDR(e_shstrndx, 2, 3, -EBADMSG),
	EHDR(e_shstrndx, 2, 0xffff, -EBADMSG),
	EHDR(e_entry, 4, 0x1000, -ENOEXEC),
	EHDR(e_entry, 4, 0x1fffe, -ENOEXEC),
	EHDR(e_entry, 4, 0xffffffff, -ENOEXEC),
	PHDR(p_filesz, 0x1001, -EBADMSG),
	PHDR(p_filesz, sizeof(struct elf_image) - offsetof(struct elf_image, code) + 1, -EBADMSG),
	PHDR(p_offset, sizeof(struct elf_image) + 1, -EBADMSG),
	PHDR(p_offset, 0xffffffff, -EBADMSG),
	PHDR(p_memsz, 0xffffffff, 1),
	SHDR(sh_type, SHT_NOBITS, -EBADMSG),
	SHDR(sh_offset, sizeof(struct elf_image) + 1, -EBADMSG),
	SHDR(sh_offset, 0xffffffff, -EBADMSG),
	SHDR(sh_size, sizeof(struct elf_image), -EBADMSG),
	SHDR(sh_size, 0xffffffff, -EBADMSG),
	SHDR(sh_name, sizeof(((struct elf_image *)NULL)->names), -EBADMSG),
	SHDR(sh_name, 0xffffffff, -EBADMSG),
};

static void elf_damage(struct kunit *test)
{
	struct amp_fault fault;
	unsigned int i;
	struct elf_image f;
	int ret;

	for (i = 0; i < ARRAY_SIZE(damages); i++) {
		const struct damage *d = &damages[i];

		good(&f);
		memcpy((u8 *)&f + d->offset, &d->value, d->width);
		ret = judge(&f, sizeof(f), &fault);
		KUNIT_EXPECT_EQ_MSG(test, ret, d->err, "%s = %#x: %d", d->field, d->value, ret);
		if (ret < 0)
			KUNIT_EXPECT_STREQ(test, fault.field, d->field);
	}
}

static void elf_address_wraps(struct kunit *test)
{
	struct amp_fault fault;
	struct elf_image f;

	good(&f);
	f.ehdr.e_entry = 0xfffff000;
	f.phdr[1].p_paddr = 0xfffff000;
	KUNIT_EXPECT_EQ(test, judge(&f, sizeof(f), &fault), 1);
	f.phdr[1].p_memsz = 0x1001;
	KUNIT_EXPECT_EQ(test, judge(&f, sizeof(f), &fault), -EOVERFLOW);
	KUNIT_EXPECT_STREQ(test, fault.field, "p_memsz");
	KUNIT_EXPECT_EQ(test, fault.index, 1);
}

/* Thumb code has bit 0 of the entry point set; a program may run elsewhere than it is loaded. */
static void elf_entry(struct kunit *test)
{
	static const u32 fine[] = { 0, 1, 0x3d, 0xfff, 0x20000, 0x200ff };
	struct amp_fault fault;
	unsigned int i;
	struct elf_image f;

	for (i = 0; i < ARRAY_SIZE(fine); i++) {
		good(&f);
		f.ehdr.e_entry = fine[i];
		KUNIT_EXPECT_EQ_MSG(test, judge(&f, sizeof(f), &fault), 1, "%#x", fine[i]);
	}

	good(&f);
	f.phdr[1].p_vaddr = 0x1fff8000;
	f.ehdr.e_entry = 0x1fff8001;
	KUNIT_EXPECT_EQ(test, judge(&f, sizeof(f), &fault), 1);
}

static void elf_nothing_to_load(struct kunit *test)
{
	struct amp_fault fault;
	struct elf_image f;

	good(&f);
	f.phdr[1].p_type = PT_NOTE;
	f.phdr[2].p_memsz = 0;
	KUNIT_EXPECT_EQ(test, judge(&f, sizeof(f), &fault), -ENOEXEC);
	KUNIT_EXPECT_STREQ(test, fault.field, "e_phnum");
}

/* Stripped, without section names, or with a table by another name: nothing to be found. */
static void elf_no_table(struct kunit *test)
{
	struct amp_fault fault;
	struct elf_image f;

	good(&f);
	f.ehdr.e_shoff = 0;
	f.ehdr.e_shnum = 0;
	f.ehdr.e_shentsize = 0;
	KUNIT_EXPECT_EQ(test, judge(&f, sizeof(f), &fault), 0);

	good(&f);
	f.ehdr.e_shstrndx = 0;
	KUNIT_EXPECT_EQ(test, judge(&f, sizeof(f), &fault), 0);

	good(&f);
	f.names[2] = 'R';
	KUNIT_EXPECT_EQ(test, judge(&f, sizeof(f), &fault), 0);

	/* A longer name that begins the same. */
	good(&f);
	memcpy(f.names, "\0.resource_tables", 18);
	KUNIT_EXPECT_EQ(test, judge(&f, sizeof(f), &fault), 0);

	/* The right name, cut off by the end of the names. */
	good(&f);
	f.shdr[2].sh_size = 1 + strlen(".resource_table");
	f.shdr[2].sh_name = 0;
	KUNIT_EXPECT_EQ(test, judge(&f, sizeof(f), &fault), 0);
}

static struct kunit_case amp_elf_cases[] = {
	KUNIT_CASE(elf_good),
	KUNIT_CASE(elf_truncated),
	KUNIT_CASE(elf_unaligned),
	KUNIT_CASE(elf_damage),
	KUNIT_CASE(elf_address_wraps),
	KUNIT_CASE(elf_entry),
	KUNIT_CASE(elf_nothing_to_load),
	KUNIT_CASE(elf_no_table),
	{ }
};

static struct kunit_suite amp_elf_suite = {
	.name = "amp_elf",
	.test_cases = amp_elf_cases,
};

kunit_test_suite(amp_elf_suite);
