// SPDX-License-Identifier: GPL-2.0-only
/*
 * Terminals: bytes arrive as they are, whoever is slow, and everybody is told when the remote goes.
 *
 * Copyright (c) 2026 linux-amp developers
 */
#include "guest.h"
#include "channel.h"
#include "kmsg.h"
#include "stuck.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <termios.h>

#include <linux/rpmsg.h>
#include <linux/serial.h>

#include "harness.h"

#define MEBIBYTE	(1024 * 1024)

/* NXP's name for a terminal. */
#define VIRTUAL		"rpmsg-virtual-tty-channel"

FIXTURE(tty)
{
	struct remote remotes[REMOTES_MAX];
	const struct remote *remote;
	int kmsg;
};

FIXTURE_SETUP(tty)
{
	ASSERT_LT(0, remotes_find(self->remotes));
	self->remote = &self->remotes[0];
	ASSERT_TRUE(remote_offline(self->remote));
	self->kmsg = kmsg_open();
	ASSERT_LE(0, self->kmsg);
	ASSERT_EQ(0, remote_start(self->remote, firmware_of(self->remote, "tty")));
}

FIXTURE_TEARDOWN(tty)
{
	EXPECT_TRUE(remote_offline(self->remote));
	EXPECT_EQ(0, kmsg_splats(self->kmsg));
	close(self->kmsg);
}

/*
 * The driver says something first where NXP's does, and the firmware echoes it at a time of its
 * own. It is lost if nobody has the terminal open, and with its only reader.
 */
static bool hello_came_back(const char *path)
{
	struct serial_icounter_struct count;
	int fd = open(path, O_RDWR | O_NOCTTY | O_CLOEXEC);
	bool back;

	if (fd < 0)
		return false;
	back = !ioctl(fd, TIOCGICOUNT, &count) &&
	       count.rx + count.buf_overrun >= (int)strlen("hello world!");
	close(fd);
	return back;
}

static int tty_open(const struct remote *remote, const char *channel, int flags)
{
	char path[64];
	int fd;

	if (!tty_node(remote, channel, path, sizeof(path)))
		return -ENODEV;
	if (!strcmp(channel, VIRTUAL) && !wait_until(hello_came_back(path)))
		return -ENOMSG;
	fd = open(path, O_RDWR | O_NOCTTY | O_CLOEXEC | flags);
	return fd < 0 ? -errno : fd;
}

/* Return: bytes read, fewer only if the terminal ended or nothing comes any more. */
static size_t read_all(int fd, void *buf, size_t size)
{
	struct pollfd pfd = { .fd = fd, .events = POLLIN };
	size_t have = 0;
	ssize_t ret;

	while (have < size && poll(&pfd, 1, HANG_GUARD_S * 1000) == 1) {
		ret = read(fd, buf + have, size - have);
		if (ret <= 0)
			break;
		have += ret;
	}
	return have;
}

static int tty_echo(int fd, size_t len, unsigned int seed)
{
	__u8 sent[4096], got[4096];

	pattern(sent, len, seed);
	if (write(fd, sent, len) != (ssize_t)len)
		return -errno;
	if (read_all(fd, got, len) != len)
		return -ETIMEDOUT;
	for (size_t i = 0; i < len; i++) {
		if (got[i] == sent[i])
			continue;
		printf("# byte %zu of %zu came back as 0x%02x instead of 0x%02x\n", i, len, got[i],
		       sent[i]);
		return -EBADMSG;
	}
	return 0;
}

/* What the firmware sends, and what it sums. */
static __u8 value_at(__u32 place)
{
	return place ^ (place >> 8) * 5 ^ (place >> 16) * 3;
}

/* Sends a command. Return: true if the numbers of the answer could be read. */
static bool command(int fd, const char *text, __u32 *received, __u32 *sum, __u32 *sent)
{
	char line[64] = "";
	size_t len = 0;

	if (write(fd, text, strlen(text)) != (ssize_t)strlen(text))
		return false;
	while (len < sizeof(line) - 1 && read_all(fd, line + len, 1) == 1 && line[len++] != '\n')
		;
	return sscanf(line, "%u %u %u", received, sum, sent) == 3;
}

static bool order(int fd, const char *text)
{
	__u32 unused;

	return command(fd, text, &unused, &unused, &unused);
}

TEST_F_TIMEOUT(tty, raw_by_default, TEST_GUARD_S)
{
	int fd = tty_open(self->remote, "rpmsg-tty", 0);
	struct termios termios;

	ASSERT_LE(0, fd);
	ASSERT_EQ(0, tcgetattr(fd, &termios));
	EXPECT_EQ(0, termios.c_iflag);
	EXPECT_EQ(0, termios.c_oflag);
	EXPECT_EQ(0, termios.c_lflag);
	for (unsigned int len = 1; len <= 4096; len = len * 2 + 1)
		EXPECT_EQ(0, tty_echo(fd, len, len));
	close(fd);
}

/* Programs look whether they have got what they asked for. */
TEST_F_TIMEOUT(tty, any_speed, TEST_GUARD_S)
{
	static const speed_t speeds[] = { B9600, B115200, B1500000 };
	int fd = tty_open(self->remote, "rpmsg-tty", 0);
	struct termios wanted, got;

	ASSERT_LE(0, fd);
	for (size_t i = 0; i < ARRAY_SIZE(speeds); i++) {
		ASSERT_EQ(0, tcgetattr(fd, &wanted));
		ASSERT_EQ(0, cfsetspeed(&wanted, speeds[i]));
		ASSERT_EQ(0, tcsetattr(fd, TCSANOW, &wanted));
		ASSERT_EQ(0, tcgetattr(fd, &got));
		EXPECT_EQ(speeds[i], cfgetospeed(&got));
		EXPECT_EQ(speeds[i], cfgetispeed(&got));
	}
	wanted.c_cflag = (wanted.c_cflag & ~CSIZE) | CS5 | PARENB | CSTOPB | CRTSCTS;
	wanted.c_cflag &= ~(CREAD | CLOCAL);
	/* Some C libraries look by themselves, and say that it was not done. */
	tcsetattr(fd, TCSANOW, &wanted);
	ASSERT_EQ(0, tcgetattr(fd, &got));
	EXPECT_EQ(CS8 | CREAD | CLOCAL, got.c_cflag &
		  (CSIZE | PARENB | CSTOPB | CRTSCTS | CREAD | CLOCAL));
	EXPECT_EQ(0, tty_echo(fd, 100, 1));
	close(fd);
}

TEST_F_TIMEOUT(tty, names, TEST_GUARD_S)
{
	static const char *const names[] = { "rpmsg-tty", VIRTUAL };

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		int fd = tty_open(self->remote, names[i], 0);

		ASSERT_LE(0, fd);
		EXPECT_EQ(0, tty_echo(fd, 100, i));
		close(fd);
	}
}

/* Lines, echo and all that, as a program asks for it. */
TEST_F_TIMEOUT(tty, cooked_on_request, TEST_GUARD_S)
{
	int fd = tty_open(self->remote, "rpmsg-tty", 0);
	struct termios termios;
	char line[16] = "";

	ASSERT_LE(0, fd);
	ASSERT_EQ(0, tcgetattr(fd, &termios));
	termios.c_iflag |= ICRNL;
	termios.c_oflag |= OPOST | ONLCR;
	termios.c_lflag |= ICANON;
	ASSERT_EQ(0, tcsetattr(fd, TCSADRAIN, &termios));
	/* "\n" leaves as "\r\n", comes back so, and is read as two line ends. */
	ASSERT_EQ(4, write(fd, "one\n", 4));
	ASSERT_EQ(4, read(fd, line, sizeof(line)));
	EXPECT_EQ(0, memcmp("one\n", line, 4));
	ASSERT_EQ(1, read(fd, line, sizeof(line)));
	close(fd);
}

static bool is_raw(int fd)
{
	struct termios termios;

	return !tcgetattr(fd, &termios) && !termios.c_iflag && !termios.c_oflag && !termios.c_lflag;
}

/* Kept from one open to the next, so that stty works; not for the next channel with this number. */
TEST_F_TIMEOUT(tty, settings_end_with_their_channel, TEST_GUARD_S)
{
	int fd = tty_open(self->remote, "rpmsg-tty", 0);
	struct termios termios;

	ASSERT_LE(0, fd);
	ASSERT_TRUE(is_raw(fd));
	ASSERT_EQ(0, tcgetattr(fd, &termios));
	termios.c_oflag |= OPOST | ONLCR;
	termios.c_lflag |= ICANON;
	ASSERT_EQ(0, tcsetattr(fd, TCSANOW, &termios));
	close(fd);

	fd = tty_open(self->remote, "rpmsg-tty", 0);
	ASSERT_LE(0, fd);
	EXPECT_FALSE(is_raw(fd));
	close(fd);

	ASSERT_EQ(0, remote_set(self->remote, "state", "stop"));
	ASSERT_EQ(0, remote_start(self->remote, firmware_of(self->remote, "tty")));
	fd = tty_open(self->remote, "rpmsg-tty", 0);
	ASSERT_LE(0, fd);
	EXPECT_TRUE(is_raw(fd));
	EXPECT_EQ(0, tty_echo(fd, 256, 1));
	close(fd);
}

/* Return: that much or more waits to be sent, and nothing comes. */
static bool holds(int fd, int bytes)
{
	struct pollfd pfd = { .fd = fd, .events = POLLIN };
	int queued = -1;

	return !poll(&pfd, 1, 200) && !ioctl(fd, TIOCOUTQ, &queued) && queued >= bytes;
}

/* Return: what was sent has been echoed. */
static bool has_caught_up(int fd)
{
	struct serial_icounter_struct count;

	return !ioctl(fd, TIOCGICOUNT, &count) && count.rx == count.tx;
}

/* By its user, or by an XOFF of the remote: nothing leaves, and nothing is lost. */
TEST_F_TIMEOUT(tty, output_is_stopped, TEST_GUARD_S)
{
	int fd = tty_open(self->remote, "rpmsg-tty", 0);
	struct termios termios;
	char got[8] = "";

	ASSERT_LE(0, fd);
	ASSERT_EQ(0, tcflow(fd, TCOOFF));
	ASSERT_EQ(5, write(fd, "later", 5));
	EXPECT_TRUE(holds(fd, 5));
	ASSERT_EQ(0, tcflow(fd, TCOON));
	ASSERT_EQ(5, read_all(fd, got, 5));
	EXPECT_STREQ("later", got);

	ASSERT_EQ(0, tcgetattr(fd, &termios));
	termios.c_iflag |= IXON;
	ASSERT_EQ(0, tcsetattr(fd, TCSANOW, &termios));
	/* The remote sends back what it gets, and the first that has come back keeps the next. */
	EXPECT_TRUE(wait_until(write(fd, "\x13", 1) == 1 && holds(fd, 1)));
	EXPECT_TRUE(wait_until(has_caught_up(fd)));
	close(fd);

	/* Whoever comes next is not stopped. */
	fd = tty_open(self->remote, "rpmsg-tty", 0);
	ASSERT_LE(0, fd);
	termios.c_iflag = 0;
	ASSERT_EQ(0, tcsetattr(fd, TCSANOW, &termios));
	EXPECT_EQ(0, tty_echo(fd, 100, 1));
	close(fd);
}

/* The remote takes its time: the writer waits, and nothing is lost. */
TEST_F_TIMEOUT(tty, to_a_slow_remote, 3 * TEST_GUARD_S)
{
	const __u32 total = scaled(10 * MEBIBYTE, MEBIBYTE / 4);
	int commands = tty_open(self->remote, "rpmsg-tty-2", 0);
	int fd = tty_open(self->remote, "rpmsg-tty-1", 0);
	__u32 place = 0, sum = 0, received = 0, got_sum, sent;
	__u8 chunk[3000];

	ASSERT_LE(0, commands);
	ASSERT_LE(0, fd);
	ASSERT_TRUE(order(commands, "reset"));
	ASSERT_TRUE(order(commands, "slow 200"));
	while (place < total) {
		__u32 len = total - place < sizeof(chunk) ? total - place : sizeof(chunk);

		for (__u32 i = 0; i < len; i++) {
			chunk[i] = value_at(place + i);
			sum = sum * 31 + chunk[i];
		}
		ASSERT_EQ(len, write(fd, chunk, len));
		place += len;
	}
	ASSERT_EQ(0, tcdrain(fd));
	EXPECT_TRUE(wait_until(command(commands, "sum", &received, &got_sum, &sent) &&
			       received >= total));
	EXPECT_EQ(total, received);
	EXPECT_EQ(sum, got_sum);
	close(fd);
	close(commands);
}

/* The remote sends as fast as it can, the reader takes its time. */
static void read_slowly(struct __test_metadata *_metadata, const struct remote *remote, __u32 total)
{
	int commands = tty_open(remote, "rpmsg-tty-2", 0);
	int fd = tty_open(remote, "rpmsg-tty-1", 0);
	char text[32];
	__u8 chunk[4096];
	__u32 place = 0;

	ASSERT_LE(0, commands);
	ASSERT_LE(0, fd);
	ASSERT_TRUE(order(commands, "reset"));
	/* Now it knows whom to send to. */
	ASSERT_EQ(1, write(fd, "x", 1));
	snprintf(text, sizeof(text), "send %u", total);
	ASSERT_TRUE(order(commands, text));
	/* Long enough for everything on the way to fill up. */
	usleep(500000);
	while (place < total) {
		__u32 want = total - place < sizeof(chunk) ? total - place : sizeof(chunk);
		size_t len = read_all(fd, chunk, want);

		ASSERT_EQ(want, len) {
			TH_LOG("after %u of %u bytes", place, total);
		}
		for (__u32 i = 0; i < len; i++) {
			ASSERT_EQ(value_at(place + i), chunk[i]) {
				TH_LOG("at byte %u", place + i);
			}
		}
		place += len;
		if (place % (64 * sizeof(chunk)) == 0)
			usleep(20000);
	}
	close(fd);
	close(commands);
}

/* The remote waits, and nothing is lost. */
TEST_F_TIMEOUT(tty, to_a_slow_reader, 3 * TEST_GUARD_S)
{
	read_slowly(_metadata, self->remote, scaled(10 * MEBIBYTE, MEBIBYTE / 4));
}

/* Return: it takes no more, for now. */
static bool fill_counting(int fd, __u32 *total)
{
	static const char chunk[2048];
	ssize_t ret;

	while ((ret = write(fd, chunk, sizeof(chunk))) > 0 && *total < MEBIBYTE)
		*total += ret;
	return ret < 0 && errno == EAGAIN;
}

static bool has_queued(int fd)
{
	int queued;

	return !ioctl(fd, TIOCOUTQ, &queued) && queued > 0;
}

/* A terminal that takes no more says so, and says when it does again. */
TEST_F_TIMEOUT(tty, room, TEST_GUARD_S)
{
	int commands = tty_open(self->remote, "rpmsg-tty-2", 0);
	int fd = tty_open(self->remote, "rpmsg-tty-1", O_NONBLOCK);
	struct pollfd pfd = { .fd = fd, .events = POLLOUT };
	__u32 total = 0, received, sum, sent;

	ASSERT_LE(0, commands);
	ASSERT_LE(0, fd);
	ASSERT_TRUE(order(commands, "reset"));
	ASSERT_TRUE(order(commands, "slow 5000"));
	/* However slow it is, it may take the last of it between the two. */
	EXPECT_TRUE(wait_until(fill_counting(fd, &total) && has_queued(fd)));
	EXPECT_GT(MEBIBYTE, total);
	ASSERT_EQ(1, poll(&pfd, 1, HANG_GUARD_S * 1000));
	EXPECT_EQ(POLLOUT, pfd.revents);
	EXPECT_TRUE(wait_until(command(commands, "sum", &received, &sum, &sent) &&
			       received == total));
	close(fd);
	close(commands);
}

/* Whoever waits is woken; the old file stays dead, a new start works beside it. */
TEST_F_TIMEOUT(tty, hangup, TEST_GUARD_S)
{
	int fd = tty_open(self->remote, "rpmsg-tty", 0);
	struct pollfd pfd = { .fd = fd, .events = POLLIN };
	char buf[16];
	pid_t child;
	int status, again;

	ASSERT_LE(0, fd);
	ASSERT_EQ(0, tty_echo(fd, 10, 1));
	child = fork();
	ASSERT_LE(0, child);
	if (!child)
		_exit(read(fd, buf, sizeof(buf)) > 0);
	ASSERT_TRUE(wait_until(asleep(child)));

	ASSERT_EQ(0, remote_set(self->remote, "state", "stop"));
	ASSERT_EQ(child, waitpid(child, &status, 0));
	EXPECT_EQ(0, status);
	ASSERT_EQ(1, poll(&pfd, 1, 0));
	EXPECT_TRUE(pfd.revents & POLLHUP);
	EXPECT_EQ(0, read(fd, buf, sizeof(buf)));
	EXPECT_EQ(-1, write(fd, buf, 1));
	EXPECT_EQ(EIO, errno);

	ASSERT_EQ(0, remote_start(self->remote, firmware_of(self->remote, "tty")));
	again = tty_open(self->remote, "rpmsg-tty", 0);
	ASSERT_LE(0, again);
	EXPECT_EQ(0, tty_echo(again, 10, 2));
	close(fd);
	EXPECT_EQ(0, tty_echo(again, 10, 3));
	close(again);
}

/* A writer that waits for a remote that takes nothing ends with a signal, and with the remote. */
TEST_F_TIMEOUT(tty, blocked_writer, TEST_GUARD_S)
{
	int commands = tty_open(self->remote, "rpmsg-tty-2", 0);
	int fd = tty_open(self->remote, "rpmsg-tty-1", 0);
	static char megabyte[MEBIBYTE];
	pid_t child[2];
	__u64 start;
	int status;

	ASSERT_LE(0, commands);
	ASSERT_LE(0, fd);
	ASSERT_TRUE(order(commands, "slow 4000000000"));
	for (int i = 0; i < 2; i++) {
		child[i] = fork();
		ASSERT_LE(0, child[i]);
		if (!child[i])
			_exit(write(fd, megabyte, sizeof(megabyte)) == sizeof(megabyte));
		ASSERT_TRUE(wait_until(asleep(child[i])));
	}
	ASSERT_EQ(0, kill(child[1], SIGKILL));
	ASSERT_EQ(child[1], waitpid(child[1], &status, 0));
	EXPECT_TRUE(WIFSIGNALED(status));

	start = now_ms();
	ASSERT_EQ(0, remote_set(self->remote, "state", "stop"));
	ASSERT_EQ(child[0], waitpid(child[0], &status, 0));
	EXPECT_EQ(0, status);
	EXPECT_GT(HANG_GUARD_S * 1000, now_ms() - start);
	close(fd);
	close(commands);
}

/* Stopped while bytes are on their way in both directions. */
TEST_F_TIMEOUT(tty, stop_under_traffic, 3 * TEST_GUARD_S)
{
	for (unsigned int i = 0; i < scaled(50, 4); i++) {
		int fd = tty_open(self->remote, "rpmsg-tty", 0);
		pid_t child;
		int status;

		ASSERT_LE(0, fd);
		child = fork();
		ASSERT_LE(0, child);
		if (!child) {
			while (!tty_echo(fd, 1000, i))
				;
			_exit(0);
		}
		close(fd);
		usleep(1000 * (i * 7 % 50));
		ASSERT_EQ(0, remote_set(self->remote, "state", "stop"));
		ASSERT_EQ(child, waitpid(child, &status, 0));
		EXPECT_EQ(0, status);
		ASSERT_EQ(0, remote_start(self->remote, firmware_of(self->remote, "tty")));
	}
}

/*
 * Programs in the middle of a call, with pages that never come, hold on to the terminal. The remote
 * stops and starts all the same, and they are hung up when they can be.
 */
TEST_F_TIMEOUT(tty, page_that_never_comes, TEST_GUARD_S)
{
	static const char *const names[] = { "rpmsg-tty", VIRTUAL };
	struct stuck_call calls[2];
	int fd[2], again, status;
	ssize_t ret;
	pid_t child;
	bool done;

	for (int i = 0; i < 2; i++) {
		fd[i] = tty_open(self->remote, names[i], 0);
		ASSERT_LE(0, fd[i]);
		ASSERT_EQ(0, tty_echo(fd[i], 16, i));
		ASSERT_EQ(16, write(fd[i], "something to get", 16));
		ret = stuck_call_begin(&calls[i], fd[i], i);
		if (ret == -EOPNOTSUPP)
			SKIP(return, "this kernel has no userfaultfd");
		ASSERT_EQ(0, ret);
	}

	child = fork();
	ASSERT_LE(0, child);
	if (!child)
		_exit(remote_set(self->remote, "state", "stop") != 0);
	done = wait_until(waitpid(child, &status, WNOHANG) == child);
	EXPECT_TRUE(done);
	if (done) {
		EXPECT_EQ(0, status);
		ASSERT_EQ(0, remote_start(self->remote, firmware_of(self->remote, "tty")));
		again = tty_open(self->remote, "rpmsg-tty", 0);
		ASSERT_LE(0, again);
		EXPECT_EQ(0, tty_echo(again, 100, 1));
		close(again);
	}

	for (int i = 0; i < 2; i++) {
		struct pollfd pfd = { .fd = fd[i] };
		char path[32];

		ret = stuck_call_end(&calls[i]);
		/* What was taken from the terminal before is read. */
		if (!calls[i].reads)
			EXPECT_EQ(-EIO, ret);
		EXPECT_TRUE(wait_until(poll(&pfd, 1, 0) == 1 && pfd.revents & POLLHUP));
		snprintf(path, sizeof(path), "/proc/self/fd/%d", fd[i]);
		EXPECT_EQ(-1, open(path, O_RDWR | O_NOCTTY | O_CLOEXEC));
		close(fd[i]);
	}
	if (!done)
		waitpid(child, &status, 0);
}

/*
 * Somebody else hangs up at the moment when the remote goes, with unread bytes in the link's
 * buffers: whoever is first, each buffer is given back once, and before the link is gone.
 */
TEST_F_TIMEOUT(tty, hangup_against_stop, 3 * TEST_GUARD_S)
{
	for (unsigned int i = 0; i < scaled(100, 6); i++) {
		int commands = tty_open(self->remote, "rpmsg-tty-2", 0);
		int fd = tty_open(self->remote, "rpmsg-tty-1", 0);
		int gate[2], status;
		pid_t child;
		char go;

		ASSERT_LE(0, commands);
		ASSERT_LE(0, fd);
		ASSERT_EQ(1, write(fd, "x", 1));
		ASSERT_TRUE(order(commands, "send 1000000"));
		ASSERT_EQ(0, pipe(gate));
		child = fork();
		ASSERT_LE(0, child);
		if (!child) {
			if (read(gate[0], &go, 1) == 1)
				usleep(i * 131 % 3000);
			ioctl(fd, TIOCVHANGUP);
			_exit(0);
		}
		/* Until what the terminal takes is full, and the rest lies in the link. */
		usleep(20000);
		ASSERT_EQ(1, write(gate[1], "!", 1));
		usleep(i * 377 % 3000);
		ASSERT_EQ(0, remote_set(self->remote, "state", "stop"));
		ASSERT_EQ(child, waitpid(child, &status, 0));
		EXPECT_EQ(0, status);
		close(gate[0]);
		close(gate[1]);
		close(fd);
		close(commands);
		ASSERT_EQ(0, remote_start(self->remote, firmware_of(self->remote, "tty")));
	}
}

struct flusher {
	pthread_t thread;
	int fd;
	bool enough;
	unsigned int done;
};

static void *flush_output(void *context)
{
	struct flusher *flusher = context;

	while (!__atomic_load_n(&flusher->enough, __ATOMIC_RELAXED)) {
		tcflush(flusher->fd, TCOFLUSH);
		flusher->done++;
		usleep(flusher->done * 37 % 500);
	}
	return NULL;
}

/* Flushed while it is written to and sent from: nothing goes twice, and the count is right. */
TEST_F_TIMEOUT(tty, flush_under_traffic, TEST_GUARD_S)
{
	int commands = tty_open(self->remote, "rpmsg-tty-2", 0);
	struct flusher flusher = { .fd = tty_open(self->remote, "rpmsg-tty-1", O_NONBLOCK) };
	struct serial_icounter_struct before, after;
	__u32 received = 0, sum, sent, written = 0;
	char chunk[700] = "";
	int queued = -1;
	ssize_t ret;

	ASSERT_LE(0, commands);
	ASSERT_LE(0, flusher.fd);
	ASSERT_TRUE(order(commands, "reset"));
	ASSERT_TRUE(order(commands, "slow 20"));
	ASSERT_EQ(0, ioctl(flusher.fd, TIOCGICOUNT, &before));
	ASSERT_EQ(0, pthread_create(&flusher.thread, NULL, flush_output, &flusher));
	for (unsigned int i = 0; i < scaled(20000, 2000); i++) {
		ret = write(flusher.fd, chunk, 1 + i % sizeof(chunk));
		if (ret > 0)
			written += ret;
		else
			usleep(100);
	}
	__atomic_store_n(&flusher.enough, true, __ATOMIC_RELAXED);
	ASSERT_EQ(0, pthread_join(flusher.thread, NULL));
	EXPECT_LT(0, flusher.done);
	/* What is left is sent, and then nothing is. */
	EXPECT_TRUE(wait_until(!ioctl(flusher.fd, TIOCOUTQ, &queued) && !queued));
	ASSERT_EQ(0, ioctl(flusher.fd, TIOCGICOUNT, &after));
	EXPECT_TRUE(wait_until(command(commands, "sum", &received, &sum, &sent) &&
			       received == (__u32)(after.tx - before.tx)));
	EXPECT_LE(received, written);
	close(flusher.fd);
	close(commands);
}

/* What TIOCOUTQ does not count any more is not sent later either. */
TEST_F_TIMEOUT(tty, flushed_is_not_sent, TEST_GUARD_S)
{
	int fd = tty_open(self->remote, "rpmsg-tty-1", 0);
	struct serial_icounter_struct empty, later;
	unsigned int sent_later = 0;
	char line[4000] = "";
	int queued = -1;

	ASSERT_LE(0, fd);
	for (unsigned int i = 0; i < scaled(20000, 2000); i++) {
		ASSERT_EQ((ssize_t)sizeof(line), write(fd, line, sizeof(line)));
		ASSERT_EQ(0, tcflush(fd, TCOFLUSH));
		if (i & 1)
			ASSERT_EQ(0, tcdrain(fd));
		ASSERT_TRUE(wait_until(!ioctl(fd, TIOCOUTQ, &queued) && !queued));
		ASSERT_EQ(0, ioctl(fd, TIOCGICOUNT, &empty));
		usleep(200);
		ASSERT_EQ(0, ioctl(fd, TIOCGICOUNT, &later));
		sent_later += empty.tx != later.tx;
	}
	EXPECT_EQ(0, sent_later);
	close(fd);
}

#define MANY	40

/* More than the 32 that the kernel's own driver has. */
TEST_F_TIMEOUT(tty, many, TEST_GUARD_S)
{
	struct rpmsg_endpoint_info info = { .src = RPMSG_ADDR_ANY, .dst = 1040 };
	int ctrl = rpmsg_open(self->remote, NULL, 0);
	int fd[MANY], highest = 0;
	char path[64];

	ASSERT_LE(0, ctrl);
	for (int i = 0; i < MANY; i++) {
		snprintf(info.name, sizeof(info.name), "rpmsg-tty-%d", 10 + i);
		ASSERT_EQ(0, ioctl(ctrl, RPMSG_CREATE_DEV_IOCTL, &info));
		ASSERT_TRUE(tty_node(self->remote, info.name, path, sizeof(path)));
		if (atoi(path + strlen("/dev/ttyRPMSG")) > highest)
			highest = atoi(path + strlen("/dev/ttyRPMSG"));
		fd[i] = tty_open(self->remote, info.name, 0);
		ASSERT_LE(0, fd[i]);
	}
	EXPECT_LE(MANY, highest);
	for (int i = 0; i < MANY; i++)
		EXPECT_EQ(0, tty_echo(fd[i], 600, i));
	/* Half of them goes under open files, and half with the remote. */
	for (int i = 0; i < MANY; i += 2) {
		snprintf(info.name, sizeof(info.name), "rpmsg-tty-%d", 10 + i);
		ASSERT_EQ(0, ioctl(ctrl, RPMSG_RELEASE_DEV_IOCTL, &info));
		EXPECT_EQ(-1, write(fd[i], "x", 1));
		EXPECT_EQ(EIO, errno);
		EXPECT_EQ(0, tty_echo(fd[i + 1], 600, i));
	}
	ASSERT_TRUE(remote_offline(self->remote));
	for (int i = 0; i < MANY; i++)
		close(fd[i]);
	close(ctrl);
}

/*
 * Until neither the terminal nor the remote's ring takes any more: one is
 * emptied into the other.
 */
static void fill(int fd)
{
	static const char chunk[1024];
	int flags = fcntl(fd, F_GETFL);
	bool any;

	fcntl(fd, F_SETFL, flags | O_NONBLOCK);
	do {
		any = false;
		while (write(fd, chunk, sizeof(chunk)) > 0)
			any = true;
		usleep(200000);
	} while (any);
	fcntl(fd, F_SETFL, flags);
}

/* In each call that can wait; SIGKILL ends them all. */
TEST_F_TIMEOUT(tty, kill_in_every_call, TEST_GUARD_S)
{
	int commands = tty_open(self->remote, "rpmsg-tty-2", 0);
	int fd = tty_open(self->remote, "rpmsg-tty-1", 0);
	struct pollfd pfd = { .fd = fd, .events = POLLIN };
	static char megabyte[MEBIBYTE];
	struct termios termios;
	char buf[16];
	int status;

	ASSERT_LE(0, commands);
	ASSERT_LE(0, fd);
	ASSERT_TRUE(order(commands, "slow 4000000000"));
	fill(fd);
	ASSERT_EQ(0, tcgetattr(fd, &termios));
	for (int i = 0; i < 5; i++) {
		pid_t child = fork();

		ASSERT_LE(0, child);
		if (!child) {
			switch (i) {
			case 0:
				_exit(read(fd, buf, sizeof(buf)) > 0);
			case 1:
				_exit(poll(&pfd, 1, -1) > 0);
			case 2:
				_exit(write(fd, megabyte, sizeof(megabyte)) > 0);
			case 3:
				_exit(tcsetattr(fd, TCSADRAIN, &termios));
			default:
				_exit(tcdrain(fd));
			}
		}
		ASSERT_TRUE(wait_until(asleep(child)));
		kill(child, SIGKILL);
		ASSERT_TRUE(wait_until(waitpid(child, &status, WNOHANG) == child));
		EXPECT_TRUE(WIFSIGNALED(status));
	}
	close(fd);
	close(commands);
}

/* Opens a terminal, writes what the remote does not take, and closes it. */
static pid_t close_unsent(const char *path, int gate)
{
	pid_t child = fork();
	int fd;

	if (child)
		return child;
	fd = open(path, O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (fd < 0 || write(fd, "unsent", 6) != 6 || write(gate, "!", 1) != 1)
		_exit(1);
	close(fd);
	_exit(0);
}

/* Who closes waits for the rest to be sent, but not for long: it may be over before it is seen. */
TEST_F_TIMEOUT(tty, kill_in_close, TEST_GUARD_S)
{
	int commands = tty_open(self->remote, "rpmsg-tty-2", 0);
	int fd = tty_open(self->remote, "rpmsg-tty-1", 0);
	char path[64], go;
	bool killed = false;
	int gate[2], status;

	ASSERT_LE(0, commands);
	ASSERT_LE(0, fd);
	ASSERT_TRUE(tty_node(self->remote, "rpmsg-tty", path, sizeof(path)));
	ASSERT_TRUE(order(commands, "slow 4000000000"));
	fill(fd);
	ASSERT_EQ(0, pipe(gate));
	for (int i = 0; i < 4 && !killed; i++) {
		pid_t child = close_unsent(path, gate[1]);

		ASSERT_LT(0, child);
		ASSERT_EQ(1, read(gate[0], &go, 1));
		ASSERT_TRUE(wait_until(asleep(child) || has_ended(child)));
		kill(child, SIGKILL);
		ASSERT_TRUE(wait_until(has_ended(child)));
		ASSERT_EQ(child, waitpid(child, &status, 0));
		killed = WIFSIGNALED(status);
	}
	close(fd);
	close(commands);
	if (!killed)
		SKIP(return, "each had closed it before it was seen to wait");
}

/* Its driver or channel is removed under those who wait in a call: as a hangup. */
static void goes_under_calls(struct __test_metadata *_metadata, const struct remote *remote,
			     bool (*go)(const char *device, int ctrl))
{
	int commands = tty_open(remote, "rpmsg-tty-2", 0);
	int fd = tty_open(remote, "rpmsg-tty-1", 0);
	struct pollfd pfd = { .fd = fd, .events = POLLIN };
	int ctrl = rpmsg_open(remote, NULL, 0);
	static char megabyte[MEBIBYTE];
	char path[64], link[96], device[PATH_MAX];
	pid_t child[4];
	int status;

	ASSERT_LE(0, commands);
	ASSERT_LE(0, fd);
	ASSERT_LE(0, ctrl);
	ASSERT_TRUE(tty_node(remote, "rpmsg-tty-1", path, sizeof(path)));
	snprintf(link, sizeof(link), "/sys/class/tty/%s/device", strrchr(path, '/') + 1);
	ASSERT_NE(NULL, realpath(link, device));
	ASSERT_TRUE(order(commands, "slow 4000000000"));
	fill(fd);
	for (int i = 0; i < 4; i++) {
		child[i] = fork();
		ASSERT_LE(0, child[i]);
		if (!child[i]) {
			switch (i) {
			case 0:
				_exit(read(fd, megabyte, 1) ? 2 : 0);
			case 1:
				_exit(poll(&pfd, 1, -1) == 1 && pfd.revents & POLLHUP ? 0 : 2);
			case 2:
				/* What was taken before that is written. */
				if (write(fd, megabyte, sizeof(megabyte)) < 0 && errno == EIO)
					_exit(0);
				_exit(write(fd, megabyte, 1) < 0 && errno == EIO ? 0 : 2);
			default:
				/* Nothing is waiting any more. */
				tcdrain(fd);
				_exit(0);
			}
		}
		ASSERT_TRUE(wait_until(asleep(child[i])));
	}
	ASSERT_EQ(-1, syscall(SYS_delete_module, "rpmsg_tty", 0));
	ASSERT_EQ(EWOULDBLOCK, errno);
	for (int i = 0; i < 4; i++)
		ASSERT_FALSE(has_ended(child[i]));
	ASSERT_TRUE(go(strrchr(device, '/') + 1, ctrl));
	for (int i = 0; i < 4; i++) {
		ASSERT_TRUE(wait_until(waitpid(child[i], &status, WNOHANG) == child[i])) {
			TH_LOG("call %d", i);
		}
		EXPECT_EQ(0, status) {
			TH_LOG("call %d", i);
		}
	}
	EXPECT_EQ(-1, write(fd, "x", 1));
	EXPECT_EQ(EIO, errno);
	close(ctrl);
	close(fd);
	close(commands);
}

static bool unbind(const char *device, int ctrl)
{
	return !write_text("/sys/bus/rpmsg/drivers/rpmsg_tty/unbind", device);
}

TEST_F_TIMEOUT(tty, driver_is_unbound_under_calls, TEST_GUARD_S)
{
	goes_under_calls(_metadata, self->remote, unbind);
}

static bool release(const char *device, int ctrl)
{
	struct rpmsg_endpoint_info info = {
		.name = "rpmsg-tty-1", .src = RPMSG_ADDR_ANY, .dst = RPMSG_ADDR_ANY,
	};

	return !ioctl(ctrl, RPMSG_RELEASE_DEV_IOCTL, &info);
}

TEST_F_TIMEOUT(tty, channel_is_released_under_calls, TEST_GUARD_S)
{
	goes_under_calls(_metadata, self->remote, release);
}

TEST_F_TIMEOUT(tty, module_stays_under_an_open_terminal, TEST_GUARD_S)
{
	int fd = tty_open(self->remote, "rpmsg-tty", 0);

	ASSERT_LE(0, fd);
	for (unsigned int i = 0; i < scaled(200, 20); i++) {
		ASSERT_EQ(-1, syscall(SYS_delete_module, "rpmsg_tty", O_NONBLOCK));
		ASSERT_EQ(EWOULDBLOCK, errno);
		ASSERT_EQ(0, tty_echo(fd, 100, i));
	}
	close(fd);
}

/*
 * Channels that come while the module of their transport is still at its beginning: the terminal
 * finds later what that has to offer.
 */
TEST_F_TIMEOUT(tty, transport_that_comes_last, 3 * TEST_GUARD_S)
{
	static const char kept[] = "/sys/module/rpmsg_tty/parameters/rx_kept_bytes";
	static const char *const unload[] = { "rmmod", "virtio_rpmsg_bus", NULL };
	static const char *const load[] = { "modprobe", "virtio_rpmsg_bus", NULL };
	const struct remote *other = &self->remotes[1];
	bool two = remotes_find(self->remotes) > 1;
	char before[16];

	/* The longer it takes to find all links, the more channels of the first come meanwhile. */
	if (two) {
		ASSERT_TRUE(remote_offline(other));
		ASSERT_EQ(0, remote_start(other, firmware_of(other, "tty")));
	}
	ASSERT_LT(0, read_text(kept, before, sizeof(before)));
	ASSERT_EQ(0, write_text(kept, "4096"));
	for (unsigned int i = 0; i < scaled(20, 3); i++) {
		ASSERT_EQ(0, run(unload));
		ASSERT_EQ(0, run(load));
		read_slowly(_metadata, self->remote, MEBIBYTE / 4);
	}
	EXPECT_TRUE(!two || remote_offline(other));
	ASSERT_EQ(0, write_text(kept, before));
}

/* The remote waits for the prompt, logs in, calculates and leaves. */
TEST_F_TIMEOUT(tty, getty, TEST_GUARD_S)
{
	static const char passwd[] = "root::0:0:root:/:/bin/sh\n";
	char path[64];
	int status;
	pid_t child;

	ASSERT_TRUE(tty_node(self->remote, "rpmsg-tty-7", path, sizeof(path)));
	mkdir("/etc", 0755);
	if (access("/etc/passwd", F_OK))
		ASSERT_EQ(0, write_file("/etc/passwd", passwd, strlen(passwd)));
	child = fork();
	ASSERT_LE(0, child);
	if (!child) {
		setsid();
		for (int fd = 0; fd < 64; fd++)
			close(fd);
		execlp("getty", "getty", "-L", "0", path + strlen("/dev/"), "vt100", NULL);
		_exit(127);
	}
	EXPECT_TRUE(remote_says(self->remote, "logged in"));
	ASSERT_TRUE(wait_until(waitpid(child, &status, WNOHANG) == child));
	EXPECT_EQ(0, status);
}

TEST_HARNESS_MAIN
