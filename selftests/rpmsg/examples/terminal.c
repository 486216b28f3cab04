// SPDX-License-Identifier: GPL-2.0-only
/* Copyright (c) 2026 linux-amp developers */

/* Talk to a terminal: terminal /dev/ttyRPMSG0 hello */

#include <err.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

int main(int argc, char *argv[])
{
	size_t want, have = 0;
	char reply[496];
	ssize_t len;
	int fd;

	if (argc != 3)
		errx(2, "usage: terminal DEVICE TEXT");
	fd = open(argv[1], O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (fd < 0)
		err(1, "%s", argv[1]);

	/* It is raw from the start: no echo, no lines, every byte as it is. */
	want = strlen(argv[2]);
	if (want > sizeof(reply) || write(fd, argv[2], want) != (ssize_t)want)
		err(1, "write");
	/* A terminal has bytes, not messages: they may come in pieces. */
	while (have < want) {
		len = read(fd, reply + have, want - have);
		if (len <= 0)
			err(1, "read");
		have += len;
	}
	printf("%.*s\n", (int)have, reply);
	return 0;
}
