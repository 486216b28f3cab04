// SPDX-License-Identifier: GPL-2.0-only
/*
 * Terminals: the other end of ttyRPMSG. Announces
 *
 *   rpmsg-tty                   echoes
 *   rpmsg-tty-1                 data: counts and sums what it gets, sends what it is told to
 *   rpmsg-tty-2                 commands for the data terminal, one a message:
 *                               "reset", "sum", "slow <n>", "send <bytes>", "mute":
 *                               ring no more for what was taken, and "leave": once data
 *                               is refused, and there is a buffer to say so, the channel
 *                               rpmsg-raw has ended
 *   rpmsg-tty-7                 logs in: waits for the prompts of a getty and a shell
 *   rpmsg-virtual-tty-channel   echoes; NXP's name for a terminal
 *   rpmsg-raw                   echoes; no terminal, shows that the link works
 *
 * Copyright (c) 2026 linux-amp developers
 */

#include <cpu.h>
#include <fw/app_table.h>
#include <fw/board.h>
#include <fw/doorbell.h>
#include <fw/event.h>
#include <fw/rpmsg.h>
#include <fw/rsc_table.h>
#include <fw/string.h>
#include <fw/timer.h>
#include <fw/trace.h>
#include <soc.h>

#define MESSAGE_MAX 496

#define RAW_NAME "rpmsg-raw"
#define RAW_ADDR 1025

/*
 * What the data terminal does. Bytes sent and received follow one pattern, the
 * place in the stream decides the value; the tests have the same function.
 */
static struct {
	u32 peer;
	u32 received;
	u32 sum;
	u32 slow;
	u32 refusals;
	u32 sent;
	u32 to_send;
	bool leaving;
} data;

static u8 pattern(u32 place)
{
	return (u8)(place ^ (place >> 8) * 5 ^ (place >> 16) * 3);
}

static int echo(struct rpmsg_device *rp, struct rpmsg_endpoint *ept, u32 src, const void *payload,
		u16 len)
{
	return rpmsg_send(rp, ept->addr, src, payload, len);
}

/* Its address still echoes, for those who know it by another channel. */
static void leave(struct rpmsg_device *rp)
{
	static const struct rpmsg_ns_msg msg = {
		.name = RAW_NAME, .addr = RAW_ADDR, .flags = RPMSG_NS_DESTROY,
	};

	if (data.leaving && !rpmsg_send(rp, RAW_ADDR, RPMSG_NS_ADDR, &msg, sizeof(msg)))
		data.leaving = false;
}

/* A slow one refuses a message so many times before it takes it. */
static int take_data(struct rpmsg_device *rp, struct rpmsg_endpoint *ept, u32 src,
		     const void *payload, u16 len)
{
	const u8 *bytes = payload;
	u32 i;

	(void)ept;
	if (data.refusals < data.slow) {
		data.refusals++;
		leave(rp);
		return -EAGAIN;
	}
	data.refusals = 0;
	data.peer = src;
	for (i = 0; i < len; i++)
		data.sum = data.sum * 31 + READ_ONCE(bytes[i]);
	data.received += len;
	return 0;
}

static void send_data(struct rpmsg_device *rp, u32 src)
{
	u8 message[MESSAGE_MAX];
	u32 i, len;

	/*
	 * The order and the first byte come by different channels, which may overtake each
	 * other.
	 */
	while (data.peer && data.sent < data.to_send) {
		len = data.to_send - data.sent;
		if (len > sizeof(message))
			len = sizeof(message);
		for (i = 0; i < len; i++)
			message[i] = pattern(data.sent + i);
		if (rpmsg_send(rp, src, data.peer, message, len))
			return;
		data.sent += len;
	}
}

static bool starts_with(const char *text, const char *word)
{
	return !memcmp(text, word, strlen(word));
}

static u32 number(const char *text)
{
	u32 value = 0;

	while (*text >= '0' && *text <= '9')
		value = value * 10 + (u32)(*text++ - '0');
	return value;
}

static u32 append_number(char *text, u32 value)
{
	char digits[10];
	u32 len = 0, i;

	do {
		digits[len++] = (char)('0' + value % 10);
		value /= 10;
	} while (value);
	for (i = 0; i < len; i++)
		text[i] = digits[len - 1 - i];
	return len;
}

/* The answer to every command: received, sum, sent. */
static int answer(struct rpmsg_device *rp, u32 from, u32 to)
{
	char text[40];
	u32 len;

	len = append_number(text, data.received);
	text[len++] = ' ';
	len += append_number(text + len, data.sum);
	text[len++] = ' ';
	len += append_number(text + len, data.sent);
	text[len++] = '\n';
	return rpmsg_send(rp, from, to, text, len);
}

static int obey(struct rpmsg_device *rp, struct rpmsg_endpoint *ept, u32 src, const void *payload,
		u16 len)
{
	char text[32] = "";
	int ret;

	memcpy(text, payload, len < sizeof(text) ? len : sizeof(text) - 1);
	ret = answer(rp, ept->addr, src);
	if (ret)
		return ret;

	if (starts_with(text, "reset")) {
		data.received = 0;
		data.sum = 0;
		data.sent = 0;
		data.to_send = 0;
		data.slow = 0;
		data.leaving = false;
	} else if (starts_with(text, "slow ")) {
		data.slow = number(text + 5);
	} else if (starts_with(text, "send ")) {
		data.to_send = number(text + 5);
		data.sent = 0;
	} else if (starts_with(text, "mute")) {
		rp->mute = true;
	} else if (starts_with(text, "leave")) {
		data.leaving = true;
	}
	return 0;
}

/* What to wait for, and what to say then. */
static const struct {
	const char *prompt;
	const char *answer;
} steps[] = {
	{ "login: ", "root\r" },
	{ "# ", "echo 6x7=$((6*7))\r" },
	{ "6x7=42", "exit\r" },
};

static u32 step, matched;

static int log_in(struct rpmsg_device *rp, struct rpmsg_endpoint *ept, u32 src, const void *payload,
		  u16 len)
{
	const char *bytes = payload;
	u32 i;
	int ret;

	for (i = 0; i < len && step < ARRAY_SIZE(steps); i++) {
		char c = READ_ONCE(bytes[i]);

		if (c != steps[step].prompt[matched])
			matched = 0;
		if (c == steps[step].prompt[matched])
			matched++;
		if (steps[step].prompt[matched])
			continue;
		ret = rpmsg_send(rp, ept->addr, src, steps[step].answer,
				 strlen(steps[step].answer));
		if (ret)
			return ret;
		matched = 0;
		step++;
		if (step == ARRAY_SIZE(steps))
			trace("logged in\n");
	}
	return 0;
}

enum { ECHO, DATA, COMMANDS, LOGIN, VIRTUAL, RAW };

static struct rpmsg_endpoint endpoints[] = {
	[ECHO] = { .name = "rpmsg-tty", .addr = 1040, .rx = echo },
	[DATA] = { .name = "rpmsg-tty-1", .addr = 1041, .rx = take_data },
	[COMMANDS] = { .name = "rpmsg-tty-2", .addr = 1042, .rx = obey },
	[LOGIN] = { .name = "rpmsg-tty-7", .addr = 1047, .rx = log_in },
	[VIRTUAL] = { .name = "rpmsg-virtual-tty-channel", .addr = 30, .rx = echo },
	[RAW] = { .name = RAW_NAME, .addr = RAW_ADDR, .rx = echo },
};

static struct rpmsg_device rpmsg;

int main(void)
{
	trace("%s: mpidr 0x%08x, peer %s\n", FW_NAME, cpu_mpidr(), SOC_IPI_PEER_NAME);
	board_init();
	rpmsg_init(&rpmsg, &app_table.vdev, app_table.vring, endpoints, ARRAY_SIZE(endpoints));
	doorbell_init();
	/* Nobody rings when there is room to go on sending. */
	timer_start();
	trace("waiting for the driver\n");
	for (;;) {
		rpmsg_poll(&rpmsg);
		if (rpmsg.up && !rpmsg.broken)
			send_data(&rpmsg, endpoints[DATA].addr);
		else
			data.to_send = 0;
		event_wait();
	}
}
