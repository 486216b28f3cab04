// SPDX-License-Identifier: GPL-2.0-only
/*
 * A client of the messaging unit, for tests: sends words and rings doorbells to a core that returns
 * them (selftests/firmware/apps/mailbox.c), through every kind of channel that there is. Reading an
 * attribute of its device runs a test: "ok", or what was not.
 *
 * Copyright (c) 2026 linux-amp developers
 */
#include <linux/bits.h>
#include <linux/cleanup.h>
#include <linux/clk.h>
#include <linux/completion.h>
#include <linux/container_of.h>
#include <linux/delay.h>
#include <linux/device.h>
#include <linux/err.h>
#include <linux/io.h>
#include <linux/iopoll.h>
#include <linux/jiffies.h>
#include <linux/mailbox_client.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/of.h>
#include <linux/of_address.h>
#include <linux/platform_device.h>
#include <linux/smp.h>
#include <linux/string.h>
#include <linux/sysfs.h>

#define WORDS		1000
#define DOORBELLS	100
/* As many as the framework queues, less what its ring keeps free. */
#define BURST		19
/* On their way at a time: less than what the other end queues while this one rests for a tick. */
#define WINDOW		16
/* No statement about speed: emulated cores may stand still for a while. */
#define PATIENCE	(60 * HZ)

/**
 * struct link - a way to the core and the way back
 * @to:       client of the first
 * @from:     client of the second
 * @tx:       channel to the core
 * @rx:       channel from it
 * @word:     words that are on their way
 * @many:     how many are to be sent
 * @sent:     how many have been
 * @busy:     the last one has not been read
 * @returned: how many came back
 * @wrong:    how many of these were not what came next
 * @done:     all have come back
 */
struct link {
	struct mbox_client to;
	struct mbox_client from;
	struct mbox_chan *tx;
	struct mbox_chan *rx;
	u32 word[BURST];
	unsigned int many;
	unsigned int sent;
	bool busy;
	unsigned int returned;
	unsigned int wrong;
	struct completion done;
};

/* One test at a time. */
static DEFINE_MUTEX(testing);

/* Different for every word, in every bit. */
static u32 word_number(unsigned int n)
{
	return n * 0x9e3779b1U + 1;
}

static void send_next(struct link *link)
{
	if (link->busy || link->sent >= link->many || link->sent - link->returned >= WINDOW)
		return;
	link->busy = true;
	link->word[0] = word_number(link->sent++);
	mbox_send_message(link->tx, &link->word[0]);
}

/* Interrupt context. The core has read the word: send the next, one at a time. */
static void word_read(struct mbox_client *client, void *message, int status)
{
	struct link *link = container_of(client, struct link, to);

	link->busy = false;
	send_next(link);
}

static void word_returned(struct mbox_client *client, void *message)
{
	struct link *link = container_of(client, struct link, from);

	if (*(u32 *)message != word_number(link->returned))
		link->wrong++;
	if (++link->returned == link->many)
		complete(&link->done);
	send_next(link);
}

static void doorbell_returned(struct mbox_client *client, void *message)
{
	complete(&container_of(client, struct link, from)->done);
}

static void begin(struct link *link, unsigned int many)
{
	link->many = many;
	link->sent = 0;
	link->busy = false;
	link->returned = 0;
	link->wrong = 0;
	reinit_completion(&link->done);
}

static struct mbox_chan *channel(struct device *dev, struct mbox_client *client, const char *kind,
				 const char *name)
{
	char full[16];

	client->dev = dev;
	snprintf(full, sizeof(full), "%s-%s", kind, name);
	return mbox_request_channel_byname(client, full);
}

static int open_link(struct device *dev, struct link *link, const char *name, bool words)
{
	init_completion(&link->done);
	link->to.tx_done = words ? word_read : NULL;
	link->from.rx_callback = words ? word_returned : doorbell_returned;
	link->tx = channel(dev, &link->to, "tx", name);
	if (IS_ERR(link->tx))
		return PTR_ERR(link->tx);
	link->rx = channel(dev, &link->from, "rx", name);
	if (!IS_ERR(link->rx))
		return 0;
	mbox_free_channel(link->tx);
	return PTR_ERR(link->rx);
}

static void close_link(struct link *link)
{
	mbox_free_channel(link->rx);
	mbox_free_channel(link->tx);
}

static int verdict(struct link *link, char *buf)
{
	if (!wait_for_completion_timeout(&link->done, PATIENCE))
		return sysfs_emit(buf, "%u of %u words came back\n", link->returned, link->many);
	/* One that comes twice comes now. */
	msleep(50);
	if (link->returned != link->many || link->wrong)
		return sysfs_emit(buf, "%u of %u words came back, %u of them wrong\n",
				  link->returned, link->many, link->wrong);
	return sysfs_emit(buf, "ok\n");
}

/* One word in flight; two registers at the same time. */
static int run_words(struct link *link, char *buf)
{
	int len = 0, i;

	for (i = 0; i < 2; i++)
		begin(&link[i], WORDS);
	for (i = 0; i < 2; i++)
		word_read(&link[i].to, NULL, 0);
	for (i = 0; i < 2; i++) {
		len = verdict(&link[i], buf);
		if (strcmp(buf, "ok\n"))
			break;
	}
	return len;
}

static int with_words(struct device *dev, char *buf, int (*run)(struct link *, char *))
{
	static struct link link[2];
	int ret;

	guard(mutex)(&testing);
	memset(link, 0, sizeof(link));
	ret = open_link(dev, &link[0], "word0", true);
	if (ret)
		return ret;
	ret = open_link(dev, &link[1], "word3", true);
	if (!ret) {
		ret = run(link, buf);
		close_link(&link[1]);
	}
	close_link(&link[0]);
	return ret;
}

static ssize_t words_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return with_words(dev, buf, run_words);
}
static DEVICE_ATTR_RO(words);

/* More than the register holds: the framework's queue and the register together keep the order. */
static int send_burst(struct link *link)
{
	unsigned int i;
	int ret = 0;

	begin(link, BURST);
	link->sent = BURST;
	for (i = 0; i < BURST && ret >= 0; i++) {
		link->word[i] = word_number(i);
		ret = mbox_send_message(link->tx, &link->word[i]);
	}
	return ret;
}

static int run_burst(struct link *link, char *buf)
{
	int ret = send_burst(link);

	return ret < 0 ? ret : verdict(link, buf);
}

static ssize_t burst_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return with_words(dev, buf, run_burst);
}
static DEVICE_ATTR_RO(burst);

/* What the core sends while nobody listens is not for who listens next. */
static int run_stale(struct link *link, char *buf)
{
	struct device *dev = link->from.dev;
	struct mbox_chan *rx;

	begin(link, 0);
	mbox_free_channel(link->rx);
	link->word[0] = 0x57a1e;
	mbox_send_message(link->tx, &link->word[0]);
	msleep(200);
	rx = channel(dev, &link->from, "rx", "word0");
	link->rx = IS_ERR(rx) ? NULL : rx;
	if (IS_ERR(rx))
		return PTR_ERR(rx);
	msleep(200);
	if (link->returned)
		return sysfs_emit(buf, "delivered to the wrong one\n");
	return run_words(link, buf);
}

static ssize_t stale_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return with_words(dev, buf, run_stale);
}
static DEVICE_ATTR_RO(stale);

/* Resets both sides of the unit; other channels go on. */
static int run_reset(struct link *link, char *buf)
{
	struct mbox_client client = { .dev = link->to.dev };
	struct mbox_chan *chan;

	chan = mbox_request_channel_byname(&client, "reset");
	if (IS_ERR(chan))
		return PTR_ERR(chan);
	mbox_free_channel(chan);
	return run_words(link, buf);
}

static ssize_t reset_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return with_words(dev, buf, run_reset);
}
static DEVICE_ATTR_RO(reset);

static int run_doorbells(struct link *link, bool ack, char *buf)
{
	unsigned int i;
	int ret;

	for (i = 0; i < DOORBELLS; i++) {
		ret = mbox_send_message(link->tx, NULL);
		if (ret < 0)
			return ret;
		if (!wait_for_completion_timeout(&link->done, PATIENCE))
			return sysfs_emit(buf, "%u of %u came back\n", i, DOORBELLS);
		if (ack)
			mbox_client_txdone(link->tx, 0);
	}
	msleep(50);
	if (try_wait_for_completion(&link->done))
		return sysfs_emit(buf, "one came twice\n");
	return sysfs_emit(buf, "ok\n");
}

static int with_doorbell(struct device *dev, const char *name, bool ack, char *buf)
{
	static struct link link;
	int ret;

	guard(mutex)(&testing);
	memset(&link, 0, sizeof(link));
	link.to.knows_txdone = ack;
	ret = open_link(dev, &link, name, false);
	if (ret)
		return ret;
	ret = run_doorbells(&link, ack, buf);
	close_link(&link);
	return ret;
}

static ssize_t doorbell_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return with_doorbell(dev, "bell0", false, buf);
}
static DEVICE_ATTR_RO(doorbell);

static ssize_t doorbell_ack_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return with_doorbell(dev, "bell2", true, buf);
}
static DEVICE_ATTR_RO(doorbell_ack);

/* Word 2 and doorbell 3, of which no client exists: status and enable bits, request. */
#define FREE_WORD	BIT(25)
#define FREE_BELL	BIT(28)
#define FREE_RING	BIT(16)
#define FREE_TX		BIT(21)
#define REQUESTS	GENMASK(19, 16)

/**
 * struct side - registers of one side
 * @base: all of them
 * @tr:   that of the word, to the other side
 * @rr:   the same from there
 * @sr:   status
 * @cr:   control
 */
struct side {
	void __iomem *base;
	void __iomem *tr;
	void __iomem *rr;
	void __iomem *sr;
	void __iomem *cr;
};

/**
 * struct sides - the unit without its driver
 * @clk: of both sides
 * @a:   the side that the client is at
 * @b:   the other one
 */
struct sides {
	struct clk *clk;
	struct side a;
	struct side b;
};

static bool open_side(struct device_node *np, struct side *side)
{
	void __iomem *base = of_iomap(np, 0);
	bool ulp = of_device_is_compatible(np, "fsl,imx7ulp-mu");

	side->base = base;
	side->tr = base + (ulp ? 0x28 : 0x08);
	side->rr = base + (ulp ? 0x48 : 0x18);
	side->sr = base + (ulp ? 0x60 : 0x20);
	side->cr = base + (ulp ? 0x64 : 0x24);
	return base;
}

static int open_sides(struct device *dev, struct sides *sides)
{
	struct device_node *a = of_parse_phandle(dev->of_node, "mboxes", 0);
	struct device_node *b = of_find_node_with_property(NULL, "fsl,mu-side-b");
	bool found;

	found = open_side(a, &sides->a) && open_side(b, &sides->b);
	sides->clk = of_clk_get(a, 0);
	of_node_put(a);
	of_node_put(b);
	return found ? clk_prepare_enable(sides->clk) : -ENODEV;
}

static void close_sides(struct sides *sides)
{
	readl(sides->a.rr);
	writel(FREE_BELL, sides->a.sr);
	clk_disable_unprepare(sides->clk);
	clk_put(sides->clk);
	iounmap(sides->b.base);
	iounmap(sides->a.base);
}

static void set_control(const struct side *side, u32 bits)
{
	writel((readl(side->cr) & ~REQUESTS) | bits, side->cr);
}

/* What firmware does that takes this side's registers for its own: interrupts that nobody wants. */
static void provoke(const struct sides *sides)
{
	writel(0x57a1e, sides->b.tr);
	set_control(&sides->b, FREE_RING);
	set_control(&sides->a, FREE_WORD | FREE_BELL);
	msleep(200);
}

/* They have been switched off, what would be somebody's is still there, and the unit works. */
static int run_foreign(struct link *link, struct sides *sides, char *buf)
{
	u32 control;

	if (readl_poll_timeout(sides->a.cr, control, !(control & (FREE_WORD | FREE_BELL)), 1000,
			       jiffies_to_usecs(PATIENCE)))
		return sysfs_emit(buf, "still enabled\n");
	if (~readl(sides->a.sr) & (FREE_WORD | FREE_BELL))
		return sysfs_emit(buf, "taken by nobody\n");
	return run_words(link, buf);
}

static int run_foreign_busy(struct link *link, char *buf)
{
	struct sides sides;
	int ret = open_sides(link->to.dev, &sides);

	if (ret)
		return ret;
	provoke(&sides);
	ret = run_foreign(link, &sides, buf);
	close_sides(&sides);
	return ret;
}

static ssize_t foreign_busy_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return with_words(dev, buf, run_foreign_busy);
}
static DEVICE_ATTR_RO(foreign_busy);

/* As often as it has to be disabled by the driver: how often is that in so many ticks? */
#define STORM_TICKS	50

static int storm(void *context)
{
	const struct sides *sides = context;
	unsigned long end = jiffies + STORM_TICKS;
	int disabled = 0;

	while (time_before(jiffies, end)) {
		/* An empty register, that is an interrupt at once. */
		set_control(&sides->a, FREE_TX);
		disabled += !(readl(sides->a.cr) & FREE_TX);
	}
	return disabled;
}

/* More than is promised, and less than a CPU can do that has nothing else to do. */
static int run_foreign_storm(struct link *link, char *buf)
{
	int most = STORM_TICKS * (1000 / HZ + 2), disabled;
	struct sides sides;
	int ret = open_sides(link->to.dev, &sides);

	if (ret)
		return ret;
	/* Where the interrupt is: on another CPU it may come when nobody looks. */
	disabled = smp_call_on_cpu(0, storm, &sides, false);
	/* The last one, and the next tick. */
	msleep(20);
	close_sides(&sides);
	dev_info(link->to.dev, "%d interrupts in %d ticks\n", disabled, STORM_TICKS);
	if (disabled <= 0 || disabled > most)
		return sysfs_emit(buf, "disabled %d times, at most %d\n", disabled, most);
	return run_words(link, buf);
}

static ssize_t foreign_storm_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return with_words(dev, buf, run_foreign_storm);
}
static DEVICE_ATTR_RO(foreign_storm);

static int run_foreign_leave(struct link *link, char *buf)
{
	struct sides sides;
	int ret = open_sides(link->to.dev, &sides);

	if (ret)
		return ret;
	storm(&sides);
	close_sides(&sides);
	return 0;
}

/* A unit may rest when its only client leaves, and serves the next one all the same. */
static ssize_t foreign_leave_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return with_words(dev, buf, run_foreign_leave) ?: with_words(dev, buf, run_words);
}
static DEVICE_ATTR_RO(foreign_leave);

static struct sides idle;

static int run_foreign_idle(struct link *link, char *buf)
{
	/* The interrupt comes as soon as there is a client. */
	msleep(20);
	return run_foreign(link, &idle, buf);
}

/* The same with no client at all, where the unit has no other. */
static ssize_t foreign_idle_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	int ret;

	ret = open_sides(dev, &idle);
	if (ret)
		return ret;
	provoke(&idle);
	ret = with_words(dev, buf, run_foreign_idle);
	close_sides(&idle);
	return ret;
}
static DEVICE_ATTR_RO(foreign_idle);

/*
 * What is on its way for as long as the user wants, between two reads: words, more of them than the
 * register holds, and a doorbell.
 */
static struct link held_words, held_bell;
static bool holding;

static void let_go(void)
{
	close_link(&held_bell);
	close_link(&held_words);
	holding = false;
}

static int open_held(struct device *dev)
{
	int ret;

	memset(&held_words, 0, sizeof(held_words));
	memset(&held_bell, 0, sizeof(held_bell));
	ret = open_link(dev, &held_words, "word0", true);
	if (ret)
		return ret;
	ret = open_link(dev, &held_bell, "bell0", false);
	if (ret)
		close_link(&held_words);
	holding = !ret;
	return ret;
}

/* Nobody has to be there to take it. */
static ssize_t hold_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	int ret;

	guard(mutex)(&testing);
	ret = holding ? -EBUSY : open_held(dev);
	if (ret)
		return ret;
	ret = send_burst(&held_words);
	if (ret >= 0)
		ret = mbox_send_message(held_bell.tx, NULL);
	if (ret >= 0)
		return sysfs_emit(buf, "ok\n");
	let_go();
	return ret;
}
static DEVICE_ATTR_RO(hold);

static int check_held(char *buf)
{
	int len = verdict(&held_words, buf);

	if (strcmp(buf, "ok\n"))
		return len;
	if (!wait_for_completion_timeout(&held_bell.done, PATIENCE))
		return sysfs_emit(buf, "the doorbell did not come back\n");
	msleep(50);
	if (try_wait_for_completion(&held_bell.done))
		return sysfs_emit(buf, "the doorbell came twice\n");
	/* The channels are still those from before. */
	begin(&held_words, WORDS);
	word_read(&held_words.to, NULL, 0);
	return verdict(&held_words, buf);
}

static ssize_t release_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	int len;

	guard(mutex)(&testing);
	if (!holding)
		return -ENOENT;
	len = check_held(buf);
	let_go();
	return len;
}
static DEVICE_ATTR_RO(release);

static struct attribute *mu_client_attrs[] = {
	&dev_attr_words.attr,
	&dev_attr_burst.attr,
	&dev_attr_stale.attr,
	&dev_attr_reset.attr,
	&dev_attr_doorbell.attr,
	&dev_attr_doorbell_ack.attr,
	&dev_attr_foreign_busy.attr,
	&dev_attr_foreign_storm.attr,
	&dev_attr_foreign_leave.attr,
	&dev_attr_foreign_idle.attr,
	&dev_attr_hold.attr,
	&dev_attr_release.attr,
	NULL
};
ATTRIBUTE_GROUPS(mu_client);

static int mu_client_probe(struct platform_device *pdev)
{
	return 0;
}

static const struct of_device_id mu_client_match[] = {
	{ .compatible = "linux-amp,mu-client" },
	{ }
};
MODULE_DEVICE_TABLE(of, mu_client_match);

static struct platform_driver mu_client_driver = {
	.probe = mu_client_probe,
	.driver = {
		.name = "mu_client",
		.of_match_table = mu_client_match,
		.dev_groups = mu_client_groups,
	},
};
module_platform_driver(mu_client_driver);

MODULE_DESCRIPTION("Client of the i.MX messaging unit, for tests");
MODULE_AUTHOR("linux-amp developers");
MODULE_LICENSE("GPL");
