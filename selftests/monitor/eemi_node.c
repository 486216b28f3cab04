// SPDX-License-Identifier: GPL-2.0-only
/*
 * Power bookkeeping of the EEMI nodes that Linux may request, and the power of the TCMs.
 *
 * Nothing here blocks an access: a TCM that nobody has requested can be read and written. But a
 * TCM is cleared when it gets power, as on silicon, so that a driver which writes before it
 * requests is caught.
 *
 * Copyright (c) 2026 linux-amp developers
 */
#include "monitor.h"

#define CAP_ACCESS	BIT(0)
#define CAP_CONTEXT	BIT(1)
#define CAP_ALL		0xfU	/* and wake-up, unusable */
#define TCM_BYTES	0x10000U

struct request {
	u8 held;
	u8 capabilities;
};

static struct request requests[NODE_LAST + 1];

/* Protects requests[] */
static struct bakery_lock node_lock;

static const u32 tcm_base[2][4] = {
	{ 0xffe00000, 0xffe20000, 0xffe90000, 0xffeb0000 },	/* split */
	{ 0xffe00000, 0xffe20000, 0xffe10000, 0xffe30000 },	/* combined */
};

/* What REQUEST_NODE applies to: neither processors nor power domains nor PLLs */
static int node_is_slave(u32 node)
{
	if (node < NODE_OCM_BANK_0 || node > NODE_LAST)
		return 0;
	return !(node >= NODE_APLL && node <= NODE_IOPLL) && node != NODE_LPD && node != NODE_PL;
}

static int node_is_tcm(u32 node)
{
	return node >= NODE_TCM_0_A && node <= NODE_TCM_1_B;
}

/* A core that runs keeps its TCMs powered, whoever else asks for them */
static int tcm_is_in_use(u32 node)
{
	u32 core = (node - NODE_TCM_0_A) / 2;

	return rpu_is_running(core) || (rpu_is_lockstep() && rpu_is_running(0));
}

static void set_capabilities(u32 node, u32 capabilities)
{
	u32 power = CAP_ACCESS | CAP_CONTEXT, before = requests[node].capabilities, offset;
	u64 base;

	requests[node].capabilities = capabilities;
	if (!node_is_tcm(node) || (before & power) || !(capabilities & power) ||
	    tcm_is_in_use(node))
		return;

	base = tcm_base[rpu_tcm_is_combined()][node - NODE_TCM_0_A];
	for (offset = 0; offset < TCM_BYTES; offset += sizeof(u64))
		WRITE_ONCE(*(u64 *)(base + offset), 0);
	dsb();
}

/**
 * node_request() - REQUEST_NODE
 * @node: node number
 * @capabilities: wanted; 0 reserves the node without power
 * @ack: kind of acknowledgment
 *
 * Context: EL3, any core.
 * Return: an &enum eemi_status.
 */
u32 node_request(u32 node, u32 capabilities, u32 ack)
{
	u32 ret = EEMI_OK;

	if (!node_is_slave(node) || !ack_is_valid(ack) || (capabilities & ~CAP_ALL))
		return EEMI_INVALID_PARAM;

	bakery_lock(&node_lock);
	if (requests[node].held) {
		ret = EEMI_DOUBLE_REQUEST;
	} else {
		requests[node].held = 1;
		set_capabilities(node, capabilities);
	}
	bakery_unlock(&node_lock);
	return ret;
}

/**
 * node_release() - RELEASE_NODE
 * @node: node number
 *
 * Context: EL3, any core.
 * Return: an &enum eemi_status; %EEMI_FAILURE if it has not been requested.
 */
u32 node_release(u32 node)
{
	u32 ret = EEMI_OK;

	if (!node_is_slave(node))
		return EEMI_INVALID_PARAM;

	bakery_lock(&node_lock);
	if (!requests[node].held)
		ret = EEMI_FAILURE;
	requests[node].held = 0;
	set_capabilities(node, 0);
	bakery_unlock(&node_lock);
	return ret;
}

/**
 * node_set_requirement() - SET_REQUIREMENT
 * @node: node number
 * @capabilities: wanted from now on
 * @ack: kind of acknowledgment
 *
 * Context: EL3, any core.
 * Return: an &enum eemi_status; %EEMI_NO_ACCESS if it has not been requested.
 */
u32 node_set_requirement(u32 node, u32 capabilities, u32 ack)
{
	u32 ret = EEMI_OK;

	if (!node_is_slave(node) || !ack_is_valid(ack) || (capabilities & ~CAP_ALL))
		return EEMI_INVALID_PARAM;

	bakery_lock(&node_lock);
	if (requests[node].held)
		set_capabilities(node, capabilities);
	else
		ret = EEMI_NO_ACCESS;
	bakery_unlock(&node_lock);
	return ret;
}

/**
 * node_get_status() - GET_NODE_STATUS
 * @node: node number
 * @ret: status (0 is off), capabilities, users (bit 0: Linux)
 *
 * Context: EL3, any core.
 * Return: an &enum eemi_status.
 */
u32 node_get_status(u32 node, u32 *ret)
{
	if (!node || node > NODE_LAST)
		return EEMI_INVALID_PARAM;

	if (node == NODE_RPU_0 || node == NODE_RPU_1) {
		ret[0] = rpu_is_running(node - NODE_RPU_0);
	} else if (node == NODE_RPU) {
		ret[0] = rpu_is_running(0) || rpu_is_running(1);
	} else if (!node_is_slave(node)) {
		ret[0] = 1;
	} else {
		ret[0] = requests[node].capabilities || (node_is_tcm(node) && tcm_is_in_use(node));
		ret[1] = requests[node].capabilities;
		ret[2] = requests[node].held;
	}
	return EEMI_OK;
}
