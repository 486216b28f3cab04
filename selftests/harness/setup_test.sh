#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# What can go wrong in the set-up: interrupted and damaged cache entries, a full disk, no network. Each
# must end with one clear line, and the next run must recover. Prints KTAP.

set -u
cd "$(dirname "$0")" || exit 1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export LINUX_AMP_CACHE=$work/cache BUILD=$work/build
number=0
failed=0

result() {	# result STATUS NAME
	number=$((number + 1))
	if [ "$1" = 0 ]; then
		echo "ok $number $2"
	else
		sed 's/^/# /' "$work/out" 2>/dev/null
		echo "not ok $number $2"
		failed=1
	fi
}

# in_harness COMMANDS: run them in a shell that has the harness; output in $work/out
in_harness() {
	bash -c '. ./common.sh; . ./cache.sh; . ./apt.sh; . ./chroot.sh; '"$1" > "$work/out" 2>&1 < /dev/null
}

# A maker that counts its runs. It fails if $work/fail is there.
# shellcheck disable=SC2016  # for the shell that in_harness starts
maker='make_it() { echo run >> '"$work"'/runs; echo content > "$1/file"; [ ! -e '"$work"'/fail ]; }
	get() { cache_lock; cache_get thing "$(cache_key inputs)" make_it; cat "$ENTRY/file"; }; '

runs() {
	[ "$(wc -l < "$work/runs")" = "$1" ]
}

one_error() {
	[ "$(grep -c '^error: ' "$work/out")" = 1 ] && grep -q "^error: .*$1" "$work/out"
}

echo "KTAP version 1"
echo "1..19"

in_harness "$maker get" && grep -qx content "$work/out" && runs 1
result $? "an entry is made"

in_harness "$maker get" && runs 1
result $? "an entry is used again"

echo garbage > "$(echo "$work"/cache/thing-*)/file"
in_harness "$maker get" && grep -q 'damaged' "$work/out" && grep -qx content "$work/out" && runs 2
result $? "a damaged entry is made again"

rm "$(echo "$work"/cache/thing-*)/file"
in_harness "$maker get" && grep -qx content "$work/out" && runs 3
result $? "an incomplete entry is made again"

rm -rf "$work"/cache/thing-*
touch "$work/fail"
! in_harness "$maker get" && one_error "could not make thing" && ! ls -d "$work"/cache/*thing-* > /dev/null 2>&1
result $? "a failed build leaves nothing and says so in one line"

rm "$work/fail"
in_harness "$maker get" && grep -qx content "$work/out"
result $? "the next run recovers"

rm -rf "$work"/cache/thing-*
mkdir "$work/cache/.new-thing-000000000000"
# shellcheck disable=SC2016
in_harness "$maker"'slow() { echo half > "$1/file"; kill -9 $BASHPID; }
	(cache_lock; cache_get thing "$(cache_key inputs)" slow)
	[ ! -d "$CACHE"/thing-* ] || exit 1
	get' && grep -qx content "$work/out" && [ ! -e "$work/cache/.new-thing-000000000000" ]
result $? "a build that was killed is not taken for a result"

# shellcheck disable=SC2016
! in_harness 'df() { printf "x\nx 1 1 17 1 /\n"; }; need_space "$CACHE" 2500' && one_error "only 17 MiB free"
result $? "a full disk is said in one line"

# Nobody listens there: what a host without network sees.
! http_proxy=http://127.0.0.1:9 https_proxy=http://127.0.0.1:9 in_harness 'private_apt_update' &&
	one_error "no network"
result $? "a missing network is said in one line"

# A mirror in the middle of a release: what it says of one architecture's list is not true yet.
half_a_release() {	# half_a_release SUITE STALE_ARCHITECTURE
	local dist=$work/mirror/dists/$1 arch list

	mkdir -p "$dist/main/source"
	: > "$dist/main/source/Sources"
	for arch in "$(dpkg --print-architecture)" arm64 armhf; do
		mkdir -p "$dist/main/binary-$arch"
		printf 'Package: thing\nVersion: 1\nArchitecture: %s\n' "$arch" > "$dist/main/binary-$arch/Packages"
	done
	(
		cd "$dist" || exit 1
		printf 'Codename: %s\nDate: %s\nArchitectures: amd64 arm64 armhf\nComponents: main\nSHA256:\n' \
			"$1" "$(LC_ALL=C date -uR)"
		for list in main/*/Packages main/source/Sources; do
			echo " $(sha256sum < "$list" | cut -d ' ' -f 1) $(stat -c %s "$list") $list"
		done
	) > "$dist/Release"
	echo >> "$dist/main/binary-$2/Packages"
	echo 'Acquire::AllowInsecureRepositories "1";' > "$work/apt.conf"
}

# on_mirror COMMANDS: nobody has signed it
on_mirror() {
	APT_CONFIG=$work/apt.conf in_harness "host_main_source() { echo file:$work/mirror; }; $1"
}

half_a_release trixie armhf
half_a_release bookworm "$(dpkg --print-architecture | sed 's/^arm64$/armhf/; t; s/.*/arm64/')"
# shellcheck disable=SC2016
on_mirror 'suite_apt trixie; suite_apt trixie arm64; apt-cache "${APT_OPTS[@]}" show thing:arm64' &&
	grep -qx 'Architecture: arm64' "$work/out"
result $? "a list that the mirror lacks is in nobody's way who does not need it"

# shellcheck disable=SC2016
on_mirror 'suite_apt trixie arm64 & one=$!; suite_apt trixie arm64 && wait "$one"' &&
	[ "$(grep -c 'fetching the package lists of trixie for arm64' "$work/out")" = 1 ]
result $? "two that want a list at a time fetch it once"

! on_mirror 'suite_apt trixie armhf' && one_error "apt-lists-trixie-armhf.log" &&
	grep -q 'Hash Sum mismatch' "$work/build/logs/apt-lists-trixie-armhf.log"
result $? "whoever needs it is told where to look"

on_mirror private_apt_update
result $? "nor in the way of what is of the host's architecture"

! in_harness "host_main_source() { echo file:$work/mirror; }; suite_apt trixie arm64" &&
	one_error "apt-lists-trixie-arm64.log" && grep -q 'is not signed' "$work/build/logs/apt-lists-trixie-arm64.log"
result $? "a mirror that nobody has signed is refused"

# The kernel's compilers cannot be had on a host that is older, its headers on no host.
# shellcheck disable=SC2016
! on_mirror 'BUILD='"$work"'/build; . ./build_matrix.sh; install_host_packages() { :; }; need_space() { :; }
		main debian-6.12-armhf' &&
	[ "$(grep -c '^not ok' "$work/out")" = 5 ] && [ "$(grep -c '^# it cannot be set up: error: ' "$work/out")" = 4 ]
result $? "a kernel that cannot be built for fails, and says why"

# shellcheck disable=SC2016
! in_harness 'id() { echo 1000; }; install_host_packages linux-amp-no-such-package' &&
	one_error "apt-get install linux-amp-no-such-package"
result $? "a missing package is named to who may not install it"

# looked ANSWER PART...: what is looked for, and where, is setup.sh's affair; the trace says it.
looked() {
	local answer=$1

	shift
	rm -rf "$work/cache"
	BASH_XTRACEFD=5 bash -x ./setup.sh --cached "$@" > "$work/out" 5> "$work/trace" < /dev/null &&
		[ "$(cat "$work/out")" = "$answer" ] && [ ! -e "$work/cache" ] && [ ! -e "$work/build/kernels" ]
}

looked "source not cached
debian-6.1-arm64 not cached" source debian-6.1-arm64
result $? "what is not cached is said, and nothing made"

mkdir -p "$(grep -o "$work/cache/kernel-source-[0-9a-f]*" "$work/trace" | head -n 1)" &&
	./setup.sh --cached source debian-6.1-arm64 > "$work/out" && [ "$(cat "$work/out")" = "source cached
debian-6.1-arm64 not cached" ]
result $? "what is cached is said, whatever is in build/"

looked "no-such-kernel unknown: error: setup.sh: no kernel 'no-such-kernel'" no-such-kernel
result $? "what cannot be told is not called missing"

exit $failed
