// SPDX-License-Identifier: GPL-2.0-only
/*
 * Messages in the buffers of the ZynqMP's inter-processor interrupts, which are accessed in words.
 * PURE: no kernel objects, no logging.
 *
 * A buffer's size is what the devicetree says, for each of the four of a remote; they may differ,
 * and a buffer may be missing.
 *
 * Copyright (c) 2026 linux-amp developers
 */
#include <linux/errno.h>
#include <linux/minmax.h>
#include <linux/string.h>
#include <linux/types.h>
#include <asm/byteorder.h>

#include "zynqmp_ipi_frame.h"

/**
 * zynqmp_ipi_usable() - how much of a buffer can hold a message
 * @size: of the buffer in bytes, as the devicetree has it
 *
 * Context: any.
 * Return: whole words, no more than the hardware has.
 */
size_t zynqmp_ipi_usable(u64 size)
{
	if (size > ZYNQMP_IPI_MAX_BYTES)
		size = ZYNQMP_IPI_MAX_BYTES;
	return size & ~(size_t)3;
}

/**
 * zynqmp_ipi_part() - where among the buffers of an agent those for another one are
 * @peer: address of the buffers of the other agent
 * @size: of the buffers of the one, in bytes
 *
 * An agent's number, and so its part, is in address bits 9 to 11 of its own buffers (AM011,
 * inter-processor interrupts).
 *
 * Context: any.
 * Return: offset in bytes of the request, behind which the response is; -ERANGE if the agent has
 * no buffers there.
 */
int zynqmp_ipi_part(u64 peer, u64 size)
{
	unsigned int offset = ((peer & 0xf00) >> 9) * ZYNQMP_IPI_PART_BYTES;

	/* Devicetrees exist that give one byte too few. */
	return offset < size ? (int)offset : -ERANGE;
}

/**
 * zynqmp_ipi_pack() - make words of a message
 * @words: receives them, ZYNQMP_IPI_MAX_WORDS at most; the last is filled up with zero
 * @data:  the message
 * @len:   its length in bytes
 * @size:  usable bytes of the buffer
 *
 * Context: any.
 * Return: number of words, -EMSGSIZE if the buffer is too small.
 */
int zynqmp_ipi_pack(u32 *words, const void *data, size_t len, size_t size)
{
	size_t i, num = (len + 3) / 4;
	__le32 word;

	if (size > ZYNQMP_IPI_MAX_BYTES || len > size)
		return -EMSGSIZE;
	for (i = 0; i < num; i++) {
		word = 0;
		memcpy(&word, data + 4 * i, min(len - 4 * i, sizeof(word)));
		words[i] = le32_to_cpu(word);
	}
	return num;
}

/**
 * zynqmp_ipi_unpack() - make a message of words
 * @data:  receives it
 * @words: as read from the buffer
 * @len:   bytes, whole words
 *
 * Context: any.
 */
void zynqmp_ipi_unpack(void *data, const u32 *words, size_t len)
{
	__le32 word;
	size_t i;

	for (i = 0; i < len / 4; i++) {
		word = cpu_to_le32(words[i]);
		memcpy(data + 4 * i, &word, 4);
	}
}
