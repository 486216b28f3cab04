/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Resource table as Linux remoteproc and OpenAMP define it, version 1: a header,
 * an array of offsets from the header, and at each offset a typed entry.
 *
 * The table is placed in the ELF section .resource_table. The main processor
 * reads it from the file, fills in addresses and notify ids, and writes the
 * result over the loaded copy before it starts this core; later it changes the
 * vdev's status and gfeatures while this core runs. So everything read from it
 * at run time is read with READ_ONCE().
 *
 * Copyright (c) 2026 linux-amp developers
 */

#ifndef FW_RSC_TABLE_H
#define FW_RSC_TABLE_H

#include <fw/compiler.h>
#include <fw/types.h>

#define RSC_TABLE_VERSION	1

#define RSC_CARVEOUT		0
#define RSC_DEVMEM		1
#define RSC_TRACE		2
#define RSC_VDEV		3
/* OpenAMP's; Linux passes over them */
#define RSC_RPROC_MEM		4
#define RSC_FW_CHKSUM		5

/* "Anywhere": the main processor chooses and writes its choice here */
#define FW_RSC_ADDR_ANY		0xffffffffU

#define VIRTIO_ID_RPMSG		7
#define VIRTIO_RPMSG_F_NS	0	/* name service announcements */

/* virtio device status bits that the device side acts on */
#define VIRTIO_STATUS_DRIVER_OK	BIT(2)
#define VIRTIO_STATUS_FAILED	BIT(7)

struct resource_table {
	u32 ver;
	u32 num;
	u32 reserved[2];
};

struct fw_rsc_carveout {
	u32 type;
	u32 da;
	u32 pa;
	u32 len;
	u32 flags;
	u32 reserved;
	char name[32];
};

struct fw_rsc_rproc_mem {
	u32 type;
	u32 da;
	u32 pa;
	u32 size;
	u32 reserved;
};

struct fw_rsc_fw_chksum {
	u32 type;
	u8 algo[16];
	u8 chksum[64];
};

struct fw_rsc_trace {
	u32 type;
	u32 da;
	u32 len;
	u32 reserved;
	char name[32];
};

struct fw_rsc_vdev_vring {
	u32 da;
	u32 align;
	u32 num;
	u32 notifyid;
	u32 pa;
};

/* Followed by its vrings */
struct fw_rsc_vdev {
	u32 type;
	u32 id;
	u32 notifyid;
	u32 dfeatures;
	u32 gfeatures;
	u32 config_len;
	u8 status;
	u8 num_of_vrings;
	u8 reserved[2];
};

static_assert(sizeof(struct fw_rsc_carveout) == 56, "carveout entry is 56 bytes");
static_assert(sizeof(struct fw_rsc_trace) == 48, "trace entry is 48 bytes");
static_assert(sizeof(struct fw_rsc_vdev) == 28, "vdev entry is 28 bytes");
static_assert(sizeof(struct fw_rsc_vdev_vring) == 20, "vring description is 20 bytes");

#endif
