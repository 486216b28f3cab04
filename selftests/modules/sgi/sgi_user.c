// SPDX-License-Identifier: GPL-2.0-only
/*
 * Somebody else who has a software-generated interrupt, for tests of zynq_remoteproc. It is mapped
 * as that driver maps its own, and the mapping stays.
 *
 * Copyright (c) 2026 linux-amp developers
 */
#include <linux/interrupt.h>
#include <linux/irqdomain.h>
#include <linux/module.h>
#include <linux/of.h>
#include <linux/percpu.h>

static unsigned int sgi = 9;
module_param(sgi, uint, 0444);
MODULE_PARM_DESC(sgi, "number of the interrupt (default 9)");

static DEFINE_PER_CPU(unsigned int, heard);
static int virq;

static irqreturn_t hear(int irq, void *count)
{
	++*(unsigned int *)count;
	return IRQ_HANDLED;
}

static int __init sgi_user_init(void)
{
	struct irq_fwspec spec = { .param_count = 1, .param = { sgi } };
	struct device_node *gic;

	gic = of_find_compatible_node(NULL, NULL, "arm,cortex-a9-gic");
	if (!gic)
		return -ENODEV;
	spec.fwnode = of_fwnode_handle(gic);
	virq = irq_create_fwspec_mapping(&spec);
	of_node_put(gic);
	if (virq <= 0)
		return -ENXIO;
	return request_percpu_irq(virq, hear, "sgi_user", &heard);
}
module_init(sgi_user_init);

static void __exit sgi_user_exit(void)
{
	free_percpu_irq(virq, &heard);
}
module_exit(sgi_user_exit);

MODULE_DESCRIPTION("User of a software-generated interrupt, for tests");
MODULE_AUTHOR("linux-amp developers");
MODULE_LICENSE("GPL");
