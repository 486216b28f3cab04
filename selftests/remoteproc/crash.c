// SPDX-License-Identifier: GPL-2.0-only
/*
 * The remote crashes, in every way that a firmware can be asked to. The driver has to notice, to
 * say why, once, and to bring it back; or to leave it alone, if that is what the user wants.
 *
 * Copyright (c) 2026 linux-amp developers
 */
#include "guest.h"
#include "channel.h"
#include "kmsg.h"

#include <dirent.h>
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include <linux/netlink.h>
#include <linux/rpmsg.h>

#include "harness.h"

#define CYCLES		100
#define CYCLES_LEAST	5

struct bench {
	struct remote remotes[REMOTES_MAX];
	const struct remote *remote;
	char firmware[32];
	int kmsg, uevents, fd;
};

static int uevents_open(void)
{
	struct sockaddr_nl address = { .nl_family = AF_NETLINK, .nl_groups = 1 };
	int fd = socket(AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK,
			NETLINK_KOBJECT_UEVENT);

	if (fd >= 0 && bind(fd, (struct sockaddr *)&address, sizeof(address))) {
		close(fd);
		return -1;
	}
	return fd;
}

/* Strings of an event, one after the other. */
static const char *event_value(const char *event, size_t len, const char *key)
{
	for (const char *s = event; s < event + len; s += strlen(s) + 1)
		if (!strncmp(s, key, strlen(key)))
			return s + strlen(key);
	return NULL;
}

/* Cause of the next crash event, NULL if none has come yet. */
static const char *next_cause(int fd)
{
	static char event[4096];
	const char *what;
	ssize_t len;

	while ((len = recv(fd, event, sizeof(event) - 1, 0)) > 0) {
		event[len] = '\0';
		what = event_value(event, len, "EVENT=");
		if (what && !strcmp(what, "crash"))
			return event_value(event, len, "CRASH_CAUSE=");
	}
	return NULL;
}

/* A Cortex-M calls it by another name. */
#define DATA_ABORT	"data abort"
#define USAGE_FAULT	"usage fault"

/* Who is first to tell, the ring itself or the status of the device, is a matter of chance. */
#define BROKEN_RING	"ring is broken"
#define GAVE_UP		"virtio driver gave up"

static bool is_cause(const char *cause, const char *word)
{
	return strstr(cause, word) || (!strcmp(word, BROKEN_RING) && !strcmp(cause, GAVE_UP));
}

static bool caused_by(const struct bench *b, const char *word)
{
	const char *cause = NULL;

	if (!strcmp(b->remote->unit, "m4") && !strcmp(word, DATA_ABORT))
		word = USAGE_FAULT;
	wait_until((cause = next_cause(b->uevents)));
	if (!cause || !is_cause(cause, word)) {
		printf("# cause is \"%s\", not \"%s\"\n", cause ?: "none", word);
		return false;
	}
	return true;
}

/* A running remote that obeys. Return: 0 or the negative errno of what did not work. */
static int set_up(struct bench *b)
{
	int ret;

	if (remotes_find(b->remotes) < 1)
		return -ENODEV;
	b->remote = &b->remotes[0];
	b->kmsg = kmsg_open();
	b->uevents = uevents_open();
	/* A case that broke off may have left it crashed: then it is recovered first. */
	ret = remote_set(b->remote, "recovery", "enabled");
	if (ret)
		return ret;
	if (!remote_offline(b->remote) || b->kmsg < 0 || b->uevents < 0)
		return -EIO;
	snprintf(b->firmware, sizeof(b->firmware), "%s", firmware_of(b->remote, "crash"));
	ret = remote_start(b->remote, b->firmware);
	if (ret)
		return ret;
	b->fd = rpmsg_open(b->remote, RAW_CHANNEL, 0);
	return b->fd < 0 ? b->fd : echo_once(b->fd, 16, 1);
}

/* Each crash has been reported once, and the remote is as good as before. */
static int tear_down(struct bench *b)
{
	const char *cause = next_cause(b->uevents);
	int ret;

	close(b->fd);
	if (cause) {
		printf("# one more report: %s\n", cause);
		remote_set(b->remote, "recovery", "enabled");
		return -EALREADY;
	}
	if (!remote_offline(b->remote))
		return -EBUSY;
	ret = remote_start(b->remote, b->remote->echo);
	if (!ret)
		ret = echo_works(b->remote);
	if (!remote_offline(b->remote))
		return -EBUSY;
	if (!ret && kmsg_splats(b->kmsg))
		ret = -EFAULT;
	close(b->uevents);
	close(b->kmsg);
	return ret;
}

static bool say(int fd, const char *word)
{
	return write(fd, word, strlen(word)) == (ssize_t)strlen(word);
}

/*
 * Who waits for messages is told before the core has been, and it recovers only what it knows to
 * have crashed.
 */
static bool recover(const struct remote *remote)
{
	return wait_until(remote_is(remote, "crashed")) &&
	       !remote_set(remote, "recovery", "recover");
}

/* Linux looks at the ring that it sends with when it sends, and takes back what it needs. */
static void use_up_buffers(int fd)
{
	for (unsigned int i = 0; i < 1000 && say(fd, "x"); i++)
		;
}

FIXTURE(crash)
{
	struct bench b;
};

FIXTURE_VARIANT(crash)
{
	const char *word, *cause;
	/* A part of the line that says which ring it was */
	const char *log;
};

FIXTURE_VARIANT_ADD(crash, undef)
{
	.word = "undef", .cause = "undefined instru",
};

FIXTURE_VARIANT_ADD(crash, abort)
{
	.word = "abort", .cause = DATA_ABORT,
};

FIXTURE_VARIANT_ADD(crash, own)
{
	.word = "own", .cause = "reason 7: asked for",
};

FIXTURE_VARIANT_ADD(crash, hang)
{
	.word = "hang", .cause = "no heartbeat",
};

FIXTURE_VARIANT_ADD(crash, dead)
{
	.word = "dead", .cause = "no heartbeat",
};

FIXTURE_VARIANT_ADD(crash, ring0)
{
	.word = "ring0", .cause = BROKEN_RING, .log = "broke the receive ring: index beyond",
};

FIXTURE_VARIANT_ADD(crash, ring1)
{
	.word = "ring1", .cause = BROKEN_RING, .log = "broke the send ring: index beyond",
};

FIXTURE_SETUP(crash)
{
	ASSERT_EQ(0, set_up(&self->b));
}

FIXTURE_TEARDOWN(crash)
{
	EXPECT_EQ(0, tear_down(&self->b));
}

TEST_F_TIMEOUT(crash, recovers, TEST_GUARD_S)
{
	struct bench *b = &self->b;
	/* Of its own: what is counted is not looked at for splats. */
	int log = kmsg_open();

	ASSERT_LE(0, log);
	ASSERT_TRUE(say(b->fd, variant->word));
	if (!strcmp(variant->word, "ring1"))
		use_up_buffers(b->fd);
	EXPECT_TRUE(caused_by(b, variant->cause));
	EXPECT_TRUE(back_again(b->remote, b->fd));
	if (variant->log)
		EXPECT_EQ(1, kmsg_count(log, variant->log));
	close(log);
	EXPECT_EQ(-1, write(b->fd, "x", 1));
	EXPECT_EQ(EPIPE, errno);
}

FIXTURE(recovery)
{
	struct bench b;
};

FIXTURE_SETUP(recovery)
{
	ASSERT_EQ(0, set_up(&self->b));
}

FIXTURE_TEARDOWN(recovery)
{
	EXPECT_EQ(0, tear_down(&self->b));
}

/* Whatever a remote does to its own table, nothing of it reaches Linux. */
TEST_F_TIMEOUT(recovery, not_needed_for_a_scribbled_table, TEST_GUARD_S)
{
	struct bench *b = &self->b;
	char path[80], text[64], buf[16];

	ASSERT_TRUE(say(b->fd, "table"));
	ASSERT_TRUE(readable(b->fd));
	ASSERT_EQ(5, read(b->fd, buf, sizeof(buf)));
	for (unsigned int i = 0; i < 20; i++)
		EXPECT_EQ(0, echo_once(b->fd, 16, i));
	snprintf(path, sizeof(path), "/sys/kernel/debug/remoteproc/remoteproc%d/resource_table",
		 b->remote->index);
	EXPECT_LT(0, read_text(path, text, sizeof(text)));
	EXPECT_STREQ("running", remote_attr(b->remote, "state"));
	EXPECT_EQ(NULL, next_cause(b->uevents));
	EXPECT_EQ(0, remote_set(b->remote, "state", "stop"));
}

TEST_F_TIMEOUT(recovery, disabled, TEST_GUARD_S)
{
	struct bench *b = &self->b;

	ASSERT_EQ(0, remote_set(b->remote, "recovery", "disabled"));
	ASSERT_TRUE(say(b->fd, "undef"));
	EXPECT_TRUE(caused_by(b, "undefined"));
	EXPECT_TRUE(wait_until(remote_is(b->remote, "crashed")));
	usleep(300000);
	EXPECT_STREQ("crashed", remote_attr(b->remote, "state"));
	EXPECT_EQ(NULL, next_cause(b->uevents));

	ASSERT_TRUE(recover(b->remote));
	EXPECT_TRUE(back_again(b->remote, b->fd));
	ASSERT_EQ(0, remote_set(b->remote, "recovery", "enabled"));
}

/*
 * A child that polls until the link's end, which is all that there is to see.
 * Return: its number, or -1.
 */
static pid_t poll_in_child(int fd, short events)
{
	struct pollfd p = { .fd = fd, .events = events };
	pid_t child = fork();

	if (!child)
		_exit(poll(&p, 1, -1) != 1 || !(p.revents & (POLLERR | POLLHUP)));
	return child;
}

/* Return: its exit status, or -1 if it has to be killed. */
static int status_of(pid_t child)
{
	int status;

	if (!wait_until(waitpid(child, &status, WNOHANG))) {
		kill(child, SIGKILL);
		waitpid(child, &status, 0);
	}
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* Nobody rings any more, and nobody takes the link away. */
TEST_F_TIMEOUT(recovery, disabled_is_told_to_pollers, TEST_GUARD_S)
{
	struct bench *b = &self->b;
	pid_t reader;

	ASSERT_EQ(0, remote_set(b->remote, "recovery", "disabled"));
	reader = poll_in_child(b->fd, POLLIN);
	ASSERT_LT(0, reader);
	ASSERT_TRUE(wait_until(asleep(reader)));
	ASSERT_TRUE(say(b->fd, "undef"));
	EXPECT_TRUE(caused_by(b, "undefined"));
	EXPECT_EQ(0, status_of(reader));

	ASSERT_TRUE(recover(b->remote));
	EXPECT_TRUE(back_again(b->remote, b->fd));
	ASSERT_EQ(0, remote_set(b->remote, "recovery", "enabled"));
}

/* A child that sleeps in read(). Return: its number, or -1. It exits with what read() said. */
static pid_t read_in_child(int fd)
{
	pid_t child = fork();
	char c;

	if (!child)
		_exit(read(fd, &c, 1) < 0 ? errno : 0);
	return child > 0 && wait_until(asleep(child)) ? child : -1;
}

/* Nothing will come any more. What was there is delivered first. */
TEST_F_TIMEOUT(recovery, disabled_is_told_to_readers, TEST_GUARD_S)
{
	struct bench *b = &self->b;
	pid_t reader;
	char c;

	ASSERT_EQ(0, remote_set(b->remote, "recovery", "disabled"));
	reader = read_in_child(b->fd);
	ASSERT_LT(0, reader);
	ASSERT_TRUE(say(b->fd, "undef"));
	EXPECT_TRUE(caused_by(b, "undefined"));
	EXPECT_EQ(EPIPE, status_of(reader));
	/* Once more, and without waiting. */
	EXPECT_EQ(-1, read(b->fd, &c, 1));
	EXPECT_EQ(EPIPE, errno);
	ASSERT_EQ(0, fcntl(b->fd, F_SETFL, fcntl(b->fd, F_GETFL) | O_NONBLOCK));
	EXPECT_EQ(-1, read(b->fd, &c, 1));
	EXPECT_EQ(EPIPE, errno);

	ASSERT_TRUE(recover(b->remote));
	EXPECT_TRUE(back_again(b->remote, b->fd));
	ASSERT_EQ(0, remote_set(b->remote, "recovery", "enabled"));
}

/* The same with a full ring. */
TEST_F_TIMEOUT(recovery, disabled_is_told_to_writers, TEST_GUARD_S)
{
	struct bench *b = &self->b;
	pid_t writer;

	ASSERT_EQ(0, remote_set(b->remote, "recovery", "disabled"));
	ASSERT_TRUE(say(b->fd, "hang"));
	ASSERT_EQ(0, fcntl(b->fd, F_SETFL, fcntl(b->fd, F_GETFL) | O_NONBLOCK));
	use_up_buffers(b->fd);
	ASSERT_EQ(EAGAIN, errno);
	writer = poll_in_child(b->fd, POLLIN | POLLOUT);
	ASSERT_LT(0, writer);
	/* The crash comes by itself. On a slow machine it may be there before the child is. */
	ASSERT_TRUE(wait_until(asleep(writer) || has_ended(writer)));
	EXPECT_TRUE(caused_by(b, "no heartbeat"));
	EXPECT_EQ(0, status_of(writer));

	ASSERT_TRUE(recover(b->remote));
	EXPECT_TRUE(back_again(b->remote, b->fd));
	ASSERT_EQ(0, remote_set(b->remote, "recovery", "enabled"));
}

/* The core would count a start that it never undoes, and take all later ones for done. */
TEST_F_TIMEOUT(recovery, fails_without_firmware, TEST_GUARD_S)
{
	struct bench *b = &self->b;
	char here[64], away[64];

	snprintf(here, sizeof(here), FIRMWARE_DIR "/%s", b->firmware);
	snprintf(away, sizeof(away), "/%s", b->firmware);
	for (int i = 0; i < 3; i++) {
		ASSERT_EQ(0, rename(here, away));
		ASSERT_TRUE(say(b->fd, "undef"));
		EXPECT_TRUE(caused_by(b, "undefined"));
		EXPECT_TRUE(wait_until(remote_is(b->remote, "offline")));
		/* It is offline for a moment in a recovery that goes on. */
		EXPECT_TRUE(wait_until(remote_set(b->remote, "state", "start") == -ENOENT));
		ASSERT_EQ(0, rename(away, here));
		ASSERT_EQ(0, remote_set(b->remote, "state", "start"));
		EXPECT_STREQ("running", remote_attr(b->remote, "state"));
		EXPECT_EQ(0, echo_works(b->remote));
		close(b->fd);
		b->fd = rpmsg_open(b->remote, RAW_CHANNEL, 0);
		ASSERT_LE(0, b->fd);
	}
	/* One stop is enough. */
	ASSERT_EQ(0, remote_set(b->remote, "state", "stop"));
	EXPECT_STREQ("offline", remote_attr(b->remote, "state"));
}

/* The last entry of class devcoredump; NULL while there is none. */
static const char *dump_file(void)
{
	static char path[128];
	DIR *dir = opendir("/sys/class/devcoredump");
	struct dirent *entry;
	bool found = false;

	while (dir && (entry = readdir(dir))) {
		if (strncmp(entry->d_name, "devcd", 5))
			continue;
		snprintf(path, sizeof(path), "/sys/class/devcoredump/%.32s/data", entry->d_name);
		found = !access(path, R_OK);
	}
	if (dir)
		closedir(dir);
	return found ? path : NULL;
}

/**
 * struct dumped - what has to be in the dump of a core
 * @unit: the core, or how its name begins
 * @own: memory of its own: lowest address, behind the highest, and how many pieces
 * @ddr: the same for the regions in DDR
 * @trace: where the piece with the trace buffer begins, in which the firmware said what happened
 */
struct dumped {
	const char *unit;
	struct {
		__u32 start, end;
		unsigned int pieces;
	} own, ddr;
	__u32 trace;
};

static const struct dumped dumped[] = {
	{ "r5", { 0, 0x40000, 2 }, { 0x100000, 0x80000000, 4 }, 0x20000 },
	{ "m4", { 0x1fff8000, 0x20008000, 2 }, { 0x80000000, 0xe0000000, 4 }, 0x20000000 },
	/* On-chip memory, and all of the firmware in DDR. */
	{ "a9", { 0xfffc0000, 0xfffd0000, 1 }, { 0x100000, 0x40000000, 4 }, 0x3e000000 },
};

static const struct dumped *find_dumped(const char *unit)
{
	for (size_t i = 0; i < ARRAY_SIZE(dumped); i++)
		if (!strncmp(unit, dumped[i].unit, strlen(dumped[i].unit)))
			return &dumped[i];
	return NULL;
}

static void check_dump(struct __test_metadata *_metadata, const struct dumped *want,
		       const char *dump, size_t size)
{
	const Elf32_Ehdr *elf = (const void *)dump;
	const Elf32_Phdr *ph = (const void *)(dump + sizeof(*elf));
	unsigned int own = 0, ddr = 0, traces = 0;

	ASSERT_LT(sizeof(*elf), size);
	EXPECT_EQ(0, memcmp(elf->e_ident, ELFMAG, SELFMAG));
	EXPECT_EQ(ELFCLASS32, elf->e_ident[EI_CLASS]);
	EXPECT_EQ(EM_ARM, elf->e_machine);
	EXPECT_EQ(ET_CORE, elf->e_type);
	for (int i = 0; i < elf->e_phnum; i++) {
		ASSERT_LE(ph[i].p_offset + ph[i].p_filesz, size);
		own += ph[i].p_paddr >= want->own.start && ph[i].p_paddr < want->own.end;
		ddr += ph[i].p_paddr >= want->ddr.start && ph[i].p_paddr < want->ddr.end;
		if (ph[i].p_paddr != want->trace)
			continue;
		EXPECT_NE(NULL, memmem(dump + ph[i].p_offset, ph[i].p_filesz, "FAULT:", 6));
		traces++;
	}
	EXPECT_LE(want->own.pieces, own);
	EXPECT_LE(want->ddr.pieces, ddr);
	EXPECT_EQ(1, traces);
}

TEST_F_TIMEOUT(recovery, dumps_core, TEST_GUARD_S)
{
	struct bench *b = &self->b;
	const struct dumped *known = find_dumped(b->remote->unit);
	struct dumped want;
	const char *file;
	size_t size;
	char *dump;

	if (!known)
		SKIP(return, "does not know the memory of this core");
	want = *known;
	/* An A9 has only what the devicetree gives it. */
	if (!strncmp(b->remote->unit, "a9", 2) && !remote_has_sram(b->remote))
		want.own.pieces = 0;
	ASSERT_EQ(0, remote_set(b->remote, "coredump", "enabled"));
	ASSERT_TRUE(say(b->fd, "abort"));
	EXPECT_TRUE(caused_by(b, DATA_ABORT));
	EXPECT_TRUE(back_again(b->remote, b->fd));
	ASSERT_TRUE(wait_until((file = dump_file())));
	dump = read_file(file, &size);
	ASSERT_NE(NULL, dump);
	check_dump(_metadata, &want, dump, size);
	free(dump);
	EXPECT_EQ(0, write_text(file, "done"));
	EXPECT_EQ(0, remote_set(b->remote, "coredump", "disabled"));
}

static bool was_handled(int kmsg)
{
	struct kmsg_line line;
	bool handled = false;

	while (kmsg_next(kmsg, &line))
		handled |= !!strstr(line.text, "handling crash");
	return handled;
}

#define TERMINAL	"rpmsg-tty"

/* A terminal to the same echo. Return: descriptor or a negative errno. */
static int add_terminal(const struct remote *remote)
{
	struct rpmsg_endpoint_info info = {
		.name = TERMINAL, .src = RPMSG_ADDR_ANY,
		.dst = channel_dst(remote, RAW_CHANNEL),
	};
	int ctrl = rpmsg_open(remote, NULL, 0);
	char path[64];
	int ret;

	if (ctrl < 0)
		return ctrl;
	ret = ioctl(ctrl, RPMSG_CREATE_DEV_IOCTL, &info) ? -errno : 0;
	close(ctrl);
	if (ret)
		return ret;
	if (!tty_node(remote, TERMINAL, path, sizeof(path)))
		return -ENODEV;
	ret = open(path, O_RDWR | O_NOCTTY | O_CLOEXEC);
	return ret < 0 ? -errno : ret;
}

static bool terminal_echoes(int fd)
{
	char got[8];
	ssize_t have = 0, ret;

	if (!say(fd, "terminal"))
		return false;
	while (have < (ssize_t)sizeof(got) && readable(fd)) {
		ret = read(fd, got + have, sizeof(got) - have);
		if (ret <= 0)
			return false;
		have += ret;
	}
	return have == sizeof(got) && !memcmp(got, "terminal", sizeof(got));
}

/* What is written to a terminal is not lost unseen, and a reader does not wait for ever. */
TEST_F_TIMEOUT(recovery, disabled_hangs_terminals_up, TEST_GUARD_S)
{
	struct bench *b = &self->b;
	int fd = add_terminal(b->remote);
	char path[64];
	pid_t reader;

	ASSERT_LE(0, fd);
	ASSERT_TRUE(terminal_echoes(fd));
	ASSERT_TRUE(tty_node(b->remote, TERMINAL, path, sizeof(path)));
	ASSERT_EQ(0, remote_set(b->remote, "recovery", "disabled"));
	reader = read_in_child(fd);
	ASSERT_LT(0, reader);

	ASSERT_TRUE(say(b->fd, "undef"));
	EXPECT_TRUE(caused_by(b, "undefined"));
	/* A hangup ends it with 0, or with EIO if it came just before the call. */
	EXPECT_TRUE(status_of(reader) != -1);
	EXPECT_TRUE(wait_until(hung_up(fd)));
	EXPECT_EQ(-1, write(fd, "x", 1));
	EXPECT_EQ(EIO, errno);
	EXPECT_EQ(-1, open(path, O_RDWR | O_NOCTTY | O_CLOEXEC));
	EXPECT_EQ(EIO, errno);

	ASSERT_TRUE(recover(b->remote));
	EXPECT_TRUE(back_again(b->remote, b->fd));
	close(fd);
	fd = add_terminal(b->remote);
	ASSERT_LE(0, fd);
	EXPECT_TRUE(terminal_echoes(fd));
	close(fd);
	ASSERT_EQ(0, remote_set(b->remote, "recovery", "enabled"));
}

/* Who reads a terminal is told of the crash, and the next start has a terminal as good. */
TEST_F_TIMEOUT(recovery, hangs_terminals_up, TEST_GUARD_S)
{
	struct bench *b = &self->b;
	int fd = add_terminal(b->remote);
	int again, status;
	pid_t child;
	char c;

	ASSERT_LE(0, fd);
	ASSERT_TRUE(terminal_echoes(fd));
	child = fork();
	ASSERT_LE(0, child);
	if (!child) {
		ssize_t ret = read(fd, &c, 1);

		_exit(ret && !(ret < 0 && errno == EIO));
	}
	ASSERT_TRUE(wait_until(asleep(child)));

	ASSERT_TRUE(say(b->fd, "undef"));
	EXPECT_TRUE(caused_by(b, "undefined"));
	ASSERT_TRUE(wait_until(waitpid(child, &status, WNOHANG) == child));
	EXPECT_EQ(0, status);
	EXPECT_TRUE(hung_up(fd));
	EXPECT_EQ(-1, write(fd, "x", 1));
	EXPECT_EQ(EIO, errno);
	EXPECT_TRUE(back_again(b->remote, b->fd));

	again = add_terminal(b->remote);
	ASSERT_LE(0, again);
	EXPECT_TRUE(terminal_echoes(again));
	close(again);
	close(fd);
}

/* Whoever stops a remote in the moment of its crash and starts it again has a new one. */
TEST_F_TIMEOUT(recovery, spares_the_next_start, 6 * TEST_GUARD_S)
{
	unsigned int count = scaled(CYCLES, CYCLES_LEAST), stopped = 0;
	struct bench *b = &self->b;
	int kmsg = kmsg_open();
	bool in_time;

	for (unsigned int i = 0; i < count; i++) {
		ASSERT_TRUE(say(b->fd, "own"));
		ASSERT_TRUE(caused_by(b, "reported by the remote"));
		in_time = !remote_set(b->remote, "state", "stop") && !was_handled(kmsg);
		if (in_time) {
			ASSERT_EQ(0, remote_set(b->remote, "state", "start"));
			/* Time for whoever still thinks of the crash. */
			EXPECT_EQ(0, echo_works(b->remote));
			usleep(20000);
			EXPECT_FALSE(was_handled(kmsg)) TH_LOG("crash %u", i);
			stopped++;
		}
		ASSERT_TRUE(remote_offline(b->remote));
		ASSERT_EQ(0, remote_start(b->remote, b->firmware));
		close(b->fd);
		b->fd = rpmsg_open(b->remote, RAW_CHANNEL, 0);
		ASSERT_LE(0, b->fd);
	}
	close(kmsg);
	printf("# stopped in time %u of %u times\n", stopped, count);
}

TEST_F_TIMEOUT(recovery, many_times, 6 * TEST_GUARD_S)
{
	static const char *const words[] = { "undef", "own", "abort" };
	struct bench *b = &self->b;
	unsigned int count = scaled(CYCLES, CYCLES_LEAST);
	int fd = b->fd;

	for (unsigned int i = 0; i < count; i++) {
		ASSERT_TRUE(say(fd, words[i % ARRAY_SIZE(words)]));
		ASSERT_TRUE(caused_by(b, "reported by the remote"));
		ASSERT_TRUE(back_again(b->remote, fd)) TH_LOG("crash %u", i);
		close(fd);
		fd = rpmsg_open(b->remote, RAW_CHANNEL, 0);
		ASSERT_LE(0, fd);
	}
	b->fd = fd;
}

TEST_HARNESS_MAIN
