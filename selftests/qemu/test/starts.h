/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How often a test program has started, which it does anew when its machine is reset. For the main file
 * of such a program, behind the header of its machine.
 *
 * Copyright (c) 2026 linux-amp developers
 */
#ifndef STARTS_H
#define STARTS_H

/**
 * struct starts - in memory that outlives a reset
 * @seen:	since the last case ended
 * @ordered:	resets that the case has said to come
 */
struct starts {
	u32 seen;
	u32 ordered;
};

/* A machine that resets itself runs the case again, which then may pass: that it did so is a failure */
static inline void check_starts(volatile struct starts *starts)
{
	u32 seen = starts->seen, ordered = starts->ordered;

	starts->seen = 1;
	starts->ordered = 0;
	if (seen == ordered + 1)
		return;
	print("    # started %u times, %u resets were ordered\n", seen, ordered);
	case_failed = true;
}

#endif
