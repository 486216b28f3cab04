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

# Prints a line for each case, with its suite, and one more for a suite that did not come to its end. What a case that
# takes parameters says of each of them is in its own result: kernels differ in how they count them.
cases_of() {
	awk -v suite="$1" '
		/^    1\.\./ { planned = substr($1, 4) }
		/^    (not )?ok [0-9]/ {
			verdict = $1 == "not" ? "not ok" : "ok"
			failed += $1 == "not"
			seen++
			sub(/^ *(not )?ok [0-9]+ (- )?/, "")
			print verdict, "- " suite "." $0
		}
		/^(not )?ok [0-9]/ { ended = $1 == "ok" || failed }
		END {
			if (!seen)
				print "not ok - " suite " # it did not run"
			else if (!ended || seen != planned)
				print "not ok - " suite " # " seen " of " planned " cases"
		}' "$RESULTS/$1/results" 2>/dev/null || echo "not ok - $1 # no results"
}

for suite in $expected; do
	cases_of "$suite"
done > /tmp/kunit
echo "KTAP version 1"
echo "1..$(grep -c . /tmp/kunit)"
awk '{ sub(/ok -/, "ok " NR " -"); print }' /tmp/kunit
! grep -q "^not ok" /tmp/kunit
