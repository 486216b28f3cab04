/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Integer types and error numbers for freestanding code.
 *
 * Everything that crosses the shared memory is little-endian, and so is every
 * core this code is built for; the protocol files therefore use plain types.
 *
 * Copyright (c) 2026 linux-amp developers
 */

#ifndef FW_TYPES_H
#define FW_TYPES_H

#include <stdbool.h>
#include <stddef.h>

typedef unsigned char u8;
typedef unsigned short u16;
typedef unsigned int u32;
typedef unsigned long long u64;

#if __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error little-endian cores only
#endif

/* Linux numbering, so that a number in a trace means the same on both sides */
#define EAGAIN		11
#define EFAULT		14
#define EINVAL		22
#define EPROTO		71
#define EBADMSG		74
#define EMSGSIZE	90

#endif
