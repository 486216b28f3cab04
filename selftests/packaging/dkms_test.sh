#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The ways onto a system that compile there, as on a board: DKMS, make, the Debian package. Modules are compiled from
# stock headers, installed, found by modprobe, signed, upgraded, removed. Run inside of a root file system by test.sh,
# which puts into /test: this tree, the Debian package of this version and of an older one. Prints KTAP.
#
# usage: dkms_test.sh [--compile|--brief] RELEASE OTHER-RELEASE
#   of kernels whose headers are installed; the first one's image is, too
#   --compile  only compile what has to be compiled by this system's own compiler, and keep it in ccache's store: where
#              it is emulated, this takes longer than a test may
#   --brief    only what the processor can make a difference to: compile and install, by DKMS, and take away again
#
# Copyright (c) 2026 linux-amp developers

# shellcheck disable=SC2317  # called by check
# shellcheck source-path=SCRIPTDIR source=in_root.sh
. "$(dirname "$0")/in_root.sh"

MODE='test'
case $1 in
--compile | --brief) MODE=${1#--}; shift ;;
--*) echo "dkms_test.sh: no option $1" >&2; exit 2 ;;
esac
KERNEL=$1
OTHER=$2
MACHINE=$(uname -m)
NAME=linux-amp
TREE=/test/src
VERSION=$(sed -n 's/^PACKAGE_VERSION="\(.*\)"/\1/p' "$TREE/dkms.conf")
OLD=0.0.9
UPDATES=updates/dkms
PLAN=49
[ "$MODE" != brief ] || PLAN=16

# What has been compiled before, and has not changed since, comes from ccache.
export CCACHE_DIR=/test/ccache CCACHE_SLOPPINESS=include_file_mtime,include_file_ctime

# What boards boot is compiled by this system's own compiler, and by nobody else.
own_compiler() {
	PATH=/usr/lib/ccache:${PATH#/native/ccache:/native/bin:}
	CCACHE_NAMESPACE=own
	export PATH CCACHE_NAMESPACE
}

# Where something else is tested, the host's is faster, if it is there.
any_compiler() {
	own_compiler
	[ ! -d /native ] || export PATH=/native/ccache:/native/bin:${PATH#/usr/lib/ccache:} CCACHE_NAMESPACE=host
}

expected_modules() {	# expected_modules RELEASE
	make -s -f "$TREE/tools/modules.mk" KDIR="/lib/modules/$1/build" | sed 's,.*/,,' | LC_ALL=C sort
}

installed_modules() {	# installed_modules RELEASE
	find "/lib/modules/$1/updates" -name '*.ko*' -printf '%f\n' 2> /dev/null | sed 's/\.ko.*//' | LC_ALL=C sort
}

# --- from sources -----------------------------------------------------------------------------------------

add() {
	(cd "$TREE" && make dkms_install) && getent group rpmsg && dkms add "$NAME/$VERSION" && says added dkms status
}

build() {	# build RELEASE
	[ "$1" != "$KERNEL" ] || own_compiler
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

# Each object says who compiled it, with the revision of Debian's package.
compiled_here() {
	local own module

	own=$(gcc --version | sed -n '1s/.*(\(Debian [^)]*\)).*/GCC: (\1)/p')
	[ -n "$own" ] || return 1
	for module in $(expected_modules "$KERNEL"); do
		grep -ao 'GCC: (Debian [^)]*)' "/lib/modules/$KERNEL/$UPDATES/$module.ko" | sort -u > "$WORK/compilers"
		same <(echo "$own") "$WORK/compilers" || return 1
	done
}

twice() {
	says 'already built' dkms build "$NAME/$VERSION" -k "$KERNEL" &&
		says 'already installed' dkms install "$NAME/$VERSION" -k "$KERNEL"
}

# Ours win over the kernel's own while they are there. Where they are is a pattern.
wins() {	# wins RELEASE
	local module

	for module in $(expected_modules "$1"); do
		modinfo -F filename -k "$1" "$module" | grep -x "/lib/modules/$1/$UPDATES/$module\.ko.*" &&
			modinfo -k "$1" -F version "$module" | grep -x "$VERSION" || return 1
		modprobe -S "$1" --show-depends "$module" > "$WORK/depends" || return 1
		tail -n 1 "$WORK/depends" | grep "/lib/modules/$1/$UPDATES/$module\.ko" || return 1
	done
}

# What a driver stands on comes from the same place.
depends() {	# depends RELEASE
	modprobe -S "$1" --show-depends rpmsg_ctrl > "$WORK/depends" || return 1
	cat "$WORK/depends"
	modinfo -F rpmsg_abi -k "$1" rpmsg_char &&
		grep "/$UPDATES/rpmsg_char\.ko" "$WORK/depends" && ! grep '/kernel/drivers/rpmsg/rpmsg_char' "$WORK/depends"
}

# Modules of the kernel's own with the names of ours, where it has none: else nothing would show who wins.
rivals() {
	local dir=/lib/modules/$KERNEL/kernel/drivers/rivals module

	mkdir -p "$dir"
	for module in $(expected_modules "$KERNEL"); do
		[ -z "$(find "/lib/modules/$KERNEL/kernel" -name "$module.ko*")" ] || continue
		printf '.section .modinfo, "a"\n.asciz "license=GPL"\n.asciz "name=%s"\n' "${module//-/_}" |
			gcc -x assembler -c -o "$dir/$module.ko" - || return 1
	done
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

# The kernel's own scripts, which its package runs
later_kernel() {
	/etc/kernel/postinst.d/dkms "$OTHER" && says "$OTHER, $MACHINE: installed" dkms status &&
		same <(expected_modules "$OTHER") <(installed_modules "$OTHER")
}

# The other kernel is configured anew under the name that it has: with a module of ours built in.
configured_anew() {
	local config=/lib/modules/$OTHER/build/include/config/auto.conf

	cp -p "$config" /tmp/auto.conf && sed -i '/^CONFIG_RPMSG_TTY=/d' "$config" && echo CONFIG_RPMSG_TTY=y >> "$config" || return 1
	installed_modules "$OTHER" | grep -x rpmsg_tty && ! expected_modules "$OTHER" | grep -x rpmsg_tty || return 1
	dkms build --force "$NAME/$VERSION" -k "$OTHER" && dkms install --force "$NAME/$VERSION" -k "$OTHER" &&
		says "$OTHER, $MACHINE: installed" dkms status &&
		same <(expected_modules "$OTHER") <(installed_modules "$OTHER")
}

# And as it was. A list that has become longer is not built by force: DKMS has to forget what it built.
configured_as_before() {
	cp -p /tmp/auto.conf "/lib/modules/$OTHER/build/include/config/auto.conf" &&
		expected_modules "$OTHER" | grep -x rpmsg_tty && dkms unbuild "$NAME/$VERSION" -k "$OTHER" &&
		dkms install "$NAME/$VERSION" -k "$OTHER" && same <(expected_modules "$OTHER") <(installed_modules "$OTHER")
}

kernel_goes() {
	/etc/kernel/prerm.d/dkms "$OTHER" && stock_wins "$OTHER" && fails says "$OTHER" dkms status && wins "$KERNEL"
}

# A copy of the configuration of a kernel that we support, under another name or without an option
pretend() {	# pretend RELEASE [OPTION]
	local build=/lib/modules/$1/build

	mkdir -p "$build/include/config" &&
		sed "${2:+/^$2=/d}" "/lib/modules/$KERNEL/build/.config" > "$build/.config" &&
		sed "${2:+/^$2=/d}" "/lib/modules/$KERNEL/build/include/config/auto.conf" \
			> "$build/include/config/auto.conf"
}

refused() {	# refused RELEASE REASON [OPTION...]
	local release=$1 reason=$2 status

	shift 2
	dkms build "$NAME/$VERSION" -k "$release" "$@" > "$WORK/said" 2>&1
	status=$?
	cat "$WORK/said"
	[ "$status" -ne 0 ] && grep -F "not built for kernel $release: $reason" "$WORK/said" &&
		fails test -e "/var/lib/dkms/$NAME/$VERSION/$release" && rm -rf "/lib/modules/$release"
}

old_kernel() {
	pretend 5.10.0-1-amp && refused 5.10.0-1-amp 'kernels from 6.1 to 7.x are supported'
}

poor_kernel() {
	pretend 6.1.0-1-amp CONFIG_REMOTEPROC && refused 6.1.0-1-amp 'it is configured without CONFIG_REMOTEPROC'
}

other_machine() {
	pretend 6.1.0-1-amp &&
		refused 6.1.0-1-amp 'there are remote processors for 32- and 64-bit Arm only, and this is x86_64' -a x86_64
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

# The kernel's own; Debian's for 64-bit Arm has none, but rivals() made one.
stock_in_initramfs() {
	in_initramfs '/kernel/'
}

forget_initramfs() {
	sed -i '/virtio_rpmsg_bus/d' /etc/initramfs-tools/modules && update-initramfs -u -k "$KERNEL"
}

# --- removal ----------------------------------------------------------------------------------------------

uninstall() {	# uninstall RELEASE
	dkms uninstall "$NAME/$VERSION" -k "$1" && says "$1, $MACHINE: built" dkms status && stock_wins "$1"
}

remove() {
	dkms remove "$NAME/$VERSION" --all && [ -z "$(dkms status)" ] && [ ! -e "/var/lib/dkms/$NAME" ]
}

nothing_left() {
	snapshot > "$WORK/after"
	same "$WORK/before" "$WORK/after"
}

remove_files() {
	(cd "$TREE" && make dkms_uninstall) && nothing_left
}

# --- make, for the running kernel --------------------------------------------------------------------------

made() {
	cd "$TREE" && make && make KDIR="/lib/modules/$(uname -r)/build"
}

installed_by_make() {
	cd "$TREE" && make modules_install user_install &&
		same <(expected_modules "$KERNEL") <(installed_modules "$KERNEL")
}

# Kbuild keeps the directories of the sources.
made_wins() {
	local UPDATES='updates/drivers/[a-z]*'

	wins "$KERNEL" && cd "$TREE" && says "ours $VERSION" make status
}

removed_by_make() {
	cd "$TREE" && make modules_uninstall user_uninstall && stock_wins "$KERNEL"
}

# --- the Debian package -----------------------------------------------------------------------------------

package() {	# package VERSION: install it, whatever there was
	cd /test && apt -y --allow-downgrades install "./linux-amp-dkms_$1_all.deb" && says "$NAME/$1, $KERNEL, $MACHINE: installed" dkms status &&
		[ "$(dkms status | wc -l)" -eq "$(dkms status | grep -c "^$NAME/$1,")" ] &&
		[ "$(ls -d /usr/src/linux-amp-*)" = "/usr/src/$NAME-$1" ] &&
		modinfo -k "$KERNEL" -F version rpmsg_char | grep -x "$1"
}

files_of_package() {
	local file source

	while read -r file source; do
		dpkg -S "$file" | grep '^linux-amp-dkms:' && cmp "$file" "$TREE/$source" || return 1
	done <<-END
		/usr/lib/udev/rules.d/40-linux-amp.rules udev/40-linux-amp.rules
		/usr/lib/udev/rules.d/60-linux-amp.rules udev/60-linux-amp.rules
		/usr/lib/sysusers.d/linux-amp.conf udev/linux-amp.sysusers
		/usr/lib/modprobe.d/linux-amp.conf modprobe.d/linux-amp.conf
		/usr/lib/modules-load.d/linux-amp.conf modules-load.d/linux-amp.conf
		/usr/include/amp/rpmsg.h include/uapi/amp/rpmsg.h
	END
	getent group rpmsg
}

package_removed() {
	apt -y remove linux-amp-dkms && [ -z "$(dkms status)" ] && stock_wins "$KERNEL" && nothing_left
}

# Nothing has to be built for what comes now, and is not where DKMS is told not to.
files_only() {
	touch /etc/dkms/no-autoinstall && apt -y install "/test/linux-amp-dkms_${VERSION}_all.deb" &&
		rm /etc/dkms/no-autoinstall && [ -e "/usr/src/$NAME-$VERSION/dkms.conf" ] && stock_wins "$KERNEL"
}

package_purged() {
	apt -y purge linux-amp-dkms && fails dpkg -s linux-amp-dkms && stock_wins "$KERNEL" && nothing_left
}

keep_modules() {	# for the boards
	rm -rf /test/modules && mkdir /test/modules && cp -a "/lib/modules/$KERNEL/updates" /test/modules/
}

# --- what is done with all of it --------------------------------------------------------------------------

# As on a board, where this kernel runs and other packages bring these directories.
as_on_a_board() {
	printf '#!/bin/sh\ncase "$*" in\n-r) echo %s ;;\n*) exec /usr/bin/uname "$@" ;;\nesac\n' "$KERNEL" \
		> /usr/local/bin/uname
	chmod 755 /usr/local/bin/uname
	# DKMS makes these again and leaves them. Of the other kernel there are only headers, so that nobody has yet;
	# those of the first may be of an earlier depmod's making.
	depmod "$KERNEL"
	depmod "$OTHER"
	# A fixed name for the directory of compat's probes, for ccache.
	printf '#!/bin/sh\ncase "$*" in\n*/compat-probes.XXXXXX) mkdir /tmp/compat-probes && echo /tmp/compat-probes ;;\n' \
		> /usr/local/bin/mktemp
	printf '*) exec /usr/bin/mktemp "$@" ;;\nesac\n' >> /usr/local/bin/mktemp
	chmod 755 /usr/local/bin/mktemp
	# apt gives the scripts of packages a PATH of its own, without ccache.
	echo "DPkg::Path \"$PATH\";" > /etc/apt/apt.conf.d/90-path
	mkdir -p /usr/lib/modules-load.d /usr/lib/sysusers.d /usr/lib/modprobe.d /usr/lib/udev/rules.d
}

compile_all() {
	as_on_a_board
	add && (build "$KERNEL") || return 1
	[ -d /native ] || (build "$OTHER" && remove && made && package "$OLD")
}

by_dkms() {
	check "add" add
	check "build for $KERNEL" build "$KERNEL" || finish "$PLAN"
	check "install" install "$KERNEL"
	check "compiled by this system's own compiler" compiled_here
	check "a second build or installation is told so" twice
	check "ours win over the kernel's own" wins "$KERNEL"
	check "what they depend on is ours" depends "$KERNEL"
	check "devices find our drivers" aliases
	check "modprobe knows what to load first" softdeps
	check "what the kernel has built in is left alone" built_in_left
	check "signed with the local key" signed
	check "keep the modules for the boards" keep_modules
}

with_an_initramfs() {
	check "an initramfs is made with ours" ask_initramfs
	check "it holds ours" in_initramfs "/$UPDATES/"
	check "uninstall: the kernel's own are back" uninstall "$KERNEL"
	check "also in the initramfs" stock_in_initramfs
	check "install again" install "$KERNEL"
	check "the initramfs has ours again" in_initramfs "/$UPDATES/"
	check "no more of it in the initramfs" forget_initramfs
}

other_kernels() {
	check "a kernel that comes later gets them" later_kernel
	check "ours win there" wins "$OTHER"
	check "and still on the first" wins "$KERNEL"
	check "what it has built in after it was configured anew goes" configured_anew
	check "and comes back" configured_as_before
	check "it goes, the first keeps them" kernel_goes
	check "an old kernel is refused with the reason" old_kernel
	check "so is one without remoteproc" poor_kernel
	check "so is another architecture" other_machine
}

by_make() {
	check "make" made
	check "an initramfs without ours" ask_initramfs
	check "make modules_install user_install" installed_by_make
	check "ours win, and make status says so" made_wins
	check "the initramfs has ours" in_initramfs '/updates/drivers/'
	check "make modules_uninstall user_uninstall" removed_by_make
	check "the initramfs has the kernel's own" stock_in_initramfs
	check "no more of it in that initramfs" forget_initramfs
	check "nothing is left of it" nothing_left
}

by_package() {
	check "the older package" package "$OLD"
	check "upgrade" package "$VERSION"
	check "files, rules and group of the package" files_of_package
	check "ours win over the kernel's own" wins "$KERNEL"
	check "downgrade" package "$OLD"
	check "remove the package: nothing is left" package_removed
	check "a package whose modules are not built" files_only
	check "purge: nothing is left" package_purged
}

main() {
	mkdir -p /test/ccache
	any_compiler
	if [ "$MODE" = compile ]; then
		compile_all
		exit
	fi
	echo "1..$PLAN"
	check "a key of this system's own" local_key
	check "the kernel has modules of these names" rivals
	as_on_a_board
	snapshot > "$WORK/before"
	by_dkms
	if [ "$MODE" != brief ]; then
		with_an_initramfs
		other_kernels
	fi
	check "remove" remove
	check "nothing is left" remove_files
	if [ "$MODE" != brief ]; then
		by_make
		by_package
	fi
	finish "$PLAN"
}

main
