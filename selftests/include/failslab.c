// SPDX-License-Identifier: GPL-2.0-only
/*
 * Memory that is short where a function has to do with it. See failslab.h.
 *
 * Copyright (c) 2026 linux-amp developers
 */
#include "failslab.h"
#include "guest.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

bool failslab_by_caller(void)
{
	return !access(FAILSLAB "require-start", F_OK);
}

/* Return: the line is a function of that module. */
static bool is_of_module(const char *line, const char *module, unsigned long *addr, char *name)
{
	char owner[64] = "", type;

	return sscanf(line, "%lx %c %511s [%63[^]]", addr, &type, name, owner) >= 3 &&
	       !strcmp(owner, module) && (type == 't' || type == 'T');
}

bool failslab_find(const char *module, const char *function, struct code *code)
{
	char line[1024], name[512];
	unsigned long addr;
	FILE *symbols;

	code->start = 0;
	code->end = ULONG_MAX;
	/* Once for the function, and once for what comes after it: they are in no order. */
	for (int i = 0; i < 2; i++) {
		symbols = fopen("/proc/kallsyms", "re");
		while (symbols && fgets(line, sizeof(line), symbols)) {
			if (!is_of_module(line, module, &addr, name))
				continue;
			if (!i && !strcmp(name, function))
				code->start = addr;
			else if (i && addr > code->start && addr < code->end)
				code->end = addr;
		}
		if (symbols)
			fclose(symbols);
	}
	return code->start && code->end != ULONG_MAX;
}

static int set_number(const char *file, unsigned long value, const char *format)
{
	char path[128], text[32];

	snprintf(path, sizeof(path), FAILSLAB "%s", file);
	snprintf(text, sizeof(text), format, value);
	return write_text(path, text);
}

int failslab_arm(const struct code *code, unsigned int nth)
{
	/* Allocations that may sleep count, too, and each need not be told at length. */
	return write_text(FAILSLAB "ignore-gfp-wait", "N") ?:
	       set_number("verbose", 0, "%lu") ?:
	       set_number("require-start", code->start, "%#lx") ?:
	       set_number("require-end", code->end, "%#lx") ?:
	       set_number("stacktrace-depth", 32, "%lu") ?:
	       set_number("interval", nth, "%lu") ?:
	       set_number("times", 1, "%lu") ?:
	       set_number("probability", 100, "%lu");
}

bool failslab_has_failed(void)
{
	char text[32];

	return read_text(FAILSLAB "times", text, sizeof(text)) > 0 && !strtol(text, NULL, 10);
}

bool failslab_disarm(void)
{
	bool failed = failslab_has_failed();

	set_number("probability", 0, "%lu");
	set_number("require-start", 0, "%lu");
	set_number("require-end", ULONG_MAX, "%#lx");
	set_number("interval", 1, "%lu");
	return failed;
}
