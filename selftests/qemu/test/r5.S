/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Agent on a Cortex-R5: executes what the mailbox says, see mailbox.h.
 *
 * Linked at 0. The vector table takes its targets from literals next to it, so a copy of the first
 * 64 bytes works at 0xffff0000 as well. r11 holds the core's mailbox throughout.
 *
 * Copyright (c) 2026 linux-amp developers
 */
#include "mailbox.h"

#define GICC_IAR	0xf900100c
#define GICC_EOIR	0xf9001010

	.syntax unified
	.arm
	.cpu	cortex-r5
	.text
	.global	_start
_start:
	ldr	pc, target_reset
	b	.			/* undefined instruction */
	b	.			/* supervisor call */
	b	.			/* prefetch abort */
	b	.			/* data abort */
	b	.
	ldr	pc, target_irq
	b	.			/* fast interrupt */
target_reset:
	.word	reset
target_irq:
	.word	irq
	.balign	64

reset:
	mrc	p15, 0, r0, c0, c0, 5
	and	r1, r0, #1
	ldr	r11, =MAILBOX_BASE
	mov	r2, #MAILBOX_SIZE
	mla	r11, r1, r2, r11
	str	r0, [r11, #MAILBOX_MPIDR]
	mrc	p15, 0, r0, c1, c0, 0
	str	r0, [r11, #MAILBOX_SCTLR]
	/* Whatever the vectors were at, they are in ATCM from here on */
	bic	r0, r0, #(1 << 13)
	mcr	p15, 0, r0, c1, c0, 0
	isb
	ldr	r10, [r11, #MAILBOX_DONE]
	ldr	r0, [r11, #MAILBOX_BOOTS]
	add	r0, r0, #1
	str	r0, [r11, #MAILBOX_BOOTS]

loop:
	ldr	r0, [r11, #MAILBOX_HEARTBEAT]
	add	r0, r0, #1
	str	r0, [r11, #MAILBOX_HEARTBEAT]
	ldr	r0, [r11, #MAILBOX_SEQ]
	cmp	r0, r10
	beq	loop
	mov	r10, r0
	dmb
	ldr	r1, [r11, #MAILBOX_COMMAND]
	ldr	r2, [r11, #MAILBOX_ADDRESS]
	ldr	r3, [r11, #MAILBOX_VALUE]
	cmp	r1, #COMMAND_READ
	beq	read
	cmp	r1, #COMMAND_WRITE
	beq	write
	cmp	r1, #COMMAND_ENABLE_IRQ
	beq	enable_irq
	cmp	r1, #COMMAND_BURST
	beq	burst
	cmp	r1, #COMMAND_SLEEP
	beq	sleep
done:
	dmb
	str	r10, [r11, #MAILBOX_DONE]
	b	loop

read:
	ldr	r3, [r2]
	str	r3, [r11, #MAILBOX_VALUE]
	b	done
write:
	str	r3, [r2]
	dsb
	b	done
enable_irq:
	cpsie	i
	b	done
sleep:
	str	r10, [r11, #MAILBOX_DONE]
	dsb
	wfi
	b	loop

/* One long block of stores: the core is nearly always in the middle of it */
burst:
	str	r10, [r11, #MAILBOX_DONE]
	mov	r0, #0
1:	add	r0, r0, #1
	.set	offset, MAILBOX_BURST
	.rept	MAILBOX_BURST_WORDS
	str	r0, [r11, #offset]
	.set	offset, offset + 4
	.endr
	b	1b

/* The banked stack pointer is not in use: it holds what is saved of r0 */
irq:
	sub	lr, lr, #4
	mov	sp, r0
	ldr	r12, =GICC_IAR
	ldr	r0, [r12]
	str	r0, [r11, #MAILBOX_IAR]
	ldr	r12, [r11, #MAILBOX_ACK_ADDRESS]
	cmp	r12, #0
	ldrne	r0, [r11, #MAILBOX_ACK_VALUE]
	strne	r0, [r12]
	dsb
	ldr	r0, [r11, #MAILBOX_KEEP_ACTIVE]
	cmp	r0, #0
	ldreq	r12, =GICC_EOIR
	ldreq	r0, [r11, #MAILBOX_IAR]
	streq	r0, [r12]
	ldr	r0, [r11, #MAILBOX_IRQS]
	add	r0, r0, #1
	str	r0, [r11, #MAILBOX_IRQS]
	mov	r0, sp
	movs	pc, lr

	.ltorg
