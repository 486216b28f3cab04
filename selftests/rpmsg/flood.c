// SPDX-License-Identifier: GPL-2.0-only
/*
 * A remote that never stops to send and never gives a buffer back. Whoever wants to be rid of it,
 * or of its driver, must not wait for it, and what it does must not fill the kernel's log.
 *
 * What may hang runs in a process of its own, so that a kernel that does hang is reported.
 *
 * Copyright (c) 2026 linux-amp developers
 */
#include "guest.h"
#include "channel.h"
#include "kmsg.h"
#include "link.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "harness.h"

/*
 * Lines of the log that a test may cost at all, and for each second that it takes: the kernel's
 * usual limit is 10 in 5 s for each place that logs. The flood has thousands of messages a second.
 */
#define LOG_LINES	100
#define LOG_LINES_PER_S	10
/* A start and its stop have some of their own. */
#define LOG_LINES_PER_START	20

FIXTURE(flood)
{
	struct remote remotes[REMOTES_MAX];
	const struct remote *remote;
	char vdev[NAME_MAX + 1];
	__u64 start;
	unsigned int starts;
	int kmsg;
};

static bool flooded(const char *vdev, long messages)
{
	return wait_until(link_counter(vdev, "rx_no_recipient") >= messages);
}

/* Ends with the exit code of a child, or -ETIMEDOUT if it does not leave. */
static int exit_code(pid_t child)
{
	pid_t ended = 0;
	int status;

	wait_until((ended = waitpid(child, &status, WNOHANG)));
	if (!ended)
		return -ETIMEDOUT;
	return ended == child && WIFEXITED(status) ? WEXITSTATUS(status) : -ECHILD;
}

/*
 * Writes to an attribute from a process that may hang in the kernel for ever. It keeps no file of
 * ours open, or whoever reads our results would wait for it as well. Return: 0 or a negative errno,
 * -ETIMEDOUT if it hangs.
 */
static int write_guarded(const char *path, const char *text)
{
	__u64 start = now_ms();
	pid_t child;
	int ret;

	child = fork();
	if (!child) {
		for (int fd = 0; fd < 64; fd++)
			close(fd);
		_exit(-write_text(path, text));
	}
	if (child < 0)
		return -errno;

	ret = exit_code(child);
	if (ret == -ETIMEDOUT)
		printf("# \"%s\" to %s hangs\n", text, path);
	else
		printf("# \"%s\" to %s took %llu ms\n", text, path, now_ms() - start);
	return ret < 0 ? ret : -ret;
}

static int stop(const struct remote *remote)
{
	char path[128];

	snprintf(path, sizeof(path), "%s/state", remote->sysfs);
	return write_guarded(path, "stop");
}

static bool offline(const struct remote *remote)
{
	return remote_is(remote, "offline") || (!stop(remote) && remote_is(remote, "offline"));
}

FIXTURE_SETUP(flood)
{
	ASSERT_LT(0, remotes_find(self->remotes));
	self->remote = &self->remotes[0];
	ASSERT_TRUE(offline(self->remote));
	self->kmsg = kmsg_open();
	ASSERT_LE(0, self->kmsg);
	self->start = now_ms();
	ASSERT_EQ(0, remote_start(self->remote, firmware_of(self->remote, "flood")));
	ASSERT_TRUE(wait_until(link_vdev(self->remote, self->vdev, sizeof(self->vdev))));
	ASSERT_TRUE(flooded(self->vdev, 500));
}

/* The log of the flood only: the good firmware has its own lines. */
static void check_log(struct __test_metadata *_metadata, int kmsg, __u64 since, unsigned int starts)
{
	long limit = LOG_LINES + LOG_LINES_PER_START * starts +
		     LOG_LINES_PER_S * ((now_ms() - since) / 1000);
	struct kmsg_line line;
	int lines = 0, splats = 0;

	for (; kmsg_next(kmsg, &line); lines++) {
		if (!kmsg_is_splat(&line))
			continue;
		printf("# kernel: %s\n", line.text);
		splats++;
	}

	TH_LOG("%d lines logged", lines);
	EXPECT_EQ(0, splats);
	EXPECT_GE(limit, lines);
}

FIXTURE_TEARDOWN(flood)
{
	/* Nothing else can work after a hang. */
	ASSERT_TRUE(offline(self->remote));
	EXPECT_EQ(0, channel_count(self->remote));
	check_log(_metadata, self->kmsg, self->start, self->starts);
	ASSERT_EQ(0, remote_start(self->remote, self->remote->echo));
	EXPECT_EQ(0, echo_works(self->remote));
	EXPECT_TRUE(offline(self->remote));
	EXPECT_EQ(0, kmsg_splats(self->kmsg));
	close(self->kmsg);
}

TEST_F_TIMEOUT(flood, stop, TEST_GUARD_S)
{
	ASSERT_EQ(0, stop(self->remote));
	EXPECT_TRUE(remote_is(self->remote, "offline"));
}

/* Sends until it cannot: the ring fills up, the write waits, and the wait may run out. */
static int write_on(int fd)
{
	while (write(fd, "more", 4) >= 0 || errno == ETIMEDOUT)
		;
	return errno;
}

static int read_on(int fd)
{
	char buf[PAYLOAD_MAX];

	while (read(fd, buf, sizeof(buf)) >= 0)
		;
	return errno;
}

/* A writer that waits for room and a reader, both while the remote sends all it can. */
static void stop_under_fire(struct __test_metadata *_metadata, const struct remote *remote,
			    const char *vdev)
{
	int fd = rpmsg_open(remote, RAW_CHANNEL, 0);
	char buf[PAYLOAD_MAX];
	pid_t writer, reader;

	ASSERT_LE(0, fd);
	ASSERT_EQ(5, write(fd, "hello", 5));
	ASSERT_TRUE(readable(fd));
	ASSERT_EQ(16, read(fd, buf, sizeof(buf)));

	writer = fork();
	ASSERT_LE(0, writer);
	if (!writer)
		_exit(write_on(fd));
	reader = fork();
	ASSERT_LE(0, reader);
	if (!reader)
		_exit(read_on(fd));

	ASSERT_TRUE(wait_until(link_counter(vdev, "tx_no_buf") > 0));
	ASSERT_TRUE(flooded(vdev, link_counter(vdev, "rx_no_recipient") + 500));
	ASSERT_EQ(0, stop(remote));
	EXPECT_TRUE(remote_is(remote, "offline"));
	EXPECT_EQ(EPIPE, exit_code(writer));
	EXPECT_EQ(EPIPE, exit_code(reader));
	EXPECT_EQ(0, close(fd));
}

TEST_F_TIMEOUT(flood, stop_under_writer_and_reader, TEST_GUARD_S)
{
	stop_under_fire(_metadata, self->remote, self->vdev);
}

/* What one stop leaves behind, the next start or the thousandth shows. */
TEST_F_TIMEOUT(flood, stop_again_and_again, 6 * TEST_GUARD_S)
{
	const struct remote *remote = self->remote;

	for (unsigned int i = 0; i < scaled(1000, 5); i++) {
		if (i) {
			ASSERT_EQ(0, remote_start(remote, firmware_of(remote, "flood")));
			self->starts++;
			ASSERT_TRUE(wait_until(link_vdev(remote, self->vdev, sizeof(self->vdev))));
		}
		/* The device is there before its channel. */
		ASSERT_TRUE(wait_until(channel_dst(remote, RAW_CHANNEL) >= 0));
		stop_under_fire(_metadata, remote, self->vdev);
	}
}

TEST_F_TIMEOUT(flood, unbind, TEST_GUARD_S)
{
	ASSERT_EQ(0, write_guarded(VIRTIO_DRIVER "/unbind", self->vdev));
	EXPECT_TRUE(remote_is(self->remote, "running"));
	EXPECT_EQ(0, channel_count(self->remote));
	ASSERT_EQ(0, stop(self->remote));
	EXPECT_TRUE(remote_is(self->remote, "offline"));
}

/* The remote floods the next driver as well, which has nothing left of the first one's end. */
TEST_F_TIMEOUT(flood, unbind_and_bind, TEST_GUARD_S)
{
	ASSERT_EQ(0, write_guarded(VIRTIO_DRIVER "/unbind", self->vdev));
	/* Else the message that it is at work on may be the next driver's first, and no message. */
	ASSERT_TRUE(remote_says(self->remote, "driver gone"));
	ASSERT_EQ(0, write_guarded(VIRTIO_DRIVER "/bind", self->vdev));
	EXPECT_TRUE(flooded(self->vdev, 500));
	EXPECT_LE(0, channel_dst(self->remote, RAW_CHANNEL));
	ASSERT_EQ(0, stop(self->remote));
	EXPECT_TRUE(remote_is(self->remote, "offline"));
}

/* Long enough for an unlimited log to show, see check_log(). */
TEST_F_TIMEOUT(flood, log_is_bounded, TEST_GUARD_S)
{
	unsigned int messages = scaled(50000, 5000);
	__u64 start = now_ms();

	ASSERT_TRUE(flooded(self->vdev, messages));
	TH_LOG("%u messages for nobody in %llu ms", messages, now_ms() - start);
}

TEST_HARNESS_MAIN
