/*
 * Interrupt controller of the ZynqMP's real-time processors
 *
 * Copyright (c) 2026 linux-amp developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef HW_INTC_XLNX_ZYNQMP_RPU_GIC_H
#define HW_INTC_XLNX_ZYNQMP_RPU_GIC_H

#include "hw/intc/arm_gic.h"

/* An arm_gic of revision 1; its instance is a plain GICState */
#define TYPE_XLNX_ZYNQMP_RPU_GIC "xlnx-zynqmp-rpu-gic"

/**
 * xlnx_zynqmp_rpu_gic_reset_cpu() - forget everything about one core
 * @s:    the interrupt controller
 * @cpu:  number of the core's CPU interface
 * @last: no other core is out of reset; reset the distributor as well
 *
 * The caller holds the BQL and knows that the core executes nothing.
 */
void xlnx_zynqmp_rpu_gic_reset_cpu(GICState *s, int cpu, bool last);

#endif
