// SPDX-License-Identifier: GPL-2.0-only
/*
 * A power domain for the messaging unit, for tests. The board has none: in its place the unit is
 * reset when the power goes, and once more when it comes back, because what was written to it
 * meanwhile went nowhere. The interrupts that the other side has enabled are set up again, as
 * firmware does that knows of it.
 *
 * Copyright (c) 2026 linux-amp developers
 */
#include <linux/bits.h>
#include <linux/clk.h>
#include <linux/device.h>
#include <linux/err.h>
#include <linux/io.h>
#include <linux/module.h>
#include <linux/of.h>
#include <linux/of_address.h>
#include <linux/platform_device.h>
#include <linux/pm_domain.h>

/* Control register: enabled interrupts, reset of both sides. */
#define CR		0x24
#define   CR_ENABLES	GENMASK(31, 20)
#define   CR_RESET	BIT(5)

static unsigned int losses;
module_param(losses, uint, 0444);
MODULE_PARM_DESC(losses, "how often the unit has been without power");

/**
 * struct mu_power - the domain
 * @pd:      as the framework knows it
 * @clk:     of the unit
 * @a:       registers of the side that can reset it
 * @b:       those of the other one
 * @enables: what the other side has enabled
 */
struct mu_power {
	struct generic_pm_domain pd;
	struct clk *clk;
	void __iomem *a;
	void __iomem *b;
	u32 enables;
};

static void lose_registers(struct mu_power *power)
{
	power->enables |= readl(power->b + CR) & CR_ENABLES;
	writel(CR_RESET, power->a + CR);
}

static int power_off(struct generic_pm_domain *pd)
{
	struct mu_power *power = container_of(pd, struct mu_power, pd);

	power->enables = 0;
	lose_registers(power);
	losses++;
	return 0;
}

static int power_on(struct generic_pm_domain *pd)
{
	struct mu_power *power = container_of(pd, struct mu_power, pd);

	lose_registers(power);
	writel(power->enables, power->b + CR);
	return 0;
}

static void disable_clock(void *clk)
{
	clk_disable_unprepare(clk);
	clk_put(clk);
}

/* The unit has a driver, to which its registers and its clock belong: they are used besides. */
static int find_unit(struct device *dev, struct mu_power *power)
{
	struct device_node *unit = of_parse_phandle(dev->of_node, "linux-amp,units", 0);
	struct device_node *other = of_parse_phandle(dev->of_node, "linux-amp,units", 1);
	struct resource a, b;
	int ret;

	ret = of_address_to_resource(unit, 0, &a) ?: of_address_to_resource(other, 0, &b);
	power->clk = of_clk_get(unit, 0);
	of_node_put(other);
	of_node_put(unit);
	if (IS_ERR(power->clk))
		return PTR_ERR(power->clk);
	ret = clk_prepare_enable(power->clk) ?: ret;
	if (!ret)
		ret = devm_add_action_or_reset(dev, disable_clock, power->clk);
	if (ret)
		return ret;
	power->a = devm_ioremap(dev, a.start, resource_size(&a));
	power->b = devm_ioremap(dev, b.start, resource_size(&b));
	return power->a && power->b ? 0 : -ENOMEM;
}

static void forget_domain(void *data)
{
	struct mu_power *power = data;

	/* Who is in the domain has been unbound before. */
	WARN_ON(pm_genpd_remove(&power->pd));
}

static void forget_provider(void *np)
{
	of_genpd_del_provider(np);
}

static int mu_power_probe(struct platform_device *pdev)
{
	struct device *dev = &pdev->dev;
	struct mu_power *power;
	int ret;

	power = devm_kzalloc(dev, sizeof(*power), GFP_KERNEL);
	if (!power)
		return -ENOMEM;
	ret = find_unit(dev, power);
	if (ret)
		return ret;

	power->pd.name = "messaging-unit";
	power->pd.power_off = power_off;
	power->pd.power_on = power_on;
	ret = pm_genpd_init(&power->pd, NULL, false);
	if (!ret)
		ret = devm_add_action_or_reset(dev, forget_domain, power);
	if (!ret)
		ret = of_genpd_add_provider_simple(dev->of_node, &power->pd);
	if (!ret)
		ret = devm_add_action_or_reset(dev, forget_provider, dev->of_node);
	return ret;
}

static const struct of_device_id mu_power_match[] = {
	{ .compatible = "linux-amp,mu-power" },
	{ }
};
MODULE_DEVICE_TABLE(of, mu_power_match);

static struct platform_driver mu_power_driver = {
	.probe = mu_power_probe,
	.driver = {
		.name = "mu_power",
		.of_match_table = mu_power_match,
	},
};
module_platform_driver(mu_power_driver);

MODULE_DESCRIPTION("Power domain of the i.MX messaging unit, for tests");
MODULE_AUTHOR("linux-amp developers");
MODULE_LICENSE("GPL");
