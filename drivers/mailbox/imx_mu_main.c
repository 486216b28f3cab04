// SPDX-License-Identifier: GPL-2.0-only
/*
 * Messaging unit of the i.MX 6SoloX, 7 and 7ULP: four words and four doorbells in each direction,
 * each a channel of the mailbox framework. Devicetree binding: fsl,mu.yaml of the kernel.
 *
 * A word stays in its register until the other side reads it. Sending never waits for that: what
 * does not fit yet is kept, one word for each register, and written when the register reports that
 * it is empty. The next empty register then means that the word has been read, which is when the
 * client hears that it is done.
 *
 * A register that nobody has asked for is not touched. The low-power handshake of i.MX 7 boards
 * uses the first one, and is a client like any other.
 *
 * imx_mu_bits.c decides about bits and words; this file has the hardware and the framework.
 *
 * Copyright (c) 2026 linux-amp developers
 */
#include <linux/amp_version.h>
#include <linux/clk.h>
#include <linux/device.h>
#include <linux/interrupt.h>
#include <linux/io.h>
#include <linux/iopoll.h>
#include <linux/irq_work.h>
#include <linux/jiffies.h>
#include <linux/mailbox/imx-mu.h>
#include <linux/mailbox_controller.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/of.h>
#include <linux/of_device.h>
#include <linux/of_platform.h>
#include <linux/platform_device.h>
#include <linux/pm.h>
#include <linux/pm_wakeirq.h>
#include <linux/pm_wakeup.h>
#include <linux/spinlock.h>
#include <linux/timer.h>

#include "imx_mu.h"

static struct imx_mu_chan *to_imx_mu_chan(struct mbox_chan *chan)
{
	return chan->con_priv;
}

/* What it tells of is read from memory afterwards, hence not relaxed. */
static u32 read_status(struct imx_mu *mu)
{
	return readl(mu->base + mu->soc->sr);
}

/* For a look: this register says nothing about memory, and an enabled event comes again. */
static u32 read_control(struct imx_mu *mu)
{
	return readl_relaxed(mu->base + mu->soc->cr);
}

static u32 read_word(struct imx_mu *mu, unsigned int index)
{
	return readl(mu->base + mu->soc->rr + 4 * index);
}

/* writel() has what the client wrote to memory before this arrive first: a DSB on Armv7. */
static void write_word(struct imx_mu *mu, unsigned int index, u32 word)
{
	writel(word, mu->base + mu->soc->tr + 4 * index);
}

static void change_control(struct imx_mu *mu, u32 clear, u32 set)
{
	void __iomem *cr = mu->base + mu->soc->cr;

	lockdep_assert_held(&mu->lock);

	mu->enables = imx_mu_enables(mu->enables, clear, set);
	writel(imx_mu_control(readl(cr), clear, set), cr);
}

static void change_control_locked(struct imx_mu *mu, u32 clear, u32 set)
{
	unsigned long flags;

	spin_lock_irqsave(&mu->lock, flags);
	change_control(mu, clear, set);
	spin_unlock_irqrestore(&mu->lock, flags);
}

/*
 * A remote that sends without end would keep a CPU in the interrupt handler. Its channel rests
 * until the next tick; the word stays in its register, and the remote has to wait.
 */
static bool may_serve(struct imx_mu_chan *c)
{
	struct imx_mu *mu = c->mu;
	u32 bit = imx_mu_bit(c->type, c->index);

	if (imx_mu_take(&c->budget, jiffies, DIV_ROUND_UP(IMX_MU_EVENTS, HZ)))
		return true;

	spin_lock(&mu->lock);
	/* Not if the client has just left, whatever the register says. */
	if (mu->enables & bit) {
		change_control(mu, bit, 0);
		mu->paused |= bit;
		mod_timer(&mu->resume, jiffies + 1);
	}
	spin_unlock(&mu->lock);
	return false;
}

/*
 * Whoever enables what nobody wants can do so without end, and disabling it again would be all that
 * this CPU does. The whole unit rests until the next tick.
 */
static void rest(struct imx_mu *mu)
{
	lockdep_assert_held(&mu->lock);

	if (mu->resting)
		return;
	mu->resting = true;
	disable_irq_nosync(mu->irq);
	mod_timer(&mu->resume, jiffies + 1);
}

static void end_rest(struct imx_mu *mu)
{
	unsigned long flags;
	bool resting;

	spin_lock_irqsave(&mu->lock, flags);
	resting = mu->resting;
	mu->resting = false;
	spin_unlock_irqrestore(&mu->lock, flags);
	if (resting)
		enable_irq(mu->irq);
}

static void end_pause(struct timer_list *timer)
{
	struct imx_mu *mu = container_of(timer, struct imx_mu, resume);
	unsigned long flags;

	spin_lock_irqsave(&mu->lock, flags);
	if (mu->paused)
		change_control(mu, 0, mu->paused);
	mu->paused = 0;
	spin_unlock_irqrestore(&mu->lock, flags);
	end_rest(mu);
}

/* The last client leaves: with it goes the clock that a handler needs. */
static void stop_interrupt(struct imx_mu *mu)
{
	disable_irq(mu->irq);
	timer_delete_sync(&mu->resume);
	end_rest(mu);
}

static void serve_tx(struct imx_mu_chan *c)
{
	u32 bit = imx_mu_bit(IMX_MU_TX, c->index);
	struct imx_mu *mu = c->mu;
	enum imx_mu_tx_step step;

	spin_lock(&mu->lock);
	/* A client that flushes may have sent another word since this event was seen. */
	if (!(read_status(mu) & bit)) {
		spin_unlock(&mu->lock);
		return;
	}
	step = imx_mu_tx_empty(&c->tx);
	if (step == IMX_MU_TX_WRITE)
		write_word(mu, c->index, c->tx.word);
	else
		change_control(mu, bit, 0);
	spin_unlock(&mu->lock);

	if (step == IMX_MU_TX_DONE)
		mbox_chan_txdone(c->chan, 0);
}

static void serve_rx(struct imx_mu_chan *c)
{
	u32 word;

	if (!may_serve(c))
		return;
	word = read_word(c->mu, c->index);
	mbox_chan_received_data(c->chan, &word);
}

/* Taken first, reported afterwards: one that is rung meanwhile is another one. */
static void serve_rxdb(struct imx_mu_chan *c)
{
	struct imx_mu *mu = c->mu;

	if (!may_serve(c))
		return;
	writel(imx_mu_bit(IMX_MU_RXDB, c->index), mu->base + mu->soc->sr);
	mbox_chan_received_data(c->chan, NULL);
}

/*
 * The other side may reach this one's registers. What it enables there has no client, so it is not
 * served, and would interrupt for ever: it is disabled again.
 */
static u32 take_events(struct imx_mu *mu, u32 *foreign)
{
	u32 control = read_control(mu);

	lockdep_assert_held(&mu->lock);

	*foreign = imx_mu_foreign(mu->enables, control);
	if (*foreign) {
		change_control(mu, *foreign, 0);
		if (!imx_mu_take(&mu->foreign, jiffies, DIV_ROUND_UP(IMX_MU_FOREIGN, HZ)))
			rest(mu);
	}
	return imx_mu_events(read_status(mu), control & mu->enables);
}

/* Only while there is a client: otherwise the interrupt is disabled, and there is no clock. */
static irqreturn_t imx_mu_isr(int irq, void *data)
{
	struct imx_mu *mu = data;
	u32 events, foreign, left;

	spin_lock(&mu->lock);
	events = take_events(mu, &foreign);
	spin_unlock(&mu->lock);
	if (foreign)
		dev_warn_ratelimited(mu->dev, "not enabled by Linux, disabled: interrupts %#x\n",
				     foreign);

	for (left = events; left; left &= left - 1) {
		struct imx_mu_chan *c = &mu->chan[__ffs(left)];

		if (c->type == IMX_MU_TX)
			serve_tx(c);
		else if (c->type == IMX_MU_RX)
			serve_rx(c);
		else
			serve_rxdb(c);
	}
	return events || foreign ? IRQ_HANDLED : IRQ_NONE;
}

static void send_word(struct imx_mu_chan *c, u32 word)
{
	struct imx_mu *mu = c->mu;
	u32 bit = imx_mu_bit(IMX_MU_TX, c->index);
	unsigned long flags;

	spin_lock_irqsave(&mu->lock, flags);
	if (imx_mu_tx_submit(&c->tx, word, read_status(mu) & bit))
		write_word(mu, c->index, word);
	change_control(mu, 0, bit);
	spin_unlock_irqrestore(&mu->lock, flags);
}

static int imx_mu_send_data(struct mbox_chan *chan, void *data)
{
	struct imx_mu_chan *c = to_imx_mu_chan(chan);

	switch (c->type) {
	case IMX_MU_TX:
		if (!data)
			return -EINVAL;
		send_word(c, *(u32 *)data);
		return 0;
	case IMX_MU_TXDB:
		change_control_locked(c->mu, 0, imx_mu_request(c->index));
		irq_work_queue(&c->done);
		return 0;
	case IMX_MU_TXDB_ACK:
		change_control_locked(c->mu, 0, imx_mu_request(c->index));
		return 0;
	default:
		return -EINVAL;
	}
}

/*
 * A client that flushes does not wait for its word to be read: it is done as soon as the register
 * has it, and no interrupt has to tell. One that is held is done as without.
 */
static int imx_mu_flush(struct mbox_chan *chan, unsigned long timeout)
{
	struct imx_mu_chan *c = to_imx_mu_chan(chan);
	struct imx_mu *mu = c->mu;
	unsigned long flags;
	bool done;

	if (c->type != IMX_MU_TX)
		return 0;

	spin_lock_irqsave(&mu->lock, flags);
	done = imx_mu_tx_leave(&c->tx);
	if (done)
		change_control(mu, imx_mu_bit(IMX_MU_TX, c->index), 0);
	spin_unlock_irqrestore(&mu->lock, flags);
	if (done)
		mbox_chan_txdone(chan, 0);
	return 0;
}

static void doorbell_rung(struct irq_work *work)
{
	struct imx_mu_chan *c = container_of(work, struct imx_mu_chan, done);

	mbox_chan_txdone(c->chan, 0);
}

/* What the other side has sent to whoever was here before is not for this client. */
static void drop_stale(struct imx_mu_chan *c)
{
	struct imx_mu *mu = c->mu;
	u32 bit = imx_mu_bit(c->type, c->index);

	if (c->type == IMX_MU_RX && read_status(mu) & bit)
		read_word(mu, c->index);
	else if (c->type == IMX_MU_RXDB)
		writel(bit, mu->base + mu->soc->sr);
}

static int imx_mu_startup(struct mbox_chan *chan)
{
	struct imx_mu_chan *c = to_imx_mu_chan(chan);
	struct imx_mu *mu = c->mu;
	unsigned long flags;
	int ret;

	ret = clk_prepare_enable(mu->clk);
	if (ret)
		return ret;

	mutex_lock(&mu->clients);
	c->open = true;
	spin_lock_irqsave(&mu->lock, flags);
	c->tx.state = IMX_MU_TX_IDLE;
	drop_stale(c);
	if (c->type == IMX_MU_RX || c->type == IMX_MU_RXDB)
		change_control(mu, 0, imx_mu_bit(c->type, c->index));
	spin_unlock_irqrestore(&mu->lock, flags);
	if (!mu->open++)
		enable_irq(mu->irq);
	mutex_unlock(&mu->clients);
	return 0;
}

/*
 * After the unit has lost its registers: what the other side had not taken is sent again. What
 * other code has enabled meanwhile is disabled.
 */
static void restore(struct imx_mu *mu, u32 control, u32 status)
{
	unsigned int i;

	lockdep_assert_held(&mu->lock);

	for (i = 0; i < IMX_MU_PER_TYPE; i++)
		imx_mu_tx_lost(&mu->chan[imx_mu_channel(IMX_MU_TX, i)].tx,
			       !(status & imx_mu_bit(IMX_MU_TX, i)));
	/* Words are written by the interrupt that tells of an empty register. */
	change_control(mu, IMX_MU_ENABLES, mu->enables | (control & IMX_MU_REQUESTS));
}

/* Both sides lose what they have sent, and the other side its enabled interrupts. */
static void reset_unit(struct imx_mu *mu)
{
	u32 control, status, now;
	unsigned long flags;

	spin_lock_irqsave(&mu->lock, flags);
	control = readl(mu->base + mu->soc->cr);
	status = read_status(mu);
	change_control(mu, 0, IMX_MU_RESET);
	if (readl_poll_timeout_atomic(mu->base + mu->soc->sr, now, !(now & IMX_MU_RESETTING), 1,
				      100))
		dev_warn(mu->dev, "reset does not end\n");
	restore(mu, control, status);
	spin_unlock_irqrestore(&mu->lock, flags);
}

static void leave_channel(struct imx_mu_chan *c)
{
	struct imx_mu *mu = c->mu;
	u32 bit = imx_mu_bit(c->type, c->index);
	unsigned long flags;

	if (c->type == IMX_MU_RST)
		reset_unit(mu);

	spin_lock_irqsave(&mu->lock, flags);
	change_control(mu, bit, 0);
	mu->paused &= ~bit;
	c->tx.state = IMX_MU_TX_IDLE;
	spin_unlock_irqrestore(&mu->lock, flags);

	/* The client is forgotten next. */
	if (!--mu->open)
		stop_interrupt(mu);
	else
		synchronize_irq(mu->irq);
	irq_work_sync(&c->done);
	clk_disable_unprepare(mu->clk);
}

/* Called after a startup that has failed, too, when the clock may be off. */
static void imx_mu_shutdown(struct mbox_chan *chan)
{
	struct imx_mu_chan *c = to_imx_mu_chan(chan);

	mutex_lock(&c->mu->clients);
	if (c->open)
		leave_channel(c);
	c->open = false;
	mutex_unlock(&c->mu->clients);
}

static const struct mbox_chan_ops imx_mu_ops = {
	.send_data = imx_mu_send_data,
	.flush = imx_mu_flush,
	.startup = imx_mu_startup,
	.shutdown = imx_mu_shutdown,
};

static struct mbox_chan *find_channel(struct imx_mu *mu, u32 type, u32 index)
{
	int n = imx_mu_channel(type, index);

	if (n < 0 || (type == IMX_MU_RST && mu->side_b)) {
		dev_err(mu->dev, "no channel <%u %u>\n", type, index);
		return ERR_PTR(-EINVAL);
	}
	if (type == IMX_MU_TXDB_ACK)
		mu->chans[n].txdone_method = MBOX_TXDONE_BY_ACK;
	return &mu->chans[n];
}

static struct mbox_chan *imx_mu_xlate(struct mbox_controller *mbox,
				      const struct of_phandle_args *args)
{
	struct imx_mu *mu = container_of(mbox, struct imx_mu, mbox);

	if (args->args_count != 2)
		return ERR_PTR(-EINVAL);
	return find_channel(mu, args->args[0], args->args[1]);
}

static void stop_timer(void *data)
{
	struct imx_mu *mu = data;

	timer_delete_sync(&mu->resume);
}

static void clear_wake_irq(void *data)
{
	struct imx_mu *mu = data;

	dev_pm_clear_wake_irq(mu->dev);
	device_init_wakeup(mu->dev, false);
}

/* What the boot loader or a kernel before this one had enabled. Words and doorbells stay. */
static int quiesce(struct imx_mu *mu)
{
	int ret = clk_prepare_enable(mu->clk);

	if (ret)
		return dev_err_probe(mu->dev, ret, "cannot enable clock\n");
	change_control_locked(mu, IMX_MU_ENABLES, 0);
	clk_disable_unprepare(mu->clk);
	return 0;
}

static int request_interrupt(struct imx_mu *mu)
{
	struct device *dev = mu->dev;
	unsigned long flags = mu->soc->wakes ? 0 : IRQF_NO_SUSPEND;
	int ret;

	/* By the first client: what is enabled without one cannot be disabled without clock. */
	flags |= IRQF_NO_AUTOEN;

	timer_setup(&mu->resume, end_pause, 0);
	ret = devm_add_action_or_reset(dev, stop_timer, mu);
	if (ret)
		return ret;
	ret = devm_request_irq(dev, mu->irq, imx_mu_isr, flags, dev_name(dev), mu);
	if (ret)
		return dev_err_probe(dev, ret, "cannot request interrupt %d\n", mu->irq);
	if (!mu->soc->wakes)
		return 0;

	device_init_wakeup(dev, true);
	ret = dev_pm_set_wake_irq(dev, mu->irq);
	if (ret) {
		device_init_wakeup(dev, false);
		return dev_err_probe(dev, ret, "interrupt %d cannot wake the system\n", mu->irq);
	}
	return devm_add_action_or_reset(dev, clear_wake_irq, mu);
}

static int register_controller(struct imx_mu *mu)
{
	unsigned int i;

	for (i = 0; i < IMX_MU_NUM_CHANS; i++) {
		struct imx_mu_chan *c = &mu->chan[i];

		c->mu = mu;
		c->chan = &mu->chans[i];
		c->type = i / IMX_MU_PER_TYPE;
		c->index = i % IMX_MU_PER_TYPE;
		init_irq_work(&c->done, doorbell_rung);
		c->chan->con_priv = c;
	}

	mu->mbox.dev = mu->dev;
	mu->mbox.ops = &imx_mu_ops;
	mu->mbox.chans = mu->chans;
	mu->mbox.num_chans = IMX_MU_NUM_CHANS;
	mu->mbox.txdone_irq = true;
	mu->mbox.of_xlate = imx_mu_xlate;
	return devm_mbox_controller_register(mu->dev, &mu->mbox);
}

static int imx_mu_probe(struct platform_device *pdev)
{
	struct device *dev = &pdev->dev;
	struct imx_mu *mu;
	int ret;

	mu = devm_kzalloc(dev, sizeof(*mu), GFP_KERNEL);
	if (!mu)
		return -ENOMEM;
	mu->dev = dev;
	mu->soc = of_device_get_match_data(dev);
	mu->side_b = of_property_read_bool(dev->of_node, "fsl,mu-side-b");
	spin_lock_init(&mu->lock);
	mutex_init(&mu->clients);

	mu->base = devm_platform_ioremap_resource(pdev, 0);
	if (IS_ERR(mu->base))
		return dev_err_probe(dev, PTR_ERR(mu->base), "no registers\n");
	mu->irq = platform_get_irq(pdev, 0);
	if (mu->irq < 0)
		return mu->irq;
	mu->clk = devm_clk_get_optional(dev, NULL);
	if (IS_ERR(mu->clk))
		return dev_err_probe(dev, PTR_ERR(mu->clk), "no clock\n");

	ret = quiesce(mu);
	if (ret)
		return ret;
	ret = request_interrupt(mu);
	if (ret)
		return ret;
	platform_set_drvdata(pdev, mu);
	return register_controller(mu);
}

/* The clock runs as long as there is a channel, so the registers can be read. */
static int imx_mu_suspend_noirq(struct device *dev)
{
	struct imx_mu *mu = dev_get_drvdata(dev);

	/* The tick that ends it may be far away, and meanwhile nothing would wake the system. */
	end_rest(mu);
	if (mu->open) {
		mu->saved_cr = readl(mu->base + mu->soc->cr);
		mu->saved_sr = read_status(mu);
	}
	return 0;
}

static int imx_mu_resume_noirq(struct device *dev)
{
	struct imx_mu *mu = dev_get_drvdata(dev);
	unsigned long flags;

	if (!mu->open)
		return 0;

	spin_lock_irqsave(&mu->lock, flags);
	if (imx_mu_context_lost(mu->enables, readl(mu->base + mu->soc->cr)))
		restore(mu, mu->saved_cr, mu->saved_sr);
	spin_unlock_irqrestore(&mu->lock, flags);
	return 0;
}

static const struct dev_pm_ops imx_mu_pm_ops = {
	NOIRQ_SYSTEM_SLEEP_PM_OPS(imx_mu_suspend_noirq, imx_mu_resume_noirq)
};

static const struct imx_mu_soc imx6sx_soc = {
	.tr = 0x00,
	.rr = 0x10,
	.sr = 0x20,
	.cr = 0x24,
	.wakes = true,
};

static const struct imx_mu_soc imx7ulp_soc = {
	.tr = 0x20,
	.rr = 0x40,
	.sr = 0x60,
	.cr = 0x64,
};

/* The units of i.MX 7S and 7D say that they are compatible with the first one. */
static const struct of_device_id imx_mu_match[] = {
	{ .compatible = "fsl,imx6sx-mu", .data = &imx6sx_soc },
	{ .compatible = "fsl,imx7ulp-mu", .data = &imx7ulp_soc },
	{ }
};
MODULE_DEVICE_TABLE(of, imx_mu_match);

static struct platform_driver imx_mu_driver = {
	.probe = imx_mu_probe,
	.driver = {
		.name = "imx_mu",
		.of_match_table = imx_mu_match,
		.pm = pm_sleep_ptr(&imx_mu_pm_ops),
	},
};
module_platform_driver(imx_mu_driver);

/*
 * The unit stays bound from here on as long as its consumer is. Unbinding lets go of the lock while
 * it unbinds consumers: a link that is made then comes too late, and says so in its state.
 */
static int hold(struct device *consumer, struct device *unit)
{
	struct device_link *link;

	device_lock_assert(unit);

	link = device_link_add(consumer, unit, DL_FLAG_AUTOREMOVE_CONSUMER);
	if (!link)
		return -EINVAL;
	return READ_ONCE(link->status) == DL_STATE_SUPPLIER_UNBIND ? -EPROBE_DEFER : 0;
}

/**
 * imx_mu_get_channel() - channel of a unit whose devicetree node is no mailbox controller
 * @consumer: device that is going to use it; is unbound before the unit is
 * @np:       node of the unit
 * @type:     as in the first cell of a specifier
 * @index:    as in the second cell
 *
 * Devicetrees for kernels that drove the unit directly have no "mboxes" and no "#mbox-cells". The
 * channel is for mbox_bind_client().
 *
 * Context: process, may sleep.
 * Return: the channel, or ERR_PTR of -EPROBE_DEFER if the unit has no driver yet or just loses it,
 * -EINVAL if there is no such channel or the two devices cannot be linked.
 */
struct mbox_chan *imx_mu_get_channel(struct device *consumer, struct device_node *np, u32 type,
				     u32 index)
{
	struct platform_device *pdev = of_find_device_by_node(np);
	struct mbox_chan *chan = ERR_PTR(-EPROBE_DEFER);
	int ret;

	if (!pdev)
		return chan;

	device_lock(&pdev->dev);
	if (pdev->dev.driver == &imx_mu_driver.driver && platform_get_drvdata(pdev)) {
		chan = find_channel(platform_get_drvdata(pdev), type, index);
		ret = IS_ERR(chan) ? 0 : hold(consumer, &pdev->dev);
		if (ret)
			chan = ERR_PTR(ret);
	}
	device_unlock(&pdev->dev);
	put_device(&pdev->dev);
	return chan;
}
EXPORT_SYMBOL_GPL(imx_mu_get_channel);

MODULE_DESCRIPTION("i.MX messaging unit mailbox driver");
MODULE_AUTHOR("linux-amp developers");
MODULE_LICENSE("GPL");
MODULE_VERSION(AMP_VERSION);
