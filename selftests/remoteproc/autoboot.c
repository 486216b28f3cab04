// SPDX-License-Identifier: GPL-2.0-only
/*
 * A core whose devicetree node names a firmware runs without being asked to.
 *
 * Copyright (c) 2026 linux-amp developers
 */
#include "guest.h"
#include "channel.h"
#include "kmsg.h"

#include <stdlib.h>
#include <string.h>

#include "harness.h"

TEST(runs_by_itself)
{
	struct remote remotes[REMOTES_MAX];
	int kmsg = kmsg_open();

	ASSERT_EQ(1, remotes_find(remotes));
	ASSERT_TRUE(wait_until(remote_is(&remotes[0], "running")));
	EXPECT_EQ(0, echo_works(&remotes[0]));
	EXPECT_TRUE(remote_offline(&remotes[0]));
	EXPECT_EQ(0, remote_set(&remotes[0], "state", "start"));
	EXPECT_EQ(0, echo_works(&remotes[0]));
	EXPECT_TRUE(remote_offline(&remotes[0]));
	kmsg_rewind(kmsg);
	EXPECT_EQ(0, kmsg_splats(kmsg));
	close(kmsg);
}

/* On-chip memory that its node lists belongs to the core as its other memories do. */
TEST(has_on_chip_memory)
{
	struct remote remotes[REMOTES_MAX];
	char path[96], *text;
	size_t size;

	ASSERT_EQ(1, remotes_find(remotes));
	if (strncmp(remotes[0].unit, "r5", 2))
		SKIP(return, "this devicetree lists none");
	ASSERT_TRUE(remote_offline(&remotes[0]));
	ASSERT_EQ(0, remote_start(&remotes[0], remotes[0].echo));
	snprintf(path, sizeof(path), "/sys/kernel/debug/remoteproc/remoteproc%d/carveout_memories",
		 remotes[0].index);
	text = read_file(path, &size);
	ASSERT_NE(NULL, text);
	EXPECT_NE(NULL, strstr(text, "sram"));
	EXPECT_NE(NULL, strstr(text, "0xfffe0000"));
	free(text);
	EXPECT_TRUE(remote_offline(&remotes[0]));
}

TEST_HARNESS_MAIN
