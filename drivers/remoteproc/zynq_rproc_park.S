/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Run on CPU1 before each life that it has, as a remote processor and in Linux.
 *
 * Resetting a CPU resets nothing of what the interrupt controller and the private timers keep for
 * it, and only the CPU itself reaches that. An interrupt that firmware was handling when it was
 * stopped is active for ever, and keeps all others of the same priority away; one that is pending
 * and that Linux does not know is acknowledged by Linux and never ended. Either way Linux, or the
 * next firmware, would have a CPU that takes no interrupt. So here everything is ended, disabled
 * and stopped first.
 *
 * The code is copied into a page of its own, and runs where it happens to be, with MMU and caches
 * off, right after reset. It ends with a word in that page and WFI.
 *
 * Registers: GIC architecture specification 1.0 (IHI 0048A), Cortex-A9 MPCore TRM (DDI 0407),
 * chapters 3 and 4.
 *
 * Copyright (c) 2026 linux-amp developers
 */
#include <linux/linkage.h>

/* From the private memory region of the MPCore */
#define GICC		0x100
#define TIMER		0x600
#define WATCHDOG	0x620
#define GICD		0x1000

#define GICC_CTLR	0x00
#define GICC_PMR	0x04
#define GICC_BPR	0x08
#define GICC_IAR	0x0c
#define GICC_EOIR	0x10
#define GICC_RPR	0x14

#define GICD_TYPER	0x004
#define GICD_ICENABLER	0x180
#define GICD_ICPENDR	0x280
#define GICD_ISACTIVER	0x300
#define GICD_IPRIORITYR	0x400
#define GICD_ITARGETSR	0x800

/* r4 distributor, r5 CPU interface, r6 number of interrupts, r8 this CPU as a target */

/* \word: address of the register with the bit of interrupt r7 in a bank, \bit: the bit */
	.macro	bit_of bank, word, bit
	lsr	\word, r7, #5
	add	\word, r4, \word, lsl #2
	add	\word, \word, #\bank
	and	\bit, r7, #31
	mov	r0, #1
	lsl	\bit, r0, \bit
	.endm

	.section .rodata, "a"
	.arm
	.arch	armv7-a
	.balign	4

	.globl	zynq_park_begin
zynq_park_begin:
	cpsid	aif
	mrc	p15, 4, r4, c15, c0, 0		@ where the private memory region is
	add	r5, r4, #GICC

	/* Firmware's watchdog would go on, and reset the system or this CPU some time. */
	add	r1, r4, #WATCHDOG
	movw	r0, #0x5678
	movt	r0, #0x1234
	str	r0, [r1, #0x14]			@ these two end watchdog mode
	movw	r0, #0x4321
	movt	r0, #0x8765
	str	r0, [r1, #0x14]
	mov	r0, #0
	str	r0, [r1, #0x08]
	mov	r0, #1
	str	r0, [r1, #0x0c]
	add	r1, r4, #TIMER
	str	r0, [r1, #0x0c]
	mov	r0, #0
	str	r0, [r1, #0x08]

	add	r4, r4, #GICD
	ldr	r6, [r4, #GICD_TYPER]
	and	r6, r6, #0x1f
	add	r6, r6, #1
	lsl	r6, r6, #5
	ldrb	r8, [r4, #GICD_ITARGETSR]	@ reads as the reader

	/* Every priority, both groups, none as a fast interrupt, no bit of a priority left out. */
	mov	r0, #0
	str	r0, [r5, #GICC_BPR]
	mov	r0, #0xff
	str	r0, [r5, #GICC_PMR]
	mov	r0, #7
	str	r0, [r5, #GICC_CTLR]
	dsb

	/*
	 * End what is active here, the innermost first: its priority is the running one. The others
	 * wait, and there cannot be more of them than priorities.
	 */
	mov	r9, #256
next_active:
	ldr	r10, [r5, #GICC_RPR]
	and	r10, r10, #0xff
	cmp	r10, #0xff
	beq	none_active
	subs	r9, r9, #1
	beq	none_active
	mov	r7, #0
find_active:
	bit_of	GICD_ISACTIVER, r1, r2
	ldr	r1, [r1]
	tst	r1, r2
	beq	not_this
	add	r1, r4, #GICD_IPRIORITYR
	ldrb	r1, [r1, r7]
	cmp	r1, r10
	bne	not_this
	cmp	r7, #32
	blo	end_this
	add	r1, r4, #GICD_ITARGETSR		@ a shared one may be active elsewhere
	ldrb	r1, [r1, r7]
	tst	r1, r8
	beq	not_this
end_this:
	/* An SGI has to be ended in the name of its sender, who is not recorded: one of the two. */
	str	r7, [r5, #GICC_EOIR]
	cmp	r7, #16
	bhs	next_active
	dsb
	ldr	r1, [r5, #GICC_RPR]
	and	r1, r1, #0xff
	cmp	r1, r10
	orreq	r1, r7, #(1 << 10)
	streq	r1, [r5, #GICC_EOIR]
	b	next_active
not_this:
	add	r7, r7, #1
	cmp	r7, r6
	blo	find_active
none_active:

	/*
	 * Private interrupts off; SGIs cannot be. What is pending of them stays so: Linux knows
	 * them, and QEMU 10.0 clears the other CPU's as well, which loses a tick of Linux's timer.
	 */
	movw	r0, #0
	movt	r0, #0xffff
	str	r0, [r4, #GICD_ICENABLER]

	/*
	 * So are the shared ones that firmware has routed here: those of Linux went to the other
	 * CPU when this one left. CPU 0 is where Linux has the ones that it does not use.
	 */
	mov	r7, #32
route:
	cmp	r7, r6
	bhs	routed
	add	r3, r4, #GICD_ITARGETSR
	ldrb	r0, [r3, r7]
	tst	r0, r8
	beq	next_route
	bit_of	GICD_ICENABLER, r1, r2
	str	r2, [r1]
	str	r2, [r1, #(GICD_ICPENDR - GICD_ICENABLER)]
	mov	r0, #1
	strb	r0, [r3, r7]
next_route:
	add	r7, r7, #1
	b	route
routed:
	dsb

	/*
	 * Doorbells that firmware has not taken; sixteen SGIs of two senders, and some more. Linux's
	 * own from before it lost the CPU may be among them, if firmware has not eaten them. There is
	 * nothing behind them any more: it empties its queues of calls when a CPU dies, after which
	 * nobody adds to them (smpcfd_dying_cpu() in kernel/smp.c).
	 */
	mov	r9, #1024
take_pending:
	ldr	r0, [r5, #GICC_IAR]
	ubfx	r1, r0, #0, #10
	cmp	r1, #1020
	bhs	none_pending
	str	r0, [r5, #GICC_EOIR]
	dsb
	subs	r9, r9, #1
	bne	take_pending
none_pending:
	mov	r0, #0
	str	r0, [r5, #GICC_CTLR]
	dsb

	adr	r1, zynq_park_done
	mov	r0, #1
	str	r0, [r1]
	dsb
parked:
	wfi
	b	parked

	.balign	4
	.globl	zynq_park_done
zynq_park_done:
	.word	0
	.globl	zynq_park_end
zynq_park_end:
