# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# The project's own kernels: sources from Debian's linux-source packages, the compiler, and an entry in
# the cache for each kernel. How a kernel is configured and built is in selftests/kernels. Sourced after
# apt.sh, chroot.sh and debian_kernels.sh.
#
# Copyright (c) 2026 linux-amp developers

KERNELS_DIR=$TOP/selftests/kernels
KERNEL_BUILD_PACKAGES=(flex bison bc)

fetch_linux_source() {
	local new=$1 series=$3 suite=$4

	suite_apt "$suite"
	step "fetching the source of Linux $series (150 MB)" "linux-source-$series" \
		private_download "$new" "linux-source-$series" || return 1
	dpkg-deb -f "$new"/linux-source-*.deb Version > "$new/version" &&
		dpkg-deb --fsys-tarfile "$new"/linux-source-*.deb |
		tar -C "$new" --strip-components=3 -xf - "./usr/src/linux-source-$series.tar.xz" &&
		rm "$new"/linux-source-*.deb
}

# linux_source SERIES: set $LINUX_TARBALL, and $LINUX_VERSION, Debian's version of the package.
linux_source() {
	local suite ENTRY

	case $1 in
	6.1) suite=bookworm ;;
	6.12) suite=trixie ;;
	*) die "there are no own kernels of series $1" ;;
	esac
	cache_get "linux-source-$1" "$(cache_key "$suite" "linux-source-$1" tarball-1)" fetch_linux_source "$1" "$suite"
	LINUX_TARBALL=$ENTRY/linux-source-$1.tar.xz
	LINUX_VERSION=$(cat "$ENTRY/version")
}

# Debug kernels are compiled with a check at every access to memory.
own_kernel_minutes() {
	case $1 in
	*-debug) echo 8 ;;
	*) echo 4 ;;
	esac
}

build_own_kernel() {
	local new=$1 id=$3 out=$BUILD/kernel-build/$3

	need_space "$CACHE" 500
	rm -rf "$out"
	mkdir -p "$out" && : > "$out/build.log"
	# What build.sh logs is shown as progress, and outlives a failure.
	# shellcheck disable=SC2016  # expanded by the inner shell
	step "building kernel $id (about $(own_kernel_minutes "$id") minutes on two cores)" "kernel-$id" \
		bash -c 'log=$1; shift; "$@" & tail --pid=$! -n +1 -f "$log"; wait $!' - "$out/build.log" \
		"$KERNELS_DIR/build.sh" "$LINUX_TARBALL" "$id" "$out" "$(nproc)" || return 1
	rm "$out/build.log"
	cp -a "$out/." "$new/" && rm -rf "$out"
}

# setup_own_kernel ID: everything for building and booting. Sets what setup_debian_kernel sets; ENTRY
# is the cache's entry, which is laid out as kernels/build.sh says.
# shellcheck disable=SC2034  # read by name
setup_own_kernel() {
	local id=$1 series inputs

	series=${id#own-}
	series=${series%%-*}
	case $id in
	own-*-arm64*) K_ARCH=arm64 D_ARCH=arm64 D_CROSS=aarch64-linux-gnu ;;
	own-*-armv7*) K_ARCH=arm D_ARCH=armhf D_CROSS=arm-linux-gnueabihf ;;
	*) die "no own kernel '$id'" ;;
	esac
	install_host_packages "${KERNEL_BUILD_PACKAGES[@]}" "gcc-$D_CROSS"
	mapfile -t inputs < <("$KERNELS_DIR/build.sh" -f "$id")
	[ ${#inputs[@]} -gt 0 ] || exit 1
	setup_busybox "$D_ARCH"
	linux_source "$series"
	cache_get "$id" "$(cache_key "$LINUX_VERSION" "$("$D_CROSS-gcc" --version | head -n 1)" \
		"$KERNELS_DIR/build.sh" "${inputs[@]}" "$(uname -m)")" build_own_kernel "$id"
	K_RUN=
	K_CC=gcc
	K_VERSION=$(cat "$ENTRY/version")
	K_DIR=$ENTRY/kdir
	K_IMAGE=$ENTRY/image
	K_DTB_DIR=$ENTRY/dtbs
	K_MODULES=$ENTRY/lib/modules/$K_VERSION
}
