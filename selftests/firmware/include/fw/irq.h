/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Interrupt controller interface: irqchip/ implements it, SoC drivers use it,
 * the exception entry of cpu/ calls irq_dispatch().
 *
 * Copyright (c) 2026 linux-amp developers
 */

#ifndef FW_IRQ_H
#define FW_IRQ_H

#include <fw/types.h>

/* Handlers run with interrupts masked and must not call trace() */
typedef void irq_handler_fn(void);

void irq_init(void);
void irq_request(u32 irq, irq_handler_fn *handler);
void irq_dispatch(void);
void irq_shutdown(void);

#endif
