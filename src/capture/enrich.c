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

#include "capture/procfs.h"
#include "util/array.h"

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

#define PROC_FILE 64

/* The number that a process has in /proc. */
static uint32_t proc_pid(const struct pw_enrich *e, const struct pw_birth *birth)
{
	return e->proc_is_inner ? birth->ns_pid : birth->tgid;
}

/* Writes the path of a process's file in /proc. Returns path, so that a call can be an argument. */
static const char *proc_file(const struct pw_enrich *e, const struct pw_birth *birth, const char *name,
			     char path[static PROC_FILE])
{
	snprintf(path, PROC_FILE, "/proc/%u/%s", proc_pid(e, birth), name);
	return path;
}

/* ---- cgroups */

static int open_cgroup2(void)
{
	FILE *mounts = setmntent("/proc/self/mounts", "re");
	struct mntent *m;
	int fd = -1;

	for (m = mounts ? getmntent(mounts) : NULL; m && fd < 0; m = getmntent(mounts))
		if (!strcmp(m->mnt_type, "cgroup2"))
			fd = open(m->mnt_dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (mounts)
		endmntent(mounts);
	return fd;
}

/* A cgroup's id is the inode number of its directory. */
static bool is_cgroup(const struct pw_enrich *e, const char *path, uint64_t id)
{
	struct stat st;

	return !fstatat(e->cgroup_fd, path[1] ? path + 1 : ".", &st, 0) && st.st_ino == id;
}

/* Reads it from the process's own /proc entry, if it still exists and is still in the cgroup it was forked in. */
static bool read_cgroup(const struct pw_enrich *e, const struct pw_birth *birth, char *path, size_t size)
{
	char file[PROC_FILE];

	return pw_proc_cgroup_path(proc_file(e, birth, "cgroup", file), path, size) &&
	       is_cgroup(e, path, birth->cgroup_id);
}

static int open_directory(int at, const char *name)
{
	return openat(at, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

/*
 * Searches the directories below an open one, which it closes, for one with this inode
 * number. path has this many bytes used, and gets the names below appended.
 */
static bool search(int dir_fd, uint64_t id, char *path, size_t used, size_t size)
{
	DIR *dir = dir_fd < 0 ? NULL : fdopendir(dir_fd);
	bool found = false;

	if (!dir) {
		if (dir_fd >= 0)
			close(dir_fd);
		return false;
	}
	while (!found) {
		const struct dirent *d = readdir(dir);
		const size_t length = d ? strlen(d->d_name) : 0;

		if (!d)
			break;
		if (d->d_type != DT_DIR || d->d_name[0] == '.' || used + length + 2 > size)
			continue;
		snprintf(path + used, size - used, "/%s", d->d_name);
		found = d->d_ino == id ||
			search(open_directory(dirfd(dir), d->d_name), id, path, used + length + 1, size);
	}
	closedir(dir);
	return found;
}

/* open_by_handle_at() would find it at once, but needs a capability that can read any file. */
static bool find_cgroup(struct pw_enrich *e, const struct pw_birth *birth, char *path, size_t size)
{
	if (!e->cgroup_fd)
		e->cgroup_fd = open_cgroup2();
	if (e->cgroup_fd < 0)
		return false;
	if (is_cgroup(e, "/", birth->cgroup_id))
		return snprintf(path, size, "/") > 0;
	return read_cgroup(e, birth, path, size) ||
	       search(open_directory(e->cgroup_fd, "."), birth->cgroup_id, path, 0, size);
}

static bool is_known_cgroup(const struct pw_enrich *e, uint64_t id)
{
	for (size_t i = e->n_cgroups; i > 0; i--) /* the newest is the likeliest */
		if (e->cgroups[i - 1] == id)
			return true;
	return false;
}

/* Hands on the path of the cgroup once. If it cannot be found, reports show null. */
static int hand_on_cgroup(struct pw_enrich *e, const struct pw_birth *birth)
{
	struct pw_cgroup event = {.h = {.ts = birth->h.ts, .kind = PW_EV_CGROUP},
				  .cgroup_id = birth->cgroup_id};
	int err;

	if (is_known_cgroup(e, birth->cgroup_id))
		return 0;
	err = pw_array_reserve(&e->cgroups, &e->cgroup_room, e->n_cgroups + 1, sizeof(*e->cgroups));
	if (err)
		return err;
	e->cgroups[e->n_cgroups++] = birth->cgroup_id;
	if (!find_cgroup(e, birth, event.path, sizeof(event.path)))
		return 0;
	return e->fn(e->context, &event.h);
}

/* ---- programs and arguments */

static void read_exe(const struct pw_enrich *e, const struct pw_birth *birth, struct pw_exec *x)
{
	char file[PROC_FILE];
	ssize_t n = readlink(proc_file(e, birth, "exe", file), x->exe, sizeof(x->exe) - 1);

	x->exe[n < 0 ? 0 : n] = '\0';
}

static void read_argv(const struct pw_enrich *e, const struct pw_birth *birth, struct pw_exec *x)
{
	char file[PROC_FILE];
	int fd = open(proc_file(e, birth, "cmdline", file), O_RDONLY | O_CLOEXEC);
	ssize_t n;

	if (fd < 0)
		return;
	n = read(fd, x->argv, sizeof(x->argv));
	close(fd);
	x->argv_len = n < 0 ? 0 : (uint32_t)n;
	if (x->argv_len == sizeof(x->argv)) {
		x->argv_len--;
		x->h.flags |= PW_TRUNCATED;
	}
}

/*
 * Whether /proc shows this process, and not another one with its PID. In an inner PID
 * namespace the process is looked up by its innermost PID, which is another process's if it
 * is in a namespace deeper still.
 */
static bool is_shown(const struct pw_enrich *e, const struct pw_birth *birth)
{
	struct pw_proc proc;

	return pw_proc_read(proc_pid(e, birth), &proc) && pw_proc_began(&proc, birth->h.start);
}

/* Its PID may be reused while /proc is read: only if it is shown before and after is all of it this process's. */
static int hand_on_program(struct pw_enrich *e, const struct pw_birth *birth)
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
	read_argv(e, birth, x);
	read_exe(e, birth, x);
	if (is_shown(e, birth) && (x->argv_len || x->exe[0]))
		err = e->fn(e->context, &x->h);
	free(x);
	return err;
}

/* ---- events */

static int hand_on_birth(struct pw_enrich *e, const struct pw_birth *birth)
{
	int err = hand_on_cgroup(e, birth);

	if (err)
		return err;
	err = e->fn(e->context, &birth->h);
	if (err || !(birth->h.flags & PW_SEEDED) || birth->h.tid != birth->tgid)
		return err;
	err = hand_on_program(e, birth);
	pw_usdt_of_process(e->usdt, proc_pid(e, birth));
	return err;
}

int pw_enrich_event(void *enrich, const struct pw_event *event)
{
	struct pw_enrich *e = enrich;
	int err;

	switch (event->kind) {
	case PW_EV_BIRTH:
		return hand_on_birth(e, (const struct pw_birth *)(const void *)event);
	case PW_EV_EXEC:
		pw_usdt_of_recent_exec(e->usdt, e->proc_is_inner ? 0 : event->tid,
				       ((const struct pw_exec *)(const void *)event)->exe);
		break;
	case PW_EV_MARK:
		err = pw_usdt_hand_on_names(e->usdt, event->ts, e->fn, e->context);
		if (err)
			return err;
		break;
	default:
		break;
	}
	return e->fn(e->context, event);
}
