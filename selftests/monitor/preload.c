// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a first stage boot loader does on a board: start the R5s before Linux. A program for each of
 * them may lie in memory, as the ELF file that it is; QEMU's loader puts it there. Linux may use
 * that memory afterwards.
 *
 * Copyright (c) 2026 linux-amp developers
 */
#include "monitor.h"

#define ELF_MAGIC	0x464c457fU
#define PT_LOAD		1

/* The fields of a 32-bit file that matter here, by their offset */
#define E_PHOFF		0x1c
#define E_PHNUM		0x2c
#define PHDR_BYTES	32
#define P_TYPE		0
#define P_OFFSET	4
#define P_PADDR		12
#define P_FILESZ	16
#define P_MEMSZ		20

#define TCM_END		0x40000U
#define BANK_BYTES	0x20000U

#define WAKE_LOVEC	BIT(0)	/* address 0, which is given */
#define ACK_NO		1

/* In split mode: where the banks of each core are for everybody else */
static const u32 banks[2][2] = {
	{ 0xffe00000, 0xffe20000 }, { 0xffe90000, 0xffeb0000 },
};

static u64 seen_from_here(u32 core, u32 address)
{
	if (address < TCM_END)
		return banks[core][address / BANK_BYTES] + address % BANK_BYTES;
	return address;
}

static void load(u32 core, u64 elf, u64 phdr)
{
	u32 filesz = mmio_read(phdr + P_FILESZ), memsz = mmio_read(phdr + P_MEMSZ), i;
	u64 to = seen_from_here(core, mmio_read(phdr + P_PADDR));
	u64 from = elf + mmio_read(phdr + P_OFFSET);

	for (i = 0; i < memsz; i++)
		WRITE_ONCE(*(u8 *)(to + i), i < filesz ? READ_ONCE(*(u8 *)(from + i)) : 0);
}

static void start(u32 core, u64 elf)
{
	u32 num = READ_ONCE(*(u16 *)(elf + E_PHNUM)), i;
	u64 phdr = elf + mmio_read(elf + E_PHOFF);

	rpu_set_mode(1);
	for (i = 0; i < num; i++, phdr += PHDR_BYTES)
		if (mmio_read(phdr + P_TYPE) == PT_LOAD)
			load(core, elf, phdr);
	dsb();
	if (rpu_request_wakeup(NODE_RPU_0 + core, WAKE_LOVEC, ACK_NO) != EEMI_OK)
		say("cannot start R5 %u\n", core);
}

/**
 * preload_remotes() - start the R5s that there is a program for
 *
 * Context: boot core, before Linux.
 */
void preload_remotes(void)
{
	u32 core;

	for (core = 0; core < ARRAY_SIZE(banks); core++) {
		u64 elf = PRELOAD_ADDR + core * PRELOAD_BYTES;

		if (mmio_read(elf) != ELF_MAGIC)
			continue;
		say("starting R5 %u\n", core);
		start(core, elf);
	}
}
