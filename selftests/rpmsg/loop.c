// SPDX-License-Identifier: GPL-2.0-only
/*
 * The bridges on a transport that is not ours: one that tells neither its limits nor when it has
 * room, lends nothing, and refuses with whatever it likes; but that has flow control. The module
 * rpmsg_loop is such a transport, with two devices of each kind that talk to each other.
 *
 * Copyright (c) 2026 linux-amp developers
 */
#include "guest.h"
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
#include <sys/wait.h>
#include <termios.h>

#include <amp/rpmsg.h>
#include <linux/rpmsg.h>
#include <linux/serial.h>

#include "harness.h"

#define CHANNELS	"/sys/devices/rpmsg_loop/"
#define REFUSE		"/sys/module/rpmsg_loop/parameters/refuse"
#define SENDS		"/sys/module/rpmsg_loop/parameters/sends"
#define GUARD_MS	(HANG_GUARD_S * 1000)
/* How long a send of the kernel waits unless it is told otherwise */
#define SEND_MS		15000
#define KEPT_BYTES	"/sys/module/rpmsg_tty/parameters/rx_kept_bytes"

FIXTURE(loop)
{
	int kmsg, here, there;
};

/* Opens the device below a channel, once it is there. Return: descriptor or a negative errno. */
static int open_below(const char *channel, const char *class, int flags)
{
	char path[300];
	struct dirent *entry;
	DIR *dir = NULL;
	int fd = -ENODEV;

	snprintf(path, sizeof(path), CHANNELS "%s/%s", channel, class);
	wait_until((dir = opendir(path)));
	while (dir && fd < 0 && (entry = readdir(dir))) {
		if (entry->d_name[0] == '.')
			continue;
		snprintf(path, sizeof(path), "/dev/%.200s", entry->d_name);
		wait_until((fd = open(path, O_RDWR | O_NOCTTY | O_CLOEXEC | flags)) >= 0);
	}
	if (dir)
		closedir(dir);
	return fd;
}

FIXTURE_SETUP(loop)
{
	static const char *const load[] = { "modprobe", "rpmsg_loop", NULL };

	self->kmsg = kmsg_open();
	ASSERT_LE(0, self->kmsg);
	ASSERT_EQ(0, modules_load());
	if (run(load)) {
		ASSERT_FALSE(demanded("AMP_TOOLS"));
		SKIP(return, "there is no module rpmsg_loop");
	}
	self->here = open_below("rpmsg_loop.rpmsg-raw.100.101", "rpmsg", 0);
	ASSERT_LE(0, self->here);
	self->there = open_below("rpmsg_loop.rpmsg-raw.101.100", "rpmsg", O_NONBLOCK);
	ASSERT_LE(0, self->there);
}

FIXTURE_TEARDOWN(loop)
{
	static const char *const unload[] = { "rmmod", "rpmsg_loop", NULL };
	struct pollfd pfd = { .fd = self->there, .events = POLLIN };

	/* Files stay open: they must not keep the transport, only learn that it is gone. */
	EXPECT_EQ(0, run(unload));
	EXPECT_EQ(1, poll(&pfd, 1, 0));
	EXPECT_EQ(POLLHUP | POLLERR, pfd.revents & (POLLHUP | POLLERR));
	close(self->here);
	close(self->there);
	EXPECT_EQ(0, kmsg_splats(self->kmsg));
	close(self->kmsg);
}

static int events_of(int fd)
{
	struct pollfd pfd = { .fd = fd, .events = POLLIN | POLLOUT | POLLPRI };

	return poll(&pfd, 1, 0) < 0 ? -errno : pfd.revents;
}

TEST_F_TIMEOUT(loop, messages, TEST_GUARD_S)
{
	static char too_long[2 << 20];
	char sent[3000], got[3000];

	EXPECT_EQ(POLLOUT, events_of(self->there));
	EXPECT_EQ(-1, read(self->there, got, sizeof(got)));
	EXPECT_EQ(EAGAIN, errno);
	for (size_t len = 0; len < sizeof(sent); len = len * 2 + 1) {
		pattern((__u8 *)sent, len, len);
		ASSERT_EQ(len, write(self->here, sent, len));
		ASSERT_EQ(POLLIN | POLLOUT, events_of(self->there));
		ASSERT_EQ(len, read(self->there, got, sizeof(got)));
		ASSERT_EQ(0, memcmp(sent, got, len));
	}
	/* No limit is known, so there is one of ours. */
	EXPECT_EQ(-1, write(self->here, too_long, sizeof(too_long)));
	EXPECT_EQ(EMSGSIZE, errno);
	EXPECT_EQ(-1, write(self->here, (void *)-4096L, 16));
	EXPECT_EQ(EFAULT, errno);
}

/* The remote's word about flow control reaches whoever waits, in each way that there is. */
TEST_F_TIMEOUT(loop, flow_control, TEST_GUARD_S)
{
	struct epoll_event event = { .events = EPOLLPRI | EPOLLET };
	int set = epoll_create1(EPOLL_CLOEXEC);
	struct timeval none = { 0 };
	fd_set pri;
	int value;

	if (ioctl(self->here, RPMSG_SET_INCOMING_FLOWCONTROL, 0)) {
		ASSERT_EQ(EOPNOTSUPP, errno);
		ASSERT_EQ(0, ioctl(self->there, RPMSG_GET_OUTGOING_FLOWCONTROL, &value));
		EXPECT_EQ(0, value);
		SKIP(return, "rpmsg of this kernel has no flow control");
	}
	ASSERT_EQ(0, ioctl(self->there, RPMSG_GET_OUTGOING_FLOWCONTROL, &value));
	EXPECT_EQ(0, value);
	EXPECT_EQ(POLLOUT, events_of(self->there));
	ASSERT_EQ(0, epoll_ctl(set, EPOLL_CTL_ADD, self->there, &event));
	EXPECT_EQ(0, epoll_wait(set, &event, 1, 0));

	for (int pause = 1; pause >= 0; pause--) {
		ASSERT_EQ(0, ioctl(self->here, RPMSG_SET_INCOMING_FLOWCONTROL, pause));
		EXPECT_EQ(POLLOUT | POLLPRI, events_of(self->there));
		EXPECT_EQ(POLLOUT, events_of(self->here));
		ASSERT_EQ(1, epoll_wait(set, &event, 1, HANG_GUARD_S * 1000));
		EXPECT_EQ(EPOLLPRI, event.events);
		FD_ZERO(&pri);
		FD_SET(self->there, &pri);
		EXPECT_EQ(1, select(self->there + 1, NULL, NULL, &pri, &none));

		/* Who could not be told has not been told. */
		EXPECT_EQ(-1, ioctl(self->there, RPMSG_GET_OUTGOING_FLOWCONTROL, NULL));
		EXPECT_EQ(EFAULT, errno);
		EXPECT_EQ(POLLOUT | POLLPRI, events_of(self->there));
		ASSERT_EQ(0, ioctl(self->there, RPMSG_GET_OUTGOING_FLOWCONTROL, &value));
		EXPECT_EQ(pause, value);
		EXPECT_EQ(POLLOUT, events_of(self->there));
	}
	close(set);
}

static pid_t later(int fd, unsigned long number, int value)
{
	pid_t child = fork();

	if (!child) {
		usleep(200000);
		_exit(ioctl(fd, number, value) ? errno : 0);
	}
	return child;
}

TEST_F_TIMEOUT(loop, flow_control_wakes, TEST_GUARD_S)
{
	struct pollfd pfd = { .fd = self->there, .events = POLLPRI };
	sigset_t io;
	pid_t child;
	int status;

	if (ioctl(self->here, RPMSG_SET_INCOMING_FLOWCONTROL, 0))
		SKIP(return, "rpmsg of this kernel has no flow control");
	ASSERT_EQ(0, ioctl(self->there, RPMSG_GET_OUTGOING_FLOWCONTROL, &status));
	child = later(self->here, RPMSG_SET_INCOMING_FLOWCONTROL, 1);
	ASSERT_LT(0, child);
	EXPECT_EQ(1, poll(&pfd, 1, HANG_GUARD_S * 1000));
	EXPECT_EQ(POLLPRI, pfd.revents);
	ASSERT_EQ(child, waitpid(child, &status, 0));
	EXPECT_EQ(0, status);

	sigemptyset(&io);
	sigaddset(&io, SIGIO);
	ASSERT_EQ(0, sigprocmask(SIG_BLOCK, &io, NULL));
	ASSERT_EQ(0, fcntl(self->there, F_SETOWN, getpid()));
	ASSERT_EQ(0, fcntl(self->there, F_SETFL, O_ASYNC | O_NONBLOCK));
	ASSERT_EQ(0, ioctl(self->here, RPMSG_SET_INCOMING_FLOWCONTROL, 0));
	EXPECT_EQ(SIGIO, sigwaitinfo(&io, NULL));
}

static int refuse_with(int number)
{
	char text[16];

	snprintf(text, sizeof(text), "%d", number);
	return write_text(REFUSE, text);
}

/* Nobody says when there is room, so writers look for it. */
TEST_F_TIMEOUT(loop, no_room, TEST_GUARD_S)
{
	static const int reasons[] = { ENOMEM, EAGAIN };
	char got[16];
	pid_t child;
	int status;

	for (size_t i = 0; i < ARRAY_SIZE(reasons); i++) {
		ASSERT_EQ(0, refuse_with(reasons[i]));
		EXPECT_EQ(-1, write(self->there, "later", 5));
		EXPECT_EQ(EAGAIN, errno);
		child = fork();
		ASSERT_LE(0, child);
		if (!child)
			_exit(write(self->here, "later", 5) != 5);
		ASSERT_TRUE(wait_until(asleep(child)));
		EXPECT_EQ(POLLOUT, events_of(self->there));
		ASSERT_EQ(0, refuse_with(0));
		ASSERT_EQ(child, waitpid(child, &status, 0));
		EXPECT_EQ(0, status);
		EXPECT_EQ(5, read(self->there, got, sizeof(got)));
	}
	/* Any other answer is the transport's last word. */
	ASSERT_EQ(0, refuse_with(EIO));
	EXPECT_EQ(-1, write(self->here, "never", 5));
	EXPECT_EQ(EIO, errno);
	ASSERT_EQ(0, refuse_with(0));
}

/* One that has room only for a send that waits, as one does that asks the remote for it. */
TEST_F_TIMEOUT(loop, room_for_who_waits, TEST_GUARD_S)
{
	char got[16];

	ASSERT_EQ(0, refuse_with(EBUSY));
	EXPECT_EQ(-1, write(self->there, "now", 3));
	EXPECT_EQ(EAGAIN, errno);
	EXPECT_EQ(3, write(self->here, "now", 3));
	EXPECT_EQ(3, read(self->there, got, sizeof(got)));
	ASSERT_EQ(0, refuse_with(0));
}

/* Return: number of bytes that came, fewer only if nothing does for so long. */
static size_t read_terminal(int fd, char *buf, size_t size, int patience_ms)
{
	struct pollfd pfd = { .fd = fd, .events = POLLIN };
	size_t have = 0;
	ssize_t ret;

	while (have < size && poll(&pfd, 1, patience_ms) == 1) {
		ret = read(fd, buf + have, size - have);
		if (ret <= 0)
			break;
		have += ret;
	}
	return have;
}

/* Nothing is lent, so what a slow reader leaves is copied, and up to its limit nothing is lost. */
TEST_F_TIMEOUT(loop, terminals, TEST_GUARD_S)
{
	const size_t total = 200000;
	int here = open_below("rpmsg_loop.rpmsg-tty.200.201", "tty", 0);
	int there = open_below("rpmsg_loop.rpmsg-tty.201.200", "tty", 0);
	char *sent = malloc(total), *got = calloc(1, total);

	ASSERT_LE(0, here);
	ASSERT_LE(0, there);
	pattern((__u8 *)sent, total, 1);
	for (size_t done = 0; done < total; done += 1000)
		ASSERT_EQ(1000, write(here, sent + done, 1000));
	usleep(200000);
	ASSERT_EQ(total, read_terminal(there, got, total, GUARD_MS));
	EXPECT_EQ(0, memcmp(sent, got, total));

	/* Refused and sent in the end. */
	ASSERT_EQ(0, refuse_with(ENOMEM));
	ASSERT_EQ(1000, write(there, sent, 1000));
	EXPECT_EQ(0, read_terminal(here, got, 1, 200));
	ASSERT_EQ(0, refuse_with(0));
	ASSERT_EQ(1000, read_terminal(here, got, 1000, GUARD_MS));
	EXPECT_EQ(0, memcmp(sent, got, 1000));
	close(here);
	close(there);
	free(sent);
	free(got);
}

/*
 * Writes @total bytes in pieces of @piece to a terminal whose other end is not read until all are
 * on their way. Return: how many were kept, the first of them unchanged, or -1.
 */
static ssize_t keep_unread(size_t total, size_t piece)
{
	int here = open_below("rpmsg_loop.rpmsg-tty.200.201", "tty", 0);
	int there = open_below("rpmsg_loop.rpmsg-tty.201.200", "tty", 0);
	struct serial_icounter_struct before, count = { 0 };
	char *sent = malloc(total), *got = calloc(1, total);
	size_t kept = 0;
	bool good = here >= 0 && there >= 0 && !ioctl(there, TIOCGICOUNT, &before);

	pattern((__u8 *)sent, total, 2);
	for (size_t done = 0; good && done < total; done += piece)
		good = write(here, sent + done, piece) == (ssize_t)piece;
	good = good && !tcdrain(here);
	/* Until everything is accounted for, and what was not lost has been read. */
	good = good && wait_until((kept += read_terminal(there, got + kept, total - kept, 100),
				   !ioctl(there, TIOCGICOUNT, &count) &&
				   count.rx + count.buf_overrun ==
					before.rx + before.buf_overrun + total &&
				   kept == (size_t)(count.rx - before.rx)));
	good = good && !memcmp(sent, got, 16384);
	close(here);
	close(there);
	free(sent);
	free(got);
	return good ? (ssize_t)kept : -1;
}

/*
 * What is more than the tty core takes, and than there is to be memory for, is lost, and counted;
 * what comes first is not. Half of the memory is what is in the messages, at least, however short
 * they are.
 */
TEST_F_TIMEOUT(loop, terminal_that_nobody_reads, 2 * TEST_GUARD_S)
{
	const ssize_t all = 400000, all_short = 100000;
	char before[16];
	ssize_t kept;

	ASSERT_LT(0, read_text(KEPT_BYTES, before, sizeof(before)));
	ASSERT_EQ(0, write_text(KEPT_BYTES, "65536"));
	kept = keep_unread(all, 1000);
	EXPECT_LE(32768, kept);
	EXPECT_GT(all, kept);
	kept = keep_unread(all_short, 1);
	EXPECT_LE(32768, kept);
	EXPECT_GT(all_short, kept);
	ASSERT_EQ(0, write_text(KEPT_BYTES, before));
}

/* Return: @driver has a device that has @name in its own. */
static bool drives(const char *driver, const char *name)
{
	char path[128];
	struct dirent *entry;
	bool found = false;
	DIR *dir;

	snprintf(path, sizeof(path), "/sys/bus/rpmsg/drivers/%s", driver);
	dir = opendir(path);
	while (dir && (entry = readdir(dir)))
		found |= !!strstr(entry->d_name, name);
	if (dir)
		closedir(dir);
	return found;
}

/* The module is also a driver that sends nothing, through the transport that is ours. */
TEST_F_TIMEOUT(loop, message_of_nothing, TEST_GUARD_S)
{
	struct rpmsg_endpoint_info info = { .name = "rpmsg-loop-empty", .src = RPMSG_ADDR_ANY };
	struct remote remotes[REMOTES_MAX];
	int ctrl;

	ASSERT_LT(0, remotes_find(remotes));
	ASSERT_TRUE(remote_offline(&remotes[0]));
	ASSERT_EQ(0, remote_start(&remotes[0], remotes[0].echo));
	ctrl = rpmsg_open(&remotes[0], NULL, 0);
	ASSERT_LE(0, ctrl);
	info.dst = channel_dst(&remotes[0], RAW_CHANNEL);
	ASSERT_EQ(0, ioctl(ctrl, RPMSG_CREATE_DEV_IOCTL, &info));
	/* It is bound when that is done, and if it could send. */
	EXPECT_TRUE(drives("rpmsg_loop_empty", info.name));
	EXPECT_EQ(0, echo_works(&remotes[0]));
	close(ctrl);
	EXPECT_TRUE(remote_offline(&remotes[0]));
}

/* How each attempt of its other driver has ended, see the module. */
struct sends {
	int too_long, without, waiting, waited_ms, gone;
};

static bool read_sends(struct sends *sends)
{
	char text[128];

	return read_text(SENDS, text, sizeof(text)) > 0 &&
	       sscanf(text, "%d,%d,%d,%d,%d", &sends->too_long, &sends->without, &sends->waiting,
		      &sends->waited_ms, &sends->gone) == 5;
}

/* What a driver in the kernel is told when the remote keeps all that it gets, and goes away. */
TEST_F_TIMEOUT(loop, full_ring, TEST_GUARD_S)
{
	struct rpmsg_endpoint_info info = { .name = "rpmsg-loop-full", .src = RPMSG_ADDR_ANY };
	char vdev[NAME_MAX + 1], path[PATH_MAX];
	struct remote remotes[REMOTES_MAX];
	struct sends sends = { 0 };
	int ctrl;

	ASSERT_LT(0, remotes_find(remotes));
	ASSERT_TRUE(remote_offline(&remotes[0]));
	ASSERT_EQ(0, remote_start(&remotes[0], firmware_of(&remotes[0], "flood")));
	ctrl = rpmsg_open(&remotes[0], NULL, 0);
	ASSERT_LE(0, ctrl);
	info.dst = channel_dst(&remotes[0], RAW_CHANNEL);
	ASSERT_TRUE(link_vdev(&remotes[0], vdev, sizeof(vdev)));
	snprintf(path, sizeof(path), VIRTIO_DEVICES "/%s/send_timeout_ms", vdev);
	ASSERT_EQ(0, write_text(path, "200"));

	ASSERT_EQ(0, ioctl(ctrl, RPMSG_CREATE_DEV_IOCTL, &info));
	ASSERT_TRUE(drives("rpmsg_loop_full", info.name));
	ASSERT_TRUE(read_sends(&sends));
	EXPECT_EQ(-EMSGSIZE, sends.too_long);
	EXPECT_EQ(-ENOMEM, sends.without);
	EXPECT_EQ(-ETIMEDOUT, sends.waiting);
	EXPECT_LE(190, sends.waited_ms);
	EXPECT_GT(SEND_MS, sends.waited_ms);
	EXPECT_EQ(1, link_counter(vdev, "tx_timeouts"));
	EXPECT_LT(0, link_counter(vdev, "tx_no_buf"));

	close(ctrl);
	EXPECT_TRUE(remote_offline(&remotes[0]));
	ASSERT_TRUE(read_sends(&sends));
	EXPECT_EQ(-EPIPE, sends.gone);
}

TEST_HARNESS_MAIN
