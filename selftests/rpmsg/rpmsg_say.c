// SPDX-License-Identifier: GPL-2.0-only
/*
 * Say something to a remote and print its answer: rpmsg_say DEVICE TEXT...
 *
 * Each TEXT is one message; one reply to each is awaited before the next is sent. Part of the
 * demonstration, not a test.
 *
 * Copyright (c) 2026 linux-amp developers
 */
#include "guest.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>

static int say(int fd, const char *text)
{
	struct pollfd pfd = { .fd = fd, .events = POLLIN };
	char reply[512];
	ssize_t len;

	if (write(fd, text, strlen(text)) < 0) {
		fprintf(stderr, "rpmsg_say: cannot send: %s\n", strerror(errno));
		return 1;
	}

	if (poll(&pfd, 1, HANG_GUARD_S * 1000) != 1) {
		fprintf(stderr, "rpmsg_say: no answer within %d s\n", HANG_GUARD_S);
		return 1;
	}

	len = read(fd, reply, sizeof(reply));
	if (len < 0) {
		fprintf(stderr, "rpmsg_say: cannot receive: %s\n", strerror(errno));
		return 1;
	}

	printf("sent  %s\nreply %.*s\n", text, (int)len, reply);
	return 0;
}

int main(int argc, char **argv)
{
	int fd, ret = 0;

	if (argc < 3) {
		fprintf(stderr, "usage: rpmsg_say DEVICE TEXT...\n");
		return 2;
	}

	fd = open(argv[1], O_RDWR);
	if (fd < 0) {
		fprintf(stderr, "rpmsg_say: %s: %s\n", argv[1], strerror(errno));
		return 1;
	}

	for (int i = 2; i < argc && !ret; i++)
		ret = say(fd, argv[i]);

	close(fd);
	return ret;
}
