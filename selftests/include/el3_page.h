/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A page of on-chip memory in which the EL3 monitor of the test boards counts the calls that Linux
 * makes, and takes orders to fail some. Included by the monitor and by test programs, so no types
 * but the language's own.
 *
 * Copyright (c) 2026 linux-amp developers
 */
#ifndef EL3_PAGE_H
#define EL3_PAGE_H

/* Behind the monitor, below what remote firmware uses */
#define EL3_PAGE_ADDR	0xfffdf000UL
#define EL3_PAGE_MAGIC	0x33335041U	/* "AP33" */

#define EL3_CPUS	4
/* IPI agents by their number in the devicetree, calls by their lowest digit */
#define EL3_AGENTS	11
#define EL3_IPI_CALLS	7

enum el3_ipi_call {
	EL3_IPI_OPEN,
	EL3_IPI_RELEASE,
	EL3_IPI_STATUS,
	EL3_IPI_NOTIFY,
	EL3_IPI_ACK,
	EL3_IPI_ENABLE,
	EL3_IPI_DISABLE,
};

/* Any first argument */
#define EL3_FAIL_ANY	0xffffffffU

/**
 * struct el3_page - what is at %EL3_PAGE_ADDR
 * @magic:	%EL3_PAGE_MAGIC
 * @fail_left:	so many calls more fail; written last
 * @fail_call:	EEMI calls of this number do,
 * @fail_arg:	with this first argument or %EL3_FAIL_ANY,
 * @fail_status: with this status
 * @ipi:	calls made; each CPU counts its own, because increments of several could get lost
 */
struct el3_page {
	unsigned int magic;
	unsigned int fail_left;
	unsigned int fail_call;
	unsigned int fail_arg;
	unsigned int fail_status;
	unsigned int reserved[3];
	unsigned int ipi[EL3_CPUS][EL3_AGENTS][EL3_IPI_CALLS];
};

#endif
