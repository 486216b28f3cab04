// SPDX-License-Identifier: GPL-2.0-only
/*
 * Unit tests of the bits of the messaging unit.
 *
 * Copyright (c) 2026 linux-amp developers
 */
#include <kunit/test.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/string.h>

#include "imx_mu_bits.h"

static void mu_channels(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, imx_mu_channel(0, 0), 0);
	KUNIT_EXPECT_EQ(test, imx_mu_channel(1, 1), 5);
	KUNIT_EXPECT_EQ(test, imx_mu_channel(3, 3), 15);
	KUNIT_EXPECT_EQ(test, imx_mu_channel(4, 0), 16);
	KUNIT_EXPECT_EQ(test, imx_mu_channel(5, 3), 23);

	KUNIT_EXPECT_EQ(test, imx_mu_channel(4, 1), -EINVAL);
	KUNIT_EXPECT_EQ(test, imx_mu_channel(0, 4), -EINVAL);
	KUNIT_EXPECT_EQ(test, imx_mu_channel(6, 0), -EINVAL);
	KUNIT_EXPECT_EQ(test, imx_mu_channel(0x40000000, 0), -EINVAL);
	KUNIT_EXPECT_EQ(test, imx_mu_channel(0, U32_MAX), -EINVAL);
	KUNIT_EXPECT_EQ(test, imx_mu_channel(U32_MAX, U32_MAX), -EINVAL);
}

static void mu_bits(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, imx_mu_bit(IMX_MU_TX, 0), 0x00800000U);
	KUNIT_EXPECT_EQ(test, imx_mu_bit(IMX_MU_TX, 3), 0x00100000U);
	KUNIT_EXPECT_EQ(test, imx_mu_bit(IMX_MU_RX, 0), 0x08000000U);
	KUNIT_EXPECT_EQ(test, imx_mu_bit(IMX_MU_RX, 1), 0x04000000U);
	KUNIT_EXPECT_EQ(test, imx_mu_bit(IMX_MU_RXDB, 0), 0x80000000U);
	KUNIT_EXPECT_EQ(test, imx_mu_bit(IMX_MU_RXDB, 3), 0x10000000U);
	KUNIT_EXPECT_EQ(test, imx_mu_bit(IMX_MU_TXDB, 0), 0U);
	KUNIT_EXPECT_EQ(test, imx_mu_bit(IMX_MU_RST, 0), 0U);
	KUNIT_EXPECT_EQ(test, imx_mu_request(0), 0x00080000U);
	KUNIT_EXPECT_EQ(test, imx_mu_request(3), 0x00010000U);
}

/* A doorbell that is still rung must not be rung again by the way. */
static void mu_control(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, imx_mu_control(0x080f0007, 0, 0x00800000), 0x08800007U);
	KUNIT_EXPECT_EQ(test, imx_mu_control(0x08800000, 0x00800000, 0), 0x08000000U);
	KUNIT_EXPECT_EQ(test, imx_mu_control(0x00080000, 0, 0x00040000), 0x00040000U);
	KUNIT_EXPECT_EQ(test, imx_mu_control(0x00000020, 0, 0), 0U);
	KUNIT_EXPECT_EQ(test, imx_mu_control(0, 0, IMX_MU_RESET), 0x20U);
}

static void mu_events(struct kunit *test)
{
	/* Nothing that is not enabled, nothing that only is enabled. */
	KUNIT_EXPECT_EQ(test, imx_mu_events(U32_MAX, 0), 0U);
	KUNIT_EXPECT_EQ(test, imx_mu_events(0, U32_MAX), 0U);
	/* Flags and requests are no events. */
	KUNIT_EXPECT_EQ(test, imx_mu_events(0x000fffff, U32_MAX), 0U);
	KUNIT_EXPECT_EQ(test, imx_mu_events(U32_MAX, U32_MAX), 0xf0ffU);
	/* Received word 1, while transmit register 0 is empty and of no interest. */
	KUNIT_EXPECT_EQ(test, imx_mu_events(0x04f00000, 0x0c000000), BIT(5));
	KUNIT_EXPECT_EQ(test, imx_mu_events(0x80800000, 0x80800000), BIT(12) | BIT(0));
}

/* An event is that of the channel whose interrupt the bit enables, for each of them. */
static void mu_event_of_each_channel(struct kunit *test)
{
	int type, index;
	u32 bit, found = 0;

	for (type = 0; type < IMX_MU_NUM_TYPES; type++) {
		for (index = 0; index < IMX_MU_PER_TYPE; index++) {
			bit = imx_mu_bit(type, index);
			if (!bit)
				continue;
			KUNIT_EXPECT_EQ(test, imx_mu_events(bit, U32_MAX),
					BIT(imx_mu_channel(type, index)));
			found |= bit;
		}
	}
	KUNIT_EXPECT_EQ(test, found, IMX_MU_ENABLES);
}

static void mu_budget(struct kunit *test)
{
	struct imx_mu_budget budget = { };
	int i;

	for (i = 0; i < 256; i++)
		KUNIT_ASSERT_TRUE(test, imx_mu_take(&budget, 7, 256));
	KUNIT_EXPECT_FALSE(test, imx_mu_take(&budget, 7, 256));
	KUNIT_EXPECT_FALSE(test, imx_mu_take(&budget, 7, 256));
	KUNIT_EXPECT_TRUE(test, imx_mu_take(&budget, 8, 256));
	KUNIT_EXPECT_EQ(test, budget.left, 255U);
	/* The tick wraps. */
	budget.left = 0;
	budget.tick = ~0UL;
	KUNIT_EXPECT_FALSE(test, imx_mu_take(&budget, ~0UL, 1));
	KUNIT_EXPECT_TRUE(test, imx_mu_take(&budget, 0, 1));
}

static void mu_tx_empty_register(struct kunit *test)
{
	struct imx_mu_tx tx = { };

	KUNIT_EXPECT_EQ(test, (int)imx_mu_tx_empty(&tx), (int)IMX_MU_TX_NOTHING);
	KUNIT_EXPECT_TRUE(test, imx_mu_tx_submit(&tx, 0x10000, true));
	KUNIT_EXPECT_EQ(test, (int)imx_mu_tx_empty(&tx), (int)IMX_MU_TX_DONE);
	KUNIT_EXPECT_EQ(test, (int)imx_mu_tx_empty(&tx), (int)IMX_MU_TX_NOTHING);
}

static void mu_tx_full_register(struct kunit *test)
{
	struct imx_mu_tx tx = { };

	KUNIT_EXPECT_FALSE(test, imx_mu_tx_submit(&tx, 0x10000, false));
	KUNIT_EXPECT_EQ(test, (int)imx_mu_tx_empty(&tx), (int)IMX_MU_TX_WRITE);
	KUNIT_EXPECT_EQ(test, tx.word, 0x10000U);
	KUNIT_EXPECT_EQ(test, (int)imx_mu_tx_empty(&tx), (int)IMX_MU_TX_DONE);
	KUNIT_EXPECT_EQ(test, (int)imx_mu_tx_empty(&tx), (int)IMX_MU_TX_NOTHING);
}

static void mu_tx_leave(struct kunit *test)
{
	struct imx_mu_tx tx = { };

	KUNIT_EXPECT_FALSE(test, imx_mu_tx_leave(&tx));
	imx_mu_tx_submit(&tx, 1, true);
	KUNIT_EXPECT_TRUE(test, imx_mu_tx_leave(&tx));
	KUNIT_EXPECT_FALSE(test, imx_mu_tx_leave(&tx));
	KUNIT_EXPECT_EQ(test, (int)imx_mu_tx_empty(&tx), (int)IMX_MU_TX_NOTHING);

	/* Not read yet: the next one is held, and has to be told of. */
	KUNIT_EXPECT_FALSE(test, imx_mu_tx_submit(&tx, 2, false));
	KUNIT_EXPECT_FALSE(test, imx_mu_tx_leave(&tx));
	KUNIT_EXPECT_EQ(test, (int)imx_mu_tx_empty(&tx), (int)IMX_MU_TX_WRITE);
	KUNIT_EXPECT_EQ(test, (int)imx_mu_tx_empty(&tx), (int)IMX_MU_TX_DONE);

	imx_mu_tx_submit(&tx, 3, true);
	imx_mu_tx_leave(&tx);
	imx_mu_tx_lost(&tx, true);
	KUNIT_EXPECT_EQ(test, (int)imx_mu_tx_empty(&tx), (int)IMX_MU_TX_NOTHING);
}

static void mu_tx_lost(struct kunit *test)
{
	struct imx_mu_tx tx = { };

	/* Read before the power went: not again. */
	imx_mu_tx_submit(&tx, 1, true);
	imx_mu_tx_lost(&tx, false);
	KUNIT_EXPECT_EQ(test, (int)imx_mu_tx_empty(&tx), (int)IMX_MU_TX_DONE);

	imx_mu_tx_submit(&tx, 2, true);
	imx_mu_tx_lost(&tx, true);
	KUNIT_EXPECT_EQ(test, (int)imx_mu_tx_empty(&tx), (int)IMX_MU_TX_WRITE);
	KUNIT_EXPECT_EQ(test, tx.word, 2U);
	KUNIT_EXPECT_EQ(test, (int)imx_mu_tx_empty(&tx), (int)IMX_MU_TX_DONE);

	imx_mu_tx_lost(&tx, true);
	KUNIT_EXPECT_EQ(test, (int)imx_mu_tx_empty(&tx), (int)IMX_MU_TX_NOTHING);
}

static void mu_context_lost(struct kunit *test)
{
	KUNIT_EXPECT_FALSE(test, imx_mu_context_lost(0x0c000000, 0x0c000000));
	/* A doorbell was taken, a flag changed: that is not it. */
	KUNIT_EXPECT_FALSE(test, imx_mu_context_lost(0x0c000000, 0x0c0f0007));
	KUNIT_EXPECT_TRUE(test, imx_mu_context_lost(0x0c000000, 0));
	KUNIT_EXPECT_TRUE(test, imx_mu_context_lost(0x0c000000, 0x04000000));
	KUNIT_EXPECT_FALSE(test, imx_mu_context_lost(0, 0));
	/* What others have enabled neither is a loss nor hides one. */
	KUNIT_EXPECT_FALSE(test, imx_mu_context_lost(0x0c000000, 0x1c000000));
	KUNIT_EXPECT_FALSE(test, imx_mu_context_lost(0, 0x02000000));
	KUNIT_EXPECT_TRUE(test, imx_mu_context_lost(0x0c000000, 0x16000000));
}

static void mu_foreign(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, imx_mu_foreign(0x0c000000, 0x0c000000), 0U);
	KUNIT_EXPECT_EQ(test, imx_mu_foreign(0x0c000000, 0x04000000), 0U);
	KUNIT_EXPECT_EQ(test, imx_mu_foreign(0x0c000000, 0x16000000), 0x12000000U);
	KUNIT_EXPECT_EQ(test, imx_mu_foreign(0, U32_MAX), 0xfff00000U);
	/* Flags, requests and reset enable nothing. */
	KUNIT_EXPECT_EQ(test, imx_mu_foreign(0, 0x000fffff), 0U);
}

/* What the driver itself changes is no loss, and what it has enabled since is not overlooked. */
static void mu_enables(struct kunit *test)
{
	u32 rx = imx_mu_bit(IMX_MU_RX, 1), tx = imx_mu_bit(IMX_MU_TX, 1);
	u32 enables = 0, control = 0x7;

	/* A word is sent, and read while the system is going to sleep. */
	enables = imx_mu_enables(enables, 0, rx);
	enables = imx_mu_enables(enables, 0, tx);
	control = imx_mu_control(control, 0, rx | tx);
	KUNIT_EXPECT_FALSE(test, imx_mu_context_lost(enables, control));
	enables = imx_mu_enables(enables, tx, 0);
	control = imx_mu_control(control, tx, 0);
	KUNIT_EXPECT_EQ(test, enables, rx);
	KUNIT_EXPECT_FALSE(test, imx_mu_context_lost(enables, control));

	/* A channel rests, and its rest ends. */
	enables = imx_mu_enables(enables, rx, 0);
	control = imx_mu_control(control, rx, 0);
	KUNIT_EXPECT_EQ(test, enables, 0U);
	enables = imx_mu_enables(enables, 0, rx);
	KUNIT_EXPECT_FALSE(test, imx_mu_context_lost(enables, imx_mu_control(control, 0, rx)));
	KUNIT_EXPECT_TRUE(test, imx_mu_context_lost(enables, control));

	/* Doorbells and resets are none of it. */
	enables = imx_mu_enables(enables, 0, imx_mu_request(0) | IMX_MU_RESET);
	KUNIT_EXPECT_EQ(test, enables, rx);
}

static struct kunit_case imx_mu_cases[] = {
	KUNIT_CASE(mu_channels),
	KUNIT_CASE(mu_bits),
	KUNIT_CASE(mu_control),
	KUNIT_CASE(mu_events),
	KUNIT_CASE(mu_event_of_each_channel),
	KUNIT_CASE(mu_budget),
	KUNIT_CASE(mu_tx_empty_register),
	KUNIT_CASE(mu_tx_full_register),
	KUNIT_CASE(mu_tx_leave),
	KUNIT_CASE(mu_tx_lost),
	KUNIT_CASE(mu_context_lost),
	KUNIT_CASE(mu_foreign),
	KUNIT_CASE(mu_enables),
	{ }
};

static struct kunit_suite imx_mu_suite = {
	.name = "imx_mu_bits",
	.test_cases = imx_mu_cases,
};

kunit_test_suite(imx_mu_suite);
