#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Build what a board runs: our modules against the cell's kernel, remote firmware, EL3 monitor, test
# programs, merged devicetrees, and the initramfs that holds it all. Everything lands in build/.
# Needs build/env, which setup.sh writes.

set -u
cd "$(dirname "$0")" || exit 1
# shellcheck source-path=SCRIPTDIR
. ./common.sh
# shellcheck source=/dev/null
. "$BUILD/env" || die "no build/env: run selftests/harness/setup.sh first"

ARM64=aarch64-linux-gnu-
KTREE=$BUILD/kernels/$KERNEL_VERSION

kernel_make() {
	make -C "$KTREE/src" KDIR="$KDIR" ARCH=arm64 CROSS_COMPILE=$ARM64 \
		-j"$(nproc)" "$@"
}

# Kernels differ in what is built for them, so each gets a copy of the sources; rsync keeps times, so
# only what changed is built again.
build_modules() {
	mkdir -p "$KTREE/src" &&
		rsync -a --delete --exclude='*.o' --exclude='*.ko' --exclude='*.mod' --exclude='*.mod.c' \
			--exclude='.*.cmd' --exclude=modules.order --exclude=Module.symvers --exclude=generated \
			"$TOP/Kbuild" "$TOP/Makefile" "$TOP/compat" "$TOP/include" "$TOP/drivers" "$TOP/tools" \
			"$KTREE/src/" &&
		kernel_make modules
}

# The target's /lib/modules: ours where modules_install puts them, and of the stock ones those that ours
# stand on. Which of two modules with one name wins is depmod's decision here as on any system.
install_modules() {
	local root=$KTREE/root stock=$KERNEL_ROOT/lib/modules/$KERNEL_VERSION

	rm -rf "$root"
	mkdir -p "$root/lib/modules/$KERNEL_VERSION/kernel/drivers" &&
		cp "$stock"/modules.builtin* "$stock"/modules.order "$root/lib/modules/$KERNEL_VERSION/" &&
		cp -r "$stock/kernel/drivers/rpmsg" "$root/lib/modules/$KERNEL_VERSION/kernel/drivers/" &&
		kernel_make INSTALL_MOD_PATH="$root" DEPMOD=true modules_install &&
		depmod -b "$root" "$KERNEL_VERSION"
}

build_guest() {
	make -C "$TOP/selftests" O="$BUILD/guest" CROSS_COMPILE=$ARM64 KSELFTEST_DIR="$KSELFTEST_DIR" all &&
		rm -rf "$BUILD/guest/root" &&
		make -C "$TOP/selftests" O="$BUILD/guest" CROSS_COMPILE=$ARM64 KSELFTEST_DIR="$KSELFTEST_DIR" \
			DESTDIR="$BUILD/guest/root" TESTDIR=/selftests install
}

build_initramfs() {
	local root=$BUILD/initramfs

	rm -rf "$root"
	mkdir -p "$root"/{bin,sbin,lib/firmware,dev,proc,sys,tmp,selftests} &&
		cp "$BUSYBOX" "$root/bin/busybox" &&
		cp -a "$KTREE/root/lib/modules" "$root/lib/" &&
		cp "$BUILD"/firmware/*.elf "$root/lib/firmware/" &&
		cp -a "$BUILD/guest/root/." "$root/" &&
		ln -s /selftests/rpmsg/rpmsg_say "$root/sbin/rpmsg_say" &&
		cp guest/init "$root/init" && cp guest/hotplug "$root/sbin/hotplug" &&
		cp guest/demo "$root/selftests/demo" &&
		find "$root/lib/modules" -name '*.ko' -exec ${ARM64}strip -g {} + &&
		(cd "$root" && find . | LC_ALL=C sort | cpio --quiet -o -H newc -R 0:0 | gzip -1) \
			> "$BUILD/initramfs.cpio.gz.new" &&
		mv "$BUILD/initramfs.cpio.gz.new" "$BUILD/initramfs.cpio.gz"
}

# overlay NAME: the source of an overlay, a user's or a test's.
overlay() {
	local dir

	for dir in "$TOP/dts" "$TOP/selftests/cells/dts"; do
		[ ! -f "$dir/$1.dtso" ] || { echo "$dir/$1.dtso"; return 0; }
	done
	echo "no overlay named $1" >&2
	return 1
}

# One merged devicetree for each boot of each cell.
build_dtbs() {
	local cell boot dtb overlays sources o

	mkdir -p "$BUILD/dtb"
	python3 list_boots.py > "$BUILD/dtb/list" || return 1
	while read -r cell boot dtb overlays; do
		sources=()
		for o in $overlays; do
			sources+=("$(overlay "$o")") || return 1
		done
		echo "$cell $boot: $dtb + $overlays"
		"$TOP/tools/dtb-merge" "$DTB_DIR/$dtb" "$BUILD/dtb/$cell-$boot.dtb" "${sources[@]}" || return 1
	done < "$BUILD/dtb/list"
}

main() {
	say "building for $KERNEL_VERSION"
	step "modules" modules build_modules || die "the modules do not build"
	step "installing modules" modules-install install_modules || die "modules_install failed"
	step "remote firmware" firmware make -C "$TOP/selftests/firmware" O="$BUILD/firmware" ||
		die "the firmware does not build"
	step "EL3 monitor" monitor make -C "$TOP/selftests/monitor" O="$BUILD/monitor" CROSS_COMPILE=$ARM64 ||
		die "the EL3 monitor does not build"
	step "test programs" guest build_guest || die "the test programs do not build"
	step "devicetrees" dtbs build_dtbs || die "the devicetrees do not build"
	step "initramfs" initramfs build_initramfs || die "cannot make the initramfs"
}

main "$@"
