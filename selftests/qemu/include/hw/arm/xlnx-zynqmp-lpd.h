/*
 * ZynqMP low-power domain: what the real-time processors need
 *
 * Copyright (c) 2026 linux-amp developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef HW_ARM_XLNX_ZYNQMP_LPD_H
#define HW_ARM_XLNX_ZYNQMP_LPD_H

#include "hw/arm/xlnx-zynqmp-rpu.h"
#include "hw/intc/xlnx-zynqmp-ipi-fabric.h"
#include "hw/misc/xlnx-zynqmp-crl.h"
#include "hw/sysbus.h"
#include "qom/object.h"

#define TYPE_XLNX_ZYNQMP_LPD "xlnx-zynqmp-lpd"
OBJECT_DECLARE_SIMPLE_TYPE(XlnxZynqMPLPD, XLNX_ZYNQMP_LPD)

struct XlnxZynqMPLPD {
    SysBusDevice parent_obj;

    XlnxZynqMPCRL crl;
    XlnxZynqMPRPU rpu;
    XlnxZynqMPIPIFabric ipi;

    qemu_irq apu_spi[XLNX_ZYNQMP_RPU_NUM_SPI];
};

/**
 * xlnx_zynqmp_lpd_add_rpu() - give the domain a Cortex-R5F
 * @s:   the domain, not realized yet
 * @cpu: core 0 with the first call, core 1 with the second; not realized yet
 */
void xlnx_zynqmp_lpd_add_rpu(XlnxZynqMPLPD *s, ARMCPU *cpu);

/**
 * xlnx_zynqmp_lpd_share_spi() - let both interrupt controllers have an SPI
 * @s:   the realized domain
 * @n:   number of the shared interrupt (GIC interrupt number minus 32)
 * @apu: input of the APU's interrupt controller
 *
 * Returns the input to connect a device to instead of @apu.
 */
qemu_irq xlnx_zynqmp_lpd_share_spi(XlnxZynqMPLPD *s, int n, qemu_irq apu);

#endif
