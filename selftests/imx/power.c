// SPDX-License-Identifier: GPL-2.0-only
/*
 * Linux sleeps, and the messaging unit is without power meanwhile: it is in a domain that a module
 * of the tests drives, modules/mu/mu_power.c. What Linux has sent arrives all the same, once, and
 * what a remote says meanwhile is heard, though its doorbell is lost.
 *
 * Copyright (c) 2026 linux-amp developers
 */
#include "guest.h"
#include "channel.h"
#include "kmsg.h"
#include "remote.h"

#include <stdlib.h>
#include <string.h>

#include "harness.h"

#define CLIENT_DIR	"/sys/bus/platform/drivers/mu_client/mu-client"
#define CLIENT_NODE	"/sys/bus/platform/devices/mu-client"
#define RPMSG_NODE	"/sys/firmware/devicetree/base/rpmsg"
#define LOSSES		"/sys/module/mu_power/parameters/losses"
#define PM_TEST		"/sys/power/pm_test"
#define PM_DELAY	"/sys/module/suspend/parameters/pm_test_delay"

/* What a remote may say later, in a while: less than Linux sleeps. */
#define LATER_S		2
#define ASLEEP_S	"5"

FIXTURE(power)
{
	struct remote remotes[REMOTES_MAX];
	struct remote *remote;
	bool lite, has_pm_test;
	int kmsg;
};

static int modprobe(const char *module)
{
	const char *const argv[] = { "modprobe", module, NULL };

	return run(argv);
}

FIXTURE_SETUP(power)
{
	/* The unit's driver waits for the domain. */
	ASSERT_EQ(0, modprobe("mu_power"));
	ASSERT_EQ(1, remotes_find(self->remotes));
	self->remote = &self->remotes[0];
	/* Firmware without resource table has its devices elsewhere. */
	self->lite = !access(RPMSG_NODE, F_OK);
	if (self->lite)
		strcpy(self->remote->links, ".rpmsg/");
	ASSERT_TRUE(remote_offline(self->remote));
	self->kmsg = kmsg_open();
	ASSERT_LE(0, self->kmsg);
	/* The hardware of the board has not been asked to sleep by then, but all drivers have. */
	self->has_pm_test = !write_text(PM_TEST, "platform");
	write_text(PM_DELAY, "1");
}

FIXTURE_TEARDOWN(power)
{
	write_text(PM_TEST, "none");
	EXPECT_TRUE(remote_offline(self->remote));
	EXPECT_EQ(0, kmsg_splats(self->kmsg));
	close(self->kmsg);
}

static unsigned int losses(void)
{
	char text[16];

	return read_text(LOSSES, text, sizeof(text)) > 0 ? strtoul(text, NULL, 10) : 0;
}

/* A doorbell that comes too early keeps Linux awake. Return: true if the unit was without power. */
static bool sleeps(void)
{
	unsigned int before = losses();

	for (int i = 0; i < 10 && losses() == before; i++)
		write_text("/sys/power/state", "freeze");
	return losses() == before + 1;
}

/* Words and a doorbell that nobody has taken yet, and channels that stay open. */
TEST_F_TIMEOUT(power, what_was_sent_is_not_lost, TEST_GUARD_S)
{
	static const char *const argv[] = { "rmmod", "mu_client", NULL };
	char text[80];

	if (!self->has_pm_test)
		SKIP(return, "this kernel has no pm_test");
	if (access(CLIENT_NODE, F_OK))
		SKIP(return, "this devicetree has no such client");
	ASSERT_EQ(0, modprobe("mu_client"));
	for (int i = 0; i < 3; i++) {
		ASSERT_LT(0, read_text(CLIENT_DIR "/hold", text, sizeof(text)));
		ASSERT_STREQ("ok", text);
		EXPECT_TRUE(sleeps());
		EXPECT_EQ(0, remote_start(self->remote, firmware_of(self->remote, "mailbox")));
		EXPECT_LT(0, read_text(CLIENT_DIR "/release", text, sizeof(text)));
		EXPECT_STREQ("ok", text);
		ASSERT_TRUE(remote_offline(self->remote));
	}
	EXPECT_EQ(0, run(argv));
}

static const char *program(const struct _test_data_power *self, const char *with_table)
{
	return firmware_of(self->remote, self->lite ? "lite" : with_table);
}

/* The same channel as before, in both directions. */
TEST_F_TIMEOUT(power, link_goes_on, TEST_GUARD_S)
{
	int fd;

	if (!self->has_pm_test)
		SKIP(return, "this kernel has no pm_test");
	ASSERT_EQ(0, remote_start(self->remote, program(self, "echo")));
	fd = rpmsg_open(self->remote, RAW_CHANNEL, 0);
	ASSERT_LE(0, fd);
	for (int i = 0; i < 3; i++) {
		ASSERT_EQ(0, echo_once(fd, 100, i));
		ASSERT_TRUE(sleeps());
		ASSERT_EQ(0, echo_once(fd, 100, i + 3));
	}
	close(fd);
}

/* It says one thing, while nobody can hear the doorbell, and then nothing more. */
TEST_F_TIMEOUT(power, what_a_remote_says_meanwhile_is_heard, TEST_GUARD_S)
{
	const __u32 later = LATER_S;
	const char *message = self->lite ? "later" : (const char *)&later;
	ssize_t len = self->lite ? strlen(message) : sizeof(later);
	char reply[64];
	int fd;

	if (!self->has_pm_test)
		SKIP(return, "this kernel has no pm_test");
	write_text(PM_DELAY, ASLEEP_S);
	ASSERT_EQ(0, remote_start(self->remote, program(self, "ticker")));
	fd = rpmsg_open(self->remote, RAW_CHANNEL, 0);
	ASSERT_LE(0, fd);
	for (int i = 0; i < 2; i++) {
		ASSERT_EQ(len, write(fd, message, len));
		ASSERT_TRUE(readable(fd));
		ASSERT_LT(0, read(fd, reply, sizeof(reply)));
		ASSERT_TRUE(sleeps());
		ASSERT_TRUE(readable(fd));
		EXPECT_LT(0, read(fd, reply, sizeof(reply)));
	}
	close(fd);
}

TEST_HARNESS_MAIN
