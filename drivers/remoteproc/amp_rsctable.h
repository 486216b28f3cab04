/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Check the resource table of a firmware without trusting it. PURE: no kernel objects, no logging.
 *
 * The structures are the remoteproc wire format, version 1, in little endian. They are defined here
 * and not taken from linux/remoteproc.h because the same code runs in unit tests on the host;
 * amp_rproc_fw.c asserts that both agree.
 *
 * Copyright (c) 2026 linux-amp developers
 */
#ifndef AMP_RSCTABLE_H
#define AMP_RSCTABLE_H

#include <linux/compiler.h>
#include <linux/types.h>

#include "amp_fault.h"

#define AMP_RSC_CARVEOUT	0
#define AMP_RSC_DEVMEM		1
#define AMP_RSC_TRACE		2
#define AMP_RSC_VDEV		3
/* OpenAMP has two more, which mean nothing to the remoteproc core. */
#define AMP_RSC_RPROC_MEM	4
#define AMP_RSC_FW_CHKSUM	5
#define AMP_RSC_VENDOR_START	128
#define AMP_RSC_VENDOR_END	512

/* Vendor types that mean something here. */
#define AMP_RSC_TYPE_CRASH	128
#define AMP_RSC_TYPE_HEARTBEAT	416

#define AMP_RSC_ADDR_ANY	0xffffffffU

/* The remoteproc core supports two rings per device; the other limits keep arithmetic in bounds. */
#define AMP_RSC_MAX_ENTRIES	256
#define AMP_RSC_MAX_VDEVS	8
#define AMP_RSC_MAX_VRINGS	2
#define AMP_RSC_MAX_VRING_NUM	32768
#define AMP_RSC_MAX_VRING_ALIGN	0x10000

struct amp_rsc_table {
	__le32 ver;
	__le32 num;
	__le32 reserved[2];
	__le32 offset[];
} __packed;

struct amp_rsc_hdr {
	__le32 type;
} __packed;

struct amp_rsc_carveout {
	__le32 type;
	__le32 da;
	__le32 pa;
	__le32 len;
	__le32 flags;
	__le32 reserved;
	char name[32];
} __packed;

struct amp_rsc_trace {
	__le32 type;
	__le32 da;
	__le32 len;
	__le32 reserved;
	char name[32];
} __packed;

struct amp_rsc_vring {
	__le32 da;
	__le32 align;
	__le32 num;
	__le32 notifyid;
	__le32 pa;
} __packed;

struct amp_rsc_vdev {
	__le32 type;
	__le32 id;
	__le32 notifyid;
	__le32 dfeatures;
	__le32 gfeatures;
	__le32 config_len;
	__u8 status;
	__u8 num_of_vrings;
	__u8 reserved[2];
	struct amp_rsc_vring vring[];
} __packed;

/* OpenAMP: memory that both sides share. */
struct amp_rsc_rproc_mem {
	__le32 type;
	__le32 da;
	__le32 pa;
	__le32 len;
	__le32 reserved;
} __packed;

/* OpenAMP: what the file's contents hash to. */
struct amp_rsc_fw_chksum {
	__le32 type;
	__u8 algo[16];
	__u8 chksum[64];
} __packed;

/* As posted for the kernel's R5 driver: the remote sets the state when it has crashed. */
struct amp_rsc_crash {
	__le32 type;
	__u8 version;
	__u8 state;
	__u8 reason;
	char text[16];
} __packed;

#define AMP_HEARTBEAT_MAGIC	0x48504d41U	/* "AMPH" */
#define AMP_HEARTBEAT_MIN_MS	10
#define AMP_HEARTBEAT_MAX_MS	60000

/* Of this package, Documentation/wire.rst: the remote counts beats at least once in a period. */
struct amp_rsc_heartbeat {
	__le32 type;
	__le32 magic;
	__le32 period_ms;
	__le32 beats;
} __packed;

/**
 * enum amp_rsc_vendor_kind - what an entry is that the remoteproc core passes over
 * @AMP_VENDOR_UNKNOWN:   nobody knows
 * @AMP_VENDOR_RPROC_MEM: struct amp_rsc_rproc_mem
 * @AMP_VENDOR_FW_CHKSUM: struct amp_rsc_fw_chksum
 * @AMP_VENDOR_CRASH:     struct amp_rsc_crash
 * @AMP_VENDOR_HEARTBEAT: struct amp_rsc_heartbeat
 */
enum amp_rsc_vendor_kind {
	AMP_VENDOR_UNKNOWN,
	AMP_VENDOR_RPROC_MEM,
	AMP_VENDOR_FW_CHKSUM,
	AMP_VENDOR_CRASH,
	AMP_VENDOR_HEARTBEAT,
};

/**
 * struct amp_rsc_vendor - a vendor's entry, or OpenAMP's
 * @kind:      what it is
 * @offset:    of the entry in the table
 * @da:        device address of shared memory
 * @len:       its length in bytes
 * @period_ms: of a heartbeat, in bounds
 */
struct amp_rsc_vendor {
	enum amp_rsc_vendor_kind kind;
	u32 offset;
	u32 da;
	u32 len;
	u32 period_ms;
};

/**
 * struct amp_vring_desc - a ring that a firmware asks for
 * @da:    device address, AMP_RSC_ADDR_ANY if Linux chooses
 * @num:   number of descriptors, a power of two
 * @align: alignment of the used ring in bytes, a power of two
 */
struct amp_vring_desc {
	u32 da;
	u32 num;
	u32 align;
};

/**
 * struct amp_rsc_entry - one checked entry of a resource table
 * @index: of the entry
 * @offset: of the entry in the table
 * @type:  such as AMP_RSC_VDEV
 * @da:    device address of a carveout or trace buffer
 * @len:   its length in bytes
 * @name:  name of a carveout; NUL-terminated, points into the table
 * @id:    virtio device id of a vdev
 * @num_vrings: number of its rings
 * @vring: its rings
 */
struct amp_rsc_entry {
	unsigned int index;
	u32 offset;
	u32 type;
	u32 da;
	u32 len;
	const char *name;
	u32 id;
	unsigned int num_vrings;
	struct amp_vring_desc vring[AMP_RSC_MAX_VRINGS];
};

int amp_rsctable_check(const void *table, size_t size, size_t *used, struct amp_fault *fault);
int amp_rsctable_check_live(const void *table, size_t size, size_t *used, struct amp_fault *fault);
bool amp_rsctable_vendor(const void *table, size_t size, unsigned int index,
			 struct amp_rsc_vendor *vendor);
void amp_rsctable_entry(const void *table, unsigned int index, struct amp_rsc_entry *entry);
bool amp_rsctable_find_carveout(const void *table, const char *name, struct amp_rsc_entry *entry);
bool amp_rsctable_is_unknown(u32 type);
unsigned int amp_rsctable_num(const void *table);
void amp_rsctable_make_fresh(void *table, size_t size);
u64 amp_vring_bytes(const struct amp_vring_desc *vring);

#endif /* AMP_RSCTABLE_H */
