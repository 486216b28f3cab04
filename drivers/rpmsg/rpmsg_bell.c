// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (c) 2026 linux-amp developers
 *
 * When to ring the doorbell of the send ring. A pure file: no kernel objects, no
 * allocation, no logging; built and tested on the host as well. It decides; it
 * neither rings nor keeps time. The worst that a remote can get out of it by lying
 * about its progress is that its own messages come late or with a doorbell each.
 *
 * A doorbell costs an interrupt over there and a device access or a firmware call
 * here. A remote that has been told of messages and is still at work on them looks
 * for more before it rests, because every protocol stack for this ring does: it
 * takes messages until there are none. So while it has a backlog, later messages
 * need no doorbell. Some remotes keep buffers, or take one message for each
 * doorbell; their index stands still behind what they were told of. They are found
 * out by looking once more a little later, and get a doorbell for each message for
 * ever longer stretches.
 */

#include <linux/minmax.h>

#include "rpmsg_bell.h"

/**
 * rpmsg_bell_init() - begin with a ring
 * @bell: result
 * @num:  its entries
 *
 * A few messages are no backlog: with so few the remote may be done before we know,
 * and a remote that keeps a buffer or two while it answers is common.
 *
 * Context: any.
 */
void rpmsg_bell_init(struct rpmsg_bell *bell, u32 num)
{
	*bell = (struct rpmsg_bell){ .backlog = clamp(num / 16, 1U, 4U) };
}

/* Indices wrap, but nobody is ever more than a ring's length away from another. */
static bool is_behind(u16 idx, u16 other)
{
	return (u16)(other - idx) - 1U < 0x7fffU;
}

static enum rpmsg_bell_action ring(struct rpmsg_bell *bell, u16 shown)
{
	bell->rung = shown;
	bell->waiting = false;
	return RPMSG_BELL_RING;
}

/**
 * rpmsg_bell_sent() - a message was published
 * @bell:   the ring's bell
 * @shown:  index of the available ring, with that message
 * @used:   index of the used ring, read after @shown was written
 * @wanted: the remote has not asked for silence
 *
 * Context: any; the caller has a lock.
 * Return: see enum rpmsg_bell_action.
 */
enum rpmsg_bell_action rpmsg_bell_sent(struct rpmsg_bell *bell, u16 shown, u16 used, bool wanted)
{
	if (!wanted) {
		bell->rung = shown;
		bell->waiting = false;
		return RPMSG_BELL_NOTHING;
	}
	if (bell->sure) {
		bell->sure--;
		return ring(bell, shown);
	}
	if (!is_behind(used, bell->rung) || (u16)(bell->rung - used) <= bell->backlog)
		return ring(bell, shown);
	if (bell->waiting)
		return RPMSG_BELL_NOTHING;
	bell->waiting = true;
	bell->watched = used;
	return RPMSG_BELL_LATER;
}

static void distrust(struct rpmsg_bell *bell)
{
	bell->sure = RPMSG_BELL_SURE << bell->distrust;
	bell->distrust = min(bell->distrust + 1U, RPMSG_BELL_MAX_DISTRUST);
}

/**
 * rpmsg_bell_check() - messages were left without a doorbell a moment ago
 * @bell:   the ring's bell
 * @shown:  index of the available ring
 * @used:   index of the used ring
 * @wanted: the remote has not asked for silence
 *
 * Context: any; the caller has a lock.
 * Return: see enum rpmsg_bell_action.
 */
enum rpmsg_bell_action rpmsg_bell_check(struct rpmsg_bell *bell, u16 shown, u16 used, bool wanted)
{
	bool moved = used != bell->watched;

	if (!bell->waiting)
		return RPMSG_BELL_NOTHING;
	bell->waiting = false;
	if (!wanted) {
		bell->rung = shown;
		return RPMSG_BELL_NOTHING;
	}
	/* It has taken messages that it was not told of. */
	if (is_behind(bell->rung, used)) {
		if (bell->distrust)
			bell->distrust--;
		bell->rung = used;
		if (used == shown)
			return RPMSG_BELL_NOTHING;
		bell->waiting = true;
		bell->watched = used;
		return RPMSG_BELL_LATER;
	}
	/* It stands still, or has stopped at what it was told of. */
	if (!moved || used == bell->rung)
		distrust(bell);
	return ring(bell, shown);
}
