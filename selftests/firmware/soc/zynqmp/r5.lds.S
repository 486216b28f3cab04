/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Link script for an R5 of ZynqMP, preprocessed.
 *
 * Vectors and start-up code are at 0 in ATCM, the stacks at the end of BTCM. The
 * rest is in TCM too, or with FW_IN_DDR in the core's firmware carveout, and with FW_ALL_IN_DDR
 * nothing is loaded elsewhere. The
 * addresses fit one core in split mode (64 KiB per bank) and lockstep alike.
 *
 * One PT_LOAD segment per memory and permission; a loader takes p_paddr as the
 * R5's address. The resource table is at the start of the writable one.
 *
 * Copyright (c) 2026 linux-amp developers
 */

#define DDR_CARVEOUT	(0x3ed00000 + 0x200000 * FW_CORE)
#define DDR_SIZE	0x40000

/* The last page of the carveout belongs to the counter of the noipc program */
#define DDR_COUNTER	(DDR_CARVEOUT + DDR_SIZE - 0x1000)

/* On-chip memory that no monitor and no other core uses */
#define OCM_START	(0xfffe0000 + 0x8000 * FW_CORE)

#if defined(FW_IN_DDR)
#define TEXT	DDR
#define DATA	DDR
#elif defined(FW_IN_OCM)
#define TEXT	ATCM
#define DATA	OCM
#else
#define TEXT	ATCM
#define DATA	BTCM
#endif

OUTPUT_FORMAT("elf32-littlearm")
ENTRY(_vectors)

MEMORY
{
	ATCM : ORIGIN = 0x00000000, LENGTH = 64K
	BTCM : ORIGIN = 0x00020000, LENGTH = 64K
	DDR  : ORIGIN = DDR_CARVEOUT, LENGTH = DDR_SIZE - 0x1000
	OCM  : ORIGIN = OCM_START, LENGTH = 32K
}

PHDRS
{
#if defined(FW_IN_DDR) && !defined(FW_ALL_IN_DDR)
	start PT_LOAD FLAGS(5);
#endif
#ifdef FW_HEADER
	header PT_LOAD FLAGS(4);
#endif
	text PT_LOAD FLAGS(5);
	data PT_LOAD FLAGS(6);
#ifdef FW_COUNTER
	counter PT_LOAD FLAGS(6);
#endif
}

SECTIONS
{
#if defined(FW_IN_DDR) && !defined(FW_ALL_IN_DDR)
	.start : { KEEP(*(.vectors)) *(.text.start) } > ATCM :start
#endif
#if defined(FW_HEADER_IN_BTCM)
	.attach_header ORIGIN(BTCM) : { KEEP(*(.attach_header)) . = 0x100; } > BTCM :header
#elif defined(FW_IN_OCM)
	.attach_header OCM_START : { KEEP(*(.attach_header)) . = 0x100; } > OCM :header
#elif defined(FW_HEADER)
	.attach_header DDR_CARVEOUT : { KEEP(*(.attach_header)) . = 0x100; } > DDR :header
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

	__stack_end = ORIGIN(BTCM) + LENGTH(BTCM);
	__irq_stack_end = __stack_end - 0x1000;
	__fault_stack_end = __irq_stack_end - 0x400;
	__stacks_start = __fault_stack_end - 0x400;
#if !defined(FW_IN_DDR) && !defined(FW_IN_OCM)
	ASSERT(__bss_end <= __stacks_start, "data and stacks do not fit BTCM")
#endif

	/DISCARD/ : { *(.ARM.exidx*) *(.ARM.extab*) *(.comment) *(.note*) *(.eh_frame*) }
}
