// SPDX-License-Identifier: GPL-2.0-only
/*
 * Mailbox controller: inter-processor interrupts of ZynqMP and Versal, through the firmware in EL3.
 *
 * A node is an agent on Linux' side, each of its children a remote agent with two channels: 0 rings
 * the remote, 1 is rung by it. Rings are levels: one that has been rung stays so until the other
 * side has cleared it, and ringing it again changes nothing.
 *
 * The firmware call is what costs. Sending takes one and never asks whether the remote has looked.
 * An interrupt takes one for each remote: for a processor it clears the ring, and the client looks
 * at memory afterwards, whoever rang. The management unit's messages mean something once only, so
 * of that remote the one call asks whether it rang.
 *
 * Binding: xlnx,zynqmp-ipi-mailbox.yaml of the kernel, and what came before it.
 * Documentation/drivers/zynqmp_ipi.rst.
 *
 * Copyright (c) 2026 linux-amp developers
 */
#include <linux/amp_version.h>
#include <linux/arm-smccc.h>
#include <linux/device.h>
#include <linux/interrupt.h>
#include <linux/io.h>
#include <linux/jiffies.h>
#include <linux/mailbox/zynqmp-ipi-message.h>
#include <linux/mailbox_controller.h>
#include <linux/module.h>
#include <linux/of.h>
#include <linux/of_address.h>
#include <linux/of_irq.h>
#include <linux/platform_device.h>
#include <linux/pm.h>
#include <linux/slab.h>

#include "zynqmp_ipi_frame.h"

/* Trusted Firmware-A, plat/xilinx: IPI service. */
#define IPI_OPEN	0x82001000U
#define IPI_RELEASE	0x82001001U
#define IPI_STATUS	0x82001002U
#define IPI_NOTIFY	0x82001003U
#define IPI_ACK		0x82001004U
#define IPI_ENABLE	0x82001005U
#define IPI_DISABLE	0x82001006U

#define STATUS_DISABLE	BIT(0)	/* and disable the interrupt if something is pending */
#define STATUS_SENT	BIT(0)
#define STATUS_RECEIVED	BIT(1)
#define ACK_ENABLE	BIT(0)	/* and enable the interrupt */

#define AGENT_PMU_FIRST	3
#define AGENT_PMU_LAST	6

/* First of the three cells of an interrupt of the GIC */
#define IRQ_TYPE_GENERATED	2

#define CHAN_TX		0
#define CHAN_RX		1
#define CHANS		2

/* As many rings unheard by the client, and the remote has to wait for it. */
#define MAX_UNHEARD	16
/* As many in a tick of the clock, heard or not: of a few microseconds each, a quarter of it. */
#define MAX_PER_TICK	DIV_ROUND_UP(64000, HZ)

/**
 * struct ipi_buffer - a message buffer
 * @at:   NULL if there is none
 * @size: usable bytes
 */
struct ipi_buffer {
	u32 __iomem *at;
	size_t size;
};

struct ipi_agent;

/**
 * struct ipi_remote - a remote agent
 * @dev:      has its devicetree node, by which clients find it
 * @agent:    Linux' side
 * @id:       of the remote, to the firmware
 * @messages: what it sends is not to be delivered twice, or if it has not rung
 * @mbox:     its two channels
 * @chans:    the same
 * @request:  by channel: from who rings
 * @response: by channel: from who is rung
 * @lock:     protects what follows, and makes a call and its consequence one step
 * @open:     by channel
 * @unheard:  rings that the client has not acknowledged
 * @tick:     of the last ring, in jiffies
 * @rings:    within that
 * @masked:   too many of either, or of messages the first
 * @rx:       a message on its way to the client; only the interrupt handler uses it
 */
struct ipi_remote {
	struct device dev;
	struct ipi_agent *agent;
	u32 id;
	bool messages;
	struct mbox_controller mbox;
	struct mbox_chan chans[CHANS];
	struct ipi_buffer request[CHANS];
	struct ipi_buffer response[CHANS];
	raw_spinlock_t lock;
	bool open[CHANS];
	unsigned int unheard;
	unsigned long tick;
	unsigned int rings;
	bool masked;
	union {
		struct zynqmp_ipi_message msg;
		u8 bytes[sizeof(struct zynqmp_ipi_message) + ZYNQMP_IPI_MAX_BYTES];
	} rx;
};

/**
 * struct ipi_agent - Linux' side
 * @dev:     device of the node
 * @id:      to the firmware
 * @hvc:     it is reached by HVC, not SMC
 * @versal:  the binding is that of Versal
 * @irq:     interrupt
 * @num:     how many
 * @remotes: the remotes
 */
struct ipi_agent {
	struct device *dev;
	u32 id;
	bool hvc;
	bool versal;
	int irq;
	unsigned int num;
	struct ipi_remote *remotes[];
};

/*
 * Says whose module it is, and nothing else: with that of the agent the PM core would call the
 * agent's callbacks for each remote.
 */
static struct device_driver ipi_remote_driver = {
	.name = "zynqmp-ipi-remote",
	.owner = THIS_MODULE,
};

static int call(struct ipi_remote *r, u32 function, u32 flags)
{
	struct arm_smccc_res res;

	if (r->agent->hvc)
		arm_smccc_hvc(function, r->agent->id, r->id, flags, 0, 0, 0, 0, &res);
	else
		arm_smccc_smc(function, r->agent->id, r->id, flags, 0, 0, 0, 0, &res);
	return (int)res.a0;
}

static struct ipi_remote *to_remote(struct mbox_chan *chan)
{
	return container_of(chan->mbox, struct ipi_remote, mbox);
}

/* Did it ring? With the lock held. What the remote does after the call interrupts again. */
static bool take_ring(struct ipi_remote *r)
{
	unsigned long now = jiffies;
	int status;

	lockdep_assert_held(&r->lock);

	if (!r->open[CHAN_RX] || r->masked)
		return false;

	if (r->messages) {
		status = call(r, IPI_STATUS, STATUS_DISABLE);
		r->masked = status > 0 && status & STATUS_RECEIVED;
		return r->masked;
	}
	if (r->tick != now) {
		r->tick = now;
		r->rings = 0;
	}
	if (++r->unheard > MAX_UNHEARD || ++r->rings > MAX_PER_TICK) {
		r->masked = true;
		call(r, IPI_DISABLE, 0);
	} else {
		call(r, IPI_ACK, 0);
	}
	return true;
}

static irqreturn_t ipi_interrupt(int irq, void *data)
{
	struct ipi_agent *agent = data;
	u32 words[ZYNQMP_IPI_MAX_WORDS];
	irqreturn_t ret = IRQ_NONE;
	struct ipi_remote *r;
	size_t i, len;
	unsigned int n;
	bool rung;

	for (n = 0; n < agent->num; n++) {
		r = agent->remotes[n];
		raw_spin_lock(&r->lock);
		rung = take_ring(r);
		raw_spin_unlock(&r->lock);
		if (!rung)
			continue;

		len = r->request[CHAN_RX].size;
		for (i = 0; i < len / 4; i++)
			words[i] = readl(r->request[CHAN_RX].at + i);
		zynqmp_ipi_unpack(r->rx.msg.data, words, len);
		r->rx.msg.len = len;
		mbox_chan_received_data(&r->chans[CHAN_RX], &r->rx.msg);
		ret = IRQ_HANDLED;
	}
	return ret;
}

/*
 * A message that does not fit is left out, and the ring rung all the same: the framework would keep
 * one that is refused, and everything behind it, for ever.
 */
static void write_message(struct ipi_remote *r, const struct ipi_buffer *buf,
			  const struct zynqmp_ipi_message *msg)
{
	u32 words[ZYNQMP_IPI_MAX_WORDS];
	int i, num;

	if (!msg || !msg->len)
		return;
	num = zynqmp_ipi_pack(words, msg->data, msg->len, buf->size);
	if (num < 0)
		dev_warn_ratelimited(&r->dev, "message of %zu bytes left out, buffer has %zu\n",
				     msg->len, buf->size);
	for (i = 0; i < num; i++)
		writel(words[i], buf->at + i);
}

/* The client has heard what there was, or answers it, and may be told again. */
static void acknowledge(struct ipi_remote *r, const struct zynqmp_ipi_message *msg)
{
	unsigned long flags;

	write_message(r, &r->response[CHAN_RX], msg);
	raw_spin_lock_irqsave(&r->lock, flags);
	r->unheard = 0;
	if (r->masked && r->open[CHAN_RX]) {
		r->masked = false;
		call(r, IPI_ACK, ACK_ENABLE);
	}
	raw_spin_unlock_irqrestore(&r->lock, flags);
}

static int ipi_send_data(struct mbox_chan *chan, void *message)
{
	struct ipi_remote *r = to_remote(chan);

	if (chan == &r->chans[CHAN_RX]) {
		acknowledge(r, message);
		return 0;
	}
	write_message(r, &r->request[CHAN_TX], message);
	/* Ringing what is rung is allowed, and cheaper than to ask. */
	call(r, IPI_NOTIFY, 0);
	return 0;
}

/* Only asked for clients that do not say themselves when they are done. */
static bool ipi_last_tx_done(struct mbox_chan *chan)
{
	struct ipi_remote *r = to_remote(chan);
	int status;

	if (chan == &r->chans[CHAN_RX])
		return true;
	status = call(r, IPI_STATUS, 0);
	return status >= 0 && !(status & STATUS_SENT);
}

/*
 * Something has come, or for the channel that rings the remote: it has taken what was there. What
 * a client may want even more is the read as such: it cannot overtake an acknowledgment, which the
 * interconnect may answer before it has arrived, so it returns after that has.
 */
static bool ipi_peek_data(struct mbox_chan *chan)
{
	struct ipi_remote *r = to_remote(chan);
	int status = call(r, IPI_STATUS, 0);

	if (status < 0)
		return false;
	return chan == &r->chans[CHAN_RX] ? status & STATUS_RECEIVED : !(status & STATUS_SENT);
}

static int ipi_startup(struct mbox_chan *chan)
{
	struct ipi_remote *r = to_remote(chan);
	unsigned int which = chan - r->chans;
	unsigned long flags;
	int ret = 0;

	raw_spin_lock_irqsave(&r->lock, flags);
	if (!r->open[!which])
		ret = call(r, IPI_OPEN, 0);
	if (ret >= 0) {
		ret = 0;
		r->open[which] = true;
		if (which == CHAN_RX) {
			r->unheard = 0;
			r->masked = false;
			call(r, IPI_ENABLE, 0);
		}
	}
	raw_spin_unlock_irqrestore(&r->lock, flags);
	if (ret)
		dev_err(&r->dev, "the firmware does not open it: %d\n", ret);
	return ret ? -EIO : 0;
}

static void ipi_shutdown(struct mbox_chan *chan)
{
	struct ipi_remote *r = to_remote(chan);
	unsigned int which = chan - r->chans;
	unsigned long flags;

	raw_spin_lock_irqsave(&r->lock, flags);
	r->open[which] = false;
	if (which == CHAN_RX)
		call(r, IPI_DISABLE, 0);
	if (!r->open[!which])
		call(r, IPI_RELEASE, 0);
	raw_spin_unlock_irqrestore(&r->lock, flags);
	/* The client goes: a handler that has found the channel open still tells it. */
	if (which == CHAN_RX)
		synchronize_irq(r->agent->irq);
}

static const struct mbox_chan_ops ipi_ops = {
	.send_data = ipi_send_data,
	.last_tx_done = ipi_last_tx_done,
	.peek_data = ipi_peek_data,
	.startup = ipi_startup,
	.shutdown = ipi_shutdown,
};

static struct mbox_chan *ipi_xlate(struct mbox_controller *mbox, const struct of_phandle_args *sp)
{
	if (sp->args_count != 1 || sp->args[0] >= CHANS)
		return ERR_PTR(-EINVAL);
	return &mbox->chans[sp->args[0]];
}

/* Device memory, which has to be accessed in whole words where they are. */
static int map_buffer(struct ipi_remote *r, u64 start, u64 size, struct ipi_buffer *buf)
{
	if (!IS_ALIGNED(start, sizeof(u32)))
		return dev_err_probe(r->agent->dev, -EINVAL,
				     "%pOF: buffer at %#llx is not aligned\n", r->dev.of_node,
				     start);
	buf->size = zynqmp_ipi_usable(size);
	buf->at = devm_ioremap(r->agent->dev, start, size);
	return buf->at ? 0 : -ENOMEM;
}

/* Return: 1 if the node has a buffer of that name, 0 if not, or the errno of its bad address. */
static int find_buffer(struct ipi_remote *r, struct device_node *np, const char *name,
		       struct resource *res)
{
	int idx, ret;

	idx = of_property_match_string(np, "reg-names", name);
	if (idx < 0)
		return 0;
	ret = of_address_to_resource(np, idx, res);
	if (ret)
		return dev_err_probe(r->agent->dev, ret, "%pOF: no reg for %s\n", np, name);
	return 1;
}

static int get_buffer(struct ipi_remote *r, const char *name, struct ipi_buffer *buf)
{
	struct resource res;
	int ret;

	ret = find_buffer(r, r->dev.of_node, name, &res);
	return ret > 0 ? map_buffer(r, res.start, resource_size(&res), buf) : ret;
}

static int get_buffers(struct ipi_remote *r)
{
	int ret;

	ret = get_buffer(r, "local_request_region", &r->request[CHAN_TX]);
	if (!ret)
		ret = get_buffer(r, "remote_response_region", &r->response[CHAN_TX]);
	if (!ret)
		ret = get_buffer(r, "remote_request_region", &r->request[CHAN_RX]);
	if (!ret)
		ret = get_buffer(r, "local_response_region", &r->response[CHAN_RX]);
	return ret;
}

/* Only if both sides have them: those without are left out of everybody's buffers. */
static int get_versal_buffers(struct ipi_remote *r)
{
	struct device *dev = r->agent->dev;
	struct resource own, its;
	int ret, to, from;

	ret = find_buffer(r, dev->of_node, "msg", &own);
	if (ret <= 0)
		return ret;
	ret = find_buffer(r, r->dev.of_node, "msg", &its);
	if (ret <= 0)
		return ret;

	to = zynqmp_ipi_part(its.start, resource_size(&own));
	from = zynqmp_ipi_part(own.start, resource_size(&own));
	if (to < 0 || from < 0)
		return dev_err_probe(dev, -ERANGE, "%pOF: buffers at %pa and %pa do not fit\n",
				     r->dev.of_node, &own.start, &its.start);
	ret = map_buffer(r, own.start + to, ZYNQMP_IPI_MAX_BYTES, &r->request[CHAN_TX]);
	if (!ret)
		ret = map_buffer(r, own.start + to + ZYNQMP_IPI_MAX_BYTES, ZYNQMP_IPI_MAX_BYTES,
				 &r->response[CHAN_RX]);
	if (!ret)
		ret = map_buffer(r, its.start + from, ZYNQMP_IPI_MAX_BYTES, &r->request[CHAN_RX]);
	if (!ret)
		ret = map_buffer(r, its.start + from + ZYNQMP_IPI_MAX_BYTES, ZYNQMP_IPI_MAX_BYTES,
				 &r->response[CHAN_TX]);
	return ret;
}

static void release_remote(struct device *dev)
{
	of_node_put(dev->of_node);
	kfree(container_of(dev, struct ipi_remote, dev));
}

static void unregister_remote(void *data)
{
	device_unregister(data);
}

/* No bus, so no driver is ever bound; but the framework wants to hold on to the module. */
static struct ipi_remote *register_remote(struct ipi_agent *agent, struct device_node *np)
{
	struct ipi_remote *r = kzalloc(sizeof(*r), GFP_KERNEL);
	int ret;

	if (!r)
		return ERR_PTR(-ENOMEM);
	r->agent = agent;
	raw_spin_lock_init(&r->lock);
	r->dev.parent = agent->dev;
	r->dev.of_node = of_node_get(np);
	r->dev.driver = &ipi_remote_driver;
	r->dev.release = release_remote;
	/* With the unit address, or two mailboxes would have one name. */
	ret = dev_set_name(&r->dev, "%s:%pOFP", dev_name(agent->dev), np);
	if (ret) {
		of_node_put(np);
		kfree(r);
		return ERR_PTR(ret);
	}
	ret = device_register(&r->dev);
	if (ret) {
		put_device(&r->dev);
		return ERR_PTR(ret);
	}
	ret = devm_add_action_or_reset(agent->dev, unregister_remote, &r->dev);
	return ret ? ERR_PTR(ret) : r;
}

static int add_remote(struct ipi_agent *agent, struct device_node *np)
{
	struct ipi_remote *r;
	int ret;

	r = register_remote(agent, np);
	if (IS_ERR(r))
		return PTR_ERR(r);
	ret = of_property_read_u32(np, "xlnx,ipi-id", &r->id);
	if (ret)
		return dev_err_probe(agent->dev, ret, "%pOF: no xlnx,ipi-id\n", np);
	ret = agent->versal ? get_versal_buffers(r) : get_buffers(r);
	if (ret)
		return ret;
	/* Which agents of a Versal are processors differs from one to the other. */
	r->messages = agent->versal ||
		      (r->id >= AGENT_PMU_FIRST && r->id <= AGENT_PMU_LAST);

	r->mbox.dev = &r->dev;
	r->mbox.ops = &ipi_ops;
	r->mbox.chans = r->chans;
	r->mbox.num_chans = CHANS;
	/* Not for clients that know by themselves, which all of this package do. */
	r->mbox.txdone_poll = true;
	r->mbox.txpoll_period = 5;
	r->mbox.of_xlate = ipi_xlate;
	agent->remotes[agent->num++] = r;
	return 0;
}

static int read_agent(struct ipi_agent *agent)
{
	struct device *dev = agent->dev;
	const char *method = "smc";
	int ret;

	ret = of_property_read_u32(dev->of_node, "xlnx,ipi-id", &agent->id);
	if (ret)
		return dev_err_probe(dev, ret, "%pOF: no xlnx,ipi-id\n", dev->of_node);
	agent->versal = of_device_is_compatible(dev->of_node, "xlnx,versal-ipi-mailbox");
	of_property_read_string(dev->of_node, "method", &method);
	agent->hvc = !strcmp(method, "hvc");
	if (!agent->hvc && strcmp(method, "smc"))
		return dev_err_probe(dev, -EINVAL, "%pOF: method \"%s\"\n", dev->of_node, method);
	return 0;
}

/* Newer devicetrees of Versal name an interrupt that software generates, each CPU its own. */
static int get_irq(struct platform_device *pdev)
{
	struct device_node *np = pdev->dev.of_node;
	struct of_phandle_args irq;
	bool generated;

	if (!of_irq_parse_one(np, 0, &irq)) {
		generated = irq.args_count == 3 && irq.args[0] == IRQ_TYPE_GENERATED;
		of_node_put(irq.np);
		if (generated)
			return dev_err_probe(&pdev->dev, -EOPNOTSUPP,
					     "%pOF: needs the kernel's own driver for its SGI\n",
					     np);
	}
	return platform_get_irq(pdev, 0);
}

static int ipi_probe(struct platform_device *pdev)
{
	struct device *dev = &pdev->dev;
	struct ipi_agent *agent;
	struct device_node *np;
	unsigned int i;
	int num, ret;

	num = of_get_available_child_count(dev->of_node);
	if (!num)
		return dev_err_probe(dev, -EINVAL, "%pOF: no remote\n", dev->of_node);
	agent = devm_kzalloc(dev, struct_size(agent, remotes, num), GFP_KERNEL);
	if (!agent)
		return -ENOMEM;
	agent->dev = dev;
	platform_set_drvdata(pdev, agent);
	ret = read_agent(agent);
	if (ret)
		return ret;
	for_each_available_child_of_node(dev->of_node, np) {
		ret = add_remote(agent, np);
		if (ret) {
			of_node_put(np);
			return ret;
		}
	}

	/*
	 * A kernel before this one, or a boot loader, may have left them enabled, and a remote may
	 * have rung: without a client nobody would ever end that interrupt.
	 */
	for (i = 0; i < agent->num; i++)
		call(agent->remotes[i], IPI_DISABLE, 0);

	/* Several nodes may stand for one agent: with a single remote each, for older kernels. */
	agent->irq = get_irq(pdev);
	if (agent->irq < 0)
		return agent->irq;
	ret = devm_request_irq(dev, agent->irq, ipi_interrupt, IRQF_SHARED, dev_name(dev), agent);
	if (ret)
		return dev_err_probe(dev, ret, "cannot use the interrupt\n");
	if (of_property_read_bool(dev->of_node, "wakeup-source"))
		device_init_wakeup(dev, true);

	/* Last: from here on there are clients. */
	for (i = 0; i < agent->num; i++) {
		ret = devm_mbox_controller_register(dev, &agent->remotes[i]->mbox);
		if (ret)
			return dev_err_probe(dev, ret, "cannot register with the mailbox core\n");
	}
	return 0;
}

static int ipi_suspend(struct device *dev)
{
	struct ipi_agent *agent = dev_get_drvdata(dev);

	return device_may_wakeup(dev) ? enable_irq_wake(agent->irq) : 0;
}

/* Power may have been off meanwhile, and with it what was enabled. A ring that waits is kept. */
static int ipi_resume(struct device *dev)
{
	struct ipi_agent *agent = dev_get_drvdata(dev);
	struct ipi_remote *r;
	unsigned long flags;
	unsigned int i;

	if (device_may_wakeup(dev))
		disable_irq_wake(agent->irq);
	for (i = 0; i < agent->num; i++) {
		r = agent->remotes[i];
		raw_spin_lock_irqsave(&r->lock, flags);
		if (r->open[CHAN_RX] && !r->masked)
			call(r, IPI_ENABLE, 0);
		raw_spin_unlock_irqrestore(&r->lock, flags);
	}
	return 0;
}

/*
 * Remotes that Linux leaves running go on to ring, and another Linux may come by kexec, which has
 * no handler for them before it asks for their channels.
 */
static void ipi_go_down(struct platform_device *pdev)
{
	struct ipi_agent *agent = platform_get_drvdata(pdev);
	struct ipi_remote *r;
	unsigned long flags;
	unsigned int i;

	for (i = 0; i < agent->num; i++) {
		r = agent->remotes[i];
		raw_spin_lock_irqsave(&r->lock, flags);
		if (r->open[CHAN_RX])
			call(r, IPI_DISABLE, 0);
		r->open[CHAN_RX] = false;
		raw_spin_unlock_irqrestore(&r->lock, flags);
	}
}

static DEFINE_SIMPLE_DEV_PM_OPS(ipi_pm_ops, ipi_suspend, ipi_resume);

static const struct of_device_id ipi_match[] = {
	{ .compatible = "xlnx,zynqmp-ipi-mailbox" },
	{ .compatible = "xlnx,versal-ipi-mailbox" },
	{ }
};
MODULE_DEVICE_TABLE(of, ipi_match);

static struct platform_driver zynqmp_ipi_driver = {
	.probe = ipi_probe,
	.shutdown = ipi_go_down,
	.driver = {
		.name = "zynqmp-ipi",
		.of_match_table = ipi_match,
		.pm = pm_sleep_ptr(&ipi_pm_ops),
		/* Clients hold on to the module, but not to the binding. */
		.suppress_bind_attrs = true,
	},
};
module_platform_driver(zynqmp_ipi_driver);

MODULE_DESCRIPTION("Mailbox controller for ZynqMP and Versal inter-processor interrupts");
MODULE_AUTHOR("linux-amp developers");
MODULE_LICENSE("GPL");
MODULE_VERSION(AMP_VERSION);
