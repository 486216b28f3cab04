#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The Debian source package: builds, is clean for lintian, holds what it should. Run by test.sh inside the root
# file system with the tools, where /test/src is this tree. Leaves the package, and one that calls itself
# older, in /test/out. Prints KTAP.
#
# Copyright (c) 2026 linux-amp developers

# shellcheck disable=SC2317  # called by check
# shellcheck source-path=SCRIPTDIR source=in_root.sh
. "$(dirname "$0")/in_root.sh"

OUT=/test/out
OLD=0.0.9
SRC=/test/src
VERSION=$(sed -n 's/^#define AMP_VERSION\t"\(.*\)"/\1/p' "$SRC"/include/linux/amp_version.h)
DEB=$OUT/linux-amp-dkms_${VERSION}_all.deb

one_version() {
	grep -qx "PACKAGE_VERSION=\"$VERSION\"" "$SRC"/dkms.conf && grep -q "^linux-amp ($VERSION) " "$SRC"/debian/changelog
}

# copy VERSION: a tree of its own, below WORK, with a history as a checkout has and what was built in it
copy() {
	rm -rf "$WORK/linux-amp-$1"
	cp -a "$SRC" "$WORK/linux-amp-$1" && cd "$WORK/linux-amp-$1" && mkdir -p .git build && echo x > .git/HEAD &&
		echo x > build/made || return 1
}

# build VERSION: source and binary package, in OUT
build() {
	copy "$1" || return 1
	if [ "$1" != "$VERSION" ]; then
		sed -i "s/\"$VERSION\"/\"$1\"/" dkms.conf include/linux/amp_version.h &&
			sed -i "1s/($VERSION)/($1)/" debian/changelog || return 1
	fi
	dpkg-buildpackage --no-sign && mv "$WORK"/linux-amp*_"$1"* "$OUT"/
}

# The source package holds neither.
no_history() {
	tar -tf "$OUT/linux-amp_$VERSION.tar.xz" > "$WORK/sources" && grep '/dkms\.conf$' "$WORK/sources" &&
		! grep '^[^/]*/\(\.git\|build\)\(/\|$\)' "$WORK/sources"
}

lint() {
	lintian --allow-root --display-info --fail-on error,warning,info \
		"$OUT/linux-amp_${VERSION}_$(dpkg --print-architecture).changes"
}

contents() {
	dpkg-deb --contents "$DEB" | sed -n 's/^-[^ ]* root\/root .* \.\(\/[^ ]*\)$/\1/p' | LC_ALL=C sort > "$WORK/contents"
	cat "$WORK/contents"
}

# has FILE...
has() {
	local file

	contents
	for file in "$@"; do
		grep -qxF "$file" "$WORK/contents" || { echo "$file is missing"; return 1; }
	done
}

snippets() {
	has /usr/lib/udev/rules.d/40-linux-amp.rules /usr/lib/udev/rules.d/60-linux-amp.rules \
		/usr/lib/sysusers.d/linux-amp.conf /usr/lib/modprobe.d/linux-amp.conf /usr/lib/modules-load.d/linux-amp.conf /usr/include/amp/rpmsg.h
}

# Every source file that Kbuild needs, and nothing that was built or that only tests need.
sources() {
	local dir=/usr/src/linux-amp-$VERSION

	(cd "$SRC" && find drivers include compat -type f ! -path '*/generated/*' ! -name '.*' -printf "$dir/%p\n") |
		LC_ALL=C sort > "$WORK/wanted"
	contents > /dev/null
	grep "^$dir/[dic][a-z]*/" "$WORK/contents" > "$WORK/there"
	same "$WORK/wanted" "$WORK/there" && has "$dir/dkms.conf" "$dir/Kbuild" "$dir/tools/dkms" "$dir/tools/modules.mk" &&
		! grep "^$dir/\(selftests\|Documentation\|\.git\|debian\)" "$WORK/contents"
}

maintainer_scripts() {
	dpkg-deb --control "$DEB" "$WORK/control" &&
		grep -q 'dkms remove -m ' "$WORK/control/prerm" &&
		grep -q common.postinst "$WORK/control/postinst" && grep -q sysusers "$WORK/control/postinst" &&
		grep '^Depends:.*dkms' "$WORK/control/control"
}

# Two builds of the same sources are the same to the byte.
reproducible() {
	cp "$DEB" "$WORK/first.deb" && build "$VERSION" && cmp "$WORK/first.deb" "$DEB"
}

# What the documents say, in the directory above
make_deb() {
	copy "$VERSION" && make deb && cmp "$WORK/${DEB##*/}" "$DEB"
}

# Where there is no systemd-sysusers
group_by_hand() {
	fails getent group rpmsg && groupadd --system rpmsg && getent group rpmsg && groupdel rpmsg
}

# The targets of the top Makefile that need no kernel
make_installs() {
	make -C "$SRC" DESTDIR="$WORK/root" dkms_install &&
		(cd "$WORK/root" && find . -type f | sed 's/^\.//' | grep -v '/COPYING$\|/LICENSES/') | LC_ALL=C sort > "$WORK/made" &&
		contents > /dev/null && grep -v '^/usr/share/doc/' "$WORK/contents" > "$WORK/packed" &&
		same "$WORK/packed" "$WORK/made"
}

make_removes() {
	make -C "$SRC" DESTDIR="$WORK/root" dkms_uninstall && [ -z "$(find "$WORK/root" -type f)" ]
}

# program NAME LINE: one that stands for the system's
program() {
	printf '#!/bin/sh\n%s\n' "$2" > "$WORK/bin/$1" && chmod 755 "$WORK/bin/$1"
}

# An initramfs of this system that has a module of ours; of another root it is not ours to make.
initramfs() {
	local kdir=$WORK/kdir release=6.1.0-amp

	mkdir -p "$kdir/include/generated" "$kdir/include/config" "$WORK/bin" "$WORK/other/lib/modules/$release" \
		"/lib/modules/$release" /boot && touch "/boot/initrd.img-$release" "$kdir/include/config/auto.conf" &&
		echo "#define UTS_RELEASE \"$release\"" > "$kdir/include/generated/utsrelease.h" &&
		printf 'modules_install:\n\t@true\n' > "$kdir/Makefile" &&
		program lsinitramfs 'echo usr/lib/modules/rpmsg_char.ko' && program depmod : &&
		program update-initramfs 'echo made "$@"' || return 1
	PATH=$WORK/bin:$PATH
	for target in modules_install modules_uninstall; do
		says "made -u -k $release" make -C "$SRC" KDIR="$kdir" "$target" &&
			make -C "$SRC" KDIR="$kdir" INSTALL_MOD_PATH="$WORK/other" "$target" > "$WORK/made" &&
			fails grep made "$WORK/made" || return 1
	done
	rm -r "/lib/modules/$release" "/boot/initrd.img-$release"
}

main() {
	echo "1..14"
	rm -rf "$OUT"
	mkdir -p "$OUT"
	check "one version in all places" one_version
	check "source and binary package" build "$VERSION"
	check "no history in it, and nothing that was built" no_history
	check "lintian has nothing to say" lint
	check "rules and snippets are in it" snippets
	check "sources are in it, all of them and no others" sources
	check "its scripts add and remove" maintainer_scripts
	check "built again it is the same" reproducible
	check "make deb makes it, too" make_deb
	check "make dkms_install installs the same" make_installs
	check "make dkms_uninstall removes it" make_removes
	check "make modules_install and modules_uninstall make an initramfs again" initramfs
	check "the group can be made by hand" group_by_hand
	check "an older package, for upgrades" build "$OLD"
	finish 14
}

main
