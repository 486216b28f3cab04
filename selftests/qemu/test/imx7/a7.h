/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The test program on the A7s: registers, what the cases share, and the case list.
 *
 * Copyright (c) 2026 linux-amp developers
 */
#ifndef A7_H
#define A7_H

#include <stdbool.h>

#include "mailbox.h"

typedef unsigned int u32;

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))
#define BIT(n)		(1u << (n))

/* System reset controller */
#define SRC_A7RCR1	0x30390008
#define   A7_CORE1_ENABLE BIT(1)
#define SRC_M4RCR	0x3039000c
#define   M4C_NON_SCLR_RST BIT(0)
#define   M4C_RST	BIT(1)
#define   M4P_RST	BIT(2)
#define   ENABLE_M4	BIT(3)
#define   M4RCR_AT_RESET 0xab
#define SRC_GPR3	0x3039007c

/* What Linux' imx_rproc writes; the upper half is the watchdog's and stays */
#define M4RCR_START	(0xa0 | ENABLE_M4 | M4P_RST | M4C_RST)
#define M4RCR_STOP	(0xa0 | ENABLE_M4 | M4C_RST | M4C_NON_SCLR_RST)

/* Messaging unit */
#define MUA		0x30aa0000
#define MUB		0x30ab0000
#define MU_TR(n)	(0x00 + 4 * (n))
#define MU_RR(n)	(0x10 + 4 * (n))
#define MU_SR		0x20
#define   MU_GIP(n)	(BIT(31) >> (n))
#define   MU_RF(n)	(BIT(27) >> (n))
#define   MU_TE(n)	(BIT(23) >> (n))
#define   MU_TE_ALL	0x00f00000u
#define MU_CR		0x24
#define   MU_GIE(n)	(BIT(31) >> (n))
#define   MU_RIE(n)	(BIT(27) >> (n))
#define   MU_TIE(n)	(BIT(23) >> (n))
#define   MU_GIR(n)	(BIT(19) >> (n))
#define   MU_MUR	BIT(5)
/* The same once more, as an i.MX 7ULP has it */
#define MU_ULP		0x1000
#define MU_ULP_TR(n)	(MU_ULP + 0x20 + 4 * (n))
#define MU_ULP_RR(n)	(MU_ULP + 0x40 + 4 * (n))
#define MU_ULP_SR	(MU_ULP + 0x60)
#define MU_ULP_CR	(MU_ULP + 0x64)
#define MUA_IRQ		88
#define MUB_IRQ		97

#define GICD		0x31001000
#define GICC		0x31002000
#define GICD_CTLR	0x000
#define GICD_ISENABLER	0x100
#define GICD_ICENABLER	0x180
#define GICD_ISPENDR	0x200
#define GICD_ITARGETSR	0x800
#define GICC_CTLR	0x000
#define GICC_PMR	0x004
#define GICC_IAR	0x00c
#define GICC_EOIR	0x010
#define SPURIOUS	1023

/* In the M4's private space */
#define SYST_CSR	0xe000e010
#define SYST_RVR	0xe000e014
#define SYST_CVR	0xe000e018
#define NVIC_ISER	0xe000e100
#define NVIC_ICER	0xe000e180
#define NVIC_ISPR	0xe000e200
#define NVIC_IPR	0xe000e400
#define CPUID		0xe000ed00
#define VTOR		0xe000ed08
#define AIRCR		0xe000ed0c
#define   SYSRESETREQ	0x05fa0004
#define CPACR		0xe000ed88

#define WDOG1_WCR	0x30280000

/* System addresses; the M4 boots from OCRAM_S */
#define OCRAM_S		0x00180000
#define OCRAM_S_SIZE	0x8000
#define TCML		0x007f8000
#define TCMU		0x00800000

/* What the command line of QEMU tells, with -device loader */
#define PARAM_M4	0x8f000000	/* whether there is an M4 */
#define PARAM_SCALE	0x8f000004	/* percentage of the counts */
#define PARAM_A7S	0x8f000008	/* number of A7s */

static inline u32 read32(u32 address)
{
	return *(volatile u32 *)address;
}

static inline void write32(u32 address, u32 value)
{
	*(volatile u32 *)address = value;
	asm volatile("dsb sy" ::: "memory");
}

static inline void write16(u32 address, unsigned short value)
{
	*(volatile unsigned short *)address = value;
	asm volatile("dsb sy" ::: "memory");
}

static inline void set32(u32 address, u32 mask)
{
	write32(address, read32(address) | mask);
}

static inline void clear32(u32 address, u32 mask)
{
	write32(address, read32(address) & ~mask);
}

/* start.S, and what it calls */
void _start(void);
long semihosting(u32 operation, void *block);
int main(void);
void secondary_main(void);
void die_of_exception(u32 pc, u32 status, u32 address);

/* support.c */
extern u32 a7s, m4s, scale;
extern char m4_image[], m4_image_end[];

void *memset(void *to, int value, unsigned int size);
void *memcpy(void *to, const void *from, unsigned int size);
void print(const char *format, ...) __attribute__((format(printf, 1, 2)));
void die(const char *why) __attribute__((noreturn));
void quit(int status) __attribute__((noreturn));
void uart_init(void);
u32 count(u32 full);
u32 random32(void);
void delay_us(u32 us);
bool wait_for(u32 address, u32 mask, u32 value);
bool wait_for_change(u32 address, u32 old);
void cpu_init(void);
void cpu1_start(void (*function)(void));
bool cpu1_wait(void);
bool spi_pending(u32 spi);
void spi_enable(u32 spi);

void m4_load(void);
void m4_hold(void);
bool m4_start(void);
bool m4_is_alive(void);
u32 mailbox_read(u32 field);
void mailbox_write(u32 field, u32 value);
bool m4_command(u32 command, u32 address, u32 value);
bool m4_read(u32 address, u32 *value);
bool m4_write(u32 address, u32 value);
void mu_reset(void);
u32 stage_get(void);
void reset_ordered(void);

/*
 * Cases. A check that fails is reported and ends the case, so that what follows from it does not
 * hide it.
 */
struct test_case {
	const char *name;
	u32 m4s, a7s;		/* needs that many */
	void (*run)(void);
};

extern bool case_failed;

#define CHECK(condition) do {							\
	if (!(condition)) {							\
		print("    # %s:%u: %s\n", __FILE__, __LINE__, #condition);	\
		case_failed = true;						\
		return;								\
	}									\
} while (0)

#define CHECK_EQ(left, right) do {						\
	u32 left_ = (left), right_ = (right);				\
	if (left_ != right_) {							\
		print("    # %s:%u: %s is %#x, expected %#x\n", __FILE__,	\
		      __LINE__, #left, left_, right_);				\
		case_failed = true;						\
		return;								\
	}									\
} while (0)

/* Repeat a step that checks, until the first failure */
#define CHECK_STEP(step) do {							\
	step;									\
	if (case_failed)							\
		return;								\
} while (0)

void test_reset_values(void);
void test_memories(void);
void test_mu_words(void);
void test_mu_doorbells(void);
void test_mu_flags(void);
void test_mu_interrupts(void);
void test_mu_ulp(void);
void test_mu_reset(void);
void test_mu_to_m4(void);
void test_mu_to_a7(void);
void test_irq_shared(void);
void test_irq_survives_reset(void);

void test_views(void);
void test_boot_vector(void);
void test_core(void);
void test_restart(void);
void test_restart_sleeping(void);
void test_restart_in_handler(void);
void test_pulse(void);
void test_sysresetreq(void);
void test_hold_itself(void);
void test_storm(void);
void test_storm_parallel(void);
void test_stop_is_immediate(void);
void test_systick(void);
void test_lockup(void);
void test_machine_reset(void);

#endif
