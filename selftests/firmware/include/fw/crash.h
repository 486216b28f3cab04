/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Telling the main processor of a crash, and that there is none: two vendor entries of the
 * resource table that Linux looks at.
 *
 * Copyright (c) 2026 linux-amp developers
 */

#ifndef FW_CRASH_H
#define FW_CRASH_H

#include <fw/compiler.h>
#include <fw/types.h>

#define RSC_VENDOR_CRASH	128
#define RSC_VENDOR_HEARTBEAT	416
#define RSC_HEARTBEAT_MAGIC	0x48504d41U	/* "AMPH" */

/* Bytes and not words, as the kernel's R5 driver is to read it */
struct fw_rsc_crash {
	u32 type;
	u8 version;
	u8 state;
	u8 reason;
	char text[16];
	u8 pad;
};

struct fw_rsc_heartbeat {
	u32 type;
	u32 magic;
	u32 period_ms;
	u32 beats;
};

static_assert(offsetof(struct fw_rsc_crash, text) == 7, "crash entry layout");
static_assert(sizeof(struct fw_rsc_crash) == 24, "crash entry layout");

void crash_init(struct fw_rsc_crash *entry);
void crash_report(u8 reason, const char *text);

#endif
