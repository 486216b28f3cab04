# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# What every shell part of the harness shares: messages, long steps with visible progress, locks.
# Sourced, never run. Nothing in here knows kernels, QEMU or apt.

TOP=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
BUILD=${BUILD:-$TOP/build}
LOGS=$BUILD/logs

say() {
	printf '%s\n' "$*"
}

# One clear line, then out: whoever runs the tests must not have to read a log to learn what to do.
die() {
	printf 'error: %s\n' "$*" >&2
	exit 1
}

# progress PID LOG: a sign of life every 20 s, so that nobody takes a long step for a hang.
progress() {
	local pid=$1 log=$2 start=$SECONDS next=20 last

	while kill -0 "$pid" 2>/dev/null; do
		sleep 0.5
		if [ $((SECONDS - start)) -ge "$next" ]; then
			last=$(tr '\r' '\n' < "$log" | sed '/^[[:space:]]*$/d' | tail -n 1 | cut -c 1-80)
			say "    ... $((SECONDS - start)) s: $last"
			next=$((next + 20))
		fi
	done
}

# step WHAT LOGNAME COMMAND...: run a command that may take long, its output in a log. WHAT says
# roughly how long it takes. Returns the command's status; says where the log is if it fails.
step() {
	local what=$1 log=$LOGS/$2.log pid status=0 start=$SECONDS

	shift 2
	mkdir -p "$LOGS"
	say "  $what (log: ${log#"$TOP"/})"
	: > "$log"
	# The cache's lock, and that of package lists, must not outlive this shell in what a command leaves behind.
	"$@" > "$log" 2>&1 8>&- 9>&- < /dev/null &
	pid=$!
	progress "$pid" "$log"
	wait "$pid" || status=$?
	if [ "$status" -ne 0 ]; then
		say "  failed after $((SECONDS - start)) s with status $status; the end of ${log#"$TOP"/}:" >&2
		tail -n 12 "$log" | sed 's/^/    | /' >&2
	fi
	return "$status"
}

# need_space DIR MIB: a full disk is better found before than in the middle of a build.
need_space() {
	local free

	mkdir -p "$1" || die "cannot create $1"
	free=$(df -Pm "$1" | awk 'NR == 2 { print $4 }')
	[ "$free" -ge "$2" ] || die "only $free MiB free below $1, need $2 MiB: free some space and run again"
}
