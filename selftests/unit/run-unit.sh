#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Copyright (c) 2026 linux-amp developers
#
# Runs the test programs given as arguments and prints one KTAP document: one
# line per program, its cases nested below. A program that dies (sanitizer,
# signal) or stops before its plan is complete counts the missing cases as
# failures. Exit status 0 only if nothing failed.

out=$(mktemp) || exit 2
err=$(mktemp) || exit 2
trap 'rm -f "$out" "$err"' EXIT

nr=0 failed=0 pass=0 fail=0 skip=0

echo "KTAP version 1"
echo "1..$#"
for prog; do
	nr=$((nr + 1))
	name=$(basename "$prog")
	echo "    # Subtest: $name"
	"$prog" >"$out" 2>"$err"
	status=$?
	cat "$out"
	sed 's/^/    # /' "$err"

	plan=$(sed -n 's/^ *1\.\.\([0-9][0-9]*\)$/\1/p' "$out" | head -n 1)
	skips=$(grep -c '^ *ok .*# SKIP' "$out")
	oks=$(($(grep -c '^ *ok ' "$out") - skips))
	bad=$((${plan:-1} - oks - skips))
	pass=$((pass + oks))
	skip=$((skip + skips))
	if [ "$status" -eq 0 ] && [ "$bad" -eq 0 ] && [ -n "$plan" ]; then
		echo "ok $nr $name"
	else
		[ "$bad" -gt 0 ] || bad=1
		fail=$((fail + bad))
		failed=1
		echo "not ok $nr $name # exit status $status"
	fi
done
echo "# Totals: pass:$pass fail:$fail xfail:0 xpass:0 skip:$skip error:0"
exit "$failed"
