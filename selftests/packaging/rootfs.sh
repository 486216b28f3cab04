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
	case $1 in
	arm64) R_FLAVOURS="arm64 rt-arm64" ;;
	armhf) R_FLAVOURS="armmp armmp-lpae" ;;
	tools)
		R_ARCH=$(dpkg --print-architecture)
		R_PACKAGES=(
			debhelper dh-sequence-dkms lintian dpkg-dev fakeroot python3-sphinx dt-schema yamllint
			device-tree-compiler make perl
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
	[ -f "$keyring" ] || keyring=
	step "fetching and unpacking Debian for $R_ARCH" "rootfs-$R_ARCH" debootstrap --foreign \
		--arch="$R_ARCH" --variant=minbase ${keyring:+--keyring=$keyring} \
		"$ROOTFS_SUITE" "$new/root" "$uri" || return 1
	rootfs_runs "$new"
	step "installing it (about 4 minutes where it is emulated)" "rootfs-$R_ARCH-2" \
		in_root "$new" env container=lxc /debootstrap/debootstrap --second-stage
}

# The host's apt finds out what else is needed and fetches it; the root file system's dpkg installs it.
rootfs_fetch() {
	local new=$1

	suite_apt "$ROOTFS_SUITE"
	mkdir -p "$new/debs/partial"
	step "fetching the packages for $R_ARCH" "rootfs-$R_ARCH-fetch" \
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
	ENTER=beside step "unpacking them" "rootfs-$R_ARCH-unpack" in_root "$new" \
		dpkg --root="$new/root" --force-architecture,depends,unsafe-io --unpack "$new"/debs/*.deb || return 1
	step "setting them up (about 4 minutes where it is emulated)" "rootfs-$R_ARCH-configure" \
		in_root "$new" dpkg --force-unsafe-io --configure --pending || return 1
	rm -rf "${new:?}/debs"
}

# Only what was installed here counts: what a mirror has tomorrow is not asked.
make_rootfs() {
	local new=$1

	rootfs_base "$new" && rootfs_packages "$new" || return 1
	find "$new/root/var/cache/apt" "$new/root/var/lib/apt/lists" -type f -delete
	step "packing it" "rootfs-$R_ARCH-pack" tar -C "$new/root" --numeric-owner --one-file-system \
		'--exclude=./dev/*' -cf "$new/rootfs.tar" . && rm -rf "$new/root"
}

# setup_rootfs NAME: set R_ARCH, R_FLAVOURS and ENTRY, whose rootfs.tar it is
setup_rootfs() {
	rootfs "$1"
	cache_get "rootfs-$1" "$(cache_key "$ROOTFS_SUITE" "$R_ARCH" "${R_PACKAGES[*]}" layout-1)" make_rootfs
}

# unpack_rootfs NAME DIRECTORY: a fresh one, to be changed at will
unpack_rootfs() {
	setup_rootfs "$1"
	rm -rf "$2"
	mkdir -p "$2"
	tar -C "$2" --numeric-owner -xf "$ENTRY/rootfs.tar"
}

# fast_compiler ROOT: let the compiler proper of ROOT be the host's cross compiler, if that is of the same version. It
# is most of what an emulated build takes; the driver, assembler and linker stay those of ROOT, and the objects are
# the same. AMP_NATIVE=1 leaves all of it to ROOT.
fast_compiler() {
	local root=$1 triplet cc1 cross lib

	[ -z "${AMP_NATIVE:-}" ] || return 0
	for cc1 in "$root"/usr/lib/gcc/*/12/cc1; do
		triplet=${cc1%/12/cc1}
		triplet=${triplet##*/}
		cross=/usr/lib/gcc-cross/$triplet/12/cc1
		[ -x "$cross" ] && [ "$(compiler_version "$cc1")" = "$(compiler_version "$cross")" ] || return 0
		mkdir -p "$root/native"
		cp "$cross" "$root/native/cc1"
		ldd "$cross" | grep -o '/[^ ]*' | while read -r lib; do
			cp -L "$lib" "$root/native/"
		done
		printf '#!/bin/sh\nexec /native/%s --library-path /native /native/cc1 "$@"\n' \
			"$(cd "$root/native" && echo ld-linux*)" > "$cc1.new"
		chmod 755 "$cc1.new"
		mv -f "$cc1" "$cc1.emulated"
		mv "$cc1.new" "$cc1"
	done
}

# compiler_version CC1: with the revision of Debian's package, which is in the program
compiler_version() {
	grep -aom1 'Debian 12\.[0-9.-]*[0-9]' "$1"
}
