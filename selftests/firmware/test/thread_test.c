// SPDX-License-Identifier: GPL-2.0-only
/*
 * Device and driver on two threads that sleep until the other's doorbell: finds
 * wake-ups that are lost because a flag and an index are looked at in the wrong
 * order or not at all. A missing barrier shows rarely on a strongly ordered host;
 * those are argued where they stand.
 *
 * The driver uses the notification flags of both directions the way Linux does,
 * and has fewer reply buffers than messages in flight.
 *
 * Copyright (c) 2026 linux-amp developers
 */

#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <time.h>

#include <cpu.h>
#include <fw/compiler.h>

#include "driver.h"
#include "ktap.h"

#define MESSAGES	100000u
#define NUM		16u
#define REPLY_BUFFERS	3u
#define TIMEOUT_S	20

/* A doorbell: set by one thread, waited for and cleared by the other */
struct bell {
	pthread_mutex_t lock;
	pthread_cond_t cond;
	bool set;
};

static struct bell to_device = { PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, false };
static struct bell to_driver = { PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, false };
static atomic_bool stop;

static void bell_ring(struct bell *b)
{
	pthread_mutex_lock(&b->lock);
	b->set = true;
	pthread_cond_signal(&b->cond);
	pthread_mutex_unlock(&b->lock);
}

/* False after a time that only a lost wake-up explains */
static bool bell_wait(struct bell *b)
{
	struct timespec until;
	int ret = 0;

	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += TIMEOUT_S;
	pthread_mutex_lock(&b->lock);
	while (!b->set && !ret)
		ret = pthread_cond_timedwait(&b->cond, &b->lock, &until);
	b->set = false;
	pthread_mutex_unlock(&b->lock);
	return !ret;
}

/* The device waits for ever, or its own time-out would repair what is lost */
static void bell_wait_for_ever(struct bell *b)
{
	pthread_mutex_lock(&b->lock);
	while (!b->set)
		pthread_cond_wait(&b->cond, &b->lock);
	b->set = false;
	pthread_mutex_unlock(&b->lock);
}

static void ring_driver(u32 notifyid)
{
	(void)notifyid;
	bell_ring(&to_driver);
}

static int echo(struct rpmsg_device *rp, struct rpmsg_endpoint *ept, u32 src,
		const void *data, u16 len)
{
	return rpmsg_send(rp, ept->addr, src, data, len);
}

static void *device(void *arg)
{
	static struct rpmsg_endpoint ept[] = { { .name = "echo", .addr = 1024, .rx = echo } };
	static struct rpmsg_device rp;

	memset(&rp, 0, sizeof(rp));
	rpmsg_init(&rp, &drv_vdev.vdev, drv_vdev.vring, ept, 1);
	do {
		rpmsg_poll(&rp);
		bell_wait_for_ever(&to_device);
	} while (!atomic_load(&stop));
	return arg;
}

static void kick(struct drv_ring *r)
{
	cpu_mb();
	if (!(READ_ONCE(r->used[0]) & VRING_USED_F_NO_NOTIFY))
		bell_ring(&to_device);
}

/* Takes replies until there are none */
static void take_replies(u32 *received)
{
	int head;

	while ((head = drv_used(&drv[TO_HOST], NULL)) >= 0) {
		struct rpmsg_hdr *hdr = drv_msg(&drv[TO_HOST], head);
		u32 seq;

		if (hdr->dst != RPMSG_NS_ADDR) {
			memcpy(&seq, hdr + 1, sizeof(seq));
			CHECK_EQ(seq, *received);
			CHECK_EQ(hdr->len, sizeof(seq) + seq % 200);
			(*received)++;
		}
		memset(hdr, 0x55, 32);
		drv_give(head);
		kick(&drv[TO_HOST]);
	}
}

static void drive(void)
{
	struct drv_ring *tx = &drv[TO_REMOTE], *rx = &drv[TO_HOST];
	u32 sent = 0, received = 0, inflight = 0;

	while (received < MESSAGES) {
		u8 data[256] = { 0 };

		WRITE_ONCE(rx->avail[0], VRING_AVAIL_F_NO_INTERRUPT);
		while (drv_used(tx, NULL) >= 0)
			inflight--;
		while (sent < MESSAGES && inflight < NUM) {
			memcpy(data, &sent, sizeof(sent));
			drv_send(sent % NUM, 7, 1024, data, sizeof(sent) + sent % 200);
			sent++;
			inflight++;
			kick(tx);
		}
		take_replies(&received);

		/* Sleep only if there is still nothing after asking for a doorbell */
		WRITE_ONCE(rx->avail[0], 0);
		WRITE_ONCE(tx->avail[0], sent < MESSAGES ? 0 : VRING_AVAIL_F_NO_INTERRUPT);
		cpu_mb();
		if (READ_ONCE(rx->used[1]) == rx->last_used &&
		    READ_ONCE(tx->used[1]) == tx->last_used && received < MESSAGES)
			CHECK(bell_wait(&to_driver));
	}
}

static void no_wakeup_is_lost(void)
{
	pthread_t thread;
	u32 i;

	drv_setup(NUM, 4096);
	for (i = 0; i < REPLY_BUFFERS; i++)
		drv_give(i);
	drv_doorbell = ring_driver;
	atomic_store(&stop, false);
	CHECK(!pthread_create(&thread, NULL, device, NULL));

	drv_ready();
	bell_ring(&to_device);
	drive();

	atomic_store(&stop, true);
	bell_ring(&to_device);
	pthread_join(thread, NULL);
	drv_doorbell = NULL;
}

const struct ktap_case thread_cases[] = {
	KTAP_CASE(no_wakeup_is_lost),
	{ },
};
