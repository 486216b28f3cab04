// SPDX-License-Identifier: GPL-2.0-only
/*
 * Cases: inter-processor interrupts, the two interrupt controllers, reset of the machine.
 *
 * Copyright (c) 2026 linux-amp developers
 */
#include "apu.h"

const struct ipi_agent ipi_agents[IPI_AGENTS] = {
	[APU]  = { "APU",   0xff300000,  0, 35 },
	[RPU0] = { "RPU 0", 0xff310000,  8, 33 },
	[RPU1] = { "RPU 1", 0xff320000,  9, 34 },
	[PMU0] = { "PMU 0", 0xff330000, 16, -1 },
	[PMU1] = { "PMU 1", 0xff331000, 17, -1 },
	[PMU2] = { "PMU 2", 0xff332000, 18, -1 },
	[PMU3] = { "PMU 3", 0xff333000, 19, -1 },
	[PL0]  = { "PL 0",  0xff340000, 24, 29 },
	[PL1]  = { "PL 1",  0xff350000, 25, 30 },
	[PL2]  = { "PL 2",  0xff360000, 26, 31 },
	[PL3]  = { "PL 3",  0xff370000, 27, 32 },
};

/* An SPI that no device of these cases uses */
#define FREE_SPI	100

static u32 apu_pending(u32 spi)
{
	return read32(GICD + GICD_ISPENDR + (spi + 32) / 32 * 4) >> spi % 32 & 1;
}

/* What SPIs 29 to 35 look like at the APU's controller: one bit each */
static u32 ipis_pending(void)
{
	u32 bits = 0;

	for (u32 spi = 29; spi <= 35; spi++)
		bits |= apu_pending(spi) << (spi - 29);
	return bits;
}

static void check_pair(const struct ipi_agent *from, const struct ipi_agent *to)
{
	u32 line = to->spi < 0 ? 0 : BIT(to->spi - 29);

	/* Masked: seen by both sides, no interrupt */
	write32(from->base + IPI_TRIG, BIT(to->bit));
	CHECK_EQ(read32(from->base + IPI_TRIG), 0);
	CHECK_EQ(read32(to->base + IPI_ISR), BIT(from->bit));
	CHECK_EQ(read32(from->base + IPI_OBS), BIT(to->bit));
	CHECK_EQ(ipis_pending(), 0);
	for (int i = 0; i < IPI_AGENTS; i++) {
		if (&ipi_agents[i] != to)
			CHECK_EQ(read32(ipi_agents[i].base + IPI_ISR), 0);
		if (&ipi_agents[i] != from)
			CHECK_EQ(read32(ipi_agents[i].base + IPI_OBS), 0);
	}

	/* Unmasked: its SPI, and no other */
	write32(to->base + IPI_IER, BIT(from->bit));
	CHECK_EQ(read32(to->base + IPI_IMR), IPI_ALL & ~BIT(from->bit));
	CHECK_EQ(ipis_pending(), line);
	write32(to->base + IPI_IDR, BIT(from->bit));
	CHECK_EQ(ipis_pending(), 0);
	write32(to->base + IPI_IER, BIT(from->bit));
	CHECK_EQ(ipis_pending(), line);

	/* Cleared by the receiver: gone everywhere */
	write32(to->base + IPI_ISR, ~BIT(from->bit));
	CHECK_EQ(read32(to->base + IPI_ISR), BIT(from->bit));
	write32(to->base + IPI_ISR, BIT(from->bit));
	CHECK_EQ(read32(to->base + IPI_ISR), 0);
	CHECK_EQ(read32(from->base + IPI_OBS), 0);
	CHECK_EQ(ipis_pending(), 0);
	write32(to->base + IPI_IDR, BIT(from->bit));
}

void test_ipi_fabric(void)
{
	ipi_reset_all();
	for (int from = 0; from < IPI_AGENTS; from++) {
		for (int to = 0; to < IPI_AGENTS; to++) {
			check_pair(&ipi_agents[from], &ipi_agents[to]);
			if (case_failed) {
				print("    # from %s to %s\n", ipi_agents[from].name,
				      ipi_agents[to].name);
				return;
			}
		}
	}
	/* All at once */
	for (int from = 0; from < IPI_AGENTS; from++)
		write32(ipi_agents[from].base + IPI_TRIG, IPI_ALL);
	for (int i = 0; i < IPI_AGENTS; i++) {
		CHECK_EQ(read32(ipi_agents[i].base + IPI_ISR), IPI_ALL);
		CHECK_EQ(read32(ipi_agents[i].base + IPI_OBS), IPI_ALL);
	}
	ipi_reset_all();
	for (int i = 0; i < IPI_AGENTS; i++)
		CHECK_EQ(read32(ipi_agents[i].base + IPI_OBS), 0);
}

void test_ipi_reset(void)
{
	ipi_reset_all();
	write32(ipi_agents[RPU0].base + IPI_IER, IPI_ALL);
	for (int from = 0; from < IPI_AGENTS; from++)
		write32(ipi_agents[from].base + IPI_TRIG, BIT(ipi_agents[RPU0].bit));
	CHECK(ipis_pending());
	set32(RST_LPD_TOP, RST_IPI);
	clear32(RST_LPD_TOP, RST_IPI);
	CHECK_EQ(ipis_pending(), 0);
	for (int i = 0; i < IPI_AGENTS; i++) {
		CHECK_EQ(read32(ipi_agents[i].base + IPI_ISR), 0);
		CHECK_EQ(read32(ipi_agents[i].base + IPI_OBS), 0);
		CHECK_EQ(read32(ipi_agents[i].base + IPI_IMR), IPI_ALL);
	}
}

void test_ipi_buffers(void)
{
	for (u32 offset = 0; offset < 0x1000; offset += 4)
		write32(IPI_BUFFERS + offset, 0xb0f0000 + offset);
	for (u32 offset = 0; offset < 0x1000; offset += 4)
		CHECK_EQ(read32(IPI_BUFFERS + offset), 0xb0f0000 + offset);
	for (u32 core = 0; core < cores; core++) {
		u32 value;

		rpu_power_on(SLSPLIT);
		copy_r5_image(atcm_of(core));
		CHECK(r5_start(core));
		CHECK(r5_read(core, IPI_BUFFERS + 0xffc, &value));
		CHECK_EQ(value, 0xb0f0ffc);
		CHECK(r5_write(core, IPI_BUFFERS + 0x200, 0xcafe));
		CHECK_EQ(read32(IPI_BUFFERS + 0x200), 0xcafe);
	}
}

/* Start a core and let it take its agent's interrupt */
static bool start_with_ipi(u32 core)
{
	const struct ipi_agent *agent = &ipi_agents[RPU0 + core];

	if (!r5_start(core))
		return false;
	r5_enable_spi(core, agent->spi, agent->base + IPI_ISR, IPI_ALL);
	write32(agent->base + IPI_IER, IPI_ALL);
	return true;
}

static void check_ipi_to_core(u32 core)
{
	const struct ipi_agent *agent = &ipi_agents[RPU0 + core];
	u64 irqs = MAILBOX_BASE + core * MAILBOX_SIZE + MAILBOX_IRQS;

	for (u32 i = 0; i < count(200); i++) {
		u32 before = read32(irqs);

		write32(ipi_agents[i % IPI_AGENTS].base + IPI_TRIG, BIT(agent->bit));
		CHECK(wait_for(irqs, ~0u, before + 1));
		CHECK_EQ(mailbox_read(core, MAILBOX_IAR), agent->spi + 32);
		CHECK_EQ(read32(ipi_agents[i % IPI_AGENTS].base + IPI_OBS), 0);
	}
}

void test_ipi_to_rpu(void)
{
	ipi_reset_all();
	rpu_power_on(SLSPLIT);
	for (u32 core = 0; core < cores; core++) {
		copy_r5_image(atcm_of(core));
		CHECK(start_with_ipi(core));
	}
	for (u32 core = 0; core < cores; core++)
		CHECK_STEP(check_ipi_to_core(core));
	/* And when the core sleeps */
	for (u32 core = 0; core < cores; core++) {
		CHECK(r5_command(core, COMMAND_SLEEP, 0, 0));
		CHECK(wait_for(RPU_STATUS(core), NWFIPIPESTOPPED, 0));
		CHECK_STEP(check_ipi_to_core(core));
		CHECK(r5_is_alive(core));
	}
}

static void apu_enable_spi(u32 spi)
{
	u32 irq = spi + 32;

	write32(GICD + GICD_CTLR, 1);
	clear32(GICD + GICD_IGROUPR + irq / 32 * 4, BIT(irq % 32));
	set32(GICD + GICD_ITARGETSR + irq / 4 * 4, 1u << irq % 4 * 8);
	write32(GICD + GICD_ISENABLER + irq / 32 * 4, BIT(irq % 32));
	write32(GICC + GICC_PMR, 0xff);
	write32(GICC + GICC_CTLR, 1);
}

static void apu_disable_spi(u32 spi)
{
	write32(GICD + GICD_ICENABLER + (spi + 32) / 32 * 4, BIT(spi % 32));
}

void test_ipi_to_apu(void)
{
	const struct ipi_agent *apu = &ipi_agents[APU];

	ipi_reset_all();
	rpu_power_on(SLSPLIT);
	apu_enable_spi(apu->spi);
	write32(apu->base + IPI_IER, IPI_ALL);
	CHECK_EQ(read32(GICC + GICC_IAR), SPURIOUS);
	for (u32 core = 0; core < cores; core++) {
		const struct ipi_agent *agent = &ipi_agents[RPU0 + core];

		copy_r5_image(atcm_of(core));
		CHECK(r5_start(core));
		for (u32 i = 0; i < count(100); i++) {
			CHECK(r5_write(core, agent->base + IPI_TRIG, BIT(apu->bit)));
			CHECK_EQ(read32(GICC + GICC_IAR), apu->spi + 32);
			CHECK_EQ(read32(apu->base + IPI_ISR), BIT(agent->bit));
			write32(apu->base + IPI_ISR, BIT(agent->bit));
			write32(GICC + GICC_EOIR, apu->spi + 32);
			CHECK_EQ(read32(GICC + GICC_IAR), SPURIOUS);
		}
	}
	apu_disable_spi(apu->spi);
}

/* Every line of the system reaches both controllers; the IPIs of the PL stand for all */
void test_spi_both(void)
{
	ipi_reset_all();
	rpu_power_on(SLSPLIT);
	copy_r5_image(ATCM0);
	CHECK(r5_start(0));
	for (int i = 0; i < IPI_AGENTS; i++) {
		const struct ipi_agent *agent = &ipi_agents[i];
		u32 value, reg = GICD_ISPENDR + (agent->spi + 32) / 32 * 4;

		if (agent->spi < 0)
			continue;
		write32(agent->base + IPI_IER, IPI_ALL);
		write32(agent->base + IPI_TRIG, BIT(agent->bit));
		CHECK(r5_read(0, RPU_GICD + reg, &value));
		CHECK_EQ(value & ~read32(GICD + reg), 0);
		CHECK(value & BIT(agent->spi % 32));
		write32(agent->base + IPI_ISR, IPI_ALL);
		CHECK(r5_read(0, RPU_GICD + reg, &value));
		CHECK_EQ(value & BIT(agent->spi % 32), 0);
	}
}

/* A core that is reset inside an interrupt handler starts as if there had been none */
static void check_gic_active(u32 core)
{
	const struct ipi_agent *agent = &ipi_agents[RPU0 + core];
	u32 value, irq = agent->spi + 32;
	u32 bit = BIT(irq % 32), reg = irq / 32 * 4;

	for (u32 i = 0; i < count(50); i++) {
		CHECK(start_with_ipi(core));
		mailbox_write(core, MAILBOX_KEEP_ACTIVE, 1);
		write32(ipi_agents[APU].base + IPI_TRIG, BIT(agent->bit));
		CHECK(wait_for(MAILBOX_BASE + core * MAILBOX_SIZE + MAILBOX_IRQS, ~0u, 1));
		CHECK(r5_read(core, RPU_GICD + GICD_ISACTIVER + reg, &value));
		CHECK(value & bit);
		CHECK(r5_read(core, RPU_GICC + GICC_RPR, &value));
		CHECK_EQ(value, 0);

		CHECK(r5_start(core));
		CHECK(r5_read(core, RPU_GICD + GICD_ISACTIVER + reg, &value));
		CHECK_EQ(value & bit, 0);
		CHECK(r5_read(core, RPU_GICD + GICD_ISENABLER + reg, &value));
		CHECK_EQ(value & bit, 0);
		CHECK(r5_read(core, RPU_GICC + GICC_RPR, &value));
		CHECK_EQ(value, 0xff);
		CHECK(r5_read(core, RPU_GICC + GICC_CTLR, &value));
		CHECK_EQ(value, 0);
		CHECK(r5_read(core, RPU_GICC + GICC_PMR, &value));
		CHECK_EQ(value, 0);
		CHECK(r5_read(core, RPU_GICC + GICC_IAR, &value));
		CHECK_EQ(value, SPURIOUS);
	}
	CHECK(start_with_ipi(core));
	CHECK_STEP(check_ipi_to_core(core));
}

void test_gic_active(void)
{
	ipi_reset_all();
	rpu_power_on(SLSPLIT);
	for (u32 core = 0; core < cores; core++) {
		copy_r5_image(atcm_of(core));
		CHECK_STEP(check_gic_active(core));
		r5_hold(core);
	}
}

/* The same for an interrupt that was latched, but never taken */
static void check_gic_pending(u32 core)
{
	u32 irq = FREE_SPI + 32, reg = irq / 32 * 4, bit = BIT(irq % 32), value;

	CHECK(r5_start(core));
	CHECK(r5_write(core, RPU_GICD + GICD_CTLR, 1));
	CHECK(r5_write(core, RPU_GICD + GICD_ITARGETSR + irq, BIT(core)));
	CHECK(r5_write(core, RPU_GICD + GICD_ICFGR + irq / 16 * 4, 2u << irq % 16 * 2));
	CHECK(r5_write(core, RPU_GICD + GICD_IPRIORITYR + irq, 0x50505050));
	CHECK(r5_write(core, RPU_GICD + GICD_ISENABLER + reg, bit));
	CHECK(r5_write(core, RPU_GICD + GICD_ISPENDR + reg, bit));
	/* To itself: a software generated interrupt */
	CHECK(r5_write(core, RPU_GICD + GICD_SGIR, 2u << 24 | 5));
	CHECK(r5_read(core, RPU_GICD + GICD_ISPENDR + reg, &value));
	CHECK(value & bit);
	CHECK(r5_read(core, RPU_GICD + GICD_ISPENDR, &value));
	CHECK_EQ(value & BIT(5), BIT(5));

	CHECK(r5_start(core));
	CHECK(r5_read(core, RPU_GICD + GICD_ISPENDR + reg, &value));
	CHECK_EQ(value & bit, 0);
	CHECK(r5_read(core, RPU_GICD + GICD_ISPENDR, &value));
	CHECK_EQ(value & BIT(5), 0);
	CHECK(r5_read(core, RPU_GICD + GICD_ISENABLER + reg, &value));
	CHECK_EQ(value & bit, 0);
	CHECK(r5_read(core, RPU_GICD + GICD_IPRIORITYR + irq, &value));
	CHECK_EQ(value & 0xff, 0);
	/* Whatever comes now is new */
	CHECK(r5_write(core, RPU_GICD + GICD_CTLR, 1));
	CHECK(r5_write(core, RPU_GICC + GICC_PMR, 0xff));
	CHECK(r5_write(core, RPU_GICC + GICC_CTLR, 1));
	CHECK(r5_read(core, RPU_GICC + GICC_IAR, &value));
	CHECK_EQ(value, SPURIOUS);
}

void test_gic_pending(void)
{
	ipi_reset_all();
	rpu_power_on(SLSPLIT);
	for (u32 core = 0; core < cores; core++) {
		copy_r5_image(atcm_of(core));
		CHECK_STEP(check_gic_pending(core));
	}
}

/* The other core's interrupts come through all of that */
static void check_gic_other_core(u32 core)
{
	u32 other = !core, boots, before;
	u64 irqs = MAILBOX_BASE + other * MAILBOX_SIZE + MAILBOX_IRQS;

	CHECK(start_with_ipi(other));
	boots = mailbox_read(other, MAILBOX_BOOTS);
	for (u32 i = 0; i < count(50); i++) {
		CHECK(start_with_ipi(core));
		/* One from the core, a software generated interrupt */
		before = read32(irqs);
		CHECK(r5_write(core, RPU_GICD + GICD_SGIR, BIT(other) << 16 | 3));
		CHECK(wait_for(irqs, ~0u, before + 1));
		CHECK_EQ(mailbox_read(other, MAILBOX_IAR), 3 | core << 10);
		/* One while the core is held with its own pending */
		write32(ipi_agents[APU].base + IPI_TRIG, BIT(ipi_agents[RPU0 + core].bit));
		r5_hold(core);
		write32(ipi_agents[APU].base + IPI_TRIG, BIT(ipi_agents[RPU0 + other].bit));
		CHECK(wait_for(irqs, ~0u, before + 2));
		write32(ipi_agents[RPU0 + core].base + IPI_ISR, IPI_ALL);
	}
	CHECK_EQ(mailbox_read(other, MAILBOX_BOOTS), boots);
	CHECK_STEP(check_ipi_to_core(other));
	CHECK(start_with_ipi(core));
	CHECK_STEP(check_ipi_to_core(core));
}

void test_gic_other_core(void)
{
	ipi_reset_all();
	rpu_power_on(SLSPLIT);
	for (u32 core = 0; core < 2; core++)
		copy_r5_image(atcm_of(core));
	for (u32 core = 0; core < 2; core++)
		CHECK_STEP(check_gic_other_core(core));
}

static void reset_machine(void)
{
	reset_ordered();
	write32(RESET_CTRL, SOFT_RESET);
	delay_us(1000000);
	die("the machine does not reset");
}

static void check_after_reset(void)
{
	u32 value;

	CHECK_EQ(read32(RESET_REASON), REASON_SOFT);
	CHECK_EQ(read32(RPU_GLBL_CNTL), SLCLAMP | TCM_COMB);
	CHECK_EQ(read32(RST_LPD_TOP), RST_LPD_TOP_AT_RESET);
	for (int core = 0; core < 2; core++)
		CHECK_EQ(read32(RPU_CFG(core)), NCPUHALT | VINITHI);
	for (int i = 0; i < IPI_AGENTS; i++) {
		CHECK_EQ(read32(ipi_agents[i].base + IPI_ISR), 0);
		CHECK_EQ(read32(ipi_agents[i].base + IPI_OBS), 0);
		CHECK_EQ(read32(ipi_agents[i].base + IPI_IMR), IPI_ALL);
	}
	CHECK(!is_memory(ATCM1));
	for (u32 core = 0; core < cores; core++) {
		value = mailbox_read(core, MAILBOX_HEARTBEAT);
		delay_us(1000);
		CHECK_EQ(mailbox_read(core, MAILBOX_HEARTBEAT), value);
	}
}

/*
 * Reset the machine while the cores run, inside an interrupt handler, asleep and halted. The
 * program starts anew each time; the stage tells where it was.
 */
void test_machine_reset(void)
{
	u64 stage = stage_get();
	u32 value;

	if (stage > 0)
		CHECK_STEP(check_after_reset());
	ipi_reset_all();
	rpu_power_on(SLSPLIT);
	for (u32 core = 0; core < cores; core++) {
		copy_r5_image(atcm_of(core));
		CHECK(start_with_ipi(core));
		if (stage == 2) {
			CHECK(r5_read(core, RPU_GICC + GICC_RPR, &value));
			CHECK_EQ(value, 0xff);
		}
		CHECK_STEP(check_ipi_to_core(core));
		switch (stage) {
		case 1:
			mailbox_write(core, MAILBOX_IRQS, 0);
			mailbox_write(core, MAILBOX_KEEP_ACTIVE, 1);
			write32(ipi_agents[APU].base + IPI_TRIG, BIT(ipi_agents[RPU0 + core].bit));
			CHECK(wait_for(MAILBOX_BASE + core * MAILBOX_SIZE + MAILBOX_IRQS, ~0u, 1));
			break;
		case 2:
			CHECK(r5_command(core, COMMAND_SLEEP, 0, 0));
			break;
		case 3:
			clear32(RPU_CFG(core), NCPUHALT);
			break;
		}
	}
	if (stage < 4)
		reset_machine();
}
