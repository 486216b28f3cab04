#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# make status: the kernel that was asked for, then the kernels of the test boards that were built.

set -u
cd "$(dirname "$0")" || exit 1
# shellcheck source-path=SCRIPTDIR
. ./common.sh

"$TOP/tools/status"
for tree in "$BUILD"/kernels/*; do
	[ -x "$tree/src/tools/status" ] || continue
	[ -d "$tree/root-ours" ] || continue
	# shellcheck source=/dev/null
	. "$tree/env"
	modules=
	for boot in "$BUILD"/results/*/*; do
		grep -q "\"kernel\": \"${tree##*/}\"" "$boot/cases.json" 2>/dev/null && [ -s "$boot/modules" ] &&
			modules=$boot/modules
	done
	printf '\ntest boards with %s\n' "${tree##*/}"
	KDIR='' KVER=$K_VERSION INSTALL_MOD_PATH=$tree/root-ours PROC_MODULES=$modules "$tree/src/tools/status"
done
