// SPDX-License-Identifier: GPL-2.0-only
/*
 * Case: flushes of translations that one CPU asks for and another one has to heed.
 *
 * QEMU does not wake a CPU that executes nothing for each of them; it must not use what it knew when
 * it goes on (patches/0007). So CPU 1 falls asleep and wakes here in each order with the flush.
 *
 * Copyright (c) 2026 linux-amp developers
 */
#include "a9.h"

#define TABLE		0x00400000
#define SECTIONS	4096
/* Strongly-ordered, read and written by all */
#define SECTION		0xc02

/* Where CPU 1 reads, and what it finds there in turn */
#define WINDOW		0x08000000
#define PAGE(n)		(0x09000000 + (n) * 0x01000000)
#define MARK(n)		(0x7a6e0000 + (n))

static void map_window(u32 page)
{
	write32(TABLE + (WINDOW >> 20) * 4, page | SECTION);
	/* TLBIMVAIS (ARM DDI 0406, B3.18.7) */
	asm volatile("mcr p15, 0, %0, c8, c3, 1\n\tdsb\n\tisb" : : "r" (WINDOW) : "memory");
}

static void wake(void)
{
	write32(GICD_SGIR, SGI_TO(2) | 14);
}

static void check_flush(u32 round)
{
	u32 chance = random32(), value;

	CHECK(cpu1_command(COMMAND_SLEEP, 0, 0));
	delay_us(chance >> 1 & 15);
	if (chance & 1)
		wake();
	map_window(PAGE(round & 1));
	if (!(chance & 1))
		wake();
	CHECK(cpu1_read(WINDOW, &value));
	CHECK_EQ(value, MARK(round & 1));
}

void test_flush(void)
{
	agent_load();
	for (u32 i = 0; i < SECTIONS; i++)
		write32(TABLE + 4 * i, i << 20 | SECTION);
	write32(PAGE(0), MARK(0));
	write32(PAGE(1), MARK(1));
	CHECK(cpu1_start());
	CHECK(cpu1_irq_init());
	CHECK(cpu1_command(COMMAND_MMU, TABLE, 0));
	for (u32 i = 0; i < count(5000); i++)
		CHECK_STEP(check_flush(i));
}
