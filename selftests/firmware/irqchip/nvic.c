// SPDX-License-Identifier: GPL-2.0-only
/*
 * ARMv7-M nested vectored interrupt controller. Interrupt numbers are exception
 * numbers, so that SysTick is an interrupt like the devices' (16 and up).
 *
 * All have the same priority and do not nest. The controller is part of the core
 * and reset with it, so nothing is left of a program before this one.
 *
 * Copyright (c) 2026 linux-amp developers
 */

#include <cpu.h>
#include <fw/compiler.h>
#include <fw/io.h>
#include <fw/irq.h>

#define NVIC_ISER(n)	(0xe000e100U + (n) / 32 * 4)
#define NVIC_ICER(n)	(0xe000e180U + (n) / 32 * 4)
#define NVIC_ALL	0xffffffffU

#define SYST_CSR	0xe000e010U

#define FIRST_DEVICE	16
#define MAX_DEVICES	240

static struct {
	u32 irq;
	irq_handler_fn *handler;
} handlers[4];

/**
 * irq_init() - start without any interrupt
 *
 * Context: start-up, interrupts masked.
 */
void irq_init(void)
{
	irq_shutdown();
}

/**
 * irq_request() - deliver an interrupt to this core
 * @irq:	exception number
 * @handler:	what to call
 *
 * More requests than the table holds are a mistake in the program and ignored.
 *
 * Context: start-up.
 */
void irq_request(u32 irq, irq_handler_fn *handler)
{
	u32 i;

	for (i = 0; i < ARRAY_SIZE(handlers) && handlers[i].handler; i++)
		;
	if (i == ARRAY_SIZE(handlers))
		return;
	handlers[i].irq = irq;
	handlers[i].handler = handler;
	if (irq >= FIRST_DEVICE)
		io_write32(NVIC_ISER(irq - FIRST_DEVICE), BIT((irq - FIRST_DEVICE) % 32));
}

/**
 * irq_dispatch() - the handler in the vector table
 *
 * One that nobody has requested is switched off.
 *
 * Context: exception.
 */
void irq_dispatch(void)
{
	u32 irq = cpu_ipsr();
	u32 i;

	for (i = 0; i < ARRAY_SIZE(handlers); i++)
		if (handlers[i].handler && handlers[i].irq == irq)
			break;
	if (i < ARRAY_SIZE(handlers))
		handlers[i].handler();
	else if (irq >= FIRST_DEVICE)
		io_write32(NVIC_ICER(irq - FIRST_DEVICE), BIT((irq - FIRST_DEVICE) % 32));

	/* The device must have dropped its line, or the same cause comes twice */
	cpu_dsb();
}

/**
 * irq_shutdown() - no more interrupts for this core
 *
 * Context: any.
 */
void irq_shutdown(void)
{
	u32 n;

	io_write32(SYST_CSR, 0);
	for (n = 0; n < MAX_DEVICES; n += 32)
		io_write32(NVIC_ICER(n), NVIC_ALL);
	cpu_dsb();
}
