// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the transport says about itself: counters of a link and of its endpoints, and tracepoints.
 * After a number of messages that is known, each of them has to be what Documentation/abi.rst
 * calls it. What hostile messages count is with them, in hostile.c.
 *
 * Copyright (c) 2026 linux-amp developers
 */
#include "guest.h"
#include "channel.h"
#include "kmsg.h"
#include "link.h"
#include "trace.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>

#include <linux/rpmsg.h>

#include "harness.h"

#define ENDPOINTS	"/sys/kernel/debug/virtio_rpmsg/%s/endpoints"

#define MESSAGES	40

struct counts {
	long rx_messages, rx_bytes, rx_notified, rx_kicks, rx_rejected;
	long tx_messages, tx_bytes, tx_notified, tx_kicks, tx_failed;
};

FIXTURE(counts)
{
	struct remote remotes[REMOTES_MAX];
	const struct remote *remote;
	char vdev[32];
	int kmsg, fd;
};

FIXTURE_SETUP(counts)
{
	ASSERT_LT(0, remotes_find(self->remotes));
	self->remote = &self->remotes[0];
	ASSERT_TRUE(remote_offline(self->remote));
	self->kmsg = kmsg_open();
	ASSERT_LE(0, self->kmsg);
	ASSERT_EQ(0, remote_start(self->remote, self->remote->echo));
	self->fd = rpmsg_open(self->remote, RAW_CHANNEL, 0);
	ASSERT_LE(0, self->fd);
	ASSERT_TRUE(link_vdev(self->remote, self->vdev, sizeof(self->vdev)));
	/* The remote is alive then. One doorbell of the start may still come, see below. */
	ASSERT_EQ(0, echo_once(self->fd, 1, 0));
}

FIXTURE_TEARDOWN(counts)
{
	close(self->fd);
	EXPECT_TRUE(remote_offline(self->remote));
	EXPECT_EQ(0, kmsg_splats(self->kmsg));
	close(self->kmsg);
}

static long sum_of(const char *vdev, const char *const names[])
{
	long value, sum = 0;

	for (; *names; names++) {
		value = link_counter(vdev, *names);
		if (value < 0)
			return -1;
		sum += value;
	}
	return sum;
}

static struct counts count(const char *vdev)
{
	static const char *const rejected[] = {
		"rx_short_used", "rx_long_used", "rx_bad_len", "rx_no_recipient", "rx_not_ready",
		NULL
	};
	static const char *const failed[] = { "tx_no_buf", "tx_timeouts", NULL };

	return (struct counts){
		.rx_messages = link_counter(vdev, "rx_messages"),
		.rx_bytes = link_counter(vdev, "rx_bytes"),
		.rx_notified = link_counter(vdev, "rx_notified"),
		.rx_kicks = link_counter(vdev, "rx_kicks"),
		.rx_rejected = sum_of(vdev, rejected),
		.tx_messages = link_counter(vdev, "tx_messages"),
		.tx_bytes = link_counter(vdev, "tx_bytes"),
		.tx_notified = link_counter(vdev, "tx_notified"),
		.tx_kicks = link_counter(vdev, "tx_kicks"),
		.tx_failed = sum_of(vdev, failed),
	};
}

/* Each of a length of its own. Return: their bytes, -1 if one did not come back. */
static long exchange(int fd)
{
	long bytes = 0;

	for (int i = 1; i <= MESSAGES; i++) {
		if (echo_once(fd, i * PAYLOAD_MAX / MESSAGES, i))
			return -1;
		bytes += i * PAYLOAD_MAX / MESSAGES;
	}
	return bytes;
}

TEST_F_TIMEOUT(counts, of_a_link, TEST_GUARD_S)
{
	struct counts before = count(self->vdev), after;
	long bytes;

	ASSERT_LE(0, before.rx_rejected);
	ASSERT_LE(0, before.tx_failed);
	bytes = exchange(self->fd);
	ASSERT_LT(0, bytes);
	after = count(self->vdev);

	EXPECT_EQ(before.tx_messages + MESSAGES, after.tx_messages);
	EXPECT_EQ(before.rx_messages + MESSAGES, after.rx_messages);
	EXPECT_EQ(before.tx_bytes + bytes, after.tx_bytes);
	EXPECT_EQ(before.rx_bytes + bytes, after.rx_bytes);
	EXPECT_EQ(before.rx_rejected, after.rx_rejected);
	EXPECT_EQ(before.tx_failed, after.tx_failed);
	/* At most one each: a remote that is still at work need not be told. */
	EXPECT_LT(before.tx_kicks, after.tx_kicks);
	EXPECT_GE(before.tx_kicks + MESSAGES, after.tx_kicks);
	EXPECT_LT(before.rx_notified, after.rx_notified);
	EXPECT_LE(1, link_counter(self->vdev, "rx_high"));
	EXPECT_LE(1, link_counter(self->vdev, "tx_high"));
}

/* Sums of the endpoints of a device. Return: how many it has. */
static int endpoints_of(const char *vdev, const char *device, struct counts *sum)
{
	long address, rx, rx_bytes, not_ready, tx, tx_bytes;
	char path[128], *text, *line, *at, owner[64];
	int found = 0;
	size_t size;

	memset(sum, 0, sizeof(*sum));
	snprintf(path, sizeof(path), ENDPOINTS, vdev);
	text = read_file(path, &size);
	for (at = text; at && (line = strsep(&at, "\n"));) {
		if (sscanf(line, "%ld %ld %ld %ld %ld %ld %*d %*d %63s", &address, &rx, &rx_bytes,
			   &not_ready, &tx, &tx_bytes, owner) != 7 || !strstr(owner, device))
			continue;
		sum->rx_messages += rx;
		sum->rx_bytes += rx_bytes;
		sum->tx_messages += tx;
		sum->tx_bytes += tx_bytes;
		found++;
	}
	free(text);
	return found;
}

TEST_F_TIMEOUT(counts, of_an_endpoint, TEST_GUARD_S)
{
	struct counts before, after, others, others_after;
	long bytes;

	ASSERT_LT(0, endpoints_of(self->vdev, "." RAW_CHANNEL ".", &before));
	ASSERT_LT(0, endpoints_of(self->vdev, ".rpmsg_ns.", &others));
	bytes = exchange(self->fd);
	ASSERT_LT(0, bytes);
	ASSERT_LT(0, endpoints_of(self->vdev, "." RAW_CHANNEL ".", &after));
	ASSERT_LT(0, endpoints_of(self->vdev, ".rpmsg_ns.", &others_after));

	EXPECT_EQ(before.tx_messages + MESSAGES, after.tx_messages);
	EXPECT_EQ(before.rx_messages + MESSAGES, after.rx_messages);
	EXPECT_EQ(before.tx_bytes + bytes, after.tx_bytes);
	EXPECT_EQ(before.rx_bytes + bytes, after.rx_bytes);
	EXPECT_EQ(others.tx_messages, others_after.tx_messages);
	EXPECT_EQ(others.rx_messages, others_after.rx_messages);
}

TEST_F_TIMEOUT(counts, of_refused_channels, TEST_GUARD_S)
{
	struct rpmsg_endpoint_info info = { .name = "twice", .src = 2000, .dst = 2001 };
	long before = link_counter(self->vdev, "chan_refused");
	int ctrl = rpmsg_open(self->remote, NULL, 0);

	ASSERT_LE(0, before);
	ASSERT_LE(0, ctrl);
	ASSERT_EQ(0, ioctl(ctrl, RPMSG_CREATE_DEV_IOCTL, &info));
	EXPECT_EQ(before, link_counter(self->vdev, "chan_refused"));
	EXPECT_EQ(-1, ioctl(ctrl, RPMSG_CREATE_DEV_IOCTL, &info));
	EXPECT_EQ(before + 1, link_counter(self->vdev, "chan_refused"));
	EXPECT_EQ(0, ioctl(ctrl, RPMSG_RELEASE_DEV_IOCTL, &info));
	close(ctrl);
}

/* A doorbell that was counted while tracing was switched may have been traced or not. */
struct window {
	struct counts earliest, begin, end, latest;
};

static long value_of(const struct counts *counts, size_t counter)
{
	return *(const long *)((const char *)counts + counter);
}

static bool agree(const struct window *w, size_t counter, long traced)
{
	long least = value_of(&w->end, counter) - value_of(&w->begin, counter);
	long most = value_of(&w->latest, counter) - value_of(&w->earliest, counter);

	if (traced >= least && traced <= most)
		return true;
	printf("# %ld were traced, %ld to %ld counted\n", traced, least, most);
	return false;
}

TEST_F_TIMEOUT(counts, of_tracepoints, TEST_GUARD_S)
{
	struct window w = { .earliest = count(self->vdev) };
	char word[64], *trace;

	if (!trace_possible())
		SKIP(return, "this kernel has no tracing");
	ASSERT_EQ(0, trace_on());
	w.begin = count(self->vdev);
	ASSERT_LT(0, exchange(self->fd));
	w.end = count(self->vdev);
	trace = trace_off();
	ASSERT_NE(NULL, trace);
	w.latest = count(self->vdev);
	/* Of those repeated until the remote shows signs of life, the last may come late. */
	w.latest.tx_kicks++;

	for (int i = 1; i <= MESSAGES; i++) {
		snprintf(word, sizeof(word), " dst=1025 len=%d ret=0", i * PAYLOAD_MAX / MESSAGES);
		EXPECT_EQ(1, traced(trace, "virtio_rpmsg_send: ", word));
		snprintf(word, sizeof(word), " len=%d\n", i * PAYLOAD_MAX / MESSAGES);
		EXPECT_EQ(1, traced(trace, "virtio_rpmsg_receive: ", word));
	}
	EXPECT_EQ(MESSAGES, traced(trace, "virtio_rpmsg_send: ", ""));
	EXPECT_EQ(MESSAGES, traced(trace, "virtio_rpmsg_receive: ", " src=1025 "));
	EXPECT_LT(0, traced(trace, "virtio_rpmsg_kick: ", "ring=1"));
	EXPECT_LT(0, traced(trace, "virtio_rpmsg_notify: ", "ring=0"));
	EXPECT_TRUE(agree(&w, offsetof(struct counts, tx_kicks),
			  traced(trace, "virtio_rpmsg_kick: ", "ring=1")));
	EXPECT_TRUE(agree(&w, offsetof(struct counts, rx_kicks),
			  traced(trace, "virtio_rpmsg_kick: ", "ring=0")));
	EXPECT_TRUE(agree(&w, offsetof(struct counts, rx_notified),
			  traced(trace, "virtio_rpmsg_notify: ", "ring=0")));
	EXPECT_TRUE(agree(&w, offsetof(struct counts, tx_notified),
			  traced(trace, "virtio_rpmsg_notify: ", "ring=1")));
	free(trace);
}

/* The event is behind the channel itself, which others may have seen before. */
static bool is_traced(const char *event, const char *word)
{
	char *text = trace_read();
	bool is = traced(text, event, word);

	free(text);
	return is;
}

TEST_F_TIMEOUT(counts, announcements_are_traced, TEST_GUARD_S)
{
	char *trace;

	close(self->fd);
	ASSERT_TRUE(remote_offline(self->remote));
	if (!trace_possible())
		SKIP(return, "this kernel has no tracing");
	ASSERT_EQ(0, trace_on());
	ASSERT_EQ(0, remote_start(self->remote, self->remote->echo));
	self->fd = rpmsg_open(self->remote, RAW_CHANNEL, 0);
	ASSERT_LE(0, self->fd);
	ASSERT_LE(0, channel_dst(self->remote, DEMO_CHANNEL));
	/* The firmware announces it last. */
	EXPECT_TRUE(wait_until(is_traced("virtio_rpmsg_ns: ", "create " RAW_CHANNEL)));
	trace = trace_off();
	ASSERT_NE(NULL, trace);
	EXPECT_EQ(1, traced(trace, "virtio_rpmsg_ns: ", "create " RAW_CHANNEL " addr=1025\n"));
	EXPECT_EQ(1, traced(trace, "virtio_rpmsg_ns: ", "create " DEMO_CHANNEL " addr="));
	EXPECT_EQ(0, traced(trace, "virtio_rpmsg_ns: ", "destroy"));
	EXPECT_EQ(0, traced(trace, "virtio_rpmsg_ns: ", "refused"));
	free(trace);
}

TEST_HARNESS_MAIN
