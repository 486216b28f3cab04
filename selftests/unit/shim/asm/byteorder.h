/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Copyright (c) 2026 linux-amp developers
 *
 * Host shim: byte order. Shadows the C library's kernel header, which lacks
 * the kernel's names and clashes with plain-integer __le types.
 */
#ifndef _SHIM_ASM_BYTEORDER_H
#define _SHIM_ASM_BYTEORDER_H

#include <linux/types.h>

#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define __LITTLE_ENDIAN_BITFIELD
#define __shim_le(x, bits)	(x)
#define __shim_be(x, bits)	__builtin_bswap##bits(x)
#else
#define __BIG_ENDIAN_BITFIELD
#define __shim_le(x, bits)	__builtin_bswap##bits(x)
#define __shim_be(x, bits)	(x)
#endif

#define cpu_to_le16(x)	((__le16)__shim_le((u16)(x), 16))
#define cpu_to_le32(x)	((__le32)__shim_le((u32)(x), 32))
#define cpu_to_le64(x)	((__le64)__shim_le((u64)(x), 64))
#define le16_to_cpu(x)	((u16)__shim_le((u16)(x), 16))
#define le32_to_cpu(x)	((u32)__shim_le((u32)(x), 32))
#define le64_to_cpu(x)	((u64)__shim_le((u64)(x), 64))
#define cpu_to_be16(x)	((__be16)__shim_be((u16)(x), 16))
#define cpu_to_be32(x)	((__be32)__shim_be((u32)(x), 32))
#define cpu_to_be64(x)	((__be64)__shim_be((u64)(x), 64))
#define be16_to_cpu(x)	((u16)__shim_be((u16)(x), 16))
#define be32_to_cpu(x)	((u32)__shim_be((u32)(x), 32))
#define be64_to_cpu(x)	((u64)__shim_be((u64)(x), 64))

#endif /* _SHIM_ASM_BYTEORDER_H */
