/*
 * ZynqMP RPU control block
 *
 * Copyright (c) 2026 linux-amp developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef HW_MISC_XLNX_ZYNQMP_RPU_CTRL_H
#define HW_MISC_XLNX_ZYNQMP_RPU_CTRL_H

#include "hw/intc/arm_gic.h"
#include "hw/register.h"
#include "hw/sysbus.h"
#include "qom/object.h"
#include "target/arm/cpu-qom.h"

#define TYPE_XLNX_ZYNQMP_RPU_CTRL "xlnx-zynqmp-rpu-ctrl"
OBJECT_DECLARE_SIMPLE_TYPE(XlnxZynqMPRPUCtrl, XLNX_ZYNQMP_RPU_CTRL)

#define XLNX_ZYNQMP_RPU_NUM_CORES 2

/* Input lines: resets, high is asserted */
#define XLNX_ZYNQMP_RPU_CTRL_RST  "rst"
enum {
    XLNX_ZYNQMP_RPU_CTRL_RST_R50,
    XLNX_ZYNQMP_RPU_CTRL_RST_R51,
    XLNX_ZYNQMP_RPU_CTRL_RST_AMBA,
    XLNX_ZYNQMP_RPU_CTRL_RST_PGE,
    XLNX_ZYNQMP_RPU_CTRL_NUM_RST
};

/* Output line: RPU_GLBL_CNTL.TCM_COMB */
#define XLNX_ZYNQMP_RPU_CTRL_TCM_COMB "tcm-comb"

#define XLNX_ZYNQMP_RPU_CTRL_R_MAX (0x22c / 4)

/* All under the BQL */
typedef struct XlnxZynqMPRPUCore {
    ARMCPU *cpu;
    /* What the registers and the reset lines ask for */
    bool in_reset;
    bool run;
    /* Was in reset since its work last ran, VINITHI at that time */
    bool need_reset;
    bool hivecs;
    /* How many work items were queued, how many are done */
    unsigned queued;
    unsigned done;
} XlnxZynqMPRPUCore;

struct XlnxZynqMPRPUCtrl {
    SysBusDevice parent_obj;

    RegisterInfoArray *reg_array;
    uint32_t regs[XLNX_ZYNQMP_RPU_CTRL_R_MAX];
    RegisterInfo regs_info[XLNX_ZYNQMP_RPU_CTRL_R_MAX];

    bool rst[XLNX_ZYNQMP_RPU_CTRL_NUM_RST];
    qemu_irq tcm_comb;

    XlnxZynqMPRPUCore core[XLNX_ZYNQMP_RPU_NUM_CORES];
    GICState *gic;
};

#endif
