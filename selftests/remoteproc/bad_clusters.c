// SPDX-License-Identifier: GPL-2.0-only
/*
 * Clusters that no hardware can be: each is refused in one line that names its node and the reason,
 * and does no harm to the good one beside it.
 *
 * Copyright (c) 2026 linux-amp developers
 */
#include "guest.h"
#include "channel.h"
#include "kmsg.h"

#include <stdlib.h>
#include <string.h>

#include "harness.h"

static const struct {
	const char *node, *reason;
} refused[] = {
	{ "/bad-mode", "xlnx,cluster-mode 3 is not supported" },
	{ "/bad-single/r5f-0", "in single mode it has to be core 1" },
	{ "/bad-lockstep/r5f-1", "in lockstep mode it has to be core 0" },
	{ "/bad-tcm", "xlnx,tcm-mode 1 in split mode" },
	{ "/bad-twins/r5f-0", "the same core" },
	{ "/bad-empty", "no enabled core" },
	{ "/bad-vendor-mode", "xlnx,cluster-mode 2 is not supported" },
	{ "/bad-oldest-mode", "core_conf \"dual\" is not supported" },
	{ "/bad-registers@ff9a0100", "wants registers that belong to the firmware" },
};

static int lines(int kmsg, const char *node, const char *reason)
{
	struct kmsg_line line;
	int count = 0;

	kmsg_rewind(kmsg);
	while (kmsg_next(kmsg, &line))
		count += line.level <= KMSG_ERR && strstr(line.text, node) &&
			 strstr(line.text, reason);
	return count;
}

TEST(each_is_refused_with_its_reason)
{
	struct remote remotes[REMOTES_MAX];
	int kmsg = kmsg_open();
	size_t i;

	ASSERT_LE(0, kmsg);
	ASSERT_EQ(2, remotes_find(remotes));
	for (i = 0; i < ARRAY_SIZE(refused); i++)
		EXPECT_TRUE(wait_until(lines(kmsg, refused[i].node, refused[i].reason) == 1))
			TH_LOG("%s: %s", refused[i].node, refused[i].reason);
	for (i = 0; i < 2; i++) {
		EXPECT_EQ(0, remote_start(&remotes[i], remotes[i].echo));
		EXPECT_EQ(0, echo_works(&remotes[i]));
		EXPECT_TRUE(remote_offline(&remotes[i]));
	}
	kmsg_rewind(kmsg);
	EXPECT_EQ(0, kmsg_splats(kmsg));
	close(kmsg);
}

TEST_HARNESS_MAIN
