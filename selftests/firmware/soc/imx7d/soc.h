/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * i.MX 7Dual as the Cortex-M4 sees it. Sources: the address table for
 * fsl,imx7d-cm4 in Linux' imx_rproc.c, imx7s.dtsi, imx-mailbox.c, and NXP's
 * CMSIS header MCIMX7D_M4.h for the interrupt numbers.
 *
 * Copyright (c) 2026 linux-amp developers
 */

#ifndef SOC_H
#define SOC_H

#include <fw/compiler.h>
#include <fw/types.h>

/* Exception numbers: device interrupt n is 16 + n */
#define SOC_SYSTICK_IRQ		15
#define SOC_IRQ(n)		(16 + (n))

/* Side B of the messaging unit; the A7s have side A */
#define SOC_MU			0x30ab0000U
#define SOC_MU_IRQ		SOC_IRQ(97)

/* What the trace says about the other end of the doorbell */
#define SOC_IPI_PEER_NAME	"mu"

/* Core clock as U-Boot and Linux leave it (SYS_PLL_MAIN_240M) */
#define SOC_CORE_HZ		240000000U

/* All on-chip peripherals of use here: AIPS 1 to 3 */
#define SOC_PERIPH_START	0x30000000U
#define SOC_PERIPH_SIZE_LOG2	24

/* DDR at the main processor's addresses; its end in the M4's view */
#define SOC_DDR_START		0x80000000U
#define SOC_DDR_END		0xe0000000U

void soc_mpu_init(void);

/* Of the doorbell here, as rings that have no status are up when a word for them comes */
u32 mu_heard(void);
void mu_forget(void);

#endif
