#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Run a command inside a root file system, which may be of another architecture: qemu-user runs its
# programs. In namespaces of its own: a process, a mount or an interpreter registered in there is gone when
# the command ends, and the host learns of none of them.
#
# usage: enter.sh ROOT COMMAND...	as root
#
# With ENTER=beside in the environment the command is one of the host's own, which changes ROOT from the outside
# and has programs of it run in there: the host's dpkg unpacks many times faster than an emulated one.
#
# From Linux 6.7 on a user namespace has interpreters of its own; on an older host those count that its
# package qemu-user-static registered. Nothing in here knows packages or tests.
#
# Copyright (c) 2026 linux-amp developers

set -eu

# What the kernel recognises a program by: 32 or 64 bits, little endian, executable, machine.
register() {
	local bits=$1 machine=$2 qemu=$3 head mask

	head="\\x7fELF\\x0$bits\\x01\\x01\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x02\\x00\\x$machine\\x00"
	mask='\xff\xff\xff\xff\xff\xff\xff\x00\xff\xff\xff\xff\xff\xff\xff\xff\xfe\xff\xff\xff'
	# F: opened now, so that it need not exist in the root file system.
	printf '%s' ":$qemu:M::$head:$mask:/usr/bin/$qemu-static:F" > /proc/sys/fs/binfmt_misc/register
}

inside() {
	local root=$1

	shift
	# Wait until the ids of this namespace are there.
	read -r _ <&3
	exec 3<&-
	if mount -t binfmt_misc none /proc/sys/fs/binfmt_misc 2> /dev/null; then
		register 2 b7 qemu-aarch64
		register 1 28 qemu-arm
	fi
	mount --rbind /dev "$root/dev"
	mount -t proc proc "$root/proc"
	mount -t tmpfs tmpfs "$root/run"
	[ "${ENTER:-}" != beside ] || root=/
	exec env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 \
		HOME=/root DEBIAN_FRONTEND=noninteractive chroot "$root" "$@"
}

if [ "${1:-}" = --inside ]; then
	shift
	inside "$@"
fi

[ $# -ge 2 ] || { echo "usage: enter.sh ROOT COMMAND..." >&2; exit 2; }
[ "$(id -u)" = 0 ] || { echo "error: a root file system with all its owners can only be used as root" >&2; exit 1; }
ready=$(mktemp -u)
mkfifo "$ready"
unshare --user --mount --pid --fork --kill-child -- "$0" --inside "$@" 3<> "$ready" <&0 &
pid=$!
# unshare listens to no signal, but ends with its child, the first process inside, which takes all others with it.
# shellcheck disable=SC2317  # called by trap
stop() {
	local first

	read -r first < "/proc/$pid/task/$pid/children" || :
	kill -KILL ${first:+"$first"} "$pid" 2> /dev/null || :
}
trap 'rm -f "$ready"; stop' EXIT
trap 'exit 143' HUP INT TERM
# The same ids as outside, so that nothing in the root file system has to change its owner. Until
# unshare has made the namespace, there is only the outer map, which cannot be written again.
while [ "$(readlink "/proc/$pid/ns/user")" = "$(readlink /proc/self/ns/user)" ]; do
	kill -0 "$pid" || exit 1
	sleep 0.01
done
echo "0 0 65536" > "/proc/$pid/uid_map"
echo "0 0 65536" > "/proc/$pid/gid_map"
echo go > "$ready"
status=0
wait "$pid" || status=$?
trap 'rm -f "$ready"' EXIT
exit "$status"
