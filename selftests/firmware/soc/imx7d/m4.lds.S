/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Link script for the M4 of i.MX 7Dual, preprocessed.
 *
 * The two boot words are at 0, which is OCRAM_S; vectors and start-up code are at
 * the start of TCML, the stacks at the end of TCMU. The rest is in TCM too, or
 * with FW_IN_DDR in the firmware carveout.
 *
 * Other programs leave the boot words to the loader: with FW_BARE all of it is in
 * the firmware carveout; with FW_IN_OCRAM, code is in OCRAM under its address for
 * code, the resource table there under its address for data, and initialised data
 * too, from where the start-up code copies it to TCMU.
 *
 * One PT_LOAD segment per memory and permission; a loader takes p_paddr as the
 * M4's address. The resource table is at the start of the writable one, or with
 * FW_TABLE_REGION in a carveout of its own, where boot code leaves it for Linux.
 *
 * Copyright (c) 2026 linux-amp developers
 */

#define DDR_CARVEOUT	0x9fe00000
#define DDR_SIZE	0x40000

/* The last page of the carveout belongs to the counter of the noipc program */
#define DDR_COUNTER	(DDR_CARVEOUT + DDR_SIZE - 0x1000)

/* That of selftests/cells/dts/imx-rsc-table.dtso, or where the program says */
#if defined(FW_TABLE_REGION) && FW_TABLE_REGION > 1
#define TABLE_CARVEOUT	FW_TABLE_REGION
#else
#define TABLE_CARVEOUT	0x9ffef000
#endif

#if defined(FW_IN_DDR) || defined(FW_BARE)
#define TEXT	DDR
#define DATA	DDR
#elif defined(FW_IN_OCRAM)
#define TEXT	OCRAM_CODE
#define DATA	TCMU
#define LOAD_DATA	AT> OCRAM_DATA
#else
#define TEXT	TCML
#define DATA	TCMU
#endif

#ifndef LOAD_DATA
#define LOAD_DATA
#endif

OUTPUT_FORMAT("elf32-littlearm")
ENTRY(_start)

/* The two halves of that of selftests/cells/dts/imx-ocram.dtso, in either view */
MEMORY
{
	BOOT : ORIGIN = 0x00000000, LENGTH = 8
	OCRAM_CODE : ORIGIN = 0x00920000, LENGTH = 64K
	OCRAM_DATA : ORIGIN = 0x20230000, LENGTH = 64K
	TCML : ORIGIN = 0x1fff8000, LENGTH = 32K
	TCMU : ORIGIN = 0x20000000, LENGTH = 32K
	DDR  : ORIGIN = DDR_CARVEOUT, LENGTH = DDR_SIZE - 0x1000
	TABLE : ORIGIN = TABLE_CARVEOUT, LENGTH = 4K
}

PHDRS
{
#if !defined(FW_BARE) && !defined(FW_IN_OCRAM)
	boot PT_LOAD FLAGS(4);
#endif
#ifdef FW_IN_DDR
	start PT_LOAD FLAGS(5);
#endif
	text PT_LOAD FLAGS(5);
#if defined(FW_TABLE_REGION) || defined(FW_IN_OCRAM)
	table PT_LOAD FLAGS(6);
#endif
	data PT_LOAD FLAGS(6);
#ifdef FW_IN_OCRAM
	bss PT_LOAD FLAGS(6);
#endif
#ifdef FW_COUNTER
	counter PT_LOAD FLAGS(6);
#endif
}

SECTIONS
{
#if !defined(FW_BARE) && !defined(FW_IN_OCRAM)
	.boot : { KEEP(*(.boot)) } > BOOT :boot
#endif
#ifdef FW_IN_DDR
	.start : { KEEP(*(.vectors)) *(.text.start) } > TCML :start
#endif
	.text : {
		__text_start = .;
		KEEP(*(.vectors)) *(.text.start)
		*(.text .text.*)
		*(.rodata .rodata.*)
	} > TEXT :text

#ifdef FW_TABLE_REGION
	.resource_table : { KEEP(*(.resource_table)) } > TABLE :table
#elif defined(FW_IN_OCRAM)
	.resource_table : { KEEP(*(.resource_table)) } > OCRAM_DATA :table
#else
	.resource_table : ALIGN(16) { KEEP(*(.resource_table)) } > DATA :data
#endif
	.data : ALIGN(8) {
		__data_start = .;
		*(.data .data.*)
		. = ALIGN(4);
		__data_end = .;
	} > DATA LOAD_DATA :data
	__data_load = LOADADDR(.data);
	.bss (NOLOAD) : ALIGN(8) {
		__bss_start = .;
		*(.bss .bss.*) *(COMMON)
		. = ALIGN(8);
		__bss_end = .;
#ifdef FW_IN_OCRAM
	} > TCMU AT> TCMU :bss
#else
	} > DATA :data
#endif

#ifdef FW_COUNTER
	.counter DDR_COUNTER (NOLOAD) : { KEEP(*(.counter)) } :counter
#endif

#if defined(FW_IN_DDR) || defined(FW_BARE)
	__ddr_image_start = __text_start;
	__ddr_image_end = __bss_end;
#else
	__ddr_image_start = 0;
	__ddr_image_end = 0;
#endif

	__fault_stack_end = ORIGIN(TCMU) + LENGTH(TCMU);
	__stack_end = __fault_stack_end - 0x400;
	__stack_start = __stack_end - 0x1000;
#if !defined(FW_IN_DDR) && !defined(FW_BARE)
	ASSERT(__bss_end <= __stack_start, "data and stacks do not fit TCMU")
#endif

	/DISCARD/ : {
		*(.boot)
		*(.ARM.exidx*) *(.ARM.extab*) *(.comment) *(.note*) *(.eh_frame*)
	}
}
