// SPDX-License-Identifier: GPL-2.0-only
/*
 * Registers of the i.MX messaging unit as bits, and what is done about them. PURE: no kernel
 * objects, no logging.
 *
 * Status and control register have the same order: doorbells in bits 31 to 28, received words in 27
 * to 24, empty transmit registers in 23 to 20, and in each group index 0 at the top. i.MX 6SoloX
 * Applications Processor Reference Manual, chapter "Messaging Unit"; the unit of the i.MX 7 is the
 * same, that of the i.MX 7ULP has its registers at other offsets.
 *
 * Copyright (c) 2026 linux-amp developers
 */
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/types.h>

#include "imx_mu_bits.h"

/**
 * imx_mu_channel() - number of the channel that a devicetree asks for
 * @type:  first cell
 * @index: second cell
 *
 * Context: any.
 * Return: the number, below IMX_MU_NUM_CHANS; -EINVAL if there is no such channel.
 */
int imx_mu_channel(u32 type, u32 index)
{
	if (type >= IMX_MU_NUM_TYPES || index >= IMX_MU_PER_TYPE)
		return -EINVAL;
	if (type == IMX_MU_RST && index)
		return -EINVAL;
	return type * IMX_MU_PER_TYPE + index;
}

/**
 * imx_mu_bit() - where a channel reports and where its interrupt is enabled
 * @type:  of the channel
 * @index: of the channel
 *
 * Context: any.
 * Return: the bit, the same in status and control register; 0 if the channel has no interrupt.
 */
u32 imx_mu_bit(enum imx_mu_type type, unsigned int index)
{
	switch (type) {
	case IMX_MU_TX:
		return BIT(23 - index);
	case IMX_MU_RX:
		return BIT(27 - index);
	case IMX_MU_RXDB:
		return BIT(31 - index);
	default:
		return 0;
	}
}

/**
 * imx_mu_request() - how to ring a doorbell
 * @index: of the channel
 *
 * Context: any.
 * Return: the bit in the control register.
 */
u32 imx_mu_request(unsigned int index)
{
	return BIT(19 - index);
}

/**
 * imx_mu_control() - a new value for the control register
 * @control: what it reads
 * @clear:   bits to be cleared
 * @set:     bits to be set
 *
 * A doorbell that has been rung reads as 1 until the other side takes it, and rings again if that 1
 * is written back after it was taken. Writing 0 takes nothing back.
 *
 * Context: any.
 * Return: what to write.
 */
u32 imx_mu_control(u32 control, u32 clear, u32 set)
{
	return (control & ~(IMX_MU_REQUESTS | IMX_MU_RESET | clear)) | set;
}

/* The bits of a type as those of its channels: index 0 is at the top in a register. */
static u32 events_of(u32 pending, enum imx_mu_type type, unsigned int last_bit)
{
	static const u8 mirrored[] = {
		0x0, 0x8, 0x4, 0xc, 0x2, 0xa, 0x6, 0xe, 0x1, 0x9, 0x5, 0xd, 0x3, 0xb, 0x7, 0xf,
	};

	return (u32)mirrored[pending >> last_bit & 0xf] << type * IMX_MU_PER_TYPE;
}

/**
 * imx_mu_events() - channels that want to be served
 * @status:  what the status register reads
 * @control: what the control register reads
 *
 * Context: any.
 * Return: a bit for each channel, by its number.
 */
u32 imx_mu_events(u32 status, u32 control)
{
	u32 pending = status & control;

	return events_of(pending, IMX_MU_TX, 20) | events_of(pending, IMX_MU_RX, 24) |
	       events_of(pending, IMX_MU_RXDB, 28);
}

/**
 * imx_mu_enables() - what is known to be enabled after a change of the control register
 * @enables: what was before
 * @clear:   bits to be cleared
 * @set:     bits to be set
 *
 * Context: any.
 * Return: the enabled interrupts.
 */
u32 imx_mu_enables(u32 enables, u32 clear, u32 set)
{
	return ((enables & ~clear) | set) & IMX_MU_ENABLES;
}

/**
 * imx_mu_foreign() - what somebody else has enabled
 * @enables: what was enabled last, from imx_mu_enables()
 * @control: what the control register reads
 *
 * Context: any.
 * Return: enabled interrupts that have nobody whom they could tell.
 */
u32 imx_mu_foreign(u32 enables, u32 control)
{
	return control & IMX_MU_ENABLES & ~enables;
}

/**
 * imx_mu_context_lost() - has the unit been without power
 * @enables: what was enabled last, from imx_mu_enables()
 * @control: what the control register reads
 *
 * With nothing enabled the two look alike, and there was little to lose. More than was enabled is
 * somebody else's work, and no loss.
 *
 * Context: any.
 * Return: true if its registers have to be set up again.
 */
bool imx_mu_context_lost(u32 enables, u32 control)
{
	return enables & ~control;
}

/**
 * imx_mu_take() - may one more event be handled
 * @budget: of the channel; zeroed at the beginning
 * @tick:   of the clock
 * @many:   how many may be in one tick
 *
 * Context: any, one caller at a time.
 * Return: true if so; false if there were enough for this tick.
 */
bool imx_mu_take(struct imx_mu_budget *budget, unsigned long tick, unsigned int many)
{
	if (budget->tick != tick) {
		budget->tick = tick;
		budget->left = many;
	}
	if (!budget->left)
		return false;
	budget->left--;
	return true;
}

/**
 * imx_mu_tx_submit() - a word is to be sent
 * @tx:    the register; idle
 * @word:  the word
 * @empty: the register is empty
 *
 * It is not where it holds a word from before, of another client or another life of this one.
 *
 * Context: any, one caller at a time.
 * Return: true if the word is to be written now; false if it is kept for imx_mu_tx_empty().
 */
bool imx_mu_tx_submit(struct imx_mu_tx *tx, u32 word, bool empty)
{
	tx->word = word;
	tx->state = empty ? IMX_MU_TX_SENT : IMX_MU_TX_HELD;
	return empty;
}

/**
 * imx_mu_tx_empty() - the register is empty
 * @tx: the register
 *
 * Context: any, one caller at a time.
 * Return: what to do next.
 */
enum imx_mu_tx_step imx_mu_tx_empty(struct imx_mu_tx *tx)
{
	switch (tx->state) {
	case IMX_MU_TX_HELD:
		tx->state = IMX_MU_TX_SENT;
		return IMX_MU_TX_WRITE;
	case IMX_MU_TX_SENT:
		tx->state = IMX_MU_TX_IDLE;
		return IMX_MU_TX_DONE;
	default:
		return IMX_MU_TX_NOTHING;
	}
}

/**
 * imx_mu_tx_leave() - the client does not want to know when its word has been read
 * @tx: the register
 *
 * Context: any, one caller at a time.
 * Return: true if that is now done, because the word is in the register; false if there is none,
 * or it is held.
 */
bool imx_mu_tx_leave(struct imx_mu_tx *tx)
{
	if (tx->state != IMX_MU_TX_SENT)
		return false;
	tx->state = IMX_MU_TX_IDLE;
	return true;
}

/**
 * imx_mu_tx_lost() - the unit has lost its registers
 * @tx:     the register
 * @unread: it held a word before that
 *
 * A word that had been read is not sent again, nor is one that its client has left.
 *
 * Context: any, one caller at a time.
 */
void imx_mu_tx_lost(struct imx_mu_tx *tx, bool unread)
{
	if (tx->state == IMX_MU_TX_SENT && unread)
		tx->state = IMX_MU_TX_HELD;
}
