/*
 * ZynqMP real-time processing unit
 *
 * Copyright (c) 2026 linux-amp developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef HW_ARM_XLNX_ZYNQMP_RPU_H
#define HW_ARM_XLNX_ZYNQMP_RPU_H

#include "hw/intc/arm_gic.h"
#include "hw/misc/xlnx-zynqmp-rpu-ctrl.h"
#include "hw/sysbus.h"
#include "qom/object.h"
#include "target/arm/cpu-qom.h"

#define TYPE_XLNX_ZYNQMP_RPU "xlnx-zynqmp-rpu"
OBJECT_DECLARE_SIMPLE_TYPE(XlnxZynqMPRPU, XLNX_ZYNQMP_RPU)

/* Input lines: the shared interrupts, numbered as SPIs */
#define XLNX_ZYNQMP_RPU_SPI     "spi"
#define XLNX_ZYNQMP_RPU_NUM_SPI 160

/* Tightly coupled memories of a core */
enum {
    XLNX_ZYNQMP_TCM_A,
    XLNX_ZYNQMP_TCM_B,
    XLNX_ZYNQMP_NUM_TCM
};

/* What one core sees */
typedef struct XlnxZynqMPRPUView {
    MemoryRegion mr;
    MemoryRegion system;
    /* Own banks, and for core 0 also those of core 1 */
    MemoryRegion tcm[XLNX_ZYNQMP_RPU_NUM_CORES][XLNX_ZYNQMP_NUM_TCM];
    MemoryRegion gic;
    MemoryRegion gic_dist;
    MemoryRegion gic_cpu;
} XlnxZynqMPRPUView;

struct XlnxZynqMPRPU {
    SysBusDevice parent_obj;

    ARMCPU *cpu[XLNX_ZYNQMP_RPU_NUM_CORES];
    int num_cpus;

    XlnxZynqMPRPUCtrl ctrl;
    GICState gic;
    MemoryRegion tcm[XLNX_ZYNQMP_RPU_NUM_CORES][XLNX_ZYNQMP_NUM_TCM];
    XlnxZynqMPRPUView view[XLNX_ZYNQMP_RPU_NUM_CORES];
};

/**
 * xlnx_zynqmp_rpu_add_cpu() - put a core into the RPU
 * @s:   the RPU, not realized yet
 * @cpu: a Cortex-R5F, not realized yet; gets its view of the memory
 *
 * The first call is for core 0, the second for core 1.
 */
void xlnx_zynqmp_rpu_add_cpu(XlnxZynqMPRPU *s, ARMCPU *cpu);

#endif
