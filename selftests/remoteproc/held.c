// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a core's node names besides memory and doorbells: a clock, a reset, a supply, a pin
 * and the interrupt of its watchdog, on the ZynqMP board whose devicetree has all of them
 * (held.dtso).
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

#define PINS		"/sys/kernel/debug/pinctrl/pinctrl-handles"

/* Registers of the interrupt distributor, a bit for each interrupt: enabled, and pending */
#define GICD		0xf9010000
#define GICD_ISENABLER	(0x100 / 4)
#define GICD_ISPENDR	(0x200 / 4)
#define WATCHDOG	(32 + 110)

/* The first counter of a timer, UG1087: module TTC */
#define TTC3		0xff140000
#define CLOCK_CONTROL	(0x00 / 4)
#define COUNTER_CONTROL	(0x0c / 4)
#define  COUNTER_INT	(1u << 1)
#define  COUNTER_OFF	(1u << 0)
#define INTERVAL	(0x24 / 4)
#define INTERRUPT	(0x54 / 4)	/* cleared when it is read */
#define INTERRUPT_EN	(0x60 / 4)
#define  INTERRUPT_IV	(1u << 0)
#define LINE		" ffe90000.r5f"
#define LINE_SPI	(32 + 45)

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

/* Return: how many use the supply of core 0, -1 if there is none of that name. */
static int supply_users(void)
{
	char path[64], text[32];

	for (int i = 0; i < 16; i++) {
		snprintf(path, sizeof(path), "/sys/class/regulator/regulator.%d/name", i);
		if (read_text(path, text, sizeof(text)) <= 0 || strcmp(text, "rpu0"))
			continue;
		snprintf(path, sizeof(path), "/sys/class/regulator/regulator.%d/num_users", i);
		return read_text(path, text, sizeof(text)) > 0 ? atoi(text) : -1;
	}
	return -1;
}

TEST_F_TIMEOUT(held, supply, TEST_GUARD_S)
{
	int rest;

	if (access("/sys/class/regulator", F_OK))
		SKIP(return, "this kernel has no regulators");
	/* One that cannot be switched counts as its own user. */
	rest = supply_users();
	ASSERT_LE(0, rest);
	for (int i = 0; i < 3; i++) {
		ASSERT_EQ(0, remote_start(self->remote, self->remote->echo));
		EXPECT_EQ(rest + 1, supply_users());
		EXPECT_EQ(0, echo_works(self->remote));
		ASSERT_EQ(0, remote_set(self->remote, "state", "stop"));
		EXPECT_EQ(rest, supply_users());
	}
	EXPECT_EQ(-ENOENT, remote_start(self->remote, "there-is-none.elf"));
	EXPECT_EQ(rest, supply_users());
}

/* Return: the pins of core 0 are in this state. */
static bool pins_are(const char *state)
{
	size_t size;
	char *text = read_file(PINS, &size);
	char *core = text ? strstr(text, "device: ffe00000.r5f ") : NULL;
	char *now = core ? strstr(core, "current state: ") : NULL;
	bool are = now && !strncmp(now + 15, state, strlen(state));

	free(text);
	return are;
}

TEST_F_TIMEOUT(held, pins, TEST_GUARD_S)
{
	/* Nobody has touched them before the first start. */
	for (int i = 0; i < 3; i++) {
		ASSERT_EQ(0, remote_start(self->remote, self->remote->echo));
		EXPECT_TRUE(pins_are("default"));
		ASSERT_EQ(0, remote_set(self->remote, "state", "stop"));
		EXPECT_TRUE(pins_are("sleep"));
	}
	EXPECT_EQ(-ENOENT, remote_start(self->remote, "there-is-none.elf"));
	EXPECT_TRUE(pins_are("sleep"));
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
		int fd;

		/* Nobody listens to that of a core that is off, nor is it of the next start. */
		ASSERT_TRUE(bite());
		ASSERT_EQ(0, remote_start(self->remote, self->remote->echo));
		EXPECT_EQ(0, echo_works(self->remote));
		EXPECT_FALSE(kmsg_count(self->kmsg, "crash:"));
		fd = rpmsg_open(self->remote, RAW_CHANNEL, 0);
		ASSERT_LE(0, fd);
		ASSERT_TRUE(bite());
		EXPECT_TRUE(wait_until(kmsg_count(self->kmsg, "crash: watchdog interrupt")));
		EXPECT_TRUE(back_again(self->remote, fd));
		close(fd);
		EXPECT_EQ(1, users());
		ASSERT_EQ(0, remote_set(self->remote, "state", "stop"));
		EXPECT_EQ(0, users());
		kmsg_count(self->kmsg, "");
	}
}

/* The line goes up, and nothing but hold_line(false) takes it down. */
static bool hold_line(bool up)
{
	__u32 *ttc = memory_map(TTC3, 4096);

	if (!ttc)
		return false;
	memory_write(&ttc[CLOCK_CONTROL], 0);
	memory_write(&ttc[INTERVAL], 16);
	memory_write(&ttc[COUNTER_CONTROL], up ? COUNTER_INT : COUNTER_OFF);
	memory_write(&ttc[INTERRUPT_EN], up ? INTERRUPT_IV : 0);
	if (!up)
		memory_read(&ttc[INTERRUPT]);
	munmap(ttc, 4096);
	return true;
}

/* Return: how often the line has interrupted Linux, on any CPU. */
static long interrupts(void)
{
	size_t size;
	char *text = read_file("/proc/interrupts", &size);
	char *line = text ? strstr(text, LINE) : NULL, *at;
	long count, sum = 0;
	int len;

	while (line && line > text && line[-1] != '\n')
		line--;
	/* "45:  0  1  0  0  GICv2 ... ffe90000.r5f": a number for each CPU. */
	for (at = line ? strchr(line, ':') + 1 : NULL; at; at += len) {
		if (sscanf(at, "%ld%n", &count, &len) != 1)
			break;
		sum += count;
	}
	free(text);
	return line ? sum : -1;
}

static bool is_listened_to(void)
{
	__u32 *gic = memory_map(GICD, 4096);
	bool enabled;

	if (!gic)
		return false;
	enabled = memory_read(&gic[GICD_ISENABLER + LINE_SPI / 32]) & (1u << LINE_SPI % 32);
	munmap(gic, 4096);
	return enabled;
}

/*
 * Recovery starts the core again, and the line is still what it was. It is heard of once, takes no
 * CPU for itself, and is heard again when it has been down.
 */
TEST_F_TIMEOUT(held, watchdog_holds_its_line, TEST_GUARD_S)
{
	const struct remote *remote = &self->remotes[1];
	long before;
	int fd;

	ASSERT_EQ(1, remote->core);
	ASSERT_TRUE(remote_offline(remote));
	ASSERT_EQ(0, remote_set(remote, "recovery", "enabled"));
	ASSERT_TRUE(hold_line(false));
	ASSERT_EQ(0, remote_start(remote, remote->echo));
	EXPECT_EQ(0, echo_works(remote));
	for (int i = 0; i < 2; i++) {
		fd = rpmsg_open(remote, RAW_CHANNEL, 0);
		ASSERT_LE(0, fd);
		before = interrupts();
		ASSERT_LE(0, before);
		/* When it has been down for a while, the second time. */
		ASSERT_TRUE(wait_until(is_listened_to()));
		ASSERT_TRUE(hold_line(true));
		EXPECT_TRUE(wait_until(kmsg_count(self->kmsg, "crash: watchdog interrupt")));
		EXPECT_TRUE(back_again(remote, fd));
		close(fd);
		for (int n = 0; n < 20; n++)
			EXPECT_EQ(0, echo_works(remote));
		EXPECT_FALSE(kmsg_count(self->kmsg, "crash:"));
		EXPECT_EQ(before + 1, interrupts());
		ASSERT_TRUE(hold_line(false));
	}
	EXPECT_TRUE(remote_offline(remote));
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
