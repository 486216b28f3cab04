// SPDX-License-Identifier: GPL-2.0-only
/*
 * Many at once on /dev/rpmsgN: endpoints, readers of one, writers of one.
 *
 * Copyright (c) 2026 linux-amp developers
 */
#include "guest.h"
#include "backlog.h"
#include "channel.h"
#include "kmsg.h"
#include "trace.h"

#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>

#include <amp/rpmsg.h>

#include "harness.h"

#define RAW_ADDR	1025
#define MANY		64

FIXTURE(many)
{
	struct remote remotes[REMOTES_MAX];
	const struct remote *remote;
	int kmsg, ctrl, fd;
};

FIXTURE_SETUP(many)
{
	ASSERT_LT(0, remotes_find(self->remotes));
	self->remote = &self->remotes[0];
	ASSERT_TRUE(remote_offline(self->remote));
	self->kmsg = kmsg_open();
	ASSERT_LE(0, self->kmsg);
	ASSERT_EQ(0, remote_start(self->remote, self->remote->echo));
	self->ctrl = rpmsg_open(self->remote, NULL, 0);
	ASSERT_LE(0, self->ctrl);
	self->fd = rpmsg_open(self->remote, RAW_CHANNEL, 0);
	ASSERT_LE(0, self->fd);
}

FIXTURE_TEARDOWN(many)
{
	EXPECT_TRUE(remote_offline(self->remote));
	close(self->fd);
	close(self->ctrl);
	EXPECT_EQ(0, kmsg_splats(self->kmsg));
	close(self->kmsg);
}

/* All open at once, a message under way on each, and the answers in any order. */
TEST_F_TIMEOUT(many, endpoints, TEST_GUARD_S)
{
	struct pollfd fds[MANY];
	char name[16], text[16], got[PAYLOAD_MAX];

	for (int i = 0; i < MANY; i++) {
		snprintf(name, sizeof(name), "many%d", i);
		ASSERT_EQ(0, endpoint_create(self->ctrl, name, RPMSG_ADDR_ANY, RAW_ADDR));
		fds[i].fd = rpmsg_open(self->remote, name, O_NONBLOCK);
		ASSERT_LE(0, fds[i].fd);
		fds[i].events = POLLIN;
	}
	for (unsigned int round = 0; round < scaled(100, 5); round++) {
		for (int i = 0; i < MANY; i++) {
			snprintf(text, sizeof(text), "%u %d", round, i);
			ASSERT_TRUE(wait_until(write(fds[i].fd, text, strlen(text)) > 0));
		}
		for (int i = MANY - 1; i >= 0; i--) {
			snprintf(text, sizeof(text), "%u %d", round, i);
			ASSERT_EQ(1, poll(&fds[i], 1, HANG_GUARD_S * 1000));
			ASSERT_EQ(strlen(text), read(fds[i].fd, got, sizeof(got)));
			ASSERT_EQ(0, memcmp(text, got, strlen(text)));
		}
	}
	for (int i = 0; i < MANY; i++)
		close(fds[i].fd);
}

/*
 * However slow the readers are: makes the remote wait when they are.
 *
 * Return: of @full messages from each of four writers, as many as can then be sent.
 */
static unsigned int nothing_is_dropped(int fd, unsigned int full)
{
	return ioctl(fd, RPMSG_SET_INCOMING_FLOWCONTROL, 1) ? 100 : scaled(full, 200);
}

struct reader {
	pthread_t thread;
	int fd;
	unsigned int *seen;
	unsigned int got;
};

/* Takes messages until an empty one comes. */
static void *read_numbers(void *context)
{
	struct reader *reader = context;
	unsigned int number;

	while (read(reader->fd, &number, sizeof(number)) == sizeof(number)) {
		__atomic_add_fetch(&reader->seen[number], 1, __ATOMIC_RELAXED);
		reader->got++;
	}
	return NULL;
}

/* Each message goes to one of the readers. */
TEST_F_TIMEOUT(many, several_readers, TEST_GUARD_S)
{
	const unsigned int messages = nothing_is_dropped(self->fd, 2000);
	unsigned int *seen = calloc(messages, sizeof(*seen));
	struct reader readers[4];

	ASSERT_TRUE(seen);
	for (int i = 0; i < 4; i++) {
		readers[i] = (struct reader){ .fd = self->fd, .seen = seen };
		ASSERT_EQ(0, pthread_create(&readers[i].thread, NULL, read_numbers, &readers[i]));
	}
	for (unsigned int i = 0; i < messages; i++)
		ASSERT_EQ(sizeof(i), write(self->fd, &i, sizeof(i)));
	for (int i = 0; i < 4; i++)
		ASSERT_EQ(0, write(self->fd, "", 0));
	for (int i = 0; i < 4; i++)
		ASSERT_EQ(0, pthread_join(readers[i].thread, NULL));
	for (unsigned int i = 0; i < messages; i++) {
		ASSERT_EQ(1, seen[i]) {
			TH_LOG("message %u", i);
		}
	}
	free(seen);
}

struct writer {
	pthread_t thread;
	int fd;
	unsigned int number, messages;
	bool done;
};

static void *write_numbers(void *context)
{
	struct writer *writer = context;
	unsigned int message[2] = { writer->number };

	while (message[1] < writer->messages &&
	       write(writer->fd, message, sizeof(message)) == sizeof(message))
		message[1]++;
	writer->done = message[1] == writer->messages;
	return NULL;
}

/* What each of them writes arrives whole, once, and in its order. */
TEST_F_TIMEOUT(many, several_writers, TEST_GUARD_S)
{
	const unsigned int messages = nothing_is_dropped(self->fd, 2000);
	unsigned int next[4] = { 0 }, message[2];
	struct writer writers[4];

	for (unsigned int i = 0; i < 4; i++) {
		writers[i] = (struct writer){
			.fd = self->fd, .number = i, .messages = messages,
		};
		ASSERT_EQ(0, pthread_create(&writers[i].thread, NULL, write_numbers, &writers[i]));
	}
	for (unsigned int i = 0; i < 4 * messages; i++) {
		ASSERT_TRUE(readable(self->fd));
		ASSERT_EQ(sizeof(message), read(self->fd, message, sizeof(message)));
		ASSERT_GT(4, message[0]);
		ASSERT_EQ(next[message[0]], message[1]);
		next[message[0]]++;
	}
	for (int i = 0; i < 4; i++) {
		ASSERT_EQ(0, pthread_join(writers[i].thread, NULL));
		EXPECT_TRUE(writers[i].done);
	}
}

/* Unlike in poll(), whoever is in such a set waits without a break. */
static int waiting_set(const struct pollfd *fds, int num)
{
	struct epoll_event event = { .events = EPOLLOUT };
	int set = epoll_create1(0);

	for (int i = 0; i < num; i++)
		if (epoll_ctl(set, EPOLL_CTL_ADD, fds[i].fd, &event))
			return -1;
	return set;
}

/*
 * More than are told of room in an interrupt: nobody sends, so nobody's room is another's. With our
 * transport it can be seen that the doorbells of the remote are for a thread.
 */
TEST_F_TIMEOUT(many, told_of_room, TEST_GUARD_S)
{
	struct pollfd fds[MANY];
	bool is_ours;
	char name[16], *trace;
	int ctrl, fd, set, ready;

	ASSERT_TRUE(remote_offline(self->remote));
	ASSERT_EQ(0, remote_start(self->remote, firmware_of(self->remote, "tty")));
	ctrl = rpmsg_open(self->remote, NULL, 0);
	ASSERT_LE(0, ctrl);
	for (int i = 0; i < MANY; i++) {
		snprintf(name, sizeof(name), "many%d", i);
		fds[i].fd = endpoint(self->remote, ctrl, name, DATA_ADDR, O_NONBLOCK);
		ASSERT_LE(0, fds[i].fd);
		fds[i].events = POLLOUT;
	}
	is_ours = trace_possible();
	/* As long as it takes to begin to trace, and longer. */
	ASSERT_EQ(0, order(self->remote, ctrl, "slow 1000000"));
	fd = take_all(self->remote, ctrl);
	ASSERT_LE(0, fd);
	set = waiting_set(fds, MANY);
	ASSERT_LE(0, set);
	is_ours = is_ours && !trace_on();
	ASSERT_EQ(0, poll(fds, MANY, 0));
	ready = poll(fds, MANY, HANG_GUARD_S * 1000);
	EXPECT_LT(0, ready);
	if (ready > 0)
		EXPECT_TRUE(wait_until(poll(fds, MANY, 0) == MANY));
	trace = trace_off();
	if (is_ours) {
		EXPECT_LT(0, traced(trace, "virtio_rpmsg_notify: ", "ring=1"));
		EXPECT_EQ(0, traced_in_hardirq(trace, "virtio_rpmsg_notify: ", "ring=1"));
	}
	free(trace);
	for (int i = 0; i < MANY; i++)
		close(fds[i].fd);
	close(set);
	close(fd);
	close(ctrl);
}

TEST_HARNESS_MAIN
