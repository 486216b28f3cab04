#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# The kernel panics in the middle of what looked like a success.
#
# Copyright (c) 2026 linux-amp developers

# shellcheck source-path=SCRIPTDIR source=../remoteproc/ktap.sh
. "$(dirname "$0")/../remoteproc/ktap.sh"

lives() {
	must true
}

dies() {
	# What was said so far is on its way.
	sleep 1
	echo c > /proc/sysrq-trigger
}

ktap_plan 2
ktap_case lives
ktap_case dies
ktap_finish
