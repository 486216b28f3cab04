// SPDX-License-Identifier: GPL-2.0-only
/*
 * The power management firmware refuses what it is asked for, once. Whatever was under way then
 * ends in a state that the next request can go on from. The monitor of the emulated board does the
 * refusing.
 *
 * Copyright (c) 2026 linux-amp developers
 */
#include "guest.h"
#include "channel.h"
#include "el3.h"
#include "kmsg.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "harness.h"

/* R5 1, and the second bank of R5 0 */
#define NODE_RPU_1	8
#define NODE_TCM_0_B	16
/* So often sleep asks for a stop. */
#define SLEEP_TRIES	10
#define STOP_FOR_SLEEP	"/sys/module/amp_rproc/parameters/stop_for_sleep"

FIXTURE(fail)
{
	struct remote remotes[REMOTES_MAX];
	const struct remote *remote;
	struct el3_page *page;
	char crash[32];
	int kmsg;
};

FIXTURE_SETUP(fail)
{
	ASSERT_LT(0, remotes_find(self->remotes));
	self->remote = &self->remotes[0];
	self->kmsg = kmsg_open();
	ASSERT_LE(0, self->kmsg);
	ASSERT_TRUE(remote_offline(self->remote));
	ASSERT_EQ(0, remote_set(self->remote, "recovery", "enabled"));
	snprintf(self->crash, sizeof(self->crash), "%s", firmware_of(self->remote, "crash"));
	self->page = el3_map();
	ASSERT_NE(NULL, self->page);
}

/* As good as before, and one stop is enough. */
FIXTURE_TEARDOWN(fail)
{
	EXPECT_TRUE(el3_failed(self->page)) TH_LOG("it was not asked");
	el3_fail(self->page, 0, 0, 0);
	if (!remote_is(self->remote, "offline"))
		EXPECT_EQ(0, remote_set(self->remote, "state", "stop"));
	EXPECT_STREQ("offline", remote_attr(self->remote, "state"));
	EXPECT_EQ(0, remote_start(self->remote, self->remote->echo));
	EXPECT_EQ(0, echo_works(self->remote));
	EXPECT_EQ(0, remote_set(self->remote, "state", "stop"));
	EXPECT_STREQ("offline", remote_attr(self->remote, "state"));
	EXPECT_EQ(0, kmsg_splats(self->kmsg));
	close(self->kmsg);
}

TEST_F_TIMEOUT(fail, start, TEST_GUARD_S)
{
	for (int i = 0; i < 2; i++) {
		el3_fail(self->page, EEMI_REQUEST_WAKEUP, EL3_FAIL_ANY, 1);
		EXPECT_EQ(-EACCES, remote_start(self->remote, self->remote->echo));
		EXPECT_STREQ("offline", remote_attr(self->remote, "state"));
	}
}

TEST_F_TIMEOUT(fail, power_of_memory, TEST_GUARD_S)
{
	for (int i = 0; i < 2; i++) {
		el3_fail(self->page, EEMI_REQUEST_NODE, NODE_TCM_0_B, 1);
		EXPECT_EQ(-EACCES, remote_start(self->remote, self->remote->echo));
		EXPECT_STREQ("offline", remote_attr(self->remote, "state"));
	}
}

TEST_F_TIMEOUT(fail, stop, TEST_GUARD_S)
{
	ASSERT_EQ(0, remote_start(self->remote, self->remote->echo));
	EXPECT_EQ(0, echo_works(self->remote));
	for (int i = 0; i < 2; i++) {
		el3_fail(self->page, EEMI_FORCE_POWERDOWN, EL3_FAIL_ANY, 1);
		EXPECT_EQ(-EACCES, remote_set(self->remote, "state", "stop"));
		EXPECT_STREQ("running", remote_attr(self->remote, "state"));
	}
}

static int crash(const struct remote *remote)
{
	int fd = rpmsg_open(remote, RAW_CHANNEL, 0), ret;

	if (fd < 0)
		return fd;
	ret = write(fd, "undef", 5) == 5 ? 0 : -errno;
	close(fd);
	return ret;
}

/* The core counts starts, and would take the next one for done. */
TEST_F_TIMEOUT(fail, start_in_recovery, TEST_GUARD_S)
{
	for (int i = 0; i < 2; i++) {
		ASSERT_EQ(0, remote_start(self->remote, self->crash));
		ASSERT_EQ(0, echo_works(self->remote));
		el3_fail(self->page, EEMI_REQUEST_WAKEUP, EL3_FAIL_ANY, 1);
		ASSERT_EQ(0, crash(self->remote));
		ASSERT_TRUE(wait_until(el3_failed(self->page)));
		EXPECT_TRUE(wait_until(remote_is(self->remote, "offline")));
	}
}

/* A crash whose recovery is refused to stop the remote. */
static void crash_and_run_on(struct __test_metadata *_metadata, struct _test_data_fail *self)
{
	ASSERT_EQ(0, remote_start(self->remote, self->crash));
	ASSERT_EQ(0, echo_works(self->remote));
	el3_fail(self->page, EEMI_FORCE_POWERDOWN, EL3_FAIL_ANY, 1);
	ASSERT_EQ(0, crash(self->remote));
	ASSERT_TRUE(wait_until(el3_failed(self->page)));
	EXPECT_TRUE(wait_until(remote_is(self->remote, "crashed")));
}

/* Nothing has been given up then, so it can be tried again. */
TEST_F_TIMEOUT(fail, stop_in_recovery, TEST_GUARD_S)
{
	crash_and_run_on(_metadata, self);
	ASSERT_EQ(0, remote_set(self->remote, "recovery", "recover"));
	EXPECT_TRUE(wait_until(remote_is(self->remote, "running") && !echo_works(self->remote)));
}

/* A start has it stopped first, and says so if that is still refused. */
TEST_F_TIMEOUT(fail, stop_in_recovery_then_start, TEST_GUARD_S)
{
	crash_and_run_on(_metadata, self);
	el3_fail(self->page, EEMI_FORCE_POWERDOWN, EL3_FAIL_ANY, 1);
	EXPECT_EQ(-EACCES, remote_set(self->remote, "state", "start"));
	EXPECT_STREQ("crashed", remote_attr(self->remote, "state"));
	EXPECT_EQ(0, remote_set(self->remote, "state", "start"));
	EXPECT_STREQ("running", remote_attr(self->remote, "state"));
	EXPECT_EQ(0, echo_works(self->remote));
}

/* Linux stays awake. It is not started once more after that, so that one stop is enough. */
TEST_F_TIMEOUT(fail, stop_for_sleep, TEST_GUARD_S)
{
	if (write_text("/sys/power/pm_test", "freezer"))
		SKIP(return, "this kernel has no pm_test");
	write_text("/sys/module/suspend/parameters/pm_test_delay", "1");
	ASSERT_EQ(0, remote_start(self->remote, self->remote->echo));
	ASSERT_EQ(0, write_text(STOP_FOR_SLEEP, "Y"));
	el3_fail(self->page, EEMI_FORCE_POWERDOWN, EL3_FAIL_ANY, SLEEP_TRIES);
	EXPECT_EQ(-EBUSY, write_text("/sys/power/state", "freeze"));
	write_text(STOP_FOR_SLEEP, "N");
	write_text("/sys/power/pm_test", "none");
	EXPECT_STREQ("running", remote_attr(self->remote, "state"));
	EXPECT_EQ(0, remote_set(self->remote, "state", "stop"));
	EXPECT_STREQ("offline", remote_attr(self->remote, "state"));
}

/* To save an image, or to bring one back, begins so. Return: 0 or a negative errno. */
static int snapshot(int flags)
{
	int fd = open("/dev/snapshot", flags | O_CLOEXEC);

	if (fd < 0)
		return -errno;
	close(fd);
	return 0;
}

static const int snapshot_flags[] = { O_RDONLY, O_WRONLY };

/* An image is of memory that nobody else writes to, and is brought back to such. */
TEST_F_TIMEOUT(fail, stop_for_image, TEST_GUARD_S)
{
	if (access("/dev/snapshot", F_OK))
		SKIP(return, "this kernel cannot hibernate");
	for (size_t i = 0; i < ARRAY_SIZE(snapshot_flags); i++) {
		ASSERT_EQ(0, remote_start(self->remote, self->remote->echo));
		el3_fail(self->page, EEMI_FORCE_POWERDOWN, EL3_FAIL_ANY, SLEEP_TRIES);
		EXPECT_EQ(-EBUSY, snapshot(snapshot_flags[i]));
		EXPECT_TRUE(el3_failed(self->page));
		EXPECT_STREQ("running", remote_attr(self->remote, "state"));
		EXPECT_EQ(0, remote_set(self->remote, "state", "stop"));
		EXPECT_STREQ("offline", remote_attr(self->remote, "state"));
	}
}

/* What had been stopped by then runs again, and one stop is enough for it. */
TEST_F_TIMEOUT(fail, stop_of_another_for_image, TEST_GUARD_S)
{
	const struct remote *other = &self->remotes[1];

	if (access("/dev/snapshot", F_OK))
		SKIP(return, "this kernel cannot hibernate");
	ASSERT_EQ(2, remotes_find(self->remotes));
	ASSERT_EQ(0, remote_start(self->remote, self->remote->echo));
	ASSERT_EQ(0, remote_start(other, other->echo));
	kmsg_count(self->kmsg, "");
	el3_fail(self->page, EEMI_FORCE_POWERDOWN, NODE_RPU_1, SLEEP_TRIES);
	EXPECT_EQ(-EBUSY, snapshot(O_RDONLY));
	EXPECT_TRUE(wait_until(kmsg_count(self->kmsg, "is now up")));
	EXPECT_TRUE(wait_until(remote_is(self->remote, "running") && !echo_works(self->remote)));
	EXPECT_STREQ("running", remote_attr(other, "state"));
	EXPECT_EQ(0, remote_set(other, "state", "stop"));
	EXPECT_STREQ("offline", remote_attr(other, "state"));
}

/* Nor does the driver leave it behind as it is. */
TEST_F_TIMEOUT(fail, stop_in_recovery_then_remove, TEST_GUARD_S)
{
	static const char *const unload[] = { "modprobe", "-r", "xlnx_r5_remoteproc", NULL };

	crash_and_run_on(_metadata, self);
	kmsg_count(self->kmsg, "");
	ASSERT_EQ(0, run(unload));
	EXPECT_TRUE(kmsg_count(self->kmsg, "stopped remote processor"));
	ASSERT_LT(0, remotes_find(self->remotes));
}

TEST_HARNESS_MAIN
