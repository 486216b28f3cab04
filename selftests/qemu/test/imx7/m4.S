/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Agent on the Cortex-M4: executes what the mailbox says, see mailbox.h.
 *
 * Linked at 0, where the core finds OCRAM_S. r7 holds the mailbox and r6 the last command
 * throughout. Accesses for the A7 are made by two-byte instructions, so that the fault handler
 * knows how to skip one.
 *
 * Copyright (c) 2026 linux-amp developers
 */
#include "mailbox.h"

#define STACK_END	0x20008000
#define CPACR		0xe000ed88
#define CPACR_FPU	(0xf << 20)

	.syntax unified
	.thumb
	.cpu	cortex-m4
	.fpu	fpv4-sp-d16
	.text
	.global	_start
vectors:
	.word	STACK_END
	.word	reset + 1
	.word	stop + 1		/* NMI */
	.word	fault + 1		/* HardFault: the others are not enabled and escalate */
	.rept	11
	.word	stop + 1
	.endr
	.word	tick + 1
	.rept	128
	.word	irq + 1
	.endr

	.thumb_func
_start:
	.thumb_func
reset:
	ldr	r7, =MAILBOX
	ldr	r6, [r7, #MAILBOX_DONE]
	ldr	r0, [r7, #MAILBOX_BOOTS]
	adds	r0, #1
	str	r0, [r7, #MAILBOX_BOOTS]

loop:
	ldr	r0, [r7, #MAILBOX_HEARTBEAT]
	adds	r0, #1
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
	cmp	r1, #COMMAND_ADD_FLOAT
	beq	add_float
done:
	dmb
	str	r6, [r7, #MAILBOX_DONE]
	b	loop

read:
	ldr.n	r3, [r2]
	str	r3, [r7, #MAILBOX_VALUE]
	b	done
write:
	str.n	r3, [r2]
	dsb
	b	done
sleep:
	str	r6, [r7, #MAILBOX_DONE]
	dsb
	wfi
	b	loop
add_float:
	ldr	r0, =CPACR
	ldr	r1, =CPACR_FPU
	str	r1, [r0]
	dsb
	isb
	vmov	s0, r2
	vmov	s1, r3
	vadd.f32 s0, s0, s1
	vstr	s0, [r7, #MAILBOX_VALUE]
	b	done

/* One long block of stores: the core is nearly always in the middle of it */
burst:
	str	r6, [r7, #MAILBOX_DONE]
	movs	r0, #0
1:	adds	r0, #1
	.set	offset, MAILBOX_BURST
	.rept	MAILBOX_BURST_WORDS
	str	r0, [r7, #offset]
	.set	offset, offset + 4
	.endr
	b	1b

	.thumb_func
fault:
	ldr	r0, [r7, #MAILBOX_FAULTS]
	adds	r0, #1
	str	r0, [r7, #MAILBOX_FAULTS]
	ldr	r0, [sp, #24]
	adds	r0, #2
	str	r0, [sp, #24]
	bx	lr

	.thumb_func
irq:
	mrs	r0, ipsr
	str	r0, [r7, #MAILBOX_IPSR]
	ldr	r1, [r7, #MAILBOX_READ_ADDRESS]
	cbz	r1, 1f
	ldr	r0, [r1]
	str	r0, [r7, #MAILBOX_READ_VALUE]
1:	ldr	r1, [r7, #MAILBOX_ACK_ADDRESS]
	cbz	r1, 2f
	ldr	r0, [r7, #MAILBOX_ACK_VALUE]
	str	r0, [r1]
2:	dsb
	ldr	r0, [r7, #MAILBOX_IRQS]
	adds	r0, #1
	str	r0, [r7, #MAILBOX_IRQS]
3:	ldr	r0, [r7, #MAILBOX_STAY]
	cmp	r0, #0
	bne	3b
	bx	lr

	.thumb_func
tick:
	ldr	r0, [r7, #MAILBOX_TICKS]
	adds	r0, #1
	str	r0, [r7, #MAILBOX_TICKS]
	bx	lr

	.thumb_func
stop:
	b	stop

	.ltorg
