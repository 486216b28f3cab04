# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# Debian's own programs on a board: those that people use on terminals, udev and kexec. A board has no package
# manager, so the programs are unpacked with the libraries that they need and nothing else, into a tree
# that build.sh adds to the initramfs of boots that ask for it. Sourced after debian_kernels.sh.
#
# Copyright (c) 2026 linux-amp developers

# Where the programs are, then where their libraries are.
TOOLS_PACKAGES=(
	coreutils picocom socat udev kexec-tools
	libc6 zlib1g libacl1 libblkid1 libcap2 libkmod2 libselinux1 libpcre2-8-0 libssl3 libwrap0 libnsl2 libtirpc3
	libgssapi-krb5-2 libkrb5-3 libk5crypto3 libcom-err2 libkrb5support0 libkeyutils1 libzstd1 liblzma5
	libxenmisc4.17 libxencall1 libxendevicemodel1 libxenevtchn1 libxenforeignmemory1 libxengnttab1 libxenhypfs1
	libxenstore4 libxentoollog1 libxentoolcore1 libyajl2 libuuid1
)
TOOLS_PROGRAMS=(bin/stty usr/bin/picocom usr/bin/socat bin/udevadm sbin/kexec)

NEEDED='s/.*(NEEDED).*\[\(.*\)\]/\1/p'

# take_libraries ALL ROOT TRIPLET: what the programs and libraries in ROOT need, until that is all there
take_libraries() {
	local lib=$2/lib/$3 name missing

	mkdir -p "$lib"
	while :; do
		missing=
		for name in $(find "$2" -type f \( -path '*bin/*' -o -name '*.so*' \) -exec readelf -d {} + |
			sed -n "$NEEDED" | sort -u); do
			[ ! -e "$lib/$name" ] || continue
			missing=yes
			cp -L "$1/lib/$3/$name" "$lib/" 2> /dev/null || cp -L "$1/usr/lib/$3/$name" "$lib/" || return 1
		done
		[ -n "$missing" ] || return 0
	done
}

fetch_tools() {
	local arch=$3 triplet=$4 all=$1/all root=$1/root p

	suite_apt bookworm "$arch"
	mkdir -p "$all" "$root/bin" "$root/sbin" "$root/usr/bin" "$root/lib/systemd" "$root/usr/lib/udev/rules.d"
	fetch_packages "$all" "Debian's programs for $arch" "tools-$arch" "${TOOLS_PACKAGES[@]/%/:$arch}" || return 1
	for p in "${TOOLS_PROGRAMS[@]}"; do
		cp "$all/$p" "$root/$p" || return 1
	done
	# Both are one program, which looks at its name.
	ln -s /bin/udevadm "$root/lib/systemd/systemd-udevd" &&
		cp "$all/lib/udev/rules.d/50-udev-default.rules" "$root/usr/lib/udev/rules.d/" &&
		cp -L "$all"/lib/ld-linux-* "$root/lib/" && take_libraries "$all" "$root" "$triplet" && rm -rf "$all"
}

# setup_tools ARCH TRIPLET: set TOOLS to the root of the tree
setup_tools() {
	cache_get "tools-$1" "$(cache_key bookworm "$1" "${TOOLS_PACKAGES[*]}" "${TOOLS_PROGRAMS[*]}" layout-2)" \
		fetch_tools "$1" "$2"
	# shellcheck disable=SC2034  # read by setup.sh
	TOOLS=$ENTRY/root
}
