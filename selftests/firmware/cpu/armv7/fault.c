// SPDX-License-Identifier: GPL-2.0-only
/*
 * The end of the line: fault report and stop.
 *
 * Copyright (c) 2026 linux-amp developers
 */

#include <cpu.h>
#include <fault.h>
#include <fw/crash.h>
#include <fw/irq.h>
#include <fw/trace.h>

#define MRC(crn, crm, op2) ({						\
	u32 __val;							\
	asm volatile("mrc p15, 0, %0, " #crn ", " #crm ", " #op2 : "=r" (__val)); \
	__val;								\
})

/**
 * cpu_stop() - do nothing for ever
 *
 * With the interrupt controller's output off, because an interrupt that stays
 * pending ends every wfi, masked or not, and the loop would spin.
 *
 * Context: any.
 */
void __noreturn cpu_stop(void)
{
	cpu_irq_disable();
	irq_shutdown();
	for (;;)
		cpu_wfi();
}

/**
 * fault_report() - describe an unexpected exception in the trace buffer and stop
 * @f:		registers at the time
 *
 * Context: exception, own stack, interrupts masked.
 */
void __noreturn fault_report(const struct fault_frame *f)
{
	static const char * const cause[] = {
		[FAULT_UNDEFINED] = "undefined instruction",
		[FAULT_SVC] = "supervisor call",
		[FAULT_PREFETCH] = "prefetch abort",
		[FAULT_DATA] = "data abort",
		[FAULT_FIQ] = "fast interrupt",
	};
	static bool seen;
	u32 i;

	/* A fault in this report: what there is in the buffer has to do */
	if (seen)
		cpu_stop();
	seen = true;

	trace("\nFAULT: %s at pc 0x%08x cpsr 0x%08x\n",
	      f->cause < ARRAY_SIZE(cause) ? cause[f->cause] : "unknown", f->pc, f->cpsr);
	if (f->cause == FAULT_DATA)
		trace("dfsr 0x%08x dfar 0x%08x\n", MRC(c5, c0, 0), MRC(c6, c0, 0));
	if (f->cause == FAULT_PREFETCH)
		trace("ifsr 0x%08x ifar 0x%08x\n", MRC(c5, c0, 1), MRC(c6, c0, 2));
	for (i = 0; i < ARRAY_SIZE(f->r); i++)
		trace("r%u 0x%08x%c", i, f->r[i], i % 4 == 3 ? '\n' : ' ');
	trace("sp 0x%08x lr 0x%08x\nstopped\n", f->sp, f->lr);
	crash_report(f->cause, f->cause < ARRAY_SIZE(cause) ? cause[f->cause] : "unknown");
	cpu_stop();
}
