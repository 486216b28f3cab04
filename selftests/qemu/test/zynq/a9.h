/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The test program on CPU 0: registers, what the cases share, and the case list.
 *
 * Copyright (c) 2026 linux-amp developers
 */
#ifndef A9_H
#define A9_H

#include <stdbool.h>

#include "mailbox.h"

typedef unsigned int u32;

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))
#define BIT(n)		(1u << (n))

/* System level control registers */
#define SLCR_LOCK	0xf8000004
#define   LOCK_KEY	0x767b
#define SLCR_UNLOCK	0xf8000008
#define   UNLOCK_KEY	0xdf0d
#define SLCR_LOCKSTA	0xf800000c
#define PSS_RST_CTRL	0xf8000200
#define A9_CPU_RST_CTRL	0xf8000244
#define   A9_RST(n)	BIT(n)
#define   A9_CLKSTOP(n)	BIT(4 + (n))
#define REBOOT_STATUS	0xf8000258
#define   SLC_RST	BIT(19)
#define   POR		BIT(22)
#define   REBOOT_STATE	0xff000000u

/* What Linux writes to stop CPU 1, at once; it clears the bits one by one */
#define CPU1_STOP	(A9_RST(1) | A9_CLKSTOP(1))

/* Cortex-A9 MPCore; the CPU interface and the private timer are those of the CPU that accesses */
#define GICC_CTLR	0xf8f00100
#define GICC_PMR	0xf8f00104
#define GICC_IAR	0xf8f0010c
#define GICC_EOIR	0xf8f00110
#define GICC_RPR	0xf8f00114
#define GTIMER_COUNT	0xf8f00200
#define GTIMER_CTRL	0xf8f00208
#define PTIMER_LOAD	0xf8f00600
#define PTIMER_COUNT	0xf8f00604
#define PTIMER_CTRL	0xf8f00608
#define   PTIMER_ENABLE	BIT(0)
#define   PTIMER_RELOAD	BIT(1)
#define   PTIMER_IRQ_EN	BIT(2)
#define PTIMER_ISR	0xf8f0060c
#define PTIMER_IRQ	29
#define GICD_CTLR	0xf8f01000
#define GICD_ISENABLER	0xf8f01100
#define GICD_ICENABLER	0xf8f01180
#define GICD_ISPENDR	0xf8f01200
#define GICD_ISACTIVER	0xf8f01300
#define GICD_IPRIORITYR	0xf8f01400
#define GICD_SGIR	0xf8f01f00
#define   SGI_TO(cpus)	((cpus) << 16)
#define   SGI_TO_OTHERS	BIT(24)
#define   SGI_TO_SELF	BIT(25)
/* In the acknowledge register */
#define SGI_FROM(cpu)	((cpu) << 10)
#define SPURIOUS	1023

/* On-chip memory where the boot ROM leaves it */
#define OCM		0xfffc0000
#define OCM_SIZE	0x40000
#define DDR_END		0x20000000

/* What the command line of QEMU tells, with -device loader */
#define PARAM_CPUS	0x0f000000	/* number of CPUs */
#define PARAM_SCALE	0x0f000004	/* percentage of the counts */
#define PARAM_END	0x0f000008	/* if not 0, do nothing but reset the machine */

static inline u32 read32(u32 address)
{
	u32 value;

	/* Assembly, because the compiler takes an access to 0 for a mistake */
	asm volatile("ldr %0, [%1]" : "=r"(value) : "r"(address) : "memory");
	return value;
}

static inline void write32(u32 address, u32 value)
{
	asm volatile("str %0, [%1]\n\tdsb" :: "r"(value), "r"(address) : "memory");
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
void die_of_exception(u32 pc, u32 status, u32 address);

/* support.c */
extern u32 cpus, scale;
extern char agent_image[], agent_image_end[];

void *memset(void *to, int value, unsigned int size);
void *memcpy(void *to, const void *from, unsigned int size);
void print(const char *format, ...) __attribute__((format(printf, 1, 2)));
void die(const char *why) __attribute__((noreturn));
void quit(int status) __attribute__((noreturn));
void uart_init(void);
void cpu_init(void);
u32 count(u32 full);
u32 random32(void);
u32 now_us(void);
void delay_us(u32 us);
bool wait_for(u32 address, u32 mask, u32 value);
bool wait_for_change(u32 address, u32 old);
u32 sgi_poll(void);
void slcr_unlock(void);
void reset_machine(void) __attribute__((noreturn));

void trampoline(u32 target);
void agent_load(void);
void cpu1_hold(void);
void cpu1_release(void);
bool cpu1_start(void);
bool cpu1_is_alive(void);
bool cpu1_is_still(void);
u32 mailbox_read(u32 field);
void mailbox_write(u32 field, u32 value);
void cpu1_tell(u32 command, u32 address, u32 value);
bool cpu1_command(u32 command, u32 address, u32 value);
bool cpu1_read(u32 address, u32 *value);
bool cpu1_write(u32 address, u32 value);
bool cpu1_irq_init(void);
u32 stage_get(void);
void reset_ordered(void);

/*
 * Cases. A check that fails is reported and ends the case, so that what follows from it does not
 * hide it.
 */
struct test_case {
	const char *name;
	u32 cpus;		/* needs that many */
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

/* cases_core.c */
void test_reset_values(void);
void test_lock(void);
void test_memories(void);
void test_lone_cpu(void);
void test_parked(void);
void test_entry(void);
void test_trampoline(void);
void test_restart(void);
void test_restart_sleeping(void);
void test_pulse(void);
void test_freeze(void);
void test_freeze_sleeping(void);
void test_hold_itself(void);
void test_storm(void);
void test_stop_is_immediate(void);
void test_freeze_cpu0(void);
void test_reset_cpu0(void);
void test_machine_reset(void);

/* cases_mmu.c */
void test_flush(void);

/* cases_irq.c */
void test_sgi_to_cpu1(void);
void test_sgi_to_cpu0(void);
void test_sgi_filters(void);
void test_sgi_ping_pong(void);
void test_sgi_kept(void);
void test_gic_survives(void);
void test_restart_in_handler(void);
void test_private_timer(void);

#endif
