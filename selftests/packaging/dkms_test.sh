#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# DKMS in a root file system as on a board: modules compiled by its own compiler from stock headers, installed,
# found by modprobe, signed, upgraded, removed. Run inside of it by test.sh, which puts into /test: dkms/ (what
# `make dkms_install` installs), the Debian package of this version and of an older one. Prints KTAP.
#
# usage: dkms_test.sh [--compile] RELEASE OTHER-RELEASE
#   of kernels whose headers are installed; the first one's image is, too
#   --compile  only compile what the tests will need, and keep it in ccache's store: where it is emulated, this takes
#              longer than a test may
#
# Copyright (c) 2026 linux-amp developers

# shellcheck disable=SC2317  # called by check
# shellcheck source-path=SCRIPTDIR source=in_root.sh
. "$(dirname "$0")/in_root.sh"

MODE='test'
[ "$1" != --compile ] || { MODE=compile; shift; }
KERNEL=$1
OTHER=$2
MACHINE=$(uname -m)
NAME=linux-amp
VERSION=$(sed -n 's/^PACKAGE_VERSION="\(.*\)"/\1/p' /test/dkms/usr/src/linux-amp-*/dkms.conf)
OLD=0.0.9
SOURCE=/usr/src/$NAME-$VERSION
UPDATES=updates/dkms

# Compiled once, by the compiler of this system; what has not changed since comes from ccache.
export PATH=/usr/lib/ccache:$PATH CCACHE_DIR=/test/ccache CCACHE_SLOPPINESS=include_file_mtime,include_file_ctime

expected_modules() {	# expected_modules RELEASE
	make -s -f "$SOURCE/tools/modules.mk" KDIR="/lib/modules/$1/build" | sed 's,.*/,,' | LC_ALL=C sort
}

installed_modules() {	# installed_modules RELEASE
	find "/lib/modules/$1/updates" -name '*.ko*' -printf '%f\n' 2> /dev/null | sed 's/\.ko.*//' | LC_ALL=C sort
}

# --- from sources -----------------------------------------------------------------------------------------

add() {
	cp -a /test/dkms/. / && dkms add "$NAME/$VERSION" && says added dkms status
}

build() {	# build RELEASE
	if ! dkms build "$NAME/$VERSION" -k "$1"; then
		cat "/var/lib/dkms/$NAME/$VERSION/build/make.log"
		return 1
	fi
	says "$1, $MACHINE: built" dkms status
}

install() {	# install RELEASE
	dkms install "$NAME/$VERSION" -k "$1" && says "$1, $MACHINE: installed" dkms status &&
		same <(expected_modules "$1") <(installed_modules "$1")
}

twice() {
	says 'already built' dkms build "$NAME/$VERSION" -k "$KERNEL" &&
		says 'already installed' dkms install "$NAME/$VERSION" -k "$KERNEL"
}

# Ours win over the kernel's own while they are there.
wins() {	# wins RELEASE
	local module

	for module in $(expected_modules "$1"); do
		modinfo -k "$1" -F filename "$module" | grep -x "/lib/modules/$1/$UPDATES/$module\.ko.*" &&
			modinfo -k "$1" -F version "$module" | grep -x "$VERSION" || return 1
		modprobe -S "$1" --show-depends "$module" > "$WORK/depends" || return 1
		tail -n 1 "$WORK/depends" | grep "/lib/modules/$1/$UPDATES/$module\.ko" || return 1
	done
}

# What a driver stands on comes from the same place.
depends() {	# depends RELEASE
	modprobe -S "$1" --show-depends rpmsg_ctrl > "$WORK/depends" || return 1
	cat "$WORK/depends"
	grep "/$UPDATES/rpmsg_char\.ko" "$WORK/depends" && ! grep '/kernel/drivers/rpmsg/rpmsg_char' "$WORK/depends"
}

stock_wins() {	# stock_wins RELEASE: as if we had never been there
	local module

	[ -z "$(installed_modules "$1")" ] || return 1
	for module in $(expected_modules "$1"); do
		if grep -q "/$module\.ko" <(find "/lib/modules/$1/kernel" -name "$module.ko*"); then
			modinfo -k "$1" -F filename "$module" | grep "^/lib/modules/$1/kernel/" || return 1
		else
			! modinfo -k "$1" "$module" || return 1
		fi
	done
}

aliases() {	# devices ask for our drivers
	modprobe -S "$KERNEL" -R 'virtio:d00000007v*' | grep -x virtio_rpmsg_bus
}

softdeps() {
	grep -q '^softdep.*virtio_rpmsg_bus' /usr/lib/modprobe.d/linux-amp.conf &&
		modprobe -S "$KERNEL" --showconfig | grep '^softdep [a-z0-9_]*remoteproc.*virtio_rpmsg_bus\|^softdep imx_rproc'
}

built_in_left() {
	# On Debian's arm64 the mailbox driver is built in.
	[ "$MACHINE" != aarch64 ] || ! installed_modules "$KERNEL" | grep -x zynqmp-ipi-mailbox
}

# --- signatures -------------------------------------------------------------------------------------------

local_key() {
	mkdir -p /test/key &&
		openssl req -new -x509 -nodes -newkey rsa:2048 -days 2 -subj '/CN=key of this test' \
			-keyout /test/key/mok.key -outform DER -out /test/key/mok.pub &&
		printf 'mok_signing_key=/test/key/mok.key\nmok_certificate=/test/key/mok.pub\n' \
			>> /etc/dkms/framework.conf
}

signed() {
	local module

	for module in $(expected_modules "$KERNEL"); do
		modinfo -k "$KERNEL" -F signer "$module" | grep -x 'key of this test' || return 1
	done
}

# --- kernels that are not supported -----------------------------------------------------------------------

# A copy of the configuration of a kernel that we support, under another name or without an option
pretend() {	# pretend RELEASE [OPTION]
	local build=/lib/modules/$1/build

	mkdir -p "$build/include/config" &&
		sed "${2:+/^$2=/d}" "/lib/modules/$KERNEL/build/.config" > "$build/.config" &&
		sed "${2:+/^$2=/d}" "/lib/modules/$KERNEL/build/include/config/auto.conf" \
			> "$build/include/config/auto.conf"
}

refused() {	# refused RELEASE REASON
	local status

	dkms build "$NAME/$VERSION" -k "$1" > "$WORK/said" 2>&1
	status=$?
	cat "$WORK/said"
	[ "$status" -ne 0 ] && grep -F "not built for kernel $1: $2" "$WORK/said" &&
		fails test -e "/var/lib/dkms/$NAME/$VERSION/$1" && rm -rf "/lib/modules/$1"
}

old_kernel() {
	pretend 5.10.0-1-amp && refused 5.10.0-1-amp 'kernels from 6.1 to 7.x are supported'
}

poor_kernel() {
	pretend 6.1.0-1-amp CONFIG_REMOTEPROC && refused 6.1.0-1-amp 'it is configured without CONFIG_REMOTEPROC'
}

# --- initramfs --------------------------------------------------------------------------------------------

# Where a board boots with a module in its initramfs, that has to be the one in use now.
in_initramfs() {	# in_initramfs PATTERN
	lsinitramfs "/boot/initrd.img-$KERNEL" | grep '/virtio_rpmsg_bus\.ko' > "$WORK/initramfs"
	cat "$WORK/initramfs"
	grep -q -- "$1" "$WORK/initramfs"
}

ask_initramfs() {
	echo virtio_rpmsg_bus >> /etc/initramfs-tools/modules && update-initramfs -u -k "$KERNEL"
}

forget_initramfs() {
	sed -i '/virtio_rpmsg_bus/d' /etc/initramfs-tools/modules && update-initramfs -u -k "$KERNEL"
}

# --- removal ----------------------------------------------------------------------------------------------

uninstall() {	# uninstall RELEASE
	dkms uninstall "$NAME/$VERSION" -k "$1" && says "$1, $MACHINE: built" dkms status && stock_wins "$1"
}

uninstall_one() {
	uninstall "$OTHER" && wins "$KERNEL"
}

remove() {
	dkms remove "$NAME/$VERSION" --all && rm -rf "$SOURCE" && [ -z "$(dkms status)" ] && [ ! -e "/var/lib/dkms/$NAME" ]
}

remove_files() {
	(cd /test/dkms && find . -type f) | (cd / && xargs rm -f)
	rmdir /usr/include/amp
	snapshot > "$WORK/after"
	same "$WORK/before" "$WORK/after"
}

# --- the Debian package -----------------------------------------------------------------------------------

package() {	# package VERSION: install it, whatever there was
	dpkg -i "/test/linux-amp-dkms_$1_all.deb" && says "$NAME/$1, $KERNEL, $MACHINE: installed" dkms status &&
		[ "$(dkms status | wc -l)" -eq "$(dkms status | grep -c "^$NAME/$1,")" ] &&
		[ "$(ls -d /usr/src/linux-amp-*)" = "/usr/src/$NAME-$1" ] &&
		modinfo -k "$KERNEL" -F version rpmsg_char | grep -x "$1"
}

files_of_package() {
	local file

	for file in /usr/lib/udev/rules.d/60-linux-amp.rules /usr/lib/modprobe.d/linux-amp.conf \
		/usr/lib/modules-load.d/linux-amp.conf /usr/include/amp/rpmsg.h; do
		dpkg -S "$file" | grep '^linux-amp-dkms:' && cmp "$file" "/test/dkms$file" || return 1
	done
	getent group rpmsg
}

package_removed() {
	dpkg -r linux-amp-dkms && [ -z "$(dkms status)" ] && [ ! -e "/var/lib/dkms/$NAME" ] && stock_wins_by_name
}

# The sources are gone: ask by the names that we had.
stock_wins_by_name() {
	[ -z "$(installed_modules "$KERNEL")" ] && ! modinfo -k "$KERNEL" amp_rproc
}

purged() {
	dpkg -P linux-amp-dkms && fails dpkg -s linux-amp-dkms || return 1
	snapshot > "$WORK/after"
	same "$WORK/before" "$WORK/after"
}

keep_modules() {	# for the boards
	rm -rf /test/modules && mkdir /test/modules && cp -a "/lib/modules/$KERNEL/updates" /test/modules/
}

compile_all() {
	add && build "$KERNEL" && build "$OTHER" && dkms remove "$NAME/$VERSION" --all && rm -rf "$SOURCE" || return 1
	dpkg -i "/test/linux-amp-dkms_${OLD}_all.deb" && dpkg -P linux-amp-dkms
}

main() {
	mkdir -p /test/ccache
	if [ "$MODE" = compile ]; then
		compile_all
		exit
	fi
	echo "1..34"
	check "a key of this system's own" local_key
	# DKMS makes these again and leaves them. Of the other kernel there are only headers, so that nobody has yet;
	# those of the first may be of an earlier depmod's making.
	depmod "$KERNEL"
	depmod "$OTHER"
	# As on a board, where other packages bring these.
	mkdir -p /usr/lib/modules-load.d /usr/lib/sysusers.d /usr/lib/modprobe.d /usr/lib/udev/rules.d
	snapshot > "$WORK/before"
	check "add" add
	check "build for $KERNEL" build "$KERNEL" || finish 34
	check "install" install "$KERNEL"
	check "a second build or installation is told so" twice
	check "ours win over the kernel's own" wins "$KERNEL"
	check "what they depend on is ours" depends "$KERNEL"
	check "devices find our drivers" aliases
	check "modprobe knows what to load first" softdeps
	check "what the kernel has built in is left alone" built_in_left
	check "signed with the local key" signed
	check "keep the modules for the boards" keep_modules
	check "an initramfs is made with ours" ask_initramfs
	check "it holds ours" in_initramfs "/$UPDATES/"
	check "uninstall: the kernel's own are back" uninstall "$KERNEL"
	if [ -e "$(find "/lib/modules/$KERNEL/kernel" -name 'virtio_rpmsg_bus.ko*')" ]; then
		check "also in the initramfs" in_initramfs '/kernel/'
	else
		check "also in the initramfs" fails in_initramfs '/'
	fi
	check "install again" install "$KERNEL"
	check "the initramfs has ours again" in_initramfs "/$UPDATES/"
	check "no more of it in the initramfs" forget_initramfs
	check "build for a second kernel" build "$OTHER"
	check "install for it" install "$OTHER"
	check "ours win there" wins "$OTHER"
	check "and still on the first" wins "$KERNEL"
	check "uninstall on one leaves the other" uninstall_one
	check "an old kernel is refused with the reason" old_kernel
	check "so is one without remoteproc" poor_kernel
	check "remove" remove
	check "nothing is left" remove_files
	check "the older package" package "$OLD"
	check "upgrade" package "$VERSION"
	check "files, rules and group of the package" files_of_package
	check "downgrade" package "$OLD"
	check "remove the package" package_removed
	check "purge: nothing is left" purged
	finish 34
}

main
