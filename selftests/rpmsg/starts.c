// SPDX-License-Identifier: GPL-2.0-only
/*
 * Firmware that takes its time to start, and firmware that restores its resource table while Linux
 * is setting up the link. Every start has to lead to a channel that carries messages, those sent
 * before the firmware was there included.
 *
 * Copyright (c) 2026 linux-amp developers
 */
#include "guest.h"
#include "channel.h"
#include "kmsg.h"

#include <stdlib.h>
#include <string.h>

#include <linux/rpmsg.h>

#include "harness.h"

#define FIRMWARE	"late-and-later.elf"

/* Where the firmware echoes, announced or not. */
#define RAW_ADDR	1025

/* As in the firmware's apps/echo.c; the text is padded with zeroes. */
struct late {
	char text[8];
	__u32 before_ms;
	__u32 copied_ms;
	__u32 deaf;
};

struct firmware {
	const struct remote *remote;
	struct late *late;
	void *image;
	size_t size;
};

FIXTURE(starts)
{
	struct remote remotes[REMOTES_MAX];
	struct firmware firmware;
	int count, kmsg;
};

FIXTURE_SETUP(starts)
{
	static const char text[sizeof(((struct late *)0)->text)] = "late";
	struct firmware *fw = &self->firmware;
	char path[128];

	self->count = remotes_find(self->remotes);
	ASSERT_LT(0, self->count);
	fw->remote = &self->remotes[0];
	ASSERT_TRUE(remote_offline(fw->remote));
	self->kmsg = kmsg_open();
	ASSERT_LE(0, self->kmsg);

	snprintf(path, sizeof(path), FIRMWARE_DIR "/%s", firmware_of(fw->remote, "late"));
	fw->image = read_file(path, &fw->size);
	ASSERT_NE(NULL, fw->image);
	fw->late = memmem(fw->image, fw->size, text, sizeof(text));
	ASSERT_NE(NULL, fw->late);
	srandom(1);
}

FIXTURE_TEARDOWN(starts)
{
	for (int i = 0; i < self->count; i++)
		EXPECT_TRUE(remote_offline(&self->remotes[i]));
	EXPECT_EQ(0, kmsg_splats(self->kmsg));
	close(self->kmsg);
	unlink(FIRMWARE_DIR "/" FIRMWARE);
	free(self->firmware.image);
}

static int begin(struct firmware *fw, __u32 before_ms, __u32 copied_ms, bool deaf)
{
	int ret;

	fw->late->before_ms = before_ms;
	fw->late->copied_ms = copied_ms;
	fw->late->deaf = deaf;
	ret = write_file(FIRMWARE_DIR "/" FIRMWARE, fw->image, fw->size);
	return ret ? ret : remote_start(fw->remote, FIRMWARE);
}

static int start(struct firmware *fw, __u32 before_ms, __u32 copied_ms)
{
	int ret = begin(fw, before_ms, copied_ms, false);

	if (!ret)
		ret = echo_works(fw->remote);
	if (ret)
		printf("# silent with %u ms before and %u ms after the copy: %d\n", before_ms,
		       copied_ms, ret);
	return ret ? ret : remote_set(fw->remote, "state", "stop");
}

TEST_F_TIMEOUT(starts, sleeps_first, 3 * TEST_GUARD_S)
{
	unsigned int starts = scaled(200, 10);

	for (unsigned int i = 0; i < starts; i++)
		ASSERT_EQ(0, start(&self->firmware, random() % 2001, 0));
	TH_LOG("%u of %u starts", starts, starts);
}

/* Linux is done within the first milliseconds, so the copy hits before, amid and after that. */
TEST_F_TIMEOUT(starts, restores_its_table, 3 * TEST_GUARD_S)
{
	unsigned int starts = scaled(200, 10);

	for (unsigned int i = 0; i < starts; i++)
		ASSERT_EQ(0, start(&self->firmware, random() % 3,
				   1 + random() % (i % 4 ? 20 : 200)));
	TH_LOG("%u of %u starts", starts, starts);
}

/* The doorbells of both may come as one interrupt: that of the other is no sign of life. */
TEST_F_TIMEOUT(starts, restores_its_table_beside_a_noisy_one, 3 * TEST_GUARD_S)
{
	unsigned int starts = scaled(50, 5);
	const struct remote *noisy = &self->remotes[1];

	if (self->count < 2)
		SKIP(return, "the devicetree has one remote processor");
	ASSERT_EQ(0, remote_start(noisy, firmware_of(noisy, "flood")));
	for (unsigned int i = 0; i < starts; i++)
		ASSERT_EQ(0, start(&self->firmware, random() % 3, 1 + random() % 20));
	EXPECT_STREQ("running", remote_attr(noisy, "state"));
}

/*
 * A message is sent at once, and its doorbell is lost, like those that Linux repeats: the firmware
 * begins with an announcement, and has not looked for messages when it sleeps for the first time.
 */
static int send_early(struct firmware *fw, __u32 before_ms)
{
	int ret = begin(fw, before_ms, 0, true);
	int ctrl, fd;

	if (ret)
		return ret;
	ctrl = rpmsg_open(fw->remote, NULL, 0);
	if (ctrl < 0)
		return ctrl;
	ret = endpoint_create(ctrl, "early", RPMSG_ADDR_ANY, RAW_ADDR);
	fd = ret ? ret : rpmsg_open(fw->remote, "early", 0);
	close(ctrl);
	if (fd < 0)
		return fd;
	ret = echo_once(fd, 32, 1);
	close(fd);
	return ret ? ret : remote_set(fw->remote, "state", "stop");
}

TEST_F_TIMEOUT(starts, finds_what_was_sent_before, 3 * TEST_GUARD_S)
{
	unsigned int starts = scaled(20, 2);

	for (unsigned int i = 0; i < starts; i++) {
		ASSERT_EQ(0, send_early(&self->firmware, 1500 + random() % 2000))
			TH_LOG("start %u", i);
	}
	TH_LOG("%u of %u starts", starts, starts);
}

/* Fewer entries than usual, and more than there are buffers. Enough messages to go around. */
TEST_F_TIMEOUT(starts, rings_of_other_sizes, 3 * TEST_GUARD_S)
{
	static const char *const sizes[] = { "echo-16", "echo-512" };
	const struct remote *remote = self->firmware.remote;

	for (size_t i = 0; i < ARRAY_SIZE(sizes); i++) {
		int fd, ret = 0;

		ASSERT_EQ(0, remote_start(remote, firmware_of(remote, sizes[i])));
		fd = rpmsg_open(remote, RAW_CHANNEL, 0);
		ASSERT_LE(0, fd);
		for (unsigned int seed = 0; seed < 1200 && !ret; seed++)
			ret = echo_once(fd, 1 + seed % PAYLOAD_MAX, seed);
		EXPECT_EQ(0, ret)
			TH_LOG("%s", sizes[i]);
		close(fd);
		ASSERT_EQ(0, remote_set(remote, "state", "stop"));
	}
}

static void count_silence(int kmsg, unsigned int *warnings, unsigned int *remarks)
{
	struct kmsg_line line;

	while (kmsg_next(kmsg, &line)) {
		if (!strstr(line.text, "not a sound in") && !strstr(line.text, "is silent for"))
			continue;
		if (line.level <= KMSG_WARNING)
			++*warnings;
		else
			++*remarks;
	}
}

/* Who drives the remote warns, with what is in its table; the transport only says it. */
TEST_F_TIMEOUT(starts, silence_is_one_warning, TEST_GUARD_S)
{
	unsigned int warnings = 0, remarks = 0;
	int kmsg = kmsg_open();

	ASSERT_LE(0, kmsg);
	ASSERT_EQ(0, begin(&self->firmware, 10 * HANG_GUARD_S * 1000, 0, false));
	EXPECT_TRUE(wait_until((count_silence(kmsg, &warnings, &remarks), warnings && remarks)))
		TH_LOG("%u warnings, %u remarks", warnings, remarks);
	/* Both look again every two seconds. */
	sleep(5);
	count_silence(kmsg, &warnings, &remarks);
	EXPECT_EQ(1, warnings);
	EXPECT_EQ(1, remarks);
	close(kmsg);
}

TEST_HARNESS_MAIN
