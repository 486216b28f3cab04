// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fuzz target of the messaging unit's bits. Input: a byte for each step of a client that sends
 * numbered words and may leave them to themselves, of a remote that reads them or does not, and of
 * a power supply that fails. Every word must be read exactly once and in order, whatever they do,
 * but for one that was left and then lost with the register that it was in.
 *
 * Copyright (c) 2026 linux-amp developers
 */
#include <stdlib.h>

#include "imx_mu_bits.h"

int LLVMFuzzerTestOneInput(const u8 *data, size_t size);

/* One transmit register of the unit, and the remote behind it. Our words are numbered from 1. */
static struct {
	bool full;
	u32 word;
	u32 read;
	u32 left;
} unit;

static void write_register(u32 word)
{
	/* Overwriting is losing. */
	if (unit.full)
		abort();
	unit.full = true;
	unit.word = word;
}

static void remote_reads(void)
{
	if (unit.full && unit.word && unit.word != ++unit.read)
		abort();
	unit.full = false;
}

/* The interrupt; returns true when the client's word is done. */
static bool serve(struct imx_mu_tx *tx)
{
	u32 status = unit.full ? 0 : imx_mu_bit(IMX_MU_TX, 0);

	if (!imx_mu_events(status, tx->state == IMX_MU_TX_IDLE ? 0 : imx_mu_bit(IMX_MU_TX, 0)))
		return false;
	switch (imx_mu_tx_empty(tx)) {
	case IMX_MU_TX_WRITE:
		write_register(tx->word);
		return false;
	case IMX_MU_TX_DONE:
		return true;
	default:
		abort();
	}
}

static void power_fails(struct imx_mu_tx *tx)
{
	imx_mu_tx_lost(tx, unit.full);
	if (unit.full && unit.word && unit.word <= unit.left)
		unit.read = unit.word;
	unit.full = false;
}

/* Returns true when that makes the client's word done. */
static bool leave(struct imx_mu_tx *tx, u32 sent)
{
	if (!imx_mu_tx_leave(tx))
		return false;
	unit.left = sent;
	return true;
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	struct imx_mu_tx tx = { };
	u32 sent = 0, done = 0;
	size_t i;

	/* A word of a client before this one may be left. */
	unit.full = size && data[0] & 0x80;
	unit.word = 0;
	unit.read = 0;
	unit.left = 0;

	for (i = 0; i < size; i++) {
		switch (data[i] % 5) {
		case 0:
			if (tx.state == IMX_MU_TX_IDLE &&
			    imx_mu_tx_submit(&tx, ++sent, !unit.full))
				write_register(tx.word);
			break;
		case 1:
			remote_reads();
			break;
		case 2:
			done += serve(&tx);
			break;
		case 3:
			power_fails(&tx);
			break;
		default:
			done += leave(&tx, sent);
			break;
		}
	}

	while (tx.state != IMX_MU_TX_IDLE) {
		remote_reads();
		done += serve(&tx);
	}
	remote_reads();
	if (unit.read != sent || done != sent)
		abort();
	if (size >= 2 && imx_mu_channel(data[0], data[1]) >= IMX_MU_NUM_CHANS)
		abort();
	return 0;
}
