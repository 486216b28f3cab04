/*
 * ZynqMP RPU control block
 *
 * Copyright (c) 2026 linux-amp developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Owns the register block at 0xFF9A0000 (UG1087, module RPU) and the decision
 * whether each Cortex-R5F executes: it does while none of its resets is
 * asserted, nCPUHALT is high and, for core 1, the RPU is split.  In lockstep
 * core 1 repeats what core 0 does (UG1085, "RPU Reset Sequence": only core 0
 * needs to be reset), which is not worth emulating, so it stays in reset.
 *
 * nCPUHALT is defined for a core that leaves reset.  Pulling it low on a core
 * that runs stops that core here without a reset, and raising it lets the core
 * go on; software that wants a restart has to assert the reset.  VINITHI is
 * sampled while the core is in reset, as on silicon.
 *
 * Concurrency: registers are written by any vCPU under the BQL, cores are
 * stopped and reset by work queued on their own vCPU.  That work does what the
 * registers ask for when it runs, so a burst of writes ends with what was
 * written last, and a reset that was asserted for one instruction still is a
 * reset.  arm_set_cpu_off() and arm_set_cpu_on_and_reset() do not fit: they
 * compare with a power state that lags behind the queue and refuse.
 */

#include "qemu/osdep.h"
#include "hw/core/cpu.h"
#include "hw/intc/xlnx-zynqmp-rpu-gic.h"
#include "hw/irq.h"
#include "hw/misc/xlnx-zynqmp-rpu-ctrl.h"
#include "hw/qdev-properties.h"
#include "migration/vmstate.h"
#include "qemu/bitops.h"
#include "qemu/log.h"
#include "qemu/main-loop.h"
#include "target/arm/cpu.h"

#define RPU_MMIO_SIZE 0x1000

/* SCTLR.V of the Cortex-R5 chooses where the exception vectors are */
#define R5_SCTLR_V_SHIFT 13
#define R5_LOVECS 0x00000000
#define R5_HIVECS 0xffff0000

REG32(RPU_GLBL_CNTL, 0x0)
    FIELD(RPU_GLBL_CNTL, SLSPLIT, 3, 1)
    FIELD(RPU_GLBL_CNTL, SLCLAMP, 4, 1)
    FIELD(RPU_GLBL_CNTL, TCM_COMB, 6, 1)
REG32(RPU_GLBL_STATUS, 0x4)
REG32(RPU_ERR_CNTL, 0x8)
REG32(RPU_RAM, 0xc)
REG32(RPU_CACHE_DATA, 0x10)
REG32(RPU_CACHE_SYN, 0x14)
REG32(RPU_TCM_DATA, 0x18)
REG32(RPU_TCM_SYN, 0x1c)
REG32(RPU_ERR_INJ, 0x20)
REG32(RPU_CCF_MASK, 0x24)
REG32(RPU_INTR_0, 0x28)
REG32(RPU_INTR_1, 0x2c)
REG32(RPU_INTR_2, 0x30)
REG32(RPU_INTR_3, 0x34)
REG32(RPU_INTR_4, 0x38)
REG32(RPU_INTR_MASK_0, 0x40)
REG32(RPU_INTR_MASK_1, 0x44)
REG32(RPU_INTR_MASK_2, 0x48)
REG32(RPU_INTR_MASK_3, 0x4c)
REG32(RPU_INTR_MASK_4, 0x50)
REG32(RPU_CCF_VAL, 0x54)
REG32(RPU_SAFETY_CHK, 0xf0)
REG32(RPU_0_CFG, 0x100)
    FIELD(RPU_CFG, NCPUHALT, 0, 1)
    FIELD(RPU_CFG, VINITHI, 2, 1)
REG32(RPU_0_STATUS, 0x104)
    FIELD(RPU_STATUS, NWFIPIPESTOPPED, 2, 1)
REG32(RPU_0_PWRDWN, 0x108)
REG32(RPU_0_ISR, 0x114)
REG32(RPU_0_IMR, 0x118)
REG32(RPU_0_IEN, 0x11c)
REG32(RPU_0_IDS, 0x120)
REG32(RPU_0_SLV_BASE, 0x124)
REG32(RPU_0_AXI_OVER, 0x128)
REG32(RPU_1_CFG, 0x200)
REG32(RPU_1_STATUS, 0x204)
REG32(RPU_1_PWRDWN, 0x208)
REG32(RPU_1_ISR, 0x214)
REG32(RPU_1_IMR, 0x218)
REG32(RPU_1_IEN, 0x21c)
REG32(RPU_1_IDS, 0x220)
REG32(RPU_1_SLV_BASE, 0x224)
REG32(RPU_1_AXI_OVER, 0x228)

#define RPU_ISR_ALL 0x01ffffff

QEMU_BUILD_BUG_ON(XLNX_ZYNQMP_RPU_CTRL_R_MAX != R_RPU_1_AXI_OVER + 1);

/* The registers of a core, R being the name without "RPU_0_" */
#define R_CORE(core, reg) \
    (R_RPU_0_ ## reg + (core) * (R_RPU_1_CFG - R_RPU_0_CFG))

static bool rpu_core_wants_reset(XlnxZynqMPRPUCtrl *s, int i)
{
    static const int own[] = {
        XLNX_ZYNQMP_RPU_CTRL_RST_R50, XLNX_ZYNQMP_RPU_CTRL_RST_R51
    };
    bool lockstep = !ARRAY_FIELD_EX32(s->regs, RPU_GLBL_CNTL, SLSPLIT);

    return s->rst[XLNX_ZYNQMP_RPU_CTRL_RST_AMBA] ||
           s->rst[XLNX_ZYNQMP_RPU_CTRL_RST_PGE] ||
           s->rst[own[i]] || (lockstep && i > 0);
}

static bool rpu_others_in_reset(XlnxZynqMPRPUCtrl *s, int core)
{
    for (int i = 0; i < XLNX_ZYNQMP_RPU_NUM_CORES; i++) {
        if (i != core && s->core[i].cpu && !s->core[i].in_reset) {
            return false;
        }
    }
    return true;
}

/*
 * QEMU takes the reset value of SCTLR.V from the CPU's "reset-hivecs" property
 * when the CPU is realized; here it changes from one reset to the next.
 */
static void rpu_core_set_vectors(XlnxZynqMPRPUCore *core)
{
    CPUARMState *env = &core->cpu->env;

    env->cp15.sctlr_ns = deposit64(env->cp15.sctlr_ns, R5_SCTLR_V_SHIFT, 1,
                                   core->hivecs);
    env->regs[15] = core->hivecs ? R5_HIVECS : R5_LOVECS;
    arm_rebuild_hflags(env);
}

/* On the core's own vCPU, outside of guest code, under the BQL */
static void rpu_core_work(CPUState *cs, run_on_cpu_data data)
{
    XlnxZynqMPRPUCtrl *s = data.host_ptr;
    int i = CPU(s->core[0].cpu) == cs ? 0 : 1;
    XlnxZynqMPRPUCore *core = &s->core[i];

    if (core->need_reset) {
        cpu_reset(cs);
        rpu_core_set_vectors(core);
        xlnx_zynqmp_rpu_gic_reset_cpu(s->gic, i, rpu_others_in_reset(s, i));
        core->need_reset = core->in_reset;
    }
    /* A core that waits for an interrupt may wake up spuriously */
    cs->halted = !core->run;
    core->cpu->power_state = core->run ? PSCI_ON : PSCI_OFF;
    qatomic_set(&core->done, core->done + 1);
}

static bool rpu_current_cpu_is_core(XlnxZynqMPRPUCtrl *s)
{
    for (int i = 0; i < XLNX_ZYNQMP_RPU_NUM_CORES; i++) {
        if (s->core[i].cpu && current_cpu == CPU(s->core[i].cpu)) {
            return true;
        }
    }
    return false;
}

/*
 * Wait until a core whose stop was just queued executes nothing any more.
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
 * releases the core again meanwhile.  A core that writes the registers does
 * not wait, so that two cores cannot wait for each other, and with all vCPUs
 * on one thread no other is ever running.
 */
static void rpu_core_wait_stopped(XlnxZynqMPRPUCtrl *s, int i, unsigned ticket)
{
    XlnxZynqMPRPUCore *core = &s->core[i];
    unsigned spins = 0;

    if (!current_cpu || rpu_current_cpu_is_core(s)) {
        return;
    }
    bql_unlock();
    while (qatomic_read(&CPU(core->cpu)->running) &&
           (int)(qatomic_read(&core->done) - ticket) < 0) {
        if (++spins > 1000) {
            g_usleep(20);
        }
    }
    bql_lock();
}

/* Make the cores do what the registers and the reset lines say */
static void rpu_update_cores(XlnxZynqMPRPUCtrl *s)
{
    unsigned ticket[XLNX_ZYNQMP_RPU_NUM_CORES];
    bool stopped[XLNX_ZYNQMP_RPU_NUM_CORES] = { false };

    for (int i = 0; i < XLNX_ZYNQMP_RPU_NUM_CORES; i++) {
        XlnxZynqMPRPUCore *core = &s->core[i];
        uint32_t cfg = s->regs[R_CORE(i, CFG)];
        bool in_reset = rpu_core_wants_reset(s, i);
        bool run = !in_reset && FIELD_EX32(cfg, RPU_CFG, NCPUHALT);

        if (!core->cpu) {
            continue;
        }
        if (in_reset) {
            core->need_reset = true;
            core->hivecs = FIELD_EX32(cfg, RPU_CFG, VINITHI);
        }
        if (in_reset == core->in_reset && run == core->run) {
            continue;
        }
        stopped[i] = core->run && !run;
        core->in_reset = in_reset;
        core->run = run;
        ticket[i] = ++core->queued;
        async_run_on_cpu(CPU(core->cpu), rpu_core_work,
                         RUN_ON_CPU_HOST_PTR(s));
    }
    for (int i = 0; i < XLNX_ZYNQMP_RPU_NUM_CORES; i++) {
        if (stopped[i]) {
            rpu_core_wait_stopped(s, i, ticket[i]);
        }
    }
}

static void rpu_update_tcm(XlnxZynqMPRPUCtrl *s)
{
    qemu_set_irq(s->tcm_comb,
                 ARRAY_FIELD_EX32(s->regs, RPU_GLBL_CNTL, TCM_COMB));
}

static void rpu_set_rst(void *opaque, int n, int level)
{
    XlnxZynqMPRPUCtrl *s = XLNX_ZYNQMP_RPU_CTRL(opaque);

    if (s->rst[n] != level) {
        s->rst[n] = level;
        rpu_update_cores(s);
    }
}

static void rpu_glbl_cntl_postw(RegisterInfo *reg, uint64_t val)
{
    XlnxZynqMPRPUCtrl *s = XLNX_ZYNQMP_RPU_CTRL(reg->opaque);

    rpu_update_tcm(s);
    rpu_update_cores(s);
}

static void rpu_cfg_postw(RegisterInfo *reg, uint64_t val)
{
    rpu_update_cores(XLNX_ZYNQMP_RPU_CTRL(reg->opaque));
}

static uint64_t rpu_status_postr(RegisterInfo *reg, uint64_t val)
{
    XlnxZynqMPRPUCtrl *s = XLNX_ZYNQMP_RPU_CTRL(reg->opaque);
    XlnxZynqMPRPUCore *core =
        &s->core[reg->access->addr == A_RPU_1_STATUS];
    bool wfi = core->cpu && core->run && CPU(core->cpu)->halted;

    return FIELD_DP32(val, RPU_STATUS, NWFIPIPESTOPPED, !wfi);
}

/* ISR never gets a bit: no fault of the R5F's memories is modelled */
static uint64_t rpu_ien_prew(RegisterInfo *reg, uint64_t val)
{
    XlnxZynqMPRPUCtrl *s = XLNX_ZYNQMP_RPU_CTRL(reg->opaque);

    s->regs[R_CORE(reg->access->addr == A_RPU_1_IEN, IMR)] &= ~val;
    return 0;
}

static uint64_t rpu_ids_prew(RegisterInfo *reg, uint64_t val)
{
    XlnxZynqMPRPUCtrl *s = XLNX_ZYNQMP_RPU_CTRL(reg->opaque);

    s->regs[R_CORE(reg->access->addr == A_RPU_1_IDS, IMR)] |=
        val & RPU_ISR_ALL;
    return 0;
}

#define RPU_REG(n, rst) { .name = #n, .addr = A_ ## n, .reset = (rst) }

#define RPU_CORE_REGS(n) \
    {   .name = "RPU_" #n "_CFG", .addr = A_RPU_ ## n ## _CFG,                \
        .reset = R_RPU_CFG_NCPUHALT_MASK | R_RPU_CFG_VINITHI_MASK,            \
        .post_write = rpu_cfg_postw,                                          \
    },{ .name = "RPU_" #n "_STATUS", .addr = A_RPU_ ## n ## _STATUS,          \
        .reset = 0x3f,                                                        \
        .ro = UINT32_MAX,                                                     \
        .post_read = rpu_status_postr,                                        \
    },                                                                        \
    RPU_REG(RPU_ ## n ## _PWRDWN, 0),                                         \
    {   .name = "RPU_" #n "_ISR", .addr = A_RPU_ ## n ## _ISR,                \
        .w1c = RPU_ISR_ALL,                                                   \
    },{ .name = "RPU_" #n "_IMR", .addr = A_RPU_ ## n ## _IMR,                \
        .reset = RPU_ISR_ALL,                                                 \
        .ro = UINT32_MAX,                                                     \
    },{ .name = "RPU_" #n "_IEN", .addr = A_RPU_ ## n ## _IEN,                \
        .pre_write = rpu_ien_prew,                                            \
    },{ .name = "RPU_" #n "_IDS", .addr = A_RPU_ ## n ## _IDS,                \
        .pre_write = rpu_ids_prew,                                            \
    },                                                                        \
    RPU_REG(RPU_ ## n ## _SLV_BASE, 0),                                       \
    RPU_REG(RPU_ ## n ## _AXI_OVER, 0)

static const RegisterAccessInfo rpu_regs_info[] = {
    {   .name = "RPU_GLBL_CNTL", .addr = A_RPU_GLBL_CNTL,
        .reset = R_RPU_GLBL_CNTL_SLCLAMP_MASK | R_RPU_GLBL_CNTL_TCM_COMB_MASK,
        .post_write = rpu_glbl_cntl_postw,
    },{ .name = "RPU_GLBL_STATUS", .addr = A_RPU_GLBL_STATUS,
        .ro = UINT32_MAX,
    },
    RPU_REG(RPU_ERR_CNTL, 0),
    RPU_REG(RPU_RAM, 0),
    RPU_REG(RPU_CACHE_DATA, 0x0a28a28a),
    RPU_REG(RPU_CACHE_SYN, 0x0a28a28a),
    RPU_REG(RPU_TCM_DATA, 0x0000a00a),
    RPU_REG(RPU_TCM_SYN, 0x00280280),
    RPU_REG(RPU_ERR_INJ, 0),
    RPU_REG(RPU_CCF_MASK, 0),
    RPU_REG(RPU_INTR_0, 0),
    RPU_REG(RPU_INTR_1, 0),
    RPU_REG(RPU_INTR_2, 0),
    RPU_REG(RPU_INTR_3, 0),
    RPU_REG(RPU_INTR_4, 0),
    RPU_REG(RPU_INTR_MASK_0, 0),
    RPU_REG(RPU_INTR_MASK_1, 0),
    RPU_REG(RPU_INTR_MASK_2, 0),
    RPU_REG(RPU_INTR_MASK_3, 0),
    RPU_REG(RPU_INTR_MASK_4, 0),
    RPU_REG(RPU_CCF_VAL, 0x7),
    RPU_REG(RPU_SAFETY_CHK, 0),
    RPU_CORE_REGS(0),
    RPU_CORE_REGS(1),
};

static const MemoryRegionOps rpu_ops = {
    .read = register_read_memory,
    .write = register_write_memory,
    .endianness = DEVICE_LITTLE_ENDIAN,
    .valid = {
        .min_access_size = 4,
        .max_access_size = 4,
    },
};

static void rpu_ctrl_reset_enter(Object *obj, ResetType type)
{
    XlnxZynqMPRPUCtrl *s = XLNX_ZYNQMP_RPU_CTRL(obj);

    for (int i = 0; i < ARRAY_SIZE(s->regs_info); i++) {
        register_reset(&s->regs_info[i]);
    }
}

static void rpu_ctrl_reset_hold(Object *obj, ResetType type)
{
    rpu_update_tcm(XLNX_ZYNQMP_RPU_CTRL(obj));
}

/* By now the device that drives the reset lines has been reset as well */
static void rpu_ctrl_reset_exit(Object *obj, ResetType type)
{
    rpu_update_cores(XLNX_ZYNQMP_RPU_CTRL(obj));
}

static void rpu_ctrl_init(Object *obj)
{
    XlnxZynqMPRPUCtrl *s = XLNX_ZYNQMP_RPU_CTRL(obj);
    DeviceState *dev = DEVICE(obj);

    s->reg_array = register_init_block32(dev, rpu_regs_info,
                                         ARRAY_SIZE(rpu_regs_info),
                                         s->regs_info, s->regs, &rpu_ops,
                                         false, RPU_MMIO_SIZE);
    /* The BQL may be dropped inside a write, see rpu_core_wait_stopped() */
    s->reg_array->mem.disable_reentrancy_guard = true;
    sysbus_init_mmio(SYS_BUS_DEVICE(obj), &s->reg_array->mem);
    qdev_init_gpio_in_named(dev, rpu_set_rst, XLNX_ZYNQMP_RPU_CTRL_RST,
                            XLNX_ZYNQMP_RPU_CTRL_NUM_RST);
    qdev_init_gpio_out_named(dev, &s->tcm_comb, XLNX_ZYNQMP_RPU_CTRL_TCM_COMB,
                             1);

    for (int i = 0; i < XLNX_ZYNQMP_RPU_NUM_CORES; i++) {
        s->core[i].in_reset = true;
        s->core[i].need_reset = true;
    }
}

static void rpu_ctrl_finalize(Object *obj)
{
    register_finalize_block(XLNX_ZYNQMP_RPU_CTRL(obj)->reg_array);
}

static int rpu_ctrl_post_load(void *opaque, int version_id)
{
    rpu_update_tcm(opaque);
    return 0;
}

static const VMStateDescription vmstate_rpu_core = {
    .name = TYPE_XLNX_ZYNQMP_RPU_CTRL "-core",
    .version_id = 1,
    .minimum_version_id = 1,
    .fields = (const VMStateField[]) {
        VMSTATE_BOOL(in_reset, XlnxZynqMPRPUCore),
        VMSTATE_BOOL(run, XlnxZynqMPRPUCore),
        VMSTATE_BOOL(need_reset, XlnxZynqMPRPUCore),
        VMSTATE_BOOL(hivecs, XlnxZynqMPRPUCore),
        VMSTATE_END_OF_LIST(),
    }
};

static const VMStateDescription vmstate_rpu_ctrl = {
    .name = TYPE_XLNX_ZYNQMP_RPU_CTRL,
    .version_id = 1,
    .minimum_version_id = 1,
    .post_load = rpu_ctrl_post_load,
    .fields = (const VMStateField[]) {
        VMSTATE_UINT32_ARRAY(regs, XlnxZynqMPRPUCtrl,
                             XLNX_ZYNQMP_RPU_CTRL_R_MAX),
        VMSTATE_BOOL_ARRAY(rst, XlnxZynqMPRPUCtrl,
                           XLNX_ZYNQMP_RPU_CTRL_NUM_RST),
        VMSTATE_STRUCT_ARRAY(core, XlnxZynqMPRPUCtrl,
                             XLNX_ZYNQMP_RPU_NUM_CORES, 1, vmstate_rpu_core,
                             XlnxZynqMPRPUCore),
        VMSTATE_END_OF_LIST(),
    }
};

/* Cores that the machine does not have stay unset; then @gic does, too */
static const Property rpu_ctrl_properties[] = {
    DEFINE_PROP_LINK("cpu0", XlnxZynqMPRPUCtrl, core[0].cpu, TYPE_ARM_CPU,
                     ARMCPU *),
    DEFINE_PROP_LINK("cpu1", XlnxZynqMPRPUCtrl, core[1].cpu, TYPE_ARM_CPU,
                     ARMCPU *),
    DEFINE_PROP_LINK("gic", XlnxZynqMPRPUCtrl, gic, TYPE_XLNX_ZYNQMP_RPU_GIC,
                     GICState *),
};

static void rpu_ctrl_class_init(ObjectClass *klass, void *data)
{
    ResettableClass *rc = RESETTABLE_CLASS(klass);
    DeviceClass *dc = DEVICE_CLASS(klass);

    device_class_set_props(dc, rpu_ctrl_properties);
    dc->vmsd = &vmstate_rpu_ctrl;
    dc->desc = "ZynqMP RPU control";
    rc->phases.enter = rpu_ctrl_reset_enter;
    rc->phases.hold = rpu_ctrl_reset_hold;
    rc->phases.exit = rpu_ctrl_reset_exit;
}

static const TypeInfo rpu_ctrl_info = {
    .name = TYPE_XLNX_ZYNQMP_RPU_CTRL,
    .parent = TYPE_SYS_BUS_DEVICE,
    .instance_size = sizeof(XlnxZynqMPRPUCtrl),
    .instance_init = rpu_ctrl_init,
    .instance_finalize = rpu_ctrl_finalize,
    .class_init = rpu_ctrl_class_init,
};

static void rpu_ctrl_register_types(void)
{
    type_register_static(&rpu_ctrl_info);
}

type_init(rpu_ctrl_register_types)
