# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# For shell tests, to be sourced after ktap.sh: the first remote with the terminals' firmware, and its
# devices.
#
# Copyright (c) 2026 linux-amp developers

BUS=/sys/bus/rpmsg/devices

# Sets RPROC to the first core, which is not always remoteproc0, and UNIT to what the names of its
# firmware end in.
find_core() {
	for RPROC in /sys/class/remoteproc/remoteproc*; do
		case $(readlink "$RPROC/device/of_node") in
		*/r5f[@-]0) UNIT="r5-0"; return 0 ;;
		esac
		case $(tr '\0' ' ' < "$RPROC/device/of_node/compatible" 2>/dev/null) in
		*imx7d-cm4*) UNIT="m4"; return 0 ;;
		*zynq_remoteproc*) UNIT="a9"; return 0 ;;
		esac
	done
	return 1
}

state() {
	[ "$(cat "$RPROC/state" 2>/dev/null)" = "$1" ]
}

stop() {
	! state running || echo stop > "$RPROC/state"
	must state offline
}

start() {
	echo "amp-tty-$UNIT.elf" > "$RPROC/firmware"
	must sh -c "echo start > $RPROC/state"
}

# node CHANNEL CLASS: print the device of a channel of this remote
node() {
	for device in "$BUS"/*."$1".*/"$2"/*; do
		[ -e "/dev/${device##*/}" ] || continue
		case $(readlink -f "$device") in
		*/"${RPROC##*/}"/*) echo "/dev/${device##*/}"; return 0 ;;
		esac
	done
	return 1
}

has_node() {
	node "$@" > /dev/null
}

# opens NODE: the tty core makes the node of a terminal before what is behind it
opens() {
	(: <> "$1") 2>/dev/null
}

# Sets TTY, VIRTUAL and RAW once they are there.
begin() {
	# shellcheck disable=SC2046  # names of modules
	[ -z "${AMP_MODULES:-}" ] || must modprobe -a $(echo "$AMP_MODULES" | tr ',' ' ')
	until_ok find_core
	stop
	start
	until_ok has_node rpmsg-tty tty
	until_ok has_node rpmsg-virtual-tty-channel tty
	until_ok has_node rpmsg-raw rpmsg
	# shellcheck disable=SC2034  # read by who sources this
	TTY=$(node rpmsg-tty tty) VIRTUAL=$(node rpmsg-virtual-tty-channel tty) RAW=$(node rpmsg-raw rpmsg)
	until_ok opens "$TTY"
	until_ok opens "$VIRTUAL"
}

# Where the programs are asked for they must be there.
need() {
	for program; do
		command -v "$program" > /dev/null && continue
		echo "# there is no $program"
		[ -z "${AMP_TOOLS:-}" ] || exit 1
		skip "there is no $program"
	done
}

ended() {
	! kill -0 "$1" 2>/dev/null
}
