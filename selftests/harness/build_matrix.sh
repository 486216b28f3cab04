#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# make build-matrix: compile every module against each of Debian's headers packages, with the compiler
# of that kernel. One build per kernel, with the kernel's extra warnings (W=1) and sparse over our files;
# the code of an SoC that a kernel is not configured for is compiled as well. Says for each kernel how
# the private rpmsg ABI was proved. KTAP on stdout, its last line is `N passed, N failed, N skipped`.
#
# usage: build_matrix.sh [--fetch|--list] [KERNEL...]
#   --fetch   only fetch headers and compilers
#   --list    only say which kernels there are
#
# Copyright (c) 2026 linux-amp developers

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

MATRIX=$BUILD/matrix
number=0
passed=0
failed=0

# result STATUS NAME [FILE]: one case; what is wrong is in FILE
result() {
	number=$((number + 1))
	if [ "$1" = 0 ]; then
		passed=$((passed + 1))
		echo "ok $number $2"
	else
		failed=$((failed + 1))
		head -n 40 "$3" | sed 's/^/# /'
		echo "not ok $number $2"
	fi
}

copy_sources() {
	rm -rf "$1"
	mkdir -p "$1" && rsync -a --exclude='*.o' --exclude='*.ko' --exclude='*.mod' --exclude='*.mod.c' \
		--exclude='.*.cmd' --exclude=modules.order --exclude=Module.symvers --exclude=generated \
		"$TOP/Kbuild" "$TOP/compat" "$TOP/include" "$TOP/drivers" "$1/"
}

# KBUILD_CHECKSRC is what C= sets. Debian's newer headers lack the script that looks whether there is a
# sparse, and kbuild then turns C= off without an error; it cannot turn this off.
compile() {
	copy_sources "$1" &&
		kernel_run make -C "$K_DIR" M="$1" ARCH="$K_ARCH" CROSS_COMPILE="$D_CROSS-" -j"$(nproc)" \
			W=1 KBUILD_CHECKSRC=1 CHECK=sparse COMPILE_TEST=1 modules
}

# What compiler and sparse say of our files, which newer kernels name relative to the tree. Of the
# kernel's own headers they say a lot.
complaints() {
	grep -E "^($1/|\./)?(drivers|compat|include)/.*(warning|error): |(WARNING|ERROR): modpost|\*\*\*|compat: warning" "$2"
}

# Kernels for virtual machines have nothing that our modules could stand on.
has_cores() {
	grep -qE '^CONFIG_(REMOTEPROC|MAILBOX|RPMSG)=' "$K_DIR/.config"
}

# Every object of ours must have been through sparse: no complaint of a checker that did not run counts.
all_checked() {
	local tree=$1 log=$2 checked compiled

	checked=$(grep -cE '^ +CHECK ' "$log")
	compiled=$(find "$tree/drivers" -name '*.o' ! -name '*.mod.o' -exec sh -c \
		'for o; do [ ! -f "${o%.o}.c" ] || echo "$o"; done' - {} + | wc -l)
	echo "$checked of $compiled objects were checked"
	if ! has_cores; then
		[ "$compiled" = 0 ]
		return
	fi
	[ "$compiled" -gt 0 ] && [ "$checked" -ge "$compiled" ]
}

abi_of() {
	sed -n 's/.*AMP_RPMSG_ABI_TEXT "\(.*\)"/\1/p' "$1/compat/generated/features.h" 2> /dev/null
}

# expected_abi ID: what that has to be. A kernel that can prove it and is built for without proof is a mistake of ours,
# and so is the ABI of another series. Only Debian's 7.2 for armhf has neither symbol CRCs nor BTF.
expected_abi() {
	case $1 in
	*-cloud-*) echo "none, the kernel has no rpmsg" ;;
	debian-6.1-*) echo "6.1, proved by crc" ;;
	debian-6.12-*) echo "6.12, proved by crc" ;;
	debian-7.2-*arm64) echo "7.0, proved by btf" ;;
	debian-7.2-*armhf) echo "7.0, unproved" ;;
	*) echo "unknown to expected_abi" ;;
	esac
}

# Every module that Kbuild would build somewhere is built here, or the kernel has it built in.
modules_of() {
	find "$1/drivers" -name '*.ko' -printf '%f\n' | sed 's/\.ko$//' | sort | tr '\n' ' '
}

build_for() {
	local id=$1 tree=$MATRIX/$1 log=$LOGS/matrix-$1.log status=0

	step "building for $id ($K_VERSION, $K_CC)" "matrix-$id" compile "$tree" >&2 || status=1
	result $status "$id: every module builds" <(tail -n 40 "$log")
	[ "$status" = 0 ] || echo "# $id: the whole log is in ${log#"$TOP"/}"
	complaints "$tree" "$log" | grep -v 'nothing to prove the rpmsg ABI with' > "$tree/complaints"
	[ ! -s "$tree/complaints" ] || status=1
	result $status "$id: no warning from our files with W=1 and sparse" "$tree/complaints"
	all_checked "$tree" "$log" > "$tree/checked"
	result $? "$id: sparse has read every file" "$tree/checked"
	[ "$(abi_of "$tree")" = "$(expected_abi "$id")" ]
	result $? "$id: rpmsg ABI $(expected_abi "$id")" <(echo "it is: $(abi_of "$tree")")
	echo "# $id: $K_VERSION, $K_CC, rpmsg ABI $(abi_of "$tree"):" \
		"$(has_cores && modules_of "$tree" || echo "no modules, it has no remoteproc, mailbox or rpmsg")"
}

# A kernel that cannot be built for fails, in all its cases.
no_headers() {
	local what why

	why=$(grep '^error: ' "$MATRIX/$1.set-up" | tail -n 1)

	for what in "every module builds" "no warning from our files with W=1 and sparse" "sparse has read every file" \
		"rpmsg ABI $(expected_abi "$1")"; do
		result 1 "$1: $what" <(echo "it cannot be set up: ${why:-no reason was given}")
	done
}

# What the table of kernels does not name is not compiled for: then it is not all that Debian offers.
all_offered() {
	[ -z "$UNLISTED" ]
	result $? "Debian offers no other headers package" <(echo "$UNLISTED")
}

declare -A SETTINGS=()

# settings_of ID: what a build needs, for eval. In a subshell: who cannot fetch something, or finds no compiler, dies.
settings_of() {
	debian_headers "$1" >&2 && declare -p K_VERSION K_DIR K_ARCH K_CC K_RUN D_CROSS
}

# chroot_of SUITE: the same of its chroot, as chroot_for keeps it
chroot_of() {
	chroot_for "$1" >&2 && echo "${CHROOTS[$1]:-}"
}

# What has to be fetched is fetched first, so that no other run waits for the cache while we compile. What of it cannot
# be fetched is in nobody's way: the kernel that wants it fails in its cases, and says why.
fetch_all() {
	local id

	install_host_packages make gcc libc6-dev rsync kmod sparse dwarves util-linux python3 xz-utils
	need_space "$CACHE" 2500
	cache_lock
	mkdir -p "$MATRIX"
	for id; do
		debian_kernel "$id"
		# A chroot's checksums take seconds: once for all kernels of a suite.
		[ -n "${CHROOTS[$D_SUITE]:-}" ] ||
			CHROOTS[$D_SUITE]=$(chroot_of "$D_SUITE" 2> >(tee "$MATRIX/$id.set-up" >&2)) || continue
		SETTINGS[$id]=$(settings_of "$id" 2> >(tee "$MATRIX/$id.set-up" >&2))
	done
	UNLISTED=$(unlisted_flavours) || UNLISTED="the mirror's lists cannot be fetched"
	exec 9>&-
}

main() {
	local id fetch_only=

	if [ "${1:-}" = --list ]; then
		printf '%s\n' "${DEBIAN_KERNELS[@]}"
		exit 0
	fi
	if [ "${1:-}" = --fetch ]; then
		fetch_only=1
		shift
	fi
	[ $# -gt 0 ] || set -- "${DEBIAN_KERNELS[@]}"
	fetch_all "$@" >&2
	[ -z "$fetch_only" ] || exit 0
	echo "KTAP version 1"
	echo "1..$(($# * 4 + 1))"
	all_offered
	for id; do
		if [ -n "${SETTINGS[$id]:-}" ]; then
			eval "${SETTINGS[$id]}"
			build_for "$id"
		else
			no_headers "$id"
		fi
	done
	echo "$passed passed, $failed failed, 0 skipped"
	[ "$failed" = 0 ]
}

# A test has the functions alone.
[ "${BASH_SOURCE[0]}" != "$0" ] || main "$@"
