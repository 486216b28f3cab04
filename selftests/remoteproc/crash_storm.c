// SPDX-License-Identifier: GPL-2.0-only
/*
 * A firmware that crashes with its first instructions, each time: bringing it back must not become
 * all that Linux does, and a user must be able to end it.
 *
 * Copyright (c) 2026 linux-amp developers
 */
#include "guest.h"
#include "channel.h"
#include "kmsg.h"

#include <stdlib.h>
#include <string.h>

#include "harness.h"

FIXTURE(storm)
{
	struct remote remotes[REMOTES_MAX];
	const struct remote *remote;
	int kmsg;
};

FIXTURE_SETUP(storm)
{
	ASSERT_LT(0, remotes_find(self->remotes));
	self->remote = &self->remotes[0];
	ASSERT_TRUE(remote_offline(self->remote));
	ASSERT_EQ(0, remote_set(self->remote, "recovery", "enabled"));
}

FIXTURE_TEARDOWN(storm)
{
	EXPECT_TRUE(remote_offline(self->remote));
	kmsg_rewind(self->kmsg);
	EXPECT_EQ(0, kmsg_splats(self->kmsg));
	close(self->kmsg);
}

static bool crashes(int kmsg, int *seen, int wanted)
{
	*seen += kmsg_count(kmsg, "crash: ");
	return *seen >= wanted;
}

TEST_F_TIMEOUT(storm, recovery_slows_down, TEST_GUARD_S)
{
	int seen = 0;
	__u64 begin;

	self->kmsg = kmsg_open();
	ASSERT_LE(0, self->kmsg);
	ASSERT_EQ(0, remote_start(self->remote, firmware_of(self->remote, "crash-loop")));
	begin = now_ms();
	ASSERT_TRUE(wait_until(crashes(self->kmsg, &seen, 4)));
	/* Three at once, the next after 1, 2 and 4 seconds: no more than six in seven. */
	while (now_ms() - begin < 6500)
		usleep(20000);
	crashes(self->kmsg, &seen, 0);
	EXPECT_GE(7, seen) TH_LOG("%d crashes in 6.5 s", seen);

	/* In a pause, which is not waited for. */
	ASSERT_EQ(0, remote_set(self->remote, "state", "stop"));
	EXPECT_STREQ("offline", remote_attr(self->remote, "state"));
	kmsg_rewind(self->kmsg);
	EXPECT_LT(0, kmsg_count(self->kmsg, "times in a row"));
	usleep(1500000);
	EXPECT_STREQ("offline", remote_attr(self->remote, "state"));

	/* Who starts it again has not to wait for what it did before. */
	ASSERT_EQ(0, remote_start(self->remote, self->remote->echo));
	EXPECT_EQ(0, echo_works(self->remote));
}

/* What it does wrong before Linux has even heard of its start. */
TEST_F_TIMEOUT(storm, first_instruction_is_heard_once, TEST_GUARD_S)
{
	self->kmsg = kmsg_open();
	ASSERT_LE(0, self->kmsg);
	ASSERT_EQ(0, remote_set(self->remote, "recovery", "disabled"));
	ASSERT_EQ(0, remote_start(self->remote, firmware_of(self->remote, "crash-loop")));
	EXPECT_TRUE(wait_until(remote_is(self->remote, "crashed")));
	usleep(700000);
	EXPECT_EQ(1, kmsg_count(self->kmsg, "crash: reported by the remote"));

	/* Crashed it cannot be stopped; recovered it crashes again, and is caught then. */
	ASSERT_EQ(0, remote_set(self->remote, "recovery", "enabled"));
	EXPECT_TRUE(wait_until(!remote_set(self->remote, "state", "stop")));
}

TEST_HARNESS_MAIN
