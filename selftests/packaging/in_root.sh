# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# What the tests inside of a root file system share: KTAP, and what a system is made of, to be compared.
# Sourced by them.
#
# Copyright (c) 2026 linux-amp developers

set -u
WORK=$(mktemp -d)
count=0
failed=0

# check NAME COMMAND...: in a subshell, its output shown if it fails
check() {
	local name=$1 status

	shift
	("$@") > "$WORK/log" 2>&1
	status=$?
	count=$((count + 1))
	if [ "$status" -eq 0 ]; then
		echo "ok $count $name"
		return 0
	fi
	tail -n 30 "$WORK/log" | sed 's/^/# /'
	echo "not ok $count $name"
	failed=$((failed + 1))
	return 1
}

# finish PLAN: the number of cases that there should have been
finish() {
	rm -rf "$WORK"
	[ "$failed" -eq 0 ] && [ "$count" -eq "$1" ]
	exit
}

fails() {
	! "$@"
}

# says TEXT COMMAND...: it prints this, whether it fails or not
says() {
	local text=$1

	shift
	"$@" > "$WORK/said" 2>&1
	cat "$WORK/said"
	grep -qF -- "$text" "$WORK/said"
}

# same FILE FILE: and if not, how they differ
same() {
	diff -u "$1" "$2"
}

# Every file of the system with its contents, but for what changes by itself: logs, caches, databases of
# packages, and the group that users' files may belong to. Directories count by what is in them: dpkg removes
# one that is empty and that no other package has.
snapshot() {
	find / -xdev \( -path /proc -o -path /dev -o -path /run -o -path /sys -o -path /tmp -o -path /test \
		-o -path /var/log -o -path /var/cache -o -path /var/lib/dpkg -o -path /var/lib/apt -o -path /root \
		-o -path /etc/group -o -path /etc/gshadow -o -path '/etc/*-' -o -path '/boot/initrd*' \
		-o -path '/var/lib/initramfs-tools' \) -prune -o \
		-type d -o \( -type f -exec sha256sum {} + \) -o -print | LC_ALL=C sort
}
