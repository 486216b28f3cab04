// SPDX-License-Identifier: GPL-2.0-only
/*
 * Linux makes room for another Linux without a reset of the machine. A core that a boot loader has
 * started runs on, and the next kernel attaches to it; one that Linux has started is stopped, since
 * the next kernel could not know of it.
 *
 * Runs twice in one boot of QEMU; the command line tells which time it is. The first time reports
 * nothing, but that it failed.
 *
 * Copyright (c) 2026 linux-amp developers
 */
#include "guest.h"
#include "channel.h"
#include "kmsg.h"
#include "remote.h"

#include <string.h>

#include "harness.h"

#define AGAIN	" amp.again"
#define IMAGE	"/boot/Image"
#define INITRD	"/tmp/initrd"

FIXTURE(kexec)
{
	struct remote remotes[REMOTES_MAX];
	char cmdline[2048];
	int kmsg;
};

FIXTURE_SETUP(kexec)
{
	ASSERT_EQ(2, remotes_find(self->remotes));
	self->kmsg = kmsg_open();
	ASSERT_LE(0, self->kmsg);
	ASSERT_LT(0, read_text("/proc/cmdline", self->cmdline, sizeof(self->cmdline)));
}

FIXTURE_TEARDOWN(kexec)
{
	EXPECT_EQ(0, kmsg_splats(self->kmsg));
	close(self->kmsg);
}

/* What this root file system was unpacked from is not in it; but all of its files are. */
static int pack_initrd(void)
{
	static const char *const pack[] = {
		"sh", "-c",
		"cd / && find . -xdev ! -path ." IMAGE " | cpio -o -H newc > " INITRD, NULL
	};

	return run(pack);
}

static int load_kernel(const char *cmdline)
{
	char append[2200];
	const char *const load[] = { "kexec", "-l", IMAGE, "--initrd=" INITRD, append, NULL };

	snprintf(append, sizeof(append), "--command-line=%s" AGAIN, cmdline);
	return run(load);
}

static void next_kernel(struct __test_metadata *_metadata, struct _test_data_kexec *self)
{
	static const char *const execute[] = { "kexec", "-e", NULL };

	ASSERT_STREQ("detached", remote_attr(&self->remotes[0], "state"));
	ASSERT_EQ(0, remote_set(&self->remotes[0], "state", "start"));
	ASSERT_EQ(0, remote_start(&self->remotes[1], self->remotes[1].echo));
	for (int i = 0; i < 2; i++)
		ASSERT_EQ(0, echo_works(&self->remotes[i]));
	ASSERT_EQ(0, pack_initrd());
	ASSERT_EQ(0, load_kernel(self->cmdline));
	/* Both are in use to the end. */
	ASSERT_EQ(0, run(execute));
	for (;;)
		pause();
}

TEST_F_TIMEOUT(kexec, leaves_and_stops, TEST_GUARD_S)
{
	const struct remote *left = &self->remotes[0], *stopped = &self->remotes[1];

	if (!strstr(self->cmdline, AGAIN))
		next_kernel(_metadata, self);
	EXPECT_STREQ("detached", remote_attr(left, "state"));
	EXPECT_STREQ("offline", remote_attr(stopped, "state"));
	ASSERT_EQ(0, remote_set(left, "state", "start"));
	EXPECT_STREQ("attached", remote_attr(left, "state"));
	EXPECT_EQ(0, echo_works(left));
	ASSERT_EQ(0, remote_start(stopped, stopped->echo));
	EXPECT_EQ(0, echo_works(stopped));
	EXPECT_EQ(0, echo_works(left));
	for (int i = 0; i < 2; i++)
		EXPECT_TRUE(remote_offline(&self->remotes[i]));
}

TEST_HARNESS_MAIN
