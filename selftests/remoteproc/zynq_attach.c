// SPDX-License-Identifier: GPL-2.0-only
/*
 * Attaching to a CPU1 that a boot loader has started, and leaving it again. This program plays the
 * boot loader: while the driver is not there it loads a firmware, writes the jump at 0 and takes
 * CPU1 out of reset, through /dev/mem. So Linux must have been booted with maxcpus=1, not have
 * memory at 0, and the devicetree must have a region for the table.
 *
 * Copyright (c) 2026 linux-amp developers
 */
#include "guest.h"
#include "channel.h"
#include "image.h"
#include "kmsg.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>

#include "harness.h"

#define CPU1_ONLINE	"/sys/devices/system/cpu/cpu1/online"

/* UG585, B.28 */
#define SLCR		0xf8000000
#define  SLCR_UNLOCK	(0x008 / 4)
#define   KEY		0xdf0d
#define  A9_CPU_RST	(0x244 / 4)
#define   CPU1_RST	(1u << 1)
#define   CPU1_CLKSTOP	(1u << 5)

#define TABLE		0x3e148000

FIXTURE(attach)
{
	struct remote remotes[REMOTES_MAX];
	const struct remote *remote;
	char program[40];
	__u32 *slcr, *table;
	int kmsg;
};

static bool unload(void)
{
	static const char *const argv[] = { "modprobe", "-r", "zynq_remoteproc", NULL };

	return !run(argv);
}

static void hold(__u32 *slcr)
{
	memory_write(&slcr[A9_CPU_RST], memory_read(&slcr[A9_CPU_RST]) | CPU1_RST | CPU1_CLKSTOP);
}

static bool runs(const __u32 *slcr)
{
	return !(memory_read(&slcr[A9_CPU_RST]) & (CPU1_RST | CPU1_CLKSTOP));
}

static bool boot(__u32 *slcr, const char *program)
{
	__u32 *zero = memory_map(0, 4096), entry;
	bool ok;

	if (!zero)
		return false;
	memory_write(&slcr[SLCR_UNLOCK], KEY);
	hold(slcr);
	ok = image_load(program, NULL, &entry);
	memory_write(&zero[0], 0xe51ff004);	/* ldr pc, [pc, #-4] */
	memory_write(&zero[1], entry);
	munmap(zero, 4096);
	memory_write(&slcr[A9_CPU_RST], memory_read(&slcr[A9_CPU_RST]) & ~CPU1_RST);
	memory_write(&slcr[A9_CPU_RST], memory_read(&slcr[A9_CPU_RST]) & ~CPU1_CLKSTOP);
	return ok;
}

static bool cpu1_is_offline(void)
{
	char text[8];

	return read_text(CPU1_ONLINE, text, sizeof(text)) > 0 && text[0] == '0';
}

FIXTURE_SETUP(attach)
{
	ASSERT_EQ(1, remotes_find(self->remotes));
	self->remote = &self->remotes[0];
	ASSERT_STREQ("a9", self->remote->unit);
	ASSERT_TRUE(remote_offline(self->remote));
	ASSERT_TRUE(cpu1_is_offline());
	snprintf(self->program, sizeof(self->program), "%s", firmware_of(self->remote, "attach"));
	self->kmsg = kmsg_open();
	ASSERT_LE(0, self->kmsg);
	self->slcr = memory_map(SLCR, 4096);
	ASSERT_NE(NULL, self->slcr);
	self->table = memory_map(TABLE, 4096);
	ASSERT_NE(NULL, self->table);

	ASSERT_TRUE(unload());
	ASSERT_TRUE(boot(self->slcr, self->program));
	ASSERT_EQ(1, remotes_find(self->remotes));
}

FIXTURE_TEARDOWN(attach)
{
	/* Only what is attached can be stopped. */
	if (remote_is(self->remote, "detached"))
		EXPECT_EQ(0, remote_set(self->remote, "state", "start"));
	EXPECT_TRUE(remote_offline(self->remote));
	EXPECT_FALSE(runs(self->slcr));
	EXPECT_EQ(0, remote_start(self->remote, self->remote->echo));
	EXPECT_EQ(0, echo_works(self->remote));
	EXPECT_TRUE(remote_offline(self->remote));
	EXPECT_TRUE(cpu1_is_offline());
	EXPECT_EQ(0, kmsg_splats(self->kmsg));
	munmap(self->table, 4096);
	munmap(self->slcr, 4096);
	close(self->kmsg);
}

TEST_F_TIMEOUT(attach, and_detach, TEST_GUARD_S)
{
	EXPECT_STREQ("detached", remote_attr(self->remote, "state"));
	for (int i = 0; i < 3; i++) {
		ASSERT_EQ(0, remote_set(self->remote, "state", "start"));
		EXPECT_STREQ("attached", remote_attr(self->remote, "state"));
		EXPECT_EQ(0, echo_works(self->remote));
		EXPECT_EQ(-EBUSY, write_text(CPU1_ONLINE, "1"));
		ASSERT_EQ(0, remote_set(self->remote, "state", "detach"));
		EXPECT_STREQ("detached", remote_attr(self->remote, "state"));
		EXPECT_TRUE(runs(self->slcr));
		EXPECT_EQ(-EBUSY, write_text(CPU1_ONLINE, "1"));
	}
}

/* CPU1 is Linux's afterwards, if Linux wants it. */
TEST_F_TIMEOUT(attach, and_stop, TEST_GUARD_S)
{
	ASSERT_EQ(0, remote_set(self->remote, "state", "start"));
	EXPECT_EQ(0, echo_works(self->remote));
	ASSERT_EQ(0, remote_set(self->remote, "state", "stop"));
	EXPECT_STREQ("offline", remote_attr(self->remote, "state"));
	EXPECT_FALSE(runs(self->slcr));
	EXPECT_EQ(0, write_text(CPU1_ONLINE, "1"));
	EXPECT_TRUE(runs(self->slcr));
	EXPECT_EQ(0, write_text(CPU1_ONLINE, "0"));
	EXPECT_FALSE(runs(self->slcr));
}

/*
 * Held in reset meanwhile, as the driver does itself if it rings without end. There is nothing to
 * attach to any more; that is said once, and then a file can be started.
 */
TEST_F_TIMEOUT(attach, not_to_what_has_been_held, TEST_GUARD_S)
{
	EXPECT_STREQ("detached", remote_attr(self->remote, "state"));
	hold(self->slcr);
	EXPECT_EQ(-EIO, remote_set(self->remote, "state", "start"));
	EXPECT_STREQ("offline", remote_attr(self->remote, "state"));
	EXPECT_EQ(0, write_text(CPU1_ONLINE, "1"));
	EXPECT_EQ(0, write_text(CPU1_ONLINE, "0"));
}

/* A driver that goes leaves behind what it did not start, and finds it again. */
TEST_F_TIMEOUT(attach, survives_the_driver, TEST_GUARD_S)
{
	for (int i = 0; i < 2; i++) {
		ASSERT_EQ(0, remote_set(self->remote, "state", "start"));
		EXPECT_EQ(0, echo_works(self->remote));
		ASSERT_TRUE(unload());
		EXPECT_TRUE(runs(self->slcr));
		ASSERT_EQ(1, remotes_find(self->remotes));
		EXPECT_STREQ("detached", remote_attr(self->remote, "state"));
	}
	ASSERT_EQ(0, remote_set(self->remote, "state", "start"));
	EXPECT_EQ(0, echo_works(self->remote));
}

/* It runs, but there is nothing to attach by: then it is what the boot ROM leaves there. */
TEST_F_TIMEOUT(attach, not_without_table, TEST_GUARD_S)
{
	__u32 version = memory_read(&self->table[0]);

	ASSERT_EQ(0, remote_set(self->remote, "state", "start"));
	ASSERT_TRUE(unload());
	memory_write(&self->table[0], version + 1);
	ASSERT_EQ(1, remotes_find(self->remotes));
	EXPECT_STREQ("offline", remote_attr(self->remote, "state"));
	ASSERT_EQ(0, remote_start(self->remote, self->remote->echo));
	EXPECT_EQ(0, echo_works(self->remote));
}

/*
 * Whatever is there, it is refused or withstood, and the core can be attached
 * to when it is right.
 */
TEST_F_TIMEOUT(attach, refuses_rubbish, TEST_GUARD_S)
{
	__u32 offset = memory_read(&self->table[4]);

	memory_write(&self->table[4], 0xfffffff0);
	EXPECT_GT(0, remote_set(self->remote, "state", "start"));
	EXPECT_STREQ("detached", remote_attr(self->remote, "state"));
	EXPECT_TRUE(runs(self->slcr));
	memory_write(&self->table[4], offset);
	ASSERT_EQ(0, remote_set(self->remote, "state", "start"));
	EXPECT_EQ(0, echo_works(self->remote));
}

TEST_HARNESS_MAIN
