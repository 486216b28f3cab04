/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Text output into the buffer that the resource table's trace entry names.
 *
 * Copyright (c) 2026 linux-amp developers
 */

#ifndef FW_TRACE_H
#define FW_TRACE_H

#include <fw/compiler.h>
#include <fw/types.h>

#ifndef TRACE_SIZE
#define TRACE_SIZE 4096
#endif

extern char trace_buffer[TRACE_SIZE];

void trace(const char *fmt, ...) __printf(1, 2);

#endif
