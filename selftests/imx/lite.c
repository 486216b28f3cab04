// SPDX-License-Identifier: GPL-2.0-only
/*
 * Devicetree-defined RPMsg: a remote without resource table, started by somebody else. Here that is
 * Linux too, through a remote processor that knows nothing of the rings. Where these are, and of
 * how many devices, differs between devicetrees; there is a firmware for each.
 *
 * Copyright (c) 2026 linux-amp developers
 */
#include "guest.h"
#include "channel.h"
#include "kmsg.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "harness.h"

#define DRIVER_DIR	"/sys/bus/platform/drivers/imx_rpmsg"
#define DEVICES_DIR	"/sys/bus/platform/devices"

/* Static addresses of the firmware; a local one that is nobody's. */
#define ECHO_ADDR	30
#define LOCAL_ADDR	500

FIXTURE(lite)
{
	struct remote remotes[REMOTES_MAX];
	struct remote *remote;
	char device[24], firmware[32];
	struct remote second;
	bool has_second;
	int kmsg;
};

static int is_rpmsg(const struct dirent *entry)
{
	const char *dot = strchr(entry->d_name, '.');

	return dot && !strcmp(dot, ".rpmsg");
}

static int is_virtio(const struct dirent *entry)
{
	return !strncmp(entry->d_name, "virtio", 6);
}

/* Name of an entry of a directory, in at least 24 bytes. Return: how many entries there are. */
static int find_entry(const char *dir, int (*is)(const struct dirent *), int which, char *name,
		      size_t size)
{
	struct dirent **list;
	int count = scandir(dir, &list, is, alphasort);

	if (count > which)
		snprintf(name, size, "%.23s", list[which]->d_name);
	for (int i = 0; i < count; i++)
		free(list[i]);
	if (count >= 0)
		free(list);
	return count;
}

static int unbind(const char *device)
{
	return write_text(DRIVER_DIR "/unbind", device);
}

static int bind(const char *device)
{
	return write_text(DRIVER_DIR "/bind", device);
}

static bool bound(const char *device)
{
	char path[64];

	snprintf(path, sizeof(path), DRIVER_DIR "/%s", device);
	return !access(path, F_OK);
}

/* Channels of each virtio device, by its place in sysfs. Return: number of devices. */
static int find_links(const char *device, struct remote *first, struct remote *second)
{
	char dir[64], virtio[24] = "";
	int count;

	snprintf(first->links, sizeof(first->links), "/%s/", device);
	*second = *first;
	snprintf(dir, sizeof(dir), DEVICES_DIR "/%s", device);
	count = find_entry(dir, is_virtio, 0, virtio, sizeof(virtio));
	if (count < 2)
		return count;
	snprintf(first->links, sizeof(first->links), "/%.15s/%.12s/", device, virtio);
	find_entry(dir, is_virtio, 1, virtio, sizeof(virtio));
	snprintf(second->links, sizeof(second->links), "/%.15s/%.12s/", device, virtio);
	return count;
}

FIXTURE_SETUP(lite)
{
	const char *program = "lite";

	ASSERT_EQ(1, remotes_find(self->remotes));
	self->remote = &self->remotes[0];
	ASSERT_TRUE(remote_offline(self->remote));
	self->kmsg = kmsg_open();
	ASSERT_LE(0, self->kmsg);
	ASSERT_EQ(1, find_entry(DEVICES_DIR, is_rpmsg, 0, self->device, sizeof(self->device)));

	/* With empty rings. */
	if (bound(self->device))
		ASSERT_EQ(0, unbind(self->device));
	ASSERT_EQ(0, bind(self->device));
	self->has_second = find_links(self->device, self->remote, &self->second) > 1;
	if (!strncmp(self->device, "bffe0000", 8))
		program = "lite-one";
	else if (self->has_second)
		program = "lite-two";
	else if (!strncmp(self->device, "8fff0000", 8))
		program = "lite-moved";
	snprintf(self->firmware, sizeof(self->firmware), "%s", firmware_of(self->remote, program));
}

FIXTURE_TEARDOWN(lite)
{
	EXPECT_TRUE(remote_offline(self->remote));
	EXPECT_EQ(0, kmsg_splats(self->kmsg));
	close(self->kmsg);
}

/* Said once at each probe, and only where it is so. */
TEST_F_TIMEOUT(lite, buffers_without_region, TEST_GUARD_S)
{
	int warnings = 0, expected;
	struct kmsg_line line;
	char path[96];

	snprintf(path, sizeof(path), DEVICES_DIR "/%s/of_node/memory-region", self->device);
	expected = access(path, F_OK) ? 1 : 0;
	EXPECT_TRUE(wait_until(channel_count(self->remote) >= 2));
	while (kmsg_next(self->kmsg, &line))
		warnings += line.level <= KMSG_WARNING &&
			    strstr(line.text, "no memory-region: message buffers are wherever");
	EXPECT_EQ(expected, warnings);
}

/* The word that says that the link is up waits for a remote that comes later. */
TEST_F_TIMEOUT(lite, remote_starts_after_linux, TEST_GUARD_S)
{
	int fd;

	/* Linux' own two, control and name service. */
	EXPECT_TRUE(wait_until(channel_count(self->remote) == 2));
	ASSERT_EQ(0, remote_start(self->remote, self->firmware));
	EXPECT_EQ(ECHO_ADDR, channel_dst(self->remote, DEMO_CHANNEL));
	fd = rpmsg_open(self->remote, RAW_CHANNEL, 0);
	ASSERT_LE(0, fd);
	for (unsigned int i = 0; i < scaled(1000, 100); i++)
		ASSERT_EQ(0, echo_once(fd, 1 + i % PAYLOAD_MAX, i));
	close(fd);
}

TEST_F_TIMEOUT(lite, remote_starts_before_linux, TEST_GUARD_S)
{
	ASSERT_EQ(0, unbind(self->device));
	ASSERT_EQ(0, remote_start(self->remote, self->firmware));
	usleep(100000);
	ASSERT_EQ(0, bind(self->device));
	EXPECT_EQ(0, echo_works(self->remote));
}

/* Its driver comes and goes while the remote runs and talks. */
TEST_F_TIMEOUT(lite, bind_and_unbind, TEST_GUARD_S)
{
	ASSERT_EQ(0, remote_start(self->remote, self->firmware));
	for (unsigned int i = 0; i < scaled(50, 5); i++) {
		ASSERT_EQ(0, echo_works(self->remote));
		ASSERT_EQ(0, unbind(self->device));
		EXPECT_EQ(0, channel_count(self->remote));
		ASSERT_EQ(0, bind(self->device));
	}
	EXPECT_EQ(0, echo_works(self->remote));
}

/*
 * Of the rpmsg device of a node. They rise in the order in which devices are added.
 * Return: 0 if there is none.
 */
static unsigned long sysfs_number(const struct remote *remote, const char *name)
{
	char node[64], path[128];
	struct stat st;

	if (!rpmsg_node(remote, name, node, sizeof(node)))
		return 0;
	snprintf(path, sizeof(path), "/sys/class/rpmsg/%s/device", strrchr(node, '/') + 1);
	return stat(path, &st) ? 0 : st.st_ino;
}

/* Who is woken by a channel finds the control device, however fast the remote is. */
TEST_F_TIMEOUT(lite, control_device_comes_first, TEST_GUARD_S)
{
	ASSERT_EQ(0, remote_start(self->remote, self->firmware));
	for (unsigned int i = 0; i < scaled(20, 5); i++) {
		unsigned long channel = sysfs_number(self->remote, RAW_CHANNEL);
		unsigned long control = sysfs_number(self->remote, NULL);

		ASSERT_LT(0, control);
		EXPECT_LT(control, channel);
		ASSERT_EQ(0, unbind(self->device));
		ASSERT_EQ(0, bind(self->device));
	}
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

/*
 * The core is started again under a driver that stays, with firmware that does all by the book:
 * it waits for its first word, and begins with empty rings.
 */
TEST_F_TIMEOUT(lite, remote_stops_and_starts, TEST_GUARD_S)
{
	int fd;

	if (self->has_second || strstr(self->firmware, "moved"))
		SKIP(return, "the program is for other rings");
	for (unsigned int i = 0; i < scaled(10, 3); i++) {
		ASSERT_EQ(0, remote_start(self->remote, firmware_of(self->remote, "lite-plain")));
		fd = rpmsg_open(self->remote, RAW_CHANNEL, 0);
		ASSERT_LE(0, fd);
		for (int n = 0; n < 10; n++)
			ASSERT_EQ(0, echo_once(fd, 16, n));
		close(fd);
		ASSERT_TRUE(remote_offline(self->remote));
	}
}

/* What the memory of a device holds, by byte offset: descriptors, offered and returned buffers. */
#define RING_BYTES	0x8000u
#define RING_DESCS	256
#define DESC_BYTES	16
#define AVAIL_IDX	0x1000
#define USED_IDX	0x2000

static __u16 ring_idx(const __u8 *ring, unsigned int offset)
{
	/* Behind flags of 16 bits. */
	return memory_read((const __u32 *)(ring + offset)) >> 16;
}

/* Return: number of descriptors that are outside of the ring's own memory. */
static unsigned int descs_outside(const __u8 *ring, __u32 start)
{
	unsigned int count = 0;

	for (unsigned int i = 0; i < RING_DESCS; i++) {
		const __u32 *desc = (const __u32 *)(ring + i * DESC_BYTES);
		__u32 addr = memory_read(&desc[0]), len = memory_read(&desc[2]);

		count += memory_read(&desc[1]) || addr < start || len > RING_BYTES ||
			 addr - start > RING_BYTES - len;
	}
	return count;
}

/*
 * The buffers are anybody's memory when the driver has gone, and the remote does not learn of that:
 * it finds nothing more to fill, and whatever it still looks at is not in Linux' memory.
 */
TEST_F_TIMEOUT(lite, remote_talks_to_nobody, TEST_GUARD_S)
{
	__u32 start = strtoul(self->device, NULL, 16);
	static const char word[] = "talk";
	__u8 *rings = memory_map(start, 2 * RING_BYTES);
	char reply[64];
	__u16 used;
	int fd;

	ASSERT_NE(NULL, rings);
	ASSERT_EQ(0, remote_start(self->remote, self->firmware));
	fd = rpmsg_open(self->remote, RAW_CHANNEL, 0);
	ASSERT_LE(0, fd);
	ASSERT_EQ(sizeof(word), write(fd, word, sizeof(word)));
	for (int i = 0; i < 10; i++)
		ASSERT_LT(0, read(fd, reply, sizeof(reply)));
	EXPECT_EQ(RING_DESCS, descs_outside(rings, start));

	ASSERT_EQ(0, unbind(self->device));
	used = ring_idx(rings, USED_IDX);
	EXPECT_EQ(used, ring_idx(rings, AVAIL_IDX));
	usleep(100000);
	EXPECT_EQ(used, ring_idx(rings, USED_IDX));
	for (int i = 0; i < 2; i++)
		EXPECT_EQ(0, descs_outside(rings + i * RING_BYTES, start + i * RING_BYTES));
	close(fd);

	ASSERT_TRUE(remote_offline(self->remote));
	ASSERT_EQ(0, bind(self->device));
	ASSERT_EQ(0, remote_start(self->remote, self->firmware));
	EXPECT_EQ(0, echo_works(self->remote));
}

/* A remote need not announce anything: both sides know the addresses. */
TEST_F_TIMEOUT(lite, without_name_service, TEST_GUARD_S)
{
	int ctrl, fd;

	if (strstr(self->firmware, "moved") || strstr(self->firmware, "one"))
		SKIP(return, "the program is for other rings");
	ASSERT_EQ(0, remote_start(self->remote, firmware_of(self->remote, "lite-quiet")));
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

	ASSERT_EQ(0, remote_start(self->remote, self->firmware));
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

#define PM_TEST		"/sys/power/pm_test"
#define PM_DELAY	"/sys/module/suspend/parameters/pm_test_delay"

/* Return: number of lines with @text between the first one with @begin and the next with @end. */
static int lines_between(int kmsg, const char *begin, const char *end, const char *text)
{
	struct kmsg_line line;
	bool inside = false;
	int count = 0;

	while (kmsg_next(kmsg, &line)) {
		if (strstr(line.text, begin))
			inside = true;
		else if (inside && strstr(line.text, end))
			break;
		count += inside && strstr(line.text, text);
	}
	return inside ? count : -1;
}

/* Asks for new rings twice: the second time is due while the system is asleep, and has to wait. */
TEST_F_TIMEOUT(lite, remote_loses_its_place_and_linux_sleeps, TEST_GUARD_S)
{
	static const char word[] = "restart";
	int fd;

	if (write_text(PM_TEST, "devices"))
		SKIP(return, "this kernel has no pm_test");
	write_text(PM_DELAY, "3");
	ASSERT_EQ(0, remote_start(self->remote, self->firmware));
	for (int i = 0; i < 2; i++) {
		EXPECT_TRUE(wait_until(!echo_works(self->remote)));
		fd = rpmsg_open(self->remote, RAW_CHANNEL, 0);
		ASSERT_LE(0, fd);
		ASSERT_EQ(sizeof(word), write(fd, word, sizeof(word)));
		close(fd);
		usleep(50000);
	}
	EXPECT_EQ(0, write_text("/sys/power/state", "freeze"));
	write_text(PM_TEST, "none");
	EXPECT_EQ(0, lines_between(self->kmsg, "suspend debug: Waiting", "Restarting tasks",
				   "rpmsg host is online"));
	EXPECT_TRUE(wait_until(!echo_works(self->remote)));
}

static bool has_doorbell(const char *device)
{
	char path[96], names[32] = "";
	int len;

	snprintf(path, sizeof(path), DEVICES_DIR "/%s/of_node/mbox-names", device);
	len = read_text(path, names, sizeof(names));
	return len > 0 && memmem(names, len, "rxdb", 4);
}

/* Says that it starts over, by a doorbell, and has done so when Linux comes back. */
TEST_F_TIMEOUT(lite, remote_says_that_it_restarts, TEST_GUARD_S)
{
	static const char word[] = "reboot";
	int fd;

	if (!has_doorbell(self->device))
		SKIP(return, "this devicetree has no such doorbell");
	ASSERT_EQ(0, remote_start(self->remote, self->firmware));
	for (int i = 0; i < 3; i++) {
		fd = rpmsg_open(self->remote, RAW_CHANNEL, 0);
		ASSERT_LE(0, fd);
		ASSERT_EQ(0, echo_once(fd, 16, i));
		ASSERT_EQ(sizeof(word), write(fd, word, sizeof(word)));
		EXPECT_TRUE(wait_until(write(fd, "x", 1) != 1));
		close(fd);
		EXPECT_TRUE(wait_until(!echo_works(self->remote)));
	}
}

/* What happens to one of them does not concern the other. */
TEST_F_TIMEOUT(lite, two_devices, TEST_GUARD_S)
{
	int first, second;

	if (!self->has_second)
		SKIP(return, "this devicetree has one");
	ASSERT_EQ(0, remote_start(self->remote, self->firmware));
	EXPECT_EQ(ECHO_ADDR, channel_dst(self->remote, DEMO_CHANNEL));
	EXPECT_EQ(ECHO_ADDR, channel_dst(&self->second, DEMO_CHANNEL));
	first = rpmsg_open(self->remote, RAW_CHANNEL, 0);
	ASSERT_LE(0, first);
	second = rpmsg_open(&self->second, RAW_CHANNEL, 0);
	ASSERT_LE(0, second);
	for (unsigned int i = 0; i < scaled(500, 50); i++) {
		ASSERT_EQ(0, echo_once(first, 1 + i % PAYLOAD_MAX, i));
		ASSERT_EQ(0, echo_once(second, PAYLOAD_MAX - i % PAYLOAD_MAX, i + 1));
	}
	close(first);
	close(second);
}

/* Far below the 100 ms for which a sender could wait for the remote, far above what it takes. */
#define SLOW_MS		50

/*
 * Fills the ring. The transport leaves doorbells out as long as it believes that the remote is at
 * work: a while later it sees that it is not, and rings for each of ever more messages.
 * Return: number of messages that fit, with those that took long added to *slow.
 */
static unsigned int fill(const struct remote *remote, unsigned int *slow)
{
	static const char message[32] = "into the void";
	unsigned int sent = 0;
	int ctrl, fd;

	fd = open_endpoint(remote, &ctrl, O_NONBLOCK);
	if (fd < 0)
		return 0;
	for (;;) {
		__u64 start = now_ms();

		if (write(fd, message, sizeof(message)) < 0)
			break;
		sent++;
		*slow += now_ms() - start > SLOW_MS;
		if (sent == 8 || sent == 80)
			usleep(20000);
	}
	if (errno != EAGAIN && errno != ENOMEM)
		printf("# errno %d\n", errno);
	close(fd);
	close(ctrl);
	return sent;
}

/* Return: how often the transport has rung for a message, since the link came up. */
static unsigned int kicks_of(const char *device)
{
	char dir[64], virtio[24], path[128], text[16];

	snprintf(dir, sizeof(dir), DEVICES_DIR "/%s", device);
	if (find_entry(dir, is_virtio, 0, virtio, sizeof(virtio)) < 1)
		return 0;
	snprintf(path, sizeof(path), "%s/%s/statistics/tx_kicks", dir, virtio);
	return read_text(path, text, sizeof(text)) > 0 ? strtoul(text, NULL, 10) : 0;
}

/*
 * Runs, but does not read its words. No kick waits; there is no more room when the ring is full.
 */
TEST_F_TIMEOUT(lite, remote_does_not_read, TEST_GUARD_S)
{
	unsigned int kicks = 0, rounds = 0, slow = 0, rung;

	if (strstr(self->firmware, "moved"))
		SKIP(return, "the program is for another memory");
	ASSERT_EQ(0, remote_start(self->remote, firmware_of(self->remote, "noipc")));
	while (kicks < 1000) {
		ASSERT_EQ(256, fill(self->remote, &slow));
		rung = kicks_of(self->device);
		ASSERT_LT(0, rung);
		kicks += rung;
		rounds++;
		/* Comes back with empty rings. */
		ASSERT_EQ(0, unbind(self->device));
		ASSERT_EQ(0, bind(self->device));
	}
	printf("# %u kicks in %u rounds\n", kicks, rounds);
	/* If kicks waited, nearly all would be slow. */
	EXPECT_GT(kicks / 2, slow);
	ASSERT_EQ(256, fill(self->remote, &slow));

	/* Whoever reads finds them all in the ring. */
	ASSERT_TRUE(remote_offline(self->remote));
	ASSERT_EQ(0, remote_start(self->remote, self->firmware));
	EXPECT_EQ(0, echo_works(self->remote));
}

/* The kernel limits what can be provoked, to ten lines in five seconds. */
static bool log_is_quiet(int kmsg, __u64 since_ms)
{
	unsigned int lines = 0;
	struct kmsg_line line;

	while (kmsg_next(kmsg, &line))
		lines += !!strstr(line.text, "means no ring");
	printf("# %u lines\n", lines);
	return lines && lines <= 10 * ((now_ms() - since_ms) / 5000 + 2);
}

/*
 * Fills its registers without end and never empties those of Linux. Nothing else has to suffer: not
 * the timer of this test, nor what Linux sends, nor its driver's going and coming.
 */
TEST_F_TIMEOUT(lite, remote_talks_without_end, TEST_GUARD_S)
{
	__u32 address, *counter, before, words;
	__u64 start = now_ms();
	unsigned int slow = 0;
	__u8 *page;

	/* With doorbells the link comes and goes all the time, which is slow. */
	words = has_doorbell(self->device) ? scaled(20000, 500) : scaled(100000, 2000);

	if (strstr(self->firmware, "moved"))
		SKIP(return, "the program is for another memory");
	address = firmware_symbol(firmware_of(self->remote, "words"), "words_counter");
	page = memory_map(address & ~4095u, 4096);
	ASSERT_NE(NULL, page);
	counter = (__u32 *)(page + (address & 4095));

	ASSERT_EQ(0, remote_start(self->remote, firmware_of(self->remote, "words")));
	for (int i = 0; i < 3; i++) {
		before = memory_read(counter);
		EXPECT_TRUE(wait_until(memory_read(counter) - before > words));
		/*
		 * Its doorbells say that it starts over: then there is nobody to send to for
		 * long.
		 */
		if (!has_doorbell(self->device))
			EXPECT_EQ(256, fill(self->remote, &slow));
		ASSERT_EQ(0, unbind(self->device));
		ASSERT_EQ(0, bind(self->device));
	}
	ASSERT_TRUE(remote_offline(self->remote));
	EXPECT_TRUE(log_is_quiet(self->kmsg, start));

	/* What is still in the registers does no harm. */
	ASSERT_EQ(0, remote_start(self->remote, self->firmware));
	EXPECT_EQ(0, echo_works(self->remote));
}

TEST_HARNESS_MAIN
