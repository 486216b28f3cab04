// SPDX-License-Identifier: GPL-2.0-only
/*
 * A start that fails at its end, when the core runs already: there is no memory for the virtio
 * devices. Then the kernel has it stopped again, which the power management firmware may refuse.
 *
 * Needs a kernel with fault injection, and the monitor of the emulated board, which refuses.
 *
 * Copyright (c) 2026 linux-amp developers
 */
#include "guest.h"
#include "channel.h"
#include "el3.h"
#include "failslab.h"
#include "kmsg.h"

#include <errno.h>
#include <glob.h>
#include <stdlib.h>
#include <string.h>

#include "harness.h"

#define CLOCK_USERS	"/sys/kernel/debug/clk/pl3_ref/clk_prepare_count"
#define DUMPS		"/sys/class/devcoredump/devcd*/data"

FIXTURE(start_faults)
{
	struct remote remotes[REMOTES_MAX];
	const struct remote *remote;
	struct el3_page *page;
	struct code devices;
	int kmsg;
};

FIXTURE_SETUP(start_faults)
{
	if (!failslab_by_caller())
		SKIP(return, "this kernel cannot tell by whom memory is wanted");
	ASSERT_LT(0, remotes_find(self->remotes));
	self->remote = &self->remotes[0];
	self->kmsg = kmsg_open();
	ASSERT_LE(0, self->kmsg);
	ASSERT_TRUE(remote_offline(self->remote));
	self->page = el3_map();
	ASSERT_NE(NULL, self->page);
	ASSERT_TRUE(failslab_find("", "rproc_vdev_do_start", &self->devices));
}

/* Return: how many hold the clock that is core 0's alone. */
static int users(void)
{
	char text[16];

	return read_text(CLOCK_USERS, text, sizeof(text)) > 0 ? atoi(text) : -1;
}

/* As good as before, and one stop is enough. */
FIXTURE_TEARDOWN(start_faults)
{
	failslab_disarm();
	el3_fail(self->page, 0, 0, 0);
	EXPECT_EQ(0, remote_start(self->remote, self->remote->echo));
	EXPECT_EQ(0, echo_works(self->remote));
	EXPECT_EQ(0, remote_set(self->remote, "state", "stop"));
	EXPECT_STREQ("offline", remote_attr(self->remote, "state"));
	EXPECT_EQ(0, users());
	EXPECT_EQ(0, kmsg_splats(self->kmsg));
	close(self->kmsg);
}

/* Return: what the start says whose first allocation for a virtio device fails. */
static int start_without_memory(const struct remote *remote, const struct code *devices)
{
	int ret = failslab_arm(devices, 1);

	if (ret)
		return ret;
	ret = remote_start(remote, remote->echo);
	return failslab_disarm() ? ret : -ENODATA;
}

TEST_F_TIMEOUT(start_faults, no_memory, TEST_GUARD_S)
{
	for (int i = 0; i < 3; i++) {
		EXPECT_EQ(-ENOMEM, start_without_memory(self->remote, &self->devices));
		EXPECT_STREQ("offline", remote_attr(self->remote, "state"));
		EXPECT_EQ(0, users());
	}
}

/* What fails after the device is there, in the probe of a driver, is that driver's matter. */
TEST_F_TIMEOUT(start_faults, any_memory, 3 * TEST_GUARD_S)
{
	static const unsigned int nth[] = { 2, 3, 5, 8, 13, 21, 34, 55, 89 };
	unsigned int failed = 0;
	int ret;

	for (size_t i = 0; i < ARRAY_SIZE(nth); i++) {
		ASSERT_EQ(0, failslab_arm(&self->devices, nth[i]));
		ret = remote_start(self->remote, self->remote->echo);
		failed += failslab_disarm();
		EXPECT_STREQ(ret ? "offline" : "running", remote_attr(self->remote, "state"));
		ASSERT_TRUE(remote_offline(self->remote));
	}
	TH_LOG("%u allocations failed", failed);
	EXPECT_LT(0, failed);
}

/* It runs on: nothing of it may be used otherwise before it has been stopped. */
static void run_on(struct __test_metadata *_metadata, struct _test_data_start_faults *self)
{
	el3_fail(self->page, EEMI_FORCE_POWERDOWN, EL3_FAIL_ANY, 1);
	ASSERT_EQ(-ENOMEM, start_without_memory(self->remote, &self->devices));
	ASSERT_TRUE(el3_failed(self->page));
	EXPECT_STREQ("offline", remote_attr(self->remote, "state"));
	EXPECT_EQ(1, users());
}

TEST_F_TIMEOUT(start_faults, stop_is_refused, TEST_GUARD_S)
{
	run_on(_metadata, self);
	/* Says what the matter is, and tries again. */
	for (int i = 0; i < 2; i++) {
		el3_fail(self->page, EEMI_FORCE_POWERDOWN, EL3_FAIL_ANY, 1);
		EXPECT_EQ(-EACCES, remote_set(self->remote, "state", "start"));
		EXPECT_TRUE(el3_failed(self->page));
		EXPECT_STREQ("offline", remote_attr(self->remote, "state"));
	}
}

static bool find_dump(char *path, size_t size)
{
	glob_t found;
	bool any;

	if (glob(DUMPS, 0, NULL, &found))
		return false;
	any = found.gl_pathc > 0;
	if (any)
		snprintf(path, size, "%s", found.gl_pathv[0]);
	globfree(&found);
	return any;
}

/*
 * The same at the end of a recovery, which waits between stop and start for its dump to be taken.
 * The core would count the start that was not one.
 */
TEST_F_TIMEOUT(start_faults, stop_is_refused_in_recovery, TEST_GUARD_S)
{
	const struct remote *remote = self->remote;
	char dump[80];
	int fd;

	ASSERT_EQ(0, remote_set(remote, "recovery", "enabled"));
	ASSERT_EQ(0, remote_set(remote, "coredump", "inline"));
	ASSERT_EQ(0, remote_start(remote, firmware_of(remote, "crash")));
	fd = rpmsg_open(remote, RAW_CHANNEL, 0);
	ASSERT_LE(0, fd);
	ASSERT_EQ(5, write(fd, "undef", 5));
	ASSERT_TRUE(wait_until(find_dump(dump, sizeof(dump))));
	el3_fail(self->page, EEMI_FORCE_POWERDOWN, EL3_FAIL_ANY, 1);
	ASSERT_EQ(0, failslab_arm(&self->devices, 1));
	ASSERT_EQ(0, write_text(dump, "1"));
	EXPECT_TRUE(wait_until(el3_failed(self->page)));
	EXPECT_TRUE(failslab_disarm());
	close(fd);
	EXPECT_EQ(0, remote_set(remote, "coredump", "disabled"));
	EXPECT_TRUE(wait_until(remote_is(remote, "offline")));
	EXPECT_EQ(1, users());
}

/* Nor does the driver leave it behind as it is: a core that runs would be found as "detached". */
TEST_F_TIMEOUT(start_faults, stop_is_refused_then_remove, TEST_GUARD_S)
{
	static const char *const unload[] = { "modprobe", "-r", "xlnx_r5_remoteproc", NULL };

	run_on(_metadata, self);
	ASSERT_EQ(0, run(unload));
	ASSERT_LT(0, remotes_find(self->remotes));
	EXPECT_STREQ("offline", remote_attr(self->remote, "state"));
}

TEST_HARNESS_MAIN
