// SPDX-License-Identifier: GPL-2.0-only
/*
 * PSCI 1.1 for the four A53s: cores on and off, machine off and reset.  No suspend.
 *
 * A core starts through its reset line once.  CPU_OFF then parks it in EL3 instead of putting it
 * back into reset: a core that resets itself races with another core that wants it on.
 *
 * Copyright (c) 2026 linux-amp developers
 */
#include "monitor.h"

#define PSCI_VERSION		0x84000000U
#define PSCI_CPU_OFF		0x84000002U
#define PSCI_CPU_ON		0x84000003U
#define PSCI_AFFINITY_INFO	0x84000004U
#define PSCI_MIGRATE_INFO_TYPE	0x84000006U
#define PSCI_SYSTEM_OFF		0x84000008U
#define PSCI_SYSTEM_RESET	0x84000009U
#define PSCI_FEATURES		0x8400000aU
#define SMC64			0x40000000U
#define SMCCC_VERSION		0x80000000U

#define PSCI_SUCCESS		0
#define PSCI_NOT_SUPPORTED	(-1)
#define PSCI_INVALID_PARAMS	(-2)
#define PSCI_ALREADY_ON		(-4)
#define PSCI_ON_PENDING		(-5)
#define PSCI_INVALID_ADDRESS	(-9)

#define MIGRATE_NOT_NEEDED	2

#define MPIDR_AFFINITY		0xff00ffffffUL

#define APU_RVBAR(cpu)		(0xfd5c0040UL + 8 * (cpu))
#define RST_ACPU(cpu)		BIT(cpu)
#define RST_ACPU_PWRON(cpu)	BIT(10 + (cpu))

/* The values are those of AFFINITY_INFO */
enum cpu_state {
	CPU_IS_ON,
	CPU_IS_OFF,
	CPU_IS_PENDING,
};

/**
 * struct cpu - what PSCI knows about a core
 * @state:  as AFFINITY_INFO reports it
 * @parked: the core has been on before and now waits in EL3
 * @pc:     where it goes when it comes on
 * @x0:     context identifier it finds there
 *
 * Written under psci_lock; a pending core reads its own entry without it.
 */
struct cpu {
	u32 state;
	u32 parked;
	u64 pc;
	u64 x0;
};

static struct cpu cpus[NR_CORES] = {
	{ .state = CPU_IS_OFF }, { .state = CPU_IS_OFF },
	{ .state = CPU_IS_OFF }, { .state = CPU_IS_OFF },
};

/* Protects cpus[] and the reset register */
static struct bakery_lock psci_lock;

/**
 * psci_boot_cpu_is_on() - record that the boot core goes on to Linux
 *
 * Context: boot core, once.
 */
void psci_boot_cpu_is_on(void)
{
	cpus[this_cpu()].state = CPU_IS_ON;
}

/**
 * psci_secondary_entry() - fetch what CPU_ON asked this core to do
 * @entry: filled with address and argument
 *
 * Context: a core that has just been started.
 */
void psci_secondary_entry(struct entry *entry)
{
	struct cpu *cpu = &cpus[this_cpu()];

	entry->pc = cpu->pc;
	entry->x0 = cpu->x0;
	dsb();
	WRITE_ONCE(cpu->state, CPU_IS_ON);
}

static void release_from_reset(u32 n)
{
	u64 entry = (u64)warm_entry;
	u32 reset = mmio_read(CRF_RST_FPD_APU);

	mmio_write(APU_RVBAR(n), (u32)entry);
	mmio_write(APU_RVBAR(n) + 4, entry >> 32);
	reset &= ~RST_ACPU_PWRON(n);
	mmio_write(CRF_RST_FPD_APU, reset);
	mmio_write(CRF_RST_FPD_APU, reset & ~RST_ACPU(n));
}

static s64 cpu_on(u64 mpidr, u64 pc, u64 x0)
{
	s64 ret = PSCI_SUCCESS;
	struct cpu *cpu;

	if ((mpidr & MPIDR_AFFINITY) >= NR_CORES)
		return PSCI_INVALID_PARAMS;
	if ((pc & 3) || pc >= DDR_LOW_END)
		return PSCI_INVALID_ADDRESS;

	cpu = &cpus[mpidr & 0xff];
	bakery_lock(&psci_lock);
	if (cpu->state == CPU_IS_ON) {
		ret = PSCI_ALREADY_ON;
	} else if (cpu->state == CPU_IS_PENDING) {
		ret = PSCI_ON_PENDING;
	} else {
		cpu->pc = pc;
		cpu->x0 = x0;
		WRITE_ONCE(cpu->state, CPU_IS_PENDING);
		dsb();
		if (cpu->parked)
			gic_send_wakeup(cpu - cpus);
		else
			release_from_reset(cpu - cpus);
	}
	bakery_unlock(&psci_lock);
	return ret;
}

static void __noreturn cpu_off(void)
{
	struct cpu *cpu = &cpus[this_cpu()];
	struct entry entry;

	/* A timer that Linux left running must not be pending when it comes back */
	write_sysreg(cntp_ctl_el0, 0);
	write_sysreg(cntv_ctl_el0, 0);

	bakery_lock(&psci_lock);
	cpu->parked = 1;
	cpu->state = CPU_IS_OFF;
	bakery_unlock(&psci_lock);

	while (READ_ONCE(cpu->state) != CPU_IS_PENDING)
		gic_wait_for_wakeup();

	psci_secondary_entry(&entry);
	prepare_normal_world(&entry);
	leave_el3(&entry);
}

static s64 affinity_info(u64 mpidr, u64 level)
{
	if ((mpidr & MPIDR_AFFINITY) >= NR_CORES || level)
		return PSCI_INVALID_PARAMS;
	return READ_ONCE(cpus[mpidr & 0xff].state);
}

static s64 features(u32 fid)
{
	switch (fid) {
	case PSCI_VERSION:
	case PSCI_CPU_OFF:
	case PSCI_CPU_ON:
	case PSCI_CPU_ON | SMC64:
	case PSCI_AFFINITY_INFO:
	case PSCI_AFFINITY_INFO | SMC64:
	case PSCI_MIGRATE_INFO_TYPE:
	case PSCI_SYSTEM_OFF:
	case PSCI_SYSTEM_RESET:
	case PSCI_FEATURES:
	case SMCCC_VERSION:
		return PSCI_SUCCESS;
	}
	return PSCI_NOT_SUPPORTED;
}

/**
 * psci_call() - answer a PSCI call
 * @fid: function
 * @x1:  first argument
 * @x2:  second argument
 * @x3:  third argument
 *
 * Context: EL3, any core.
 * Return: the PSCI status or value; %PSCI_NOT_SUPPORTED for what is not there. CPU_OFF,
 * SYSTEM_OFF and SYSTEM_RESET do not return.
 */
s64 psci_call(u32 fid, u64 x1, u64 x2, u64 x3)
{
	switch (fid) {
	case PSCI_VERSION:
		return VERSION(1, 1);
	case PSCI_CPU_OFF:
		cpu_off();
	case PSCI_CPU_ON:
		return cpu_on((u32)x1, (u32)x2, (u32)x3);
	case PSCI_CPU_ON | SMC64:
		return cpu_on(x1, x2, x3);
	case PSCI_AFFINITY_INFO:
		return affinity_info((u32)x1, (u32)x2);
	case PSCI_AFFINITY_INFO | SMC64:
		return affinity_info(x1, x2);
	case PSCI_MIGRATE_INFO_TYPE:
		return MIGRATE_NOT_NEEDED;
	case PSCI_SYSTEM_OFF:
		machine_off(0);
	case PSCI_SYSTEM_RESET:
		machine_reset();
	case PSCI_FEATURES:
		return features(x1);
	}
	return PSCI_NOT_SUPPORTED;
}
