// SPDX-License-Identifier: GPL-2.0-only
/*
 * Programs that are linked for other memory than the tightly coupled one: for OCRAM, under its
 * addresses for code and for data, with initialised data that is used elsewhere than it is loaded
 * to; and for DDR. Neither has anything at address 0, where the core begins: the driver puts it
 * there.
 *
 * Copyright (c) 2026 linux-amp developers
 */
#include "guest.h"
#include "channel.h"
#include "kmsg.h"
#include "remote.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <linux/elf.h>

#include "harness.h"

#define ODD_NAME	"amp-odd.elf"
#define ODD_PATH	FIRMWARE_DIR "/" ODD_NAME

#define TCMU		0x20000000
#define TCM_SIZE	0x8000

FIXTURE(images)
{
	struct remote remotes[REMOTES_MAX];
	const struct remote *remote;
	int kmsg;
};

FIXTURE_SETUP(images)
{
	ASSERT_EQ(1, remotes_find(self->remotes));
	self->remote = &self->remotes[0];
	ASSERT_TRUE(remote_offline(self->remote));
	self->kmsg = kmsg_open();
	ASSERT_LE(0, self->kmsg);
}

FIXTURE_TEARDOWN(images)
{
	unlink(ODD_PATH);
	EXPECT_TRUE(remote_offline(self->remote));
	EXPECT_EQ(0, kmsg_splats(self->kmsg));
	close(self->kmsg);
}

/* One after the other, so that each finds what another has left at address 0. */
TEST_F_TIMEOUT(images, in_every_memory, TEST_GUARD_S)
{
	static const char *const programs[] = {
		"echo", "echo-bare", "echo-ocram", "echo-ddr", "echo-ocram", "echo-bare", "echo",
	};
	char line[64];

	for (size_t i = 0; i < ARRAY_SIZE(programs); i++) {
		ASSERT_EQ(0, remote_start(self->remote, firmware_of(self->remote, programs[i])));
		snprintf(line, sizeof(line), "amp-%s-m4:", programs[i]);
		EXPECT_TRUE(remote_says(self->remote, line));
		EXPECT_EQ(0, echo_works(self->remote)) TH_LOG("%s", programs[i]);
		ASSERT_EQ(0, remote_set(self->remote, "state", "stop"));
	}
}

/* Writes a program with another entry point. */
static int write_odd_entry(const char *firmware, __s32 offset)
{
	char path[80], *image;
	size_t size;
	int ret;

	snprintf(path, sizeof(path), FIRMWARE_DIR "/%s", firmware);
	image = read_file(path, &size);
	if (!image)
		return -ENOENT;
	((struct elf32_hdr *)image)->e_entry += offset;
	ret = write_file(ODD_PATH, image, size);
	free(image);
	return ret;
}

/* It has a vector table, but that is of another program. */
TEST_F_TIMEOUT(images, without_vectors, TEST_GUARD_S)
{
	struct kmsg_line line;
	bool said = false;

	ASSERT_EQ(0, write_odd_entry(firmware_of(self->remote, "echo-bare"), 4));
	EXPECT_EQ(-ENOEXEC, remote_start(self->remote, ODD_NAME));
	EXPECT_STREQ("offline", remote_attr(self->remote, "state"));
	while (kmsg_next(self->kmsg, &line))
		said |= !!strstr(line.text, "no vector table");
	EXPECT_TRUE(said);
}

/* Writes the echo program, its data so long that they end @beyond bytes behind the end of TCMU. */
static int write_long_data(const char *firmware, __u32 beyond)
{
	struct elf32_phdr *phdr;
	char path[80], *image;
	int found = 0, ret;
	size_t size;

	snprintf(path, sizeof(path), FIRMWARE_DIR "/%s", firmware);
	image = read_file(path, &size);
	if (!image)
		return -ENOENT;
	phdr = (void *)(image + ((struct elf32_hdr *)image)->e_phoff);
	for (int i = 0; i < ((struct elf32_hdr *)image)->e_phnum; i++) {
		if (phdr[i].p_type != PT_LOAD || phdr[i].p_paddr - TCMU >= TCM_SIZE)
			continue;
		phdr[i].p_memsz = TCMU + TCM_SIZE - phdr[i].p_paddr + beyond;
		found++;
	}
	ret = found == 1 ? write_file(ODD_PATH, image, size) : -ENODATA;
	free(image);
	return ret;
}

TEST_F_TIMEOUT(images, to_the_last_byte, TEST_GUARD_S)
{
	ASSERT_EQ(0, write_long_data(self->remote->echo, 0));
	ASSERT_EQ(0, remote_start(self->remote, ODD_NAME));
	EXPECT_EQ(0, echo_works(self->remote));
	ASSERT_TRUE(remote_offline(self->remote));
	ASSERT_EQ(0, write_long_data(self->remote->echo, 1));
	EXPECT_EQ(-ENXIO, remote_start(self->remote, ODD_NAME));
	EXPECT_STREQ("offline", remote_attr(self->remote, "state"));
}

TEST_HARNESS_MAIN
