/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Copyright (c) 2026 linux-amp developers
 *
 * When to ring the doorbell of the send ring. Rules and reasons are in
 * Documentation/wire.rst, "Doorbells".
 */

#ifndef RPMSG_BELL_H
#define RPMSG_BELL_H

#include <linux/types.h>

/**
 * enum rpmsg_bell_action - what to do about the doorbell
 * @RPMSG_BELL_NOTHING: nothing
 * @RPMSG_BELL_RING:    ring
 * @RPMSG_BELL_LATER:   make sure that rpmsg_bell_check() is called soon
 */
enum rpmsg_bell_action {
	RPMSG_BELL_NOTHING,
	RPMSG_BELL_RING,
	RPMSG_BELL_LATER,
};

/**
 * struct rpmsg_bell - what is known about the remote's way to take messages
 * @backlog: a remote that has more than this to do needs no further doorbell
 * @rung:    index of the last message that the remote was told of
 * @watched: how far the remote had come when rpmsg_bell_check() last looked
 * @waiting: messages have been left without a doorbell, rpmsg_bell_check() is due
 * @distrust: how often leaving it out was a mistake, at most RPMSG_BELL_MAX_DISTRUST
 * @sure:    so many messages get their doorbell in any case
 */
struct rpmsg_bell {
	u16 backlog;
	u16 rung;
	u16 watched;
	bool waiting;
	u8 distrust;
	u32 sure;
};

/* Distrust of N makes the next 64 << N messages sure of their doorbell. */
#define RPMSG_BELL_SURE		64U
#define RPMSG_BELL_MAX_DISTRUST	10U

void rpmsg_bell_init(struct rpmsg_bell *bell, u32 num);
enum rpmsg_bell_action rpmsg_bell_sent(struct rpmsg_bell *bell, u16 shown, u16 used, bool wanted);
enum rpmsg_bell_action rpmsg_bell_check(struct rpmsg_bell *bell, u16 shown, u16 used, bool wanted);

#endif /* RPMSG_BELL_H */
