/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * lib/string.c under the names that the build gives it for the tests.
 *
 * Copyright (c) 2026 linux-amp developers
 */

#ifndef RENAMED_H
#define RENAMED_H

#include <stddef.h>

void *fw_memcpy(void *dst, const void *src, size_t len);
void *fw_memmove(void *dst, const void *src, size_t len);
void *fw_memset(void *dst, int c, size_t len);
int fw_memcmp(const void *a, const void *b, size_t len);
size_t fw_strlen(const char *s);

#endif
