/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Messages to a running remote through /dev/rpmsgN and /dev/rpmsg_ctrlN. Every function names the
 * remote it means: with two remotes running, numbers alone say nothing.
 *
 * Copyright (c) 2026 linux-amp developers
 */
#ifndef CHANNEL_H
#define CHANNEL_H

#include <stdbool.h>
#include <stddef.h>

#include <linux/types.h>

#include "remote.h"

#define DEMO_CHANNEL	"rpmsg-openamp-demo-channel"
#define RAW_CHANNEL	"rpmsg-raw"
/* 512 byte buffers less the 16 byte header of a message. */
#define PAYLOAD_MAX	496

/**
 * channel_dst() - wait for a channel that the remote announces
 * @remote: the remote
 * @name: name of the channel
 *
 * Return: the channel's remote address, or -1 if it was not announced.
 */
__s64 channel_dst(const struct remote *remote, const char *name);

/**
 * channel_count() - how many rpmsg devices belong to a remote now
 * @remote: the remote
 *
 * Return: the number, 0 if there are none.
 */
int channel_count(const struct remote *remote);

/**
 * rpmsg_node() - wait for a character device of a remote
 * @remote: the remote
 * @name: endpoint name as in its sysfs attribute, or NULL for the control device
 * @path: receives /dev/rpmsgN or /dev/rpmsg_ctrlN
 * @size: of @path in bytes
 *
 * Return: true if it exists.
 */
bool rpmsg_node(const struct remote *remote, const char *name, char *path, size_t size);

/**
 * tty_node() - wait for the terminal of a channel
 * @remote: the remote
 * @channel: name of the channel
 * @path: receives /dev/ttyRPMSGN
 * @size: of @path in bytes
 *
 * Return: true if it exists.
 */
bool tty_node(const struct remote *remote, const char *channel, char *path, size_t size);

/**
 * rpmsg_open() - wait for a character device and open it
 * @remote: the remote
 * @name: endpoint name, or NULL for the control device
 * @flags: for open(), besides O_RDWR | O_CLOEXEC
 *
 * Return: file descriptor or a negative errno.
 */
int rpmsg_open(const struct remote *remote, const char *name, int flags);

/**
 * endpoint_create() - create an endpoint through the control device
 * @ctrl: open control device
 * @name: name of the new endpoint; must be free
 * @src: local address, RPMSG_ADDR_ANY for the next free one
 * @dst: remote address
 *
 * Return: 0 or the negative errno of the ioctl.
 */
int endpoint_create(int ctrl, const char *name, __u32 src, __u32 dst);

/**
 * pattern() - fill a message so that a mixed-up byte shows
 * @buf: the message
 * @len: in bytes
 * @seed: different for every message
 */
void pattern(__u8 *buf, size_t len, unsigned int seed);

/**
 * readable() - wait for a message
 * @fd: open endpoint
 *
 * Return: true if poll() reports POLLIN before the hang guard ends.
 */
bool readable(int fd);

/**
 * echo_once() - send one message and compare what comes back
 * @fd: open endpoint
 * @len: in bytes, at most PAYLOAD_MAX
 * @seed: of the pattern
 *
 * Return: 0, the negative errno of write() or read(), -ETIMEDOUT without a reply, -EBADMSG
 * for a reply that differs.
 */
int echo_once(int fd, size_t len, unsigned int seed);

/**
 * echo_works() - prove that a running echo firmware answers
 * @remote: the remote
 *
 * Opens the rpmsg-raw device, exchanges one message and closes it again.
 *
 * Return: 0 or the negative errno of the step that failed, see echo_once().
 */
int echo_works(const struct remote *remote);

/**
 * hung_up() - wait until a file tells that its channel is gone for good
 * @fd: open character device
 *
 * Return: true if it does.
 */
bool hung_up(int fd);

/**
 * back_again() - wait until a remote that crashed has been recovered, and answers
 * @remote: the remote
 * @old: character device of it that was open before the crash
 *
 * The state alone says nothing: it is "running" until recovery begins, and the old link may answer.
 *
 * Return: true if it is.
 */
bool back_again(const struct remote *remote, int old);

#endif
