#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The way by make: what it installs beside a kernel's own modules, and that its reverse leaves nothing. The modules
# are those that the boards boot with, built by the harness's build.sh. Prints KTAP.
#
# usage: make_test.sh KERNEL	such as debian-6.1-armhf; on 32-bit Arm its own modules have the names of ours
#
# Copyright (c) 2026 linux-amp developers

# shellcheck disable=SC2317  # called by check
# shellcheck source-path=SCRIPTDIR source=in_root.sh
. "$(dirname "$0")/in_root.sh"

TOP=$(cd "$(dirname "$0")/../.." && pwd)
BUILD=${BUILD:-$TOP/build}
KTREE=$BUILD/kernels/$1
# shellcheck source=/dev/null
. "$KTREE/env"
# shellcheck disable=SC2153  # from env
KDIR=$K_DIR
ARCH=$K_ARCH
ROOT=$WORK/root
MODULES=$ROOT/lib/modules/$K_VERSION
PATH=$PATH:/usr/sbin:/sbin
# A board of this kernel, and where the remote processor is once the overlay has been merged
case $1 in
debian-*-arm64) CROSS=aarch64-linux-gnu- DTB=$K_DTB_DIR/xilinx/zynqmp-zcu102-rev1.0.dtb OVERLAY=zynqmp-rpu-split
	NODE=/remoteproc-split@ffe00000 ;;
debian-*-armhf) CROSS=arm-linux-gnueabihf- DTB=$K_DTB_DIR/imx7d-sdb.dtb OVERLAY=imx7d-m4 NODE=/imx7d-cm4 ;;
own-*-armv7) CROSS=arm-linux-gnueabihf- DTB=$K_DTB_DIR/zynq-zc702.dtb OVERLAY=zynq-zc702-cpu1
	NODE=/remoteproc-cpu1 ;;
esac

in_tree() {
	# shellcheck disable=SC2086  # a command with its arguments, or empty
	(cd "$KTREE/src" && ${K_RUN:-} "$@")
}

made() {
	in_tree make KDIR="$KDIR" ARCH="$ARCH" CROSS_COMPILE="$CROSS"
}

modules() {
	make -s -f "$TOP/tools/modules.mk" KDIR="$KDIR" | sed 's,.*/,,'
}

stock_kernel() {
	mkdir -p "$MODULES/kernel" && cp "$K_MODULES"/modules.builtin* "$K_MODULES"/modules.order "$MODULES/" &&
		cp -r "$K_MODULES/kernel/." "$MODULES/kernel/" && depmod -b "$ROOT" "$K_VERSION" &&
		(cd "$ROOT" && find . -type f -exec sha256sum {} + | LC_ALL=C sort) > "$WORK/before"
}

install_modules() {
	in_tree make KDIR="$KDIR" ARCH="$ARCH" CROSS_COMPILE="$CROSS" INSTALL_MOD_PATH="$ROOT" modules_install
}

# One of the documents has no compiler here.
install_again() {
	in_tree make KDIR="$KDIR" ARCH="$ARCH" INSTALL_MOD_PATH="$ROOT" modules_install
}

install_user() {
	make -C "$TOP" DESTDIR="$ROOT" user_install && [ -s "$ROOT/usr/lib/udev/rules.d/40-linux-amp.rules" ] &&
		[ -s "$ROOT/usr/lib/udev/rules.d/60-linux-amp.rules" ] &&
		[ -s "$ROOT/usr/lib/modprobe.d/linux-amp.conf" ] && [ -s "$ROOT/usr/lib/modules-load.d/linux-amp.conf" ]
}

# file_of MODULE: the file that modprobe would load
file_of() {
	modprobe -d "$ROOT" -S "$K_VERSION" --show-depends "$1" | tail -n 1 | sed 's/^insmod \([^ ]*\).*/\1/'
}

ours_win() {
	local module

	for module in $(modules); do
		case $(file_of "$module") in
		"$MODULES/updates/"*) ;;
		*) echo "$module: $(file_of "$module")"; return 1 ;;
		esac
	done
}

# What the kernel has of the same names is there, or this would prove nothing.
had_its_own() {
	[ "$ARCH" != arm ] || find "$MODULES/kernel" -name 'virtio_rpmsg_bus.ko*' | grep .
}

one_too_many() {	# the name of a module of ours that somebody else has put there
	mkdir -p "$MODULES/updates/drivers/other" && echo x > "$MODULES/updates/drivers/other/rpmsg_char.ko" &&
		"$KTREE/src/tools/uninstall" "$ROOT" "$K_VERSION" updates 2> /dev/null
	[ -s "$MODULES/updates/drivers/other/rpmsg_char.ko" ] && rm -r "$MODULES/updates"
}

uninstall() {
	in_tree make KDIR="$KDIR" ARCH="$ARCH" INSTALL_MOD_PATH="$ROOT" modules_uninstall && make -C "$TOP" DESTDIR="$ROOT" user_uninstall
}

as_before() {
	(cd "$ROOT" && find . -type f -exec sha256sum {} + | LC_ALL=C sort) > "$WORK/after"
	same "$WORK/before" "$WORK/after"
}

stock_wins() {
	[ "$ARCH" != arm ] || [ "$(file_of virtio_rpmsg_bus)" = "$(find "$MODULES/kernel" -name 'virtio_rpmsg_bus.ko*')" ]
}

# The configuration decides: what it has built in is left to the kernel.
built_in() {
	mkdir -p "$WORK/kdir/include/config" &&
		{ grep -v '^CONFIG_RPMSG_CHAR=' "$KDIR/include/config/auto.conf" && echo CONFIG_RPMSG_CHAR=y; } \
			> "$WORK/kdir/include/config/auto.conf" &&
		make -s -f "$TOP/tools/modules.mk" KDIR="$WORK/kdir" > "$WORK/list" && cat "$WORK/list" &&
		! grep -x drivers/rpmsg/rpmsg_char "$WORK/list" && grep -x drivers/rpmsg/rpmsg_ctrl "$WORK/list"
}

# The devicetree that a board boots with, as the quick starts make it from one without symbols, which plain kernels have
devicetree() {
	cp "$DTB" "$WORK/" && DTB=$WORK/${DTB##*/} &&
		{ fdtput -r "$DTB" /__symbols__ || ! fdtget -l "$DTB" /__symbols__; } &&
		make -C "$TOP" dtb DTB="$DTB" OVERLAY="$OVERLAY" && fdtget "$TOP/build/${DTB##*/}" "$NODE" compatible
}

# What it says is what Kbuild made.
as_built() {
	make -s -f "$TOP/tools/modules.mk" KDIR="$KDIR" | LC_ALL=C sort > "$WORK/said"
	(cd "$KTREE/src" && find drivers -name '*.ko' | sed 's/\.ko$//') | LC_ALL=C sort > "$WORK/made"
	same "$WORK/said" "$WORK/made"
}

main() {
	echo "1..13"
	check "make" made
	check "modules.mk names what Kbuild makes" as_built
	check "a module that the kernel has built in is not made" built_in
	check "a kernel with modules of its own" stock_kernel
	check "it has some of our names" had_its_own
	check "make modules_install" install_modules
	check "make modules_install, without a compiler" install_again
	check "make user_install" install_user
	check "ours win" ours_win
	check "make modules_uninstall, user_uninstall" uninstall
	check "everything is as before, and the kernel's own win" eval "as_before && stock_wins"
	check "files of others with our names are left alone" one_too_many
	check "make dtb" devicetree
	finish 13
}

main
