// SPDX-License-Identifier: GPL-2.0-only
/*
 * Everything that can be done on an open /dev/rpmsgN, beyond what echo.c does: requests, signals,
 * vectors, wrong arguments, many files and many threads, and calls that wait for a remote that
 * takes nothing.
 *
 * The remote runs the terminals' firmware: commands go to one of its addresses, data to another,
 * and data can be told not to be taken.
 *
 * Copyright (c) 2026 linux-amp developers
 */
#include "guest.h"
#include "backlog.h"
#include "channel.h"
#include "kmsg.h"
#include "link.h"
#include "stuck.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/select.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>

#include <amp/rpmsg.h>
#include <linux/rpmsg.h>

#include "harness.h"

#define CHRDEV		"/sys/bus/rpmsg/drivers/rpmsg_chrdev/"
/* Unread messages of an endpoint, as long as nobody has changed it. */
#define KEPT		512

FIXTURE(character)
{
	struct remote remotes[REMOTES_MAX];
	const struct remote *remote;
	int kmsg, ctrl, fd;
};

FIXTURE_SETUP(character)
{
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
}

FIXTURE_TEARDOWN(character)
{
	__u64 start = now_ms();

	/* Whatever is still open or waiting, the remote stops at once. */
	EXPECT_TRUE(remote_offline(self->remote));
	EXPECT_GT(HANG_GUARD_S * 1000, now_ms() - start);
	close(self->fd);
	close(self->ctrl);
	EXPECT_EQ(0, kmsg_splats(self->kmsg));
	close(self->kmsg);
}

/* Messages of one link overtake nobody: when this one is back, those before it are. */
static int echo_works_through(const struct remote *remote, int ctrl)
{
	int fd = endpoint(remote, ctrl, "through", 1025, 0);
	int ret = fd < 0 ? fd : echo_once(fd, 16, 1);

	if (fd >= 0)
		close(fd);
	return ret;
}

static ssize_t read_now(int fd, void *to, size_t size)
{
	struct pollfd pfd = { .fd = fd, .events = POLLIN };

	if (poll(&pfd, 1, 0) == 1)
		return read(fd, to, size);
	errno = EAGAIN;
	return -1;
}

/* When its time is up poll() looks once more, which is not what is asked here: was it woken? */
static bool woken_by(int fd, short events)
{
	struct pollfd pfd = { .fd = fd, .events = events };
	__u64 start = now_ms();

	return poll(&pfd, 1, HANG_GUARD_S * 1000) == 1 && pfd.revents == events &&
	       now_ms() - start < HANG_GUARD_S * 1000;
}

static long counter(const struct remote *remote, const char *name, const char *attr)
{
	char node[64], path[160], text[32];

	if (!rpmsg_node(remote, name, node, sizeof(node)))
		return -1;
	snprintf(path, sizeof(path), "/sys/class/rpmsg/%s/statistics/%s",
		 strrchr(node, '/') + 1, attr);
	return read_text(path, text, sizeof(text)) > 0 ? strtol(text, NULL, 10) : -1;
}

TEST_F_TIMEOUT(character, next_length, TEST_GUARD_S)
{
	char buf[PAYLOAD_MAX];
	int len = -1;

	ASSERT_EQ(0, ioctl(self->fd, FIONREAD, &len));
	EXPECT_EQ(0, len);
	ASSERT_EQ(100, write(self->fd, buf, 100));
	ASSERT_TRUE(readable(self->fd));
	ASSERT_EQ(0, ioctl(self->fd, FIONREAD, &len));
	EXPECT_EQ(100, len);
	EXPECT_EQ(100, read(self->fd, buf, sizeof(buf)));
	ASSERT_EQ(0, ioctl(self->fd, FIONREAD, &len));
	EXPECT_EQ(0, len);
	EXPECT_EQ(-1, ioctl(self->fd, FIONREAD, NULL));
	EXPECT_EQ(EFAULT, errno);
}

TEST_F_TIMEOUT(character, truncation_counts, TEST_GUARD_S)
{
	char buf[64] = "a message";
	long before = counter(self->remote, RAW_CHANNEL, "rx_truncated");

	ASSERT_LE(0, before);
	ASSERT_EQ(9, write(self->fd, buf, 9));
	ASSERT_TRUE(readable(self->fd));
	ASSERT_EQ(4, read(self->fd, buf, 4));
	EXPECT_EQ(before + 1, counter(self->remote, RAW_CHANNEL, "rx_truncated"));
	EXPECT_EQ(0, echo_once(self->fd, 8, 1));
	EXPECT_EQ(before + 1, counter(self->remote, RAW_CHANNEL, "rx_truncated"));
}

TEST_F_TIMEOUT(character, vectors, TEST_GUARD_S)
{
	char first[10], second[300], third[1];
	struct iovec out[] = { { "scat", 4 }, { "", 0 }, { "tered", 5 } };
	struct iovec in[] = {
		{ third, 1 }, { first, 3 }, { second, sizeof(second) },
	};

	ASSERT_EQ(9, writev(self->fd, out, 3));
	ASSERT_TRUE(readable(self->fd));
	ASSERT_EQ(9, readv(self->fd, in, 3));
	EXPECT_EQ('s', third[0]);
	EXPECT_EQ(0, memcmp(first, "cat", 3));
	EXPECT_EQ(0, memcmp(second, "tered", 5));
}

TEST_F_TIMEOUT(character, wrong_arguments, TEST_GUARD_S)
{
	size_t page = sysconf(_SC_PAGESIZE);
	char *pages, *edge;

	pages = mmap(NULL, 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	ASSERT_NE(MAP_FAILED, pages);
	ASSERT_EQ(0, munmap(pages + page, page));
	edge = pages + page - 8;

	/* Half of the message is there, half is not. */
	EXPECT_EQ(-1, write(self->fd, edge, 16));
	EXPECT_EQ(EFAULT, errno);
	EXPECT_EQ(-1, write(self->fd, (void *)-4096L, 16));
	EXPECT_EQ(EFAULT, errno);
	EXPECT_EQ(-1, write(self->fd, pages, PAYLOAD_MAX + 1));
	EXPECT_EQ(EMSGSIZE, errno);
	EXPECT_EQ(-1, write(self->fd, pages, 1 << 20));
	EXPECT_EQ(EMSGSIZE, errno);

	/* A message that could not be handed over is still there. */
	ASSERT_EQ(8, write(self->fd, "8 bytes.", 8));
	ASSERT_TRUE(readable(self->fd));
	EXPECT_EQ(-1, read(self->fd, (void *)-4096L, 8));
	EXPECT_EQ(EFAULT, errno);
	EXPECT_EQ(-1, read(self->fd, pages + page - 4, 8));
	EXPECT_EQ(EFAULT, errno);
	ASSERT_EQ(8, read(self->fd, pages, page));
	EXPECT_EQ(0, memcmp(pages, "8 bytes.", 8));
	EXPECT_EQ(0, echo_once(self->fd, PAYLOAD_MAX, 1));
	EXPECT_EQ(0, echo_once(self->fd, 0, 1));
	munmap(pages, page);
}

TEST_F_TIMEOUT(character, requests, TEST_GUARD_S)
{
	int value = -1;

	ASSERT_EQ(0, ioctl(self->fd, RPMSG_GET_OUTGOING_FLOWCONTROL, &value));
	EXPECT_EQ(0, value);
	EXPECT_EQ(-1, ioctl(self->fd, RPMSG_GET_OUTGOING_FLOWCONTROL, NULL));
	EXPECT_EQ(EFAULT, errno);
	EXPECT_EQ(-1, ioctl(self->fd, RPMSG_SET_INCOMING_FLOWCONTROL, 2));
	EXPECT_EQ(EINVAL, errno);
	for (unsigned int number = 0; number < 256; number++) {
		if (number >= 1 && number <= 7)
			continue;
		ASSERT_EQ(-1, ioctl(self->fd, _IO(0xb5, number), NULL));
		ASSERT_EQ(ENOTTY, errno);
		ASSERT_EQ(-1, ioctl(self->ctrl, _IO(0xb5, number), NULL));
		ASSERT_EQ(ENOTTY, errno);
	}
	/* Right number, wrong size or direction; right request, wrong device. */
	EXPECT_EQ(-1, ioctl(self->ctrl, _IOW(0xb5, 1, char[39]), NULL));
	EXPECT_EQ(ENOTTY, errno);
	EXPECT_EQ(-1, ioctl(self->fd, RPMSG_CREATE_EPT_IOCTL, NULL));
	EXPECT_EQ(ENOTTY, errno);
	EXPECT_EQ(-1, ioctl(self->ctrl, RPMSG_DESTROY_EPT_IOCTL));
	EXPECT_EQ(ENOTTY, errno);
	EXPECT_EQ(0, echo_once(self->fd, 8, 1));
}

static volatile sig_atomic_t signals;

static void count_signal(int number)
{
	signals++;
}

TEST_F_TIMEOUT(character, signal_for_a_message, TEST_GUARD_S)
{
	char buf[16];

	signals = 0;
	signal(SIGIO, count_signal);
	ASSERT_EQ(0, fcntl(self->fd, F_SETOWN, getpid()));
	ASSERT_EQ(0, fcntl(self->fd, F_SETFL, O_ASYNC | O_NONBLOCK));
	ASSERT_EQ(4, write(self->fd, "ping", 4));
	ASSERT_TRUE(wait_until(signals > 0));
	ASSERT_TRUE(wait_until(read(self->fd, buf, sizeof(buf)) == 4));

	signals = 0;
	ASSERT_EQ(0, remote_set(self->remote, "state", "stop"));
	EXPECT_TRUE(wait_until(signals > 0));
	signal(SIGIO, SIG_IGN);
}

static volatile sig_atomic_t room_signals, other_signals;

static void count_room(int number, siginfo_t *info, void *context)
{
	if (info->si_code == POLL_OUT)
		room_signals++;
	else
		other_signals++;
}

/* Each time that there is room after there was none. */
TEST_F_TIMEOUT(character, signal_for_room, TEST_GUARD_S)
{
	struct sigaction action = { .sa_sigaction = count_room, .sa_flags = SA_SIGINFO };
	int fd = endpoint(self->remote, self->ctrl, "data", DATA_ADDR, O_NONBLOCK);
	unsigned int sent = 0, waited = 0;
	char text[PAYLOAD_MAX] = "";
	int seen;

	ASSERT_LE(0, fd);
	ASSERT_EQ(0, order(self->remote, self->ctrl, "slow 2000"));
	room_signals = 0;
	other_signals = 0;
	ASSERT_EQ(0, sigaction(SIGRTMIN, &action, NULL));
	ASSERT_EQ(0, fcntl(fd, F_SETSIG, SIGRTMIN));
	ASSERT_EQ(0, fcntl(fd, F_SETOWN, getpid()));
	ASSERT_EQ(0, fcntl(fd, F_SETFL, O_ASYNC | O_NONBLOCK));
	while (sent < scaled(1000, 200)) {
		seen = room_signals;
		if (write(fd, text, sizeof(text)) > 0) {
			sent++;
			continue;
		}
		ASSERT_EQ(EAGAIN, errno);
		ASSERT_TRUE(wait_until(room_signals != seen));
		waited++;
	}
	EXPECT_LT(0, waited);
	EXPECT_EQ(0, other_signals);
	close(fd);
}

/* Whoever has closed the file hears nothing more of it, and whoever has it now does. */
TEST_F_TIMEOUT(character, signals_end_with_the_file, TEST_GUARD_S)
{
	struct sigaction action = { .sa_handler = count_signal };
	int fd = endpoint(self->remote, self->ctrl, "signals", 1025, O_NONBLOCK);
	char buf[16];

	ASSERT_LE(0, fd);
	ASSERT_EQ(0, sigaction(SIGIO, &action, NULL));
	ASSERT_EQ(0, fcntl(fd, F_SETOWN, getpid()));
	ASSERT_EQ(0, fcntl(fd, F_SETFL, O_ASYNC | O_NONBLOCK));
	close(fd);
	fd = rpmsg_open(self->remote, "signals", O_NONBLOCK);
	ASSERT_LE(0, fd);
	signals = 0;
	ASSERT_EQ(4, write(fd, "ping", 4));
	ASSERT_TRUE(wait_until(read(fd, buf, sizeof(buf)) == 4));
	EXPECT_EQ(0, signals);

	/* On and off and on again, which must not leave it in the list twice or not at all. */
	for (int i = 0; i < 4; i++) {
		ASSERT_EQ(0, fcntl(fd, F_SETOWN, getpid()));
		ASSERT_EQ(0, fcntl(fd, F_SETFL, O_NONBLOCK | (i % 2 ? 0 : O_ASYNC)));
		signals = 0;
		ASSERT_EQ(4, write(fd, "ping", 4));
		ASSERT_TRUE(wait_until(read(fd, buf, sizeof(buf)) == 4));
		/* The message is there before the signal is sent. */
		EXPECT_EQ(!(i % 2), i % 2 ? signals : wait_until(signals > 0));
	}
	signal(SIGIO, SIG_IGN);
	close(fd);
}

TEST_F_TIMEOUT(character, select_and_epoll, TEST_GUARD_S)
{
	struct epoll_event event = { .events = EPOLLIN | EPOLLOUT | EPOLLPRI | EPOLLET };
	struct timeval none = { 0 };
	int set = epoll_create1(EPOLL_CLOEXEC);
	fd_set in, out, pri;
	char buf[16];

	ASSERT_LE(0, set);
	ASSERT_EQ(0, epoll_ctl(set, EPOLL_CTL_ADD, self->fd, &event));
	ASSERT_EQ(1, epoll_wait(set, &event, 1, 0));
	EXPECT_EQ(EPOLLOUT, event.events);
	ASSERT_EQ(4, write(self->fd, "ping", 4));
	ASSERT_TRUE(wait_until(epoll_wait(set, &event, 1, 1000) == 1 && event.events & EPOLLIN));

	FD_ZERO(&in);
	FD_SET(self->fd, &in);
	out = in;
	pri = in;
	EXPECT_EQ(2, select(self->fd + 1, &in, &out, &pri, &none));
	EXPECT_TRUE(FD_ISSET(self->fd, &in));
	EXPECT_TRUE(FD_ISSET(self->fd, &out));
	EXPECT_FALSE(FD_ISSET(self->fd, &pri));

	ASSERT_EQ(4, read(self->fd, buf, sizeof(buf)));
	ASSERT_EQ(0, remote_set(self->remote, "state", "stop"));
	ASSERT_TRUE(wait_until(epoll_wait(set, &event, 1, 1000) == 1 && event.events & EPOLLHUP));
	close(set);
}

/* Asked to go by somebody who does not wait, while the file is in use: it stays. */
TEST_F_TIMEOUT(character, modules_stay_under_open_files, TEST_GUARD_S)
{
	static const char *const modules[] = { "rpmsg_char", "rpmsg_ctrl" };

	for (unsigned int i = 0; i < scaled(500, 50); i++) {
		const char *module = modules[i % ARRAY_SIZE(modules)];

		ASSERT_EQ(-1, syscall(SYS_delete_module, module, O_NONBLOCK)) {
			TH_LOG("%s is gone", module);
		}
		ASSERT_EQ(EWOULDBLOCK, errno);
		ASSERT_EQ(0, echo_once(self->fd, 16, i));
	}
	EXPECT_EQ(0, endpoint_create(self->ctrl, "still", RPMSG_ADDR_ANY, 1025));
}

/* Somebody waits in write(): nobody else has to. */
TEST_F_TIMEOUT(character, blocked_writer_is_in_nobodys_way, TEST_GUARD_S)
{
	int fd = full(self->remote, self->ctrl);
	struct pollfd pfd = { .fd = fd, .events = POLLIN | POLLOUT };
	char text[64] = "late";
	pid_t child;
	int value;

	ASSERT_LE(0, fd);
	EXPECT_EQ(0, poll(&pfd, 1, 0));
	set_blocking(fd);
	child = IN_CHILD(write(fd, text, sizeof(text)));
	ASSERT_LT(0, child);
	ASSERT_TRUE(wait_until(asleep(child)));

	EXPECT_EQ(0, poll(&pfd, 1, 0));
	EXPECT_EQ(0, ioctl(fd, FIONREAD, &value));
	EXPECT_EQ(0, ioctl(fd, RPMSG_GET_OUTGOING_FLOWCONTROL, &value));
	EXPECT_EQ(-EBUSY, rpmsg_open(self->remote, "full", 0));
	EXPECT_EQ(0, ioctl(fd, RPMSG_DESTROY_EPT_IOCTL));
	close(fd);
	/* Waiting to its end would be ETIMEDOUT. */
	ASSERT_EQ(child, waitpid(child, &value, 0));
	EXPECT_EQ(EPIPE, WEXITSTATUS(value));
}

TEST_F_TIMEOUT(character, stop_under_a_blocked_writer, TEST_GUARD_S)
{
	int fd = full(self->remote, self->ctrl);
	char text[64] = "late";
	pid_t child;
	int status;

	ASSERT_LE(0, fd);
	set_blocking(fd);
	child = IN_CHILD(write(fd, text, sizeof(text)));
	ASSERT_LT(0, child);
	ASSERT_TRUE(wait_until(asleep(child)));
	ASSERT_EQ(0, remote_set(self->remote, "state", "stop"));
	ASSERT_EQ(child, waitpid(child, &status, 0));
	EXPECT_EQ(EPIPE, WEXITSTATUS(status));
	close(fd);
}

TEST_F_TIMEOUT(character, a_signal_ends_a_write, TEST_GUARD_S)
{
	struct sigaction action = { .sa_handler = count_signal };
	int fd = full(self->remote, self->ctrl);
	char text[64] = "late";
	pid_t child;
	int status;

	ASSERT_LE(0, fd);
	set_blocking(fd);
	ASSERT_EQ(0, sigaction(SIGUSR1, &action, NULL));
	child = IN_CHILD(write(fd, text, sizeof(text)));
	ASSERT_LT(0, child);
	ASSERT_TRUE(wait_until(asleep(child)));
	ASSERT_EQ(0, kill(child, SIGUSR1));
	ASSERT_EQ(child, waitpid(child, &status, 0));
	EXPECT_EQ(EINTR, WEXITSTATUS(status));
	close(fd);
}

/* One of the calls that wait: for a message, for room, or for room to tell the remote something. */
static int wait_in_call(unsigned int which, int reader, int writer, int ctrl)
{
	struct rpmsg_endpoint_info channel = { .name = RAW_CHANNEL, .src = 3000, .dst = 1025 };
	struct pollfd pfd = { .fd = reader, .events = POLLIN };
	struct epoll_event event = { .events = EPOLLIN };
	char text[64] = "";
	struct iovec vector = { text, sizeof(text) };
	int set;
	fd_set in;

	switch (which) {
	case 0:
		return read(reader, text, sizeof(text));
	case 1:
		return readv(reader, &vector, 1);
	case 2:
		return poll(&pfd, 1, -1);
	case 3:
		FD_ZERO(&in);
		FD_SET(reader, &in);
		return select(reader + 1, &in, NULL, NULL, NULL);
	case 4:
		set = epoll_create1(EPOLL_CLOEXEC);
		epoll_ctl(set, EPOLL_CTL_ADD, reader, &event);
		return epoll_wait(set, &event, 1, -1);
	case 5:
		return write(writer, text, sizeof(text));
	case 6:
		return writev(writer, &vector, 1);
	default:
		return ioctl(ctrl, RPMSG_CREATE_DEV_IOCTL, &channel);
	}
}

/*
 * The other requests wait for nobody, but for those that remove or add what they are about: see
 * removal.c.
 */
TEST_F_TIMEOUT(character, kill_in_every_call, TEST_GUARD_S)
{
	int fd = full(self->remote, self->ctrl);
	pid_t child;
	int status;

	ASSERT_LE(0, fd);
	set_blocking(fd);
	for (unsigned int which = 0; which < 8; which++) {
		child = IN_CHILD(wait_in_call(which, self->fd, fd, self->ctrl));
		ASSERT_LT(0, child);
		ASSERT_TRUE(wait_until(asleep(child))) {
			TH_LOG("call %u", which);
		}
		ASSERT_EQ(0, kill(child, SIGKILL));
		ASSERT_EQ(child, waitpid(child, &status, 0));
		EXPECT_TRUE(WIFSIGNALED(status)) {
			TH_LOG("call %u", which);
		}
	}
	close(fd);
}

#define READERS	5

/*
 * Starts one child in each call that waits for a message. Return: false if one
 * did not get there.
 */
static bool start_readers(int fd, pid_t *child)
{
	for (unsigned int which = 0; which < READERS; which++) {
		child[which] = IN_CHILD(wait_in_call(which, fd, -1, -1));
		if (child[which] < 0 || !wait_until(asleep(child[which])))
			return false;
	}
	return true;
}

/* Return: false if one did not come back, or with something else than the end of the endpoint. */
static bool all_told(const pid_t *child)
{
	bool good = true;
	int status;

	for (unsigned int which = 0; which < READERS; which++) {
		pid_t ended;

		wait_until((ended = waitpid(child[which], &status, WNOHANG)));
		/* Those that read are told by their errno, the others by an event. */
		if (ended != child[which] || !WIFEXITED(status) ||
		    WEXITSTATUS(status) != (which < 2 ? EPIPE : 0)) {
			printf("# call %u: %#x\n", which, ended == child[which] ? status : -1);
			good = false;
		}
	}
	return good;
}

/* The remote stays, its channel loses its driver, and then goes itself. */
TEST_F_TIMEOUT(character, channel_goes_under_readers, TEST_GUARD_S)
{
	struct rpmsg_endpoint_info info = { .name = RAW_CHANNEL, .src = -1, .dst = 1025 };
	char node[64], path[128], device[PATH_MAX];
	pid_t child[READERS];

	ASSERT_TRUE(rpmsg_node(self->remote, RAW_CHANNEL, node, sizeof(node)));
	snprintf(path, sizeof(path), "/sys/class/rpmsg/%s/device", strrchr(node, '/') + 1);
	ASSERT_NE(NULL, realpath(path, device));
	ASSERT_TRUE(start_readers(self->fd, child));
	ASSERT_EQ(0, write_text(CHRDEV "unbind", strrchr(device, '/') + 1));
	EXPECT_TRUE(all_told(child));
	close(self->fd);

	ASSERT_EQ(0, write_text(CHRDEV "bind", strrchr(device, '/') + 1));
	self->fd = rpmsg_open(self->remote, RAW_CHANNEL, 0);
	ASSERT_LE(0, self->fd);
	ASSERT_EQ(0, echo_once(self->fd, 16, 1));
	ASSERT_TRUE(start_readers(self->fd, child));
	ASSERT_EQ(0, ioctl(self->ctrl, RPMSG_RELEASE_DEV_IOCTL, &info));
	EXPECT_TRUE(all_told(child));
	EXPECT_EQ(0, echo_works_through(self->remote, self->ctrl));
}

/* Nobody reads what is echoed: it is bounded, and nobody else suffers. */
TEST_F_TIMEOUT(character, storm_that_nobody_reads, TEST_GUARD_S)
{
	const unsigned int messages = scaled(20000, 2000);
	char text[PAYLOAD_MAX] = "";
	struct pollfd pfd;
	int fd;

	fd = endpoint(self->remote, self->ctrl, "storm", 1025, 0);
	ASSERT_LE(0, fd);
	for (unsigned int i = 0; i < messages; i++)
		ASSERT_EQ(sizeof(text), write(fd, text, sizeof(text)));
	/* 512 messages are kept; of those under way at most a ring is still to come. */
	EXPECT_TRUE(wait_until(counter(self->remote, "storm", "rx_dropped") >=
			       (long)messages - 512 - 256));
	EXPECT_EQ(0, echo_once(self->fd, 100, 1));
	pfd = (struct pollfd){ .fd = fd, .events = POLLIN };
	EXPECT_EQ(1, poll(&pfd, 1, 0));
	close(fd);
}

/* Return: how many of ten messages are kept with a parameter set so, the first ones; or -1. */
static int kept_with(const struct remote *remote, int ctrl, const char *parameter,
		     const char *value)
{
	char path[96], before[16], name[32], text[100] = "";
	int fd, kept = 0;

	snprintf(path, sizeof(path), "/sys/module/rpmsg_char/parameters/%s", parameter);
	snprintf(name, sizeof(name), "kept-%s", value);
	fd = endpoint(remote, ctrl, name, 1025, O_NONBLOCK);
	if (fd < 0 || read_text(path, before, sizeof(before)) < 0 || write_text(path, value))
		return -1;
	for (text[0] = 0; text[0] < 10; text[0]++)
		if (write(fd, text, sizeof(text)) != sizeof(text))
			return -1;
	if (echo_works_through(remote, ctrl))
		return -1;
	while (read(fd, text, sizeof(text)) == sizeof(text) && text[0] == kept)
		kept++;
	if (counter(remote, name, "rx_dropped") != 10 - kept || write_text(path, before))
		return -1;
	close(fd);
	return kept;
}

TEST_F_TIMEOUT(character, limits_of_the_queue, TEST_GUARD_S)
{
	EXPECT_EQ(3, kept_with(self->remote, self->ctrl, "rx_queue_messages", "3"));
	EXPECT_EQ(5, kept_with(self->remote, self->ctrl, "rx_queue_bytes", "599"));
	EXPECT_EQ(0, kept_with(self->remote, self->ctrl, "rx_queue_bytes", "99"));
}

/* Sends more than is kept to an endpoint of its own. Return: descriptor or a negative errno. */
static int flooded(const struct remote *remote, int ctrl, int number)
{
	char name[16], text[PAYLOAD_MAX] = "";
	int fd;

	snprintf(name, sizeof(name), "flooded%d", number);
	fd = endpoint(remote, ctrl, name, 1025, O_NONBLOCK);
	set_blocking(fd);
	for (unsigned int i = 0; i < KEPT + 100; i++)
		if (write(fd, text, sizeof(text)) != sizeof(text))
			return -errno;
	fcntl(fd, F_SETFL, O_NONBLOCK);
	return fd;
}

static unsigned int read_rest(int fd)
{
	char text[PAYLOAD_MAX];
	unsigned int messages = 0;

	while (read(fd, text, sizeof(text)) > 0)
		messages++;
	return messages;
}

/* Each queue is within its bounds, and all together are within theirs. */
TEST_F_TIMEOUT(character, limit_of_all_queues, TEST_GUARD_S)
{
	static const char parameter[] = "/sys/module/rpmsg_char/parameters/rx_total_bytes";
	/* That is enough for one queue, however memory is rounded up, and not for three. */
	static const unsigned int limit = 1024 * KEPT * 5 / 4;
	unsigned int messages = 0;
	char before[16], text[16];
	int fd[4];

	ASSERT_LT(0, read_text(parameter, before, sizeof(before)));
	snprintf(text, sizeof(text), "%u", limit);
	ASSERT_EQ(0, write_text(parameter, text));
	for (int i = 0; i < ARRAY_SIZE(fd); i++) {
		fd[i] = flooded(self->remote, self->ctrl, i);
		ASSERT_LE(0, fd[i]);
	}
	EXPECT_EQ(0, echo_works_through(self->remote, self->ctrl));
	for (int i = 0; i < ARRAY_SIZE(fd); i++) {
		messages += read_rest(fd[i]);
		close(fd[i]);
	}
	/* Those in the link's buffers come on top, and a few that everybody has. */
	EXPECT_GE(limit + (BUFFERS + 16) * PAYLOAD_MAX, messages * PAYLOAD_MAX);

	/* All that was counted is given back, and one alone has what is its own. */
	fd[0] = flooded(self->remote, self->ctrl, ARRAY_SIZE(fd));
	ASSERT_LE(0, fd[0]);
	EXPECT_EQ(0, echo_works_through(self->remote, self->ctrl));
	EXPECT_EQ(KEPT, read_rest(fd[0]));
	close(fd[0]);
	ASSERT_EQ(0, write_text(parameter, before));
}

/* While messages are not wanted, none is lost: the remote runs out of buffers and waits. */
TEST_F_TIMEOUT(character, paused_remote_waits, TEST_GUARD_S)
{
	const unsigned int messages = 2000;
	int fd = endpoint(self->remote, self->ctrl, "paused", 1025, 0);
	unsigned int sent = 0, got = 0, number;
	struct pollfd pfd = { .fd = fd, .events = POLLIN };
	__u64 quiet;
	pid_t child;

	ASSERT_LE(0, fd);
	if (ioctl(fd, RPMSG_SET_INCOMING_FLOWCONTROL, 1)) {
		ASSERT_EQ(EOPNOTSUPP, errno);
		SKIP(return, "this transport has no flow control");
	}
	child = fork();
	ASSERT_LE(0, child);
	if (!child) {
		for (sent = 0; sent < messages && write(fd, &sent, sizeof(sent)) > 0; sent++)
			;
		_exit(sent != messages);
	}
	/* Time enough for both rings to fill up. */
	usleep(500000);
	for (quiet = now_ms(); got < messages && now_ms() - quiet < HANG_GUARD_S * 1000; ) {
		if (poll(&pfd, 1, 100) != 1)
			continue;
		ASSERT_EQ(sizeof(number), read(fd, &number, sizeof(number)));
		ASSERT_EQ(got, number);
		got++;
		quiet = now_ms();
	}
	EXPECT_EQ(messages, got);
	EXPECT_EQ(0, counter(self->remote, "paused", "rx_dropped"));
	EXPECT_EQ(0, ioctl(fd, RPMSG_SET_INCOMING_FLOWCONTROL, 0));
	ASSERT_EQ(child, waitpid(child, NULL, 0));
	EXPECT_EQ(0, echo_once(self->fd, 16, 1));
	close(fd);
}

/* What was lent to a reader stays readable, and every buffer comes back. */
/*
 * A remote without buffers gets each that is given back, also from a reader who has more to
 * read and is in no hurry. Its answer to somebody else waits for it.
 */
TEST_F_TIMEOUT(character, one_buffer_comes_back, TEST_GUARD_S)
{
	int fd = endpoint(self->remote, self->ctrl, "slow reader", 1025, 0);
	__u8 got[PAYLOAD_MAX];
	unsigned int number;

	ASSERT_LE(0, fd);
	if (ioctl(fd, RPMSG_SET_INCOMING_FLOWCONTROL, 1)) {
		ASSERT_EQ(EOPNOTSUPP, errno);
		SKIP(return, "this transport has no flow control");
	}
	for (number = 0; number < BUFFERS; number++)
		ASSERT_EQ(sizeof(number), write(fd, &number, sizeof(number)));
	/* The answer to this would come behind all those. */
	ASSERT_EQ(4, write(self->fd, "last", 4));
	usleep(300000);
	ASSERT_EQ(-1, read_now(self->fd, got, sizeof(got)));
	ASSERT_EQ(EAGAIN, errno);

	ASSERT_EQ(0, ioctl(fd, RPMSG_SET_INCOMING_FLOWCONTROL, 0));
	ASSERT_EQ(sizeof(number), read(fd, &number, sizeof(number)));
	EXPECT_EQ(0, number);
	ASSERT_TRUE(readable(self->fd));
	EXPECT_EQ(4, read(self->fd, got, sizeof(got)));
	close(fd);
}

TEST_F_TIMEOUT(character, unread_messages_outlive_the_remote, TEST_GUARD_S)
{
	unsigned int number, i;
	int value;

	for (i = 0; i < 50; i++)
		ASSERT_EQ(sizeof(i), write(self->fd, &i, sizeof(i)));
	ASSERT_TRUE(readable(self->fd));
	/* All echoes have come when the last one has. */
	ASSERT_EQ(0, echo_works_through(self->remote, self->ctrl));
	ASSERT_EQ(0, remote_set(self->remote, "state", "stop"));
	for (i = 0; i < 50; i++) {
		ASSERT_EQ(0, ioctl(self->fd, FIONREAD, &value));
		ASSERT_EQ(sizeof(number), value);
		ASSERT_EQ(sizeof(number), read(self->fd, &number, sizeof(number)));
		ASSERT_EQ(i, number);
	}
	EXPECT_EQ(-1, read(self->fd, &number, sizeof(number)));
	EXPECT_EQ(EPIPE, errno);
}

/* Return: how often a thread has gone to sleep, or -1. */
static long sleeps_of(pid_t pid)
{
	char path[64], line[256];
	long sleeps = -1;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/status", pid);
	file = fopen(path, "r");
	while (file && sleeps < 0 && fgets(line, sizeof(line), file))
		sscanf(line, "voluntary_ctxt_switches: %ld", &sleeps);
	if (file)
		fclose(file);
	return sleeps;
}

/* Who waits for an answer is woken by the interrupt. */
TEST_F_TIMEOUT(character, answers_wake_no_thread, TEST_GUARD_S)
{
	const int answers = 200;
	pid_t thread = remote_thread(self->remote);
	long before, after;

	if (!thread || access("/sys/module/virtio_rpmsg_bus/version", F_OK))
		SKIP(return, "not with the kernel's own drivers");
	if (!strncmp(self->remote->unit, "r5", 2))
		SKIP(return, "here the thread has to acknowledge each doorbell");
	before = sleeps_of(thread);
	ASSERT_LE(0, before);
	for (int i = 0; i < answers; i++)
		ASSERT_EQ(0, echo_once(self->fd, 16, i));
	after = sleeps_of(thread);
	ASSERT_LE(before, after);
	EXPECT_GT(before + answers / 4, after);
}

/* More of them than an interrupt would wake. */
TEST_F_TIMEOUT(character, a_crowd_is_told, TEST_GUARD_S)
{
	struct epoll_event event = { .events = EPOLLIN };
	int crowd[40];

	for (size_t i = 0; i < ARRAY_SIZE(crowd); i++) {
		crowd[i] = epoll_create1(0);
		ASSERT_LE(0, crowd[i]);
		ASSERT_EQ(0, epoll_ctl(crowd[i], EPOLL_CTL_ADD, self->fd, &event));
		ASSERT_EQ(0, epoll_wait(crowd[i], &event, 1, 0));
	}
	ASSERT_EQ(3, write(self->fd, "all", 3));
	for (size_t i = 0; i < ARRAY_SIZE(crowd); i++) {
		ASSERT_EQ(1, epoll_wait(crowd[i], &event, 1, HANG_GUARD_S * 1000));
		close(crowd[i]);
	}
}

/* What can never be sent is not waited for. */
TEST_F_TIMEOUT(character, bad_pointer_without_room, TEST_GUARD_S)
{
	int fd = full(self->remote, self->ctrl);

	ASSERT_LE(0, fd);
	EXPECT_EQ(-1, write(fd, (void *)-4096L, 16));
	EXPECT_EQ(EFAULT, errno);
	set_blocking(fd);
	EXPECT_EQ(-1, write(fd, (void *)-4096L, 16));
	EXPECT_EQ(EFAULT, errno);
	close(fd);
}

/* Room is announced to whoever waits for it, once the remote takes messages again. */
TEST_F_TIMEOUT(character, room_comes_back, TEST_GUARD_S)
{
	int commands = endpoint(self->remote, self->ctrl, "commands", COMMAND_ADDR, 0);
	int fd = endpoint(self->remote, self->ctrl, "data", DATA_ADDR, O_NONBLOCK);
	struct pollfd pfd = { .fd = fd, .events = POLLOUT };
	char text[PAYLOAD_MAX] = "slow 2000";
	unsigned int sent = 0;

	ASSERT_LE(0, commands);
	ASSERT_LE(0, fd);
	ASSERT_EQ(9, write(commands, text, 9));
	ASSERT_TRUE(readable(commands));
	ASSERT_LT(0, read(commands, text, sizeof(text)));
	while (sent < scaled(1000, 200)) {
		if (write(fd, text, sizeof(text)) > 0) {
			sent++;
			continue;
		}
		ASSERT_EQ(EAGAIN, errno);
		ASSERT_EQ(1, poll(&pfd, 1, HANG_GUARD_S * 1000));
		ASSERT_EQ(POLLOUT, pfd.revents);
	}
	close(commands);
	close(fd);
}

/* Some firmware is built to ring for no message that it has taken. */
TEST_F_TIMEOUT(character, room_without_a_doorbell, TEST_GUARD_S)
{
	int fd = endpoint(self->remote, self->ctrl, "data", DATA_ADDR, O_NONBLOCK);

	ASSERT_LE(0, fd);
	ASSERT_EQ(0, order(self->remote, self->ctrl, "mute"));
	ASSERT_EQ(0, order(self->remote, self->ctrl, "slow 20000"));
	for (unsigned int i = 0; i < 3; i++) {
		ASSERT_LT(0, fill(fd));
		ASSERT_TRUE(woken_by(fd, POLLOUT));
	}
	close(fd);
}

/* More of them than an interrupt would wake. */
TEST_F_TIMEOUT(character, a_crowd_is_told_of_room, TEST_GUARD_S)
{
	int fd = endpoint(self->remote, self->ctrl, "data", DATA_ADDR, O_NONBLOCK);
	struct epoll_event event = { .events = EPOLLOUT };
	int crowd[40];

	ASSERT_LE(0, fd);
	ASSERT_EQ(0, order(self->remote, self->ctrl, "slow 20000"));
	for (size_t i = 0; i < ARRAY_SIZE(crowd); i++) {
		crowd[i] = epoll_create1(0);
		ASSERT_LE(0, crowd[i]);
		ASSERT_EQ(0, epoll_ctl(crowd[i], EPOLL_CTL_ADD, fd, &event));
	}
	ASSERT_LT(0, fill(fd));
	for (size_t i = 0; i < ARRAY_SIZE(crowd); i++) {
		ASSERT_EQ(1, epoll_wait(crowd[i], &event, 1, HANG_GUARD_S * 1000));
		ASSERT_EQ(EPOLLOUT, event.events);
		close(crowd[i]);
	}
	close(fd);
}

/* One message at a time: the remote never has more than that, however long it goes on. */
TEST_F_TIMEOUT(character, high_water_mark, TEST_GUARD_S)
{
	char vdev[NAME_MAX + 1];

	if (!link_vdev(self->remote, vdev, sizeof(vdev)) || link_counter(vdev, "tx_high") < 0)
		SKIP(return, "this transport has no counters");
	for (unsigned int i = 0; i < 300; i++)
		ASSERT_EQ(0, echo_once(self->fd, 16, i));
	EXPECT_LE(1, link_counter(vdev, "tx_high"));
	EXPECT_GE(4, link_counter(vdev, "tx_high"));
}

/* Value in a column of the list of endpoints, in the row of an address; or -1. */
static long listed(const char *list, unsigned long address, const char *column)
{
	char head[160], line[160], *word, *value, *in_head, *in_line;
	unsigned long row;

	if (sscanf(list, "%159[^\n]", head) != 1)
		return -1;
	while ((list = strchr(list, '\n'))) {
		list++;
		if (sscanf(list, "%159[^\n]", line) == 1 && sscanf(line, "%lu", &row) == 1 &&
		    row == address)
			break;
	}
	if (!list)
		return -1;
	word = strtok_r(head, " ", &in_head);
	value = strtok_r(line, " ", &in_line);
	while (word && value && strcmp(word, column)) {
		word = strtok_r(NULL, " ", &in_head);
		value = strtok_r(NULL, " ", &in_line);
	}
	return word && value ? strtol(value, NULL, 10) : -1;
}

static unsigned long address_of(const struct remote *remote, const char *name)
{
	char node[64], path[160], text[32];

	if (!rpmsg_node(remote, name, node, sizeof(node)))
		return 0;
	snprintf(path, sizeof(path), "/sys/class/rpmsg/%s/src", strrchr(node, '/') + 1);
	return read_text(path, text, sizeof(text)) > 0 ? strtoul(text, NULL, 0) : 0;
}

TEST_F_TIMEOUT(character, counters_of_an_endpoint, TEST_GUARD_S)
{
	char vdev[NAME_MAX + 1], path[PATH_MAX], *list;
	unsigned long address;
	size_t size;
	int fd;

	if (!link_vdev(self->remote, vdev, sizeof(vdev)) || link_counter(vdev, "tx_high") < 0)
		SKIP(return, "this transport has no counters");
	snprintf(path, sizeof(path), "/sys/kernel/debug/virtio_rpmsg/%s/endpoints", vdev);
	fd = full(self->remote, self->ctrl);
	ASSERT_LE(0, fd);
	address = address_of(self->remote, "full");
	ASSERT_LT(0, address);
	list = read_file(path, &size);
	ASSERT_NE(NULL, list);
	EXPECT_EQ(BUFFERS, listed(list, address, "tx-messages"));
	EXPECT_LE(1, listed(list, address, "tx-no-buf"));
	EXPECT_EQ(0, listed(list, address, "tx-timeouts"));
	EXPECT_EQ(0, listed(list, address, "rx-not-ready"));
	/* Who has not tried has not failed. */
	EXPECT_EQ(0, listed(list, address_of(self->remote, RAW_CHANNEL), "tx-no-buf"));
	free(list);
	close(fd);
}

/* Return: true if a file answers, to somebody else than the one in the middle of a call on it. */
static bool is_served(int fd)
{
	struct pollfd pfd = { .fd = fd, .events = POLLIN | POLLPRI };
	int value;

	return poll(&pfd, 1, 0) >= 0 && !ioctl(fd, FIONREAD, &value) &&
	       !ioctl(fd, RPMSG_GET_OUTGOING_FLOWCONTROL, &value);
}

/* Programs in the middle of a call, with pages that never come: nobody waits for them. */
TEST_F_TIMEOUT(character, page_that_never_comes, TEST_GUARD_S)
{
	static const char *const names[] = { "writes", "reads" };
	struct stuck_call calls[2];
	int fd[2], status;
	ssize_t ret;
	pid_t child;
	bool done;

	for (int i = 0; i < 2; i++) {
		fd[i] = endpoint(self->remote, self->ctrl, names[i], 1025, 0);
		ASSERT_LE(0, fd[i]);
		ASSERT_EQ(16, write(fd[i], "something to get", 16));
		ASSERT_TRUE(readable(fd[i]));
		ret = stuck_call_begin(&calls[i], fd[i], i);
		if (ret == -EOPNOTSUPP)
			SKIP(return, "this kernel has no userfaultfd");
		ASSERT_EQ(0, ret);
		EXPECT_EQ(0, echo_works_through(self->remote, self->ctrl));
		EXPECT_TRUE(is_served(fd[i]));
	}

	child = fork();
	ASSERT_LE(0, child);
	if (!child)
		_exit(remote_set(self->remote, "state", "stop") != 0);
	done = wait_until(waitpid(child, &status, WNOHANG) == child);
	EXPECT_TRUE(done);
	if (done)
		EXPECT_EQ(0, status);
	for (int i = 0; i < 2; i++) {
		/* What was taken before is read. */
		EXPECT_EQ(i ? 16 : -EPIPE, stuck_call_end(&calls[i]));
		close(fd[i]);
	}
	if (!done)
		waitpid(child, &status, 0);
}

/* Nor does who removes the device or closes the file, whether there is room or not. */
TEST_F_TIMEOUT(character, device_goes_under_a_stuck_writer, TEST_GUARD_S)
{
	struct stuck_call call;
	ssize_t ret;
	int fd;

	for (int room = 1; room >= 0; room--) {
		if (room)
			fd = endpoint(self->remote, self->ctrl, "stuck", 1025, 0);
		else
			fd = full(self->remote, self->ctrl);
		ASSERT_LE(0, fd);
		set_blocking(fd);
		ret = stuck_call_begin(&call, fd, false);
		if (ret == -EOPNOTSUPP)
			SKIP(return, "this kernel has no userfaultfd");
		ASSERT_EQ(0, ret);
		EXPECT_TRUE(is_served(fd));
		EXPECT_EQ(0, ioctl(fd, RPMSG_DESTROY_EPT_IOCTL));
		EXPECT_EQ(0, close(fd));
		EXPECT_EQ(-EPIPE, stuck_call_end(&call));
	}
}

TEST_HARNESS_MAIN
