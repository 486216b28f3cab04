// SPDX-License-Identifier: GPL-2.0-only
/*
 * The machine is reset while remotes run: once behind the drivers' backs, as by a watchdog, and
 * once as reboot(8) does it. Whatever the reset leaves in the registers of the cores, a driver must
 * not take one of them for one that runs.
 *
 * Runs three times in one boot of QEMU; a word in the memory of the first core, which a reset does
 * not clear, tells which time it is. All but the last report nothing, but that they failed.
 *
 * Copyright (c) 2026 linux-amp developers
 */
#include "guest.h"
#include "channel.h"
#include "kmsg.h"
#include "remote.h"

#include <string.h>
#include <sys/mman.h>
#include <sys/reboot.h>

#include "harness.h"

/* At the end of the page that belongs to the counter. */
#define NOTE_OFFSET	0xff0
#define NOTE_MAGIC	0x7e5e7700

enum {
	NOTHING_YET,
	WATCHDOG,
	ORDERLY,
};

FIXTURE(reset)
{
	struct remote remotes[REMOTES_MAX];
	__u32 *counters[REMOTES_MAX], *note;
	int count, kmsg, done;
};

static __u8 *counter_page(const struct remote *remote, __u32 *offset)
{
	__u32 address = firmware_symbol(firmware_of(remote, "noipc"), "noipc_counter");

	*offset = address & 4095;
	return memory_map(address & ~4095u, 4096);
}

FIXTURE_SETUP(reset)
{
	__u32 value, offset;
	__u8 *page;

	self->count = remotes_find(self->remotes);
	ASSERT_LT(0, self->count);
	self->kmsg = kmsg_open();
	ASSERT_LE(0, self->kmsg);
	for (int i = self->count - 1; i >= 0; i--) {
		page = counter_page(&self->remotes[i], &offset);
		ASSERT_NE(NULL, page);
		self->counters[i] = (__u32 *)(page + offset);
		self->note = (__u32 *)(page + NOTE_OFFSET);
	}
	/* After power-on there is anything. */
	value = memory_read(self->note) - NOTE_MAGIC;
	self->done = value == WATCHDOG || value == ORDERLY ? (int)value : NOTHING_YET;
}

FIXTURE_TEARDOWN(reset)
{
	for (int i = 0; i < self->count; i++)
		EXPECT_TRUE(remote_offline(&self->remotes[i]));
	EXPECT_EQ(0, kmsg_splats(self->kmsg));
	close(self->kmsg);
}

static void all_count(struct __test_metadata *_metadata, struct _test_data_reset *self)
{
	const struct remote *remote;
	__u32 value;

	for (int i = 0; i < self->count; i++) {
		remote = &self->remotes[i];
		ASSERT_EQ(0, remote_start(remote, firmware_of(remote, "noipc")));
		value = memory_read(self->counters[i]);
		ASSERT_TRUE(wait_until(memory_read(self->counters[i]) - value > 10));
	}
}

static void nobody_runs(struct __test_metadata *_metadata, struct _test_data_reset *self)
{
	__u32 values[REMOTES_MAX];

	for (int i = 0; i < self->count; i++) {
		ASSERT_STREQ("offline", remote_attr(&self->remotes[i], "state"));
		values[i] = memory_read(self->counters[i]);
		/* It was that one, and its memory has survived. */
		ASSERT_LT(10, values[i]);
	}
	/* Some hundred counts of a running core; if fewer, this test is only lenient. */
	usleep(200000);
	for (int i = 0; i < self->count; i++)
		ASSERT_EQ(values[i], memory_read(self->counters[i]));
}

/* No return. */
static void reset(struct __test_metadata *_metadata, __u32 *note, int how)
{
	memory_write(note, NOTE_MAGIC + how);
	ASSERT_EQ(0, how == WATCHDOG ? write_text("/proc/sysrq-trigger", "b") :
				       reboot(RB_AUTOBOOT));
	for (;;)
		pause();
}

TEST_F_TIMEOUT(reset, while_they_run, TEST_GUARD_S)
{
	if (self->done != NOTHING_YET)
		nobody_runs(_metadata, self);
	if (self->done != ORDERLY) {
		all_count(_metadata, self);
		reset(_metadata, self->note, self->done + 1);
	}
	memory_write(self->note, 0);
	for (int i = 0; i < self->count; i++)
		ASSERT_EQ(0, remote_start(&self->remotes[i], self->remotes[i].echo));
	for (int i = 0; i < self->count; i++)
		EXPECT_EQ(0, echo_works(&self->remotes[i]));
}

TEST_HARNESS_MAIN
