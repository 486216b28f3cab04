// SPDX-License-Identifier: GPL-2.0-only
/*
 * A channel that its controller gave out can be bound to a client (v6.4, and later releases of
 * v6.1).
 *
 * Copyright (c) 2026 linux-amp developers
 */
#include <linux/mailbox_client.h>

int probe(struct mbox_chan *chan, struct mbox_client *client);
int probe(struct mbox_chan *chan, struct mbox_client *client)
{
	return mbox_bind_client(chan, client);
}
