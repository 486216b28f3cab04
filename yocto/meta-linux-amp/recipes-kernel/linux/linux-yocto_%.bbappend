# SPDX-License-Identifier: GPL-2.0-only
# Copyright (c) 2026 linux-amp developers

FILESEXTRAPATHS:prepend := "${THISDIR}/files:"

# Which SoC's options: linux-amp-zynqmp.cfg, linux-amp-zynq.cfg or linux-amp-imx7d.cfg.
LINUX_AMP_KERNEL_FRAGMENT ?= ""
SRC_URI += "${@'file://linux-amp.cfg file://' + d.getVar('LINUX_AMP_KERNEL_FRAGMENT') if d.getVar('LINUX_AMP_KERNEL_FRAGMENT') else ''}"
