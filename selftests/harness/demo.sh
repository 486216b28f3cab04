#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# make demo: set up, build, boot; see interactive.py.
set -eu
cd "$(dirname "$0")"
./setup.sh base board source debian-6.1-arm64
./build.sh zcu102-stock
exec python3 interactive.py demo
