// SPDX-License-Identifier: GPL-2.0-only
/*
 * The control device: endpoints and channels that programs create and remove, and the requests
 * that it refuses.
 *
 * Copyright (c) 2026 linux-amp developers
 */
#include "guest.h"
#include "channel.h"
#include "kmsg.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>

#include <linux/rpmsg.h>

#include "harness.h"

FIXTURE(control)
{
	struct remote remotes[REMOTES_MAX];
	const struct remote *remote;
	int kmsg, ctrl;
	__s64 dst;
};

FIXTURE_SETUP(control)
{
	ASSERT_LT(0, remotes_find(self->remotes));
	self->remote = &self->remotes[0];
	ASSERT_TRUE(remote_offline(self->remote));
	self->kmsg = kmsg_open();
	ASSERT_LE(0, self->kmsg);
	ASSERT_EQ(0, remote_start(self->remote, self->remote->echo));
	self->ctrl = rpmsg_open(self->remote, NULL, 0);
	ASSERT_LE(0, self->ctrl);
	self->dst = channel_dst(self->remote, DEMO_CHANNEL);
	ASSERT_LE(0, self->dst);
	ASSERT_LE(0, channel_dst(self->remote, RAW_CHANNEL));
}

FIXTURE_TEARDOWN(control)
{
	EXPECT_EQ(0, echo_works(self->remote));
	close(self->ctrl);
	EXPECT_TRUE(remote_offline(self->remote));
	EXPECT_EQ(0, kmsg_splats(self->kmsg));
	close(self->kmsg);
}

static int request(int ctrl, unsigned long number, const char *name, __u32 src, __u32 dst)
{
	struct rpmsg_endpoint_info info = { .src = src, .dst = dst };

	memcpy(info.name, name, strnlen(name, sizeof(info.name)));
	return ioctl(ctrl, number, &info) ? -errno : 0;
}

static long long attribute(const char *node, const char *attr)
{
	char path[128], text[32];

	snprintf(path, sizeof(path), "/sys/class/rpmsg/%s/%s", strrchr(node, '/') + 1, attr);
	return read_text(path, text, sizeof(text)) > 0 ? strtoll(text, NULL, 10) : -2;
}

TEST_F_TIMEOUT(control, unknown_request, TEST_GUARD_S)
{
	char page[4096] = "";
	int fd = rpmsg_open(self->remote, RAW_CHANNEL, 0);

	ASSERT_LE(0, fd);
	EXPECT_EQ(-1, ioctl(self->ctrl, _IO(0xb5, 0x77), page));
	EXPECT_EQ(ENOTTY, errno);
	EXPECT_EQ(-1, ioctl(fd, _IO(0xb5, 0x77), page));
	EXPECT_EQ(ENOTTY, errno);
	EXPECT_EQ(-1, ioctl(self->ctrl, RPMSG_CREATE_EPT_IOCTL, NULL));
	EXPECT_EQ(EFAULT, errno);
	close(fd);
}

/* Any address is fine until it is used: two devices may ask for one, one can be open. */
TEST_F_TIMEOUT(control, address_in_use, TEST_GUARD_S)
{
	int first, second;

	ASSERT_EQ(0, endpoint_create(self->ctrl, "first", 77, self->dst));
	ASSERT_EQ(0, endpoint_create(self->ctrl, "second", 77, self->dst));
	first = rpmsg_open(self->remote, "first", 0);
	ASSERT_LE(0, first);
	EXPECT_EQ(-EINVAL, rpmsg_open(self->remote, "second", 0));
	EXPECT_EQ(0, echo_once(first, 16, 1));
	close(first);
	second = rpmsg_open(self->remote, "second", 0);
	ASSERT_LE(0, second);
	EXPECT_EQ(0, echo_once(second, 16, 2));
	close(second);
}

TEST_F_TIMEOUT(control, addresses_in_sysfs, TEST_GUARD_S)
{
	char path[64];
	int fd;

	ASSERT_EQ(0, endpoint_create(self->ctrl, "any", RPMSG_ADDR_ANY, self->dst));
	ASSERT_TRUE(rpmsg_node(self->remote, "any", path, sizeof(path)));
	EXPECT_EQ(-1, attribute(path, "src"));
	EXPECT_EQ(self->dst, attribute(path, "dst"));
	fd = rpmsg_open(self->remote, "any", 0);
	ASSERT_LE(0, fd);
	/* Below are the addresses that are asked for by number. */
	EXPECT_LE(1024, attribute(path, "src"));
	close(fd);
	EXPECT_EQ(-1, attribute(path, "src"));
}

/* Sends back what it gets, but to the address that the kernel's own transport gives first. */
#define TO_FIRST	1023
#define NS_ADDR		53

/* With ours the first has the next, and gets what is sent there, unless somebody asks for it. */
TEST_F_TIMEOUT(control, first_address_elsewhere, TEST_GUARD_S)
{
	int raw = rpmsg_open(self->remote, RAW_CHANNEL, O_NONBLOCK), any, asked, behind;
	char path[64], text[8];

	ASSERT_LE(0, raw);
	ASSERT_TRUE(rpmsg_node(self->remote, RAW_CHANNEL, path, sizeof(path)));
	ASSERT_EQ(1025, attribute(path, "src"));
	ASSERT_EQ(0, endpoint_create(self->ctrl, "any", RPMSG_ADDR_ANY, TO_FIRST));
	any = rpmsg_open(self->remote, "any", 0);
	ASSERT_LE(0, any);
	ASSERT_EQ(5, write(any, "first", 5));
	ASSERT_TRUE(readable(raw));
	EXPECT_EQ(5, read(raw, text, sizeof(text)));
	EXPECT_EQ(0, memcmp(text, "first", 5));

	ASSERT_EQ(0, endpoint_create(self->ctrl, "asked", 1024, TO_FIRST));
	asked = rpmsg_open(self->remote, "asked", 0);
	ASSERT_LE(0, asked);
	EXPECT_EQ(0, echo_once(asked, 16, 1));
	EXPECT_EQ(-1, read(raw, text, sizeof(text)));
	EXPECT_EQ(EAGAIN, errno);
	/* Not even what comes too late for them. */
	close(asked);
	ASSERT_EQ(4, write(any, "late", 4));
	ASSERT_EQ(0, endpoint_create(self->ctrl, "behind it", 80, self->dst));
	behind = rpmsg_open(self->remote, "behind it", 0);
	ASSERT_LE(0, behind);
	EXPECT_EQ(0, echo_once(behind, 16, 1));
	EXPECT_EQ(-1, read(raw, text, sizeof(text)));
	EXPECT_EQ(EAGAIN, errno);
	close(behind);
	close(any);
	close(raw);
}

/* No driver could use such a channel, which the kernel's log would say each time. */
TEST_F_TIMEOUT(control, channel_with_address_in_use, TEST_GUARD_S)
{
	int fd;

	EXPECT_EQ(-ENXIO, request(self->ctrl, RPMSG_CREATE_DEV_IOCTL, RAW_CHANNEL, NS_ADDR, 1));
	ASSERT_EQ(0, endpoint_create(self->ctrl, "taken", 79, self->dst));
	fd = rpmsg_open(self->remote, "taken", 0);
	ASSERT_LE(0, fd);
	EXPECT_EQ(-ENXIO, request(self->ctrl, RPMSG_CREATE_DEV_IOCTL, RAW_CHANNEL, 79, 1));
	EXPECT_EQ(0, kmsg_count(self->kmsg, "failed to create endpoint"));
	close(fd);
	EXPECT_EQ(0, request(self->ctrl, RPMSG_CREATE_DEV_IOCTL, RAW_CHANNEL, 79, 1));
	EXPECT_EQ(0, request(self->ctrl, RPMSG_RELEASE_DEV_IOCTL, RAW_CHANNEL, 79, 1));
}

/* Nowhere to send to: it can be opened to receive, and a write says what is wrong. */
TEST_F_TIMEOUT(control, endpoint_without_destination, TEST_GUARD_S)
{
	int fd;

	ASSERT_EQ(0, endpoint_create(self->ctrl, "nowhere", 78, RPMSG_ADDR_ANY));
	fd = rpmsg_open(self->remote, "nowhere", 0);
	ASSERT_LE(0, fd);
	EXPECT_EQ(-1, write(fd, "x", 1));
	EXPECT_EQ(EINVAL, errno);
	close(fd);
}

TEST_F_TIMEOUT(control, many_endpoints, TEST_GUARD_S)
{
	unsigned int count = scaled(100, 20);
	char name[32];
	int fd;

	for (unsigned int i = 0; i < count; i++) {
		snprintf(name, sizeof(name), "many%u", i);
		ASSERT_EQ(0, endpoint_create(self->ctrl, name, RPMSG_ADDR_ANY, self->dst));
	}
	for (unsigned int i = 0; i < count; i++) {
		snprintf(name, sizeof(name), "many%u", i);
		fd = rpmsg_open(self->remote, name, 0);
		ASSERT_LE(0, fd);
		ASSERT_EQ(0, echo_once(fd, 1 + i, i));
		/* Half of them goes now, half with the remote. */
		if (i & 1)
			ASSERT_EQ(0, ioctl(fd, RPMSG_DESTROY_EPT_IOCTL));
		close(fd);
	}
}

/* A channel made by a program works as one that the remote announced. */
TEST_F_TIMEOUT(control, channel_of_ones_own, TEST_GUARD_S)
{
	int before = channel_count(self->remote);

	/* The remote listens at the demo channel's address, whatever we call it. */
	ASSERT_EQ(0, request(self->ctrl, RPMSG_CREATE_DEV_IOCTL, "my-channel", RPMSG_ADDR_ANY,
			     self->dst));
	EXPECT_EQ(self->dst, channel_dst(self->remote, "my-channel"));
	EXPECT_EQ(before + 1, channel_count(self->remote));
	EXPECT_EQ(-ENXIO, request(self->ctrl, RPMSG_CREATE_DEV_IOCTL, "my-channel",
				  RPMSG_ADDR_ANY, self->dst));
	EXPECT_EQ(0, request(self->ctrl, RPMSG_RELEASE_DEV_IOCTL, "my-channel", RPMSG_ADDR_ANY,
			     self->dst));
	EXPECT_EQ(before, channel_count(self->remote));
	EXPECT_EQ(-EINVAL, request(self->ctrl, RPMSG_RELEASE_DEV_IOCTL, "my-channel",
				   RPMSG_ADDR_ANY, self->dst));
}

/* Named as the driver that it wants: a device, without driver_override. */
TEST_F_TIMEOUT(control, channel_for_the_character_driver, TEST_GUARD_S)
{
	int before = channel_count(self->remote), fd;

	ASSERT_EQ(0, request(self->ctrl, RPMSG_CREATE_DEV_IOCTL, "rpmsg_chrdev", RPMSG_ADDR_ANY,
			     self->dst));
	fd = rpmsg_open(self->remote, "rpmsg_chrdev", 0);
	EXPECT_LE(0, fd);
	if (fd >= 0) {
		EXPECT_EQ(0, echo_once(fd, 16, 1));
		close(fd);
	}
	EXPECT_EQ(0, request(self->ctrl, RPMSG_RELEASE_DEV_IOCTL, "rpmsg_chrdev", RPMSG_ADDR_ANY,
			     self->dst));
	EXPECT_EQ(before, channel_count(self->remote));
}

/* One with an address and a driver: the remote hears where it is, and when it has gone. */
TEST_F_TIMEOUT(control, remote_is_told_of_a_channel, TEST_GUARD_S)
{
	char trace[8192];

	if (remote_trace(self->remote, trace, sizeof(trace)) < 0)
		SKIP(return, "this firmware has no trace");
	ASSERT_EQ(0, request(self->ctrl, RPMSG_CREATE_DEV_IOCTL, RAW_CHANNEL, 2000, self->dst));
	EXPECT_TRUE(remote_says(self->remote, "linux creates " RAW_CHANNEL " at 2000"));
	/* Nobody could be called at these: one has no address, the other no driver. */
	ASSERT_EQ(0, request(self->ctrl, RPMSG_CREATE_DEV_IOCTL, "no-driver", 2001, self->dst));
	ASSERT_EQ(0, request(self->ctrl, RPMSG_CREATE_DEV_IOCTL, "no-address", RPMSG_ADDR_ANY,
			     self->dst));
	ASSERT_EQ(0, request(self->ctrl, RPMSG_RELEASE_DEV_IOCTL, "no-address", RPMSG_ADDR_ANY,
			     self->dst));
	ASSERT_EQ(0, request(self->ctrl, RPMSG_RELEASE_DEV_IOCTL, "no-driver", 2001, self->dst));
	ASSERT_EQ(0, request(self->ctrl, RPMSG_RELEASE_DEV_IOCTL, RAW_CHANNEL, 2000, self->dst));
	EXPECT_TRUE(remote_says(self->remote, "linux destroys " RAW_CHANNEL " at 2000"));
	ASSERT_LT(0, remote_trace(self->remote, trace, sizeof(trace)));
	EXPECT_EQ(NULL, strstr(trace, "no-driver"));
	EXPECT_EQ(NULL, strstr(trace, "no-address"));
}

TEST_F_TIMEOUT(control, names_that_are_none, TEST_GUARD_S)
{
	static const char *const names[] = {
		"", "a/b", "../up", "with blank", "line\nbreak", "\x01", "\xff\xfe",
	};
	int before = channel_count(self->remote);

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		int ret = request(self->ctrl, RPMSG_CREATE_DEV_IOCTL, names[i], RPMSG_ADDR_ANY,
				  self->dst);

		EXPECT_EQ(-ENXIO, ret) TH_LOG("name %zu", i);
	}
	EXPECT_EQ(before, channel_count(self->remote));
}

/* 32 characters and no end: the kernel must not read on. */
TEST_F_TIMEOUT(control, endless_name, TEST_GUARD_S)
{
	static const char name[] = "abcdefghijklmnopqrstuvwxyz012345";
	char path[64];

	ASSERT_EQ(0, request(self->ctrl, RPMSG_CREATE_EPT_IOCTL, name, RPMSG_ADDR_ANY,
			     self->dst));
	EXPECT_TRUE(rpmsg_node(self->remote, "abcdefghijklmnopqrstuvwxyz01234", path,
			       sizeof(path)));
}

/* Neither the control device nor the name service is a channel that a program may remove. */
TEST_F_TIMEOUT(control, services_stay, TEST_GUARD_S)
{
	int before = channel_count(self->remote);

	EXPECT_GT(0, request(self->ctrl, RPMSG_RELEASE_DEV_IOCTL, "rpmsg_ctrl", 0, 0));
	EXPECT_GT(0, request(self->ctrl, RPMSG_RELEASE_DEV_IOCTL, "rpmsg_ns", 53, 53));
	EXPECT_EQ(before, channel_count(self->remote));
}

/* The channel goes under an open file, the remote stays. */
TEST_F_TIMEOUT(control, release_an_open_channel, TEST_GUARD_S)
{
	__s64 dst = channel_dst(self->remote, RAW_CHANNEL);
	int fd = rpmsg_open(self->remote, RAW_CHANNEL, 0);

	ASSERT_LE(0, fd);
	ASSERT_EQ(0, echo_once(fd, 16, 1));
	EXPECT_EQ(0, request(self->ctrl, RPMSG_RELEASE_DEV_IOCTL, RAW_CHANNEL, RPMSG_ADDR_ANY,
			     dst));
	EXPECT_EQ(-1, write(fd, "x", 1));
	EXPECT_EQ(EPIPE, errno);
	close(fd);
	/* Back again, so that the fixture finds it. */
	EXPECT_EQ(0, request(self->ctrl, RPMSG_CREATE_DEV_IOCTL, RAW_CHANNEL, RPMSG_ADDR_ANY,
			     dst));
}

TEST_HARNESS_MAIN
