#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Run the installed test programs on the board this is on, as root. The stream is KTAP; the last line is
# `N passed, N failed, N skipped`, and the exit status 1 if something failed or nothing passed.
#
# usage: run.sh [SUITE...]	such as rpmsg/echo; without any: all that `list` files name, but for
#	those that test a devicetree of their own, and those that do what the verdict has to find
#
# AMP_SCALE: percent of the full counts (100)
# AMP_MODULES: the modules under test, those first that others stand on; without it, those of ours that
#	there are
#
# The kernel's log counts too: what it complained about meanwhile is a failure.
# Copyright (c) 2026 linux-amp developers

cd "$(dirname "$0")" || exit 1
results=$(mktemp) || exit 1
trap 'rm -f "$results"' EXIT

complaints() {
	dmesg | grep -cEf complaints
}

# The kernel complains of these, which is what they test.
WRONG='verdict/.*'
# Each asks what the drivers make of one of the devicetrees of the boards in QEMU.
OWN_DEVICETREE='remoteproc/(attach_at_boot|attach_refused|autoboot|bad_devicetree|bad_nodes|held|zynq_images)|imx/(side_b|sx|ulp)'

all_suites() {
	for list in */list; do
		sed "s,^,${list%/*}/," "$list"
	done | grep -vxE "$OWN_DEVICETREE|$WRONG"
}

[ "$(id -u)" = 0 ] || { echo "run this as root: the tests load modules and start remotes" >&2; exit 1; }
# shellcheck disable=SC2046  # a word a suite
[ $# -gt 0 ] || set -- $(all_suites)
before=$(complaints)
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
if [ -s complaints ] && [ "$(complaints)" = "$before" ]; then
	echo "ok $number - the kernel did not complain" | tee -a "$results"
else
	echo "not ok $number - the kernel did not complain # see dmesg" | tee -a "$results"
fi
rm -f "$results.status"

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
