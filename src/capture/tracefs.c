/* SPDX-License-Identifier: GPL-2.0-only */
#include "capture/tracefs.h"

#include <errno.h>
#include <linux/perf_event.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "capture/caps.h"

#define TRACEFS "/sys/kernel/tracing"

/* In a chroot the root is not a mount point, but /sys is. */
static int make_mounts_private(void)
{
	return mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) &&
	       mount(NULL, "/sys", NULL, MS_REC | MS_PRIVATE, NULL);
}

/* Mounts tracefs for this process alone. Returns 0 or a negative errno. */
static int mount_tracefs(void)
{
	if (unshare(CLONE_NEWNS) || make_mounts_private() ||
	    mount("tracefs", TRACEFS, "tracefs", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL))
		return -errno;
	return 0;
}

/* The id of a tracepoint that every kernel has. Opened, because access() ignores capabilities. Negative errno. */
static long read_tracepoint_id(void)
{
	FILE *f = fopen(TRACEFS "/events/sched/sched_process_exit/id", "re");
	unsigned int id = 0;

	if (!f)
		return -errno;
	if (fscanf(f, "%u", &id) != 1)
		id = 0;
	fclose(f);
	return id ? (long)id : -EIO;
}

static int open_tracepoint(long id)
{
	struct perf_event_attr attr = {
		.size = sizeof(attr), .type = PERF_TYPE_TRACEPOINT, .config = (uint64_t)id};
	const long fd = syscall(SYS_perf_event_open, &attr, -1, 0, -1, PERF_FLAG_FD_CLOEXEC);

	return fd < 0 ? -errno : (int)fd;
}

/* Debian's kernels (5.10 to 7.3) have a level 3 and start with it: perf_event_open then takes CAP_SYS_ADMIN. */
static int read_paranoid_level(void)
{
	FILE *f = fopen("/proc/sys/kernel/perf_event_paranoid", "re");
	int level = 0;

	if (f) {
		if (fscanf(f, "%d", &level) != 1)
			level = 0;
		fclose(f);
	}
	return level;
}

static int explain(char why[static PW_WHY_LEN], const char *what, int err)
{
	snprintf(why, PW_WHY_LEN, "%s: %s", what, strerror(-err));
	return err;
}

/* The id as above; mounts tracefs if it is not there. */
static long find_tracepoint_id(char why[static PW_WHY_LEN], uint64_t *wanted_caps)
{
	long id = read_tracepoint_id();
	int err;

	if (id == -ENOENT) {
		err = mount_tracefs();
		if (err == -EBUSY) { /* it is mounted, and empty */
			snprintf(why, PW_WHY_LEN, TRACEFS " is empty");
			return err;
		}
		if (err) {
			*wanted_caps = pw_caps_missing(PW_CAP(CAP_SYS_ADMIN));
			return explain(why, TRACEFS " is not mounted, and cannot be mounted", err);
		}
		id = read_tracepoint_id();
	}
	if (id < 0) {
		*wanted_caps = pw_caps_missing(PW_CAP(CAP_DAC_READ_SEARCH));
		return explain(why, TRACEFS " cannot be read", (int)id);
	}
	return id;
}

int pw_tracefs_try(char why[static PW_WHY_LEN], uint64_t *wanted_caps)
{
	const long id = find_tracepoint_id(why, wanted_caps);
	int fd;

	if (id < 0)
		return (int)id;
	fd = open_tracepoint(id);
	if (fd >= 0)
		return fd;
	*wanted_caps = pw_caps_missing(PW_CAP(CAP_PERFMON));
	if (!*wanted_caps && fd == -EACCES && read_paranoid_level() > 2) {
		*wanted_caps = pw_caps_missing(PW_CAP(CAP_SYS_ADMIN));
		snprintf(why, PW_WHY_LEN,
			 "kernel.perf_event_paranoid is above 2, and CAP_SYS_ADMIN is missing");
		return fd;
	}
	return explain(why, "perf_event_open", fd);
}
