// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (c) 2026 linux-amp developers
 *
 * Fuzz target of the decision when to ring. Input: log2 of the ring's size and the
 * index that it begins with, then steps of four bytes: what happens, and the used
 * index or how far it moves. Whatever a remote says, a message is never left without
 * a doorbell and without a look that is due, unless the remote has asked for silence
 * or has shown that it has seen the message.
 */

#include <stdlib.h>

#include "rpmsg_bell.h"

int LLVMFuzzerTestOneInput(const u8 *data, size_t size);

/**
 * struct world - what a link would know
 * @bell:    under test
 * @shown:   index of the available ring
 * @used:    what the remote claims
 * @told:    all messages up to here had a doorbell, a look or no wish for one
 * @is_due:  rpmsg_bell_check() will be called
 */
struct world {
	struct rpmsg_bell bell;
	u16 shown;
	u16 used;
	u16 told;
	bool is_due;
};

static void act(struct world *w, enum rpmsg_bell_action action, bool wanted)
{
	switch (action) {
	case RPMSG_BELL_RING:
		if (!wanted)
			abort();
		w->told = w->shown;
		break;
	case RPMSG_BELL_LATER:
		w->is_due = true;
		break;
	case RPMSG_BELL_NOTHING:
		if (!wanted || w->used == w->shown)
			w->told = w->shown;
		break;
	default:
		abort();
	}
	/* The link has nobody to look but by a check. */
	if (w->bell.waiting && !w->is_due)
		abort();
	if (w->told != w->shown && !w->is_due)
		abort();
	if (w->bell.distrust > RPMSG_BELL_MAX_DISTRUST ||
	    w->bell.sure > RPMSG_BELL_SURE << RPMSG_BELL_MAX_DISTRUST)
		abort();
}

static void step(struct world *w, const u8 *op)
{
	bool wanted = !(op[1] & 1);

	switch (op[0] % 4) {
	case 0:
		w->shown++;
		act(w, rpmsg_bell_sent(&w->bell, w->shown, w->used, wanted), wanted);
		break;
	case 1:
		if (!w->is_due)
			break;
		w->is_due = false;
		act(w, rpmsg_bell_check(&w->bell, w->shown, w->used, wanted), wanted);
		break;
	case 2:
		w->used = op[2] | op[3] << 8;
		break;
	case 3:
		/* One that does as it should. */
		w->used += (u16)(w->shown - w->used) < op[2] ? w->shown - w->used : op[2];
		break;
	}
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	struct world w = { };

	if (size < 3)
		return 0;
	rpmsg_bell_init(&w.bell, 1U << (data[0] % 16));
	if (!w.bell.backlog || w.bell.backlog > 4)
		abort();
	w.shown = data[1] | data[2] << 8;
	w.used = w.shown;
	w.told = w.shown;
	w.bell.rung = w.shown;

	for (data += 3, size -= 3; size >= 4; data += 4, size -= 4)
		step(&w, data);
	return 0;
}
