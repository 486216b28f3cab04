/*
 * i.MX 6SoloX and i.MX 7 messaging unit
 *
 * Copyright (c) 2026 linux-amp developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Owns the two sets of registers through which two processors send each other
 * words, general purpose interrupts (doorbells) and flags.  Who reads them,
 * and where the interrupts go, is the business of the SoC.
 *
 * Sources: drivers/mailbox/imx-mailbox.c in Linux, configuration "imx6sx", for
 * the offsets, the bits GIP/RF/TE and their enables, GIR, and the reset (CR
 * bit 5, polled at SR bit 7); NXP's mu_imx.h and mu_imx.c and the MU in its
 * CMSIS headers (MCIMX7D_M4.h, PERI_MU.h) for the flags, FUP, EP, PM and RS,
 * for GIP being cleared by writing 1 and clearing the sender's GIR, and for
 * the reset being side A's.
 *
 * A word or a flag crosses in no time here, so "pending" (EP) and "flag update
 * pending" (FUP) always read as 0.  The processors' power mode (PM) and reset
 * (RS) read as 0, "runs" and "not in reset": what the M4's reset does to RS is
 * not published, and Linux as well as NXP's code poll it only to become 0.
 */

#include "qemu/osdep.h"
#include "hw/irq.h"
#include "hw/misc/imx6sx-mu.h"
#include "hw/registerfields.h"
#include "migration/vmstate.h"
#include "qemu/log.h"
#include "qemu/module.h"

#define MU_MMIO_SIZE 0x10000

/*
 * Not on silicon: the same registers once more, at the offsets that they have on
 * an i.MX 7ULP (configuration "imx7ulp" of imx-mailbox.c).  No board of QEMU has
 * that SoC, and a driver that knows both can be tried on this one.
 */
#define MU_ULP_WINDOW 0x1000
#define MU_ULP_TR0 0x20
#define MU_ULP_RR0 0x40
#define MU_ULP_SR 0x60
#define MU_ULP_CR 0x64

REG32(MU_TR0, 0x00)
REG32(MU_TR3, 0x0c)
REG32(MU_RR0, 0x10)
REG32(MU_RR3, 0x1c)
REG32(MU_SR, 0x20)
    FIELD(MU_SR, FN, 0, 3)
    FIELD(MU_SR, TE, 20, 4)
    FIELD(MU_SR, RF, 24, 4)
    FIELD(MU_SR, GIP, 28, 4)
REG32(MU_CR, 0x24)
    FIELD(MU_CR, FN, 0, 3)
    FIELD(MU_CR, MUR, 5, 1)
    FIELD(MU_CR, GIR, 16, 4)
    FIELD(MU_CR, ENABLE, 20, 12)

#define MU_CR_ALL (R_MU_CR_FN_MASK | R_MU_CR_MUR_MASK | R_MU_CR_GIR_MASK | \
                   R_MU_CR_ENABLE_MASK)

#define MU_ALL_WORDS MAKE_64BIT_MASK(0, IMX6SX_MU_NUM_WORDS)

static uint32_t mu_bit(int n)
{
    return 1 << (IMX6SX_MU_NUM_WORDS - 1 - n);
}

static uint32_t mu_status(const IMX6SXMUState *s, int me)
{
    const IMX6SXMUSide *own = &s->side[me], *peer = &s->side[!me];
    uint32_t sr = 0;

    sr = FIELD_DP32(sr, MU_SR, GIP, peer->request);
    sr = FIELD_DP32(sr, MU_SR, RF, peer->full);
    sr = FIELD_DP32(sr, MU_SR, TE, ~own->full & MU_ALL_WORDS);
    return FIELD_DP32(sr, MU_SR, FN, peer->flags);
}

/* Whatever one side does can change the interrupts of both */
static void mu_update(IMX6SXMUState *s)
{
    for (int i = 0; i < IMX6SX_MU_NUM_SIDES; i++) {
        qemu_set_irq(s->side[i].irq,
                     (mu_status(s, i) & s->side[i].enable) != 0);
    }
}

static void mu_clear(IMX6SXMUState *s)
{
    for (int i = 0; i < IMX6SX_MU_NUM_SIDES; i++) {
        IMX6SXMUSide *side = &s->side[i];

        memset(side->word, 0, sizeof(side->word));
        side->full = 0;
        side->request = 0;
        side->flags = 0;
        side->enable = 0;
    }
}

/* Where a register of the window is in this unit; what is none stays as it is */
static hwaddr mu_from_window(hwaddr addr)
{
    hwaddr at = addr - MU_ULP_WINDOW;

    if (addr < MU_ULP_WINDOW) {
        return addr;
    }
    switch (at) {
    case MU_ULP_TR0 ... MU_ULP_TR0 + A_MU_TR3 - A_MU_TR0:
        return at - MU_ULP_TR0 + A_MU_TR0;
    case MU_ULP_RR0 ... MU_ULP_RR0 + A_MU_RR3 - A_MU_RR0:
        return at - MU_ULP_RR0 + A_MU_RR0;
    case MU_ULP_SR:
        return A_MU_SR;
    case MU_ULP_CR:
        return A_MU_CR;
    }
    return addr;
}

static uint64_t mu_read(IMX6SXMUState *s, int me, hwaddr addr)
{
    IMX6SXMUSide *own = &s->side[me], *peer = &s->side[!me];
    uint32_t val;
    int n;

    addr = mu_from_window(addr);
    switch (addr) {
    case A_MU_TR0 ... A_MU_TR3:
        /* Write only */
        return 0;
    case A_MU_RR0 ... A_MU_RR3:
        n = (addr - A_MU_RR0) / 4;
        val = peer->word[n];
        peer->full &= ~mu_bit(n);
        mu_update(s);
        return val;
    case A_MU_SR:
        return mu_status(s, me);
    case A_MU_CR:
        val = own->enable;
        val = FIELD_DP32(val, MU_CR, GIR, own->request);
        return FIELD_DP32(val, MU_CR, FN, own->flags);
    }
    qemu_log_mask(LOG_GUEST_ERROR, "imx6sx-mu: read of 0x%" HWADDR_PRIx "\n",
                  addr);
    return 0;
}

static void mu_send(IMX6SXMUSide *own, int n, uint32_t val)
{
    if (own->full & mu_bit(n)) {
        qemu_log_mask(LOG_GUEST_ERROR,
                      "imx6sx-mu: word %d was overwritten before it was read\n",
                      n);
    }
    own->word[n] = val;
    own->full |= mu_bit(n);
}

static void mu_control(IMX6SXMUState *s, int me, uint32_t val)
{
    IMX6SXMUSide *own = &s->side[me];

    if (val & ~MU_CR_ALL) {
        qemu_log_mask(LOG_UNIMP, "imx6sx-mu: CR bits 0x%x\n", val & ~MU_CR_ALL);
    }
    /* On side B the bit does not exist */
    if (me == IMX6SX_MU_A && FIELD_EX32(val, MU_CR, MUR)) {
        mu_clear(s);
        return;
    }
    own->enable = val & R_MU_CR_ENABLE_MASK;
    own->flags = FIELD_EX32(val, MU_CR, FN);
    /* Only the receiver takes a request back */
    own->request |= FIELD_EX32(val, MU_CR, GIR);
}

static void mu_write(IMX6SXMUState *s, int me, hwaddr addr, uint32_t val)
{
    addr = mu_from_window(addr);
    switch (addr) {
    case A_MU_TR0 ... A_MU_TR3:
        mu_send(&s->side[me], (addr - A_MU_TR0) / 4, val);
        break;
    case A_MU_SR:
        s->side[!me].request &= ~FIELD_EX32(val, MU_SR, GIP);
        break;
    case A_MU_CR:
        mu_control(s, me, val);
        break;
    default:
        qemu_log_mask(LOG_GUEST_ERROR,
                      "imx6sx-mu: write of 0x%x to 0x%" HWADDR_PRIx "\n", val,
                      addr);
        return;
    }
    mu_update(s);
}

static uint64_t mu_a_read(void *opaque, hwaddr addr, unsigned size)
{
    return mu_read(opaque, IMX6SX_MU_A, addr);
}

static void mu_a_write(void *opaque, hwaddr addr, uint64_t val, unsigned size)
{
    mu_write(opaque, IMX6SX_MU_A, addr, val);
}

static uint64_t mu_b_read(void *opaque, hwaddr addr, unsigned size)
{
    return mu_read(opaque, IMX6SX_MU_B, addr);
}

static void mu_b_write(void *opaque, hwaddr addr, uint64_t val, unsigned size)
{
    mu_write(opaque, IMX6SX_MU_B, addr, val);
}

static const MemoryRegionOps mu_ops[IMX6SX_MU_NUM_SIDES] = {
    [IMX6SX_MU_A] = {
        .read = mu_a_read,
        .write = mu_a_write,
        .endianness = DEVICE_LITTLE_ENDIAN,
        .valid = { .min_access_size = 4, .max_access_size = 4 },
    },
    [IMX6SX_MU_B] = {
        .read = mu_b_read,
        .write = mu_b_write,
        .endianness = DEVICE_LITTLE_ENDIAN,
        .valid = { .min_access_size = 4, .max_access_size = 4 },
    },
};

static void mu_reset_enter(Object *obj, ResetType type)
{
    mu_clear(IMX6SX_MU(obj));
}

static void mu_reset_hold(Object *obj, ResetType type)
{
    mu_update(IMX6SX_MU(obj));
}

static void mu_init(Object *obj)
{
    static const char *const name[IMX6SX_MU_NUM_SIDES] = {
        TYPE_IMX6SX_MU "-a", TYPE_IMX6SX_MU "-b"
    };
    IMX6SXMUState *s = IMX6SX_MU(obj);
    SysBusDevice *sbd = SYS_BUS_DEVICE(obj);

    for (int i = 0; i < IMX6SX_MU_NUM_SIDES; i++) {
        memory_region_init_io(&s->side[i].iomem, obj, &mu_ops[i], s, name[i],
                              MU_MMIO_SIZE);
        sysbus_init_mmio(sbd, &s->side[i].iomem);
        sysbus_init_irq(sbd, &s->side[i].irq);
    }
}

static const VMStateDescription vmstate_mu_side = {
    .name = TYPE_IMX6SX_MU "-side",
    .version_id = 1,
    .minimum_version_id = 1,
    .fields = (const VMStateField[]) {
        VMSTATE_UINT32_ARRAY(word, IMX6SXMUSide, IMX6SX_MU_NUM_WORDS),
        VMSTATE_UINT32(full, IMX6SXMUSide),
        VMSTATE_UINT32(request, IMX6SXMUSide),
        VMSTATE_UINT32(flags, IMX6SXMUSide),
        VMSTATE_UINT32(enable, IMX6SXMUSide),
        VMSTATE_END_OF_LIST(),
    }
};

static const VMStateDescription vmstate_mu = {
    .name = TYPE_IMX6SX_MU,
    .version_id = 1,
    .minimum_version_id = 1,
    .fields = (const VMStateField[]) {
        VMSTATE_STRUCT_ARRAY(side, IMX6SXMUState, IMX6SX_MU_NUM_SIDES, 1,
                             vmstate_mu_side, IMX6SXMUSide),
        VMSTATE_END_OF_LIST(),
    }
};

static void mu_class_init(ObjectClass *klass, void *data)
{
    ResettableClass *rc = RESETTABLE_CLASS(klass);
    DeviceClass *dc = DEVICE_CLASS(klass);

    dc->vmsd = &vmstate_mu;
    dc->desc = "i.MX 6SoloX messaging unit";
    rc->phases.enter = mu_reset_enter;
    rc->phases.hold = mu_reset_hold;
}

static const TypeInfo mu_info = {
    .name = TYPE_IMX6SX_MU,
    .parent = TYPE_SYS_BUS_DEVICE,
    .instance_size = sizeof(IMX6SXMUState),
    .instance_init = mu_init,
    .class_init = mu_class_init,
};

static void mu_register_types(void)
{
    type_register_static(&mu_info);
}

type_init(mu_register_types)
