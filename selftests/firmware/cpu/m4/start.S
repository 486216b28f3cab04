/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Cortex-M4: boot words, vector table, start-up, fault entry.
 *
 * The core takes its stack pointer and its first instruction from address 0.
 * Whatever memory is there is not where the program lives, so the two words are
 * a section of their own, and the start-up code moves the vector table here.
 * Privileged thread mode and the main stack throughout; the FPU stays off.
 *
 * Copyright (c) 2026 linux-amp developers
 */

#include <fault.h>

#define SCB_VTOR	0xe000ed08
#define SCB_CCR		0xe000ed14
#define   CCR_UNALIGN_TRP	(1 << 3)
#define   CCR_DIV_0_TRP		(1 << 4)
#define   CCR_STKALIGN		(1 << 9)
#define SCB_SHCSR	0xe000ed24
#define   SHCSR_MEMFAULTENA	(1 << 16)
#define   SHCSR_BUSFAULTENA	(1 << 17)
#define   SHCSR_USGFAULTENA	(1 << 18)

#define EXTERNAL_INTERRUPTS	128

	.syntax unified
	.thumb

	.section .boot, "a"
	.global	_boot
_boot:
	.word	__stack_end
	.word	_start

	/* VTOR wants the table's size, rounded up to a power of two, as alignment */
	.section .vectors, "a"
	.balign	1024
vectors:
	.word	__stack_end
	.word	_start
	.rept	13
	.word	fault_entry
	.endr
	.rept	1 + EXTERNAL_INTERRUPTS
	.word	irq_dispatch
	.endr

	.section .text.start, "ax"
	.global	_start
	.type	_start, %function
_start:
	cpsid	i
	ldr	r0, =SCB_VTOR
	ldr	r1, =vectors
	str	r1, [r0]

	/*
	 * Alignment checks on: the protocol code is shared with cores that fault
	 * on unaligned accesses. Each fault reports under its own name.
	 */
	ldr	r0, =SCB_CCR
	ldr	r1, =CCR_STKALIGN | CCR_DIV_0_TRP | CCR_UNALIGN_TRP
	str	r1, [r0]
	ldr	r0, =SCB_SHCSR
	ldr	r1, =SHCSR_USGFAULTENA | SHCSR_BUSFAULTENA | SHCSR_MEMFAULTENA
	str	r1, [r0]
	dsb
	isb
	bl	soc_mpu_init

	/* Data that was not loaded to where it is used */
	ldr	r0, =__data_load
	ldr	r1, =__data_start
	ldr	r2, =__data_end
	cmp	r0, r1
	beq	2f
1:	cmp	r1, r2
	bhs	2f
	ldr	r3, [r0], #4
	str	r3, [r1], #4
	b	1b

2:	ldr	r0, =__bss_start
	ldr	r1, =__bss_end
	movs	r2, #0
3:	cmp	r0, r1
	bhs	4f
	str	r2, [r0], #4
	b	3b

4:	ldr	r0, =main
	blx	r0
	ldr	r0, =cpu_stop
	bx	r0
	.size	_start, . - _start

	/* A stack of its own: the first fault is the last, and it may be the stack's */
	.type	fault_entry, %function
fault_entry:
	cpsid	i
	mov	r0, sp
	ldr	r1, =__fault_stack_end
	mov	sp, r1
	push	{r0, lr}
	push	{r4-r11}
	mov	r0, sp
	ldr	r1, =fault_report
	bx	r1
	.size	fault_entry, . - fault_entry
	.ltorg
