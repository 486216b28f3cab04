/*
 * i.MX 6SoloX and i.MX 7 messaging unit
 *
 * Copyright (c) 2026 linux-amp developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef HW_MISC_IMX6SX_MU_H
#define HW_MISC_IMX6SX_MU_H

#include "hw/sysbus.h"
#include "qom/object.h"

#define TYPE_IMX6SX_MU "imx6sx-mu"
OBJECT_DECLARE_SIMPLE_TYPE(IMX6SXMUState, IMX6SX_MU)

#define IMX6SX_MU_NUM_WORDS 4

/* MMIO regions and interrupts of the device are numbered by side */
enum {
    IMX6SX_MU_A,
    IMX6SX_MU_B,
    IMX6SX_MU_NUM_SIDES
};

/*
 * What one side has told the other and what it wants to be told. Of all sets
 * of four, number 0 is the most significant bit, as in the registers.
 */
typedef struct IMX6SXMUSide {
    MemoryRegion iomem;
    qemu_irq irq;
    /* Words that were sent, and those which the other side has not read yet */
    uint32_t word[IMX6SX_MU_NUM_WORDS];
    uint32_t full;
    /* General purpose interrupts that the other side has not cleared yet */
    uint32_t request;
    uint32_t flags;
    /* Interrupt enables, at the place of what they enable in SR */
    uint32_t enable;
} IMX6SXMUSide;

struct IMX6SXMUState {
    SysBusDevice parent_obj;

    IMX6SXMUSide side[IMX6SX_MU_NUM_SIDES];
};

#endif
