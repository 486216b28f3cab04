// SPDX-License-Identifier: GPL-2.0-only
/*
 * Pins: which functions and groups there are, and who has which pin.
 *
 * Linux builds group names as <function>_<index>_grp, so the order of a function's groups is part
 * of the interface with the devicetrees. QEMU has no pin multiplexer: function and electrical
 * settings are checked, remembered and read back, and nothing else comes of them.
 *
 * Copyright (c) 2026 linux-amp developers
 */
#include "monitor.h"

#define QUERY_GET_NUM_PINS		6
#define QUERY_GET_NUM_FUNCTIONS		7
#define QUERY_GET_NUM_GROUPS		8
#define QUERY_GET_NAME			9
#define QUERY_GET_FUNCTION_GROUPS	10
#define QUERY_GET_PIN_GROUPS		11

#define NR_PINS				78
#define GROUPS_PER_ANSWER		6
#define NO_GROUP			0xffff

#define CONFIG_VOLTAGE_STATUS		5	/* read only */
#define NR_CONFIGS			7
#define VOLTAGE_1V8			1

/**
 * struct pins - consecutive pins
 * @first: number of the first one
 * @count: how many; 0 for none
 */
struct pins {
	u8 first;
	u8 count;
};

/**
 * struct row - some consecutive groups of one function
 * @function: name of the function, empty in further rows of the same one
 * @groups:   how many groups
 * @step:     from one group to the next the moving pins move by this
 * @moving:   pins of the first group
 * @fixed:    pins that all groups of the row have
 */
struct row {
	char function[EEMI_NAME_BYTES];
	u8 groups;
	signed char step;
	struct pins moving[2];
	struct pins fixed[2];
};

/* Two neighbouring pins, again every four */
#define PAIRS(name, first, groups) \
	{ name, groups, 4, { { first, 2 } }, {} }
/* One set of pins */
#define ONE(name, ...) \
	{ name, 1, 0, { __VA_ARGS__ }, {} }
/* One pin each, @step apart */
#define SINGLES(name, first, groups, step) \
	{ name, groups, step, { { first, 1 } }, {} }
/* SPI's selects 0 to 2 count downwards; its clock and data lie around them */
#define SPI_SS(name, first)	SINGLES(name, (first) + 3, 3, -1)

static const struct row rows[] = {
	PAIRS("can0", 2, 19),
	PAIRS("can1", 0, 20),
	ONE("ethernet0", { 27, 11 }),
	ONE("ethernet1", { 38, 12 }),
	ONE("ethernet2", { 52, 12 }),
	ONE("ethernet3", { 64, 12 }),
	SINGLES("gemtsu0", 26, 1, 0),
	SINGLES("", 50, 2, 1),
	SINGLES("gpio0", 0, NR_PINS, 1),
	PAIRS("i2c0", 2, 19),
	PAIRS("i2c1", 0, 20),
	ONE("mdio0", { 76, 2 }),
	ONE("mdio1", { 50, 2 }),
	ONE("", { 76, 2 }),
	ONE("mdio2", { 76, 2 }),
	ONE("mdio3", { 76, 2 }),
	ONE("qspi0", { 0, 5 }, { 8, 5 }),
	ONE("qspi_fbclk", { 6, 1 }),
	ONE("qspi_ss", { 5, 1 }, { 7, 1 }),
	ONE("spi0", { 0, 1 }, { 4, 2 }), ONE("", { 12, 1 }, { 16, 2 }),
	ONE("", { 26, 1 }, { 30, 2 }), ONE("", { 38, 1 }, { 42, 2 }),
	ONE("", { 52, 1 }, { 56, 2 }), ONE("", { 64, 1 }, { 68, 2 }),
	ONE("spi1", { 6, 1 }, { 10, 2 }), ONE("", { 18, 1 }, { 22, 2 }),
	ONE("", { 32, 1 }, { 36, 2 }), ONE("", { 44, 1 }, { 48, 2 }),
	ONE("", { 58, 1 }, { 62, 2 }), ONE("", { 70, 1 }, { 74, 2 }),
	SPI_SS("spi0_ss", 0), SPI_SS("", 12), SPI_SS("", 26),
	SPI_SS("", 38), SPI_SS("", 52), SPI_SS("", 64),
	SPI_SS("spi1_ss", 6), SPI_SS("", 18), SPI_SS("", 32),
	SPI_SS("", 44), SPI_SS("", 58), SPI_SS("", 70),
	/* Eight bits wide, then four, then one */
	ONE("sdio0", { 13, 10 }),
	ONE("", { 38, 1 }, { 40, 9 }),
	ONE("", { 64, 1 }, { 66, 9 }),
	{ "", 2, 4, { { 13, 4 } }, { { 21, 2 } } },
	{ "", 2, 4, { { 41, 4 } }, { { 38, 1 }, { 40, 1 } } },
	{ "", 2, 4, { { 67, 4 } }, { { 64, 1 }, { 66, 1 } } },
	{ "", 8, 1, { { 13, 1 } }, { { 21, 2 } } },
	{ "", 8, 1, { { 41, 1 } }, { { 38, 1 }, { 40, 1 } } },
	{ "", 8, 1, { { 67, 1 } }, { { 64, 1 }, { 66, 1 } } },
	SINGLES("sdio0_pc", 23, 3, 26),
	SINGLES("sdio0_cd", 24, 1, 0), SINGLES("", 39, 2, 26),
	SINGLES("sdio0_wp", 25, 2, 25), SINGLES("", 76, 1, 0),
	ONE("sdio1", { 39, 4 }, { 46, 6 }),
	{ "", 2, 7, { { 39, 4 } }, { { 50, 2 } } },
	ONE("", { 71, 6 }),
	{ "", 4, 1, { { 39, 1 } }, { { 50, 2 } } },
	{ "", 4, 1, { { 46, 1 } }, { { 50, 2 } } },
	{ "", 4, 1, { { 71, 1 } }, { { 75, 2 } } },
	SINGLES("sdio1_pc", 43, 2, 27),
	SINGLES("sdio1_cd", 45, 2, 32),
	SINGLES("sdio1_wp", 44, 2, 25),
	ONE("nand0", { 13, 13 }),
	SINGLES("nand0_ce", 9, 2, 17),
	{ "nand0_rb", 2, 17, { { 10, 2 } }, {} },
	SINGLES("nand0_dqs", 12, 2, 20),
	SINGLES("ttc0_clk", 6, 9, 8),
	SINGLES("ttc0_wav", 7, 9, 8),
	SINGLES("ttc1_clk", 4, 9, 8),
	SINGLES("ttc1_wav", 5, 9, 8),
	SINGLES("ttc2_clk", 2, 9, 8),
	SINGLES("ttc2_wav", 3, 9, 8),
	SINGLES("ttc3_clk", 0, 9, 8),
	SINGLES("ttc3_wav", 1, 9, 8),
	PAIRS("uart0", 2, 19),
	PAIRS("uart1", 0, 19),
	ONE("usb0", { 52, 12 }),
	ONE("usb1", { 64, 12 }),
	SINGLES("swdt0_clk", 6, 2, 4), SINGLES("", 18, 2, 4), SINGLES("", 30, 2, 4),
	SINGLES("", 42, 3, 4), SINGLES("", 62, 4, 4),
	SINGLES("swdt0_rst", 7, 2, 4), SINGLES("", 19, 2, 4), SINGLES("", 31, 2, 4),
	SINGLES("", 43, 3, 4), SINGLES("", 63, 4, 4),
	SINGLES("swdt1_clk", 4, 2, 4), SINGLES("", 16, 3, 4), SINGLES("", 32, 2, 4),
	SINGLES("", 44, 2, 4), SINGLES("", 56, 1, 0), SINGLES("", 64, 3, 4),
	SINGLES("swdt1_rst", 5, 2, 4), SINGLES("", 17, 3, 4), SINGLES("", 33, 2, 4),
	SINGLES("", 45, 2, 4), SINGLES("", 57, 1, 0), SINGLES("", 65, 3, 4),
	SINGLES("pmu0", 26, 12, 1),
	SINGLES("pcie0", 29, 3, 1), SINGLES("", 33, 5, 1),
	SINGLES("csu0", 18, 9, 1), SINGLES("", 31, 3, 1),
	{ "dpaux0", 2, 2, { { 27, 2 } }, {} }, { "", 2, 2, { { 34, 2 } }, {} },
	{ "pjtag0", 2, 12, { { 0, 4 } }, {} }, { "", 2, 12, { { 26, 4 } }, {} },
	ONE("", { 52, 4 }), ONE("", { 58, 4 }),
	ONE("trace0", { 2, 16 }),
	ONE("", { 26, 12 }, { 40, 4 }),
	ONE("", { 54, 16 }),
	ONE("trace0_clk", { 0, 2 }), { "", 2, 14, { { 38, 2 } }, {} },
	ONE("testscan0", { 0, 38 }),
};

/**
 * struct pin - state of a pin
 * @requested: Linux has it
 * @function:  function number plus one; 0 is what the pin had at reset, GPIO
 * @config:    values of the configuration parameters
 */
struct pin {
	u8 requested;
	u8 function;
	u8 config[NR_CONFIGS];
};

static struct pin pin_state[NR_PINS];

/* Protects pin_state[] */
static struct bakery_lock pin_lock;

static int has(struct pins pins, int offset, u32 pin)
{
	return pin - (u32)(pins.first + offset) < pins.count;
}

static int group_has_pin(const struct row *row, u32 group, u32 pin)
{
	int offset = (int)group * row->step;

	return has(row->moving[0], offset, pin) || has(row->moving[1], offset, pin) ||
	       has(row->fixed[0], 0, pin) || has(row->fixed[1], 0, pin);
}

/**
 * struct cursor - a place in rows[]
 * @row:      the row
 * @function: number of its function
 * @group:    number of its first group, counted over all functions
 */
struct cursor {
	const struct row *row;
	u32 function;
	u32 group;
};

static int next_row(struct cursor *at)
{
	if (!at->row) {
		at->row = rows;
		return 1;
	}
	at->group += at->row->groups;
	at->row++;
	if (at->row == rows + ARRAY_SIZE(rows))
		return 0;
	at->function += !!at->row->function[0];
	return 1;
}

static u32 get_num_functions(void)
{
	struct cursor at = {};

	while (next_row(&at))
		;
	return at.function + 1;
}

static u32 get_num_groups(u32 function)
{
	struct cursor at = {};
	u32 groups = 0;

	while (next_row(&at))
		if (at.function == function)
			groups += at.row->groups;
	return groups;
}

static void get_name(u32 function, u32 *ret)
{
	struct cursor at = {};

	while (next_row(&at)) {
		if (at.function == function) {
			eemi_pack_name(ret, at.row->function);
			return;
		}
	}
}

/* Group numbers are packed two to a word */
static void put_group(u32 *ret, u32 index, u32 group)
{
	u32 shift = 16 * (index % 2);

	ret[index / 2] &= ~(0xffffU << shift);
	ret[index / 2] |= group << shift;
}

static void get_function_groups(u32 function, u32 index, u32 *ret)
{
	u32 groups = get_num_groups(function), i;
	struct cursor at = {};

	while (next_row(&at) && at.function != function)
		;
	for (i = 0; i < GROUPS_PER_ANSWER; i++)
		put_group(ret, i, index + i < groups ? at.group + index + i : NO_GROUP);
}

static void get_pin_groups(u32 pin, u32 index, u32 *ret)
{
	struct cursor at = {};
	u32 found = 0, i;

	for (i = 0; i < GROUPS_PER_ANSWER; i++)
		put_group(ret, i, NO_GROUP);
	while (next_row(&at)) {
		for (i = 0; i < at.row->groups; i++) {
			if (!group_has_pin(at.row, i, pin))
				continue;
			if (found >= index && found < index + GROUPS_PER_ANSWER)
				put_group(ret, found - index, at.group + i);
			found++;
		}
	}
}

static int function_has_pin(u32 function, u32 pin)
{
	struct cursor at = {};
	u32 i;

	while (next_row(&at)) {
		if (at.function != function)
			continue;
		for (i = 0; i < at.row->groups; i++)
			if (group_has_pin(at.row, i, pin))
				return 1;
	}
	return 0;
}

/**
 * pinctrl_query() - QUERY_DATA about pins
 * @arg: query, pin or function, index
 * @ret: the answer, three words; four for a name
 *
 * Context: EL3, any core.
 * Return: an &enum eemi_status.
 */
u32 pinctrl_query(const u32 *arg, u32 *ret)
{
	switch (arg[0]) {
	case QUERY_GET_NUM_PINS:
		ret[0] = NR_PINS;
		return EEMI_OK;
	case QUERY_GET_NUM_FUNCTIONS:
		ret[0] = get_num_functions();
		return EEMI_OK;
	case QUERY_GET_NUM_GROUPS:
		ret[0] = get_num_groups(arg[1]);
		return ret[0] ? EEMI_OK : EEMI_FAILURE;
	case QUERY_GET_NAME:
		get_name(arg[1], ret);
		return EEMI_OK;
	case QUERY_GET_FUNCTION_GROUPS:
		if (!get_num_groups(arg[1]))
			return EEMI_FAILURE;
		get_function_groups(arg[1], arg[2], ret);
		return EEMI_OK;
	case QUERY_GET_PIN_GROUPS:
		if (arg[1] >= NR_PINS)
			return EEMI_FAILURE;
		get_pin_groups(arg[1], arg[2], ret);
		return EEMI_OK;
	}
	return EEMI_NO_FEATURE;
}

/**
 * pinctrl_request() - PINCTRL_REQUEST and PINCTRL_RELEASE
 * @pin: pin number
 * @take: 1 to request, 0 to release
 *
 * Context: EL3, any core.
 * Return: an &enum eemi_status; %EEMI_FAILURE for a release without a request.
 */
u32 pinctrl_request(u32 pin, u32 take)
{
	u32 ret;

	if (pin >= NR_PINS)
		return EEMI_INVALID_PARAM;

	bakery_lock(&pin_lock);
	ret = take || pin_state[pin].requested ? EEMI_OK : EEMI_FAILURE;
	pin_state[pin].requested = take;
	bakery_unlock(&pin_lock);
	return ret;
}

/**
 * pinctrl_get_function() - PINCTRL_GET_FUNCTION
 * @pin: pin number
 * @function: function number
 *
 * Context: EL3, any core.
 * Return: an &enum eemi_status; %EEMI_FAILURE if none has been set.
 */
u32 pinctrl_get_function(u32 pin, u32 *function)
{
	if (pin >= NR_PINS)
		return EEMI_INVALID_PARAM;
	if (!pin_state[pin].function)
		return EEMI_FAILURE;
	*function = pin_state[pin].function - 1;
	return EEMI_OK;
}

/**
 * pinctrl_set_function() - PINCTRL_SET_FUNCTION
 * @pin: pin number
 * @function: function number
 *
 * Context: EL3, any core.
 * Return: an &enum eemi_status; %EEMI_NO_ACCESS if the pin has not been requested,
 * %EEMI_INVALID_PARAM if no group of the function has it.
 */
u32 pinctrl_set_function(u32 pin, u32 function)
{
	if (pin >= NR_PINS || !function_has_pin(function, pin))
		return EEMI_INVALID_PARAM;
	if (!pin_state[pin].requested)
		return EEMI_NO_ACCESS;
	pin_state[pin].function = function + 1;
	return EEMI_OK;
}

/**
 * pinctrl_get_config() - PINCTRL_CONFIG_PARAM_GET
 * @pin: pin number
 * @param: slew rate, bias, pull, input type, drive strength, voltage, tri-state
 * @value: its value
 *
 * Context: EL3, any core.
 * Return: an &enum eemi_status.
 */
u32 pinctrl_get_config(u32 pin, u32 param, u32 *value)
{
	if (pin >= NR_PINS || param >= NR_CONFIGS)
		return EEMI_INVALID_PARAM;
	*value = param == CONFIG_VOLTAGE_STATUS ? VOLTAGE_1V8 : pin_state[pin].config[param];
	return EEMI_OK;
}

/**
 * pinctrl_set_config() - PINCTRL_CONFIG_PARAM_SET
 * @pin: pin number
 * @param: as for pinctrl_get_config()
 * @value: its value
 *
 * Context: EL3, any core.
 * Return: an &enum eemi_status; %EEMI_NO_ACCESS if the pin has not been requested.
 */
u32 pinctrl_set_config(u32 pin, u32 param, u32 value)
{
	if (pin >= NR_PINS || param >= NR_CONFIGS || param == CONFIG_VOLTAGE_STATUS || value > 0xff)
		return EEMI_INVALID_PARAM;
	if (!pin_state[pin].requested)
		return EEMI_NO_ACCESS;
	pin_state[pin].config[param] = value;
	return EEMI_OK;
}
