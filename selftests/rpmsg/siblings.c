// SPDX-License-Identifier: GPL-2.0-only
/*
 * A remote with two virtio devices: what happens to one is nothing to the other, although one
 * thread delivers what they send.
 *
 * Copyright (c) 2026 linux-amp developers
 */
#include "guest.h"
#include "channel.h"
#include "kmsg.h"
#include "link.h"

#include <dirent.h>
#include <limits.h>
#include <string.h>

#include "harness.h"

#define CLIENT_CHANNEL	"rpmsg-client-sample"

FIXTURE(siblings)
{
	struct remote remotes[REMOTES_MAX];
	const struct remote *remote;
	int kmsg, log;
};

static int sample(const char *command)
{
	const char *const argv[] = { command, "rpmsg_client_sample", NULL };

	return run(argv);
}

/* The virtio device with a channel of that name; there is only one remote. */
static bool find_vdev(const char *channel, char *vdev, size_t size)
{
	DIR *dir = opendir("/sys/bus/rpmsg/devices");
	struct dirent *entry;
	const char *dot;
	bool found = false;

	while (dir && !found && (entry = readdir(dir))) {
		dot = strchr(entry->d_name, '.');
		found = dot && !strncmp(dot + 1, channel, strlen(channel));
		if (found)
			snprintf(vdev, size, "%.*s", (int)(dot - entry->d_name), entry->d_name);
	}
	if (dir)
		closedir(dir);
	return found;
}

FIXTURE_SETUP(siblings)
{
	ASSERT_EQ(1, remotes_find(self->remotes));
	self->remote = &self->remotes[0];
	ASSERT_TRUE(remote_offline(self->remote));
	self->kmsg = kmsg_open();
	ASSERT_LE(0, self->kmsg);
	self->log = kmsg_open();
	ASSERT_LE(0, self->log);
	ASSERT_EQ(0, sample("modprobe"));
	ASSERT_EQ(0, remote_start(self->remote, firmware_of(self->remote, "siblings")));
}

FIXTURE_TEARDOWN(siblings)
{
	EXPECT_TRUE(remote_offline(self->remote));
	EXPECT_EQ(0, sample("rmmod"));
	EXPECT_EQ(0, kmsg_splats(self->kmsg));
	close(self->kmsg);
	close(self->log);
}

/* The client counts to a hundred. Return: it has, and nothing failed and nobody used force. */
static bool client_is_content(int log)
{
	__u64 end = now_ms() + HANG_GUARD_S * 1000ull;
	struct kmsg_line line;

	while (now_ms() < end) {
		if (!kmsg_next(log, &line)) {
			usleep(2000);
			continue;
		}
		if (strstr(line.text, "goodbye!"))
			return true;
		if (strstr(line.text, "rpmsg_send failed") || strstr(line.text, "by force")) {
			printf("# kernel: %s\n", line.text);
			return false;
		}
	}
	return false;
}

/* One's driver goes and comes while a client of the other waits for room in its callback. */
TEST_F_TIMEOUT(siblings, changes_beside_a_blocked_callback, TEST_GUARD_S)
{
	char first[NAME_MAX + 1], second[NAME_MAX + 1];

	ASSERT_TRUE(wait_until(find_vdev(CLIENT_CHANNEL, second, sizeof(second))));
	ASSERT_TRUE(wait_until(find_vdev(RAW_CHANNEL, first, sizeof(first))));
	ASSERT_STRNE(first, second);
	ASSERT_TRUE(wait_until(link_counter(second, "tx_no_buf") > 0));

	ASSERT_EQ(0, write_text(VIRTIO_DRIVER "/unbind", first));
	EXPECT_TRUE(client_is_content(self->log));
	ASSERT_EQ(0, write_text(VIRTIO_DRIVER "/bind", first));
	EXPECT_EQ(0, echo_works(self->remote));
	EXPECT_STREQ("running", remote_attr(self->remote, "state"));
}

TEST_HARNESS_MAIN
