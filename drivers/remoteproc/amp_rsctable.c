// SPDX-License-Identifier: GPL-2.0-only
/*
 * Check the resource table of a firmware without trusting it. PURE: no kernel objects, no logging.
 *
 * The remoteproc core walks the table with little checking, uses names in it as format strings and
 * sizes in it for arithmetic. So whatever it must not see is refused here, field by field. Whether
 * the addresses are ones that the remote has is not decided here (amp_memmap.c), nor whether Linux
 * has the memory that the table asks for (amp_rproc_fw.c).
 *
 * Copyright (c) 2026 linux-amp developers
 */
#include <linux/align.h>
#include <linux/errno.h>
#include <linux/log2.h>
#include <linux/stddef.h>
#include <linux/string.h>
#include <linux/types.h>
#include <asm/byteorder.h>

#include "amp_rsctable.h"

#define TABLE	"resource table"
#define ENTRY	"resource"

#define VIRTIO_ID_RPMSG	7

static u32 offset_of_entry(const void *table, unsigned int i)
{
	const struct amp_rsc_table *t = table;

	return le32_to_cpu(t->offset[i]);
}

static u32 type_of(const void *entry)
{
	const struct amp_rsc_hdr *hdr = entry;

	return le32_to_cpu(hdr->type);
}

/* A name ends inside its field and is harmless wherever it is printed or used as a format. */
static int check_name(const char *name, size_t size, unsigned int i, struct amp_fault *fault)
{
	size_t n;

	for (n = 0; n < size && name[n]; n++) {
		if (name[n] == '%')
			return amp_fault_set(fault, -EBADMSG, ENTRY, i, "name", name[n],
					     "would be taken as a format");
		if (name[n] < ' ' || name[n] > '~')
			return amp_fault_set(fault, -EBADMSG, ENTRY, i, "name", (u8)name[n],
					     "unprintable character");
	}
	if (n == size)
		return amp_fault_set(fault, -EBADMSG, ENTRY, i, "name", (u8)name[n - 1],
				     "last character, should be NUL");
	return 0;
}

static int check_range(u32 da, u32 len, unsigned int i, struct amp_fault *fault)
{
	if (!len)
		return amp_fault_set(fault, -EBADMSG, ENTRY, i, "len", 0, "empty");
	if (da != AMP_RSC_ADDR_ANY && (u64)da + len > 1ULL << 32)
		return amp_fault_set(fault, -EOVERFLOW, ENTRY, i, "len", len, "address wraps");
	return 0;
}

static int check_carveout(const void *entry, unsigned int i, struct amp_fault *fault)
{
	const struct amp_rsc_carveout *c = entry;
	int ret;

	if (c->reserved)
		return amp_fault_set(fault, -EBADMSG, ENTRY, i, "reserved",
				     le32_to_cpu(c->reserved), "not zero");
	ret = check_name(c->name, sizeof(c->name), i, fault);
	if (ret)
		return ret;
	return check_range(le32_to_cpu(c->da), le32_to_cpu(c->len), i, fault);
}

static int check_trace(const void *entry, unsigned int i, struct amp_fault *fault)
{
	const struct amp_rsc_trace *t = entry;
	int ret;

	if (t->reserved)
		return amp_fault_set(fault, -EBADMSG, ENTRY, i, "reserved",
				     le32_to_cpu(t->reserved), "not zero");
	ret = check_name(t->name, sizeof(t->name), i, fault);
	if (ret)
		return ret;
	if (le32_to_cpu(t->da) == AMP_RSC_ADDR_ANY)
		return amp_fault_set(fault, -EBADMSG, ENTRY, i, "da", AMP_RSC_ADDR_ANY,
				     "a trace buffer needs a fixed address");
	return check_range(le32_to_cpu(t->da), le32_to_cpu(t->len), i, fault);
}

static int check_vring(const struct amp_rsc_vring *v, unsigned int i, struct amp_fault *fault)
{
	u32 num = le32_to_cpu(v->num), align = le32_to_cpu(v->align);

	if (!is_power_of_2(num) || num > AMP_RSC_MAX_VRING_NUM)
		return amp_fault_set(fault, -EBADMSG, ENTRY, i, "vring.num", num,
				     "not a power of two up to 32768");
	/* The used ring begins with 16-bit and has 32-bit fields. */
	if (!is_power_of_2(align) || align < 4 || align > AMP_RSC_MAX_VRING_ALIGN)
		return amp_fault_set(fault, -EBADMSG, ENTRY, i, "vring.align", align,
				     "not a power of two from 4 to 65536");
	return 0;
}

static int check_vdev(const void *entry, unsigned int i, struct amp_fault *fault)
{
	const struct amp_rsc_vdev *v = entry;
	unsigned int n;
	int ret;

	if (!v->id)
		return amp_fault_set(fault, -EBADMSG, ENTRY, i, "id", 0, "no virtio device id");
	if (v->reserved[0] || v->reserved[1])
		return amp_fault_set(fault, -EBADMSG, ENTRY, i, "reserved",
				     v->reserved[0] | v->reserved[1] << 8, "not zero");
	/* Not only because drivers need two: the core gives up two whatever the table says. */
	if (v->num_of_vrings != AMP_RSC_MAX_VRINGS)
		return amp_fault_set(fault, -EBADMSG, ENTRY, i, "num_of_vrings", v->num_of_vrings,
				     "not two");

	for (n = 0; n < v->num_of_vrings; n++) {
		ret = check_vring(&v->vring[n], i, fault);
		if (ret)
			return ret;
	}
	return 0;
}

static int vdev_size(const struct amp_rsc_vdev *v, u64 avail, unsigned int i, u64 *len,
		     struct amp_fault *fault)
{
	*len = sizeof(*v);
	if (avail < *len)
		return 0;
	if (v->num_of_vrings > AMP_RSC_MAX_VRINGS)
		return amp_fault_set(fault, -EBADMSG, ENTRY, i, "num_of_vrings", v->num_of_vrings,
				     "more than two");
	*len += v->num_of_vrings * sizeof(v->vring[0]);
	if (avail < *len)
		return amp_fault_set(fault, -EBADMSG, ENTRY, i, "num_of_vrings", v->num_of_vrings,
				     "rings run past the end of the table");
	*len += le32_to_cpu(v->config_len);
	if (avail < *len)
		return amp_fault_set(fault, -EBADMSG, ENTRY, i, "config_len",
				     le32_to_cpu(v->config_len), "runs past the end of the table");
	return 0;
}

/* Others may use the type for something else: nothing is taken for it that has crashed already. */
static bool is_crash(const struct amp_rsc_crash *c, u64 avail)
{
	return type_of(c) == AMP_RSC_TYPE_CRASH && avail >= sizeof(*c) && c->version &&
	       !c->state && !c->reason && !c->text[0];
}

static bool is_heartbeat(const struct amp_rsc_heartbeat *h, u64 avail)
{
	u32 period;

	if (type_of(h) != AMP_RSC_TYPE_HEARTBEAT || avail < sizeof(*h) ||
	    le32_to_cpu(h->magic) != AMP_HEARTBEAT_MAGIC)
		return false;
	period = le32_to_cpu(h->period_ms);
	return period >= AMP_HEARTBEAT_MIN_MS && period <= AMP_HEARTBEAT_MAX_MS;
}

/*
 * Those of others are of unknown length, and so are types that nobody has given a meaning yet; the
 * core passes over both, of the latter with a warning. A heartbeat has to be there for itself:
 * amp_rsctable_make_fresh() writes to it, after another entry was judged. A crash report is only
 * read, and may be an entry of somebody else's that is shorter: see is_crash().
 */
static u64 vendor_size(const void *entry, u64 avail)
{
	if (is_heartbeat(entry, avail))
		return sizeof(struct amp_rsc_heartbeat);
	return sizeof(struct amp_rsc_hdr);
}

/* Length of an entry that begins @avail bytes before the end of the table. */
static int entry_size(const void *entry, u64 avail, unsigned int i, u64 *len,
		      struct amp_fault *fault)
{
	u32 type = type_of(entry);
	int ret;

	switch (type) {
	case AMP_RSC_CARVEOUT:
		*len = sizeof(struct amp_rsc_carveout);
		break;
	case AMP_RSC_TRACE:
		*len = sizeof(struct amp_rsc_trace);
		break;
	case AMP_RSC_VDEV:
		ret = vdev_size(entry, avail, i, len, fault);
		if (ret)
			return ret;
		break;
	case AMP_RSC_DEVMEM:
		return amp_fault_set(fault, -EOPNOTSUPP, ENTRY, i, "type", type,
				     "device memory needs an IOMMU, which this remote does not have");
	case AMP_RSC_RPROC_MEM:
		*len = sizeof(struct amp_rsc_rproc_mem);
		break;
	case AMP_RSC_FW_CHKSUM:
		*len = sizeof(struct amp_rsc_fw_chksum);
		break;
	default:
		*len = vendor_size(entry, avail);
		break;
	}

	if (*len > avail)
		return amp_fault_set(fault, -EBADMSG, ENTRY, i, "offset", 0,
				     "entry runs past the end of the table");
	return 0;
}

static int check_content(const void *entry, unsigned int i, struct amp_fault *fault)
{
	switch (type_of(entry)) {
	case AMP_RSC_CARVEOUT:
		return check_carveout(entry, i, fault);
	case AMP_RSC_TRACE:
		return check_trace(entry, i, fault);
	case AMP_RSC_VDEV:
		return check_vdev(entry, i, fault);
	}
	return 0;
}

/* The entries before @i have been checked. */
static int check_overlap(const void *table, size_t size, unsigned int i, u64 len,
			 struct amp_fault *fault)
{
	u32 off = offset_of_entry(table, i), other;
	unsigned int j;
	u64 other_len;
	int ret;

	for (j = 0; j < i; j++) {
		other = offset_of_entry(table, j);
		ret = entry_size(table + other, size - other, j, &other_len, fault);
		if (ret)
			return ret;
		if (off < other + other_len && other < off + len)
			return amp_fault_set(fault, -EBADMSG, ENTRY, i, "offset", off,
					     "overlaps an earlier entry");
	}
	return 0;
}

static int check_entry(const void *table, size_t size, unsigned int i, size_t *used,
		       struct amp_fault *fault)
{
	u32 off = offset_of_entry(table, i);
	u64 len;
	int ret;

	if (off < sizeof(struct amp_rsc_table) + amp_rsctable_num(table) * sizeof(__le32))
		return amp_fault_set(fault, -EBADMSG, ENTRY, i, "offset", off,
				     "inside the header of the table");
	if (off > size || size - off < sizeof(struct amp_rsc_hdr))
		return amp_fault_set(fault, -EBADMSG, ENTRY, i, "offset", off,
				     "past the end of the table");

	ret = entry_size(table + off, size - off, i, &len, fault);
	if (ret) {
		if (!strcmp(fault->field, "offset"))
			fault->value = off;
		return ret;
	}
	ret = check_overlap(table, size, i, len, fault);
	if (ret)
		return ret;
	ret = check_content(table + off, i, fault);
	if (ret)
		return ret;

	/* Whatever follows the type of such an entry may belong to it. */
	if (type_of(table + off) > AMP_RSC_FW_CHKSUM)
		*used = size;
	else if (off + len > *used)
		*used = off + len;
	return 0;
}

/**
 * amp_rsctable_check_live() - check the resource table of a remote that runs
 * @table: copy of the table, at any alignment
 * @size:  bytes that there are
 * @used:  receives the number of bytes from the start that the table really occupies
 * @fault: receives what is wrong
 *
 * Another Linux may have used it, so devices may have a status, and rings addresses.
 *
 * Context: any.
 * Return: as amp_rsctable_check().
 */
int amp_rsctable_check_live(const void *table, size_t size, size_t *used, struct amp_fault *fault)
{
	const struct amp_rsc_table *t = table;
	unsigned int i, num, vdevs = 0;
	int ret;

	if (size < sizeof(*t))
		return amp_fault_set(fault, -EBADMSG, TABLE, -1, "size", size,
				     "shorter than its header");
	if (le32_to_cpu(t->ver) != 1)
		return amp_fault_set(fault, -EPROTONOSUPPORT, TABLE, -1, "ver",
				     le32_to_cpu(t->ver), "unknown version");
	if (t->reserved[0] || t->reserved[1])
		return amp_fault_set(fault, -EBADMSG, TABLE, -1, "reserved",
				     le32_to_cpu(t->reserved[0]) ?: le32_to_cpu(t->reserved[1]),
				     "not zero");
	num = amp_rsctable_num(table);
	if (num > AMP_RSC_MAX_ENTRIES)
		return amp_fault_set(fault, -EBADMSG, TABLE, -1, "num", num,
				     "more entries than any remote needs (256)");
	if (num > (size - sizeof(*t)) / sizeof(__le32))
		return amp_fault_set(fault, -EBADMSG, TABLE, -1, "num", num,
				     "offsets run past the end of the table");

	*used = sizeof(*t) + num * sizeof(__le32);
	for (i = 0; i < num; i++) {
		ret = check_entry(table, size, i, used, fault);
		if (ret)
			return ret;
		if (type_of(table + offset_of_entry(table, i)) == AMP_RSC_VDEV &&
		    ++vdevs > AMP_RSC_MAX_VDEVS)
			return amp_fault_set(fault, -EBADMSG, ENTRY, i, "type", AMP_RSC_VDEV,
					     "more virtio devices than supported (8)");
	}
	return 0;
}

/**
 * amp_rsctable_check() - check the resource table of a firmware file
 * @table: the table, at any alignment
 * @size:  bytes that there are
 * @used:  receives the number of bytes from the start that the table really occupies
 * @fault: receives what is wrong
 *
 * A section of 1 MiB for a table of 100 bytes exists in the field, hence @used.
 *
 * Context: any.
 * Return: 0, -EPROTONOSUPPORT for an unknown version, -EOPNOTSUPP for a resource that such a remote
 * cannot have, -EOVERFLOW for a wrapping address, -EBADMSG for everything else.
 */
int amp_rsctable_check(const void *table, size_t size, size_t *used, struct amp_fault *fault)
{
	const struct amp_rsc_vdev *v;
	unsigned int i;
	int ret;

	ret = amp_rsctable_check_live(table, size, used, fault);
	if (ret)
		return ret;
	for (i = 0; i < amp_rsctable_num(table); i++) {
		v = table + offset_of_entry(table, i);
		/* A remote that reads DRIVER_OK too early would use rings that do not exist. */
		if (type_of(v) == AMP_RSC_VDEV && v->status)
			return amp_fault_set(fault, -EBADMSG, ENTRY, i, "status", v->status,
					     "not zero in a firmware file");
	}
	return 0;
}

/**
 * amp_rsctable_num() - number of entries
 * @table: a table of which the header is there
 *
 * Context: any.
 * Return: the number.
 */
unsigned int amp_rsctable_num(const void *table)
{
	const struct amp_rsc_table *t = table;

	return le32_to_cpu(t->num);
}

static void get_vdev(const struct amp_rsc_vdev *v, struct amp_rsc_entry *e)
{
	unsigned int n;

	e->id = le32_to_cpu(v->id);
	e->num_vrings = v->num_of_vrings;
	for (n = 0; n < e->num_vrings; n++) {
		e->vring[n].da = le32_to_cpu(v->vring[n].da);
		e->vring[n].num = le32_to_cpu(v->vring[n].num);
		e->vring[n].align = le32_to_cpu(v->vring[n].align);
	}
}

/**
 * amp_rsctable_entry() - read one entry
 * @table: a table that amp_rsctable_check() accepted, and that nobody has changed since
 * @index: of the entry, less than amp_rsctable_num()
 * @entry: receives it; members that its type does not have are zero
 *
 * Context: any.
 */
void amp_rsctable_entry(const void *table, unsigned int index, struct amp_rsc_entry *entry)
{
	const void *at = table + offset_of_entry(table, index);
	const struct amp_rsc_carveout *c = at;
	const struct amp_rsc_trace *t = at;

	*entry = (struct amp_rsc_entry){
		.index = index,
		.offset = offset_of_entry(table, index),
		.type = type_of(at),
	};

	switch (entry->type) {
	case AMP_RSC_CARVEOUT:
		entry->da = le32_to_cpu(c->da);
		entry->len = le32_to_cpu(c->len);
		entry->name = c->name;
		break;
	case AMP_RSC_TRACE:
		entry->da = le32_to_cpu(t->da);
		entry->len = le32_to_cpu(t->len);
		entry->name = t->name;
		break;
	case AMP_RSC_VDEV:
		get_vdev(at, entry);
		break;
	}
}

/**
 * amp_rsctable_find_carveout() - find a carveout by its name
 * @table: as for amp_rsctable_entry()
 * @name:  the name
 * @entry: receives the first of that name
 *
 * Context: any.
 * Return: true if there is one.
 */
bool amp_rsctable_find_carveout(const void *table, const char *name, struct amp_rsc_entry *entry)
{
	unsigned int i;

	for (i = 0; i < amp_rsctable_num(table); i++) {
		amp_rsctable_entry(table, i, entry);
		if (entry->type == AMP_RSC_CARVEOUT && !strcmp(entry->name, name))
			return true;
	}
	return false;
}

/**
 * amp_rsctable_is_unknown() - has a type no meaning, not even as a vendor's
 * @type: of an entry
 *
 * Context: any.
 * Return: true if so.
 */
bool amp_rsctable_is_unknown(u32 type)
{
	return type > AMP_RSC_FW_CHKSUM &&
	       (type < AMP_RSC_VENDOR_START || type > AMP_RSC_VENDOR_END);
}

static void get_mem(const struct amp_rsc_rproc_mem *m, struct amp_rsc_vendor *vendor)
{
	vendor->kind = AMP_VENDOR_RPROC_MEM;
	vendor->da = le32_to_cpu(m->da);
	vendor->len = le32_to_cpu(m->len);
}

/**
 * amp_rsctable_vendor() - read one entry as one that the remoteproc core passes over
 * @table:  a table that amp_rsctable_check() accepted, and that nobody has changed since
 * @size:   bytes that there are
 * @index:  of the entry, less than amp_rsctable_num()
 * @vendor: receives it; members that its kind does not have are zero
 *
 * Context: any.
 * Return: true if it is such an entry.
 */
bool amp_rsctable_vendor(const void *table, size_t size, unsigned int index,
			 struct amp_rsc_vendor *vendor)
{
	u32 off = offset_of_entry(table, index);
	const void *at = table + off;
	const struct amp_rsc_heartbeat *h = at;
	u32 type = type_of(at);

	*vendor = (struct amp_rsc_vendor){ .kind = AMP_VENDOR_UNKNOWN, .offset = off };
	if (type < AMP_RSC_RPROC_MEM || type > AMP_RSC_VENDOR_END)
		return false;

	if (type == AMP_RSC_RPROC_MEM) {
		get_mem(at, vendor);
	} else if (type == AMP_RSC_FW_CHKSUM) {
		vendor->kind = AMP_VENDOR_FW_CHKSUM;
	} else if (is_crash(at, size - off)) {
		vendor->kind = AMP_VENDOR_CRASH;
	} else if (is_heartbeat(h, size - off)) {
		vendor->kind = AMP_VENDOR_HEARTBEAT;
		vendor->period_ms = le32_to_cpu(h->period_ms);
	}
	return true;
}

static void make_entry_fresh(void *table, size_t size, unsigned int index)
{
	u32 off = offset_of_entry(table, index);
	struct amp_rsc_heartbeat *beat = table + off;
	struct amp_rsc_vdev *vdev = table + off;
	struct amp_rsc_vendor v;

	if (type_of(vdev) == AMP_RSC_VDEV) {
		vdev->status = 0;
		vdev->gfeatures = 0;
	} else if (amp_rsctable_vendor(table, size, index, &v) &&
		   v.kind == AMP_VENDOR_HEARTBEAT) {
		beat->beats = 0;
	}
}

/**
 * amp_rsctable_make_fresh() - make of a table in use what it was before it was used
 * @table: a copy of a table that amp_rsctable_check_live() accepted
 * @size:  its size in bytes
 *
 * No driver has been there, and the remote's heart has not begun to beat. Where a driver has put
 * the rings stays. So does a crash report: it cannot be told from an entry that is somebody else's,
 * see is_crash().
 *
 * Context: any.
 */
void amp_rsctable_make_fresh(void *table, size_t size)
{
	unsigned int i;

	for (i = 0; i < amp_rsctable_num(table); i++)
		make_entry_fresh(table, size, i);
}

/**
 * amp_vring_bytes() - size of a ring in memory
 * @vring: a ring that amp_rsctable_check() accepted
 *
 * Descriptors and available ring, then, aligned, the used ring; the same as vring_size().
 *
 * Context: any.
 * Return: bytes, not rounded.
 */
u64 amp_vring_bytes(const struct amp_vring_desc *vring)
{
	u64 num = vring->num;

	return ALIGN(16 * num + 2 * (3 + num), (u64)vring->align) + 2 * 3 + 8 * num;
}
