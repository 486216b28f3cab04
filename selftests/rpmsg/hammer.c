// SPDX-License-Identifier: GPL-2.0-only
/*
 * Many threads do everything at once, on whatever device they find, while the remote is stopped and
 * started under them. Some files they share, each by a descriptor of its own or all by the same,
 * and any of them may close it. What they get does not matter; that everybody comes back does.
 *
 * Copyright (c) 2026 linux-amp developers
 */
#include "guest.h"
#include "channel.h"
#include "kmsg.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include <amp/rpmsg.h>

#include "harness.h"

#define THREADS		8
/* Addresses of the terminals' firmware that take messages. */
#define FIRST_ADDR	1040
#define NUM_ADDRS	3

/* Open files that are anybody's. */
#define SHARED		4

/* How the workers' process ends. */
enum workers_end { ALL_CAME_BACK, NO_WORK, LOST_ONE };

static volatile bool enough;
static int shared[SHARED] = { -1, -1, -1, -1 };

struct hand {
	pthread_t thread;
	unsigned int seed;
	unsigned long done;
};

static unsigned int any(struct hand *hand, unsigned int below)
{
	return rand_r(&hand->seed) % below;
}

static int open_any(struct hand *hand)
{
	char path[32];

	if (any(hand, 4))
		snprintf(path, sizeof(path), "/dev/rpmsg%u", any(hand, 8));
	else
		snprintf(path, sizeof(path), "/dev/ttyRPMSG%u", any(hand, 8));
	return open(path, O_RDWR | O_NOCTTY | O_CLOEXEC | (any(hand, 2) ? O_NONBLOCK : 0));
}

/* A new endpoint or channel, or the end of a channel. Return: descriptor if it made one. */
static int ask_any(struct hand *hand)
{
	struct rpmsg_endpoint_info info = { .name = "rpmsg-raw", .src = RPMSG_ADDR_ANY };
	struct rpmsg_endpoint_fd_info fd_info = {
		.name = "hammer", .src = RPMSG_ADDR_ANY, .dst = FIRST_ADDR, .flags = O_RDWR,
		.fd = -1,
	};
	char path[32];
	int ctrl;

	snprintf(path, sizeof(path), "/dev/rpmsg_ctrl%u", any(hand, 2));
	ctrl = open(path, O_RDWR | O_CLOEXEC);
	if (ctrl < 0)
		return -1;
	info.dst = FIRST_ADDR + any(hand, NUM_ADDRS);
	switch (any(hand, 5)) {
	case 0:
		ioctl(ctrl, RPMSG_CREATE_EPT_IOCTL, &info);
		break;
	case 1:
		ioctl(ctrl, RPMSG_CREATE_DEV_IOCTL, &info);
		break;
	case 2:
		ioctl(ctrl, RPMSG_RELEASE_DEV_IOCTL, &info);
		break;
	default:
		ioctl(ctrl, RPMSG_CREATE_EPT_FD_IOCTL, &fd_info);
	}
	close(ctrl);
	return fd_info.fd;
}

static void use_any(struct hand *hand, int fd, int set)
{
	struct pollfd pfd = { .fd = fd, .events = POLLIN | POLLOUT };
	struct epoll_event event;
	char buf[600] = "";
	int value;

	switch (any(hand, 9)) {
	case 0:
	case 1:
	case 2:
		if (write(fd, buf, any(hand, 520)) < 0)
			hand->done++;
		break;
	case 3:
		poll(&pfd, 1, 1);
		break;
	case 4:
		/* What it waits for may never come: only when there is something. */
		pfd.events = POLLIN;
		if (poll(&pfd, 1, 2) > 0 && read(fd, buf, any(hand, sizeof(buf))) < 0)
			hand->done++;
		break;
	case 5:
		epoll_wait(set, &event, 1, 1);
		break;
	case 6:
		ioctl(fd, FIONREAD, &value);
		break;
	case 7:
		ioctl(fd, RPMSG_SET_INCOMING_FLOWCONTROL, any(hand, 2));
		ioctl(fd, RPMSG_GET_OUTGOING_FLOWCONTROL, &value);
		break;
	case 8:
		if (!any(hand, 20))
			ioctl(fd, RPMSG_DESTROY_EPT_IOCTL);
	}
	hand->done++;
}

/* Puts a descriptor in the place of another, which somebody may be using. */
static void share(struct hand *hand, int fd)
{
	int old = __atomic_exchange_n(&shared[any(hand, SHARED)], fd, __ATOMIC_RELAXED);

	if (old >= 0)
		close(old);
}

/* Not necessarily still open, and then perhaps somebody else's by now. */
static int own_or_shared(struct hand *hand, int fd)
{
	int other = __atomic_load_n(&shared[any(hand, SHARED)], __ATOMIC_RELAXED);

	return other < 0 || any(hand, 2) ? fd : other;
}

static void *hammer(void *context)
{
	struct epoll_event event = { .events = EPOLLIN | EPOLLOUT | EPOLLET };
	int set = epoll_create1(EPOLL_CLOEXEC);
	struct hand *hand = context;

	while (!enough) {
		int fd = any(hand, 8) ? open_any(hand) : ask_any(hand);

		if (fd < 0) {
			usleep(1000);
			continue;
		}
		epoll_ctl(set, EPOLL_CTL_ADD, fd, &event);
		if (!any(hand, 3))
			share(hand, dup(fd));
		for (unsigned int i = 0; i < 40 && !enough; i++)
			use_any(hand, own_or_shared(hand, fd), set);
		if (any(hand, 3))
			close(fd);
		else
			share(hand, fd);
	}
	close(set);
	return NULL;
}

static bool all_work(struct hand *hands)
{
	for (int i = 0; i < THREADS; i++) {
		hands[i].seed = i + 1;
		if (pthread_create(&hands[i].thread, NULL, hammer, &hands[i]))
			return false;
	}
	return true;
}

static bool all_come_back(struct hand *hands)
{
	bool good = true;

	enough = true;
	for (int i = 0; i < THREADS; i++)
		good = !pthread_join(hands[i].thread, NULL) && good;
	return good;
}

/* How many have not got hold of anything yet, which on a busy board is nobody's fault. */
static unsigned int idle(const struct hand *hands)
{
	unsigned int count = 0;

	for (int i = 0; i < THREADS; i++)
		count += !__atomic_load_n(&hands[i].done, __ATOMIC_RELAXED);
	return count;
}

/*
 * In a process of their own, where a descriptor that somebody has closed meanwhile is at worst
 * another one of theirs. Until the gate is shut.
 */
static pid_t let_them_work(struct hand *hands, int *gate)
{
	int pair[2];
	pid_t child;
	char none;

	if (pipe(pair))
		return -1;
	*gate = pair[1];
	child = fork();
	if (child) {
		close(pair[0]);
		return child;
	}
	close(pair[1]);
	if (!all_work(hands) || read(pair[0], &none, 1))
		_exit(NO_WORK);
	_exit(all_come_back(hands) ? ALL_CAME_BACK : LOST_ONE);
}

FIXTURE(hammer)
{
	struct remote remotes[REMOTES_MAX];
	const struct remote *remote;
	struct hand *hands;
	pid_t workers;
	int kmsg, gate;
};

FIXTURE_SETUP(hammer)
{
	ASSERT_LT(0, remotes_find(self->remotes));
	self->remote = &self->remotes[0];
	ASSERT_TRUE(remote_offline(self->remote));
	self->hands = mmap(NULL, THREADS * sizeof(*self->hands), PROT_READ | PROT_WRITE,
			   MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	ASSERT_NE(MAP_FAILED, self->hands);
	self->workers = let_them_work(self->hands, &self->gate);
	ASSERT_LT(0, self->workers);
	self->kmsg = kmsg_open();
	ASSERT_LE(0, self->kmsg);
}

FIXTURE_TEARDOWN(hammer)
{
	EXPECT_EQ(0, remote_start(self->remote, self->remote->echo));
	EXPECT_EQ(0, echo_works(self->remote));
	EXPECT_TRUE(remote_offline(self->remote));
	EXPECT_EQ(0, kmsg_splats(self->kmsg));
	close(self->kmsg);
}

TEST_F_TIMEOUT(hammer, stop_and_start_under_load, 6 * TEST_GUARD_S)
{
	unsigned int rounds = 0, wanted = scaled(200, 10);
	bool over = false;
	__u64 start, worst_ms = 0;
	int status;

	/* On a slow board, eight busy threads would leave nothing for the one that counts. */
	setpriority(PRIO_PROCESS, 0, -20);
	for (; !over && (rounds < wanted || idle(self->hands)); rounds++) {
		ASSERT_GT(10 * wanted, rounds);
		ASSERT_EQ(0, remote_start(self->remote, firmware_of(self->remote, "tty")));
		usleep(20000 + rounds * 7919 % 80000);
		start = now_ms();
		ASSERT_EQ(0, remote_set(self->remote, "state", "stop"));
		start = now_ms() - start;
		worst_ms = start > worst_ms ? start : worst_ms;
		/* Before its time, and says why. */
		over = waitpid(self->workers, &status, WNOHANG) == self->workers;
	}
	close(self->gate);
	ASSERT_TRUE(over ||
		    wait_until(waitpid(self->workers, &status, WNOHANG) == self->workers));
	EXPECT_FALSE(over);
	ASSERT_TRUE(WIFEXITED(status));
	EXPECT_EQ(ALL_CAME_BACK, WEXITSTATUS(status));
	TH_LOG("%u rounds, slowest stop %llu ms", rounds, worst_ms);
	EXPECT_GT(HANG_GUARD_S * 1000, worst_ms);
}

TEST_HARNESS_MAIN
