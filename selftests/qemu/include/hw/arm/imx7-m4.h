/*
 * i.MX 7Dual Cortex-M4 and what it shares with the Cortex-A7s
 *
 * Copyright (c) 2026 linux-amp developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef HW_ARM_IMX7_M4_H
#define HW_ARM_IMX7_M4_H

#include "hw/arm/armv7m.h"
#include "hw/clock.h"
#include "hw/cpu/cluster.h"
#include "hw/misc/imx6sx-mu.h"
#include "hw/sysbus.h"
#include "qom/object.h"

#define TYPE_IMX7_M4 "imx7-m4"
OBJECT_DECLARE_SIMPLE_TYPE(IMX7M4State, IMX7_M4)

/*
 * Unnamed input lines: the interrupts of the SoC's devices, numbered as SPIs.
 * The NVIC and the GIC have them under the same numbers.
 */
#define IMX7_M4_NUM_IRQ     128

/* Windows through which the M4 sees the system's memory and devices */
#define IMX7_M4_NUM_WINDOWS 13

struct IMX7M4State {
    SysBusDevice parent_obj;

    /* Whether the machine has the core; the rest is always there */
    bool has_cpu;
    /* The A7s' interrupt controller */
    DeviceState *gic;

    MemoryRegion tcml;
    MemoryRegion tcmu;
    MemoryRegion src;
    MemoryRegion view;
    MemoryRegion window[IMX7_M4_NUM_WINDOWS];

    IMX6SXMUState mu;
    CPUClusterState cluster;
    ARMv7MState armv7m;
    Clock *clk;

    /* All under the BQL */
    uint32_t m4rcr;
    uint32_t irq_level[IMX7_M4_NUM_IRQ / 32];
    /* What the register asks for */
    bool run;
    /* Was in reset since the core's work last ran and let it go */
    bool need_reset;
    /* How many work items were queued, how many are done */
    unsigned queued;
    unsigned done;
};

#endif
