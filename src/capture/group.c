/* SPDX-License-Identifier: GPL-2.0-only */
#include "capture/group.h"

#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#define CGROUPS "/sys/fs/cgroup"

/* "0::/user.slice/..." is the line of version 2. */
bool pw_group_path(const char *file, char *path, size_t size)
{
	char line[PATH_MAX];
	FILE *f = fopen(file, "re");
	bool found = false;

	while (f && !found && fgets(line, sizeof(line), f))
		found = !strncmp(line, "0::/", 4);
	if (f)
		fclose(f);
	line[found ? strcspn(line, "\n") : 0] = '\0';
	return found && snprintf(path, size, "%s", line + 3) < (int)size;
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

	if (!pw_group_path("/proc/self/cgroup", path, sizeof(path)))
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
