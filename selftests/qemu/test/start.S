/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Start-up of the test program: EL3 on the Cortex-A53, MMU and caches off.
 *
 * CPU 0 starts here at power-up and after each reset of the machine; the others are released by
 * cpu_start() and go to secondary_main(). Interrupts are polled, every exception is the end.
 *
 * Copyright (c) 2026 linux-amp developers
 */
	.section .text.start, "ax"
	.global	_start
_start:
	mrs	x0, mpidr_el1
	and	x0, x0, #3
	ldr	x1, =stacks_end
	sub	x1, x1, x0, lsl #14
	mov	sp, x1
	ldr	x1, =vectors
	msr	vbar_el3, x1
	msr	cptr_el3, xzr
	isb
	cbnz	x0, 2f
	ldr	x1, =bss_start
	ldr	x2, =bss_end
1:	cmp	x1, x2
	b.hs	3f
	str	xzr, [x1], #8
	b	1b
2:	bl	secondary_main
	b	4f
3:	bl	main
4:	wfi
	b	4b

	.global	semihosting
semihosting:
	hlt	#0xf000
	ret

	.balign	2048
vectors:
	.rept	16
	b	unexpected
	.balign	128
	.endr
unexpected:
	mrs	x0, esr_el3
	mrs	x1, elr_el3
	mrs	x2, far_el3
	bl	die_of_exception
	b	.

	.section .rodata, "a"
	.global	r5_image, r5_image_end
	.balign	8
r5_image:
	.incbin	"r5.bin"
	.balign	8
r5_image_end:
