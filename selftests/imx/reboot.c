// SPDX-License-Identifier: GPL-2.0-only
/*
 * The machine is reset while the M4 runs, and nobody stops it before. The reset holds the core,
 * with more bits set than Linux would write for that: the driver must not take it for one that
 * runs.
 *
 * Runs twice in one boot of QEMU; a word in the core's memory, which a reset does not clear, tells
 * which time it is. The first time reports nothing.
 *
 * Copyright (c) 2026 linux-amp developers
 */
#include "guest.h"
#include "channel.h"
#include "kmsg.h"
#include "remote.h"

#include <string.h>
#include <sys/mman.h>

#include "harness.h"

/* In the carveout, behind the programs and before the counter. */
#define NOTE_PAGE	0x9fe3e000
#define NOTE_MAGIC	0x7e5e7700

FIXTURE(reboot)
{
	struct remote remotes[REMOTES_MAX];
	const struct remote *remote;
	__u32 *note, *counter;
	int kmsg;
};

FIXTURE_SETUP(reboot)
{
	__u32 address;
	__u8 *page;

	ASSERT_EQ(1, remotes_find(self->remotes));
	self->remote = &self->remotes[0];
	self->kmsg = kmsg_open();
	ASSERT_LE(0, self->kmsg);
	self->note = memory_map(NOTE_PAGE, 4096);
	ASSERT_NE(NULL, self->note);
	address = firmware_symbol(firmware_of(self->remote, "noipc"), "noipc_counter");
	page = memory_map(address & ~4095u, 4096);
	ASSERT_NE(NULL, page);
	self->counter = (__u32 *)(page + (address & 4095));
}

FIXTURE_TEARDOWN(reboot)
{
	EXPECT_TRUE(remote_offline(self->remote));
	EXPECT_EQ(0, kmsg_splats(self->kmsg));
	close(self->kmsg);
}

static void reset_while_it_runs(struct __test_metadata *_metadata, const struct remote *remote,
				__u32 *note, const __u32 *counter)
{
	__u32 value;

	ASSERT_EQ(0, remote_start(remote, firmware_of(remote, "noipc")));
	value = memory_read(counter);
	ASSERT_TRUE(wait_until(memory_read(counter) - value > 10));
	memory_write(note, NOTE_MAGIC);
	/* At once, without telling drivers: as a watchdog does it. */
	ASSERT_EQ(0, write_text("/proc/sysrq-trigger", "b"));
	for (;;)
		pause();
}

TEST_F_TIMEOUT(reboot, while_it_runs, TEST_GUARD_S)
{
	__u32 value;

	if (memory_read(self->note) != NOTE_MAGIC)
		reset_while_it_runs(_metadata, self->remote, self->note, self->counter);
	memory_write(self->note, 0);

	EXPECT_STREQ("offline", remote_attr(self->remote, "state"));
	value = memory_read(self->counter);
	EXPECT_LT(10, value);
	/* Some hundred counts of a running core; if fewer, this test is only lenient. */
	usleep(200000);
	EXPECT_EQ(value, memory_read(self->counter));
	ASSERT_EQ(0, remote_start(self->remote, self->remote->echo));
	EXPECT_EQ(0, echo_works(self->remote));
}

TEST_HARNESS_MAIN
