/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How the test program on CPU 0 and the agent on CPU 1 talk to each other.
 *
 * One mailbox in DDR. CPU 0 writes a command and then its sequence number; the agent answers and
 * then repeats the number. Caches are off on both sides. All fields are 32 bits wide, and the
 * offsets are known to the assembler code as well.
 *
 * Copyright (c) 2026 linux-amp developers
 */
#ifndef MAILBOX_H
#define MAILBOX_H

#define AGENT			0x00200000	/* where the agent is linked and loaded */
#define AGENT_STACK_END		0x00210000
#define MAILBOX			0x10000000

#define MAILBOX_BOOTS		0x00	/* counted by every start of the core */
#define MAILBOX_HEARTBEAT	0x04	/* counted by the idle loop */
#define MAILBOX_SEQ		0x08	/* last command given */
#define MAILBOX_DONE		0x0c	/* last command executed */
#define MAILBOX_COMMAND		0x10
#define MAILBOX_ADDRESS		0x14
#define MAILBOX_VALUE		0x18	/* argument and result */
#define MAILBOX_IRQS		0x1c	/* interrupts taken */
#define MAILBOX_IAR		0x20	/* what the last one was */
#define MAILBOX_ACK_ADDRESS	0x24	/* the handler writes ACK_VALUE there, if not 0 */
#define MAILBOX_ACK_VALUE	0x28
#define MAILBOX_STAY		0x2c	/* the handler does not end while this is not 0 */
/* What the agent found at its start */
#define MAILBOX_CPSR		0x30
#define MAILBOX_MPIDR		0x34
#define MAILBOX_SCTLR		0x38
#define MAILBOX_VBAR		0x3c
#define MAILBOX_SCR		0x40
/* Counted by CPU 0; the agent copies it at the beginning and the end of COMMAND_FREEZE */
#define MAILBOX_PROGRESS	0x44
#define MAILBOX_BEGIN		0x48
#define MAILBOX_END		0x4c
#define MAILBOX_BURST		0x80	/* 32 words that COMMAND_BURST keeps writing */
#define MAILBOX_BURST_WORDS	32

#define COMMAND_READ		1
#define COMMAND_WRITE		2
#define COMMAND_BURST		3	/* never ends: write BURST over and over */
#define COMMAND_SLEEP		4	/* wait for an interrupt, once */
#define COMMAND_SET_VBAR	5
#define COMMAND_FREEZE		6	/* set VALUE in the register at ADDRESS, wait, clear it */
#define COMMAND_MMU		7	/* translate by the table at ADDRESS from now on */

#endif
