// SPDX-License-Identifier: GPL-2.0-only
/*
 * Crash report in the resource table.
 *
 * Copyright (c) 2026 linux-amp developers
 */

#include <cpu.h>
#include <fw/crash.h>
#include <fw/doorbell.h>

static struct fw_rsc_crash *crash_entry;

/**
 * crash_init() - say where reports go
 * @entry:	in the resource table
 *
 * Context: main loop, once; the doorbell is initialised.
 */
void crash_init(struct fw_rsc_crash *entry)
{
	crash_entry = entry;
}

/**
 * crash_report() - tell the main processor that this one has crashed
 * @reason:	a number of the program's own
 * @text:	a few words, cut to 16 bytes
 *
 * Does nothing in a program that has no entry for it.
 *
 * Context: any, exceptions included.
 */
void crash_report(u8 reason, const char *text)
{
	u32 i;

	if (!crash_entry)
		return;
	WRITE_ONCE(crash_entry->reason, reason);
	for (i = 0; i < sizeof(crash_entry->text) && text[i]; i++)
		WRITE_ONCE(crash_entry->text[i], text[i]);
	cpu_wmb();
	WRITE_ONCE(crash_entry->state, 1);
	doorbell_ring(0);
}
