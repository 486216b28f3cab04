// SPDX-License-Identifier: GPL-2.0-only
/*
 * Firmware that is linked in other ways than the rest of the test firmware, as a boot of a cell
 * names it in AMP_VARIANT: amp.variant=echo-zero,echo-stub. Each has to work like any other.
 *
 * Copyright (c) 2026 linux-amp developers
 */
#include "guest.h"
#include "channel.h"
#include "kmsg.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "harness.h"

#define DRIVER	"/sys/bus/platform/drivers/zynq_remoteproc"
#define ROUNDS	3

FIXTURE(images)
{
	struct remote remotes[REMOTES_MAX];
	const struct remote *remote;
	char *programs;
	int kmsg;
};

FIXTURE_SETUP(images)
{
	const char *names = getenv("AMP_VARIANT");

	ASSERT_EQ(1, remotes_find(self->remotes));
	self->remote = &self->remotes[0];
	ASSERT_TRUE(remote_offline(self->remote));
	self->kmsg = kmsg_open();
	ASSERT_LE(0, self->kmsg);
	ASSERT_NE(NULL, names);
	self->programs = strdup(names);
	ASSERT_NE(NULL, self->programs);
}

FIXTURE_TEARDOWN(images)
{
	free(self->programs);
	EXPECT_TRUE(remote_offline(self->remote));
	EXPECT_EQ(0, kmsg_splats(self->kmsg));
	close(self->kmsg);
}

/* In turn with one that is linked elsewhere, so that nothing works by what was there before. */
TEST_F_TIMEOUT(images, all_work, TEST_GUARD_S)
{
	char *state, *program = strtok_r(self->programs, ",", &state);

	ASSERT_NE(NULL, program);
	for (; program; program = strtok_r(NULL, ",", &state)) {
		for (int i = 0; i < ROUNDS; i++) {
			ASSERT_EQ(0, remote_start(self->remote, firmware_of(self->remote, program)))
				TH_LOG("%s", program);
			EXPECT_EQ(0, echo_works(self->remote)) TH_LOG("%s", program);
			ASSERT_EQ(0, remote_set(self->remote, "state", "stop"));
			ASSERT_EQ(0, remote_start(self->remote, self->remote->echo));
			EXPECT_EQ(0, echo_works(self->remote));
			ASSERT_EQ(0, remote_set(self->remote, "state", "stop"));
		}
	}
}

/* What a driver that is new to its device makes of property "firmware": a name, but no start. */
TEST_F_TIMEOUT(images, property_names_firmware, TEST_GUARD_S)
{
	char path[PATH_MAX + 32], device[PATH_MAX], name[40] = "";

	snprintf(path, sizeof(path), "%s/device", self->remote->sysfs);
	ASSERT_NE(NULL, realpath(path, device));
	snprintf(path, sizeof(path), "%s/of_node/firmware", device);
	read_text(path, name, sizeof(name));

	ASSERT_EQ(0, write_text(DRIVER "/unbind", basename(device)));
	ASSERT_EQ(0, write_text(DRIVER "/bind", basename(device)));
	ASSERT_EQ(1, remotes_find(self->remotes));
	EXPECT_STREQ("offline", remote_attr(self->remote, "state"));
	if (!name[0]) {
		EXPECT_EQ(-ENOENT, remote_set(self->remote, "state", "start"));
		return;
	}
	EXPECT_STREQ(name, remote_attr(self->remote, "firmware"));
	ASSERT_EQ(0, remote_set(self->remote, "state", "start"));
	EXPECT_EQ(0, echo_works(self->remote));
}

TEST_HARNESS_MAIN
