# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# Debian's own kernels: which package of which suite an identifier stands for, their headers, their
# images, and what has to be mended before modules can be built with them on another architecture.
# Sourced after apt.sh and chroot.sh; nothing of it is installed on the host.
#
# An identifier is debian-SERIES-ARCH or debian-SERIES-VARIANT-ARCH, with ARCH arm64 or armhf. Headers and
# images are separate entries of the cache: who only compiles does not fetch images.
#
# Copyright (c) 2026 linux-amp developers

# What there is: all that Debian offers, which unlisted_flavours compares. armhf means the flavour armmp. Our
# boards boot only some of them; of the others the headers are of use.
DEBIAN_KERNELS=(
	debian-6.1-arm64 debian-6.1-rt-arm64 debian-6.1-cloud-arm64
	debian-6.1-armhf debian-6.1-lpae-armhf debian-6.1-rt-armhf
	debian-6.12-arm64 debian-6.12-16k-arm64 debian-6.12-rt-arm64 debian-6.12-cloud-arm64
	debian-6.12-armhf debian-6.12-lpae-armhf debian-6.12-rt-armhf
	debian-7.2-arm64 debian-7.2-16k-arm64 debian-7.2-rt-arm64 debian-7.2-cloud-arm64
	debian-7.2-armhf debian-7.2-lpae-armhf
)

# debian_kernel ID: set D_SERIES, D_SUITE, D_ARCH (Debian's name), D_FLAVOUR, D_CROSS, K_ARCH (the kernel's)
debian_kernel() {
	local rest=${1#debian-} variant

	case " ${DEBIAN_KERNELS[*]} " in
	*" $1 "*) ;;
	*) die "no Debian kernel '$1'; there are: ${DEBIAN_KERNELS[*]}" ;;
	esac
	D_SERIES=${rest%%-*}
	D_ARCH=${rest##*-}
	variant=${rest#"$D_SERIES"}
	variant=${variant%"-$D_ARCH"}
	case $D_SERIES in
	6.1) D_SUITE=bookworm ;;
	6.12) D_SUITE=trixie ;;
	7.2) D_SUITE=forky ;;
	esac
	case $D_ARCH in
	arm64) K_ARCH=arm64 D_CROSS=aarch64-linux-gnu D_FLAVOUR=arm64 ;;
	armhf) K_ARCH=arm D_CROSS=arm-linux-gnueabihf D_FLAVOUR=armmp ;;
	esac
	case $variant in
	-rt | -cloud) D_FLAVOUR=${variant#-}-$D_FLAVOUR ;;
	*) D_FLAVOUR=$D_FLAVOUR$variant ;;
	esac
}

# offered_flavours: of the suite that APT_OPTS is for. Only a meta package's name has no version in it.
offered_flavours() {
	apt-cache "${APT_OPTS[@]}" search --names-only '^linux-headers-[^0-9]*(arm64|armmp)' |
		sed 's/^linux-headers-\([^ ]*\) .*/\1/'
}

# unlisted_flavours: what the mirror offers, by lists that are renewed daily, and DEBIAN_KERNELS does not name.
unlisted_flavours() {
	local id suite arch flavour flavours known=""

	for id in "${DEBIAN_KERNELS[@]}"; do
		debian_kernel "$id"
		known="$known $D_SUITE/$D_FLAVOUR"
	done
	for suite in "${SUITES[@]}"; do
		for arch in arm64 armhf; do
			suite_lists "$suite" "$arch" >&2
			mapfile -t flavours < <(offered_flavours)
			[ ${#flavours[@]} -gt 0 ] || echo "$suite: the lists for $arch name no headers package"
			for flavour in "${flavours[@]}"; do
				case "$known " in
				*" $suite/$flavour "*) ;;
				*) echo "$suite offers linux-headers-$flavour" ;;
				esac
			done
		done
	done
}

# The meta package of a flavour depends on its newest kernel.
newest_version() {
	local version

	version=$(apt-cache "${APT_OPTS[@]}" show "linux-headers-$D_FLAVOUR:$D_ARCH" |
		sed -n "s/^Depends:.*linux-headers-\([0-9][^ ,]*-$D_FLAVOUR\).*/\1/p" | head -n 1)
	[ -n "$version" ] || die "the mirror lists no kernel $D_FLAVOUR for $D_SUITE"
	case $version in
	"$D_SERIES".*) echo "$version" ;;
	*) die "the mirror's newest kernel of $D_SUITE is $version, and $D_SERIES is expected" ;;
	esac
}

# kernel_packages PACKAGE PARTS: the package and what it depends on of the kernel's own, ready for apt
kernel_packages() {
	local p

	{
		echo "$1"
		apt-cache "${APT_OPTS[@]}" show "$1:$D_ARCH" | sed -n 's/^Depends: //p' | tr ',' '\n' |
			sed -n "s/^ *\(linux-\($2\)-[0-9][^ ]*\).*/\1/p"
	} | sort -u | while read -r p; do
		case $p in
		linux-kbuild-* | *-common | *-common-rt) echo "$p" ;;
		*) echo "$p:$D_ARCH" ;;
		esac
	done
}

# fetch_packages DIR WHAT LOGNAME PACKAGE...: download and unpack, nothing else
fetch_packages() {
	local new=$1 what=$2 log=$3 deb

	shift 3
	step "fetching $what" "$log" private_download "$new/debs" "$@" || return 1
	for deb in "$new"/debs/*.deb; do
		dpkg -x "$deb" "$new" || return 1
	done
	rm -rf "${new:?}/debs" "${new:?}/usr/share"
}

# --- headers --------------------------------------------------------------------------------------

fetch_headers() {
	local new=$1 final=$2 version packages makefile

	suite_apt "$D_SUITE" "$D_ARCH"
	version=$(newest_version) || exit 1
	mapfile -t packages < <(kernel_packages "linux-headers-$version" 'headers\|kbuild\|base')
	fetch_packages "$new" "headers of Debian's kernel $version" "headers-$version" "${packages[@]}" || return 1
	echo "$version" > "$new/version"
	# The absolute paths in a headers package.
	makefile=$new/usr/src/linux-headers-$version/Makefile
	sed -i "s#\([ =]\)/usr/src/#\1$new/usr/src/#" "$makefile" || return 1
	[ "$D_ARCH" != armhf ] || mend_modpost "$new" "$version" || return 1
	sed -i "s#$new/usr/src/#$final/usr/src/#" "$makefile"
}

# Host programs for all architectures come in one package, and its modpost for 32-bit modules was
# compiled with the structure sizes of a 64-bit kernel: it takes each device table for a broken one.
# The kernel's own rules build it again, with the sizes that the headers have.
mend_modpost() {
	local new=$1 kdir=$1/usr/src/linux-headers-$2 work=$1/modpost mod=$1/modpost/scripts/mod ENTRY

	cache_get "modpost-source-$D_SERIES" "$(cache_key "$D_SUITE" parts-1)" fetch_modpost_source
	cp -r "$ENTRY" "$work" || return 1
	need_compiler "$kdir"
	step "building modpost for 32-bit modules of $D_SERIES" "modpost-$D_SERIES" \
		kernel_run make -C "$kdir" M="$mod" ARCH="$K_ARCH" CROSS_COMPILE="$D_CROSS-" \
		HOSTCFLAGS="-O2 -I$work/scripts/include" modules || return 1
	cp "$mod/modpost" "$new/usr/src/linux-headers-$2/scripts/mod/modpost.real-lsb-32" && rm -rf "$work"
}

fetch_modpost_source() {
	local new=$1 name=linux-source-$D_SERIES

	suite_apt "$D_SUITE"
	step "fetching the source of $D_SERIES for modpost (150 MB)" "modpost-source-$D_SERIES" \
		private_download "$new/debs" "$name" || return 1
	dpkg -x "$new/debs/"*.deb "$new/deb" || return 1
	# In newer series a part of modpost's is in scripts/include.
	step "unpacking the parts of it that make modpost (about 20 s)" "modpost-unpack-$D_SERIES" \
		tar -C "$new" -xf "$new/deb/usr/src/$name.tar.xz" --strip-components=1 --wildcards \
		"$name/scripts/[im]*" "$name/include/linux/*.h" || return 1
	rm -rf "$new/debs" "$new/deb"
}

# A kernel's modules are built by the compiler that built the kernel; its headers say which.
need_compiler() {
	K_CC=$(sed -n 's/.*(CROSS_COMPILE)\(gcc-[0-9]*\).*/\1/p' "$1/.kernelvariables" | head -n 1)
	[ -n "$K_CC" ] || die "the headers in $1 do not say which compiler they want"
	[ -n "$K_RUN" ] || install_host_packages "$K_CC-$D_CROSS"
}

# kernel_run COMMAND...: where this kernel's modules are built
kernel_run() {
	# shellcheck disable=SC2086  # a command with its arguments, or empty
	$K_RUN "$@"
}

# debian_headers ID: set K_VERSION, K_ARCH, K_DIR, K_CC, K_RUN for a build; ENTRY is the cache's entry
# shellcheck disable=SC2034  # read by name
debian_headers() {
	debian_kernel "$1"
	K_RUN=
	chroot_for "$D_SUITE"
	cache_get "headers-$D_SUITE-$D_FLAVOUR" "$(cache_key "$D_SERIES" "$D_SUITE" "$D_FLAVOUR" layout-1)" fetch_headers
	K_VERSION=$(cat "$ENTRY/version")
	K_DIR=$ENTRY/usr/src/linux-headers-$K_VERSION
	need_compiler "$K_DIR"
}

# --- images ---------------------------------------------------------------------------------------

fetch_image() {
	local new=$1 packages

	suite_apt "$D_SUITE" "$D_ARCH"
	mapfile -t packages < <(kernel_packages "linux-image-$K_VERSION" 'binary\|modules\|base')
	fetch_packages "$new" "Debian's kernel $K_VERSION" "image-$K_VERSION" "${packages[@]}" || return 1
	# Of the modules only those that our boards could want: the rest is large and checked at every use.
	find "$new" -path '*/lib/modules/*/kernel/*' -name '*.ko*' ! -path '*/drivers/rpmsg/*' \
		! -path '*/drivers/remoteproc/*' ! -path '*/drivers/mailbox/*' ! -path '*/drivers/virtio/*' \
		! -path '*/drivers/firmware/*' ! -path '*/drivers/tty/*' ! -path '*/samples/*' \
		! -path '*/drivers/regulator/fixed.ko*' -delete
	# Its vmlinux, if it has one, is for debuggers.
	find "$new" -name 'vmlinux*' -size +20M -delete
}

# The mirror may have moved on since the headers were fetched; both have to be of one version.
image_is_gone() {
	suite_apt "$D_SUITE" "$D_ARCH"
	! apt-cache "${APT_OPTS[@]}" show "linux-image-$K_VERSION:$D_ARCH" > /dev/null 2>&1
}

fetch_busybox() {	# fetch_busybox NEW FINAL ARCH
	suite_apt bookworm "$3"
	fetch_packages "$1" "busybox for $3" "busybox-$3" "busybox-static:$3"
}

# setup_busybox ARCH: set K_BUSYBOX; one version serves all kernels
setup_busybox() {
	cache_get "busybox-$1" "$(cache_key bookworm "$1")" fetch_busybox "$1"
	K_BUSYBOX=$ENTRY/bin/busybox
	[ -e "$K_BUSYBOX" ] || K_BUSYBOX=$ENTRY/usr/bin/busybox
}

# setup_debian_kernel ID: everything for building and booting. Sets, besides what debian_headers sets,
# K_IMAGE, K_DTB_DIR, K_MODULES (the kernel's own modules) and K_BUSYBOX.
# shellcheck disable=SC2034  # read by name
setup_debian_kernel() {
	local key path

	debian_headers "$1"
	key=$(cache_key "$K_VERSION" layout-2)
	if [ ! -d "$CACHE/image-$D_FLAVOUR-$key" ] && image_is_gone; then
		say "  the mirror no longer has $K_VERSION: taking its newest"
		rm -rf "$ENTRY"
		debian_headers "$1"
		key=$(cache_key "$K_VERSION" layout-2)
	fi
	setup_busybox "$D_ARCH"
	cache_get "image-$D_FLAVOUR" "$key" fetch_image
	for path in "$ENTRY/lib/modules" "$ENTRY/usr/lib/modules"; do
		[ ! -d "$path/$K_VERSION" ] || K_MODULES=$path/$K_VERSION
	done
	K_IMAGE=$ENTRY/boot/vmlinuz-$K_VERSION
	[ -f "$K_IMAGE" ] || K_IMAGE=$K_MODULES/vmlinuz
	K_DTB_DIR=$ENTRY/usr/lib/linux-image-$K_VERSION
}
