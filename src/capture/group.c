/* SPDX-License-Identifier: GPL-2.0-only */
#include "capture/group.h"

#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#define CGROUPS "/sys/fs/cgroup"

/* "0::/user.slice/..." is the line of version 2. */
static bool read_own_group(char path[static PATH_MAX])
{
	FILE *f = fopen("/proc/self/cgroup", "re");
	bool found = false;

	while (f && !found && fgets(path, PATH_MAX, f))
		found = !strncmp(path, "0::/", 4);
	if (f)
		fclose(f);
	if (!found)
		return false;
	path[strcspn(path, "\n")] = '\0';
	memmove(path, path + 3, strlen(path + 3) + 1);
	return true;
}

/* The word max is no number: no limit. */
static bool read_limit(const char *group, uint64_t *bytes)
{
	char path[PATH_MAX + sizeof(CGROUPS "/memory.max")];
	FILE *f;
	bool limited;

	snprintf(path, sizeof(path), CGROUPS "%s/memory.max", group);
	f = fopen(path, "re");
	if (!f)
		return false;
	limited = fscanf(f, "%" SCNu64, bytes) == 1;
	fclose(f);
	return limited;
}

bool pw_group_memory(char *group, size_t size, uint64_t *bytes)
{
	char path[PATH_MAX];
	uint64_t limit;
	bool limited = false;

	if (!read_own_group(path))
		return false;
	for (char *slash = path + strlen(path); slash; slash = strrchr(path, '/')) {
		*slash = '\0';
		if (read_limit(path, &limit) && (!limited || limit < *bytes)) {
			snprintf(group, size, "%s", path);
			*bytes = limit;
			limited = true;
		}
	}
	return limited;
}
