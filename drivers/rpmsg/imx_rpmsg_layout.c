// SPDX-License-Identifier: GPL-2.0-only
/*
 * Where an i.MX remote without resource table expects its rings, and what its words mean. PURE: no
 * kernel objects, no logging.
 *
 * Copyright (c) 2026 linux-amp developers
 */
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/types.h>

#include "imx_rpmsg_layout.h"

/* The number of a ring, two for each device, is in the upper half of a word. */
#define VRING_SHIFT	16

/**
 * imx_rpmsg_place() - where the rings of a device are
 * @region: memory for rings, filled one after the other
 * @num:    how many regions
 * @vdev:   number of the device
 * @start:  receives the physical address of its piece
 *
 * Context: any.
 * Return: 0, -EINVAL for a region that is askew or runs past the addresses of a 32-bit processor,
 * -ENOSPC if the regions end before the device.
 */
int imx_rpmsg_place(const struct imx_rpmsg_region *region, unsigned int num, unsigned int vdev,
		    u64 *start)
{
	unsigned int i;
	u64 pieces;

	for (i = 0; i < num; i++) {
		if (region[i].start % IMX_RPMSG_VRING_ALIGN || region[i].start >> 32 ||
		    region[i].bytes > (1ULL << 32) - region[i].start)
			return -EINVAL;
		pieces = region[i].bytes / IMX_RPMSG_VDEV_BYTES;
		if (vdev < pieces) {
			*start = region[i].start + (u64)vdev * IMX_RPMSG_VDEV_BYTES;
			return 0;
		}
		vdev -= pieces;
	}
	return -ENOSPC;
}

/**
 * imx_rpmsg_overlap() - do two devices share memory
 * @a: physical address of the rings of the first, from imx_rpmsg_place()
 * @b: that of the second
 *
 * Regions may, and as long as no device has what they share, that does no harm.
 *
 * Context: any.
 * Return: true if so.
 */
bool imx_rpmsg_overlap(u64 a, u64 b)
{
	return (a > b ? a - b : b - a) < IMX_RPMSG_VDEV_BYTES;
}

/**
 * imx_rpmsg_reachable() - does the remote see memory where Linux does
 * @start: physical address
 * @bytes: size, not 0
 *
 * Descriptors have physical addresses, and a remote uses them as they are. What lies above
 * 0xe0000000 are a Cortex-M's own peripherals, to each of them: Armv7-M Architecture, B3.1.
 *
 * Context: any.
 * Return: true if so.
 */
bool imx_rpmsg_reachable(u64 start, u64 bytes)
{
	/* DDR, and OCRAM. That of the i.MX 6SoloX is a part of that of the i.MX 7. */
	static const struct imx_rpmsg_region seen[] = {
		{ .start = 0x80000000, .bytes = 0x60000000 },
		{ .start = 0x00900000, .bytes = 0x00048000 },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(seen); i++)
		if (start >= seen[i].start && start - seen[i].start < seen[i].bytes &&
		    bytes <= seen[i].bytes - (start - seen[i].start))
			return true;
	return false;
}

/**
 * imx_rpmsg_decode() - which ring the remote means
 * @word:      what it has sent
 * @num_vdevs: number of devices
 *
 * Context: any.
 * Return: number of the ring, -EBADMSG if there is no such ring.
 */
int imx_rpmsg_decode(u32 word, unsigned int num_vdevs)
{
	u32 vring = word >> VRING_SHIFT;

	return vring < num_vdevs * IMX_RPMSG_VRINGS ? (int)vring : -EBADMSG;
}

/**
 * imx_rpmsg_encode() - what to send to the remote
 * @vring: number of the ring that has work for it
 *
 * Context: any.
 * Return: the word.
 */
u32 imx_rpmsg_encode(unsigned int vring)
{
	return vring << VRING_SHIFT;
}

/**
 * imx_rpmsg_restart_delay() - when the devices may be restarted again
 * @now:      a clock that does not wrap
 * @last:     what it said when that was done last
 * @interval: how far apart two times have to be
 *
 * Context: any.
 * Return: how long to wait, at most @interval.
 */
unsigned long imx_rpmsg_restart_delay(u64 now, u64 last, unsigned long interval)
{
	u64 elapsed = now - last;

	return elapsed < interval ? interval - elapsed : 0;
}
