/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a check of foreign bytes found wrong, in a form that can be printed.
 *
 * Shared by the pure files amp_elf.c, amp_rsctable.c and amp_memmap.c, which may neither log nor
 * format. amp_rproc_fw.c turns a fault into the one line that a user reads.
 *
 * Copyright (c) 2026 linux-amp developers
 */
#ifndef AMP_FAULT_H
#define AMP_FAULT_H

#include <linux/types.h>

/**
 * struct amp_fault - the first thing found wrong
 * @part:  part of the file, in the words of its specification ("program header")
 * @index: which of several such parts, negative if there is only one
 * @field: name of the field in that part, as in its C structure ("p_filesz")
 * @value: what the field says
 * @why:   what is wrong with it
 */
struct amp_fault {
	const char *part;
	int index;
	const char *field;
	u64 value;
	const char *why;
};

/**
 * amp_fault_set() - describe a fault
 * @fault: receives the description
 * @err:   negative errno that the caller is going to return
 * @part:  see struct amp_fault, as are all that follow
 * @index: see struct amp_fault
 * @field: see struct amp_fault
 * @value: see struct amp_fault
 * @why:   see struct amp_fault
 *
 * Context: any.
 * Return: @err, so that a check can end in one statement.
 */
static inline int amp_fault_set(struct amp_fault *fault, int err, const char *part, int index,
				const char *field, u64 value, const char *why)
{
	*fault = (struct amp_fault){
		.part = part, .index = index, .field = field, .value = value, .why = why,
	};
	return err;
}

#endif /* AMP_FAULT_H */
