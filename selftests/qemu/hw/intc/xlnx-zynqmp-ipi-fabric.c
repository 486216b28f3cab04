/*
 * ZynqMP inter-processor interrupts: all agents and the message buffers
 *
 * Copyright (c) 2026 linux-amp developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * QEMU's xlnx-zynqmp-ipi models the registers of one agent.  This device owns
 * the eleven agents that the SoC has, the wires from every agent to every
 * agent (itself included) and the 4 KiB of message buffers; it maps them all
 * into the system memory.
 *
 * Facts: UG1085, chapter "Interrupts", "IPI Interrupts and Message Buffers",
 * and UG1087, module IPI.  The interrupts of the PMU's agents go to the PMU,
 * which is not part of this machine.
 *
 * The state of an agent survives the reset of the core that uses it; only
 * RST_LPD_TOP.ipi_reset and the reset of the machine clear it.  The contents
 * of the buffers survive both.
 */

#include "qemu/osdep.h"
#include "exec/address-spaces.h"
#include "hw/intc/xlnx-zynqmp-ipi-fabric.h"
#include "hw/irq.h"
#include "migration/vmstate.h"
#include "qapi/error.h"

#define IPI_BUFFERS_ADDR 0xff990000
#define IPI_BUFFERS_SIZE 0x1000

/*
 * In the order of the lines of xlnx-zynqmp-ipi.  @bit is the agent's bit in
 * the TRIG, OBS, ISR, IMR, IER and IDR registers of all agents.
 */
static const struct {
    const char *name;
    hwaddr addr;
    int bit;
    int spi;
} ipi_agents[NUM_IPIS] = {
    { "APU",   0xff300000,  0, 35 },
    { "RPU_0", 0xff310000,  8, 33 },
    { "RPU_1", 0xff320000,  9, 34 },
    { "PMU_0", 0xff330000, 16, -1 },
    { "PMU_1", 0xff331000, 17, -1 },
    { "PMU_2", 0xff332000, 18, -1 },
    { "PMU_3", 0xff333000, 19, -1 },
    { "PL_0",  0xff340000, 24, 29 },
    { "PL_1",  0xff350000, 25, 30 },
    { "PL_2",  0xff360000, 26, 31 },
    { "PL_3",  0xff370000, 27, 32 },
};

void xlnx_zynqmp_ipi_fabric_connect(XlnxZynqMPIPIFabric *s, DeviceState *intc,
                                    const char *input)
{
    for (int i = 0; i < NUM_IPIS; i++) {
        if (ipi_agents[i].spi >= 0) {
            sysbus_connect_irq(SYS_BUS_DEVICE(&s->agent[i]), 0,
                               qdev_get_gpio_in_named(intc, input,
                                                      ipi_agents[i].spi));
        }
    }
}

/*
 * TRIG of @from pulses a line into ISR of @to; ISR of @to drives the line
 * that OBS of @from shows.
 */
static void ipi_fabric_wire(XlnxZynqMPIPIFabric *s, int from, int to)
{
    DeviceState *src = DEVICE(&s->agent[from]);
    DeviceState *dst = DEVICE(&s->agent[to]);
    g_autofree char *obs = g_strdup_printf("OBS_%s", ipi_agents[from].name);

    qdev_connect_gpio_out_named(src, ipi_agents[to].name, 0,
                                qdev_get_gpio_in_named(dst, "IPI_INPUTS",
                                                       ipi_agents[from].bit));
    qdev_connect_gpio_out_named(dst, obs, 0,
                                qdev_get_gpio_in_named(src, "OBS_INPUTS",
                                                       ipi_agents[to].bit));
}

static void ipi_fabric_set_reset(void *opaque, int n, int level)
{
    XlnxZynqMPIPIFabric *s = XLNX_ZYNQMP_IPI_FABRIC(opaque);

    if (level && !s->in_reset) {
        for (int i = 0; i < NUM_IPIS; i++) {
            device_cold_reset(DEVICE(&s->agent[i]));
        }
    }
    s->in_reset = level;
}

static void ipi_fabric_realize(DeviceState *dev, Error **errp)
{
    XlnxZynqMPIPIFabric *s = XLNX_ZYNQMP_IPI_FABRIC(dev);

    for (int i = 0; i < NUM_IPIS; i++) {
        SysBusDevice *sbd = SYS_BUS_DEVICE(&s->agent[i]);

        if (!sysbus_realize(sbd, errp)) {
            return;
        }
        sysbus_mmio_map(sbd, 0, ipi_agents[i].addr);
    }
    for (int from = 0; from < NUM_IPIS; from++) {
        for (int to = 0; to < NUM_IPIS; to++) {
            ipi_fabric_wire(s, from, to);
        }
    }

    if (!memory_region_init_ram(&s->buffers, OBJECT(dev), "zynqmp.ipi-buffers",
                                IPI_BUFFERS_SIZE, errp)) {
        return;
    }
    memory_region_add_subregion(get_system_memory(), IPI_BUFFERS_ADDR,
                                &s->buffers);
}

static void ipi_fabric_init(Object *obj)
{
    XlnxZynqMPIPIFabric *s = XLNX_ZYNQMP_IPI_FABRIC(obj);

    for (int i = 0; i < NUM_IPIS; i++) {
        object_initialize_child(obj, "agent[*]", &s->agent[i],
                                TYPE_XLNX_ZYNQMP_IPI);
    }
    qdev_init_gpio_in_named(DEVICE(obj), ipi_fabric_set_reset, "reset", 1);
}

static const VMStateDescription vmstate_ipi_fabric = {
    .name = TYPE_XLNX_ZYNQMP_IPI_FABRIC,
    .version_id = 1,
    .minimum_version_id = 1,
    .fields = (const VMStateField[]) {
        VMSTATE_BOOL(in_reset, XlnxZynqMPIPIFabric),
        VMSTATE_END_OF_LIST(),
    }
};

static void ipi_fabric_class_init(ObjectClass *klass, void *data)
{
    DeviceClass *dc = DEVICE_CLASS(klass);

    dc->realize = ipi_fabric_realize;
    dc->vmsd = &vmstate_ipi_fabric;
    dc->desc = "ZynqMP inter-processor interrupts";
}

static const TypeInfo ipi_fabric_info = {
    .name = TYPE_XLNX_ZYNQMP_IPI_FABRIC,
    .parent = TYPE_SYS_BUS_DEVICE,
    .instance_size = sizeof(XlnxZynqMPIPIFabric),
    .instance_init = ipi_fabric_init,
    .class_init = ipi_fabric_class_init,
};

static void ipi_fabric_register_types(void)
{
    type_register_static(&ipi_fabric_info);
}

type_init(ipi_fabric_register_types)
