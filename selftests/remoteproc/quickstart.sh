#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Types what the quick start of this SoC shows, and compares what comes with what it shows: the transcript in the
# documents is a file that is installed beside this one. Lines that begin with "# " are commands, what follows up to
# the next one is their output.
#
# Copyright (c) 2026 linux-amp developers

# shellcheck source-path=SCRIPTDIR source=ktap.sh
. "$(dirname "$0")/ktap.sh"

HERE=$(cd "$(dirname "$0")" && pwd)
PATH=$PATH:$HERE/../rpmsg
SEEN=$(mktemp)
WANTED=$(mktemp)

transcript() {
	for RPROC in /sys/class/remoteproc/remoteproc*; do
		case $(readlink "$RPROC/device/of_node") in
		*/r5f[@-]0) echo "$HERE/quickstart-zynqmp"; return ;;
		esac
		case $(tr '\0' ' ' < "$RPROC/device/of_node/compatible" 2> /dev/null) in
		*imx7d-cm4*)
			# Where the link has a node of its own, the core's has no doorbell.
			[ -e "$RPROC/device/of_node/mboxes" ] || rpmsg=-rpmsg
			echo "$HERE/quickstart-imx7d${rpmsg-}"
			return
			;;
		*zynq_remoteproc*) echo "$HERE/quickstart-zynq7"; return ;;
		esac
	done
}

# wanted FILE NUMBER: the output of that command
wanted() {
	awk -v n="$2" '/^# /{ i++; next } i == n' "$1"
}

matches() {
	eval "$COMMAND" > "$SEEN" 2>&1
	cmp -s "$SEEN" "$WANTED"
}

# A person reads before typing on: what only looks is done again until it has what was promised. Nothing else is
# done twice.
as_promised() {
	case $COMMAND in
	'cat '* | 'ls '*) (until_ok matches) ;;
	*/dev/rpmsg0*) (until_ok [ -e /dev/rpmsg0 ]) && matches ;;
	*) matches ;;
	esac
}

FILE=$(transcript)
[ -n "$FILE" ] || { ktap_plan 1; echo "ok 1 quickstart # SKIP no remote that there is a quick start for"; exit 4; }
TOTAL=$(grep -c '^# ' "$FILE")
ktap_plan "$TOTAL"
NUMBER=0
while [ $NUMBER -lt "$TOTAL" ]; do
	NUMBER=$((NUMBER + 1))
	COMMAND=$(grep '^# ' "$FILE" | sed -n "${NUMBER}s/^# //p")
	wanted "$FILE" $NUMBER > "$WANTED"
	# shellcheck disable=SC2034  # for ktap_finish
	KTAP_COUNT=$NUMBER
	if as_promised; then
		echo "ok $NUMBER $COMMAND"
	else
		sed 's/^/# saw: /' "$SEEN"
		KTAP_FAILED=$((KTAP_FAILED + 1))
		echo "not ok $NUMBER $COMMAND"
	fi
done
# Whatever was not as promised, the next suite finds a remote that is off.
[ "$(cat /sys/class/remoteproc/remoteproc0/state)" = offline ] || echo stop > /sys/class/remoteproc/remoteproc0/state
rm -f "$SEEN" "$WANTED"
ktap_finish
