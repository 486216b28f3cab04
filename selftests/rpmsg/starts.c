// SPDX-License-Identifier: GPL-2.0-only
/*
 * Firmware that takes its time to start, and firmware that restores its resource table while Linux is
 * setting up the link. Every start has to lead to a channel that carries messages.
 *
 * Copyright (c) 2026 linux-amp developers
 */
#include "guest.h"
#include "channel.h"
#include "kmsg.h"

#include <stdlib.h>
#include <string.h>

#include "kselftest_harness.h"

#define FIRMWARE	"late-and-later.elf"

/* As in the firmware's apps/echo.c; the text is padded with zeroes. */
struct late {
	char text[8];
	__u32 before_ms;
	__u32 copied_ms;
};

FIXTURE(starts)
{
	struct remote remotes[REMOTES_MAX];
	const struct remote *remote;
	struct late *late;
	void *image;
	size_t size;
	int kmsg;
};

FIXTURE_SETUP(starts)
{
	static const char text[sizeof(((struct late *)0)->text)] = "late";
	char path[128];

	ASSERT_LT(0, remotes_find(self->remotes));
	self->remote = &self->remotes[0];
	ASSERT_TRUE(remote_offline(self->remote));
	self->kmsg = kmsg_open();
	ASSERT_LE(0, self->kmsg);

	snprintf(path, sizeof(path), FIRMWARE_DIR "/%s", firmware_of(self->remote, "late"));
	self->image = read_file(path, &self->size);
	ASSERT_NE(NULL, self->image);
	self->late = memmem(self->image, self->size, text, sizeof(text));
	ASSERT_NE(NULL, self->late);
	srandom(1);
}

FIXTURE_TEARDOWN(starts)
{
	EXPECT_TRUE(remote_offline(self->remote));
	EXPECT_EQ(0, kmsg_splats(self->kmsg));
	close(self->kmsg);
	unlink(FIRMWARE_DIR "/" FIRMWARE);
	free(self->image);
}

static int start(FIXTURE_DATA(starts) *self, __u32 before_ms, __u32 copied_ms)
{
	int ret;

	self->late->before_ms = before_ms;
	self->late->copied_ms = copied_ms;
	ret = write_file(FIRMWARE_DIR "/" FIRMWARE, self->image, self->size);
	if (!ret)
		ret = remote_start(self->remote, FIRMWARE);
	if (!ret)
		ret = echo_works(self->remote);
	if (ret)
		printf("# silent with %u ms before and %u ms after the copy: %d\n", before_ms,
		       copied_ms, ret);
	return ret ? ret : remote_set(self->remote, "state", "stop");
}

TEST_F_TIMEOUT(starts, sleeps_first, 3 * TEST_GUARD_S)
{
	unsigned int starts = scaled(200, 10);

	for (unsigned int i = 0; i < starts; i++)
		ASSERT_EQ(0, start(self, random() % 2001, 0));
	TH_LOG("%u of %u starts", starts, starts);
}

/* Linux is done within the first milliseconds, so the copy hits before, amid and after that. */
TEST_F_TIMEOUT(starts, restores_its_table, 3 * TEST_GUARD_S)
{
	unsigned int starts = scaled(200, 10);

	for (unsigned int i = 0; i < starts; i++)
		ASSERT_EQ(0, start(self, random() % 3, 1 + random() % (i % 4 ? 20 : 200)));
	TH_LOG("%u of %u starts", starts, starts);
}

TEST_HARNESS_MAIN
