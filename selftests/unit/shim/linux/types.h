/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Copyright (c) 2026 linux-amp developers
 *
 * Host shim: the kernel's integer types. The __le/__be types are plain
 * integers here; sparse checks their use when the same file is built for the
 * kernel.
 */
#ifndef _SHIM_LINUX_TYPES_H
#define _SHIM_LINUX_TYPES_H

#include_next <linux/types.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef unsigned long long u64;
typedef int8_t s8;
typedef int16_t s16;
typedef int32_t s32;
typedef long long s64;
typedef u64 phys_addr_t;
typedef u64 dma_addr_t;
typedef u64 resource_size_t;

#endif /* _SHIM_LINUX_TYPES_H */
