/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The test program on the APU: registers, what the cases share, and the case list.
 *
 * Copyright (c) 2026 linux-amp developers
 */
#ifndef APU_H
#define APU_H

#include <stdbool.h>
#include <stdint.h>

#include "mailbox.h"

typedef uint32_t u32;
typedef uint64_t u64;

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))
#define BIT(n)		(1u << (n))

/* UG1087, module RPU */
#define RPU_GLBL_CNTL	0xff9a0000ul
#define   SLSPLIT	BIT(3)
#define   SLCLAMP	BIT(4)
#define   TCM_COMB	BIT(6)
#define RPU_CFG(core)	(0xff9a0100ul + 0x100 * (core))
#define   NCPUHALT	BIT(0)
#define   VINITHI	BIT(2)
#define RPU_STATUS(core) (0xff9a0104ul + 0x100 * (core))
#define   NWFIPIPESTOPPED BIT(2)
#define RPU_IMR(core)	(0xff9a0118ul + 0x100 * (core))
#define RPU_IEN(core)	(0xff9a011cul + 0x100 * (core))
#define RPU_IDS(core)	(0xff9a0120ul + 0x100 * (core))

/* UG1087, module CRL_APB */
#define RESET_CTRL	0xff5e0218ul
#define   SOFT_RESET	BIT(4)
#define RESET_REASON	0xff5e0220ul
#define   REASON_POR	BIT(0)
#define   REASON_SOFT	BIT(5)
#define RST_LPD_TOP	0xff5e023cul
#define   RST_R5(core)	BIT(core)
#define   RST_AMBA	BIT(2)
#define   RST_PGE	BIT(4)
#define   RST_IPI	BIT(14)
#define RST_LPD_TOP_AT_RESET 0x00188fdfu

/* UG1087, module IPI */
#define IPI_TRIG	0x00
#define IPI_OBS		0x04
#define IPI_ISR		0x10
#define IPI_IMR		0x14
#define IPI_IER		0x18
#define IPI_IDR		0x1c
#define IPI_ALL		0x0f0f0301u
#define IPI_BUFFERS	0xff990000ul
#define IPI_AGENTS	11
enum { APU, RPU0, RPU1, PMU0, PMU1, PMU2, PMU3, PL0, PL1, PL2, PL3 };

struct ipi_agent {
	const char *name;
	u64 base;
	int bit;
	int spi;	/* -1: goes to no GIC */
};

extern const struct ipi_agent ipi_agents[IPI_AGENTS];

/* The APU's interrupt controller, and the RPU's as a core sees it */
#define GICD		0xf9010000ul
#define GICC		0xf9020000ul
#define RPU_GICD	0xf9000000ul
#define RPU_GICC	0xf9001000ul
#define GICD_CTLR	0x000
#define GICD_TYPER	0x004
#define GICD_IGROUPR	0x080
#define GICD_ISENABLER	0x100
#define GICD_ICENABLER	0x180
#define GICD_ISPENDR	0x200
#define GICD_ICPENDR	0x280
#define GICD_ISACTIVER	0x300
#define GICD_IPRIORITYR	0x400
#define GICD_ITARGETSR	0x800
#define GICD_ICFGR	0xc00
#define GICD_SGIR	0xf00
#define GICC_CTLR	0x000
#define GICC_PMR	0x004
#define GICC_IAR	0x00c
#define GICC_EOIR	0x010
#define GICC_RPR	0x014
#define SPURIOUS	1023

/* System addresses of the tightly coupled memories, split and combined */
#define TCM_SIZE	0x10000
#define ATCM0		0xffe00000ul
#define BTCM0		0xffe20000ul
#define ATCM1		0xffe90000ul
#define BTCM1		0xffeb0000ul
#define ATCM1_COMBINED	0xffe10000ul
#define BTCM1_COMBINED	0xffe30000ul
#define HIVECS		0xffff0000ul

/* What the command line of QEMU tells, with -device loader */
#define PARAM_CORES	0x0f000000ul	/* number of R5s */
#define PARAM_SCALE	0x0f000004ul	/* percentage of the counts */

static inline u32 read32(u64 address)
{
	return *(volatile u32 *)address;
}

static inline void write32(u64 address, u32 value)
{
	*(volatile u32 *)address = value;
	asm volatile("dsb sy" ::: "memory");
}

static inline void set32(u64 address, u32 mask)
{
	write32(address, read32(address) | mask);
}

static inline void clear32(u64 address, u32 mask)
{
	write32(address, read32(address) & ~mask);
}

/* start.S, and what it calls */
void _start(void);
long semihosting(u64 operation, void *block);
int main(void);
void secondary_main(u32 cpu);
void die_of_exception(u64 syndrome, u64 pc, u64 address);

/* support.c */
extern u32 cores, scale;
extern char r5_image[], r5_image_end[];

void *memset(void *to, int value, unsigned long size);
void *memcpy(void *to, const void *from, unsigned long size);
void print(const char *format, ...) __attribute__((format(printf, 1, 2)));
void die(const char *why) __attribute__((noreturn));
void quit(int status) __attribute__((noreturn));
u32 count(u32 full);
u32 random32(void);
void cpu_init(void);
void delay_us(u32 us);
bool wait_for(u64 address, u32 mask, u32 value);
bool wait_for_change(u64 address, u32 old);
bool is_memory(u64 address);
void cpu_start(u32 cpu, void (*function)(u32 argument), u32 argument);
bool cpu_wait(u32 cpu);

void copy_r5_image(u64 to);
u64 atcm_of(u32 core);
void rpu_lock(void);
void rpu_unlock(void);
void rpu_power_on(u32 mode);
void r5_hold(u32 core);
bool r5_start(u32 core);
bool r5_is_alive(u32 core);
u32 mailbox_read(u32 core, u32 field);
void mailbox_write(u32 core, u32 field, u32 value);
bool r5_command(u32 core, u32 command, u32 address, u32 value);
bool r5_read(u32 core, u32 address, u32 *value);
bool r5_write(u32 core, u32 address, u32 value);
void r5_enable_spi(u32 core, u32 spi, u64 ack_address, u32 ack_value);
void ipi_reset_all(void);
u64 stage_get(void);
void reset_ordered(void);

/*
 * Cases. A check that fails is reported and ends the case, so that what follows from it does not
 * hide it.
 */
struct test_case {
	const char *name;
	u32 cores;		/* needs that many */
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
	u64 left_ = (left), right_ = (right);				\
	if (left_ != right_) {							\
		print("    # %s:%u: %s is %#lx, expected %#lx\n", __FILE__,	\
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
void test_storage(void);
void test_tcm_split(void);
void test_tcm_combined(void);
void test_views(void);
void test_vinithi(void);
void test_lockstep(void);
void test_power(void);
void test_halt(void);
void test_restart(void);
void test_storm(void);
void test_storm_parallel(void);
void test_stop_is_immediate(void);
void test_restart_sleeping(void);
void test_ipi_fabric(void);
void test_ipi_reset(void);
void test_ipi_buffers(void);
void test_ipi_to_rpu(void);
void test_ipi_to_apu(void);
void test_spi_both(void);
void test_gic_active(void);
void test_gic_pending(void);
void test_gic_other_core(void);
void test_machine_reset(void);

#endif
