// SPDX-License-Identifier: GPL-2.0-only
/*
 * lib/trace.c, and lib/string.c under other names.
 *
 * Copyright (c) 2026 linux-amp developers
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <fw/compiler.h>
#include <fw/trace.h>

#include "driver.h"
#include "ktap.h"
#include "renamed.h"

static const char *last_line(void)
{
	char *end = strrchr(trace_buffer, '\n');
	char *start;

	if (!end || end[1])
		return "(no line)";
	for (start = end; start > trace_buffer && start[-1] != '\n'; start--)
		;
	return start;
}

static void formats(void)
{
	trace("%s|%c|%d|%d|%u|%x|%%|%08x|%4u|\n", "text", 'c', -2147483647 - 1, 7,
	      4294967295u, 0xbeefu, 0x1a2bu, 42u);
	CHECK(!strcmp(last_line(), "text|c|-2147483648|7|4294967295|beef|%|00001a2b|  42|\n"));
	trace("%x %u\n", 0u, 0u);
	CHECK(!strcmp(last_line(), "0 0\n"));
}

/* Whatever is written: terminated, whole lines, oldest first, newest kept */
static void wraps_at_lines(void)
{
	u32 i;

	for (i = 0; i < 5000; i++) {
		char line[64];
		const char *p;
		u32 n;

		trace("line %u of %s\n", i, "the test");
		snprintf(line, sizeof(line), "line %u of the test\n", i);
		CHECK_EQ(trace_buffer[TRACE_SIZE - 1], 0);
		CHECK(!strcmp(last_line(), line));
		if (i < 500)
			continue;
		CHECK(strlen(trace_buffer) >= TRACE_SIZE / 2 - sizeof(line));
		n = strtoul(trace_buffer + strlen("line "), NULL, 10);
		for (p = trace_buffer; *p; p += strlen(line)) {
			snprintf(line, sizeof(line), "line %u of the test\n", n++);
			CHECK(!strncmp(p, line, strlen(line)));
		}
		CHECK_EQ(n, i + 1);
	}
}

static void endless_lines(void)
{
	static char text[3 * TRACE_SIZE];
	u32 len;

	for (len = 1; len < sizeof(text); len += 97) {
		memset(text, 'a' + len % 26, len);
		text[len] = '\0';
		trace("%s", text);
		CHECK_EQ(trace_buffer[TRACE_SIZE - 1], 0);
		CHECK(strlen(trace_buffer) < TRACE_SIZE);
	}
	trace("\n");
}

/* Exactly sized heap objects, so that one byte too far is seen */
static void string_functions(void)
{
	u32 round;

	for (round = 0; round < 20000; round++) {
		u32 len = rnd() % 70, to = rnd() % 8, from = rnd() % 8, i;
		u8 *a = malloc(len + to), *b = malloc(len + from), *c = malloc(len + to + from);
		u8 *ref = malloc(len + to + from);

		CHECK(a);
		CHECK(b);
		CHECK(c);
		CHECK(ref);
		for (i = 0; i < len; i++)
			b[from + i] = rnd();
		fw_memcpy(a + to, b + from, len);
		CHECK(!memcmp(a + to, b + from, len));
		CHECK_EQ(fw_memcmp(a + to, b + from, len), 0);
		if (len) {
			u32 at = rnd() % len;

			a[to + at]++;
			CHECK((fw_memcmp(a + to, b + from, len) < 0) ==
			      (memcmp(a + to, b + from, len) < 0));
		}
		for (i = 0; i < len + to + from; i++)
			c[i] = rnd();
		memcpy(ref, c, len + to + from);
		memmove(ref + to, ref + from, len);
		fw_memmove(c + to, c + from, len);
		CHECK(!memcmp(c, ref, len + to + from));
		fw_memset(a + to, 0x1a5, len);
		for (i = 0; i < len; i++)
			CHECK_EQ(a[to + i], 0xa5);
		free(a);
		free(b);
		free(c);
		free(ref);
	}
	CHECK_EQ(fw_strlen(""), 0);
	CHECK_EQ(fw_strlen("four"), 4);
}

const struct ktap_case text_cases[] = {
	KTAP_CASE(formats),
	KTAP_CASE(wraps_at_lines),
	KTAP_CASE(endless_lines),
	KTAP_CASE(string_functions),
	{ },
};
