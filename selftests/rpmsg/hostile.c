// SPDX-License-Identifier: GPL-2.0-only
/*
 * A remote that breaks the rules of the shared memory, one rule for each case. After each the link
 * has to carry messages as before and the remote to have all its buffers back; where a ring is
 * beyond repair, Linux has to say so once, end what waits, and work with the next start.
 *
 * Memory around every message is full of HOSTILE_POISON, which no reader may ever see.
 *
 * Copyright (c) 2026 linux-amp developers
 */
#include "guest.h"
#include "channel.h"
#include "kmsg.h"
#include "link.h"
#include "../firmware/include/fw/hostile.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>

#include <linux/rpmsg.h>

#include "harness.h"

/* Lines that one attack may cost, however many messages it has. */
#define LOG_LINES	120
/* The kernel's limit is a rate, and a busy host makes a case long. */
#define LOG_LINES_PER_S	10

#define NS_BYTES	40

struct link {
	struct remote remotes[REMOTES_MAX];
	const struct remote *remote;
	char vdev[NAME_MAX + 1];
	int fd, kmsg;
	__u64 start;
	unsigned int strangers;
};

/* Nobody has sent a byte of this value. */
static bool is_poisoned(const __u8 *buf, ssize_t len)
{
	for (ssize_t i = 0; i < len; i++)
		if (buf[i] == HOSTILE_POISON)
			return true;
	return false;
}

static bool is_reply(const __u8 *buf, ssize_t len, struct hostile_reply *reply)
{
	if (len != sizeof(*reply))
		return false;
	memcpy(reply, buf, sizeof(*reply));
	return reply->magic == HOSTILE_MAGIC;
}

static int ask(struct link *link, const struct hostile_request *request)
{
	struct hostile_request rq = *request;

	rq.magic = HOSTILE_MAGIC;
	return write(link->fd, &rq, sizeof(rq)) == sizeof(rq) ? 0 : -errno;
}

/* Return: 0, -EILSEQ if poison was read, -ENOBUFS if the remote misses buffers, or an errno. */
static int finish(struct link *link)
{
	struct hostile_reply reply;
	__u8 buf[4096];
	ssize_t len;

	do {
		if (!readable(link->fd))
			return -ETIMEDOUT;
		len = read(link->fd, buf, sizeof(buf));
		if (len < 0)
			return -errno;
		if (is_poisoned(buf, len))
			return -EILSEQ;
		link->strangers++;
	} while (!is_reply(buf, len, &reply));
	link->strangers--;

	if (reply.free == reply.num)
		return 0;
	printf("# the remote has %u of %u buffers\n", reply.free, reply.num);
	return -ENOBUFS;
}

static int attack(struct link *link, const struct hostile_request *request)
{
	int ret = ask(link, request);

	return ret ? ret : finish(link);
}

/* More messages than the rings have entries, of all sizes, and a last look at the buffers. */
static int link_is_sound(struct link *link)
{
	const struct hostile_request nothing = { .attack = HOSTILE_NOTHING };
	int ret;

	for (unsigned int i = 0; i < 150; i++) {
		ret = echo_once(link->fd, i * 37 % (PAYLOAD_MAX + 1), i);
		if (ret)
			return ret;
	}
	return attack(link, &nothing);
}

static bool link_up(struct link *link)
{
	memset(link, 0, sizeof(*link));
	if (remotes_find(link->remotes) < 1)
		return false;
	link->remote = &link->remotes[0];
	if (!remote_offline(link->remote))
		return false;
	link->kmsg = kmsg_open();
	link->start = now_ms();
	if (link->kmsg < 0 || remote_start(link->remote, firmware_of(link->remote, "hostile")))
		return false;
	link->fd = rpmsg_open(link->remote, RAW_CHANNEL, 0);
	return link->fd >= 0 && link_vdev(link->remote, link->vdev, sizeof(link->vdev)) &&
	       !echo_once(link->fd, 32, 1);
}

struct log {
	unsigned int lines, splats, broken;
};

static struct log read_log(struct link *link)
{
	struct log log = { 0 };
	struct kmsg_line line;

	for (; kmsg_next(link->kmsg, &line); log.lines++) {
		log.broken += !!strstr(line.text, "remote broke the");
		if (!kmsg_is_splat(&line))
			continue;
		printf("# kernel: %s\n", line.text);
		log.splats++;
	}
	return log;
}

/* How many lines there may be by now. */
static unsigned int log_budget(const struct link *link)
{
	return LOG_LINES + LOG_LINES_PER_S * ((now_ms() - link->start) / 1000);
}

/* Return: the number of kernel splats, or -1 if what is left does not go away. */
static int link_down(struct link *link)
{
	int splats;

	close(link->fd);
	if (!remote_offline(link->remote) || channel_count(link->remote))
		return -1;
	splats = read_log(link).splats;
	close(link->kmsg);
	return splats;
}

/* Attacks that a link survives */

FIXTURE(hostile)
{
	struct link link;
};

/*
 * @counter: where the messages of the attack are counted, all of them; NULL if they are not
 * @ns: that counter belongs to the name service
 */
FIXTURE_VARIANT(hostile)
{
	struct hostile_request request;
	const char *counter;
	bool ns;
};

FIXTURE_VARIANT_ADD(hostile, used_length_0)
{
	.request = { .attack = HOSTILE_LENGTH, .value = 0, .length = 65535, .count = 300 },
	.counter = "rx_short_used",
};

FIXTURE_VARIANT_ADD(hostile, used_length_8)
{
	.request = { .attack = HOSTILE_LENGTH, .value = 8, .length = 65535, .count = 300 },
	.counter = "rx_short_used",
};

FIXTURE_VARIANT_ADD(hostile, used_length_15)
{
	.request = { .attack = HOSTILE_LENGTH, .value = 15, .length = 0, .count = 300 },
	.counter = "rx_short_used",
};

FIXTURE_VARIANT_ADD(hostile, used_length_beyond_buffer)
{
	.request = { .attack = HOSTILE_LENGTH, .value = 513, .length = 497, .count = 300 },
	.counter = "rx_long_used",
};

FIXTURE_VARIANT_ADD(hostile, used_length_of_header_length)
{
	.request = { .attack = HOSTILE_LENGTH, .value = 65551, .length = 65535, .count = 300 },
	.counter = "rx_long_used",
};

FIXTURE_VARIANT_ADD(hostile, used_length_wraps)
{
	.request = { .attack = HOSTILE_LENGTH, .value = 0xfffffff0, .length = 16, .count = 300 },
	.counter = "rx_long_used",
};

FIXTURE_VARIANT_ADD(hostile, used_length_largest)
{
	.request = { .attack = HOSTILE_LENGTH, .value = 0xffffffff, .length = 65535, .count = 300 },
	.counter = "rx_long_used",
};

FIXTURE_VARIANT_ADD(hostile, header_length_65535)
{
	.request = { .attack = HOSTILE_LENGTH, .value = 512, .length = 65535, .count = 300 },
	.counter = "rx_bad_len",
};

FIXTURE_VARIANT_ADD(hostile, header_length_beyond_buffer)
{
	.request = { .attack = HOSTILE_LENGTH, .value = 512, .length = 497, .count = 300 },
	.counter = "rx_bad_len",
};

FIXTURE_VARIANT_ADD(hostile, header_length_beyond_used)
{
	.request = { .attack = HOSTILE_LENGTH, .value = 32, .length = 17, .count = 300 },
	.counter = "rx_bad_len",
};

FIXTURE_VARIANT_ADD(hostile, unknown_destination)
{
	.request = { .attack = HOSTILE_ADDRESS, .value = 0x7fffffff, .count = 300 },
	.counter = "rx_no_recipient",
};

FIXTURE_VARIANT_ADD(hostile, wildcard_destination)
{
	.request = { .attack = HOSTILE_ADDRESS, .value = 0xffffffff, .count = 300 },
	.counter = "rx_no_recipient",
};

FIXTURE_VARIANT_ADD(hostile, ns_empty)
{
	.request = { .attack = HOSTILE_NS, .name = "service", .value = 77,
		     .length = 0, .count = 1 },
	.counter = "rejected",
	.ns = true,
};

FIXTURE_VARIANT_ADD(hostile, ns_short)
{
	.request = { .attack = HOSTILE_NS, .name = "service", .value = 77,
		     .length = NS_BYTES - 1, .count = 1 },
	.counter = "rejected",
	.ns = true,
};

FIXTURE_VARIANT_ADD(hostile, ns_long)
{
	.request = { .attack = HOSTILE_NS, .name = "service", .value = 77,
		     .length = NS_BYTES + 1, .count = 1 },
	.counter = "rejected",
	.ns = true,
};

FIXTURE_VARIANT_ADD(hostile, ns_no_name)
{
	.request = { .attack = HOSTILE_NS, .name = "", .value = 77,
		     .length = NS_BYTES, .count = 1 },
	.counter = "rejected",
	.ns = true,
};

FIXTURE_VARIANT_ADD(hostile, ns_newline)
{
	.request = { .attack = HOSTILE_NS, .name = "two\nlines", .value = 77,
		     .length = NS_BYTES, .count = 1 },
	.counter = "rejected",
	.ns = true,
};

FIXTURE_VARIANT_ADD(hostile, ns_slash)
{
	.request = { .attack = HOSTILE_NS, .name = "../../devices", .value = 77,
		     .length = NS_BYTES, .count = 1 },
	.counter = "rejected",
	.ns = true,
};

FIXTURE_VARIANT_ADD(hostile, ns_not_ascii)
{
	.request = { .attack = HOSTILE_NS, .name = "\x80\xff", .value = 77,
		     .length = NS_BYTES, .count = 1 },
	.counter = "rejected",
	.ns = true,
};

FIXTURE_VARIANT_ADD(hostile, ns_wildcard_address)
{
	.request = { .attack = HOSTILE_NS, .name = "service", .value = 0xffffffff,
		     .length = NS_BYTES, .count = 1 },
	.counter = "rejected",
	.ns = true,
};

FIXTURE_VARIANT_ADD(hostile, ns_wildcard_destroy)
{
	.request = { .attack = HOSTILE_NS, .name = "service", .value = 0xffffffff, .flags = 1,
		     .length = NS_BYTES, .count = 1 },
	.counter = "rejected",
	.ns = true,
};

FIXTURE_VARIANT_ADD(hostile, ns_unknown_flags)
{
	.request = { .attack = HOSTILE_NS, .name = "service", .value = 77, .flags = 0x80000002,
		     .length = NS_BYTES, .count = 1 },
	.counter = "rejected",
	.ns = true,
};

FIXTURE_VARIANT_ADD(hostile, ns_creates_name_service)
{
	.request = { .attack = HOSTILE_NS, .name = "rpmsg_ns", .value = 53,
		     .length = NS_BYTES, .count = 1 },
	.counter = "rejected",
	.ns = true,
};

FIXTURE_VARIANT_ADD(hostile, ns_destroys_name_service)
{
	.request = { .attack = HOSTILE_NS, .name = "rpmsg_ns", .value = 53, .flags = 1,
		     .length = NS_BYTES, .count = 1 },
	.counter = "rejected",
	.ns = true,
};

FIXTURE_VARIANT_ADD(hostile, ns_destroys_control_device)
{
	.request = { .attack = HOSTILE_NS, .name = "rpmsg_ctrl", .flags = 1,
		     .length = NS_BYTES, .count = 1 },
	.counter = "rejected",
	.ns = true,
};

FIXTURE_VARIANT_ADD(hostile, changing_header)
{
	.request = { .attack = HOSTILE_CHANGE, .count = 200 },
};

FIXTURE_VARIANT_ADD(hostile, endless_descriptors)
{
	.request = { .attack = HOSTILE_SCRIBBLE },
};

FIXTURE_VARIANT_ADD(hostile, all_flags)
{
	.request = { .attack = HOSTILE_FLAGS, .value = 0x7fffffff, .count = 300 },
};

FIXTURE_VARIANT_ADD(hostile, doorbell_storm)
{
	.request = { .attack = HOSTILE_STORM, .count = 20000 },
};

static long count_of(const struct link *link, const char *name, bool ns)
{
	char path[PATH_MAX], text[32];

	if (!name)
		return 0;
	if (!ns)
		return link_counter(link->vdev, name);
	snprintf(path, sizeof(path), "/sys/bus/rpmsg/devices/%s.rpmsg_ns.53.53/statistics/%s",
		 link->vdev, name);
	return read_text(path, text, sizeof(text)) > 0 ? strtol(text, NULL, 10) : -1;
}

FIXTURE_SETUP(hostile)
{
	ASSERT_TRUE(link_up(&self->link));
}

FIXTURE_TEARDOWN(hostile)
{
	struct log log = read_log(&self->link);

	EXPECT_EQ(0, log.splats);
	EXPECT_GE(log_budget(&self->link), log.lines);
	EXPECT_EQ(0, link_down(&self->link));
}

TEST_F_TIMEOUT(hostile, attack, TEST_GUARD_S)
{
	long before = count_of(&self->link, variant->counter, variant->ns);
	int channels = channel_count(self->link.remote);

	ASSERT_LE(0, before);
	ASSERT_EQ(0, attack(&self->link, &variant->request));
	if (variant->counter) {
		EXPECT_EQ(before + variant->request.count,
			  count_of(&self->link, variant->counter, variant->ns));
		EXPECT_EQ(0, self->link.strangers);
	}
	EXPECT_EQ(0, link_is_sound(&self->link));
	EXPECT_EQ(channels, channel_count(self->link.remote));
	EXPECT_EQ(0, link_counter(self->link.vdev, "rx_not_ready"));
}

/* Attacks with more to them */

FIXTURE(special)
{
	struct link link;
};

FIXTURE_SETUP(special)
{
	ASSERT_TRUE(link_up(&self->link));
}

FIXTURE_TEARDOWN(special)
{
	EXPECT_EQ(0, link_down(&self->link));
}

TEST_F_TIMEOUT(special, name_without_end, TEST_GUARD_S)
{
	struct hostile_request request = {
		.attack = HOSTILE_NS, .value = 77, .length = NS_BYTES, .count = 1,
	};
	char path[PATH_MAX];

	memset(request.name, 'x', sizeof(request.name));
	ASSERT_EQ(0, attack(&self->link, &request));
	snprintf(path, sizeof(path), "/sys/bus/rpmsg/devices/%s.%.31s.-1.77", self->link.vdev,
		 request.name);
	EXPECT_TRUE(wait_until(!access(path, F_OK)));
	EXPECT_EQ(0, link_is_sound(&self->link));
}

static int announce(struct link *link, const char *name, __u32 addr, __u32 flags)
{
	struct hostile_request request = {
		.attack = HOSTILE_NS, .value = addr, .flags = flags, .length = NS_BYTES, .count = 1,
	};

	strncpy(request.name, name, sizeof(request.name) - 1);
	return attack(link, &request);
}

TEST_F_TIMEOUT(special, destroys_channel_of_linux, TEST_GUARD_S)
{
	struct rpmsg_endpoint_info info = { .name = "linux-own", .src = 500, .dst = 600 };
	int ctrl = rpmsg_open(self->link.remote, NULL, 0);
	char path[PATH_MAX];

	ASSERT_LE(0, ctrl);
	ASSERT_EQ(0, ioctl(ctrl, RPMSG_CREATE_DEV_IOCTL, &info));
	ASSERT_EQ(0, announce(&self->link, "linux-own", 600, 1));
	/* One that it may destroy, behind it in the queue. */
	ASSERT_EQ(0, announce(&self->link, "its-own", 601, 0));
	snprintf(path, sizeof(path), "/sys/bus/rpmsg/devices/%s.its-own.-1.601", self->link.vdev);
	ASSERT_TRUE(wait_until(!access(path, F_OK)));
	ASSERT_EQ(0, announce(&self->link, "its-own", 601, 1));
	ASSERT_TRUE(wait_until(access(path, F_OK)));

	snprintf(path, sizeof(path), "/sys/bus/rpmsg/devices/%s.linux-own.500.600",
		 self->link.vdev);
	EXPECT_EQ(0, access(path, F_OK));
	EXPECT_EQ(0, link_is_sound(&self->link));
	close(ctrl);
}

/* Far more than it may have: they are refused, and it takes no time that anybody would notice. */
TEST_F_TIMEOUT(special, ten_thousand_creates, TEST_GUARD_S)
{
	const struct hostile_request creates = {
		.attack = HOSTILE_NS_MANY, .value = 10000, .count = scaled(10000, 1000),
	};
	int before = channel_count(self->link.remote);

	ASSERT_EQ(0, attack(&self->link, &creates));
	EXPECT_EQ(0, link_is_sound(&self->link));
	EXPECT_TRUE(wait_until(channel_count(self->link.remote) > before + 64));
	EXPECT_GE(before + 128, channel_count(self->link.remote));
	EXPECT_GT(count_of(&self->link, "overrun", true), 0);
	EXPECT_GE(log_budget(&self->link) + 2 * 256, read_log(&self->link).lines);
	EXPECT_EQ(0, link_is_sound(&self->link));
}

/* One after the other without end: each is handled at its time, not each is worth a line. */
TEST_F_TIMEOUT(special, one_channel_again_and_again, TEST_GUARD_S)
{
	unsigned int lines = 0, allowed;
	struct kmsg_line line;

	/* Those that come faster than they are handled are dropped. */
	EXPECT_TRUE(wait_until(!announce(&self->link, "again", 700, 0) &&
			       link_counter(self->link.vdev, "chan_replaced") >= 100));
	while (kmsg_next(self->link.kmsg, &line))
		lines += !!strstr(line.text, "is announced again");
	allowed = 20 + LOG_LINES_PER_S * ((now_ms() - self->link.start) / 1000);
	EXPECT_GE(allowed, lines);
	EXPECT_EQ(0, link_is_sound(&self->link));
}

/* The endpoint behind it is gone, so whoever has it open must learn that. */
TEST_F_TIMEOUT(special, own_channel_announced_again, TEST_GUARD_S)
{
	const struct hostile_request again = {
		.attack = HOSTILE_NS, .name = RAW_CHANNEL, .value = HOSTILE_ADDR,
		.length = NS_BYTES, .count = 0,
	};
	struct pollfd pfd = { .fd = self->link.fd };
	const struct remote *remote = self->link.remote;

	ASSERT_EQ(0, ask(&self->link, &again));
	ASSERT_EQ(1, poll(&pfd, 1, HANG_GUARD_S * 1000));
	EXPECT_TRUE(pfd.revents & POLLHUP);
	EXPECT_TRUE(wait_until(link_counter(self->link.vdev, "chan_replaced") == 1));
	close(self->link.fd);
	/* The node of the one that goes may still be there. */
	ASSERT_TRUE(wait_until((self->link.fd = rpmsg_open(remote, RAW_CHANNEL, 0)) >= 0));
	EXPECT_EQ(0, link_is_sound(&self->link));
}

/* Who does not want to wait does not, room is reported when there is some, nothing is lost. */
TEST_F_TIMEOUT(special, silence, TEST_GUARD_S)
{
	const struct hostile_request silence = { .attack = HOSTILE_SILENCE };
	struct pollfd pfd = { .fd = self->link.fd, .events = POLLOUT };
	__u8 buf[PAYLOAD_MAX], sent[64];
	struct hostile_reply reply;
	unsigned int written = 0;
	ssize_t len;

	ASSERT_EQ(0, ask(&self->link, &silence));
	ASSERT_EQ(0, fcntl(self->link.fd, F_SETFL, O_NONBLOCK));
	for (;;) {
		pattern(sent, sizeof(sent), written);
		if (write(self->link.fd, sent, sizeof(sent)) != sizeof(sent))
			break;
		ASSERT_GT(10000, ++written);
	}
	ASSERT_EQ(EAGAIN, errno);
	EXPECT_EQ(1, poll(&pfd, 1, HANG_GUARD_S * 1000));
	EXPECT_TRUE(pfd.revents & POLLOUT);
	ASSERT_EQ(0, fcntl(self->link.fd, F_SETFL, 0));

	/*
	 * Messages that came before the remote had looked up from its ring come before its
	 * reply.
	 */
	for (unsigned int i = 0, replies = 0; i < written || !replies;) {
		ASSERT_TRUE(readable(self->link.fd));
		len = read(self->link.fd, buf, sizeof(buf));
		if (!replies && is_reply(buf, len, &reply)) {
			replies++;
			continue;
		}
		pattern(sent, sizeof(sent), i++);
		ASSERT_EQ(sizeof(sent), len);
		ASSERT_EQ(0, memcmp(sent, buf, sizeof(sent)));
	}
	EXPECT_EQ(0, link_is_sound(&self->link));
}

/* The driver has let go of the memory, and the next one must not find anything left in it. */
TEST_F_TIMEOUT(special, writes_after_stop, TEST_GUARD_S)
{
	const struct hostile_request afterlife = { .attack = HOSTILE_AFTERLIFE, .count = 3000 };

	ASSERT_EQ(0, ask(&self->link, &afterlife));
	ASSERT_TRUE(remote_says(self->link.remote, "waiting for the driver to go"));
	close(self->link.fd);
	ASSERT_EQ(0, write_text(VIRTIO_DRIVER "/unbind", self->link.vdev));
	ASSERT_TRUE(remote_says(self->link.remote, "ceased"));
	ASSERT_EQ(0, write_text(VIRTIO_DRIVER "/bind", self->link.vdev));
	self->link.fd = rpmsg_open(self->link.remote, RAW_CHANNEL, 0);
	ASSERT_LE(0, self->link.fd);
	EXPECT_EQ(0, link_is_sound(&self->link));
}

/* Whoever sees a channel may remove it, however far those have come who add it. */
TEST_F_TIMEOUT(special, released_while_it_comes, TEST_GUARD_S)
{
	struct hostile_request request = {
		.attack = HOSTILE_NS, .name = RAW_CHANNEL, .length = NS_BYTES,
	};
	struct rpmsg_endpoint_info info = { .name = RAW_CHANNEL, .src = RPMSG_ADDR_ANY };
	int ctrl = rpmsg_open(self->link.remote, NULL, 0);
	char path[PATH_MAX];
	__u64 end;

	ASSERT_LE(0, ctrl);
	for (unsigned int i = 0; i < scaled(200, 20); i++) {
		info.dst = 5000 + i;
		request.value = info.dst;
		snprintf(path, sizeof(path), "/sys/bus/rpmsg/devices/%s." RAW_CHANNEL ".-1.%u",
			 self->link.vdev, info.dst);
		ASSERT_EQ(0, ask(&self->link, &request));
		for (end = now_ms() + HANG_GUARD_S * 1000ull; access(path, F_OK);)
			ASSERT_GT(end, now_ms());
		ASSERT_EQ(0, ioctl(ctrl, RPMSG_RELEASE_DEV_IOCTL, &info)) TH_LOG("round %u", i);
		ASSERT_EQ(-1, access(path, F_OK));
	}
	close(ctrl);
	EXPECT_EQ(0, link_is_sound(&self->link));
}

/* Attacks that no ring survives */

FIXTURE(fatal)
{
	struct link link;
};

FIXTURE_VARIANT(fatal)
{
	struct hostile_request request;
};

FIXTURE_VARIANT_ADD(fatal, id_of_ring_size)
{
	.request = { .attack = HOSTILE_ID, .value = 64 },
};

FIXTURE_VARIANT_ADD(fatal, id_beyond_16_bits)
{
	.request = { .attack = HOSTILE_ID, .value = 0x10000 },
};

FIXTURE_VARIANT_ADD(fatal, id_largest)
{
	.request = { .attack = HOSTILE_ID, .value = 0xffffffff },
};

FIXTURE_VARIANT_ADD(fatal, index_beyond_ring)
{
	.request = { .attack = HOSTILE_INDEX, .value = 65 },
};

FIXTURE_VARIANT_ADD(fatal, index_half_way_round)
{
	.request = { .attack = HOSTILE_INDEX, .value = 0x8000 },
};

FIXTURE_VARIANT_ADD(fatal, index_back)
{
	.request = { .attack = HOSTILE_INDEX, .value = 0xff00 },
};

FIXTURE_VARIANT_ADD(fatal, sent_id_largest)
{
	.request = { .attack = HOSTILE_SEND_ID, .value = 0xffffffff },
};

/*
 * Returned once, it could be one that has just been sent, which nobody could
 * tell from the truth.
 */
FIXTURE_VARIANT_ADD(fatal, sent_id_twice)
{
	.request = { .attack = HOSTILE_SEND_ID, .value = 5, .count = 2 },
};

FIXTURE_VARIANT_ADD(fatal, sent_index_jump)
{
	.request = { .attack = HOSTILE_SEND_INDEX, .value = 40 },
};

FIXTURE_VARIANT_ADD(fatal, sent_index_back)
{
	.request = { .attack = HOSTILE_SEND_INDEX, .value = 0xff00 },
};

FIXTURE_SETUP(fatal)
{
	ASSERT_TRUE(link_up(&self->link));
}

FIXTURE_TEARDOWN(fatal)
{
	EXPECT_EQ(0, link_down(&self->link));
}

/* By recovery, or by hand where there is none. */
static bool begin_again(struct link *link)
{
	if (!remote_offline(link->remote))
		return false;
	close(link->fd);
	link->fd = -1;
	if (remote_start(link->remote, firmware_of(link->remote, "hostile")))
		return false;
	link->fd = rpmsg_open(link->remote, RAW_CHANNEL, 0);
	return link->fd >= 0;
}

/* Whoever looks at the ring next finds out: for the ring of sent messages that is a sender. */
static bool write_fails(int fd)
{
	for (unsigned int i = 0; i < 1000; i++)
		if (write(fd, "on and on", 9) < 0)
			return errno == EPIPE;
	return false;
}

/*
 * It attacks when it has no message left to take, and those that follow might never end. The
 * request itself may find the ring broken, and with the remote, restarted then, its trace is gone.
 */
static bool has_attacked(struct link *link, struct log *log)
{
	char trace[4096];

	log->broken += read_log(link).broken;
	return log->broken || (remote_trace(link->remote, trace, sizeof(trace)) > 0 &&
			       strstr(trace, "attack"));
}

TEST_F_TIMEOUT(fatal, attack, TEST_GUARD_S)
{
	unsigned int what = variant->request.attack;
	struct log log = { 0 };

	ASSERT_EQ(0, ask(&self->link, &variant->request));
	if (what == HOSTILE_SEND_ID || what == HOSTILE_SEND_INDEX)
		ASSERT_TRUE(wait_until(has_attacked(&self->link, &log)));
	EXPECT_TRUE(wait_until(write_fails(self->link.fd)));
	EXPECT_TRUE(wait_until((log.broken += read_log(&self->link).broken) > 0));

	ASSERT_TRUE(begin_again(&self->link));
	EXPECT_EQ(0, link_is_sound(&self->link));
	log.broken += read_log(&self->link).broken;
	EXPECT_EQ(1, log.broken);
}

/* One message may be the only one for long: it has to find out. */
TEST_F_TIMEOUT(special, index_is_ahead_of_one_message, TEST_GUARD_S)
{
	const struct hostile_request request = { .attack = HOSTILE_SEND_INDEX, .value = 2 };
	struct log log = { 0 };

	ASSERT_EQ(0, ask(&self->link, &request));
	ASSERT_TRUE(wait_until(has_attacked(&self->link, &log)));
	if (write(self->link.fd, "one", 3) != 3)
		EXPECT_EQ(EPIPE, errno);
	EXPECT_TRUE(wait_until((log.broken += read_log(&self->link).broken) > 0));

	ASSERT_TRUE(begin_again(&self->link));
	EXPECT_EQ(0, link_is_sound(&self->link));
}

/* What belonged into the rings of the driver before. Nobody has sent anything, or will. */
TEST_F_TIMEOUT(special, index_is_ahead_of_none, TEST_GUARD_S)
{
	const struct hostile_request request = { .attack = HOSTILE_NEXT_LIFE, .value = 1 };
	struct log log = { 0 };

	ASSERT_EQ(0, ask(&self->link, &request));
	ASSERT_TRUE(remote_says(self->link.remote, "waiting for the next driver"));
	ASSERT_EQ(0, write_text(VIRTIO_DRIVER "/unbind", self->link.vdev));
	ASSERT_EQ(0, write_text(VIRTIO_DRIVER "/bind", self->link.vdev));
	EXPECT_TRUE(wait_until((log.broken += read_log(&self->link).broken) > 0));

	ASSERT_TRUE(begin_again(&self->link));
	EXPECT_EQ(0, link_is_sound(&self->link));
}

TEST_HARNESS_MAIN
