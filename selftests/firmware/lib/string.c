// SPDX-License-Identifier: GPL-2.0-only
/*
 * The few C library functions that this code and the compiler need. Word copies
 * where both sides allow it: shared memory is uncached, so the number of
 * accesses is what counts.
 *
 * Compiled with -fno-tree-loop-distribute-patterns, or the compiler would
 * recognise the loops and turn them into calls of the functions they implement.
 *
 * Copyright (c) 2026 linux-amp developers
 */

#include <fw/compiler.h>
#include <fw/string.h>

typedef u32 __may_alias word;

/**
 * memcpy() - copy memory that does not overlap
 * @dst:	to
 * @src:	from
 * @len:	bytes
 *
 * Context: any.
 * Return: @dst.
 */
void *memcpy(void *dst, const void *src, size_t len)
{
	const u8 *s = src;
	u8 *d = dst;

	if (!(((unsigned long)d | (unsigned long)s) & (sizeof(word) - 1))) {
		for (; len >= sizeof(word); len -= sizeof(word)) {
			*(word *)d = *(const word *)s;
			d += sizeof(word);
			s += sizeof(word);
		}
	}
	while (len--)
		*d++ = *s++;
	return dst;
}

/**
 * memmove() - copy memory that may overlap
 * @dst:	to
 * @src:	from
 * @len:	bytes
 *
 * Context: any.
 * Return: @dst.
 */
void *memmove(void *dst, const void *src, size_t len)
{
	const u8 *s = src;
	u8 *d = dst;

	if (d < s) {
		while (len--)
			*d++ = *s++;
	} else {
		while (len--)
			d[len] = s[len];
	}
	return dst;
}

/**
 * memset() - fill memory
 * @dst:	where
 * @c:		with what byte
 * @len:	bytes
 *
 * Context: any.
 * Return: @dst.
 */
void *memset(void *dst, int c, size_t len)
{
	u8 *d = dst;

	while (len--)
		*d++ = (u8)c;
	return dst;
}

/**
 * memcmp() - compare memory
 * @a:		one
 * @b:		the other
 * @len:	bytes
 *
 * Context: any.
 * Return: 0 if equal, else the sign of the first difference.
 */
int memcmp(const void *a, const void *b, size_t len)
{
	const u8 *p = a, *q = b;

	for (; len--; p++, q++)
		if (*p != *q)
			return *p - *q;
	return 0;
}

/**
 * strlen() - length of a string
 * @s:		the string
 *
 * Context: any.
 * Return: bytes before its end.
 */
size_t strlen(const char *s)
{
	size_t n = 0;

	while (s[n])
		n++;
	return n;
}
