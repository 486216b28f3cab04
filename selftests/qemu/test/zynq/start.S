/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Start-up of the test program: CPU 0, Secure Supervisor mode, MMU and caches off.
 *
 * CPU 0 starts here at power-up, after each reset of the machine, and when CPU 1 has reset it, then
 * through the trampoline at 0. Interrupts are polled, every exception is the end.
 *
 * Copyright (c) 2026 linux-amp developers
 */
	.syntax unified
	.arm
	.cpu	cortex-a9

	.section .text.start, "ax"
	.global	_start
_start:
	cpsid	aif, #0x13
	ldr	r1, =vectors
	mcr	p15, 0, r1, c12, c0, 0
	isb
	ldr	sp, =stack_end
	ldr	r1, =bss_start
	ldr	r2, =bss_end
	mov	r3, #0
1:	cmp	r1, r2
	strlo	r3, [r1], #4
	blo	1b
	bl	main
2:	wfi
	b	2b

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
	ldr	sp, =stack_end
	sub	r0, lr, #8
	mrc	p15, 0, r1, c5, c0, 0
	mrc	p15, 0, r2, c6, c0, 0
	bl	die_of_exception
	b	.

	.section .rodata, "a"
	.global	agent_image, agent_image_end
	.balign	4
agent_image:
	.incbin	"cpu1.bin"
	.balign	4
agent_image_end:
