#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Run the installed test programs on the board this is on, as root. The stream is KTAP; the last line is
# `N passed, N failed, N skipped`, and the exit status 1 if something failed or nothing passed.
#
# usage: run.sh [SUITE...]	such as rpmsg/echo; without any: what suites-BOARD has for the board this is on
#
# AMP_SCALE: percent of the full counts (100)
# AMP_MODULES: the modules under test, those first that others stand on; without it, those of ours that
#	there are
# AMP_KMSG: where the kernel says what it does (/dev/kmsg)
# AMP_DEVICES: where it shows the devices of the devicetree (/sys/bus/platform/devices)
#
# The kernel's log counts too: what it complained about meanwhile is a failure.
# Copyright (c) 2026 linux-amp developers

cd "$(dirname "$0")" || exit 1
KMSG=${AMP_KMSG:-/dev/kmsg}
DEVICES=${AMP_DEVICES:-/sys/bus/platform/devices}
results=$(mktemp) || exit 1
log=$results.log
reader=
trap 'kill $reader 2> /dev/null; rm -f "$results" "$results.status" "$results.said" "$log"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# The kernel's log is read while it is written: a suite may clear what dmesg shows, and of a long one the kernel
# keeps only the end. Who reads too slowly for that gets an error, and ends.
follow_log() {
	: > "$log"
	cat "$KMSG" > "$log" 2> /dev/null &
	reader=$!
	mark_log begins
}

# mark_log WORD: write it into the log, and wait until the reader has got there. Fails if it never will: of a
# process that ended and was not waited for there is no program any more.
mark_log() {
	tries=600
	echo "<7>run.sh $$ $1" > "$KMSG"
	until grep -q "run.sh $$ $1" "$log"; do
		tries=$((tries - 1))
		[ $tries -gt 0 ] && [ -e "/proc/$reader/exe" ] || return 1
		sleep 0.1
	done
}

# What the kernel complained of since the log is followed
complaints() {
	sed -n "/run.sh $$ begins/,\$p" "$log" | grep -Ef complaints
}

# compatible REGEX: whether the devicetree has an enabled node of that kind
compatible() {
	cat "$DEVICES"/*/uevent 2> /dev/null | grep -qE "^OF_COMPATIBLE_[0-9]+=($1)$"
}

board() {
	if compatible 'xlnx,zynqmp-r5(fss|-remoteproc|-remoteproc-1\.0)'; then
		echo zynqmp
	elif compatible 'fsl,imx7d-cm4'; then
		echo imx7d
	elif compatible 'xlnx,zynq_remoteproc'; then
		echo zynq7
	fi
}

[ "$(id -u)" = 0 ] || { echo "run this as root: the tests load modules and start remotes" >&2; exit 1; }
if [ $# = 0 ]; then
	board=$(board)
	[ -n "$board" ] || { echo "no enabled node of a remote core that there are tests for: which suites?" >&2; exit 1; }
	# shellcheck disable=SC2046  # a word a suite
	set -- $(cat "suites-$board")
	[ $# -gt 0 ] || exit 1
fi
why=
follow_log || why="its log cannot be read"
echo "KTAP version 1" | tee "$results"
echo "1..$(($# + 1))" | tee -a "$results"
number=0
for suite in "$@"; do
	number=$((number + 1))
	{
		"./$suite" 2>&1 < /dev/null
		echo $? > "$results.status"
	} | sed 's/^/    /' | tee -a "$results"
	status=$(cat "$results.status")
	case $status in
	0 | 4) verdict="ok $number - $suite" ;;
	*) verdict="not ok $number - $suite # exit status $status" ;;
	esac
	echo "$verdict" | tee -a "$results"
done
number=$((number + 1))
[ -n "$why" ] || mark_log ends || why="a part of its log was lost"
if [ -z "$why" ] && complaints > "$results.said"; then
	head "$results.said" | sed 's/^/# /'
	why="see above"
fi
[ -s complaints ] || why="there is no list of complaints"
echo "${why:+not }ok $number - the kernel did not complain${why:+ # $why}" | tee -a "$results"

# Leaves count; a suite that failed without a failed case of its own, did not do what it planned, or passed
# without a case, is a failure by itself.
awk '
/^ *1\.\.[0-9]+/ && /^    /	{ sub(/^ *1\.\./, ""); plan = $1 + 0; seen = bad = 0; next }
/^    (ok|not ok) /		{
	seen++
	if (/# *SKIP/) skipped++
	else if (/^    ok/) passed++
	else { failed++; bad++ }
	next
}
/^(ok|not ok) /			{
	if (plan >= 0 && plan != seen) failed++
	else if (/^ok/ && / - the kernel did not complain/) passed++
	else if (plan < 0 && /^ok/) failed++
	else if (/^not ok/ && (!bad || $NF >= 128)) failed++
	plan = -1; seen = bad = 0
}
BEGIN				{ plan = -1 }
END				{
	printf "%d passed, %d failed, %d skipped\n", passed, failed, skipped
	exit failed > 0 || passed == 0
}' "$results"
