// SPDX-License-Identifier: GPL-2.0-only
/*
 * The remote is stopped under programs that have its devices open. Nobody may hang, crash or keep
 * the next start from working.
 *
 * Copyright (c) 2026 linux-amp developers
 */
#include "guest.h"
#include "channel.h"
#include "kmsg.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>

#include <linux/rpmsg.h>

#include "harness.h"

FIXTURE(survive)
{
	struct remote remotes[REMOTES_MAX];
	const struct remote *remote;
	int kmsg, fd, ctrl;
};

FIXTURE_SETUP(survive)
{
	ASSERT_LT(0, remotes_find(self->remotes));
	self->remote = &self->remotes[0];
	ASSERT_TRUE(remote_offline(self->remote));
	self->kmsg = kmsg_open();
	ASSERT_LE(0, self->kmsg);
	ASSERT_EQ(0, remote_start(self->remote, self->remote->echo));
	self->fd = rpmsg_open(self->remote, RAW_CHANNEL, 0);
	ASSERT_LE(0, self->fd);
	self->ctrl = rpmsg_open(self->remote, NULL, 0);
	ASSERT_LE(0, self->ctrl);
	ASSERT_EQ(0, echo_once(self->fd, 16, 1));
}

/* Old files may be open while the next start makes new devices; close them only then. */
FIXTURE_TEARDOWN(survive)
{
	EXPECT_TRUE(remote_offline(self->remote));
	EXPECT_EQ(0, channel_count(self->remote));
	EXPECT_EQ(0, remote_start(self->remote, self->remote->echo));
	EXPECT_EQ(0, echo_works(self->remote));
	EXPECT_EQ(0, close(self->fd));
	EXPECT_EQ(0, close(self->ctrl));
	EXPECT_EQ(0, echo_works(self->remote));
	EXPECT_TRUE(remote_offline(self->remote));
	EXPECT_EQ(0, kmsg_splats(self->kmsg));
	close(self->kmsg);
}

static int exit_code(pid_t child)
{
	int status;

	if (waitpid(child, &status, 0) != child || !WIFEXITED(status))
		return -1;
	return WEXITSTATUS(status);
}

TEST_F_TIMEOUT(survive, blocked_reader_gets_epipe, TEST_GUARD_S)
{
	char buf[16];
	pid_t child = IN_CHILD(read(self->fd, buf, sizeof(buf)));

	ASSERT_LT(0, child);
	ASSERT_TRUE(wait_until(asleep(child)));
	ASSERT_EQ(0, remote_set(self->remote, "state", "stop"));
	EXPECT_EQ(EPIPE, exit_code(child));
}

TEST_F_TIMEOUT(survive, poll_reports_hangup, TEST_GUARD_S)
{
	struct pollfd pfd = { .fd = self->fd, .events = POLLIN };
	pid_t child = IN_CHILD(poll(&pfd, 1, -1));

	ASSERT_LT(0, child);
	ASSERT_TRUE(wait_until(asleep(child)));
	ASSERT_EQ(0, remote_set(self->remote, "state", "stop"));
	EXPECT_EQ(0, exit_code(child));
	ASSERT_EQ(1, poll(&pfd, 1, 0));
	EXPECT_EQ(POLLHUP | POLLERR, pfd.revents & (POLLHUP | POLLERR | POLLIN));
}

/* What has arrived is the reader's, even after the remote has gone. */
TEST_F_TIMEOUT(survive, unread_messages_stay, TEST_GUARD_S)
{
	struct pollfd pfd = { .fd = self->fd, .events = POLLIN };
	char buf[16];

	ASSERT_EQ(5, write(self->fd, "first", 5));
	ASSERT_TRUE(readable(self->fd));
	ASSERT_EQ(0, remote_set(self->remote, "state", "stop"));
	ASSERT_EQ(1, poll(&pfd, 1, 0));
	EXPECT_EQ(POLLIN | POLLHUP | POLLERR, pfd.revents);
	ASSERT_EQ(5, read(self->fd, buf, sizeof(buf)));
	EXPECT_EQ(0, memcmp(buf, "first", 5));
	EXPECT_EQ(-1, read(self->fd, buf, sizeof(buf)));
	EXPECT_EQ(EPIPE, errno);
}

TEST_F_TIMEOUT(survive, open_files_say_epipe, TEST_GUARD_S)
{
	char buf[16] = "late";

	ASSERT_EQ(0, remote_set(self->remote, "state", "stop"));
	for (int i = 0; i < 3; i++) {
		EXPECT_EQ(-1, write(self->fd, buf, 4));
		EXPECT_EQ(EPIPE, errno);
		EXPECT_EQ(-1, read(self->fd, buf, sizeof(buf)));
		EXPECT_EQ(EPIPE, errno);
	}
	ASSERT_EQ(0, fcntl(self->fd, F_SETFL, O_NONBLOCK));
	EXPECT_EQ(-1, write(self->fd, buf, 4));
	EXPECT_EQ(EPIPE, errno);
	EXPECT_EQ(-1, read(self->fd, buf, sizeof(buf)));
	EXPECT_EQ(EPIPE, errno);
}

TEST_F_TIMEOUT(survive, old_control_file_refuses, TEST_GUARD_S)
{
	struct rpmsg_endpoint_info info = { .name = "late", .src = RPMSG_ADDR_ANY, .dst = 1 };
	static const unsigned long requests[] = {
		RPMSG_CREATE_EPT_IOCTL, RPMSG_CREATE_DEV_IOCTL, RPMSG_RELEASE_DEV_IOCTL
	};

	ASSERT_EQ(0, remote_set(self->remote, "state", "stop"));
	for (size_t i = 0; i < ARRAY_SIZE(requests); i++) {
		int ret = ioctl(self->ctrl, requests[i], &info);

		EXPECT_EQ(-1, ret) TH_LOG("request %zu", i);
		EXPECT_EQ(EPIPE, errno);
	}
	EXPECT_EQ(0, channel_count(self->remote));
}

/* An endpoint made through the control device is open, a second one was never opened. */
TEST_F_TIMEOUT(survive, own_endpoints, TEST_GUARD_S)
{
	__s64 dst = channel_dst(self->remote, DEMO_CHANNEL);
	char opened[64], idle[64], buf[16];
	int fd;

	ASSERT_LE(0, dst);
	ASSERT_EQ(0, endpoint_create(self->ctrl, "opened", RPMSG_ADDR_ANY, dst));
	ASSERT_EQ(0, endpoint_create(self->ctrl, "idle", RPMSG_ADDR_ANY, dst));
	ASSERT_TRUE(rpmsg_node(self->remote, "opened", opened, sizeof(opened)));
	ASSERT_TRUE(rpmsg_node(self->remote, "idle", idle, sizeof(idle)));
	fd = rpmsg_open(self->remote, "opened", 0);
	ASSERT_LE(0, fd);
	ASSERT_EQ(0, echo_once(fd, 16, 2));

	ASSERT_EQ(0, remote_set(self->remote, "state", "stop"));
	EXPECT_TRUE(wait_until(access(opened, F_OK)));
	EXPECT_TRUE(wait_until(access(idle, F_OK)));
	EXPECT_EQ(-1, read(fd, buf, sizeof(buf)));
	EXPECT_EQ(EPIPE, errno);
	EXPECT_EQ(-1, ioctl(fd, RPMSG_DESTROY_EPT_IOCTL));
	EXPECT_EQ(EPIPE, errno);
	EXPECT_EQ(0, close(fd));
}

/* Stop arrives in the middle of traffic, without the program being told to pause. */
TEST_F_TIMEOUT(survive, stop_under_traffic, TEST_GUARD_S)
{
	pid_t child = fork();
	int ret = 0;

	ASSERT_LE(0, child);
	if (!child) {
		for (unsigned int i = 0; !ret; i++)
			ret = echo_once(self->fd, 1 + i % PAYLOAD_MAX, i);
		_exit(-ret);
	}

	/* Something is moving once the child has slept for a reply. */
	ASSERT_TRUE(wait_until(asleep(child)));
	ASSERT_EQ(0, remote_set(self->remote, "state", "stop"));
	ret = exit_code(child);
	/* A reply that never came makes poll() return without POLLIN: reported as ETIMEDOUT. */
	EXPECT_TRUE(ret == EPIPE || ret == ETIMEDOUT) TH_LOG("child ended with %d", ret);
}

static bool was_said(int kmsg, const char *text)
{
	struct kmsg_line line;
	bool said = false;

	while (kmsg_next(kmsg, &line)) {
		if (strstr(line.text, text)) {
			printf("# %s\n", line.text);
			said = true;
		}
	}
	return said;
}

/* Stopped at any moment of a start, also with a driver's probe under way: no driver minds. */
TEST_F_TIMEOUT(survive, stop_while_channels_appear, TEST_GUARD_S)
{
	unsigned int rounds = scaled(200, 20);
	int kmsg = kmsg_open();

	ASSERT_LE(0, kmsg);
	ASSERT_TRUE(remote_offline(self->remote));
	for (unsigned int i = 0; i < rounds; i++) {
		ASSERT_EQ(0, remote_start(self->remote, self->remote->echo));
		usleep(i * 1009 % 20000);
		ASSERT_EQ(0, remote_set(self->remote, "state", "stop"));
		ASSERT_EQ(0, channel_count(self->remote));
	}
	EXPECT_FALSE(was_said(kmsg, "failed to create endpoint"));
	close(kmsg);
}

TEST_HARNESS_MAIN
