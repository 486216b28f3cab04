/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How the test program on the A7s and the agent on the M4 talk to each other.
 *
 * One mailbox in DDR, at the same address for both. The A7 writes a command and then its sequence
 * number; the M4 answers and then repeats the number. Caches are off on both sides. All fields
 * are 32 bits wide, and the offsets are known to the assembler code as well.
 *
 * Copyright (c) 2026 linux-amp developers
 */
#ifndef MAILBOX_H
#define MAILBOX_H

#define MAILBOX			0x90000000

#define MAILBOX_BOOTS		0x00	/* counted by every start of the core */
#define MAILBOX_HEARTBEAT	0x04	/* counted by the idle loop */
#define MAILBOX_SEQ		0x08	/* last command given */
#define MAILBOX_DONE		0x0c	/* last command executed */
#define MAILBOX_COMMAND		0x10
#define MAILBOX_ADDRESS		0x14
#define MAILBOX_VALUE		0x18	/* argument and result */
#define MAILBOX_FAULTS		0x1c	/* accesses that ended in a bus fault */
#define MAILBOX_IRQS		0x20	/* interrupts taken, SysTick not among them */
#define MAILBOX_IPSR		0x24	/* what the last one was */
#define MAILBOX_ACK_ADDRESS	0x28	/* the handler writes ACK_VALUE there, if not 0 */
#define MAILBOX_ACK_VALUE	0x2c
#define MAILBOX_READ_ADDRESS	0x30	/* the handler reads there, if not 0 */
#define MAILBOX_READ_VALUE	0x34
#define MAILBOX_STAY		0x38	/* the handler does not return while this is not 0 */
#define MAILBOX_TICKS		0x3c	/* SysTick exceptions taken */
#define MAILBOX_BURST		0x80	/* 32 words that COMMAND_BURST keeps writing */
#define MAILBOX_BURST_WORDS	32

#define COMMAND_READ		1
#define COMMAND_WRITE		2
#define COMMAND_BURST		3	/* never ends: write BURST over and over */
#define COMMAND_SLEEP		4	/* wait for an interrupt, once */
#define COMMAND_ADD_FLOAT	5	/* VALUE = ADDRESS + VALUE, single precision */

#endif
