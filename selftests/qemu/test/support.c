// SPDX-License-Identifier: GPL-2.0-only
/*
 * The test program on the APU: console, time, secondary CPUs, and the ways to handle an R5.
 *
 * Copyright (c) 2026 linux-amp developers
 */
#include <stdarg.h>

#include "apu.h"

#define UART_SR			0xff00002cul
#define   UART_TXFULL		BIT(4)
#define UART_FIFO		0xff000030ul

#define RVBAR(cpu)		(0xfd5c0040ul + 8 * (cpu))
#define RST_FPD_APU		0xfd1a0104ul
#define   RST_ACPU(cpu)		BIT(cpu)
#define   RST_ACPU_POR(cpu)	(BIT(10) << (cpu))

#define SYS_EXIT_EXTENDED	0x20
#define ADP_STOPPED_APPLICATION	0x20026

/* Longer than anything here takes, shorter than the patience of run.sh */
#define PATIENCE_US		5000000
#define SPIN_US			20
#define NAP_US			50
#define TIMER_IRQ		30

#define CPUS			4

u32 cores, scale;

static struct {
	void (*function)(u32 argument);
	u32 argument;
	u32 busy;
} volatile cpu_work[CPUS];

static u32 lock_word;

/* GCC makes calls of these out of loops and initialisers */
void *memset(void *to, int value, unsigned long size)
{
	volatile char *p = to;

	while (size--)
		*p++ = value;
	return to;
}

void *memcpy(void *to, const void *from, unsigned long size)
{
	const char *s = from;
	volatile char *p = to;

	while (size--)
		*p++ = *s++;
	return to;
}

static void put(char c)
{
	while (read32(UART_SR) & UART_TXFULL)
		;
	write32(UART_FIFO, c);
}

static void put_string(const char *s)
{
	while (*s)
		put(*s++);
}

static void put_number(u64 value, u32 base)
{
	char digits[24], *p = &digits[sizeof(digits) - 1];

	*p = 0;
	do {
		*--p = "0123456789abcdef"[value % base];
		value /= base;
	} while (value);
	put_string(p);
}

/* Knows %s, %u, %x and %lx; a '#' is printed as "0x" */
void print(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	for (; *format; format++) {
		bool is_long = false;

		if (*format != '%') {
			put(*format);
			continue;
		}
		if (*++format == '#') {
			put_string("0x");
			format++;
		}
		if (*format == 'l') {
			is_long = true;
			format++;
		}
		if (*format == 's')
			put_string(va_arg(args, const char *));
		else
			put_number(is_long ? va_arg(args, u64) : va_arg(args, u32),
				   *format == 'x' ? 16 : 10);
	}
	va_end(args);
}

void quit(int status)
{
	u64 block[2] = { ADP_STOPPED_APPLICATION, status };

	semihosting(SYS_EXIT_EXTENDED, block);
	for (;;)
		;
}

void die(const char *why)
{
	print("Bail out! %s\n", why);
	quit(2);
}

void die_of_exception(u64 syndrome, u64 pc, u64 address)
{
	print("Bail out! exception, ESR %#lx ELR %#lx FAR %#lx\n", syndrome, pc, address);
	quit(2);
}

/* The share of a full count that this run does, at least one */
u32 count(u32 full)
{
	u32 part = (u64)full * scale / 100;

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

static u64 now_us(void)
{
	u64 ticks, frequency;

	asm volatile("isb; mrs %0, cntpct_el0" : "=r"(ticks));
	asm volatile("mrs %0, cntfrq_el0" : "=r"(frequency));
	return ticks / (frequency / 1000000);
}

void delay_us(u32 us)
{
	u64 start = now_us();

	while (now_us() - start < us)
		;
}

/* Let this CPU's physical timer end a wfi. Interrupts stay masked and are never taken. */
void cpu_init(void)
{
	write32(GICD + GICD_CTLR, 1);
	clear32(GICD + GICD_IGROUPR, BIT(TIMER_IRQ));
	write32(GICD + GICD_ISENABLER, BIT(TIMER_IRQ));
	write32(GICC + GICC_PMR, 0xff);
	write32(GICC + GICC_CTLR, 1);
}

static void nap(void)
{
	u64 frequency;

	asm volatile("mrs %0, cntfrq_el0" : "=r"(frequency));
	asm volatile("msr cntp_tval_el0, %0" :: "r"(frequency / 1000000 * NAP_US));
	asm volatile("msr cntp_ctl_el0, %0; isb; wfi" :: "r"(1ul));
	asm volatile("msr cntp_ctl_el0, xzr; isb");
}

/*
 * Between two looks of wait_for(): false when patience is at its end. On a busy host the other
 * side may need this CPU's share of the host to get on, so do not spin for long.
 */
static bool keep_waiting(u64 start)
{
	u64 waited = now_us() - start;

	if (waited > SPIN_US)
		nap();
	return waited < PATIENCE_US;
}

bool wait_for(u64 address, u32 mask, u32 value)
{
	u64 start = now_us();

	while ((read32(address) & mask) != value)
		if (!keep_waiting(start))
			return false;
	return true;
}

bool wait_for_change(u64 address, u32 old)
{
	u64 start = now_us();

	while (read32(address) == old)
		if (!keep_waiting(start))
			return false;
	return true;
}

/* Is there memory? What nothing answers reads as 0 on this board. Clobbers the word. */
bool is_memory(u64 address)
{
	write32(address, 0xa5a5a5a5);
	return read32(address) == 0xa5a5a5a5;
}

void secondary_main(u32 cpu)
{
	cpu_init();
	cpu_work[cpu].function(cpu_work[cpu].argument);
	asm volatile("dsb sy" ::: "memory");
	cpu_work[cpu].busy = 0;
}

void cpu_start(u32 cpu, void (*function)(u32 argument), u32 argument)
{
	cpu_work[cpu].function = function;
	cpu_work[cpu].argument = argument;
	cpu_work[cpu].busy = 1;
	write32(RVBAR(cpu), (u64)_start);
	write32(RVBAR(cpu) + 4, 0);
	set32(RST_FPD_APU, RST_ACPU(cpu));
	clear32(RST_FPD_APU, RST_ACPU(cpu) | RST_ACPU_POR(cpu));
}

bool cpu_wait(u32 cpu)
{
	/* It runs a storm: much longer than a single step may take */
	for (int i = 0; i < 10; i++)
		if (wait_for((u64)&cpu_work[cpu].busy, ~0u, 0))
			return true;
	return false;
}

/* The registers that both cores have bits in are changed under this lock */
void rpu_lock(void)
{
	while (__atomic_exchange_n(&lock_word, 1, __ATOMIC_ACQUIRE))
		;
}

void rpu_unlock(void)
{
	__atomic_store_n(&lock_word, 0, __ATOMIC_RELEASE);
}

void copy_r5_image(u64 to)
{
	for (u64 i = 0; i < (u64)(r5_image_end - r5_image); i += 4)
		write32(to + i, read32((u64)r5_image + i));
}

u64 atcm_of(u32 core)
{
	return core ? ATCM1 : ATCM0;
}

/* Both cores in reset, the rest of the RPU out of reset, RPU_GLBL_CNTL = @mode */
void rpu_power_on(u32 mode)
{
	set32(RST_LPD_TOP, RST_R5(0) | RST_R5(1));
	write32(RPU_GLBL_CNTL, mode);
	write32(RPU_CFG(0), 0);
	write32(RPU_CFG(1), 0);
	clear32(RST_LPD_TOP, RST_AMBA | RST_PGE);
}

void r5_hold(u32 core)
{
	rpu_lock();
	set32(RST_LPD_TOP, RST_R5(core));
	rpu_unlock();
}

u32 mailbox_read(u32 core, u32 field)
{
	return read32(MAILBOX_BASE + core * MAILBOX_SIZE + field);
}

void mailbox_write(u32 core, u32 field, u32 value)
{
	write32(MAILBOX_BASE + core * MAILBOX_SIZE + field, value);
}

/* Start the agent, which is in the core's ATCM already; true if it came up */
bool r5_start(u32 core)
{
	u32 boots;

	r5_hold(core);
	mailbox_write(core, MAILBOX_SEQ, mailbox_read(core, MAILBOX_DONE));
	mailbox_write(core, MAILBOX_ACK_ADDRESS, 0);
	mailbox_write(core, MAILBOX_KEEP_ACTIVE, 0);
	mailbox_write(core, MAILBOX_IRQS, 0);
	boots = mailbox_read(core, MAILBOX_BOOTS);
	set32(RPU_CFG(core), NCPUHALT);
	rpu_lock();
	clear32(RST_LPD_TOP, RST_R5(core));
	rpu_unlock();
	return wait_for(MAILBOX_BASE + core * MAILBOX_SIZE + MAILBOX_BOOTS, ~0u, boots + 1) &&
	       r5_is_alive(core);
}

bool r5_is_alive(u32 core)
{
	return wait_for_change(MAILBOX_BASE + core * MAILBOX_SIZE + MAILBOX_HEARTBEAT,
			       mailbox_read(core, MAILBOX_HEARTBEAT));
}

bool r5_command(u32 core, u32 command, u32 address, u32 value)
{
	u32 seq = mailbox_read(core, MAILBOX_SEQ) + 1;

	mailbox_write(core, MAILBOX_COMMAND, command);
	mailbox_write(core, MAILBOX_ADDRESS, address);
	mailbox_write(core, MAILBOX_VALUE, value);
	mailbox_write(core, MAILBOX_SEQ, seq);
	return wait_for(MAILBOX_BASE + core * MAILBOX_SIZE + MAILBOX_DONE, ~0u, seq);
}

bool r5_read(u32 core, u32 address, u32 *value)
{
	bool good = r5_command(core, COMMAND_READ, address, 0);

	*value = mailbox_read(core, MAILBOX_VALUE);
	return good;
}

bool r5_write(u32 core, u32 address, u32 value)
{
	return r5_command(core, COMMAND_WRITE, address, value);
}

/* Let a core take a shared interrupt; its handler silences the source at @ack_address */
void r5_enable_spi(u32 core, u32 spi, u64 ack_address, u32 ack_value)
{
	u32 irq = spi + 32, shift = irq % 4 * 8, targets;

	mailbox_write(core, MAILBOX_ACK_VALUE, ack_value);
	mailbox_write(core, MAILBOX_ACK_ADDRESS, ack_address);
	r5_write(core, RPU_GICD + GICD_CTLR, 1);
	r5_read(core, RPU_GICD + GICD_ITARGETSR + irq / 4 * 4, &targets);
	r5_write(core, RPU_GICD + GICD_ITARGETSR + irq / 4 * 4,
		 targets | BIT(core) << shift);
	r5_write(core, RPU_GICD + GICD_ISENABLER + irq / 32 * 4, BIT(irq % 32));
	r5_write(core, RPU_GICC + GICC_PMR, 0xff);
	r5_write(core, RPU_GICC + GICC_CTLR, 1);
	r5_command(core, COMMAND_ENABLE_IRQ, 0, 0);
}

void ipi_reset_all(void)
{
	for (int i = 0; i < IPI_AGENTS; i++) {
		write32(ipi_agents[i].base + IPI_IDR, IPI_ALL);
		write32(ipi_agents[i].base + IPI_ISR, IPI_ALL);
	}
}
