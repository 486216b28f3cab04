// SPDX-License-Identifier: GPL-2.0-only
/*
 * Canary: compiles nowhere. If an object appears all the same, objects do not
 * mean anything and no other answer can be trusted. It also keeps kbuild from
 * linking the probes into modules.
 *
 * Copyright (c) 2026 linux-amp developers
 */
#error "meant to fail"
