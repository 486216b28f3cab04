/*
 * ZynqMP clock and reset control of the low-power domain (CRL_APB)
 *
 * Copyright (c) 2026 linux-amp developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Owns the register block at 0xFF5E0000.  RST_LPD_TOP drives one output line
 * per bit; what a line does is up to whoever listens (see
 * hw/arm/xlnx-zynqmp-lpd.c).  RESET_CTRL can reset the machine.  All other
 * registers are storage with the reset values of UG1087, module CRL_APB: no
 * clock is modelled, so PLLs report that they are locked.
 */

#include "qemu/osdep.h"
#include "hw/irq.h"
#include "hw/misc/xlnx-zynqmp-crl.h"
#include "migration/vmstate.h"
#include "qemu/bitops.h"
#include "qemu/log.h"
#include "system/runstate.h"

#define CRL_MMIO_SIZE 0x1000

REG32(ERR_CTRL, 0x0)
REG32(IR_STATUS, 0x4)
    FIELD(IR_STATUS, ADDR_DECODE_ERR, 0, 1)
REG32(IR_MASK, 0x8)
REG32(IR_ENABLE, 0xc)
REG32(IR_DISABLE, 0x10)
REG32(CRL_WPROT, 0x1c)
REG32(IOPLL_CTRL, 0x20)
REG32(IOPLL_CFG, 0x24)
REG32(IOPLL_FRAC_CFG, 0x28)
REG32(RPLL_CTRL, 0x30)
REG32(RPLL_CFG, 0x34)
REG32(RPLL_FRAC_CFG, 0x38)
REG32(PLL_STATUS, 0x40)
REG32(IOPLL_TO_FPD_CTRL, 0x44)
REG32(RPLL_TO_FPD_CTRL, 0x48)
REG32(USB3_DUAL_REF_CTRL, 0x4c)
REG32(GEM0_REF_CTRL, 0x50)
REG32(GEM1_REF_CTRL, 0x54)
REG32(GEM2_REF_CTRL, 0x58)
REG32(GEM3_REF_CTRL, 0x5c)
REG32(USB0_BUS_REF_CTRL, 0x60)
REG32(USB1_BUS_REF_CTRL, 0x64)
REG32(QSPI_REF_CTRL, 0x68)
REG32(SDIO0_REF_CTRL, 0x6c)
REG32(SDIO1_REF_CTRL, 0x70)
REG32(UART0_REF_CTRL, 0x74)
REG32(UART1_REF_CTRL, 0x78)
REG32(SPI0_REF_CTRL, 0x7c)
REG32(SPI1_REF_CTRL, 0x80)
REG32(CAN0_REF_CTRL, 0x84)
REG32(CAN1_REF_CTRL, 0x88)
REG32(CPU_R5_CTRL, 0x90)
REG32(IOU_SWITCH_CTRL, 0x9c)
REG32(CSU_PLL_CTRL, 0xa0)
REG32(PCAP_CTRL, 0xa4)
REG32(LPD_SWITCH_CTRL, 0xa8)
REG32(LPD_LSBUS_CTRL, 0xac)
REG32(DBG_LPD_CTRL, 0xb0)
REG32(NAND_REF_CTRL, 0xb4)
REG32(ADMA_REF_CTRL, 0xb8)
REG32(PL0_REF_CTRL, 0xc0)
REG32(PL1_REF_CTRL, 0xc4)
REG32(PL2_REF_CTRL, 0xc8)
REG32(PL3_REF_CTRL, 0xcc)
REG32(GEM_TSU_REF_CTRL, 0x100)
REG32(DLL_REF_CTRL, 0x104)
REG32(AMS_REF_CTRL, 0x108)
REG32(I2C0_REF_CTRL, 0x120)
REG32(I2C1_REF_CTRL, 0x124)
REG32(TIMESTAMP_REF_CTRL, 0x128)
REG32(SAFETY_CHK, 0x130)
REG32(BOOT_MODE_USER, 0x200)
REG32(BOOT_MODE_POR, 0x204)
REG32(RESET_CTRL, 0x218)
    FIELD(RESET_CTRL, SOFT_RESET, 4, 1)
REG32(BLOCKONLY_RST, 0x21c)
REG32(RESET_REASON, 0x220)
    FIELD(RESET_REASON, EXTERNAL_POR, 0, 1)
    FIELD(RESET_REASON, SOFT, 5, 1)
REG32(RST_LPD_IOU0, 0x230)
REG32(RST_LPD_IOU1, 0x234)
REG32(RST_LPD_IOU2, 0x238)
REG32(RST_LPD_TOP, 0x23c)
REG32(RST_LPD_DBG, 0x240)
REG32(BANK3_CTRL0, 0x270)
REG32(BANK3_CTRL1, 0x274)
REG32(BANK3_CTRL2, 0x278)
REG32(BANK3_CTRL3, 0x27c)
REG32(BANK3_CTRL4, 0x280)
REG32(BANK3_CTRL5, 0x284)
REG32(BANK3_STATUS, 0x288)

QEMU_BUILD_BUG_ON(XLNX_ZYNQMP_CRL_R_MAX != R_BANK3_STATUS + 1);

static void crl_update_irq(XlnxZynqMPCRL *s)
{
    qemu_set_irq(s->irq_ir, s->regs[R_IR_STATUS] & ~s->regs[R_IR_MASK]);
}

static void crl_ir_status_postw(RegisterInfo *reg, uint64_t val)
{
    crl_update_irq(XLNX_ZYNQMP_CRL(reg->opaque));
}

static uint64_t crl_ir_enable_prew(RegisterInfo *reg, uint64_t val)
{
    XlnxZynqMPCRL *s = XLNX_ZYNQMP_CRL(reg->opaque);

    s->regs[R_IR_MASK] &= ~val;
    crl_update_irq(s);
    return 0;
}

static uint64_t crl_ir_disable_prew(RegisterInfo *reg, uint64_t val)
{
    XlnxZynqMPCRL *s = XLNX_ZYNQMP_CRL(reg->opaque);

    s->regs[R_IR_MASK] |= val & R_IR_STATUS_ADDR_DECODE_ERR_MASK;
    crl_update_irq(s);
    return 0;
}

/*
 * A listener may drop the BQL until a core has stopped, and another vCPU may
 * write the register meanwhile.  The register is therefore read again for
 * every line: whoever finishes last leaves the lines as the last write wants
 * them.
 */
static void crl_update_resets(XlnxZynqMPCRL *s)
{
    for (int i = 0; i < XLNX_ZYNQMP_CRL_NUM_RST; i++) {
        qemu_set_irq(s->rst_lpd_top[i],
                     extract32(s->regs[R_RST_LPD_TOP], i, 1));
    }
}

static void crl_rst_lpd_top_postw(RegisterInfo *reg, uint64_t val)
{
    crl_update_resets(XLNX_ZYNQMP_CRL(reg->opaque));
}

static void crl_reset_ctrl_postw(RegisterInfo *reg, uint64_t val)
{
    XlnxZynqMPCRL *s = XLNX_ZYNQMP_CRL(reg->opaque);

    if (FIELD_EX32(val, RESET_CTRL, SOFT_RESET)) {
        s->soft_reset = true;
        qemu_system_reset_request(SHUTDOWN_CAUSE_GUEST_RESET);
    }
}

#define CRL_REG(n, rst) { .name = #n, .addr = A_ ## n, .reset = (rst) }

static const RegisterAccessInfo crl_regs_info[] = {
    CRL_REG(ERR_CTRL, 0),
    {   .name = "IR_STATUS", .addr = A_IR_STATUS,
        .w1c = R_IR_STATUS_ADDR_DECODE_ERR_MASK,
        .post_write = crl_ir_status_postw,
    },{ .name = "IR_MASK", .addr = A_IR_MASK,
        .reset = R_IR_STATUS_ADDR_DECODE_ERR_MASK,
        .ro = UINT32_MAX,
    },{ .name = "IR_ENABLE", .addr = A_IR_ENABLE,
        .pre_write = crl_ir_enable_prew,
    },{ .name = "IR_DISABLE", .addr = A_IR_DISABLE,
        .pre_write = crl_ir_disable_prew,
    },
    CRL_REG(CRL_WPROT, 0),
    CRL_REG(IOPLL_CTRL, 0x00012c09),
    CRL_REG(IOPLL_CFG, 0),
    CRL_REG(IOPLL_FRAC_CFG, 0),
    CRL_REG(RPLL_CTRL, 0x00012c09),
    CRL_REG(RPLL_CFG, 0),
    CRL_REG(RPLL_FRAC_CFG, 0),
    /* Stable and locked, both PLLs: software polls for that */
    {   .name = "PLL_STATUS", .addr = A_PLL_STATUS,
        .reset = 0x1b,
        .ro = UINT32_MAX,
    },
    CRL_REG(IOPLL_TO_FPD_CTRL, 0x00000400),
    CRL_REG(RPLL_TO_FPD_CTRL, 0x00000400),
    CRL_REG(USB3_DUAL_REF_CTRL, 0x00052000),
    CRL_REG(GEM0_REF_CTRL, 0x00002500),
    CRL_REG(GEM1_REF_CTRL, 0x00002500),
    CRL_REG(GEM2_REF_CTRL, 0x00002500),
    CRL_REG(GEM3_REF_CTRL, 0x00002500),
    CRL_REG(USB0_BUS_REF_CTRL, 0x00052000),
    CRL_REG(USB1_BUS_REF_CTRL, 0x00052000),
    CRL_REG(QSPI_REF_CTRL, 0x01000800),
    CRL_REG(SDIO0_REF_CTRL, 0x01000f00),
    CRL_REG(SDIO1_REF_CTRL, 0x01000f00),
    CRL_REG(UART0_REF_CTRL, 0x01001800),
    CRL_REG(UART1_REF_CTRL, 0x01001800),
    CRL_REG(SPI0_REF_CTRL, 0x01001800),
    CRL_REG(SPI1_REF_CTRL, 0x01001800),
    CRL_REG(CAN0_REF_CTRL, 0x01001800),
    CRL_REG(CAN1_REF_CTRL, 0x01001800),
    CRL_REG(CPU_R5_CTRL, 0x03000600),
    CRL_REG(IOU_SWITCH_CTRL, 0x00001500),
    CRL_REG(CSU_PLL_CTRL, 0x01001500),
    CRL_REG(PCAP_CTRL, 0x00001500),
    CRL_REG(LPD_SWITCH_CTRL, 0x01000500),
    CRL_REG(LPD_LSBUS_CTRL, 0x01001800),
    CRL_REG(DBG_LPD_CTRL, 0x01002000),
    CRL_REG(NAND_REF_CTRL, 0x00052000),
    CRL_REG(ADMA_REF_CTRL, 0x00002000),
    CRL_REG(PL0_REF_CTRL, 0x00052000),
    CRL_REG(PL1_REF_CTRL, 0x00052000),
    CRL_REG(PL2_REF_CTRL, 0x00052000),
    CRL_REG(PL3_REF_CTRL, 0x00052000),
    CRL_REG(GEM_TSU_REF_CTRL, 0x00051000),
    CRL_REG(DLL_REF_CTRL, 0),
    CRL_REG(AMS_REF_CTRL, 0x01001800),
    CRL_REG(I2C0_REF_CTRL, 0x01000500),
    CRL_REG(I2C1_REF_CTRL, 0x01000500),
    CRL_REG(TIMESTAMP_REF_CTRL, 0x00001800),
    CRL_REG(SAFETY_CHK, 0),
    CRL_REG(BOOT_MODE_USER, 0),
    {   .name = "BOOT_MODE_POR", .addr = A_BOOT_MODE_POR,
        .ro = UINT32_MAX,
    },{ .name = "RESET_CTRL", .addr = A_RESET_CTRL,
        .reset = 0x1,
        .post_write = crl_reset_ctrl_postw,
    },
    CRL_REG(BLOCKONLY_RST, 0),
    {   .name = "RESET_REASON", .addr = A_RESET_REASON,
        .w1c = UINT32_MAX,
    },
    CRL_REG(RST_LPD_IOU0, 0x0000000f),
    CRL_REG(RST_LPD_IOU1, 0),
    CRL_REG(RST_LPD_IOU2, 0x0017ffff),
    {   .name = "RST_LPD_TOP", .addr = A_RST_LPD_TOP,
        .reset = 0x00188fdf,
        .post_write = crl_rst_lpd_top_postw,
    },
    CRL_REG(RST_LPD_DBG, 0x00000033),
    CRL_REG(BANK3_CTRL0, 0x000003ff),
    CRL_REG(BANK3_CTRL1, 0x000003ff),
    CRL_REG(BANK3_CTRL2, 0x000003ff),
    CRL_REG(BANK3_CTRL3, 0x000003ff),
    CRL_REG(BANK3_CTRL4, 0x000003ff),
    CRL_REG(BANK3_CTRL5, 0),
    {   .name = "BANK3_STATUS", .addr = A_BANK3_STATUS,
        .ro = UINT32_MAX,
    },
};

static const MemoryRegionOps crl_ops = {
    .read = register_read_memory,
    .write = register_write_memory,
    .endianness = DEVICE_LITTLE_ENDIAN,
    .valid = {
        .min_access_size = 4,
        .max_access_size = 4,
    },
};

static void crl_reset_enter(Object *obj, ResetType type)
{
    XlnxZynqMPCRL *s = XLNX_ZYNQMP_CRL(obj);

    for (int i = 0; i < ARRAY_SIZE(s->regs_info); i++) {
        register_reset(&s->regs_info[i]);
    }
    s->regs[R_RESET_REASON] = s->soft_reset ?
        R_RESET_REASON_SOFT_MASK : R_RESET_REASON_EXTERNAL_POR_MASK;
    s->soft_reset = false;
}

static void crl_reset_hold(Object *obj, ResetType type)
{
    XlnxZynqMPCRL *s = XLNX_ZYNQMP_CRL(obj);

    crl_update_irq(s);
    crl_update_resets(s);
}

static void crl_init(Object *obj)
{
    XlnxZynqMPCRL *s = XLNX_ZYNQMP_CRL(obj);

    s->reg_array = register_init_block32(DEVICE(obj), crl_regs_info,
                                         ARRAY_SIZE(crl_regs_info),
                                         s->regs_info, s->regs, &crl_ops,
                                         false, CRL_MMIO_SIZE);
    /* The BQL may be dropped inside a write, see crl_update_resets() */
    s->reg_array->mem.disable_reentrancy_guard = true;
    sysbus_init_mmio(SYS_BUS_DEVICE(obj), &s->reg_array->mem);
    sysbus_init_irq(SYS_BUS_DEVICE(obj), &s->irq_ir);
    qdev_init_gpio_out_named(DEVICE(obj), s->rst_lpd_top,
                             XLNX_ZYNQMP_CRL_RST_LPD_TOP,
                             XLNX_ZYNQMP_CRL_NUM_RST);
}

static void crl_finalize(Object *obj)
{
    register_finalize_block(XLNX_ZYNQMP_CRL(obj)->reg_array);
}

static const VMStateDescription vmstate_crl = {
    .name = TYPE_XLNX_ZYNQMP_CRL,
    .version_id = 1,
    .minimum_version_id = 1,
    .fields = (const VMStateField[]) {
        VMSTATE_UINT32_ARRAY(regs, XlnxZynqMPCRL, XLNX_ZYNQMP_CRL_R_MAX),
        VMSTATE_BOOL(soft_reset, XlnxZynqMPCRL),
        VMSTATE_END_OF_LIST(),
    }
};

static void crl_class_init(ObjectClass *klass, void *data)
{
    ResettableClass *rc = RESETTABLE_CLASS(klass);
    DeviceClass *dc = DEVICE_CLASS(klass);

    dc->vmsd = &vmstate_crl;
    dc->desc = "ZynqMP CRL_APB";
    rc->phases.enter = crl_reset_enter;
    rc->phases.hold = crl_reset_hold;
}

static const TypeInfo crl_info = {
    .name = TYPE_XLNX_ZYNQMP_CRL,
    .parent = TYPE_SYS_BUS_DEVICE,
    .instance_size = sizeof(XlnxZynqMPCRL),
    .instance_init = crl_init,
    .instance_finalize = crl_finalize,
    .class_init = crl_class_init,
};

static void crl_register_types(void)
{
    type_register_static(&crl_info);
}

type_init(crl_register_types)
