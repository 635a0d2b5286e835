/* SPDX-License-Identifier: GPL-2.0-only */
#include "cmd/demo_files.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "course/course.h"
#include "util/error.h"

/* Writes the folder of the running binary. */
static int own_folder(char folder[static PATH_MAX])
{
	const ssize_t length = readlink("/proc/self/exe", folder, PATH_MAX - 1);
	char *slash;

	if (length < 0)
		return -errno;
	folder[length] = '\0';
	slash = strrchr(folder, '/');
	if (!slash)
		return -ENOENT;
	*slash = '\0';
	return 0;
}

/* Writes the real path of folder/name+suffix, which has no "..", if it can be accessed in this mode. */
static int find_file(const char *folder, const char *name, const char *suffix, int mode, char *path,
		     size_t size)
{
	char tried[PATH_MAX], real[PATH_MAX];
	const int length = snprintf(tried, sizeof(tried), "%s/%s%s", folder, name, suffix);

	if (length < 0 || (size_t)length >= sizeof(tried))
		return -ENAMETOOLONG;
	if (access(tried, mode) != 0 || !realpath(tried, real))
		return -ENOENT;
	if (strlen(real) >= size)
		return -ENAMETOOLONG;
	strcpy(path, real);
	return 0;
}

/* The folder of the running binary comes first, so that a build tree finds its own demos. */
int pw_demo_path(const char *name, char *path, size_t size)
{
	char folder[PATH_MAX], demos[PATH_MAX + 32];

	if (own_folder(folder) == 0) {
		snprintf(demos, sizeof(demos), "%s/demos", folder);
		if (find_file(demos, name, "", X_OK, path, size) == 0)
			return 0;
	}
	return find_file(PW_LIBEXEC, name, "", X_OK, path, size);
}

int pw_demo_source(const char *name, char *path, size_t size)
{
	char folder[PATH_MAX], course[PATH_MAX + 32];

	if (own_folder(folder) == 0) {
		snprintf(course, sizeof(course), "%s/../src/course/%s", folder, name + strlen("demo_"));
		if (find_file(course, "demo", ".c", R_OK, path, size) == 0)
			return 0;
	}
	return find_file(PW_SOURCES, name, ".c", R_OK, path, size);
}

void pw_log_unknown_demo(const char *command, const char *name)
{
	const struct pw_demo *nearest = pw_demo_nearest(name);

	if (nearest)
		pw_log_usage(command, "unknown demo '%s'; did you mean '%s'?", name, nearest->name);
	else
		pw_log_usage(command, "unknown demo '%s' (see 'procwatch demos')", name);
}
