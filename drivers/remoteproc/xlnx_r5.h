/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the files of xlnx_r5_remoteproc.ko share. xlnx_r5_main.c has the cluster and its probe,
 * xlnx_r5_dt.c the bindings, xlnx_r5_core.c a core from start to stop, xlnx_r5_tcm.c the tightly
 * coupled memory, xlnx_r5_config.c the cluster's mode and who may use a core.
 *
 * Copyright (c) 2026 linux-amp developers
 */
#ifndef XLNX_R5_H
#define XLNX_R5_H

#include <linux/amp_rproc.h>
#include <linux/firmware/xlnx-zynqmp.h>
#include <linux/list.h>
#include <linux/mailbox/zynqmp-ipi-message.h>
#include <linux/remoteproc.h>
#include <linux/types.h>

#define XLNX_R5_MAX_CORES	2
#define XLNX_R5_MAX_TCM		4

/* xlnx,cluster-mode */
#define XLNX_R5_SPLIT		0
#define XLNX_R5_LOCKSTEP	1
#define XLNX_R5_SINGLE		2

/* Node ids of the ZynqMP management firmware, UG1200. */
#define XLNX_NODE_RPU_0		7
#define XLNX_NODE_RPU_1		8

/* Calls have a version in the lower half of what the feature check returns. */
#define XLNX_PM_VERSION(feature)	((feature) & 0xffff)

/**
 * enum xlnx_r5_binding - how a devicetree is to be read
 * @XLNX_R5_MAINLINE: as the kernel's
 * @XLNX_R5_VENDOR:   as the vendor's from 2020 on
 * @XLNX_R5_OLDEST:   as the vendor's before that
 */
enum xlnx_r5_binding {
	XLNX_R5_MAINLINE,
	XLNX_R5_VENDOR,
	XLNX_R5_OLDEST,
};

/**
 * struct xlnx_r5_soc - what differs between families
 * @binding:   of the devicetree
 * @hivec:     address by which the management firmware recognizes high vectors
 * @is_zynqmp: ids of cores and banks are known, and what old devicetrees leave out
 */
struct xlnx_r5_soc {
	enum xlnx_r5_binding binding;
	u32 hivec;
	bool is_zynqmp;
};

/**
 * struct xlnx_r5_config - what a core needs of its cluster
 * @mode:     split, or lockstep
 * @set_tcm:  configure the banks
 * @tcm_mode: how: PM_RPU_TCM_SPLIT or PM_RPU_TCM_COMB
 */
struct xlnx_r5_config {
	enum rpu_oper_mode mode;
	bool set_tcm;
	u32 tcm_mode;
};

/* A doorbell's message: the notify id, in a buffer that the controller may read at any time. */
union xlnx_r5_message {
	struct zynqmp_ipi_message ipi;
	u8 bytes[sizeof(struct zynqmp_ipi_message) + sizeof(__le32)];
};

/**
 * struct xlnx_r5_core - one core, or two in lockstep
 * @amp:      shared part; must be first
 * @soc:      family
 * @node:     of the core, to the management firmware
 * @config:   of its cluster
 * @claim:    among those in use, see xlnx_r5_config.c
 * @tcm:      nodes of its banks
 * @num_tcm:  how many
 * @message:  one for each notify id; constant
 * @buffered: the doorbell has a message buffer
 */
struct xlnx_r5_core {
	struct amp_rproc amp;
	const struct xlnx_r5_soc *soc;
	u32 node;
	struct xlnx_r5_config config;
	struct list_head claim;
	u32 tcm[XLNX_R5_MAX_TCM];
	unsigned int num_tcm;
	union xlnx_r5_message message[AMP_RPROC_MAX_NOTIFYIDS];
	bool buffered;
};

int xlnx_r5_read_power_domain(struct device *dev, const struct device_node *np, int idx, u32 *node);

/* xlnx_r5_core.c */
extern const struct rproc_ops xlnx_r5_ops;
extern const struct amp_rproc_desc xlnx_r5_desc, xlnx_r5_vendor_desc;
int xlnx_r5_init_core(struct xlnx_r5_core *core);
bool xlnx_r5_node_is_running(u32 node);

/* xlnx_r5_config.c */
int xlnx_r5_configure(const struct xlnx_r5_core *core, bool in_use);
bool xlnx_r5_zynqmp_in_use(void);
int xlnx_r5_claim(struct xlnx_r5_core *core);
void xlnx_r5_unclaim(struct xlnx_r5_core *core);
int xlnx_r5_take_mode(struct xlnx_r5_core *core);

/* xlnx_r5_dt.c */
int xlnx_r5_read_mode(struct device *dev, const struct xlnx_r5_soc *soc, u32 *mode);
int xlnx_r5_read_core(struct device *dev, const struct xlnx_r5_soc *soc, struct device_node *np,
		      u32 *node);
int xlnx_r5_add_sram(struct xlnx_r5_core *core);
void xlnx_r5_read_table(struct xlnx_r5_core *core);

/* xlnx_r5_tcm.c */
int xlnx_r5_add_tcm(struct xlnx_r5_core *core);
int xlnx_r5_request_tcm(struct xlnx_r5_core *core);
void xlnx_r5_release_tcm(struct xlnx_r5_core *core);

#endif /* XLNX_R5_H */
