// SPDX-License-Identifier: GPL-2.0-only
/* Copyright (c) 2026 linux-amp developers */

/* Announce a channel of ours, and remove it: make_channel /dev/rpmsg_ctrl0 NAME 100 */

#include <err.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>

#include <linux/rpmsg.h>

int main(int argc, char *argv[])
{
	struct rpmsg_endpoint_info info = { .dst = RPMSG_ADDR_ANY };
	int fd;

	if (argc != 4)
		errx(2, "usage: make_channel CONTROL_DEVICE NAME LOCAL_ADDRESS");
	strncpy(info.name, argv[2], sizeof(info.name) - 1);
	info.src = strtoul(argv[3], NULL, 0);

	fd = open(argv[1], O_RDWR | O_CLOEXEC);
	if (fd < 0)
		err(1, "%s", argv[1]);
	if (ioctl(fd, RPMSG_CREATE_DEV_IOCTL, &info))
		err(1, "RPMSG_CREATE_DEV_IOCTL");
	if (ioctl(fd, RPMSG_RELEASE_DEV_IOCTL, &info))
		err(1, "RPMSG_RELEASE_DEV_IOCTL");
	return 0;
}
