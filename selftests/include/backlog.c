// SPDX-License-Identifier: GPL-2.0-only
/*
 * A remote that takes nothing. See backlog.h.
 *
 * Copyright (c) 2026 linux-amp developers
 */
#include "guest.h"
#include "backlog.h"
#include "channel.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include <amp/rpmsg.h>

int endpoint(const struct remote *remote, int ctrl, const char *name, __u32 dst, int flags)
{
	int ret = endpoint_create(ctrl, name, RPMSG_ADDR_ANY, dst);

	return ret ? ret : rpmsg_open(remote, name, flags);
}

int order(const struct remote *remote, int ctrl, const char *command)
{
	char name[32], text[64];
	int fd, ret = 0;

	snprintf(name, sizeof(name), "%.20s", command);
	fd = endpoint(remote, ctrl, name, COMMAND_ADDR, 0);
	if (fd < 0)
		return fd;
	if (write(fd, command, strlen(command)) < 0 || !readable(fd) ||
	    read(fd, text, sizeof(text)) < 0)
		ret = -errno;
	close(fd);
	return ret;
}

int fill(int fd)
{
	char message[64] = "";
	int sent = 0;

	while (write(fd, message, sizeof(message)) > 0)
		sent++;
	return errno == EAGAIN ? sent : -errno;
}

/*
 * The remote answers an order before it gives back the buffer that the order came in, and takes
 * what came before its data: until every buffer is taken, room may come.
 */
static bool is_taken(int fd, int *sent)
{
	int ret = fill(fd);

	*sent = ret < 0 ? ret : *sent + ret;
	return ret < 0 || *sent >= BUFFERS;
}

int take_all(const struct remote *remote, int ctrl)
{
	int fd = endpoint(remote, ctrl, "full", DATA_ADDR, O_NONBLOCK);
	int sent = 0;

	if (fd < 0)
		return fd;
	if (!wait_until(is_taken(fd, &sent)))
		return -ETIMEDOUT;
	return sent < 0 ? sent : fd;
}

int full(const struct remote *remote, int ctrl)
{
	int ret = order(remote, ctrl, NEVER);

	return ret ? ret : take_all(remote, ctrl);
}

void set_blocking(int fd)
{
	fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) & ~O_NONBLOCK);
}
