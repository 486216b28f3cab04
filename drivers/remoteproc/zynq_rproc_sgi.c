// SPDX-License-Identifier: GPL-2.0-only
/*
 * Doorbells: software-generated interrupts of the interrupt controller that both CPUs share.
 *
 * The controller's driver maps an SGI for a specifier of one cell, and sends it by the interface
 * for inter-processor interrupts. A remote says nothing but that it rang, for whichever ring.
 *
 * Every SGI that Linux does not use itself is mapped, and given a handler unless somebody else has
 * done so. The controller's driver acknowledges an interrupt before it looks whether it knows it,
 * and ends it only if it does: a firmware that sent the wrong SGI would leave CPU0 without
 * interrupts. For the same reason a mapping stays when the driver goes; later ones find it.
 *
 * An SGI cannot be disabled (DDI 0407, 3.3.8), so unlike a mailbox it cannot be masked until it is
 * served. A remote that rings faster than it is heard would take all of CPU0's time, timer
 * interrupts included, whose priority is the same and number higher. It is put into reset.
 *
 * Copyright (c) 2026 linux-amp developers
 */
#include <linux/device.h>
#include <linux/interrupt.h>
#include <linux/irq.h>
#include <linux/irqdesc.h>
#include <linux/irqdomain.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/of.h>
#include <linux/percpu.h>
#include <linux/smp.h>

#include "zynq_rproc.h"

/* All rings of a remote have not so many descriptors: more doorbells in a row are no messages. */
#define STORM	100000
/* So many doorbells have the thread show that it is served. */
#define SERVE	4096

static int vring_sgis[2] = { 14, 15 };
static unsigned int num_vring_sgis = ARRAY_SIZE(vring_sgis);
module_param_array(vring_sgis, int, &num_vring_sgis, 0444);
MODULE_PARM_DESC(vring_sgis,
		 "SGIs to and from CPU1, unless the devicetree has vring1 and vring0 (default 14,15)");

static int *virq_of(struct zynq_rproc *z, u32 sgi)
{
	return &z->virq[sgi - ZYNQ_SGI_FIRST];
}

/**
 * zynq_sgi_ring() - ring the remote's doorbell
 * @ar:       the remote
 * @notifyid: notify id of a virtqueue; the remote looks at all of them
 *
 * Never waits. One that is sent before the remote listens stays pending in the controller until the
 * remote takes it; CPU1's reset does not touch it. The caller has ordered it behind what it is
 * about, with a barrier that reaches a CPU whose MMU is off, which the one in the controller's
 * driver does not.
 *
 * Context: any, including hard interrupt and with locks held.
 */
void zynq_sgi_ring(struct amp_rproc *ar, unsigned int notifyid)
{
	struct zynq_rproc *z = container_of(ar, struct zynq_rproc, amp);

	ipi_send_single(*virq_of(z, z->sgi[ZYNQ_SGI_TO_REMOTE]), ZYNQ_CPU);
}

/* Behind everything that was to be delivered when it was queued. */
static void served(struct kthread_work *work)
{
	struct zynq_rproc *z = container_of(work, struct zynq_rproc, served);

	if (atomic_xchg(&z->unserved, 0) < STORM)
		return;
	dev_err(z->amp.dev, "CPU%d rings without end, held in reset\n", ZYNQ_CPU);
	amp_rproc_report_crash(&z->amp, RPROC_WATCHDOG, "doorbell storm");
}

/* Hard interrupt, on CPU0; on CPU1 for one that was pending when Linux got it back. */
static irqreturn_t handle_sgi(int irq, void *slot)
{
	struct zynq_rproc *z = *(struct zynq_rproc **)slot;

	unsigned int unserved = atomic_inc_return(&z->unserved);

	/* If it cannot be held, the log says so, and the stop that follows from the report. */
	if (unserved >= STORM)
		zynq_cpu_hold(z);
	/* Now and then: most doorbells need no thread. */
	if (unserved >= STORM || !(unserved % SERVE))
		kthread_queue_work(z->amp.notify.worker, &z->served);

	if (irq == *virq_of(z, z->sgi[ZYNQ_SGI_FROM_REMOTE]))
		amp_rproc_notify(&z->amp, AMP_RPROC_ALL_NOTIFYIDS);
	else if (atomic_inc_return(&z->strays) == 1)
		dev_warn(z->amp.dev, "CPU%d sent an SGI that is not its doorbell\n", ZYNQ_CPU);
	return IRQ_HANDLED;
}

/*
 * On CPU0, which cannot be unplugged: an SGI is enabled for the CPU that asks for it. And what is
 * freed there is not being handled there.
 */
static int release_on_cpu(void *data)
{
	struct zynq_rproc *z = data;
	int i;

	for_each_set_bit(i, &z->requested, ZYNQ_NUM_SGIS) {
		disable_percpu_irq(z->virq[i]);
		free_percpu_irq(z->virq[i], z->slots);
	}
	z->requested = 0;
	return 0;
}

static bool is_doorbell(struct zynq_rproc *z, u32 sgi)
{
	return sgi == z->sgi[ZYNQ_SGI_TO_REMOTE] || sgi == z->sgi[ZYNQ_SGI_FROM_REMOTE];
}

static int request_on_cpu(void *data)
{
	struct zynq_rproc *z = data;
	int i, ret;

	for (i = 0; i < ZYNQ_NUM_SGIS; i++) {
		u32 sgi = ZYNQ_SGI_FIRST + i;

		/* Somebody else's. Then it has a handler, and is no danger. */
		if (irq_has_action(z->virq[i]) && !is_doorbell(z, sgi))
			continue;
		ret = irq_has_action(z->virq[i]) ? -EBUSY :
		      request_percpu_irq(z->virq[i], handle_sgi, dev_name(z->amp.dev), z->slots);
		if (ret) {
			dev_err(z->amp.dev, "SGI %u is in use: %d\n", sgi, ret);
			release_on_cpu(z);
			return ret;
		}
		enable_percpu_irq(z->virq[i], IRQ_TYPE_NONE);
		z->requested |= BIT(i);
	}
	return 0;
}

static void release(void *data)
{
	smp_call_on_cpu(0, release_on_cpu, data, false);
}

static int read_wish(struct device *dev, const char *prop, int direction,
		     struct zynq_sgi_wish *wish)
{
	int ret = of_property_read_u32(dev->of_node, prop, &wish->dt[direction]);

	wish->has_dt[direction] = !ret;
	/* Absent. Whoever writes one that cannot be read did not mean the default. */
	if (ret == -EINVAL)
		return 0;
	if (ret)
		return dev_err_probe(dev, ret, "%pOF: %s is no number\n", dev->of_node, prop);
	return 0;
}

/**
 * zynq_sgi_choose() - which SGIs are the doorbells
 * @z: the remote, not registered yet
 *
 * Context: process.
 * Return: 0, -EINVAL for numbers that are none or Linux's, -ENODATA or -EOVERFLOW for a property
 * without number.
 */
int zynq_sgi_choose(struct zynq_rproc *z)
{
	struct device *dev = z->amp.dev;
	struct zynq_sgi_wish wish = {
		.param = { vring_sgis[0], vring_sgis[1] },
		.num_param = num_vring_sgis,
	};
	const char *why;
	int ret;

	ret = read_wish(dev, "vring0", ZYNQ_SGI_FROM_REMOTE, &wish) ?:
	      read_wish(dev, "vring1", ZYNQ_SGI_TO_REMOTE, &wish);
	if (ret)
		return ret;
	ret = zynq_choose_sgis(&wish, z->sgi, &why);
	if (ret)
		return dev_err_probe(dev, ret, "%pOF: %s\n", dev->of_node, why);
	return 0;
}

/* "interrupt-parent" can say nothing else: there is one, and old devicetrees do not say it. */
static int map_sgis(struct zynq_rproc *z)
{
	struct irq_fwspec spec = { .param_count = 1 };
	struct device *dev = z->amp.dev;
	struct device_node *gic;
	int i, ret = 0;

	gic = of_find_compatible_node(NULL, NULL, "arm,cortex-a9-gic");
	if (!gic)
		return dev_err_probe(dev, -ENODEV, "no arm,cortex-a9-gic\n");
	spec.fwnode = of_fwnode_handle(gic);

	for (i = 0; i < ZYNQ_NUM_SGIS && !ret; i++) {
		spec.param[0] = ZYNQ_SGI_FIRST + i;
		z->virq[i] = irq_create_fwspec_mapping(&spec);
		if (z->virq[i] <= 0)
			ret = dev_err_probe(dev, -ENXIO, "%pOF has no SGI %u\n", gic,
					    ZYNQ_SGI_FIRST + i);
	}
	of_node_put(gic);
	return ret;
}

/* With irqaffinity= on the command line new interrupts are not for all CPUs, not even these. */
static int allow_cpu1(struct zynq_rproc *z)
{
	int virq = *virq_of(z, z->sgi[ZYNQ_SGI_TO_REMOTE]);
	const struct cpumask *mask = irq_get_affinity_mask(virq);
	int ret;

	if (mask && cpumask_test_cpu(ZYNQ_CPU, mask))
		return 0;
	ret = irq_set_affinity(virq, cpu_possible_mask);
	if (ret)
		return dev_err_probe(z->amp.dev, ret, "SGI %u cannot be sent to CPU%d\n",
				     z->sgi[ZYNQ_SGI_TO_REMOTE], ZYNQ_CPU);
	return 0;
}

/**
 * devm_zynq_sgi_request() - find and occupy the doorbells
 * @z: the remote, not registered yet; its doorbells are chosen
 *
 * Context: process, may sleep. Notifications may come before this returns.
 * Return: 0, -EBUSY if one is in use, -ENODEV or -ENXIO without a controller that has them,
 * -ENOMEM.
 */
int devm_zynq_sgi_request(struct zynq_rproc *z)
{
	struct device *dev = z->amp.dev;
	unsigned int cpu;
	int ret;

	ret = map_sgis(z);
	if (ret)
		return ret;
	ret = allow_cpu1(z);
	if (ret)
		return ret;

	z->slots = devm_alloc_percpu(dev, struct zynq_rproc *);
	if (!z->slots)
		return -ENOMEM;
	for_each_possible_cpu(cpu)
		(*per_cpu_ptr(z->slots, cpu)) = z;
	kthread_init_work(&z->served, served);

	ret = smp_call_on_cpu(0, request_on_cpu, z, false);
	if (ret)
		return ret;
	return devm_add_action_or_reset(dev, release, z);
}
