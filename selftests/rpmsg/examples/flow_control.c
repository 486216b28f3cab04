// SPDX-License-Identifier: GPL-2.0-only
/* Copyright (c) 2026 linux-amp developers */

/* Ask what the remote wants, and ask it to pause: flow_control /dev/rpmsg0 */

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <sys/ioctl.h>

#include <amp/rpmsg.h>

int main(int argc, char *argv[])
{
	struct pollfd pfd = { .events = POLLPRI };
	int paused;

	if (argc != 2)
		errx(2, "usage: flow_control DEVICE");
	pfd.fd = open(argv[1], O_RDWR | O_CLOEXEC);
	if (pfd.fd < 0)
		err(1, "%s", argv[1]);

	/* POLLPRI: it has changed since somebody asked. */
	if (poll(&pfd, 1, 0) < 0)
		err(1, "poll");
	if (ioctl(pfd.fd, RPMSG_GET_OUTGOING_FLOWCONTROL, &paused))
		err(1, "RPMSG_GET_OUTGOING_FLOWCONTROL");
	printf("the remote %s\n", paused ? "wants nothing now" : "takes messages");

	/* The second argument is the value itself. */
	if (ioctl(pfd.fd, RPMSG_SET_INCOMING_FLOWCONTROL, 1) ||
	    ioctl(pfd.fd, RPMSG_SET_INCOMING_FLOWCONTROL, 0)) {
		if (errno != EOPNOTSUPP)
			err(1, "RPMSG_SET_INCOMING_FLOWCONTROL");
		printf("this transport cannot tell the remote\n");
	}
	return 0;
}
