// SPDX-License-Identifier: GPL-2.0-only
/*
 * A CPU that has no time for threads until something else has happened, for tests of what has to
 * work from interrupt handlers alone. A real-time task would do for some kernels; others give
 * ordinary tasks a turn beside it.
 *
 *	echo "ADDRESS BITS MS" >/sys/module/busy/parameters/until
 *
 * keeps the CPU, with interrupts on, until one of the bits is set in the word at the address, or
 * for so many milliseconds, which is the error ETIMEDOUT.
 *
 * Copyright (c) 2026 linux-amp developers
 */
#include <linux/io.h>
#include <linux/ktime.h>
#include <linux/module.h>
#include <linux/nmi.h>
#include <linux/preempt.h>

#define LOOK_EVERY	100000

static int wait_for(const void __iomem *word, u32 bits, unsigned int ms)
{
	ktime_t end = ktime_add_ms(ktime_get(), ms);
	bool late = false, set;
	unsigned int i;

	preempt_disable();
	while (!(set = readl(word) & bits) && !late) {
		/* It is meant to be so. */
		touch_softlockup_watchdog();
		/* Emulated devices have one at a time. They are for whoever is waited for. */
		for (i = 0; i < LOOK_EVERY; i++)
			cpu_relax();
		late = ktime_after(ktime_get(), end);
	}
	preempt_enable();
	return set ? 0 : -ETIMEDOUT;
}

static int set_until(const char *text, const struct kernel_param *kp)
{
	unsigned int address, bits, ms;
	void __iomem *word;
	int ret;

	if (sscanf(text, "%x %x %u", &address, &bits, &ms) != 3)
		return -EINVAL;
	word = ioremap(address, sizeof(u32));
	if (!word)
		return -ENOMEM;
	ret = wait_for(word, bits, ms);
	iounmap(word);
	return ret;
}

static const struct kernel_param_ops until_ops = { .set = set_until };
module_param_cb(until, &until_ops, NULL, 0200);
MODULE_PARM_DESC(until, "address and bits in hexadecimal, milliseconds");

MODULE_DESCRIPTION("Keeps a CPU from its threads, for tests");
MODULE_AUTHOR("linux-amp developers");
MODULE_LICENSE("GPL");
