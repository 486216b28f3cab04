// SPDX-License-Identifier: GPL-2.0-only
/*
 * The side of the messaging unit that is the remote's elsewhere, driven by Linux as well:
 * modules/mu has a client for each side, and each sees the other as it would see a core.
 *
 * Copyright (c) 2026 linux-amp developers
 */
#include "guest.h"
#include "kmsg.h"
#include "remote.h"

#include <string.h>

#include "harness.h"

#define CLIENT_DIR	"/sys/bus/platform/drivers/mu_client/mu-client"
#define ECHO_DIR	"/sys/bus/platform/drivers/mu_echo/mu-echo"

FIXTURE(side_b)
{
	int kmsg;
};

FIXTURE_VARIANT(side_b)
{
	const char *attribute;
};

FIXTURE_VARIANT_ADD(side_b, words)
{
	.attribute = CLIENT_DIR "/words",
};

FIXTURE_VARIANT_ADD(side_b, burst)
{
	.attribute = CLIENT_DIR "/burst",
};

FIXTURE_VARIANT_ADD(side_b, stale)
{
	.attribute = CLIENT_DIR "/stale",
};

FIXTURE_VARIANT_ADD(side_b, doorbell)
{
	.attribute = CLIENT_DIR "/doorbell",
};

FIXTURE_VARIANT_ADD(side_b, doorbell_ack)
{
	.attribute = CLIENT_DIR "/doorbell_ack",
};

FIXTURE_VARIANT_ADD(side_b, reset_refused)
{
	.attribute = ECHO_DIR "/reset_refused",
};

FIXTURE_VARIANT_ADD(side_b, foreign_busy)
{
	.attribute = CLIENT_DIR "/foreign_busy",
};

FIXTURE_VARIANT_ADD(side_b, foreign_storm)
{
	.attribute = CLIENT_DIR "/foreign_storm",
};

FIXTURE_VARIANT_ADD(side_b, foreign_leave)
{
	.attribute = CLIENT_DIR "/foreign_leave",
};

FIXTURE_VARIANT_ADD(side_b, foreign_idle)
{
	.attribute = CLIENT_DIR "/foreign_idle",
};

static int load(const char *option)
{
	const char *const argv[] = { "modprobe", option, "mu_echo", "mu_client", NULL };

	return run(argv);
}

FIXTURE_SETUP(side_b)
{
	ASSERT_EQ(0, modules_load());
	self->kmsg = kmsg_open();
	ASSERT_LE(0, self->kmsg);
	ASSERT_EQ(0, load("-a"));
	ASSERT_TRUE(wait_until(!access(ECHO_DIR, F_OK)));
}

FIXTURE_TEARDOWN(side_b)
{
	EXPECT_EQ(0, load("-r"));
	EXPECT_EQ(0, kmsg_splats(self->kmsg));
	close(self->kmsg);
}

/* Twice: a channel that was given back is as good as new. */
TEST_F_TIMEOUT(side_b, works, TEST_GUARD_S)
{
	char text[80];

	for (int i = 0; i < 2; i++) {
		ASSERT_LT(0, read_text(variant->attribute, text, sizeof(text)));
		EXPECT_STREQ("ok", text);
	}
}

TEST_HARNESS_MAIN
