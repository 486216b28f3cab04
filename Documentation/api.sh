#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Copyright (c) 2026 linux-amp developers
#
# A page for each source file that has kernel-doc comments, and an index of them. A comment that kernel-doc
# complains about is an error.
#
# usage: api.sh KERNEL-DOC TOP OUT FILE...

set -eu
kernel_doc=$1 top=$2 out=$3
shift 3
mkdir -p "$out"
log=$(mktemp)
trap 'rm -f "$log"' EXIT

heading() {
	printf '%s\n%s\n%s\n\n' "$(echo "$1" | sed 's/./=/g')" "$1" "$(echo "$1" | sed 's/./=/g')"
}

{
	heading 'Functions and structures'
	printf 'From the comments in the sources, file by file.\n\n.. toctree::\n   :maxdepth: 1\n\n'
} > "$out/index.rst"
cd "$top"
for file in "$@"; do
	page=$(echo "$file" | tr '/.' '--')
	heading "$file" > "$out/$page.rst"
	# Static functions of several files may have one name: each file is a name space of its own.
	printf '.. c:namespace:: %s\n\n' "$(echo "$page" | tr -- '-' '_')" >> "$out/$page.rst"
	"$kernel_doc" -rst -sphinx-version 5.3.0 "$file" >> "$out/$page.rst" 2> "$log" || { cat "$log" >&2; exit 1; }
	if [ -s "$log" ]; then
		cat "$log" >&2
		exit 1
	fi
	echo "   $page" >> "$out/index.rst"
done
