/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the files of zynq_remoteproc.ko share. zynq_rproc_main.c has probe and the life of a
 * firmware, zynq_rproc_cpu.c takes CPU1 out of Linux and back, zynq_rproc_sgi.c has the doorbells,
 * zynq_rproc_mem.c the older ways in which a devicetree names memory.
 *
 * Copyright (c) 2026 linux-amp developers
 */
#ifndef ZYNQ_RPROC_H
#define ZYNQ_RPROC_H

#include <linux/amp_rproc.h>
#include <linux/atomic.h>
#include <linux/kthread.h>
#include <linux/types.h>

#include "zynq_layout.h"

/* Linux's number of the CPU, which is also the hardware's: probe makes sure. */
#define ZYNQ_CPU	1

/**
 * struct zynq_rproc - CPU1 as a remote processor
 * @amp:         shared part; must be first
 * @slcr:        system-level control registers, with the one that stops and resets the CPUs
 * @park:        code that tidies CPU1 up before its next life, see zynq_rproc_park.S
 * @park_pa:     its physical address
 * @give_online: CPU1 was online when it was taken, or ought to be since
 * @running:     CPU1 is out of reset for a firmware; under rproc->lock
 * @sgi:         numbers of the doorbells, by direction, ZYNQ_SGI_TO_REMOTE and so on
 * @virq:        Linux's numbers of the SGIs that Linux does not use, from ZYNQ_SGI_FIRST
 * @slots:       what the interrupt handlers get: a pointer to this, for each CPU
 * @requested:   SGIs with our handler, a bit for each element of @virq
 * @served:      queued behind each doorbell, to see whether threads get their turn
 * @unserved:    doorbells since @served ran
 * @strays:      SGIs that are no doorbell of ours
 */
struct zynq_rproc {
	struct amp_rproc amp;

	void __iomem *slcr;
	u32 *park;
	dma_addr_t park_pa;
	bool give_online;
	bool running;

	u32 sgi[2];
	int virq[ZYNQ_NUM_SGIS];
	struct zynq_rproc * __percpu *slots;
	unsigned long requested;
	struct kthread_work served;
	atomic_t unserved;
	atomic_t strays;
};

/* zynq_rproc_cpu.c */
int devm_zynq_cpu_claim(struct zynq_rproc *z);
int zynq_cpu_take(struct zynq_rproc *z);
void zynq_cpu_give_back(struct zynq_rproc *z);
int zynq_cpu_start(struct zynq_rproc *z, u32 entry);
int zynq_cpu_hold(struct zynq_rproc *z);
int zynq_cpu_tidy_up(struct zynq_rproc *z);
bool zynq_cpu_is_held(struct zynq_rproc *z);

/* zynq_rproc_sgi.c */
int zynq_sgi_choose(struct zynq_rproc *z);
int devm_zynq_sgi_request(struct zynq_rproc *z);
void zynq_sgi_ring(struct amp_rproc *ar, unsigned int notifyid);

/* zynq_rproc_mem.c */
int zynq_mem_add(struct zynq_rproc *z);
void zynq_mem_flush(struct zynq_rproc *z);

/* zynq_rproc_park.S */
extern const char zynq_park_begin[], zynq_park_done[], zynq_park_end[];

/*
 * Exported by the platform code of every supported kernel, but declared only in a header of its own
 * directory, which no headers package carries. Puts the CPU into reset, writes a jump to @address
 * to physical address 0 unless @address is 0, and takes the CPU out of reset.
 */
int zynq_cpun_start(u32 address, int cpu);

#endif /* ZYNQ_RPROC_H */
