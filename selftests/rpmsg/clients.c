// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the programs in the field do, step by step, down to the odd ones: the OpenAMP demos, TI's
 * library, the file server and the tools that export endpoints. If one of these steps changes, they
 * break.
 *
 * Copyright (c) 2026 linux-amp developers
 */
#include "guest.h"
#include "channel.h"
#include "kmsg.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>

#include <linux/rpmsg.h>

#include "harness.h"

#define BUS_DIR		"/sys/bus/rpmsg"

FIXTURE(clients)
{
	struct remote remotes[REMOTES_MAX];
	const struct remote *remote;
	char channel[NAME_MAX + 1], virtio[16];
	int kmsg;
	__s64 dst;
};

/* The demos take the first entry that has the name in it. */
static bool find_demo(char *device, size_t size)
{
	DIR *dir = opendir(BUS_DIR "/devices");
	struct dirent *entry;
	bool found = false;

	while (dir && !found && (entry = readdir(dir))) {
		found = strstr(entry->d_name, DEMO_CHANNEL);
		if (found)
			snprintf(device, size, "%s", entry->d_name);
	}
	if (dir)
		closedir(dir);
	return found;
}

FIXTURE_SETUP(clients)
{
	ASSERT_LT(0, remotes_find(self->remotes));
	self->remote = &self->remotes[0];
	ASSERT_TRUE(remote_offline(self->remote));
	self->kmsg = kmsg_open();
	ASSERT_LE(0, self->kmsg);
	ASSERT_EQ(0, remote_start(self->remote, self->remote->echo));
	self->dst = channel_dst(self->remote, DEMO_CHANNEL);
	ASSERT_LE(0, self->dst);
	/* The last one: channels are counted. */
	ASSERT_LE(0, channel_dst(self->remote, RAW_CHANNEL));
	ASSERT_TRUE(wait_until(find_demo(self->channel, sizeof(self->channel))));
	snprintf(self->virtio, sizeof(self->virtio), "%.*s",
		 (int)strcspn(self->channel, "."), self->channel);
}

FIXTURE_TEARDOWN(clients)
{
	EXPECT_TRUE(remote_offline(self->remote));
	EXPECT_EQ(0, kmsg_splats(self->kmsg));
	close(self->kmsg);
}

/* As they write: with the NUL at the end. */
static int write_with_nul(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	ssize_t ret;

	if (fd < 0)
		return -errno;
	ret = write(fd, text, strlen(text) + 1);
	close(fd);
	return ret < 0 ? -errno : 0;
}

/* The only link of a freshly booted board has this name, and the demos know no other. */
TEST_F_TIMEOUT(clients, first_link, TEST_GUARD_S)
{
	EXPECT_STREQ("virtio0", self->virtio);
	EXPECT_EQ(self->dst, strtoll(strrchr(self->channel, '.') + 1, NULL, 10));
}

/* The entry of the control device, as the demos look for it. */
static bool find_ctrl(const char *virtio, char *name, size_t size)
{
	char path[PATH_MAX];
	struct dirent *entry;
	bool found = false;
	DIR *dir;

	snprintf(path, sizeof(path), BUS_DIR "/devices/%s.rpmsg_ctrl.0.0/rpmsg/", virtio);
	dir = opendir(path);
	while (dir && !found && (entry = readdir(dir))) {
		found = !strncmp(entry->d_name, "rpmsg_ctrl", strlen("rpmsg_ctrl"));
		if (found)
			snprintf(name, size, "%.32s", entry->d_name);
	}
	if (dir)
		closedir(dir);
	return found;
}

/* Below the control device in sysfs. Return: N of rpmsgN, or -1. */
static int find_below(const char *ctrl, const char *name)
{
	char path[128], text[64];

	for (int i = 0; i < 128; i++) {
		snprintf(path, sizeof(path), "/sys/class/rpmsg/%.32s/rpmsg%d/name", ctrl, i);
		if (read_text(path, text, sizeof(text)) > 0 &&
		    !strncmp(text, name, strlen(name)))
			return i;
	}
	return -1;
}

/* What each run of a demo does at the control device. Return: N of rpmsgN that it finds then. */
static int run_demo(const char *ctrl, __s64 dst)
{
	struct rpmsg_endpoint_info info = { .name = DEMO_CHANNEL, .src = 0, .dst = dst };
	char path[64];
	int fd, ret;

	snprintf(path, sizeof(path), "/dev/%.32s", ctrl);
	if (!wait_until(!access(path, F_OK)))
		return -1;
	fd = open(path, O_RDWR | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0)
		return -1;
	ret = ioctl(fd, RPMSG_CREATE_EPT_IOCTL, &info);
	close(fd);
	return ret ? -1 : find_below(ctrl, DEMO_CHANNEL);
}

/* echo_test, mat_mul_demo, proxy_app: bind by override, source address 0, never destroyed. */
TEST_F_TIMEOUT(clients, openamp_demos, TEST_GUARD_S)
{
	char path[PATH_MAX], text[64], ctrl[64];
	int fd, index, first = -1;

	snprintf(path, sizeof(path), BUS_DIR "/devices/%s/driver_override", self->channel);
	ASSERT_LT(0, read_text(path, text, sizeof(text)));
	EXPECT_STREQ("(null)", text);
	ASSERT_EQ(0, write_with_nul(path, "rpmsg_chrdev"));
	ASSERT_EQ(0, write_with_nul(BUS_DIR "/drivers/rpmsg_chrdev/bind", self->channel));
	ASSERT_LT(0, read_text(path, text, sizeof(text)));
	EXPECT_STREQ("rpmsg_chrdev", text);
	ASSERT_TRUE(find_ctrl(self->virtio, ctrl, sizeof(ctrl)));

	/* Each run leaves a device, and the next one finds the first again. */
	for (int i = 0; i < 3; i++) {
		index = run_demo(ctrl, self->dst);
		ASSERT_LE(0, index);
		first = i ? first : index;
		EXPECT_EQ(first, index);
		snprintf(path, sizeof(path), "/dev/rpmsg%d", index);
		ASSERT_TRUE(wait_until((fd = open(path, O_RDWR | O_NONBLOCK | O_CLOEXEC)) >= 0));
		for (unsigned int len = 17; len <= 488; len += 157)
			EXPECT_EQ(0, echo_once(fd, len, len));
		close(fd);
	}
}

/* proxy_app: says who it is, then takes whatever comes with a large buffer, and never sleeps. */
TEST_F_TIMEOUT(clients, proxy, TEST_GUARD_S)
{
	static const char hello[] = "init_msg";
	int ctrl = rpmsg_open(self->remote, NULL, 0);
	const __u32 shutdown = 0xef56a55a;
	__u64 end = now_ms() + HANG_GUARD_S * 1000ull;
	char buf[512];
	ssize_t len;
	int fd;

	ASSERT_LE(0, ctrl);
	ASSERT_EQ(0, endpoint_create(ctrl, DEMO_CHANNEL, 0, self->dst));
	fd = rpmsg_open(self->remote, DEMO_CHANNEL, O_NONBLOCK);
	ASSERT_LE(0, fd);
	ASSERT_EQ(sizeof(hello), write(fd, hello, sizeof(hello)));
	while ((len = read(fd, buf, sizeof(buf))) < 0 && errno == EAGAIN && now_ms() < end)
		;
	ASSERT_EQ(sizeof(hello), len);
	EXPECT_STREQ(hello, buf);
	/* As large as it gets, and what it writes beyond that is refused, not cut. */
	memset(buf, 'x', sizeof(buf));
	EXPECT_EQ(-1, write(fd, buf, sizeof(buf)));
	EXPECT_EQ(EMSGSIZE, errno);
	EXPECT_EQ(PAYLOAD_MAX, write(fd, buf, PAYLOAD_MAX));
	while ((len = read(fd, buf, sizeof(buf))) < 0 && errno == EAGAIN && now_ms() < end)
		;
	EXPECT_EQ(PAYLOAD_MAX, len);
	EXPECT_EQ(sizeof(shutdown), write(fd, &shutdown, sizeof(shutdown)));
	close(fd);
	close(ctrl);
}

/* rpmsg-utils: their own definitions of the requests, with numbers and sizes as they are. */
TEST_F_TIMEOUT(clients, numbers_of_requests, TEST_GUARD_S)
{
	struct {
		char name[32];
		__u32 src, dst;
	} info = { .name = "ping", .src = 2000, .dst = self->dst };
	int ctrl = rpmsg_open(self->remote, NULL, 0);
	int before = channel_count(self->remote);
	int fd;

	ASSERT_LE(0, ctrl);
	ASSERT_EQ(0, ioctl(ctrl, _IOW(0xb5, 1, info), &info));
	fd = rpmsg_open(self->remote, "ping", 0);
	ASSERT_LE(0, fd);
	for (unsigned int i = 0; i < 10; i++)
		EXPECT_EQ(0, echo_once(fd, 4, i));
	EXPECT_EQ(0, ioctl(fd, _IO(0xb5, 2)));
	close(fd);
	EXPECT_EQ(0, ioctl(ctrl, _IOW(0xb5, 3, info), &info));
	EXPECT_EQ(before + 1, channel_count(self->remote));
	EXPECT_EQ(0, ioctl(ctrl, _IOW(0xb5, 4, info), &info));
	EXPECT_EQ(before, channel_count(self->remote));
	close(ctrl);
}

/* Goes from a directory to the one below it whose name begins so; links do not count. */
static bool descend(char *path, size_t size, const char *prefix)
{
	DIR *dir = opendir(path);
	size_t len = strlen(path);
	struct dirent *entry;
	bool found = false;
	struct stat stat;

	while (dir && !found && (entry = readdir(dir))) {
		if (strncmp(entry->d_name, prefix, strlen(prefix)))
			continue;
		snprintf(path + len, size - len, "/%s", entry->d_name);
		found = !lstat(path, &stat) && S_ISDIR(stat.st_mode);
	}
	if (!found)
		path[len] = '\0';
	if (dir)
		closedir(dir);
	return found;
}

/* ti-rpmsg-char: a source address that is a number, and directories that are no links. */
TEST_F_TIMEOUT(clients, ti_library, TEST_GUARD_S)
{
	int ctrl = rpmsg_open(self->remote, NULL, 0);
	char node[64], path[PATH_MAX], text[64];
	int fd;

	ASSERT_LE(0, ctrl);
	ASSERT_EQ(0, endpoint_create(ctrl, "rpmsg-char-1", RPMSG_ADDR_ANY, self->dst));
	ASSERT_TRUE(rpmsg_node(self->remote, "rpmsg-char-1", node, sizeof(node)));
	fd = rpmsg_open(self->remote, "rpmsg-char-1", 0);
	ASSERT_LE(0, fd);
	snprintf(path, sizeof(path), "/sys/class/rpmsg/%s/src", strrchr(node, '/') + 1);
	ASSERT_LT(0, read_text(path, text, sizeof(text)));
	EXPECT_LT(0, strtol(text, NULL, 10));
	EXPECT_EQ(0, echo_once(fd, 100, 1));
	close(fd);
	close(ctrl);

	/* It knows the device of the remote, and finds its way down from there. */
	ASSERT_NE(NULL, realpath(self->remote->sysfs, path));
	snprintf(text, sizeof(text), "remoteproc%d#vdev0buffer", self->remote->index);
	EXPECT_TRUE(descend(path, sizeof(path), "rproc-virtio") ||
		    descend(path, sizeof(path), text));
	EXPECT_TRUE(descend(path, sizeof(path), self->virtio));
	snprintf(text, sizeof(text), "%s.rpmsg_ctrl.0.0", self->virtio);
	EXPECT_TRUE(descend(path, sizeof(path), text));
	EXPECT_TRUE(descend(path, sizeof(path), "rpmsg"));
	EXPECT_TRUE(descend(path, sizeof(path), "rpmsg_ctrl")) {
		TH_LOG("from %s", path);
	}
}

/* rpmsgfs-server: source address 1024, whatever ran before, O_APPEND, and a large buffer. */
TEST_F_TIMEOUT(clients, file_server, TEST_GUARD_S)
{
	static const char hello[16] = "\0\0\0\0HELLO.......";
	int ctrl = rpmsg_open(self->remote, NULL, 0);
	char buf[2000];
	int other, fd;

	ASSERT_LE(0, ctrl);
	ASSERT_EQ(0, endpoint_create(ctrl, "earlier", RPMSG_ADDR_ANY, self->dst));
	other = rpmsg_open(self->remote, "earlier", 0);
	ASSERT_LE(0, other);
	ASSERT_EQ(0, endpoint_create(ctrl, "rpmsgfs", 1024, self->dst));
	fd = rpmsg_open(self->remote, "rpmsgfs", O_APPEND);
	ASSERT_LE(0, fd);
	ASSERT_EQ(16, write(fd, hello, 16));
	ASSERT_EQ(16, read(fd, buf, sizeof(buf)));
	EXPECT_EQ(0, memcmp(hello, buf, 16));
	close(fd);
	close(other);
	close(ctrl);
}

/* rpmsg_export_dev: "-1" for any address, a channel that the remote is told of, and its end. */
TEST_F_TIMEOUT(clients, export_tools, TEST_GUARD_S)
{
	struct rpmsg_endpoint_info info = {
		.name = "rpmsg-tty", .src = 257, .dst = strtoul("-1", NULL, 10),
	};
	int ctrl = rpmsg_open(self->remote, NULL, 0);
	int before = channel_count(self->remote);
	char path[64];

	ASSERT_LE(0, ctrl);
	ASSERT_EQ(0, ioctl(ctrl, RPMSG_CREATE_DEV_IOCTL, &info));
	EXPECT_EQ(before + 1, channel_count(self->remote));
	EXPECT_TRUE(tty_node(self->remote, "rpmsg-tty", path, sizeof(path)));
	EXPECT_EQ(0, ioctl(ctrl, RPMSG_RELEASE_DEV_IOCTL, &info));
	EXPECT_EQ(before, channel_count(self->remote));
	EXPECT_TRUE(wait_until(access(path, F_OK)));
	close(ctrl);
}

TEST_HARNESS_MAIN
