// SPDX-License-Identifier: GPL-2.0-only
/* Copyright (c) 2026 linux-amp developers */

/* Create an endpoint device, which others can open, too: endpoint /dev/rpmsg_ctrl0 NAME 30 */

#include <err.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>

#include <linux/rpmsg.h>

int main(int argc, char *argv[])
{
	struct rpmsg_endpoint_info info = { .src = RPMSG_ADDR_ANY };
	int fd;

	if (argc != 4)
		errx(2, "usage: endpoint CONTROL_DEVICE NAME REMOTE_ADDRESS");
	strncpy(info.name, argv[2], sizeof(info.name) - 1);
	info.dst = strtoul(argv[3], NULL, 0);

	fd = open(argv[1], O_RDWR | O_CLOEXEC);
	if (fd < 0)
		err(1, "%s", argv[1]);
	/* The node is /dev/rpmsgN where /sys/class/rpmsg/rpmsgN/name is NAME. */
	if (ioctl(fd, RPMSG_CREATE_EPT_IOCTL, &info))
		err(1, "RPMSG_CREATE_EPT_IOCTL");
	return 0;
}
