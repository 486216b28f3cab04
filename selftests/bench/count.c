// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * QEMU plugin for make bench: what happens between two marks that a program of the
 * guest executes, counted from outside, so that it is the same for any driver.
 *
 * A mark is an instruction that does nothing and that no compiler makes, "orr r4, r4,
 * r4" to begin and the same with r5 to end. Counted are instructions of the processors
 * of Linux and of the others, and writes to registers that are doorbells. Every
 * interval is a line of the output: instructions of Linux, of the remote, doorbells
 * to the remote, from the remote.
 *
 * Instructions are counted one by one: blocks of them would be counted twice where QEMU
 * has to start one again, which it does for each access to a device under icount.
 *
 * arguments: out=FILE, remote=N (first processor that is not Linux's), to=ADDRESS and
 * from=ADDRESS (physical, 16 bytes of registers; more than one of each is possible),
 * profile=FILE (instructions of Linux by address, in units of 16 bytes, without those of
 * the first interval, which warms up)
 *
 * Copyright (c) 2026 linux-amp developers
 */

#include <glib.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <qemu-plugin.h>

QEMU_PLUGIN_EXPORT int qemu_plugin_version = QEMU_PLUGIN_VERSION;

#define MAX_BELLS 8
#define BELL_BYTES 16
#define PROFILE_BYTES 16

enum direction { TO_REMOTE, FROM_REMOTE, DIRECTIONS };

static struct {
	uint64_t linux_insns;
	uint64_t remote_insns;
	uint64_t bells[DIRECTIONS];
} counts;

static struct {
	uint64_t address;
	enum direction direction;
} bells[MAX_BELLS];

static unsigned int num_bells, first_remote = 1;
static bool counting, is_warm;
static FILE *out, *profile_out;
static GHashTable *profile;

static void begin(unsigned int cpu, void *data)
{
	memset(&counts, 0, sizeof(counts));
	counting = true;
}

static void end(unsigned int cpu, void *data)
{
	counting = false;
	is_warm = true;
	fprintf(out, "%" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64 "\n",
		counts.linux_insns, counts.remote_insns, counts.bells[TO_REMOTE],
		counts.bells[FROM_REMOTE]);
	fflush(out);
}

static void executed(unsigned int cpu, void *data)
{
	uint64_t *bucket = data;

	if (!counting)
		return;
	if (cpu >= first_remote) {
		counts.remote_insns++;
		return;
	}
	counts.linux_insns++;
	if (bucket && is_warm)
		++*bucket;
}

static void stored(unsigned int cpu, qemu_plugin_meminfo_t info, uint64_t vaddr,
		   void *data)
{
	struct qemu_plugin_hwaddr *hw;
	uint64_t address;
	unsigned int i;

	if (!counting)
		return;
	hw = qemu_plugin_get_hwaddr(info, vaddr);
	if (!hw || !qemu_plugin_hwaddr_is_io(hw))
		return;
	address = qemu_plugin_hwaddr_phys_addr(hw);
	for (i = 0; i < num_bells; i++)
		if (address - bells[i].address < BELL_BYTES)
			counts.bells[bells[i].direction]++;
}

static bool is(struct qemu_plugin_insn *insn, uint32_t a32, uint32_t t32, uint32_t a64)
{
	uint32_t word;

	return qemu_plugin_insn_size(insn) == sizeof(word) &&
	       qemu_plugin_insn_data(insn, &word, sizeof(word)) == sizeof(word) &&
	       (word == a32 || word == t32 || word == a64);
}

/* Halfwords of Thumb are in the order of memory */
static bool is_begin(struct qemu_plugin_insn *insn)
{
	return is(insn, 0xe1844004, 0x0404ea44, 0xaa040084);
}

static bool is_end(struct qemu_plugin_insn *insn)
{
	return is(insn, 0xe1855005, 0x0505ea45, 0xaa0500a5);
}

static uint64_t *bucket_of(struct qemu_plugin_insn *insn)
{
	uint64_t key = qemu_plugin_insn_vaddr(insn) / PROFILE_BYTES;
	uint64_t *entry;

	if (!profile)
		return NULL;
	entry = g_hash_table_lookup(profile, &key);
	if (!entry) {
		entry = g_new0(uint64_t, 2);
		entry[0] = key;
		g_hash_table_insert(profile, entry, entry);
	}
	return entry + 1;
}

static void translated(qemu_plugin_id_t id, struct qemu_plugin_tb *tb)
{
	size_t i, num = qemu_plugin_tb_n_insns(tb);

	for (i = 0; i < num; i++) {
		struct qemu_plugin_insn *insn = qemu_plugin_tb_get_insn(tb, i);

		if (is_end(insn))
			qemu_plugin_register_vcpu_insn_exec_cb(insn, end, QEMU_PLUGIN_CB_NO_REGS,
							       NULL);
		qemu_plugin_register_vcpu_insn_exec_cb(insn, executed, QEMU_PLUGIN_CB_NO_REGS,
						       bucket_of(insn));
		if (is_begin(insn))
			qemu_plugin_register_vcpu_insn_exec_cb(insn, begin, QEMU_PLUGIN_CB_NO_REGS,
							       NULL);
		if (num_bells)
			qemu_plugin_register_vcpu_mem_cb(insn, stored, QEMU_PLUGIN_CB_NO_REGS,
							 QEMU_PLUGIN_MEM_W, NULL);
	}
}

static void finished(qemu_plugin_id_t id, void *data)
{
	GHashTableIter iter;
	gpointer value;

	if (profile) {
		g_hash_table_iter_init(&iter, profile);
		while (g_hash_table_iter_next(&iter, NULL, &value)) {
			uint64_t *entry = value;

			if (entry[1])
				fprintf(profile_out, "%" PRIx64 " %" PRIu64 "\n",
					entry[0] * PROFILE_BYTES, entry[1]);
		}
		fclose(profile_out);
	}
	fclose(out);
}

static bool add_bell(const char *address, enum direction direction)
{
	if (num_bells == MAX_BELLS)
		return false;
	bells[num_bells].address = strtoull(address, NULL, 0);
	bells[num_bells].direction = direction;
	num_bells++;
	return true;
}

static bool take_argument(const char *arg)
{
	if (g_str_has_prefix(arg, "out=")) {
		out = fopen(arg + 4, "w");
		return out;
	}
	if (g_str_has_prefix(arg, "profile=")) {
		profile_out = fopen(arg + 8, "w");
		profile = g_hash_table_new(g_int64_hash, g_int64_equal);
		return profile_out;
	}
	if (g_str_has_prefix(arg, "remote=")) {
		first_remote = strtoul(arg + 7, NULL, 0);
		return true;
	}
	if (g_str_has_prefix(arg, "to="))
		return add_bell(arg + 3, TO_REMOTE);
	return g_str_has_prefix(arg, "from=") && add_bell(arg + 5, FROM_REMOTE);
}

QEMU_PLUGIN_EXPORT int qemu_plugin_install(qemu_plugin_id_t id, const qemu_info_t *info,
					   int argc, char **argv)
{
	int i;

	for (i = 0; i < argc; i++) {
		if (!take_argument(argv[i])) {
			fprintf(stderr, "count: %s: not understood, or no such file\n", argv[i]);
			return -1;
		}
	}
	if (!out) {
		fprintf(stderr, "count: out= is missing\n");
		return -1;
	}
	qemu_plugin_register_vcpu_tb_trans_cb(id, translated);
	qemu_plugin_register_atexit_cb(id, finished, NULL);
	return 0;
}
