// SPDX-License-Identifier: GPL-2.0-only
/*
 * Bench: the other end of the benchmark. Four endpoints that echo and can be asked
 * for a stream of messages, and four that swallow what they get. It sleeps whenever
 * there is nothing to do, and rings for each message that Linux wants to hear of, as
 * remote firmware in the field does.
 *
 * Copyright (c) 2026 linux-amp developers
 */

#include <cpu.h>
#include <fw/app_table.h>
#include <fw/bench.h>
#include <fw/board.h>
#include <fw/doorbell.h>
#include <fw/event.h>
#include <fw/rpmsg.h>
#include <fw/string.h>
#include <fw/trace.h>
#include <soc.h>

#define MAX_SIZE 496

/* What was asked for and is not finished */
static struct {
	u32 dst;
	u32 left;
	u32 size;
} streams[BENCH_ENDPOINTS];

static int report(struct rpmsg_device *rp, struct rpmsg_endpoint *ept, u32 dst)
{
	struct bench_report report = {
		.magic = BENCH_MAGIC,
		.received = rp->stats.rx,
	};

	return rpmsg_send(rp, ept->addr, dst, &report, sizeof(report));
}

static int echo(struct rpmsg_device *rp, struct rpmsg_endpoint *ept, u32 src, const void *data,
		u16 len)
{
	u32 i = ept->addr - BENCH_ECHO_ADDR;
	struct bench_request request;

	if (len != sizeof(request))
		return rpmsg_send(rp, ept->addr, src, data, len);
	memcpy(&request, data, sizeof(request));
	if (request.magic != BENCH_MAGIC)
		return rpmsg_send(rp, ept->addr, src, data, len);
	if (!request.count)
		return report(rp, ept, src);
	if (request.size > MAX_SIZE)
		return -EINVAL;
	streams[i].dst = src;
	streams[i].left = request.count;
	streams[i].size = request.size;
	return 0;
}

static int swallow(struct rpmsg_device *rp, struct rpmsg_endpoint *ept, u32 src, const void *data,
		   u16 len)
{
	(void)rp;
	(void)ept;
	(void)src;
	(void)data;
	(void)len;
	return 0;
}

static struct rpmsg_endpoint endpoints[] = {
	{ .name = "bench-echo-0", .addr = BENCH_ECHO_ADDR + 0, .rx = echo },
	{ .name = "bench-echo-1", .addr = BENCH_ECHO_ADDR + 1, .rx = echo },
	{ .name = "bench-echo-2", .addr = BENCH_ECHO_ADDR + 2, .rx = echo },
	{ .name = "bench-echo-3", .addr = BENCH_ECHO_ADDR + 3, .rx = echo },
	{ .name = "bench-sink-0", .addr = BENCH_SINK_ADDR + 0, .rx = swallow },
	{ .name = "bench-sink-1", .addr = BENCH_SINK_ADDR + 1, .rx = swallow },
	{ .name = "bench-sink-2", .addr = BENCH_SINK_ADDR + 2, .rx = swallow },
	{ .name = "bench-sink-3", .addr = BENCH_SINK_ADDR + 3, .rx = swallow },
};

static struct rpmsg_device rpmsg;

/* One message of each stream in turn. Return: 0, 1 if there is none left, or -EAGAIN. */
static int pump(struct rpmsg_device *rp)
{
	static const u8 data[MAX_SIZE];
	bool any = false;
	u32 i;
	int ret;

	for (i = 0; i < BENCH_ENDPOINTS; i++) {
		if (!streams[i].left)
			continue;
		ret = rpmsg_send(rp, BENCH_ECHO_ADDR + i, streams[i].dst, data, streams[i].size);
		if (ret)
			return ret;
		streams[i].left--;
		any = true;
	}
	return any ? 0 : 1;
}

int main(void)
{
	int ret;

	trace("%s: mpidr 0x%08x, peer %s\n", FW_NAME, cpu_mpidr(), SOC_IPI_PEER_NAME);
	board_init();
	rpmsg_init(&rpmsg, &app_table.vdev, app_table.vring, endpoints,
		   ARRAY_SIZE(endpoints));
	doorbell_init();
	trace("waiting for the driver\n");
	for (;;) {
		rpmsg_poll(&rpmsg);
		ret = rpmsg.up && !rpmsg.broken ? pump(&rpmsg) : 1;
		if (!ret)
			continue;
		/* Out of buffers: Linux has to say when it has returned one. */
		if (ret == -EAGAIN && vring_enable_notify(&rpmsg.tx)) {
			vring_disable_notify(&rpmsg.tx);
			continue;
		}
		event_wait();
	}
}
