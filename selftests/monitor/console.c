// SPDX-License-Identifier: GPL-2.0-only
/*
 * Console output on UART0, which Linux uses as well: the monitor writes at boot, before it ends
 * the machine and, in a DEBUG build, for every call.
 *
 * Copyright (c) 2026 linux-amp developers
 */
#include <stdarg.h>
#include "monitor.h"

#define UART0		0xff000000UL
#define UART_CR		0x00
#define   CR_TX_EN	BIT(4)
#define   CR_RX_EN	BIT(2)
#define UART_SR		0x2c
#define   SR_TXFULL	BIT(4)
#define UART_FIFO	0x30

static struct bakery_lock console_lock;

/**
 * console_init() - switch the transmitter on
 *
 * Context: boot core, once.
 */
void console_init(void)
{
	mmio_write(UART0 + UART_CR, CR_TX_EN | CR_RX_EN);
}

static void put_char(char c)
{
	u32 tries = 1000000;

	/* Linux may have stopped the transmitter: lose the character rather than hang */
	while ((mmio_read(UART0 + UART_SR) & SR_TXFULL) && --tries)
		;
	if (tries)
		mmio_write(UART0 + UART_FIFO, (u8)c);
}

static void put_string(const char *s)
{
	while (*s) {
		if (*s == '\n')
			put_char('\r');
		put_char(*s++);
	}
}

static void put_number(u64 value, u32 base)
{
	char buf[21], *p = buf + sizeof(buf);

	*--p = 0;
	do {
		*--p = "0123456789abcdef"[value % base];
		value /= base;
	} while (value);
	put_string(p);
}

/**
 * say() - print a message
 * @fmt: text with %s, %u, %x and %lx, the last two printed with 0x in front
 *
 * Context: EL3, any core. Spins until other cores' messages are out.
 */
void say(const char *fmt, ...)
{
	va_list args;

	bakery_lock(&console_lock);
	put_string("monitor: ");
	va_start(args, fmt);
	for (; *fmt; fmt++) {
		if (*fmt != '%') {
			if (*fmt == '\n')
				put_char('\r');
			put_char(*fmt);
			continue;
		}
		switch (*++fmt) {
		case 's':
			put_string(va_arg(args, const char *));
			break;
		case 'u':
			put_number(va_arg(args, u32), 10);
			break;
		case 'x':
			put_string("0x");
			put_number(va_arg(args, u32), 16);
			break;
		case 'l':
			fmt++;
			put_string("0x");
			put_number(va_arg(args, u64), 16);
			break;
		}
	}
	va_end(args);
	bakery_unlock(&console_lock);
}
