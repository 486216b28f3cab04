/*
 * ZynqMP clock and reset control of the low-power domain (CRL_APB)
 *
 * Copyright (c) 2026 linux-amp developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef HW_MISC_XLNX_ZYNQMP_CRL_H
#define HW_MISC_XLNX_ZYNQMP_CRL_H

#include "hw/register.h"
#include "hw/sysbus.h"
#include "qom/object.h"

#define TYPE_XLNX_ZYNQMP_CRL "xlnx-zynqmp-crl"
OBJECT_DECLARE_SIMPLE_TYPE(XlnxZynqMPCRL, XLNX_ZYNQMP_CRL)

/*
 * Name of the output lines that carry the bits of RST_LPD_TOP: line n is high
 * while bit n of the register is set, that is while the block is in reset.
 */
#define XLNX_ZYNQMP_CRL_RST_LPD_TOP "rst-lpd-top"
#define XLNX_ZYNQMP_CRL_NUM_RST     32

/* Bits of RST_LPD_TOP (UG1087, module CRL_APB) */
enum {
    XLNX_ZYNQMP_RST_RPU_R50  = 0,
    XLNX_ZYNQMP_RST_RPU_R51  = 1,
    XLNX_ZYNQMP_RST_RPU_AMBA = 2,
    XLNX_ZYNQMP_RST_RPU_PGE  = 4,
    XLNX_ZYNQMP_RST_IPI      = 14,
};

#define XLNX_ZYNQMP_CRL_R_MAX (0x28c / 4)

struct XlnxZynqMPCRL {
    SysBusDevice parent_obj;

    RegisterInfoArray *reg_array;
    uint32_t regs[XLNX_ZYNQMP_CRL_R_MAX];
    RegisterInfo regs_info[XLNX_ZYNQMP_CRL_R_MAX];

    qemu_irq irq_ir;
    qemu_irq rst_lpd_top[XLNX_ZYNQMP_CRL_NUM_RST];

    /* The next machine reset was asked for through RESET_CTRL */
    bool soft_reset;
};

#endif
