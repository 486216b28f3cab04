// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a remote's node names besides memory and doorbells: clocks, resets, supplies, power domains
 * and pins. Held from before its memory is touched until after it has been stopped; for a remote
 * that something else started, as soon as there is a driver for it.
 *
 * The node may be one that no driver is bound to, so nothing of this happens by itself.
 *
 * Copyright (c) 2026 linux-amp developers
 */
#include <linux/clk.h>
#include <linux/device.h>
#include <linux/err.h>
#include <linux/module.h>
#include <linux/of.h>
#include <linux/pinctrl/consumer.h>
#include <linux/pm_domain.h>
#include <linux/pm_runtime.h>
#include <linux/regulator/consumer.h>
#include <linux/reset.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "amp_rproc_internal.h"

/**
 * struct amp_rproc_held - what is held
 * @on:           it is; under rproc->lock
 * @clks:         all of "clocks"
 * @num_clks:     how many
 * @resets:       all of "resets" as one, NULL if there is none
 * @supplies:     all properties that end in "-supply"
 * @num_supplies: how many
 * @domains:      devices that stand for the power domains
 * @num_domains:  how many
 * @pins:         NULL if there are none
 * @pins_run:     state while it runs
 * @pins_off:     state otherwise, NULL if the devicetree does not say
 */
struct amp_rproc_held {
	bool on;
	struct clk_bulk_data *clks;
	int num_clks;
	struct reset_control *resets;
	struct regulator **supplies;
	int num_supplies;
	struct device **domains;
	int num_domains;
	struct pinctrl *pins;
	struct pinctrl_state *pins_run;
	struct pinctrl_state *pins_off;
};

static void put_clks(void *data)
{
	struct amp_rproc_held *h = data;

	clk_bulk_put_all(h->num_clks, h->clks);
}

static int get_clks(struct amp_rproc *ar, struct amp_rproc_held *h)
{
	int num = clk_bulk_get_all(ar->dev, &h->clks);

	if (num < 0)
		return dev_err_probe(ar->owner, num, "%pOF: no clocks\n", ar->dev->of_node);
	h->num_clks = num;
	return devm_add_action_or_reset(ar->owner, put_clks, h);
}

static void put_resets(void *data)
{
	reset_control_put(data);
}

static int get_resets(struct amp_rproc *ar, struct amp_rproc_held *h)
{
	if (!of_property_present(ar->dev->of_node, "resets"))
		return 0;
	h->resets = of_reset_control_array_get_exclusive(ar->dev->of_node);
	if (IS_ERR(h->resets))
		return dev_err_probe(ar->owner, PTR_ERR(h->resets), "%pOF: no resets\n",
				     ar->dev->of_node);
	return devm_add_action_or_reset(ar->owner, put_resets, h->resets);
}

static void put_supply(void *data)
{
	regulator_put(data);
}

static int get_supply(struct amp_rproc *ar, struct amp_rproc_held *h, const char *property,
		      size_t len)
{
	struct regulator *supply, **grown;
	char name[32];

	strscpy(name, property, min(sizeof(name), len + 1));
	supply = regulator_get(ar->dev, name);
	if (IS_ERR(supply))
		return dev_err_probe(ar->owner, PTR_ERR(supply), "%pOF: no %s\n", ar->dev->of_node,
				     property);
	grown = devm_krealloc(ar->owner, h->supplies, (h->num_supplies + 1) * sizeof(*grown),
			      GFP_KERNEL);
	if (!grown) {
		regulator_put(supply);
		return -ENOMEM;
	}
	grown[h->num_supplies++] = supply;
	h->supplies = grown;
	return devm_add_action_or_reset(ar->owner, put_supply, supply);
}

static int get_supplies(struct amp_rproc *ar, struct amp_rproc_held *h)
{
	static const char suffix[] = "-supply";
	struct property *prop;
	size_t len;
	int ret;

	for_each_property_of_node(ar->dev->of_node, prop) {
		len = strlen(prop->name);
		if (len < sizeof(suffix) || strcmp(prop->name + len - strlen(suffix), suffix))
			continue;
		ret = get_supply(ar, h, prop->name, len - strlen(suffix));
		if (ret)
			return ret;
	}
	return 0;
}

static void put_domain(void *data)
{
	dev_pm_domain_detach(data, false);
}

/* A single one of a device with a driver is attached by the driver core. */
static int get_domains(struct amp_rproc *ar, struct amp_rproc_held *h)
{
	struct device *domain;
	int i, num, ret;

	num = of_count_phandle_with_args(ar->dev->of_node, "power-domains",
					 "#power-domain-cells");
	if (ar->desc->own_power_domains || num <= 0 || ar->dev->pm_domain)
		return 0;
	h->domains = devm_kcalloc(ar->owner, num, sizeof(*h->domains), GFP_KERNEL);
	if (!h->domains)
		return -ENOMEM;
	for (i = 0; i < num; i++) {
		domain = dev_pm_domain_attach_by_id(ar->dev, i);
		if (IS_ERR_OR_NULL(domain))
			return dev_err_probe(ar->owner, domain ? PTR_ERR(domain) : -ENODEV,
					     "%pOF: no power-domains entry %d\n",
					     ar->dev->of_node, i);
		ret = devm_add_action_or_reset(ar->owner, put_domain, domain);
		if (ret)
			return ret;
		h->domains[h->num_domains++] = domain;
	}
	return 0;
}

static void put_pins(void *data)
{
	pinctrl_put(data);
}

/* Of a device with a driver the driver core has selected them. */
static int get_pins(struct amp_rproc *ar, struct amp_rproc_held *h)
{
	int ret;

	if (ar->dev == ar->owner || !of_property_present(ar->dev->of_node, "pinctrl-0"))
		return 0;
	h->pins = pinctrl_get(ar->dev);
	if (IS_ERR(h->pins))
		return dev_err_probe(ar->owner, PTR_ERR(h->pins), "%pOF: no pins\n",
				     ar->dev->of_node);
	ret = devm_add_action_or_reset(ar->owner, put_pins, h->pins);
	if (ret)
		return ret;
	h->pins_run = pinctrl_lookup_state(h->pins, PINCTRL_STATE_DEFAULT);
	if (IS_ERR(h->pins_run))
		return dev_err_probe(ar->owner, PTR_ERR(h->pins_run), "%pOF: no default pins\n",
				     ar->dev->of_node);
	h->pins_off = pinctrl_lookup_state(h->pins, PINCTRL_STATE_SLEEP);
	if (IS_ERR(h->pins_off))
		h->pins_off = NULL;
	return 0;
}

static void supplies_off(struct amp_rproc_held *h, int num)
{
	while (num--)
		regulator_disable(h->supplies[num]);
}

static int supplies_on(struct amp_rproc_held *h)
{
	int i, ret;

	for (i = 0; i < h->num_supplies; i++) {
		ret = regulator_enable(h->supplies[i]);
		if (ret) {
			supplies_off(h, i);
			return ret;
		}
	}
	return 0;
}

static void domains_off(struct amp_rproc_held *h, int num)
{
	while (num--)
		pm_runtime_put_sync(h->domains[num]);
}

static int domains_on(struct amp_rproc_held *h)
{
	int i, ret;

	for (i = 0; i < h->num_domains; i++) {
		ret = pm_runtime_resume_and_get(h->domains[i]);
		if (ret) {
			domains_off(h, i);
			return ret;
		}
	}
	return 0;
}

/*
 * The driver goes and leaves behind a remote that goes on: its clocks stay on, as the boot code had
 * them; what is counted by owner has to be given back.
 */
static void let_go(void *data)
{
	struct amp_rproc_held *h = data;

	if (!h->on)
		return;
	domains_off(h, h->num_domains);
	supplies_off(h, h->num_supplies);
}

/**
 * devm_amp_rproc_get_held() - get what a remote's node names
 * @ar: the remote, not registered yet
 *
 * Context: process, may sleep.
 * Return: 0, -EPROBE_DEFER, -ENOMEM, or what the provider of a resource answers.
 */
int devm_amp_rproc_get_held(struct amp_rproc *ar)
{
	struct amp_rproc_held *h;
	int ret;

	h = devm_kzalloc(ar->owner, sizeof(*h), GFP_KERNEL);
	if (!h)
		return -ENOMEM;
	ret = get_clks(ar, h);
	if (ret)
		return ret;
	ret = get_resets(ar, h);
	if (ret)
		return ret;
	ret = get_supplies(ar, h);
	if (ret)
		return ret;
	ret = get_domains(ar, h);
	if (ret)
		return ret;
	ret = get_pins(ar, h);
	if (ret)
		return ret;
	ar->held = h;
	return devm_add_action_or_reset(ar->owner, let_go, h);
}

/**
 * amp_rproc_hold() - switch on what a remote's node names
 * @ar: the remote
 *
 * Supplies, power domains, pins, clocks, and last the resets, as hardware wants it.
 *
 * Context: process; rproc->lock held.
 * Return: 0 or what the provider of a resource answers; then nothing is held.
 */
int amp_rproc_hold(struct amp_rproc *ar)
{
	struct amp_rproc_held *h = ar->held;
	int ret;

	if (h->on)
		return 0;
	ret = supplies_on(h);
	if (ret)
		goto report;
	ret = domains_on(h);
	if (ret)
		goto undo_supplies;
	ret = h->pins ? pinctrl_select_state(h->pins, h->pins_run) : 0;
	if (ret)
		goto undo_domains;
	ret = clk_bulk_prepare_enable(h->num_clks, h->clks);
	if (ret)
		goto undo_pins;
	ret = reset_control_deassert(h->resets);
	if (ret)
		goto undo_clks;
	h->on = true;
	return 0;

undo_clks:
	clk_bulk_disable_unprepare(h->num_clks, h->clks);
undo_pins:
	if (h->pins_off)
		pinctrl_select_state(h->pins, h->pins_off);
undo_domains:
	domains_off(h, h->num_domains);
undo_supplies:
	supplies_off(h, h->num_supplies);
report:
	dev_err(&ar->rproc->dev, "cannot switch on what %pOF names: %d\n", ar->dev->of_node, ret);
	return ret;
}

/**
 * amp_rproc_release() - undo amp_rproc_hold()
 * @ar: the remote
 *
 * Nothing happens for one that Linux detaches from, because it goes on.
 *
 * Context: process; rproc->lock held.
 */
void amp_rproc_release(struct amp_rproc *ar)
{
	struct amp_rproc_held *h = ar->held;

	if (!h->on || ar->rproc->state == RPROC_DETACHED)
		return;
	reset_control_assert(h->resets);
	clk_bulk_disable_unprepare(h->num_clks, h->clks);
	if (h->pins_off)
		pinctrl_select_state(h->pins, h->pins_off);
	domains_off(h, h->num_domains);
	supplies_off(h, h->num_supplies);
	h->on = false;
}
