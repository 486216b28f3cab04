#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Run a command with the programs and libraries of another Debian suite and everything else of this
# host: same paths, same directory, same environment. In a mount namespace of its own, so that nothing
# of it is seen outside and nothing stays behind. Who is not root gets a user namespace as well.
#
# usage: chroot_run.sh ENTRY COMMAND...
#   ENTRY   directory made by fetch_chroot in chroot.sh: root/ holds the suite, mnt/ is empty
#
# Copyright (c) 2026 linux-amp developers

set -eu

if [ "${1:-}" != --inside ]; then
	[ $# -ge 2 ] || { echo "usage: chroot_run.sh ENTRY COMMAND..." >&2; exit 2; }
	user=
	[ "$(id -u)" = 0 ] || user=--map-root-user
	unshare --mount $user true 2> /dev/null || {
		echo "error: this host allows no mount namespace, which a newer suite's compiler needs;" \
			"run it as root, outside of an unprivileged container, or on a newer Debian" >&2
		exit 1
	}
	exec unshare --mount $user -- "$0" --inside "$@"
fi

shift
entry=$1
mnt=$entry/mnt
shift
mount -t tmpfs -o mode=755 none "$mnt"
# The suite's own: usr, and the links that lead into it.
for path in "$entry"/root/*; do
	name=${path##*/}
	if [ -L "$path" ]; then
		cp -a "$path" "$mnt/$name"
	elif [ "$name" = usr ] || [ "$name" = etc ]; then
		mkdir "$mnt/$name"
		mount --bind "$path" "$mnt/$name"
	fi
done
for path in /*; do
	name=${path##*/}
	if [ -e "$mnt/$name" ] || [ -L "$path" ] || [ ! -d "$path" ]; then
		continue
	fi
	mkdir "$mnt/$name"
	mount --rbind "$path" "$mnt/$name"
done
export PATH=/usr/sbin:/usr/bin
# shellcheck disable=SC2016  # for the inner shell
exec chroot "$mnt" /usr/bin/bash -c 'cd "$1" && shift && exec "$@"' - "$PWD" "$@"
