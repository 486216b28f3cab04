// SPDX-License-Identifier: GPL-2.0-only
/*
 * The kernel's own sample client (samples/rpmsg), unmodified: it sends from its probe, answers from
 * its callback, and counts a hundred messages. NXP's ping-pong does the same on the demo channel.
 *
 * Copyright (c) 2026 linux-amp developers
 */
#include "guest.h"
#include "channel.h"
#include "kmsg.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <string.h>
#include <sys/ioctl.h>

#include <linux/rpmsg.h>

#include "harness.h"

#define BUS_DIR		"/sys/bus/rpmsg"
#define MESSAGES	100

FIXTURE(sample)
{
	struct remote remotes[REMOTES_MAX];
	const struct remote *remote;
	int kmsg, log, ctrl;
	__s64 dst;
};

static int sample(const char *command)
{
	const char *const argv[] = { command, "rpmsg_client_sample", NULL };

	return run(argv);
}

FIXTURE_SETUP(sample)
{
	ASSERT_LT(0, remotes_find(self->remotes));
	self->remote = &self->remotes[0];
	ASSERT_TRUE(remote_offline(self->remote));
	self->kmsg = kmsg_open();
	ASSERT_LE(0, self->kmsg);
	self->log = kmsg_open();
	ASSERT_LE(0, self->log);
	if (sample("modprobe")) {
		ASSERT_FALSE(demanded("AMP_TOOLS"));
		SKIP(return, "there is no module rpmsg_client_sample");
	}
	ASSERT_EQ(0, remote_start(self->remote, self->remote->echo));
	self->ctrl = rpmsg_open(self->remote, NULL, 0);
	ASSERT_LE(0, self->ctrl);
	self->dst = channel_dst(self->remote, DEMO_CHANNEL);
	ASSERT_LE(0, self->dst);
}

FIXTURE_TEARDOWN(sample)
{
	EXPECT_TRUE(remote_offline(self->remote));
	EXPECT_EQ(0, sample("rmmod"));
	close(self->ctrl);
	EXPECT_EQ(0, kmsg_splats(self->kmsg));
	close(self->kmsg);
	close(self->log);
}

/* Counts its lines until it says goodbye. Return: number of messages, or -1 without a goodbye. */
static int count_messages(int log)
{
	struct kmsg_line line;
	bool greeted = false, done = false;
	int count = 0;
	__u64 end = now_ms() + HANG_GUARD_S * 1000ull;

	while (!done && now_ms() < end) {
		if (!kmsg_next(log, &line)) {
			usleep(2000);
			continue;
		}
		greeted = greeted || strstr(line.text, "new channel: 0x");
		count += !!strstr(line.text, "incoming msg ");
		done = strstr(line.text, "goodbye!");
	}
	return greeted && done ? count : -1;
}

TEST_F_TIMEOUT(sample, channel_of_its_own, TEST_GUARD_S)
{
	struct rpmsg_endpoint_info info = {
		.name = "rpmsg-client-sample", .src = RPMSG_ADDR_ANY, .dst = self->dst,
	};

	ASSERT_EQ(0, ioctl(self->ctrl, RPMSG_CREATE_DEV_IOCTL, &info));
	EXPECT_EQ(MESSAGES, count_messages(self->log));
	/* The other channels have not been disturbed. */
	EXPECT_EQ(0, echo_works(self->remote));
	EXPECT_EQ(0, ioctl(self->ctrl, RPMSG_RELEASE_DEV_IOCTL, &info));
	EXPECT_EQ(0, echo_works(self->remote));
}

static bool find_demo(const char *name, char *device, size_t size)
{
	DIR *dir = opendir(BUS_DIR "/devices");
	struct dirent *entry;
	bool found = false;

	while (dir && !found && (entry = readdir(dir))) {
		found = strstr(entry->d_name, name);
		if (found)
			snprintf(device, size, "%s", entry->d_name);
	}
	if (dir)
		closedir(dir);
	return found;
}

/* The channel may just be coming, and then the kernel binds it by itself. */
static bool bind_sample(const char *device)
{
	char bound[PATH_MAX];

	snprintf(bound, sizeof(bound), BUS_DIR "/drivers/rpmsg_client_sample/%s", device);
	return wait_until(!write_text(BUS_DIR "/drivers/rpmsg_client_sample/bind", device) ||
			  !access(bound, F_OK));
}

/* On the channel that the demos share, by override, again and again. */
TEST_F_TIMEOUT(sample, demo_channel, TEST_GUARD_S)
{
	char device[NAME_MAX + 1], path[PATH_MAX];
	unsigned int rounds = scaled(20, 3);

	ASSERT_TRUE(find_demo(DEMO_CHANNEL, device, sizeof(device)));
	snprintf(path, sizeof(path), BUS_DIR "/devices/%s/driver_override", device);
	ASSERT_EQ(0, write_text(path, "rpmsg_client_sample"));
	for (unsigned int i = 0; i < rounds; i++) {
		ASSERT_TRUE(bind_sample(device));
		ASSERT_EQ(MESSAGES, count_messages(self->log));
		ASSERT_EQ(0, write_text(BUS_DIR "/drivers/rpmsg_client_sample/unbind", device));
	}
	EXPECT_EQ(0, echo_works(self->remote));
}

/* Stopped while it is talking. */
TEST_F_TIMEOUT(sample, stop_in_between, TEST_GUARD_S)
{
	char device[NAME_MAX + 1], path[PATH_MAX];
	unsigned int rounds = scaled(20, 3);

	for (unsigned int i = 0; i < rounds; i++) {
		ASSERT_TRUE(find_demo(DEMO_CHANNEL, device, sizeof(device)));
		snprintf(path, sizeof(path), BUS_DIR "/devices/%s/driver_override", device);
		ASSERT_EQ(0, write_text(path, "rpmsg_client_sample"));
		ASSERT_TRUE(bind_sample(device));
		usleep(i * 700);
		ASSERT_TRUE(remote_offline(self->remote));
		ASSERT_EQ(0, remote_start(self->remote, self->remote->echo));
		ASSERT_LE(0, channel_dst(self->remote, DEMO_CHANNEL));
	}
	EXPECT_EQ(0, echo_works(self->remote));
}

TEST_HARNESS_MAIN
