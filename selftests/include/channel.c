// SPDX-License-Identifier: GPL-2.0-only
/*
 * Finding rpmsg devices in sysfs and exchanging messages. See channel.h.
 *
 * Copyright (c) 2026 linux-amp developers
 */
#include "guest.h"
#include "channel.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>

#include <linux/rpmsg.h>

#define BUS_DIR		"/sys/bus/rpmsg/devices"
#define CLASS_DIR	"/sys/class/rpmsg"
#define TTY_DIR		"/sys/class/tty"

/* Everything a remote announces is a descendant of its remoteprocN directory, or of another. */
static bool belongs_to(const struct remote *remote, const char *dir, const char *entry)
{
	char link[PATH_MAX], target[PATH_MAX];

	snprintf(link, sizeof(link), "%s/%s", dir, entry);
	return realpath(link, target) && strstr(target, remote->links);
}

static bool attr_equals(const char *dir, const char *entry, const char *attr, const char *value)
{
	char path[PATH_MAX], text[64];

	snprintf(path, sizeof(path), "%s/%s/%s", dir, entry, attr);
	return read_text(path, text, sizeof(text)) >= 0 && !strcmp(text, value);
}

static __s64 channel_scan(const struct remote *remote, const char *name)
{
	DIR *dir = opendir(BUS_DIR);
	struct dirent *entry;
	char path[PATH_MAX], text[32];
	__s64 dst = -1;

	while (dir && dst < 0 && (entry = readdir(dir))) {
		if (entry->d_name[0] == '.' || !belongs_to(remote, BUS_DIR, entry->d_name) ||
		    !attr_equals(BUS_DIR, entry->d_name, "name", name))
			continue;
		snprintf(path, sizeof(path), BUS_DIR "/%s/dst", entry->d_name);
		if (read_text(path, text, sizeof(text)) > 0)
			dst = strtoll(text, NULL, 0);
	}

	if (dir)
		closedir(dir);
	return dst;
}

__s64 channel_dst(const struct remote *remote, const char *name)
{
	__s64 dst;

	wait_until((dst = channel_scan(remote, name)) >= 0);
	return dst;
}

int channel_count(const struct remote *remote)
{
	DIR *dir = opendir(BUS_DIR);
	struct dirent *entry;
	int count = 0;

	while (dir && (entry = readdir(dir)))
		count += entry->d_name[0] != '.' && belongs_to(remote, BUS_DIR, entry->d_name);

	if (dir)
		closedir(dir);
	return count;
}

static bool node_scan(const struct remote *remote, const char *name, char *path, size_t size)
{
	DIR *dir = opendir(CLASS_DIR);
	struct dirent *entry;
	bool found = false;

	while (dir && !found && (entry = readdir(dir))) {
		bool ctrl = !strncmp(entry->d_name, "rpmsg_ctrl", strlen("rpmsg_ctrl"));

		if (entry->d_name[0] == '.' || ctrl == !!name ||
		    !belongs_to(remote, CLASS_DIR, entry->d_name) ||
		    (name && !attr_equals(CLASS_DIR, entry->d_name, "name", name)))
			continue;
		snprintf(path, size, "/dev/%s", entry->d_name);
		found = !access(path, F_OK);
	}

	if (dir)
		closedir(dir);
	return found;
}

bool rpmsg_node(const struct remote *remote, const char *name, char *path, size_t size)
{
	return wait_until(node_scan(remote, name, path, size));
}

static bool tty_scan(const struct remote *remote, const char *channel, char *path, size_t size)
{
	DIR *dir = opendir(TTY_DIR);
	struct dirent *entry;
	bool found = false;

	while (dir && !found && (entry = readdir(dir))) {
		if (strncmp(entry->d_name, "ttyRPMSG", strlen("ttyRPMSG")) ||
		    !belongs_to(remote, TTY_DIR, entry->d_name) ||
		    !attr_equals(TTY_DIR, entry->d_name, "device/name", channel))
			continue;
		snprintf(path, size, "/dev/%s", entry->d_name);
		found = !access(path, F_OK);
	}

	if (dir)
		closedir(dir);
	return found;
}

/* The tty core makes the node before what is behind it. */
static bool is_complete(const char *path)
{
	int fd = open(path, O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);

	if (fd < 0)
		return errno != ENXIO;
	close(fd);
	return true;
}

bool tty_node(const struct remote *remote, const char *channel, char *path, size_t size)
{
	return wait_until(tty_scan(remote, channel, path, size) && is_complete(path));
}

int rpmsg_open(const struct remote *remote, const char *name, int flags)
{
	char path[PATH_MAX];
	int fd;

	if (!rpmsg_node(remote, name, path, sizeof(path)))
		return -ENODEV;

	fd = open(path, O_RDWR | O_CLOEXEC | flags);
	return fd < 0 ? -errno : fd;
}

int endpoint_create(int ctrl, const char *name, __u32 src, __u32 dst)
{
	struct rpmsg_endpoint_info info = { .src = src, .dst = dst };

	snprintf(info.name, sizeof(info.name), "%s", name);
	return ioctl(ctrl, RPMSG_CREATE_EPT_IOCTL, &info) ? -errno : 0;
}

void pattern(__u8 *buf, size_t len, unsigned int seed)
{
	for (size_t i = 0; i < len; i++)
		buf[i] = seed * 31 + i * 7 + (i >> 8);
}

bool readable(int fd)
{
	struct pollfd pfd = { .fd = fd, .events = POLLIN };

	return poll(&pfd, 1, HANG_GUARD_S * 1000) == 1 && pfd.revents & POLLIN;
}

int echo_once(int fd, size_t len, unsigned int seed)
{
	/* One byte more than the longest message, so that one that grew is noticed. */
	__u8 sent[PAYLOAD_MAX], got[PAYLOAD_MAX + 1];
	ssize_t ret;

	pattern(sent, len, seed);
	ret = write(fd, sent, len);
	if (ret != (ssize_t)len)
		return ret < 0 ? -errno : -EIO;
	if (!readable(fd))
		return -ETIMEDOUT;

	ret = read(fd, got, sizeof(got));
	if (ret < 0)
		return -errno;
	return ret == (ssize_t)len && !memcmp(sent, got, len) ? 0 : -EBADMSG;
}

int echo_works(const struct remote *remote)
{
	int fd = rpmsg_open(remote, RAW_CHANNEL, 0);
	int ret;

	if (fd < 0)
		return fd;

	ret = echo_once(fd, 32, remote->core);
	close(fd);
	return ret;
}

bool hung_up(int fd)
{
	struct pollfd p = { .fd = fd };

	return wait_until(poll(&p, 1, 0) == 1 && p.revents & (POLLHUP | POLLERR));
}

/* The link may be known to be dead before anything is done about it. */
bool back_again(const struct remote *remote, int old)
{
	return hung_up(old) &&
	       wait_until(remote_is(remote, "running") && !echo_works(remote));
}
