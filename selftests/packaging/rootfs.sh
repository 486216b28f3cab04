# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# Root file systems of Debian, of any architecture, each an archive in the cache: one with compilers and
# kernels' headers for each architecture of our boards, where DKMS builds, and one of the host's own
# architecture with the tools that make packages and documents. Packages come from the host's mirror through
# the harness's private configuration. Sourced after the harness's chroot.sh.
#
# Copyright (c) 2026 linux-amp developers

PACKAGING=$TOP/selftests/packaging

# What there is, by name: architecture, suite, and what is installed besides the base.
rootfs() {
	R_NAME=$1
	case $1 in
	arm64) R_FLAVOURS="arm64 rt-arm64" ;;
	armhf) R_FLAVOURS="armmp armmp-lpae" ;;
	tools)
		R_ARCH=$(dpkg --print-architecture)
		R_PACKAGES=(
			build-essential debhelper dh-dkms lintian fakeroot python3-sphinx dt-schema yamllint
			device-tree-compiler perl
		)
		return
		;;
	*) die "no root file system '$1'" ;;
	esac
	R_ARCH=$1
	# The first flavour comes with its image and an initramfs, as on a board; of the second there are headers.
	# shellcheck disable=SC2086  # two words
	set -- $R_FLAVOURS
	R_PACKAGES=(
		dkms kmod make ccache openssl initramfs-tools systemd-standalone-sysusers
		"linux-image-$1" "linux-headers-$1" "linux-headers-$2"
	)
}

ROOTFS_SUITE=bookworm

# Its architecture, if that is not the host's
rootfs_foreign() {
	[ "$R_ARCH" = "$(dpkg --print-architecture)" ] || echo "$R_ARCH"
}

# No device nodes can be made in a user namespace; debootstrap knows that of this kind of container.
# in_root NEW COMMAND...
in_root() {
	local new=$1

	shift
	"$PACKAGING/enter.sh" "$new/root" "$@"
}

# Programs of another architecture must run, or everything later fails in stranger ways.
rootfs_runs() {
	in_root "$1" /bin/true 2> /dev/null ||
		die "this host cannot run programs for $R_ARCH: it needs Linux 6.7 or later, or the package qemu-user-static on a host that has mounted binfmt_misc"
}

rootfs_base() {
	local new=$1 uri keyring=/usr/share/keyrings/debian-archive-keyring.gpg

	uri=$(host_main_source)
	[ -n "$uri" ] || die "apt does not say where this host gets its packages"
	# Without it debootstrap would take whatever the mirror has for Debian.
	[ -f "$keyring" ] || die "no $keyring: install debian-archive-keyring"
	step "fetching and unpacking Debian for $R_ARCH" "rootfs-$R_NAME" debootstrap --foreign \
		--arch="$R_ARCH" --variant=minbase --force-check-gpg "--keyring=$keyring" \
		"$ROOTFS_SUITE" "$new/root" "$uri" || return 1
	rootfs_runs "$new"
	step "installing it (about 4 minutes where it is emulated)" "rootfs-$R_NAME-2" \
		in_root "$new" env container=lxc /debootstrap/debootstrap --second-stage
}

# The host's apt finds out what else is needed and fetches it; the root file system's dpkg installs it.
rootfs_fetch() {
	local new=$1

	suite_apt "$ROOTFS_SUITE" "$(rootfs_foreign)"
	mkdir -p "$new/debs/partial"
	step "fetching the packages for $R_ARCH" "rootfs-$R_NAME-fetch" \
		apt-get "${APT_OPTS[@]}" -o "APT::Architecture=$R_ARCH" -o "APT::Architectures=$R_ARCH" \
		-o "Dir::State::status=$new/root/var/lib/dpkg/status" -o "Dir::Cache::archives=$new/debs" \
		-o Debug::NoLocking=1 --no-install-recommends -y --download-only install "${R_PACKAGES[@]}"
}

rootfs_packages() {
	local new=$1

	rootfs_fetch "$new" || return 1
	# Nothing starts services in there, and an initramfs holds only what it is told to.
	printf '#!/bin/sh\nexit 101\n' > "$new/root/usr/sbin/policy-rc.d"
	chmod 755 "$new/root/usr/sbin/policy-rc.d"
	mkdir -p "$new/root/etc/initramfs-tools/conf.d"
	echo MODULES=list > "$new/root/etc/initramfs-tools/conf.d/modules"
	# The host's dpkg unpacks, the root file system's own sets up: to the first they are of another architecture.
	ENTER=beside step "unpacking them" "rootfs-$R_NAME-unpack" in_root "$new" \
		dpkg --root="$new/root" --force-architecture,depends,unsafe-io --unpack "$new"/debs/*.deb || return 1
	step "setting them up (about 4 minutes where it is emulated)" "rootfs-$R_NAME-configure" \
		in_root "$new" dpkg --force-unsafe-io --configure --pending || return 1
	rm -rf "${new:?}/debs"
}

# Only what was installed here counts: what a mirror has tomorrow is not asked.
make_rootfs() {
	local new=$1

	need_space "$CACHE" 6000
	rootfs_base "$new" && rootfs_packages "$new" || return 1
	find "$new/root/var/cache/apt" "$new/root/var/lib/apt/lists" -type f -delete
	step "packing it" "rootfs-$R_NAME-pack" tar -C "$new/root" --numeric-owner --one-file-system \
		'--exclude=./dev/*' -cf "$new/rootfs.tar" . && rm -rf "$new/root"
}

rootfs_key() {
	cache_key "$ROOTFS_SUITE" "$R_ARCH" "${R_PACKAGES[*]}" layout-1
}

# setup_rootfs NAME: set R_ARCH, R_FLAVOURS and ENTRY, whose rootfs.tar it is
setup_rootfs() {
	rootfs "$1"
	cache_get "rootfs-$1" "$(rootfs_key)" make_rootfs
}

# unpack_rootfs NAME DIRECTORY: a fresh one, to be changed at will
unpack_rootfs() {
	setup_rootfs "$1"
	rm -rf "$2"
	mkdir -p "$2"
	tar -C "$2" --numeric-owner -xf "$ENTRY/rootfs.tar"
}

# native_program ROOT PROGRAM NAME: a program of the host's, with what it is linked with, as ROOT/native/NAME
native_program() {
	local lib

	mkdir -p "$(dirname "$1/native/$3")" && cp -pL "$2" "$1/native/$3" || return 1
	# ROOT is of another architecture and has none of these.
	ldd "$2" | grep -o '/[^ ]*' | while read -r lib; do
		mkdir -p "$1$(dirname "$lib")"
		cp -L "$lib" "$1$lib"
	done
}

# fast_compiler ROOT: in ROOT/native the host's ccache, cross compiler, make and shell, if the compiler is of the same
# version as the one in ROOT. With them a build takes less than one minute, and not several. So does comparing all files of
# the system. They are used by who has them in PATH: what boards boot is compiled without, and with AMP_NATIVE=1 everything is.
fast_compiler() {
	local root=$1 cc1 triplet cross tool

	[ -z "${AMP_NATIVE:-}" ] || return 0
	for cc1 in "$root"/usr/lib/gcc/*/12/cc1; do
		triplet=${cc1%/12/cc1}
		triplet=${triplet##*/}
		cross=/usr/lib/gcc-cross/$triplet/12/cc1
		[ -x "$cross" ] && [ "$(compiler_version "$cc1")" = "$(compiler_version "$cross")" ] || return 0
		native_program "$root" "$cross" "lib/gcc-cross/$triplet/12/cc1" &&
			native_program "$root" "/usr/bin/$triplet-gcc-12" bin/gcc-12 &&
			native_program "$root" "/usr/bin/$triplet-as" "$triplet/bin/as" &&
			native_program "$root" /usr/bin/ccache ccache/gcc-12 &&
			native_program "$root" /usr/bin/make bin/make &&
			native_program "$root" /bin/dash bin/sh &&
			native_program "$root" /usr/bin/sha256sum bin/sha256sum &&
			native_program "$root" /usr/bin/find bin/find || return 1
		for tool in ld nm objcopy objdump readelf strip ar; do
			native_program "$root" "/usr/bin/$triplet-$tool" "bin/$tool" || return 1
		done
	done
}

# compiler_version CC1: with the revision of Debian's package, which is in the program
compiler_version() {
	grep -aom1 'Debian 12\.[0-9.-]*[0-9]' "$1"
}
