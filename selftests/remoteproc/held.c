// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a core's node names besides memory and doorbells: a clock, a reset and the interrupt of its
 * watchdog, on the ZynqMP board whose devicetree has all of them (held.dtso).
 *
 * Copyright (c) 2026 linux-amp developers
 */
#include "guest.h"
#include "channel.h"
#include "kmsg.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "harness.h"

#define CLOCK_USERS	"/sys/kernel/debug/clk/pl3_ref/clk_prepare_count"

/* Set-pending registers of the interrupt distributor */
#define GICD		0xf9010000
#define GICD_ISPENDR	(0x200 / 4)
#define WATCHDOG	(32 + 110)

FIXTURE(held)
{
	struct remote remotes[REMOTES_MAX];
	const struct remote *remote;
	int kmsg;
};

FIXTURE_SETUP(held)
{
	ASSERT_LT(0, remotes_find(self->remotes));
	self->remote = &self->remotes[0];
	ASSERT_TRUE(remote_offline(self->remote));
	ASSERT_EQ(0, remote_set(self->remote, "recovery", "enabled"));
	self->kmsg = kmsg_open();
	ASSERT_LE(0, self->kmsg);
}

FIXTURE_TEARDOWN(held)
{
	EXPECT_TRUE(remote_offline(self->remote));
	EXPECT_EQ(0, kmsg_splats(self->kmsg));
	close(self->kmsg);
}

static int users(void)
{
	char text[16];

	return read_text(CLOCK_USERS, text, sizeof(text)) > 0 ? atoi(text) : -1;
}

TEST_F_TIMEOUT(held, from_start_to_stop, TEST_GUARD_S)
{
	for (int i = 0; i < 3; i++) {
		EXPECT_EQ(0, users());
		ASSERT_EQ(0, remote_start(self->remote, self->remote->echo));
		EXPECT_EQ(1, users());
		EXPECT_EQ(0, echo_works(self->remote));
		ASSERT_EQ(0, remote_set(self->remote, "state", "stop"));
		EXPECT_EQ(0, users());
	}
	/* A start that fails gives up what it had. */
	EXPECT_EQ(-ENOENT, remote_start(self->remote, "there-is-none.elf"));
	EXPECT_EQ(0, users());
}

/* Takes what is logged. Return: true if a line has the word. */
static bool said(int kmsg, const char *word)
{
	struct kmsg_line line;
	bool found = false;

	while (kmsg_next(kmsg, &line))
		found |= !!strstr(line.text, word);
	return found;
}

static bool bite(void)
{
	__u32 *gic = memory_map(GICD, 4096);

	if (!gic)
		return false;
	memory_write(&gic[GICD_ISPENDR + WATCHDOG / 32], 1u << WATCHDOG % 32);
	munmap(gic, 4096);
	return true;
}

TEST_F_TIMEOUT(held, watchdog_bites, TEST_GUARD_S)
{
	for (int i = 0; i < 2; i++) {
		/* Nobody listens to that of a core that is off, nor is it of the next start. */
		ASSERT_TRUE(bite());
		ASSERT_EQ(0, remote_start(self->remote, self->remote->echo));
		EXPECT_EQ(0, echo_works(self->remote));
		EXPECT_FALSE(said(self->kmsg, "crash:"));
		ASSERT_TRUE(bite());
		EXPECT_TRUE(wait_until(said(self->kmsg, "crash: watchdog interrupt")));
		EXPECT_TRUE(wait_until(remote_is(self->remote, "running") &&
				       !echo_works(self->remote)));
		EXPECT_EQ(1, users());
		ASSERT_EQ(0, remote_set(self->remote, "state", "stop"));
		EXPECT_EQ(0, users());
		said(self->kmsg, "");
	}
}

/* As the vendor's kernels call it. */
TEST_F_TIMEOUT(held, driver_has_another_name, TEST_GUARD_S)
{
	static const char *const unload[] = { "modprobe", "-r", "xlnx_r5_remoteproc", NULL };
	static const char *const load[] = { "modprobe", "zynqmp_r5_remoteproc", NULL };

	ASSERT_EQ(0, run(unload));
	EXPECT_EQ(0, users());
	ASSERT_EQ(0, run(load));
	EXPECT_EQ(0, access("/sys/module/xlnx_r5_remoteproc", F_OK));
	ASSERT_LT(0, remotes_find(self->remotes));
}

TEST_HARNESS_MAIN
