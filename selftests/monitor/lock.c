// SPDX-License-Identifier: GPL-2.0-only
/*
 * Mutual exclusion between the cores, after Lamport's bakery: draw a ticket higher than any
 * seen, then wait for everybody with a lower one.  Ties go to the lower core number.
 *
 * Copyright (c) 2026 linux-amp developers
 */
#include "monitor.h"

#define DRAWING		1U

static void spin(void)
{
	asm volatile("yield" : : : "memory");
}

/**
 * bakery_lock() - take a lock
 * @lock: the lock; not recursive
 *
 * Context: EL3, any core. Spins.
 */
void bakery_lock(struct bakery_lock *lock)
{
	u32 me = this_cpu(), mine = 0, cpu, t;

	WRITE_ONCE(lock->ticket[me], DRAWING);
	dsb();
	for (cpu = 0; cpu < NR_CORES; cpu++) {
		t = READ_ONCE(lock->ticket[cpu]) >> 1;
		if (t > mine)
			mine = t;
	}
	mine++;
	WRITE_ONCE(lock->ticket[me], mine << 1);
	dsb();

	for (cpu = 0; cpu < NR_CORES; cpu++) {
		if (cpu == me)
			continue;
		while (READ_ONCE(lock->ticket[cpu]) & DRAWING)
			spin();
		while ((t = READ_ONCE(lock->ticket[cpu]) >> 1) != 0 &&
		       (t < mine || (t == mine && cpu < me)))
			spin();
	}
	dsb();
}

/**
 * bakery_unlock() - give a lock back
 * @lock: the lock, held by this core
 *
 * Context: EL3, any core.
 */
void bakery_unlock(struct bakery_lock *lock)
{
	dsb();
	WRITE_ONCE(lock->ticket[this_cpu()], 0);
}
