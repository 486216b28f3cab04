// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a message costs: ping-pong, a stream to the remote and a stream from it, with short and
 * long messages, one endpoint and four at once. Prints a line "# bench {...}" for each round, in
 * the order in which they were made; make bench makes a report of them. What is counted here is
 * counted by the kernel, so that it is the same for any driver. Each round lies between two marks,
 * which QEMU can count instructions between: see ../bench/count.c.
 *
 * With AMP_VARIANT=count there is a last round with the kernel's tracing of allocations. With
 * AMP_VARIANT=profile-TEST-SIZE that test is the only one, and where all functions are is printed.
 *
 * Copyright (c) 2026 linux-amp developers
 */
#include "guest.h"
#include "channel.h"
#include "../firmware/include/fw/bench.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <time.h>

#define MESSAGES	1000
/* What is asked for at a time: an endpoint device keeps 512 unread messages and drops more. */
#define STREAM		250
#define ROUNDS		4
#define TRACING		"/sys/kernel/tracing"

/* "orr r4, r4, r4" and the same with r5. */
#if defined(__aarch64__)
#define BEGIN	".inst 0xaa040084"
#define END	".inst 0xaa0500a5"
#elif defined(__thumb2__)
#define BEGIN	".inst.w 0xea440404"
#define END	".inst.w 0xea450505"
#else
#define BEGIN	".inst 0xe1844004"
#define END	".inst 0xe1855005"
#endif

enum kind {
	PING,
	TO_REMOTE,
	FROM_REMOTE,
	KINDS,
};

static const char *const kind_names[KINDS] = { "ping", "to-remote", "from-remote" };
static const size_t sizes[] = { 16, 496 };
static const unsigned int endpoint_counts[] = { 1, BENCH_ENDPOINTS };

struct counters {
	__u64 ns;
	__u64 interrupts;
	__u64 switches;
	__u64 allocations;
};

struct sample {
	enum kind kind;
	size_t size;
	unsigned int endpoints;
	bool traced;
	struct counters counters;
};

/* One thread for each endpoint, as several programs would do it. */
struct worker {
	pthread_t thread;
	enum kind kind;
	int fd;
	size_t size;
	unsigned int messages;
	int error;
};

static struct sample samples[KINDS * ARRAY_SIZE(sizes) * ARRAY_SIZE(endpoint_counts) *
			     (ROUNDS + 1)];
static unsigned int num_samples;
static int echo_fds[BENCH_ENDPOINTS], sink_fds[BENCH_ENDPOINTS];

static int transfer(struct worker *w)
{
	const struct bench_request stream = {
		.magic = BENCH_MAGIC, .count = STREAM, .size = w->size,
	};
	__u8 buf[PAYLOAD_MAX] = { 0 };

	for (unsigned int i = 0; i < w->messages; i++) {
		if (w->kind == FROM_REMOTE && i % STREAM == 0 &&
		    write(w->fd, &stream, sizeof(stream)) < 0)
			return -errno;
		if (w->kind != FROM_REMOTE && write(w->fd, buf, w->size) < 0)
			return -errno;
		if (w->kind != TO_REMOTE && read(w->fd, buf, sizeof(buf)) != w->size)
			return -EBADMSG;
	}
	return 0;
}

static void *work(void *data)
{
	struct worker *w = data;

	w->error = transfer(w);
	return NULL;
}

/* The rings keep the order: a reply says that the remote has taken all that came before. */
static int wait_for_remote(void)
{
	const struct bench_request request = { .magic = BENCH_MAGIC };
	struct bench_report report;

	if (write(echo_fds[0], &request, sizeof(request)) < 0)
		return -errno;
	return read(echo_fds[0], &report, sizeof(report)) == sizeof(report) ? 0 : -EBADMSG;
}

static int run_workers(enum kind kind, size_t size, unsigned int endpoints)
{
	struct worker workers[BENCH_ENDPOINTS];
	int ret = 0;

	for (unsigned int i = 0; i < endpoints; i++) {
		workers[i] = (struct worker){
			.kind = kind,
			.fd = kind == TO_REMOTE ? sink_fds[i] : echo_fds[i],
			.size = size,
			.messages = MESSAGES / endpoints,
		};
		if (endpoints == 1)
			work(&workers[i]);
		else if (pthread_create(&workers[i].thread, NULL, work, &workers[i]))
			exit(1);
	}
	for (unsigned int i = 0; i < endpoints; i++) {
		if (endpoints > 1)
			pthread_join(workers[i].thread, NULL);
		ret = workers[i].error ? workers[i].error : ret;
	}
	return ret || kind != TO_REMOTE ? ret : wait_for_remote();
}

/* Sum of the first numbers behind @key, of lines that have none of the words in @without. */
static __u64 sum_lines(const char *path, const char *key, const char *const *without)
{
	FILE *file = fopen(path, "r");
	char line[4096], *at;
	__u64 sum = 0;

	while (file && fgets(line, sizeof(line), file)) {
		bool skip = false;

		for (const char *const *word = without; word && *word; word++)
			skip |= !!strstr(line, *word);
		at = strstr(line, key);
		if (at && !skip)
			sum += strtoull(at + strlen(key), NULL, 10);
	}
	if (file)
		fclose(file);
	return sum;
}

/* All but the clock's, which ticks whatever happens. One processor: the first column is all. */
static __u64 count_interrupts(void)
{
	static const char *const clocks[] = { "timer", "Timer", "gpt", "twd", NULL };

	return sum_lines("/proc/interrupts", ":", clocks);
}

static __u64 count_allocations(void)
{
	return sum_lines(TRACING "/per_cpu/cpu0/stats", "entries:", NULL) +
	       sum_lines(TRACING "/per_cpu/cpu0/stats", "overrun:", NULL);
}

static __u64 count_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000000ull + t.tv_nsec;
}

static void trace_allocations(bool on)
{
	static const char *const events[] = {
		"kmalloc", "kmem_cache_alloc", "kmalloc_node", "kmem_cache_alloc_node",
	};
	char path[128];

	/* The last two are older kernels'. */
	for (size_t i = 0; i < ARRAY_SIZE(events); i++) {
		snprintf(path, sizeof(path), TRACING "/events/kmem/%s/enable", events[i]);
		write_text(path, on ? "1" : "0");
	}
}

/* What counting costs is not between the two looks at the clock, nor between the marks. */
static int measure_round(struct sample *s)
{
	struct counters *c = &s->counters;
	int ret;

	trace_allocations(s->traced);
	c->allocations = count_allocations();
	c->switches = sum_lines("/proc/stat", "ctxt ", NULL);
	c->interrupts = count_interrupts();
	c->ns = count_ns();
	asm volatile(BEGIN : : : "memory");
	ret = run_workers(s->kind, s->size, s->endpoints);
	asm volatile(END : : : "memory");
	c->ns = count_ns() - c->ns;
	c->interrupts = count_interrupts() - c->interrupts;
	c->switches = sum_lines("/proc/stat", "ctxt ", NULL) - c->switches;
	trace_allocations(false);
	c->allocations = count_allocations() - c->allocations;
	return ret;
}

static const char *variant(void)
{
	return getenv("AMP_VARIANT") ?: "";
}

static bool is_wanted(enum kind kind, size_t size, unsigned int endpoints)
{
	char name[64];

	snprintf(name, sizeof(name), "profile-%s-%zu", kind_names[kind], size);
	return strncmp(variant(), "profile-", strlen("profile-")) ||
	       (endpoints == 1 && !strcmp(variant(), name));
}

/* Printed at the end: the terminal's interrupts would be counted with the next round. */
static int measure(enum kind kind, size_t size, unsigned int endpoints)
{
	unsigned int rounds = ROUNDS + !strcmp(variant(), "count");
	int ret = 0;

	if (!is_wanted(kind, size, endpoints))
		return 0;
	for (unsigned int round = 0; round < rounds && !ret; round++) {
		samples[num_samples] = (struct sample){
			.kind = kind, .size = size, .endpoints = endpoints,
			.traced = round >= ROUNDS,
		};
		ret = measure_round(&samples[num_samples++]);
	}
	return ret;
}

static void print_samples(void)
{
	for (unsigned int i = 0; i < num_samples; i++) {
		const struct sample *s = &samples[i];

		printf("# bench {\"test\": \"%s\", \"size\": %zu, ", kind_names[s->kind], s->size);
		printf("\"endpoints\": %u, \"messages\": %u, ", s->endpoints, MESSAGES);
		printf("\"traced\": %s, ", s->traced ? "true" : "false");
		printf("\"ns\": %llu, ", s->counters.ns);
		printf("\"interrupts\": %llu, ", s->counters.interrupts);
		printf("\"switches\": %llu, ", s->counters.switches);
		printf("\"allocations\": %llu}\n", s->counters.allocations);
	}
}

/* Where functions are, of the kernel and its modules. */
static void print_symbols(void)
{
	FILE *file = fopen("/proc/kallsyms", "r");
	char line[512], address[32], name[256], type;

	while (file && fgets(line, sizeof(line), file))
		if (sscanf(line, "%31s %c %255s", address, &type, name) == 3 &&
		    strchr("tTwW", type) && name[0] != '$')
			printf("# symbol %s %s\n", address, name);
	if (file)
		fclose(file);
}

static int open_endpoint(const struct remote *remote, int ctrl, const char *name, __u32 dst,
			 int *fd)
{
	int ret = endpoint_create(ctrl, name, -1, dst);

	if (ret)
		return ret;
	*fd = rpmsg_open(remote, name, 0);
	return *fd < 0 ? *fd : 0;
}

static int open_endpoints(const struct remote *remote)
{
	int ctrl = rpmsg_open(remote, NULL, 0);
	int ret = ctrl < 0 ? ctrl : 0;
	char name[32];

	for (int i = 0; i < BENCH_ENDPOINTS && !ret; i++) {
		snprintf(name, sizeof(name), "to-echo-%d", i);
		ret = open_endpoint(remote, ctrl, name, BENCH_ECHO_ADDR + i, &echo_fds[i]);
		snprintf(name, sizeof(name), "to-sink-%d", i);
		if (!ret)
			ret = open_endpoint(remote, ctrl, name, BENCH_SINK_ADDR + i, &sink_fds[i]);
	}
	return ret;
}

/* The remote has to have announced all it has, or that would be counted. */
static int set_up(struct remote *remotes)
{
	char last[32];
	int ret;

	mount("tracefs", TRACING, "tracefs", 0, NULL);
	if (remotes_find(remotes) < 1 || !remote_offline(&remotes[0]))
		return -ENODEV;
	ret = remote_start(&remotes[0], firmware_of(&remotes[0], "bench"));
	if (ret)
		return ret;
	snprintf(last, sizeof(last), "bench-sink-%d", BENCH_ENDPOINTS - 1);
	if (channel_dst(&remotes[0], last) < 0)
		return -ETIMEDOUT;
	return open_endpoints(&remotes[0]);
}

static int bench(void)
{
	struct remote remotes[REMOTES_MAX];
	int ret = set_up(remotes);

	for (enum kind kind = 0; kind < KINDS; kind++)
		for (size_t e = 0; e < ARRAY_SIZE(endpoint_counts); e++)
			for (size_t s = 0; s < ARRAY_SIZE(sizes) && !ret; s++)
				ret = measure(kind, sizes[s], endpoint_counts[e]);
	print_samples();
	if (!strncmp(variant(), "profile-", strlen("profile-")))
		print_symbols();
	if (!ret && !remote_offline(&remotes[0]))
		ret = -EBUSY;
	return ret;
}

int main(void)
{
	int ret;

	printf("TAP version 13\n1..1\n");
	ret = bench();
	if (ret)
		printf("# %s\n", strerror(-ret));
	printf("%s 1 bench\n", ret ? "not ok" : "ok");
	return ret ? 1 : 0;
}
