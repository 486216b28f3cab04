// SPDX-License-Identifier: GPL-2.0-only
/*
 * What is special about a remote processor that is one of Linux's own CPUs: that Linux lets it go,
 * has it back in working order whatever ran there, and keeps its hands off in between.
 *
 * Copyright (c) 2026 linux-amp developers
 */
#include "guest.h"
#include "channel.h"
#include "kmsg.h"
#include "zynq_brake.h"

#include <errno.h>
#include <limits.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <sys/wait.h>

#include "harness.h"

#define CPU1_ONLINE	"/sys/devices/system/cpu/cpu1/online"
#define CPU1_FAIL	"/sys/devices/system/cpu/cpu1/hotplug/fail"
#define CPU1_TARGET	"/sys/devices/system/cpu/cpu1/hotplug/target"
#define HOTPLUG_STATES	"/sys/devices/system/cpu/hotplug/states"
#define DRIVER		"/sys/bus/platform/drivers/zynq_remoteproc"
/* Whoever reads this waits for a kernel thread of each CPU. */
#define STAT_REFRESH	"/proc/sys/vm/stat_refresh"

#define CYCLES		500
#define CYCLES_LEAST	20
#define TICKS		5

struct deadline_attr {
	__u32 size;
	__u32 policy;
	__u64 flags;
	__s32 nice;
	__u32 priority;
	__u64 runtime;
	__u64 deadline;
	__u64 period;
};

FIXTURE(zynq)
{
	struct remote remotes[REMOTES_MAX];
	const struct remote *remote;
	int kmsg;
};

static bool cpu1_is_online(void)
{
	char text[8];

	return read_text(CPU1_ONLINE, text, sizeof(text)) > 0 && text[0] == '1';
}

FIXTURE_SETUP(zynq)
{
	ASSERT_EQ(1, remotes_find(self->remotes));
	self->remote = &self->remotes[0];
	ASSERT_STREQ("a9", self->remote->unit);
	ASSERT_TRUE(remote_offline(self->remote));
	remote_set(self->remote, "recovery", "enabled");
	if (!cpu1_is_online())
		ASSERT_EQ(0, write_text(CPU1_ONLINE, "1"));
	self->kmsg = kmsg_open();
	ASSERT_LE(0, self->kmsg);
}

FIXTURE_TEARDOWN(zynq)
{
	EXPECT_TRUE(remote_offline(self->remote));
	EXPECT_EQ(0, kmsg_splats(self->kmsg));
	close(self->kmsg);
}

static unsigned int log_counts(int kmsg, const char *text)
{
	kmsg_rewind(kmsg);
	return kmsg_count(kmsg, text);
}

static bool log_says(int kmsg, const char *text)
{
	return log_counts(kmsg, text);
}

/* Only on CPU1. 0 or a negative errno. */
static int move_to_cpu1(void)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(1, &set);
	return sched_setaffinity(0, sizeof(set), &set) ? -errno : 0;
}

/*
 * What a CPU is for, on CPU1: to compute, to be woken by its timer, to be left by its caller for
 * other work, to run the kernel's own threads, which the others wake by an interrupt. Returns how
 * often that worked, until it ran somewhere else.
 */
static int work_on_cpu1(void)
{
	unsigned int cpu = -1, sum = 0;
	char text[8];
	int round = 0;

	if (move_to_cpu1())
		return 0;
	for (; round < TICKS; round++) {
		for (unsigned int i = 0; i < 20000; i++)
			__atomic_fetch_add(&sum, i, __ATOMIC_RELAXED);
		usleep(2000);
		sched_yield();
		if (syscall(__NR_getcpu, &cpu, NULL, NULL) || cpu != 1)
			break;
	}
	return read_text(STAT_REFRESH, text, sizeof(text)) < 0 ? 0 : round;
}

/* In a process of its own, which then goes with its affinity. */
static int work(void)
{
	pid_t pid = fork();
	int status = 0;

	if (!pid)
		_exit(work_on_cpu1());
	if (pid < 0 || waitpid(pid, &status, 0) != pid || !WIFEXITED(status))
		return 0;
	return WEXITSTATUS(status);
}

TEST_F_TIMEOUT(zynq, taken_and_given_back, TEST_GUARD_S)
{
	EXPECT_LE(TICKS, work());
	ASSERT_EQ(0, remote_start(self->remote, self->remote->echo));
	EXPECT_FALSE(cpu1_is_online());
	EXPECT_EQ(0, echo_works(self->remote));
	EXPECT_EQ(-EINVAL, move_to_cpu1());
	ASSERT_EQ(0, remote_set(self->remote, "state", "stop"));
	EXPECT_TRUE(cpu1_is_online());
	EXPECT_LE(TICKS, work());
}

TEST_F_TIMEOUT(zynq, cannot_be_brought_online_meanwhile, TEST_GUARD_S)
{
	ASSERT_EQ(0, remote_start(self->remote, self->remote->echo));
	for (int i = 0; i < 10; i++)
		EXPECT_EQ(-EBUSY, write_text(CPU1_ONLINE, "1"));
	EXPECT_FALSE(cpu1_is_online());
	EXPECT_EQ(0, echo_works(self->remote));
	ASSERT_EQ(0, remote_set(self->remote, "state", "stop"));
	EXPECT_TRUE(cpu1_is_online());
}

/* As with maxcpus=1: what Linux did not use before it does not use afterwards. */
TEST_F_TIMEOUT(zynq, stays_offline_if_it_was, TEST_GUARD_S)
{
	ASSERT_EQ(0, write_text(CPU1_ONLINE, "0"));
	for (int i = 0; i < 3; i++) {
		ASSERT_EQ(0, remote_start(self->remote, self->remote->echo));
		EXPECT_EQ(0, echo_works(self->remote));
		ASSERT_EQ(0, remote_set(self->remote, "state", "stop"));
		EXPECT_FALSE(cpu1_is_online());
	}
	EXPECT_EQ(0, write_text(CPU1_ONLINE, "1"));
	EXPECT_LE(TICKS, work());
}

/* Return: the number of the state in which a CPU is online, or 0. */
static unsigned int online_state(void)
{
	unsigned int state = 0, number;
	char line[80], name[64];
	FILE *states = fopen("/sys/devices/system/cpu/hotplug/states", "r");

	while (states && fgets(line, sizeof(line), states))
		if (sscanf(line, "%u: %63s", &number, name) == 2 && !strcmp(name, "online"))
			state = number;
	if (states)
		fclose(states);
	return state;
}

/* Brought online by a way that leaves cpu1/online at 0: Linux runs on it. */
TEST_F_TIMEOUT(zynq, not_taken_if_only_said_to_be_offline, TEST_GUARD_S)
{
	char state[16];

	ASSERT_LT(0, online_state());
	snprintf(state, sizeof(state), "%u", online_state());
	ASSERT_EQ(0, write_text(CPU1_ONLINE, "0"));
	ASSERT_EQ(0, write_text(CPU1_TARGET, state));
	EXPECT_EQ(-EBUSY, remote_start(self->remote, self->remote->echo));
	EXPECT_STREQ("offline", remote_attr(self->remote, "state"));
	ASSERT_EQ(0, write_text(CPU1_ONLINE, "1"));
	ASSERT_EQ(0, remote_start(self->remote, self->remote->echo));
	EXPECT_EQ(0, echo_works(self->remote));
}

/* Taken offline by the same way, which leaves cpu1/online at 1: nothing of Linux is in the way. */
TEST_F_TIMEOUT(zynq, taken_if_only_said_to_be_online, TEST_GUARD_S)
{
	char state[16];

	ASSERT_LT(0, online_state());
	snprintf(state, sizeof(state), "%u", online_state());
	ASSERT_EQ(0, write_text(CPU1_TARGET, "0"));
	EXPECT_EQ(0, remote_start(self->remote, self->remote->echo));
	EXPECT_EQ(0, echo_works(self->remote));
	EXPECT_EQ(-EBUSY, write_text(CPU1_TARGET, state));
	EXPECT_EQ(0, remote_set(self->remote, "state", "stop"));
	/* Left as it was found. */
	EXPECT_EQ(-EINVAL, move_to_cpu1());
	ASSERT_EQ(0, write_text(CPU1_TARGET, state));
	EXPECT_LE(TICKS, work());
}

/* A firmware that is refused must not cost Linux its CPU. */
TEST_F_TIMEOUT(zynq, bad_firmware_costs_no_cpu, TEST_GUARD_S)
{
	EXPECT_GT(0, remote_start(self->remote, "amp-echo-m4.elf"));
	EXPECT_GT(0, remote_start(self->remote, "no-such-file.elf"));
	EXPECT_STREQ("offline", remote_attr(self->remote, "state"));
	EXPECT_TRUE(cpu1_is_online());
	EXPECT_LE(TICKS, work());
}

/*
 * One step of the way of CPU1 into Linux, or out of it, fails once: the hotplug machinery has that
 * for tests. Steps have names, and numbers that differ from kernel to kernel.
 */
static int let_fail(const char *step)
{
	size_t size;
	char *text = read_file(HOTPLUG_STATES, &size);
	char *line, *state, number[16] = "";
	int ret = -ENOENT;

	if (!text)
		return ret;
	for (line = strtok_r(text, "\n", &state); line; line = strtok_r(NULL, "\n", &state)) {
		char *name = strchr(line, ':');

		if (name && !strcmp(name + 2, step)) {
			snprintf(number, sizeof(number), "%ld", strtol(line, NULL, 10));
			ret = write_text(CPU1_FAIL, number);
		}
	}
	free(text);
	return ret;
}

/* Linux changes its mind on the way out: it keeps the CPU, whole. */
TEST_F_TIMEOUT(zynq, not_let_go, TEST_GUARD_S)
{
	ASSERT_EQ(0, let_fail("workqueue:online"));
	EXPECT_EQ(-EAGAIN, remote_start(self->remote, self->remote->echo));
	EXPECT_STREQ("offline", remote_attr(self->remote, "state"));
	EXPECT_TRUE(cpu1_is_online());
	EXPECT_TRUE(log_says(self->kmsg, "cannot take CPU1 from Linux"));
	EXPECT_LE(TICKS, work());

	ASSERT_EQ(0, remote_start(self->remote, self->remote->echo));
	EXPECT_EQ(0, echo_works(self->remote));
}

/* Starts the firmware and stops it, but Linux does not get further than @step with its CPU. */
static int stop_without_return(const struct remote *remote, const char *step)
{
	int ret = remote_start(remote, remote->echo);

	if (!ret)
		ret = echo_works(remote);
	if (!ret)
		ret = let_fail(step);
	return ret ?: remote_set(remote, "state", "stop");
}

/* Before CPU1 is there, or when it is. The stop is one all the same; the next one tries again. */
TEST_F_TIMEOUT(zynq, not_taken_back, TEST_GUARD_S)
{
	static const char *const steps[] = { "workqueue:prepare", "workqueue:online" };

	for (size_t i = 0; i < ARRAY_SIZE(steps); i++) {
		ASSERT_EQ(0, stop_without_return(self->remote, steps[i])) TH_LOG("%s", steps[i]);
		EXPECT_STREQ("offline", remote_attr(self->remote, "state"));
		EXPECT_FALSE(cpu1_is_online());
		EXPECT_TRUE(log_says(self->kmsg, "Linux does not take CPU1 back"));

		ASSERT_EQ(0, remote_start(self->remote, self->remote->echo));
		EXPECT_EQ(0, echo_works(self->remote));
		ASSERT_EQ(0, remote_set(self->remote, "state", "stop"));
		EXPECT_TRUE(cpu1_is_online());
		EXPECT_LE(TICKS, work());
	}
}

/* It is nobody's then, so anybody may bring it online. */
TEST_F_TIMEOUT(zynq, not_taken_back_then_by_hand, TEST_GUARD_S)
{
	ASSERT_EQ(0, stop_without_return(self->remote, "workqueue:prepare"));
	EXPECT_FALSE(cpu1_is_online());
	ASSERT_EQ(0, write_text(CPU1_ONLINE, "1"));
	EXPECT_LE(TICKS, work());

	ASSERT_EQ(0, remote_start(self->remote, self->remote->echo));
	EXPECT_FALSE(cpu1_is_online());
	ASSERT_EQ(0, remote_set(self->remote, "state", "stop"));
	EXPECT_TRUE(cpu1_is_online());
}

TEST_F_TIMEOUT(zynq, not_taken_back_then_unbound, TEST_GUARD_S)
{
	char path[PATH_MAX], device[PATH_MAX];

	snprintf(path, sizeof(path), "%s/device", self->remote->sysfs);
	ASSERT_NE(NULL, realpath(path, device));
	ASSERT_EQ(0, stop_without_return(self->remote, "workqueue:prepare"));
	EXPECT_FALSE(cpu1_is_online());

	ASSERT_EQ(0, write_text(DRIVER "/unbind", basename(device)));
	EXPECT_TRUE(cpu1_is_online());
	EXPECT_LE(TICKS, work());
	ASSERT_EQ(0, write_text(DRIVER "/bind", basename(device)));
	ASSERT_EQ(1, remotes_find(self->remotes));
	ASSERT_EQ(0, remote_start(self->remote, self->remote->echo));
	EXPECT_EQ(0, echo_works(self->remote));
}

static pid_t start_deadline_task(void)
{
	struct deadline_attr attr = {
		.size = sizeof(attr), .policy = 6,
		.runtime = 60000000, .deadline = 100000000, .period = 100000000,
	};
	int ready[2];
	char ok = 0;
	pid_t pid;

	if (pipe(ready))
		return -1;
	pid = fork();
	if (!pid) {
		ok = !syscall(__NR_sched_setattr, 0, &attr, 0);
		ok = write(ready[1], &ok, 1) == 1;
		pause();
		_exit(0);
	}
	if (read(ready[0], &ok, 1) != 1)
		ok = 0;
	close(ready[0]);
	close(ready[1]);
	if (!ok && pid > 0)
		kill(pid, SIGKILL);
	return ok ? pid : -1;
}

/* Two tasks that were promised more than one CPU can do: the scheduler does not let one go. */
TEST_F_TIMEOUT(zynq, refused_while_linux_needs_it, TEST_GUARD_S)
{
	pid_t task[2] = { -1, -1 };
	int ret = 0;

	for (int i = 0; i < 2; i++) {
		task[i] = start_deadline_task();
		if (task[i] < 0)
			SKIP(goto end, "no deadline scheduling");
	}
	ret = remote_start(self->remote, self->remote->echo);
	EXPECT_EQ(-EBUSY, ret);
	EXPECT_STREQ("offline", remote_attr(self->remote, "state"));
	EXPECT_TRUE(cpu1_is_online());
	EXPECT_TRUE(log_says(self->kmsg, "cannot take CPU1 from Linux"));
end:
	for (int i = 0; i < 2; i++)
		if (task[i] > 0)
			kill(task[i], SIGKILL);
	if (ret == -EBUSY) {
		EXPECT_TRUE(wait_until(!remote_start(self->remote, self->remote->echo)));
		EXPECT_EQ(0, echo_works(self->remote));
	}
}

/* It was stopped inside an interrupt handler, with more waiting, and its watchdog ran. */
TEST_F_TIMEOUT(zynq, given_back_by_a_stuck_firmware, TEST_GUARD_S)
{
	for (int i = 0; i < 3; i++) {
		ASSERT_EQ(0, remote_start(self->remote, firmware_of(self->remote, "stuck")));
		EXPECT_TRUE(remote_says(self->remote, "dead end"));
		ASSERT_EQ(0, remote_set(self->remote, "state", "stop"));
		EXPECT_TRUE(cpu1_is_online());
		EXPECT_LE(TICKS, work());
	}
	EXPECT_TRUE(log_says(self->kmsg, "SGI that is not its doorbell"));
	EXPECT_FALSE(log_says(self->kmsg, "does not come out of reset"));

	/* The controller is in order for the next firmware, too. */
	ASSERT_EQ(0, remote_start(self->remote, self->remote->echo));
	EXPECT_EQ(0, echo_works(self->remote));
}

/* With the registers locked by which CPU1 is stopped, and started again: one store does that. */
TEST_F_TIMEOUT(zynq, stopped_with_its_reset_locked, TEST_GUARD_S)
{
	for (int i = 0; i < 2; i++) {
		ASSERT_EQ(0, remote_start(self->remote, firmware_of(self->remote, "stuck-lock")));
		EXPECT_TRUE(remote_says(self->remote, "dead end"));
		ASSERT_EQ(0, remote_set(self->remote, "state", "stop"));
		EXPECT_TRUE(cpu1_is_online());
		EXPECT_LE(TICKS, work());
	}
	EXPECT_FALSE(log_says(self->kmsg, "does not come out of reset"));
}

/* A new life after a crash finds the interrupt controller as the first one did. */
TEST_F_TIMEOUT(zynq, new_life_hears_its_interrupts, TEST_GUARD_S)
{
	unsigned int before = log_counts(self->kmsg, "is now up");
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "/sys/kernel/debug/remoteproc/remoteproc%d/crash",
		 self->remote->index);
	ASSERT_EQ(0, remote_start(self->remote, firmware_of(self->remote, "stuck")));
	for (unsigned int life = 1; life <= 2; life++) {
		ASSERT_TRUE(wait_until(log_counts(self->kmsg, "is now up") == before + life));
		EXPECT_TRUE(remote_says(self->remote, "dead end")) TH_LOG("life %u", life);
		if (life == 1)
			ASSERT_EQ(0, write_text(path, "1"));
	}
}

/*
 * Either CPU0 keeps up with it, as on a machine where a doorbell costs its sender more than its
 * receiver; or the driver ends it. Linux is in control all the time, or the stop would not come.
 */
TEST_F_TIMEOUT(zynq, storm_of_doorbells, TEST_GUARD_S)
{
	ASSERT_EQ(0, remote_set(self->remote, "recovery", "disabled"));
	remote_start(self->remote, firmware_of(self->remote, "storm"));
	for (int i = 0; i < 50 && !remote_is(self->remote, "crashed"); i++)
		usleep(20000);
	if (remote_is(self->remote, "crashed"))
		EXPECT_TRUE(log_says(self->kmsg, "rings without end, held in reset"));

	remote_set(self->remote, "recovery", "enabled");
	EXPECT_TRUE(remote_offline(self->remote));
	EXPECT_TRUE(wait_until(cpu1_is_online()));
	EXPECT_LE(TICKS, work());
}

/* What the log has to say of a storm, in this order and no more often than there was one. */
static unsigned int storms_told(int kmsg)
{
	unsigned int held = log_counts(kmsg, "rings without end, held in reset");
	unsigned int reported = log_counts(kmsg, "crash: doorbell storm");

	if (held != reported)
		printf("# held %u times, reported %u times\n", held, reported);
	return held == reported ? held : 0;
}

/* CPU0 does not keep up with it: the driver ends it, says so once, and CPU1 is as good as new. */
TEST_F_TIMEOUT(zynq, storm_is_ended, 6 * TEST_GUARD_S)
{
	unsigned int before = storms_told(self->kmsg);
	__u32 *slcr = memory_map(SLCR, 4096);

	ASSERT_NE(NULL, slcr);
	ASSERT_EQ(0, remote_set(self->remote, "recovery", "disabled"));
	ASSERT_EQ(0, remote_start(self->remote, firmware_of(self->remote, "storm-all")));
	EXPECT_EQ(0, starve_until_held());
	EXPECT_TRUE(wait_until(remote_is(self->remote, "crashed")));
	usleep(300000);
	EXPECT_STREQ("crashed", remote_attr(self->remote, "state"));
	EXPECT_NE(0, memory_read(&slcr[A9_CPU_RST]) & CPU1_RST);
	EXPECT_EQ(-EBUSY, write_text(CPU1_ONLINE, "1"));
	EXPECT_EQ(before + 1, storms_told(self->kmsg));

	/* Its next life is one of its own. */
	ASSERT_EQ(0, remote_set(self->remote, "recovery", "recover"));
	EXPECT_TRUE(wait_until(remote_is(self->remote, "running")));
	EXPECT_EQ(0, memory_read(&slcr[A9_CPU_RST]) & CPU1_RST);
	munmap(slcr, 4096);

	ASSERT_EQ(0, remote_set(self->remote, "state", "stop"));
	EXPECT_TRUE(cpu1_is_online());
	EXPECT_LE(TICKS, work());
	ASSERT_EQ(0, remote_start(self->remote, self->remote->echo));
	EXPECT_EQ(0, echo_works(self->remote));
	EXPECT_EQ(before + 1, storms_told(self->kmsg));
}

/* What works on CPU1 and does not stop because CPU1 is taken. */
enum job { COMPUTES, TICKS_ON, CALLS_KERNEL, JOBS };

/**
 * struct tenant - somebody who is at home on CPU1 and nowhere else
 * @pid: the process
 * @done: counts what it has done
 */
struct tenant {
	pid_t pid;
	volatile unsigned int *done;
};

/* Without a pause: CPU1 is never idle when it is taken. */
static void compute(volatile unsigned int *done)
{
	/* So that the others have their turn while all are on one CPU. */
	setpriority(PRIO_PROCESS, 0, 19);
	for (;;)
		for (unsigned int i = 0; i < 1000; i++)
			++*done;
}

/* A timer that is armed on CPU1, and whose handler wakes a task there. */
static void tick(volatile unsigned int *done)
{
	struct itimerspec every = { .it_interval.tv_nsec = 1000000, .it_value.tv_nsec = 1 };
	int fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC);
	__u64 expired;

	timerfd_settime(fd, 0, &every, NULL);
	while (read(fd, &expired, sizeof(expired)) == sizeof(expired))
		++*done;
}

/* Work for the kernel's thread of each CPU, which has to end although one of them goes. */
static void call_kernel(volatile unsigned int *done)
{
	char text[8];

	for (; read_text(STAT_REFRESH, text, sizeof(text)) >= 0; usleep(1000))
		++*done;
}

static pid_t move_in(enum job job, volatile unsigned int *done)
{
	pid_t parent = getpid(), pid = fork();

	if (pid)
		return pid;
	/* Whoever of them is left behind keeps the CPU busy for ever. */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent || move_to_cpu1())
		_exit(1);
	if (job == COMPUTES)
		compute(done);
	else if (job == TICKS_ON)
		tick(done);
	else
		call_kernel(done);
	_exit(1);
}

/* Back to CPU1, which Linux made them leave, and only there. 0 or a negative errno. */
static int send_home(const struct tenant *tenants)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(1, &set);
	for (int i = 0; i < JOBS; i++)
		if (sched_setaffinity(tenants[i].pid, sizeof(set), &set))
			return -errno;
	return 0;
}

/* Field of /proc/PID/stat: the CPU that a task was on last; behind a name that may have spaces. */
static int cpu_of(pid_t pid)
{
	char path[40], text[512], *field;

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	if (read_text(path, text, sizeof(text)) < 0)
		return -1;
	field = strrchr(text, ')');
	for (int i = 2; field && i < 39; i++)
		field = strchr(field + 1, ' ');
	return field ? atoi(field) : -1;
}

/* Each of them goes on, there. */
static bool work_on(const struct tenant *tenants, int cpu)
{
	for (int i = 0; i < JOBS; i++) {
		unsigned int before = *tenants[i].done;

		if (wait_until(*tenants[i].done != before && cpu_of(tenants[i].pid) == cpu))
			continue;
		printf("# job %d: CPU%d, %u and %u\n", i, cpu_of(tenants[i].pid), before,
		       *tenants[i].done);
		return false;
	}
	return true;
}

TEST_F_TIMEOUT(zynq, cycles_with_work_in_between, 6 * TEST_GUARD_S)
{
	unsigned int cycles = scaled(CYCLES, CYCLES_LEAST);
	volatile unsigned int *done;
	struct tenant tenants[JOBS];

	done = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	ASSERT_NE(MAP_FAILED, done);
	for (int i = 0; i < JOBS; i++) {
		tenants[i].done = &done[i];
		tenants[i].pid = move_in(i, &done[i]);
		ASSERT_LT(0, tenants[i].pid);
	}

	for (unsigned int i = 0; i < cycles; i++) {
		/* Who waits for the end of this takes silence for a hang. */
		if (i % 25 == 24)
			TH_LOG("%u cycles", i + 1);
		/* They are at it when it is taken. */
		ASSERT_EQ(0, send_home(tenants));
		ASSERT_TRUE(work_on(tenants, 1)) TH_LOG("cycle %u", i);
		ASSERT_EQ(0, remote_start(self->remote, self->remote->echo)) TH_LOG("cycle %u", i);
		ASSERT_FALSE(cpu1_is_online());
		ASSERT_TRUE(work_on(tenants, 0)) TH_LOG("cycle %u", i);
		ASSERT_EQ(0, echo_works(self->remote)) TH_LOG("cycle %u", i);
		ASSERT_EQ(0, remote_set(self->remote, "state", "stop"));
		ASSERT_TRUE(cpu1_is_online());
		ASSERT_LE(TICKS, work()) TH_LOG("cycle %u", i);
	}
	ASSERT_EQ(0, send_home(tenants));
	EXPECT_TRUE(work_on(tenants, 1));
	for (int i = 0; i < JOBS; i++) {
		kill(tenants[i].pid, SIGKILL);
		waitpid(tenants[i].pid, NULL, 0);
	}
	munmap((void *)done, 4096);
}

TEST_HARNESS_MAIN
