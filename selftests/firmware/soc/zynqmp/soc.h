/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Zynq UltraScale+ MPSoC as an R5 sees it (UG1085, chapters 10 and 13; UG1087).
 * FW_CORE is the R5 that the program is built for; lockstep runs core 0's.
 *
 * Copyright (c) 2026 linux-amp developers
 */

#ifndef SOC_H
#define SOC_H

#include <fw/compiler.h>

/* Lockstep counts as core 0 */
#define SOC_MPIDR_CORE		1U

/* The R5s' own interrupt controller; the A53s' is another one at this address */
#define SOC_GICD		0xf9000000U
#define SOC_GICC		0xf9001000U
#define SOC_GIC_CPU		FW_CORE

/* Shared peripheral interrupt n has id 32 + n */
#define SOC_SPI(n)		(32 + (n))

/* Inter-processor interrupt agents: R5 0 has SPI 33, R5 1 has SPI 34 */
#define SOC_IPI			(0xff310000U + 0x10000U * FW_CORE)
#define SOC_IPI_IRQ		SOC_SPI(33 + FW_CORE)

/*
 * The agent on Linux' side, by default channel 0 (APU). PEER=pl0 is channel 7,
 * which older device trees use.
 */
#ifdef FW_PEER_PL0
#define SOC_IPI_PEER		BIT(24)
#define SOC_IPI_PEER_BUF	3
#define SOC_IPI_PEER_NAME	"pl0"
#else
#define SOC_IPI_PEER		BIT(0)
#define SOC_IPI_PEER_BUF	2
#define SOC_IPI_PEER_NAME	"apu"
#endif

/* Message buffers: 0x200 bytes per sender, 0x40 per receiver; request at 0 */
#define SOC_IPI_MSG		(0xff990000U + 0x200U * FW_CORE + 0x40U * SOC_IPI_PEER_BUF)

/* Triple timer counters: unit n has SPIs 36 + 3n and up */
#define SOC_TTC			(0xff110000U + 0x10000U * FW_CORE)
#define SOC_TTC_IRQ		SOC_SPI(36 + 3 * FW_CORE)

/* DDR that an R5 can address: below 1 MiB its own memory is in the way */
#define SOC_DDR_START		0x00100000U
#define SOC_DDR_END		0x80000000U

#endif
