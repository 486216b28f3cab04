// SPDX-License-Identifier: GPL-2.0-only
/*
 * The R5s have been started before Linux, each with its table elsewhere. Linux finds them, leaves
 * them alone until it is asked, and after it has gone. One that has a firmware-name in its node is
 * attached to without being asked.
 *
 * Copyright (c) 2026 linux-amp developers
 */
#include "guest.h"
#include "channel.h"
#include "kmsg.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "harness.h"

FIXTURE(boot)
{
	struct remote remotes[REMOTES_MAX];
	int count, kmsg;
};

FIXTURE_SETUP(boot)
{
	self->count = remotes_find(self->remotes);
	ASSERT_LT(0, self->count);
	self->kmsg = kmsg_open();
	ASSERT_LE(0, self->kmsg);
}

FIXTURE_TEARDOWN(boot)
{
	EXPECT_EQ(0, kmsg_splats(self->kmsg));
	close(self->kmsg);
}

static bool by_itself(const struct remote *remote)
{
	char path[128];

	snprintf(path, sizeof(path), "%s/device/of_node/firmware-name", remote->sysfs);
	return !access(path, F_OK);
}

static int attach(const struct remote *remote)
{
	return remote_is(remote, "attached") ? 0 : remote_set(remote, "state", "start");
}

/* First, before anything else is asked of them. */
TEST_F_TIMEOUT(boot, finds_them_running, TEST_GUARD_S)
{
	for (int i = 0; i < self->count; i++) {
		const struct remote *remote = &self->remotes[i];

		if (by_itself(remote)) {
			EXPECT_TRUE(wait_until(remote_is(remote, "attached")));
			EXPECT_EQ(0, echo_works(remote));
		} else {
			EXPECT_STREQ("detached", remote_attr(remote, "state"));
			EXPECT_EQ(0, channel_count(remote));
		}
	}
	/* Its teardown looks at all that was said since then. */
	kmsg_rewind(self->kmsg);
}

TEST_F_TIMEOUT(boot, attach_and_detach, TEST_GUARD_S)
{
	const struct remote *goes, *stays;

	for (int round = 0; round < 3; round++) {
		for (int i = 0; i < self->count; i++)
			ASSERT_EQ(0, attach(&self->remotes[i]));
		for (int i = 0; i < self->count; i++)
			EXPECT_EQ(0, echo_works(&self->remotes[i]));
		/* Each may go without the other. */
		goes = &self->remotes[round % self->count];
		stays = &self->remotes[(round + 1) % self->count];
		ASSERT_EQ(0, remote_set(goes, "state", "detach"));
		EXPECT_STREQ("detached", remote_attr(goes, "state"));
		EXPECT_EQ(0, channel_count(goes));
		if (stays != goes)
			EXPECT_EQ(0, echo_works(stays));
	}
	for (int i = 0; i < self->count; i++) {
		ASSERT_EQ(0, attach(&self->remotes[i]));
		ASSERT_EQ(0, remote_set(&self->remotes[i], "state", "detach"));
	}
}

/* Those that Linux is attached to are detached from, those that it has left stay left. */
TEST_F_TIMEOUT(boot, they_outlive_the_driver, TEST_GUARD_S)
{
	static const char *const unload[] = { "modprobe", "-r", "xlnx_r5_remoteproc", NULL };

	for (int round = 0; round < 2; round++) {
		ASSERT_EQ(0, attach(&self->remotes[0]));
		EXPECT_EQ(0, echo_works(&self->remotes[0]));
		ASSERT_EQ(0, run(unload));
		ASSERT_EQ(self->count, remotes_find(self->remotes));
		for (int i = 0; i < self->count; i++) {
			EXPECT_TRUE(wait_until(remote_is(&self->remotes[i],
							 by_itself(&self->remotes[i]) ?
							 "attached" : "detached")));
			ASSERT_EQ(0, attach(&self->remotes[i]));
			EXPECT_EQ(0, echo_works(&self->remotes[i]));
			ASSERT_EQ(0, remote_set(&self->remotes[i], "state", "detach"));
		}
	}
}

/* From here on they are as if Linux had started them. */
TEST_F_TIMEOUT(boot, stop_and_start_from_a_file, TEST_GUARD_S)
{
	for (int i = 0; i < self->count; i++) {
		const struct remote *remote = &self->remotes[i];
		const struct remote *other = &self->remotes[(i + 1) % self->count];

		ASSERT_EQ(0, attach(remote));
		ASSERT_EQ(0, remote_set(remote, "state", "stop"));
		EXPECT_STREQ("offline", remote_attr(remote, "state"));
		if (other != remote && !remote_is(other, "running"))
			ASSERT_EQ(0, attach(other));
		ASSERT_EQ(0, remote_start(remote, remote->echo));
		EXPECT_EQ(0, echo_works(remote));
		EXPECT_EQ(0, echo_works(other));
	}
	for (int i = 0; i < self->count; i++)
		EXPECT_TRUE(remote_offline(&self->remotes[i]));
}

TEST_HARNESS_MAIN
