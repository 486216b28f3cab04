// SPDX-License-Identifier: GPL-2.0-only
/*
 * The end of the line: fault report and stop.
 *
 * Copyright (c) 2026 linux-amp developers
 */

#include <cpu.h>
#include <fault.h>
#include <fw/crash.h>
#include <fw/io.h>
#include <fw/irq.h>
#include <fw/trace.h>

/* Fault status and address registers (ARM DDI 0403, B3.2) */
#define SCB_CFSR		0xe000ed28U
#define   CFSR_MMARVALID	BIT(7)
#define   CFSR_BFARVALID	BIT(15)
#define   CFSR_UNDEFINSTR	BIT(16)
#define SCB_HFSR		0xe000ed2cU
#define SCB_MMFAR		0xe000ed34U
#define SCB_BFAR		0xe000ed38U

#define EXCEPTION_FRAME_SIZE	sizeof(struct exception_frame)

/* From the link script: a frame that is not in the stack was never written */
extern char __stack_start[], __stack_end[];

/**
 * cpu_stop() - do nothing for ever
 *
 * With all interrupts off, because one that stays pending ends every wfi, masked
 * or not, and the loop would spin.
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

static const char *fault_cause(u32 cfsr)
{
	static const char * const cause[] = {
		[2] = "non-maskable interrupt",
		[3] = "hard fault",
		[4] = "memory management fault",
		[5] = "bus fault",
		[6] = "usage fault",
		[11] = "supervisor call",
		[12] = "debug monitor",
		[14] = "pended supervisor call",
	};
	u32 n = cpu_ipsr();

	if (cfsr & CFSR_UNDEFINSTR)
		return "undefined instruction";
	return n < ARRAY_SIZE(cause) && cause[n] ? cause[n] : "unexpected exception";
}

static void fault_registers(const struct fault_frame *f, const struct exception_frame *e)
{
	u32 i;

	for (i = 0; i < ARRAY_SIZE(e->r0_r3); i++)
		trace("r%u 0x%08x%c", i, e->r0_r3[i], i == 3 ? '\n' : ' ');
	for (i = 0; i < ARRAY_SIZE(f->r4_r11); i++)
		trace("r%u 0x%08x%c", i + 4, f->r4_r11[i], i % 4 == 3 ? '\n' : ' ');
	trace("r12 0x%08x sp 0x%08x lr 0x%08x\n", e->r12, f->sp + EXCEPTION_FRAME_SIZE, e->lr);
}

/**
 * fault_report() - describe an unexpected exception in the trace buffer and stop
 * @f:		what the fault entry has saved
 *
 * Context: exception, own stack.
 */
void __noreturn fault_report(const struct fault_frame *f)
{
	const struct exception_frame *e = (const struct exception_frame *)f->sp;
	u32 cfsr = io_read32(SCB_CFSR);
	static bool seen;

	/* A fault in this report: what there is in the buffer has to do */
	if (seen)
		cpu_stop();
	seen = true;

	if (f->sp < (u32)__stack_start || f->sp > (u32)__stack_end - EXCEPTION_FRAME_SIZE) {
		trace("\nFAULT: %s, stack pointer 0x%08x\n", fault_cause(cfsr), f->sp);
	} else {
		trace("\nFAULT: %s at pc 0x%08x xpsr 0x%08x\n", fault_cause(cfsr), e->pc, e->xpsr);
		fault_registers(f, e);
	}
	trace("cfsr 0x%08x hfsr 0x%08x exc_return 0x%08x\n", cfsr, io_read32(SCB_HFSR),
	      f->exc_return);
	if (cfsr & CFSR_MMARVALID)
		trace("mmfar 0x%08x\n", io_read32(SCB_MMFAR));
	if (cfsr & CFSR_BFARVALID)
		trace("bfar 0x%08x\n", io_read32(SCB_BFAR));
	trace("stopped\n");
	crash_report(1, fault_cause(cfsr));
	cpu_stop();
}
