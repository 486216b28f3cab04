/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Reset entry, exception vectors and the way out of EL3.
 *
 * The boot core comes here with everything off; the others come to warm_entry when PSCI
 * releases them from reset.  Each core has its own stack below __stacks_end.
 *
 * Copyright (c) 2026 linux-amp developers
 */

#define STACK_SHIFT	12
#define FRAME_SIZE	176
#define EC_SMC64	0x17

	.section .text.start, "ax"

	.macro	core_init
	mrs	x0, mpidr_el1
	and	x0, x0, #0xff
	ldr	x1, =__stacks_end
	sub	x1, x1, x0, lsl #STACK_SHIFT
	mov	sp, x1
	ldr	x1, =vectors
	msr	vbar_el3, x1
	msr	cptr_el3, xzr			/* no FP or trace traps to EL3 */
	msr	mdcr_el3, xzr
	isb
	.endm

	.global	_start
_start:
	ldr	x1, =__bss_start
	ldr	x2, =__bss_end
1:	cmp	x1, x2
	b.hs	2f
	str	xzr, [x1], #8
	b	1b
2:	core_init
	bl	boot_main			/* does not return */

	.balign	128				/* RVBAR ignores the low bits */
	.global	warm_entry
warm_entry:
	core_init
	bl	secondary_main			/* does not return */

	/* void leave_el3(const struct entry *entry): the stack starts afresh at the next SMC */
	.global	leave_el3
leave_el3:
	ldp	x1, x2, [x0, #0]		/* pc, x0 */
	ldp	x3, x4, [x0, #16]		/* spsr, scr */
	msr	elr_el3, x1
	msr	spsr_el3, x3
	msr	scr_el3, x4
	mrs	x0, mpidr_el1
	and	x0, x0, #0xff
	ldr	x1, =__stacks_end
	sub	x1, x1, x0, lsl #STACK_SHIFT
	mov	sp, x1
	mov	x0, x2
	mov	x1, xzr
	mov	x2, xzr
	mov	x3, xzr
	isb
	eret

	/* u64 semihost(u64 op, const void *arg) */
	.global	semihost
semihost:
	hlt	#0xf000
	ret

	.macro	unexpected number
	.balign	128
	mov	x0, #\number
	b	unexpected_exception
	.endm

	.balign	2048
vectors:
	.irp	number, 0, 1, 2, 3, 4, 5, 6, 7
	unexpected \number
	.endr
	.balign	128
	b	lower_el_sync
	.irp	number, 9, 10, 11, 12, 13, 14, 15
	unexpected \number
	.endr

unexpected_exception:
	mrs	x1, esr_el3
	mrs	x2, elr_el3
	mrs	x3, far_el3
	bl	report_exception		/* does not return */

	/*
	 * An SMC.  SMCCC 1.1 lets a call change x0 to x3 only; the C compiler keeps x19 to x28,
	 * the rest is kept here.
	 */
lower_el_sync:
	sub	sp, sp, #FRAME_SIZE
	stp	x0, x1, [sp, #0]
	stp	x2, x3, [sp, #16]
	stp	x4, x5, [sp, #32]
	stp	x6, x7, [sp, #48]
	stp	x8, x9, [sp, #64]
	stp	x10, x11, [sp, #80]
	stp	x12, x13, [sp, #96]
	stp	x14, x15, [sp, #112]
	stp	x16, x17, [sp, #128]
	stp	x18, x29, [sp, #144]
	str	x30, [sp, #160]
	mrs	x0, esr_el3
	lsr	x0, x0, #26
	cmp	x0, #EC_SMC64
	b.ne	1f
	mov	x0, sp
	bl	smc_call
	ldp	x0, x1, [sp, #0]
	ldp	x2, x3, [sp, #16]
	ldp	x4, x5, [sp, #32]
	ldp	x6, x7, [sp, #48]
	ldp	x8, x9, [sp, #64]
	ldp	x10, x11, [sp, #80]
	ldp	x12, x13, [sp, #96]
	ldp	x14, x15, [sp, #112]
	ldp	x16, x17, [sp, #128]
	ldp	x18, x29, [sp, #144]
	ldr	x30, [sp, #160]
	add	sp, sp, #FRAME_SIZE
	eret
1:	mov	x0, #8
	b	unexpected_exception
