/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The kernel's own test harness, from the installed kernel source, with a limit for a plain TEST()
 * that a busy emulated board keeps.
 *
 * Copyright (c) 2026 linux-amp developers
 */

#ifndef AMP_TEST_HARNESS_H
#define AMP_TEST_HARNESS_H

#include "guest.h"
#include "kselftest_harness.h"

#undef TEST_TIMEOUT_DEFAULT
#define TEST_TIMEOUT_DEFAULT	TEST_GUARD_S

#endif
