#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Everything the tests need that is not in this tree: host packages, QEMU with our models, kernels with
# their headers, the kernel's own test headers. Writes build/env, which the other parts of the harness
# source, and build/kernels/<kernel>/env for each kernel. Run again it only checks.
#
# usage: setup.sh [--cached] [base] [board] [source] [KERNEL...]
#   --cached  only say of each of these whether the cache has it: nothing is fetched, built or written
#   base    compilers and tools of the host, Debian's arm64 kernel (enough to build everything), programs
#           of Debian's for the boards
#   board   QEMU (to boot)
#   source  parts of the kernel source (test headers, checkpatch, coccinelle scripts)
#   KERNEL  a kernel that a cell names

set -u
cd "$(dirname "$0")" || exit 1
# shellcheck source-path=SCRIPTDIR
. ./common.sh
# shellcheck source-path=SCRIPTDIR
. ./cache.sh
# shellcheck source-path=SCRIPTDIR
. ./apt.sh
# shellcheck source-path=SCRIPTDIR
. ./chroot.sh
# shellcheck source-path=SCRIPTDIR
. ./debian_kernels.sh
# shellcheck source-path=SCRIPTDIR
. ./own_kernels.sh
# shellcheck source-path=SCRIPTDIR
. ./tools.sh

HOST_PACKAGES=(
	make gcc libc6-dev binutils patch rsync cpio xz-utils file kmod bc python3 util-linux ca-certificates
	device-tree-compiler
	gcc-arm-none-eabi
	gcc-aarch64-linux-gnu libc6-dev-arm64-cross
	gcc-arm-linux-gnueabihf libc6-dev-armhf-cross
)
QEMU_PACKAGES=(
	pkg-config ninja-build python3-venv libglib2.0-dev zlib1g-dev libfdt-dev libpixman-1-dev
)
KERNEL_SUITE=bookworm

write_env() {
	mkdir -p "$BUILD"
	sed -i "/^$1=/d" "$BUILD/env.new" 2>/dev/null
	printf '%s=%q\n' "$1" "$2" >> "$BUILD/env.new"
}

# --- QEMU -----------------------------------------------------------------------------------------

fetch_qemu_source() {
	private_apt_update
	step "fetching the QEMU source (40 MB)" qemu-source private_source "$1" qemu/trixie
}

fetch_meson() {
	private_apt_update
	step "fetching meson for QEMU's build" meson private_download "$1" meson/trixie || return 1
	dpkg -x "$1"/meson_*.deb "$1" && rm -f "$1"/meson_*.deb
}

# QEMU wants meson 1.5; Debian 12 has an older one. It is pure Python and runs from where it lies.
meson_path() {
	if python3 -c 'import sys; from mesonbuild.coredata import version as v
sys.exit(tuple(map(int, v.split(".")[:2])) < (1, 5))' 2>/dev/null; then
		MESON_PATH=
		return
	fi
	cache_get meson "$(cache_key trixie meson)" fetch_meson
	MESON_PATH=$ENTRY/usr/lib/python3/dist-packages
}

build_qemu() {
	local out=$BUILD/qemu

	mkdir -p "$out" && : > "$out/build.log"
	# What build.sh logs is shown as progress, and outlives a failure.
	# shellcheck disable=SC2016  # expanded by the inner shell
	step "building QEMU with our board models (about 4 minutes on two cores)" qemu \
		bash -c 'log=$1; shift; "$@" & tail --pid=$! -n +1 -f "$log"; wait $!' - "$out/build.log" \
		env PYTHONPATH="$MESON_PATH" ../qemu/build.sh "$QEMU_SOURCE" "$out" "$(nproc)" &&
		cp "$out/qemu-system-aarch64" "$1/" && rm -f "$out/qemu-system-aarch64"
}

setup_qemu() {
	local inputs

	install_host_packages "${QEMU_PACKAGES[@]}"
	cache_get qemu-source "$(cache_key trixie qemu)" fetch_qemu_source
	QEMU_SOURCE=$(find "$ENTRY" -name 'qemu_10.0.*.orig.tar.*' ! -name '*.asc')
	[ -f "$QEMU_SOURCE" ] || die "no QEMU 10.0.x source in $ENTRY: the mirror has another version"
	meson_path
	mapfile -t inputs < <(find ../qemu -type f ! -path '*/test/*' ! -name '*.md' | LC_ALL=C sort)
	# shellcheck source=/dev/null
	cache_get qemu "$(cache_key "$QEMU_SOURCE" "${inputs[@]}" "${inputs[*]}" \
		"$(. /etc/os-release && echo "$VERSION_CODENAME")" "$(uname -m)")" build_qemu
	write_env QEMU "$ENTRY/qemu-system-aarch64"
	write_env QEMU_SOURCE "$QEMU_SOURCE"
}

# --- kernels --------------------------------------------------------------------------------------

# get_kernel ID: set K_*
# shellcheck disable=SC2034  # K_* are read by name
get_kernel() {
	K_RUN=
	case $1 in
	debian-*) setup_debian_kernel "$1" ;;
	own-*) setup_own_kernel "$1" ;;
	*) die "setup.sh: no kernel '$1'" ;;
	esac
}

# setup_kernel ID: what it is and where, for build.sh and run.py
setup_kernel() {
	local env=$BUILD/kernels/$1/env v

	get_kernel "$1"
	mkdir -p "$BUILD/kernels/$1"
	# K_RUN is put before commands that must not run on this host as it is.
	for v in K_VERSION K_ARCH K_DIR K_IMAGE K_DTB_DIR K_MODULES K_BUSYBOX K_RUN; do
		printf '%s=%q\n' "$v" "${!v}"
	done > "$env.new" && mv "$env.new" "$env"
}

# Whatever names no kernel of its own means this one.
setup_default_kernel() {
	setup_kernel debian-6.1-arm64
	write_env KERNEL_VERSION "$K_VERSION"
	write_env KDIR "$K_DIR"
	write_env DTB_DIR "$K_DTB_DIR"
	setup_tools arm64 aarch64-linux-gnu
	write_env TOOLS "$TOOLS"
}

# --- parts of the kernel source -------------------------------------------------------------------

fetch_kernel_source() {
	local new=$1

	private_apt_update
	step "fetching the kernel source (139 MB)" kernel-source \
		private_download "$new/debs" "linux-source-6.1/$KERNEL_SUITE" || return 1
	dpkg -x "$new"/debs/*.deb "$new/deb" || return 1
	step "unpacking the parts we use (about 20 s)" kernel-source-unpack \
		tar -C "$new" -xf "$new/deb/usr/src/linux-source-6.1.tar.xz" --strip-components=1 --wildcards \
		'linux-source-6.1/scripts' 'linux-source-6.1/tools/testing/selftests/kselftest*' \
		'linux-source-6.1/tools/testing/selftests/lib.mk' 'linux-source-6.1/samples/rpmsg' || return 1
	rm -rf "$new/debs" "$new/deb"
}

setup_source() {
	cache_get kernel-source "$(cache_key "$KERNEL_SUITE" linux-source-6.1 parts-2)" fetch_kernel_source
	write_env KSRC "$ENTRY"
	write_env KSELFTEST_DIR "$ENTRY/tools/testing/selftests"
}

# --------------------------------------------------------------------------------------------------

setup_part() {
	case $1 in
	base) setup_default_kernel ;;
	board) setup_qemu ;;
	source) setup_source ;;
	*) setup_kernel "$1" ;;
	esac
}

# --cached asks the same functions that make things: where they would begin to, the answer is no. Any other end is an
# error, and no answer.
NOT_CACHED=3
only_look() {
	install_host_packages() { :; }
	write_env() { :; }
	setup_kernel() { get_kernel "$1"; }
	suite_apt() { exit "$NOT_CACHED"; }
	cache_get() {
		ENTRY=$CACHE/$1-$2
		[ -d "$ENTRY" ] || exit "$NOT_CACHED"
	}
}

say_cached() {
	local part said

	only_look
	for part in "$@"; do
		if said=$( (setup_part "$part") 2>&1); then
			say "$part cached"
		elif [ $? = "$NOT_CACHED" ]; then
			say "$part not cached"
		else
			say "$part unknown: ${said##*$'\n'}"
		fi
	done
}

main() {
	local part

	if [ "${1:-}" = --cached ]; then
		shift
		say_cached "$@"
		return
	fi
	[ $# -gt 0 ] || set -- base board source
	say "set-up (cache: $CACHE)"
	need_space "$CACHE" 2500
	need_space "$BUILD" 500
	command -v dpkg > /dev/null || die "this needs a Debian 12 or 13 host"
	install_host_packages "${HOST_PACKAGES[@]}"
	cache_lock
	: > "$BUILD/env.new"
	for part in "$@"; do
		setup_part "$part"
	done
	mv "$BUILD/env.new" "$BUILD/env"
}

main "$@"
