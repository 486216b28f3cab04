/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Link script for CPU 1 of Zynq-7000, preprocessed.
 *
 * All is in the firmware carveout in DDR, the stacks at its end. With FW_IN_DDR,
 * which on other cores moves a program from their own memory to DDR, vectors and
 * start-up code are in on-chip memory.
 *
 * One PT_LOAD segment per memory and permission, at physical addresses. The
 * resource table is at the start of the writable one.
 *
 * Copyright (c) 2026 linux-amp developers
 */

#define DDR_CARVEOUT	0x3e000000
#define DDR_SIZE	0x40000

/* The last page of the carveout belongs to the counter of the noipc program */
#define DDR_COUNTER	(DDR_CARVEOUT + DDR_SIZE - 0x1000)

OUTPUT_FORMAT("elf32-littlearm")
ENTRY(_vectors)

MEMORY
{
	DDR : ORIGIN = DDR_CARVEOUT, LENGTH = DDR_SIZE - 0x1000
	OCM : ORIGIN = 0xfffc0000, LENGTH = 64K
}

PHDRS
{
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
#ifdef FW_IN_DDR
	.start : { KEEP(*(.vectors)) *(.text.start) } > OCM :start
#endif
	.text : {
		__image_start = .;
		KEEP(*(.vectors)) *(.text.start)
		*(.text .text.*)
		*(.rodata .rodata.*)
	} > DDR :text

	.resource_table : ALIGN(16) { KEEP(*(.resource_table)) } > DDR :data
	.data : ALIGN(8) { *(.data .data.*) } > DDR :data
	.bss (NOLOAD) : ALIGN(8) {
		__bss_start = .;
		*(.bss .bss.*) *(COMMON)
		. = ALIGN(8);
		__bss_end = .;
	} > DDR :data

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
