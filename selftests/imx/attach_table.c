// SPDX-License-Identifier: GPL-2.0-only
/*
 * Attaching to an M4 that boot code has started, whose resource table is in a region of the
 * devicetree, and leaving it again. What is in that region the core can have got wrong. In some
 * devicetrees that region is in the core's own memory, and there is none for the buffers of
 * messages.
 *
 * Copyright (c) 2026 linux-amp developers
 */
#include "guest.h"
#include "boot_code.h"
#include "channel.h"
#include "elf_edit.h"
#include "kmsg.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "harness.h"

FIXTURE(table)
{
	struct remote remotes[REMOTES_MAX];
	const struct remote *remote;
	char firmware[32];
	__u32 *src, table;
	bool in_tcm;
	int kmsg;
};

#define RESERVED	"/sys/firmware/devicetree/base/reserved-memory/"

FIXTURE_SETUP(table)
{
	ASSERT_TRUE(driver_bind(self->remotes));
	self->remote = &self->remotes[0];
	ASSERT_TRUE(remote_offline(self->remote));
	self->kmsg = kmsg_open();
	ASSERT_LE(0, self->kmsg);
	self->src = src_map();
	ASSERT_NE(NULL, self->src);
	self->in_tcm = !access(RESERVED "rsc-table@7f8000", F_OK);
	snprintf(self->firmware, sizeof(self->firmware), "%s",
		 firmware_of(self->remote, self->in_tcm ? "echo-tcm-table" : "echo-table"));
	self->table = core_address(firmware_symbol(self->firmware, "echo_table"));
	ASSERT_NE(0, self->table);
	ASSERT_EQ(0, self->table % 4096);

	ASSERT_EQ(0, driver_unbind());
	core_set(self->src, M4_HELD);
	ASSERT_TRUE(firmware_put(self->firmware));
	core_set(self->src, M4_RELEASED);
	ASSERT_TRUE(driver_bind(self->remotes));
}

FIXTURE_TEARDOWN(table)
{
	/* Only what is attached can be stopped. */
	if (remote_is(self->remote, "detached"))
		EXPECT_EQ(0, remote_set(self->remote, "state", "start"));
	EXPECT_TRUE(remote_offline(self->remote));
	EXPECT_FALSE(core_runs(self->src));
	EXPECT_EQ(0, remote_start(self->remote, self->remote->echo));
	EXPECT_EQ(0, echo_works(self->remote));
	EXPECT_TRUE(remote_offline(self->remote));
	src_unmap(self->src);
	EXPECT_EQ(0, kmsg_splats(self->kmsg));
	close(self->kmsg);
}

/* Return: what was there. While a driver has the core's own memory, nobody else may map it. */
static __u32 table_swap(struct __test_metadata *_metadata, __u32 table, unsigned int word,
			__u32 value)
{
	__u32 *map = memory_map(table, 4096), old;

	ASSERT_NE(NULL, map);
	old = memory_read(&map[word]);
	memory_write(&map[word], value);
	munmap(map, 4096);
	return old;
}

/* At once when the driver is there, then by hand. */
TEST_F_TIMEOUT(table, attach_and_detach, TEST_GUARD_S)
{
	for (int i = 0; i < 3; i++) {
		EXPECT_STREQ("attached", remote_attr(self->remote, "state"));
		EXPECT_EQ(0, echo_works(self->remote));
		EXPECT_EQ(-EBUSY, remote_set(self->remote, "firmware", "another.elf"));
		ASSERT_EQ(0, remote_set(self->remote, "state", "detach"));
		EXPECT_STREQ("detached", remote_attr(self->remote, "state"));
		EXPECT_EQ(0, channel_count(self->remote));
		EXPECT_TRUE(core_runs(self->src));
		ASSERT_EQ(0, remote_set(self->remote, "state", "start"));
	}
}

TEST_F_TIMEOUT(table, attach_and_stop, TEST_GUARD_S)
{
	EXPECT_EQ(0, echo_works(self->remote));
	ASSERT_EQ(0, remote_set(self->remote, "state", "stop"));
	EXPECT_STREQ("offline", remote_attr(self->remote, "state"));
	EXPECT_FALSE(core_runs(self->src));
	/* Linux can load the same program. */
	ASSERT_EQ(0, remote_start(self->remote, self->firmware));
	EXPECT_EQ(0, echo_works(self->remote));
}

/* Said once for each time that the core is attached to or started, and only where it is so. */
TEST_F_TIMEOUT(table, buffers_without_region, TEST_GUARD_S)
{
	static const char warning[] = "no memory-region vdev0buffer: message buffers are where";
	int expected = self->in_tcm ? 1 : 0;

	EXPECT_EQ(expected, kmsg_count(self->kmsg, warning));
	ASSERT_EQ(0, remote_set(self->remote, "state", "stop"));
	ASSERT_EQ(0, remote_start(self->remote, self->firmware));
	EXPECT_EQ(expected, kmsg_count(self->kmsg, warning));
	EXPECT_EQ(0, echo_works(self->remote));
}

/* Of the first virtio device with the table in the core's own memory. */
#define RING_START	0x9ff00000
#define RING_BYTES	0x8000
#define RING_ENTRIES	64

/* Return: how many descriptors say a place in the ring's own memory. */
static int descriptors_in_ring(const __u32 *ring)
{
	int num = 0;

	for (int i = 0; i < RING_ENTRIES; i++) {
		__u32 offset = memory_read(&ring[4 * i]) - RING_START;
		__u32 bytes = memory_read(&ring[4 * i + 2]);

		num += offset < RING_BYTES - bytes;
	}
	return num;
}

/*
 * Buffers without a region are Linux's own memory, and anybody's when they are not needed any more.
 * A core that goes on to send, because it does not look whether somebody listens, finds none of
 * them.
 */
TEST_F_TIMEOUT(table, buffers_are_taken_back, TEST_GUARD_S)
{
	__u32 *ring;

	if (!self->in_tcm)
		SKIP(return, "the buffers have a region");
	EXPECT_EQ(0, echo_works(self->remote));
	ring = memory_map(RING_START, RING_BYTES);
	ASSERT_NE(NULL, ring);
	EXPECT_EQ(0, descriptors_in_ring(ring));
	ASSERT_EQ(0, remote_set(self->remote, "state", "detach"));
	EXPECT_EQ(RING_ENTRIES, descriptors_in_ring(ring));
	ASSERT_EQ(0, remote_set(self->remote, "state", "start"));
	EXPECT_EQ(0, echo_works(self->remote));
	EXPECT_EQ(0, descriptors_in_ring(ring));
	ASSERT_EQ(0, driver_unbind());
	EXPECT_EQ(RING_ENTRIES, descriptors_in_ring(ring));
	ASSERT_TRUE(driver_bind(self->remotes));
	EXPECT_EQ(0, echo_works(self->remote));
	munmap(ring, RING_BYTES);
}

#define OWN_NAME	"amp-own.elf"
#define OWN_PATH	FIRMWARE_DIR "/" OWN_NAME
/* In the core's region, behind the program */
#define OWN_BUFFERS	0x9fe80000

/* With rings of so many descriptors, a carveout for the buffers of both; and what comes of it. */
static const struct {
	__u32 num, da, len;
	int err;
	const char *why;
} own_buffers[] = {
	{ 64, OWN_BUFFERS, 0xffff, -ENOSPC, "less than the buffers" },
	{ 64, OWN_BUFFERS + 0x10, 0x10000, -EBADMSG, "begin with a page" },
	{ 64, 0x9fef8000, 0x10000, -ENXIO, "outside every memory" },
	{ 16, 0x9ff04000, 0x4000, -ENXIO, "over the memory of a ring" },
	/* TCMU: 0x20000000 to the core, 0x800000 to Linux. */
	{ 16, 0x20000000, 0x4000, -ENXIO, "differ in the address" },
	/* The resource table is in there. */
	{ 4, 0x1fff8000, 0x2000, -ENXIO, "over the memory of a ring" },
};

static bool put_own(const char *firmware, __u32 num, __u32 da, __u32 len)
{
	struct rsc_carveout carveout = {
		.type = RSC_CARVEOUT, .da = da, .pa = 0xffffffff, .len = len, .name = "vdev0buffer",
	};
	struct rsc_vdev *vdev;
	struct image fw;
	char path[64];
	bool ok;

	snprintf(path, sizeof(path), FIRMWARE_DIR "/%s", firmware);
	if (!image_load(&fw, path))
		return false;
	vdev = image_rsc(&fw, RSC_VDEV);
	vdev->vring[0].num = num;
	vdev->vring[1].num = num;
	image_add_rsc(&fw, &carveout, sizeof(carveout));
	ok = !write_file(OWN_PATH, fw.data, fw.size);
	free(fw.data);
	return ok;
}

/* Without a region for the buffers a firmware can say where they are, within reason. */
TEST_F_TIMEOUT(table, buffers_of_the_firmware, TEST_GUARD_S)
{
	__u32 *map, used = 0;

	if (!self->in_tcm)
		SKIP(return, "there is a region for the buffers");
	ASSERT_EQ(0, remote_set(self->remote, "state", "stop"));
	for (size_t i = 0; i < ARRAY_SIZE(own_buffers); i++) {
		ASSERT_TRUE(put_own(self->firmware, own_buffers[i].num, own_buffers[i].da,
				    own_buffers[i].len));
		EXPECT_EQ(own_buffers[i].err, remote_start(self->remote, OWN_NAME)) {
			TH_LOG("%#x bytes at %#x", own_buffers[i].len, own_buffers[i].da);
		}
		EXPECT_TRUE(kmsg_count(self->kmsg, own_buffers[i].why)) {
			TH_LOG("%s", own_buffers[i].why);
		}
		EXPECT_TRUE(remote_offline(self->remote));
	}

	ASSERT_TRUE(put_own(self->firmware, 64, OWN_BUFFERS, 0x10000));
	map = memory_map(OWN_BUFFERS, 0x10000);
	ASSERT_NE(NULL, map);
	for (int i = 0; i < 0x10000 / 4; i++)
		memory_write(&map[i], 0);
	ASSERT_EQ(0, remote_start(self->remote, OWN_NAME));
	EXPECT_EQ(0, kmsg_count(self->kmsg, "message buffers are where the DMA API"));
	EXPECT_EQ(0, echo_works(self->remote));
	for (int i = 0; i < 0x10000 / 4; i++)
		used |= memory_read(&map[i]);
	EXPECT_NE(0, used);
	munmap(map, 0x10000);
	EXPECT_TRUE(remote_offline(self->remote));
	unlink(OWN_PATH);
}

/* A driver that goes leaves behind what it did not start, and finds it again. */
TEST_F_TIMEOUT(table, survives_the_driver, TEST_GUARD_S)
{
	for (int i = 0; i < 3; i++) {
		EXPECT_EQ(0, echo_works(self->remote));
		ASSERT_EQ(0, driver_unbind());
		EXPECT_TRUE(core_runs(self->src));
		ASSERT_TRUE(driver_bind(self->remotes));
		EXPECT_STREQ("attached", remote_attr(self->remote, "state"));
	}
}

/* Words of the table: version, number of entries, two that are reserved, offsets. */
static const struct {
	unsigned int word;
	__u32 value;
	int err;
	const char *why;
} rubbish[] = {
	{ 0, 2, -EPROTONOSUPPORT, "unknown version" },
	{ 1, 0xffffffff, -EBADMSG, "more entries" },
	/* One more than there is: what its offset would be is 0. */
	{ 1, 3, -EBADMSG, "offset" },
	{ 2, 1, -EBADMSG, "not zero" },
	{ 4, 0, -EBADMSG, "offset" },
	{ 4, 0x1000, -EBADMSG, "offset" },
	{ 4, 0xffffffff, -EBADMSG, "offset" },
};

TEST_F_TIMEOUT(table, refuses_rubbish, TEST_GUARD_S)
{
	if (self->in_tcm)
		SKIP(return, "the driver has the memory of the table");
	ASSERT_EQ(0, remote_set(self->remote, "state", "detach"));
	for (size_t i = 0; i < ARRAY_SIZE(rubbish); i++) {
		__u32 good = table_swap(_metadata, self->table, rubbish[i].word, rubbish[i].value);

		EXPECT_EQ(rubbish[i].err, remote_set(self->remote, "state", "start")) {
			TH_LOG("word %u as %#x", rubbish[i].word, rubbish[i].value);
		}
		EXPECT_TRUE(kmsg_count(self->kmsg, rubbish[i].why)) TH_LOG("%s", rubbish[i].why);
		EXPECT_STREQ("detached", remote_attr(self->remote, "state"));
		EXPECT_TRUE(core_runs(self->src));
		table_swap(_metadata, self->table, rubbish[i].word, good);
	}
	ASSERT_EQ(0, remote_set(self->remote, "state", "start"));
	EXPECT_EQ(0, echo_works(self->remote));
}

/* What is wrong with the table is no reason not to have the device. */
TEST_F_TIMEOUT(table, rubbish_while_the_driver_comes, TEST_GUARD_S)
{
	__u32 good;

	ASSERT_EQ(0, driver_unbind());
	good = table_swap(_metadata, self->table, 0, 2);
	EXPECT_TRUE(driver_bind(self->remotes));
	EXPECT_TRUE(kmsg_count(self->kmsg, "unknown version"));
	EXPECT_STREQ("detached", remote_attr(self->remote, "state"));
	EXPECT_TRUE(core_runs(self->src));

	ASSERT_EQ(0, driver_unbind());
	EXPECT_EQ(2, table_swap(_metadata, self->table, 0, good));
	ASSERT_TRUE(driver_bind(self->remotes));
	EXPECT_EQ(0, echo_works(self->remote));
}

TEST_HARNESS_MAIN
