// SPDX-License-Identifier: GPL-2.0-only
/*
 * Linux goes to sleep and comes back, as far as the kernel's pm_test takes it without hardware that
 * wakes it up, and really where a doorbell does. A remote keeps running, or is stopped and started
 * again, as the user has chosen; in either case it answers afterwards.
 *
 * Copyright (c) 2026 linux-amp developers
 */
#include "guest.h"
#include "channel.h"
#include "kmsg.h"

#include <fcntl.h>
#include <glob.h>
#include <stdlib.h>
#include <string.h>

#include "harness.h"

#define PM_TEST		"/sys/power/pm_test"
#define PM_DELAY	"/sys/module/suspend/parameters/pm_test_delay"
#define STOP_FOR_SLEEP	"/sys/module/amp_rproc/parameters/stop_for_sleep"

FIXTURE(sleep)
{
	struct remote remotes[REMOTES_MAX];
	int count, kmsg;
};

FIXTURE_VARIANT(sleep)
{
	const char *level;
};

FIXTURE_VARIANT_ADD(sleep, freezer)
{
	.level = "freezer",
};

FIXTURE_VARIANT_ADD(sleep, devices)
{
	.level = "devices",
};

FIXTURE_VARIANT_ADD(sleep, platform)
{
	.level = "platform",
};

FIXTURE_SETUP(sleep)
{
	self->count = remotes_find(self->remotes);
	ASSERT_LT(0, self->count);
	self->kmsg = kmsg_open();
	ASSERT_LE(0, self->kmsg);
	for (int i = 0; i < self->count; i++) {
		ASSERT_TRUE(remote_offline(&self->remotes[i]));
		ASSERT_EQ(0, remote_start(&self->remotes[i], self->remotes[i].echo));
		ASSERT_EQ(0, echo_works(&self->remotes[i]));
	}
	write_text(PM_DELAY, "1");
}

FIXTURE_TEARDOWN(sleep)
{
	write_text(PM_TEST, "none");
	write_text(STOP_FOR_SLEEP, "N");
	for (int i = 0; i < self->count; i++)
		EXPECT_TRUE(remote_offline(&self->remotes[i]));
	EXPECT_EQ(0, kmsg_splats(self->kmsg));
	close(self->kmsg);
}

TEST_F_TIMEOUT(sleep, keeps_running, TEST_GUARD_S)
{
	int fd;

	if (write_text(PM_TEST, variant->level))
		SKIP(return, "this kernel has no pm_test");
	fd = rpmsg_open(&self->remotes[0], RAW_CHANNEL, 0);
	ASSERT_LE(0, fd);
	ASSERT_EQ(0, write_text("/sys/power/state", "freeze"));
	/* The same channel as before. */
	EXPECT_EQ(0, echo_once(fd, 100, 1));
	close(fd);
	for (int i = 0; i < self->count; i++)
		EXPECT_EQ(0, echo_works(&self->remotes[i]));
}

TEST_F_TIMEOUT(sleep, stops_and_starts, TEST_GUARD_S)
{
	if (write_text(PM_TEST, variant->level))
		SKIP(return, "this kernel has no pm_test");
	ASSERT_EQ(0, write_text(STOP_FOR_SLEEP, "Y"));
	ASSERT_EQ(0, write_text("/sys/power/state", "freeze"));
	for (int i = 0; i < self->count; i++) {
		EXPECT_STREQ("running", remote_attr(&self->remotes[i], "state"));
		EXPECT_EQ(0, echo_works(&self->remotes[i]));
	}
}

/*
 * Who is about to bring back a hibernated system opens this: memory will be another kernel's. Here
 * there is no image, and whoever gives up gets the remotes back.
 */
TEST(image_is_brought_back)
{
	struct remote remotes[REMOTES_MAX];
	int count = remotes_find(remotes), kmsg = kmsg_open(), fd;

	if (access("/dev/snapshot", F_OK))
		SKIP(return, "this kernel cannot hibernate");
	ASSERT_LT(0, count);
	for (int i = 0; i < count; i++) {
		ASSERT_TRUE(remote_offline(&remotes[i]));
		ASSERT_EQ(0, remote_start(&remotes[i], remotes[i].echo));
	}
	fd = open("/dev/snapshot", O_WRONLY | O_CLOEXEC);
	ASSERT_LE(0, fd);
	for (int i = 0; i < count; i++)
		EXPECT_STREQ("offline", remote_attr(&remotes[i], "state"));
	close(fd);
	for (int i = 0; i < count; i++) {
		EXPECT_STREQ("running", remote_attr(&remotes[i], "state"));
		EXPECT_EQ(0, echo_works(&remotes[i]));
		EXPECT_TRUE(remote_offline(&remotes[i]));
	}
	EXPECT_EQ(0, kmsg_splats(kmsg));
	close(kmsg);
}

/* Is there a controller that can wake the system? An IPI can if the devicetree says so. */
static bool doorbell_wakes(void)
{
	glob_t found = { .gl_pathc = 0 };
	bool wakes;

	glob("/sys/bus/platform/drivers/zynqmp-ipi/*/power/wakeup", 0, NULL, &found);
	glob("/sys/bus/platform/drivers/imx_mu/*/power/wakeup", GLOB_APPEND, NULL, &found);
	wakes = found.gl_pathc;
	globfree(&found);
	return wakes;
}

/* No timer would: from here on the remote is the only one who can end this. */
TEST(sleep_ends_when_a_remote_rings)
{
	struct remote remotes[REMOTES_MAX];
	const struct remote *remote = &remotes[0];
	int kmsg = kmsg_open(), fd;
	__u32 first = 0, next;

	if (!doorbell_wakes())
		SKIP(return, "no doorbell wakes this board");
	ASSERT_LT(0, remotes_find(remotes));
	ASSERT_TRUE(remote_offline(remote));
	ASSERT_EQ(0, remote_start(remote, firmware_of(remote, "ticker")));
	fd = rpmsg_open(remote, RAW_CHANNEL, 0);
	ASSERT_LE(0, fd);
	ASSERT_EQ(sizeof(first), write(fd, &first, sizeof(first)));
	ASSERT_EQ(sizeof(first), read(fd, &first, sizeof(first)));
	write_text(PM_TEST, "none");
	for (int i = 0; i < 3; i++) {
		ASSERT_EQ(0, write_text("/sys/power/state", "freeze"));
		ASSERT_EQ(sizeof(next), read(fd, &next, sizeof(next)));
		EXPECT_LT(first, next);
		first = next;
	}
	close(fd);
	EXPECT_TRUE(remote_offline(remote));
	EXPECT_EQ(0, kmsg_splats(kmsg));
	close(kmsg);
}

TEST_HARNESS_MAIN
