/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Agent on CPU 1: executes what the mailbox says, see mailbox.h.
 *
 * r7 holds the mailbox and r6 the last command throughout. MMU and caches stay off, interrupts are
 * taken from the start; whether any comes is up to CPU 0, which writes the registers through the
 * agent.
 *
 * Copyright (c) 2026 linux-amp developers
 */
#include "mailbox.h"

#define GICC_IAR	0xf8f0010c
#define GICC_EOIR	0xf8f00110
#define GTIMER		0xf8f00200
#define FREEZE_TICKS	200000		/* of 10 ns */

	.syntax unified
	.arm
	.cpu	cortex-a9
	.arch_extension sec
	.text
	.global	_start
_start:
	ldr	r7, =MAILBOX
	mrs	r0, cpsr
	str	r0, [r7, #MAILBOX_CPSR]
	mrc	p15, 0, r0, c0, c0, 5
	str	r0, [r7, #MAILBOX_MPIDR]
	mrc	p15, 0, r0, c1, c0, 0
	str	r0, [r7, #MAILBOX_SCTLR]
	mrc	p15, 0, r0, c12, c0, 0
	str	r0, [r7, #MAILBOX_VBAR]
	mrc	p15, 0, r0, c1, c1, 0
	str	r0, [r7, #MAILBOX_SCR]

	ldr	r0, =vectors
	mcr	p15, 0, r0, c12, c0, 0
	isb
	cps	#0x12
	ldr	sp, =AGENT_STACK_END
	cps	#0x13
	ldr	r6, [r7, #MAILBOX_DONE]
	ldr	r0, [r7, #MAILBOX_BOOTS]
	add	r0, #1
	str	r0, [r7, #MAILBOX_BOOTS]
	cpsie	i

loop:
	ldr	r0, [r7, #MAILBOX_HEARTBEAT]
	add	r0, #1
	str	r0, [r7, #MAILBOX_HEARTBEAT]
	ldr	r0, [r7, #MAILBOX_SEQ]
	cmp	r0, r6
	beq	loop
	mov	r6, r0
	dmb
	ldr	r1, [r7, #MAILBOX_COMMAND]
	ldr	r2, [r7, #MAILBOX_ADDRESS]
	ldr	r3, [r7, #MAILBOX_VALUE]
	cmp	r1, #COMMAND_READ
	beq	read
	cmp	r1, #COMMAND_WRITE
	beq	write
	cmp	r1, #COMMAND_BURST
	beq	burst
	cmp	r1, #COMMAND_SLEEP
	beq	sleep
	cmp	r1, #COMMAND_SET_VBAR
	beq	set_vbar
	cmp	r1, #COMMAND_FREEZE
	beq	freeze
	cmp	r1, #COMMAND_MMU
	beq	mmu
done:
	dmb
	str	r6, [r7, #MAILBOX_DONE]
	b	loop

read:
	ldr	r3, [r2]
	str	r3, [r7, #MAILBOX_VALUE]
	b	done
write:
	str	r3, [r2]
	dsb
	b	done
sleep:
	str	r6, [r7, #MAILBOX_DONE]
	dsb
	wfi
	b	loop
set_vbar:
	mcr	p15, 0, r3, c12, c0, 0
	isb
	b	done

/* Short descriptors, domain 0 without checks */
mmu:
	mov	r0, #0
	mcr	p15, 0, r0, c2, c0, 2
	mcr	p15, 0, r2, c2, c0, 0
	mov	r1, #3
	mcr	p15, 0, r1, c3, c0, 0
	mcr	p15, 0, r0, c8, c7, 0
	dsb
	mrc	p15, 0, r0, c1, c0, 0
	orr	r0, #1
	mcr	p15, 0, r0, c1, c0, 0
	isb
	b	done

freeze:
	ldr	r0, [r2]
	orr	r0, r3
	str	r0, [r2]
	dsb
	ldr	r0, [r7, #MAILBOX_PROGRESS]
	str	r0, [r7, #MAILBOX_BEGIN]
	ldr	r4, =GTIMER
	ldr	r5, =FREEZE_TICKS
	ldr	r0, [r4]
1:	ldr	r1, [r4]
	sub	r1, r0
	cmp	r1, r5
	blo	1b
	ldr	r0, [r7, #MAILBOX_PROGRESS]
	str	r0, [r7, #MAILBOX_END]
	dsb
	ldr	r0, [r2]
	bic	r0, r3
	str	r0, [r2]
	b	done

/* One long block of stores: the core is nearly always in the middle of it */
burst:
	str	r6, [r7, #MAILBOX_DONE]
	mov	r0, #0
1:	add	r0, #1
	.set	offset, MAILBOX_BURST
	.rept	MAILBOX_BURST_WORDS
	str	r0, [r7, #offset]
	.set	offset, offset + 4
	.endr
	b	1b

irq:
	sub	lr, #4
	push	{r0-r3, r7, lr}
	ldr	r7, =MAILBOX
	ldr	r0, =GICC_IAR
	ldr	r3, [r0]
	str	r3, [r7, #MAILBOX_IAR]
	ldr	r1, [r7, #MAILBOX_ACK_ADDRESS]
	cmp	r1, #0
	ldrne	r0, [r7, #MAILBOX_ACK_VALUE]
	strne	r0, [r1]
	dsb
	ldr	r0, [r7, #MAILBOX_IRQS]
	add	r0, #1
	str	r0, [r7, #MAILBOX_IRQS]
1:	ldr	r0, [r7, #MAILBOX_STAY]
	cmp	r0, #0
	bne	1b
	ldr	r0, =GICC_EOIR
	str	r3, [r0]
	ldm	sp!, {r0-r3, r7, pc}^

	.balign	32
vectors:
	.rept	6
	b	.
	.endr
	b	irq
	b	.

	.ltorg
