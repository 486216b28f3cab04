// SPDX-License-Identifier: GPL-2.0-only
/*
 * Starts and stops a remote many times with traffic in each cycle and counts what the kernel has in
 * use early, halfway and late. A leak grows with the cycles, in both halves alike; what the kernel
 * needs for other things comes and goes.
 *
 * AMP_HOTPLUG: process that loads modules when devices appear, if there is one; it is ended,
 * because it starts a program for each event, which takes longer than a cycle: they would pile up.
 *
 * Copyright (c) 2026 linux-amp developers
 */
#include "guest.h"
#include "channel.h"
#include "kmsg.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include <linux/netlink.h>

#include "harness.h"

#define CYCLES		200
#define CYCLES_LEAST	50
#define WARM_UP		4
#define MESSAGES	20
#define CACHES_MAX	512
/* Areas of virtual addresses that a process with its stack leaves, at most. */
#define AREAS_OF_A_PROCESS	16

/*
 * Objects in use of one slab cache. A CPU's current slab counts as if all of it were in use, so
 * single samples are too high by that now and then.
 */
struct cache {
	char name[48];
	long objects;
};

/* Things whose number is exactly known. */
enum thing { VMALLOC_AREAS, INTERRUPTS, IOMEM, TASKS, DEVICES, MODULE_USERS, THINGS };

static const char *const thing_names[THINGS] = {
	[VMALLOC_AREAS] = "vmalloc areas", [INTERRUPTS] = "interrupts",
	[IOMEM] = "iomem regions", [TASKS] = "tasks",
	[DEVICES] = "devices", [MODULE_USERS] = "module users",
};

struct usage {
	long thing[THINGS];
	long pages;
	/* What was taken off of them: what the kernel's own checks need. */
	long checks;
	struct cache cache[CACHES_MAX];
	int caches;
};

FIXTURE(cycles)
{
	struct remote remotes[REMOTES_MAX];
	int count;
	int kmsg;
};

FIXTURE_SETUP(cycles)
{
	self->count = remotes_find(self->remotes);
	ASSERT_LT(0, self->count);
	for (int i = 0; i < self->count; i++)
		ASSERT_TRUE(remote_offline(&self->remotes[i]));
	self->kmsg = kmsg_open();
	ASSERT_LE(0, self->kmsg);
}

FIXTURE_TEARDOWN(cycles)
{
	for (int i = 0; i < self->count; i++)
		EXPECT_TRUE(remote_offline(&self->remotes[i]));
	close(self->kmsg);
}

/*
 * Lines of a file. Not counted in /proc/vmallocinfo: areas that are freed already and wait for a
 * purge in batches, and stacks of tasks, of which the kernel keeps a few.
 */
static long count_lines(const char *path)
{
	size_t size;
	char *text = read_file(path, &size);
	char *line, *state;
	long lines = 0;

	if (!text)
		return 0;
	for (line = strtok_r(text, "\n", &state); line; line = strtok_r(NULL, "\n", &state))
		lines += !strstr(line, "unpurged") && !strstr(line, "kernel_clone");
	free(text);
	return lines;
}

static long count_entries(const char *path)
{
	DIR *dir = opendir(path);
	struct dirent *entry;
	long count = 0;

	while (dir && (entry = readdir(dir)))
		count += entry->d_name[0] != '.';
	if (dir)
		closedir(dir);
	return count;
}

/* Processes and kernel threads, without the kernel's pool of workers, which breathes. */
static long count_tasks(void)
{
	DIR *dir = opendir("/proc");
	struct dirent *entry;
	char path[PATH_MAX], comm[32];
	long count = 0;

	while (dir && (entry = readdir(dir))) {
		snprintf(path, sizeof(path), "/proc/%s/comm", entry->d_name);
		count += isdigit(entry->d_name[0]) && read_text(path, comm, sizeof(comm)) > 0 &&
			 strncmp(comm, "kworker", 7);
	}
	if (dir)
		closedir(dir);
	return count;
}

/* Pages that are free, those that CPUs keep for themselves included. */
static long free_pages(void)
{
	static const char *const keys[] = { "nr_free_pages", "count:" };
	size_t size;
	char *text = read_file("/proc/zoneinfo", &size);
	long pages = 0;

	for (size_t i = 0; text && i < ARRAY_SIZE(keys); i++)
		for (char *at = text; (at = strstr(at, keys[i])); )
			pages += strtol(at += strlen(keys[i]), NULL, 10);
	free(text);
	return pages;
}

/* The number behind a word in a file, 0 if there is none. */
static long number_after(const char *path, const char *word)
{
	size_t size;
	char *text = read_file(path, &size);
	char *at = text ? strstr(text, word) : NULL;
	long number = at ? strtol(at + strlen(word), NULL, 10) : 0;

	free(text);
	return number;
}

/* Pages of the slab caches, which are looked at by object. */
static long slab_pages(void)
{
	return number_after("/proc/meminfo", "Slab:") * 1024 / getpagesize();
}

/* References that somebody holds on loaded modules, of whichever kind. */
static long module_users(void)
{
	size_t size;
	char *text = read_file("/proc/modules", &size);
	char *line, *state;
	long users, sum = 0;

	for (line = strtok_r(text, "\n", &state); line; line = strtok_r(NULL, "\n", &state))
		if (sscanf(line, "%*s %*s %ld", &users) == 1)
			sum += users;
	free(text);
	return sum;
}

/* Areas of virtual addresses that are freed, and keep what describes them, until there are many. */
static long waiting_for_a_purge(void)
{
	size_t size;
	char *text = read_file("/proc/vmallocinfo", &size);
	long areas = 0;

	for (char *at = text; at && (at = strstr(at, "unpurged")); at++)
		areas++;
	free(text);
	return areas;
}

/* In the kernel's own list of its symbols, which is long. */
static bool has_symbol(const char *name)
{
	FILE *file = fopen("/proc/kallsyms", "re");
	char line[512], found[256];
	bool has = false;

	while (file && !has && fgets(line, sizeof(line), file))
		has = sscanf(line, "%*s %*s %255s", found) == 1 && !strcmp(found, name);
	if (file)
		fclose(file);
	return has;
}

/*
 * What waits for a purge has a shadow, where KASAN watches such addresses: an eighth of its size,
 * about. Many megabytes wait before the kernel purges by itself.
 */
static long shadow_pages(void)
{
	static int watched = -1;
	char *text, *line, *state;
	long bytes, sum = 0;
	size_t size;

	if (watched < 0)
		watched = has_symbol("kasan_release_vmalloc");
	text = watched ? read_file("/proc/vmallocinfo", &size) : NULL;
	if (!text)
		return 0;
	for (line = strtok_r(text, "\n", &state); line; line = strtok_r(NULL, "\n", &state))
		if (strstr(line, "unpurged") && sscanf(line, "%*s %ld", &bytes) == 1)
			sum += bytes;
	free(text);
	return sum / 8 / getpagesize();
}

/*
 * Where the kernel keeps the stack trace of each allocation, every trace that is new needs room for
 * ever. On arm, where they go on below an interrupt, there are new ones in each cycle. The room
 * comes in pools of four pages (lib/stackdepot.c, v6.8 and later).
 */
static long trace_pages(void)
{
	return number_after("/sys/kernel/debug/stackdepot/stats", "pools:") * 4;
}

/*
 * KASAN's shadow of such addresses, and their objects in kmemleak, are pages and objects in use. A
 * module that goes takes every address that waits along, because its own were executable. Not on
 * every kind of machine: where it does not, its own addresses wait with the others, and each
 * attempt would leave more of them. Where it does, the end of modprobe itself may leave a few.
 */
static void purge(void)
{
	static const char *const in[] = { "modprobe", "rpmsg_tty", NULL };
	static const char *const out[] = { "modprobe", "-r", "rpmsg_tty", NULL };
	static bool useless;
	long before, now = waiting_for_a_purge();

	for (int i = 0; i < 3 && !useless && now; i++) {
		before = now;
		run(out);
		run(in);
		now = waiting_for_a_purge();
		useless = before > AREAS_OF_A_PROCESS && now > before;
	}
}

/* Gives per-CPU slabs and caches of the file system back, so that numbers are what is in use. */
static void settle(void)
{
	DIR *dir = opendir("/sys/kernel/slab");
	struct dirent *entry;
	char path[PATH_MAX];

	purge();
	write_text("/proc/sys/vm/drop_caches", "3");
	while (dir && (entry = readdir(dir))) {
		snprintf(path, sizeof(path), "/sys/kernel/slab/%s/shrink", entry->d_name);
		if (entry->d_name[0] != '.')
			write_text(path, "1");
	}
	if (dir)
		closedir(dir);
}

static void slab_usage(struct usage *usage)
{
	size_t size;
	char *text = read_file("/proc/slabinfo", &size);
	char *line, *state;

	usage->caches = 0;
	if (!text)
		return;

	for (line = strtok_r(text, "\n", &state); line; line = strtok_r(NULL, "\n", &state)) {
		struct cache *cache = &usage->cache[usage->caches];

		/* Freed virtual addresses are purged in batches, see vmalloc_areas. */
		if (usage->caches < CACHES_MAX && strncmp(line, "vmap_area", 9) &&
		    sscanf(line, "%47s %ld", cache->name, &cache->objects) == 2)
			usage->caches++;
	}
	free(text);
}

static void take_usage(struct usage *usage)
{
	settle();
	usage->thing[VMALLOC_AREAS] = count_lines("/proc/vmallocinfo");
	usage->thing[INTERRUPTS] = count_lines("/proc/interrupts");
	usage->thing[IOMEM] = count_lines("/proc/iomem");
	usage->thing[TASKS] = count_tasks();
	usage->thing[DEVICES] = count_entries("/sys/bus/platform/devices") +
				count_entries("/sys/bus/virtio/devices") +
				count_entries("/sys/bus/rpmsg/devices") +
				count_entries("/sys/class/rpmsg") +
				count_entries("/sys/kernel/debug/remoteproc");
	usage->thing[MODULE_USERS] = module_users();
	/* In this order: what comes in between makes them more than they are, and never less. */
	usage->checks = trace_pages();
	usage->pages = -free_pages();
	usage->pages -= slab_pages();
	usage->checks += shadow_pages();
	usage->pages -= usage->checks;
	slab_usage(usage);
}

static long smaller(long a, long b)
{
	return a < b ? a : b;
}

/* What noise there is only adds, so the smallest of several samples is the best. */
static void merge_min(struct usage *usage, const struct usage *other)
{
	for (int t = 0; t < THINGS; t++)
		usage->thing[t] = smaller(usage->thing[t], other->thing[t]);
	usage->pages = smaller(usage->pages, other->pages);
	for (int u = 0; u < usage->caches; u++)
		for (int o = 0; o < other->caches; o++)
			if (!strcmp(usage->cache[u].name, other->cache[o].name))
				usage->cache[u].objects = smaller(usage->cache[u].objects,
								  other->cache[o].objects);
}

/* Early, halfway, late. */
struct history {
	struct usage at[3];
};

static long grown(const char *what, long early, long halfway, long late, long allowed, bool say)
{
	bool bad = halfway - early > allowed && late - halfway > allowed;

	if (bad && say)
		printf("# %s: %ld, then %ld, then %ld\n", what, early, halfway, late);
	return bad;
}

static long objects(const struct usage *usage, const char *name)
{
	for (int i = 0; i < usage->caches; i++)
		if (!strcmp(usage->cache[i].name, name))
			return usage->cache[i].objects;
	return 0;
}

/*
 * A leak is an object a cycle, or a single thing of those that are exactly known. Pages move in and
 * out of other users by some tens. @cycles is half of them. Return: number of things that leak.
 */
static long leaks(const struct history *history, long cycles, bool say)
{
	const struct usage *early = &history->at[0], *halfway = &history->at[1];
	const struct usage *late = &history->at[2];
	long allowed = cycles * 3 / 4;
	long bad = 0;

	for (int t = 0; t < THINGS; t++)
		bad += grown(thing_names[t], early->thing[t], halfway->thing[t], late->thing[t], 0,
			     say);
	bad += grown("pages", early->pages, halfway->pages, late->pages,
		     allowed > 30 ? allowed : 30, say);
	for (int i = 0; i < early->caches; i++) {
		const char *name = early->cache[i].name;

		bad += grown(name, objects(early, name), objects(halfway, name),
			     objects(late, name), allowed, say);
	}
	return bad;
}

static void look(struct usage *usage)
{
	static struct usage sample;

	take_usage(usage);
	for (int i = 0; i < 7; i++) {
		take_usage(&sample);
		merge_min(usage, &sample);
	}
}

/* Looks again: some memory is freed a grace period later. */
static bool no_leaks(struct history *history, long cycles)
{
	static struct usage sample;

	take_usage(&sample);
	merge_min(&history->at[2], &sample);
	return !leaks(history, cycles, false);
}

/* Some looks are enough to see whether it does, where more cycles say more than more looks. */
static bool seem_not_to_leak(struct history *history, long cycles)
{
	for (int looks = 0; looks < 10; looks++) {
		if (no_leaks(history, cycles))
			return true;
		usleep(100000);
	}
	return false;
}

static int one_cycle(const struct remote *remote, unsigned int number)
{
	int ret = remote_start(remote, remote->echo);
	int fd = ret ? ret : rpmsg_open(remote, RAW_CHANNEL, 0);

	if (fd < 0)
		return fd;

	for (unsigned int i = 0; i < MESSAGES && !ret; i++)
		ret = echo_once(fd, (number * 61 + i * 17) % (PAYLOAD_MAX + 1), number + i);

	/* Every other time the file is still open when the remote goes. */
	if (number & 1)
		close(fd);
	if (!ret)
		ret = remote_set(remote, "state", "stop");
	if (!(number & 1))
		close(fd);
	return ret;
}

/*
 * What user space has not yet read of the kernel's events waits in memory. The protocol is the
 * second column of the file, the memory the fifth.
 */
static long unread_events(void)
{
	size_t size;
	char *text = read_file("/proc/net/netlink", &size);
	char *line, *state;
	long protocol, memory, sum = 0;

	if (!text)
		return 0;
	for (line = strtok_r(text, "\n", &state); line; line = strtok_r(NULL, "\n", &state))
		if (sscanf(line, "%*s %ld %*s %*s %ld", &protocol, &memory) == 2 &&
		    protocol == NETLINK_KOBJECT_UEVENT)
			sum += memory;
	free(text);
	return sum;
}

/* Suites before this one may have left some thousands: it is a hang if there is no progress. */
static bool events_are_read(void)
{
	long now, before = unread_events();

	while (before && wait_until((now = unread_events()) < before))
		before = now;
	return !before;
}

static void end_hotplug(void)
{
	const char *pid = getenv("AMP_HOTPLUG");

	if (pid && atoi(pid) > 0)
		kill(atoi(pid), SIGTERM);
}

static void cycles_until(struct __test_metadata *_metadata, const struct remote *remote,
			 unsigned int *done, unsigned int until)
{
	for (; *done < until; ++*done) {
		int ret = one_cycle(remote, *done);

		ASSERT_EQ(0, ret) TH_LOG("cycle %u", *done);
		/* Who waits for the end of this takes silence for a hang. */
		if (*done % 10 == 9)
			TH_LOG("%u cycles", *done + 1);
	}
}

static void run_cycles(struct __test_metadata *_metadata, const struct remote *remote,
		       unsigned int full)
{
	static struct history history;
	unsigned int half = (scaled(full, CYCLES_LEAST) - WARM_UP) / 2;
	int fds = count_entries("/proc/self/fd");
	unsigned int done = 0;

	/* One, for the modules. */
	cycles_until(_metadata, remote, &done, 1);
	end_hotplug();
	for (int point = 0; point < 3; point++) {
		cycles_until(_metadata, remote, &done, WARM_UP + point * half);
		ASSERT_TRUE(events_are_read());
		look(&history.at[point]);
	}
	ASSERT_LT(0, history.at[0].caches);

	/*
	 * Few cycles are not many more than the objects of a slab, which come and go together. What
	 * leaks goes on with it.
	 */
	for (int again = 0; again < 2 && !seem_not_to_leak(&history, half); again++) {
		leaks(&history, half, true);
		history.at[0] = history.at[1];
		history.at[1] = history.at[2];
		cycles_until(_metadata, remote, &done, done + half);
		ASSERT_TRUE(events_are_read());
		look(&history.at[2]);
	}
	EXPECT_TRUE(wait_until(no_leaks(&history, half)) || !leaks(&history, half, true));
	EXPECT_EQ(fds, count_entries("/proc/self/fd"));
	TH_LOG("%u cycles; pages in use %+ld, then %+ld, without %ld, %ld and %ld of checks", done,
	       history.at[1].pages - history.at[0].pages,
	       history.at[2].pages - history.at[1].pages,
	       history.at[0].checks, history.at[1].checks, history.at[2].checks);
}

/*
 * Anything from a warning up, with four exceptions: the kernel's remarks that an interrupt took
 * long, and that its scheduler comes late, which say something about the load of the emulator's
 * host (a CPU that we keep busy is a matter for the kernel's own watchdogs); the PCIe driver
 * of the ZynqMP, which newer kernels have built in and probe again, in vain, whenever any device
 * appears; and what those say of a compressed module, which busybox offers them as it is first.
 */
static int error_lines(int kmsg)
{
	struct kmsg_line line;
	int count = 0;

	while (kmsg_next(kmsg, &line)) {
		if ((line.level > KMSG_WARNING && !kmsg_is_splat(&line)) ||
		    strstr(line.text, "hrtimer: interrupt took") ||
		    strstr(line.text, "sched: DL replenish lagged") ||
		    strstr(line.text, ".pcie: ") ||
		    strstr(line.text, "Invalid ELF header magic: != "))
			continue;
		printf("# kernel: %s\n", line.text);
		count++;
	}
	return count;
}

TEST_F_TIMEOUT(cycles, start_and_stop, 6 * TEST_GUARD_S)
{
	run_cycles(_metadata, &self->remotes[0], CYCLES);
	EXPECT_EQ(0, error_lines(self->kmsg));
}

TEST_F_TIMEOUT(cycles, while_the_other_core_runs, 6 * TEST_GUARD_S)
{
	if (self->count < 2)
		SKIP(return, "the devicetree has one remote processor");

	ASSERT_EQ(0, remote_start(&self->remotes[1], self->remotes[1].echo));
	ASSERT_EQ(0, echo_works(&self->remotes[1]));
	run_cycles(_metadata, &self->remotes[0], CYCLES / 4);
	EXPECT_EQ(0, echo_works(&self->remotes[1]));
	EXPECT_EQ(0, error_lines(self->kmsg));
}

TEST_HARNESS_MAIN
