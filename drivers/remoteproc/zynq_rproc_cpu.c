// SPDX-License-Identifier: GPL-2.0-only
/*
 * CPU1, out of Linux and back.
 *
 * It is taken before the first byte of a firmware is written, and given back after the last use of
 * the firmware's memory. In between Linux must not bring it online, whoever asks: a callback of the
 * CPU hotplug machinery refuses. It looks at one flag and takes no lock, because the machinery
 * calls it with its own lock held, which is inside of rproc->lock here.
 *
 * Starting a CPU is the platform code's, and exported. Stopping one is not: that is one register,
 * mapped here. Documentation/drivers/zynq_remoteproc.rst has the argument about caches.
 *
 * Copyright (c) 2026 linux-amp developers
 */
#include <linux/cpu.h>
#include <linux/cpuhotplug.h>
#include <linux/delay.h>
#include <linux/device.h>
#include <linux/dma-mapping.h>
#include <linux/io.h>
#include <linux/iopoll.h>
#include <linux/ioport.h>
#include <linux/of.h>
#include <linux/of_address.h>

#include "zynq_rproc.h"

/* The system-level control registers, UG585 */
#define SLCR_UNLOCK		0x008
#define SLCR_UNLOCK_KEY		0xdf0d
#define SLCR_A9_CPU_RST_CTRL	0x244
#define CPU_RST			BIT(ZYNQ_CPU)
#define CPU_CLKSTOP		BIT(4 + ZYNQ_CPU)

/* One is lost if firmware locks the registers in just that moment. */
#define HOLD_TRIES		100

/* Tens of microseconds on silicon; an emulator's host may have other things to do for a while. */
#define PARK_TIMEOUT_US		5000000

/*
 * There is one CPU1. A callback of the hotplug machinery has only its number, so this is global.
 * @claimed: a device is bound
 * @owned:   and has taken CPU1, or is about to
 */
static struct {
	atomic_t claimed;
	bool owned;
} cpu1;

static int refuse_online(unsigned int cpu)
{
	return cpu == ZYNQ_CPU && READ_ONCE(cpu1.owned) ? -EBUSY : 0;
}

/**
 * zynq_cpu_take() - take CPU1 out of Linux
 * @z: the remote
 *
 * A CPU that Linux does not use is taken as well, and later left as it was found.
 *
 * Context: process, may sleep; rproc->lock held, or the remote not registered yet.
 * Return: 0, or why Linux does not let it go, mostly -EBUSY. Then Linux keeps it.
 */
int zynq_cpu_take(struct zynq_rproc *z)
{
	int ret;

	/* First the gate, then the eviction: nobody gets in between. */
	WRITE_ONCE(cpu1.owned, true);
	ret = remove_cpu(ZYNQ_CPU);
	/* It knows of what went through cpu1/online only, not of cpu1/hotplug/target. */
	if (ret > 0 && cpu_online(ZYNQ_CPU))
		ret = -EBUSY;
	else if (ret == -EBUSY && !cpu_online(ZYNQ_CPU))
		ret = 1;
	if (ret < 0) {
		WRITE_ONCE(cpu1.owned, false);
		dev_err(z->amp.dev, "cannot take CPU%d from Linux: %d\n", ZYNQ_CPU, ret);
		return ret;
	}
	/* 1 if it was offline, which may be since we failed to give it back. */
	if (!ret)
		z->give_online = true;
	return 0;
}

/**
 * zynq_cpu_is_held() - is CPU1 kept from running anything
 * @z: the remote
 *
 * Context: any.
 * Return: true if it is in reset, or its clock is stopped.
 */
bool zynq_cpu_is_held(struct zynq_rproc *z)
{
	return readl(z->slcr + SLCR_A9_CPU_RST_CTRL) & (CPU_RST | CPU_CLKSTOP);
}

/*
 * Firmware may have locked these registers: the vendor's own code does so after it has written one.
 * Then a write is ignored, and Linux unlocks them only when it boots. They stay unlocked, which is
 * what the platform code, the clocks and the resets of Linux expect.
 *
 * Both bits at once, as the platform code does. A core with a stopped clock that is not in reset
 * would not answer the TLB and cache maintenance that Linux broadcasts. Reading back completes the
 * write, and tells whether it was one.
 */
static bool try_to_hold(struct zynq_rproc *z)
{
	void __iomem *rst = z->slcr + SLCR_A9_CPU_RST_CTRL;
	u32 control = readl(rst) | CPU_RST | CPU_CLKSTOP;
	unsigned long flags;

	/* Nothing in between in which firmware could lock them; one device, so in this order. */
	local_irq_save(flags);
	writel_relaxed(SLCR_UNLOCK_KEY, z->slcr + SLCR_UNLOCK);
	writel_relaxed(control, rst);
	local_irq_restore(flags);
	return (readl(rst) & control) == control;
}

/**
 * zynq_cpu_hold() - put CPU1 into reset
 * @z: the remote
 *
 * When this returns 0, CPU1 has written its last byte. Nothing else writes the bits of CPU1 while
 * it is taken, so this needs no lock.
 *
 * Context: any, including hard interrupt.
 * Return: 0, -EIO if CPU1 cannot be stopped.
 */
int zynq_cpu_hold(struct zynq_rproc *z)
{
	int tries = HOLD_TRIES;

	while (!try_to_hold(z)) {
		if (--tries)
			continue;
		dev_err_ratelimited(z->amp.dev, "CPU%d cannot be put into reset, and may run on\n",
				    ZYNQ_CPU);
		return -EIO;
	}
	/* Stores that were on their way get time to drain. */
	udelay(1);
	/* And nothing that is done with the memory from here on comes before all of that. */
	mb();
	return 0;
}

/* The page at 0 is not the kernel's here, but the platform code would write to the kernel's. */
static int write_jump(struct zynq_rproc *z, u32 entry)
{
	u32 code[ZYNQ_JUMP_WORDS];
	void __iomem *zero;

	zero = ioremap_wc(0, sizeof(code));
	if (!zero)
		return -ENOMEM;
	zynq_make_jump(entry, code);
	memcpy_toio(zero, code, sizeof(code));
	/* Out of the write buffers before CPU1 fetches, see zynq_rproc_start(). */
	wmb();
	iounmap(zero);
	return 0;
}

/**
 * zynq_cpu_start() - reset CPU1 and let it run
 * @z:     the remote, CPU1 taken
 * @entry: physical address of the first instruction
 *
 * Context: process, may sleep.
 * Return: 0, -ENOMEM, -EINVAL if the platform code refuses the address, or what zynq_cpu_hold()
 * says.
 */
int zynq_cpu_start(struct zynq_rproc *z, u32 entry)
{
	bool ram_at_0 = region_intersects(0, PAGE_SIZE, IORESOURCE_SYSTEM_RAM, IORES_DESC_NONE) !=
			REGION_DISJOINT;
	int ret;

	switch (zynq_choose_jump(entry, !__pa(PAGE_OFFSET), ram_at_0)) {
	case ZYNQ_JUMP_OURS:
		/* May be where CPU1 is just running. */
		ret = zynq_cpu_hold(z) ?: write_jump(z, entry);
		if (ret)
			return ret;
		entry = 0;
		break;
	case ZYNQ_JUMP_NONE:
	case ZYNQ_JUMP_KERNEL:
		break;
	}
	return zynq_cpun_start(entry, ZYNQ_CPU) ? -EINVAL : 0;
}

static bool is_parked(struct zynq_rproc *z)
{
	return READ_ONCE(z->park[(zynq_park_done - zynq_park_begin) / sizeof(u32)]);
}

/**
 * zynq_cpu_tidy_up() - have CPU1 put its interrupts and timers in order, see zynq_rproc_park.S
 * @z: the remote, CPU1 taken and held
 *
 * It gets there by a jump at physical address 0, where a program that is loaded may be.
 *
 * Context: process, may sleep.
 * Return: 0 and CPU1 is held, -ETIMEDOUT if it does not run, or what zynq_cpu_start() and
 * zynq_cpu_hold() return.
 */
int zynq_cpu_tidy_up(struct zynq_rproc *z)
{
	int ret, held;
	bool parked;

	/* Anew: the page was in the reach of the firmware. */
	memcpy(z->park, zynq_park_begin, zynq_park_end - zynq_park_begin);
	/* As in zynq_rproc_start(). */
	wmb();
	ret = zynq_cpu_start(z, z->park_pa);
	if (ret)
		return ret;
	ret = read_poll_timeout(is_parked, parked, parked, 20, PARK_TIMEOUT_US, false, z);
	held = zynq_cpu_hold(z);
	ret = ret ?: held;
	if (ret)
		dev_err(z->amp.dev, "CPU%d does not come out of reset: %d\n", ZYNQ_CPU, ret);
	return ret;
}

/* Linux did not take it. If somebody else has brought it online since, it is not ours to hold. */
static void hold_if_offline(struct zynq_rproc *z)
{
	cpus_read_lock();
	if (!cpu_online(ZYNQ_CPU))
		zynq_cpu_hold(z);
	cpus_read_unlock();
}

/*
 * The kernel waits for the CPU, but only a second; then nobody is there any more for it to join.
 * That is plenty, unless an emulator's host stands still in the middle of it: hence the second
 * attempt.
 */
static int bring_online(struct zynq_rproc *z)
{
	int ret, tries = 2;

	do {
		ret = add_cpu(ZYNQ_CPU);
		if (ret < 0)
			hold_if_offline(z);
	} while (ret == -EIO && --tries);
	return ret;
}

/**
 * zynq_cpu_give_back() - give CPU1 back to Linux
 * @z: the remote, CPU1 held
 *
 * Whether Linux can have it is not the firmware's stop: that is done. If it cannot, the error is
 * reported, the CPU is left in reset, and the next start and stop try again.
 *
 * Context: process, may sleep; rproc->lock held, or the remote not registered any more.
 */
void zynq_cpu_give_back(struct zynq_rproc *z)
{
	int ret;

	ret = zynq_cpu_tidy_up(z);
	WRITE_ONCE(cpu1.owned, false);
	if (ret || !z->give_online)
		return;

	ret = bring_online(z);
	if (ret < 0)
		dev_err(z->amp.dev, "Linux does not take CPU%d back: %d\n", ZYNQ_CPU, ret);
	else
		z->give_online = false;
}

/* What is called CPU1 here, in the platform code, by firmware and by Linux has to be the same. */
static int check_cpu(struct device *dev)
{
	struct device_node *np;
	u32 hw = 0;

	if (!cpu_possible(ZYNQ_CPU) || !get_cpu_device(ZYNQ_CPU))
		return dev_err_probe(dev, -ENODEV,
				     "Linux has no CPU%d, which it needs even with maxcpus=1\n",
				     ZYNQ_CPU);
	np = of_get_cpu_node(ZYNQ_CPU, NULL);
	if (np)
		of_property_read_u32(np, "reg", &hw);
	of_node_put(np);
	if (hw != ZYNQ_CPU)
		return dev_err_probe(dev, -ENODEV, "Linux has to run on CPU0\n");
	return 0;
}

static int map_slcr(struct zynq_rproc *z)
{
	struct device *dev = z->amp.dev;
	struct device_node *np;
	struct resource res;
	int ret;

	np = of_find_compatible_node(NULL, NULL, "xlnx,zynq-slcr");
	if (!np)
		return dev_err_probe(dev, -ENODEV, "no xlnx,zynq-slcr\n");
	ret = of_address_to_resource(np, 0, &res);
	of_node_put(np);
	if (ret)
		return dev_err_probe(dev, ret, "xlnx,zynq-slcr: no reg\n");

	/* Not through the system controller's regmap, whose lock sleeps on real-time kernels. */
	z->slcr = devm_ioremap(dev, res.start, SLCR_A9_CPU_RST_CTRL + sizeof(u32));
	return z->slcr ? 0 : -ENOMEM;
}

static void unguard(void *data)
{
	cpuhp_remove_state_nocalls((enum cpuhp_state)(uintptr_t)data);
	WRITE_ONCE(cpu1.owned, false);
	atomic_set(&cpu1.claimed, 0);
}

/* Last chance for a CPU that Linux did not want back when the firmware stopped. */
static void try_again(void *data)
{
	struct zynq_rproc *z = data;

	if (z->give_online && !z->running)
		bring_online(z);
}

/**
 * devm_zynq_cpu_claim() - become the one device that may take CPU1
 * @z: the remote, not registered yet
 *
 * Context: process, may sleep.
 * Return: 0, -ENODEV if there is no CPU1 to be had, -EBUSY if another device has it, -ENOMEM, or
 * what cpuhp_setup_state() returns.
 */
int devm_zynq_cpu_claim(struct zynq_rproc *z)
{
	struct device *dev = z->amp.dev;
	int state, ret;

	ret = check_cpu(dev);
	if (ret)
		return ret;
	ret = map_slcr(z);
	if (ret)
		return ret;

	BUILD_BUG_ON(sizeof(*z->park) != 4);
	if (zynq_park_end - zynq_park_begin > PAGE_SIZE)
		return -E2BIG;
	z->park = dmam_alloc_coherent(dev, PAGE_SIZE, &z->park_pa, GFP_KERNEL);
	if (!z->park)
		return -ENOMEM;

	if (atomic_cmpxchg(&cpu1.claimed, 0, 1))
		return dev_err_probe(dev, -EBUSY, "another device has CPU%d\n", ZYNQ_CPU);
	state = cpuhp_setup_state_nocalls(CPUHP_BP_PREPARE_DYN, "remoteproc/zynq:prepare",
					  refuse_online, NULL);
	if (state < 0) {
		atomic_set(&cpu1.claimed, 0);
		return dev_err_probe(dev, state, "cannot guard CPU%d\n", ZYNQ_CPU);
	}
	ret = devm_add_action_or_reset(dev, unguard, (void *)(uintptr_t)state);
	if (ret)
		return ret;
	return devm_add_action(dev, try_again, z);
}
