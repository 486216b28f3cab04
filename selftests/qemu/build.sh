#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Build QEMU with the boards of this project.
#
# usage: build.sh SOURCE_TARBALL OUT_DIR [JOBS]
#
# SOURCE_TARBALL is Debian's qemu_10.0.x+ds.orig.tar.xz. The result is
# OUT_DIR/qemu-system-aarch64; what the build printed is in OUT_DIR/build.log.
# An older result stays until a newer one has been built. No network is used.
#
# PYTHON      python to configure with, default /usr/bin/python3
# PYTHONPATH  where meson 1.5 or newer is, if the python above has none
#
# Copyright (c) 2026 linux-amp developers

set -eu

here=$(cd "$(dirname "$0")" && pwd)
PYTHON=${PYTHON:-/usr/bin/python3}

# What the source tarball unpacks to and the build add, plus some slack
NEED_MB=500

die() {
	echo "build.sh: $*" >&2
	exit 1
}

usage() {
	echo "usage: build.sh SOURCE_TARBALL OUT_DIR [JOBS]" >&2
	exit 2
}

# run WHAT COMMAND...: everything that takes long or prints much
run() {
	what=$1
	shift
	echo "== $what: $*" >>"$log"
	"$@" >>"$log" 2>&1 || die "$what failed, see $log"
}

check_host() {
	for tool in cc ninja patch pkg-config tar xz "$PYTHON"; do
		command -v "$tool" >/dev/null || die "$tool is missing on this host"
	done
	for lib in glib-2.0 gmodule-2.0 pixman-1 zlib libfdt; do
		pkg-config --exists "$lib" 2>/dev/null && continue
		# Debian 12's libfdt comes without a pkg-config file
		[ "$lib" = libfdt ] && echo '#include <libfdt.h>' |
			cc -E - >/dev/null 2>&1 && continue
		die "the development files of $lib are missing on this host"
	done
	"$PYTHON" -c 'import ensurepip, venv' 2>/dev/null ||
		die "$PYTHON has no venv module (Debian: python3-venv)"
	"$PYTHON" - <<-'END' || die "meson 1.5 or newer is missing, $PYTHON finds none"
		import sys
		try:
		    from mesonbuild import coredata
		except ImportError:
		    sys.exit(1)
		sys.exit(tuple(map(int, coredata.version.split(".")[:2])) < (1, 5))
	END
	free=$(df -Pm "$out" | awk 'NR == 2 { print $4 }')
	[ "$free" -ge "$NEED_MB" ] ||
		die "$free MB free in $out, the build needs $NEED_MB"
}

unpack() {
	# Firmware sources are two thirds of the tarball and no board here needs any
	run unpacking tar -C "$src" --strip-components=1 --exclude='*/roms/*/*' -xf "$tarball"
	version=$(cat "$src/VERSION" 2>/dev/null) || die "$tarball holds no QEMU source"
	case $version in
	10.0.*) ;;
	*) die "the patches are for QEMU 10.0.x, $tarball holds $version" ;;
	esac
}

# Debian removes what it does not distribute, but not the references to it
edit_debian() {
	sed -i '/^pycotap/d' "$src/pythondeps.toml"
	sed -i 's/unpack_edk2_blobs = bzip2.found()/unpack_edk2_blobs = false/' \
		"$src/meson.build"
}

# A third of the compiler's time goes to vector extensions that no CPU of these boards has:
# build them without optimisation.
edit_unused() {
	for name in sve_helper sme_helper mve_helper translate-sve translate-sme \
		    translate-mve; do
		sed -i '1i #pragma GCC optimize ("O0")' "$src/target/arm/tcg/$name.c"
	done
}

add_models() {
	for dir in hw include configs; do
		cp -R "$here/$dir/." "$src/$dir/"
	done
	grep -v '^#' "$here/patches/series" | while read -r name; do
		[ -n "$name" ] || continue
		run "applying $name" patch -d "$src" -p1 --batch --forward --fuzz=0 \
			-i "$here/patches/$name"
	done
}

# Those of the options that this compiler knows
unhardened() {
	for option in -fzero-call-used-regs=skip -ftrivial-auto-var-init=uninitialized; do
		# shellcheck disable=SC2086  # a command, perhaps with a wrapper
		! ${CC:-cc} -Werror "$option" -x c -fsyntax-only /dev/null 2>>"$log" ||
			printf '%s ' "$option"
	done
}

# Half of the time of an emulated board is spent in functions of QEMU that are a few instructions long. They are put
# into each other by the linker (a sixth less time), and not hardened as far as that costs something: what runs on the
# boards is ours. For gcc; clang would need a linker of its own for that.
configure() {
	run configuring "$src/configure" \
		--target-list=aarch64-softmmu --python="$PYTHON" \
		--without-default-features --without-default-devices \
		--with-devices-aarch64=linux-amp \
		--enable-system --enable-tcg --enable-plugins \
		--enable-fdt=system --enable-pixman \
		--disable-docs --disable-tools --disable-guest-agent \
		--disable-werror --disable-debug-info --disable-install-blobs \
		--enable-lto -Doptimization=3 --disable-stack-protector \
		--extra-cflags="$(unhardened)"
}

check_result() {
	for board in xlnx-zcu102 xilinx-zynq-a9 mcimx7d-sabre; do
		"$1" -M help 2>>"$log" | grep -q "^$board " ||
			die "the new binary has no board $board, see $log"
	done
}

if [ $# -lt 2 ] || [ $# -gt 3 ]; then
	usage
fi
tarball=$(realpath "$1")
[ -r "$tarball" ] || die "cannot read $1"
mkdir -p "$2" || die "cannot create $2"
out=$(realpath "$2")
jobs=${3:-$(nproc)}
log=$out/build.log
work=$out/build.tmp
src=$work/src

: >"$log"
check_host
rm -rf "$work"
mkdir -p "$src" "$work/obj"

unpack
edit_debian
edit_unused
add_models
cd "$work/obj"
configure
run building ninja -j "$jobs" qemu-system-aarch64
run stripping strip -o "$work/qemu-system-aarch64" qemu-system-aarch64
check_result "$work/qemu-system-aarch64"
mv "$work/qemu-system-aarch64" "$out/qemu-system-aarch64"
cd "$out"
rm -rf "$work"
