# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# KTAP output for shell tests, to be sourced. A case is a function that runs in a subshell. The
# shell ignores set -e in whatever has its status tested, so cases name each step that has to work
# with must.
#
# Copyright (c) 2026 linux-amp developers

KTAP_COUNT=0
KTAP_FAILED=0

ktap_plan() {
	echo "TAP version 13"
	echo "1..$1"
}

# must COMMAND...: end the case as failed if the command fails.
must() {
	"$@" || {
		echo "# failed: $*"
		exit 1
	}
}

# refused COMMAND...: the opposite.
refused() {
	if "$@" 2>/dev/null; then
		echo "# not refused: $*"
		exit 1
	fi
}

# Ends waits that would never end; says nothing about speed. In seconds.
HANG_GUARD=60

# until_ok COMMAND...: wait until the command succeeds.
until_ok() {
	tries=$((HANG_GUARD * 10))
	until "$@"; do
		tries=$((tries - 1))
		[ $tries -gt 0 ] || {
			echo "# never became true: $*"
			exit 1
		}
		sleep 0.1
	done
}

# skip REASON...: end the case as one that cannot be run here.
skip() {
	echo "$*" >"$KTAP_REASON"
	exit 4
}

# ktap_case FUNCTION: status 0 passes, others fail; see skip.
ktap_case() {
	KTAP_COUNT=$((KTAP_COUNT + 1))
	KTAP_REASON=/tmp/ktap-reason.$$
	status=0
	("$1") || status=$?
	case $status in
	0) echo "ok $KTAP_COUNT $1" ;;
	4)
		echo "ok $KTAP_COUNT $1 # SKIP $(cat "$KTAP_REASON")"
		rm -f "$KTAP_REASON"
		;;
	*)
		KTAP_FAILED=$((KTAP_FAILED + 1))
		echo "not ok $KTAP_COUNT $1"
		;;
	esac
}

ktap_finish() {
	echo "# Totals: pass:$((KTAP_COUNT - KTAP_FAILED)) fail:$KTAP_FAILED"
	[ "$KTAP_FAILED" = 0 ]
}
