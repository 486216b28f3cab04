// SPDX-License-Identifier: GPL-2.0-only
/*
 * The control device under programs that ask for much, or for odd things: endpoints that are only a
 * descriptor, limits, and control devices that remove each other. Its plain use is in control.c.
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
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/wait.h>

#include <amp/rpmsg.h>

#include "harness.h"

#define BUS_DIR		"/sys/bus/rpmsg"
#define PARAMETERS	"/sys/module/rpmsg_ctrl/parameters/"

FIXTURE(ctrl)
{
	struct remote remotes[REMOTES_MAX];
	const struct remote *remote;
	int kmsg, ctrl;
	__s64 dst;
};

FIXTURE_SETUP(ctrl)
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

FIXTURE_TEARDOWN(ctrl)
{
	EXPECT_TRUE(remote_offline(self->remote));
	close(self->ctrl);
	EXPECT_EQ(0, kmsg_splats(self->kmsg));
	close(self->kmsg);
}

static int open_files(void)
{
	DIR *dir = opendir("/proc/self/fd");
	int count = 0;

	while (dir && readdir(dir))
		count++;
	if (dir)
		closedir(dir);
	return count;
}

static struct rpmsg_endpoint_fd_info request(__s64 dst, __u32 flags)
{
	return (struct rpmsg_endpoint_fd_info) {
		.name = "descriptor", .src = RPMSG_ADDR_ANY, .dst = dst, .flags = flags, .fd = -1,
	};
}

TEST_F_TIMEOUT(ctrl, descriptor, TEST_GUARD_S)
{
	struct rpmsg_endpoint_fd_info info = request(self->dst, O_RDWR | O_CLOEXEC);
	struct rpmsg_endpoint_fd_info taken;
	char path[64];

	ASSERT_EQ(0, ioctl(self->ctrl, RPMSG_CREATE_EPT_FD_IOCTL, &info));
	ASSERT_LE(0, info.fd);
	EXPECT_LE(1025, info.src);
	EXPECT_EQ(FD_CLOEXEC, fcntl(info.fd, F_GETFD));
	for (unsigned int i = 0; i < 20; i++)
		ASSERT_EQ(0, echo_once(info.fd, i * 20, i));

	/* The address is in use until the descriptor is closed. */
	taken = request(self->dst, O_RDWR);
	taken.src = info.src;
	EXPECT_EQ(-1, ioctl(self->ctrl, RPMSG_CREATE_EPT_FD_IOCTL, &taken));
	EXPECT_EQ(EINVAL, errno);
	ASSERT_EQ(0, close(info.fd));
	EXPECT_EQ(0, ioctl(self->ctrl, RPMSG_CREATE_EPT_FD_IOCTL, &taken));
	EXPECT_EQ(0, echo_once(taken.fd, 16, 1));

	/* Nothing of it is in /dev. */
	snprintf(path, sizeof(path), "/sys/class/rpmsg/rpmsg1");
	EXPECT_EQ(-1, access(path, F_OK));

	EXPECT_EQ(0, ioctl(taken.fd, RPMSG_DESTROY_EPT_IOCTL));
	EXPECT_EQ(-1, ioctl(taken.fd, RPMSG_DESTROY_EPT_IOCTL));
	EXPECT_EQ(EPIPE, errno);
	EXPECT_EQ(-EPIPE, echo_once(taken.fd, 16, 2));
	close(taken.fd);
}

TEST_F_TIMEOUT(ctrl, descriptor_flags, TEST_GUARD_S)
{
	struct rpmsg_endpoint_fd_info info = request(self->dst, O_RDONLY | O_NONBLOCK);
	int before = open_files();
	char buf[16];
	void *page;

	ASSERT_EQ(0, ioctl(self->ctrl, RPMSG_CREATE_EPT_FD_IOCTL, &info));
	EXPECT_EQ(0, fcntl(info.fd, F_GETFD));
	EXPECT_EQ(-1, write(info.fd, buf, 1));
	EXPECT_EQ(EBADF, errno);
	EXPECT_EQ(-1, read(info.fd, buf, sizeof(buf)));
	EXPECT_EQ(EAGAIN, errno);
	close(info.fd);

	info = request(self->dst, O_RDWR | O_APPEND);
	EXPECT_EQ(-1, ioctl(self->ctrl, RPMSG_CREATE_EPT_FD_IOCTL, &info));
	EXPECT_EQ(EINVAL, errno);
	/* Neither reading, nor writing, nor both. */
	info = request(self->dst, O_ACCMODE);
	EXPECT_EQ(-1, ioctl(self->ctrl, RPMSG_CREATE_EPT_FD_IOCTL, &info));
	EXPECT_EQ(EINVAL, errno);
	EXPECT_EQ(-1, ioctl(self->ctrl, RPMSG_CREATE_EPT_FD_IOCTL, NULL));
	EXPECT_EQ(EFAULT, errno);

	/* The answer cannot be stored: nothing may be left behind. */
	page = mmap(NULL, getpagesize(), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
		    -1, 0);
	ASSERT_NE(MAP_FAILED, page);
	info = request(self->dst, O_RDWR);
	info.src = 99;
	memcpy(page, &info, sizeof(info));
	ASSERT_EQ(0, mprotect(page, getpagesize(), PROT_READ));
	for (int i = 0; i < 3; i++) {
		EXPECT_EQ(-1, ioctl(self->ctrl, RPMSG_CREATE_EPT_FD_IOCTL, page));
		EXPECT_EQ(EFAULT, errno);
	}
	munmap(page, getpagesize());
	EXPECT_EQ(before, open_files());
	EXPECT_EQ(0, ioctl(self->ctrl, RPMSG_CREATE_EPT_FD_IOCTL, &info));
	close(info.fd);
}

/* Some with something to read, one with somebody who waits; all end with the remote. */
TEST_F_TIMEOUT(ctrl, descriptors_end_with_the_remote, TEST_GUARD_S)
{
	struct rpmsg_endpoint_fd_info info[8];
	struct pollfd pfd = { .events = POLLIN };
	char buf[16];
	int status;
	pid_t child;

	for (int i = 0; i < 8; i++) {
		info[i] = request(self->dst, O_RDWR);
		ASSERT_EQ(0, ioctl(self->ctrl, RPMSG_CREATE_EPT_FD_IOCTL, &info[i]));
		ASSERT_EQ(0, echo_once(info[i].fd, 16, i));
	}
	child = fork();
	ASSERT_LE(0, child);
	if (!child)
		_exit(read(info[0].fd, buf, sizeof(buf)) < 0 ? errno : 0);
	close(info[7].fd);

	ASSERT_EQ(0, remote_set(self->remote, "state", "stop"));
	ASSERT_EQ(child, waitpid(child, &status, 0));
	EXPECT_EQ(EPIPE, WEXITSTATUS(status));
	for (int i = 0; i < 7; i++) {
		pfd.fd = info[i].fd;
		EXPECT_EQ(1, poll(&pfd, 1, 0));
		EXPECT_EQ(POLLHUP | POLLERR, pfd.revents);
		EXPECT_EQ(-1, write(info[i].fd, buf, 1));
		EXPECT_EQ(EPIPE, errno);
	}
	EXPECT_EQ(-1, ioctl(self->ctrl, RPMSG_CREATE_EPT_FD_IOCTL, &info[0]));
	EXPECT_EQ(EPIPE, errno);
	for (int i = 0; i < 7; i++)
		close(info[i].fd);
}

/* Requests can be made as long as there is a link; nothing can ever be read. */
TEST_F_TIMEOUT(ctrl, poll, TEST_GUARD_S)
{
	struct pollfd pfd = { .fd = self->ctrl, .events = POLLIN | POLLOUT | POLLPRI };
	struct epoll_event event = { .events = EPOLLIN | EPOLLET };
	int set = epoll_create1(EPOLL_CLOEXEC);
	int status, late;
	pid_t child;

	ASSERT_EQ(1, poll(&pfd, 1, 0));
	EXPECT_EQ(POLLOUT, pfd.revents);
	ASSERT_LE(0, set);
	ASSERT_EQ(0, epoll_ctl(set, EPOLL_CTL_ADD, self->ctrl, &event));
	EXPECT_EQ(0, epoll_wait(set, &event, 1, 0));
	pfd.events = POLLIN;
	EXPECT_EQ(0, poll(&pfd, 1, 0));
	late = dup(self->ctrl);
	ASSERT_LE(0, late);

	child = fork();
	ASSERT_LE(0, child);
	if (!child)
		_exit(poll(&pfd, 1, -1) != 1 || pfd.revents != (POLLHUP | POLLERR));
	ASSERT_TRUE(wait_until(asleep(child)));
	ASSERT_EQ(0, remote_set(self->remote, "state", "stop"));
	ASSERT_TRUE(wait_until(waitpid(child, &status, WNOHANG) == child));
	EXPECT_EQ(0, status);
	ASSERT_EQ(1, epoll_wait(set, &event, 1, 0));
	EXPECT_EQ(EPOLLHUP | EPOLLERR, event.events);
	pfd = (struct pollfd){ .fd = late, .events = POLLOUT };
	ASSERT_EQ(1, poll(&pfd, 1, 0));
	EXPECT_EQ(POLLHUP | POLLERR, pfd.revents);
	close(late);
	close(set);
}

static int make(int ctrl, unsigned long number, const char *name, unsigned int index,
		__s64 dst)
{
	struct rpmsg_endpoint_info info = { .src = RPMSG_ADDR_ANY, .dst = dst };

	if (snprintf(info.name, sizeof(info.name), "%s%u", name, index) >= sizeof(info.name))
		return -ENAMETOOLONG;
	return ioctl(ctrl, number, &info) ? -errno : 0;
}

/* Return: how many of a kind can be made, with the limit set so. */
static int fill_up(int ctrl, unsigned long number, const char *parameter, const char *limit,
		   __s64 dst, int most)
{
	char path[128], before[16];
	int count = 0, ret = 0;

	snprintf(path, sizeof(path), PARAMETERS "%s", parameter);
	if (read_text(path, before, sizeof(before)) < 0 || write_text(path, limit))
		return -1;
	while (count < most && !(ret = make(ctrl, number, parameter, count, dst)))
		count++;
	if (write_text(path, before))
		return -1;
	return ret == -ENOSPC ? count : -1;
}

TEST_F_TIMEOUT(ctrl, limits, TEST_GUARD_S)
{
	int channels = channel_count(self->remote);
	struct rpmsg_endpoint_info info = { .name = "max_channels0", .src = RPMSG_ADDR_ANY };

	/* A channel is seen here before its driver is probed, and counted there afterwards. */
	ASSERT_EQ(0, echo_works(self->remote));
	EXPECT_EQ(5, fill_up(self->ctrl, RPMSG_CREATE_EPT_IOCTL, "max_endpoints", "5",
			     self->dst, 50));
	EXPECT_EQ(0, make(self->ctrl, RPMSG_CREATE_EPT_IOCTL, "more", 0, self->dst));

	EXPECT_EQ(20 - channels, fill_up(self->ctrl, RPMSG_CREATE_DEV_IOCTL, "max_channels", "20",
					 self->dst, 50));
	EXPECT_EQ(20, channel_count(self->remote));
	info.dst = self->dst;
	EXPECT_EQ(0, ioctl(self->ctrl, RPMSG_RELEASE_DEV_IOCTL, &info));
	EXPECT_EQ(19, channel_count(self->remote));
	EXPECT_EQ(0, echo_works(self->remote));
}

/* Those without a node are counted as well, and no longer when they are closed. */
TEST_F_TIMEOUT(ctrl, limit_of_descriptors, TEST_GUARD_S)
{
	struct rpmsg_endpoint_fd_info info = { .name = "few", .dst = self->dst };
	char before[16];
	int fd[3];

	ASSERT_LT(0, read_text(PARAMETERS "max_endpoints", before, sizeof(before)));
	ASSERT_EQ(0, write_text(PARAMETERS "max_endpoints", "3"));
	for (int i = 0; i < 3; i++) {
		info.src = RPMSG_ADDR_ANY;
		EXPECT_EQ(0, ioctl(self->ctrl, RPMSG_CREATE_EPT_FD_IOCTL, &info));
		fd[i] = info.fd;
	}
	info.src = RPMSG_ADDR_ANY;
	EXPECT_EQ(-1, ioctl(self->ctrl, RPMSG_CREATE_EPT_FD_IOCTL, &info));
	EXPECT_EQ(ENOSPC, errno);
	close(fd[1]);
	EXPECT_EQ(0, ioctl(self->ctrl, RPMSG_CREATE_EPT_FD_IOCTL, &info));
	close(info.fd);
	close(fd[0]);
	close(fd[2]);
	EXPECT_EQ(0, write_text(PARAMETERS "max_endpoints", before));
	EXPECT_EQ(0, echo_works(self->remote));
}

/* Name of the rpmsg device of a channel. */
static bool find_channel(const struct remote *remote, const char *name, char *device, size_t size)
{
	DIR *dir = opendir(BUS_DIR "/devices");
	char link[PATH_MAX], target[PATH_MAX], parent[32];
	struct dirent *entry;
	bool found = false;

	snprintf(parent, sizeof(parent), "/remoteproc%d/", remote->index);
	while (dir && !found && (entry = readdir(dir))) {
		snprintf(link, sizeof(link), BUS_DIR "/devices/%s", entry->d_name);
		found = strstr(entry->d_name, name) && realpath(link, target) &&
			strstr(target, parent);
		if (found)
			snprintf(device, size, "%s", entry->d_name);
	}
	if (dir)
		closedir(dir);
	return found;
}

/* Makes a channel a control device. Return: descriptor of it, or a negative errno. */
static int rebind(const struct remote *remote, const char *name)
{
	char device[NAME_MAX + 1], path[PATH_MAX];
	struct dirent *entry;
	DIR *dir;
	int fd = -ENODEV;

	if (!find_channel(remote, name, device, sizeof(device)))
		return -ENOENT;
	write_text(BUS_DIR "/drivers/rpmsg_chrdev/unbind", device);
	snprintf(path, sizeof(path), BUS_DIR "/devices/%s/driver_override", device);
	if (write_text(path, "rpmsg_ctrl"))
		return -EACCES;
	if (write_text(BUS_DIR "/drivers/rpmsg_ctrl/bind", device))
		return -EBUSY;

	snprintf(path, sizeof(path), BUS_DIR "/devices/%s/rpmsg", device);
	dir = opendir(path);
	while (dir && fd < 0 && (entry = readdir(dir))) {
		if (strncmp(entry->d_name, "rpmsg_ctrl", strlen("rpmsg_ctrl")))
			continue;
		snprintf(path, sizeof(path), "/dev/%s", entry->d_name);
		wait_until((fd = open(path, O_RDWR | O_CLOEXEC)) >= 0);
	}
	if (dir)
		closedir(dir);
	return fd;
}

static pid_t release_later(int ctrl, const char *name, int gate)
{
	struct rpmsg_endpoint_info info = { .src = RPMSG_ADDR_ANY, .dst = RPMSG_ADDR_ANY };
	pid_t child = fork();
	char go;

	if (child)
		return child;
	snprintf(info.name, sizeof(info.name), "%s", name);
	if (read(gate, &go, 1) < 0)
		_exit(1);
	_exit(ioctl(ctrl, RPMSG_RELEASE_DEV_IOCTL, &info) ? errno : 0);
}

/* Two control devices remove each other at the same moment: one wins, none waits for ever. */
TEST_F_TIMEOUT(ctrl, mutual_release, 3 * TEST_GUARD_S)
{
	for (unsigned int i = 0; i < scaled(50, 4); i++) {
		int first = rebind(self->remote, DEMO_CHANNEL);
		int second = rebind(self->remote, RAW_CHANNEL);
		int gate[2], status, won = 0;
		pid_t child[2];

		ASSERT_LE(0, first);
		ASSERT_LE(0, second);
		ASSERT_EQ(0, pipe(gate));
		child[0] = release_later(first, RAW_CHANNEL, gate[0]);
		child[1] = release_later(second, DEMO_CHANNEL, gate[0]);
		ASSERT_EQ(2, write(gate[1], "go", 2));
		for (int j = 0; j < 2; j++) {
			pid_t ended;

			ASSERT_TRUE(wait_until((ended = waitpid(child[j], &status, WNOHANG))));
			ASSERT_EQ(child[j], ended);
			won += !WEXITSTATUS(status);
		}
		EXPECT_LE(1, won);
		close(gate[0]);
		close(gate[1]);
		close(first);
		close(second);

		ASSERT_TRUE(remote_offline(self->remote));
		ASSERT_EQ(0, remote_start(self->remote, self->remote->echo));
		ASSERT_LE(0, channel_dst(self->remote, DEMO_CHANNEL));
		ASSERT_LE(0, channel_dst(self->remote, RAW_CHANNEL));
	}
	EXPECT_EQ(0, echo_works(self->remote));
}

TEST_HARNESS_MAIN
