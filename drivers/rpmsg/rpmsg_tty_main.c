// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (c) 2026 linux-amp developers
 *
 * ttyRPMSGN: a channel as a terminal. Owns the driver and the ports;
 * rpmsg_tty_tx.c and rpmsg_tty_rx.c carry the characters. Documentation/abi.rst
 * has the interface.
 *
 * A port outlives its channel: an open terminal keeps it, hung up. Its number is
 * not given to another port before that terminal is closed, because the tty core
 * would open the old one under it.
 */

#include <linux/completion.h>
#include <linux/jiffies.h>
#include <linux/module.h>
#include <linux/rpmsg.h>
#include <linux/serial.h>
#include <linux/slab.h>
#include <linux/tty_port.h>
#include <linux/workqueue.h>
#include <linux/xarray.h>

#include <linux/amp_version.h>

#include "rpmsg_tty.h"

/* Four links full of channels. */
#define RPMSG_TTY_PORTS		1024
#define RPMSG_TTY_NUMBERED	100

/* NXP's firmware has its terminals at addresses from here on, and its users know them by those. */
#define RPMSG_TTY_ADDRESSES	30

/* How long closing a terminal waits until the rest is sent, unless a signal ends it. */
#define CLOSING_MS		5000

/* How long the end of a channel waits for a hangup, and for how long nobody does if it was late. */
#define HANGUP_MS		500
#define HANGUP_IMPATIENT_MS	10000

static struct tty_driver *rpmsg_tty_driver;

/* Not one of the system's: there can be many hangups that wait for a program. */
static struct workqueue_struct *hangup_wq;

/* All ports in memory by index. A port whose last reference is going is found, but not got. */
static DEFINE_XARRAY_FLAGS(ports, XA_FLAGS_ALLOC);

static struct rpmsg_tty_port *get_port(u32 index)
{
	struct rpmsg_tty_port *port;

	xa_lock(&ports);
	port = xa_load(&ports, index);
	if (port && !tty_port_get(&port->port))
		port = NULL;
	xa_unlock(&ports);
	return port;
}

static int rpmsg_tty_install(struct tty_driver *driver, struct tty_struct *tty)
{
	struct rpmsg_tty_port *port = get_port(tty->index);
	int ret;

	if (!port)
		return -ENODEV;

	ret = tty_port_install(&port->port, driver, tty);
	if (ret)
		tty_port_put(&port->port);
	else
		tty->driver_data = port;
	return ret;
}

static void rpmsg_tty_cleanup(struct tty_struct *tty)
{
	struct rpmsg_tty_port *port = tty->driver_data;

	tty_port_put(&port->port);
}

static bool is_gone(struct rpmsg_tty_port *port)
{
	bool gone;

	spin_lock_irq(&port->tx.lock);
	gone = port->tx.gone;
	spin_unlock_irq(&port->tx.lock);
	return gone;
}

/* Until it is hung up, one that is open could be opened once more: closing counts those, too. */
static int rpmsg_tty_open(struct tty_struct *tty, struct file *file)
{
	int ret = tty_port_open(tty->port, tty, file);

	return !ret && is_gone(tty->driver_data) ? -ENODEV : ret;
}

static void rpmsg_tty_close(struct tty_struct *tty, struct file *file)
{
	tty_port_close(tty->port, tty, file);
}

/* Its last close may be under way, and somebody may have opened the port anew: not theirs. */
static void rpmsg_tty_hangup(struct tty_struct *tty)
{
	struct tty_struct *open = tty_port_tty_get(tty->port);

	if (!open || open == tty)
		tty_port_hangup(tty->port);
	tty_kref_put(open);
}

static tty_write_ret_t rpmsg_tty_write(struct tty_struct *tty, const u8 *buf,
				       tty_write_size_t bytes)
{
	return rpmsg_tty_tx_put(tty->driver_data, buf, bytes);
}

static int rpmsg_tty_put_char(struct tty_struct *tty, u8 c)
{
	return rpmsg_tty_tx_put_char(tty->driver_data, c);
}

static void rpmsg_tty_flush_chars(struct tty_struct *tty)
{
	rpmsg_tty_tx_flush_chars(tty->driver_data);
}

static unsigned int rpmsg_tty_write_room(struct tty_struct *tty)
{
	return rpmsg_tty_tx_room(tty->driver_data);
}

static unsigned int rpmsg_tty_chars_in_buffer(struct tty_struct *tty)
{
	return rpmsg_tty_tx_pending(tty->driver_data);
}

static void rpmsg_tty_flush_buffer(struct tty_struct *tty)
{
	rpmsg_tty_tx_flush(tty->driver_data);
}

/* XOFF from the remote where XON and XOFF are looked for, or tcflow(). */
static void rpmsg_tty_stop(struct tty_struct *tty)
{
	rpmsg_tty_tx_stop(tty->driver_data, true);
}

static void rpmsg_tty_start(struct tty_struct *tty)
{
	rpmsg_tty_tx_stop(tty->driver_data, false);
}

static void rpmsg_tty_throttle(struct tty_struct *tty)
{
	rpmsg_tty_rx_throttle(tty->driver_data, true);
}

static void rpmsg_tty_unthrottle(struct tty_struct *tty)
{
	rpmsg_tty_rx_throttle(tty->driver_data, false);
}

/*
 * Programs set a speed and look whether they have got it: any is as good as another.
 * But there are eight bits and no parity, whatever they ask for.
 */
static void rpmsg_tty_set_termios(struct tty_struct *tty, const struct ktermios *old)
{
	tty->termios.c_cflag &= ~(CSIZE | CSTOPB | PARENB | PARODD | CMSPAR | CRTSCTS);
	tty->termios.c_cflag |= CS8 | CREAD | CLOCAL;
}

static int rpmsg_tty_get_icount(struct tty_struct *tty, struct serial_icounter_struct *count)
{
	struct rpmsg_tty_port *port = tty->driver_data;

	count->tx = READ_ONCE(port->tx.tx_bytes);
	count->rx = READ_ONCE(port->rx.rx_bytes);
	count->buf_overrun = READ_ONCE(port->rx.lost_bytes);
	return 0;
}

static const struct tty_operations rpmsg_tty_ops = {
	.install = rpmsg_tty_install,
	.cleanup = rpmsg_tty_cleanup,
	.open = rpmsg_tty_open,
	.close = rpmsg_tty_close,
	.hangup = rpmsg_tty_hangup,
	.write = rpmsg_tty_write,
	.put_char = rpmsg_tty_put_char,
	.flush_chars = rpmsg_tty_flush_chars,
	.write_room = rpmsg_tty_write_room,
	.chars_in_buffer = rpmsg_tty_chars_in_buffer,
	.flush_buffer = rpmsg_tty_flush_buffer,
	.stop = rpmsg_tty_stop,
	.start = rpmsg_tty_start,
	.throttle = rpmsg_tty_throttle,
	.unthrottle = rpmsg_tty_unthrottle,
	.set_termios = rpmsg_tty_set_termios,
	.get_icount = rpmsg_tty_get_icount,
};

/* The first one opens. A terminal that was found just before its channel ended ends here. */
static int activate_port(struct tty_port *tty_port, struct tty_struct *tty)
{
	struct rpmsg_tty_port *port = to_rpmsg_tty_port(tty_port);

	if (is_gone(port))
		return -ENODEV;
	/* Broken, and those who end it have yet to come, or never will. */
	if (rpmsg_tty_tx_is_vain(port))
		return -EIO;
	/* A channel that was there when the transport's module came found nothing to look up. */
	if (!port->ext)
		rpmsg_tty_rx_start(port);
	rpmsg_tty_rx_open(port);
	/* Whoever has stopped it has gone; but after a hangup the tty core may still know of it. */
	rpmsg_tty_tx_stop(port, READ_ONCE(tty->flow.stopped));
	return 0;
}

/* The last one closes, or the terminal is hung up. */
static void shutdown_port(struct tty_port *tty_port)
{
	struct rpmsg_tty_port *port = to_rpmsg_tty_port(tty_port);

	rpmsg_tty_rx_close(port);
	rpmsg_tty_tx_flush(port);
}

static void destruct_port(struct tty_port *tty_port)
{
	struct rpmsg_tty_port *port = to_rpmsg_tty_port(tty_port);

	xa_erase(&ports, port->index);
	tty_port_destroy(tty_port);
	rpmsg_tty_tx_free(port);
	kfree(port);
}

static const struct tty_port_operations rpmsg_tty_port_ops = {
	.activate = activate_port,
	.shutdown = shutdown_port,
	.destruct = destruct_port,
};

/* Waits for every program in a call on the terminal, perhaps for a page that never comes. */
static void hang_up(struct work_struct *work)
{
	struct rpmsg_tty_port *port = container_of(work, struct rpmsg_tty_port, hangup);
	struct tty_struct *tty = tty_port_tty_get(&port->port);

	if (tty) {
		tty_vhangup(tty);
		tty_kref_put(tty);
	}
	complete(&port->hung_up);
	tty_port_put(&port->port);
}

/**
 * rpmsg_tty_hang_up() - hang up whoever has a terminal open, some time soon
 * @port: its port; the caller has a reference
 *
 * Context: any, including hard interrupt.
 */
void rpmsg_tty_hang_up(struct rpmsg_tty_port *port)
{
	tty_port_get(&port->port);
	if (!queue_work(hangup_wq, &port->hangup))
		tty_port_put(&port->port);
}

static bool is_nxp(const struct rpmsg_device *rpdev)
{
	static const char prefix[] = "rpmsg-virtual-tty-channel";

	return !strncmp(rpdev->id.name, prefix, strlen(prefix));
}

/* The numbers that may be asked for by address are given to others when there are no more. */
static int number_port(struct rpmsg_tty_port *port)
{
	const struct rpmsg_device *rpdev = port->rpdev;
	int ret = -EBUSY;

	if (is_nxp(rpdev) && rpdev->dst >= RPMSG_TTY_ADDRESSES && rpdev->dst < RPMSG_TTY_PORTS) {
		port->index = rpdev->dst;
		ret = xa_insert(&ports, port->index, port, GFP_KERNEL);
	}
	if (ret == -EBUSY)
		ret = xa_alloc(&ports, &port->index, port, XA_LIMIT(0, RPMSG_TTY_ADDRESSES - 1),
			       GFP_KERNEL);
	if (ret == -EBUSY)
		ret = xa_alloc(&ports, &port->index, port,
			       XA_LIMIT(RPMSG_TTY_ADDRESSES, RPMSG_TTY_PORTS - 1), GFP_KERNEL);
	return ret;
}

static struct rpmsg_tty_port *new_port(struct rpmsg_device *rpdev)
{
	struct rpmsg_tty_port *port;
	int ret;

	port = kzalloc(sizeof(*port), GFP_KERNEL);
	if (!port)
		return ERR_PTR(-ENOMEM);

	port->rpdev = rpdev;
	INIT_WORK(&port->hangup, hang_up);
	init_completion(&port->hung_up);
	tty_port_init(&port->port);
	port->port.ops = &rpmsg_tty_port_ops;
	port->port.closing_wait = msecs_to_jiffies(CLOSING_MS);
	rpmsg_tty_rx_init(port);
	ret = rpmsg_tty_tx_init(port);
	if (!ret)
		ret = number_port(port);
	if (ret) {
		tty_port_destroy(&port->port);
		rpmsg_tty_tx_free(port);
		kfree(port);
		return ERR_PTR(ret == -EBUSY ? -ENOSPC : ret);
	}
	return port;
}

static void put_port(void *port)
{
	tty_port_put(&((struct rpmsg_tty_port *)port)->port);
}

/*
 * Firmware made for NXP's driver learns the address to send to from this, and
 * prints it.
 */
static void say_hello(struct rpmsg_device *rpdev)
{
	char hello[] = "hello world!";

	if (is_nxp(rpdev) && rpmsg_trysend(rpdev->ept, hello, strlen(hello)))
		dev_dbg(&rpdev->dev, "cannot say hello\n");
}

/*
 * The core destroys the endpoint after remove, or after a failed probe, and its
 * callback leads here. Managed resources are released after that, so a reference
 * among them keeps the port long enough.
 */
static int rpmsg_tty_probe(struct rpmsg_device *rpdev)
{
	struct rpmsg_tty_port *port;
	struct device *dev;
	int ret;

	port = new_port(rpdev);
	if (IS_ERR(port))
		return dev_err_probe(&rpdev->dev, PTR_ERR(port), "no terminal for this channel\n");
	ret = devm_add_action_or_reset(&rpdev->dev, put_port, port);
	if (ret)
		return ret;

	dev_set_drvdata(&rpdev->dev, port);
	WRITE_ONCE(rpdev->ept->priv, port);
	rpmsg_tty_tx_start(port);
	rpmsg_tty_rx_start(port);
	dev = tty_port_register_device(&port->port, rpmsg_tty_driver, port->index, &rpdev->dev);
	if (IS_ERR(dev)) {
		rpmsg_tty_tx_end(port);
		return dev_err_probe(&rpdev->dev, PTR_ERR(dev), "cannot register a terminal\n");
	}
	say_hello(rpdev);
	return 0;
}

/*
 * A hangup that comes late finds a port that its terminal keeps, with nothing lent and nothing to
 * send, and the terminal keeps this module. So waiting for it is only a courtesy to whoever looks
 * when the remote has stopped, and ends early for those that end with one that takes long.
 */
static bool wait_hung_up(struct rpmsg_tty_port *port)
{
	static u64 impatient_until;

	if (time_before64(get_jiffies_64(), READ_ONCE(impatient_until)))
		return false;
	if (wait_for_completion_timeout(&port->hung_up, msecs_to_jiffies(HANGUP_MS)))
		return true;
	WRITE_ONCE(impatient_until, get_jiffies_64() + msecs_to_jiffies(HANGUP_IMPATIENT_MS));
	dev_notice(&port->rpdev->dev, "ttyRPMSG%u is hung up later: a program is in a call on it\n",
		   port->index);
	return false;
}

/* Whoever opens the terminal after the first line finds it gone, others are hung up. */
static void rpmsg_tty_remove(struct rpmsg_device *rpdev)
{
	struct rpmsg_tty_port *port = dev_get_drvdata(&rpdev->dev);
	struct tty_struct *tty;

	rpmsg_tty_tx_end(port);
	tty_unregister_device(rpmsg_tty_driver, port->index);
	/* What is lent goes back now, whenever the hangup comes; the mutex is that of opening. */
	mutex_lock(&port->port.mutex);
	rpmsg_tty_rx_close(port);
	mutex_unlock(&port->port.mutex);

	/* Also if nobody seems to be there: for a broken link they may just be being hung up. */
	reinit_completion(&port->hung_up);
	tty = tty_port_tty_get(&port->port);
	rpmsg_tty_hang_up(port);
	/* Then only its reference is left; with the last one the number is free. */
	if (!tty || wait_hung_up(port))
		flush_work(&port->hangup);
	tty_kref_put(tty);
}

/* Filled with the numbered names at start: the bus knows no patterns. */
static struct rpmsg_device_id rpmsg_tty_ids[3 + RPMSG_TTY_NUMBERED + 1] = {
	{ .name = "rpmsg-tty" },
	{ .name = "rpmsg-virtual-tty-channel" },
	{ .name = "rpmsg-virtual-tty-channel-1" },
};

MODULE_ALIAS("rpmsg:rpmsg-tty");
MODULE_ALIAS("rpmsg:rpmsg-tty-*");
MODULE_ALIAS("rpmsg:rpmsg-virtual-tty-channel");
MODULE_ALIAS("rpmsg:rpmsg-virtual-tty-channel-1");

static struct rpmsg_driver rpmsg_tty_rpmsg_driver = {
	.drv.name = "rpmsg_tty",
	.id_table = rpmsg_tty_ids,
	.probe = rpmsg_tty_probe,
	.remove = rpmsg_tty_remove,
	.callback = rpmsg_tty_rx_cb,
};

/*
 * Raw: nothing is echoed, changed or taken for a signal unless somebody asks for it,
 * and what was asked of the last channel that had the number is not asked of this one.
 */
static struct tty_driver *make_driver(void)
{
	struct tty_driver *driver;
	int ret;

	driver = tty_alloc_driver(RPMSG_TTY_PORTS, TTY_DRIVER_REAL_RAW | TTY_DRIVER_DYNAMIC_DEV |
				  TTY_DRIVER_RESET_SAVED_TERMIOS);
	if (IS_ERR(driver))
		return driver;

	driver->driver_name = "rpmsg_tty";
	driver->name = "ttyRPMSG";
	driver->type = TTY_DRIVER_TYPE_CONSOLE;
	driver->init_termios = tty_std_termios;
	driver->init_termios.c_iflag = 0;
	driver->init_termios.c_oflag = 0;
	driver->init_termios.c_lflag = 0;
	driver->init_termios.c_cflag |= CLOCAL;
	tty_set_operations(driver, &rpmsg_tty_ops);

	ret = tty_register_driver(driver);
	if (ret) {
		tty_driver_kref_put(driver);
		return ERR_PTR(ret);
	}
	return driver;
}

/* A hangup may be under way for a terminal that is closed already: no program keeps it long. */
static void drop_driver(void)
{
	destroy_workqueue(hangup_wq);
	tty_unregister_driver(rpmsg_tty_driver);
	tty_driver_kref_put(rpmsg_tty_driver);
	xa_destroy(&ports);
}

static int __init rpmsg_tty_init(void)
{
	unsigned int i;
	int ret;

	for (i = 0; i < RPMSG_TTY_NUMBERED; i++)
		snprintf(rpmsg_tty_ids[3 + i].name, sizeof(rpmsg_tty_ids[3 + i].name),
			 "rpmsg-tty-%u", i);

	hangup_wq = alloc_workqueue("rpmsg_tty", WQ_UNBOUND, WQ_MAX_ACTIVE);
	if (!hangup_wq)
		return -ENOMEM;
	rpmsg_tty_driver = make_driver();
	if (IS_ERR(rpmsg_tty_driver)) {
		destroy_workqueue(hangup_wq);
		return PTR_ERR(rpmsg_tty_driver);
	}

	ret = register_rpmsg_driver(&rpmsg_tty_rpmsg_driver);
	if (ret)
		drop_driver();
	return ret;
}
module_init(rpmsg_tty_init);

static void __exit rpmsg_tty_exit(void)
{
	unregister_rpmsg_driver(&rpmsg_tty_rpmsg_driver);
	drop_driver();
}
module_exit(rpmsg_tty_exit);

MODULE_DESCRIPTION("RPMsg channels as terminals");
MODULE_AUTHOR("linux-amp developers");
MODULE_VERSION(AMP_VERSION);
MODULE_LICENSE("GPL");
