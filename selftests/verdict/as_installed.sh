#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# What is typed on a real board, with nothing in the environment but how much shall be done.
#
# Copyright (c) 2026 linux-amp developers

unset AMP_MODULES AMP_VARIANT AMP_CANARY AMP_TOOLS
exec "$(dirname "$0")/../run.sh"
