/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Link script for the M4 of i.MX 7Dual, preprocessed.
 *
 * The two boot words are at 0, which is OCRAM_S; vectors and start-up code are at
 * the start of TCML, the stacks at the end of TCMU. The rest is in TCM too, or
 * with FW_IN_DDR in the firmware carveout.
 *
 * One PT_LOAD segment per memory and permission; a loader takes p_paddr as the
 * M4's address. The resource table is at the start of the writable one.
 *
 * Copyright (c) 2026 linux-amp developers
 */

#define DDR_CARVEOUT	0x9fe00000
#define DDR_SIZE	0x40000

/* The last page of the carveout belongs to the counter of the noipc program */
#define DDR_COUNTER	(DDR_CARVEOUT + DDR_SIZE - 0x1000)

#ifdef FW_IN_DDR
#define TEXT	DDR
#define DATA	DDR
#else
#define TEXT	TCML
#define DATA	TCMU
#endif

OUTPUT_FORMAT("elf32-littlearm")
ENTRY(_start)

MEMORY
{
	BOOT : ORIGIN = 0x00000000, LENGTH = 8
	TCML : ORIGIN = 0x1fff8000, LENGTH = 32K
	TCMU : ORIGIN = 0x20000000, LENGTH = 32K
	DDR  : ORIGIN = DDR_CARVEOUT, LENGTH = DDR_SIZE - 0x1000
}

PHDRS
{
	boot PT_LOAD FLAGS(4);
#ifdef FW_IN_DDR
	start PT_LOAD FLAGS(5);
#endif
	text PT_LOAD FLAGS(5);
	data PT_LOAD FLAGS(6);
#ifdef FW_COUNTER
	counter PT_LOAD FLAGS(6);
#endif
}

SECTIONS
{
	.boot : { KEEP(*(.boot)) } > BOOT :boot
#ifdef FW_IN_DDR
	.start : { KEEP(*(.vectors)) *(.text.start) } > TCML :start
#endif
	.text : {
		__text_start = .;
		KEEP(*(.vectors)) *(.text.start)
		*(.text .text.*)
		*(.rodata .rodata.*)
	} > TEXT :text

	.resource_table : ALIGN(16) { KEEP(*(.resource_table)) } > DATA :data
	.data : ALIGN(8) { *(.data .data.*) } > DATA :data
	.bss (NOLOAD) : ALIGN(8) {
		__bss_start = .;
		*(.bss .bss.*) *(COMMON)
		. = ALIGN(8);
		__bss_end = .;
	} > DATA :data

#ifdef FW_COUNTER
	.counter DDR_COUNTER (NOLOAD) : { KEEP(*(.counter)) } :counter
#endif

#ifdef FW_IN_DDR
	__ddr_image_start = __text_start;
	__ddr_image_end = __bss_end;
#else
	__ddr_image_start = 0;
	__ddr_image_end = 0;
#endif

	__fault_stack_end = ORIGIN(TCMU) + LENGTH(TCMU);
	__stack_end = __fault_stack_end - 0x400;
	__stack_start = __stack_end - 0x1000;
#ifndef FW_IN_DDR
	ASSERT(__bss_end <= __stack_start, "data and stacks do not fit TCMU")
#endif

	/DISCARD/ : { *(.ARM.exidx*) *(.ARM.extab*) *(.comment) *(.note*) *(.eh_frame*) }
}
