// SPDX-License-Identifier: GPL-2.0-only
/*
 * Every kind of channel of the messaging unit, with a core that returns what it gets. The client is
 * a module of the tests, modules/mu; each of its attributes is a test.
 *
 * Copyright (c) 2026 linux-amp developers
 */
#include "guest.h"
#include "kmsg.h"
#include "remote.h"

#include <string.h>

#include "harness.h"

#define CLIENT_DIR	"/sys/bus/platform/drivers/mu_client/mu-client"

FIXTURE(mailbox)
{
	struct remote remotes[REMOTES_MAX];
	const struct remote *remote;
	int kmsg;
};

FIXTURE_VARIANT(mailbox)
{
	const char *attribute;
};

FIXTURE_VARIANT_ADD(mailbox, words)
{
	.attribute = "words",
};

FIXTURE_VARIANT_ADD(mailbox, burst)
{
	.attribute = "burst",
};

FIXTURE_VARIANT_ADD(mailbox, stale)
{
	.attribute = "stale",
};

FIXTURE_VARIANT_ADD(mailbox, doorbell)
{
	.attribute = "doorbell",
};

FIXTURE_VARIANT_ADD(mailbox, doorbell_ack)
{
	.attribute = "doorbell_ack",
};

FIXTURE_VARIANT_ADD(mailbox, reset)
{
	.attribute = "reset",
};

FIXTURE_VARIANT_ADD(mailbox, foreign_busy)
{
	.attribute = "foreign_busy",
};

FIXTURE_VARIANT_ADD(mailbox, foreign_storm)
{
	.attribute = "foreign_storm",
};

FIXTURE_SETUP(mailbox)
{
	static const char *const argv[] = { "modprobe", "mu_client", NULL };

	ASSERT_EQ(1, remotes_find(self->remotes));
	self->remote = &self->remotes[0];
	ASSERT_TRUE(remote_offline(self->remote));
	self->kmsg = kmsg_open();
	ASSERT_LE(0, self->kmsg);
	ASSERT_EQ(0, run(argv));
	ASSERT_EQ(0, remote_start(self->remote, firmware_of(self->remote, "mailbox")));
}

FIXTURE_TEARDOWN(mailbox)
{
	static const char *const argv[] = { "rmmod", "mu_client", NULL };

	EXPECT_EQ(0, run(argv));
	EXPECT_TRUE(remote_offline(self->remote));
	EXPECT_EQ(0, kmsg_splats(self->kmsg));
	close(self->kmsg);
}

/* Twice: a channel that was given back is as good as new. */
TEST_F_TIMEOUT(mailbox, returns, TEST_GUARD_S)
{
	char path[96], text[80];

	snprintf(path, sizeof(path), CLIENT_DIR "/%s", variant->attribute);
	for (int i = 0; i < 2; i++) {
		ASSERT_LT(0, read_text(path, text, sizeof(text)));
		EXPECT_STREQ("ok", text);
	}
}

TEST_HARNESS_MAIN
