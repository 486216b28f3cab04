#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Test the Zynq-7000 models without Linux: build the test programs, run them, print KTAP.
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

build_agent() {
	"${CROSS}gcc" -c -o "$build/cpu1.o" "$here/cpu1.S" &&
		"${CROSS}ld" -Ttext=0x200000 -o "$build/cpu1.elf" "$build/cpu1.o" &&
		"${CROSS}objcopy" -O binary "$build/cpu1.elf" "$build/cpu1.bin"
}

build_cpu0() {
	"${CROSS}gcc" -std=gnu11 -O2 -Wall -Wextra -Wstrict-prototypes -Wmissing-prototypes \
		-Werror -mcpu=cortex-a9 -marm -mfloat-abi=soft -mno-unaligned-access \
		-ffreestanding -fno-builtin -static -nostdlib -Wl,--build-id=none \
		-Wl,-z,max-page-size=4096 -Wl,--no-warn-rwx-segments -Wa,-I"$build" \
		-T "$here/a9.lds" -o "$build/cpu0.elf" "$here/start.S" "$here/main.c" \
		"$here/support.c" "$here/cases_core.c" "$here/cases_irq.c" "$here/cases_mmu.c" \
		-lgcc
}

# machine NAME CPUS SCALE END OPTION...: one suite, the cases are printed by the program
machine() {
	name=$1 cpus=$2 scale=$3 end=$4
	shift 4
	number=$((number + 1))
	log="$build/zynq-$number.log"

	timeout -k 5 "$TIME_LIMIT" "$qemu" -M xilinx-zynq-a9 -nodefaults -display none -m 512M \
		-smp "$cpus" -semihosting-config enable=on,target=native -serial stdio \
		-device loader,file="$build/cpu0.elf",cpu-num=0 \
		-device loader,addr=0x0f000000,data=$((cpus | scale << 32)),data-len=8 \
		-device loader,addr=0x0f000008,data="$end",data-len=4 \
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
build_agent || fatal "cannot build the program for CPU 1"
build_cpu0 || fatal "cannot build the program for CPU 0"

echo "KTAP version 1"
echo "1..4"
machine "zynq7, two CPUs" 2 "$SCALE" 0
machine "zynq7, one CPU" 1 "$SCALE" 0
# Single-threaded and by the instruction counter: other orders of events, the same results
machine "zynq7, two CPUs, icount" 2 $((SCALE / 4)) 0 -icount shift=0,sleep=off
# There is no power switch: this is how Linux ends
machine "zynq7, a reset is the end with -no-reboot" 2 "$SCALE" 1 -no-reboot
exit $failed
