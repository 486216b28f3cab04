/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Remote processors as user space sees them: class remoteproc, the trace buffer in debugfs,
 * memory that a remote writes. Messages to a running remote are in channel.h.
 *
 * Copyright (c) 2026 linux-amp developers
 */
#ifndef REMOTE_H
#define REMOTE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include <linux/types.h>

#define REMOTES_MAX	2
#define FIRMWARE_DIR	"/lib/firmware"

/**
 * struct remote - one remote processor
 * @index: N of /sys/class/remoteproc/remoteprocN
 * @core: number of the core in its cluster
 * @links: part of the sysfs path of what is on its virtio devices
 * @unit: the core in names of firmware: "r5-0", "r5-1", "m4", "a9", "a9-any"
 * @sysfs: its directory
 * @echo: name of the echo firmware that is linked for this core
 */
struct remote {
	int index;
	int core;
	char links[32];
	char unit[8];
	char sysfs[64];
	char echo[32];
};

/**
 * modules_load() - load the drivers under test, as an initramfs without udev must
 *
 * They are those that AMP_MODULES names, else those of ours that this system has.
 *
 * Return: 0, or the exit status of modprobe.
 */
int modules_load(void);

/**
 * remotes_find() - list the remote processors that there is test firmware for
 * @remotes: receives up to REMOTES_MAX, in the order of their core number
 *
 * Loads the drivers if they are not, and waits for the first remote.
 *
 * Return: number of remotes, 0 if none appeared.
 */
int remotes_find(struct remote *remotes);

/**
 * remote_attr() - read an attribute
 * @remote: the remote
 * @attr: "state", "firmware", "name" ...
 *
 * Return: the value, in a static buffer that the next call overwrites; "" on failure.
 */
const char *remote_attr(const struct remote *remote, const char *attr);

/**
 * remote_is() - compare the state
 * @remote: the remote
 * @state: "offline", "running" ...
 *
 * Return: true if @remote is in @state.
 */
bool remote_is(const struct remote *remote, const char *state);

/**
 * remote_set() - write an attribute
 * @remote: the remote
 * @attr: "state" or "firmware"
 * @value: what to write
 *
 * Return: 0 or the negative errno of the write.
 */
int remote_set(const struct remote *remote, const char *attr, const char *value);

/**
 * remote_start() - choose a firmware and start it
 * @remote: the remote; must be offline
 * @firmware: file name below FIRMWARE_DIR
 *
 * Return: 0 or the negative errno of whichever write failed.
 */
int remote_start(const struct remote *remote, const char *firmware);

/**
 * remote_offline() - bring a remote to rest whatever it does
 * @remote: the remote
 *
 * Return: true if it is offline now.
 */
bool remote_offline(const struct remote *remote);

/**
 * remote_thread() - the kernel's thread that delivers what a remote sends
 * @remote: a remote
 *
 * It is called as the remote.
 *
 * Return: its number, 0 if there is none.
 */
pid_t remote_thread(const struct remote *remote);

/**
 * remote_has_sram() - does the devicetree give a remote on-chip memory by name?
 * @remote: a remote
 *
 * Return: true if its node has such a property.
 */
bool remote_has_sram(const struct remote *remote);

/**
 * firmware_of() - name of a test firmware
 * @remote: the remote that it shall run on
 * @program: "echo", "noipc" ...
 *
 * Return: the file's name below FIRMWARE_DIR, in a static buffer that the next call overwrites.
 */
const char *firmware_of(const struct remote *remote, const char *program);

/**
 * remote_trace() - read the first trace buffer of a running remote
 * @remote: the remote
 * @buf: receives the text, always terminated
 * @size: of @buf in bytes
 *
 * Return: length of the text or a negative errno.
 */
int remote_trace(const struct remote *remote, char *buf, size_t size);

/**
 * remote_says() - wait for a text in the trace buffer
 * @remote: the remote
 * @text: what to wait for
 *
 * Return: true if it is there.
 */
bool remote_says(const struct remote *remote, const char *text);

/**
 * firmware_symbol() - address of a symbol of a 32-bit ELF firmware
 * @firmware: file name below FIRMWARE_DIR
 * @name: the symbol
 *
 * Return: its address as the remote sees it, 0 if there is no such symbol.
 */
__u32 firmware_symbol(const char *firmware, const char *name);

/**
 * memory_map() - map physical memory that the kernel does not use
 * @address: first byte, page aligned
 * @size: in bytes
 *
 * Somebody else reads and writes there too: use memory_read() and memory_write().
 *
 * Return: uncached mapping for munmap(), or NULL with errno set.
 */
void *memory_map(__u64 address, size_t size);

/**
 * memory_read() - read a word of memory that is not only ours
 * @word: inside a mapping of memory_map()
 *
 * Return: its value now.
 */
static inline __u32 memory_read(const __u32 *word)
{
	return __atomic_load_n(word, __ATOMIC_RELAXED);
}

/**
 * memory_write() - write a word of memory that is not only ours
 * @word: inside a mapping of memory_map()
 * @value: new value
 */
static inline void memory_write(__u32 *word, __u32 value)
{
	__atomic_store_n(word, value, __ATOMIC_RELAXED);
}

#endif
