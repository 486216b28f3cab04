/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The transport's tracepoints, in an instance of the tests' own.
 *
 * Copyright (c) 2026 linux-amp developers
 */
#ifndef TRACE_H
#define TRACE_H

#include <stdbool.h>

/**
 * trace_possible() - prepare for trace_on()
 *
 * Return: false if this kernel has no tracing.
 */
bool trace_possible(void);

/**
 * trace_on() - begin to trace, with nothing traced before
 *
 * Return: 0 or the negative errno of switching our events on.
 */
int trace_on(void);

/**
 * trace_read() - what has been traced until now
 *
 * Return: a text to be freed, or NULL.
 */
char *trace_read(void);

/**
 * trace_off() - end it
 *
 * Return: as trace_read().
 */
char *trace_off(void);

/**
 * traced() - count events
 * @trace: what was traced
 * @event: name of the event as in a line of it, with what follows
 * @word: that is behind it; may have the end of the line in it
 *
 * Return: how many lines have both.
 */
long traced(const char *trace, const char *event, const char *word);

/**
 * traced_in_hardirq() - count events that happened in interrupt handlers
 * @trace: what was traced
 * @event: as for traced()
 * @word: as for traced()
 *
 * Return: how many of the lines say so.
 */
long traced_in_hardirq(const char *trace, const char *event, const char *word);

#endif
