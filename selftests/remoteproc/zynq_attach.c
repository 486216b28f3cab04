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
#include "zynq_brake.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "harness.h"

#define CPU1_ONLINE	"/sys/devices/system/cpu/cpu1/online"

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
	/* It may have a parameter that nobody else wants. */
	EXPECT_TRUE(unload());
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

/*
 * Attached to a program that crashes on request. If Linux has to bring it back it loads @file,
 * which nobody can choose any more when something runs. Return: a channel or a negative errno.
 */
static int attach_to_crashable(struct _test_data_attach *self, const char *file)
{
	char program[40], parameter[64];
	const char *const load[] = { "modprobe", "zynq_remoteproc", parameter, NULL };
	int ret, fd;

	snprintf(program, sizeof(program), "%s", firmware_of(self->remote, "attach-crash"));
	snprintf(parameter, sizeof(parameter), "firmware=%s", file ?: program);
	if (!unload() || !boot(self->slcr, program) || run(load) ||
	    remotes_find(self->remotes) != 1)
		return -ENODEV;
	ret = remote_set(self->remote, "recovery", "enabled") ?:
	      remote_set(self->remote, "state", "start");
	if (ret)
		return ret;
	fd = rpmsg_open(self->remote, RAW_CHANNEL, 0);
	ret = fd < 0 ? fd : echo_once(fd, 16, 1);
	return ret ?: fd;
}

static unsigned int log_counts(int kmsg, const char *text)
{
	kmsg_rewind(kmsg);
	return kmsg_count(kmsg, text);
}

static bool say(int fd, const char *word)
{
	return write(fd, word, strlen(word)) == (ssize_t)strlen(word);
}

/* Nothing that was open works, and says so; what is new does. */
static bool replaced(const struct remote *remote, int old)
{
	return wait_until(write(old, "x", 1) == -1 && errno == EPIPE) &&
	       wait_until(remote_is(remote, "running") && !echo_works(remote));
}

/* Does the dump of the core that crashed have what the program said last? */
static bool dumped(const char *words)
{
	DIR *dir = opendir("/sys/class/devcoredump");
	struct dirent *entry;
	bool found = false;
	char path[128], *dump;
	size_t size;

	while (dir && (entry = readdir(dir))) {
		if (strncmp(entry->d_name, "devcd", 5))
			continue;
		snprintf(path, sizeof(path), "/sys/class/devcoredump/%.32s/data", entry->d_name);
		dump = read_file(path, &size);
		found |= dump && memmem(dump, size, words, strlen(words));
		free(dump);
		write_text(path, "done");
	}
	if (dir)
		closedir(dir);
	return found;
}

/* The file has the same program, and takes the place of what the boot loader has started. */
TEST_F_TIMEOUT(attach, crash_and_recover, 3 * TEST_GUARD_S)
{
	static const struct {
		const char *word, *cause;
	} crashes[] = {
		{ "undef", "crash: reported by the remote, reason" },
		{ "own", "reason 7: asked for" },
		{ "hang", "crash: no heartbeat" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(crashes); i++) {
		unsigned int before = log_counts(self->kmsg, crashes[i].cause);
		int fd = attach_to_crashable(self, NULL);

		ASSERT_LE(0, fd);
		ASSERT_EQ(0, remote_set(self->remote, "coredump", "enabled"));
		ASSERT_TRUE(say(fd, crashes[i].word));
		EXPECT_TRUE(replaced(self->remote, fd));
		EXPECT_EQ(before + 1, log_counts(self->kmsg, crashes[i].cause));
		EXPECT_TRUE(dumped("attach-crash-a9: mpidr"));
		EXPECT_EQ(-EBUSY, write_text(CPU1_ONLINE, "1"));
		close(fd);
		/* It is Linux's own now. */
		EXPECT_EQ(-EINVAL, remote_set(self->remote, "state", "detach"));
		EXPECT_EQ(0, remote_set(self->remote, "coredump", "disabled"));
		ASSERT_EQ(0, remote_set(self->remote, "state", "stop"));
		EXPECT_STREQ("offline", remote_attr(self->remote, "state"));
		EXPECT_FALSE(runs(self->slcr));
	}
}

#define NO_WAY_BACK	"recovery failed, the processor is off"

/* No file has what crashed: it is off then, and the log says so; a start begins anew. */
TEST_F_TIMEOUT(attach, crash_and_no_way_back, TEST_GUARD_S)
{
	static const struct {
		const char *file, *why;
	} files[] = {
		{ "amp-echo-a9.elf", "resource table changed" },
		{ "no-such-file.elf", "no-such-file.elf" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
		unsigned int failed = log_counts(self->kmsg, NO_WAY_BACK);
		unsigned int why = log_counts(self->kmsg, files[i].why);
		int fd = attach_to_crashable(self, files[i].file);

		ASSERT_LE(0, fd);
		ASSERT_TRUE(say(fd, "undef"));
		EXPECT_TRUE(wait_until(log_counts(self->kmsg, NO_WAY_BACK) == failed + 1));
		EXPECT_LT(why, log_counts(self->kmsg, files[i].why));
		EXPECT_STREQ("offline", remote_attr(self->remote, "state"));
		/* That is said before CPU1 has been tidied up, for which it runs once more. */
		EXPECT_TRUE(wait_until(!runs(self->slcr)));
		EXPECT_TRUE(wait_until(write(fd, "x", 1) == -1 && errno == EPIPE));
		close(fd);
		ASSERT_EQ(0, remote_start(self->remote, self->remote->echo));
		EXPECT_EQ(0, echo_works(self->remote));
		ASSERT_EQ(0, remote_set(self->remote, "state", "stop"));
	}
	/* Anybody can have CPU1. */
	EXPECT_EQ(0, write_text(CPU1_ONLINE, "1"));
	EXPECT_EQ(0, write_text(CPU1_ONLINE, "0"));
}

/* It is left as it is until somebody asks, and nobody can have CPU1 meanwhile. */
TEST_F_TIMEOUT(attach, crash_without_recovery, TEST_GUARD_S)
{
	int fd = attach_to_crashable(self, NULL);

	ASSERT_LE(0, fd);
	ASSERT_EQ(0, remote_set(self->remote, "recovery", "disabled"));
	ASSERT_TRUE(say(fd, "undef"));
	EXPECT_TRUE(wait_until(remote_is(self->remote, "crashed")));
	usleep(300000);
	EXPECT_STREQ("crashed", remote_attr(self->remote, "state"));
	EXPECT_TRUE(runs(self->slcr));
	EXPECT_EQ(-EBUSY, write_text(CPU1_ONLINE, "1"));
	EXPECT_EQ(-1, write(fd, "x", 1));
	EXPECT_EQ(EPIPE, errno);

	ASSERT_EQ(0, remote_set(self->remote, "recovery", "recover"));
	EXPECT_TRUE(replaced(self->remote, fd));
	close(fd);
	ASSERT_EQ(0, remote_set(self->remote, "recovery", "enabled"));
}

/*
 * Linux has no time for anything while it rings. Attached to, it is a crash like any other. On a
 * busy machine it may be noticed at any moment, so that it waits for its recovery.
 */
TEST_F_TIMEOUT(attach, storm, TEST_GUARD_S)
{
	unsigned int storms = log_counts(self->kmsg, "crash: doorbell storm");
	int fd = attach_to_crashable(self, NULL);

	ASSERT_LE(0, fd);
	ASSERT_EQ(0, remote_set(self->remote, "recovery", "disabled"));
	ASSERT_TRUE(say(fd, "storm"));
	EXPECT_EQ(0, starve_until_held());
	EXPECT_TRUE(wait_until(remote_is(self->remote, "crashed")));
	ASSERT_EQ(0, remote_set(self->remote, "recovery", "enabled"));
	EXPECT_TRUE(replaced(self->remote, fd));
	EXPECT_EQ(storms + 1, log_counts(self->kmsg, "crash: doorbell storm"));
	close(fd);
}

/* Detached from, it is nobody's, and nobody recovers it; it begins afterwards. */
TEST_F_TIMEOUT(attach, storm_after_detach, TEST_GUARD_S)
{
	unsigned int held = log_counts(self->kmsg, "rings without end, held in reset");
	int fd = attach_to_crashable(self, NULL);
	char answer[16];

	ASSERT_LE(0, fd);
	/* Answered, or a busy machine might be done with the detach before CPU1 has read it. */
	ASSERT_TRUE(say(fd, "alone"));
	ASSERT_EQ(5, read(fd, answer, sizeof(answer)));
	ASSERT_EQ(0, remote_set(self->remote, "state", "detach"));
	close(fd);
	memory_write(&self->table[0], 0);
	EXPECT_EQ(0, starve_until_held());
	EXPECT_TRUE(wait_until(log_counts(self->kmsg, "rings without end, held in reset") ==
			       held + 1));
	EXPECT_STREQ("detached", remote_attr(self->remote, "state"));
	EXPECT_EQ(-EIO, remote_set(self->remote, "state", "start"));
	EXPECT_STREQ("offline", remote_attr(self->remote, "state"));
	ASSERT_EQ(0, remote_start(self->remote, self->remote->echo));
	EXPECT_EQ(0, echo_works(self->remote));
}

TEST_HARNESS_MAIN
