// SPDX-License-Identifier: GPL-2.0-only
/*
 * Attaching to an M4 that boot code has started, whose resource table is in a region of the
 * devicetree, and leaving it again. What is in that region the core can have got wrong.
 *
 * Copyright (c) 2026 linux-amp developers
 */
#include "guest.h"
#include "boot_code.h"
#include "channel.h"
#include "kmsg.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>

#include "harness.h"

FIXTURE(table)
{
	struct remote remotes[REMOTES_MAX];
	const struct remote *remote;
	__u32 *src, *table;
	int kmsg;
};

FIXTURE_SETUP(table)
{
	const char *firmware;
	__u32 address;

	ASSERT_TRUE(driver_bind(self->remotes));
	self->remote = &self->remotes[0];
	ASSERT_TRUE(remote_offline(self->remote));
	self->kmsg = kmsg_open();
	ASSERT_LE(0, self->kmsg);
	self->src = src_map();
	ASSERT_NE(NULL, self->src);
	firmware = firmware_of(self->remote, "echo-table");
	address = firmware_symbol(firmware, "echo_table");
	ASSERT_EQ(0, address % 4096);
	self->table = memory_map(address, 4096);
	ASSERT_NE(NULL, self->table);

	ASSERT_EQ(0, driver_unbind());
	core_set(self->src, M4_HELD);
	ASSERT_TRUE(firmware_put(firmware));
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
	munmap(self->table, 4096);
	src_unmap(self->src);
	EXPECT_EQ(0, kmsg_splats(self->kmsg));
	close(self->kmsg);
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
	ASSERT_EQ(0, remote_start(self->remote, firmware_of(self->remote, "echo-table")));
	EXPECT_EQ(0, echo_works(self->remote));
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
	ASSERT_EQ(0, remote_set(self->remote, "state", "detach"));
	for (size_t i = 0; i < ARRAY_SIZE(rubbish); i++) {
		__u32 good = memory_read(&self->table[rubbish[i].word]);

		memory_write(&self->table[rubbish[i].word], rubbish[i].value);
		EXPECT_EQ(rubbish[i].err, remote_set(self->remote, "state", "start")) {
			TH_LOG("word %u as %#x", rubbish[i].word, rubbish[i].value);
		}
		EXPECT_TRUE(kmsg_count(self->kmsg, rubbish[i].why)) TH_LOG("%s", rubbish[i].why);
		EXPECT_STREQ("detached", remote_attr(self->remote, "state"));
		EXPECT_TRUE(core_runs(self->src));
		memory_write(&self->table[rubbish[i].word], good);
	}
	ASSERT_EQ(0, remote_set(self->remote, "state", "start"));
	EXPECT_EQ(0, echo_works(self->remote));
}

/* What is wrong with the table is no reason not to have the device. */
TEST_F_TIMEOUT(table, rubbish_while_the_driver_comes, TEST_GUARD_S)
{
	__u32 good = memory_read(&self->table[0]);

	ASSERT_EQ(0, driver_unbind());
	memory_write(&self->table[0], 2);
	EXPECT_TRUE(driver_bind(self->remotes));
	EXPECT_TRUE(kmsg_count(self->kmsg, "unknown version"));
	EXPECT_STREQ("detached", remote_attr(self->remote, "state"));
	EXPECT_TRUE(core_runs(self->src));

	memory_write(&self->table[0], good);
	ASSERT_EQ(0, remote_set(self->remote, "state", "start"));
	EXPECT_EQ(0, echo_works(self->remote));
}

TEST_HARNESS_MAIN
