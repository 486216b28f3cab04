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
	modules=$(find "$BUILD/results" -path '*/split/modules' -size +0 2>/dev/null | head -n 1)
	printf '\ntest board\n'
	KDIR='' KVER=${tree##*/} INSTALL_MOD_PATH=$tree/root PROC_MODULES=$modules "$tree/src/tools/status"
done
