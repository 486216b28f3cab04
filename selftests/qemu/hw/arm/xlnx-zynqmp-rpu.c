/*
 * ZynqMP real-time processing unit
 *
 * Copyright (c) 2026 linux-amp developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Owns the four banks of tightly coupled memory, what each Cortex-R5F sees,
 * the interrupt controller of the R5Fs and the wires between these and the
 * RPU control block.  The cores themselves belong to the SoC.
 *
 * Memory (UG1085, "Tightly Coupled Memory", and UG1137, "RPU Address Maps"):
 *
 *   bank    split: system  core 0   core 1   combined: system  core 0
 *   ATCM 0  0xFFE00000     0x00000  -        0xFFE00000        0x00000
 *   BTCM 0  0xFFE20000     0x20000  -        0xFFE20000        0x20000
 *   ATCM 1  0xFFE90000     -        0x00000  0xFFE10000        0x10000
 *   BTCM 1  0xFFEB0000     -        0x20000  0xFFE30000        0x30000
 *
 * RPU_GLBL_CNTL.TCM_COMB alone chooses between the two; it is meant to be set
 * in lockstep, where core 1 does not execute.  Everywhere else a core sees the
 * system memory, except for the interrupt controllers: at 0xF9000000 a core
 * finds its own, which nobody else sees, and the APU's is hidden from it.
 */

#include "qemu/osdep.h"
#include "exec/address-spaces.h"
#include "hw/arm/xlnx-zynqmp-rpu.h"
#include "hw/core/cpu.h"
#include "hw/intc/xlnx-zynqmp-rpu-gic.h"
#include "hw/irq.h"
#include "hw/qdev-properties.h"
#include "qapi/error.h"
#include "qemu/units.h"
#include "target/arm/cpu.h"

#define RPU_CTRL_ADDR       0xff9a0000

#define RPU_GIC_ADDR        0xf9000000
#define RPU_GIC_SIZE        0x80000
#define RPU_GIC_DIST        0x0000
#define RPU_GIC_CPU         0x1000
#define RPU_GIC_FRAME       0x1000

#define TCM_BANK_SIZE       (64 * KiB)

/*
 * Affinity of the cores: level 0 is the number of the core, as firmware for
 * silicon expects; level 1 keeps it apart from the APU's 0 to 3, because QEMU
 * looks CPUs up by this number.
 */
#define RPU_MP_AFFINITY     0x100

enum {
    PRIO_SYSTEM,
    PRIO_TCM,
    PRIO_GIC,
};

static const hwaddr tcm_system_split[][XLNX_ZYNQMP_NUM_TCM] = {
    { 0xffe00000, 0xffe20000 },
    { 0xffe90000, 0xffeb0000 },
};

static const hwaddr tcm_system_combined[][XLNX_ZYNQMP_NUM_TCM] = {
    { 0xffe00000, 0xffe20000 },
    { 0xffe10000, 0xffe30000 },
};

/* In the view of a core: its own banks, and those of core 1 for core 0 */
static const hwaddr tcm_own[XLNX_ZYNQMP_NUM_TCM] = { 0x00000, 0x20000 };
static const hwaddr tcm_combined[XLNX_ZYNQMP_NUM_TCM] = { 0x10000, 0x30000 };

void xlnx_zynqmp_rpu_add_cpu(XlnxZynqMPRPU *s, ARMCPU *cpu)
{
    int i = s->num_cpus++;

    assert(i < XLNX_ZYNQMP_RPU_NUM_CORES);
    s->cpu[i] = cpu;
    object_property_set_link(OBJECT(cpu), "memory", OBJECT(&s->view[i].mr),
                             &error_abort);
    object_property_set_uint(OBJECT(cpu), "mp-affinity", RPU_MP_AFFINITY + i,
                             &error_abort);
}

static void rpu_set_tcm_comb(void *opaque, int n, int comb)
{
    XlnxZynqMPRPU *s = XLNX_ZYNQMP_RPU(opaque);

    memory_region_transaction_begin();
    for (int b = 0; b < XLNX_ZYNQMP_NUM_TCM; b++) {
        memory_region_set_address(&s->tcm[1][b],
                                  comb ? tcm_system_combined[1][b] :
                                         tcm_system_split[1][b]);
        memory_region_set_enabled(&s->view[0].tcm[1][b], comb);
        memory_region_set_enabled(&s->view[1].tcm[1][b], !comb);
    }
    memory_region_transaction_commit();
}

static bool rpu_realize_tcm(XlnxZynqMPRPU *s, Error **errp)
{
    for (int i = 0; i < XLNX_ZYNQMP_RPU_NUM_CORES; i++) {
        for (int b = 0; b < XLNX_ZYNQMP_NUM_TCM; b++) {
            g_autofree char *name = g_strdup_printf("zynqmp.%ctcm%d", "ab"[b],
                                                    i);

            if (!memory_region_init_ram(&s->tcm[i][b], OBJECT(s), name,
                                        TCM_BANK_SIZE, errp)) {
                return false;
            }
            memory_region_add_subregion(get_system_memory(),
                                        tcm_system_split[i][b], &s->tcm[i][b]);
        }
    }
    return true;
}

static void rpu_view_add_tcm(XlnxZynqMPRPU *s, int view, int owner,
                             const hwaddr *addr)
{
    XlnxZynqMPRPUView *v = &s->view[view];

    for (int b = 0; b < XLNX_ZYNQMP_NUM_TCM; b++) {
        memory_region_init_alias(&v->tcm[owner][b], OBJECT(s), "rpu-tcm",
                                 &s->tcm[owner][b], 0, TCM_BANK_SIZE);
        memory_region_add_subregion_overlap(&v->mr, addr[b],
                                            &v->tcm[owner][b], PRIO_TCM);
    }
}

static void rpu_realize_view(XlnxZynqMPRPU *s, int i)
{
    XlnxZynqMPRPUView *v = &s->view[i];

    memory_region_init_alias(&v->system, OBJECT(s), "rpu-system",
                             get_system_memory(), 0, 4 * GiB);
    memory_region_add_subregion_overlap(&v->mr, 0, &v->system, PRIO_SYSTEM);
    rpu_view_add_tcm(s, i, i, tcm_own);
    if (i == 0) {
        rpu_view_add_tcm(s, 0, 1, tcm_combined);
    }

    /* Opaque, so that nothing of the APU's controller shines through */
    memory_region_init_io(&v->gic, OBJECT(s), NULL, NULL, "rpu-gic",
                          RPU_GIC_SIZE);
    memory_region_add_subregion_overlap(&v->mr, RPU_GIC_ADDR, &v->gic,
                                        PRIO_GIC);
}

static void rpu_view_add_gic(XlnxZynqMPRPU *s, int i)
{
    XlnxZynqMPRPUView *v = &s->view[i];
    SysBusDevice *gic = SYS_BUS_DEVICE(&s->gic);
    MemoryRegion *dist = sysbus_mmio_get_region(gic, 0);
    MemoryRegion *cpu = sysbus_mmio_get_region(gic, 1);

    memory_region_init_alias(&v->gic_dist, OBJECT(s), "rpu-gic-dist", dist, 0,
                             MIN(memory_region_size(dist), RPU_GIC_FRAME));
    memory_region_add_subregion(&v->gic, RPU_GIC_DIST, &v->gic_dist);
    memory_region_init_alias(&v->gic_cpu, OBJECT(s), "rpu-gic-cpu", cpu, 0,
                             MIN(memory_region_size(cpu), RPU_GIC_FRAME));
    memory_region_add_subregion(&v->gic, RPU_GIC_CPU, &v->gic_cpu);
}

static bool rpu_realize_gic(XlnxZynqMPRPU *s, Error **errp)
{
    DeviceState *gic = DEVICE(&s->gic);
    SysBusDevice *sbd = SYS_BUS_DEVICE(gic);

    qdev_prop_set_uint32(gic, "revision", 1);
    qdev_prop_set_uint32(gic, "num-irq",
                         XLNX_ZYNQMP_RPU_NUM_SPI + GIC_INTERNAL);
    qdev_prop_set_uint32(gic, "num-cpu", s->num_cpus);
    qdev_prop_set_uint32(gic, "first-cpu-index", CPU(s->cpu[0])->cpu_index);
    if (!sysbus_realize(sbd, errp)) {
        return false;
    }
    for (int i = 0; i < s->num_cpus; i++) {
        DeviceState *cpu = DEVICE(s->cpu[i]);

        sysbus_connect_irq(sbd, i, qdev_get_gpio_in(cpu, ARM_CPU_IRQ));
        sysbus_connect_irq(sbd, i + s->num_cpus,
                           qdev_get_gpio_in(cpu, ARM_CPU_FIQ));
        rpu_view_add_gic(s, i);
    }
    return true;
}

static bool rpu_realize_ctrl(XlnxZynqMPRPU *s, Error **errp)
{
    DeviceState *ctrl = DEVICE(&s->ctrl);

    for (int i = 0; i < s->num_cpus; i++) {
        g_autofree char *name = g_strdup_printf("cpu%d", i);

        object_property_set_link(OBJECT(ctrl), name, OBJECT(s->cpu[i]),
                                 &error_abort);
    }
    if (s->num_cpus) {
        object_property_set_link(OBJECT(ctrl), "gic", OBJECT(&s->gic),
                                 &error_abort);
    }
    if (!sysbus_realize(SYS_BUS_DEVICE(ctrl), errp)) {
        return false;
    }
    sysbus_mmio_map(SYS_BUS_DEVICE(ctrl), 0, RPU_CTRL_ADDR);
    qdev_connect_gpio_out_named(ctrl, XLNX_ZYNQMP_RPU_CTRL_TCM_COMB, 0,
                                qdev_get_gpio_in_named(DEVICE(s), "tcm-comb",
                                                       0));
    return true;
}

static void rpu_set_spi(void *opaque, int n, int level)
{
    XlnxZynqMPRPU *s = XLNX_ZYNQMP_RPU(opaque);

    if (s->num_cpus) {
        qemu_set_irq(qdev_get_gpio_in(DEVICE(&s->gic), n), level);
    }
}

static void rpu_realize(DeviceState *dev, Error **errp)
{
    XlnxZynqMPRPU *s = XLNX_ZYNQMP_RPU(dev);

    if (!rpu_realize_tcm(s, errp)) {
        return;
    }
    for (int i = 0; i < XLNX_ZYNQMP_RPU_NUM_CORES; i++) {
        rpu_realize_view(s, i);
    }
    /* A machine without R5Fs has their memories and registers all the same */
    if (s->num_cpus) {
        object_initialize_child(OBJECT(s), "gic", &s->gic,
                                TYPE_XLNX_ZYNQMP_RPU_GIC);
        if (!rpu_realize_gic(s, errp)) {
            return;
        }
    }
    rpu_realize_ctrl(s, errp);
}

static void rpu_init(Object *obj)
{
    XlnxZynqMPRPU *s = XLNX_ZYNQMP_RPU(obj);

    for (int i = 0; i < XLNX_ZYNQMP_RPU_NUM_CORES; i++) {
        memory_region_init(&s->view[i].mr, obj, "rpu-view", 4 * GiB);
    }
    object_initialize_child(obj, "ctrl", &s->ctrl, TYPE_XLNX_ZYNQMP_RPU_CTRL);
    qdev_init_gpio_in_named(DEVICE(obj), rpu_set_tcm_comb, "tcm-comb", 1);
    qdev_init_gpio_in_named(DEVICE(obj), rpu_set_spi, XLNX_ZYNQMP_RPU_SPI,
                            XLNX_ZYNQMP_RPU_NUM_SPI);
}

static void rpu_class_init(ObjectClass *klass, void *data)
{
    DeviceClass *dc = DEVICE_CLASS(klass);

    dc->realize = rpu_realize;
    dc->desc = "ZynqMP real-time processing unit";
}

static const TypeInfo rpu_info = {
    .name = TYPE_XLNX_ZYNQMP_RPU,
    .parent = TYPE_SYS_BUS_DEVICE,
    .instance_size = sizeof(XlnxZynqMPRPU),
    .instance_init = rpu_init,
    .class_init = rpu_class_init,
};

static void rpu_register_types(void)
{
    type_register_static(&rpu_info);
}

type_init(rpu_register_types)
