#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Copyright (c) 2026 linux-amp developers
#
# What the recipes of the test kernels must notice by themselves: a configuration that is not what was
# asked for, and sources of another series. KTAP on stdout. No kernel is built: the sources here are a
# makefile that answers as the kernel's would.
#
# usage: test.sh

set -u
export LC_ALL=C
unset MAKEFLAGS MFLAGS MAKELEVEL

here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
number=0
failed=0

result() {
	number=$((number + 1))
	if [ "$1" -eq 0 ]; then
		echo "ok $number $2"
	else
		failed=1
		sed 's/^/# /' "$work/out"
		echo "not ok $number $2"
	fi
}

# source_tree VERSION SED: sources whose configuration is what was asked for, edited by SED.
source_tree() {
	local tree=$work/linux-source-x

	mkdir -p "$tree"
	printf '/=n$/d\n%s\n' "$2" > "$tree/edit"
	# shellcheck disable=SC2016  # make's variable, not the shell's
	printf 'kernelversion:\n\t@echo %s\nallnoconfig:\n\tsed -f edit $(KCONFIG_ALLCONFIG) > .config\n' "$1" \
		> "$tree/Makefile"
	tar -C "$work" -cJf "$work/source.tar.xz" linux-source-x
}

configure() {
	rm -rf "$work/kernel"
	"$here/build.sh" -c "$work/source.tar.xz" "$1" "$work/kernel" > "$work/out" 2>&1
}

says() {
	grep -q "$1" "$work/out"
}

echo "KTAP version 1"
echo "1..7"

status=0
for id in own-6.12-arm64 own-6.12-arm64-debug own-6.12-arm64-vendor own-6.12-armv7 own-6.12-armv7-debug \
	own-6.1-armv7; do
	"$here/build.sh" -f "$id" > "$work/out" 2>&1 && xargs -r ls < "$work/out" > "$work/files" 2>&1 &&
		[ -s "$work/files" ] || status=1
done
result $status "every kernel has its fragments"

! "$here/build.sh" -f own-6.12-arm64-fast > "$work/out" 2>&1 && says "no kernel own-6.12-arm64-fast"
result $? "an unknown kernel is named"

source_tree 6.12.1 ''
configure own-6.12-armv7-debug && grep -qx 'CONFIG_KASAN=y' "$work/kernel/config" &&
	grep -qx 'CONFIG_LOCALVERSION="-armv7-debug"' "$work/kernel/config"
result $? "a configuration that is what was asked for is accepted"

source_tree 6.12.1 '/CONFIG_KASAN=/d'
! configure own-6.12-armv7-debug && says "CONFIG_KASAN is n, the fragments want y" && [ ! -e "$work/kernel/config" ]
result $? "an option that was dropped is noticed"

source_tree 6.12.1 's/CONFIG_RPMSG_CHAR=m/CONFIG_RPMSG_CHAR=y/'
! configure own-6.12-arm64 && says "CONFIG_RPMSG_CHAR is y, the fragments want m"
result $? "a module that became part of the kernel is noticed"

source_tree 6.12.1 '1i CONFIG_ZYNQMP_POWER=y'
! configure own-6.12-arm64 && says "CONFIG_ZYNQMP_POWER is y, the fragments want n"
result $? "an option that should be off is noticed"

source_tree 6.1.1 ''
! configure own-6.12-arm64 && says "does not hold a kernel 6.12"
result $? "sources of another series are refused"

exit $failed
