#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# make check: what tools can say about the sources without running them.

set -u
cd "$(dirname "$0")" || exit 1
# shellcheck source-path=SCRIPTDIR
. ./common.sh
# shellcheck source-path=SCRIPTDIR
. ./cache.sh
# shellcheck source-path=SCRIPTDIR
. ./apt.sh

install_host_packages kmod sparse coccinelle clang llvm lld shellcheck perl gawk
./setup.sh base source || exit 1
# shellcheck source=/dev/null
. "$BUILD/env"
export KSRC KDIR ARCH=arm64 CROSS_COMPILE=aarch64-linux-gnu-
exec "$TOP/tools/check"
