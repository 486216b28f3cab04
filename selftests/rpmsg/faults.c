// SPDX-License-Identifier: GPL-2.0-only
/*
 * Memory is short at every place in turn: the first allocation of an operation fails, then the
 * second, and so on until it gets through. Whatever it answers, nothing is left behind, and it
 * works the next time.
 *
 * Needs a kernel with fault injection. What the calling task allocates fails by its number there;
 * what a worker does, by the module whose code is among the callers.
 *
 * Copyright (c) 2026 linux-amp developers
 */
#include "guest.h"
#include "channel.h"
#include "failslab.h"
#include "kmsg.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>

#include <amp/rpmsg.h>

#include "harness.h"

#define FAIL_NTH	"/proc/thread-self/fail-nth"
#define BUS_DIR		"/sys/bus/rpmsg"
/* No operation here allocates so often. */
#define MOST		2000
#define ECHO_ADDR	1025

struct stage {
	const struct remote *remote;
	int ctrl, fd;
	char raw[64], tty[64];
};

FIXTURE(faults)
{
	struct remote remotes[REMOTES_MAX];
	struct stage stage;
	int kmsg;
};

FIXTURE_SETUP(faults)
{
	struct stage *stage = &self->stage;

	if (access(FAIL_NTH, F_OK) || access(FAILSLAB, F_OK))
		SKIP(return, "this kernel has no fault injection");
	/* Allocations that may sleep count, too, and each need not be told at length. */
	ASSERT_EQ(0, write_text(FAILSLAB "ignore-gfp-wait", "N"));
	ASSERT_EQ(0, write_text(FAILSLAB "verbose", "0"));

	ASSERT_LT(0, remotes_find(self->remotes));
	stage->remote = &self->remotes[0];
	ASSERT_TRUE(remote_offline(stage->remote));
	self->kmsg = kmsg_open();
	ASSERT_LE(0, self->kmsg);
	ASSERT_EQ(0, remote_start(stage->remote, firmware_of(stage->remote, "tty")));
	stage->ctrl = rpmsg_open(stage->remote, NULL, 0);
	ASSERT_LE(0, stage->ctrl);
	ASSERT_TRUE(rpmsg_node(stage->remote, RAW_CHANNEL, stage->raw, sizeof(stage->raw)));
	ASSERT_TRUE(tty_node(stage->remote, "rpmsg-tty", stage->tty, sizeof(stage->tty)));
	stage->fd = -1;
}

FIXTURE_TEARDOWN(faults)
{
	const struct stage *stage = &self->stage;

	EXPECT_EQ(0, echo_works(stage->remote));
	close(stage->ctrl);
	EXPECT_TRUE(remote_offline(stage->remote));
	EXPECT_EQ(0, kmsg_splats(self->kmsg));
	close(self->kmsg);
}

/* Open all the time: while a failure is still to come, an open() would have it. */
static int fail_nth = -1;

/* From here on the nth allocation of this task fails; 0 for none. */
static bool arm(unsigned int nth)
{
	char text[16];
	int len = snprintf(text, sizeof(text), "%u", nth);

	if (fail_nth < 0)
		fail_nth = open(FAIL_NTH, O_RDWR | O_CLOEXEC);
	return pwrite(fail_nth, text, len, 0) == len;
}

/* Return: the failure is still to come, so the operation had none. */
static bool still_armed(void)
{
	char text[16] = "";

	return pread(fail_nth, text, sizeof(text) - 1, 0) > 0 && strtol(text, NULL, 10) > 0;
}

/*
 * Runs @operation with each allocation failing in turn, @after without. Return: number of places
 * that failed, or a negative number if it did not work in the end.
 */
static int fail_each(struct stage *stage, int (*operation)(struct stage *),
		     void (*after)(struct stage *))
{
	unsigned int nth;
	int ret, refused = 0;

	for (nth = 1; nth < MOST; nth++) {
		bool through;

		if (!arm(nth))
			return -1;
		ret = operation(stage);
		through = still_armed();
		arm(0);
		after(stage);
		if (through)
			break;
		refused += ret < 0;
	}
	printf("# %u allocations failed, %d refusals\n", nth - 1, refused);
	return ret < 0 ? ret : (int)nth - 1;
}

static int open_file(struct stage *stage)
{
	stage->fd = open(stage->raw, O_RDWR | O_CLOEXEC | O_NONBLOCK);
	return stage->fd < 0 ? -errno : 0;
}

static int open_terminal(struct stage *stage)
{
	stage->fd = open(stage->tty, O_RDWR | O_CLOEXEC | O_NOCTTY);
	return stage->fd < 0 ? -errno : 0;
}

static void close_file(struct stage *stage)
{
	if (stage->fd >= 0)
		close(stage->fd);
	stage->fd = -1;
}

static int make_descriptor(struct stage *stage)
{
	struct rpmsg_endpoint_fd_info info = {
		.name = "faults", .src = 99, .dst = ECHO_ADDR, .flags = O_RDWR | O_CLOEXEC,
	};

	if (ioctl(stage->ctrl, RPMSG_CREATE_EPT_FD_IOCTL, &info))
		return -errno;
	stage->fd = info.fd;
	return 0;
}

static int make_endpoint(struct stage *stage)
{
	return endpoint_create(stage->ctrl, "faults", 99, ECHO_ADDR);
}

/* As many as there are, whatever the calls said that should have made them. */
static void destroy_endpoints(struct stage *stage)
{
	char path[64], text[64];

	for (int i = 0; i < 16; i++) {
		int fd;

		snprintf(path, sizeof(path), "/sys/class/rpmsg/rpmsg%d/name", i);
		if (read_text(path, text, sizeof(text)) < 0 || strcmp(text, "faults"))
			continue;
		snprintf(path, sizeof(path), "/dev/rpmsg%d", i);
		fd = open(path, O_RDWR | O_CLOEXEC);
		if (fd >= 0) {
			ioctl(fd, RPMSG_DESTROY_EPT_IOCTL);
			close(fd);
		}
	}
}

static int channel_request(struct stage *stage, unsigned long number, const char *name)
{
	struct rpmsg_endpoint_info info = { .src = RPMSG_ADDR_ANY, .dst = 1040 };

	snprintf(info.name, sizeof(info.name), "%s", name);
	/* Not where the channel that the remote announced already is. */
	if (!strcmp(name, "rpmsg-tty"))
		info.dst = ECHO_ADDR;
	return ioctl(stage->ctrl, number, &info) ? -errno : 0;
}

static int make_raw(struct stage *stage)
{
	return channel_request(stage, RPMSG_CREATE_DEV_IOCTL, RAW_CHANNEL);
}

static void release_raw(struct stage *stage)
{
	channel_request(stage, RPMSG_RELEASE_DEV_IOCTL, RAW_CHANNEL);
}

static int make_tty(struct stage *stage)
{
	return channel_request(stage, RPMSG_CREATE_DEV_IOCTL, "rpmsg-tty");
}

static void release_tty(struct stage *stage)
{
	channel_request(stage, RPMSG_RELEASE_DEV_IOCTL, "rpmsg-tty");
}

static int send_one(struct stage *stage)
{
	return write(stage->fd, "message", 7) == 7 ? 0 : -errno;
}

static int receive_one(struct stage *stage)
{
	char buf[64];

	return read(stage->fd, buf, sizeof(buf)) >= 0 ? 0 : -errno;
}

static void drain(struct stage *stage)
{
	char buf[64];

	/* A reply is under way, and whoever opens the device next does not expect it. */
	readable(stage->fd);
	while (read(stage->fd, buf, sizeof(buf)) > 0)
		;
}

static void send_next(struct stage *stage)
{
	if (write(stage->fd, "message", 7) == 7)
		readable(stage->fd);
}

TEST_F_TIMEOUT(faults, open, TEST_GUARD_S)
{
	EXPECT_LT(0, fail_each(&self->stage, open_file, close_file));
}

/*
 * Somebody has it open already: the first one makes the tty core allocate with vmalloc(), and if
 * that fails the kernel says so with a call trace, as if it were a fault of its own.
 */
TEST_F_TIMEOUT(faults, open_terminal, TEST_GUARD_S)
{
	int fd = open(self->stage.tty, O_RDWR | O_CLOEXEC | O_NOCTTY);

	ASSERT_LE(0, fd);
	EXPECT_LT(0, fail_each(&self->stage, open_terminal, close_file));
	close(fd);
}

TEST_F_TIMEOUT(faults, descriptor, TEST_GUARD_S)
{
	EXPECT_LT(0, fail_each(&self->stage, make_descriptor, close_file));
}

TEST_F_TIMEOUT(faults, endpoint, TEST_GUARD_S)
{
	EXPECT_LT(0, fail_each(&self->stage, make_endpoint, destroy_endpoints));
}

TEST_F_TIMEOUT(faults, probe_of_a_character_device, 3 * TEST_GUARD_S)
{
	int before = channel_count(self->stage.remote);

	EXPECT_LT(0, fail_each(&self->stage, make_raw, release_raw));
	EXPECT_EQ(before, channel_count(self->stage.remote));
}

TEST_F_TIMEOUT(faults, probe_of_a_terminal, 3 * TEST_GUARD_S)
{
	int before = channel_count(self->stage.remote);

	EXPECT_LT(0, fail_each(&self->stage, make_tty, release_tty));
	EXPECT_EQ(before, channel_count(self->stage.remote));
}

/* What a message costs on our transport: no memory. So there is nothing that could fail. */
TEST_F_TIMEOUT(faults, send_and_receive, TEST_GUARD_S)
{
	ASSERT_EQ(0, open_file(&self->stage));
	EXPECT_EQ(0, fail_each(&self->stage, send_one, drain));
	send_next(&self->stage);
	EXPECT_EQ(0, fail_each(&self->stage, receive_one, send_next));
	drain(&self->stage);
	close_file(&self->stage);
}

/* The name service, its device and the control device, and what the firmware announces. */
#define CHANNELS	4

static bool is_done(const struct remote *remote)
{
	return channel_count(remote) >= CHANNELS || failslab_has_failed();
}

/*
 * Channels are made by the worker of the name service. Without memory one that the remote announces
 * is not there; the next start has them all.
 */
TEST_F_TIMEOUT(faults, worker_of_the_name_service, 3 * TEST_GUARD_S)
{
	/* Far apart at the end: each costs a start. */
	static const unsigned int nth[] = { 1, 2, 3, 5, 8, 13, 21, 34, 55 };
	const struct remote *remote = self->stage.remote;
	unsigned int failed = 0;
	struct code code;

	if (!failslab_by_caller())
		SKIP(return, "this kernel cannot tell by whom memory is wanted");
	ASSERT_TRUE(failslab_find("rpmsg_ns", "handle_events", &code));
	for (size_t i = 0; i < ARRAY_SIZE(nth); i++) {
		ASSERT_TRUE(remote_offline(remote));
		ASSERT_EQ(0, failslab_arm(&code, nth[i]));
		EXPECT_EQ(0, remote_start(remote, remote->echo));
		EXPECT_TRUE(wait_until(is_done(remote)));
		failed += failslab_disarm();
	}
	TH_LOG("%u allocations failed", failed);
	EXPECT_LT(0, failed);
	ASSERT_TRUE(remote_offline(remote));
	ASSERT_EQ(0, remote_start(remote, remote->echo));
	EXPECT_TRUE(wait_until(channel_count(remote) == CHANNELS));
}

TEST_HARNESS_MAIN
