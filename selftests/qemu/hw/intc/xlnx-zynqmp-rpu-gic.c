/*
 * Interrupt controller of the ZynqMP's real-time processors
 *
 * Copyright (c) 2026 linux-amp developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The RPU has a PL390 of its own (UG1085, "RPU GIC Interrupt Controller"),
 * which is QEMU's arm_gic of revision 1.  This subclass adds what arm_gic
 * lacks: the reset of what belongs to a single core, while the other core
 * keeps running and the input lines keep their levels.
 *
 * On silicon the PL390 belongs to the RPU's power island: it is reset when the
 * island is, and the manuals promise nothing for the reset of one core.  Here
 * the reset of a core always takes that core's part of the controller along,
 * so that firmware never starts with an interrupt that the firmware before it
 * had acknowledged or left pending.  A line that is still high, for example
 * because an IPI has not been cleared at its source, stays high.
 */

#include "qemu/osdep.h"
#include "hw/intc/xlnx-zynqmp-rpu-gic.h"
#include "hw/intc/gic_internal.h"
#include "qom/object.h"

typedef struct XlnxZynqMPRPUGICClass {
    ARMGICClass parent_class;

    ResettablePhases parent_phases;
} XlnxZynqMPRPUGICClass;

DECLARE_CLASS_CHECKERS(XlnxZynqMPRPUGICClass, XLNX_ZYNQMP_RPU_GIC,
                       TYPE_XLNX_ZYNQMP_RPU_GIC)

/* The CPU interface and the banked registers of interrupts 0 to 31 */
static void rpu_gic_reset_banked(GICState *s, int cpu)
{
    int cm = 1 << cpu;

    s->cpu_ctlr[cpu] = 0;
    s->priority_mask[cpu] = 0;
    s->running_priority[cpu] = 0x100;
    s->current_pending[cpu] = 1023;
    s->bpr[cpu] = GIC_MIN_BPR;
    s->abpr[cpu] = GIC_MIN_ABPR;
    for (int i = 0; i < GIC_NR_APRS; i++) {
        s->apr[i][cpu] = 0;
        s->nsapr[i][cpu] = 0;
    }

    for (int irq = 0; irq < GIC_INTERNAL; irq++) {
        s->priority1[irq][cpu] = 0;
        GIC_DIST_CLEAR_PENDING(irq, cm);
        GIC_DIST_CLEAR_ACTIVE(irq, cm);
        GIC_DIST_CLEAR_GROUP(irq, cm);
        if (irq < GIC_NR_SGIS) {
            GIC_DIST_SET_ENABLED(irq, cm);
            s->sgi_pending[irq][cpu] = 0;
        } else {
            GIC_DIST_CLEAR_ENABLED(irq, cm);
        }
    }
    /* What this core had sent to the others and nobody has taken yet */
    for (int irq = 0; irq < GIC_NR_SGIS; irq++) {
        for (int target = 0; target < s->num_cpu; target++) {
            if (!s->sgi_pending[irq][target]) {
                continue;
            }
            s->sgi_pending[irq][target] &= ~cm;
            if (!s->sgi_pending[irq][target]) {
                GIC_DIST_CLEAR_PENDING(irq, 1 << target);
            }
        }
    }
}

/*
 * Interrupts that go to this core alone lose all they have except the level
 * of the line; interrupts that go to another core too stay with that core.
 */
static void rpu_gic_reset_shared(GICState *s, int cpu, bool last)
{
    int cm = 1 << cpu;

    for (int irq = GIC_INTERNAL; irq < s->num_irq; irq++) {
        GIC_DIST_CLEAR_PENDING(irq, cm);
        GIC_DIST_CLEAR_ACTIVE(irq, cm);
        if (!last && GIC_DIST_TARGET(irq) != cm) {
            s->irq_target[irq] &= ~cm;
            continue;
        }
        GIC_DIST_CLEAR_ENABLED(irq, ALL_CPU_MASK);
        GIC_DIST_CLEAR_PENDING(irq, ALL_CPU_MASK);
        GIC_DIST_CLEAR_ACTIVE(irq, ALL_CPU_MASK);
        GIC_DIST_CLEAR_GROUP(irq, ALL_CPU_MASK);
        GIC_DIST_CLEAR_MODEL(irq);
        GIC_DIST_CLEAR_EDGE_TRIGGER(irq);
        s->priority2[irq - GIC_INTERNAL] = 0;
        /* With one CPU interface there is nothing to choose */
        s->irq_target[irq] = s->num_cpu == 1;
    }
    if (last) {
        s->ctlr = 0;
    }
}

void xlnx_zynqmp_rpu_gic_reset_cpu(GICState *s, int cpu, bool last)
{
    rpu_gic_reset_banked(s, cpu);
    rpu_gic_reset_shared(s, cpu, last);
    arm_gic_update(s);
}

/* Machine reset: arm_gic leaves the active priorities and its outputs alone */
static void rpu_gic_reset_hold(Object *obj, ResetType type)
{
    XlnxZynqMPRPUGICClass *rgc = XLNX_ZYNQMP_RPU_GIC_GET_CLASS(obj);
    GICState *s = ARM_GIC_COMMON(obj);

    if (rgc->parent_phases.hold) {
        rgc->parent_phases.hold(obj, type);
    }
    memset(s->apr, 0, sizeof(s->apr));
    memset(s->nsapr, 0, sizeof(s->nsapr));
    arm_gic_update(s);
}

static void rpu_gic_class_init(ObjectClass *klass, void *data)
{
    XlnxZynqMPRPUGICClass *rgc = XLNX_ZYNQMP_RPU_GIC_CLASS(klass);

    resettable_class_set_parent_phases(RESETTABLE_CLASS(klass), NULL,
                                       rpu_gic_reset_hold, NULL,
                                       &rgc->parent_phases);
    DEVICE_CLASS(klass)->desc = "ZynqMP RPU interrupt controller (PL390)";
}

static const TypeInfo rpu_gic_info = {
    .name = TYPE_XLNX_ZYNQMP_RPU_GIC,
    .parent = TYPE_ARM_GIC,
    .class_size = sizeof(XlnxZynqMPRPUGICClass),
    .class_init = rpu_gic_class_init,
};

static void rpu_gic_register_types(void)
{
    type_register_static(&rpu_gic_info);
}

type_init(rpu_gic_register_types)
