// SPDX-License-Identifier: GPL-2.0-only
/*
 * Devicetree nodes that no hardware can be, or that ask for what they cannot have: each is refused
 * in one line that names its node and the reason, and does no harm to the good one beside it.
 * AMP_VARIANT names the overlay.
 *
 * Copyright (c) 2026 linux-amp developers
 */
#include "guest.h"
#include "channel.h"
#include "kmsg.h"

#include <stdlib.h>
#include <string.h>

#include "harness.h"

#define NODES_MAX	16

static const struct overlay {
	const char *name;
	int remotes;
	/* If not the usual echo, and where its channels are. */
	const char *program, *links;
	struct {
		const char *node, *reason;
	} refused[NODES_MAX];
} overlays[] = {
	{ "bad-clusters", 2, NULL, NULL, {
		{ "/bad-mode", "xlnx,cluster-mode 3 is not supported" },
		{ "/bad-single/r5f-0", "in single mode it has to be core 1" },
		{ "/bad-lockstep/r5f-1", "in lockstep mode it has to be core 0" },
		{ "/bad-tcm", "xlnx,tcm-mode 1 in split mode" },
		{ "/bad-twins/r5f-0", "the same core" },
		{ "/bad-empty", "no enabled core" },
		{ "/bad-vendor-mode", "xlnx,cluster-mode 2 is not supported" },
		{ "/bad-oldest-mode", "core_conf \"dual\" is not supported" },
		{ "/bad-registers@ff9a0100", "wants registers that belong to the firmware" },
	} },
	{ "zynq-bad-cpu1", 1, "echo-sgis", NULL, {
		{ "/sram-empty@fffc0000", "empty or wrapping reg" },
		{ "/sram-far@f0000000", "outside what the processor can reach" },
		{ "/sram-linux@10000000", "used by Linux" },
		{ "/sram-nowhere", "no reg" },
		{ "/bad-none", "no sram_0" },
		{ "/bad-doorbell-linux", "SGIs 0 to 7 are Linux's own" },
		{ "/bad-doorbell-large", "vring0 and vring1 are SGIs, which end at 15" },
		{ "/bad-doorbell-empty", "vring0 is no number" },
		{ "/bad-doorbell-short", "vring1 is no number" },
		{ "", "another device has CPU1" },
	} },
	{ "imx-bad-rpmsg", 1, "lite", "/bfff0000.rpmsg/", {
		{ "/bad-far", "rings at 0xe0000000 are out of reach of the remote" },
		{ "/bad-across", "rings at 0xdfff8000 are out of reach of the remote" },
		{ "/bad-buffers", "memory-region is out of reach of the remote" },
		{ "/bad-none", "vdev-nums 0 is not supported" },
		{ "/bad-many", "vdev-nums 9 is not supported" },
		{ "/bad-small", "no usable 64 KiB for vdev 0" },
		{ "/bad-overlap", "rings of vdevs 0 and 1 overlap" },
		{ "/bad-linux", "rings at 0x90000000 are used by Linux" },
		{ "/bad-names", "no tx mailbox" },
	} },
};

static const struct overlay *find_overlay(void)
{
	const char *name = getenv("AMP_VARIANT");

	for (size_t i = 0; name && i < ARRAY_SIZE(overlays); i++)
		if (!strcmp(name, overlays[i].name))
			return &overlays[i];
	return NULL;
}

static int lines(int kmsg, const char *node, const char *reason)
{
	struct kmsg_line line;
	int count = 0;

	kmsg_rewind(kmsg);
	while (kmsg_next(kmsg, &line))
		count += line.level <= KMSG_ERR && strstr(line.text, node) &&
			 strstr(line.text, reason);
	return count;
}

/* The good one works, beside all of them. */
static int try_remote(const struct overlay *overlay, struct remote *remote)
{
	const char *program = remote->echo;
	int ret;

	if (overlay->program)
		program = firmware_of(remote, overlay->program);
	if (overlay->links)
		snprintf(remote->links, sizeof(remote->links), "%s", overlay->links);
	ret = remote_start(remote, program);
	return ret ? ret : echo_works(remote);
}

TEST(each_is_refused_with_its_reason)
{
	const struct overlay *overlay = find_overlay();
	struct remote remotes[REMOTES_MAX];
	int kmsg = kmsg_open();
	int i;

	ASSERT_NE(NULL, overlay);
	ASSERT_LE(0, kmsg);
	for (i = 0; i < NODES_MAX && overlay->refused[i].node; i++)
		EXPECT_TRUE(wait_until(lines(kmsg, overlay->refused[i].node,
					     overlay->refused[i].reason) == 1))
			TH_LOG("%s: %s", overlay->refused[i].node, overlay->refused[i].reason);
	ASSERT_EQ(overlay->remotes, remotes_find(remotes));
	for (i = 0; i < overlay->remotes; i++) {
		EXPECT_EQ(0, try_remote(overlay, &remotes[i]));
		EXPECT_TRUE(remote_offline(&remotes[i]));
	}
	kmsg_rewind(kmsg);
	EXPECT_EQ(0, kmsg_splats(kmsg));
	close(kmsg);
}

TEST_HARNESS_MAIN
