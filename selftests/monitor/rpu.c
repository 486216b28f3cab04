// SPDX-License-Identifier: GPL-2.0-only
/*
 * The two Cortex-R5: mode, boot address, TCM combination, start and stop.
 *
 * The registers are the state, nothing is remembered here, so that a core which something else
 * has started before Linux (QEMU's loader, a debugger) is seen as running. IPI registers are left
 * alone when a core stops, as the power management firmware of a board leaves them: an interrupt
 * that is pending or enabled stays so, and firmware clears its own at start.
 *
 * Copyright (c) 2026 linux-amp developers
 */
#include "monitor.h"

#define RPU_GLBL_CNTL		0xff9a0000UL
#define   SLSPLIT		BIT(3)
#define   SLCLAMP		BIT(4)
#define   TCM_COMB		BIT(6)
#define RPU_CFG(core)		(0xff9a0100UL + 0x100 * (core))
#define   NCPUHALT		BIT(0)
#define   VINITHI		BIT(2)

#define RST_R5(core)		BIT(core)
#define RST_RPU_AMBA		BIT(2)
#define RST_RPU_PGE		BIT(4)

#define RPU_CORES		2
#define RESUME_LOVEC		0x00000000UL
#define RESUME_HIVEC		0xffff0000UL
#define SET_ADDRESS		BIT(0)

#define MODE_LOCKSTEP		0
#define MODE_SPLIT		1

/* EEMI reset lines, from RPU_R50 on: R50, R51, AMBA, OCM, PGE */
#define RESET_LINES		5
#define RESET_RELEASE		0
#define RESET_ASSERT		1
#define RESET_PULSE		2

/* Every register here has bits of both cores */
static struct bakery_lock rpu_lock;

static void update(u64 reg, u32 clear, u32 set)
{
	mmio_write(reg, (mmio_read(reg) & ~clear) | set);
}

/**
 * rpu_is_lockstep() - tell the mode
 *
 * Context: EL3, any core.
 * Return: 1 in lockstep, 0 in split mode.
 */
u32 rpu_is_lockstep(void)
{
	return !(mmio_read(RPU_GLBL_CNTL) & SLSPLIT);
}

/**
 * rpu_tcm_is_combined() - tell how the TCMs are laid out
 *
 * Context: EL3, any core.
 * Return: 1 if core 1's banks follow core 0's, 0 if each core has its own.
 */
u32 rpu_tcm_is_combined(void)
{
	return !!(mmio_read(RPU_GLBL_CNTL) & TCM_COMB);
}

/**
 * rpu_is_running() - tell whether a core executes
 * @core: 0 or 1; in lockstep there is only core 0
 *
 * Context: EL3, any core.
 * Return: 1 if it does, 0 if it is halted or in reset.
 */
u32 rpu_is_running(u32 core)
{
	if (core && rpu_is_lockstep())
		return 0;
	return (mmio_read(RPU_CFG(core)) & NCPUHALT) &&
	       !(mmio_read(CRL_RST_LPD_TOP) & (RST_R5(core) | RST_RPU_AMBA));
}

/* In lockstep core 1 shadows core 0, so both resets move together */
static u32 reset_bits(u32 core)
{
	return rpu_is_lockstep() ? RST_R5(0) | RST_R5(1) : RST_R5(core);
}

static void stop(u32 core)
{
	u32 other = !core;

	update(RPU_CFG(core), NCPUHALT, 0);
	update(CRL_RST_LPD_TOP, 0, reset_bits(core));
	/* With the last core the whole block loses power, its interrupt controller included */
	if (rpu_is_lockstep() || !rpu_is_running(other))
		update(CRL_RST_LPD_TOP, 0, RST_RPU_AMBA | RST_RPU_PGE);
}

static void start(u32 core)
{
	update(CRL_RST_LPD_TOP, RST_RPU_AMBA | RST_RPU_PGE, 0);
	update(CRL_RST_LPD_TOP, reset_bits(core), 0);
	update(RPU_CFG(core), 0, NCPUHALT);
}

/**
 * rpu_request_wakeup() - start a core
 * @node:    %NODE_RPU_0 or %NODE_RPU_1
 * @address: where to start, 0 or 0xffff0000, with bit 0 set; or 0 to keep what is configured
 * @ack:     kind of acknowledgment
 *
 * A core that runs is left alone.
 *
 * Context: EL3, any core.
 * Return: an &enum eemi_status; %EEMI_CONFLICT for core 1 in lockstep.
 */
u32 rpu_request_wakeup(u32 node, u64 address, u32 ack)
{
	u32 core = node - NODE_RPU_0, ret = EEMI_OK;

	if (node >= NODE_APU_0 && node <= NODE_APU_3)
		return EEMI_NO_ACCESS;		/* PSCI's */
	if (core >= RPU_CORES)
		return EEMI_INVALID_NODE;
	if (!ack_is_valid(ack))
		return EEMI_INVALID_PARAM;
	if ((address & SET_ADDRESS) && (address & ~(u64)SET_ADDRESS) != RESUME_LOVEC &&
	    (address & ~(u64)SET_ADDRESS) != RESUME_HIVEC)
		return EEMI_INVALID_PARAM;

	bakery_lock(&rpu_lock);
	if (core && rpu_is_lockstep()) {
		ret = EEMI_CONFLICT;
	} else if (!rpu_is_running(core)) {
		stop(core);
		if (address & SET_ADDRESS)
			update(RPU_CFG(core), VINITHI,
			       (address & ~(u64)SET_ADDRESS) == RESUME_HIVEC ? VINITHI : 0);
		start(core);
	}
	bakery_unlock(&rpu_lock);
	return ret;
}

/**
 * rpu_force_powerdown() - stop a core, or both
 * @node: %NODE_RPU_0, %NODE_RPU_1 or %NODE_RPU
 * @ack:  kind of acknowledgment
 *
 * Context: EL3, any core.
 * Return: an &enum eemi_status.
 */
u32 rpu_force_powerdown(u32 node, u32 ack)
{
	if (!node || node > NODE_LAST || !ack_is_valid(ack))
		return EEMI_INVALID_PARAM;
	if ((node >= NODE_APU && node <= NODE_APU_3) || node == NODE_PLD || node == NODE_FPD ||
	    node == NODE_LPD || node == NODE_PL)
		return EEMI_NO_ACCESS;
	if (node < NODE_RPU || node > NODE_RPU_1)
		return EEMI_INVALID_PARAM;

	bakery_lock(&rpu_lock);
	if (node == NODE_RPU) {
		stop(0);
		stop(1);
	} else if (node == NODE_RPU_0 || !rpu_is_lockstep()) {
		stop(node - NODE_RPU_0);
	}
	bakery_unlock(&rpu_lock);
	return EEMI_OK;
}

/**
 * rpu_set_mode() - choose split or lockstep; the TCMs follow
 * @mode: 0 lockstep, 1 split
 *
 * Context: EL3, any core.
 * Return: an &enum eemi_status.
 */
u32 rpu_set_mode(u32 mode)
{
	if (mode > MODE_SPLIT)
		return EEMI_FAILURE;

	bakery_lock(&rpu_lock);
	if (mode == MODE_SPLIT)
		update(RPU_GLBL_CNTL, TCM_COMB | SLCLAMP, SLSPLIT);
	else
		update(RPU_GLBL_CNTL, SLSPLIT, TCM_COMB | SLCLAMP);
	bakery_unlock(&rpu_lock);
	return EEMI_OK;
}

/**
 * rpu_set_boot_address() - choose the vectors a core starts from
 * @node: %NODE_RPU_0 or %NODE_RPU_1
 * @high: 0 for address 0, 1 for 0xffff0000
 *
 * Context: EL3, any core.
 * Return: an &enum eemi_status.
 */
u32 rpu_set_boot_address(u32 node, u32 high)
{
	if (node - NODE_RPU_0 >= RPU_CORES || high > 1)
		return EEMI_FAILURE;

	bakery_lock(&rpu_lock);
	update(RPU_CFG(node - NODE_RPU_0), VINITHI, high ? VINITHI : 0);
	bakery_unlock(&rpu_lock);
	return EEMI_OK;
}

/**
 * rpu_set_tcm_combined() - choose whether core 0 gets the TCMs of both
 * @combined: 0 or 1
 *
 * Context: EL3, any core.
 * Return: an &enum eemi_status.
 */
u32 rpu_set_tcm_combined(u32 combined)
{
	if (combined > 1)
		return EEMI_FAILURE;

	bakery_lock(&rpu_lock);
	update(RPU_GLBL_CNTL, TCM_COMB, combined ? TCM_COMB : 0);
	bakery_unlock(&rpu_lock);
	return EEMI_OK;
}

/**
 * rpu_reset() - drive one of the reset lines of the block
 * @line:   0 core 0, 1 core 1, 2 bus, 3 on-chip memory (ignored), 4 power gate
 * @action: 0 release, 1 assert, 2 pulse
 *
 * Context: EL3, any core.
 * Return: an &enum eemi_status.
 */
u32 rpu_reset(u32 line, u32 action)
{
	if (line >= RESET_LINES || action > RESET_PULSE)
		return EEMI_INVALID_PARAM;
	if (BIT(line) == BIT(3))
		return EEMI_OK;

	bakery_lock(&rpu_lock);
	if (action != RESET_RELEASE)
		update(CRL_RST_LPD_TOP, 0, BIT(line));
	if (action != RESET_ASSERT)
		update(CRL_RST_LPD_TOP, BIT(line), 0);
	bakery_unlock(&rpu_lock);
	return EEMI_OK;
}
