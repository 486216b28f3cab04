/*
 * ZynqMP low-power domain: what the real-time processors need
 *
 * Copyright (c) 2026 linux-amp developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * One device for the SoC model to create.  It owns the reset controller
 * (CRL_APB), the RPU and the inter-processor interrupts, connects the first to
 * the others, and hands every shared interrupt of the SoC to both the APU's
 * and the RPU's interrupt controller (UG1085, "Interrupts": system interrupts
 * go to both).
 */

#include "qemu/osdep.h"
#include "hw/arm/xlnx-zynqmp-lpd.h"
#include "hw/irq.h"
#include "qapi/error.h"

#define CRL_ADDR 0xff5e0000

#define LPD_SPI     "spi"
#define LPD_APU_SPI "apu-spi"

/* Which bit of RST_LPD_TOP is which reset of the RPU */
static const int lpd_rpu_rst[XLNX_ZYNQMP_RPU_CTRL_NUM_RST] = {
    [XLNX_ZYNQMP_RPU_CTRL_RST_R50] = XLNX_ZYNQMP_RST_RPU_R50,
    [XLNX_ZYNQMP_RPU_CTRL_RST_R51] = XLNX_ZYNQMP_RST_RPU_R51,
    [XLNX_ZYNQMP_RPU_CTRL_RST_AMBA] = XLNX_ZYNQMP_RST_RPU_AMBA,
    [XLNX_ZYNQMP_RPU_CTRL_RST_PGE] = XLNX_ZYNQMP_RST_RPU_PGE,
};

void xlnx_zynqmp_lpd_add_rpu(XlnxZynqMPLPD *s, ARMCPU *cpu)
{
    xlnx_zynqmp_rpu_add_cpu(&s->rpu, cpu);
}

qemu_irq xlnx_zynqmp_lpd_share_spi(XlnxZynqMPLPD *s, int n, qemu_irq apu)
{
    qdev_connect_gpio_out_named(DEVICE(s), LPD_APU_SPI, n, apu);
    return qdev_get_gpio_in_named(DEVICE(s), LPD_SPI, n);
}

static void lpd_set_spi(void *opaque, int n, int level)
{
    XlnxZynqMPLPD *s = XLNX_ZYNQMP_LPD(opaque);

    qemu_set_irq(s->apu_spi[n], level);
    qemu_set_irq(qdev_get_gpio_in_named(DEVICE(&s->rpu), XLNX_ZYNQMP_RPU_SPI,
                                        n), level);
}

static void lpd_connect_resets(XlnxZynqMPLPD *s)
{
    DeviceState *crl = DEVICE(&s->crl);

    for (int i = 0; i < XLNX_ZYNQMP_RPU_CTRL_NUM_RST; i++) {
        qdev_connect_gpio_out_named(crl, XLNX_ZYNQMP_CRL_RST_LPD_TOP,
            lpd_rpu_rst[i],
            qdev_get_gpio_in_named(DEVICE(&s->rpu.ctrl),
                                   XLNX_ZYNQMP_RPU_CTRL_RST, i));
    }
    qdev_connect_gpio_out_named(crl, XLNX_ZYNQMP_CRL_RST_LPD_TOP,
                                XLNX_ZYNQMP_RST_IPI,
                                qdev_get_gpio_in_named(DEVICE(&s->ipi),
                                                       "reset", 0));
}

static void lpd_realize(DeviceState *dev, Error **errp)
{
    XlnxZynqMPLPD *s = XLNX_ZYNQMP_LPD(dev);

    if (!sysbus_realize(SYS_BUS_DEVICE(&s->rpu), errp) ||
        !sysbus_realize(SYS_BUS_DEVICE(&s->ipi), errp) ||
        !sysbus_realize(SYS_BUS_DEVICE(&s->crl), errp)) {
        return;
    }
    sysbus_mmio_map(SYS_BUS_DEVICE(&s->crl), 0, CRL_ADDR);
    lpd_connect_resets(s);
    xlnx_zynqmp_ipi_fabric_connect(&s->ipi, dev, LPD_SPI);
}

static void lpd_init(Object *obj)
{
    XlnxZynqMPLPD *s = XLNX_ZYNQMP_LPD(obj);

    object_initialize_child(obj, "crl", &s->crl, TYPE_XLNX_ZYNQMP_CRL);
    object_initialize_child(obj, "rpu", &s->rpu, TYPE_XLNX_ZYNQMP_RPU);
    object_initialize_child(obj, "ipi", &s->ipi, TYPE_XLNX_ZYNQMP_IPI_FABRIC);
    qdev_init_gpio_in_named(DEVICE(obj), lpd_set_spi, LPD_SPI,
                            XLNX_ZYNQMP_RPU_NUM_SPI);
    qdev_init_gpio_out_named(DEVICE(obj), s->apu_spi, LPD_APU_SPI,
                             XLNX_ZYNQMP_RPU_NUM_SPI);
}

static void lpd_class_init(ObjectClass *klass, void *data)
{
    DeviceClass *dc = DEVICE_CLASS(klass);

    dc->realize = lpd_realize;
    dc->desc = "ZynqMP low-power domain";
}

static const TypeInfo lpd_info = {
    .name = TYPE_XLNX_ZYNQMP_LPD,
    .parent = TYPE_SYS_BUS_DEVICE,
    .instance_size = sizeof(XlnxZynqMPLPD),
    .instance_init = lpd_init,
    .class_init = lpd_class_init,
};

static void lpd_register_types(void)
{
    type_register_static(&lpd_info);
}

type_init(lpd_register_types)
