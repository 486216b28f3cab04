/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Messages in the buffers of the ZynqMP's inter-processor interrupts. PURE: no kernel objects, no
 * logging.
 *
 * Copyright (c) 2026 linux-amp developers
 */
#ifndef ZYNQMP_IPI_FRAME_H
#define ZYNQMP_IPI_FRAME_H

#include <linux/types.h>

/* What the hardware has, UG1085: 32 bytes for a request and as many for a response. */
#define ZYNQMP_IPI_MAX_BYTES	32
#define ZYNQMP_IPI_MAX_WORDS	(ZYNQMP_IPI_MAX_BYTES / 4)

/* On Versal the devicetree has an agent's buffers as a whole, with a part for each other agent. */
#define ZYNQMP_IPI_PART_BYTES	(2 * ZYNQMP_IPI_MAX_BYTES)

size_t zynqmp_ipi_usable(u64 size);
int zynqmp_ipi_part(u64 peer, u64 size);
int zynqmp_ipi_pack(u32 *words, const void *data, size_t len, size_t size);
void zynqmp_ipi_unpack(void *data, const u32 *words, size_t len);

#endif /* ZYNQMP_IPI_FRAME_H */
