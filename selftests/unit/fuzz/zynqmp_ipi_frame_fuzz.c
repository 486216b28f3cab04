// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (c) 2026 linux-amp developers
 *
 * Fuzz target of the framing of IPI messages. Input: size of the buffer as a devicetree
 * may have it (8 bytes), what the buffer holds already (32 bytes), then the message. What
 * was packed comes out as it went in, nothing beyond the buffer is written, and the
 * rest of the last word is zero.
 */

#include <stdlib.h>
#include <string.h>

#include "zynqmp_ipi_frame.h"

int LLVMFuzzerTestOneInput(const u8 *data, size_t size);

static void send(const u8 *message, size_t len, size_t usable)
{
	u32 *words = malloc(usable ? usable : 1);
	u8 *got = malloc(usable + 4);
	bool fits = len <= usable;
	u8 zero[4] = { 0 };
	int num;

	if (!words || !got)
		exit(2);
	num = zynqmp_ipi_pack(words, message, len, usable);
	if (fits ? num < 0 : num >= 0)
		abort();
	if (num >= 0) {
		if ((size_t)num * 4 < len || (size_t)num * 4 >= len + 4)
			abort();
		memset(got, 0xa5, usable + 4);
		zynqmp_ipi_unpack(got, words, 4 * num);
		if (memcmp(got, message, len) || memcmp(got + len, zero, 4 * num - len) ||
		    got[4 * num] != 0xa5)
			abort();
	}
	free(got);
	free(words);
}

static void receive(const u8 *content, size_t usable)
{
	u32 *words = malloc(usable ? usable : 1);
	u8 *message = malloc(usable ? usable : 1);

	if (!words || !message)
		exit(2);
	memcpy(words, content, usable);
	zynqmp_ipi_unpack(message, words, usable);
	if (memcmp(message, content, usable))
		abort();
	free(message);
	free(words);
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	size_t usable;
	u64 bytes;

	if (size < sizeof(bytes) + ZYNQMP_IPI_MAX_BYTES)
		return 0;
	memcpy(&bytes, data, sizeof(bytes));
	usable = zynqmp_ipi_usable(bytes);
	if (usable > ZYNQMP_IPI_MAX_BYTES || usable > bytes || usable % 4)
		abort();
	receive(data + sizeof(bytes), usable);
	data += sizeof(bytes) + ZYNQMP_IPI_MAX_BYTES;
	send(data, size - sizeof(bytes) - ZYNQMP_IPI_MAX_BYTES, usable);
	return 0;
}
