# SPDX-License-Identifier: GPL-2.0-or-later
# The boards of this project, and nothing else:
# xlnx-zcu102, xilinx-zynq-a9 and mcimx7d-sabre
CONFIG_XLNX_ZYNQMP_ARM=y
CONFIG_ZYNQ=y
CONFIG_FSL_IMX7=y

# Used by these boards, but not selected by their Kconfig entries
CONFIG_OR_IRQ=y
CONFIG_REGISTER=y
CONFIG_UNIMP=y

# -device loader, and the way out of a guest with an exit status
CONFIG_GENERIC_LOADER=y
CONFIG_SEMIHOSTING=y
CONFIG_ARM_COMPATIBLE_SEMIHOSTING=y
