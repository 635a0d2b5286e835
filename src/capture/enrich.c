/* SPDX-License-Identifier: GPL-2.0-only */
#include "capture/enrich.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <mntent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

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

/* The path of an open directory, below another. */
static int path_below(int root_fd, int fd, char *path, size_t size)
{
	char link[64], root[PATH_MAX], full[PATH_MAX];
	ssize_t root_length, length;

	snprintf(link, sizeof(link), "/proc/self/fd/%d", root_fd);
	root_length = readlink(link, root, sizeof(root));
	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	length = readlink(link, full, sizeof(full));
	if (root_length < 0 || length < root_length || memcmp(root, full, (size_t)root_length) != 0)
		return -ENOENT;
	length -= root_length;
	if (!length)
		snprintf(path, size, "/");
	else
		snprintf(path, size, "%.*s", (int)length, full + root_length);
	return 0;
}

/* A control group's id is the file handle of its directory (kernfs_encode_fh, since 5.5). */
static int cgroup_path(struct pw_enrich *e, uint64_t id, char *path, size_t size)
{
	union {
		struct file_handle handle;
		char room[sizeof(struct file_handle) + sizeof(id)];
	} h = {.handle = {.handle_bytes = sizeof(id), .handle_type = 0xfe /* FILEID_KERNFS */}};
	int fd, err;

	if (!e->cgroup_fd)
		e->cgroup_fd = open_cgroup2();
	if (e->cgroup_fd < 0)
		return -ENOENT;
	memcpy(h.room + offsetof(struct file_handle, f_handle), &id, sizeof(id));
	fd = open_by_handle_at(e->cgroup_fd, &h.handle, O_PATH | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	err = path_below(e->cgroup_fd, fd, path, size);
	close(fd);
	return err;
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
	if (cgroup_path(e, birth->cgroup_id, event.path, sizeof(event.path)))
		return 0; /* unknown: it stays null in the reports */
	return e->fn(e->context, &event.h);
}

/* ---- programs and arguments */

static int open_proc(uint32_t pid, const char *name)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%u/%s", pid, name);
	return open(path, O_RDONLY | O_CLOEXEC);
}

static void read_image(uint32_t pid, struct pw_exec *x)
{
	char path[64];
	int fd = open_proc(pid, "cmdline");
	ssize_t n;

	snprintf(path, sizeof(path), "/proc/%u/exe", pid);
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

/* The start time in clock ticks since boot, field 22 of stat: 0 when the process is gone. */
static uint64_t start_ticks(uint32_t pid)
{
	char text[1024], *field;
	int fd = open_proc(pid, "stat");
	ssize_t n = fd < 0 ? -1 : read(fd, text, sizeof(text) - 1);

	if (fd >= 0)
		close(fd);
	if (n <= 0)
		return 0;
	text[n] = '\0';
	field = strrchr(text, ')'); /* a name may contain anything, parentheses too */
	for (int i = 2; field && i < 22; i++)
		field = strchr(field + 1, ' ');
	return field ? strtoull(field, NULL, 10) : 0;
}

/* The pid may have gone to somebody else while it was read: the same start before and after says it has not. */
static int tell_image(struct pw_enrich *e, const struct pw_birth *birth)
{
	uint64_t before = start_ticks(birth->tgid);
	struct pw_exec *x;
	int err = 0;

	if (!before || birth->exit_state)
		return 0;
	x = calloc(1, sizeof(*x));
	if (!x)
		return -ENOMEM;
	x->h = birth->h;
	x->h.kind = PW_EV_EXEC;
	x->h.flags = PW_SEEDED;
	x->old_tid = birth->h.tid;
	memcpy(x->comm, birth->comm, sizeof(x->comm));
	read_image(birth->tgid, x);
	if (start_ticks(birth->tgid) == before && (x->argv_len || x->exe[0]))
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
		pw_marks_of_process(e->marks, birth->tgid);
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
		pw_marks_of_newcomer(e->marks, event->tid,
				     ((const struct pw_exec *)(const void *)event)->exe);
	else if (event->kind == PW_EV_MARK)
		err = pw_marks_tell(e->marks, event->ts, e->fn, e->context);
	return err ? err : e->fn(e->context, event);
}
