#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# What the unit tests inside our modules said when they were loaded, as one KTAP stream. The kernel and
# the modules must have been built with KUnit (make AMP_KUNIT=1); `expected` beside this file, if it is
# there, has a line for each suite that must be: its module, which not every board loads, and its name.
#
# Copyright (c) 2026 linux-amp developers

RESULTS=/sys/kernel/debug/kunit
modules=${AMP_MODULES:-amp_rproc rpmsg_ns virtio_rpmsg_bus}
expected=
for module in $modules; do
	modprobe "$module"
	suites=$(sed -n "s/^$module //p" "$(dirname "$0")/expected" 2>/dev/null)
	[ -z "$suites" ] || expected="$expected $suites"
done
[ -n "$expected" ] || expected=$(ls $RESULTS 2>/dev/null)
[ -n "$expected" ] || { echo "1..0 # SKIP no unit tests in these modules"; exit 4; }

echo "KTAP version 1"
echo "1..$(echo "$expected" | wc -w)"
number=0
failed=0
for suite in $expected; do
	number=$((number + 1))
	results=$RESULTS/$suite/results
	if ! grep -qE "^(not )?ok " "$results" 2>/dev/null; then
		echo "not ok $number - $suite # it did not run"
		failed=1
		continue
	fi
	# Each file is a stream of one suite; kernels differ in whether it has a head.
	sed -E "/^KTAP/d; /^1\.\./d; s/^((not )?ok) [0-9]+/\1 $number/" "$results"
	! grep -q "^not ok " "$results" || failed=1
done
exit $failed
