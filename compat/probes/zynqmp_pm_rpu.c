// SPDX-License-Identifier: GPL-2.0-only
/*
 * The ZynqMP firmware driver has the calls that start and stop an RPU (v6.2).
 * Without them linux/firmware/xlnx-zynqmp.h in compat/include has them.
 *
 * Copyright (c) 2026 linux-amp developers
 */
#include <linux/firmware/xlnx-zynqmp.h>

int probe(u32 node);
int probe(u32 node)
{
	enum rpu_oper_mode mode;

	return zynqmp_pm_get_rpu_mode(node, &mode) ||
	       zynqmp_pm_set_rpu_mode(node, PM_RPU_MODE_SPLIT) ||
	       zynqmp_pm_set_tcm_config(node, PM_RPU_TCM_SPLIT) ||
	       zynqmp_pm_request_wake(node, true, 0, ZYNQMP_PM_REQUEST_ACK_NO) ||
	       zynqmp_pm_force_pwrdwn(node, ZYNQMP_PM_REQUEST_ACK_BLOCKING);
}
