#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# The devicetree describes the R5 cluster twice, in split mode and in lockstep. Who starts first has
# it; the others are refused, do no harm, and can have it when it is free.
#
# Copyright (c) 2026 linux-amp developers

# shellcheck source-path=SCRIPTDIR source=ktap.sh
. "$(dirname "$0")/ktap.sh"

# Prints the remote whose devicetree node has a name that ends in this.
remote_of() {
	for remote in /sys/class/remoteproc/remoteproc*; do
		case $(readlink "$remote/device/of_node") in
		*"$1") echo "$remote"; return 0 ;;
		esac
	done
	return 1
}

all_there() {
	SPLIT0=$(remote_of r5f@0) && SPLIT1=$(remote_of r5f@1) &&
		LOCKSTEP=$(remote_of second-cluster/r5f_0)
}

state() {
	[ "$(cat "$1/state")" = "$2" ]
}

tell() {
	echo "$2" >"$1/state"
}

# Prints how many lines of the log have the words.
said() {
	dmesg | grep -c "$1"
}

# busy REMOTE WORDS: it is refused, for that reason, and stays off.
busy() {
	before=$(said "$2")
	refused tell "$1" start
	must state "$1" offline
	must [ "$(said "$2")" -gt "$before" ]
}

ONE="cannot run while .* does"

lockstep_waits_for_split() {
	must tell "$SPLIT1" start
	busy "$LOCKSTEP" "$ONE"
	must tell "$SPLIT0" start
	busy "$LOCKSTEP" "$ONE"
	must tell "$SPLIT1" stop
	busy "$LOCKSTEP" "$ONE"
	must state "$SPLIT0" running
	must tell "$SPLIT0" stop
}

split_waits_for_lockstep() {
	must tell "$LOCKSTEP" start
	busy "$SPLIT0" "$ONE"
	busy "$SPLIT1" "$ONE"
	must state "$LOCKSTEP" running
	must tell "$LOCKSTEP" stop
}

# The mode in the cluster's own register, UG1087: module RPU, RPU_GLBL_CNTL, SLSPLIT.
mode() {
	[ $(($(devmem 0xff9a0000) & 8)) = "$1" ]
}

# Each finds the cluster in the other's mode.
they_take_turns() {
	for _ in 1 2 3; do
		must tell "$SPLIT0" start
		must mode 8
		must tell "$SPLIT1" start
		must tell "$SPLIT0" stop
		must tell "$SPLIT1" stop
		must tell "$LOCKSTEP" start
		must mode 0
		must tell "$LOCKSTEP" stop
	done
}

# Nothing is left running by a case that failed.
all_off() {
	for remote in /sys/class/remoteproc/remoteproc*; do
		[ "$(cat "$remote/state")" != running ] || tell "$remote" stop
	done
}

ktap_plan 3
# shellcheck disable=SC2086
modprobe -a ${AMP_MODULES:-xlnx_r5_remoteproc}
(until_ok all_there) || exit 1
all_there
echo amp-noipc-r5-0.elf >"$SPLIT0/firmware"
echo amp-noipc-r5-0.elf >"$LOCKSTEP/firmware"
echo amp-echo-r5-1.elf >"$SPLIT1/firmware"
for test in lockstep_waits_for_split split_waits_for_lockstep they_take_turns; do
	ktap_case $test
	all_off
done
ktap_finish
