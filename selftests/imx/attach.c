// SPDX-License-Identifier: GPL-2.0-only
/*
 * Attaching to an M4 that boot code has started, and leaving it again. This program plays the boot
 * code: while the driver is not there it loads a firmware and takes the core out of reset, through
 * /dev/mem. The firmware has no resource table; it counts. The remote's node has no mailboxes: with
 * them, a table would be expected.
 *
 * Copyright (c) 2026 linux-amp developers
 */
#include "guest.h"
#include "kmsg.h"
#include "remote.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include <linux/elf.h>

#include "kselftest_harness.h"

#define DRIVER_DIR	"/sys/bus/platform/drivers/imx-rproc"
#define DEVICE		"imx7d-cm4"

#define SRC_PAGE	0x30390000
#define SRC_M4RCR	(0x0c / 4)
#define   ENABLE_M4	0x8
#define   SW_M4P_RST	0x4
#define   SW_M4C_RST	0x2
#define   NON_SCLR_RST	0x1

FIXTURE(attach)
{
	struct remote remotes[REMOTES_MAX];
	struct remote *remote;
	char program[64];
	__u32 *src;
	__u32 *counter;
	int kmsg;
};

/* Where Linux has what the M4 calls @da. */
static __u32 translate(__u32 da)
{
	if (da < 0x8000)
		return 0x180000 + da;
	if (da - 0x1fff8000 < 0x8000)
		return 0x7f8000 + (da - 0x1fff8000);
	if (da - 0x20000000 < 0x8000)
		return 0x800000 + (da - 0x20000000);
	return da;
}

static bool put_segment(const char *image, const struct elf32_phdr *phdr)
{
	__u32 start = translate(phdr->p_paddr), page = start & ~4095u;
	size_t bytes = start - page + phdr->p_memsz;
	const __u32 *from = (const void *)(image + phdr->p_offset);
	__u32 *map = memory_map(page, bytes), *to;

	if (!map)
		return false;
	/* Words: neither TCM nor OCRAM is memory to /dev/mem. */
	to = map + (start - page) / 4;
	for (__u32 i = 0; i < (phdr->p_memsz + 3) / 4; i++)
		memory_write(&to[i], 4 * i < phdr->p_filesz ? from[i] : 0);
	munmap(map, bytes);
	return true;
}

static bool put_firmware(const char *program)
{
	const struct elf32_hdr *ehdr;
	const struct elf32_phdr *phdr;
	bool ok = true;
	char path[128];
	size_t size;
	char *image;

	snprintf(path, sizeof(path), FIRMWARE_DIR "/%s", program);
	image = read_file(path, &size);
	if (!image)
		return false;
	ehdr = (const void *)image;
	phdr = (const void *)(image + ehdr->e_phoff);
	for (int i = 0; i < ehdr->e_phnum; i++)
		if (phdr[i].p_type == PT_LOAD && phdr[i].p_memsz)
			ok = put_segment(image, &phdr[i]) && ok;
	free(image);
	return ok;
}

static void set_core(__u32 *src, __u32 bits)
{
	memory_write(&src[SRC_M4RCR], (memory_read(&src[SRC_M4RCR]) & ~0xfu) | bits);
}

static bool counts(const __u32 *counter)
{
	__u32 value = memory_read(counter);

	return wait_until(memory_read(counter) != value);
}

static bool stands(const __u32 *counter)
{
	__u32 value = memory_read(counter);

	/* Some hundred counts of a running core; if fewer, this test is only lenient. */
	usleep(200000);
	return memory_read(counter) == value;
}

static int unbind(void)
{
	return write_text(DRIVER_DIR "/unbind", DEVICE);
}

static bool bind(struct remote *remotes)
{
	return !write_text(DRIVER_DIR "/bind", DEVICE) && remotes_find(remotes) == 1;
}

FIXTURE_SETUP(attach)
{
	__u32 address;
	__u8 *page;

	/* Whatever a test before has left. */
	if (access(DRIVER_DIR "/" DEVICE, F_OK))
		write_text(DRIVER_DIR "/bind", DEVICE);
	ASSERT_EQ(1, remotes_find(self->remotes));
	self->remote = &self->remotes[0];
	self->kmsg = kmsg_open();
	ASSERT_LE(0, self->kmsg);
	snprintf(self->program, sizeof(self->program), "%s", firmware_of(self->remote, "noipc"));
	address = firmware_symbol(self->program, "noipc_counter");
	page = memory_map(address & ~4095u, 4096);
	ASSERT_NE(NULL, page);
	self->counter = (__u32 *)(page + (address & 4095));
	self->src = memory_map(SRC_PAGE, 4096);
	ASSERT_NE(NULL, self->src);

	ASSERT_EQ(0, unbind());
	set_core(self->src, ENABLE_M4 | SW_M4C_RST | NON_SCLR_RST);
}

FIXTURE_TEARDOWN(attach)
{
	EXPECT_EQ(0, kmsg_splats(self->kmsg));
	close(self->kmsg);
	munmap(self->src, 4096);
}

static void boot(struct __test_metadata *_metadata, const char *program, __u32 *src)
{
	ASSERT_TRUE(put_firmware(program));
	set_core(src, ENABLE_M4 | SW_M4P_RST | SW_M4C_RST);
}

TEST_F_TIMEOUT(attach, to_a_core_without_table, TEST_GUARD_S)
{
	boot(_metadata, self->program, self->src);
	EXPECT_TRUE(counts(self->counter));
	ASSERT_TRUE(bind(self->remotes));
	EXPECT_STREQ("detached", remote_attr(self->remote, "state"));
	EXPECT_TRUE(counts(self->counter));

	ASSERT_EQ(0, remote_set(self->remote, "state", "start"));
	EXPECT_STREQ("attached", remote_attr(self->remote, "state"));
	EXPECT_TRUE(counts(self->counter));
	ASSERT_EQ(0, remote_set(self->remote, "state", "detach"));
	EXPECT_STREQ("detached", remote_attr(self->remote, "state"));
	EXPECT_TRUE(counts(self->counter));

	/* Taken over: it is stopped like any other, and runs what Linux loads. */
	ASSERT_EQ(0, remote_set(self->remote, "state", "start"));
	ASSERT_EQ(0, remote_set(self->remote, "state", "stop"));
	EXPECT_STREQ("offline", remote_attr(self->remote, "state"));
	EXPECT_TRUE(stands(self->counter));
	ASSERT_EQ(0, remote_start(self->remote, self->program));
	EXPECT_STREQ("running", remote_attr(self->remote, "state"));
	EXPECT_TRUE(counts(self->counter));
	EXPECT_TRUE(remote_offline(self->remote));
}

/* A driver that goes leaves an attached core as it found it. */
TEST_F_TIMEOUT(attach, and_unbind, TEST_GUARD_S)
{
	boot(_metadata, self->program, self->src);
	ASSERT_TRUE(bind(self->remotes));
	ASSERT_EQ(0, remote_set(self->remote, "state", "start"));
	ASSERT_EQ(0, unbind());
	EXPECT_TRUE(counts(self->counter));
	ASSERT_TRUE(bind(self->remotes));
	EXPECT_STREQ("detached", remote_attr(self->remote, "state"));
	ASSERT_EQ(0, remote_set(self->remote, "state", "start"));
	ASSERT_EQ(0, remote_set(self->remote, "state", "stop"));
	EXPECT_TRUE(stands(self->counter));
}

/* None of these is a core that runs, and none keeps it from being started. */
TEST_F_TIMEOUT(attach, reset_states, TEST_GUARD_S)
{
	static const __u32 states[] = {
		0,
		NON_SCLR_RST,
		SW_M4C_RST | NON_SCLR_RST,
		ENABLE_M4 | NON_SCLR_RST,
		ENABLE_M4 | SW_M4P_RST | NON_SCLR_RST,
		ENABLE_M4 | SW_M4P_RST | SW_M4C_RST | NON_SCLR_RST,
	};

	for (unsigned int i = 0; i < sizeof(states) / sizeof(states[0]); i++) {
		set_core(self->src, states[i]);
		ASSERT_TRUE(bind(self->remotes));
		EXPECT_STREQ("offline", remote_attr(self->remote, "state")) {
			TH_LOG("M4RCR %#x", states[i]);
		}
		ASSERT_EQ(0, remote_start(self->remote, self->program));
		EXPECT_TRUE(counts(self->counter));
		EXPECT_TRUE(remote_offline(self->remote));
		EXPECT_TRUE(stands(self->counter));
		ASSERT_EQ(0, unbind());
	}
	ASSERT_TRUE(bind(self->remotes));
}

TEST_HARNESS_MAIN
