// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fuzz target of the words of an i.MX remote without resource table, and of the places of its
 * rings. Input: number of devices, which of them to place, a word, a range, then regions.
 * Differential: places are counted piece by piece, addresses compared in 128 bits.
 *
 * Copyright (c) 2026 linux-amp developers
 */
#include <stdlib.h>
#include <string.h>

#include "imx_rpmsg_layout.h"

#define u128 unsigned __int128

#define MAX_REGIONS	4

int LLVMFuzzerTestOneInput(const u8 *data, size_t size);

struct input {
	u8 num_vdevs;
	u8 vdev;
	u8 unused[2];
	u32 word;
	u64 start;
	u64 bytes;
};

/* An interrupt hands the result on as an index. */
static void check_word(u32 word, unsigned int num_vdevs)
{
	int vring = imx_rpmsg_decode(word, num_vdevs);

	if (vring < 0 ? word >> 16 < 2 * num_vdevs : (u32)vring >= 2 * num_vdevs)
		abort();
	if (vring >= 0 && imx_rpmsg_encode(vring) != (word & 0xffff0000))
		abort();
}

static bool is_sound(const struct imx_rpmsg_region *region)
{
	return region->start % IMX_RPMSG_VRING_ALIGN == 0 &&
	       (u128)region->start + region->bytes <= (u128)1 << 32 && region->start >> 32 == 0;
}

static void check_place(const struct imx_rpmsg_region *region, unsigned int num, unsigned int vdev)
{
	u64 start = 0, at = 0;
	unsigned int i;
	int ret = imx_rpmsg_place(region, num, vdev, &start);

	for (i = 0; i < num; i++, at = 0) {
		if (!is_sound(&region[i])) {
			if (!ret)
				abort();
			return;
		}
		for (; at + IMX_RPMSG_VDEV_BYTES <= region[i].bytes; at += IMX_RPMSG_VDEV_BYTES) {
			if (vdev--)
				continue;
			if (ret || start != region[i].start + at)
				abort();
			return;
		}
	}
	if (!ret)
		abort();
}

static bool is_within(u64 start, u64 bytes, u64 from, u64 to)
{
	return start >= from && start < to && (u128)start + bytes <= to;
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	struct imx_rpmsg_region region[MAX_REGIONS];
	struct input in;
	unsigned int i;

	if (size < sizeof(in))
		return 0;
	memcpy(&in, data, sizeof(in));
	check_word(in.word, in.num_vdevs % (IMX_RPMSG_MAX_VDEVS + 1));

	if (imx_rpmsg_reachable(in.start, in.bytes) !=
	    (is_within(in.start, in.bytes, 0x80000000, 0xe0000000) ||
	     is_within(in.start, in.bytes, 0x900000, 0x948000)))
		abort();
	if (imx_rpmsg_restart_delay(in.start, in.bytes, in.word) > in.word)
		abort();

	size -= sizeof(in);
	data += sizeof(in);
	for (i = 0; i < MAX_REGIONS && size >= sizeof(*region); i++) {
		memcpy(&region[i], data, sizeof(*region));
		data += sizeof(*region);
		size -= sizeof(*region);
	}
	check_place(region, i, in.vdev);
	return 0;
}
