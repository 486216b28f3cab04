// SPDX-License-Identifier: GPL-2.0-only
/*
 * Several programs keep as many messages under way as the rings hold, to and from the remote.
 * Nothing may be lost, doubled or overtake within one sender, and the rings' own indices say so
 * too.
 *
 * Copyright (c) 2026 linux-amp developers
 */
#include "guest.h"
#include "channel.h"
#include "kmsg.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include <linux/rpmsg.h>

#include "harness.h"

#define SENDERS		4
/* More than a direction has buffers, so that sending has to wait. */
#define WINDOW		100

FIXTURE(burst)
{
	struct remote remotes[REMOTES_MAX];
	int count;
	int kmsg;
};

FIXTURE_SETUP(burst)
{
	self->count = remotes_find(self->remotes);
	ASSERT_LT(0, self->count);
	self->kmsg = kmsg_open();
	ASSERT_LE(0, self->kmsg);
	for (int i = 0; i < self->count; i++) {
		ASSERT_TRUE(remote_offline(&self->remotes[i]));
		ASSERT_EQ(0, remote_start(&self->remotes[i], self->remotes[i].echo));
	}
}

FIXTURE_TEARDOWN(burst)
{
	for (int i = 0; i < self->count; i++)
		EXPECT_TRUE(remote_offline(&self->remotes[i]));
	EXPECT_EQ(0, kmsg_splats(self->kmsg));
	close(self->kmsg);
}

/* The length of a message follows from its number, so that sizes mix. */
static size_t length_of(unsigned int number)
{
	return sizeof(number) + number * 37 % (PAYLOAD_MAX - sizeof(number));
}

static void compose(__u8 *message, unsigned int sender, unsigned int number)
{
	pattern(message, length_of(number), sender * 7919 + number);
	memcpy(message, &number, sizeof(number));
}

/* Sends what the window allows. Return: messages sent, or a negative errno. */
static int push(int fd, unsigned int sender, unsigned int next, unsigned int limit)
{
	__u8 message[PAYLOAD_MAX];
	int sent = 0;

	for (; next < limit; next++, sent++) {
		compose(message, sender, next);
		if (write(fd, message, length_of(next)) < 0)
			return errno == EAGAIN ? sent : -errno;
	}
	return sent;
}

/* Takes what has arrived. Return: messages received, or a negative errno. */
static int pull(int fd, unsigned int sender, unsigned int next)
{
	__u8 message[PAYLOAD_MAX], got[PAYLOAD_MAX + 1];
	int received = 0;

	for (;; next++, received++) {
		ssize_t len = read(fd, got, sizeof(got));

		if (len < 0)
			return errno == EAGAIN ? received : -errno;
		compose(message, sender, next);
		if (len == (ssize_t)length_of(next) && !memcmp(message, got, len))
			continue;
		printf("# sender %u: expected message %u, got %u of %zd bytes\n", sender, next,
		       *(unsigned int *)got, len);
		return -EBADMSG;
	}
}

/* Return: 0 when all messages came back, else a negative errno. */
static int converse(int fd, unsigned int sender, unsigned int messages)
{
	struct pollfd pfd = { .fd = fd, .events = POLLIN };
	unsigned int sent = 0, received = 0;
	__u64 progress = now_ms();

	while (received < messages) {
		unsigned int limit = received + WINDOW < messages ? received + WINDOW : messages;
		int pushed = push(fd, sender, sent, limit);
		int pulled = pull(fd, sender, received);

		if (pushed < 0 || pulled < 0)
			return pushed < 0 ? pushed : pulled;
		sent += pushed;
		received += pulled;
		if (pushed || pulled) {
			progress = now_ms();
			continue;
		}
		if (now_ms() - progress > HANG_GUARD_S * 1000) {
			printf("# sender %u: stuck, %u sent, %u received\n", sender, sent,
			       received);
			return -ETIMEDOUT;
		}
		/* Short: room to send is awaited too, and not every kernel reports it. */
		poll(&pfd, 1, 10);
	}
	return 0;
}

/* Messages that were lost because nobody read, of the device with this node. */
static long dropped(const char *node)
{
	char path[128], text[32];

	snprintf(path, sizeof(path), "/sys/class/rpmsg/%s/statistics/rx_dropped",
		 strrchr(node, '/') + 1);
	return read_text(path, text, sizeof(text)) > 0 ? strtol(text, NULL, 10) : -1;
}

/* One endpoint per sender, each with its own node: burst0, burst1 ... */
static int endpoint_for(const struct remote *remote, int ctrl, unsigned int sender)
{
	__s64 dst = channel_dst(remote, DEMO_CHANNEL);
	char name[16];
	int ret;

	snprintf(name, sizeof(name), "burst%u", sender);
	ret = dst < 0 ? -ENODEV : endpoint_create(ctrl, name, RPMSG_ADDR_ANY, dst);
	return ret ? ret : rpmsg_open(remote, name, O_NONBLOCK);
}

static void run_senders(struct __test_metadata *_metadata, const struct remote *remotes,
			int count, unsigned int messages)
{
	pid_t child[REMOTES_MAX * SENDERS];
	int status;

	for (int i = 0; i < count * SENDERS; i++) {
		const struct remote *remote = &remotes[i % count];
		int ctrl = rpmsg_open(remote, NULL, 0);
		int fd;

		ASSERT_LE(0, ctrl);
		fd = endpoint_for(remote, ctrl, i);
		ASSERT_LE(0, fd);
		child[i] = fork();
		ASSERT_LE(0, child[i]);
		if (!child[i])
			_exit(-converse(fd, i, messages));
		close(fd);
		close(ctrl);
	}

	for (int i = 0; i < count * SENDERS; i++) {
		ASSERT_EQ(child[i], waitpid(child[i], &status, 0));
		EXPECT_EQ(0, status) TH_LOG("sender %d: %s", i, strerror(WEXITSTATUS(status)));
	}
}

TEST_F_TIMEOUT(burst, four_senders, 3 * TEST_GUARD_S)
{
	run_senders(_metadata, self->remotes, 1, scaled(5000, 300));
	EXPECT_EQ(0, echo_works(&self->remotes[0]));
}

/* One mailbox interrupt line serves both cores. */
TEST_F_TIMEOUT(burst, both_cores, 3 * TEST_GUARD_S)
{
	if (self->count < 2)
		SKIP(return, "the devicetree has one remote processor");
	run_senders(_metadata, self->remotes, 2, scaled(2000, 300));
	for (int i = 0; i < 2; i++)
		EXPECT_EQ(0, echo_works(&self->remotes[i]));
}

/* As all test firmware has them; behind the descriptors is what Linux writes, then a page on what
 * the remote writes.
 */
#define VRING_NUM	64
#define RING_AVAIL	(16 * VRING_NUM)
#define RING_USED	4096
#define RING_BYTES	8192

/* Both directions of a link: how far each side has come. */
struct rings {
	__u32 *map[2];
	__u16 offered[2], used[2];
};

/* Where a ring is, as the carveouts in debugfs have it; 0 if there is none. */
static __u64 ring_address(const struct remote *remote, const char *name)
{
	char path[96], *text, *at;
	__u64 address = 0;
	size_t size;

	snprintf(path, sizeof(path), "/sys/kernel/debug/remoteproc/remoteproc%d/carveout_memories",
		 remote->index);
	text = read_file(path, &size);
	at = text ? strstr(text, name) : NULL;
	at = at ? strstr(at, "DMA address: ") : NULL;
	if (at)
		address = strtoull(at + strlen("DMA address: "), NULL, 16);
	free(text);
	return address;
}

static bool rings_map(const struct remote *remote, struct rings *rings)
{
	__u64 address;
	char name[16];

	for (int i = 0; i < 2; i++) {
		snprintf(name, sizeof(name), "vdev0vring%d", i);
		address = ring_address(remote, name);
		rings->map[i] = address ? memory_map(address, RING_BYTES) : NULL;
		if (!rings->map[i])
			return false;
	}
	return true;
}

/* Flags and index share a word. */
static void rings_read(struct rings *rings)
{
	for (int i = 0; i < 2; i++) {
		rings->offered[i] = memory_read(&rings->map[i][RING_AVAIL / 4]) >> 16;
		rings->used[i] = memory_read(&rings->map[i][RING_USED / 4]) >> 16;
	}
}

/* A remote answers a message first, and gives its buffer back then. */
static bool rings_rest(struct rings *rings)
{
	rings_read(rings);
	return rings->offered[1] == rings->used[1];
}

/* Of the R5s' doorbells, on all CPUs; 0 on other boards. */
static unsigned long interrupts(void)
{
	size_t size;
	char *text = read_file("/proc/interrupts", &size);
	char *line, *state, *at, *end;
	unsigned long sum = 0;

	for (line = strtok_r(text, "\n", &state); line; line = strtok_r(NULL, "\n", &state)) {
		at = strchr(line, ':');
		if (!at || !strstr(line, "zynqmp-ipi"))
			continue;
		for (at++; isdigit(*(at + strspn(at, " "))); at = end)
			sum += strtoul(at, &end, 10);
	}
	free(text);
	return sum;
}

/*
 * Doorbells merge, so there may be fewer interrupts than buffers that were used, and never more.
 * What the remote sent is what arrived, and what it took is what was sent.
 */
TEST_F_TIMEOUT(burst, agrees_with_the_rings, 6 * TEST_GUARD_S)
{
	unsigned int messages = scaled(100000 / (2 * SENDERS), 300);
	unsigned long rung = interrupts(), buffers = 0;
	struct rings before[REMOTES_MAX], after;
	__u16 all = messages * SENDERS;

	for (int i = 0; i < self->count; i++) {
		/* The announcements are in the rings by then. */
		ASSERT_EQ(0, echo_works(&self->remotes[i]));
		ASSERT_TRUE(rings_map(&self->remotes[i], &before[i]));
		ASSERT_TRUE(wait_until(rings_rest(&before[i])));
	}
	run_senders(_metadata, self->remotes, self->count, messages);
	for (int i = 0; i < self->count; i++) {
		after = before[i];
		ASSERT_TRUE(wait_until(rings_rest(&after)));
		EXPECT_EQ(all, (__u16)(after.used[0] - before[i].used[0]));
		EXPECT_EQ(all, (__u16)(after.offered[1] - before[i].offered[1]));
		EXPECT_EQ(all, (__u16)(after.used[1] - before[i].used[1]));
		buffers += 2ul * messages * SENDERS;
		for (int n = 0; n < 2; n++)
			munmap(before[i].map[n], RING_BYTES);
	}
	rung = interrupts() - rung;
	printf("# %lu buffers used, %lu interrupts\n", buffers, rung);
	if (!strncmp(self->remotes[0].unit, "r5", 2))
		EXPECT_LT(0, rung);
	/* Those of the start and of the first message */
	EXPECT_GE(buffers + 16, rung);
}

/* The sender does not read at all at first: replies must wait for it, up to a full window. */
TEST_F_TIMEOUT(burst, replies_wait_for_a_late_reader, TEST_GUARD_S)
{
	int ctrl = rpmsg_open(&self->remotes[0], NULL, 0);
	unsigned int sent = 0, received = 0;
	int fd, ret;

	ASSERT_LE(0, ctrl);
	fd = endpoint_for(&self->remotes[0], ctrl, 0);
	ASSERT_LE(0, fd);
	while (sent < WINDOW) {
		/* Zero: all buffers are under way, the remote gives them back. */
		ASSERT_TRUE(wait_until((ret = push(fd, 0, sent, WINDOW))));
		ASSERT_LT(0, ret);
		sent += ret;
	}

	while (received < WINDOW) {
		ASSERT_TRUE(readable(fd));
		ret = pull(fd, 0, received);
		ASSERT_LE(0, ret);
		received += ret;
	}
	close(fd);
	close(ctrl);
}

/*
 * Nobody reads, and more arrives than is kept for a reader. The oldest messages stay, the loss is
 * counted, and what comes after the reader has caught up is not affected.
 */
TEST_F_TIMEOUT(burst, unread_messages_are_bounded, TEST_GUARD_S)
{
	const unsigned int kept = 512, lost = 88;
	int ctrl = rpmsg_open(&self->remotes[0], NULL, 0);
	unsigned int sent = 0;
	char path[64];
	int fd, ret;

	ASSERT_LE(0, ctrl);
	fd = endpoint_for(&self->remotes[0], ctrl, 0);
	ASSERT_LE(0, fd);
	ASSERT_TRUE(rpmsg_node(&self->remotes[0], "burst0", path, sizeof(path)));
	while (sent < kept + lost) {
		ASSERT_TRUE(wait_until((ret = push(fd, 0, sent, kept + lost))));
		ASSERT_LT(0, ret);
		sent += ret;
	}

	EXPECT_TRUE(wait_until(dropped(path) == lost));
	EXPECT_EQ(kept, pull(fd, 0, 0));
	EXPECT_EQ(0, echo_once(fd, 16, 1));
	EXPECT_EQ(lost, dropped(path));
	close(fd);
	close(ctrl);
}

TEST_HARNESS_MAIN
