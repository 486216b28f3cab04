// SPDX-License-Identifier: GPL-2.0-only
/* Copyright (c) 2026 linux-amp developers */

/* An endpoint of one's own, without a device node: descriptor /dev/rpmsg_ctrl0 30 hello */

#include <err.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <amp/rpmsg.h>

int main(int argc, char *argv[])
{
	struct rpmsg_endpoint_fd_info info = {
		.name = "mine",
		.src = RPMSG_ADDR_ANY,
		.flags = O_RDWR | O_CLOEXEC,
	};
	char reply[496];
	ssize_t len;
	int ctrl;

	if (argc != 4)
		errx(2, "usage: descriptor CONTROL_DEVICE REMOTE_ADDRESS TEXT");
	info.dst = strtoul(argv[2], NULL, 0);
	ctrl = open(argv[1], O_RDWR | O_CLOEXEC);
	if (ctrl < 0)
		err(1, "%s", argv[1]);
	if (ioctl(ctrl, RPMSG_CREATE_EPT_FD_IOCTL, &info))
		err(1, "RPMSG_CREATE_EPT_FD_IOCTL");
	close(ctrl);

	/* The endpoint lives until this descriptor is closed. */
	if (write(info.fd, argv[3], strlen(argv[3])) < 0)
		err(1, "write");
	len = read(info.fd, reply, sizeof(reply));
	if (len < 0)
		err(1, "read");
	printf("from %u: %.*s\n", info.src, (int)len, reply);
	return 0;
}
