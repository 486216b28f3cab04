// SPDX-License-Identifier: GPL-2.0-only
/*
 * Devicetree-defined RPMsg: a remote without resource table, started by somebody else. Here that is
 * Linux too, through a remote processor that knows nothing of the rings.
 *
 * Copyright (c) 2026 linux-amp developers
 */
#include "guest.h"
#include "channel.h"
#include "kmsg.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "kselftest_harness.h"

#define DRIVER_DIR	"/sys/bus/platform/drivers/imx_rpmsg"
#define DEVICE		"bfff0000.rpmsg"

/* Static addresses of the firmware; a local one that is nobody's. */
#define ECHO_ADDR	30
#define LOCAL_ADDR	500

FIXTURE(lite)
{
	struct remote remotes[REMOTES_MAX];
	struct remote *remote;
	int kmsg;
};

static bool bound(void)
{
	return !access(DRIVER_DIR "/" DEVICE, F_OK);
}

FIXTURE_SETUP(lite)
{
	ASSERT_EQ(1, remotes_find(self->remotes));
	self->remote = &self->remotes[0];
	snprintf(self->remote->links, sizeof(self->remote->links), "/" DEVICE "/");
	ASSERT_TRUE(remote_offline(self->remote));
	self->kmsg = kmsg_open();
	ASSERT_LE(0, self->kmsg);

	/* With empty rings. */
	if (bound())
		ASSERT_EQ(0, write_text(DRIVER_DIR "/unbind", DEVICE));
	ASSERT_EQ(0, write_text(DRIVER_DIR "/bind", DEVICE));
}

FIXTURE_TEARDOWN(lite)
{
	EXPECT_TRUE(remote_offline(self->remote));
	EXPECT_EQ(0, kmsg_splats(self->kmsg));
	close(self->kmsg);
}

static int start(struct remote *remote, const char *program)
{
	return remote_start(remote, firmware_of(remote, program));
}

/* The word that says that the link is up waits for a remote that comes later. */
TEST_F_TIMEOUT(lite, remote_starts_after_linux, TEST_GUARD_S)
{
	int fd;

	/* Linux' own two, control and name service. */
	EXPECT_TRUE(wait_until(channel_count(self->remote) == 2));
	ASSERT_EQ(0, start(self->remote, "lite"));
	EXPECT_EQ(ECHO_ADDR, channel_dst(self->remote, DEMO_CHANNEL));
	fd = rpmsg_open(self->remote, RAW_CHANNEL, 0);
	ASSERT_LE(0, fd);
	for (unsigned int i = 0; i < scaled(1000, 100); i++)
		ASSERT_EQ(0, echo_once(fd, 1 + i % PAYLOAD_MAX, i));
	close(fd);
}

TEST_F_TIMEOUT(lite, remote_starts_before_linux, TEST_GUARD_S)
{
	ASSERT_EQ(0, write_text(DRIVER_DIR "/unbind", DEVICE));
	ASSERT_EQ(0, start(self->remote, "lite"));
	usleep(100000);
	ASSERT_EQ(0, write_text(DRIVER_DIR "/bind", DEVICE));
	EXPECT_EQ(0, echo_works(self->remote));
}

/* Its driver comes and goes while the remote runs and talks. */
TEST_F_TIMEOUT(lite, bind_and_unbind, TEST_GUARD_S)
{
	ASSERT_EQ(0, start(self->remote, "lite"));
	for (unsigned int i = 0; i < scaled(50, 5); i++) {
		ASSERT_EQ(0, echo_works(self->remote));
		ASSERT_EQ(0, write_text(DRIVER_DIR "/unbind", DEVICE));
		EXPECT_EQ(0, channel_count(self->remote));
		ASSERT_EQ(0, write_text(DRIVER_DIR "/bind", DEVICE));
	}
	EXPECT_EQ(0, echo_works(self->remote));
}

static int open_endpoint(const struct remote *remote, int *ctrl, int flags)
{
	char path[64];

	if (!rpmsg_node(remote, NULL, path, sizeof(path)))
		return -ENODEV;
	*ctrl = open(path, O_RDWR | O_CLOEXEC);
	if (*ctrl < 0 || endpoint_create(*ctrl, "lite", LOCAL_ADDR, ECHO_ADDR))
		return -EIO;
	return rpmsg_open(remote, "lite", flags);
}

/* A remote need not announce anything: both sides know the addresses. */
TEST_F_TIMEOUT(lite, without_name_service, TEST_GUARD_S)
{
	int ctrl, fd;

	ASSERT_EQ(0, start(self->remote, "lite-quiet"));
	fd = open_endpoint(self->remote, &ctrl, 0);
	ASSERT_LE(0, fd);
	for (unsigned int i = 0; i < 20; i++)
		ASSERT_EQ(0, echo_once(fd, 64, i));
	close(fd);
	close(ctrl);
}

/* Its counters and the ones in the rings no longer agree: Linux starts over as well. */
TEST_F_TIMEOUT(lite, remote_loses_its_place, TEST_GUARD_S)
{
	static const char word[] = "restart";

	ASSERT_EQ(0, start(self->remote, "lite"));
	for (int i = 0; i < 2; i++) {
		int fd = rpmsg_open(self->remote, RAW_CHANNEL, 0);

		ASSERT_LE(0, fd);
		for (int n = 0; n < 10; n++)
			ASSERT_EQ(0, echo_once(fd, 16, n));
		ASSERT_EQ(sizeof(word), write(fd, word, sizeof(word)));
		/* The devices go, and new ones come. */
		EXPECT_TRUE(wait_until(write(fd, "x", 1) != 1));
		close(fd);
		EXPECT_TRUE(wait_until(!echo_works(self->remote)));
	}
}

/* Runs, but does not read its words: sending stops when the ring is full, and waits for nothing. */
TEST_F_TIMEOUT(lite, remote_does_not_read, TEST_GUARD_S)
{
	char message[32] = "into the void";
	unsigned int sent = 0, full = 0;
	int ctrl, fd;

	ASSERT_EQ(0, start(self->remote, "noipc"));
	fd = open_endpoint(self->remote, &ctrl, O_NONBLOCK);
	ASSERT_LE(0, fd);
	for (int i = 0; i < 1000; i++) {
		if (write(fd, message, sizeof(message)) > 0) {
			sent++;
			continue;
		}
		ASSERT_TRUE(errno == EAGAIN || errno == ENOMEM) TH_LOG("errno %d", errno);
		full++;
	}
	TH_LOG("%u messages fit, %u did not", sent, full);
	EXPECT_EQ(256, sent);
	close(fd);
	close(ctrl);

	/* Whoever reads finds them all in the ring. */
	ASSERT_TRUE(remote_offline(self->remote));
	ASSERT_EQ(0, start(self->remote, "lite"));
	EXPECT_EQ(0, echo_works(self->remote));
}

TEST_HARNESS_MAIN
