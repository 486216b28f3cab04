// SPDX-License-Identifier: GPL-2.0-only
/* Copyright (c) 2026 linux-amp developers */

/* Wait for messages, print the length of each, until the remote goes: wait_for /dev/rpmsg0 */

#define _GNU_SOURCE
#include <err.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <unistd.h>

int main(int argc, char *argv[])
{
	struct pollfd pfd = { .events = POLLIN | POLLRDHUP };
	char message[64];
	int next;

	if (argc != 2)
		errx(2, "usage: wait_for DEVICE");
	pfd.fd = open(argv[1], O_RDWR | O_NONBLOCK | O_CLOEXEC);
	if (pfd.fd < 0)
		err(1, "%s", argv[1]);
	if (write(pfd.fd, "hello", 5) < 0)
		err(1, "write");

	for (;;) {
		if (poll(&pfd, 1, -1) < 0)
			err(1, "poll");
		/* What has arrived can be read even when the remote is gone. */
		if (pfd.revents & POLLIN) {
			if (ioctl(pfd.fd, FIONREAD, &next))
				err(1, "FIONREAD");
			if (next > (int)sizeof(message))
				warnx("the next message will be cut");
			if (read(pfd.fd, message, sizeof(message)) < 0)
				err(1, "read");
			printf("%d bytes\n", next);
			fflush(stdout);
		} else if (pfd.revents & POLLHUP) {
			printf("gone\n");
			return 0;
		}
	}
}
