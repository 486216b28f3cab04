/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The C library functions that this code, and the compiler on its own account,
 * call. Declared here because there is no C library; the host tests link the
 * C library's instead.
 *
 * Copyright (c) 2026 linux-amp developers
 */

#ifndef FW_STRING_H
#define FW_STRING_H

#include <fw/types.h>

void *memcpy(void *dst, const void *src, size_t len);
void *memmove(void *dst, const void *src, size_t len);
void *memset(void *dst, int c, size_t len);
int memcmp(const void *a, const void *b, size_t len);
size_t strlen(const char *s);

#endif
