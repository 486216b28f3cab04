/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the hostile firmware is asked to do, as messages to its endpoint. Shared with
 * the program that asks, so it uses nothing of either side. Messages without the
 * magic number are echoed.
 *
 * Copyright (c) 2026 linux-amp developers
 */

#ifndef FW_HOSTILE_H
#define FW_HOSTILE_H

#define HOSTILE_MAGIC	0x54534f48
#define HOSTILE_ADDR	1025

/* What all memory around a message is filled with: nobody may ever read that. */
#define HOSTILE_POISON	0xa5

/**
 * enum hostile_attack - what to do
 * @HOSTILE_NOTHING:	only reply
 * @HOSTILE_LENGTH:	@count messages to the sender of the request with the used length
 *			@value and the header length @length
 * @HOSTILE_ADDRESS:	@count messages to the address @value
 * @HOSTILE_CHANGE:	@count messages whose header changes while Linux looks at it
 * @HOSTILE_NS:		one message to the name service: @length bytes, with @name, the
 *			address @value and @flags; no reply if @count is 0
 * @HOSTILE_NS_MANY:	@count announcements with different names and addresses from
 *			@value on, and @flags
 * @HOSTILE_SCRIBBLE:	change all descriptors to endless chains and go on sending
 * @HOSTILE_FLAGS:	set all flags of the used rings, and send @count messages
 * @HOSTILE_STORM:	@count doorbells without a message
 * @HOSTILE_SILENCE:	look at nothing until Linux has filled the ring with messages
 * @HOSTILE_ID:		return a buffer with the number @value; breaks the ring
 * @HOSTILE_INDEX:	move the used index by @value; breaks the ring
 * @HOSTILE_SEND_ID:	as HOSTILE_ID, for the ring that Linux sends with, and @count times
 * @HOSTILE_SEND_INDEX:	as HOSTILE_INDEX, for the ring that Linux sends with
 * @HOSTILE_AFTERLIFE:	when the driver has gone, write @count times to the rings and
 *			ring; there is no reply
 * @HOSTILE_NEXT_LIFE:	when the next driver is there, but has sent nothing, the used index of
 *			the ring that it sends with becomes @value; there is no reply
 */
enum hostile_attack {
	HOSTILE_NOTHING,
	HOSTILE_LENGTH,
	HOSTILE_ADDRESS,
	HOSTILE_CHANGE,
	HOSTILE_NS,
	HOSTILE_NS_MANY,
	HOSTILE_SCRIBBLE,
	HOSTILE_FLAGS,
	HOSTILE_STORM,
	HOSTILE_SILENCE,
	HOSTILE_ID,
	HOSTILE_INDEX,
	HOSTILE_SEND_ID,
	HOSTILE_SEND_INDEX,
	HOSTILE_AFTERLIFE,
	HOSTILE_NEXT_LIFE,
};

/**
 * struct hostile_request - message to the firmware
 * @magic:	HOSTILE_MAGIC
 * @attack:	one of enum hostile_attack; the rest depends on it
 */
struct hostile_request {
	unsigned int magic;
	unsigned int attack;
	unsigned int value;
	unsigned int length;
	unsigned int count;
	unsigned int flags;
	char name[32];
};

/**
 * struct hostile_reply - message from the firmware when it is done
 * @magic:	HOSTILE_MAGIC
 * @attack:	of the request
 * @free:	buffers that it can send with, once Linux has returned what it used
 * @num:	as many there were in the beginning
 */
struct hostile_reply {
	unsigned int magic;
	unsigned int attack;
	unsigned int free;
	unsigned int num;
};

#endif
