// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reading /dev/kmsg. See kmsg.h.
 *
 * Copyright (c) 2026 linux-amp developers
 */
#include "complaints.h"
#include "guest.h"
#include "kmsg.h"

#include <errno.h>
#include <fcntl.h>
#include <regex.h>
#include <stdlib.h>
#include <string.h>

int kmsg_open(void)
{
	int fd = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);

	if (fd < 0)
		return -errno;
	if (lseek(fd, 0, SEEK_END) < 0) {
		int err = -errno;

		close(fd);
		return err;
	}
	return fd;
}

void kmsg_rewind(int fd)
{
	lseek(fd, 0, SEEK_SET);
}

/* A record is "priority,sequence,time,flags;text\n KEY=value\n ...". */
bool kmsg_next(int fd, struct kmsg_line *line)
{
	char record[8192], *text, *end;
	ssize_t len;

	/* -EPIPE: records were overwritten before we came, the next read continues. */
	do
		len = read(fd, record, sizeof(record) - 1);
	while (len < 0 && (errno == EPIPE || errno == EINTR));
	if (len <= 0)
		return false;

	record[len] = '\0';
	text = strchr(record, ';');
	if (!text)
		return false;
	end = strchr(text, '\n');
	if (end)
		*end = '\0';

	line->level = strtoul(record, NULL, 10) & 7;
	snprintf(line->text, sizeof(line->text), "%s", text + 1);
	return true;
}

bool kmsg_is_splat(const struct kmsg_line *line)
{
	static regex_t complaints;
	static bool known;

	if (!known)
		known = !regcomp(&complaints, COMPLAINTS, REG_EXTENDED | REG_NOSUB);
	/* Who cannot read the list takes nothing for harmless. */
	return !known || !regexec(&complaints, line->text, 0, NULL, 0);
}

int kmsg_splats(int fd)
{
	struct kmsg_line line;
	int count = 0;

	while (kmsg_next(fd, &line)) {
		if (!kmsg_is_splat(&line))
			continue;
		printf("# kernel: %s\n", line.text);
		count++;
	}
	return count;
}

int kmsg_count(int fd, const char *word)
{
	struct kmsg_line line;
	int count = 0;

	while (kmsg_next(fd, &line))
		count += !!strstr(line.text, word);
	return count;
}
