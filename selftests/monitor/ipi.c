// SPDX-License-Identifier: GPL-2.0-only
/*
 * The IPI mailbox calls of Trusted Firmware-A: doorbells between any two of the eleven agents, on
 * behalf of the normal world.  The message buffers are none of its business.
 *
 * Every register written here is write-one-to-set or write-one-to-clear, so that cores which
 * call at the same time do not disturb each other and no lock is needed.
 *
 * Copyright (c) 2026 linux-amp developers
 */
#include "monitor.h"

#define IPI_TRIG		0x00
#define IPI_OBS			0x04
#define IPI_ISR			0x10
#define IPI_IER			0x18
#define IPI_IDR			0x1c

#define IPI_OPEN		0x82001000U
#define IPI_RELEASE		0x82001001U
#define IPI_STATUS		0x82001002U
#define IPI_NOTIFY		0x82001003U
#define IPI_ACK			0x82001004U
#define IPI_ENABLE		0x82001005U
#define IPI_DISABLE		0x82001006U

/* One flag in x3, with a meaning of its own for STATUS, NOTIFY and ACK */
#define FLAG			BIT(0)

#define STATUS_SEND_PENDING	BIT(0)
#define STATUS_RECV_PENDING	BIT(1)

#define RET_NOT_SUPPORTED	(-1)
#define RET_TIMED_OUT		(-1)
#define RET_INVALID		(-22)

/* The index is the agent number of the devicetree's xlnx,ipi-id */
static const struct {
	u32 base;
	u32 bit;
} agents[] = {
	{ 0xff300000, BIT(0) },		/* APU */
	{ 0xff310000, BIT(8) },		/* RPU0 */
	{ 0xff320000, BIT(9) },		/* RPU1 */
	{ 0xff330000, BIT(16) },	/* PMU0 */
	{ 0xff331000, BIT(17) },
	{ 0xff332000, BIT(18) },
	{ 0xff333000, BIT(19) },
	{ 0xff340000, BIT(24) },	/* PL0 */
	{ 0xff350000, BIT(25) },
	{ 0xff360000, BIT(26) },
	{ 0xff370000, BIT(27) },
};

static s64 status(u32 base, u32 bit, u32 disable_irq)
{
	s64 ret = 0;

	if (mmio_read(base + IPI_OBS) & bit)
		ret |= STATUS_SEND_PENDING;
	if (mmio_read(base + IPI_ISR) & bit)
		ret |= STATUS_RECV_PENDING;
	if ((ret & STATUS_RECV_PENDING) && disable_irq)
		mmio_write(base + IPI_IDR, bit);
	return ret;
}

static s64 notify(u32 base, u32 bit, u32 blocking)
{
	u64 start = read_sysreg(cntpct_el0), second = read_sysreg(cntfrq_el0);

	/* What the caller wrote for the remote must be there before the interrupt */
	dsb();
	mmio_write(base + IPI_TRIG, bit);
	if (!blocking)
		return 0;
	/* TF-A waits for ever; nobody may be there to acknowledge */
	while (mmio_read(base + IPI_OBS) & bit)
		if (read_sysreg(cntpct_el0) - start > second)
			return RET_TIMED_OUT;
	return 0;
}

/**
 * ipi_call() - answer an IPI mailbox call
 * @fid:    function
 * @local:  agent on whose behalf the call is made
 * @remote: the other agent
 * @flags:  STATUS: disable the interrupt if something is pending; NOTIFY: wait until the remote
 *          has acknowledged, one second at most; ACK: enable the interrupt
 *
 * Context: EL3, any core.
 * Return: 0; STATUS: bit 0 sending, bit 1 receiving; %RET_INVALID for an unknown agent;
 * %RET_NOT_SUPPORTED for an unknown function.
 */
s64 ipi_call(u32 fid, u32 local, u32 remote, u32 flags)
{
	u32 base, bit;

	if (fid > IPI_DISABLE)
		return RET_NOT_SUPPORTED;
	if (local >= ARRAY_SIZE(agents) || remote >= ARRAY_SIZE(agents))
		return RET_INVALID;

	page_count_ipi(fid - IPI_OPEN, remote);
	base = agents[local].base;
	bit = agents[remote].bit;
	switch (fid) {
	case IPI_OPEN:
		mmio_write(base + IPI_IDR, bit);
		mmio_write(base + IPI_ISR, bit);
		return 0;
	case IPI_STATUS:
		return status(base, bit, flags & FLAG);
	case IPI_NOTIFY:
		return notify(base, bit, flags & FLAG);
	case IPI_ACK:
		mmio_write(base + IPI_ISR, bit);
		if (flags & FLAG)
			mmio_write(base + IPI_IER, bit);
		return 0;
	case IPI_ENABLE:
		mmio_write(base + IPI_IER, bit);
		return 0;
	case IPI_RELEASE:
	case IPI_DISABLE:
		mmio_write(base + IPI_IDR, bit);
		return 0;
	}
	return RET_NOT_SUPPORTED;
}
