// SPDX-License-Identifier: GPL-2.0-only
/*
 * One running echo firmware, used as a well-behaved program would: sizes, limits, blocking and
 * not, endpoints of one's own. What happens when the remote goes away is in survive.c, load is in
 * burst.c.
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

FIXTURE(echo)
{
	struct remote remotes[REMOTES_MAX];
	const struct remote *remote;
	int kmsg;
};

FIXTURE_SETUP(echo)
{
	ASSERT_LT(0, remotes_find(self->remotes));
	self->remote = &self->remotes[0];
	ASSERT_TRUE(remote_offline(self->remote));
	self->kmsg = kmsg_open();
	ASSERT_LE(0, self->kmsg);
	ASSERT_EQ(0, remote_start(self->remote, self->remote->echo));
}

FIXTURE_TEARDOWN(echo)
{
	EXPECT_TRUE(remote_offline(self->remote));
	EXPECT_EQ(0, kmsg_splats(self->kmsg));
	close(self->kmsg);
}

TEST_F_TIMEOUT(echo, every_size, TEST_GUARD_S)
{
	int fd = rpmsg_open(self->remote, RAW_CHANNEL, 0);

	ASSERT_LE(0, fd);
	for (unsigned int len = 1; len <= PAYLOAD_MAX; len++) {
		int ret = echo_once(fd, len, len);

		ASSERT_EQ(0, ret) TH_LOG("%u bytes", len);
	}
	close(fd);
}

/*
 * One message at a time has nobody to make up for a doorbell that was lost, and one that is missed
 * is missed rarely: when the next answer is there before the delivery of the one before has ended.
 */
TEST_F_TIMEOUT(echo, many_in_turn, 3 * TEST_GUARD_S)
{
	unsigned int count = scaled(50000, 2000);
	int fd = rpmsg_open(self->remote, RAW_CHANNEL, 0);

	ASSERT_LE(0, fd);
	for (unsigned int i = 0; i < count; i++) {
		int ret = echo_once(fd, 1 + i % PAYLOAD_MAX, i);

		ASSERT_EQ(0, ret) TH_LOG("message %u", i);
	}
	close(fd);
}

/* An oversized message must cost nothing: the link still works, no buffer is gone. */
TEST_F_TIMEOUT(echo, too_long_is_refused, TEST_GUARD_S)
{
	__u8 message[4096] = { 0 };
	int fd = rpmsg_open(self->remote, RAW_CHANNEL, 0);

	ASSERT_LE(0, fd);
	for (int i = 0; i < 600; i++) {
		ASSERT_EQ(-1, write(fd, message, PAYLOAD_MAX + 1));
		ASSERT_EQ(EMSGSIZE, errno);
	}
	EXPECT_EQ(-1, write(fd, message, sizeof(message)));
	EXPECT_EQ(EMSGSIZE, errno);
	EXPECT_EQ(0, echo_once(fd, PAYLOAD_MAX, 1));
	close(fd);
}

TEST_F_TIMEOUT(echo, empty_message, TEST_GUARD_S)
{
	int fd = rpmsg_open(self->remote, RAW_CHANNEL, 0);

	ASSERT_LE(0, fd);
	EXPECT_EQ(0, echo_once(fd, 0, 1));
	EXPECT_EQ(0, echo_once(fd, 1, 1));
	close(fd);
}

/* read() takes one message; what does not fit into the caller's buffer is lost. */
TEST_F_TIMEOUT(echo, short_read_drops_the_rest, TEST_GUARD_S)
{
	__u8 message[64], got[64];
	int fd = rpmsg_open(self->remote, RAW_CHANNEL, 0);

	ASSERT_LE(0, fd);
	pattern(message, sizeof(message), 3);
	ASSERT_EQ(sizeof(message), write(fd, message, sizeof(message)));
	ASSERT_TRUE(readable(fd));
	ASSERT_EQ(16, read(fd, got, 16));
	EXPECT_EQ(0, memcmp(message, got, 16));
	EXPECT_EQ(0, echo_once(fd, 20, 4));
	close(fd);
}

TEST_F_TIMEOUT(echo, nonblocking, TEST_GUARD_S)
{
	struct pollfd pfd = { .events = POLLIN };
	__u8 got[PAYLOAD_MAX];
	int fd = rpmsg_open(self->remote, RAW_CHANNEL, O_NONBLOCK);

	ASSERT_LE(0, fd);
	ASSERT_EQ(-1, read(fd, got, sizeof(got)));
	ASSERT_EQ(EAGAIN, errno);
	pfd.fd = fd;
	EXPECT_EQ(0, poll(&pfd, 1, 0));
	EXPECT_EQ(0, echo_once(fd, 100, 5));
	EXPECT_EQ(0, poll(&pfd, 1, 0));
	close(fd);
}

/* Room to send is reported beside what can be read. */
TEST_F_TIMEOUT(echo, poll_for_room, TEST_GUARD_S)
{
	struct pollfd pfd = { .events = POLLIN | POLLOUT };
	__u8 got[PAYLOAD_MAX];
	int fd = rpmsg_open(self->remote, RAW_CHANNEL, 0);

	ASSERT_LE(0, fd);
	pfd.fd = fd;
	ASSERT_EQ(1, poll(&pfd, 1, 0));
	EXPECT_EQ(POLLOUT, pfd.revents);
	ASSERT_EQ(3, write(fd, "one", 3));
	ASSERT_TRUE(readable(fd));
	ASSERT_EQ(1, poll(&pfd, 1, 0));
	EXPECT_EQ(POLLIN | POLLOUT, pfd.revents);
	EXPECT_EQ(3, read(fd, got, sizeof(got)));
	close(fd);
}

/* A reader that waits before the message exists is woken by it. */
TEST_F_TIMEOUT(echo, blocked_reader_wakes, TEST_GUARD_S)
{
	__u8 sent[24], got[PAYLOAD_MAX];
	int fd = rpmsg_open(self->remote, RAW_CHANNEL, 0);
	int status;
	pid_t child;

	ASSERT_LE(0, fd);
	pattern(sent, sizeof(sent), 6);
	child = fork();
	ASSERT_LE(0, child);
	if (!child)
		_exit(read(fd, got, sizeof(got)) == sizeof(sent) &&
		      !memcmp(sent, got, sizeof(sent)) ? 0 : 1);

	EXPECT_EQ(sizeof(sent), write(fd, sent, sizeof(sent)));
	ASSERT_EQ(child, waitpid(child, &status, 0));
	EXPECT_EQ(0, status);
	close(fd);
}

TEST_F_TIMEOUT(echo, second_open_is_busy, TEST_GUARD_S)
{
	int fd = rpmsg_open(self->remote, RAW_CHANNEL, 0);

	ASSERT_LE(0, fd);
	EXPECT_EQ(-EBUSY, rpmsg_open(self->remote, RAW_CHANNEL, 0));
	EXPECT_EQ(0, echo_once(fd, 8, 7));
	close(fd);
	EXPECT_EQ(0, echo_works(self->remote));
}

/* The channel's own endpoint belongs to the channel, not to whoever opened it. */
TEST_F_TIMEOUT(echo, channel_endpoint_stays, TEST_GUARD_S)
{
	int fd = rpmsg_open(self->remote, RAW_CHANNEL, 0);

	ASSERT_LE(0, fd);
	EXPECT_EQ(-1, ioctl(fd, RPMSG_DESTROY_EPT_IOCTL));
	EXPECT_EQ(EINVAL, errno);
	EXPECT_EQ(0, echo_once(fd, 8, 8));
	close(fd);
}

TEST_F_TIMEOUT(echo, endpoint_of_ones_own, TEST_GUARD_S)
{
	__s64 dst = channel_dst(self->remote, DEMO_CHANNEL);
	char path[64];
	int ctrl, fd;

	ASSERT_LE(0, dst);
	ctrl = rpmsg_open(self->remote, NULL, 0);
	ASSERT_LE(0, ctrl);
	ASSERT_EQ(0, endpoint_create(ctrl, "mine", RPMSG_ADDR_ANY, dst));
	ASSERT_TRUE(rpmsg_node(self->remote, "mine", path, sizeof(path)));
	fd = rpmsg_open(self->remote, "mine", 0);
	ASSERT_LE(0, fd);
	EXPECT_EQ(0, echo_once(fd, 1, 9));
	EXPECT_EQ(0, echo_once(fd, PAYLOAD_MAX, 10));

	/* Destroyed under the open file: the node goes, the file only says so. */
	EXPECT_EQ(0, ioctl(fd, RPMSG_DESTROY_EPT_IOCTL));
	EXPECT_TRUE(wait_until(access(path, F_OK)));
	EXPECT_EQ(-1, write(fd, "x", 1));
	EXPECT_EQ(EPIPE, errno);
	EXPECT_EQ(0, close(fd));
	close(ctrl);
}

/* Address 0 is a valid local address; the OpenAMP examples use it. */
TEST_F_TIMEOUT(echo, local_address_zero, TEST_GUARD_S)
{
	__s64 dst = channel_dst(self->remote, DEMO_CHANNEL);
	int ctrl, fd;

	ASSERT_LE(0, dst);
	ctrl = rpmsg_open(self->remote, NULL, 0);
	ASSERT_LE(0, ctrl);
	ASSERT_EQ(0, endpoint_create(ctrl, "zero", 0, dst));
	fd = rpmsg_open(self->remote, "zero", 0);
	ASSERT_LE(0, fd);
	EXPECT_EQ(0, echo_once(fd, 32, 11));
	close(fd);
	close(ctrl);
}

TEST_F_TIMEOUT(echo, two_clients, TEST_GUARD_S)
{
	static const char *const names[] = { "first", "second" };
	__s64 dst = channel_dst(self->remote, DEMO_CHANNEL);
	__u8 sent[2][40], got[PAYLOAD_MAX];
	int ctrl, fd[2];

	ASSERT_LE(0, dst);
	ctrl = rpmsg_open(self->remote, NULL, 0);
	ASSERT_LE(0, ctrl);
	for (int i = 0; i < 2; i++) {
		ASSERT_EQ(0, endpoint_create(ctrl, names[i], RPMSG_ADDR_ANY, dst));
		fd[i] = rpmsg_open(self->remote, names[i], 0);
		ASSERT_LE(0, fd[i]);
	}

	/* Both have a message under way before either reads. */
	for (unsigned int round = 0; round < 50; round++) {
		for (int i = 0; i < 2; i++) {
			pattern(sent[i], sizeof(sent[i]), 2 * round + i);
			ASSERT_EQ(sizeof(sent[i]), write(fd[i], sent[i], sizeof(sent[i])));
		}
		for (int i = 1; i >= 0; i--) {
			ASSERT_TRUE(readable(fd[i]));
			ASSERT_EQ(sizeof(sent[i]), read(fd[i], got, sizeof(got)));
			ASSERT_EQ(0, memcmp(sent[i], got, sizeof(sent[i])));
		}
	}

	for (int i = 0; i < 2; i++)
		close(fd[i]);
	close(ctrl);
}

/* Interrupts of the doorbell so far, over all CPUs; -1 if it is not in the list. */
static long doorbell_interrupts(void)
{
	size_t size;
	char *text = read_file("/proc/interrupts", &size);
	char *line, *state;
	long sum = -1;

	if (!text)
		return -1;

	for (line = strtok_r(text, "\n", &state); line; line = strtok_r(NULL, "\n", &state)) {
		char *field = strchr(line, ':');
		char *end;
		long count;

		if (!field || !(strstr(line, "zynqmp-ipi") || strstr(line, "zynqmp_ipi") ||
				strstr(line, ".mailbox") || strstr(line, "imx_mu") ||
				strstr(line, "remoteproc")))
			continue;
		if (sum < 0)
			sum = 0;
		for (field++; count = strtol(field, &end, 10), end != field; field = end)
			sum += count;
	}

	free(text);
	return sum;
}

/*
 * With one message under way at a time, and whoever delivered the last one at rest again, each
 * reply comes with an interrupt. Now and then a reply is seen before its interrupt is, which then
 * is that of the next one too; if that were the rule, replies would be found by chance. More than
 * two to a message, one for the reply and one for the buffer that came back: somebody rings for
 * nothing. A messaging unit interrupts as often for words that the remote has read.
 */
TEST_F_TIMEOUT(echo, one_interrupt_per_reply, TEST_GUARD_S)
{
	unsigned int messages = scaled(1000, 100);
	int fd = rpmsg_open(self->remote, RAW_CHANNEL, 0);
	long before, taken;

	ASSERT_LE(0, fd);
	ASSERT_EQ(0, echo_once(fd, 4, 0));
	before = doorbell_interrupts();
	ASSERT_LE(0, before);
	for (unsigned int i = 0; i < messages; i++) {
		ASSERT_EQ(0, echo_once(fd, 16, i));
		usleep(3000);
	}
	taken = doorbell_interrupts() - before;

	TH_LOG("%u messages, %ld interrupts", messages, taken);
	EXPECT_LE(messages * 3 / 4, taken);
	EXPECT_GE((strcmp(self->remote->unit, "m4") ? 2 : 4) * messages + 8, taken);
	close(fd);
}

TEST_HARNESS_MAIN
