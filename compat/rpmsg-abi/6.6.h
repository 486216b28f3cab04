/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Private rpmsg ABI of v6.6 and what lies around it: the operations of 6.12.h,
 * while rpmsg_class is still a pointer.
 *
 * Copyright (c) 2026 linux-amp developers
 */

#define RPMSG_ABI_CLASS_IS_POINTER

#include "6.12.h"
