// SPDX-License-Identifier: GPL-2.0-only
/* Copyright (c) 2026 linux-amp developers */

/* Send one message and print the answer: read_write /dev/rpmsg0 hello */

#include <err.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

int main(int argc, char *argv[])
{
	char reply[496];
	ssize_t len;
	int fd;

	if (argc != 3)
		errx(2, "usage: read_write DEVICE TEXT");
	fd = open(argv[1], O_RDWR | O_CLOEXEC);
	if (fd < 0)
		err(1, "%s", argv[1]);

	/* One write is one message, or an error; never a part of it. */
	if (write(fd, argv[2], strlen(argv[2])) < 0)
		err(1, "write");
	/* One read is one message; what does not fit is lost. */
	len = read(fd, reply, sizeof(reply));
	if (len < 0)
		err(1, "read");
	printf("%.*s\n", (int)len, reply);
	return 0;
}
