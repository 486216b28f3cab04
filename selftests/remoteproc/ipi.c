// SPDX-License-Identifier: GPL-2.0-only
/*
 * Our driver of the inter-processor interrupts: what an interrupt and a message cost in firmware
 * calls, which the monitor counts; what is in the buffers; that it can go and come. The shapes of
 * its devicetree node are boots of their own, AMP_VARIANT names the overlay.
 *
 * Copyright (c) 2026 linux-amp developers
 */
#include "guest.h"
#include "channel.h"
#include "el3.h"
#include "kmsg.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "harness.h"

#define MESSAGES	1000
#define MESSAGES_LEAST	50

/* The R5s' numbers as agents. */
#define AGENT(remote)	(1 + (remote)->core)

/* A remote that nobody listens to may be acknowledged so often until it is masked. */
#define UNHEARD		17

#define BUFFERS		0xff990000
/* Where the message of Linux, as APU or as PL0, for R5 0 is; 1 has the next. */
#define BUFFER_APU	(0x400 / 4)
#define BUFFER_PL0	(0x600 / 4)
#define BUFFER_STEP	(0x40 / 4)

FIXTURE(ipi)
{
	struct remote remotes[REMOTES_MAX];
	int count, kmsg;
	struct el3_page *page;
	const char *variant;
};

static bool is_ours(void)
{
	return !access("/sys/module/zynqmp_ipi_mailbox/version", F_OK);
}

static bool variant_is(const char *variant, const char *name)
{
	return variant && !strcmp(variant, name);
}

static int start(const struct remote *remote, const char *variant)
{
	const char *program = variant_is(variant, "ipi-pl0") ? "echo-pl0" : "echo";

	return remote_start(remote, firmware_of(remote, program));
}

FIXTURE_SETUP(ipi)
{
	self->count = remotes_find(self->remotes);
	ASSERT_LT(0, self->count);
	ASSERT_TRUE(is_ours());
	self->page = el3_map();
	ASSERT_NE(NULL, self->page);
	self->variant = getenv("AMP_VARIANT");
	self->kmsg = kmsg_open();
	ASSERT_LE(0, self->kmsg);
	for (int i = 0; i < self->count; i++)
		ASSERT_TRUE(remote_offline(&self->remotes[i]));
}

FIXTURE_TEARDOWN(ipi)
{
	for (int i = 0; i < self->count; i++)
		EXPECT_TRUE(remote_offline(&self->remotes[i]));
	EXPECT_EQ(0, kmsg_splats(self->kmsg));
	close(self->kmsg);
}

/* Interrupts of all agents of ours, on all CPUs. */
static unsigned long interrupts(void)
{
	size_t size;
	char *text = read_file("/proc/interrupts", &size);
	char *line, *state, *at, *end;
	unsigned long sum = 0;

	for (line = strtok_r(text, "\n", &state); line; line = strtok_r(NULL, "\n", &state)) {
		at = strchr(line, ':');
		if (!at || !strstr(line, "zynqmp-ipi"))
			continue;
		for (at++; isdigit(*(at + strspn(at, " "))); at = end)
			sum += strtoul(at, &end, 10);
	}
	free(text);
	return sum;
}

static int exchange(const struct remote *remote, unsigned int messages)
{
	int fd = rpmsg_open(remote, RAW_CHANNEL, 0), ret = fd < 0 ? fd : 0;

	for (unsigned int i = 0; i < messages && !ret; i++)
		ret = echo_once(fd, 16, i);
	close(fd);
	return ret;
}

/* In the handler: what it has found out and what it has masked. */
static unsigned int answered(const struct el3_page *page, const struct remote *remote)
{
	return el3_count(page, AGENT(remote), EL3_IPI_ACK) +
	       el3_count(page, AGENT(remote), EL3_IPI_DISABLE);
}

/* What came last may still be on its way to whom it is for. */
static void let_rest(const struct el3_page *page, const struct remote *remote)
{
	unsigned int asked;

	do {
		asked = el3_count(page, AGENT(remote), EL3_IPI_STATUS);
		usleep(50000);
	} while (asked != el3_count(page, AGENT(remote), EL3_IPI_STATUS));
}

/*
 * One call for each remote in an interrupt. The thread that the client delivers from reads back
 * once; nobody asks whether a message has been taken.
 */
TEST_F_TIMEOUT(ipi, costs_one_call, TEST_GUARD_S)
{
	unsigned int messages = scaled(MESSAGES, MESSAGES_LEAST), acks, asked, rung;
	const struct remote *remote;
	unsigned long before, came;

	for (int i = 0; i < self->count; i++) {
		ASSERT_EQ(0, start(&self->remotes[i], self->variant));
		ASSERT_EQ(0, echo_works(&self->remotes[i]));
	}
	for (int i = 0; i < self->count; i++) {
		remote = &self->remotes[i];
		let_rest(self->page, remote);
		before = interrupts();
		acks = answered(self->page, remote);
		asked = el3_count(self->page, AGENT(remote), EL3_IPI_STATUS);
		rung = el3_count(self->page, AGENT(remote), EL3_IPI_NOTIFY);
		ASSERT_EQ(0, exchange(remote, messages));
		acks = answered(self->page, remote) - acks;
		asked = el3_count(self->page, AGENT(remote), EL3_IPI_STATUS) - asked;
		rung = el3_count(self->page, AGENT(remote), EL3_IPI_NOTIFY) - rung;
		came = interrupts() - before;
		printf("# %s: %u messages, %lu interrupts; calls: %u ack, %u status, %u notify\n",
		       remote->unit, messages, came, acks, asked, rung);
		/* A doorbell may serve for two, if the second comes before the first is heard. */
		EXPECT_LE(messages / 2, came);
		EXPECT_LE(messages / 2, rung);
		/* Buffers that are given back may be announced, too. */
		EXPECT_GE(3 * messages, rung);
		if (!variant_is(self->variant, "ipi-versal")) {
			EXPECT_GE(came, acks);
			/* A delivery may have been under way before the first count. */
			EXPECT_GE(came + 2, asked);
		}
	}
}

/* Its doorbell could be rung by anybody, and the one that shares the interrupt is. */
TEST_F_TIMEOUT(ipi, masks_who_is_not_heard, TEST_GUARD_S)
{
	unsigned int messages = scaled(MESSAGES, MESSAGES_LEAST), calls;
	const struct remote *talks = &self->remotes[0], *off = &self->remotes[1];

	if (self->count < 2 || variant_is(self->variant, "ipi-versal"))
		SKIP(return, "needs two remotes that are not asked");
	ASSERT_EQ(0, start(talks, self->variant));
	ASSERT_EQ(0, exchange(talks, MESSAGES_LEAST));
	/* By now it is. */
	calls = answered(self->page, off);
	ASSERT_EQ(0, exchange(talks, messages));
	EXPECT_EQ(calls, answered(self->page, off));

	ASSERT_EQ(0, start(off, self->variant));
	EXPECT_EQ(0, exchange(off, MESSAGES_LEAST));
	EXPECT_EQ(0, exchange(talks, MESSAGES_LEAST));
}

TEST_F_TIMEOUT(ipi, message_is_the_ring, TEST_GUARD_S)
{
	__u32 *buffers = memory_map(BUFFERS, 4096), *word;
	const __u32 junk = 0xdeadbeef;
	const struct remote *remote;

	ASSERT_NE(NULL, buffers);
	for (int i = 0; i < self->count; i++) {
		remote = &self->remotes[i];
		word = buffers + BUFFER_STEP * remote->core +
		       (variant_is(self->variant, "ipi-pl0") ? BUFFER_PL0 : BUFFER_APU);
		ASSERT_EQ(0, start(remote, self->variant));
		ASSERT_EQ(0, echo_works(remote));
		memory_write(word, junk);
		ASSERT_EQ(0, exchange(remote, 1));
		if (variant_is(self->variant, "ipi-odd")) {
			EXPECT_EQ(junk, memory_read(word));
			continue;
		}
		EXPECT_GE(1, memory_read(word));
	}
	munmap(buffers, 4096);
}

/* Does the log say so? */
static bool said(int kmsg, const char *word)
{
	struct kmsg_line line;
	bool found = false;

	kmsg_rewind(kmsg);
	while (kmsg_next(kmsg, &line))
		found |= !!strstr(line.text, word);
	return found;
}

/*
 * R5 1 has a buffer of two bytes there: its doorbells come without a message, each of which would
 * be left out with a warning.
 */
TEST_F_TIMEOUT(ipi, sends_no_message_that_does_not_fit, TEST_GUARD_S)
{
	const struct remote *remote = &self->remotes[1];

	if (!variant_is(self->variant, "ipi-odd"))
		SKIP(return, "everything fits in this devicetree");
	ASSERT_EQ(2, self->count);
	ASSERT_EQ(0, start(remote, self->variant));
	EXPECT_EQ(0, exchange(remote, MESSAGES_LEAST));
	EXPECT_FALSE(said(self->kmsg, "left out"));
}

static int unload(const char *module)
{
	const char *const argv[] = { "modprobe", "-r", module, NULL };

	return run(argv);
}

/* The kernel's own remote, the power management's, has the same interrupt and stays quiet. */
TEST_F_TIMEOUT(ipi, goes_and_comes, TEST_GUARD_S)
{
	for (int round = 0; round < 3; round++) {
		ASSERT_EQ(0, start(&self->remotes[0], self->variant));
		ASSERT_EQ(0, exchange(&self->remotes[0], 10));
		/* While clients hold on to it, it stays. */
		EXPECT_NE(0, unload("zynqmp_ipi_mailbox"));
		EXPECT_EQ(0, exchange(&self->remotes[0], 1));
		ASSERT_EQ(0, unload("xlnx_r5_remoteproc"));
		unload("zynqmp_ipi_mailbox");
		ASSERT_FALSE(is_ours());
		ASSERT_EQ(self->count, remotes_find(self->remotes));
		ASSERT_TRUE(is_ours());
	}
	ASSERT_EQ(0, start(&self->remotes[0], self->variant));
	EXPECT_EQ(0, exchange(&self->remotes[0], 10));
}

TEST_HARNESS_MAIN
