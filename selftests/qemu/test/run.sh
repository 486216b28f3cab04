#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Test the board models without Linux: build the test programs, run them, print KTAP.
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

APU_CROSS=${APU_CROSS:-aarch64-linux-gnu-}
RPU_CROSS=${RPU_CROSS:-arm-none-eabi-}
SCALE=${SCALE:-40}
TIME_LIMIT=${TIME_LIMIT:-600}

here=$(cd "$(dirname "$0")" && pwd)
failed=0
number=0

fatal() {
	echo "run.sh: $*" >&2
	exit 2
}

build_rpu() {
	"${RPU_CROSS}gcc" -c -mcpu=cortex-r5 -o "$build/r5.o" "$here/r5.S" &&
		"${RPU_CROSS}ld" -Ttext=0 -o "$build/r5.elf" "$build/r5.o" &&
		"${RPU_CROSS}objcopy" -O binary "$build/r5.elf" "$build/r5.bin"
}

build_apu() {
	"${APU_CROSS}gcc" -std=gnu11 -O2 -Wall -Wextra -Wstrict-prototypes -Wmissing-prototypes \
		-Werror -ffreestanding -fno-builtin -fno-pic -fno-stack-protector \
		-mgeneral-regs-only -mstrict-align -mno-outline-atomics -static -nostdlib \
		-Wl,--build-id=none -Wl,-z,max-page-size=4096 -Wl,--no-warn-rwx-segments \
		-Wa,-I"$build" -T "$here/apu.lds" -o "$build/apu.elf" \
		"$here/start.S" "$here/main.c" "$here/support.c" "$here/cases_rpu.c" \
		"$here/cases_irq.c"
}

# machine NAME R5S SCALE OPTION...: one suite, the cases are printed by the program
machine() {
	name=$1 r5s=$2 scale=$3
	shift 3
	number=$((number + 1))
	log="$build/$number.log"

	timeout -k 5 "$TIME_LIMIT" "$qemu" -M xlnx-zcu102,secure=on,audiodev=none \
		-audiodev none,id=none -nodefaults -display none -m 512M -smp $((4 + r5s)) \
		-semihosting-config enable=on,target=native -serial stdio \
		-device loader,file="$build/apu.elf",cpu-num=0 \
		-device loader,addr=0x0f000000,data=$((r5s | scale << 32)),data-len=8 \
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
build_rpu || fatal "cannot build the program for the R5"
build_apu || fatal "cannot build the program for the APU"

echo "KTAP version 1"
echo "1..4"
machine "zcu102, both R5s" 2 "$SCALE"
machine "zcu102, one R5" 1 $((SCALE / 4))
machine "zcu102, no R5" 0 "$SCALE"
# Single-threaded and by the instruction counter: other orders of events, the same results
machine "zcu102, both R5s, icount" 2 $((SCALE / 4)) -icount shift=0,sleep=off
exit $failed
