/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Registers of the i.MX messaging unit as bits, and what is done about them. PURE: no kernel
 * objects, no logging.
 *
 * Copyright (c) 2026 linux-amp developers
 */
#ifndef IMX_MU_BITS_H
#define IMX_MU_BITS_H

#include <linux/bits.h>
#include <linux/types.h>

/* First cell of a mailbox specifier; the second is an index from 0 to 3. */
enum imx_mu_type {
	IMX_MU_TX,		/* word to the other side */
	IMX_MU_RX,		/* word from the other side */
	IMX_MU_TXDB,		/* doorbell to the other side, done when rung */
	IMX_MU_RXDB,		/* doorbell from the other side */
	IMX_MU_RST,		/* resets the unit when it is released */
	IMX_MU_TXDB_ACK,	/* doorbell to the other side, done when the client says so */
	IMX_MU_NUM_TYPES,
};

#define IMX_MU_PER_TYPE		4
#define IMX_MU_NUM_CHANS	(IMX_MU_NUM_TYPES * IMX_MU_PER_TYPE)

/* The control register: interrupt enables, doorbells to ring, reset. The rest is left alone. */
#define IMX_MU_ENABLES		GENMASK(31, 20)
#define IMX_MU_REQUESTS		GENMASK(19, 16)
#define IMX_MU_RESET		BIT(5)
/* In the status register: a reset is in progress. */
#define IMX_MU_RESETTING	BIT(7)

/* Events that one channel may receive in a second, and interrupts that nobody wants. */
#define IMX_MU_EVENTS		64000
#define IMX_MU_FOREIGN		1000

/**
 * enum imx_mu_tx_state - a word on its way out
 * @IMX_MU_TX_IDLE: there is none
 * @IMX_MU_TX_HELD: waits for the register to be empty
 * @IMX_MU_TX_SENT: in the register, until the other side reads it
 */
enum imx_mu_tx_state {
	IMX_MU_TX_IDLE,
	IMX_MU_TX_HELD,
	IMX_MU_TX_SENT,
};

/**
 * enum imx_mu_tx_step - what an empty register calls for
 * @IMX_MU_TX_NOTHING: nothing was in it
 * @IMX_MU_TX_WRITE:   write the word that is held
 * @IMX_MU_TX_DONE:    the word has been read
 */
enum imx_mu_tx_step {
	IMX_MU_TX_NOTHING,
	IMX_MU_TX_WRITE,
	IMX_MU_TX_DONE,
};

/**
 * struct imx_mu_tx - one transmit register
 * @state: where the word is
 * @word:  the word, unless idle
 */
struct imx_mu_tx {
	enum imx_mu_tx_state state;
	u32 word;
};

/**
 * struct imx_mu_budget - bounds what the other side can make this one do
 * @tick: of the clock, for which @left counts
 * @left: events that may still be handled
 */
struct imx_mu_budget {
	unsigned long tick;
	unsigned int left;
};

int imx_mu_channel(u32 type, u32 index);
u32 imx_mu_bit(enum imx_mu_type type, unsigned int index);
u32 imx_mu_request(unsigned int index);
u32 imx_mu_control(u32 control, u32 clear, u32 set);
u32 imx_mu_events(u32 status, u32 control);
u32 imx_mu_enables(u32 enables, u32 clear, u32 set);
u32 imx_mu_foreign(u32 enables, u32 control);
bool imx_mu_context_lost(u32 enables, u32 control);
bool imx_mu_take(struct imx_mu_budget *budget, unsigned long tick, unsigned int many);
bool imx_mu_tx_submit(struct imx_mu_tx *tx, u32 word, bool empty);
enum imx_mu_tx_step imx_mu_tx_empty(struct imx_mu_tx *tx);
bool imx_mu_tx_leave(struct imx_mu_tx *tx);
void imx_mu_tx_lost(struct imx_mu_tx *tx, bool unread);

#endif /* IMX_MU_BITS_H */
