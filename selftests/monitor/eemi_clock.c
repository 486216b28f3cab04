// SPDX-License-Identifier: GPL-2.0-only
/*
 * Clocks: what Linux's zynqmp clock driver asks about the tree, dividers and gates.
 *
 * The names and numbers are those of the board; the tree is a simpler one. Each PLL is a fixed
 * multiple of the reference, each clock below it one divider and one gate without a choice of
 * parents. Rates after boot are those of a ZCU102. Nothing in QEMU runs slower for it.
 *
 * Copyright (c) 2026 linux-amp developers
 */
#include "monitor.h"

#define QUERY_GET_NAME			1
#define QUERY_GET_TOPOLOGY		2
#define QUERY_GET_FIXEDFACTOR		3
#define QUERY_GET_PARENTS		4
#define QUERY_GET_ATTRIBUTES		5
#define QUERY_GET_NUM_CLOCKS		12
#define QUERY_GET_MAX_DIVISOR		13

/* Topology word: type in bits 3:0, clock flags from bit 8, flags of the type from bit 24 */
#define TOPOLOGY_FACTOR			3U
#define TOPOLOGY_DIVIDER		4U
#define TOPOLOGY_GATE			6U
#define   CLOCK_SET_RATE_PARENT		(BIT(2) << 8)
#define   CLOCK_IGNORE_UNUSED		(BIT(3) << 8)
#define   DIVIDER_ONE_BASED		(BIT(0) << 24)
#define   DIVIDER_ROUND_CLOSEST		(BIT(4) << 24)

#define ATTRIBUTE_VALID			BIT(0)
#define ATTRIBUTE_EXTERNAL		BIT(2)

#define PARENT_EXTERNAL			(5U << 16)
#define PARENT_NONE			0xffffffffU

/* Linux puts the clock number below class and type, which are zero on this chip */
#define CLOCK_INDEX			0x3fffU

#define MAX_DIVISOR			0xfffU	/* the chip has two of six bits each */
#define DIVISOR_MASK			0xffffU

enum {
	IOPLL, RPLL, APLL, DPLL, VPLL,
	IOPLL_TO_FPD, RPLL_TO_FPD, APLL_TO_LPD, DPLL_TO_LPD, VPLL_TO_LPD,
	ACPU,
	TOPSW_LSBUS = 28, LPD_LSBUS = 31, GEM_TSU_REF = 43,
	GPU_REF = 24, CPU_R5 = 37, CAN0_REF = 63, CAN1_REF = 64,
	GEM0_REF = 104, GEM1_REF, GEM2_REF, GEM3_REF,
	GEM0_REF_UNG, GEM1_REF_UNG, GEM2_REF_UNG, GEM3_REF_UNG,
	PSS_REF = 113,
	NR_CLOCKS,
};

enum kind {
	NONE,
	EXTERNAL,
	FACTOR,		/* parent * multiply / divide */
	DIVIDED,	/* parent / divide, with a gate */
	GATED,		/* parent with a gate */
};

static const struct clock {
	char name[EEMI_NAME_BYTES];
	u8 kind;
	u8 parent;
	u8 multiply;
	u8 divide;
} clocks[NR_CLOCKS] = {
	[PSS_REF]	= { "pss_ref_clk", EXTERNAL, 0, 0, 0 },		/* 33.33 MHz */
	[IOPLL]		= { "iopll", FACTOR, PSS_REF, 45, 1 },
	[RPLL]		= { "rpll", FACTOR, PSS_REF, 45, 1 },
	[APLL]		= { "apll", FACTOR, PSS_REF, 36, 1 },
	[DPLL]		= { "dpll", FACTOR, PSS_REF, 32, 1 },
	[VPLL]		= { "vpll", FACTOR, PSS_REF, 45, 1 },
	[IOPLL_TO_FPD]	= { "iopll_to_fpd", FACTOR, IOPLL, 1, 3 },
	[RPLL_TO_FPD]	= { "rpll_to_fpd", FACTOR, RPLL, 1, 3 },
	[APLL_TO_LPD]	= { "apll_to_lpd", FACTOR, APLL, 1, 3 },
	[DPLL_TO_LPD]	= { "dpll_to_lpd", FACTOR, DPLL, 1, 2 },
	[VPLL_TO_LPD]	= { "vpll_to_lpd", FACTOR, VPLL, 1, 3 },
	[ACPU]		= { "acpu", DIVIDED, APLL, 1, 1 },
	[11]		= { "acpu_half", FACTOR, ACPU, 1, 2 },
	[12]		= { "dbg_fpd", DIVIDED, IOPLL_TO_FPD, 1, 2 },
	[13]		= { "dbg_lpd", DIVIDED, IOPLL, 1, 6 },
	[14]		= { "dbg_trace", DIVIDED, IOPLL_TO_FPD, 1, 2 },
	[15]		= { "dbg_tstmp", DIVIDED, IOPLL_TO_FPD, 1, 2 },
	[16]		= { "dp_video_ref", DIVIDED, VPLL, 1, 5 },
	[17]		= { "dp_audio_ref", DIVIDED, RPLL_TO_FPD, 1, 20 },
	[18]		= { "dp_stc_ref", DIVIDED, RPLL_TO_FPD, 1, 19 },
	[19]		= { "gdma_ref", DIVIDED, APLL, 1, 2 },
	[20]		= { "dpdma_ref", DIVIDED, APLL, 1, 2 },
	[21]		= { "ddr_ref", DIVIDED, DPLL, 1, 2 },
	[22]		= { "sata_ref", DIVIDED, IOPLL_TO_FPD, 1, 2 },
	[23]		= { "pcie_ref", DIVIDED, IOPLL_TO_FPD, 1, 2 },
	[GPU_REF]	= { "gpu_ref", DIVIDED, IOPLL_TO_FPD, 1, 1 },
	[25]		= { "gpu_pp0_ref", GATED, GPU_REF, 1, 1 },
	[26]		= { "gpu_pp1_ref", GATED, GPU_REF, 1, 1 },
	[27]		= { "topsw_main", DIVIDED, DPLL, 1, 2 },
	[TOPSW_LSBUS]	= { "topsw_lsbus", DIVIDED, IOPLL_TO_FPD, 1, 5 },
	[29]		= { "gtgref0_ref", DIVIDED, IOPLL_TO_FPD, 1, 5 },
	[30]		= { "lpd_switch", DIVIDED, IOPLL, 1, 3 },
	[LPD_LSBUS]	= { "lpd_lsbus", DIVIDED, IOPLL, 1, 15 },
	[32]		= { "usb0_bus_ref", DIVIDED, IOPLL, 1, 6 },
	[33]		= { "usb1_bus_ref", DIVIDED, IOPLL, 1, 6 },
	[34]		= { "usb3_dual_ref", DIVIDED, IOPLL, 1, 75 },
	[35]		= { "usb0", GATED, IOPLL, 1, 1 },
	[36]		= { "usb1", GATED, IOPLL, 1, 1 },
	[CPU_R5]	= { "cpu_r5", DIVIDED, IOPLL, 1, 3 },
	[38]		= { "cpu_r5_core", GATED, CPU_R5, 1, 1 },
	[39]		= { "csu_spb", DIVIDED, IOPLL, 1, 15 },
	[40]		= { "csu_pll", DIVIDED, IOPLL, 1, 4 },
	[41]		= { "pcap", DIVIDED, IOPLL, 1, 8 },
	[42]		= { "iou_switch", DIVIDED, IOPLL, 1, 6 },
	[GEM_TSU_REF]	= { "gem_tsu_ref", DIVIDED, IOPLL, 1, 6 },
	[44]		= { "gem_tsu", GATED, GEM_TSU_REF, 1, 1 },
	[45]		= { "gem0_tx", GATED, GEM0_REF, 1, 1 },
	[46]		= { "gem1_tx", GATED, GEM1_REF, 1, 1 },
	[47]		= { "gem2_tx", GATED, GEM2_REF, 1, 1 },
	[48]		= { "gem3_tx", GATED, GEM3_REF, 1, 1 },
	[49]		= { "gem0_rx", GATED, GEM0_REF, 1, 1 },
	[50]		= { "gem1_rx", GATED, GEM1_REF, 1, 1 },
	[51]		= { "gem2_rx", GATED, GEM2_REF, 1, 1 },
	[52]		= { "gem3_rx", GATED, GEM3_REF, 1, 1 },
	[53]		= { "qspi_ref", DIVIDED, IOPLL, 1, 12 },
	[54]		= { "sdio0_ref", DIVIDED, IOPLL, 1, 8 },
	[55]		= { "sdio1_ref", DIVIDED, IOPLL, 1, 8 },
	[56]		= { "uart0_ref", DIVIDED, IOPLL, 1, 15 },
	[57]		= { "uart1_ref", DIVIDED, IOPLL, 1, 15 },
	[58]		= { "spi0_ref", DIVIDED, IOPLL, 1, 8 },
	[59]		= { "spi1_ref", DIVIDED, IOPLL, 1, 8 },
	[60]		= { "nand_ref", DIVIDED, IOPLL, 1, 15 },
	[61]		= { "i2c0_ref", DIVIDED, IOPLL, 1, 15 },
	[62]		= { "i2c1_ref", DIVIDED, IOPLL, 1, 15 },
	[CAN0_REF]	= { "can0_ref", DIVIDED, IOPLL, 1, 15 },
	[CAN1_REF]	= { "can1_ref", DIVIDED, IOPLL, 1, 15 },
	[65]		= { "can0", GATED, CAN0_REF, 1, 1 },
	[66]		= { "can1", GATED, CAN1_REF, 1, 1 },
	[67]		= { "dll_ref", GATED, IOPLL, 1, 1 },
	[68]		= { "adma_ref", DIVIDED, IOPLL, 1, 3 },
	[69]		= { "timestamp_ref", DIVIDED, IOPLL, 1, 15 },
	[70]		= { "ams_ref", DIVIDED, IOPLL, 1, 30 },
	[71]		= { "pl0_ref", DIVIDED, IOPLL, 1, 15 },
	[72]		= { "pl1_ref", DIVIDED, IOPLL, 1, 15 },
	[73]		= { "pl2_ref", DIVIDED, IOPLL, 1, 15 },
	[74]		= { "pl3_ref", DIVIDED, IOPLL, 1, 15 },
	[75]		= { "wdt", GATED, TOPSW_LSBUS, 1, 1 },
	[103]		= { "acpu_full", GATED, ACPU, 1, 1 },
	[GEM0_REF]	= { "gem0_ref", GATED, GEM0_REF_UNG, 1, 1 },
	[GEM1_REF]	= { "gem1_ref", GATED, GEM1_REF_UNG, 1, 1 },
	[GEM2_REF]	= { "gem2_ref", GATED, GEM2_REF_UNG, 1, 1 },
	[GEM3_REF]	= { "gem3_ref", GATED, GEM3_REF_UNG, 1, 1 },
	[GEM0_REF_UNG]	= { "gem0_ref_ung", DIVIDED, IOPLL, 1, 12 },
	[GEM1_REF_UNG]	= { "gem1_ref_ung", DIVIDED, IOPLL, 1, 12 },
	[GEM2_REF_UNG]	= { "gem2_ref_ung", DIVIDED, IOPLL, 1, 12 },
	[GEM3_REF_UNG]	= { "gem3_ref_ung", DIVIDED, IOPLL, 1, 12 },
	[112]		= { "lpd_wdt", GATED, LPD_LSBUS, 1, 1 },
};

/* What Linux has changed; one word each, so that no lock is needed */
static u16 divisors[NR_CLOCKS];		/* 0: as in clocks[] */
static u8 gated_off[NR_CLOCKS];

static const struct clock *find_clock(u32 id)
{
	id &= CLOCK_INDEX;
	if (id >= NR_CLOCKS || clocks[id].kind == NONE)
		return 0;
	return &clocks[id];
}

static void get_topology(const struct clock *clock, u32 *ret)
{
	u32 gate = TOPOLOGY_GATE | CLOCK_SET_RATE_PARENT | CLOCK_IGNORE_UNUSED;

	switch (clock->kind) {
	case FACTOR:
		ret[0] = TOPOLOGY_FACTOR;
		break;
	case DIVIDED:
		ret[0] = TOPOLOGY_DIVIDER | DIVIDER_ONE_BASED | DIVIDER_ROUND_CLOSEST;
		ret[1] = gate;
		break;
	case GATED:
		ret[0] = gate;
		break;
	}
}

static void get_parents(const struct clock *clock, u32 index, u32 *ret)
{
	ret[0] = PARENT_NONE;
	ret[1] = PARENT_NONE;
	ret[2] = PARENT_NONE;
	if (index || clock->kind == EXTERNAL)
		return;
	ret[0] = clock->parent;
	if (clocks[clock->parent].kind == EXTERNAL)
		ret[0] |= PARENT_EXTERNAL;
}

static void get_attributes(const struct clock *clock, u32 *ret)
{
	if (clock)
		ret[0] = ATTRIBUTE_VALID | (clock->kind == EXTERNAL ? ATTRIBUTE_EXTERNAL : 0);
}

/**
 * clock_query() - QUERY_DATA about clocks
 * @arg: query, clock, index
 * @ret: the answer, three words; four for a name
 *
 * Context: EL3, any core.
 * Return: an &enum eemi_status.
 */
u32 clock_query(const u32 *arg, u32 *ret)
{
	const struct clock *clock = find_clock(arg[1]);

	switch (arg[0]) {
	case QUERY_GET_NUM_CLOCKS:
		ret[0] = NR_CLOCKS;
		return EEMI_OK;
	case QUERY_GET_NAME:
		/* An empty name is a number that is not used */
		if (clock)
			eemi_pack_name(ret, clock->name);
		return EEMI_OK;
	case QUERY_GET_ATTRIBUTES:
		get_attributes(clock, ret);
		return EEMI_OK;
	}

	if (!clock)
		return EEMI_INVALID_PARAM;
	switch (arg[0]) {
	case QUERY_GET_TOPOLOGY:
		if (!arg[2])
			get_topology(clock, ret);
		return EEMI_OK;
	case QUERY_GET_PARENTS:
		get_parents(clock, arg[2], ret);
		return EEMI_OK;
	case QUERY_GET_FIXEDFACTOR:
		if (clock->kind != FACTOR)
			return EEMI_INVALID_PARAM;
		ret[0] = clock->multiply;
		ret[1] = clock->divide;
		return EEMI_OK;
	case QUERY_GET_MAX_DIVISOR:
		ret[0] = MAX_DIVISOR;
		return EEMI_OK;
	}
	return EEMI_NO_FEATURE;
}

/**
 * clock_enable() - CLOCK_ENABLE and CLOCK_DISABLE
 * @id: clock
 * @on: 1 to let it through
 *
 * Context: EL3, any core.
 * Return: an &enum eemi_status.
 */
u32 clock_enable(u32 id, u32 on)
{
	const struct clock *clock = find_clock(id);

	if (!clock)
		return EEMI_INVALID_PARAM;
	gated_off[clock - clocks] = !on;
	return EEMI_OK;
}

/**
 * clock_get_state() - CLOCK_GETSTATE
 * @id: clock
 * @on: set to 1 if it is let through
 *
 * Context: EL3, any core.
 * Return: an &enum eemi_status.
 */
u32 clock_get_state(u32 id, u32 *on)
{
	const struct clock *clock = find_clock(id);

	if (!clock)
		return EEMI_INVALID_PARAM;
	*on = !gated_off[clock - clocks];
	return EEMI_OK;
}

/**
 * clock_set_divider() - CLOCK_SETDIVIDER
 * @id:    clock
 * @value: divisor in the low half; the high half is that of a second divider, which is not there
 *
 * Context: EL3, any core.
 * Return: an &enum eemi_status.
 */
u32 clock_set_divider(u32 id, u32 value)
{
	const struct clock *clock = find_clock(id);

	value &= DIVISOR_MASK;
	if (!clock || clock->kind != DIVIDED || !value || value > MAX_DIVISOR)
		return EEMI_INVALID_PARAM;
	divisors[clock - clocks] = value;
	return EEMI_OK;
}

/**
 * clock_get_divider() - CLOCK_GETDIVIDER
 * @id:    clock
 * @value: the divisor
 *
 * Context: EL3, any core.
 * Return: an &enum eemi_status.
 */
u32 clock_get_divider(u32 id, u32 *value)
{
	const struct clock *clock = find_clock(id);

	if (!clock || clock->kind != DIVIDED)
		return EEMI_INVALID_PARAM;
	*value = divisors[clock - clocks] ?: clock->divide;
	return EEMI_OK;
}
