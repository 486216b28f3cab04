// SPDX-License-Identifier: GPL-2.0-only
/*
 * The devicetree says whether a property is there (v6.3, and v6.1.75).
 *
 * Copyright (c) 2026 linux-amp developers
 */
#include <linux/of.h>

bool probe(const struct device_node *np);
bool probe(const struct device_node *np)
{
	return of_property_present(np, "probe");
}
