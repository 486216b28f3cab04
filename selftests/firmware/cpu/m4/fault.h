/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the fault entry hands to the fault report. Read by assembly and C.
 *
 * Copyright (c) 2026 linux-amp developers
 */

#ifndef FAULT_H
#define FAULT_H

#define FAULT_FRAME_SIZE	40

#ifndef __ASSEMBLER__
#include <fw/compiler.h>
#include <fw/types.h>

/* Pushed by the core when it takes an exception */
struct exception_frame {
	u32 r0_r3[4];
	u32 r12;
	u32 lr;
	u32 pc;
	u32 xpsr;
};

/**
 * struct fault_frame - saved by the fault entry
 * @r4_r11:	registers that the core has not saved
 * @sp:		stack pointer at the entry; the exception frame, if it got written
 * @exc_return:	the entry's link register
 */
struct fault_frame {
	u32 r4_r11[8];
	u32 sp;
	u32 exc_return;
};

static_assert(sizeof(struct fault_frame) == FAULT_FRAME_SIZE, "frame layout");

void __noreturn fault_report(const struct fault_frame *f);
#endif

#endif
