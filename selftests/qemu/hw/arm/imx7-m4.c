/*
 * i.MX 7Dual Cortex-M4 and what it shares with the Cortex-A7s
 *
 * Copyright (c) 2026 linux-amp developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Owns the core, its tightly coupled memories, its view of everything else,
 * the messaging unit between it and the A7s, the register of the system reset
 * controller that holds and releases it, and the distribution of the devices'
 * interrupts to both sides.
 *
 * Memory, from the address translation table for fsl,imx7d-cm4 in Linux'
 * drivers/remoteproc/imx_rproc.c.  The peripherals are where the A7s have
 * them; their interrupt controller is theirs alone and not in the M4's view.
 *
 * SRC_M4RCR: the bits are those of imx_rproc.c, the reset value 0xab is what
 * boards show after a reset (NXP community, thread 442858) and what Linux
 * takes for "held".  The core executes while ENABLE_M4 is set and
 * SW_M4C_NON_SCLR_RST is clear.  SW_M4C_RST and SW_M4P_RST clear themselves;
 * with the core held they stay as written, because the reset value has one of
 * them set and Linux writes and then expects it.
 *
 * Out of reset the core takes stack pointer and program counter from 0 and 4
 * in its view, which is OCRAM_S.  Nothing else of the boot is modelled: U-Boot
 * (arch/arm/mach-imx/imx_bootaux.c) and Linux write the two words there.
 *
 * Concurrency: the register is written by any vCPU under the BQL, the core is
 * stopped and reset by work queued on its own vCPU.  That work does what the
 * register asks for when it runs, so a burst of writes ends with what was
 * written last, and a reset that was asserted for one instruction still is a
 * reset.  arm_set_cpu_off() and arm_set_cpu_on_and_reset() do not fit: they
 * compare with a power state that lags behind the queue and refuse.
 */

#include "qemu/osdep.h"
#include "exec/address-spaces.h"
#include "hw/arm/imx7-m4.h"
#include "hw/core/cpu.h"
#include "hw/irq.h"
#include "hw/qdev-clock.h"
#include "hw/qdev-properties.h"
#include "hw/registerfields.h"
#include "migration/vmstate.h"
#include "qapi/error.h"
#include "qemu/bitops.h"
#include "qemu/main-loop.h"
#include "qemu/units.h"
#include "target/arm/cpu.h"

#define M4_TCML_ADDR    0x007f8000
#define M4_TCMU_ADDR    0x00800000
#define M4_TCM_SIZE     (32 * KiB)

#define M4_MUA_ADDR     0x30aa0000
#define M4_MUB_ADDR     0x30ab0000
/* MU_A7_IRQn and MU_M4_IRQn in NXP's MCIMX7D_M4.h, mu0a and mu0b in Linux */
#define M4_MUA_IRQ      88
#define M4_MUB_IRQ      97

/* Lies over the storage that QEMU's SRC has at this place */
#define M4_SRC_M4RCR    0x3039000c
#define M4_SRC_PRIO     1

#define M4_CLK_HZ       (240 * 1000 * 1000)
/* __NVIC_PRIO_BITS in MCIMX7D_M4.h */
#define M4_PRIO_BITS    4

#define M4_CLUSTER_ID   1
/* PSCI and the SRC look CPUs up by this number: no A7 must have it */
#define M4_MP_AFFINITY  0xff0000

FIELD(M4RCR, SW_M4C_NON_SCLR_RST, 0, 1)
FIELD(M4RCR, SW_M4C_RST, 1, 1)
FIELD(M4RCR, SW_M4P_RST, 2, 1)
FIELD(M4RCR, ENABLE_M4, 3, 1)

#define M4RCR_PULSE (R_M4RCR_SW_M4C_RST_MASK | R_M4RCR_SW_M4P_RST_MASK)
#define M4RCR_RESET 0xab

static const struct {
    const char *name;
    hwaddr m4;
    hwaddr system;
    uint64_t size;
} m4_windows[IMX7_M4_NUM_WINDOWS] = {
    { "imx7.m4-boot",            0x00000000, 0x00180000, 32 * KiB },
    { "imx7.m4-ocram-s",         0x00180000, 0x00180000, 32 * KiB },
    { "imx7.m4-ocram-code",      0x00900000, 0x00900000, 128 * KiB },
    { "imx7.m4-ocram-epdc-code", 0x00920000, 0x00920000, 128 * KiB },
    { "imx7.m4-ocram-pxp-code",  0x00940000, 0x00940000, 32 * KiB },
    { "imx7.m4-ddr-code",        0x10000000, 0x80000000, 256 * MiB - 64 * KiB },
    { "imx7.m4-tcml",            0x1fff8000, M4_TCML_ADDR, M4_TCM_SIZE },
    { "imx7.m4-tcmu",            0x20000000, M4_TCMU_ADDR, M4_TCM_SIZE },
    { "imx7.m4-ocram",           0x20200000, 0x00900000, 128 * KiB },
    { "imx7.m4-ocram-epdc",      0x20220000, 0x00920000, 128 * KiB },
    { "imx7.m4-ocram-pxp",       0x20240000, 0x00940000, 32 * KiB },
    { "imx7.m4-peripherals",     0x30000000, 0x30000000, 16 * MiB },
    { "imx7.m4-ddr",             0x80000000, 0x80000000, 1536 * MiB },
};

static bool m4_wants_to_run(IMX7M4State *s)
{
    return s->has_cpu && FIELD_EX32(s->m4rcr, M4RCR, ENABLE_M4) &&
           !FIELD_EX32(s->m4rcr, M4RCR, SW_M4C_NON_SCLR_RST);
}

/* A reset of the NVIC makes it forget which of its inputs are high */
static void m4_repeat_irqs(IMX7M4State *s)
{
    for (int n = 0; n < IMX7_M4_NUM_IRQ; n++) {
        if (extract32(s->irq_level[n / 32], n % 32, 1)) {
            qemu_irq_raise(qdev_get_gpio_in(DEVICE(&s->armv7m), n));
        }
    }
}

/*
 * Not left to the reset of the CPU: that prefers the content of a file which
 * "-device loader" has put there, whatever has been written over it since.
 */
static void m4_fetch_vectors(IMX7M4State *s)
{
    CPUState *cs = CPU(s->armv7m.cpu);
    CPUARMState *env = &s->armv7m.cpu->env;
    uint32_t sp = address_space_ldl_le(cs->as, 0, MEMTXATTRS_UNSPECIFIED, NULL);
    uint32_t pc = address_space_ldl_le(cs->as, 4, MEMTXATTRS_UNSPECIFIED, NULL);

    env->regs[13] = sp & ~3;
    env->regs[15] = pc & ~1;
    env->thumb = pc & 1;
    arm_rebuild_hflags(env);
}

/* On the core's own vCPU, outside of guest code, under the BQL */
static void m4_work(CPUState *cs, run_on_cpu_data data)
{
    IMX7M4State *s = data.host_ptr;

    if (s->need_reset) {
        device_cold_reset(DEVICE(&s->armv7m.nvic));
        device_cold_reset(DEVICE(&s->armv7m.systick[M_REG_NS]));
        cpu_reset(cs);
        if (s->run) {
            m4_fetch_vectors(s);
            m4_repeat_irqs(s);
        }
        /* A core that is held goes through here again when it is released */
        s->need_reset = !s->run;
        cs->halted = !s->run;
        s->armv7m.cpu->power_state = s->run ? PSCI_ON : PSCI_OFF;
    }
    qatomic_set(&s->done, s->done + 1);
}

/*
 * Wait until the core executes nothing any more of what it did before its work
 * was queued.
 *
 * On silicon, the write that asserts a reset is followed by no store of that
 * core.  Here its thread may have been preempted in the middle of a
 * translation block, and would finish that block milliseconds later, over
 * whatever has been put into its memory by then.
 *
 * The BQL is dropped because the core may be waiting for it.  The work itself
 * need not have run: the vCPU has been kicked, so once it has left its
 * translation block it runs the work before anything else.  Waiting for the
 * work would deadlock with a core that waits, in start_exclusive(), for the
 * vCPU that is in this function.  The count is for the case that somebody else
 * releases the core again meanwhile.  A core that holds itself does not wait,
 * it gets to the end of its translation block, and with all vCPUs on one
 * thread no other is ever running.
 */
static void m4_wait_stopped(IMX7M4State *s, unsigned ticket)
{
    CPUState *cs = CPU(s->armv7m.cpu);
    unsigned spins = 0;

    if (!current_cpu || current_cpu == cs) {
        return;
    }
    bql_unlock();
    while (qatomic_read(&cs->running) &&
           (int)(qatomic_read(&s->done) - ticket) < 0) {
        if (++spins > 1000) {
            g_usleep(20);
        }
    }
    bql_lock();
}

/* Make the core do what the register says, through a reset if @pulse is set */
static void m4_update(IMX7M4State *s, bool pulse)
{
    bool was_running = s->run;
    unsigned ticket;

    s->run = m4_wants_to_run(s);
    if (!s->has_cpu || (s->run == was_running && !pulse)) {
        return;
    }
    if (!s->run || pulse) {
        s->need_reset = true;
    }
    ticket = ++s->queued;
    async_run_on_cpu(CPU(s->armv7m.cpu), m4_work, RUN_ON_CPU_HOST_PTR(s));
    if (was_running) {
        m4_wait_stopped(s, ticket);
    }
}

/* AIRCR.SYSRESETREQ: no reset of the whole machine, SRC_SRSR knows no such */
static void m4_sysresetreq(void *opaque, int n, int level)
{
    IMX7M4State *s = opaque;

    if (level) {
        m4_update(s, true);
    }
}

static uint64_t m4_src_read(void *opaque, hwaddr addr, unsigned size)
{
    return IMX7_M4(opaque)->m4rcr;
}

static void m4_src_write(void *opaque, hwaddr addr, uint64_t val, unsigned size)
{
    IMX7M4State *s = opaque;
    bool pulse = val & M4RCR_PULSE;

    s->m4rcr = val;
    if (m4_wants_to_run(s)) {
        s->m4rcr &= ~M4RCR_PULSE;
    }
    m4_update(s, pulse);
}

static const MemoryRegionOps m4_src_ops = {
    .read = m4_src_read,
    .write = m4_src_write,
    .endianness = DEVICE_LITTLE_ENDIAN,
    .valid = {
        .min_access_size = 4,
        .max_access_size = 4,
    },
};

static void m4_set_irq(void *opaque, int n, int level)
{
    IMX7M4State *s = opaque;

    s->irq_level[n / 32] = deposit32(s->irq_level[n / 32], n % 32, 1, !!level);
    qemu_set_irq(qdev_get_gpio_in(s->gic, n), level);
    if (s->has_cpu) {
        qemu_set_irq(qdev_get_gpio_in(DEVICE(&s->armv7m), n), level);
    }
}

static bool m4_realize_memory(IMX7M4State *s, Error **errp)
{
    MemoryRegion *system = get_system_memory();

    if (!memory_region_init_ram(&s->tcml, OBJECT(s), "imx7.tcml", M4_TCM_SIZE,
                                errp) ||
        !memory_region_init_ram(&s->tcmu, OBJECT(s), "imx7.tcmu", M4_TCM_SIZE,
                                errp)) {
        return false;
    }
    memory_region_add_subregion(system, M4_TCML_ADDR, &s->tcml);
    memory_region_add_subregion(system, M4_TCMU_ADDR, &s->tcmu);

    memory_region_init_io(&s->src, OBJECT(s), &m4_src_ops, s, "imx7.src-m4rcr",
                          4);
    /* The BQL may be dropped inside a write, see m4_wait_stopped() */
    s->src.disable_reentrancy_guard = true;
    memory_region_add_subregion_overlap(system, M4_SRC_M4RCR, &s->src,
                                        M4_SRC_PRIO);
    return true;
}

static bool m4_realize_mu(IMX7M4State *s, Error **errp)
{
    SysBusDevice *mu = SYS_BUS_DEVICE(&s->mu);
    DeviceState *dev = DEVICE(s);

    if (!sysbus_realize(mu, errp)) {
        return false;
    }
    sysbus_mmio_map(mu, IMX6SX_MU_A, M4_MUA_ADDR);
    sysbus_mmio_map(mu, IMX6SX_MU_B, M4_MUB_ADDR);
    sysbus_connect_irq(mu, IMX6SX_MU_A, qdev_get_gpio_in(dev, M4_MUA_IRQ));
    sysbus_connect_irq(mu, IMX6SX_MU_B, qdev_get_gpio_in(dev, M4_MUB_IRQ));
    return true;
}

static void m4_init_view(IMX7M4State *s)
{
    memory_region_init(&s->view, OBJECT(s), "imx7.m4-view", 4 * GiB);
    for (int i = 0; i < IMX7_M4_NUM_WINDOWS; i++) {
        memory_region_init_alias(&s->window[i], OBJECT(s), m4_windows[i].name,
                                 get_system_memory(), m4_windows[i].system,
                                 m4_windows[i].size);
        memory_region_add_subregion(&s->view, m4_windows[i].m4, &s->window[i]);
    }
}

/*
 * QEMU keeps the translations of CPUs in different clusters apart.  This one
 * is realized too late for that, as its CPU comes into being and starts its
 * thread inside the realization of armv7m; it is for gdb.  What counts is that
 * the A7s are in a cluster, so that the M4, in none, shares nothing with them.
 */
static bool m4_realize_cpu(IMX7M4State *s, Error **errp)
{
    DeviceState *armv7m;

    object_initialize_child(OBJECT(s), "cluster", &s->cluster,
                            TYPE_CPU_CLUSTER);
    qdev_prop_set_uint32(DEVICE(&s->cluster), "cluster-id", M4_CLUSTER_ID);
    object_initialize_child(OBJECT(&s->cluster), "m4", &s->armv7m,
                            TYPE_ARMV7M);
    armv7m = DEVICE(&s->armv7m);

    m4_init_view(s);
    clock_set_hz(s->clk, M4_CLK_HZ);
    qdev_connect_clock_in(armv7m, "cpuclk", s->clk);
    qdev_prop_set_string(armv7m, "cpu-type", ARM_CPU_TYPE_NAME("cortex-m4"));
    qdev_prop_set_uint32(armv7m, "num-irq", IMX7_M4_NUM_IRQ);
    qdev_prop_set_uint8(armv7m, "num-prio-bits", M4_PRIO_BITS);
    qdev_prop_set_bit(armv7m, "start-powered-off", true);
    object_property_set_bool(OBJECT(&s->armv7m.nvic), "lockup-stops", true,
                             &error_abort);
    object_property_set_link(OBJECT(armv7m), "memory", OBJECT(&s->view),
                             &error_abort);
    if (!sysbus_realize(SYS_BUS_DEVICE(armv7m), errp) ||
        !qdev_realize(DEVICE(&s->cluster), NULL, errp)) {
        return false;
    }
    s->armv7m.cpu->mp_affinity = M4_MP_AFFINITY;
    qdev_connect_gpio_out_named(armv7m, "SYSRESETREQ", 0,
                                qdev_get_gpio_in_named(DEVICE(s),
                                                       "sysresetreq", 0));
    return true;
}

static void m4_realize(DeviceState *dev, Error **errp)
{
    IMX7M4State *s = IMX7_M4(dev);

    if (!s->gic) {
        error_setg(errp, "the link \"gic\" is not set");
        return;
    }
    /* A machine without the core has its memories and registers all the same */
    if (!m4_realize_memory(s, errp) || !m4_realize_mu(s, errp)) {
        return;
    }
    if (s->has_cpu) {
        m4_realize_cpu(s, errp);
    }
}

static void m4_reset_enter(Object *obj, ResetType type)
{
    IMX7_M4(obj)->m4rcr = M4RCR_RESET;
}

static void m4_reset_exit(Object *obj, ResetType type)
{
    m4_update(IMX7_M4(obj), true);
}

static void m4_init(Object *obj)
{
    IMX7M4State *s = IMX7_M4(obj);
    DeviceState *dev = DEVICE(obj);

    object_initialize_child(obj, "mu", &s->mu, TYPE_IMX6SX_MU);
    s->clk = clock_new(obj, "m4-clk");
    s->need_reset = true;
    qdev_init_gpio_in(dev, m4_set_irq, IMX7_M4_NUM_IRQ);
    qdev_init_gpio_in_named(dev, m4_sysresetreq, "sysresetreq", 1);
}

static const VMStateDescription vmstate_m4 = {
    .name = TYPE_IMX7_M4,
    .version_id = 1,
    .minimum_version_id = 1,
    .fields = (const VMStateField[]) {
        VMSTATE_UINT32(m4rcr, IMX7M4State),
        VMSTATE_UINT32_ARRAY(irq_level, IMX7M4State, IMX7_M4_NUM_IRQ / 32),
        VMSTATE_BOOL(run, IMX7M4State),
        VMSTATE_BOOL(need_reset, IMX7M4State),
        VMSTATE_END_OF_LIST(),
    }
};

static const Property m4_properties[] = {
    DEFINE_PROP_BOOL("cpu", IMX7M4State, has_cpu, true),
    DEFINE_PROP_LINK("gic", IMX7M4State, gic, TYPE_DEVICE, DeviceState *),
};

static void m4_class_init(ObjectClass *klass, void *data)
{
    ResettableClass *rc = RESETTABLE_CLASS(klass);
    DeviceClass *dc = DEVICE_CLASS(klass);

    device_class_set_props(dc, m4_properties);
    dc->realize = m4_realize;
    dc->vmsd = &vmstate_m4;
    dc->desc = "i.MX 7Dual Cortex-M4";
    rc->phases.enter = m4_reset_enter;
    rc->phases.exit = m4_reset_exit;
}

static const TypeInfo m4_info = {
    .name = TYPE_IMX7_M4,
    .parent = TYPE_SYS_BUS_DEVICE,
    .instance_size = sizeof(IMX7M4State),
    .instance_init = m4_init,
    .class_init = m4_class_init,
};

static void m4_register_types(void)
{
    type_register_static(&m4_info);
}

type_init(m4_register_types)
