// SPDX-License-Identifier: GPL-2.0-only
/*
 * Both R5s have been started before Linux, and the second one's node says that it is to be attached
 * to at once; but what it says of its table is damaged. That is its own trouble: it runs on, and
 * the first one is as good as ever.
 *
 * Copyright (c) 2026 linux-amp developers
 */
#include "guest.h"
#include "channel.h"
#include "kmsg.h"

#include <errno.h>
#include <string.h>

#include "harness.h"

static int refusals(int kmsg)
{
	struct kmsg_line line;
	int count = 0;

	kmsg_rewind(kmsg);
	while (kmsg_next(kmsg, &line))
		count += !!strstr(line.text, "not the complement");
	return count;
}

TEST(one_that_is_refused)
{
	struct remote remotes[REMOTES_MAX];
	int kmsg = kmsg_open();

	ASSERT_LE(0, kmsg);
	ASSERT_EQ(2, remotes_find(remotes));
	EXPECT_TRUE(wait_until(refusals(kmsg) == 1));
	EXPECT_STREQ("detached", remote_attr(&remotes[1], "state"));
	EXPECT_EQ(-EBADMSG, remote_set(&remotes[1], "state", "start"));
	EXPECT_STREQ("detached", remote_attr(&remotes[1], "state"));

	ASSERT_EQ(0, remote_set(&remotes[0], "state", "start"));
	EXPECT_EQ(0, echo_works(&remotes[0]));
	ASSERT_EQ(0, remote_set(&remotes[0], "state", "detach"));
	kmsg_rewind(kmsg);
	EXPECT_EQ(0, kmsg_splats(kmsg));
	close(kmsg);
}

TEST_HARNESS_MAIN
