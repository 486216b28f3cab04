// SPDX-License-Identifier: GPL-2.0-only
/*
 * The R5 cluster as the driver leaves it: the mode that the devicetree asks for, whatever mode it
 * was in before and in whose words; and names that stay while the driver goes and comes.
 * AMP_VARIANT is the mode.
 *
 * Copyright (c) 2026 linux-amp developers
 */
#include "guest.h"
#include "channel.h"
#include "kmsg.h"

#include <glob.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "harness.h"

/* UG1087: module RPU */
#define RPU			0xff9a0000
#define  GLBL_CNTL		(0x0 / 4)
#define   SLSPLIT		(1u << 3)
#define   SLCLAMP		(1u << 4)
#define   TCM_COMB		(1u << 6)
#define   MODE			(SLSPLIT | SLCLAMP | TCM_COMB)

#define DRIVER			"/sys/bus/platform/drivers/xlnx_r5_remoteproc"

static const struct {
	const char *name;
	__u32 bits;
} modes[] = {
	{ "split", SLSPLIT },
	{ "lockstep", SLCLAMP | TCM_COMB },
	/* Without the banks of core 1 */
	{ "lockstep-own-tcm", SLCLAMP },
};

FIXTURE(cluster)
{
	struct remote remotes[REMOTES_MAX];
	int count;
	int kmsg;
	__u32 *rpu;
	__u32 wanted;
	char device[64];
};

/* The one device that the driver is bound to, by name. */
static bool find_device(char *name, size_t size)
{
	glob_t found;
	bool one;

	if (glob(DRIVER "/*/of_node", 0, NULL, &found))
		return false;
	one = found.gl_pathc == 1;
	if (one) {
		*strrchr(found.gl_pathv[0], '/') = '\0';
		snprintf(name, size, "%s", strrchr(found.gl_pathv[0], '/') + 1);
	}
	globfree(&found);
	return one;
}

FIXTURE_SETUP(cluster)
{
	const char *mode = getenv("AMP_VARIANT");

	ASSERT_NE(NULL, mode);
	for (size_t i = 0; i < ARRAY_SIZE(modes); i++)
		if (!strcmp(mode, modes[i].name))
			self->wanted = modes[i].bits;
	ASSERT_NE(0, self->wanted);
	self->kmsg = kmsg_open();
	ASSERT_LE(0, self->kmsg);
	self->count = remotes_find(self->remotes);
	ASSERT_LT(0, self->count);
	for (int i = 0; i < self->count; i++)
		ASSERT_TRUE(remote_offline(&self->remotes[i]));
	ASSERT_TRUE(find_device(self->device, sizeof(self->device)));
	self->rpu = memory_map(RPU, 4096);
	ASSERT_NE(NULL, self->rpu);
}

FIXTURE_TEARDOWN(cluster)
{
	munmap(self->rpu, 4096);
	EXPECT_EQ(0, kmsg_splats(self->kmsg));
	close(self->kmsg);
}

static int tell_driver(const char *file, const char *device)
{
	char path[128];

	snprintf(path, sizeof(path), DRIVER "/%s", file);
	return write_file(path, device, strlen(device));
}

TEST_F_TIMEOUT(cluster, has_the_mode_it_should, TEST_GUARD_S)
{
	__u32 other = self->wanted ^ MODE;

	EXPECT_EQ(self->wanted, memory_read(&self->rpu[GLBL_CNTL]) & MODE);
	/* Which may be what it had after a reset. */
	ASSERT_EQ(0, tell_driver("unbind", self->device));
	memory_write(&self->rpu[GLBL_CNTL],
		     (memory_read(&self->rpu[GLBL_CNTL]) & ~MODE) | other);
	ASSERT_EQ(other, memory_read(&self->rpu[GLBL_CNTL]) & MODE);
	ASSERT_EQ(0, tell_driver("bind", self->device));
	EXPECT_EQ(self->wanted, memory_read(&self->rpu[GLBL_CNTL]) & MODE);
}

/* Only where they are combined core 1's are behind those of core 0; elsewhere nothing answers. */
TEST_F_TIMEOUT(cluster, has_the_banks_it_should, TEST_GUARD_S)
{
	char path[96], list[4096];

	snprintf(path, sizeof(path), "/sys/kernel/debug/remoteproc/remoteproc%d/carveout_memories",
		 self->remotes[0].index);
	ASSERT_EQ(0, remote_start(&self->remotes[0], self->remotes[0].echo));
	ASSERT_LT(0, read_text(path, list, sizeof(list)));
	EXPECT_EQ(self->wanted & TCM_COMB ? 1 : 0, strstr(list, "tcm1") ? 1 : 0) TH_LOG("%s", list);
	EXPECT_EQ(0, echo_works(&self->remotes[0]));
	EXPECT_TRUE(remote_offline(&self->remotes[0]));
}

TEST_F_TIMEOUT(cluster, names_stay, TEST_GUARD_S)
{
	struct remote again[REMOTES_MAX];
	char name[REMOTES_MAX][64];

	for (int i = 0; i < self->count; i++)
		snprintf(name[i], sizeof(name[i]), "%s", remote_attr(&self->remotes[i], "name"));
	for (int round = 0; round < 3; round++) {
		ASSERT_EQ(0, tell_driver("unbind", self->device));
		ASSERT_EQ(0, tell_driver("bind", self->device));
		ASSERT_EQ(self->count, remotes_find(again));
		for (int i = 0; i < self->count; i++) {
			EXPECT_EQ(self->remotes[i].core, again[i].core);
			EXPECT_EQ(self->remotes[i].index, again[i].index);
			EXPECT_STREQ(name[i], remote_attr(&again[i], "name"));
		}
	}
	EXPECT_EQ(0, remote_start(&again[0], again[0].echo));
	EXPECT_EQ(0, echo_works(&again[0]));
	EXPECT_TRUE(remote_offline(&again[0]));
}

TEST_HARNESS_MAIN
