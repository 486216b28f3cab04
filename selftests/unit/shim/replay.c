// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (c) 2026 linux-amp developers
 *
 * Stands in for libFuzzer on hosts without clang: feeds every file given on the
 * command line to the fuzz target, then mutations of them (bit flips, boundary
 * values, copied and moved pieces, other lengths). The parser is compiled with
 * -fsanitize-coverage=trace-pc: an input that reaches code that none before has
 * reached becomes one that is mutated. The sequence is deterministic.
 *
 * usage: <name>_replay EXECUTIONS FILE...
 */

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <linux/array_size.h>
#include <linux/types.h>

#define MAX_INPUT	65536
#define MAX_POOL	2048
#define MAP_BITS	16

struct input {
	u8 *data;
	size_t size;
};

static struct input pool[MAX_POOL];
static unsigned int num_pool;
static u8 reached[1 << MAP_BITS];
static uintptr_t last;
static bool is_new;

int LLVMFuzzerTestOneInput(const u8 *data, size_t size);
void __sanitizer_cov_trace_pc(void);

/* Called at every edge of the parser: where from and where to. */
void __sanitizer_cov_trace_pc(void)
{
	uintptr_t here = (uintptr_t)__builtin_return_address(0);
	u8 *mark = &reached[((here ^ (here >> MAP_BITS)) ^ last) & ((1 << MAP_BITS) - 1)];

	is_new |= !*mark;
	*mark = 1;
	last = (here * 31) >> 1;
}

static u32 rnd(void)
{
	static u32 state = 0x9e3779b9;

	state ^= state << 13;
	state ^= state >> 17;
	state ^= state << 5;
	return state;
}

static void keep(const u8 *data, size_t size)
{
	struct input *input = &pool[num_pool];

	if (num_pool == MAX_POOL)
		return;
	input->data = malloc(size ? size : 1);
	if (!input->data)
		exit(2);
	memcpy(input->data, data, size);
	input->size = size;
	num_pool++;
}

/* An exactly sized heap copy, so that ASan sees a read of one byte too many. */
static void run(const u8 *data, size_t size)
{
	u8 *copy = malloc(size ? size : 1);

	if (!copy)
		exit(2);
	memcpy(copy, data, size);
	is_new = false;
	last = 0;
	LLVMFuzzerTestOneInput(copy, size);
	free(copy);
	if (is_new)
		keep(data, size);
}

/* Values that lengths, counts and offsets go wrong at. */
static void put_edge(u8 *work, size_t len, size_t at)
{
	static const u32 edge[] = {
		0, 1, 4, 16, 0x7f, 0x80, 0xff, 0x100, 0x1000, 0x7fff, 0x8000, 0xffff,
		0x10000, 0x7fffffff, 0x80000000, 0xfffffff0, 0xfffffffc, 0xffffffff,
	};
	u32 value = edge[rnd() % ARRAY_SIZE(edge)];
	size_t bytes = 1U << (rnd() % 3);

	if (bytes > len - at)
		bytes = len - at;
	memcpy(work + at, &value, bytes);
}

static void change(u8 *work, size_t len)
{
	size_t at = rnd() % len, from = rnd() % len, bytes = 1 + rnd() % 16;

	switch (rnd() % 5) {
	case 0:
		work[at] ^= 1U << (rnd() % 8);
		break;
	case 1:
		work[at] = rnd();
		break;
	case 2:
		work[at] += rnd() % 33 - 16;
		break;
	case 3:
		put_edge(work, len, at);
		break;
	default:
		if (bytes > len - (at > from ? at : from))
			bytes = len - (at > from ? at : from);
		memmove(work + at, work + from, bytes);
	}
}

static size_t other_length(u8 *work, size_t size)
{
	size_t more = 1 + rnd() % 32;

	if (rnd() & 1)
		return rnd() % (size + 1);
	if (more > MAX_INPUT - size)
		more = MAX_INPUT - size;
	memset(work + size, rnd(), more);
	return size + more;
}

static void mutate(const struct input *input)
{
	static u8 work[MAX_INPUT];
	size_t len = input->size;
	unsigned int n;

	memcpy(work, input->data, len);
	if (!(rnd() % 8))
		len = other_length(work, len);
	for (n = 1 + rnd() % 4; len && n; n--)
		change(work, len);
	run(work, len);
}

static void read_input(const char *path)
{
	static u8 data[MAX_INPUT];
	size_t size;
	FILE *f = fopen(path, "rb");

	if (!f) {
		perror(path);
		exit(2);
	}
	size = fread(data, 1, sizeof(data), f);
	fclose(f);
	run(data, size);
	/* Also if the one before has reached all that this one does. */
	if (!is_new)
		keep(data, size);
}

int main(int argc, char **argv)
{
	unsigned long left;
	int i;

	if (argc < 3) {
		fprintf(stderr, "usage: %s EXECUTIONS FILE...\n", argv[0]);
		return 2;
	}
	for (i = 2; i < argc; i++)
		read_input(argv[i]);
	for (left = strtoul(argv[1], NULL, 0); left; left--)
		mutate(&pool[rnd() % num_pool]);
	printf("# %s executions of %d inputs and their mutations, %u kept\n", argv[1], argc - 2,
	       num_pool);
	return 0;
}
