// SPDX-License-Identifier: GPL-2.0-only
/*
 * Does what no driver may, for tests of who has to notice.
 *
 *	echo leak >/sys/module/wrong/parameters/do
 *
 * leak	some memory that nothing points to any more
 * warn	a warning, with where it is from
 *
 * Copyright (c) 2026 linux-amp developers
 */
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/string.h>

/* A register or a stack may still point to one of them, which is no leak then. */
#define LEAKS		16
#define LEAK_BYTES	200

static int leak(void)
{
	unsigned int i;

	for (i = 0; i < LEAKS; i++) {
		/* The compiler may leave out what nobody looks at. */
		void *lost = kmalloc(LEAK_BYTES, GFP_KERNEL);

		if (!lost)
			return -ENOMEM;
		OPTIMIZER_HIDE_VAR(lost);
	}
	return 0;
}

static int set_do(const char *text, const struct kernel_param *kp)
{
	if (sysfs_streq(text, "leak"))
		return leak();
	if (sysfs_streq(text, "warn")) {
		WARN(1, "this is wrong on purpose\n");
		return 0;
	}
	return -EINVAL;
}

static const struct kernel_param_ops do_ops = { .set = set_do };
module_param_cb(do, &do_ops, NULL, 0200);
MODULE_PARM_DESC(do, "leak or warn");

MODULE_DESCRIPTION("Does what no driver may, for tests");
MODULE_AUTHOR("linux-amp developers");
MODULE_LICENSE("GPL");
