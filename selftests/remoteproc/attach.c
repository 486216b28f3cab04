// SPDX-License-Identifier: GPL-2.0-only
/*
 * Attaching to an R5 that boot code has started, and leaving it again. This program plays the boot
 * code: while the driver is not there it loads a firmware and takes the core out of reset, through
 * /dev/mem. It needs split mode.
 *
 * Copyright (c) 2026 linux-amp developers
 */
#include "guest.h"
#include "channel.h"
#include "el3.h"
#include "image.h"
#include "kmsg.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>

#include "harness.h"

/* UG1087: modules RPU and CRL_APB */
#define RPU			0xff9a0000
#define  GLBL_CNTL		(0x0 / 4)
#define   SLSPLIT		(1u << 3)
#define   SLCLAMP		(1u << 4)
#define   TCM_COMB		(1u << 6)
#define  CFG(core)		((0x100 + 0x100 * (core)) / 4)
#define   NCPUHALT		(1u << 0)
#define   VINITHI		(1u << 2)
#define CRL_APB			0xff5e0000
#define  RST_LPD_TOP		(0x23c / 4)
#define   RPU_R5(core)		(1u << (core))
#define   RPU_AMBA		(1u << 2)
#define   RPU_PGE		(1u << 4)

#define DDR(core)		(0x3ed00000u + 0x200000u * (core))
#define DDR_SIZE		0x40000
#define HEADER_BYTES		20

#define MAGIC			0x78616d70u

#define SNAPSHOT		"/dev/snapshot"

FIXTURE(attach)
{
	struct remote remotes[REMOTES_MAX];
	const struct remote *remote;
	int kmsg;
	__u32 *ddr;
};

static bool unload(void)
{
	static const char *const argv[] = { "modprobe", "-r", "xlnx_r5_remoteproc", NULL };

	return !run(argv);
}

/* Where Linux finds what a core has at @da, in split mode. */
static __u64 physical_0(__u32 da)
{
	if (da >= 0x40000)
		return da;
	return (da < 0x20000 ? 0xffe00000 : 0xffe20000) + da % 0x20000;
}

static __u64 physical_1(__u32 da)
{
	if (da >= 0x40000)
		return da;
	return (da < 0x20000 ? 0xffe90000 : 0xffeb0000) + da % 0x20000;
}

/* Resets are active high; the core is held while its memory is being filled. */
static bool boot(unsigned int core, const char *firmware)
{
	__u32 *rpu = memory_map(RPU, 4096), *crl = memory_map(CRL_APB, 4096);
	bool ok = rpu && crl;

	if (ok) {
		memory_write(&rpu[CFG(core)], memory_read(&rpu[CFG(core)]) & ~(NCPUHALT | VINITHI));
		memory_write(&crl[RST_LPD_TOP],
			     (memory_read(&crl[RST_LPD_TOP]) | RPU_R5(core)) &
			     ~(RPU_AMBA | RPU_PGE));
		memory_write(&rpu[GLBL_CNTL],
			     (memory_read(&rpu[GLBL_CNTL]) | SLSPLIT) & ~(SLCLAMP | TCM_COMB));
		ok = image_load(firmware, core ? physical_1 : physical_0, NULL);
		memory_write(&crl[RST_LPD_TOP], memory_read(&crl[RST_LPD_TOP]) & ~RPU_R5(core));
		memory_write(&rpu[CFG(core)], memory_read(&rpu[CFG(core)]) | NCPUHALT);
	}
	if (rpu)
		munmap(rpu, 4096);
	if (crl)
		munmap(crl, 4096);
	return ok;
}

static bool runs(unsigned int core)
{
	__u32 *rpu = memory_map(RPU, 4096), *crl = memory_map(CRL_APB, 4096);
	bool yes = rpu && crl && (memory_read(&rpu[CFG(core)]) & NCPUHALT) &&
		   !(memory_read(&crl[RST_LPD_TOP]) & (RPU_R5(core) | RPU_AMBA));

	if (rpu)
		munmap(rpu, 4096);
	if (crl)
		munmap(crl, 4096);
	return yes;
}

/* What a power management unit, or a debugger, does. */
static void hold(unsigned int core)
{
	__u32 *rpu = memory_map(RPU, 4096), *crl = memory_map(CRL_APB, 4096);

	if (rpu && crl) {
		memory_write(&crl[RST_LPD_TOP], memory_read(&crl[RST_LPD_TOP]) | RPU_R5(core));
		memory_write(&rpu[CFG(core)], memory_read(&rpu[CFG(core)]) & ~NCPUHALT);
	}
	if (rpu)
		munmap(rpu, 4096);
	if (crl)
		munmap(crl, 4096);
}

FIXTURE_VARIANT(attach)
{
	const char *program;
};

/* Table in tightly coupled memory, and in DDR behind the header. */
FIXTURE_VARIANT_ADD(attach, table_in_tcm)
{
	.program = "attach",
};

FIXTURE_VARIANT_ADD(attach, table_in_ddr)
{
	.program = "attach-ddr",
};

FIXTURE_SETUP(attach)
{
	ASSERT_LT(0, remotes_find(self->remotes));
	self->remote = &self->remotes[0];
	ASSERT_TRUE(remote_offline(self->remote));
	self->kmsg = kmsg_open();
	ASSERT_LE(0, self->kmsg);

	ASSERT_TRUE(unload());
	ASSERT_TRUE(boot(self->remote->core, firmware_of(self->remote, variant->program)));
	ASSERT_LT(0, remotes_find(self->remotes));
	self->ddr = memory_map(DDR(self->remote->core), 4096);
	ASSERT_NE(NULL, self->ddr);
}

/*
 * Only what is attached can be stopped. A crash may still have to be handled, before and after
 * which the state is "detached", too.
 */
static bool is_ours(const struct remote *remote)
{
	return remote_is(remote, "attached") || remote_is(remote, "running") ||
	       (remote_is(remote, "detached") && !remote_set(remote, "state", "start"));
}

FIXTURE_TEARDOWN(attach)
{
	munmap(self->ddr, 4096);
	EXPECT_TRUE(wait_until(remote_is(self->remote, "offline") || is_ours(self->remote)));
	EXPECT_TRUE(remote_offline(self->remote));
	EXPECT_FALSE(runs(self->remote->core));
	EXPECT_EQ(0, remote_start(self->remote, self->remote->echo));
	EXPECT_EQ(0, echo_works(self->remote));
	EXPECT_TRUE(remote_offline(self->remote));
	EXPECT_EQ(0, kmsg_splats(self->kmsg));
	close(self->kmsg);
}

TEST_F_TIMEOUT(attach, and_detach, TEST_GUARD_S)
{
	EXPECT_STREQ("detached", remote_attr(self->remote, "state"));
	for (int i = 0; i < 3; i++) {
		ASSERT_EQ(0, remote_set(self->remote, "state", "start"));
		EXPECT_STREQ("attached", remote_attr(self->remote, "state"));
		EXPECT_EQ(0, echo_works(self->remote));
		EXPECT_EQ(-EBUSY, remote_set(self->remote, "firmware", "another.elf"));
		ASSERT_EQ(0, remote_set(self->remote, "state", "detach"));
		EXPECT_STREQ("detached", remote_attr(self->remote, "state"));
		EXPECT_EQ(0, channel_count(self->remote));
		EXPECT_TRUE(runs(self->remote->core));
	}
}

TEST_F_TIMEOUT(attach, and_stop, TEST_GUARD_S)
{
	ASSERT_EQ(0, remote_set(self->remote, "state", "start"));
	EXPECT_EQ(0, echo_works(self->remote));
	ASSERT_EQ(0, remote_set(self->remote, "state", "stop"));
	EXPECT_STREQ("offline", remote_attr(self->remote, "state"));
	EXPECT_FALSE(runs(self->remote->core));
}

/* It stays attached, and can be detached from as if nobody had tried. */
TEST_F_TIMEOUT(attach, and_fail_to_stop, TEST_GUARD_S)
{
	struct el3_page *page = el3_map();

	if (!page)
		SKIP(return, "this firmware does not refuse on request");
	ASSERT_EQ(0, remote_set(self->remote, "state", "start"));
	for (int i = 0; i < 2; i++) {
		el3_fail(page, EEMI_FORCE_POWERDOWN, EL3_FAIL_ANY, 1);
		EXPECT_EQ(-EACCES, remote_set(self->remote, "state", "stop"));
		EXPECT_TRUE(el3_failed(page));
		EXPECT_STREQ("attached", remote_attr(self->remote, "state"));
	}
	ASSERT_EQ(0, remote_set(self->remote, "state", "detach"));
	EXPECT_STREQ("detached", remote_attr(self->remote, "state"));
	EXPECT_TRUE(runs(self->remote->core));
	ASSERT_EQ(0, remote_set(self->remote, "state", "start"));
	EXPECT_EQ(0, echo_works(self->remote));
}

/* A driver that goes leaves behind what it did not start, and finds it again. */
TEST_F_TIMEOUT(attach, survives_the_driver, TEST_GUARD_S)
{
	for (int i = 0; i < 2; i++) {
		ASSERT_EQ(0, remote_set(self->remote, "state", "start"));
		EXPECT_EQ(0, echo_works(self->remote));
		ASSERT_TRUE(unload());
		EXPECT_TRUE(runs(self->remote->core));
		ASSERT_LT(0, remotes_find(self->remotes));
		EXPECT_STREQ("detached", remote_attr(self->remote, "state"));
	}
	ASSERT_EQ(0, remote_set(self->remote, "state", "start"));
	EXPECT_EQ(0, echo_works(self->remote));
}

TEST_F_TIMEOUT(attach, beside_the_other_core, TEST_GUARD_S)
{
	const struct remote *other = &self->remotes[1];

	ASSERT_EQ(0, remote_start(other, other->echo));
	EXPECT_EQ(0, echo_works(other));
	ASSERT_EQ(0, remote_set(self->remote, "state", "start"));
	EXPECT_EQ(0, echo_works(self->remote));
	EXPECT_EQ(0, echo_works(other));
	ASSERT_EQ(0, remote_set(self->remote, "state", "detach"));
	EXPECT_EQ(0, echo_works(other));
	EXPECT_TRUE(remote_offline(other));
	EXPECT_TRUE(runs(self->remote->core));
}

static const struct {
	unsigned int word;
	__u32 value;
	int err;
	const char *why;
} rubbish[] = {
	{ 1, MAGIC + 1, -EBADMSG, "not the magic number" },
	{ 2, MAGIC, -EBADMSG, "not the complement" },
	{ 3, 0, -EBADMSG, "smaller than a resource table" },
	{ 3, 0xffffffff, -EBADMSG, "larger than any real one" },
	{ 3, 0xffff, -ENXIO, "runs past the memory" },
	{ 4, 0x00200000, -ENXIO, "outside every memory" },
	{ 4, 0xffffffff, -ENXIO, "outside every memory" },
	{ 4, 0x3ed40000, -ENXIO, "inside of memory for a ring" },
	{ 4, 0x3ed48000, -ENXIO, "outside every memory" },
	/* The header itself is no table. */
	{ 4, 0x3ed00000 + 4, -EPROTONOSUPPORT, "unknown version" },
};

TEST_F_TIMEOUT(attach, refuses_rubbish, TEST_GUARD_S)
{
	__u32 good, value, offset = DDR(self->remote->core) - DDR(0);

	for (size_t i = 0; i < ARRAY_SIZE(rubbish); i++) {
		good = memory_read(&self->ddr[rubbish[i].word]);
		value = rubbish[i].value;
		/* The table is at the end of a memory that is large enough for it elsewhere. */
		if (rubbish[i].word == 3 && value == 0xffff)
			memory_write(&self->ddr[4], DDR(self->remote->core) + DDR_SIZE - 0x1000);
		if (value >= DDR(0) && value < DDR(1))
			value += offset;
		memory_write(&self->ddr[rubbish[i].word], value);
		EXPECT_EQ(rubbish[i].err, remote_set(self->remote, "state", "start"));
		EXPECT_TRUE(kmsg_count(self->kmsg, rubbish[i].why)) TH_LOG("%s", rubbish[i].why);
		EXPECT_STREQ("detached", remote_attr(self->remote, "state"));
		EXPECT_TRUE(runs(self->remote->core));
		memory_write(&self->ddr[rubbish[i].word], good);
		if (rubbish[i].word == 3)
			memory_write(&self->ddr[4],
				     firmware_symbol(firmware_of(self->remote, variant->program),
						     "echo_table"));
	}

	ASSERT_EQ(0, remote_set(self->remote, "state", "start"));
	EXPECT_EQ(0, echo_works(self->remote));
}

/* A program that has no messages to exchange can still be stopped, and another one started. */
TEST_F_TIMEOUT(attach, without_table, TEST_GUARD_S)
{
	memory_write(&self->ddr[1], 0);
	memory_write(&self->ddr[2], 0);
	ASSERT_EQ(0, remote_set(self->remote, "state", "start"));
	EXPECT_STREQ("attached", remote_attr(self->remote, "state"));
	EXPECT_TRUE(kmsg_count(self->kmsg, "no resource table"));
	EXPECT_EQ(0, channel_count(self->remote));
	ASSERT_EQ(0, remote_set(self->remote, "state", "detach"));
	EXPECT_TRUE(runs(self->remote->core));
	ASSERT_EQ(0, remote_set(self->remote, "state", "start"));
	ASSERT_EQ(0, remote_set(self->remote, "state", "stop"));
	EXPECT_FALSE(runs(self->remote->core));
}

/* Somebody else has switched it off meanwhile. */
TEST_F_TIMEOUT(attach, what_has_gone, TEST_GUARD_S)
{
	ASSERT_EQ(0, remote_set(self->remote, "state", "start"));
	ASSERT_EQ(0, remote_set(self->remote, "state", "detach"));
	hold(self->remote->core);
	ASSERT_FALSE(runs(self->remote->core));
	EXPECT_EQ(-EIO, remote_set(self->remote, "state", "start"));
	EXPECT_STREQ("offline", remote_attr(self->remote, "state"));
	ASSERT_EQ(0, remote_start(self->remote, self->remote->echo));
	EXPECT_EQ(0, echo_works(self->remote));
}

/* For an image of memory it is left to itself, and gets its Linux back when that is given up. */
TEST_F_TIMEOUT(attach, over_hibernation, TEST_GUARD_S)
{
	int fd;

	if (access(SNAPSHOT, F_OK))
		SKIP(return, "this kernel cannot hibernate");
	ASSERT_EQ(0, remote_set(self->remote, "state", "start"));
	EXPECT_EQ(0, echo_works(self->remote));
	fd = open(SNAPSHOT, O_RDONLY | O_CLOEXEC);
	ASSERT_LE(0, fd);
	EXPECT_STREQ("detached", remote_attr(self->remote, "state"));
	EXPECT_TRUE(runs(self->remote->core));
	close(fd);
	EXPECT_STREQ("attached", remote_attr(self->remote, "state"));
	EXPECT_EQ(0, echo_works(self->remote));

	/* One that was not attached to is none that sleep attaches to. */
	ASSERT_EQ(0, remote_set(self->remote, "state", "detach"));
	fd = open(SNAPSHOT, O_RDONLY | O_CLOEXEC);
	ASSERT_LE(0, fd);
	close(fd);
	EXPECT_STREQ("detached", remote_attr(self->remote, "state"));
}

/* As if it had been noticed while Linux was attached. */
static int crash(const struct remote *remote)
{
	char path[96];

	snprintf(path, sizeof(path), "/sys/kernel/debug/remoteproc/remoteproc%d/crash",
		 remote->index);
	return write_file(path, "1", 1);
}

static bool give_file(const struct remote *remote, const char *program, char *path, size_t size)
{
	char from[128];
	const char *const argv[] = { "cp", from, path, NULL };

	snprintf(from, sizeof(from), FIRMWARE_DIR "/%s", firmware_of(remote, program));
	snprintf(path, size, FIRMWARE_DIR "/%s", remote_attr(remote, "firmware"));
	return !run(argv);
}

TEST_F_TIMEOUT(attach, crash_after_detach, TEST_GUARD_S)
{
	const struct remote *remote = self->remote;
	char path[128];

	ASSERT_EQ(0, remote_set(remote, "state", "start"));
	ASSERT_EQ(0, remote_set(remote, "state", "detach"));
	ASSERT_EQ(0, crash(remote));
	EXPECT_TRUE(wait_until(kmsg_count(self->kmsg, "left alone")));
	EXPECT_TRUE(wait_until(remote_is(remote, "detached")));
	EXPECT_TRUE(runs(remote->core));
	ASSERT_EQ(0, remote_set(remote, "state", "start"));
	EXPECT_EQ(0, echo_works(remote));

	/* Nobody recovers it, and its state is wrong until somebody starts it. */
	ASSERT_EQ(0, remote_set(remote, "state", "detach"));
	ASSERT_EQ(0, remote_set(remote, "recovery", "disabled"));
	ASSERT_EQ(0, crash(remote));
	EXPECT_TRUE(wait_until(remote_is(remote, "crashed")));
	ASSERT_TRUE(give_file(remote, variant->program, path, sizeof(path)));
	EXPECT_EQ(-EAGAIN, remote_set(remote, "state", "start"));
	unlink(path);
	EXPECT_STREQ("detached", remote_attr(remote, "state"));
	EXPECT_TRUE(runs(remote->core));
	ASSERT_EQ(0, remote_set(remote, "recovery", "enabled"));
	ASSERT_EQ(0, remote_set(remote, "state", "start"));
	EXPECT_EQ(0, echo_works(remote));
}

/* In that wrong state a driver that goes must not stop it either. */
TEST_F_TIMEOUT(attach, crash_after_detach_and_unload, TEST_GUARD_S)
{
	ASSERT_EQ(0, remote_set(self->remote, "state", "start"));
	ASSERT_EQ(0, remote_set(self->remote, "state", "detach"));
	ASSERT_EQ(0, remote_set(self->remote, "recovery", "disabled"));
	ASSERT_EQ(0, crash(self->remote));
	EXPECT_TRUE(wait_until(remote_is(self->remote, "crashed")));
	ASSERT_TRUE(unload());
	EXPECT_TRUE(runs(self->remote->core));
	ASSERT_LT(0, remotes_find(self->remotes));
	EXPECT_STREQ("detached", remote_attr(self->remote, "state"));
	ASSERT_EQ(0, remote_set(self->remote, "state", "start"));
	EXPECT_EQ(0, echo_works(self->remote));
}

/* A crash of what something else has started, and a file with the same program. */
TEST_F_TIMEOUT(attach, and_recover, TEST_GUARD_S)
{
	const struct remote *remote = self->remote;
	char path[128];

	ASSERT_TRUE(give_file(remote, variant->program, path, sizeof(path)));
	ASSERT_EQ(0, remote_set(remote, "state", "start"));
	EXPECT_EQ(0, echo_works(remote));
	ASSERT_EQ(0, crash(remote));
	EXPECT_TRUE(wait_until(remote_is(remote, "running")));
	EXPECT_EQ(0, echo_works(remote));
	unlink(path);
}

/* What Linux has loaded in place of it is Linux's, and is not left behind. */
TEST_F_TIMEOUT(attach, and_fail_to_stop_recovered, TEST_GUARD_S)
{
	const struct remote *remote = self->remote;
	struct el3_page *page = el3_map();
	char path[128];

	if (!page)
		SKIP(return, "this firmware does not refuse on request");
	ASSERT_TRUE(give_file(remote, variant->program, path, sizeof(path)));
	ASSERT_EQ(0, remote_set(remote, "state", "start"));
	EXPECT_EQ(0, echo_works(remote));
	ASSERT_EQ(0, crash(remote));
	EXPECT_TRUE(wait_until(remote_is(remote, "running")));
	unlink(path);

	el3_fail(page, EEMI_FORCE_POWERDOWN, EL3_FAIL_ANY, 1);
	EXPECT_EQ(-EACCES, remote_set(remote, "state", "stop"));
	EXPECT_TRUE(el3_failed(page));
	EXPECT_STREQ("running", remote_attr(remote, "state"));
	EXPECT_EQ(-EINVAL, remote_set(remote, "state", "detach"));
	EXPECT_EQ(0, remote_set(remote, "state", "stop"));
	EXPECT_STREQ("offline", remote_attr(remote, "state"));
	EXPECT_FALSE(runs(remote->core));
}

/* It has crashed, but is still somebody else's and can be left to that; with a table or without. */
TEST_F_TIMEOUT(attach, and_fail_to_stop_crashed, TEST_GUARD_S)
{
	const struct remote *remote = self->remote;
	struct el3_page *page = el3_map();

	if (!page)
		SKIP(return, "this firmware does not refuse on request");
	for (int i = 0; i < 2; i++) {
		ASSERT_EQ(0, remote_set(remote, "state", "start"));
		el3_fail(page, EEMI_FORCE_POWERDOWN, EL3_FAIL_ANY, 1);
		ASSERT_EQ(0, crash(remote));
		EXPECT_TRUE(wait_until(el3_failed(page)));
		EXPECT_TRUE(wait_until(remote_is(remote, "attached")));
		ASSERT_EQ(0, remote_set(remote, "state", "detach"));
		EXPECT_STREQ("detached", remote_attr(remote, "state"));
		EXPECT_TRUE(runs(remote->core));
		memory_write(&self->ddr[1], 0);
		memory_write(&self->ddr[2], 0);
	}
}

/* The crash comes while Linux lets go, or sooner or later; then it is left, or loaded anew. */
TEST_F_TIMEOUT(attach, crash_while_detaching, TEST_GUARD_S)
{
	const struct remote *remote = self->remote;
	char path[128];
	int status;
	pid_t pid;

	ASSERT_TRUE(give_file(remote, variant->program, path, sizeof(path)));
	for (unsigned int i = 0; i < scaled(100, 10); i++) {
		ASSERT_TRUE(wait_until(is_ours(remote)));
		pid = fork();
		if (!pid)
			_exit(crash(remote) ? 1 : 0);
		remote_set(remote, "state", "detach");
		ASSERT_EQ(pid, waitpid(pid, &status, 0));
		EXPECT_EQ(0, status);
		ASSERT_TRUE(wait_until(remote_is(remote, "detached") ||
				       remote_is(remote, "running")));
		EXPECT_TRUE(runs(remote->core));
		/* Linux does not leave alone what it has started. */
		if (remote_is(remote, "running")) {
			ASSERT_EQ(0, remote_set(remote, "state", "stop"));
			ASSERT_TRUE(unload());
			ASSERT_TRUE(boot(remote->core, firmware_of(remote, variant->program)));
			ASSERT_LT(0, remotes_find(self->remotes));
		}
	}
	unlink(path);
}

TEST_HARNESS_MAIN
