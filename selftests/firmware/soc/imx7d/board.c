// SPDX-License-Identifier: GPL-2.0-only
/*
 * i.MX 7Dual: what an M4 program needs of the board, and which addresses the
 * other side may hand to it.
 *
 * Copyright (c) 2026 linux-amp developers
 */

#include <cpu.h>
#include <fw/board.h>
#include <fw/compiler.h>
#include <fw/io.h>
#include <fw/irq.h>
#include <soc.h>

/* Memory protection unit (ARM DDI 0403, B3.5) */
#define MPU_CTRL		0xe000ed94U
#define   MPU_ENABLE		BIT(0)
#define   MPU_PRIVDEFENA	BIT(2)
#define MPU_RNR			0xe000ed98U
#define MPU_RBAR		0xe000ed9cU
#define MPU_RASR		0xe000eda0U
#define   RASR_ENABLE		BIT(0)
#define   RASR_SIZE(log2)	(((log2) - 1) << 1)
#define   RASR_DEVICE		(BIT(18) | BIT(16))	/* Shareable */
#define   RASR_UNCACHED		(BIT(19) | BIT(18))	/* Normal, Shareable */
#define   RASR_FULL_ACCESS	(3U << 24)
#define   RASR_XN		BIT(28)

/* DDR that holds this program; both the same when it has none there */
extern char __ddr_image_start[], __ddr_image_end[];

static void __section(".text.start") mpu_region(u32 number, u32 start, u32 attributes)
{
	io_write32(MPU_RNR, number);
	io_write32(MPU_RBAR, start);
	io_write32(MPU_RASR, attributes | RASR_FULL_ACCESS | RASR_ENABLE);
}

/**
 * soc_mpu_init() - correct the default memory map
 *
 * It takes the peripherals for cacheable memory, the lower part of the DDR for
 * memory that is written through, and the upper part for devices. Regions have
 * power-of-two sizes: three of 512 MiB cover the DDR. On-chip memory and the
 * DDR's code alias stay as they are.
 *
 * Linked next to the start-up code, as DDR is not to be touched before it.
 *
 * Context: start-up code.
 */
void __section(".text.start") soc_mpu_init(void)
{
	u32 n, start;

	mpu_region(0, SOC_PERIPH_START, RASR_DEVICE | RASR_XN | RASR_SIZE(SOC_PERIPH_SIZE_LOG2));
	for (n = 1, start = SOC_DDR_START; start < SOC_DDR_END; n++, start += BIT(29))
		mpu_region(n, start, RASR_UNCACHED | RASR_SIZE(29));
	io_write32(MPU_CTRL, MPU_PRIVDEFENA | MPU_ENABLE);
	cpu_dsb();
	asm volatile("isb" : : : "memory");
}

/**
 * board_init() - prepare for interrupts
 *
 * Context: start-up. Interrupts are enabled on return, none is requested yet.
 */
void board_init(void)
{
	irq_init();
	cpu_irq_enable();
}

/**
 * board_da_to_va() - pointer to memory that the main processor names
 * @da:		device address
 * @len:	bytes
 *
 * There is no translation, only a check: shared memory is DDR, and not this
 * program's part of it. Where in DDR is the main processor's choice.
 *
 * Context: any.
 * Return: the pointer, or NULL if any of the bytes is elsewhere.
 */
void *board_da_to_va(u64 da, u32 len)
{
	u32 start = (u32)da, image = (u32)__ddr_image_start, image_end = (u32)__ddr_image_end;

	if (da < SOC_DDR_START || da >= SOC_DDR_END || len > SOC_DDR_END - start)
		return NULL;
	if (start < image_end && start + len > image)
		return NULL;
	return (void *)start;
}
