// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (c) 2026 linux-amp developers
 */
#include "guest.h"
#include "link.h"

#include <dirent.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

bool link_vdev(const struct remote *remote, char *name, size_t size)
{
	DIR *dir = opendir(VIRTIO_DRIVER);
	char link[PATH_MAX], target[PATH_MAX], parent[32];
	struct dirent *entry;
	bool found = false;

	snprintf(parent, sizeof(parent), "/remoteproc%d/", remote->index);
	while (dir && !found && (entry = readdir(dir))) {
		if (strncmp(entry->d_name, "virtio", strlen("virtio")))
			continue;
		snprintf(link, sizeof(link), VIRTIO_DRIVER "/%s", entry->d_name);
		found = realpath(link, target) && strstr(target, parent);
		if (found)
			snprintf(name, size, "%s", entry->d_name);
	}

	if (dir)
		closedir(dir);
	return found;
}

long link_counter(const char *vdev, const char *name)
{
	char path[PATH_MAX], text[32];

	snprintf(path, sizeof(path), VIRTIO_DEVICES "/%s/statistics/%s", vdev, name);
	return read_text(path, text, sizeof(text)) > 0 ? strtol(text, NULL, 10) : -1;
}
