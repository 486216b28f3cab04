// SPDX-License-Identifier: GPL-2.0-only
/*
 * Boards whose devicetree lacks something that the first core needs, or gives it something it
 * cannot use. Each is a boot of its own; AMP_VARIANT names the overlay that this boot has. The log
 * must name the node and what it needs; what works without it must work, and so must the second
 * core.
 *
 * Copyright (c) 2026 linux-amp developers
 */
#include "guest.h"
#include "channel.h"
#include "elf_edit.h"
#include "kmsg.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "harness.h"

#define ODD_NAME	"amp-odd.elf"
#define ODD_PATH	FIRMWARE_DIR "/" ODD_NAME
#define ODD_REGION	"frobnicator"
#define ODD_ADDRESS	0x3ee50000
/* What the firmware "trace" fills its carveout with: this, plus one for every word. */
#define ODD_PATTERN	0x414d5000

/**
 * struct flaw - a devicetree
 * @overlay: its name
 * @at_probe: the core is refused; else the echo firmware is, when it is started
 * @node: node that the log must name; NULL: nothing is wrong
 * @need: what the log must say of it
 * @program: firmware that can do without what is missing
 */
struct flaw {
	const char *overlay;
	bool at_probe;
	const char *node;
	const char *need;
	const char *program;
};

static const struct flaw flaws[] = {
	{ "bad-no-mailbox", false, "r5f@0", "mboxes", "noipc" },
	{ "bad-mailbox-disabled", false, "r5f@0", "mboxes", "noipc" },
	{ "bad-no-memory", false, "r5f@0", "vdev0vring0", "fault" },
	{ "bad-no-vring", false, "r5f@0", "vdev0vring1", "noipc" },
	{ "bad-no-buffer", false, "r5f@0", "vdev0buffer", "noipc" },
	{ "bad-small-vring", false, "vdev0vring0@3ed40000", "0x2000", "noipc" },
	{ "bad-small-buffer", false, "vdev0buffer@3ed48000", "0x10000", "noipc" },
	{ "bad-far-region", true, "far@840000000", "reach", NULL },
	{ "bad-tcm-shadow", true, "low@20000", "reach", NULL },
	{ "odd-region-name", false, NULL, NULL, "noipc" },
};

FIXTURE(board)
{
	const struct flaw *flaw;
	struct remote remotes[REMOTES_MAX];
	const struct remote *first, *second;
	int count;
	int kmsg;
};

FIXTURE_SETUP(board)
{
	const char *overlay = getenv("AMP_VARIANT");

	ASSERT_NE(NULL, overlay);
	for (size_t i = 0; i < ARRAY_SIZE(flaws); i++)
		if (!strcmp(overlay, flaws[i].overlay))
			self->flaw = &flaws[i];
	ASSERT_NE(NULL, self->flaw) TH_LOG("AMP_VARIANT=%s is not known here", overlay);

	self->kmsg = kmsg_open();
	ASSERT_LE(0, self->kmsg);
	self->count = remotes_find(self->remotes);
	ASSERT_EQ(self->flaw->at_probe ? 1 : 2, self->count);
	for (int i = 0; i < self->count; i++) {
		ASSERT_TRUE(remote_offline(&self->remotes[i]));
		if (self->remotes[i].core)
			self->second = &self->remotes[i];
		else
			self->first = &self->remotes[i];
	}
}

FIXTURE_TEARDOWN(board)
{
	unlink(ODD_PATH);
	for (int i = 0; i < self->count; i++)
		EXPECT_TRUE(remote_offline(&self->remotes[i]));
	kmsg_rewind(self->kmsg);
	EXPECT_EQ(0, kmsg_splats(self->kmsg));
	close(self->kmsg);
}

/* Takes what is logged. Return: number of error lines that name what is wrong. */
static int named_lines(int kmsg, const struct flaw *flaw)
{
	struct kmsg_line line;
	int count = 0;

	while (kmsg_next(kmsg, &line)) {
		if (line.level > KMSG_ERR || !strstr(line.text, flaw->node) ||
		    !strstr(line.text, flaw->need))
			continue;
		printf("# kernel: %s\n", line.text);
		count++;
	}
	return count;
}

static bool refused_at_probe(int kmsg, const struct flaw *flaw)
{
	kmsg_rewind(kmsg);
	return named_lines(kmsg, flaw) > 0;
}

TEST_F_TIMEOUT(board, names_what_is_wrong, TEST_GUARD_S)
{
	const struct remote *remote = self->first;

	if (self->flaw->at_probe) {
		EXPECT_TRUE(wait_until(refused_at_probe(self->kmsg, self->flaw)));
		EXPECT_EQ(NULL, remote);
		return;
	}

	if (!self->flaw->node) {
		ASSERT_EQ(0, remote_start(remote, remote->echo));
		EXPECT_EQ(0, echo_works(remote));
		return;
	}

	/* Twice: a refused start leaves nothing behind that changes the next. */
	for (int i = 0; i < 2; i++) {
		EXPECT_GT(0, remote_start(remote, remote->echo));
		EXPECT_TRUE(remote_is(remote, "offline"));
		EXPECT_EQ(1, named_lines(self->kmsg, self->flaw));
	}
}

TEST_F_TIMEOUT(board, firmware_that_needs_less, TEST_GUARD_S)
{
	const struct remote *remote = self->first;

	if (self->flaw->at_probe)
		SKIP(return, "the first core is refused with this devicetree");
	for (int i = 0; i < 2; i++) {
		ASSERT_EQ(0, remote_start(remote, firmware_of(remote, self->flaw->program)));
		EXPECT_TRUE(remote_is(remote, "running"));
		ASSERT_EQ(0, remote_set(remote, "state", "stop"));
	}
}

TEST_F_TIMEOUT(board, second_core, TEST_GUARD_S)
{
	ASSERT_NE(NULL, self->second);
	ASSERT_EQ(0, remote_start(self->second, self->second->echo));
	EXPECT_EQ(0, echo_works(self->second));
}

/* The firmware asks for memory by name and is told where it is. */
static int write_odd_firmware(const struct remote *remote)
{
	struct rsc_carveout *carveout;
	struct image fw;
	char path[128];
	int ret;

	snprintf(path, sizeof(path), FIRMWARE_DIR "/%s", firmware_of(remote, "trace"));
	if (!image_load(&fw, path))
		return -ENOENT;
	carveout = image_rsc(&fw, RSC_CARVEOUT);
	if (!carveout)
		return -ENODATA;

	snprintf(carveout->name, sizeof(carveout->name), ODD_REGION);
	ret = write_file(ODD_PATH, fw.data, fw.size);
	free(fw.data);
	return ret;
}

TEST_F_TIMEOUT(board, region_by_name, TEST_GUARD_S)
{
	const struct remote *remote = self->first;
	__u32 *memory;

	if (self->flaw->at_probe)
		SKIP(return, "the first core is refused with this devicetree");
	ASSERT_EQ(0, write_odd_firmware(remote));
	if (strcmp(self->flaw->overlay, "odd-region-name")) {
		static const struct flaw no_region = { .node = "r5f@0", .need = ODD_REGION };

		EXPECT_GT(0, remote_start(remote, ODD_NAME));
		EXPECT_EQ(1, named_lines(self->kmsg, &no_region));
		return;
	}

	ASSERT_EQ(0, remote_start(remote, ODD_NAME));
	EXPECT_TRUE(remote_says(remote, "filled"));
	EXPECT_EQ(0, channel_count(remote));
	memory = memory_map(ODD_ADDRESS, 4096);
	ASSERT_NE(NULL, memory);
	EXPECT_EQ(ODD_PATTERN, memory_read(&memory[0]));
	EXPECT_EQ(ODD_PATTERN + 1023, memory_read(&memory[1023]));
}

TEST_HARNESS_MAIN
