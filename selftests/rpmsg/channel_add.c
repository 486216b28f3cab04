// SPDX-License-Identifier: GPL-2.0-only
/*
 * Make a channel that stays: channel_add CONTROL_DEVICE NAME REMOTE_ADDRESS
 *
 * For shell tests.
 *
 * Copyright (c) 2026 linux-amp developers
 */
#include "guest.h"

#include <err.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/ioctl.h>

#include <linux/rpmsg.h>

int main(int argc, char **argv)
{
	struct rpmsg_endpoint_info info = { .src = RPMSG_ADDR_ANY };
	int fd;

	if (argc != 4)
		errx(2, "usage: channel_add CONTROL_DEVICE NAME REMOTE_ADDRESS");
	snprintf(info.name, sizeof(info.name), "%s", argv[2]);
	info.dst = strtoul(argv[3], NULL, 0);

	fd = open(argv[1], O_RDWR | O_CLOEXEC);
	if (fd < 0)
		err(1, "%s", argv[1]);
	if (ioctl(fd, RPMSG_CREATE_DEV_IOCTL, &info))
		err(1, "RPMSG_CREATE_DEV_IOCTL");
	return 0;
}
