#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# make bench: set up, build, run; see bench.py.
#
# usage: bench.sh [CELL...]
#   PAIRS=N    boots of each stack for the speed, default 3
#   PROFILE=T  instead of that, where the instructions of one test go: ping-16, to-remote-496 ...

set -u
cd "$(dirname "$0")/../harness" || exit 1
# shellcheck source-path=SCRIPTDIR/../harness
. ./common.sh

# QEMU does not install the header that its plugins need.
# shellcheck disable=SC2046  # several options
build_plugin() {
	local out=$BUILD/bench

	mkdir -p "$out" &&
		tar -xOf "$QEMU_SOURCE" --wildcards '*/include/qemu/qemu-plugin.h' > "$out/qemu-plugin.h" &&
		cc -shared -fPIC -O2 -Wall -I"$out" $(pkg-config --cflags glib-2.0) -o "$out/count.so" ../bench/count.c
}

[ $# -gt 0 ] || set -- bench-imx7d
command -v python3 > /dev/null || "$TOP/selftests/harness/setup.sh" base || exit 1
mapfile -t kernels < <(python3 cells.py kernels "$@")
./setup.sh base board source "${kernels[@]}" || exit 1
./build.sh "$@" || exit 1
# shellcheck source=/dev/null
. "$BUILD/env"
step "the plugin that counts" bench-plugin build_plugin || die "the plugin does not build"
if [ -n "${PROFILE:-}" ]; then
	exec python3 ../bench/bench.py --profile "$PROFILE" "$@"
fi
exec python3 ../bench/bench.py --pairs "${PAIRS:-3}" "$@"
