// SPDX-License-Identifier: GPL-2.0-only
/* Copyright (c) 2026 linux-amp developers */

/* Be told of an answer by a signal: signals /dev/rpmsg0 hello */

#define _GNU_SOURCE
#include <err.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

int main(int argc, char *argv[])
{
	char reply[496];
	ssize_t len = -1;
	sigset_t set;
	int fd, got;

	if (argc != 3)
		errx(2, "usage: signals DEVICE TEXT");
	fd = open(argv[1], O_RDWR | O_CLOEXEC);
	if (fd < 0)
		err(1, "%s", argv[1]);

	sigemptyset(&set);
	sigaddset(&set, SIGIO);
	sigprocmask(SIG_BLOCK, &set, NULL);
	if (fcntl(fd, F_SETOWN, getpid()) || fcntl(fd, F_SETFL, O_ASYNC | O_NONBLOCK))
		err(1, "fcntl");
	if (write(fd, argv[2], strlen(argv[2])) < 0)
		err(1, "write");

	/* The signal says that something has happened, not what. */
	while (len < 0 && !sigwait(&set, &got))
		len = read(fd, reply, sizeof(reply));
	printf("%.*s\n", (int)len, reply);
	return 0;
}
