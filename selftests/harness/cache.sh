# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# A store of things that take long to make (QEMU, kernels, packages), outside the tree and keyed by a
# hash of their inputs. Sourced after common.sh.
#
# An entry is a directory NAME-HASH. It is made under a temporary name and renamed when complete, so a
# build that was interrupted leaves nothing that could be taken for a result. Each entry carries a list
# of its files' checksums, which is compared before every use: a damaged entry is made again.

CACHE=${LINUX_AMP_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/linux-amp}

# cache_key FILE|STRING...: short hash over the contents of files and the text of everything else.
cache_key() {
	local item

	for item in "$@"; do
		if [ -f "$item" ]; then
			sha256sum < "$item"
		else
			printf 'text %s\n' "$item"
		fi
	done | sha256sum | cut -c 1-12
}

# One run fills the cache at a time; the lock ends with the process that holds it, however that ends.
cache_lock() {
	mkdir -p "$CACHE" || die "cannot create the cache $CACHE"
	exec 9> "$CACHE/.lock"
	if ! flock -n 9; then
		say "  waiting for another run that fills $CACHE"
		flock 9
	fi
	# Left over from interrupted runs: safe to remove, we hold the lock.
	rm -rf "$CACHE"/.new-*
}

cache_seal() {
	(
		cd "$1" || exit 1
		find . -type f ! -name ".manifest*" -print0 | sort -z | xargs -0 -r sha256sum > .manifest.new && mv .manifest.new .manifest
	)
}

cache_intact() {
	[ -f "$1/.manifest" ] && (cd "$1" && sha256sum --quiet --status -c .manifest)
}

# cache_get NAME KEY FUNCTION [ARG...]: set $ENTRY to the entry's directory. If it is not there,
# FUNCTION is called with a directory to fill, the entry's later path, and the ARGs.
cache_get() {
	local name=$1 key=$2 make=$3 new

	shift 3
	ENTRY=$CACHE/$name-$key
	if [ -d "$ENTRY" ]; then
		cache_intact "$ENTRY" && return 0
		say "  $name in the cache is damaged: making it again"
		rm -rf "$ENTRY"
	fi
	new=$CACHE/.new-$name-$key
	rm -rf "$new"
	mkdir -p "$new" || die "cannot write to the cache $CACHE"
	if ! "$make" "$new" "$ENTRY" "$@" || ! cache_seal "$new" || ! mv "$new" "$ENTRY"; then
		rm -rf "$new"
		need_space "$CACHE" 200
		die "could not make $name; nothing half-done was kept, run the same command again"
	fi
}
