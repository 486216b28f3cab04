// SPDX-License-Identifier: GPL-2.0-only
/*
 * The ZynqMP firmware driver can ask for the status of a node (later than v6.12).
 * Without it linux/firmware/xlnx-zynqmp.h in compat/include can.
 *
 * Copyright (c) 2026 linux-amp developers
 */
#include <linux/firmware/xlnx-zynqmp.h>

int probe(u32 node);
int probe(u32 node)
{
	u32 status, requirements, usage;

	return zynqmp_pm_get_node_status(node, &status, &requirements, &usage);
}
