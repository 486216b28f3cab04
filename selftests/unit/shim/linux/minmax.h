/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Copyright (c) 2026 linux-amp developers
 *
 * Host shim: min, max, clamp. As in the kernel, operands of different types
 * are a compile-time warning.
 */
#ifndef _SHIM_LINUX_MINMAX_H
#define _SHIM_LINUX_MINMAX_H

#define __shim_pick(x, y, op) ({		\
	__typeof__(x) _x = (x);				\
	__typeof__(y) _y = (y);				\
	(void)(&_x == &_y);				\
	_x op _y ? _x : _y; })

#define min(x, y)		__shim_pick(x, y, <)
#define max(x, y)		__shim_pick(x, y, >)
#define min_t(type, x, y)	__shim_pick((type)(x), (type)(y), <)
#define max_t(type, x, y)	__shim_pick((type)(x), (type)(y), >)
#define min3(x, y, z)		min(min(x, y), z)
#define max3(x, y, z)		max(max(x, y), z)
#define clamp(val, lo, hi)	min(max(val, lo), hi)

#endif /* _SHIM_LINUX_MINMAX_H */
