// SPDX-License-Identifier: GPL-2.0-only
/*
 * The core of an i.MX 6SoloX, which has its bits in SRC_SCR. The board is another SoC: for the
 * driver that register is a word of memory, and a process of this test is the wire from there to
 * the bits of the core that the board has.
 *
 * Copyright (c) 2026 linux-amp developers
 */
#include "guest.h"
#include "boot_code.h"
#include "channel.h"
#include "kmsg.h"

#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include "harness.h"

/* In the devicetree. SRC_SCR is the first register: i.MX 6SoloX reference manual, SRC. */
#define SCR_PAGE		0x9ffee000
#define   SCR_M4_ENABLE		(1u << 22)
#define   SCR_M4P_RST		(1u << 12)
#define   SCR_M4C_NON_SCLR_RST	(1u << 4)
#define   SCR_M4C_RST		(1u << 3)
#define   SCR_M4		(SCR_M4_ENABLE | SCR_M4P_RST | SCR_M4C_NON_SCLR_RST | SCR_M4C_RST)
/* All that is not the core's. */
#define   SCR_OTHERS		(0xa5a5a5a5 & ~SCR_M4)

FIXTURE(sx)
{
	struct remote remotes[REMOTES_MAX];
	const struct remote *remote;
	__u32 *src, *scr;
	pid_t wire;
	int kmsg;
};

static bool released(const __u32 *scr)
{
	return (memory_read(scr) & (SCR_M4_ENABLE | SCR_M4C_NON_SCLR_RST)) == SCR_M4_ENABLE;
}

/* No return. */
static void be_the_wire(__u32 *src, const __u32 *scr)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (;; usleep(500))
		if (released(scr) != core_runs(src))
			core_set(src, released(scr) ? M4_RELEASED : M4_HELD);
}

FIXTURE_SETUP(sx)
{
	ASSERT_TRUE(driver_bind(self->remotes));
	self->remote = &self->remotes[0];
	self->kmsg = kmsg_open();
	ASSERT_LE(0, self->kmsg);
	self->src = src_map();
	ASSERT_NE(NULL, self->src);
	self->scr = memory_map(SCR_PAGE, 4096);
	ASSERT_NE(NULL, self->scr);
	memory_write(self->scr, SCR_OTHERS | SCR_M4_ENABLE | SCR_M4C_NON_SCLR_RST);
	core_set(self->src, M4_HELD);
	/* A 6SoloX fetches them from TCML, where the program is; this board from elsewhere. */
	ASSERT_TRUE(boot_words_put(self->remote->echo));
	self->wire = fork();
	ASSERT_LE(0, self->wire);
	if (!self->wire)
		be_the_wire(self->src, self->scr);
}

FIXTURE_TEARDOWN(sx)
{
	EXPECT_TRUE(remote_offline(self->remote));
	EXPECT_TRUE(wait_until(!core_runs(self->src)));
	/* It has not ended before. */
	EXPECT_EQ(0, waitpid(self->wire, NULL, WNOHANG));
	kill(self->wire, SIGKILL);
	waitpid(self->wire, NULL, 0);
	munmap(self->scr, 4096);
	src_unmap(self->src);
	EXPECT_EQ(0, kmsg_splats(self->kmsg));
	close(self->kmsg);
}

TEST_F_TIMEOUT(sx, start_and_stop, TEST_GUARD_S)
{
	ASSERT_STREQ("offline", remote_attr(self->remote, "state"));
	for (int i = 0; i < 3; i++) {
		ASSERT_EQ(0, remote_start(self->remote, self->remote->echo));
		EXPECT_EQ(SCR_OTHERS | SCR_M4_ENABLE | SCR_M4P_RST | SCR_M4C_RST,
			  memory_read(self->scr));
		EXPECT_EQ(0, echo_works(self->remote));
		ASSERT_EQ(0, remote_set(self->remote, "state", "stop"));
		EXPECT_EQ(SCR_OTHERS | SCR_M4_ENABLE | SCR_M4C_NON_SCLR_RST,
			  memory_read(self->scr) & ~(SCR_M4P_RST | SCR_M4C_RST));
		ASSERT_TRUE(wait_until(!core_runs(self->src)));
	}
}

/* Whatever else is in the register, and whatever the pulses are said to be. */
TEST_F_TIMEOUT(sx, only_enabled_and_not_held_is_running, TEST_GUARD_S)
{
	static const __u32 rests[] = {
		0, SCR_M4C_NON_SCLR_RST, SCR_M4P_RST | SCR_M4C_RST,
		SCR_M4_ENABLE | SCR_M4C_NON_SCLR_RST,
		SCR_M4_ENABLE | SCR_M4C_NON_SCLR_RST | SCR_M4P_RST | SCR_M4C_RST,
	};

	for (size_t i = 0; i < ARRAY_SIZE(rests); i++) {
		ASSERT_EQ(0, driver_unbind());
		memory_write(self->scr, SCR_OTHERS | rests[i]);
		ASSERT_TRUE(driver_bind(self->remotes));
		EXPECT_STREQ("offline", remote_attr(self->remote, "state"));
	}
	ASSERT_EQ(0, remote_start(self->remote, self->remote->echo));
	EXPECT_EQ(0, echo_works(self->remote));
}

TEST_F_TIMEOUT(sx, attach_detach_and_stop, TEST_GUARD_S)
{
	ASSERT_EQ(0, driver_unbind());
	ASSERT_TRUE(firmware_put(firmware_of(self->remote, "echo-table")));
	memory_write(self->scr, SCR_OTHERS | SCR_M4_ENABLE);
	ASSERT_TRUE(wait_until(core_runs(self->src)));
	ASSERT_TRUE(driver_bind(self->remotes));
	for (int i = 0; i < 2; i++) {
		EXPECT_STREQ("attached", remote_attr(self->remote, "state"));
		EXPECT_EQ(0, echo_works(self->remote));
		ASSERT_EQ(0, remote_set(self->remote, "state", "detach"));
		EXPECT_STREQ("detached", remote_attr(self->remote, "state"));
		EXPECT_EQ(SCR_OTHERS | SCR_M4_ENABLE, memory_read(self->scr));
		ASSERT_EQ(0, remote_set(self->remote, "state", "start"));
	}
	ASSERT_EQ(0, remote_set(self->remote, "state", "stop"));
	EXPECT_FALSE(released(self->scr));
}

TEST_HARNESS_MAIN
