// SPDX-License-Identifier: GPL-2.0-only
/*
 * Start, stop, attach, detach and recovery, around the hardware's part that a driver does; and what
 * becomes of a remote when the system sleeps.
 *
 * All but the notifiers and the work item is called by the core with rproc->lock held. The core
 * works on a copy of a driver's operations, one per remote, and that copy is changed here to pass
 * through this file.
 *
 * Copyright (c) 2026 linux-amp developers
 */
#include <linux/atomic.h>
#include <linux/device.h>
#include <linux/kernel.h>
#include <linux/minmax.h>
#include <linux/module.h>
#include <linux/remoteproc.h>
#include <linux/slab.h>
#include <linux/suspend.h>
#include <linux/workqueue.h>

#include "amp_rproc_internal.h"

static bool stop_for_sleep;
module_param(stop_for_sleep, bool, 0644);
MODULE_PARM_DESC(stop_for_sleep, "stop remote processors before suspend, start them again after it");

/*
 * Has Linux left a remote whose crash the core was about to handle? Its handler leaves alone what
 * is off, but calls "crashed" what is detached, then stops and loads it, while nothing is mapped.
 */
static bool is_left_alone(const struct amp_rproc *ar)
{
	return ar->rproc->state == RPROC_CRASHED && !ar->life.prepared;
}

/*
 * The core handles a crash in a work item that waits for the lock and then only looks whether the
 * remote runs. If it was stopped or left meanwhile and is about to be started again, or attached
 * to, this start would be taken for the one that crashed. So whoever waits gets the lock first, and
 * finds the remote as it is.
 *
 * Nothing has been done for this start yet. Others who come in between find a remote that is off,
 * or a start that is under way and counts for theirs as well.
 */
static int let_crash_handler_pass(struct rproc *rproc)
{
	unsigned int state = rproc->state;

	if ((state != RPROC_OFFLINE && state != RPROC_DETACHED) ||
	    !work_busy(&rproc->crash_handler))
		return 0;
	mutex_unlock(&rproc->lock);
	flush_work(&rproc->crash_handler);
	mutex_lock(&rproc->lock);
	if (is_left_alone(to_amp_rproc(rproc)))
		rproc->state = RPROC_DETACHED;
	if (rproc->state != state)
		return -EBUSY;
	/* If this start fails, so do they. */
	atomic_set(&rproc->power, 1);
	return 0;
}

/*
 * If a recovery fails, the core keeps its count of starts, and has every later one succeed without
 * doing anything. So the count is 0 from here on, under the lock that protects it, and gets its
 * value back when the remote has been started.
 */
static void keep_power(struct amp_rproc *ar)
{
	int power = atomic_xchg(&ar->rproc->power, 0);

	/* 0 if the stop before this one has failed. */
	if (power)
		ar->life.kept_power = power;
}

/*
 * The core stops what it could not start to the end, and does not look whether that was refused: it
 * takes the remote for off. It keeps what it runs on, see life_unprepare().
 */
static void remember_it_runs_on(struct amp_rproc *ar)
{
	dev_err(&ar->rproc->dev, "could not be stopped, the next start tries again\n");
	ar->life.runs_on = true;
	/* A recovery's start, at the end of which the count was put back. */
	if (ar->life.kept_power)
		atomic_set(&ar->rproc->power, 0);
}

/*
 * A stop was refused, see life_stop(): that of a recovery, or of a start that failed at its end.
 * The virtio devices have gone, but all else is there. Only with it off can it be loaded.
 */
static int stop_what_runs_on(struct amp_rproc *ar)
{
	int ret;

	if (ar->rproc->state != RPROC_CRASHED && !ar->life.runs_on)
		return 0;
	ret = ar->life.ops->stop(ar->rproc);
	if (ret)
		return ret;
	ar->rproc->state = RPROC_OFFLINE;
	ar->life.runs_on = false;
	return 0;
}

static int life_prepare(struct rproc *rproc)
{
	struct amp_rproc *ar = to_amp_rproc(rproc);
	int ret;

	ret = let_crash_handler_pass(rproc);
	if (ret)
		return ret;
	if (ar->removing)
		return -ENODEV;
	/* By somebody else, or it has been taken already, see start_again(). */
	ar->life.restart = 0;
	/* The core has a file in its hand, and would load it over a core that runs. */
	if (is_left_alone(ar)) {
		dev_warn(&rproc->dev, "had been detached from, start again to attach\n");
		rproc->state = RPROC_DETACHED;
		return -EAGAIN;
	}
	ret = stop_what_runs_on(ar);
	if (ret)
		return ret;
	/* Freed when the attachment before this one ended; the core frees it again on errors. */
	rproc->clean_table = NULL;
	ar->life.kept_power = 0;
	ar->crash.storm = 0;
	amp_rproc_release_leftovers(rproc);

	ret = ar->desc->claim ? ar->desc->claim(ar) : 0;
	if (ret)
		return ret;
	ret = amp_rproc_hold(ar);
	if (ret)
		goto unclaim;
	ret = ar->life.ops->prepare(rproc);
	if (ret)
		goto release;
	ar->life.prepared = true;
	return 0;

release:
	amp_rproc_release(ar);
unclaim:
	if (ar->desc->unclaim)
		ar->desc->unclaim(ar);
	return ret;
}

static int life_unprepare(struct rproc *rproc)
{
	struct amp_rproc *ar = to_amp_rproc(rproc);

	amp_rproc_table_disconnect(ar);
	/* Not while it is used. It counts as leftovers, which go when the remote has stopped. */
	if (ar->life.runs_on)
		return 0;
	ar->life.ops->unprepare(rproc);
	amp_rproc_forget_found(ar);
	amp_rproc_release(ar);
	if (ar->desc->unclaim)
		ar->desc->unclaim(ar);
	ar->life.prepared = false;
	ar->life.attached = false;
	return 0;
}

static int life_start(struct rproc *rproc)
{
	struct amp_rproc *ar = to_amp_rproc(rproc);
	int ret;

	/* It would wait for what Linux writes there for ever. */
	if (rproc->cached_table && ar->table.error)
		return ar->table.error;
	/* Before: what it does wrong in its first instructions has to be heard, once. */
	amp_rproc_watch(ar);
	ret = ar->life.ops->start(rproc);
	if (ret) {
		amp_rproc_unwatch(ar);
		amp_rproc_table_disconnect(ar);
		return ret;
	}
	/* A recovery that got as far as this: see keep_power(). */
	if (ar->life.kept_power)
		atomic_set(&rproc->power, ar->life.kept_power);
	return 0;
}

static int life_detach(struct rproc *rproc)
{
	struct amp_rproc *ar = to_amp_rproc(rproc);
	int ret = 0;

	amp_rproc_unwatch(ar);
	if (ar->table.found)
		amp_rproc_table_reset(ar, ar->table.found);
	amp_rproc_table_disconnect(ar);
	/* The remote finds that no driver is ready any more. */
	amp_rproc_kick(rproc, 0);
	if (ar->life.ops->detach)
		ret = ar->life.ops->detach(rproc);
	return ret;
}

/*
 * Before it asks to stop what it has attached to, the core frees its clean table and keeps the
 * pointer, which it would use and free again to detach. Go back to before the stop.
 *
 * What Linux has loaded since, in a recovery, is not to be left to itself.
 */
static void undo_stop_of_attached(struct amp_rproc *ar)
{
	struct rproc *rproc = ar->rproc;

	if (!ar->life.attached)
		return;
	/* A crash made it another state, from which nobody could detach. */
	rproc->state = RPROC_ATTACHED;
	if (!ar->table.copy || rproc->table_ptr == ar->table.copy)
		return;
	rproc->clean_table = kmemdup(ar->table.copy, rproc->table_sz, GFP_KERNEL);
	rproc->table_ptr = ar->table.copy;
	kfree(rproc->cached_table);
	rproc->cached_table = NULL;
}

static int life_stop(struct rproc *rproc)
{
	struct amp_rproc *ar = to_amp_rproc(rproc);
	int ret;

	if (is_left_alone(ar)) {
		dev_warn(&rproc->dev, "crashed, but was detached from: left alone\n");
		rproc->state = RPROC_DETACHED;
		return -ENODEV;
	}
	/* The core's way out of an attachment that failed is to stop what it did not start. */
	if (rproc->state == RPROC_DETACHED)
		return life_detach(rproc);

	amp_rproc_unwatch(ar);
	ret = ar->life.ops->stop(rproc);
	if (ret) {
		undo_stop_of_attached(ar);
		/* Still crashed; the next start, or recovery, stops it first. */
		if (rproc->state == RPROC_CRASHED)
			keep_power(ar);
		else if (rproc->state == RPROC_OFFLINE)
			remember_it_runs_on(ar);
		return ret;
	}
	ar->life.attached = false;
	amp_rproc_table_disconnect(ar);
	/* A recovery whose start went wrong at the end; of any other start the core takes care. */
	if (rproc->state == RPROC_OFFLINE && ar->life.kept_power)
		atomic_set(&rproc->power, 0);
	else if (rproc->state != RPROC_CRASHED)
		ar->life.kept_power = 0;
	return 0;
}

static int life_attach(struct rproc *rproc)
{
	struct amp_rproc *ar = to_amp_rproc(rproc);
	int ret;

	if (ar->life.ops->attach) {
		ret = ar->life.ops->attach(rproc);
		if (ret)
			return ret;
	}
	if (ar->table.found) {
		ret = amp_rproc_table_connect(ar, ar->table.found_da, ar->table.found);
		if (ret)
			return ret;
		amp_rproc_table_push(ar);
	}
	ar->life.attached = true;
	amp_rproc_notify_arm(ar);
	amp_rproc_watch(ar);
	return 0;
}

/*
 * The remote has crashed and has been stopped, the core is about to load it again. If that fails,
 * the core gives up without telling anybody.
 */
static void life_coredump(struct rproc *rproc)
{
	struct amp_rproc *ar = to_amp_rproc(rproc);

	ar->life.coredump(rproc);
	keep_power(ar);
	queue_work(amp_rproc_wq, &ar->life.leftovers);
}

/*
 * Vendor entries were looked at with the rest of the table, and those that mean something are found
 * again when the remote runs. The core refuses a table whose last entry nobody handles.
 */
static int life_handle_rsc(struct rproc *rproc, u32 type, void *rsc, int offset, int avail)
{
	return RSC_HANDLED;
}

/**
 * amp_rproc_release_leftovers() - release what a failed recovery or start leaves behind
 * @rproc: a remote that the core takes for off
 *
 * It still has all that a running remote holds. If it cannot be stopped, it keeps that.
 *
 * Context: process; rproc->lock held.
 */
void amp_rproc_release_leftovers(struct rproc *rproc)
{
	struct amp_rproc *ar = to_amp_rproc(rproc);

	lockdep_assert_held(&rproc->lock);

	if (!ar->life.prepared || ar->life.runs_on)
		return;
	rproc->ops->unprepare(rproc);
	kfree(rproc->cached_table);
	rproc->cached_table = NULL;
	rproc->table_ptr = NULL;
}

/* Gets the lock when the recovery that queued it has ended. */
static void release_leftovers(struct work_struct *work)
{
	struct amp_rproc *ar = container_of(work, struct amp_rproc, life.leftovers);
	struct rproc *rproc = ar->rproc;

	mutex_lock(&rproc->lock);
	if (rproc->state == RPROC_OFFLINE && ar->life.prepared && !ar->life.runs_on) {
		dev_err(&rproc->dev, "recovery failed, the processor is off\n");
		amp_rproc_release_leftovers(rproc);
	}
	mutex_unlock(&rproc->lock);
}

static int take_restart(struct amp_rproc *ar)
{
	int starts;

	mutex_lock(&ar->rproc->lock);
	starts = ar->life.restart;
	ar->life.restart = 0;
	mutex_unlock(&ar->rproc->lock);
	return starts;
}

/*
 * Nothing happens if somebody has started or attached to it since it was left, for however short a
 * time: it is as they want it. Whether what is attached to still runs is for the driver to say.
 */
static void start_again(struct amp_rproc *ar)
{
	int starts = take_restart(ar), ret = 0;

	for (; starts && !ret; starts--)
		ret = rproc_boot(ar->rproc);
	if (ret)
		dev_err(&ar->rproc->dev, "cannot start again after sleep: %d\n", ret);
}

static void start_later(struct work_struct *work)
{
	start_again(container_of(to_delayed_work(work), struct amp_rproc, life.later));
}

/**
 * amp_rproc_life_init() - put this file between the core and a driver
 * @ar:  a remote that is being allocated
 * @ops: of the driver
 *
 * Context: process; nobody else knows the remote.
 */
void amp_rproc_life_init(struct amp_rproc *ar, const struct rproc_ops *ops)
{
	struct rproc_ops *core_ops = ar->rproc->ops;

	ar->life.ops = ops;
	ar->life.coredump = core_ops->coredump;
	INIT_WORK(&ar->life.leftovers, release_leftovers);
	INIT_DELAYED_WORK(&ar->life.later, start_later);

	core_ops->prepare = life_prepare;
	core_ops->unprepare = life_unprepare;
	core_ops->start = life_start;
	core_ops->stop = life_stop;
	core_ops->attach = life_attach;
	core_ops->detach = life_detach;
	core_ops->coredump = life_coredump;
	core_ops->handle_rsc = life_handle_rsc;
	core_ops->get_loaded_rsc_table = amp_rproc_get_loaded_table;
}

/**
 * amp_rproc_is_ours() - is a remote one that this module has allocated?
 * @rproc: any remote
 *
 * Context: any.
 * Return: true if to_amp_rproc() may be used.
 */
bool amp_rproc_is_ours(const struct rproc *rproc)
{
	return rproc->ops->prepare == life_prepare;
}

struct leave_work {
	struct work_struct work;
	struct rproc *rproc;
	int ret;
};

/* Which of the two is possible the core finds out, under its lock. */
static void do_leave(struct work_struct *work)
{
	struct leave_work *leave = container_of(work, struct leave_work, work);

	leave->ret = rproc_detach(leave->rproc);
	if (leave->ret)
		leave->ret = rproc_shutdown(leave->rproc);
}

/*
 * rproc_shutdown() gives up when the caller has a signal pending, which is fine for somebody who
 * typed "stop", but not when what the remote uses is freed next. A kernel worker has no signals.
 */
static int leave_for_sure(struct rproc *rproc)
{
	struct leave_work leave = { .rproc = rproc };

	INIT_WORK_ONSTACK(&leave.work, do_leave);
	queue_work(system_long_wq, &leave.work);
	flush_work(&leave.work);
	destroy_work_on_stack(&leave.work);
	return leave.ret;
}

/**
 * struct leave_state - what a remote was before has_to_be_left() made it one that can be stopped
 * @power:   count of starts; 0 if there was nothing to leave
 * @crashed: its state was that
 */
struct leave_state {
	int power;
	bool crashed;
};

/*
 * Called again until it says that the remote is left alone. The core gives up one reference only,
 * and refuses to stop a crashed remote.
 */
static bool has_to_be_left(struct rproc *rproc, struct leave_state *was)
{
	struct amp_rproc *ar = to_amp_rproc(rproc);
	bool runs;

	mutex_lock(&rproc->lock);
	if (is_left_alone(ar)) {
		rproc->state = RPROC_DETACHED;
	} else if (rproc->state == RPROC_CRASHED) {
		was->crashed = true;
		rproc->state = RPROC_RUNNING;
	}
	if (atomic_read(&rproc->power) > 1) {
		was->power = atomic_read(&rproc->power);
		atomic_set(&rproc->power, 1);
	}
	if (rproc->state == RPROC_OFFLINE) {
		stop_what_runs_on(ar);
		amp_rproc_release_leftovers(rproc);
	}
	runs = rproc->state == RPROC_RUNNING || rproc->state == RPROC_ATTACHED;
	/* One that a recovery could not stop: see keep_power(). */
	if (runs && !atomic_read(&rproc->power)) {
		was->power = max(ar->life.kept_power, 1);
		atomic_set(&rproc->power, 1);
	}
	runs |= ar->life.runs_on;
	if (runs && !was->power)
		was->power = 1;
	mutex_unlock(&rproc->lock);
	return runs;
}

/* It cannot be left: it is what it was, to be stopped, recovered or started again. */
static void stays(struct rproc *rproc, const struct leave_state *was)
{
	struct amp_rproc *ar = to_amp_rproc(rproc);

	mutex_lock(&rproc->lock);
	/* Watched again, somebody has started it meanwhile: another life, which has not crashed. */
	if (was->crashed && rproc->state == RPROC_RUNNING && !READ_ONCE(ar->crash.watching)) {
		rproc->state = RPROC_CRASHED;
		ar->life.kept_power = was->power;
		atomic_set(&rproc->power, 0);
	} else if (rproc->state == RPROC_RUNNING || rproc->state == RPROC_ATTACHED) {
		atomic_set(&rproc->power, was->power);
	}
	mutex_unlock(&rproc->lock);
}

/*
 * Others may ask for a start at the same time, which counts as long as it runs. Return: how often
 * it was started; 0 if it was not, or others have stopped it; -EBUSY if it cannot be left.
 */
static int leave(struct rproc *rproc)
{
	struct leave_state was = {};
	int tries = 10, ret = 0;

	while (has_to_be_left(rproc, &was)) {
		if (!tries--)
			goto not_left;
		ret = leave_for_sure(rproc);
	}
	/* It could not be left, and does not run: somebody else has stopped it. */
	return ret ? 0 : was.power;

not_left:
	dev_err(&rproc->dev, "cannot stop: %d\n", ret);
	stays(rproc, &was);
	return -EBUSY;
}

/**
 * amp_rproc_leave() - stop a remote, or detach from it if something else started it; for good
 * @rproc: the remote
 *
 * However often it was started, and also if it has crashed.
 *
 * Context: process, may sleep.
 */
void amp_rproc_leave(struct rproc *rproc)
{
	struct amp_rproc *ar = to_amp_rproc(rproc);

	mutex_lock(&rproc->lock);
	ar->removing = true;
	mutex_unlock(&rproc->lock);
	leave(rproc);
}

static bool is_in_state(struct rproc *rproc, enum rproc_state one, enum rproc_state other)
{
	bool yes;

	mutex_lock(&rproc->lock);
	yes = rproc->state == one || rproc->state == other;
	mutex_unlock(&rproc->lock);
	return yes;
}

static void remember_restart(struct amp_rproc *ar, int starts)
{
	struct rproc *rproc = ar->rproc;

	mutex_lock(&rproc->lock);
	/* Otherwise others have started it in between. */
	if (rproc->state == RPROC_OFFLINE || rproc->state == RPROC_DETACHED)
		ar->life.restart = starts;
	mutex_unlock(&rproc->lock);
}

/*
 * Return: 0, or -EBUSY for one that cannot be left. Then the system stays awake: an image would be
 * of memory that the remote writes to, or be brought back where it does, and who wants it stopped
 * before suspend says that it does not survive that.
 */
static int leave_for_sleep(struct amp_rproc *ar)
{
	bool comes_back = is_in_state(ar->rproc, RPROC_RUNNING, RPROC_ATTACHED);
	int power = leave(ar->rproc);

	if (power < 0)
		return power;
	if (comes_back)
		remember_restart(ar, power);
	return 0;
}

/*
 * User space is not frozen yet, or not any more, so firmware can be loaded. Hibernation cuts the
 * power: nothing of a remote is left after it. The kernel that brings the image back knows nothing
 * of that in the image, whose memory a remote of its own must not be in.
 *
 * There are two notifiers because the kernel's own one, of priority 0, keeps CPUs from going and
 * coming from the first of these events to the last, and a remote may be one of Linux's CPUs. This
 * one is called before it, wake_up_again() after it, in either direction.
 */
static int go_to_sleep(struct notifier_block *nb, unsigned long action, void *data)
{
	struct amp_rproc *ar = container_of(nb, struct amp_rproc, life.sleep_nb);
	int ret = 0;

	switch (action) {
	case PM_SUSPEND_PREPARE:
		flush_delayed_work(&ar->life.later);
		if (stop_for_sleep && is_in_state(ar->rproc, RPROC_RUNNING, RPROC_RUNNING))
			ret = leave_for_sleep(ar);
		break;
	case PM_HIBERNATION_PREPARE:
	case PM_RESTORE_PREPARE:
		flush_delayed_work(&ar->life.later);
		ret = leave_for_sleep(ar);
		break;
	case PM_POST_SUSPEND:
	case PM_POST_HIBERNATION:
	case PM_POST_RESTORE:
		/*
		 * Somebody in between has refused, and the other notifier is not going to be
		 * called. The kernel's own is going to, but has not been yet.
		 */
		if (!ar->life.asleep && READ_ONCE(ar->life.restart))
			queue_delayed_work(amp_rproc_wq, &ar->life.later, HZ / 10);
		break;
	}
	return notifier_from_errno(ret);
}

static int wake_up_again(struct notifier_block *nb, unsigned long action, void *data)
{
	struct amp_rproc *ar = container_of(nb, struct amp_rproc, life.wake_nb);

	switch (action) {
	case PM_SUSPEND_PREPARE:
	case PM_HIBERNATION_PREPARE:
	case PM_RESTORE_PREPARE:
		ar->life.asleep = true;
		break;
	case PM_POST_SUSPEND:
	case PM_POST_HIBERNATION:
	case PM_POST_RESTORE:
		ar->life.asleep = false;
		amp_rproc_ring_all(ar);
		start_again(ar);
		break;
	}
	return NOTIFY_DONE;
}

static void forget_pm(void *nb)
{
	unregister_pm_notifier(nb);
}

static int add_pm_notifier(struct amp_rproc *ar, struct notifier_block *nb, notifier_fn_t call,
			   int priority)
{
	int ret;

	nb->notifier_call = call;
	nb->priority = priority;
	ret = register_pm_notifier(nb);
	return ret ?: devm_add_action_or_reset(ar->owner, forget_pm, nb);
}

/**
 * devm_amp_rproc_sleep() - have a remote stopped or left alone when the system sleeps
 * @ar: the remote, registered
 *
 * Context: process, may sleep.
 * Return: 0, -ENOMEM, or what register_pm_notifier() returns.
 */
int devm_amp_rproc_sleep(struct amp_rproc *ar)
{
	int ret;

	ret = add_pm_notifier(ar, &ar->life.sleep_nb, go_to_sleep, 1);
	if (ret)
		return ret;
	return add_pm_notifier(ar, &ar->life.wake_nb, wake_up_again, -1);
}
