#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# make test-packages: the ways in which this package gets onto a system, in root file systems of Debian; then the boards,
# with the modules that were built there. Its last line is `N passed, N failed, N skipped`.
#
# usage: test.sh [--prepare] [ARCHITECTURE...]	arm64 and armhf; without any, both
#   --prepare     only set up what the suites need, and write run.py's arguments for them, a line each, to
#                 build/packaging/suites; DKMS's are in brief then
#   AMP_NATIVE=1  the compilers of the root file systems compile everything, emulated, and not only what boards boot
#
# Copyright (c) 2026 linux-amp developers

set -u
cd "$(dirname "$0")/../harness" || exit 1
# shellcheck source-path=SCRIPTDIR/../harness
. ./common.sh
# shellcheck source-path=SCRIPTDIR/../harness
. ./cache.sh
# shellcheck source-path=SCRIPTDIR/../harness
. ./apt.sh
# shellcheck source-path=SCRIPTDIR/../harness
. ./chroot.sh
# shellcheck source-path=SCRIPTDIR
. ../packaging/rootfs.sh

WORK=$BUILD/packaging

cells_of() {
	case $1 in
	arm64) echo zcu102-stock ;;
	armhf) echo imx7d-stock zynq7-6.1 ;;
	*) die "usage: test.sh [--prepare] [arm64] [armhf]" ;;
	esac
}

# prepare NAME: a fresh root file system with our tests in /test
prepare() {
	local root=$WORK/$1

	unpack_rootfs "$1" "$root" || return 1
	mkdir -p "$root/test"
	rsync -a "$PACKAGING/" "$root/test/packaging/"
}

# This tree, without what was built in it
copy_tree() {
	mkdir -p "$1" && rsync -a --exclude=/build --exclude=/.git --exclude=__pycache__ --exclude=generated \
		--exclude='*.o' --exclude='*.ko' --exclude='*.mod' --exclude='*.mod.c' --exclude='.*.cmd' "$TOP/" "$1/"
}

# With the devicetrees of the boards, which are to follow the bindings
prepare_tools() {
	prepare tools && copy_tree "$WORK/tools/test/src" && cp "$KSRC/scripts/kernel-doc" "$WORK/tools/test/" &&
		mkdir "$WORK/tools/test/dtb" && cp "$BUILD"/dtb/*.dtb "$WORK/tools/test/dtb/"
}

# The package that is tested here is the one that was built there.
prepare_board() {
	local root=$WORK/$1

	prepare "$1" && fast_compiler "$root" && copy_tree "$root/test/src" &&
		cp "$WORK"/tools/test/out/*.deb "$root/test/" &&
		mkdir -p "$CACHE/ccache-$1" && rsync -a "$CACHE/ccache-$1/" "$root/test/ccache/"
}

# kernels NAME: the releases whose headers it has, the one with an image first
kernels() {
	local release

	for release in "$WORK/$1"/lib/modules/*; do
		[ ! -d "$release/kernel" ] || echo "${release##*/}"
	done
	for release in "$WORK/$1"/lib/modules/*; do
		[ -d "$release/kernel" ] || echo "${release##*/}"
	done
}

# Longer than a suite may take where it is emulated, and kept from one run to the next.
compile() {
	local releases

	mapfile -t releases < <(kernels "$1")
	"$PACKAGING/enter.sh" "$WORK/$1" /test/packaging/dkms_test.sh --compile "${releases[@]}" &&
		rsync -a --delete "$WORK/$1/test/ccache/" "$CACHE/ccache-$1/"
}

# together FUNCTION NAME...: for all of them at a time, in shells of their own. What each says begins with its name.
# Who interrupts this ends them all: each has a process group. They hold the cache's lock as long as they live.
together() {
	local function=$1 name pid pids=() status=0

	shift
	set -m
	for name in "$@"; do
		(
			set +m -o pipefail
			("$function" "$name") 2>&1 < /dev/null | sed -u "s/^ */  $name: /" 9>&-
		) &
		pids+=($!)
	done
	set +m
	trap 'kill -TERM -- "${pids[@]/#/-}"; wait; exit 143' HUP INT TERM
	for pid in "${pids[@]}"; do
		wait "$pid" || status=1
	done
	trap - HUP INT TERM
	return "$status"
}

compile_board() {
	prepare_board "$1" || die "cannot prepare the root file system for $1"
	step "compiling with DKMS (minutes; what is in the cache, seconds)" "dkms-$1" compile "$1" ||
		say "  (that is reported again below)"
	prepare_board "$1" || die "cannot prepare the root file system for $1"
}

# Both systems are emulated, and most of what they do can only go on one processor.
prepare_all() {
	install_host_packages ccache debian-archive-keyring debootstrap qemu-user-static rsync
	need_space "$WORK" 6000
	cache_lock
	together setup_rootfs tools "$@" || exit 1
	prepare_tools || die "cannot prepare the root file system with the tools"
	step "Debian package, for what follows" package-first "$PACKAGING/enter.sh" "$WORK/tools" \
		/test/packaging/package_test.sh || say "  (that is reported again below)"
	together compile_board "$@" || exit 1
	exec 9>&-
}

# All of it builds in build/, so that it goes before the suites, which run beside each other.
type_commands() {
	python3 "$PACKAGING/typed_test.py" > "$WORK/typed.ktap"
}

# suites [-b] ARCHITECTURE...: a line each. With -b DKMS tries only what the processor can make a difference to, if that is
# all that was compiled for it.
suites() {
	local arch releases brief='' title how

	[ "$1" != -b ] || { brief=1; shift; }
	echo "Debian package=$PACKAGING/enter.sh $WORK/tools /test/packaging/package_test.sh"
	for arch in "$@"; do
		title="DKMS on $arch" how=
		if [ -n "$brief" ] && [ -d "$WORK/$arch/native" ]; then
			title="$title, in brief" how=--brief
		fi
		mapfile -t releases < <(kernels "$arch")
		echo "$title=env BUILD=$BUILD $PACKAGING/system_test.sh $how $arch ${releases[*]}"
		echo "make for $arch=env BUILD=$BUILD $PACKAGING/make_test.sh debian-6.1-$arch"
	done
	case " $* " in
	*" armhf "*) echo "make for Zynq-7000=env BUILD=$BUILD $PACKAGING/make_test.sh own-6.1-armv7" ;;
	esac
	echo "Yocto recipe=python3 $PACKAGING/yocto_test.py ${KDIR%-*}-common $KDIR arm64 aarch64-linux-gnu- $WORK/yocto"
	echo "commands as typed=cat $WORK/typed.ktap"
	echo "documents=$PACKAGING/enter.sh $WORK/tools python3 /test/src/selftests/packaging/docs_test.py /test/src /test/kernel-doc"
}

main() {
	local only='' arch cells='' kernels line host=()

	if [ "${1:-}" = --prepare ]; then
		only=1
		shift
	fi
	[ $# -gt 0 ] || set -- arm64 armhf
	# The lists of cells are read before set-up.
	command -v python3 > /dev/null || ./setup.sh base || exit 1
	for arch in "$@"; do
		cells="$cells $(cells_of "$arch")" || exit 1
	done
	# In a run of everything this has been done.
	if [ -z "$only" ]; then
		# shellcheck disable=SC2086  # a word each
		kernels=$(python3 cells.py kernels $cells) && ./setup.sh base board source $kernels && ./build.sh $cells ||
			exit 1
	fi
	# shellcheck source=/dev/null
	. "$BUILD/env"
	prepare_all "$@"
	step "typing what the documents say (minutes)" typed type_commands || say "  (that is reported again below)"
	suites ${only:+-b} "$@" > "$WORK/suites"
	[ -z "$only" ] || return 0
	while read -r line; do
		host+=(--host "$line")
	done < "$WORK/suites"
	exec python3 run.py --scale "${SCALE:-10}" "${host[@]}"
}

main "$@"
