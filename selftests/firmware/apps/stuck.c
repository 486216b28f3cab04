// SPDX-License-Identifier: GPL-2.0-only
/*
 * Zynq-7000: leaves the interrupt controller as a program does that has crashed
 * at the worst moment. It never ends an interrupt that it has acknowledged, has
 * others pending, has a shared interrupt routed to this core, its watchdog runs,
 * and Linux got an interrupt that it does not expect. None of that is reset with
 * the core. Nor does it put in order what it finds: as most programs it expects
 * the controller as a reset of the system leaves it.
 *
 * With FW_LOCKS it has locked the system-level control registers as well.
 *
 * Copyright (c) 2026 linux-amp developers
 */

#include <cpu.h>
#include <fw/board.h>
#include <fw/io.h>
#include <fw/irq.h>
#include <fw/rsc_table.h>
#include <fw/trace.h>
#include <soc.h>

#define GICD_ISENABLER(irq)	(SOC_GICD + 0x100 + (irq) / 32 * 4)
#define GICD_ISPENDR(irq)	(SOC_GICD + 0x200 + (irq) / 32 * 4)
#define GICD_ITARGETSR(irq)	(SOC_GICD + 0x800 + (irq))
#define GICD_SGIR		(SOC_GICD + 0xf00)
#define SGIR_TO(cpu)		(BIT(cpu) << 16)
#define GICC_IAR		(SOC_GICC + 0x0c)

/* SGIs that are nobody's doorbell */
#define STRAY_TO_LINUX		12
#define STRAY_TO_SELF		9

/* A shared interrupt of the programmable logic, which nothing raises */
#define UNUSED_SPI		91

/* In timer mode it would only interrupt */
#define PRIVATE_WATCHDOG	0xf8f00620U
#define WATCHDOG_LOAD		0xf0000000U
#define WATCHDOG_MODE_ENABLE	(BIT(3) | BIT(0))

/* UG585, B.28: writes to all but the key are ignored from then on */
#define SLCR_LOCK		0xf8000004U
#define SLCR_LOCK_KEY		0x767bU

struct stuck_table {
	struct resource_table hdr;
	u32 offset[1];
	struct fw_rsc_trace trace;
};

struct stuck_table stuck_table __section(".resource_table") __used = {
	.hdr = { .ver = RSC_TABLE_VERSION, .num = 1 },
	.offset = { offsetof(struct stuck_table, trace) },
	.trace = {
		.type = RSC_TRACE,
		.da = (u32)trace_buffer,
		.len = sizeof(trace_buffer),
		.name = FW_NAME,
	},
};

static void never_ends(void)
{
	u32 sgi;

	for (sgi = STRAY_TO_SELF; sgi < 16; sgi++)
		io_write32(GICD_SGIR, SGIR_TO(SOC_CORE) | sgi);
	io_write32(GICD_SGIR, SGIR_TO(SOC_LINUX_CPU) | STRAY_TO_LINUX);

	io_write8(GICD_ITARGETSR(UNUSED_SPI), BIT(SOC_CORE));
	io_write32(GICD_ISENABLER(UNUSED_SPI), BIT(UNUSED_SPI % 32));
	io_write32(GICD_ISPENDR(UNUSED_SPI), BIT(UNUSED_SPI % 32));

	io_write32(PRIVATE_WATCHDOG, WATCHDOG_LOAD);
	io_write32(PRIVATE_WATCHDOG + 0x08, WATCHDOG_MODE_ENABLE);
#ifdef FW_LOCKS
	io_write32(SLCR_LOCK, SLCR_LOCK_KEY);
#endif
	cpu_dsb();
	/* What brought us here has been ended. This is another one, of the same priority. */
	io_read32(GICC_IAR);
	trace("dead end\n");
	for (;;)
		;
}

int main(void)
{
	trace("%s: mpidr 0x%08x\n", FW_NAME, cpu_mpidr());
	board_init();
	irq_request(SOC_SGI_FROM_LINUX, never_ends);
	io_write32(GICD_SGIR, SGIR_TO(SOC_CORE) | SOC_SGI_FROM_LINUX);
	for (;;)
		cpu_wfi();
}
