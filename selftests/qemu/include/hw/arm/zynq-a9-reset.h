/*
 * Zynq-7000: what A9_CPU_RST_CTRL does to the Cortex-A9s
 *
 * Copyright (c) 2026 linux-amp developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef HW_ARM_ZYNQ_A9_RESET_H
#define HW_ARM_ZYNQ_A9_RESET_H

#include "hw/sysbus.h"
#include "qom/object.h"
#include "target/arm/cpu-qom.h"

#define TYPE_ZYNQ_A9_RESET "zynq-a9-reset"
OBJECT_DECLARE_SIMPLE_TYPE(ZynqA9ResetState, ZYNQ_A9_RESET)

#define ZYNQ_A9_CORES 2

/*
 * Input lines, ZYNQ_A9_CORES of each: "rst" and "clkstop" from the SLCR, "irq"
 * and "fiq" from the interrupt controller.  The cores are the links "cpu0" and
 * "cpu1"; a machine may lack the second.
 */
struct ZynqA9Core {
    ARMCPU *cpu;

    /* All under the BQL: the input lines ... */
    bool rst;
    bool clkstop;
    bool irq[2];
    /* ... in the boot ROM's wait state, which only a reset ends */
    bool parked;
    /* What all these ask for */
    bool run;
    /* Was in reset since the core's work last let it go */
    bool need_reset;
    /* Stopped by the core's work, and whether it was asleep by then */
    bool stopped;
    bool asleep;
    /* How many work items were queued, how many are done */
    unsigned queued;
    unsigned done;
};

struct ZynqA9ResetState {
    SysBusDevice parent_obj;

    struct ZynqA9Core core[ZYNQ_A9_CORES];
};

#endif
