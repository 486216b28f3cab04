// SPDX-License-Identifier: GPL-2.0-only
/*
 * The test program on CPU 0: console, time, and the ways to handle CPU 1.
 *
 * Copyright (c) 2026 linux-amp developers
 */
#include <stdarg.h>

#include "a9.h"

#define UART0_CR		0xe0000000
#define   UART_TX_RX_ON		0x14
#define UART0_SR		0xe000002c
#define   UART_TXFULL		BIT(4)
#define UART0_FIFO		0xe0000030

#define SYS_EXIT_EXTENDED	0x20
#define ADP_STOPPED_APPLICATION	0x20026

/* Longer than anything here takes, shorter than the patience of run.sh */
#define PATIENCE_US		5000000
#define SPIN_US			20
#define NAP_US			50
#define TICKS_PER_US		100

u32 cpus, scale;

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
	write32(UART0_CR, UART_TX_RX_ON);
}

static void put(char c)
{
	while (read32(UART0_SR) & UART_TXFULL)
		;
	write32(UART0_FIFO, c);
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

/* Wraps around after 42 seconds: only differences count */
static u32 now(void)
{
	return read32(GTIMER_COUNT);
}

void delay_us(u32 us)
{
	u32 start = now();

	while (now() - start < us * TICKS_PER_US)
		;
}

/* The private timer is to end a wfi. Interrupts stay masked and are never taken. */
void cpu_init(void)
{
	write32(GTIMER_CTRL, 1);
	write32(GICD_CTLR, 1);
	write32(GICD_ISENABLER, BIT(PTIMER_IRQ));
	write32(GICC_PMR, 0xff);
	write32(GICC_CTLR, 1);
}

static void nap(void)
{
	write32(PTIMER_LOAD, NAP_US * TICKS_PER_US);
	write32(PTIMER_CTRL, PTIMER_ENABLE | PTIMER_IRQ_EN);
	asm volatile("wfi");
	write32(PTIMER_CTRL, 0);
	write32(PTIMER_ISR, 1);
}

/*
 * Between two looks of wait_for(): false when patience is at its end. On a busy host the other
 * side may need this CPU's share of the host to get on, so do not spin for long.
 */
static bool keep_waiting(u32 start)
{
	u32 waited = (now() - start) / TICKS_PER_US;

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

/* Wait for an interrupt, acknowledge and end it; what the acknowledge register said */
u32 sgi_poll(void)
{
	u32 start = now(), ack;

	while ((ack = read32(GICC_IAR)) == SPURIOUS)
		if (!keep_waiting(start))
			return SPURIOUS;
	write32(GICC_EOIR, ack);
	return ack;
}

void slcr_unlock(void)
{
	write32(SLCR_UNLOCK, UNLOCK_KEY);
}

void reset_machine(void)
{
	reset_ordered();
	slcr_unlock();
	write32(PSS_RST_CTRL, 1);
	delay_us(1000000);
	die("the machine does not reset");
}

/* What Linux writes to 0: load the word behind into r0, jump there */
void trampoline(u32 target)
{
	write32(0, 0xe59f0000);
	write32(4, 0xe12fff10);
	write32(8, target);
}

void agent_load(void)
{
	slcr_unlock();
	cpu1_hold();
	for (u32 i = 0; i < (u32)(agent_image_end - agent_image); i += 4)
		write32(AGENT + i, read32((u32)agent_image + i));
	trampoline(AGENT);
}

void cpu1_hold(void)
{
	set32(A9_CPU_RST_CTRL, CPU1_STOP);
}

void cpu1_release(void)
{
	clear32(A9_CPU_RST_CTRL, A9_RST(1));
	clear32(A9_CPU_RST_CTRL, A9_CLKSTOP(1));
}

u32 mailbox_read(u32 field)
{
	return read32(MAILBOX + field);
}

void mailbox_write(u32 field, u32 value)
{
	write32(MAILBOX + field, value);
}

/* Start the agent, which is in memory already; true if it came up */
bool cpu1_start(void)
{
	u32 boots;

	cpu1_hold();
	mailbox_write(MAILBOX_SEQ, mailbox_read(MAILBOX_DONE));
	mailbox_write(MAILBOX_IRQS, 0);
	mailbox_write(MAILBOX_ACK_ADDRESS, 0);
	mailbox_write(MAILBOX_STAY, 0);
	boots = mailbox_read(MAILBOX_BOOTS);
	cpu1_release();
	return wait_for(MAILBOX + MAILBOX_BOOTS, ~0u, boots + 1) && cpu1_is_alive();
}

bool cpu1_is_alive(void)
{
	return wait_for_change(MAILBOX + MAILBOX_HEARTBEAT, mailbox_read(MAILBOX_HEARTBEAT));
}

bool cpu1_is_still(void)
{
	u32 heartbeat = mailbox_read(MAILBOX_HEARTBEAT), boots = mailbox_read(MAILBOX_BOOTS);

	delay_us(500);
	return mailbox_read(MAILBOX_HEARTBEAT) == heartbeat && mailbox_read(MAILBOX_BOOTS) == boots;
}

/* Without waiting for the answer */
void cpu1_tell(u32 command, u32 address, u32 value)
{
	mailbox_write(MAILBOX_COMMAND, command);
	mailbox_write(MAILBOX_ADDRESS, address);
	mailbox_write(MAILBOX_VALUE, value);
	mailbox_write(MAILBOX_SEQ, mailbox_read(MAILBOX_SEQ) + 1);
}

bool cpu1_command(u32 command, u32 address, u32 value)
{
	cpu1_tell(command, address, value);
	return wait_for(MAILBOX + MAILBOX_DONE, ~0u, mailbox_read(MAILBOX_SEQ));
}

bool cpu1_read(u32 address, u32 *value)
{
	bool good = cpu1_command(COMMAND_READ, address, 0);

	*value = mailbox_read(MAILBOX_VALUE);
	return good;
}

bool cpu1_write(u32 address, u32 value)
{
	return cpu1_command(COMMAND_WRITE, address, value);
}

/* CPU 1's own interface of the interrupt controller, and no interrupt but SGIs */
bool cpu1_irq_init(void)
{
	return cpu1_write(GICD_ICENABLER, 0xffff0000) && cpu1_write(GICC_PMR, 0xff) &&
	       cpu1_write(GICC_CTLR, 1);
}
