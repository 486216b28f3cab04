// SPDX-License-Identifier: GPL-2.0-only
/*
 * Noticing that a remote has crashed, saying so once, and handing it to the core for recovery.
 *
 * Who notices: a driver or its watchdog interrupt; the remote itself, in an entry of its resource
 * table; its heartbeat, in another one, that stops; a ring that cannot be true any more; a virtio
 * driver that marks its device failed. The first one counts. What recovery does is in
 * amp_rproc_life.c.
 *
 * A report may come from any context, the rest happens in a work item of this package: it takes
 * rproc->lock, to be sure that the remote that crashed is the one that still runs. Stopping waits
 * for the monitor with that lock held, so the monitor never takes it.
 *
 * Copyright (c) 2026 linux-amp developers
 */
#include <linux/ctype.h>
#include <linux/device.h>
#include <linux/idr.h>
#include <linux/interrupt.h>
#include <linux/irq.h>
#include <linux/jiffies.h>
#include <linux/kobject.h>
#include <linux/module.h>
#include <linux/of_irq.h>
#include <linux/remoteproc.h>
#include <linux/sched.h>
#include <linux/virtio.h>

#include "amp_rproc_internal.h"
#include "amp_rsctable.h"

/* How often the table of a remote that is starting is looked at, at first and at last. */
#define LOOK_MIN_MS	4
#define LOOK_MAX_MS	256
/* When a remote that has not rung yet is mentioned. */
#define SILENT_MS	10000
/* Neither can a remote that crashes always ring, nor has a driver that gives up a way to say so. */
#define CRASH_LOOK_MS	500
/* A watchdog that was quiet between two looks is not heard the next time that it bites. */
#define DEAF_LOOK_MS	5
/*
 * A remote that crashes soon after each start is started again at once so often, and then after
 * pauses that double. One that used a ring in between has at least worked.
 */
#define SOON_MS		10000
#define FREE_STARTS	3
#define FREE_LIVES	128
#define PAUSE_MIN_MS	1000
#define PAUSE_DOUBLED	5
/* A heartbeat is dead when as many looks, a period apart, have found it unchanged. */
#define BEATS_MISSED	3

static const char *type_name(enum rproc_crash_type type)
{
	switch (type) {
	case RPROC_MMUFAULT:
		return "mmufault";
	case RPROC_WATCHDOG:
		return "watchdog";
	default:
		return "fatal error";
	}
}

/**
 * amp_rproc_report_crash() - a remote has crashed
 * @ar:   the remote
 * @type: kind of crash
 * @fmt:  cause in a few words, for log and uevent
 *
 * Only the first report between start and stop counts. Recovery follows, if it is enabled.
 *
 * Context: any, including hard interrupt.
 */
void amp_rproc_report_crash(struct amp_rproc *ar, enum rproc_crash_type type, const char *fmt, ...)
{
	struct amp_rproc_crash *c = &ar->crash;
	unsigned long flags;
	va_list args;

	raw_spin_lock_irqsave(&c->lock, flags);
	if (c->watching && !c->reported) {
		va_start(args, fmt);
		vsnprintf(c->cause, sizeof(c->cause), fmt, args);
		va_end(args);
		c->type = type;
		c->reported = true;
		queue_work(amp_rproc_wq, &c->work);
	}
	raw_spin_unlock_irqrestore(&c->lock, flags);
}
EXPORT_SYMBOL_NS_GPL(amp_rproc_report_crash, "AMP_RPROC");

static void send_uevent(struct amp_rproc *ar)
{
	struct amp_rproc_crash *c = &ar->crash;
	char type[32], cause[sizeof(c->cause) + 16];
	char *env[4] = { "EVENT=crash", type, cause, NULL };

	snprintf(type, sizeof(type), "CRASH_TYPE=%s", type_name(c->type));
	snprintf(cause, sizeof(cause), "CRASH_CAUSE=%s", c->cause);
	kobject_uevent_env(&ar->rproc->dev.kobj, KOBJ_CHANGE, env);
}

/* How long to wait before this crash is recovered from. */
static unsigned int pause_ms(struct amp_rproc *ar)
{
	struct amp_rproc_crash *c = &ar->crash;
	unsigned int allowed;

	if (time_after(jiffies, c->start + msecs_to_jiffies(SOON_MS)))
		c->storm = 0;
	c->storm++;
	allowed = c->alive || amp_rproc_table_ring_used(ar) ? FREE_LIVES : FREE_STARTS;
	if (c->storm <= allowed || ar->rproc->recovery_disabled)
		return 0;
	return PAUSE_MIN_MS << min_t(unsigned int, c->storm - allowed - 1, PAUSE_DOUBLED);
}

/* The remote that crashed is the one that still runs. */
static bool is_crashed(struct amp_rproc *ar)
{
	lockdep_assert_held(&ar->rproc->lock);

	return READ_ONCE(ar->crash.reported) &&
	       (ar->rproc->state == RPROC_RUNNING || ar->rproc->state == RPROC_ATTACHED);
}

/* With rproc->lock, or what is reported could be stopped and started again meanwhile. */
static void make_known(struct work_struct *work)
{
	struct amp_rproc *ar = container_of(work, struct amp_rproc, crash.work);
	struct rproc *rproc = ar->rproc;
	unsigned int pause;

	mutex_lock(&rproc->lock);
	if (is_crashed(ar)) {
		dev_err(&rproc->dev, "crash: %s\n", ar->crash.cause);
		send_uevent(ar);
		/* Nobody shall wait for an answer, whether recovery comes or not. */
		amp_rproc_break_devices(ar);
		pause = pause_ms(ar);
		if (pause)
			dev_err(&rproc->dev, "crashed %u times in a row, recovery in %u s\n",
				ar->crash.storm, pause / 1000);
		queue_delayed_work(amp_rproc_wq, &ar->crash.recover, msecs_to_jiffies(pause));
	}
	mutex_unlock(&rproc->lock);
}

/* Not before: the core does not stop what it knows to have crashed, and a user may want to. */
static void begin_recovery(struct work_struct *work)
{
	struct amp_rproc *ar = container_of(to_delayed_work(work), struct amp_rproc, crash.recover);

	mutex_lock(&ar->rproc->lock);
	if (is_crashed(ar))
		rproc_report_crash(ar->rproc, ar->crash.type);
	mutex_unlock(&ar->rproc->lock);
}

/* The words are the remote's. */
static void report_own(struct amp_rproc *ar, const struct amp_rsc_crash *entry)
{
	char text[sizeof(entry->text) + 1] = "";
	unsigned int i;

	for (i = 0; i < sizeof(entry->text) && entry->text[i]; i++)
		text[i] = isascii(entry->text[i]) && isprint(entry->text[i]) ? entry->text[i] : '?';
	amp_rproc_report_crash(ar, RPROC_FATAL_ERROR, "reported by the remote, reason %u%s%s",
			       entry->reason, text[0] ? ": " : "", text);
}

static void look_at_crash_entry(struct amp_rproc *ar)
{
	struct amp_rsc_crash entry;

	if (ar->crash.crash_offset &&
	    amp_rproc_table_read(ar, ar->crash.crash_offset, &entry, sizeof(entry)) && entry.state)
		report_own(ar, &entry);
}

static void look_at_status(struct amp_rproc *ar)
{
	if (amp_rproc_table_failed(ar))
		amp_rproc_report_crash(ar, RPROC_FATAL_ERROR, "virtio driver gave up");
}

/*
 * The gate is open, see deliver(): notify ids and virtqueues stay. Which of its rings a remote has
 * broken is for the virtio driver to say: virtio_rpmsg_bus marks all of them.
 */
static void look_at_rings(struct amp_rproc *ar, unsigned long ids)
{
	struct rproc_vring *rvring;
	int id;

	for_each_set_bit(id, &ids, AMP_RPROC_MAX_NOTIFYIDS) {
		rvring = idr_find(&ar->rproc->notifyids, id);
		if (rvring && rvring->vq && virtqueue_is_broken(rvring->vq))
			amp_rproc_report_crash(ar, RPROC_FATAL_ERROR, "a ring is broken");
	}
}

/**
 * amp_rproc_crash_look() - did what has just been delivered tell of a crash
 * @ar:    the remote
 * @rings: a bit for each notify id to look at
 *
 * Context: any; delivering a notification, with the gate open.
 */
void amp_rproc_crash_look(struct amp_rproc *ar, unsigned long rings)
{
	look_at_crash_entry(ar);
	look_at_status(ar);
	look_at_rings(ar, rings);
}

static unsigned int look_at_heartbeat(struct amp_rproc *ar)
{
	struct amp_rproc_crash *c = &ar->crash;
	struct amp_rsc_heartbeat entry;
	u32 beats;

	if (time_before(jiffies, c->beat_due))
		return jiffies_to_msecs(c->beat_due - jiffies) + 1;
	c->beat_due = jiffies + msecs_to_jiffies(c->beat_ms);

	if (!amp_rproc_table_read(ar, c->beat_offset, &entry, sizeof(entry)))
		return c->beat_ms;
	beats = le32_to_cpu(entry.beats);
	/* Counts from the first beat: how long a remote takes to start is its business. */
	c->missed = beats && beats == c->beats ? c->missed + 1 : 0;
	c->beats = beats;
	if (c->missed >= BEATS_MISSED)
		amp_rproc_report_crash(ar, RPROC_WATCHDOG, "no heartbeat in %u ms",
				       BEATS_MISSED * c->beat_ms);
	return c->beat_ms;
}

static void say_silent(struct amp_rproc *ar)
{
	struct amp_rsc_vdev vdev = {};

	amp_rproc_table_read(ar, ar->table.vdev[0], &vdev, sizeof(vdev));
	dev_warn(&ar->rproc->dev,
		 "not a sound in %u s; virtio device 0 in its table: status %#x, features %#x of %#x\n",
		 SILENT_MS / 1000, vdev.status, le32_to_cpu(vdev.gfeatures),
		 le32_to_cpu(vdev.dfeatures));
	ar->crash.said_silent = true;
}

/* A remote that restored its table waits for what Linux wrote there, and may have slept since. */
static unsigned int look_at_start(struct amp_rproc *ar)
{
	struct amp_rproc_crash *c = &ar->crash;

	c->alive = amp_rproc_table_ring_used(ar);
	if (c->alive)
		return UINT_MAX;
	if (amp_rproc_table_repair(ar)) {
		dev_dbg(&ar->rproc->dev, "the remote undid its resource table, written again\n");
		amp_rproc_kick(ar->rproc, 0);
		c->delay_ms = LOOK_MIN_MS;
	}
	if (!c->said_silent && time_after(jiffies, c->start + msecs_to_jiffies(SILENT_MS)))
		say_silent(ar);
	c->delay_ms = min_t(unsigned int, 2 * c->delay_ms, LOOK_MAX_MS);
	return c->delay_ms;
}

/*
 * What the watchdog said while nobody listened is not about the start that comes now. An edge is
 * kept by the interrupt controller, because the interrupt is masked there, and taken back; not by
 * the kernel, see devm_amp_rproc_request_watchdog(). A level that is still asserted is what nobody
 * but the remote's program can take back, so it is listened to from when it has.
 *
 * Not every controller can be asked. With those that cannot it is as if nothing was there.
 */
static bool watchdog_is_quiet(struct amp_rproc *ar)
{
	bool pending = false;

	irq_set_irqchip_state(ar->crash.irq, IRQCHIP_STATE_PENDING, false);
	irq_get_irqchip_state(ar->crash.irq, IRQCHIP_STATE_PENDING, &pending);
	return !pending;
}

static void listen_to_watchdog(struct amp_rproc *ar)
{
	struct amp_rproc_crash *c = &ar->crash;
	bool switch_on;

	raw_spin_lock_irq(&c->lock);
	switch_on = c->watching && !c->irq_on;
	c->irq_on |= switch_on;
	raw_spin_unlock_irq(&c->lock);
	/* Should the remote be stopped in between, it is counted with the switching off. */
	if (switch_on)
		enable_irq(c->irq);
}

static void monitor(struct work_struct *work)
{
	struct amp_rproc *ar = container_of(to_delayed_work(work), struct amp_rproc, crash.monitor);
	struct amp_rproc_crash *c = &ar->crash;
	unsigned int next = UINT_MAX;

	if (ar->table.num_vdevs && !c->alive)
		next = min(next, look_at_start(ar));
	if (c->crash_offset || ar->table.num_vdevs) {
		look_at_crash_entry(ar);
		look_at_status(ar);
		next = min_t(unsigned int, next, CRASH_LOOK_MS);
	}
	if (c->beat_offset)
		next = min(next, look_at_heartbeat(ar));
	if (c->deaf) {
		c->deaf = !watchdog_is_quiet(ar);
		if (!c->deaf)
			listen_to_watchdog(ar);
		next = min_t(unsigned int, next, DEAF_LOOK_MS);
	}
	if (next != UINT_MAX && !READ_ONCE(c->reported))
		queue_delayed_work(amp_rproc_wq, &c->monitor, msecs_to_jiffies(next));
}

static void find_vendor_entries(struct amp_rproc *ar)
{
	const void *table = ar->rproc->table_ptr;
	struct amp_rproc_crash *c = &ar->crash;
	struct amp_rsc_vendor v;
	unsigned int i;

	c->crash_offset = 0;
	c->beat_offset = 0;
	for (i = 0; table && i < amp_rsctable_num(table); i++) {
		if (!amp_rsctable_vendor(table, ar->rproc->table_sz, i, &v))
			continue;
		if (v.kind == AMP_VENDOR_CRASH) {
			c->crash_offset = v.offset;
		} else if (v.kind == AMP_VENDOR_HEARTBEAT) {
			c->beat_offset = v.offset;
			c->beat_ms = v.period_ms;
		}
	}
}

/**
 * amp_rproc_watch() - begin to watch a remote
 * @ar: the remote, just started or attached to; its table is connected
 *
 * Context: process; rproc->lock held.
 */
void amp_rproc_watch(struct amp_rproc *ar)
{
	struct amp_rproc_crash *c = &ar->crash;

	lockdep_assert_held(&ar->rproc->lock);

	find_vendor_entries(ar);
	c->alive = false;
	c->said_silent = false;
	c->start = jiffies;
	c->delay_ms = LOOK_MIN_MS;
	c->beats = 0;
	c->missed = 0;
	c->beat_due = jiffies;

	raw_spin_lock_irq(&c->lock);
	c->watching = true;
	c->reported = false;
	raw_spin_unlock_irq(&c->lock);
	/* Of a remote that is attached to it may be true. */
	c->deaf = c->irq && ar->rproc->state != RPROC_DETACHED && !watchdog_is_quiet(ar);
	if (c->deaf)
		dev_warn(&ar->rproc->dev,
			 "watchdog interrupt is asserted already, ignored until it is not\n");
	else if (c->irq)
		listen_to_watchdog(ar);
	queue_delayed_work(amp_rproc_wq, &c->monitor, msecs_to_jiffies(c->delay_ms));
}

/**
 * amp_rproc_unwatch() - undo amp_rproc_watch()
 * @ar: the remote
 *
 * Context: process; rproc->lock held. Waits for a look in progress.
 */
void amp_rproc_unwatch(struct amp_rproc *ar)
{
	struct amp_rproc_crash *c = &ar->crash;
	bool switch_off;

	raw_spin_lock_irq(&c->lock);
	c->watching = false;
	c->reported = false;
	switch_off = c->irq_on;
	c->irq_on = false;
	raw_spin_unlock_irq(&c->lock);
	if (switch_off)
		disable_irq(c->irq);
	cancel_delayed_work_sync(&c->monitor);
	/* It takes the lock that is held here; if it waits for that, it finds nothing reported. */
	cancel_delayed_work(&c->recover);
	/* A report that the core has not looked at yet would be one about the next start. */
	if (cancel_work(&ar->rproc->crash_handler))
		pm_relax(ar->rproc->dev.parent);
}

/* Level triggered or not: one is enough, until the next start. */
static irqreturn_t watchdog_bites(int irq, void *data)
{
	struct amp_rproc *ar = data;
	struct amp_rproc_crash *c = &ar->crash;
	unsigned long flags;

	raw_spin_lock_irqsave(&c->lock, flags);
	if (c->irq_on) {
		c->irq_on = false;
		disable_irq_nosync(irq);
	}
	raw_spin_unlock_irqrestore(&c->lock, flags);
	amp_rproc_report_crash(ar, RPROC_WATCHDOG, "watchdog interrupt");
	return IRQ_HANDLED;
}

/**
 * devm_amp_rproc_request_watchdog() - use the watchdog interrupt of a remote
 * @ar: the remote
 *
 * An interrupt of its node with the name "watchdog" or "wdog". Without one nothing happens.
 *
 * Context: process, may sleep.
 * Return: 0, -EPROBE_DEFER, or what the interrupt's controller or devm_request_irq() answer.
 */
int devm_amp_rproc_request_watchdog(struct amp_rproc *ar)
{
	struct device_node *np = ar->dev->of_node;
	const char *name = "watchdog";
	int irq, ret;

	if (of_property_match_string(np, "interrupt-names", name) < 0)
		name = "wdog";
	if (of_property_match_string(np, "interrupt-names", name) < 0)
		return 0;

	irq = of_irq_get_byname(np, name);
	if (irq <= 0)
		return dev_err_probe(ar->owner, irq ?: -ENXIO, "%pOF: no %s interrupt\n", np, name);
	ret = devm_request_irq(ar->owner, irq, watchdog_bites, IRQF_NO_AUTOEN, dev_name(ar->dev),
			       ar);
	if (ret)
		return dev_err_probe(ar->owner, ret, "%pOF: cannot use the %s interrupt\n", np,
				     name);
	/* Masked at once while nobody listens, so that what comes then can be taken back. */
	irq_set_status_flags(irq, IRQ_DISABLE_UNLAZY);
	ar->crash.irq = irq;
	return 0;
}

/**
 * amp_rproc_crash_init() - prepare what the rest of this file uses
 * @ar: a remote that is being allocated
 *
 * Context: any.
 */
void amp_rproc_crash_init(struct amp_rproc *ar)
{
	raw_spin_lock_init(&ar->crash.lock);
	INIT_WORK(&ar->crash.work, make_known);
	INIT_DELAYED_WORK(&ar->crash.recover, begin_recovery);
	INIT_DELAYED_WORK(&ar->crash.monitor, monitor);
}
