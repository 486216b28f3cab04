// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (c) 2026 linux-amp developers
 *
 * Stands in for libFuzzer on hosts without clang: feeds every file given on the
 * command line to the fuzz target, then a fixed number of mutations of each
 * (bit flips, boundary bytes, truncation). The sequence is deterministic.
 *
 * usage: <name>_replay ROUNDS FILE...
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <linux/types.h>

#define MAX_INPUT	65536

int LLVMFuzzerTestOneInput(const u8 *data, size_t size);

static u32 rnd(void)
{
	static u32 state = 0x9e3779b9;

	state ^= state << 13;
	state ^= state >> 17;
	state ^= state << 5;
	return state;
}

/* An exactly sized heap copy, so that ASan sees a read of one byte too many. */
static void run(const u8 *data, size_t size)
{
	u8 *copy = malloc(size ? size : 1);

	if (!copy)
		exit(2);
	memcpy(copy, data, size);
	LLVMFuzzerTestOneInput(copy, size);
	free(copy);
}

static void mutate(const u8 *data, size_t size, unsigned long rounds)
{
	static const u8 edge[] = { 0, 1, 0x7f, 0x80, 0xff };
	static u8 work[MAX_INPUT];
	unsigned long i;
	unsigned int n;

	for (i = 0; i < rounds; i++) {
		size_t len = rnd() % 8 ? size : rnd() % (size + 1);

		memcpy(work, data, size);
		for (n = 1 + rnd() % 4; len && n; n--) {
			size_t at = rnd() % len;

			if (rnd() & 1)
				work[at] ^= 1U << (rnd() % 8);
			else
				work[at] = edge[rnd() % sizeof(edge)];
		}
		run(work, len);
	}
}

int main(int argc, char **argv)
{
	static u8 data[MAX_INPUT];
	unsigned long rounds;
	size_t size;
	FILE *f;
	int i;

	if (argc < 3) {
		fprintf(stderr, "usage: %s ROUNDS FILE...\n", argv[0]);
		return 2;
	}
	rounds = strtoul(argv[1], NULL, 0);
	for (i = 2; i < argc; i++) {
		f = fopen(argv[i], "rb");
		if (!f) {
			perror(argv[i]);
			return 2;
		}
		size = fread(data, 1, sizeof(data), f);
		fclose(f);
		run(data, size);
		mutate(data, size, rounds);
	}
	printf("%s: %d inputs, %lu mutations each\n", argv[0], argc - 2, rounds);
	return 0;
}
