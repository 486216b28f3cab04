#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Test the i.MX 7Dual models without Linux: build the test programs, run them, print KTAP.
#
# usage: run.sh QEMU_BINARY
#
# Exits with 1 if a case failed, with 2 if the programs could not be built.
#
# SCALE        percentage of the repetitions, default 40
# TIME_LIMIT   seconds that one machine may take, default 600; then it counts as hung
# BUILD        keep the programs and what the machines printed there
#
# Copyright (c) 2026 linux-amp developers

set -u

CROSS=${CROSS:-arm-none-eabi-}
SCALE=${SCALE:-40}
TIME_LIMIT=${TIME_LIMIT:-600}

here=$(cd "$(dirname "$0")" && pwd)
failed=0
number=0

fatal() {
	echo "run.sh: $*" >&2
	exit 2
}

build_m4() {
	"${CROSS}gcc" -c -mcpu=cortex-m4 -mthumb -o "$build/m4.o" "$here/m4.S" &&
		"${CROSS}ld" -Ttext=0 -o "$build/m4.elf" "$build/m4.o" &&
		"${CROSS}objcopy" -O binary "$build/m4.elf" "$build/m4.bin"
}

build_a7() {
	"${CROSS}gcc" -std=gnu11 -O2 -Wall -Wextra -Wstrict-prototypes -Wmissing-prototypes \
		-Werror -mcpu=cortex-a7 -marm -mfloat-abi=soft -mno-unaligned-access \
		-ffreestanding -fno-builtin -static -nostdlib -Wl,--build-id=none \
		-Wl,-z,max-page-size=4096 -Wl,--no-warn-rwx-segments -Wa,-I"$build" \
		-T "$here/a7.lds" -o "$build/a7.elf" "$here/start.S" "$here/main.c" \
		"$here/support.c" "$here/cases_core.c" "$here/cases_mu.c" -lgcc
}

# machine NAME A7S M4S SCALE OPTION...: one suite, the cases are printed by the program
machine() {
	name=$1 a7s=$2 m4s=$3 scale=$4
	shift 4
	number=$((number + 1))
	log="$build/imx7-$number.log"

	timeout -k 5 "$TIME_LIMIT" "$qemu" -M mcimx7d-sabre -nodefaults -display none -m 512M \
		-smp $((a7s + m4s)) -semihosting-config enable=on,target=native -serial stdio \
		-device loader,file="$build/a7.elf",cpu-num=0 \
		-device loader,addr=0x8f000000,data=$((m4s | scale << 32)),data-len=8 \
		-device loader,addr=0x8f000008,data="$a7s",data-len=4 \
		"$@" </dev/null 2>"$log"
	status=$?
	grep -v 'has no peer' "$log" | sed 's/^/# /'
	case $status in
	0)
		echo "ok $number $name"
		return
		;;
	124 | 137) echo "# no end after $TIME_LIMIT s" ;;
	1) ;;
	*) echo "# QEMU ended with status $status" ;;
	esac
	echo "not ok $number $name"
	failed=1
}

[ $# -eq 1 ] || fatal "usage: run.sh QEMU_BINARY"
qemu=$(command -v "$1") || fatal "cannot execute $1"

if [ -n "${BUILD:-}" ]; then
	build=$BUILD
	mkdir -p "$build" || exit 2
else
	build=$(mktemp -d) || exit 2
	trap 'rm -rf "$build"' EXIT
	trap 'exit 130' INT TERM
fi
build_m4 || fatal "cannot build the program for the M4"
build_a7 || fatal "cannot build the program for the A7"

echo "KTAP version 1"
echo "1..4"
machine "imx7d, two A7 and the M4" 2 1 "$SCALE"
machine "imx7d, two A7" 2 0 "$SCALE"
machine "imx7d, one A7" 1 0 "$SCALE"
# Single-threaded and by the instruction counter: other orders of events, the same results
machine "imx7d, two A7 and the M4, icount" 2 1 $((SCALE / 4)) -icount shift=0,sleep=off
exit $failed
