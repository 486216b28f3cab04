/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A remote that takes nothing, so that whoever sends has to wait: the terminals' firmware, which
 * obeys commands at one of its addresses, and takes data at another, or refuses it.
 *
 * Copyright (c) 2026 linux-amp developers
 */
#ifndef BACKLOG_H
#define BACKLOG_H

#include <linux/types.h>

#include "remote.h"

/* Where the terminals' firmware takes data, and where it takes commands. */
#define DATA_ADDR	1041
#define COMMAND_ADDR	1042
#define NEVER		"slow 4000000000"
/* For messages in each direction; all test firmware has as many. */
#define BUFFERS		64

/**
 * endpoint() - make a named endpoint and open it
 * @remote: the remote
 * @ctrl: its open control device
 * @name: name of the endpoint
 * @dst: remote address that it talks to
 * @flags: for open()
 *
 * Return: descriptor or a negative errno.
 */
int endpoint(const struct remote *remote, int ctrl, const char *name, __u32 dst, int flags);

/**
 * order() - give the remote a command
 * @remote: the remote
 * @ctrl: its open control device
 * @command: what it shall do
 *
 * Return: 0 when the remote has obeyed, or a negative errno.
 */
int order(const struct remote *remote, int ctrl, const char *command);

/**
 * fill() - send until there is no room
 * @fd: non-blocking endpoint
 *
 * Return: number of messages that went, or a negative errno.
 */
int fill(int fd);

/**
 * take_all() - make an endpoint that has taken every buffer
 * @remote: the remote; takes nothing any more once a message for its data address has come
 * @ctrl: its open control device
 *
 * Return: descriptor of the non-blocking endpoint, or a negative errno.
 */
int take_all(const struct remote *remote, int ctrl);

/**
 * full() - make an endpoint that has filled the send ring, for ever
 * @remote: the remote
 * @ctrl: its open control device
 *
 * The remote takes no message any more, of anybody.
 *
 * Return: descriptor of the non-blocking endpoint, or a negative errno.
 */
int full(const struct remote *remote, int ctrl);

/**
 * set_blocking() - let calls on a file wait
 * @fd: the file
 */
void set_blocking(int fd);

#endif
