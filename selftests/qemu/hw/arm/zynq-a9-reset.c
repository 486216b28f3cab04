/*
 * Zynq-7000: what A9_CPU_RST_CTRL does to the Cortex-A9s
 *
 * Copyright (c) 2026 linux-amp developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Holds, stops and releases the two cores.  The register itself is in the SLCR
 * (hw/misc/zynq_slcr.c), which drives a reset and a clock-stop line per core.
 *
 * Sources: UG585, the Zynq-7000 TRM: 3.7 for the reset of one CPU, 6.1.10 for
 * the start of CPU 1, appendix B.28 for the register.  A9_RSTn resets CPU n
 * and nothing else: its interrupt controller interface, private timer and
 * watchdog belong to PERI_RST, which is not modelled.  A9_CLKSTOPn stops its
 * clock, so that it goes on where it was.  A core executes while both bits are
 * clear.  Out of reset it is in Secure Supervisor mode at address 0, as
 * zynq_cpun_start() in Linux' arch/arm/mach-zynq/platsmp.c relies on.
 *
 * After a reset of the machine both bits are clear, but software does not see
 * CPU 1 run: the boot ROM has parked it in a loop with wfe.  Here CPU 1 does
 * not execute at all until it has been through a reset of its own.  The other
 * way out of that loop, a start address at 0xfffffff0 and an event, is not
 * modelled: QEMU's wfe does not wait, so the loop would keep a host CPU busy.
 *
 * Concurrency: the register is written by any vCPU under the BQL, a core is
 * stopped and reset by work queued on its own vCPU.  That work does what the
 * lines ask for when it runs, so a burst of writes ends with what was written
 * last, and a reset that was asserted for one instruction still is a reset.
 * arm_set_cpu_off() and arm_set_cpu_on_and_reset() do not fit: they compare
 * with a power state that lags behind the queue and refuse.
 */

#include "qemu/osdep.h"
#include "hw/arm/zynq-a9-reset.h"
#include "hw/core/cpu.h"
#include "hw/irq.h"
#include "hw/qdev-properties.h"
#include "migration/vmstate.h"
#include "qapi/error.h"
#include "qemu/main-loop.h"
#include "target/arm/cpu.h"

static const int core_input[] = { ARM_CPU_IRQ, ARM_CPU_FIQ };

static bool core_may_run(const struct ZynqA9Core *core)
{
    return !core->rst && !core->clkstop && !core->parked;
}

static void core_set_power(struct ZynqA9Core *core, bool on, bool halted)
{
    CPU(core->cpu)->halted = halted;
    core->cpu->power_state = on ? PSCI_ON : PSCI_OFF;
    core->stopped = !on;
}

/* The reset of a CPU makes it forget which of its inputs are high */
static void core_reset(struct ZynqA9Core *core)
{
    cpu_reset(CPU(core->cpu));
    for (int i = 0; i < ARRAY_SIZE(core_input); i++) {
        if (core->irq[i]) {
            qemu_irq_raise(qdev_get_gpio_in(DEVICE(core->cpu), core_input[i]));
        }
    }
    core->need_reset = false;
}

/* On the core's own vCPU, outside of guest code, under the BQL */
static void core_work(CPUState *cs, run_on_cpu_data data)
{
    struct ZynqA9Core *core = data.host_ptr;

    if (!core->run) {
        if (!core->stopped) {
            core->asleep = cs->halted;
            core_set_power(core, false, true);
        }
    } else if (core->need_reset) {
        core_reset(core);
        core_set_power(core, true, false);
    } else if (core->stopped) {
        core_set_power(core, true, core->asleep);
    }
    qatomic_set(&core->done, core->done + 1);
}

static struct ZynqA9Core *core_of_this_vcpu(ZynqA9ResetState *s)
{
    for (int n = 0; n < ZYNQ_A9_CORES; n++) {
        if (s->core[n].cpu && CPU(s->core[n].cpu) == current_cpu) {
            return &s->core[n];
        }
    }
    return NULL;
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
 * it gets to the end of its translation block.  Nor do two that hold each
 * other: whoever is held itself must get there too.  With all vCPUs on one
 * thread no other is ever running.
 */
static void core_wait_stopped(ZynqA9ResetState *s, struct ZynqA9Core *core,
                              unsigned ticket)
{
    struct ZynqA9Core *self = core_of_this_vcpu(s);
    CPUState *cs = CPU(core->cpu);
    unsigned spins = 0;

    if (!self || self == core) {
        return;
    }
    bql_unlock();
    while (qatomic_read(&cs->running) && qatomic_read(&self->run) &&
           (int)(qatomic_read(&core->done) - ticket) < 0) {
        if (++spins > 1000) {
            g_usleep(20);
        }
    }
    bql_lock();
}

static void core_update(ZynqA9ResetState *s, struct ZynqA9Core *core)
{
    bool was_running = core->run;
    unsigned ticket;

    qatomic_set(&core->run, core_may_run(core));
    if (!core->cpu || core->run == was_running) {
        return;
    }
    ticket = ++core->queued;
    async_run_on_cpu(CPU(core->cpu), core_work, RUN_ON_CPU_HOST_PTR(core));
    if (was_running) {
        core_wait_stopped(s, core, ticket);
    }
}

static void a9_set_rst(void *opaque, int n, int level)
{
    ZynqA9ResetState *s = opaque;
    struct ZynqA9Core *core = &s->core[n];

    core->rst = level;
    if (level) {
        core->need_reset = true;
        core->parked = false;
    }
    core_update(s, core);
}

static void a9_set_clkstop(void *opaque, int n, int level)
{
    ZynqA9ResetState *s = opaque;

    s->core[n].clkstop = level;
    core_update(s, &s->core[n]);
}

static void a9_pass_irq(struct ZynqA9Core *core, int input, int level)
{
    core->irq[input] = level;
    if (core->cpu) {
        qemu_set_irq(qdev_get_gpio_in(DEVICE(core->cpu), core_input[input]),
                     level);
    }
}

static void a9_set_irq(void *opaque, int n, int level)
{
    a9_pass_irq(&ZYNQ_A9_RESET(opaque)->core[n], 0, level);
}

static void a9_set_fiq(void *opaque, int n, int level)
{
    a9_pass_irq(&ZYNQ_A9_RESET(opaque)->core[n], 1, level);
}

/*
 * The reset of the machine also resets the CPUs themselves and brings CPU 1,
 * which has "start-powered-off" set, to a stop.
 */
static void a9_reset_enter(Object *obj, ResetType type)
{
    ZynqA9ResetState *s = ZYNQ_A9_RESET(obj);

    for (int n = 0; n < ZYNQ_A9_CORES; n++) {
        struct ZynqA9Core *core = &s->core[n];

        core->rst = false;
        core->clkstop = false;
        memset(core->irq, 0, sizeof(core->irq));
        core->parked = n > 0;
        core->run = core_may_run(core);
        core->need_reset = false;
        core->stopped = !core->run;
        core->asleep = false;
    }
}

static void a9_realize(DeviceState *dev, Error **errp)
{
    if (!ZYNQ_A9_RESET(dev)->core[0].cpu) {
        error_setg(errp, "the link \"cpu0\" is not set");
    }
}

static void a9_init(Object *obj)
{
    DeviceState *dev = DEVICE(obj);

    qdev_init_gpio_in_named(dev, a9_set_rst, "rst", ZYNQ_A9_CORES);
    qdev_init_gpio_in_named(dev, a9_set_clkstop, "clkstop", ZYNQ_A9_CORES);
    qdev_init_gpio_in_named(dev, a9_set_irq, "irq", ZYNQ_A9_CORES);
    qdev_init_gpio_in_named(dev, a9_set_fiq, "fiq", ZYNQ_A9_CORES);
}

static const VMStateDescription vmstate_core = {
    .name = "zynq-a9-core",
    .version_id = 1,
    .minimum_version_id = 1,
    .fields = (const VMStateField[]) {
        VMSTATE_BOOL(rst, struct ZynqA9Core),
        VMSTATE_BOOL(clkstop, struct ZynqA9Core),
        VMSTATE_BOOL_ARRAY(irq, struct ZynqA9Core, 2),
        VMSTATE_BOOL(parked, struct ZynqA9Core),
        VMSTATE_BOOL(run, struct ZynqA9Core),
        VMSTATE_BOOL(need_reset, struct ZynqA9Core),
        VMSTATE_BOOL(stopped, struct ZynqA9Core),
        VMSTATE_BOOL(asleep, struct ZynqA9Core),
        VMSTATE_END_OF_LIST()
    }
};

static const VMStateDescription vmstate_a9 = {
    .name = TYPE_ZYNQ_A9_RESET,
    .version_id = 1,
    .minimum_version_id = 1,
    .fields = (const VMStateField[]) {
        VMSTATE_STRUCT_ARRAY(core, ZynqA9ResetState, ZYNQ_A9_CORES, 1,
                             vmstate_core, struct ZynqA9Core),
        VMSTATE_END_OF_LIST()
    }
};

static const Property a9_properties[] = {
    DEFINE_PROP_LINK("cpu0", ZynqA9ResetState, core[0].cpu, TYPE_ARM_CPU,
                     ARMCPU *),
    DEFINE_PROP_LINK("cpu1", ZynqA9ResetState, core[1].cpu, TYPE_ARM_CPU,
                     ARMCPU *),
};

static void a9_class_init(ObjectClass *klass, void *data)
{
    ResettableClass *rc = RESETTABLE_CLASS(klass);
    DeviceClass *dc = DEVICE_CLASS(klass);

    device_class_set_props(dc, a9_properties);
    dc->realize = a9_realize;
    dc->vmsd = &vmstate_a9;
    dc->desc = "Zynq-7000 Cortex-A9 reset and clock stop";
    rc->phases.enter = a9_reset_enter;
}

static const TypeInfo a9_info = {
    .name = TYPE_ZYNQ_A9_RESET,
    .parent = TYPE_SYS_BUS_DEVICE,
    .instance_size = sizeof(ZynqA9ResetState),
    .instance_init = a9_init,
    .class_init = a9_class_init,
};

static void a9_register_types(void)
{
    type_register_static(&a9_info);
}

type_init(a9_register_types)
