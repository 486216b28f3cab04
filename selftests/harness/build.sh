#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Build what the boards run: our modules against each kernel, remote firmware, EL3 monitor, test
# programs, merged devicetrees, and the files that each kernel and stack has. Everything lands in build/.
# initramfs.py packs of them what a boot needs.
# Needs build/env and build/kernels/*/env, which setup.sh writes.
#
# usage: build.sh CELL...

set -u
cd "$(dirname "$0")" || exit 1
# shellcheck source-path=SCRIPTDIR
. ./common.sh
# shellcheck source=/dev/null
. "$BUILD/env" || die "no build/env: run selftests/harness/setup.sh first"

cross_of() {
	case $1 in
	arm64) echo aarch64-linux-gnu- ;;
	arm) echo arm-linux-gnueabihf- ;;
	esac
}

# use_kernel ID: the variables of one kernel
use_kernel() {
	KTREE=$BUILD/kernels/$1
	# shellcheck source=/dev/null
	. "$KTREE/env" || die "kernel $1 is not set up"
	CROSS=$(cross_of "$K_ARCH")
	# Nothing in such a kernel tells it, so its users have to.
	K_ABI=
	[[ $1 != own-6.12-*-vendor ]] || K_ABI=6.12
	K_KUNIT=$(sed -n 's/^#define CONFIG_KUNIT 1$/y/p' "$K_DIR/include/generated/autoconf.h")
}

kernel_make() {
	# shellcheck disable=SC2086  # K_RUN is a command with its arguments, or empty
	$K_RUN make -C "$KTREE/src" KDIR="$K_DIR" ARCH="$K_ARCH" CROSS_COMPILE="$CROSS" \
		-j"$(nproc)" ${K_KUNIT:+AMP_KUNIT=1} ${K_ABI:+RPMSG_ABI="$K_ABI"} "$@"
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

# What only tests load: a transport of ours, and the kernel's sample client where it comes without.
build_test_modules() {
	local dir=$KTREE/test-modules

	mkdir -p "$dir" && rsync -a --delete --exclude='*.o' --exclude='*.ko' --exclude='*.mod' --exclude='*.mod.c' \
		--exclude='.*.cmd' --exclude=modules.order --exclude=Module.symvers \
		--exclude=rpmsg_client_sample.c "$TOP/selftests/modules/" "$dir/" || return 1
	[ -e "$K_MODULES/kernel/samples/rpmsg" ] ||
		cp -u "$KSRC/samples/rpmsg/rpmsg_client_sample.c" "$dir/sample/" || return 1
	# shellcheck disable=SC2086  # K_RUN is a command with its arguments, or empty
	$K_RUN make -C "$K_DIR" M="$dir" AMP="$KTREE/src" ARCH="$K_ARCH" CROSS_COMPILE="$CROSS" -j"$(nproc)" modules
}

# unwanted STACK: what of ours this stack does without (cells.py says what stacks there are)
unwanted() {
	case $1 in
	ours) ;;
	in-tree) echo drivers ;;
	our-soc) echo drivers/rpmsg ;;
	our-rpmsg) echo drivers/remoteproc drivers/mailbox ;;
	esac
}

list_tests() {
	local mod name

	find "$KTREE/src/drivers" -name '*.mod' | while read -r mod; do
		name=$(basename "$mod" .mod | tr - _)
		sed -n "s|.*/\(.*\)_test\.o\$|$name \1|p" "$mod"
	done
}

# The target's /lib/modules: ours where modules_install puts them, and of the kernel's own those that ours
# stand on or replace. Which of two modules with one name wins is depmod's decision, as on any system.
install_modules() {
	local root=$KTREE/root-$1 part

	rm -rf "$root"
	mkdir -p "$root/lib/modules/$K_VERSION/kernel" &&
		cp "$K_MODULES"/modules.builtin* "$K_MODULES"/modules.order "$root/lib/modules/$K_VERSION/" ||
		return 1
	for part in drivers/rpmsg drivers/remoteproc drivers/mailbox drivers/virtio drivers/tty/rpmsg_tty.ko \
		drivers/regulator samples/rpmsg; do
		[ -e "$K_MODULES/kernel/$part" ] || continue
		mkdir -p "$root/lib/modules/$K_VERSION/kernel/${part%/*}" &&
			cp -r "$K_MODULES/kernel/$part" "$root/lib/modules/$K_VERSION/kernel/$part" || return 1
	done
	kernel_make INSTALL_MOD_PATH="$root" DEPMOD=true modules_install || return 1
	for part in $(unwanted "$1"); do
		rm -rf "$root/lib/modules/$K_VERSION/updates/$part"
	done
	mkdir -p "$root/lib/modules/$K_VERSION/extra" &&
		find "$KTREE/test-modules" -name '*.ko' -exec cp -t "$root/lib/modules/$K_VERSION/extra" {} + || return 1
	# What kunit/results.sh has to find, and in which module; by convention a suite is called as its file.
	mkdir -p "$root/selftests/kunit" && list_tests > "$root/selftests/kunit/expected" || return 1
	depmod -b "$root" "$K_VERSION"
}

build_guest() {
	local out=$BUILD/guest-$1 cross

	cross=$(cross_of "$1")
	make -C "$TOP/selftests" -j"$(nproc)" O="$out" CROSS_COMPILE="$cross" KSELFTEST_DIR="$KSELFTEST_DIR" all &&
		rm -rf "$out/root" &&
		make -C "$TOP/selftests" O="$out" CROSS_COMPILE="$cross" KSELFTEST_DIR="$KSELFTEST_DIR" \
			DESTDIR="$out/root" TESTDIR=/selftests install
}

# What boards get with all kernels of an architecture.
build_base() {
	local root=$BUILD/initramfs-$1

	rm -rf "$root"
	mkdir -p "$root"/{bin,sbin,lib/firmware,dev,proc,sys,tmp,selftests} &&
		cp "$K_BUSYBOX" "$root/bin/busybox" &&
		cp "$BUILD"/firmware/*.elf "$root/lib/firmware/" &&
		cp -a "$BUILD/guest-$1/root/." "$root/" &&
		find "$root/selftests" -type f -perm -u+x -exec sh -c 'head -c 4 "$1" | grep -q ELF' - {} \; \
			-exec "${CROSS}strip" {} + &&
		ln -s /selftests/rpmsg/rpmsg_say "$root/sbin/rpmsg_say" &&
		cp guest/init "$root/init" && cp guest/hotplug "$root/sbin/hotplug" &&
		cp guest/demo "$root/selftests/demo"
}

# Debian's own programs, and what ours installs for user space.
build_tools() {
	local root=$BUILD/tools

	[ -d "${TOOLS:-}" ] || die "no programs of Debian's: run selftests/harness/setup.sh base"
	rm -rf "$root"
	cp -a "$TOOLS" "$root" && make -C "$TOP" DESTDIR="$root" user_install
}

# What else a board with this kernel and stack gets; kexec finds the kernel in /boot, as on a distribution.
build_root() {
	find "$KTREE/root-$1/lib/modules" -name '*.ko' -exec "${CROSS}strip" -g {} + || return 1
	[ "$K_ARCH" != arm64 ] || { mkdir -p "$KTREE/image/boot" && cp "$K_IMAGE" "$KTREE/image/boot/Image"; }
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

# dtb_rules: what make has to do for the boots on standard input. What a devicetree is made of is kept beside it, with the
# hash of it all: a file's time says nothing of one that comes from elsewhere, or is there no more.
dtb_rules() {
	local cell boot dtb kernel overlays sources o name from was all

	# Overlays include each other.
	all=$(cat "$TOP"/dts/*.dtso "$TOP"/selftests/cells/dts/*.dtso "$TOP"/tools/dtb-* | sha256sum) || return 1
	while read -r cell boot dtb kernel overlays; do
		sources=()
		for o in $overlays; do
			sources+=("$(overlay "$o")") || return 1
		done
		use_kernel "$kernel"
		name=$BUILD/dtb/$cell-$boot
		from="${all%% *} $(sha256sum < "$K_DTB_DIR/$dtb") $K_DTB_DIR/$dtb ${sources[*]}"
		was=
		[ ! -f "$name.from" ] || read -r was < "$name.from"
		[ "$was" = "$from" ] || echo "$from" > "$name.from"
		# shellcheck disable=SC2016  # for make
		printf 'all: %s\n%s: %s\n\t%s $@.new %s && mv $@.new $@\n' "$name.dtb" "$name.dtb" "$name.from" \
			"$TOP/tools/dtb-merge $K_DTB_DIR/$dtb" "${sources[*]}"
	done
}

# One merged devicetree for each boot of each cell, those anew of which something has changed.
build_dtbs() {
	mkdir -p "$BUILD/dtb"
	python3 cells.py boots "$@" > "$BUILD/dtb/list" && dtb_rules < "$BUILD/dtb/list" > "$BUILD/dtb/rules" &&
		make -j"$(nproc)" -f "$BUILD/dtb/rules" all
}

main() {
	local kernel stack archs

	step "remote firmware" firmware make -C "$TOP/selftests/firmware" -j"$(nproc)" O="$BUILD/firmware" ||
		die "the firmware does not build"
	step "EL3 monitor" monitor make -C "$TOP/selftests/monitor" O="$BUILD/monitor" \
		CROSS_COMPILE="$(cross_of arm64)" || die "the EL3 monitor does not build"
	step "devicetrees" dtbs build_dtbs "$@" || die "the devicetrees do not build"
	for kernel in $(python3 cells.py kernels "$@"); do
		use_kernel "$kernel"
		case " ${archs:-} " in *" $K_ARCH "*) continue ;; esac
		archs="${archs:-} $K_ARCH"
		step "test programs for $K_ARCH" "guest-$K_ARCH" build_guest "$K_ARCH" ||
			die "the test programs do not build"
		build_base "$K_ARCH" || die "cannot put the test programs together"
	done
	step "Debian's programs" tools build_tools || die "cannot put Debian's programs together"
	for kernel in $(python3 cells.py kernels "$@"); do
		use_kernel "$kernel"
		step "modules for $kernel ($K_VERSION)" "modules-$kernel" build_modules ||
			die "the modules do not build for $kernel"
		step "modules of tests for $kernel" "test-modules-$kernel" build_test_modules ||
			die "the modules of tests do not build for $kernel"
	done
	python3 cells.py stacks "$@" | while read -r kernel stack; do
		use_kernel "$kernel"
		step "files for $kernel, $stack" "install-$kernel-$stack" install_modules "$stack" ||
			die "modules_install failed for $kernel"
		build_root "$stack" || die "cannot put the files of $kernel together"
	done || exit 1
}

[ $# -gt 0 ] || die "usage: build.sh CELL..."
main "$@"
