/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Zynq-7000 as CPU 1 sees it, which is as Linux on CPU 0 sees it (UG585, chapters
 * 3, 4 and 7, and the Cortex-A9 MPCore TRM, ARM DDI 0407).
 *
 * Copyright (c) 2026 linux-amp developers
 */

#ifndef SOC_H
#define SOC_H

#include <fw/compiler.h>

#define SOC_MPIDR_CORE		3U
#define SOC_CORE		1U

/* The CPU interface and the private timer are those of the core that accesses */
#define SOC_GICC		0xf8f00100U
#define SOC_GICD		0xf8f01000U
#define SOC_PRIVATE_TIMER	0xf8f00600U
#define SOC_PRIVATE_TIMER_IRQ	29

/* Half the core's clock, as the boot loader of the ZC702 leaves it */
#define SOC_PERIPH_HZ		333333333U

/* Software generated interrupts, vring0 and vring1 of the device tree */
#define SOC_SGI_TO_LINUX	FW_SGI_TO_LINUX
#define SOC_SGI_FROM_LINUX	FW_SGI_FROM_LINUX
#define SOC_LINUX_CPU		0

/* What the trace says about the other end of the doorbell */
#define SOC_IPI_PEER_NAME	"sgi"

/* DDR of the ZC702; the first MiB may be on-chip memory, and starts CPUs */
#define SOC_DDR_START		0x00100000U
#define SOC_DDR_END		0x40000000U

#endif
