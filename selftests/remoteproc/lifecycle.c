// SPDX-License-Identifier: GPL-2.0-only
/*
 * The life of a remote processor with good firmware: start, run, stop, start again; one core or
 * two; with and without messages; code in tightly coupled memory and in DDR.
 *
 * Copyright (c) 2026 linux-amp developers
 */
#include "guest.h"
#include "channel.h"
#include "kmsg.h"

#include <errno.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>

#include "harness.h"

FIXTURE(life)
{
	struct remote remotes[REMOTES_MAX];
	const struct remote *remote;
	int count;
	int kmsg;
};

FIXTURE_SETUP(life)
{
	self->count = remotes_find(self->remotes);
	ASSERT_LT(0, self->count);
	self->remote = &self->remotes[0];
	for (int i = 0; i < self->count; i++)
		ASSERT_TRUE(remote_offline(&self->remotes[i]));
	self->kmsg = kmsg_open();
	ASSERT_LE(0, self->kmsg);
}

FIXTURE_TEARDOWN(life)
{
	for (int i = 0; i < self->count; i++)
		EXPECT_TRUE(remote_offline(&self->remotes[i]));
	EXPECT_EQ(0, kmsg_splats(self->kmsg));
	close(self->kmsg);
}

/* Nobody asked for a start yet, so this one comes before the fixture, which stops what runs. */
TEST(offline_until_started)
{
	struct remote remotes[REMOTES_MAX];
	int count = remotes_find(remotes);
	const char *cores = getenv("AMP_CORES");

	ASSERT_LT(0, count);
	if (cores)
		EXPECT_EQ(atoi(cores), count);
	for (int i = 0; i < count; i++) {
		EXPECT_STREQ("offline", remote_attr(&remotes[i], "state"));
		EXPECT_EQ(i, remotes[i].core);
	}
}

/* Programs look remotes up by this name, so it must tell them apart. */
TEST_F_TIMEOUT(life, names_are_unique, TEST_GUARD_S)
{
	char first[128];

	snprintf(first, sizeof(first), "%s", remote_attr(self->remote, "name"));
	EXPECT_NE('\0', first[0]);
	if (self->count > 1)
		EXPECT_STRNE(first, remote_attr(&self->remotes[1], "name"));
}

/* Kernel drivers look a remote up by its node and hold on to the driver of that node's device. */
TEST_F_TIMEOUT(life, device_has_a_driver, TEST_GUARD_S)
{
	char path[128];

	for (int i = 0; i < self->count; i++) {
		snprintf(path, sizeof(path), "%s/device/driver", self->remotes[i].sysfs);
		EXPECT_EQ(0, access(path, F_OK));
	}
}

TEST_F_TIMEOUT(life, start_stop_restart, TEST_GUARD_S)
{
	for (int i = 0; i < 3; i++) {
		ASSERT_EQ(0, remote_start(self->remote, self->remote->echo));
		EXPECT_STREQ("running", remote_attr(self->remote, "state"));
		EXPECT_STREQ(self->remote->echo, remote_attr(self->remote, "firmware"));
		EXPECT_EQ(0, echo_works(self->remote));
		ASSERT_EQ(0, remote_set(self->remote, "state", "stop"));
		EXPECT_STREQ("offline", remote_attr(self->remote, "state"));
		EXPECT_EQ(0, channel_count(self->remote));
	}
}

/* Newer kernels refuse a second start, older ones count it and want a second stop. */
TEST_F_TIMEOUT(life, second_start, TEST_GUARD_S)
{
	int ret;

	ASSERT_EQ(0, remote_start(self->remote, self->remote->echo));
	ASSERT_EQ(0, echo_works(self->remote));
	ret = remote_set(self->remote, "state", "start");
	EXPECT_TRUE(ret == -EBUSY || !ret) TH_LOG("second start: %d", ret);
	EXPECT_STREQ("running", remote_attr(self->remote, "state"));
	EXPECT_EQ(0, echo_works(self->remote));
	if (!ret) {
		EXPECT_EQ(0, remote_set(self->remote, "state", "stop"));
		EXPECT_EQ(0, echo_works(self->remote));
	}
	EXPECT_EQ(0, remote_set(self->remote, "state", "stop"));
	EXPECT_STREQ("offline", remote_attr(self->remote, "state"));
}

TEST_F_TIMEOUT(life, refused_requests, TEST_GUARD_S)
{
	EXPECT_EQ(-EINVAL, remote_set(self->remote, "state", "stop"));
	EXPECT_EQ(-EINVAL, remote_set(self->remote, "state", "dance"));
	EXPECT_STREQ("offline", remote_attr(self->remote, "state"));

	ASSERT_EQ(0, remote_start(self->remote, self->remote->echo));
	EXPECT_EQ(-EBUSY, remote_set(self->remote, "firmware", "amp-other.elf"));
	EXPECT_STREQ(self->remote->echo, remote_attr(self->remote, "firmware"));
	EXPECT_GT(0, remote_set(self->remote, "state", "detach"));
	EXPECT_STREQ("running", remote_attr(self->remote, "state"));
	EXPECT_EQ(0, echo_works(self->remote));
}

TEST_F_TIMEOUT(life, trace_buffer, TEST_GUARD_S)
{
	for (int i = 0; i < self->count; i++) {
		const struct remote *remote = &self->remotes[i];
		char line[64];

		/* Each core's own: the first line carries the name of the firmware. */
		snprintf(line, sizeof(line), "amp-echo-%s:", remote->unit);
		ASSERT_EQ(0, remote_start(remote, remote->echo));
		EXPECT_TRUE(remote_says(remote, line));
	}
}

/* Start-up code in tightly coupled memory, the rest in the firmware carveout. */
TEST_F_TIMEOUT(life, code_in_ddr, TEST_GUARD_S)
{
	/* That of an A9 has the start-up code in on-chip memory. */
	if (!strcmp(self->remote->unit, "a9") && !remote_has_sram(self->remote))
		SKIP(return, "the devicetree gives this core no on-chip memory");

	for (int i = 0; i < self->count; i++) {
		const struct remote *remote = &self->remotes[i];

		for (int round = 0; round < 2; round++) {
			ASSERT_EQ(0, remote_start(remote, firmware_of(remote, "echo-ddr")));
			EXPECT_EQ(0, echo_works(remote));
			ASSERT_EQ(0, remote_set(remote, "state", "stop"));
			ASSERT_EQ(0, remote_start(remote, remote->echo));
			EXPECT_EQ(0, echo_works(remote));
			ASSERT_EQ(0, remote_set(remote, "state", "stop"));
		}
	}
}

/*
 * Nothing in tightly coupled memory, where a core begins: the driver leads it
 * to the entry point.
 */
TEST_F_TIMEOUT(life, all_in_ddr, TEST_GUARD_S)
{
	if (strncmp(self->remote->unit, "r5", 2))
		SKIP(return, "other processors are told where to begin");
	if (!remote_thread(self->remote))
		SKIP(return, "this driver starts what is at the reset vector, nothing else");
	for (int i = 0; i < self->count; i++) {
		const struct remote *remote = &self->remotes[i];

		for (int round = 0; round < 2; round++) {
			ASSERT_EQ(0, remote_start(remote, firmware_of(remote, "echo-all-ddr")));
			EXPECT_EQ(0, echo_works(remote));
			ASSERT_EQ(0, remote_set(remote, "state", "stop"));
		}
	}
}

/* Maps the word that the firmware without resource table keeps counting in. */
static __u32 *counter_of(const struct remote *remote)
{
	__u32 address = firmware_symbol(firmware_of(remote, "noipc"), "noipc_counter");
	__u8 *page;

	if (!address)
		return NULL;
	page = memory_map(address & ~4095u, 4096);
	return page ? (__u32 *)(page + (address & 4095)) : NULL;
}

TEST_F_TIMEOUT(life, without_resource_table, TEST_GUARD_S)
{
	__u32 *counter = counter_of(self->remote);
	__u32 value;

	ASSERT_NE(NULL, counter);
	for (int i = 0; i < 3; i++) {
		ASSERT_EQ(0, remote_start(self->remote, firmware_of(self->remote, "noipc")));
		EXPECT_STREQ("running", remote_attr(self->remote, "state"));
		value = memory_read(counter);
		EXPECT_TRUE(wait_until(memory_read(counter) != value));
		EXPECT_EQ(0, channel_count(self->remote));

		ASSERT_EQ(0, remote_set(self->remote, "state", "stop"));
		value = memory_read(counter);
		/* Some hundred counts of a running core; if fewer, this test is only lenient. */
		usleep(200000);
		EXPECT_EQ(value, memory_read(counter));
	}

	ASSERT_EQ(0, remote_start(self->remote, self->remote->echo));
	EXPECT_EQ(0, echo_works(self->remote));
}

/* A table with a trace buffer and a carveout, whose place Linux tells the firmware. */
TEST_F_TIMEOUT(life, table_without_vdev, TEST_GUARD_S)
{
	ASSERT_EQ(0, remote_start(self->remote, firmware_of(self->remote, "trace")));
	EXPECT_STREQ("running", remote_attr(self->remote, "state"));
	EXPECT_TRUE(remote_says(self->remote, "filled"));
	EXPECT_EQ(0, channel_count(self->remote));
}

/* Takes what is logged. Return: number of lines that mention an entry of a resource table. */
static int entries_mentioned(int kmsg)
{
	struct kmsg_line line;
	int count = 0;

	while (kmsg_next(kmsg, &line))
		count += !!strstr(line.text, ": resource ");
	return count;
}

/*
 * The tables of OpenAMP's examples have entries that the core knows nothing of: shared memory and a
 * checksum. Each start mentions each of them in one line.
 */
TEST_F_TIMEOUT(life, table_of_openamp, TEST_GUARD_S)
{
	for (int i = 0; i < 2; i++) {
		ASSERT_EQ(0, remote_start(self->remote, firmware_of(self->remote, "echo-openamp")));
		EXPECT_EQ(0, echo_works(self->remote));
		EXPECT_EQ(2, entries_mentioned(self->kmsg));
		ASSERT_TRUE(remote_offline(self->remote));
	}
}

/* A core that crashed by itself can be stopped and works again. */
TEST_F_TIMEOUT(life, firmware_faults, TEST_GUARD_S)
{
	for (int i = 0; i < 2; i++) {
		ASSERT_EQ(0, remote_start(self->remote, firmware_of(self->remote, "fault")));
		EXPECT_TRUE(remote_says(self->remote, "FAULT:"));
		ASSERT_EQ(0, remote_set(self->remote, "state", "stop"));
		EXPECT_STREQ("offline", remote_attr(self->remote, "state"));
	}

	ASSERT_EQ(0, remote_start(self->remote, self->remote->echo));
	EXPECT_EQ(0, echo_works(self->remote));
}

static int only_cpu(pid_t pid)
{
	cpu_set_t cpus;
	int cpu = 0;

	if (sched_getaffinity(pid, sizeof(cpus), &cpus) || CPU_COUNT(&cpus) != 1)
		return -1;
	while (!CPU_ISSET(cpu, &cpus))
		cpu++;
	return cpu;
}

/* What chrt and taskset do. It stays, because the thread does. */
TEST_F_TIMEOUT(life, thread_settings, TEST_GUARD_S)
{
	const struct sched_param priority = { .sched_priority = 42 }, none = { 0 };
	/* The one that no remote takes. */
	const int cpu = 0;
	pid_t pid = remote_thread(self->remote);
	struct sched_param now;
	cpu_set_t cpus, before;

	if (!pid)
		SKIP(return, "this driver has no thread for a remote");
	CPU_ZERO(&cpus);
	CPU_SET(cpu, &cpus);
	ASSERT_EQ(0, sched_getaffinity(pid, sizeof(before), &before));
	ASSERT_EQ(0, sched_setaffinity(pid, sizeof(cpus), &cpus));
	ASSERT_EQ(0, sched_setscheduler(pid, SCHED_FIFO, &priority));

	for (int i = 0; i < 2; i++) {
		ASSERT_EQ(0, remote_start(self->remote, self->remote->echo));
		EXPECT_EQ(0, echo_works(self->remote));
		ASSERT_EQ(0, remote_set(self->remote, "state", "stop"));
		EXPECT_EQ(pid, remote_thread(self->remote));
		EXPECT_EQ(cpu, only_cpu(pid));
		EXPECT_EQ(SCHED_FIFO, sched_getscheduler(pid));
		EXPECT_EQ(0, sched_getparam(pid, &now));
		EXPECT_EQ(42, now.sched_priority);
	}

	EXPECT_EQ(0, sched_setscheduler(pid, SCHED_OTHER, &none));
	EXPECT_EQ(0, sched_setaffinity(pid, sizeof(before), &before));
}

TEST_F_TIMEOUT(life, both_cores, TEST_GUARD_S)
{
	const struct remote *first = &self->remotes[0], *second = &self->remotes[1];

	if (self->count < 2)
		SKIP(return, "the devicetree has one remote processor");

	ASSERT_EQ(0, remote_start(first, first->echo));
	ASSERT_EQ(0, remote_start(second, second->echo));
	for (int i = 0; i < 20; i++) {
		EXPECT_EQ(0, echo_works(first));
		EXPECT_EQ(0, echo_works(second));
	}

	/* Neither notices that the other stops and starts. */
	for (int i = 0; i < 5; i++) {
		ASSERT_EQ(0, remote_set(first, "state", "stop"));
		EXPECT_EQ(0, echo_works(second));
		ASSERT_EQ(0, remote_set(first, "state", "start"));
		EXPECT_EQ(0, echo_works(first));
		ASSERT_EQ(0, remote_set(second, "state", "stop"));
		EXPECT_EQ(0, echo_works(first));
		ASSERT_EQ(0, remote_set(second, "state", "start"));
		EXPECT_EQ(0, echo_works(second));
	}
}

TEST_HARNESS_MAIN
