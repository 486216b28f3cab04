// SPDX-License-Identifier: GPL-2.0-only
/*
 * Modules, drivers and channels that somebody wants to remove while programs wait in calls on open
 * files: either they are not removed, or the calls end, with EPIPE or a hangup. Those that are told
 * of the end of the whole remote are in survive.c and char.c.
 *
 * The remote runs the terminals' firmware and takes nothing, see backlog.h, so writers wait, too.
 *
 * Copyright (c) 2026 linux-amp developers
 */
#include "guest.h"
#include "backlog.h"
#include "channel.h"
#include "kmsg.h"
#include "link.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/select.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>

#include <amp/rpmsg.h>
#include <linux/rpmsg.h>

#include "harness.h"

#define BUS_DIR		"/sys/bus/rpmsg/"
#define RAW_ADDR	1025
/* Nobody's patience ends before the test does. */
#define PATIENCE_MS	"3600000"

/* The calls that wait on an endpoint, and one that waits on the control device. */
enum { READ, READV, POLL, SELECT, EPOLL, WRITE, WRITEV, CREATE, CALLS };

FIXTURE(removal)
{
	struct remote remotes[REMOTES_MAX];
	const struct remote *remote;
	char vdev[NAME_MAX + 1];
	int kmsg, ctrl, fd, full;
	pid_t caller[CALLS];
};

FIXTURE_SETUP(removal)
{
	char path[PATH_MAX];

	ASSERT_LT(0, remotes_find(self->remotes));
	self->remote = &self->remotes[0];
	ASSERT_TRUE(remote_offline(self->remote));
	self->kmsg = kmsg_open();
	ASSERT_LE(0, self->kmsg);
	ASSERT_EQ(0, remote_start(self->remote, firmware_of(self->remote, "tty")));
	self->ctrl = rpmsg_open(self->remote, NULL, 0);
	ASSERT_LE(0, self->ctrl);
	self->fd = rpmsg_open(self->remote, RAW_CHANNEL, 0);
	ASSERT_LE(0, self->fd);
	ASSERT_TRUE(link_vdev(self->remote, self->vdev, sizeof(self->vdev)));
	snprintf(path, sizeof(path), VIRTIO_DEVICES "/%s/send_timeout_ms", self->vdev);
	ASSERT_EQ(0, write_text(path, PATIENCE_MS));
	self->full = -1;
}

FIXTURE_TEARDOWN(removal)
{
	EXPECT_TRUE(remote_offline(self->remote));
	close(self->full);
	close(self->fd);
	close(self->ctrl);
	EXPECT_EQ(0, remote_start(self->remote, self->remote->echo));
	EXPECT_EQ(0, echo_works(self->remote));
	EXPECT_TRUE(remote_offline(self->remote));
	EXPECT_EQ(0, kmsg_splats(self->kmsg));
	close(self->kmsg);
}

static int create_channel(int ctrl, __u32 src)
{
	struct rpmsg_endpoint_info info = { .name = RAW_CHANNEL, .src = src, .dst = RAW_ADDR };

	return ioctl(ctrl, RPMSG_CREATE_DEV_IOCTL, &info);
}

static int release_channel(int ctrl, const char *name, __u32 src)
{
	struct rpmsg_endpoint_info info = { .src = src, .dst = RPMSG_ADDR_ANY };

	snprintf(info.name, sizeof(info.name), "%s", name);
	return ioctl(ctrl, RPMSG_RELEASE_DEV_IOCTL, &info);
}

static int create_fd(int ctrl)
{
	struct rpmsg_endpoint_fd_info info = {
		.name = "late", .src = RPMSG_ADDR_ANY, .dst = RAW_ADDR, .flags = O_RDWR,
	};

	return ioctl(ctrl, RPMSG_CREATE_EPT_FD_IOCTL, &info);
}

static int wait_in_call(unsigned int which, int fd, int ctrl)
{
	struct pollfd pfd = { .fd = fd, .events = POLLIN };
	struct epoll_event event = { .events = EPOLLIN };
	char text[64] = "";
	struct iovec vector = { text, sizeof(text) };
	int set;
	fd_set in;

	switch (which) {
	case READ:
		return read(fd, text, sizeof(text));
	case READV:
		return readv(fd, &vector, 1);
	case POLL:
		return poll(&pfd, 1, -1);
	case SELECT:
		FD_ZERO(&in);
		FD_SET(fd, &in);
		return select(fd + 1, &in, NULL, NULL, NULL);
	case EPOLL:
		set = epoll_create1(EPOLL_CLOEXEC);
		epoll_ctl(set, EPOLL_CTL_ADD, fd, &event);
		return epoll_wait(set, &event, 1, -1);
	case WRITE:
		return write(fd, text, sizeof(text));
	case WRITEV:
		return writev(fd, &vector, 1);
	default:
		/* The remote cannot be told of it. */
		return create_channel(ctrl, 3000);
	}
}

/* Return: false if one of those who shall wait in a call does not get there. */
static bool all_call(pid_t *caller, int fd, int ctrl)
{
	for (unsigned int which = 0; which < CALLS; which++) {
		caller[which] = IN_CHILD(wait_in_call(which, fd, ctrl));
		if (caller[which] < 0 || !wait_until(asleep(caller[which]))) {
			printf("# call %u does not wait\n", which);
			return false;
		}
	}
	return true;
}

static bool all_wait(const pid_t *caller)
{
	for (unsigned int which = 0; which < CALLS; which++) {
		if (has_ended(caller[which])) {
			printf("# call %u has ended\n", which);
			return false;
		}
	}
	return true;
}

/* Return: its exit code, -1 if it did not end by itself. */
static int end_of(pid_t pid)
{
	int status;

	if (!wait_until(has_ended(pid)) || waitpid(pid, &status, 0) != pid || !WIFEXITED(status))
		return -1;
	return WEXITSTATUS(status);
}

/*
 * Those that read or write are told by their errno, those that poll by an event. What becomes of a
 * channel that is just being made depends on how far it has got.
 */
static bool all_told(const pid_t *caller, unsigned int calls)
{
	for (unsigned int which = 0; which < calls; which++) {
		bool polls = which == POLL || which == SELECT || which == EPOLL;
		int code = end_of(caller[which]);

		if (which == CREATE ? code >= 0 : code == (polls ? 0 : EPIPE))
			continue;
		printf("# call %u: %d\n", which, code);
		return false;
	}
	return true;
}

static bool is_dead(int fd)
{
	struct pollfd pfd = { .fd = fd, .events = POLLIN | POLLOUT };
	int bytes;

	return poll(&pfd, 1, 0) == 1 && pfd.revents == (POLLHUP | POLLERR) &&
	       write(fd, "x", 1) < 0 && errno == EPIPE &&
	       !ioctl(fd, FIONREAD, &bytes) && !bytes &&
	       ioctl(fd, RPMSG_SET_INCOMING_FLOWCONTROL, 1) < 0 && errno == EPIPE;
}

/* Ends those who still wait, and the one who makes a channel. */
static void kill_caller(pid_t pid)
{
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

/* Name in sysfs of the rpmsg device of a node. */
static bool device_of(const struct remote *remote, const char *name, char *device, size_t size)
{
	char node[64], path[128], target[PATH_MAX];

	if (!rpmsg_node(remote, name, node, sizeof(node)))
		return false;
	snprintf(path, sizeof(path), "/sys/class/rpmsg/%s/device", strrchr(node, '/') + 1);
	if (!realpath(path, target))
		return false;
	snprintf(device, size, "%s", strrchr(target, '/') + 1);
	return true;
}

/* Whoever asks is refused, whether he would wait or not, and nobody in a call notices. */
TEST_F_TIMEOUT(removal, modules_stay, TEST_GUARD_S)
{
	static const char *const modules[] = { "rpmsg_char", "rpmsg_ctrl" };
	static const int flags[] = { 0, O_NONBLOCK };

	self->full = full(self->remote, self->ctrl);
	ASSERT_LE(0, self->full);
	ASSERT_TRUE(all_call(self->caller, self->fd, self->ctrl));
	for (unsigned int i = 0; i < scaled(200, 20); i++) {
		ASSERT_EQ(-1, syscall(SYS_delete_module, modules[i / 2 % 2], flags[i % 2]));
		ASSERT_EQ(EWOULDBLOCK, errno);
	}
	EXPECT_TRUE(all_wait(self->caller));
	ASSERT_EQ(0, remote_set(self->remote, "state", "stop"));
	EXPECT_TRUE(all_told(self->caller, CALLS));
}

TEST_F_TIMEOUT(removal, driver_is_unbound, TEST_GUARD_S)
{
	char device[NAME_MAX + 1];

	self->full = full(self->remote, self->ctrl);
	ASSERT_LE(0, self->full);
	ASSERT_TRUE(device_of(self->remote, RAW_CHANNEL, device, sizeof(device)));
	ASSERT_TRUE(all_call(self->caller, self->fd, self->ctrl));
	ASSERT_EQ(0, write_text(BUS_DIR "drivers/rpmsg_chrdev/unbind", device));
	EXPECT_TRUE(all_told(self->caller, CREATE));
	EXPECT_TRUE(is_dead(self->fd));
	kill_caller(self->caller[CREATE]);
}

TEST_F_TIMEOUT(removal, channel_is_released, TEST_GUARD_S)
{
	self->full = full(self->remote, self->ctrl);
	ASSERT_LE(0, self->full);
	ASSERT_TRUE(all_call(self->caller, self->fd, self->ctrl));
	kill_caller(self->caller[CREATE]);
	ASSERT_EQ(0, release_channel(self->ctrl, RAW_CHANNEL, RPMSG_ADDR_ANY));
	EXPECT_TRUE(all_told(self->caller, CREATE));
	EXPECT_TRUE(is_dead(self->fd));
}

/*
 * The remote takes leave of the channel, by the name service. It cannot before it has a buffer to
 * say so in, and gets none before somebody reads.
 */
TEST_F_TIMEOUT(removal, remote_ends_its_channel, TEST_GUARD_S)
{
	int paused = endpoint(self->remote, self->ctrl, "paused", RAW_ADDR, 0);
	char text[16] = "";

	ASSERT_LE(0, paused);
	if (ioctl(paused, RPMSG_SET_INCOMING_FLOWCONTROL, 1)) {
		ASSERT_EQ(EOPNOTSUPP, errno);
		SKIP(return, "this transport cannot make the remote wait");
	}
	ASSERT_EQ(0, order(self->remote, self->ctrl, "leave"));
	ASSERT_EQ(0, order(self->remote, self->ctrl, NEVER));
	for (int i = 0; i < BUFFERS; i++)
		ASSERT_EQ(sizeof(text), write(paused, text, sizeof(text)));
	self->full = take_all(self->remote, self->ctrl);
	ASSERT_LE(0, self->full);
	ASSERT_TRUE(all_call(self->caller, self->fd, self->ctrl));
	EXPECT_TRUE(all_wait(self->caller));

	ASSERT_EQ(sizeof(text), read(paused, text, sizeof(text)));
	EXPECT_TRUE(all_told(self->caller, CREATE));
	EXPECT_TRUE(is_dead(self->fd));
	kill_caller(self->caller[CREATE]);
	/* It was the channel that went, not what others have. */
	EXPECT_EQ(sizeof(text), read(paused, text, sizeof(text)));
	close(paused);
}

/*
 * A remote is not asked whether it has noticed that its driver has gone. If it is at work on the
 * ring then, and this one always is, the next driver's ring may get what belongs to the last one's.
 */
static bool has_noticed(const struct remote *remote, unsigned int times)
{
	static const char word[] = "driver gone";
	char text[4096], *at = text;
	unsigned int found = 0;

	if (remote_trace(remote, text, sizeof(text)) < 0)
		return false;
	for (; (at = strstr(at, word)); at += strlen(word))
		found++;
	return found >= times;
}

/* Return: the link works after it was lost, with a remote that was not restarted. */
static int works_again(const struct remote *remote)
{
	int fd = rpmsg_open(remote, RAW_CHANNEL, 0);
	int ret = fd < 0 ? fd : echo_once(fd, 16, 1);

	if (fd >= 0)
		close(fd);
	return ret;
}

TEST_F_TIMEOUT(removal, link_is_unbound, TEST_GUARD_S)
{
	self->full = full(self->remote, self->ctrl);
	ASSERT_LE(0, self->full);
	ASSERT_TRUE(all_call(self->caller, self->fd, self->ctrl));
	ASSERT_EQ(0, write_text(VIRTIO_DRIVER "/unbind", self->vdev));
	EXPECT_TRUE(all_told(self->caller, CALLS));
	EXPECT_TRUE(is_dead(self->fd));
	EXPECT_TRUE(is_dead(self->full));
	EXPECT_EQ(-1, create_fd(self->ctrl));
	EXPECT_EQ(EPIPE, errno);
	ASSERT_TRUE(wait_until(has_noticed(self->remote, 1)));
	ASSERT_EQ(0, write_text(VIRTIO_DRIVER "/bind", self->vdev));
	EXPECT_EQ(0, works_again(self->remote));
	EXPECT_TRUE(is_dead(self->fd));
}

/*
 * As who removes a module and loads it again: nobody waits for the remote, which may break the new
 * rings. Then it is recovered. What must not be is silence.
 */
TEST_F_TIMEOUT(removal, link_is_bound_at_once, TEST_GUARD_S)
{
	for (unsigned int i = 0; i < scaled(20, 4); i++) {
		self->full = full(self->remote, self->ctrl);
		ASSERT_LE(0, self->full);
		ASSERT_EQ(0, write_text(VIRTIO_DRIVER "/unbind", self->vdev));
		ASSERT_EQ(0, write_text(VIRTIO_DRIVER "/bind", self->vdev));
		close(self->full);
		self->full = -1;
		ASSERT_TRUE(wait_until(!works_again(self->remote)));
		ASSERT_TRUE(wait_until(link_vdev(self->remote, self->vdev, sizeof(self->vdev))));
		close(self->ctrl);
		self->ctrl = rpmsg_open(self->remote, NULL, 0);
		ASSERT_LE(0, self->ctrl);
		ASSERT_EQ(0, order(self->remote, self->ctrl, "reset"));
	}
}

/* No file holds on to it: it goes, and with it all that it carried. */
TEST_F_TIMEOUT(removal, transport_module_goes, TEST_GUARD_S)
{
	static const char *const load[] = { "modprobe", "virtio_rpmsg_bus", NULL };
	static const int flags[] = { 0, O_NONBLOCK };

	for (size_t i = 0; i < ARRAY_SIZE(flags); i++) {
		self->full = full(self->remote, self->ctrl);
		ASSERT_LE(0, self->full);
		ASSERT_TRUE(all_call(self->caller, self->fd, self->ctrl));
		ASSERT_EQ(0, syscall(SYS_delete_module, "virtio_rpmsg_bus", flags[i]));
		EXPECT_TRUE(all_told(self->caller, CALLS));
		EXPECT_TRUE(is_dead(self->fd));
		EXPECT_TRUE(is_dead(self->full));
		close(self->full);
		close(self->fd);
		close(self->ctrl);

		ASSERT_TRUE(wait_until(has_noticed(self->remote, i + 1)));
		ASSERT_EQ(0, run(load));
		ASSERT_EQ(0, works_again(self->remote));
		self->ctrl = rpmsg_open(self->remote, NULL, 0);
		ASSERT_LE(0, self->ctrl);
		self->fd = rpmsg_open(self->remote, RAW_CHANNEL, 0);
		ASSERT_LE(0, self->fd);
	}
	self->full = -1;
}

/* In a wait that not every signal ends. */
static bool waits_hard(pid_t pid)
{
	char path[64], stat[256], *state;

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	if (read_text(path, stat, sizeof(stat)) < 0)
		return false;
	state = strrchr(stat, ')');
	return state && state[2] == 'D';
}

static bool is_killed(pid_t pid)
{
	int status;

	kill(pid, SIGKILL);
	return wait_until(has_ended(pid)) && waitpid(pid, &status, 0) == pid &&
	       WIFSIGNALED(status);
}

#define FAREWELLS	4

/*
 * The remote is told of the end of a channel that Linux has announced, if there is a buffer in
 * time. That time is short, so it may be over before the program is seen to wait.
 */
TEST_F_TIMEOUT(removal, kill_in_a_farewell, TEST_GUARD_S)
{
	bool killed = false;
	int status;

	for (int i = 0; i < FAREWELLS; i++)
		ASSERT_EQ(0, create_channel(self->ctrl, 3000 + i));
	self->full = full(self->remote, self->ctrl);
	ASSERT_LE(0, self->full);
	for (int i = 0; i < FAREWELLS && !killed; i++) {
		pid_t pid = IN_CHILD(release_channel(self->ctrl, RAW_CHANNEL, 3000 + i));

		ASSERT_TRUE(wait_until(asleep(pid) || has_ended(pid)));
		kill(pid, SIGKILL);
		ASSERT_TRUE(wait_until(has_ended(pid)));
		ASSERT_EQ(pid, waitpid(pid, &status, 0));
		killed = WIFSIGNALED(status);
	}
	if (!killed)
		SKIP(return, "each was over before it was seen to wait");
}

/*
 * A control device loses its driver while a channel is being made through it, which is waited for;
 * other requests wait for both. SIGKILL ends each of the requests, and with the first the rest.
 */
TEST_F_TIMEOUT(removal, control_driver_is_unbound, TEST_GUARD_S)
{
	char device[NAME_MAX + 1];
	pid_t maker, unbinder, late;

	ASSERT_TRUE(device_of(self->remote, NULL, device, sizeof(device)));
	self->full = full(self->remote, self->ctrl);
	ASSERT_LE(0, self->full);
	maker = IN_CHILD(create_channel(self->ctrl, 3000));
	ASSERT_TRUE(wait_until(asleep(maker)));
	unbinder = IN_CHILD(-!!write_text(BUS_DIR "drivers/rpmsg_ctrl/unbind", device));
	ASSERT_TRUE(wait_until(waits_hard(unbinder)));

	late = IN_CHILD(create_fd(self->ctrl));
	ASSERT_TRUE(wait_until(waits_hard(late)));
	EXPECT_TRUE(is_killed(late));
	late = IN_CHILD(create_fd(self->ctrl));
	ASSERT_TRUE(wait_until(waits_hard(late)));
	EXPECT_FALSE(has_ended(unbinder));

	EXPECT_TRUE(is_killed(maker));
	EXPECT_EQ(0, end_of(unbinder));
	EXPECT_EQ(EPIPE, end_of(late));
	/* Those that exist on the channels are none of its business. */
	EXPECT_EQ(-1, write(self->full, "", 1));
	EXPECT_EQ(EPIPE, errno);
	ASSERT_EQ(0, write_text(BUS_DIR "drivers/rpmsg_ctrl/bind", device));
	close(self->ctrl);
	self->ctrl = rpmsg_open(self->remote, NULL, 0);
	ASSERT_LE(0, self->ctrl);
	EXPECT_EQ(0, create_fd(self->ctrl));
}

/* Makes the channel of a node a control device. Return: descriptor of that, or a negative errno. */
static int make_ctrl(const char *device)
{
	char path[PATH_MAX];
	struct dirent *entry;
	int fd = -ENODEV;
	DIR *dir;

	write_text(BUS_DIR "drivers/rpmsg_chrdev/unbind", device);
	snprintf(path, sizeof(path), BUS_DIR "devices/%s/driver_override", device);
	if (write_text(path, "rpmsg_ctrl") || write_text(BUS_DIR "drivers/rpmsg_ctrl/bind", device))
		return -EBUSY;
	snprintf(path, sizeof(path), BUS_DIR "devices/%s/rpmsg", device);
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

/* Programs release channels one at a time: who waits for another one can be killed. */
TEST_F_TIMEOUT(removal, kill_while_another_releases, TEST_GUARD_S)
{
	char device[NAME_MAX + 1];
	pid_t maker, first, second;
	int other;

	ASSERT_TRUE(device_of(self->remote, RAW_CHANNEL, device, sizeof(device)));
	other = make_ctrl(device);
	ASSERT_LE(0, other);
	self->full = full(self->remote, self->ctrl);
	ASSERT_LE(0, self->full);
	maker = IN_CHILD(create_channel(other, 3000));
	ASSERT_TRUE(wait_until(asleep(maker)));
	first = IN_CHILD(release_channel(self->ctrl, RAW_CHANNEL, RPMSG_ADDR_ANY));
	ASSERT_TRUE(wait_until(waits_hard(first)));
	second = IN_CHILD(release_channel(self->ctrl, "rpmsg-tty-7", RPMSG_ADDR_ANY));
	ASSERT_TRUE(wait_until(waits_hard(second)));

	EXPECT_TRUE(is_killed(second));
	EXPECT_FALSE(has_ended(first));
	EXPECT_TRUE(is_killed(maker));
	EXPECT_EQ(0, end_of(first));
	EXPECT_EQ(0, release_channel(self->ctrl, "rpmsg-tty-7", RPMSG_ADDR_ANY));
	close(other);
}

TEST_HARNESS_MAIN
