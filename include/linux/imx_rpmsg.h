/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the driver of a core that has its rings in the devicetree says to the driver of these.
 *
 * Copyright (c) 2026 linux-amp developers
 */
#ifndef LINUX_IMX_RPMSG_H
#define LINUX_IMX_RPMSG_H

/*
 * To be looked up with symbol_get(): not every system has rings in its devicetree. Described where
 * it is defined.
 */
void imx_rpmsg_remote_starts(void);

#endif /* LINUX_IMX_RPMSG_H */
