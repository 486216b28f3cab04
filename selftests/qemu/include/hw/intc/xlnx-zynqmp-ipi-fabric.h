/*
 * ZynqMP inter-processor interrupts: all agents and the message buffers
 *
 * Copyright (c) 2026 linux-amp developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef HW_INTC_XLNX_ZYNQMP_IPI_FABRIC_H
#define HW_INTC_XLNX_ZYNQMP_IPI_FABRIC_H

#include "hw/intc/xlnx-zynqmp-ipi.h"
#include "hw/sysbus.h"
#include "qom/object.h"

#define TYPE_XLNX_ZYNQMP_IPI_FABRIC "xlnx-zynqmp-ipi-fabric"
OBJECT_DECLARE_SIMPLE_TYPE(XlnxZynqMPIPIFabric, XLNX_ZYNQMP_IPI_FABRIC)

struct XlnxZynqMPIPIFabric {
    SysBusDevice parent_obj;

    XlnxZynqMPIPI agent[NUM_IPIS];
    MemoryRegion buffers;
    bool in_reset;
};

/**
 * xlnx_zynqmp_ipi_fabric_connect() - wire the agents' interrupts
 * @s:     the fabric
 * @intc:  the device that has an input for every shared interrupt
 * @input: name of those inputs; their numbers are those of the SPIs
 */
void xlnx_zynqmp_ipi_fabric_connect(XlnxZynqMPIPIFabric *s, DeviceState *intc,
                                    const char *input);

#endif
