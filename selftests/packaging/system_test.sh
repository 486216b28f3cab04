#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# DKMS in the root file system of an architecture, then a board that boots with the modules that came out. What the
# harness has built for that board is used as it is, but for the modules. Prints KTAP.
#
# usage: system_test.sh [--brief] ARCHITECTURE RELEASE OTHER-RELEASE
#   BUILD	where the harness has built, and where packaging/ARCHITECTURE is the root file system
#
# Copyright (c) 2026 linux-amp developers

set -u
cd "$(dirname "$0")" || exit 1
BRIEF=
[ "$1" != --brief ] || { BRIEF=$1; shift; }
ARCH=$1
WORK=$BUILD/packaging
BOARD=$WORK/board-$ARCH
KERNEL=debian-6.1-$ARCH
NUMBER=0
# shellcheck source=/dev/null
. "$BUILD/kernels/$KERNEL/env"

case $ARCH in
arm64) CELL=zcu102-stock ;;
armhf) CELL=imx7d-stock ;;
esac

# part NAME COMMAND...: a suite of its own within this one
part() {
	local name=$1

	shift
	NUMBER=$((NUMBER + 1))
	"$@" < /dev/null | sed 's/^/    /'
	if [ "${PIPESTATUS[0]}" -eq 0 ]; then
		echo "ok $NUMBER - $name"
	else
		echo "not ok $NUMBER - $name"
	fi
}

# As build.sh makes it, with what DKMS has put below updates/ in place of what was built there.
board_root() {
	local root=$BOARD/kernels/$KERNEL/root-ours

	rm -rf "$BOARD"
	mkdir -p "$root"
	cp -a "$BUILD/kernels/$KERNEL/root-ours/." "$root/" && rm -rf "$root/lib/modules/$K_VERSION/updates" &&
		cp -a "$WORK/$ARCH/test/modules/updates" "$root/lib/modules/$K_VERSION/" &&
		/sbin/depmod -b "$root" "$K_VERSION"
}

# run.py takes everything from BUILD, and leaves its results there.
boot() {
	local name

	board_root >&2 || return 1
	for name in env monitor dtb "initramfs-$K_ARCH"; do
		ln -sfn "$BUILD/$name" "$BOARD/$name"
	done
	cp "$BUILD/kernels/$KERNEL/env" "$BOARD/kernels/$KERNEL/"
	BUILD=$BOARD python3 ../harness/run.py --scale "${SCALE:-10}" --cells "$CELL" --boots quickstart >&2
	python3 - "$BOARD/results/$CELL/quickstart/cases.json" <<-'END'
	import json, sys
	with open(sys.argv[1]) as f:
	    cases = json.load(f)['cases']
	print(f'1..{len(cases)}')
	for number, case in enumerate(cases, 1):
	    word = 'not ok' if case['verdict'] == 'fail' else 'ok'
	    skip = f' # SKIP {case["reason"]}' if case['verdict'] == 'skip' else ''
	    print(f'{word} {number} {case["suite"]}: {case["name"]}{skip}')
	sys.exit(any(case['verdict'] == 'fail' for case in cases))
	END
}

echo "KTAP version 1"
echo "1..2"
part "DKMS" ./enter.sh "$WORK/$ARCH" /test/packaging/dkms_test.sh ${BRIEF:+"$BRIEF"} "$2" "$3"
part "$CELL with these modules" boot
