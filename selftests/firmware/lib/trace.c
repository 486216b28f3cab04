// SPDX-License-Identifier: GPL-2.0-only
/*
 * The trace buffer: text that the main processor may read at any moment.
 *
 * It is always terminated: the last byte is never anything but zero, and each
 * character's terminator is stored before the character. When the buffer is full
 * the older half goes, up to a line's end, and the rest moves to the front, so
 * that a reader always finds whole lines, oldest first. A reader in that very
 * moment may see lines twice.
 *
 * Not for interrupt handlers, with one exception: the fault report, after which
 * nothing else runs.
 *
 * Copyright (c) 2026 linux-amp developers
 */

#include <stdarg.h>

#include <cpu.h>
#include <fw/compiler.h>
#include <fw/string.h>
#include <fw/trace.h>

char trace_buffer[TRACE_SIZE] __aligned(8);

static u32 trace_end;

static void trace_drop_old(void)
{
	u32 from = TRACE_SIZE / 2;

	/* A line longer than half the buffer is cut where the half ends */
	while (from < trace_end && trace_buffer[from - 1] != '\n')
		from++;
	if (from >= trace_end)
		from = TRACE_SIZE / 2;

	memmove(trace_buffer, trace_buffer + from, trace_end - from);
	memset(trace_buffer + trace_end - from, 0, from);
	trace_end -= from;
}

static void trace_putc(char c)
{
	/* A fault in the middle of an update must not make this overrun */
	if (trace_end >= TRACE_SIZE)
		trace_end = TRACE_SIZE - 1;
	if (trace_end == TRACE_SIZE - 1)
		trace_drop_old();
	WRITE_ONCE(trace_buffer[trace_end + 1], '\0');
	WRITE_ONCE(trace_buffer[trace_end], c);
	trace_end++;
}

static void trace_text(const char *s)
{
	while (*s)
		trace_putc(*s++);
}

static void trace_number(u32 val, u32 base, u32 width, char pad)
{
	char digits[10];
	u32 n = 0;

	do {
		digits[n++] = "0123456789abcdef"[val % base];
		val /= base;
	} while (val);

	for (; width > n; width--)
		trace_putc(pad);
	while (n)
		trace_putc(digits[--n]);
}

/**
 * trace() - append text to the trace buffer
 * @fmt:	printf format; %c %s %d %u %x %% with an optional width, as in %08x
 *
 * Context: main loop or fault report.
 */
void trace(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	for (; *fmt; fmt++) {
		char pad = ' ';
		u32 width = 0;
		int val;

		if (*fmt != '%') {
			trace_putc(*fmt);
			continue;
		}
		if (*++fmt == '0')
			pad = '0';
		for (; *fmt >= '0' && *fmt <= '9'; fmt++)
			width = width * 10 + *fmt - '0';

		switch (*fmt) {
		case 'c':
			trace_putc((char)va_arg(ap, int));
			break;
		case 's':
			trace_text(va_arg(ap, const char *));
			break;
		case 'd':
			val = va_arg(ap, int);
			if (val < 0)
				trace_putc('-');
			trace_number(val < 0 ? -(u32)val : (u32)val, 10, width, pad);
			break;
		case 'u':
			trace_number(va_arg(ap, u32), 10, width, pad);
			break;
		case 'x':
			trace_number(va_arg(ap, u32), 16, width, pad);
			break;
		case '\0':
			fmt--;
			break;
		default:
			trace_putc(*fmt);
			break;
		}
	}
	va_end(ap);
	/* Let the line reach memory before whatever this processor does next */
	cpu_wmb();
}
