/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Overlay: the RPU calls of the ZynqMP firmware interface for kernels before v6.2, the node status
 * for all that do not have it yet, and the mode of the RPU for all.
 *
 * The oldest of them export neither these functions nor zynqmp_pm_invoke_fn(), so the calls are
 * made here the way that driver makes its own: an SMC or HVC, as the firmware node's "method" says,
 * with two 32-bit arguments in each register. Numbers and meanings are those of newer kernels.
 *
 * Copyright (c) 2026 linux-amp developers
 */
#ifndef _COMPAT_LINUX_FIRMWARE_XLNX_ZYNQMP_H
#define _COMPAT_LINUX_FIRMWARE_XLNX_ZYNQMP_H

#include_next <linux/firmware/xlnx-zynqmp.h>

#include <linux/arm-smccc.h>
#include <linux/bits.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/of.h>
#include <linux/string.h>

static inline int amp_zynqmp_pm_use_hvc(bool *hvc)
{
	struct device_node *np;
	const char *method;
	int ret = 0;

	np = of_find_compatible_node(NULL, NULL, "xlnx,zynqmp-firmware");
	if (!np)
		np = of_find_compatible_node(NULL, NULL, "xlnx,versal-firmware");
	if (of_property_read_string(np, "method", &method))
		ret = -ENODEV;
	else if (!strcmp(method, "smc") || !strcmp(method, "hvc"))
		*hvc = method[0] == 'h';
	else
		ret = -EINVAL;
	of_node_put(np);
	return ret;
}

static inline int amp_zynqmp_pm_errno(u32 status)
{
	switch (status) {
	case XST_PM_SUCCESS:
	case XST_PM_DOUBLE_REQ:
		return 0;
	case XST_PM_NO_FEATURE:
		return -ENOTSUPP;
	case XST_PM_NO_ACCESS:
		return -EACCES;
	case XST_PM_ABORT_SUSPEND:
		return -ECANCELED;
	case XST_PM_MULT_USER:
		return -EUSERS;
	}
	return -EINVAL;
}

/* @payload, if any, receives four words, of which the first is the status. */
static inline int amp_zynqmp_pm_call(u32 api_id, u32 arg0, u32 arg1, u32 arg2, u32 arg3,
				     u32 *payload)
{
	struct arm_smccc_res res;
	u64 x1 = (u64)arg1 << 32 | arg0, x2 = (u64)arg3 << 32 | arg2;
	bool hvc;
	int ret;

	/* Also tells that the firmware driver is there. */
	ret = zynqmp_pm_feature(api_id);
	if (ret < 0)
		return ret;
	ret = amp_zynqmp_pm_use_hvc(&hvc);
	if (ret)
		return ret;

	if (hvc)
		arm_smccc_hvc(PM_SIP_SVC | api_id, x1, x2, 0, 0, 0, 0, 0, &res);
	else
		arm_smccc_smc(PM_SIP_SVC | api_id, x1, x2, 0, 0, 0, 0, 0, &res);

	if (payload) {
		payload[0] = lower_32_bits(res.a0);
		payload[1] = upper_32_bits(res.a0);
		payload[2] = lower_32_bits(res.a1);
		payload[3] = upper_32_bits(res.a1);
	}
	return amp_zynqmp_pm_errno(lower_32_bits(res.a0));
}

#ifndef AMP_HAVE_ZYNQMP_PM_NODE_STATUS

/* Some kernels have the number, as an enumerator, without the call. */
#define PM_GET_NODE_STATUS	3

static inline int zynqmp_pm_get_node_status(u32 node, u32 *status, u32 *requirements, u32 *usage)
{
	u32 payload[PAYLOAD_ARG_CNT];
	int ret;

	ret = amp_zynqmp_pm_call(PM_GET_NODE_STATUS, node, 0, 0, 0, payload);
	if (ret)
		return ret;
	*status = payload[1];
	*requirements = payload[2];
	*usage = payload[3];
	return 0;
}

#endif /* AMP_HAVE_ZYNQMP_PM_NODE_STATUS */

#ifndef AMP_HAVE_ZYNQMP_PM_RPU

#define PM_FORCE_POWERDOWN	8
#define PM_REQUEST_WAKEUP	10

#define IOCTL_GET_RPU_OPER_MODE	0
#define IOCTL_SET_RPU_OPER_MODE	1
#define IOCTL_TCM_COMB_CONFIG	3

enum rpu_oper_mode {
	PM_RPU_MODE_LOCKSTEP = 0,
	PM_RPU_MODE_SPLIT = 1,
};

enum rpu_tcm_comb {
	PM_RPU_TCM_SPLIT = 0,
	PM_RPU_TCM_COMB = 1,
};

static inline int zynqmp_pm_set_rpu_mode(u32 node, enum rpu_oper_mode mode)
{
	return amp_zynqmp_pm_call(PM_IOCTL, node, IOCTL_SET_RPU_OPER_MODE, mode, 0, NULL);
}

static inline int zynqmp_pm_set_tcm_config(u32 node, enum rpu_tcm_comb mode)
{
	return amp_zynqmp_pm_call(PM_IOCTL, node, IOCTL_TCM_COMB_CONFIG, mode, 0, NULL);
}

static inline int zynqmp_pm_force_pwrdwn(const u32 node, const enum zynqmp_pm_request_ack ack)
{
	return amp_zynqmp_pm_call(PM_FORCE_POWERDOWN, node, ack, 0, 0, NULL);
}

/* Bit 0 of the address says that there is one. */
static inline int zynqmp_pm_request_wake(const u32 node, const bool set_addr, const u64 address,
					 const enum zynqmp_pm_request_ack ack)
{
	return amp_zynqmp_pm_call(PM_REQUEST_WAKEUP, node, lower_32_bits(address) | set_addr,
				  upper_32_bits(address), ack, NULL);
}

#endif /* AMP_HAVE_ZYNQMP_PM_RPU */

/* The kernel's own, v6.2 to v7.2 at least, takes the status of the call for the mode. */
static inline int amp_zynqmp_pm_get_rpu_mode(u32 node, enum rpu_oper_mode *mode)
{
	u32 payload[PAYLOAD_ARG_CNT];
	int ret;

	ret = amp_zynqmp_pm_call(PM_IOCTL, node, IOCTL_GET_RPU_OPER_MODE, 0, 0, payload);
	if (!ret)
		*mode = payload[1];
	return ret;
}

#define zynqmp_pm_get_rpu_mode	amp_zynqmp_pm_get_rpu_mode

#endif /* _COMPAT_LINUX_FIRMWARE_XLNX_ZYNQMP_H */
