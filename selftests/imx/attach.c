// SPDX-License-Identifier: GPL-2.0-only
/*
 * Attaching to an M4 that boot code has started, and leaving it again. This program plays the boot
 * code: while the driver is not there it loads a firmware and takes the core out of reset, through
 * /dev/mem. The firmware has no resource table; it counts. Whether the remote's node has mailboxes
 * makes no difference to it. attach_table.c has firmware with a table.
 *
 * Copyright (c) 2026 linux-amp developers
 */
#include "guest.h"
#include "boot_code.h"
#include "kmsg.h"
#include "remote.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "harness.h"

#define SNAPSHOT	"/dev/snapshot"

FIXTURE(attach)
{
	struct remote remotes[REMOTES_MAX];
	struct remote *remote;
	char program[64];
	__u32 *src;
	__u32 *counter;
	int kmsg;
};

static bool counts(const __u32 *counter)
{
	__u32 value = memory_read(counter);

	return wait_until(memory_read(counter) != value);
}

static bool stands(const __u32 *counter)
{
	__u32 value = memory_read(counter);

	/* Some hundred counts of a running core; if fewer, this test is only lenient. */
	usleep(200000);
	return memory_read(counter) == value;
}

FIXTURE_SETUP(attach)
{
	__u32 address;
	__u8 *page;

	/* Whatever a test before has left. */
	ASSERT_TRUE(driver_bind(self->remotes));
	self->remote = &self->remotes[0];
	self->kmsg = kmsg_open();
	ASSERT_LE(0, self->kmsg);
	snprintf(self->program, sizeof(self->program), "%s", firmware_of(self->remote, "noipc"));
	address = firmware_symbol(self->program, "noipc_counter");
	page = memory_map(address & ~4095u, 4096);
	ASSERT_NE(NULL, page);
	self->counter = (__u32 *)(page + (address & 4095));
	self->src = src_map();
	ASSERT_NE(NULL, self->src);

	ASSERT_EQ(0, driver_unbind());
	core_set(self->src, M4_HELD);
}

FIXTURE_TEARDOWN(attach)
{
	EXPECT_EQ(0, kmsg_splats(self->kmsg));
	close(self->kmsg);
	src_unmap(self->src);
}

static void boot(struct __test_metadata *_metadata, const char *program, __u32 *src)
{
	ASSERT_TRUE(firmware_put(program));
	core_set(src, M4_RELEASED);
}

TEST_F_TIMEOUT(attach, to_a_core_without_table, TEST_GUARD_S)
{
	boot(_metadata, self->program, self->src);
	EXPECT_TRUE(counts(self->counter));
	ASSERT_TRUE(driver_bind(self->remotes));
	EXPECT_STREQ("attached", remote_attr(self->remote, "state"));
	EXPECT_TRUE(counts(self->counter));
	ASSERT_EQ(0, remote_set(self->remote, "state", "detach"));
	EXPECT_STREQ("detached", remote_attr(self->remote, "state"));
	EXPECT_TRUE(counts(self->counter));

	/* Taken over: it is stopped like any other, and runs what Linux loads. */
	ASSERT_EQ(0, remote_set(self->remote, "state", "start"));
	EXPECT_STREQ("attached", remote_attr(self->remote, "state"));
	ASSERT_EQ(0, remote_set(self->remote, "state", "stop"));
	EXPECT_STREQ("offline", remote_attr(self->remote, "state"));
	EXPECT_TRUE(stands(self->counter));
	ASSERT_EQ(0, remote_start(self->remote, self->program));
	EXPECT_STREQ("running", remote_attr(self->remote, "state"));
	EXPECT_TRUE(counts(self->counter));
	EXPECT_TRUE(remote_offline(self->remote));
}

/* A driver that goes leaves an attached core as it found it. */
TEST_F_TIMEOUT(attach, and_unbind, TEST_GUARD_S)
{
	boot(_metadata, self->program, self->src);
	ASSERT_TRUE(driver_bind(self->remotes));
	EXPECT_STREQ("attached", remote_attr(self->remote, "state"));
	ASSERT_EQ(0, driver_unbind());
	EXPECT_TRUE(counts(self->counter));
	ASSERT_TRUE(driver_bind(self->remotes));
	EXPECT_STREQ("attached", remote_attr(self->remote, "state"));
	ASSERT_EQ(0, remote_set(self->remote, "state", "stop"));
	EXPECT_TRUE(stands(self->counter));
}

/* Somebody else has held it meanwhile. */
TEST_F_TIMEOUT(attach, what_has_gone, TEST_GUARD_S)
{
	boot(_metadata, self->program, self->src);
	ASSERT_TRUE(driver_bind(self->remotes));
	ASSERT_EQ(0, remote_set(self->remote, "state", "detach"));
	core_set(self->src, M4_HELD);
	EXPECT_EQ(-EIO, remote_set(self->remote, "state", "start"));
	EXPECT_STREQ("offline", remote_attr(self->remote, "state"));
	ASSERT_EQ(0, remote_start(self->remote, self->program));
	EXPECT_TRUE(counts(self->counter));
	EXPECT_TRUE(remote_offline(self->remote));
}

/*
 * It is left to itself for an image of memory, and attached to when that has been given up, once,
 * unless somebody has attached to it meanwhile, or it does not run any more.
 */
TEST_F_TIMEOUT(attach, over_hibernation, TEST_GUARD_S)
{
	int fd;

	boot(_metadata, self->program, self->src);
	ASSERT_TRUE(driver_bind(self->remotes));
	if (access(SNAPSHOT, F_OK)) {
		EXPECT_TRUE(remote_offline(self->remote));
		SKIP(return, "this kernel cannot hibernate");
	}
	fd = open(SNAPSHOT, O_RDONLY | O_CLOEXEC);
	ASSERT_LE(0, fd);
	EXPECT_STREQ("detached", remote_attr(self->remote, "state"));
	close(fd);
	EXPECT_STREQ("attached", remote_attr(self->remote, "state"));
	EXPECT_TRUE(counts(self->counter));
	ASSERT_EQ(0, remote_set(self->remote, "state", "detach"));
	EXPECT_STREQ("detached", remote_attr(self->remote, "state"));

	/* It was not attached to before. */
	fd = open(SNAPSHOT, O_RDONLY | O_CLOEXEC);
	ASSERT_LE(0, fd);
	close(fd);
	EXPECT_STREQ("detached", remote_attr(self->remote, "state"));
	ASSERT_EQ(0, remote_set(self->remote, "state", "start"));

	fd = open(SNAPSHOT, O_RDONLY | O_CLOEXEC);
	ASSERT_LE(0, fd);
	EXPECT_EQ(0, remote_set(self->remote, "state", "start"));
	EXPECT_EQ(0, remote_set(self->remote, "state", "detach"));
	close(fd);
	EXPECT_STREQ("detached", remote_attr(self->remote, "state"));
	ASSERT_EQ(0, remote_set(self->remote, "state", "start"));

	fd = open(SNAPSHOT, O_RDONLY | O_CLOEXEC);
	ASSERT_LE(0, fd);
	core_set(self->src, M4_HELD);
	close(fd);
	EXPECT_STREQ("offline", remote_attr(self->remote, "state"));
}

/* None of these is a core that runs, and none keeps it from being started. */
TEST_F_TIMEOUT(attach, reset_states, TEST_GUARD_S)
{
	static const __u32 states[] = {
		0,
		NON_SCLR_RST,
		SW_M4C_RST | NON_SCLR_RST,
		ENABLE_M4 | NON_SCLR_RST,
		ENABLE_M4 | SW_M4P_RST | NON_SCLR_RST,
		ENABLE_M4 | SW_M4P_RST | SW_M4C_RST | NON_SCLR_RST,
	};

	for (unsigned int i = 0; i < ARRAY_SIZE(states); i++) {
		core_set(self->src, states[i]);
		ASSERT_TRUE(driver_bind(self->remotes));
		EXPECT_STREQ("offline", remote_attr(self->remote, "state")) {
			TH_LOG("M4RCR %#x", states[i]);
		}
		ASSERT_EQ(0, remote_start(self->remote, self->program));
		EXPECT_TRUE(counts(self->counter));
		EXPECT_TRUE(remote_offline(self->remote));
		EXPECT_TRUE(stands(self->counter));
		ASSERT_EQ(0, driver_unbind());
	}
	ASSERT_TRUE(driver_bind(self->remotes));
}

TEST_HARNESS_MAIN
