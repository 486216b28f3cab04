// SPDX-License-Identifier: GPL-2.0-only
/*
 * The test program on the A7s: console, time, the second A7, and the ways to handle the M4.
 *
 * Copyright (c) 2026 linux-amp developers
 */
#include <stdarg.h>

#include "a7.h"

#define UART1_UTXD		0x30860040
#define UART1_UCR1		0x30860080
#define   UARTEN		BIT(0)
#define UART1_UCR2		0x30860084
#define   UCR2_8N1_TX_RX_ON	0x4027
#define UART1_UTS		0x308600b4
#define   UTS_TXFULL		BIT(4)

#define SYS_EXIT_EXTENDED	0x20
#define ADP_STOPPED_APPLICATION	0x20026

/* Longer than anything here takes, shorter than the patience of run.sh */
#define PATIENCE_US		5000000
#define SPIN_US			20
#define NAP_US			50
#define TIMER_IRQ		27

u32 a7s, m4s, scale;

static struct {
	void (*function)(void);
	u32 busy;
} volatile cpu1_work;

/* GCC makes calls of these out of loops and initialisers */
void *memset(void *to, int value, unsigned int size)
{
	volatile char *p = to;

	while (size--)
		*p++ = value;
	return to;
}

void *memcpy(void *to, const void *from, unsigned int size)
{
	const char *s = from;
	volatile char *p = to;

	while (size--)
		*p++ = *s++;
	return to;
}

void uart_init(void)
{
	write32(UART1_UCR1, UARTEN);
	write32(UART1_UCR2, UCR2_8N1_TX_RX_ON);
}

static void put(char c)
{
	while (read32(UART1_UTS) & UTS_TXFULL)
		;
	write32(UART1_UTXD, c);
}

static void put_string(const char *s)
{
	while (*s)
		put(*s++);
}

static void put_decimal(u32 value)
{
	if (value >= 10)
		put_decimal(value / 10);
	put('0' + value % 10);
}

static void put_hex(u32 value)
{
	if (value >= 16)
		put_hex(value / 16);
	put("0123456789abcdef"[value % 16]);
}

/* Knows %s, %u and %x; a '#' is printed as "0x" */
void print(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	for (; *format; format++) {
		if (*format != '%') {
			put(*format);
			continue;
		}
		if (*++format == '#') {
			put_string("0x");
			format++;
		}
		if (*format == 's')
			put_string(va_arg(args, const char *));
		else if (*format == 'x')
			put_hex(va_arg(args, u32));
		else
			put_decimal(va_arg(args, u32));
	}
	va_end(args);
}

void quit(int status)
{
	u32 block[2] = { ADP_STOPPED_APPLICATION, status };

	semihosting(SYS_EXIT_EXTENDED, block);
	for (;;)
		;
}

void die(const char *why)
{
	print("Bail out! %s\n", why);
	quit(2);
}

void die_of_exception(u32 pc, u32 status, u32 address)
{
	print("Bail out! exception at about %#x, DFSR %#x DFAR %#x\n", pc, status, address);
	quit(2);
}

/* The share of a full count that this run does, at least one */
u32 count(u32 full)
{
	u32 part = full * scale / 100;

	return part ? part : 1;
}

/* xorshift; the same sequence in every run, the timing differs anyway */
u32 random32(void)
{
	static u32 state = 2463534242u;

	state ^= state << 13;
	state ^= state >> 17;
	state ^= state << 5;
	return state;
}

static u32 ticks_per_us(void)
{
	u32 frequency;

	asm volatile("mrc p15, 0, %0, c14, c0, 0" : "=r"(frequency));
	return frequency / 1000000;
}

/* Wraps around after more than a minute: only differences count */
static u32 now(void)
{
	u32 low, high;

	asm volatile("isb\n\tmrrc p15, 0, %0, %1, c14" : "=r"(low), "=r"(high));
	return low;
}

void delay_us(u32 us)
{
	u32 start = now();

	while (now() - start < us * ticks_per_us())
		;
}

/* Let this CPU's virtual timer end a wfi. Interrupts stay masked and are never taken. */
void cpu_init(void)
{
	write32(GICD + GICD_CTLR, 1);
	write32(GICD + GICD_ISENABLER, BIT(TIMER_IRQ));
	write32(GICC + GICC_PMR, 0xff);
	write32(GICC + GICC_CTLR, 1);
}

static void nap(void)
{
	asm volatile("mcr p15, 0, %0, c14, c3, 0" :: "r"(NAP_US * ticks_per_us()));
	asm volatile("mcr p15, 0, %0, c14, c3, 1\n\tisb\n\twfi" :: "r"(1));
	asm volatile("mcr p15, 0, %0, c14, c3, 1\n\tisb" :: "r"(0));
}

/*
 * Between two looks of wait_for(): false when patience is at its end. On a busy host the other
 * side may need this CPU's share of the host to get on, so do not spin for long.
 */
static bool keep_waiting(u32 start)
{
	u32 waited = (now() - start) / ticks_per_us();

	if (waited > SPIN_US)
		nap();
	return waited < PATIENCE_US;
}

bool wait_for(u32 address, u32 mask, u32 value)
{
	u32 start = now();

	while ((read32(address) & mask) != value)
		if (!keep_waiting(start))
			return false;
	return true;
}

bool wait_for_change(u32 address, u32 old)
{
	u32 start = now();

	while (read32(address) == old)
		if (!keep_waiting(start))
			return false;
	return true;
}

void secondary_main(void)
{
	cpu_init();
	cpu1_work.function();
	asm volatile("dsb sy" ::: "memory");
	cpu1_work.busy = 0;
}

/* The SRC starts CPU 1 where GPR3 says; it has to have been off */
void cpu1_start(void (*function)(void))
{
	cpu1_work.function = function;
	cpu1_work.busy = 1;
	clear32(SRC_A7RCR1, A7_CORE1_ENABLE);
	delay_us(1000);
	write32(SRC_GPR3, (u32)_start);
	set32(SRC_A7RCR1, A7_CORE1_ENABLE);
}

bool cpu1_wait(void)
{
	/* It runs a storm: much longer than a single step may take */
	for (int i = 0; i < 10; i++)
		if (wait_for((u32)&cpu1_work.busy, ~0u, 0))
			return true;
	return false;
}

bool spi_pending(u32 spi)
{
	u32 irq = spi + 32;

	return read32(GICD + GICD_ISPENDR + irq / 32 * 4) & BIT(irq % 32);
}

/* To CPU 0, which polls the acknowledge register */
void spi_enable(u32 spi)
{
	u32 irq = spi + 32;

	set32(GICD + GICD_ITARGETSR + irq / 4 * 4, 1u << irq % 4 * 8);
	write32(GICD + GICD_ISENABLER + irq / 32 * 4, BIT(irq % 32));
}

void m4_load(void)
{
	m4_hold();
	for (u32 i = 0; i < (u32)(m4_image_end - m4_image); i += 4)
		write32(OCRAM_S + i, read32((u32)m4_image + i));
}

void m4_hold(void)
{
	write32(SRC_M4RCR, M4RCR_STOP);
}

u32 mailbox_read(u32 field)
{
	return read32(MAILBOX + field);
}

void mailbox_write(u32 field, u32 value)
{
	write32(MAILBOX + field, value);
}

/* Start the agent, which is in OCRAM_S already; true if it came up */
bool m4_start(void)
{
	u32 boots;

	m4_hold();
	mailbox_write(MAILBOX_SEQ, mailbox_read(MAILBOX_DONE));
	mailbox_write(MAILBOX_FAULTS, 0);
	mailbox_write(MAILBOX_IRQS, 0);
	mailbox_write(MAILBOX_ACK_ADDRESS, 0);
	mailbox_write(MAILBOX_READ_ADDRESS, 0);
	mailbox_write(MAILBOX_STAY, 0);
	boots = mailbox_read(MAILBOX_BOOTS);
	write32(SRC_M4RCR, M4RCR_START);
	return wait_for(MAILBOX + MAILBOX_BOOTS, ~0u, boots + 1) && m4_is_alive();
}

bool m4_is_alive(void)
{
	return wait_for_change(MAILBOX + MAILBOX_HEARTBEAT, mailbox_read(MAILBOX_HEARTBEAT));
}

bool m4_command(u32 command, u32 address, u32 value)
{
	u32 seq = mailbox_read(MAILBOX_SEQ) + 1;

	mailbox_write(MAILBOX_COMMAND, command);
	mailbox_write(MAILBOX_ADDRESS, address);
	mailbox_write(MAILBOX_VALUE, value);
	mailbox_write(MAILBOX_SEQ, seq);
	return wait_for(MAILBOX + MAILBOX_DONE, ~0u, seq);
}

bool m4_read(u32 address, u32 *value)
{
	bool good = m4_command(COMMAND_READ, address, 0);

	*value = mailbox_read(MAILBOX_VALUE);
	return good;
}

bool m4_write(u32 address, u32 value)
{
	return m4_command(COMMAND_WRITE, address, value);
}

void mu_reset(void)
{
	write32(MUA + MU_CR, MU_MUR);
}
