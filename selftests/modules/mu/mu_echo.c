// SPDX-License-Identifier: GPL-2.0-only
/*
 * The other end for mu_client, where that is Linux, too: returns each word and each doorbell
 * through the register that has the same number, as selftests/firmware/apps/mailbox.c does on a
 * core.
 *
 * Copyright (c) 2026 linux-amp developers
 */
#include <linux/container_of.h>
#include <linux/device.h>
#include <linux/err.h>
#include <linux/mailbox_client.h>
#include <linux/module.h>
#include <linux/of.h>
#include <linux/platform_device.h>
#include <linux/sysfs.h>

/* As many as the framework queues, and the one in the register. */
#define WORDS	21

/**
 * struct echo - a way in, and the way back
 * @in:   client of the first
 * @out:  client of the second
 * @rx:   channel from the other side
 * @tx:   channel to it
 * @word: what is on its way back; receive interrupt only
 * @next: which of them is free
 */
struct echo {
	struct mbox_client in;
	struct mbox_client out;
	struct mbox_chan *rx;
	struct mbox_chan *tx;
	u32 word[WORDS];
	unsigned int next;
};

static const char *const names[] = { "word0", "word3", "bell0", "bell2" };

/**
 * struct mu_echo - the device
 * @echoes: one for each of the names
 */
struct mu_echo {
	struct echo echoes[ARRAY_SIZE(names)];
};

static void word_came(struct mbox_client *client, void *message)
{
	struct echo *echo = container_of(client, struct echo, in);
	u32 *word = &echo->word[echo->next++ % WORDS];

	*word = *(u32 *)message;
	mbox_send_message(echo->tx, word);
}

static void doorbell_came(struct mbox_client *client, void *message)
{
	mbox_send_message(container_of(client, struct echo, in)->tx, NULL);
}

static void close_channel(void *chan)
{
	mbox_free_channel(chan);
}

static struct mbox_chan *open_channel(struct device *dev, struct mbox_client *client,
				      const char *kind, const char *name)
{
	struct mbox_chan *chan;
	char full[16];
	int ret;

	client->dev = dev;
	snprintf(full, sizeof(full), "%s-%s", kind, name);
	chan = mbox_request_channel_byname(client, full);
	if (IS_ERR(chan))
		return chan;
	ret = devm_add_action_or_reset(dev, close_channel, chan);
	return ret ? ERR_PTR(ret) : chan;
}

static int open_echo(struct device *dev, struct echo *echo, const char *name)
{
	echo->tx = open_channel(dev, &echo->out, "tx", name);
	if (IS_ERR(echo->tx))
		return PTR_ERR(echo->tx);
	echo->in.rx_callback = name[0] == 'w' ? word_came : doorbell_came;
	echo->rx = open_channel(dev, &echo->in, "rx", name);
	return PTR_ERR_OR_ZERO(echo->rx);
}

/* Reading it asks for the channel that resets the unit, which this side must not have. */
static ssize_t reset_refused_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct mbox_client client = { .dev = dev };
	struct mbox_chan *chan;

	/* That is refused with the same errno. */
	if (of_property_match_string(dev->of_node, "mbox-names", "reset") < 0)
		return sysfs_emit(buf, "no such name\n");
	chan = mbox_request_channel_byname(&client, "reset");
	if (chan == ERR_PTR(-EINVAL))
		return sysfs_emit(buf, "ok\n");
	if (!IS_ERR(chan))
		mbox_free_channel(chan);
	return sysfs_emit(buf, "got %d\n", PTR_ERR_OR_ZERO(chan));
}
static DEVICE_ATTR_RO(reset_refused);

static struct attribute *mu_echo_attrs[] = {
	&dev_attr_reset_refused.attr,
	NULL
};
ATTRIBUTE_GROUPS(mu_echo);

static int mu_echo_probe(struct platform_device *pdev)
{
	struct device *dev = &pdev->dev;
	struct mu_echo *mu;
	unsigned int i;
	int ret;

	mu = devm_kzalloc(dev, sizeof(*mu), GFP_KERNEL);
	if (!mu)
		return -ENOMEM;
	for (i = 0; i < ARRAY_SIZE(names); i++) {
		ret = open_echo(dev, &mu->echoes[i], names[i]);
		if (ret)
			return ret;
	}
	return 0;
}

static const struct of_device_id mu_echo_match[] = {
	{ .compatible = "linux-amp,mu-echo" },
	{ }
};
MODULE_DEVICE_TABLE(of, mu_echo_match);

static struct platform_driver mu_echo_driver = {
	.probe = mu_echo_probe,
	.driver = {
		.name = "mu_echo",
		.of_match_table = mu_echo_match,
		.dev_groups = mu_echo_groups,
	},
};
module_platform_driver(mu_echo_driver);

MODULE_DESCRIPTION("Echo at the other side of the i.MX messaging unit, for tests");
MODULE_AUTHOR("linux-amp developers");
MODULE_LICENSE("GPL");
