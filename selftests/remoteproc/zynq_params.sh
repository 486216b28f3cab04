#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Parameters of zynq_remoteproc, right and wrong in every way, on a devicetree that leaves the
# choice of the doorbells to them. A wrong one is an error with its reason; it costs Linux neither
# its CPU nor an interrupt, and the next one that is right works.
#
# Copyright (c) 2026 linux-amp developers

# shellcheck source-path=SCRIPTDIR source=ktap.sh
. "$(dirname "$0")/ktap.sh"

CPU1=/sys/devices/system/cpu/cpu1/online

[ -z "$AMP_HOTPLUG" ] || kill "$AMP_HOTPLUG" 2>/dev/null

bound() {
	[ -d /sys/class/remoteproc/remoteproc0 ]
}

unload() {
	! [ -d /sys/module/zynq_remoteproc ] || must rmmod zynq_remoteproc
}

# The log is everybody's: it is not cleared, but read from a mark on.
mark_log() {
	echo "<7>zynq_params.sh was here" >/dev/kmsg
}

# Nothing, if the mark is lost.
log_since_mark() {
	dmesg | awk '/zynq_params.sh was here/ { text = ""; marked = 1; next }
		{ text = text $0 "\n" }
		END { if (marked) printf "%s", text }'
}

logged() {
	log_since_mark | grep -q "$1"
}

# wrong PARAMETERS TEXT: the driver does not bind, and says why.
wrong() {
	unload
	mark_log
	# The module stays without device, or is refused if the parameter is nothing it can read.
	# shellcheck disable=SC2086
	modprobe zynq_remoteproc $1 2>/dev/null
	bound && {
		echo "# accepted: $1"
		exit 1
	}
	logged "$2" || {
		echo "# $1: nothing about '$2' in the log"
		log_since_mark | sed 's/^/# /'
		exit 1
	}
	must grep -q 1 "$CPU1"
	refused grep -q remoteproc /proc/interrupts
	unload
}

too_few() { wrong vring_sgis=14 'needs two numbers'; }
too_many() { wrong vring_sgis=13,14,15 'vring_sgis'; }
no_number() { wrong vring_sgis=a,b 'vring_sgis'; }
empty() { wrong vring_sgis= 'vring_sgis'; }
too_large() { wrong vring_sgis=14,16 'end at 15'; }
huge() { wrong vring_sgis=4294967310,15 'vring_sgis'; }
negative() { wrong vring_sgis=-1,15 'end at 15'; }
linux_own() { wrong vring_sgis=3,15 "Linux's own"; }
last_of_linux() { wrong vring_sgis=14,7 "Linux's own"; }
the_same() { wrong vring_sgis=15,15 'the same SGI'; }
no_value() {
	wrong vring_sgis 'vring_sgis'
	wrong firmware 'firmware'
}
autoboot_no_bool() { wrong autoboot=perhaps 'autoboot'; }

# A stop and a start later is no time for other doorbells than those that are mapped.
not_while_loaded() {
	must modprobe zynq_remoteproc
	until_ok bound
	for name in vring_sgis firmware autoboot; do
		refused sh -c "echo 9,10 >/sys/module/zynq_remoteproc/parameters/$name"
	done
	unload
}

# Of another driver: refused as a doorbell, in either direction, and otherwise left alone.
taken() {
	unload
	must modprobe sgi_user sgi=9
	wrong vring_sgis=9,15 'SGI 9 is in use'
	wrong vring_sgis=14,9 'SGI 9 is in use'
	must modprobe zynq_remoteproc
	run_echo amp-echo-a9.elf
	must grep -q sgi_user /proc/interrupts
	must rmmod sgi_user
}

# Nobody knows before the start that there is no such file.
no_such_firmware() {
	must modprobe zynq_remoteproc "firmware=$(printf '%0200d' 0)"
	until_ok bound
	refused sh -c "echo start >/sys/class/remoteproc/remoteproc0/state"
	must grep -q 1 "$CPU1"
	unload
}

# Asked for by the parameter alone; whoever looks finds a remote that is off, and why.
boots_by_itself_without_file() {
	mark_log
	must modprobe zynq_remoteproc firmware=no-such-file.elf autoboot=1
	until_ok bound
	until_ok logged no-such-file.elf
	must grep -q offline /sys/class/remoteproc/remoteproc0/state
	must grep -q 1 "$CPU1"
	run_echo amp-echo-a9.elf
}

# As if it had not been there: this devicetree has no name either, so it is the kernel's.
empty_firmware() {
	must modprobe zynq_remoteproc firmware=
	until_ok bound
	must grep -q ^rproc- /sys/class/remoteproc/remoteproc0/firmware
	unload
}

# Prints the device of the rpmsg-raw channel.
raw_device() {
	for name in /sys/class/rpmsg/rpmsg*/name; do
		[ "$(cat "$name" 2>/dev/null)" != rpmsg-raw ] || {
			name=${name%/name}
			echo "/dev/${name##*/}"
			return 0
		}
	done
	return 1
}

said() {
	device=$(raw_device) && "$(dirname "$0")/../rpmsg/rpmsg_say" "$device" hello
}

run_echo() {
	rproc=/sys/class/remoteproc/remoteproc0
	must modprobe -a virtio_rpmsg_bus rpmsg_ns rpmsg_char
	until_ok bound
	[ -z "$1" ] || echo "$1" >$rproc/firmware
	[ "$(cat $rproc/state)" = running ] || must sh -c "echo start >$rproc/state"
	until_ok said
	echo stop >$rproc/state
	unload
}

defaults() {
	unload
	must modprobe zynq_remoteproc
	run_echo amp-echo-a9.elf
}

said_explicitly() {
	must modprobe zynq_remoteproc vring_sgis=14,15
	run_echo amp-echo-a9.elf
	must modprobe zynq_remoteproc vring_sgis=0xe,0xf
	run_echo amp-echo-a9.elf
}

firmware_by_name() {
	must modprobe zynq_remoteproc firmware=amp-echo-a9.elf
	until_ok bound
	must grep -q amp-echo-a9.elf /sys/class/remoteproc/remoteproc0/firmware
	run_echo ""
}

boots_by_itself() {
	must modprobe zynq_remoteproc firmware=amp-echo-a9.elf autoboot=1
	until_ok grep -q running /sys/class/remoteproc/remoteproc0/state
	run_echo ""
}

# Those of a firmware that was built for them.
both_others() {
	must modprobe zynq_remoteproc vring_sgis=11,10
	run_echo amp-echo-sgis-a9.elf
}

# The firmware rings 15 and listens to 14. Nothing is heard, but nothing breaks.
other_numbers() {
	must modprobe zynq_remoteproc vring_sgis=8,9
	until_ok bound
	rproc=/sys/class/remoteproc/remoteproc0
	echo amp-echo-a9.elf >$rproc/firmware
	must sh -c "echo start >$rproc/state"
	sleep 1
	must sh -c "echo stop >$rproc/state"
	must grep -q 1 "$CPU1"
	unload
}

CASES="too_few too_many no_number empty no_value too_large huge negative linux_own last_of_linux
	the_same taken not_while_loaded autoboot_no_bool no_such_firmware boots_by_itself_without_file empty_firmware
	defaults said_explicitly firmware_by_name boots_by_itself
	both_others other_numbers defaults"

# shellcheck disable=SC2086
set -- $CASES
ktap_plan $#
for name in "$@"; do
	ktap_case "$name"
done
modprobe zynq_remoteproc
ktap_finish
