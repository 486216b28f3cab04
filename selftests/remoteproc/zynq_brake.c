// SPDX-License-Identifier: GPL-2.0-only
/*
 * Keeping CPU0 from its threads. See zynq_brake.h.
 *
 * Copyright (c) 2026 linux-amp developers
 */
#include "guest.h"
#include "zynq_brake.h"

#include <errno.h>
#include <sys/syscall.h>

#include <linux/membarrier.h>

#define UNTIL		"/sys/module/busy/parameters/until"
/* It warns of what is meant to be so here. */
#define RCU_STALLS	"/sys/module/rcupdate/parameters/rcu_cpu_stall_suppress"

int starve_until_held(void)
{
	static const char *const load[] = { "modprobe", "busy", NULL };
	static const char *const unload[] = { "modprobe", "-r", "busy", NULL };
	char text[64];
	int ret;

	if (run(load))
		return -ENODEV;
	snprintf(text, sizeof(text), "%x %x %u", SLCR + 4 * A9_CPU_RST, CPU1_RST | CPU1_CLKSTOP,
		 4 * HANG_GUARD_S * 1000);
	write_text(RCU_STALLS, "1");
	ret = write_text(UNTIL, text);
	/* A grace period: CPU0 has been heard of again. */
	syscall(SYS_membarrier, MEMBARRIER_CMD_GLOBAL, 0, 0);
	write_text(RCU_STALLS, "0");
	run(unload);
	return ret;
}
