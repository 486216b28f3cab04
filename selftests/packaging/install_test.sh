#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# What the top Makefile installs without a kernel, and that its reverse takes away that and nothing else: into
# directories of any name. Needs neither root nor a root file system. Prints KTAP.
#
# Copyright (c) 2026 linux-amp developers

# shellcheck disable=SC2317  # called by check
# shellcheck source-path=SCRIPTDIR source=in_root.sh
. "$(dirname "$0")/in_root.sh"

TOP=$(cd "$(dirname "$0")/../.." && pwd)

# at DIRECTORY TARGET...: our Makefile, with this DESTDIR
at() {
	local root=$1

	shift
	make -s -C "$TOP" DESTDIR="$root" "$@"
}

# files DIRECTORY: sorted, relative to it
files() {
	(cd "$1" && find . -type f | LC_ALL=C sort)
}

# What is installed into a directory of a plain name
plain() {
	at "$WORK/plain" dkms_install && files "$WORK/plain" > "$WORK/wanted" && [ -s "$WORK/wanted" ] &&
		grep -x './usr/src/linux-amp-[0-9.]*/Kbuild' "$WORK/wanted"
}

# A card that was given a name of two words, and another card whose name is the first of them
card() {	# card NAME
	rm -rf "${WORK:?}/media"
	mkdir -p "$WORK/media/My" "$WORK/media/$1" && echo mine > "$WORK/media/My/picture"
}

any_name() {	# any_name NAME
	card "$1" && at "$WORK/media/$1" dkms_install && files "$WORK/media/$1" > "$WORK/found" &&
		same "$WORK/wanted" "$WORK/found" && at "$WORK/media/$1" dkms_uninstall &&
		[ -z "$(files "$WORK/media/$1")" ] && [ "$(files "$WORK/media")" = ./My/picture ]
}

user_only() {
	card 'My SD' && at "$WORK/media/My SD" user_install && [ "$(files "$WORK/media/My SD" | wc -l)" -eq 6 ] &&
		at "$WORK/media/My SD" user_uninstall && [ -z "$(files "$WORK/media/My SD")" ]
}

# A disk that is full: no file may grow beyond 4 KB, which those for user space do not.
full() {
	trap '' XFSZ
	ulimit -f 4
	fails at "$WORK/full" dkms_install && [ -s "$WORK/full/usr/include/amp/rpmsg.h" ]
}

# module NAME ALIAS...: as much of one as depmod wants
module() {
	local name=$1 alias

	shift
	{
		echo '.section .modinfo, "a"'
		for alias; do
			echo ".asciz \"alias=$alias\""
		done
	} | gcc -x assembler -c -o "$WORK/modules/lib/modules/1.0/$name.ko" -
}

# loads MODALIAS: what udev would load for it
loads() {
	modprobe -d "$WORK/modules" -S 1.0 -C "$WORK/modprobe.d" -R "$1" 2>/dev/null
}

# The lines that keep announced channels from loading modules, as the document has them
no_autoload() {
	mkdir -p "$WORK/modules/lib/modules/1.0" "$WORK/modprobe.d" && module rpmsg_tty 'rpmsg:rpmsg-tty-*' &&
		module rpmsg_ctrl rpmsg:rpmsg_ctrl && module somebodys rpmsg:any &&
		module virtio_rpmsg_bus 'virtio:d00000007v*' && depmod -b "$WORK/modules" 1.0 || return 1
	[ "$(loads rpmsg:rpmsg-tty-1)" = rpmsg_tty ] && [ "$(loads rpmsg:any)" = somebodys ] || return 1

	sed -n 's/^\talias rpmsg:/alias rpmsg:/p' "$TOP/Documentation/security.rst" > "$WORK/modprobe.d/ours.conf"
	sed -n 's/^#   alias rpmsg:/alias rpmsg:/p' "$TOP/modprobe.d/linux-amp.conf" | diff - "$WORK/modprobe.d/ours.conf" ||
		return 1
	[ "$(loads rpmsg:rpmsg-tty-1)" = off ] && [ "$(loads rpmsg:any)" = off ] &&
		[ "$(loads rpmsg:rpmsg_ctrl | head -n 1)" = rpmsg_ctrl ] && [ "$(loads rpmsg_tty)" = rpmsg_tty ] &&
		[ "$(loads virtio:d00000007v00000000)" = virtio_rpmsg_bus ]
}

# made FILE FIELD=VALUE...: a module, as far as modinfo can tell
made() {
	local file=$1

	shift
	mkdir -p "${file%/*}"
	{ echo '.section .modinfo, "a"'; printf '.asciz "%s"\n' "$@"; } | gcc -x assembler -c -o "$file" -
}

# by AUTHOR FILE
by() {
	made "$2" "author=$1"
}

# What ours was before goes when DKMS has installed others of ours; what somebody else has by that name stays.
leftovers() {
	local modules=$WORK/leftovers/lib/modules/6.1

	mkdir -p "$modules/updates" "$modules/extra" "$WORK/built" && touch "$WORK/built/rpmsg_tty.ko" &&
		by 'linux-amp developers' "$modules/updates/rpmsg_tty.ko" &&
		by 'linux-amp developers' "$modules/updates/imx_rproc.ko" &&
		by somebody "$modules/extra/imx_rproc.ko" || return 1
	# Where nothing was built, nothing says what is left over.
	INSTALL_MOD_PATH=$WORK/leftovers sh "$TOP/tools/dkms" installed 6.1 "$WORK/nothing" &&
		[ "$(files "$modules" | wc -l)" = 3 ] || return 1
	INSTALL_MOD_PATH=$WORK/leftovers sh "$TOP/tools/dkms" installed 6.1 "$WORK/built" &&
		[ "$(files "$modules" | xargs)" = "./extra/imx_rproc.ko ./updates/rpmsg_tty.ko" ]
}

# loaded NAME TAINT [VERSION SRCVERSION]: as sysfs has a module of a running kernel
loaded() {
	mkdir -p "$WORK/sys/$1" && echo "$2" > "$WORK/sys/$1/taint" || return 1
	[ $# -lt 3 ] || { echo "$3" > "$WORK/sys/$1/version" && echo "$4" > "$WORK/sys/$1/srcversion"; }
}

# status_is MODULE TEXT: the last column of make status
status_is() {
	KVER=1.0 INSTALL_MOD_PATH=$WORK/status SYS_MODULE=$WORK/sys "$TOP/tools/status" > "$WORK/said" || return 1
	sed -n "s/^$1  *[^ ]* *[^ ]* *[^ ]* *[^ ]* *//p" "$WORK/said" | diff - <(echo "$2")
}

# A kernel that has loaded something else than what is installed: its own, ours of before, ours that are gone
status_of_loaded() {
	local lib=$WORK/status/lib/modules/1.0 module

	for module in virtio_rpmsg_bus rpmsg_ns rpmsg_ctrl rpmsg_tty; do
		made "$lib/updates/$module.ko" version=0.1.0 srcversion=AAAA || return 1
	done
	made "$lib/extra/rpmsg_char.ko" version=0.1.0 srcversion=AAAA && made "$lib/kernel/rpmsg_char.ko" intree=Y &&
		made "$lib/kernel/virtio_rpmsg_bus.ko" intree=Y && made "$lib/extra/imx_rproc.ko" version=0.1.0 &&
		made "$lib/kernel/zynqmp-ipi-mailbox.ko" intree=Y && echo kernel/drivers/imx_rproc.ko > "$lib/modules.builtin" &&
		loaded virtio_rpmsg_bus '' && loaded rpmsg_char O 0.1.0 AAAA && loaded rpmsg_ns OE 0.0.9 BBBB &&
		loaded rpmsg_ctrl O 0.1.0 BBBB && loaded amp_rproc O 0.1.0 AAAA && loaded zynqmp_ipi_mailbox O 0.1.0 AAAA &&
		mkdir "$WORK/sys/imx_rproc" || return 1

	status_is virtio_rpmsg_bus 'ours 0.1.0, instead of stock (but stock is loaded, until rmmod or a reboot)' &&
		status_is rpmsg_char 'ours 0.1.0, instead of stock' &&
		status_is rpmsg_ns 'ours 0.1.0 (but ours 0.0.9 is loaded, until rmmod or a reboot)' &&
		status_is rpmsg_ctrl 'ours 0.1.0 (but another build is loaded, until rmmod or a reboot)' &&
		status_is rpmsg_tty 'ours 0.1.0' &&
		status_is amp_rproc 'none (but ours 0.1.0 is loaded, until rmmod or a reboot)' &&
		status_is imx_rproc 'built in (the one in extra/ is ignored)' &&
		grep -x 'zynqmp-ipi-mailbox *stock (but ours 0.1.0 is loaded, until rmmod or a reboot)' "$WORK/said"
}

# dkms_takes ACTION FORCE: what DKMS is told that it has built, or will
dkms_takes() {
	# shellcheck disable=SC2016  # expanded by the inner shell
	action=$1 force=$2 kernelver=6.1 arch=aarch64 dkms_tree="$WORK/dkms" kernel_source_dir="$WORK/kdir" \
		bash -c '. "$0/dkms.conf" && printf "%s\n" "${BUILT_MODULE_NAME[@]}"' "$TOP" > "$WORK/taken"
	grep -x "rpmsg_[cnt].*" "$WORK/taken" | sort | xargs
}

# A kernel that had RPMSG_TTY=m when it was built for, and now has it built in
dkms_list() {
	local built
	built=$WORK/dkms/linux-amp/$(sed -n 's/^PACKAGE_VERSION="\(.*\)"/\1/p' "$TOP/dkms.conf")/6.1/aarch64/module

	mkdir -p "$WORK/kdir/include/config" &&
		printf 'CONFIG_%s\n' ARM64=y MODULES=y REMOTEPROC=y RPMSG=m RPMSG_NS=m RPMSG_TTY=y \
			> "$WORK/kdir/include/config/auto.conf" || return 1
	[ "$(dkms_takes build '')" = "rpmsg_char rpmsg_ctrl rpmsg_ns" ] || return 1
	mkdir -p "$built" && touch "$built/rpmsg_tty.ko" "$built/rpmsg_char.ko.xz" || return 1
	[ "$(dkms_takes remove '')" = "rpmsg_char rpmsg_tty" ] && [ "$(dkms_takes install true)" = "rpmsg_char rpmsg_tty" ] &&
		[ "$(dkms_takes build true)" = "rpmsg_char rpmsg_ctrl rpmsg_ns" ] || return 1
	# Headers that have gone
	rm -r "$WORK/kdir" && [ "$(dkms_takes build true)" = "rpmsg_char rpmsg_tty" ]
}

# without OPTION...: what Kbuild says to the build system of a kernel that lacks these
without() {
	local option

	printf 'CONFIG_%s=y\n' REMOTEPROC MAILBOX RPMSG > "$WORK/lacks/auto.conf"
	for option; do
		sed -i "/_$option=/d" "$WORK/lacks/auto.conf"
	done
	make -s -f "$WORK/lacks/scripts/Makefile.build"
}

# What is left out for want of a core is said, and nothing where nothing is. Whether the compiler fits is another question.
left_out() {
	mkdir -p "$WORK/lacks/scripts" "$WORK/lacks/compat" && cp "$TOP/Kbuild" "$WORK/lacks/" &&
		cp "$TOP/compat/Kbuild.include" "$WORK/lacks/compat/" &&
		echo 'echo "features: ok, as before"' > "$WORK/lacks/compat/features.sh" || return 1
	cat > "$WORK/lacks/scripts/Makefile.build" <<-'END'
	src := $(abspath $(dir $(lastword $(MAKEFILE_LIST)))..)
	obj := $(src)
	comma := ,
	include $(src)/auto.conf $(src)/Kbuild
	all:;
	END
	[ -z "$(without)" ] && without RPMSG | grep -x '.*no CONFIG_RPMSG, .*RPMSG_VIRTIO.*: drivers/rpmsg is left out' &&
		without REMOTEPROC | grep -x '.*no CONFIG_REMOTEPROC: drivers/remoteproc is left out' &&
		without MAILBOX | grep -x '.*no CONFIG_MAILBOX: .*drivers/remoteproc are left out' &&
		[ "$(without REMOTEPROC MAILBOX RPMSG | wc -l)" = 3 ]
}

# A kernel's build that says how many may work at a time, which is what was typed
in_parallel() {
	# shellcheck disable=SC2016  # make's
	mkdir -p "$WORK/jobs" && printf 'modules:\n\t@echo $(MAKEFLAGS)\n' > "$WORK/jobs/Makefile" &&
		env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL make -s -C "$TOP" -j2 KDIR="$WORK/jobs" modules > "$WORK/flags" 2>&1
	cat "$WORK/flags"
	grep -e '--jobserver' "$WORK/flags" && ! grep -e 'unavailable' "$WORK/flags"
}

main() {
	echo "1..11"
	check "make dkms_install" plain
	check "into a directory with a blank in its name, and out of it" any_name 'My SD'
	check "into one with a quote" any_name "My friend's SD"
	check "user_install and user_uninstall with a blank" user_only
	check "a file that cannot be written fails it" full
	check "lines that keep announced channels from loading modules" no_autoload
	check "what DKMS has built counts, unless it builds anew" dkms_list
	check "leftovers of ours go, and nobody else's" leftovers
	check "make status tells what is loaded from what is installed" status_of_loaded
	check "what is left out for want of an option is said" left_out
	check "make -j2 builds two objects at a time" in_parallel
	finish 11
}

main
