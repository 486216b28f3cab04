// SPDX-License-Identifier: GPL-2.0-only
/*
 * ZynqMP triple timer counter as a periodic event (UG1085, chapter 14). Core n
 * uses the first counter of unit n; the stock device trees leave these to the
 * R5s.
 *
 * Copyright (c) 2026 linux-amp developers
 */

#include <cpu.h>
#include <fw/event.h>
#include <fw/io.h>
#include <fw/irq.h>
#include <fw/timer.h>
#include <soc.h>

#define TTC_CLK_CTRL	(SOC_TTC + 0x00)
#define TTC_CNT_CTRL	(SOC_TTC + 0x0c)
#define TTC_INTERVAL	(SOC_TTC + 0x24)
#define TTC_ISR		(SOC_TTC + 0x54)
#define TTC_IER		(SOC_TTC + 0x60)

/* 100 MHz / 2^8 / 390 is about 1 kHz; the interval fits a 16-bit counter too */
#define TTC_PRESCALE_256	((7 << 1) | BIT(0))
#define TTC_TICK		390

#define TTC_CNT_STOP		BIT(0)
#define TTC_CNT_INTERVAL	BIT(1)
#define TTC_CNT_RESET		BIT(4)
#define TTC_CNT_NO_WAVE		BIT(5)
#define TTC_INT_INTERVAL	BIT(0)

static void timer_handler(void)
{
	/* Reading clears */
	io_read32(TTC_ISR);
	cpu_dsb();
	event_signal();
}

/**
 * timer_start() - signal the event about a thousand times a second
 *
 * Context: start-up, after irq_init().
 */
void timer_start(void)
{
	/* A program before this one may have left it running */
	io_write32(TTC_CNT_CTRL, TTC_CNT_STOP | TTC_CNT_NO_WAVE);
	io_write32(TTC_IER, 0);
	io_read32(TTC_ISR);

	io_write32(TTC_CLK_CTRL, TTC_PRESCALE_256);
	io_write32(TTC_INTERVAL, TTC_TICK);
	irq_request(SOC_TTC_IRQ, timer_handler);
	io_write32(TTC_IER, TTC_INT_INTERVAL);
	io_write32(TTC_CNT_CTRL, TTC_CNT_INTERVAL | TTC_CNT_RESET | TTC_CNT_NO_WAVE);
}

/**
 * timer_stop() - let it rest
 *
 * Context: main loop.
 */
void timer_stop(void)
{
	io_write32(TTC_CNT_CTRL, TTC_CNT_STOP | TTC_CNT_NO_WAVE);
	io_write32(TTC_IER, 0);
	io_read32(TTC_ISR);
	cpu_dsb();
}
