/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the files of amp_rproc.ko need from each other.
 *
 * Copyright (c) 2026 linux-amp developers
 */
#ifndef AMP_RPROC_INTERNAL_H
#define AMP_RPROC_INTERNAL_H

#include <linux/amp_rproc.h>
#include <linux/sizes.h>

#include "amp_fault.h"
#include "amp_memmap.h"

struct amp_rsc_entry;

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

/* amp_rproc_main.c */
extern struct workqueue_struct *amp_rproc_wq;
int amp_rproc_init_notify(void);

/* amp_rproc_life.c */
void amp_rproc_life_init(struct amp_rproc *ar, const struct rproc_ops *ops);
bool amp_rproc_is_ours(const struct rproc *rproc);
void amp_rproc_release_leftovers(struct rproc *rproc);
void amp_rproc_leave(struct rproc *rproc);
int devm_amp_rproc_sleep(struct amp_rproc *ar);

/* amp_rproc_attach.c */
struct resource_table *amp_rproc_get_loaded_table(struct rproc *rproc, size_t *size);
int amp_rproc_check_found_table(struct amp_rproc *ar, const void *table, size_t size);
void amp_rproc_forget_found(struct amp_rproc *ar);

/* amp_rproc_fw.c */
#define AMP_RPROC_MAX_TABLE	SZ_64K
int amp_rproc_report_fault(struct amp_rproc *ar, int err, const struct amp_fault *f);
int amp_rproc_check_entries(struct amp_rproc *ar, const void *table);
void amp_rproc_mention(struct amp_rproc *ar, const void *table, size_t size);
int amp_rproc_add_aliases(struct amp_rproc *ar, const void *table);

/* amp_rproc_bufs.c */
bool amp_rproc_has_own_buffers(const struct amp_rproc *ar, const void *table, unsigned int vdev,
			       struct amp_rsc_entry *own);
int amp_rproc_check_own_buffers(struct amp_rproc *ar, const struct amp_rsc_entry *own, u64 need);
bool amp_rproc_buffers_go_anywhere(const struct amp_rproc *ar, unsigned int vdev);

/* amp_rproc_table.c */
int amp_rproc_table_connect(struct amp_rproc *ar, u32 da, const void *content);
void amp_rproc_table_disconnect(struct amp_rproc *ar);
void amp_rproc_table_push(struct amp_rproc *ar);
void amp_rproc_table_push_status(struct amp_rproc *ar);
bool amp_rproc_table_repair(struct amp_rproc *ar);
bool amp_rproc_table_read(struct amp_rproc *ar, u32 offset, void *to, size_t len);
bool amp_rproc_table_failed(struct amp_rproc *ar);
bool amp_rproc_table_ring_used(struct amp_rproc *ar);
void amp_rproc_table_reset(struct amp_rproc *ar, const void *clean);

/* amp_rproc_crash.c */
void amp_rproc_crash_init(struct amp_rproc *ar);
int devm_amp_rproc_request_watchdog(struct amp_rproc *ar);
void amp_rproc_watch(struct amp_rproc *ar);
void amp_rproc_unwatch(struct amp_rproc *ar);
void amp_rproc_crash_look(struct amp_rproc *ar, unsigned long rings);

/* amp_rproc_held.c */
int devm_amp_rproc_get_held(struct amp_rproc *ar);
int amp_rproc_hold(struct amp_rproc *ar);
void amp_rproc_release(struct amp_rproc *ar);

/* amp_rproc_notify.c */
void amp_rproc_break_devices(struct amp_rproc *ar);

/* amp_rproc_mbox.c */
void amp_rproc_ring_all(struct amp_rproc *ar);
bool amp_rproc_mbox_wants_ack(const struct amp_rproc *ar);
bool amp_rproc_mbox_ack(struct amp_rproc *ar);
void amp_rproc_mbox_forget(struct amp_rproc *ar);

/* amp_rproc_mem.c */
bool amp_rproc_is_buffer(struct amp_rproc *ar, u64 da, u64 len);
int amp_rproc_add_alias(struct amp_rproc *ar, const char *name, u32 da, u32 len);

#endif /* AMP_RPROC_INTERNAL_H */
