/* SPDX-License-Identifier: GPL-2.0-only */
#include "capture/enrich.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <mntent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "capture/group.h"
#include "capture/proc.h"

void pw_enrich_to(struct pw_enrich *e, pw_event_fn fn, void *context)
{
	e->fn = fn;
	e->context = context;
}

void pw_enrich_close(struct pw_enrich *e)
{
	if (e->cgroup_fd > 0)
		close(e->cgroup_fd);
	free(e->cgroups);
}

enum { PROC_FILE = 64 };

/* ---- control groups */

static int open_cgroup2(void)
{
	FILE *mounts = setmntent("/proc/self/mounts", "re");
	struct mntent *m;
	int fd = -1;

	while (mounts && fd < 0 && (m = getmntent(mounts)))
		if (!strcmp(m->mnt_type, "cgroup2"))
			fd = open(m->mnt_dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (mounts)
		endmntent(mounts);
	return fd;
}

/* The path of one of the process's files in /proc; returns path, for use within one expression. */
static const char *proc_file(const struct pw_enrich *e, const struct pw_birth *birth, const char *name,
			     char path[static PROC_FILE])
{
	snprintf(path, PROC_FILE, "/proc/%u/%s", e->proc_is_inner ? birth->ns_pid : birth->tgid, name);
	return path;
}

/* A control group's id is the inode number of its directory. */
static bool is_cgroup(const struct pw_enrich *e, const char *path, uint64_t id)
{
	struct stat st;

	return !fstatat(e->cgroup_fd, path[1] ? path + 1 : ".", &st, 0) && st.st_ino == id;
}

/* What the process itself says, if it still is there and in the group it was born in. */
static bool ask_process(const struct pw_enrich *e, const struct pw_birth *birth, char *path, size_t size)
{
	char file[PROC_FILE];

	return pw_group_path(proc_file(e, birth, "cgroup", file), path, size) &&
	       is_cgroup(e, path, birth->cgroup_id);
}

/* Looks for the directory with this inode number below an open one, which it closes. used is the path's length. */
static bool search(int dir_fd, uint64_t id, char *path, size_t used, size_t size)
{
	DIR *dir = dir_fd < 0 ? NULL : fdopendir(dir_fd);
	bool found = false;
	struct dirent *d;

	while (dir && !found && (d = readdir(dir))) {
		size_t length = strlen(d->d_name);

		if (d->d_type != DT_DIR || d->d_name[0] == '.' || used + length + 2 > size)
			continue;
		snprintf(path + used, size - used, "/%s", d->d_name);
		found = d->d_ino == id ||
			search(openat(dirfd(dir), d->d_name, O_RDONLY | O_DIRECTORY | O_CLOEXEC), id, path,
			       used + length + 1, size);
	}
	if (dir)
		closedir(dir);
	else if (dir_fd >= 0)
		close(dir_fd);
	return found;
}

/* open_by_handle_at() would find it at once, but takes a capability that reads any file. */
static bool find_cgroup(struct pw_enrich *e, const struct pw_birth *birth, char *path, size_t size)
{
	if (!e->cgroup_fd)
		e->cgroup_fd = open_cgroup2();
	if (e->cgroup_fd < 0)
		return false;
	if (is_cgroup(e, "/", birth->cgroup_id))
		return snprintf(path, size, "/") > 0;
	return ask_process(e, birth, path, size) ||
	       search(openat(e->cgroup_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC), birth->cgroup_id, path,
		      0, size);
}

static bool is_told(const struct pw_enrich *e, uint64_t id)
{
	for (size_t i = e->n_cgroups; i > 0; i--) /* the newest is the likeliest */
		if (e->cgroups[i - 1] == id)
			return true;
	return false;
}

static int tell_cgroup(struct pw_enrich *e, const struct pw_birth *birth)
{
	struct pw_cgroup event = {.h = {.ts = birth->h.ts, .kind = PW_EV_CGROUP},
				  .cgroup_id = birth->cgroup_id};

	if (is_told(e, birth->cgroup_id))
		return 0;
	if (e->n_cgroups == e->max_cgroups) {
		size_t max = e->max_cgroups ? e->max_cgroups * 2 : 16;
		uint64_t *more = realloc(e->cgroups, max * sizeof(*more));

		if (!more)
			return -ENOMEM;
		e->cgroups = more;
		e->max_cgroups = max;
	}
	e->cgroups[e->n_cgroups++] = birth->cgroup_id;
	if (!find_cgroup(e, birth, event.path, sizeof(event.path)))
		return 0; /* unknown: it stays null in the reports */
	return e->fn(e->context, &event.h);
}

/* ---- programs and arguments */

static void read_image(const struct pw_enrich *e, const struct pw_birth *birth, struct pw_exec *x)
{
	char path[64];
	char file[PROC_FILE];
	int fd = open(proc_file(e, birth, "cmdline", file), O_RDONLY | O_CLOEXEC);
	ssize_t n;

	snprintf(path, sizeof(path), "/proc/%u/exe", e->proc_is_inner ? birth->ns_pid : birth->tgid);
	n = readlink(path, x->exe, sizeof(x->exe) - 1);
	x->exe[n < 0 ? 0 : n] = '\0';
	n = fd < 0 ? 0 : read(fd, x->argv, sizeof(x->argv));
	if (fd >= 0)
		close(fd);
	x->argv_len = n < 0 ? 0 : (uint32_t)n;
	if (x->argv_len == sizeof(x->argv)) {
		x->argv_len--;
		x->h.flags |= PW_TRUNCATED;
	}
}

/*
 * Looks the process up; false: /proc shows it no more, or another. Inside a PID
 * namespace it is looked up by its innermost number, which may be another's if it
 * processes deeper still.
 */
static bool is_shown(const struct pw_enrich *e, const struct pw_birth *birth)
{
	struct pw_proc proc;

	return pw_proc_read(e->proc_is_inner ? birth->ns_pid : birth->tgid, &proc) &&
	       pw_proc_began(&proc, birth->h.start);
}

/* The pid may have gone to somebody else while it was read: to be shown before and after says it has not. */
static int tell_image(struct pw_enrich *e, const struct pw_birth *birth)
{
	struct pw_exec *x;
	int err = 0;

	if (birth->exit_state || !is_shown(e, birth))
		return 0;
	x = calloc(1, sizeof(*x));
	if (!x)
		return -ENOMEM;
	x->h = birth->h;
	x->h.kind = PW_EV_EXEC;
	x->h.flags = PW_SEEDED;
	x->old_tid = birth->h.tid;
	memcpy(x->comm, birth->comm, sizeof(x->comm));
	read_image(e, birth, x);
	if (is_shown(e, birth) && (x->argv_len || x->exe[0]))
		err = e->fn(e->context, &x->h);
	free(x);
	return err;
}

static int tell_birth(struct pw_enrich *e, const struct pw_birth *birth)
{
	int err = tell_cgroup(e, birth);

	err = err ? err : e->fn(e->context, &birth->h);
	if (!err && birth->h.flags & PW_SEEDED && birth->h.tid == birth->tgid) {
		err = tell_image(e, birth);
		pw_usdt_of_process(e->marks, e->proc_is_inner ? birth->ns_pid : birth->tgid);
	}
	return err;
}

int pw_enrich_event(void *enrich, const struct pw_event *event)
{
	struct pw_enrich *e = enrich;
	int err = 0;

	if (event->kind == PW_EV_BIRTH)
		return tell_birth(e, (const struct pw_birth *)(const void *)event);
	if (event->kind == PW_EV_EXEC)
		pw_usdt_of_recent_exec(e->marks, e->proc_is_inner ? 0 : event->tid,
				       ((const struct pw_exec *)(const void *)event)->exe);
	else if (event->kind == PW_EV_MARK)
		err = pw_usdt_tell(e->marks, event->ts, e->fn, e->context);
	return err ? err : e->fn(e->context, event);
}
