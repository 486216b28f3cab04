// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (c) 2026 linux-amp developers
 *
 * The one place where the tracepoints of the transport are created.
 */

#define CREATE_TRACE_POINTS
#include "virtio_rpmsg_trace.h"
