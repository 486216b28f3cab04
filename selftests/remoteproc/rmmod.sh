#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Removes every module of the project, at rest and under a running remote, and loads it again. A
# removal either works and leaves nothing behind or is refused as busy; never does it hang or leave a
# core running that nobody owns.
#
# AMP_MODULES: the modules under test, those first that others stand on; without it, those of ours that are loaded
# AMP_HOTPLUG: process that loads modules when devices appear, if there is one; it is ended
#
# Copyright (c) 2026 linux-amp developers

# shellcheck source-path=SCRIPTDIR source=ktap.sh
. "$(dirname "$0")/ktap.sh"

# idle MODULE: whether it drives platform devices, and there is none for it
idle() {
	for device in "/sys/module/$1/drivers/platform:"*/*/driver; do
		[ ! -e "$device" ] || return 1
	done
	[ -n "$(ls -d "/sys/module/$1/drivers/platform:"* 2>/dev/null)" ]
}

# Those of ours that are loaded. A kernel for many boards may have got drivers of others, which would only be in
# the way.
ours() {
	for module in amp_rproc zynqmp_ipi_mailbox imx_mailbox xlnx_r5_remoteproc imx_rproc zynq_remoteproc \
		imx_rpmsg rpmsg_ns virtio_rpmsg_bus rpmsg_char rpmsg_ctrl rpmsg_tty; do
		grep -qs O "/sys/module/$module/taint" || continue
		if idle "$module"; then
			rmmod "$module"
		else
			echo "$module"
		fi
	done
}

# Those that use others come first.
MODULES=
DRIVER=
for module in ${AMP_MODULES:-$(ours)}; do
	MODULES="$module $MODULES"
	case $module in
	*_remoteproc | imx_rproc) DRIVER=$module ;;
	esac
done
PROGRAM="echo"
SAY=$(dirname "$0")/../rpmsg/rpmsg_say

# What a kernel says when something is wrong
COMPLAINTS=$(dirname "$0")/../complaints

# Sets RPROC to the first core, which is not always remoteproc0, UNIT to what the names of its firmware
# end in, and COUNTER to the word of DDR that the firmware without resource table counts in.
find_core() {
	for RPROC in /sys/class/remoteproc/remoteproc*; do
		case $(readlink "$RPROC/device/of_node") in
		*/r5f[@-]0) UNIT=r5-0 COUNTER=0x3ed3f000; return 0 ;;
		esac
		[ -e "$RPROC/device/of_node/compatible" ] || continue
		case $(tr '\0' ' ' < "$RPROC/device/of_node/compatible") in
		*imx7d-cm4*) UNIT=m4 COUNTER=0x9fe3f000; return 0 ;;
		*zynq_remoteproc*) UNIT=a9 COUNTER=0x3e03f000; return 0 ;;
		esac
	done
	return 1
}

state() {
	[ "$(cat "$RPROC/state" 2>/dev/null)" = "$1" ]
}

loaded() {
	[ -d "/sys/module/$1" ]
}

load() {
	# shellcheck disable=SC2086
	must modprobe -a $MODULES
	until_ok find_core
}

start() {
	echo "amp-$PROGRAM-$UNIT.elf" >"$RPROC/firmware"
	must sh -c "echo start >$RPROC/state"
	must state running
}

# Older kernels count starts, so one that was started twice needs two stops.
stop_all() {
	for remote in /sys/class/remoteproc/remoteproc*; do
		for _ in 1 2 3; do
			[ "$(cat "$remote/state" 2>/dev/null)" != running ] ||
				echo stop >"$remote/state"
		done
	done
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

raw_device_exists() {
	raw_device >/dev/null
}

# One message there and back.
echo_works() {
	until_ok raw_device_exists
	must [ "$("$SAY" "$(raw_device)" hello | sed -n 's/^reply //p')" = hello ]
}

remove_all() {
	for module in $MODULES; do
		! loaded "$module" || must rmmod "$module"
	done
}

# Prints the rpmsg drivers that came with a module. Those that the kernel has built in have no link to
# one; a driver that outlived its module would still have it.
removable_drivers() {
	for driver in /sys/bus/rpmsg/drivers/*; do
		[ ! -L "$driver/module" ] || echo "${driver##*/}"
	done
}

nothing_left() {
	for module in $MODULES; do
		refused loaded "$module"
	done
	refused ls -d /sys/class/remoteproc/remoteproc*
	refused ls -d /sys/class/rpmsg/rpmsg*
	# The rpmsg core is the kernel's and may stay.
	must [ -z "$(ls /sys/bus/rpmsg/devices 2>/dev/null)" ]
	must [ -z "$(removable_drivers)" ]
	cpus_are_back
}

# Linux has a CPU of its own back that a firmware had.
cpus_are_back() {
	[ "$UNIT" != a9 ] || must grep -q 1 /sys/devices/system/cpu/cpu1/online
}

begin() {
	load
	stop_all
	until_ok state offline
}

remove_at_rest() {
	begin
	start
	echo_works
	stop_all
	must state offline
	remove_all
	nothing_left
}

works_after_reload() {
	begin
	start
	echo_works
	stop_all
	must state offline
}

# The clients first, the SoC driver last, all under running firmware.
remove_while_running() {
	begin
	start
	echo_works
	remove_all
	nothing_left
	begin
	start
	echo_works
	stop_all
}

# The SoC driver first: it has to stop the core, and the devices on top of it have to go.
remove_driver_while_running() {
	begin
	start
	echo_works
	must rmmod "$DRIVER"
	refused ls -d /sys/class/remoteproc/remoteproc*
	refused raw_device_exists
	must [ -z "$(ls /sys/bus/rpmsg/devices)" ]
	cpus_are_back
	begin
	start
	echo_works
	stop_all
}

counting() {
	value=$(devmem "$COUNTER")
	sleep 0.2
	[ "$(devmem "$COUNTER")" != "$value" ]
}

# Kernels that count starts want as many stops; a driver that goes has to stop the core all the same.
remove_driver_after_many_starts() {
	PROGRAM="noipc"
	begin
	start
	until_ok counting
	for _ in 1 2 3; do
		echo start >"$RPROC/state" || echo "# another start is refused"
	done
	must rmmod "$DRIVER"
	refused counting
	cpus_are_back
	PROGRAM="echo"
	begin
	start
	echo_works
	stop_all
}

# Who is deferred says what for, and rests until something new is there: each attempt makes devices.
waits_for_its_mailbox() {
	case $MODULES in
	*_mailbox\ *) ;;
	*) skip "the kernel has the driver of the mailbox built in, or there is none" ;;
	esac
	begin
	remove_all
	must modprobe "$DRIVER"
	refused ls -d /sys/class/remoteproc/remoteproc*
	sleep 1
	seen=$(cat /sys/kernel/uevent_seqnum)
	sleep 3
	must [ "$(cat /sys/kernel/uevent_seqnum)" = "$seen" ]
	# Where the driver core knows of the mailbox itself, the words are its own.
	must grep -q mailbox /sys/kernel/debug/devices_deferred
	begin
	start
	echo_works
	stop_all
}

# The transport goes and comes back under a running remote: its devices with it.
remove_transport_while_running() {
	begin
	start
	echo_works
	must rmmod rpmsg_ctrl
	must rmmod rpmsg_char
	must rmmod virtio_rpmsg_bus
	must rmmod rpmsg_ns
	must state running
	must [ -z "$(ls /sys/bus/rpmsg/devices)" ]
	stop_all
	must state offline
	load
	start
	echo_works
	stop_all
}

open_file_keeps_module() {
	begin
	start
	until_ok raw_device_exists
	must rmmod rpmsg_ctrl
	exec 3<>"$(raw_device)"
	refused rmmod rpmsg_char
	must loaded rpmsg_char
	# Not even the file's own device keeps the driver below it.
	must rmmod "$DRIVER"
	refused sh -c 'echo late >&3'
	refused rmmod rpmsg_char
	exec 3<&-
	must rmmod rpmsg_char
	begin
	start
	echo_works
	stop_all
}

in_a_row() {
	rounds=$((10 * ${AMP_SCALE:-100} / 100))
	[ $rounds -ge 3 ] || rounds=3
	while [ $rounds -gt 0 ]; do
		rounds=$((rounds - 1))
		begin
		start
		echo_works
		[ $((rounds % 2)) = 0 ] || stop_all
		remove_all
		nothing_left
	done
}

complaints() {
	dmesg | grep -cEf "$COMPLAINTS"
}

log_is_clean() {
	must [ -s "$COMPLAINTS" ]
	must [ "$(complaints)" = "$COMPLAINTS_BEFORE" ]
}

# Whoever loads modules by alias, as udev does, would load them again behind our back, and a process
# that was only stopped would do so afterwards. So it ends, and this program is the last of a boot.
[ -z "${AMP_HOTPLUG:-}" ] || kill "$AMP_HOTPLUG" 2>/dev/null

COMPLAINTS_BEFORE=$(complaints)
ktap_plan 10
ktap_case remove_at_rest
ktap_case works_after_reload
ktap_case remove_while_running
ktap_case remove_driver_while_running
ktap_case remove_driver_after_many_starts
ktap_case waits_for_its_mailbox
ktap_case remove_transport_while_running
ktap_case open_file_keeps_module
ktap_case in_a_row
ktap_case log_is_clean
# Leave the system as the next program expects it.
(begin)
ktap_finish
