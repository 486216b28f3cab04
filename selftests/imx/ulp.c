// SPDX-License-Identifier: GPL-2.0-only
/*
 * A core that Linux does not start or stop: attached to as soon as its driver is there. The board
 * has another SoC, so its reset controller plays the boot code.
 *
 * Copyright (c) 2026 linux-amp developers
 */
#include "guest.h"
#include "boot_code.h"
#include "channel.h"
#include "kmsg.h"

#include <errno.h>
#include <fcntl.h>

#include "harness.h"

FIXTURE(ulp)
{
	struct remote remotes[REMOTES_MAX];
	const struct remote *remote;
	__u32 *src;
	int kmsg;
};

FIXTURE_SETUP(ulp)
{
	self->kmsg = kmsg_open();
	ASSERT_LE(0, self->kmsg);
	self->src = src_map();
	ASSERT_NE(NULL, self->src);
	ASSERT_EQ(0, modules_load());
	/* At boot there was nothing to attach to. */
	driver_unbind();
	core_set(self->src, M4_HELD);
	ASSERT_TRUE(firmware_put("amp-echo-bare-table-m4.elf"));
	core_set(self->src, M4_RELEASED);
	ASSERT_TRUE(driver_bind(self->remotes));
	self->remote = &self->remotes[0];
}

FIXTURE_TEARDOWN(ulp)
{
	EXPECT_EQ(0, driver_unbind());
	/* The driver does not know this controller. */
	EXPECT_TRUE(core_runs(self->src));
	core_set(self->src, M4_HELD);
	src_unmap(self->src);
	EXPECT_EQ(0, kmsg_splats(self->kmsg));
	close(self->kmsg);
}

TEST_F_TIMEOUT(ulp, attached_from_the_beginning, TEST_GUARD_S)
{
	EXPECT_STREQ("attached", remote_attr(self->remote, "state"));
	for (int i = 0; i < 3; i++) {
		EXPECT_EQ(0, echo_works(self->remote));
		ASSERT_EQ(0, remote_set(self->remote, "state", "detach"));
		EXPECT_STREQ("detached", remote_attr(self->remote, "state"));
		EXPECT_EQ(0, channel_count(self->remote));
		ASSERT_EQ(0, remote_set(self->remote, "state", "start"));
		EXPECT_STREQ("attached", remote_attr(self->remote, "state"));
	}
	EXPECT_EQ(0, echo_works(self->remote));
}

TEST_F_TIMEOUT(ulp, cannot_be_stopped, TEST_GUARD_S)
{
	EXPECT_EQ(0, echo_works(self->remote));
	EXPECT_GT(0, remote_set(self->remote, "state", "stop"));
	EXPECT_TRUE(core_runs(self->src));
	EXPECT_FALSE(remote_is(self->remote, "offline"));

	/* Its channels have gone, and come back. */
	EXPECT_EQ(0, channel_count(self->remote));
	ASSERT_EQ(0, remote_set(self->remote, "state", "detach"));
	ASSERT_EQ(0, remote_set(self->remote, "state", "start"));
	EXPECT_EQ(0, echo_works(self->remote));
}

/* Saving an image of memory is given up here before it has begun. */
TEST_F_TIMEOUT(ulp, attached_again_after_hibernation, TEST_GUARD_S)
{
	int fd;

	if (access("/dev/snapshot", F_OK))
		SKIP(return, "this kernel cannot hibernate");
	EXPECT_EQ(0, echo_works(self->remote));
	fd = open("/dev/snapshot", O_RDONLY | O_CLOEXEC);
	ASSERT_LE(0, fd);
	EXPECT_STREQ("detached", remote_attr(self->remote, "state"));
	EXPECT_EQ(0, channel_count(self->remote));
	close(fd);
	EXPECT_STREQ("attached", remote_attr(self->remote, "state"));
	EXPECT_EQ(0, echo_works(self->remote));
}

TEST_HARNESS_MAIN
