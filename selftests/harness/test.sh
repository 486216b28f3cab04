#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# make test, make test-all: set up, build, run. Its last line is `N passed, N failed, N skipped`.
#
# usage: test.sh core|all
#   CELLS="..." chooses cells, BOOTS="..." boots of them, SCALE=N the percentage of the full counts

set -u
cd "$(dirname "$0")" || exit 1
# shellcheck source-path=SCRIPTDIR
. ./common.sh

# The lists of cells are read before set-up.
command -v python3 > /dev/null || ./setup.sh base || exit 1

case $1 in
core) model_scale=20 ;;
all) model_scale=100 ;;
*) die "usage: test.sh core|all" ;;
esac
scale=${SCALE:-5}

chosen=${CELLS:-$(python3 cells.py "$1")} || exit 1
# shellcheck disable=SC2086  # names of cells
python3 cells.py have "${BOOTS:-}" $chosen || exit 1
# shellcheck disable=SC2086
kernels=$(python3 cells.py kernels $chosen) || exit 1
# shellcheck disable=SC2086
./setup.sh base board source $kernels || exit 1
# shellcheck disable=SC2086
./build.sh $chosen || exit 1
# shellcheck source=/dev/null
. "$BUILD/env"

host=(
	--host "compat=env KDIR=$KDIR ARCH=arm64 CROSS_COMPILE=aarch64-linux-gnu- $TOP/selftests/compat/test.sh"
	--host "harness=python3 $TOP/selftests/harness/harness_test.py"
	--host "set-up=$TOP/selftests/harness/setup_test.sh"
	--host "kernel recipes=$TOP/selftests/kernels/test.sh"
	--host "unit=make -s -C $TOP/selftests/unit test O=$BUILD/unit"
	--host "fuzz targets=make -s -C $TOP/selftests/unit fuzz-replay O=$BUILD/unit"
	--host "benchmark's arithmetic=python3 $TOP/selftests/bench/report_test.py"
	--host "firmware protocol=make -s -C $TOP/selftests/firmware test O=$BUILD/firmware-test"
	--host "installing=$TOP/selftests/packaging/install_test.sh"
	--host "devicetree tools=$TOP/selftests/dtb/test.sh $DTB_DIR/xilinx"
	--host "board models=env SCALE=$model_scale $TOP/selftests/qemu/test/run.sh $QEMU"
	--host "board models, i.MX7D=env SCALE=$model_scale $TOP/selftests/qemu/test/imx7/run.sh $QEMU"
	--host "board models, Zynq-7000=env SCALE=$model_scale $TOP/selftests/qemu/test/zynq/run.sh $QEMU"
)
if [ "$1" = all ]; then
	# Fetching may take longer than a suite may.
	[ -n "${CELLS:-}" ] || ./build_matrix.sh --fetch || exit 1
	# One suite a series: all of them take longer than a suite may.
	for series in $(./build_matrix.sh --list | cut -d - -f 2 | uniq); do
		mapfile -t matrix < <(./build_matrix.sh --list | grep "^debian-$series-")
		host+=(--host "build matrix $series=$TOP/selftests/harness/build_matrix.sh ${matrix[*]}")
	done
fi
if [ "$1" = all ] && [ -z "${CELLS:-}" ]; then
	../packaging/test.sh --prepare || exit 1
	while read -r suite; do
		host+=(--host "$suite")
	done < "$BUILD/packaging/suites"
fi
[ -z "${CELLS:-}" ] || host=()
# Cells that are asked for run whole.
only=()
[ "$1" = all ] || [ -n "${CELLS:-}" ] || only=(--core)
exec python3 run.py "${only[@]}" --scale "$scale" ${JOBS:+--jobs "$JOBS"} "${host[@]}" --cells "$chosen" \
	--boots "${BOOTS:-}"
