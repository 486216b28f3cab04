/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Link script for CPU 1 of Zynq-7000, preprocessed.
 *
 * All is in the firmware carveout in DDR, the stacks at its end. With FW_IN_DDR,
 * which on other cores moves a program from their own memory to DDR, vectors and
 * start-up code are in on-chip memory.
 *
 * One PT_LOAD segment per memory and permission, at physical addresses. The
 * resource table is at the start of the writable one. What existing programs do
 * differently is a choice:
 *
 * FW_AT_ZERO	all is in the memory at 0, as if nobody else were there
 * FW_STUB	and the entry point is not the reset vector
 * FW_TABLE	the resource table has memory of its own, so that a Linux that did
 *		not load this program finds it
 * FW_LARGE	the table has a section of 1 MiB
 *
 * With FW_ANY_BOARD the carveout is that of dts/zynq-cpu1.dtso, and all there is.
 *
 * Copyright (c) 2026 linux-amp developers
 */

#ifdef FW_ANY_BOARD
#define DDR_CARVEOUT	0x0e000000
#define DDR_SIZE	0x200000
#else
#define DDR_CARVEOUT	0x3e000000
#define DDR_SIZE	0x40000
#endif

/* The last page of the carveout belongs to the counter of the noipc program */
#define DDR_COUNTER	(DDR_CARVEOUT + DDR_SIZE - 0x1000)

#ifdef FW_AT_ZERO
#define MAIN_START	0
#define MAIN_SIZE	0x30000
#else
#define MAIN_START	DDR_CARVEOUT
#define MAIN_SIZE	(DDR_SIZE - 0x1000)
#endif

#if defined(FW_TABLE)
#define TABLE_START	0x3e148000
#define TABLE_SIZE	0x1000
#elif defined(FW_LARGE)
#define TABLE_START	0x3e100000
#define TABLE_SIZE	0x100000
#endif

OUTPUT_FORMAT("elf32-littlearm")
#ifdef FW_STUB
ENTRY(_start)
#else
ENTRY(_vectors)
#endif

MEMORY
{
	DDR : ORIGIN = MAIN_START, LENGTH = MAIN_SIZE
	OCM : ORIGIN = 0xfffc0000, LENGTH = 64K
#ifdef TABLE_START
	TABLE : ORIGIN = TABLE_START, LENGTH = TABLE_SIZE
#endif
}

PHDRS
{
#if defined(FW_IN_DDR) && !defined(FW_ANY_BOARD)
#define START_IN_OCM
	start PT_LOAD FLAGS(5);
#endif
	text PT_LOAD FLAGS(5);
	data PT_LOAD FLAGS(6);
#ifdef TABLE_START
	table PT_LOAD FLAGS(6);
#endif
#ifdef FW_COUNTER
	counter PT_LOAD FLAGS(6);
#endif
}

SECTIONS
{
#ifdef START_IN_OCM
	.start : { KEEP(*(.vectors)) *(.text.start) } > OCM :start
#endif
	.text : {
		__image_start = .;
		KEEP(*(.vectors)) *(.text.start)
		*(.text .text.*)
		*(.rodata .rodata.*)
	} > DDR :text

#ifndef TABLE_START
	.resource_table : ALIGN(16) { KEEP(*(.resource_table)) } > DDR :data
#endif
	.data : ALIGN(8) { *(.data .data.*) } > DDR :data
	.bss (NOLOAD) : ALIGN(8) {
		__bss_start = .;
		*(.bss .bss.*) *(COMMON)
		. = ALIGN(8);
		__bss_end = .;
	} > DDR :data

#ifdef TABLE_START
	.resource_table : {
		KEEP(*(.resource_table))
#ifdef FW_LARGE
		. = TABLE_SIZE;
#endif
	} > TABLE :table
#endif

#ifdef FW_COUNTER
	.counter DDR_COUNTER (NOLOAD) : { KEEP(*(.counter)) } :counter
#endif

	__stack_end = ORIGIN(DDR) + LENGTH(DDR);
	__irq_stack_end = __stack_end - 0x1000;
	__fault_stack_end = __irq_stack_end - 0x400;
	__stacks_start = __fault_stack_end - 0x400;
	__image_end = __stack_end;
	ASSERT(__bss_end <= __stacks_start, "program and stacks do not fit the carveout")

	/DISCARD/ : { *(.ARM.exidx*) *(.ARM.extab*) *(.comment) *(.note*) *(.eh_frame*) }
}
