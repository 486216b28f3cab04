#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Build one of this project's own test kernels.
#
# usage: build.sh [-c] SOURCE_TARBALL KERNEL_ID OUT_DIR [JOBS]
#        build.sh -f KERNEL_ID
#
# SOURCE_TARBALL is Debian's linux-source-SERIES.tar.xz. KERNEL_ID is own-SERIES-ARCH, or one of its
# variants own-SERIES-ARCH-debug and own-SERIES-ARCH-vendor; ARCH is arm64 or armv7. OUT_DIR receives
#
#   image          what a board boots (arm64: Image, armv7: zImage)
#   dtbs/          devicetrees of the boards, with symbols for overlays
#   lib/modules/   the kernel's own modules, as modules_install leaves them
#   kdir/          what building external modules takes; it may be moved anywhere
#   version        what uname -r says
#   config         the configuration
#   arch, cross    for the make command line: ARCH= and CROSS_COMPILE=
#   build.log      what the build printed
#
# With -c the kernel is only configured, and OUT_DIR receives config. With -f the files are listed that
# its configuration is made of. The build takes place in OUT_DIR/build.tmp, which is removed when it
# succeeds. No network is used.
#
# Copyright (c) 2026 linux-amp developers

set -eu

here=$(cd "$(dirname "$0")" && pwd)

# The source without what is left out below, its objects, and some slack
NEED_MB=3000

# Other architectures and large families of drivers: nothing but their Kconfig files is read.
UNUSED='arch/alpha arch/arc arch/csky arch/hexagon arch/ia64 arch/loongarch arch/m68k arch/microblaze
	arch/mips arch/nios2 arch/openrisc arch/parisc arch/powerpc arch/riscv arch/s390 arch/sh arch/sparc
	arch/um arch/x86 arch/xtensa drivers/gpu drivers/infiniband drivers/media drivers/net/ethernet
	drivers/net/wireless drivers/scsi drivers/staging drivers/usb fs/btrfs fs/xfs sound tools/perf
	tools/testing'

die() {
	echo "build.sh: $*" >&2
	exit 1
}

usage() {
	echo "usage: build.sh [-c] SOURCE_TARBALL KERNEL_ID OUT_DIR [JOBS] | build.sh -f KERNEL_ID" >&2
	exit 2
}

# What the identifier says: which sources, which compiler, which fragments in which order, and which
# images and devicetrees the boards need. A fragment of a series or a machine is for that one only.
parse_id() {
	local fragment only

	IFS=- read -r own series machine variant <<-END
		$id
	END
	[ "$own" = own ] || usage
	case $series in
	6.1 | 6.12) ;;
	*) die "no kernel $id: the series are 6.1 and 6.12" ;;
	esac
	case $machine in
	arm64)
		arch=arm64 cross=aarch64-linux-gnu- image=Image
		dtbs=xilinx/zynqmp-zcu102-rev1.0.dtb
		;;
	armv7)
		arch=arm cross=arm-linux-gnueabihf- image=zImage
		dtbs='zynq-zc702.dtb imx7d-sdb.dtb'
		;;
	*) die "no kernel $id: the architectures are arm64 and armv7" ;;
	esac
	case $variant in
	'') fragments="base $machine rpmsg plain" ;;
	debug) fragments="base $machine rpmsg debug" ;;
	vendor) fragments="base $machine plain vendor" ;;
	*) die "no kernel $id: the variants are debug and vendor" ;;
	esac
	for fragment in $fragments; do
		for only in $series $machine; do
			[ ! -f "$here/configs/$fragment-$only.config" ] || fragments="$fragments $fragment-$only"
		done
	done
}

check_host() {
	local tool free

	for tool in make cc flex bison bc tar xz "${cross}gcc"; do
		command -v "$tool" > /dev/null || die "$tool is missing on this host"
	done
	free=$(df -Pm "$out" | awk 'NR == 2 { print $4 }')
	[ "$free" -ge "$NEED_MB" ] || die "$free MB free in $out, the build needs $NEED_MB"
}

# run WHAT COMMAND...: everything that takes long or prints much
run() {
	local what=$1

	shift
	echo "== $what: $*" >> "$log"
	"$@" >> "$log" 2>&1 || die "$id: $what failed, see $log"
}

kmake() {
	make --no-print-directory -C "$src" -j "$jobs" ARCH="$arch" CROSS_COMPILE="$cross" "$@"
}

unpack() {
	local dir exclude=(--exclude='*/Documentation/*.rst')

	for dir in $UNUSED; do
		exclude+=(--exclude="linux-source-*/$dir/*.[chS]")
	done
	mkdir -p "$src"
	run unpacking tar -C "$src" --strip-components=1 "${exclude[@]}" -xf "$tarball"
	[ "$(kmake -s kernelversion | cut -d . -f 1-2)" = "$series" ] ||
		die "$tarball does not hold a kernel $series"
}

# Everything that no fragment names stays off.
configure() {
	local fragment all=$work/all.config

	echo "CONFIG_LOCALVERSION=\"-${id#own-"$series"-}\"" > "$all"
	for fragment in $fragments; do
		grep -v '^#' "$here/configs/$fragment.config" >> "$all" || die "no fragment $fragment.config"
	done
	run configuring kmake KCONFIG_ALLCONFIG="$all" allnoconfig
}

# Kconfig drops in silence what it does not know and what depends on something that is off. A debug
# kernel without KASAN would find nothing and look fine. Later fragments win over earlier ones.
check_config() {
	awk -F= -v id="$id" '
		NR == FNR { if (/^CONFIG_/) { want[$1] = substr($0, length($1) + 2) } next }
		/^CONFIG_/ { have[$1] = substr($0, length($1) + 2) }
		END {
			for (option in want) {
				is = option in have ? have[option] : "n"
				if (is != want[option]) {
					printf "%s: %s is %s, the fragments want %s\n", id, option, is, want[option]
					bad = 1
				}
			}
			exit bad
		}' "$work/all.config" "$src/.config" >> "$log" || {
		grep "^$id: CONFIG_" "$log" >&2
		die "$id: the configuration is not what its fragments say"
	}
}

build() {
	run building kmake "$image" modules
	# From the environment, because the kernel's makefiles add to it.
	# shellcheck disable=SC2086
	DTC_FLAGS=-@ run "building devicetrees" kmake $dtb_targets
}

# 6.5 sorted 32-bit devicetrees into a directory per vendor; what is installed has none, as in Debian.
find_dtbs() {
	local dtb source

	dtb_targets=
	for dtb in $dtbs; do
		source=$(cd "$src/arch/$arch/boot/dts" && find . -name "$(basename "${dtb%.dtb}.dts")" | head -n 1)
		[ -n "$source" ] || die "$id: no source for $dtb"
		source=${source#./}
		dtb_targets="$dtb_targets ${source%.dts}.dtb"
	done
}

install_dtbs() {
	local target dtb

	# shellcheck disable=SC2086
	set -- $dtbs
	for target in $dtb_targets; do
		mkdir -p "$(dirname "$new/dtbs/$1")"
		cp "$src/arch/$arch/boot/dts/$target" "$new/dtbs/$1"
		shift
	done
}

# A tree that was built in place and keeps only what kbuild reads for an external module: makefiles,
# headers, host programs, symbol versions. All paths in it are relative.
install_kdir() {
	local kdir=$new/kdir

	mkdir -p "$kdir/arch/$arch"
	cp -a "$src/Makefile" "$src/.config" "$src/Module.symvers" "$src/include" "$src/scripts" "$kdir/"
	cp -a "$src/arch/$arch/Makefile" "$src/arch/$arch/include" "$kdir/arch/$arch/"
	rm -rf "$kdir/scripts/dtc/include-prefixes"
	find "$kdir" \( -name '*.o' -o -name '.*.cmd' -o -name '.*.d' -o -name '.gitignore' \) -delete
}

install_all() {
	local version

	version=$(cat "$src/include/config/kernel.release")
	mkdir -p "$new"
	cp "$src/arch/$arch/boot/$image" "$new/image"
	install_dtbs
	run "installing modules" kmake INSTALL_MOD_PATH="$new" modules_install
	rm -f "$new/lib/modules/$version/build" "$new/lib/modules/$version/source"
	ln -s ../../../kdir "$new/lib/modules/$version/build"
	install_kdir
	cp "$src/.config" "$new/config"
	echo "$version" > "$new/version"
	echo "$arch" > "$new/arch"
	echo "$cross" > "$new/cross"
}

config_only=
case ${1:-} in
-f)
	[ $# -eq 2 ] || usage
	id=$2
	parse_id
	for fragment in $fragments; do
		echo "$here/configs/$fragment.config"
	done
	exit
	;;
-c)
	config_only=1
	shift
	;;
esac
if [ $# -lt 3 ] || [ $# -gt 4 ]; then
	usage
fi
tarball=$(realpath "$1")
[ -r "$tarball" ] || die "cannot read $1"
id=$2
parse_id
mkdir -p "$3" || die "cannot create $3"
out=$(realpath "$3")
jobs=${4:-$(nproc)}
log=$out/build.log
work=$out/build.tmp
src=$work/src
new=$work/new

: > "$log"
check_host
rm -rf "$work"
mkdir -p "$work"
# The same sources and compiler give the same kernel, whoever builds it and when.
export KBUILD_BUILD_TIMESTAMP='1970-01-01 00:00:00 UTC' KBUILD_BUILD_USER=linux-amp KBUILD_BUILD_HOST=selftests

unpack
configure
check_config
if [ -n "$config_only" ]; then
	cp "$src/.config" "$out/config"
else
	find_dtbs
	build
	install_all
	cp -a "$new/." "$out/"
fi
rm -rf "$work"
