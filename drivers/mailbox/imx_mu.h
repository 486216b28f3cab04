/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Copyright (c) 2026 linux-amp developers
 *
 * What imx_mu_main.c knows of a messaging unit and of its channels.
 */

#ifndef IMX_MU_H
#define IMX_MU_H

#include <linux/irq_work.h>
#include <linux/mailbox_controller.h>
#include <linux/mutex.h>
#include <linux/spinlock.h>
#include <linux/timer.h>
#include <linux/types.h>

#include "imx_mu_bits.h"

struct clk;
struct device;

/**
 * struct imx_mu_soc - where a family has the registers
 * @tr:    first of the transmit registers
 * @rr:    first of the receive registers
 * @sr:    status
 * @cr:    control
 * @wakes: what the other side sends may wake the system; else it is served while the system is
 *         asleep, as the power management of the i.MX 7ULP needs it
 */
struct imx_mu_soc {
	unsigned int tr;
	unsigned int rr;
	unsigned int sr;
	unsigned int cr;
	bool wakes;
};

/**
 * struct imx_mu_chan - a channel
 * @mu:     unit that it belongs to
 * @chan:   as the framework knows it
 * @type:   what it is for
 * @index:  of its register or doorbell
 * @tx:     for words to the other side; protected by the lock of @mu
 * @budget: for what comes from the other side; interrupt handler only
 * @done:   tells the framework that a doorbell was rung, which sending itself must not
 * @open:   it has a client; under @clients of @mu
 */
struct imx_mu_chan {
	struct imx_mu *mu;
	struct mbox_chan *chan;
	enum imx_mu_type type;
	unsigned int index;
	struct imx_mu_tx tx;
	struct imx_mu_budget budget;
	struct irq_work done;
	bool open;
};

/**
 * struct imx_mu - a messaging unit
 * @dev:      its device
 * @soc:      family
 * @base:     its registers
 * @clk:      needed to access them; NULL if the devicetree gives none
 * @irq:      its interrupt
 * @side_b:   this is the side that cannot reset the unit
 * @lock:     protects control register, @enables, @paused, @resting and what is sent; innermost
 * @enables:  interrupts that were enabled last, whatever has become of the register since
 * @paused:   enable bits of channels whose budget is used up
 * @foreign:  budget for interrupts that something else has enabled; interrupt handler only
 * @resting:  it is used up, and the interrupt disabled
 * @clients:  held while one comes or goes: the framework serialises the coming only
 * @open:     number of channels that have a client; while it is 0 the interrupt is disabled;
 *            changed under @clients
 * @resume:   ends pause and rest
 * @saved_cr: control register while the system is asleep
 * @saved_sr: status register then
 * @mbox:     as the framework knows it
 * @chans:    the same for its channels
 * @chan:     its channels
 */
struct imx_mu {
	struct device *dev;
	const struct imx_mu_soc *soc;
	void __iomem *base;
	struct clk *clk;
	int irq;
	bool side_b;
	spinlock_t lock;	/* see above */
	u32 enables;
	u32 paused;
	struct imx_mu_budget foreign;
	bool resting;
	struct mutex clients;	/* see above */
	unsigned int open;
	struct timer_list resume;
	u32 saved_cr;
	u32 saved_sr;
	struct mbox_controller mbox;
	struct mbox_chan chans[IMX_MU_NUM_CHANS];
	struct imx_mu_chan chan[IMX_MU_NUM_CHANS];
};

#endif /* IMX_MU_H */
