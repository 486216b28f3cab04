/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the bench firmware is asked to do, as messages to one of its echo endpoints.
 * Shared with the program that asks, so it uses nothing of either side.
 *
 * Copyright (c) 2026 linux-amp developers
 */

#ifndef FW_BENCH_H
#define FW_BENCH_H

#define BENCH_MAGIC	0x434e4542
#define BENCH_ENDPOINTS	4

/* Endpoint N of each kind is at this address plus N */
#define BENCH_ECHO_ADDR	1040
#define BENCH_SINK_ADDR	1050

/**
 * struct bench_request - ask for messages
 * @magic:	BENCH_MAGIC; anything else is echoed
 * @count:	messages to send to whoever asks; 0 asks for a struct bench_report
 * @size:	bytes in each
 */
struct bench_request {
	unsigned int magic;
	unsigned int count;
	unsigned int size;
};

/**
 * struct bench_report - what the remote has taken since Linux came
 * @magic:	BENCH_MAGIC
 * @received:	messages, without the request
 */
struct bench_report {
	unsigned int magic;
	unsigned int received;
};

#endif
