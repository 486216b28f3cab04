// SPDX-License-Identifier: GPL-2.0-only
/*
 * The programs that Documentation/abi.rst shows do what it says.
 *
 * Copyright (c) 2026 linux-amp developers
 */
#include "guest.h"
#include "channel.h"
#include "kmsg.h"

#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "harness.h"

#define RAW_ADDR	"1025"

FIXTURE(examples)
{
	struct remote remotes[REMOTES_MAX];
	const struct remote *remote;
	char ctrl[64], raw[64];
	int kmsg;
};

FIXTURE_SETUP(examples)
{
	ASSERT_LT(0, remotes_find(self->remotes));
	self->remote = &self->remotes[0];
	ASSERT_TRUE(remote_offline(self->remote));
	self->kmsg = kmsg_open();
	ASSERT_LE(0, self->kmsg);
	ASSERT_EQ(0, remote_start(self->remote, firmware_of(self->remote, "tty")));
	ASSERT_TRUE(rpmsg_node(self->remote, NULL, self->ctrl, sizeof(self->ctrl)));
	ASSERT_TRUE(rpmsg_node(self->remote, RAW_CHANNEL, self->raw, sizeof(self->raw)));
}

FIXTURE_TEARDOWN(examples)
{
	EXPECT_TRUE(remote_offline(self->remote));
	EXPECT_EQ(0, kmsg_splats(self->kmsg));
	close(self->kmsg);
}

/* Starts a program of this directory. Return: descriptor of its standard output. */
static int start(pid_t *child, const char *name, const char *one, const char *two,
		 const char *three)
{
	char self[PATH_MAX] = "", path[PATH_MAX + 64];
	int out[2];

	if (readlink("/proc/self/exe", self, sizeof(self) - 1) < 0 || pipe(out))
		return -1;
	snprintf(path, sizeof(path), "%s/%s", dirname(self), name);
	*child = fork();
	if (!*child) {
		dup2(out[1], STDOUT_FILENO);
		close(out[0]);
		close(out[1]);
		execl(path, name, one, two, three, NULL);
		_exit(127);
	}
	close(out[1]);
	return out[0];
}

/* Return: exit status; @output receives what the program printed. */
static int finish(pid_t child, int fd, char *output, size_t size)
{
	size_t len = 0;
	ssize_t ret;
	int status;

	while (len < size - 1 && (ret = read(fd, output + len, size - 1 - len)) > 0)
		len += ret;
	output[len] = '\0';
	close(fd);
	if (waitpid(child, &status, 0) != child || !WIFEXITED(status))
		return -1;
	return WEXITSTATUS(status);
}

static int run_example(char *output, size_t size, const char *name, const char *one,
		       const char *two, const char *three)
{
	pid_t child = -1;
	int fd = start(&child, name, one, two, three);

	return fd < 0 || child < 0 ? -1 : finish(child, fd, output, size);
}

TEST_F_TIMEOUT(examples, read_write, TEST_GUARD_S)
{
	char output[64];

	EXPECT_EQ(0, run_example(output, sizeof(output), "read_write", self->raw, "hello", NULL));
	EXPECT_STREQ("hello\n", output);
}

TEST_F_TIMEOUT(examples, signals, TEST_GUARD_S)
{
	char output[64];

	EXPECT_EQ(0, run_example(output, sizeof(output), "signals", self->raw, "hello", NULL));
	EXPECT_STREQ("hello\n", output);
}

TEST_F_TIMEOUT(examples, descriptor, TEST_GUARD_S)
{
	char output[64];

	EXPECT_EQ(0, run_example(output, sizeof(output), "descriptor", self->ctrl, RAW_ADDR,
				 "hello"));
	EXPECT_NE(NULL, strstr(output, ": hello\n"));
}

TEST_F_TIMEOUT(examples, endpoint, TEST_GUARD_S)
{
	char output[64], path[64];

	EXPECT_EQ(0, run_example(output, sizeof(output), "endpoint", self->ctrl, "example",
				 RAW_ADDR));
	ASSERT_TRUE(rpmsg_node(self->remote, "example", path, sizeof(path)));
	EXPECT_EQ(0, run_example(output, sizeof(output), "read_write", path, "hello", NULL));
	EXPECT_STREQ("hello\n", output);
}

TEST_F_TIMEOUT(examples, make_channel, TEST_GUARD_S)
{
	char output[64];
	int before = channel_count(self->remote);

	EXPECT_EQ(0, run_example(output, sizeof(output), "make_channel", self->ctrl, "example",
				 "100"));
	EXPECT_EQ(before, channel_count(self->remote));
}

TEST_F_TIMEOUT(examples, flow_control, TEST_GUARD_S)
{
	char output[128];

	EXPECT_EQ(0, run_example(output, sizeof(output), "flow_control", self->raw, NULL, NULL));
	EXPECT_NE(NULL, strstr(output, "the remote takes messages\n"));
}

TEST_F_TIMEOUT(examples, wait_for, TEST_GUARD_S)
{
	char output[64] = "";
	pid_t child;
	int fd;

	fd = start(&child, "wait_for", self->raw, NULL, NULL);
	ASSERT_LE(0, fd);
	ASSERT_EQ(8, read(fd, output, 8));
	EXPECT_STREQ("5 bytes\n", output);
	ASSERT_EQ(0, remote_set(self->remote, "state", "stop"));
	EXPECT_EQ(0, finish(child, fd, output, sizeof(output)));
	EXPECT_STREQ("gone\n", output);
}

TEST_F_TIMEOUT(examples, terminal, TEST_GUARD_S)
{
	char output[64], path[64];

	ASSERT_TRUE(tty_node(self->remote, "rpmsg-tty", path, sizeof(path)));
	EXPECT_EQ(0, run_example(output, sizeof(output), "terminal", path, "hello", NULL));
	EXPECT_STREQ("hello\n", output);
}

TEST_HARNESS_MAIN
