// SPDX-License-Identifier: GPL-2.0-only
/*
 * Zynq-7000: what a program on CPU 1 needs of the board, and which addresses the
 * other side may hand to it.
 *
 * Copyright (c) 2026 linux-amp developers
 */

#include <cpu.h>
#include <fw/board.h>
#include <fw/irq.h>
#include <fw/trace.h>
#include <soc.h>

/* From the link script: this program and its stacks */
extern char __image_start[], __image_end[];

/**
 * board_init() - prepare for interrupts
 *
 * Stops on the wrong core: what it would do to CPU 0's part of the interrupt
 * controller is the end of whatever runs there.
 *
 * Context: start-up. Interrupts are enabled on return, none is requested yet.
 */
void board_init(void)
{
	u32 core = cpu_mpidr() & SOC_MPIDR_CORE;

	if (core != SOC_CORE) {
		trace("built for CPU %u, started on CPU %u: stopped\n", SOC_CORE, core);
		cpu_irq_disable();
		for (;;)
			cpu_wfi();
	}
	irq_init();
	cpu_irq_enable();
}

/**
 * board_da_to_va() - pointer to memory that the main processor names
 * @da:		device address
 * @len:	bytes
 *
 * There is no translation, only a check: shared memory is DDR, and not this
 * program's part of it. Where in DDR is the main processor's choice.
 *
 * Context: any.
 * Return: the pointer, or NULL if any of the bytes is elsewhere.
 */
void *board_da_to_va(u64 da, u32 len)
{
	u32 start = (u32)da, image = (u32)__image_start, image_end = (u32)__image_end;

	if (da < SOC_DDR_START || da >= SOC_DDR_END || len > SOC_DDR_END - start)
		return NULL;
	if (start < image_end && start + len > image)
		return NULL;
	return (void *)start;
}
