// SPDX-License-Identifier: GPL-2.0-only
/*
 * Finding and driving remote processors from a test. See remote.h.
 *
 * Copyright (c) 2026 linux-amp developers
 */
#include "guest.h"
#include "remote.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>

#include <linux/elf.h>

#define CLASS_DIR	"/sys/class/remoteproc"
#define DEBUGFS		"/sys/kernel/debug"
#define ANY_A9_MEMORY	"/proc/device-tree/reserved-memory/memory@e000000"

/* Those first that others stand on. */
#define ALL_MODULES \
	"amp_rproc zynqmp_ipi_mailbox imx_mailbox xlnx_r5_remoteproc imx_rproc zynq_remoteproc " \
	"rpmsg_ns virtio_rpmsg_bus rpmsg_char rpmsg_ctrl rpmsg_tty"

/* Not having a module is an error only where that module was asked for by name. */
int modules_load(void)
{
	const char *wanted = getenv("AMP_MODULES");
	char *list = strdup(wanted ? wanted : ALL_MODULES), *rest = list, *name;
	int ret = 0;

	while ((name = strsep(&rest, " "))) {
		const char *const argv[] = { "modprobe", wanted ? name : "-q",
					     wanted ? NULL : name, NULL };
		char path[64];

		snprintf(path, sizeof(path), "/sys/module/%s", name);
		if (*name && access(path, F_OK) && run(argv) && wanted)
			ret = 1;
	}

	free(list);
	return ret;
}

/*
 * What there is test firmware for, by the compatible of the remote's devicetree node. R5s are
 * numbered by the unit of their node, "r5f-0", "r5f_0" or "r5@0" in older and "r5f@0" in newer
 * trees. All name cores by position, which is what the firmware is linked for.
 */
static bool remote_identify(struct remote *remote)
{
	char path[128], compatible[128] = "", link[PATH_MAX], node[PATH_MAX];
	const char *name;

	snprintf(link, sizeof(link), "%s/device/of_node", remote->sysfs);
	snprintf(path, sizeof(path), "%s/device/of_node/compatible", remote->sysfs);
	if (!realpath(link, node))
		return false;
	/* Strings with a NUL behind each: the first says enough. The oldest nodes have none. */
	read_text(path, compatible, sizeof(compatible));

	remote->core = 0;
	if (strstr(compatible, "-cm4")) {
		strcpy(remote->unit, "m4");
		return true;
	}
	if (strstr(compatible, "zynq_remoteproc")) {
		/* Of dts/zynq-cpu1.dtso, which has its memory where every board has some. */
		strcpy(remote->unit, access(ANY_A9_MEMORY, F_OK) ? "a9" : "a9-any");
		return true;
	}

	name = strrchr(node, '/') + 1;
	if (strncmp(name, "r5", 2) || !strpbrk(name, "-@_"))
		return false;
	remote->core = strtol(strpbrk(name, "-@_") + 1, NULL, 16) ? 1 : 0;
	snprintf(remote->unit, sizeof(remote->unit), "r5-%d", remote->core);
	return true;
}

static int by_core(const void *a, const void *b)
{
	const struct remote *left = a, *right = b;

	return left->core - right->core;
}

static int remotes_scan(struct remote *remotes)
{
	DIR *dir = opendir(CLASS_DIR);
	struct dirent *entry;
	int count = 0;

	while (dir && count < REMOTES_MAX && (entry = readdir(dir))) {
		struct remote *remote = &remotes[count];

		if (sscanf(entry->d_name, "remoteproc%d", &remote->index) != 1)
			continue;
		snprintf(remote->sysfs, sizeof(remote->sysfs), CLASS_DIR "/remoteproc%d",
			 remote->index);
		if (!remote_identify(remote))
			continue;
		snprintf(remote->links, sizeof(remote->links), "/remoteproc%d/", remote->index);
		snprintf(remote->echo, sizeof(remote->echo), "%s", firmware_of(remote, "echo"));
		count++;
	}

	if (dir)
		closedir(dir);
	qsort(remotes, count, sizeof(*remotes), by_core);
	return count;
}

int remotes_find(struct remote *remotes)
{
	int count = 0;

	if (modules_load())
		return 0;
	if (access(DEBUGFS "/remoteproc", F_OK))
		mount("debugfs", DEBUGFS, "debugfs", 0, NULL);

	wait_until((count = remotes_scan(remotes)) > 0);
	return count;
}

const char *remote_attr(const struct remote *remote, const char *attr)
{
	static char value[128];
	char path[128];

	snprintf(path, sizeof(path), "%s/%s", remote->sysfs, attr);
	read_text(path, value, sizeof(value));
	return value;
}

bool remote_is(const struct remote *remote, const char *state)
{
	return !strcmp(remote_attr(remote, "state"), state);
}

int remote_set(const struct remote *remote, const char *attr, const char *value)
{
	char path[128];

	snprintf(path, sizeof(path), "%s/%s", remote->sysfs, attr);
	return write_text(path, value);
}

int remote_start(const struct remote *remote, const char *firmware)
{
	int ret = remote_set(remote, "firmware", firmware);

	return ret ? ret : remote_set(remote, "state", "start");
}

/*
 * In a recovery a remote is offline for a moment, then runs again. The kernel holds a lock all that
 * time, which a stop has to wait for, so what is offline before and after one is at rest.
 */
static bool at_rest(const struct remote *remote)
{
	bool was_offline = remote_is(remote, "offline");

	remote_set(remote, "state", "stop");
	return was_offline && remote_is(remote, "offline");
}

/*
 * Kernels before 6.13 count starts and want as many stops. A crashed remote refuses them until it
 * has been recovered; one that something else has started always does.
 */
bool remote_offline(const struct remote *remote)
{
	return wait_until(at_rest(remote) || remote_is(remote, "detached")) &&
	       remote_is(remote, "offline");
}

bool remote_has_sram(const struct remote *remote)
{
	char path[128];

	snprintf(path, sizeof(path), "%s/device/of_node/srams", remote->sysfs);
	return !access(path, F_OK);
}

const char *firmware_of(const struct remote *remote, const char *program)
{
	static char name[32];

	snprintf(name, sizeof(name), "amp-%s-%s.elf", program, remote->unit);
	return name;
}

int remote_trace(const struct remote *remote, char *buf, size_t size)
{
	char path[128];

	snprintf(path, sizeof(path), DEBUGFS "/remoteproc/remoteproc%d/trace0", remote->index);
	return read_text(path, buf, size);
}

static bool trace_has(const struct remote *remote, const char *text)
{
	char trace[8192];

	return remote_trace(remote, trace, sizeof(trace)) > 0 && strstr(trace, text);
}

bool remote_says(const struct remote *remote, const char *text)
{
	return wait_until(trace_has(remote, text));
}

static __u32 symbol_in(const char *image, size_t size, const char *name)
{
	const struct elf32_hdr *ehdr = (const void *)image;
	const struct elf32_shdr *shdr = (const void *)(image + ehdr->e_shoff);

	if (size < sizeof(*ehdr) ||
	    ehdr->e_shoff + ehdr->e_shnum * sizeof(*shdr) > size)
		return 0;

	for (int i = 0; i < ehdr->e_shnum; i++) {
		const struct elf32_sym *sym = (const void *)(image + shdr[i].sh_offset);
		const char *names = image + shdr[shdr[i].sh_link].sh_offset;

		if (shdr[i].sh_type != SHT_SYMTAB)
			continue;
		for (size_t n = 0; n < shdr[i].sh_size / sizeof(*sym); n++)
			if (!strcmp(names + sym[n].st_name, name))
				return sym[n].st_value;
	}

	return 0;
}

__u32 firmware_symbol(const char *firmware, const char *name)
{
	__u32 address;
	char path[128];
	size_t size;
	char *image;

	snprintf(path, sizeof(path), FIRMWARE_DIR "/%s", firmware);
	image = read_file(path, &size);
	if (!image)
		return 0;

	address = symbol_in(image, size, name);
	free(image);
	return address;
}

void *memory_map(__u64 address, size_t size)
{
	/* O_SYNC asks for an uncached mapping: the other side is not cache coherent. */
	int fd = open("/dev/mem", O_RDWR | O_SYNC | O_CLOEXEC);
	void *map;

	if (fd < 0)
		return NULL;

	map = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, address);
	close(fd);
	return map == MAP_FAILED ? NULL : map;
}

pid_t remote_thread(const struct remote *remote)
{
	DIR *dir = opendir("/proc");
	char path[64], name[32], text[32];
	struct dirent *entry;
	pid_t pid = 0;

	snprintf(name, sizeof(name), "remoteproc%d", remote->index);
	while (dir && !pid && (entry = readdir(dir))) {
		snprintf(path, sizeof(path), "/proc/%.16s/comm", entry->d_name);
		if (read_text(path, text, sizeof(text)) > 0 && !strcmp(text, name))
			pid = atoi(entry->d_name);
	}
	if (dir)
		closedir(dir);
	return pid;
}
