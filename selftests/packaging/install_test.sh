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
	card 'My SD' && at "$WORK/media/My SD" user_install && [ "$(files "$WORK/media/My SD" | wc -l)" -eq 5 ] &&
		at "$WORK/media/My SD" user_uninstall && [ -z "$(files "$WORK/media/My SD")" ]
}

# A disk that is full: no file may grow beyond 4 KB, which those for user space do not.
full() {
	trap '' XFSZ
	ulimit -f 4
	fails at "$WORK/full" dkms_install && [ -s "$WORK/full/usr/include/amp/rpmsg.h" ]
}

main() {
	echo "1..5"
	check "make dkms_install" plain
	check "into a directory with a blank in its name, and out of it" any_name 'My SD'
	check "into one with a quote" any_name "My friend's SD"
	check "user_install and user_uninstall with a blank" user_only
	check "a file that cannot be written fails it" full
	finish 5
}

main
