/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the files of amp_rproc.ko need from each other.
 *
 * Copyright (c) 2026 linux-amp developers
 */
#ifndef AMP_RPROC_INTERNAL_H
#define AMP_RPROC_INTERNAL_H

#include <linux/amp_rproc.h>

#include "amp_memmap.h"

/**
 * to_amp_rproc() - from the core's view of a remote to ours
 * @rproc: a remote that devm_amp_rproc_alloc() allocated
 *
 * Context: any.
 * Return: the struct amp_rproc at the start of its private data.
 */
static inline struct amp_rproc *to_amp_rproc(struct rproc *rproc)
{
	return rproc->priv;
}

/* amp_rproc_notify.c */
int devm_amp_rproc_notify_init(struct amp_rproc *ar);
void amp_rproc_notify_arm(struct amp_rproc *ar);
void amp_rproc_notify_disarm(struct amp_rproc *ar);

/* amp_rproc_mbox.c */
void amp_rproc_mbox_ack(struct amp_rproc *ar);

/* amp_rproc_mem.c */
int amp_rproc_add_alias(struct amp_rproc *ar, const char *name, u32 da, u32 len);

#endif /* AMP_RPROC_INTERNAL_H */
