#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Passes, on a kernel that has lost memory and warned meanwhile: whoever judges the board has to see it.
#
# Copyright (c) 2026 linux-amp developers

# shellcheck source-path=SCRIPTDIR source=../remoteproc/ktap.sh
. "$(dirname "$0")/../remoteproc/ktap.sh"

wrong() {
	echo "$1" > /sys/module/wrong/parameters/do
}

leaks() {
	must wrong leak
}

warns() {
	must wrong warn
}

modprobe wrong
ktap_plan 2
ktap_case leaks
ktap_case warns
ktap_finish
