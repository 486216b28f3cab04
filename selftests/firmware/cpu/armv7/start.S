/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * ARMv7-A and ARMv7-R: exception vectors, start-up, interrupt and fault entry.
 *
 * Caches, MMU or MPU and branch prediction stay as reset leaves them; see
 * <cpu.h>. Everything runs in ARM state. The vectors are where the link script
 * puts them: an R5 looks for them at 0, an A9 is told. main() and its callees may
 * be far away in DDR, so calls go through registers.
 *
 * The R5's TCM has ECC, and its content is undefined after power-up. The power
 * management firmware writes all of a bank when it is requested, so that the
 * partial writes and stack accesses here do not meet bad check bits.
 *
 * Copyright (c) 2026 linux-amp developers
 */

#include <fault.h>

#define MODE_FIQ	0x11
#define MODE_IRQ	0x12
#define MODE_SVC	0x13
#define MODE_ABT	0x17
#define MODE_UND	0x1b
#define MODE_SYS	0x1f
#define MODE_MASK	0x1f

#define PSR_I		(1 << 7)
#define PSR_F		(1 << 6)

#define SCTLR_A		(1 << 1)
#define SCTLR_V		(1 << 13)

	.syntax unified
	.arm

	.section .vectors, "ax"
	.balign	32
	.global	_vectors
_vectors:
	ldr	pc, =_start
	ldr	pc, =undefined_entry
	ldr	pc, =svc_entry
	ldr	pc, =prefetch_entry
	ldr	pc, =data_entry
	b	.
	ldr	pc, =irq_entry
	ldr	pc, =fiq_entry
	.ltorg

	.section .text.start, "ax"
	.global	_start
	.type	_start, %function
_start:
	/* All fault modes share one stack: the first fault is the last */
	ldr	r0, =__fault_stack_end
	cps	#MODE_FIQ
	mov	sp, r0
	cps	#MODE_SVC
	mov	sp, r0
	cps	#MODE_ABT
	mov	sp, r0
	cps	#MODE_UND
	mov	sp, r0
	cps	#MODE_IRQ
	ldr	sp, =__irq_stack_end
	cps	#MODE_SYS
	ldr	sp, =__stack_end

	/*
	 * No high vectors, whatever the reset pin said. Alignment checks on: the
	 * protocol code is shared with cores that fault on unaligned accesses.
	 */
	mrc	p15, 0, r0, c1, c0, 0
	bic	r0, r0, #SCTLR_V
	orr	r0, r0, #SCTLR_A
	mcr	p15, 0, r0, c1, c0, 0
#if __ARM_ARCH_PROFILE == 'A'
	ldr	r0, =_vectors
	mcr	p15, 0, r0, c12, c0, 0
#endif
	isb

#ifdef FW_ALL_IN_DDR
	/* Exceptions go to 0, where nothing of this program was loaded; literals included */
	ldr	r0, =_vectors
	mov	r1, #0
1:	ldr	r2, [r0, r1]
	str	r2, [r1], #4
	cmp	r1, #64
	blo	1b
	dsb
#endif
	ldr	r0, =__bss_start
	ldr	r1, =__bss_end
	mov	r2, #0
1:	cmp	r0, r1
	strlo	r2, [r0], #4
	blo	1b

	/* A late abort is a fault to report, not one to hide */
	cpsie	a
	ldr	r0, =main
	blx	r0
	ldr	r0, =cpu_stop
	bx	r0
	.size	_start, . - _start

	/*
	 * Interrupts do not nest. Six registers keep the stack 8-byte aligned;
	 * the callee saves the rest.
	 */
	.type	irq_entry, %function
irq_entry:
	sub	lr, lr, #4
	push	{r0-r3, r12, lr}
	ldr	r0, =irq_dispatch
	blx	r0
	ldm	sp!, {r0-r3, r12, pc}^
	.size	irq_entry, . - irq_entry

	/*
	 * @cause: for the report
	 * @back:  how far lr is past the instruction that faulted
	 */
	.macro fault_entry cause, back
	sub	lr, lr, #\back
	sub	sp, sp, #FAULT_FRAME_SIZE
	stmia	sp, {r0-r12}
	mov	r1, #\cause
	b	fault_common
	.endm

	.type	undefined_entry, %function
undefined_entry:
	fault_entry FAULT_UNDEFINED, 4
	.type	svc_entry, %function
svc_entry:
	fault_entry FAULT_SVC, 4
	.type	prefetch_entry, %function
prefetch_entry:
	fault_entry FAULT_PREFETCH, 4
	.type	data_entry, %function
data_entry:
	fault_entry FAULT_DATA, 8
	.type	fiq_entry, %function
fiq_entry:
	fault_entry FAULT_FIQ, 4

	.type	fault_common, %function
fault_common:
	str	lr, [sp, #FAULT_FRAME_PC]
	mrs	r2, spsr
	str	r2, [sp, #FAULT_FRAME_CPSR]
	str	r1, [sp, #FAULT_FRAME_CAUSE]

	/* The banked sp and lr of the mode that faulted */
	mov	r0, sp
	mrs	r3, cpsr
	and	r2, r2, #MODE_MASK
	orr	r2, r2, #(PSR_I | PSR_F)
	msr	cpsr_c, r2
	mov	r4, sp
	mov	r5, lr
	msr	cpsr_c, r3
	str	r4, [r0, #FAULT_FRAME_SP]
	str	r5, [r0, #FAULT_FRAME_LR]

	ldr	r4, =fault_report
	bx	r4
	.size	fault_common, . - fault_common
	.ltorg
