/* SPDX-License-Identifier: GPL-2.0-only */
#include "capture/procfs.h"

#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "util/clock.h"

#define STATE_FIELD 3
#define START_FIELD 22
#define CGROUPS	    "/sys/fs/cgroup"

/* ---- a process */

/* One read: between two reads the process could end. */
static bool read_stat(uint32_t pid, char *text, size_t size)
{
	char path[32];
	ssize_t n = -1;
	int fd;

	snprintf(path, sizeof(path), "/proc/%u/stat", pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd >= 0) {
		n = read(fd, text, size - 1);
		close(fd);
	}
	text[n > 0 ? n : 0] = '\0';
	return n > 0;
}

bool pw_proc_read(uint32_t pid, struct pw_proc *proc)
{
	char text[1024], *field;

	if (!read_stat(pid, text, sizeof(text)))
		return false;
	field = strrchr(text, ')'); /* a name may hold any character */
	for (int i = STATE_FIELD - 1; field && i < START_FIELD; i++) {
		field = strchr(field + 1, ' ');
		if (field && i == STATE_FIELD - 1)
			proc->state = field[1];
	}
	if (!field)
		return false;
	proc->start_ticks = strtoull(field, NULL, 10);
	return true;
}

/*
 * /proc counts ticks from boot, suspend included: CLOCK_BOOTTIME, rounded down to a tick.
 * The offset to CLOCK_MONOTONIC is measured now.
 */
bool pw_proc_began(const struct pw_proc *proc, uint64_t start)
{
	const uint64_t tick_ns = 1000000000u / (uint64_t)sysconf(_SC_CLK_TCK);
	struct timespec boot;
	uint64_t expected;

	clock_gettime(CLOCK_BOOTTIME, &boot);
	expected = ((uint64_t)boot.tv_sec * 1000000000u + (uint64_t)boot.tv_nsec - pw_clock_ns() + start) /
		   tick_ns;
	return proc->start_ticks + 1 >= expected && proc->start_ticks <= expected + 1;
}

/* ---- cgroups */

/* The line of version 2 is "0::/user.slice/...". */
bool pw_proc_cgroup_path(const char *file, char *path, size_t size)
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

/* Where there is no limit, the file says "max", which is not a number. */
static bool read_memory_max(const char *group, uint64_t *bytes)
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

bool pw_cgroup_memory_limit(char *group, size_t size, uint64_t *bytes)
{
	char path[PATH_MAX];
	uint64_t limit;
	bool limited = false;

	if (!pw_proc_cgroup_path("/proc/self/cgroup", path, sizeof(path)))
		return false;
	for (char *slash = path + strlen(path); slash; slash = strrchr(path, '/')) {
		*slash = '\0';
		if (read_memory_max(path, &limit) && (!limited || limit < *bytes)) {
			snprintf(group, size, "%s", path);
			*bytes = limit;
			limited = true;
		}
	}
	return limited;
}

/* ---- PID namespaces */

uint32_t pw_own_pid_namespace(void)
{
	struct stat st;

	return stat("/proc/self/ns/pid", &st) ? 0 : (uint32_t)st.st_ino;
}

bool pw_in_initial_pid_namespace(void)
{
	const uint32_t own = pw_own_pid_namespace();

	return !own || own == PW_INIT_PID_NAMESPACE;
}

/* After `unshare -pf` without a new mount, /proc is that of an outer namespace, with the outer PIDs. */
bool pw_proc_is_inner(void)
{
	char self[32] = "";

	return !pw_in_initial_pid_namespace() && readlink("/proc/self", self, sizeof(self) - 1) > 0 &&
	       atoi(self) == getpid();
}

/* ---- BPF programs */

/*
 * The kernel counts them since 5.12 (9ed9e9ba2337). Unlike the bpf system call, the fdinfo
 * of a descriptor can be read without a capability, and none is left when this is called.
 */
bool pw_fdinfo_recursion_misses(int program_fd, uint64_t *misses)
{
	char path[64], line[128];
	bool found = false;
	FILE *f;

	snprintf(path, sizeof(path), "/proc/self/fdinfo/%d", program_fd);
	f = fopen(path, "re");
	while (f && !found && fgets(line, sizeof(line), f))
		found = sscanf(line, "recursion_misses: %" SCNu64, misses) == 1;
	if (f)
		fclose(f);
	return found;
}
