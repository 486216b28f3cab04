// SPDX-License-Identifier: GPL-2.0-only
/*
 * i.MX messaging unit, side B, as the doorbell.
 *
 * A ring is a word, the notify id in its upper half, as NXP's firmware and Linux'
 * imx_rproc have it. This side sends in word register 1. It listens to all four,
 * because the main processor's device tree chooses the one that it sends in.
 *
 * A word register holds one word until the other side reads it. Ringing does not
 * wait for that: the id is kept and sent when the register becomes empty. An id
 * that is kept already is not kept twice: the other side has yet to read a word,
 * and will look at the ring after that.
 *
 * Copyright (c) 2026 linux-amp developers
 */

#include <cpu.h>
#include <fw/compiler.h>
#include <fw/doorbell.h>
#include <fw/event.h>
#include <fw/io.h>
#include <fw/irq.h>
#include <fw/types.h>
#include <soc.h>

#define MU_WORDS	4
#define MU_TR(n)	(SOC_MU + 0x00 + 4 * (n))
#define MU_RR(n)	(SOC_MU + 0x10 + 4 * (n))
#define MU_SR		(SOC_MU + 0x20)
#define   MU_SR_RF(n)	BIT(27 - (n))
#define   MU_SR_TE(n)	BIT(23 - (n))
#define MU_CR		(SOC_MU + 0x24)
#define   MU_CR_RIE_ALL	(0xfU << 24)
#define   MU_CR_TIE(n)	BIT(23 - (n))

#define MU_TX		1
#define MU_ID_SHIFT	16
#define MU_MAX_ID	32

/* Ids to send, and those that came, by bit. Changed with interrupts masked. */
static u32 kept, heard;

static void mu_read_all(void)
{
	u32 sr = io_read32(MU_SR);
	u32 n, id;

	for (n = 0; n < MU_WORDS; n++) {
		if (!(sr & MU_SR_RF(n)))
			continue;
		id = io_read32(MU_RR(n)) >> MU_ID_SHIFT;
		if (id < MU_MAX_ID)
			WRITE_ONCE(heard, heard | BIT(id));
	}
}

/* Interrupts are masked */
static void mu_send_kept(void)
{
	u32 id;

	if (kept && io_read32(MU_SR) & MU_SR_TE(MU_TX)) {
		for (id = 0; !(kept & BIT(id)); id++)
			;
		kept &= ~BIT(id);
		io_write32(MU_TR(MU_TX), id << MU_ID_SHIFT);
	}
	io_write32(MU_CR, MU_CR_RIE_ALL | (kept ? MU_CR_TIE(MU_TX) : 0));
}

static void mu_handler(void)
{
	/*
	 * Empty the registers first, then look at the rings: a kick that arrives
	 * after that fills one again. The barrier completes the reads before the
	 * main loop's loads.
	 */
	mu_read_all();
	mu_send_kept();
	cpu_dsb();
	event_signal();
}

/**
 * doorbell_init() - listen to the peer
 *
 * Kicks from before are dropped: the main loop looks at the rings anyhow before
 * it sleeps for the first time.
 *
 * Context: start-up, after irq_init().
 */
void doorbell_init(void)
{
	/* The unit is not reset with the core: a program before may have left this */
	io_write32(MU_CR, 0);
	mu_read_all();
	irq_request(SOC_MU_IRQ, mu_handler);
	io_write32(MU_CR, MU_CR_RIE_ALL);
	cpu_dsb();
}

/**
 * doorbell_ring() - tell the peer to look at the rings
 * @notifyid:	the ring that was used, in the peer's numbering
 *
 * An id that does not fit is one that no peer gives out, and dropped.
 *
 * Context: main loop.
 */
void doorbell_ring(u32 notifyid)
{
	if (notifyid >= MU_MAX_ID)
		return;
	/* The rings must be complete before the word raises an interrupt */
	cpu_dsb();
	cpu_irq_disable();
	kept |= BIT(notifyid);
	mu_send_kept();
	cpu_irq_enable();
}

/**
 * mu_heard() - for which rings a word has come
 *
 * Those from before doorbell_init() count, too.
 *
 * Context: main loop.
 * Return: a bit for each id.
 */
u32 mu_heard(void)
{
	return READ_ONCE(heard);
}

/**
 * mu_forget() - forget what mu_heard() tells
 *
 * Context: main loop, interrupts masked.
 */
void mu_forget(void)
{
	heard = 0;
}
