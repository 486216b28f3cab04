// SPDX-License-Identifier: GPL-2.0-only
/*
 * Boot, the way into the normal world, sorting of calls, and the end of the machine.
 *
 * This monitor stands where a board has Trusted Firmware-A and the power management firmware. It
 * is written for QEMU: it trusts the normal world and protects nothing from it.
 *
 * Copyright (c) 2026 linux-amp developers
 */
#include "monitor.h"

#define SMCCC_VERSION		0x80000000U
#define SMCCC_ARCH_FEATURES	0x80000001U
#define SMCCC_1_1		VERSION(1, 1)
#define SMCCC_NOT_SUPPORTED	(-1)

#define FID_RANGE(fid)		((fid) & 0xffff0000U)
#define FID_ARCH		0x80000000U
#define FID_PSCI		0x84000000U
#define FID_PSCI64		0xc4000000U
#define FID_EEMI		0xc2000000U
#define FID_IPI_FIRST		0x82001000U
#define FID_IPI_LAST		0x82001fffU

#define SYS_EXIT		0x18
#define ADP_STOPPED_EXIT	0x20026UL

#define IMAGE_MAGIC		0x644d5241U	/* "ARM\x64" */
#define IMAGE_MAGIC_OFFSET	0x38
#define DTB_MAGIC_BE		0xedfe0dd0U

#define SCTLR_EL1_OFF		0x30d00800UL	/* MMU and caches off, little endian */
#define SCTLR_EL2_OFF		0x30c50830UL
#define SPSR_EL1H_MASKED	0x3c5
#define SPSR_EL2H_MASKED	0x3c9
#define SCR_NS			BIT(0)
#define SCR_RES1		(BIT(4) | BIT(5))
#define SCR_HCE			BIT(8)
#define SCR_RW			BIT(10)

static u32 have_el2(void)
{
	return (read_sysreg(id_aa64pfr0_el1) >> 8) & 0xf;
}

/**
 * machine_off() - end QEMU
 * @status: its exit status
 *
 * Context: EL3, any core.
 */
void machine_off(u32 status)
{
	const u64 block[2] = { ADP_STOPPED_EXIT, status };

	semihost(SYS_EXIT, block);
	for (;;)
		wfi();
}

/**
 * machine_reset() - reset the whole machine
 *
 * QEMU started with -no-reboot ends here with status 0.
 *
 * Context: EL3, any core.
 */
void machine_reset(void)
{
	u64 start = read_sysreg(cntpct_el0), second = read_sysreg(cntfrq_el0);

	mmio_write(CRL_RESET_CTRL, mmio_read(CRL_RESET_CTRL) | SOFT_RESET);
	dsb();
	while (read_sysreg(cntpct_el0) - start < second)
		;
	say("this QEMU does not reset, switching it off\n");
	machine_off(0);
}

/**
 * report_exception() - end the machine after an exception that nobody expects
 * @vector: number of the vector, 0 to 15
 * @esr: ESR_EL3
 * @elr: ELR_EL3
 * @far: FAR_EL3
 *
 * Context: EL3, any core; called from the vectors.
 */
void __noreturn report_exception(u64 vector, u64 esr, u64 elr, u64 far)
{
	static u32 again;

	/* Without semihosting the exit itself is an undefined instruction */
	if (again)
		for (;;)
			wfi();
	again = 1;
	say("core %u: unexpected exception %u, esr %lx elr %lx far %lx\n",
	    this_cpu(), (u32)vector, esr, elr, far);
	machine_off(1);
}

/**
 * prepare_normal_world() - set a core up as the normal world expects it after reset
 * @entry: address and argument are given, the rest is filled in
 *
 * Context: each core, before leave_el3().
 */
void prepare_normal_world(struct entry *entry)
{
	gic_init_cpu();
	write_sysreg(sctlr_el1, SCTLR_EL1_OFF);
	if (have_el2())
		write_sysreg(sctlr_el2, SCTLR_EL2_OFF);
	entry->spsr = have_el2() ? SPSR_EL2H_MASKED : SPSR_EL1H_MASKED;
	entry->scr = SCR_RW | SCR_HCE | SCR_RES1 | SCR_NS;
}

/**
 * boot_main() - first core, from reset to Linux
 *
 * Context: boot core, once.
 */
void __noreturn boot_main(void)
{
	struct entry entry = { .pc = KERNEL_ADDR, .x0 = DTB_ADDR };

	console_init();
	if (mmio_read(KERNEL_ADDR + IMAGE_MAGIC_OFFSET) != IMAGE_MAGIC) {
		say("no arm64 kernel image at %lx\n", KERNEL_ADDR);
		machine_off(1);
	}
	if (mmio_read(DTB_ADDR) != DTB_MAGIC_BE) {
		say("no devicetree at %lx\n", DTB_ADDR);
		machine_off(1);
	}
	page_init();
	gic_init_distributor();
	psci_boot_cpu_is_on();
	preload_remotes();
	prepare_normal_world(&entry);
	say("starting Linux in EL%u\n", have_el2() ? 2U : 1U);
	leave_el3(&entry);
}

/**
 * secondary_main() - another core, from reset to Linux
 *
 * Context: a core that PSCI has released from reset.
 */
void __noreturn secondary_main(void)
{
	struct entry entry;

	psci_secondary_entry(&entry);
	prepare_normal_world(&entry);
	leave_el3(&entry);
}

static s64 arch_call(u32 fid, u32 x1)
{
	if (fid == SMCCC_VERSION)
		return SMCCC_1_1;
	if (fid == SMCCC_ARCH_FEATURES && (x1 == SMCCC_VERSION || x1 == SMCCC_ARCH_FEATURES))
		return 0;
	return SMCCC_NOT_SUPPORTED;
}

/**
 * smc_call() - answer a call from the normal world
 * @x: its x0 to x18, then x29 and x30; x0 to x3 take the answer
 *
 * Context: EL3, any core; called from the vectors.
 */
void smc_call(u64 *x)
{
	u32 fid = x[0];

	if (FID_RANGE(fid) == FID_EEMI) {
		eemi_call(fid & 0xffff, x);
		return;
	}

	if (FID_RANGE(fid) == FID_PSCI || FID_RANGE(fid) == FID_PSCI64)
		x[0] = psci_call(fid, x[1], x[2], x[3]);
	else if (fid >= FID_IPI_FIRST && fid <= FID_IPI_LAST)
		x[0] = ipi_call(fid, x[1], x[2], x[3]);
	else if (FID_RANGE(fid) == FID_ARCH)
		x[0] = arch_call(fid, x[1]);
	else
		x[0] = SMCCC_NOT_SUPPORTED;
	trace("core %u: fid %x -> %lx\n", this_cpu(), fid, x[0]);
}
