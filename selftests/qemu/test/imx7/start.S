/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Start-up of the test program: secure supervisor mode on the Cortex-A7, MMU and caches off.
 *
 * CPU 0 starts here at power-up and after each reset of the machine; CPU 1 is released by
 * cpu1_start() and goes to secondary_main(). Interrupts are polled, every exception is the end.
 *
 * Copyright (c) 2026 linux-amp developers
 */
	.syntax unified
	.arm
	.cpu	cortex-a7
	.arch_extension sec
	.arch_extension virt

	.section .text.start, "ax"
	.global	_start
_start:
	cpsid	aif, #0x13
	ldr	r1, =vectors
	mcr	p15, 0, r1, c12, c0, 0
	isb
	mrc	p15, 0, r0, c0, c0, 5
	and	r0, r0, #3
	ldr	sp, =stacks_end
	sub	sp, sp, r0, lsl #14
	cmp	r0, #0
	bne	2f
	ldr	r1, =bss_start
	ldr	r2, =bss_end
	mov	r3, #0
1:	cmp	r1, r2
	strlo	r3, [r1], #4
	blo	1b
	bl	main
	b	3f
2:	bl	secondary_main
3:	wfi
	b	3b

	.global	semihosting
semihosting:
	svc	#0x123456
	bx	lr

	.balign	32
vectors:
	.rept	8
	b	unexpected
	.endr
unexpected:
	ldr	sp, =stacks_end
	sub	r0, lr, #8
	mrc	p15, 0, r1, c5, c0, 0
	mrc	p15, 0, r2, c6, c0, 0
	bl	die_of_exception
	b	.

	.section .rodata, "a"
	.global	m4_image, m4_image_end
	.balign	4
m4_image:
	.incbin	"m4.bin"
	.balign	4
m4_image_end:
