// SPDX-License-Identifier: GPL-2.0-only
/*
 * The embedded energy management interface: one table of calls, one of IOCTLs, and the calls
 * that are too small for a file of their own.
 *
 * The numbers and argument positions are those of Linux's zynqmp-firmware driver. The same calls
 * arrive in three shapes: 6.1 sends the call number alone; 6.12 puts the number of the firmware
 * module above it but asks for features by the low byte, so that the TF-A call 0xa03 is looked
 * up as call 3; 7.2 asks by the whole number.
 *
 * Copyright (c) 2026 linux-amp developers
 */
#include "monitor.h"

#define PM_GET_API_VERSION		1
#define PM_GET_NODE_STATUS		3
#define PM_FORCE_POWERDOWN		8
#define PM_REQUEST_WAKEUP		10
#define PM_SYSTEM_SHUTDOWN		12
#define PM_REQUEST_NODE			13
#define PM_RELEASE_NODE			14
#define PM_SET_REQUIREMENT		15
#define PM_RESET_ASSERT			17
#define PM_RESET_GET_STATUS		18
#define PM_MMIO_WRITE			19
#define PM_MMIO_READ			20
#define PM_INIT_FINALIZE		21
#define PM_GET_CHIPID			24
#define PM_PINCTRL_REQUEST		28
#define PM_PINCTRL_RELEASE		29
#define PM_PINCTRL_GET_FUNCTION		30
#define PM_PINCTRL_SET_FUNCTION		31
#define PM_PINCTRL_CONFIG_PARAM_GET	32
#define PM_PINCTRL_CONFIG_PARAM_SET	33
#define PM_IOCTL			34
#define PM_QUERY_DATA			35
#define PM_CLOCK_ENABLE			36
#define PM_CLOCK_DISABLE		37
#define PM_CLOCK_GETSTATE		38
#define PM_CLOCK_SETDIVIDER		39
#define PM_CLOCK_GETDIVIDER		40
#define PM_FEATURE_CHECK		63
#define TFA_GET_CALLBACK_DATA		0xa01
#define TFA_SET_SUSPEND_MODE		0xa02
#define TFA_GET_TRUSTZONE_VERSION	0xa03
#define TFA_FEATURE_CHECK		0xa3f
#define TFA_MODULE			0xa00

#define IOCTL_GET_RPU_OPER_MODE		0
#define IOCTL_SET_RPU_OPER_MODE		1
#define IOCTL_RPU_BOOT_ADDR_CONFIG	2
#define IOCTL_TCM_COMB_CONFIG		3
#define IOCTL_SD_DLL_RESET		6
#define IOCTL_SET_SD_TAPDELAY		7
#define IOCTL_WRITE_GGS			12
#define IOCTL_READ_GGS			13
#define IOCTL_WRITE_PGGS		14
#define IOCTL_READ_PGGS			15
#define IOCTL_SET_BOOT_HEALTH_STATUS	17

#define API_VERSION			VERSION(1, 1)
#define TRUSTZONE_VERSION		VERSION(1, 0)
#define IDCODE_ZU9EG			0x24738093
#define SILICON_VERSION			0x00000513

#define SHUTDOWN_RESET			1
#define SHUTDOWN_SET_SCOPE		2

#define RESET_FIRST			1000
#define RESET_LAST			1119
#define RESET_RPU_R50			1054
#define RESET_RPU_PGE			1058
#define RESET_ASSERT			1
#define RESET_PULSE			2

/* Query identifiers */
#define QUERY_CLOCK_GET_NAME		1
#define QUERY_PINCTRL_FIRST		6
#define QUERY_PINCTRL_GET_NAME		9
#define QUERY_PINCTRL_LAST		11
#define QUERIES_KNOWN			0x3ffeU	/* 1 to 13 */

#define STORAGE_WORDS			4

typedef u32 (*call_fn)(const u32 *arg, u32 *ret);

/* Protects what follows */
static struct bakery_lock misc_lock;
static u32 storage[2][STORAGE_WORDS];	/* global general storage, kept and lost over a reset */
static u32 resets[(RESET_LAST - RESET_FIRST) / 32 + 1];

/**
 * eemi_pack_name() - put a name into an answer
 * @ret:  all four words
 * @name: %EEMI_NAME_BYTES of it, padded with zeroes
 *
 * Context: EL3, any core.
 */
void eemi_pack_name(u32 *ret, const char *name)
{
	u32 i;

	for (i = 0; i < EEMI_WORDS; i++)
		ret[i] = 0;
	for (i = 0; i < EEMI_NAME_BYTES; i++)
		ret[i / 4] |= (u32)(u8)name[i] << (8 * (i % 4));
}

static u32 get_api_version(const u32 *arg, u32 *ret)
{
	ret[0] = API_VERSION;
	return EEMI_OK;
}

static u32 get_trustzone_version(const u32 *arg, u32 *ret)
{
	ret[0] = TRUSTZONE_VERSION;
	return EEMI_OK;
}

static u32 get_chipid(const u32 *arg, u32 *ret)
{
	ret[0] = IDCODE_ZU9EG;
	ret[1] = SILICON_VERSION;
	return EEMI_OK;
}

/* No power firmware runs here that could have anything to call back about */
static u32 get_callback_data(const u32 *arg, u32 *ret)
{
	return EEMI_OK;
}

static u32 accept(const u32 *arg, u32 *ret)
{
	return EEMI_OK;
}

static u32 get_node_status(const u32 *arg, u32 *ret)
{
	return node_get_status(arg[0], ret);
}

static u32 force_powerdown(const u32 *arg, u32 *ret)
{
	return rpu_force_powerdown(arg[0], arg[1]);
}

static u32 request_wakeup(const u32 *arg, u32 *ret)
{
	return rpu_request_wakeup(arg[0], arg[1] | (u64)arg[2] << 32, arg[3]);
}

static u32 system_shutdown(const u32 *arg, u32 *ret)
{
	if (arg[0] > SHUTDOWN_SET_SCOPE)
		return EEMI_INVALID_PARAM;
	if (arg[0] == SHUTDOWN_SET_SCOPE)
		return EEMI_OK;
	if (arg[0] == SHUTDOWN_RESET)
		machine_reset();
	machine_off(0);
}

static u32 request_node(const u32 *arg, u32 *ret)
{
	return node_request(arg[0], arg[1], arg[3]);
}

static u32 release_node(const u32 *arg, u32 *ret)
{
	return node_release(arg[0]);
}

static u32 set_requirement(const u32 *arg, u32 *ret)
{
	return node_set_requirement(arg[0], arg[1], arg[3]);
}

/* Lines of devices that QEMU has no reset for only remember their level */
static u32 reset_assert(const u32 *arg, u32 *ret)
{
	u32 line = arg[0] - RESET_FIRST, action = arg[1];

	if (line > RESET_LAST - RESET_FIRST || action > RESET_PULSE)
		return EEMI_INVALID_PARAM;

	bakery_lock(&misc_lock);
	if (action == RESET_ASSERT)
		resets[line / 32] |= BIT(line % 32);
	else
		resets[line / 32] &= ~BIT(line % 32);
	bakery_unlock(&misc_lock);

	if (arg[0] >= RESET_RPU_R50 && arg[0] <= RESET_RPU_PGE)
		return rpu_reset(arg[0] - RESET_RPU_R50, action);
	return EEMI_OK;
}

static u32 reset_get_status(const u32 *arg, u32 *ret)
{
	u32 line = arg[0] - RESET_FIRST;

	if (line > RESET_LAST - RESET_FIRST)
		return EEMI_INVALID_PARAM;
	ret[0] = !!(resets[line / 32] & BIT(line % 32));
	return EEMI_OK;
}

/* The boot mode pins are the only register that Linux asks for */
static u32 mmio_write_call(const u32 *arg, u32 *ret)
{
	if (arg[0] != CRL_BOOT_PIN_CTRL)
		return EEMI_NO_ACCESS;
	bakery_lock(&misc_lock);
	mmio_write(arg[0], (mmio_read(arg[0]) & ~arg[1]) | (arg[2] & arg[1]));
	bakery_unlock(&misc_lock);
	return EEMI_OK;
}

static u32 mmio_read_call(const u32 *arg, u32 *ret)
{
	if (arg[0] != CRL_BOOT_PIN_CTRL)
		return EEMI_NO_ACCESS;
	ret[0] = mmio_read(arg[0]);
	return EEMI_OK;
}

static u32 call_pinctrl_request(const u32 *arg, u32 *ret)
{
	return pinctrl_request(arg[0], 1);
}

static u32 call_pinctrl_release(const u32 *arg, u32 *ret)
{
	return pinctrl_request(arg[0], 0);
}

static u32 call_pinctrl_get_function(const u32 *arg, u32 *ret)
{
	return pinctrl_get_function(arg[0], &ret[0]);
}

static u32 call_pinctrl_set_function(const u32 *arg, u32 *ret)
{
	return pinctrl_set_function(arg[0], arg[1]);
}

static u32 call_pinctrl_get_config(const u32 *arg, u32 *ret)
{
	return pinctrl_get_config(arg[0], arg[1], &ret[0]);
}

static u32 call_pinctrl_set_config(const u32 *arg, u32 *ret)
{
	return pinctrl_set_config(arg[0], arg[1], arg[2]);
}

static u32 call_clock_enable(const u32 *arg, u32 *ret)
{
	return clock_enable(arg[0], 1);
}

static u32 call_clock_disable(const u32 *arg, u32 *ret)
{
	return clock_enable(arg[0], 0);
}

static u32 call_clock_get_state(const u32 *arg, u32 *ret)
{
	return clock_get_state(arg[0], &ret[0]);
}

static u32 call_clock_set_divider(const u32 *arg, u32 *ret)
{
	return clock_set_divider(arg[0], arg[1]);
}

static u32 call_clock_get_divider(const u32 *arg, u32 *ret)
{
	return clock_get_divider(arg[0], &ret[0]);
}

static u32 query_data(const u32 *arg, u32 *ret)
{
	if (arg[0] >= QUERY_PINCTRL_FIRST && arg[0] <= QUERY_PINCTRL_LAST)
		return pinctrl_query(arg, ret);
	return clock_query(arg, ret);
}

static u32 get_rpu_mode(const u32 *arg, u32 *ret)
{
	ret[0] = !rpu_is_lockstep();
	return EEMI_OK;
}

static u32 set_rpu_mode(const u32 *arg, u32 *ret)
{
	return rpu_set_mode(arg[2]);
}

static u32 set_rpu_boot_address(const u32 *arg, u32 *ret)
{
	return rpu_set_boot_address(arg[0], arg[2]);
}

static u32 set_tcm_combined(const u32 *arg, u32 *ret)
{
	return rpu_set_tcm_combined(arg[2]);
}

static u32 write_storage(const u32 *arg, u32 *ret)
{
	if (arg[2] >= STORAGE_WORDS)
		return EEMI_INVALID_PARAM;
	bakery_lock(&misc_lock);
	storage[arg[1] == IOCTL_WRITE_PGGS][arg[2]] = arg[3];
	bakery_unlock(&misc_lock);
	return EEMI_OK;
}

static u32 read_storage(const u32 *arg, u32 *ret)
{
	if (arg[2] >= STORAGE_WORDS)
		return EEMI_INVALID_PARAM;
	ret[0] = storage[arg[1] == IOCTL_READ_PGGS][arg[2]];
	return EEMI_OK;
}

static const call_fn ioctls[] = {
	[IOCTL_GET_RPU_OPER_MODE]	= get_rpu_mode,
	[IOCTL_SET_RPU_OPER_MODE]	= set_rpu_mode,
	[IOCTL_RPU_BOOT_ADDR_CONFIG]	= set_rpu_boot_address,
	[IOCTL_TCM_COMB_CONFIG]		= set_tcm_combined,
	/* QEMU's SD controller has no delay lines to tune */
	[IOCTL_SD_DLL_RESET]		= accept,
	[IOCTL_SET_SD_TAPDELAY]		= accept,
	[IOCTL_WRITE_GGS]		= write_storage,
	[IOCTL_READ_GGS]		= read_storage,
	[IOCTL_WRITE_PGGS]		= write_storage,
	[IOCTL_READ_PGGS]		= read_storage,
	[IOCTL_SET_BOOT_HEALTH_STATUS]	= accept,
};

static u32 ioctl(const u32 *arg, u32 *ret)
{
	if (arg[1] >= ARRAY_SIZE(ioctls) || !ioctls[arg[1]])
		return EEMI_NO_FEATURE;
	return ioctls[arg[1]](arg, ret);
}

static u32 feature_check(const u32 *arg, u32 *ret);
static u32 tfa_feature_check(const u32 *arg, u32 *ret);

static const struct call {
	u16 id;
	u16 version;
	call_fn fn;
} calls[] = {
	{ PM_GET_API_VERSION, 1, get_api_version },
	/* Linux takes version 1 for firmware whose status cannot be relied on */
	{ PM_GET_NODE_STATUS, 2, get_node_status },
	{ PM_FORCE_POWERDOWN, 1, force_powerdown },
	{ PM_REQUEST_WAKEUP, 1, request_wakeup },
	{ PM_SYSTEM_SHUTDOWN, 1, system_shutdown },
	{ PM_REQUEST_NODE, 1, request_node },
	{ PM_RELEASE_NODE, 1, release_node },
	{ PM_SET_REQUIREMENT, 1, set_requirement },
	{ PM_RESET_ASSERT, 1, reset_assert },
	{ PM_RESET_GET_STATUS, 1, reset_get_status },
	{ PM_MMIO_WRITE, 1, mmio_write_call },
	{ PM_MMIO_READ, 1, mmio_read_call },
	{ PM_INIT_FINALIZE, 1, accept },
	{ PM_GET_CHIPID, 1, get_chipid },
	{ PM_PINCTRL_REQUEST, 1, call_pinctrl_request },
	{ PM_PINCTRL_RELEASE, 1, call_pinctrl_release },
	{ PM_PINCTRL_GET_FUNCTION, 1, call_pinctrl_get_function },
	{ PM_PINCTRL_SET_FUNCTION, 1, call_pinctrl_set_function },
	{ PM_PINCTRL_CONFIG_PARAM_GET, 1, call_pinctrl_get_config },
	/* From version 2 on, tri-state is among the parameters */
	{ PM_PINCTRL_CONFIG_PARAM_SET, 2, call_pinctrl_set_config },
	{ PM_IOCTL, 2, ioctl },
	{ PM_QUERY_DATA, 2, query_data },
	{ PM_CLOCK_ENABLE, 1, call_clock_enable },
	{ PM_CLOCK_DISABLE, 1, call_clock_disable },
	{ PM_CLOCK_GETSTATE, 1, call_clock_get_state },
	{ PM_CLOCK_SETDIVIDER, 1, call_clock_set_divider },
	{ PM_CLOCK_GETDIVIDER, 1, call_clock_get_divider },
	/* Version 2: the answer carries the masks of known IOCTLs and queries */
	{ PM_FEATURE_CHECK, 2, feature_check },
	{ TFA_FEATURE_CHECK, 2, tfa_feature_check },
	{ TFA_GET_CALLBACK_DATA, 1, get_callback_data },
	{ TFA_SET_SUSPEND_MODE, 1, accept },
	{ TFA_GET_TRUSTZONE_VERSION, 1, get_trustzone_version },
};

static const struct call *find_call(u32 id)
{
	u32 i;

	for (i = 0; i < ARRAY_SIZE(calls); i++)
		if (calls[i].id == id)
			return &calls[i];
	return 0;
}

static u32 feature_check(const u32 *arg, u32 *ret)
{
	const struct call *call = find_call(arg[0]);
	u32 i;

	if (!call)
		return EEMI_NO_FEATURE;
	ret[0] = call->version;
	if (arg[0] == PM_QUERY_DATA)
		ret[1] = QUERIES_KNOWN;
	if (arg[0] == PM_IOCTL)
		for (i = 0; i < ARRAY_SIZE(ioctls); i++)
			if (ioctls[i])
				ret[1] |= BIT(i);
	return EEMI_OK;
}

static u32 tfa_feature_check(const u32 *arg, u32 *ret)
{
	const u32 id = TFA_MODULE | (arg[0] & 0xff);

	return feature_check(&id, ret);
}

/**
 * eemi_call() - answer an EEMI call
 * @id: module and number of the call
 * @x:  the caller's registers: two arguments each in x1 and x2; x0 and x1 take the status and
 *      three words
 *
 * Context: EL3, any core.
 */
void eemi_call(u32 id, u64 *x)
{
	const u32 arg[EEMI_WORDS] = { x[1], x[1] >> 32, x[2], x[2] >> 32 };
	const struct call *call = find_call(id);
	u32 ret[EEMI_WORDS + 1] = { EEMI_NO_FEATURE };
	u32 *word = ret;

	if (call && !page_fails(id, arg[0], &ret[0]))
		ret[0] = call->fn(arg, &ret[1]);
	/* A clock's or function's name takes all four words; there is no status */
	if (id == PM_QUERY_DATA &&
	    (arg[0] == QUERY_CLOCK_GET_NAME || arg[0] == QUERY_PINCTRL_GET_NAME))
		word = &ret[1];
	trace("core %u: eemi %x (%x, %x, %x, %x) -> %u %x\n", this_cpu(), id,
	      arg[0], arg[1], arg[2], arg[3], ret[0], ret[1]);
	x[0] = word[0] | (u64)word[1] << 32;
	x[1] = word[2] | (u64)word[3] << 32;
	x[2] = 0;
	x[3] = 0;
}
