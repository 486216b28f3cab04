/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Frame that the exception vectors build for the fault report. Read by assembly
 * and C.
 *
 * Copyright (c) 2026 linux-amp developers
 */

#ifndef FAULT_H
#define FAULT_H

#define FAULT_UNDEFINED		0
#define FAULT_SVC		1
#define FAULT_PREFETCH		2
#define FAULT_DATA		3
#define FAULT_FIQ		4

#define FAULT_FRAME_SP		52
#define FAULT_FRAME_LR		56
#define FAULT_FRAME_PC		60
#define FAULT_FRAME_CPSR	64
#define FAULT_FRAME_CAUSE	68
#define FAULT_FRAME_SIZE	72

#ifndef __ASSEMBLER__
#include <fw/compiler.h>
#include <fw/types.h>

struct fault_frame {
	u32 r[13];
	u32 sp;
	u32 lr;
	u32 pc;
	u32 cpsr;
	u32 cause;
};

static_assert(offsetof(struct fault_frame, sp) == FAULT_FRAME_SP, "frame layout");
static_assert(sizeof(struct fault_frame) == FAULT_FRAME_SIZE, "frame layout");

void __noreturn fault_report(const struct fault_frame *f);
#endif

#endif
