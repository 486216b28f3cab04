// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (c) 2026 linux-amp developers
 */
#include "guest.h"
#include "trace.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#define TRACING		"/sys/kernel/tracing"
#define INSTANCE	TRACING "/instances/linux-amp"

bool trace_possible(void)
{
	mount("tracefs", TRACING, "tracefs", 0, NULL);
	return !mkdir(INSTANCE, 0755) || errno == EEXIST;
}

int trace_on(void)
{
	int fd = open(INSTANCE "/trace", O_WRONLY | O_TRUNC);

	close(fd);
	return write_text(INSTANCE "/events/virtio_rpmsg/enable", "1");
}

char *trace_read(void)
{
	size_t size;

	return read_file(INSTANCE "/trace", &size);
}

char *trace_off(void)
{
	char *text;

	write_text(INSTANCE "/events/virtio_rpmsg/enable", "0");
	text = trace_read();
	rmdir(INSTANCE);
	return text;
}

/* The third of the columns behind the processor: irqs-off, need-resched, hardirq/softirq. */
static bool is_in_hardirq(const char *line)
{
	const char *flags = strstr(line, "] ");

	return flags && strlen(flags) > 4 && strchr("hH", flags[4]);
}

static long count_lines(const char *trace, const char *event, const char *word, bool hardirq)
{
	const char *end, *found;
	long sum = 0;

	for (; trace; trace = end ? end + 1 : NULL) {
		end = strchr(trace, '\n');
		found = strstr(trace, event);
		if (!found || (end && found > end))
			continue;
		found = strstr(found, word);
		if (found && (!end || found <= end))
			sum += !hardirq || is_in_hardirq(trace);
	}
	return sum;
}

long traced(const char *trace, const char *event, const char *word)
{
	return count_lines(trace, event, word, false);
}

long traced_in_hardirq(const char *trace, const char *event, const char *word)
{
	return count_lines(trace, event, word, true);
}
