/* SPDX-License-Identifier: GPL-2.0-only */
#include "capture/usdt.h"

#include <bpf/bpf.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "capture/caps.h"
#include "capture/sys.h"
#include "capture/uprobes.h"
#include "usdt/notes.h"
#include "util/array.h"
#include "util/clock.h"

/* The dynamic linker is done by then, unless the machine is very busy. */
#define LINKED_NS 200000000ull

void pw_usdt_open(struct pw_usdt *u, int program_fd, bool at_once, int sites_fd)
{
	*u = (struct pw_usdt){.program_fd = program_fd, .at_once = at_once, .sites_fd = sites_fd};
}

void pw_usdt_close(struct pw_usdt *u)
{
	const int ring = pw_close_deferred(u->links, (unsigned int)u->n_links);

	for (size_t i = 0; i < u->n_links; i++)
		close(u->links[i]);
	if (ring >= 0)
		close(ring);
	free(u->links);
	free(u->names);
	free(u->files);
	*u = (struct pw_usdt){0};
}

static const char *reason(int err)
{
	if (err == -ENOSPC)
		return "no room for more marks (4096 places at most)";
	if (err == -EBADMSG)
		return "its notes are damaged";
	return strerror(-err);
}

static void count_failure(struct pw_usdt *u, const char *file, size_t n, int err)
{
	if (!u->failed)
		snprintf(u->why, sizeof(u->why), "%.100s: %s", file, reason(err));
	u->failed += n;
}

/* ---- places and names */

/* The number of a name, from 1 on; 0: out of memory. */
static uint32_t number_of(struct pw_usdt *u, const char *name)
{
	struct pw_mark_name *added;

	for (size_t i = 0; i < u->n_names; i++)
		if (!strcmp(u->names[i].name, name))
			return u->names[i].number;
	if (pw_array_reserve(&u->names, &u->name_room, u->n_names + 1, sizeof(*u->names)))
		return 0;
	added = &u->names[u->n_names++];
	*added = (struct pw_mark_name){.number = (uint32_t)u->n_names};
	memcpy(added->name, name, PW_MARK_LEN);
	return added->number;
}

/*
 * Tells the kernel side what each place is. Returns how many of them the map has room for,
 * or a negative errno.
 */
static int add_sites(struct pw_usdt *u, const struct pw_notes *notes, struct pw_uprobe *places)
{
	size_t i;

	for (i = 0; i < notes->n && u->n_sites < PW_MARK_SITES; i++) {
		const struct pw_note *note = &notes->at[i];
		struct pw_mark_site site = {.value = note->value, .name = number_of(u, note->name)};

		if (!site.name)
			return -ENOMEM;
		if (bpf_map_update_elem(u->sites_fd, &u->n_sites, &site, BPF_ANY))
			return -errno;
		places[i] = (struct pw_uprobe){note->offset, note->semaphore, u->n_sites++};
	}
	return (int)i;
}

static int attach(struct pw_usdt *u, const char *path, const struct pw_uprobe *places, size_t n)
{
	int link;
	int err = pw_array_reserve(&u->links, &u->link_room, u->n_links + 1, sizeof(*u->links));

	if (err)
		return err;
	link = u->at_once ? pw_uprobes_attach(u->program_fd, path, places, n)
			  : pw_uprobe_attach(u->program_fd, path, places);
	if (link < 0)
		return link;
	u->links[u->n_links++] = link;
	return 0;
}

/* Returns how many of the n places it attached to; *err becomes the first failure. */
static size_t attach_places(struct pw_usdt *u, const char *path, const struct pw_uprobe *places, size_t n,
			    int *err)
{
	const size_t step = u->at_once ? n : 1;
	size_t attached = 0;

	for (size_t i = 0; i < n; i += step) {
		const int failure = attach(u, path, places + i, step);

		if (!failure)
			attached += step;
		else if (!*err)
			*err = failure;
	}
	return attached;
}

/* name is only for the user. */
static void attach_all(struct pw_usdt *u, const char *path, const char *name, const struct pw_notes *notes)
{
	struct pw_uprobe *places = calloc(notes->n, sizeof(*places));
	size_t attached = 0;
	int err = -ENOSPC; /* what is wrong if all that were tried succeed, but some had no room */
	int n;

	pw_caps_raise(); /* the capabilities of procwatch's file are effective for this alone */
	n = places ? add_sites(u, notes, places) : -ENOMEM;
	if (n < 0) {
		err = n;
	} else {
		int failure = 0;

		attached = attach_places(u, path, places, (size_t)n, &failure);
		if (failure)
			err = failure;
	}
	pw_caps_lower();
	if (attached < notes->n)
		count_failure(u, name, notes->n - attached, err);
	free(places);
}

static void attach_to_marks(struct pw_usdt *u, int fd, const char *name)
{
	struct pw_notes notes;
	char path[32];
	const int err = pw_notes_read(&notes, fd);

	if (err)
		count_failure(u, name, 1, err);
	/* Whatever happens to its name meanwhile, this is the file that was read. */
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	if (notes.n)
		attach_all(u, path, name, &notes);
	pw_notes_free(&notes);
}

int pw_usdt_hand_on_names(struct pw_usdt *u, uint64_t ts, pw_event_fn fn, void *context)
{
	while (u->n_handed_on < u->n_names) {
		struct pw_mark_name *name = &u->names[u->n_handed_on++];
		int err;

		name->h = (struct pw_event){.ts = ts, .kind = PW_EV_MARK_NAME};
		err = fn(context, &name->h);
		if (err)
			return err;
	}
	return 0;
}

/* ---- files */

static bool is_known(const struct pw_usdt *u, const struct pw_known_file *file)
{
	for (size_t i = 0; i < u->n_files; i++) {
		const struct pw_known_file *f = &u->files[i];

		if (f->device == file->device && f->inode == file->inode && f->kind == file->kind)
			return true;
	}
	return false;
}

/* Out of memory, the file will be looked at again, and nothing worse. */
static void remember(struct pw_usdt *u, const struct pw_known_file *file)
{
	if (!pw_array_reserve(&u->files, &u->file_room, u->n_files + 1, sizeof(*u->files)))
		u->files[u->n_files++] = *file;
}

static void look_at(struct pw_usdt *u, const char *path, const char *name)
{
	const int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	struct pw_known_file file;
	struct stat st;

	if (fd < 0)
		return;
	if (!fstat(fd, &st) && S_ISREG(st.st_mode)) {
		file = (struct pw_known_file){st.st_dev, st.st_ino, PW_KNOWN_FILE};
		if (!is_known(u, &file)) {
			remember(u, &file);
			attach_to_marks(u, fd, name);
		}
	}
	close(fd);
}

void pw_usdt_of_file(struct pw_usdt *u, const char *path)
{
	if (u->program_fd >= 0)
		look_at(u, path, path);
}

/*
 * A line of /proc/PID/maps is "from-to r-xp offset major:minor inode   path". On an overlay
 * its device and inode are those of the underlying file, so they only save opening the same
 * file again.
 */
static void look_at_mapping(struct pw_usdt *u, uint32_t pid, char *line)
{
	struct pw_known_file file = {.kind = PW_KNOWN_MAPPING};
	unsigned int major_number, minor_number;
	char flags[5], path[4096 + 32];
	int at = 0;

	line[strcspn(line, "\n")] = '\0';
	if (sscanf(line, "%*x-%*x %4s %*x %x:%x %" SCNu64 " %n", flags, &major_number, &minor_number,
		   &file.inode, &at) != 4 ||
	    !at || flags[2] != 'x' || !file.inode || line[at] != '/')
		return;
	file.device = makedev(major_number, minor_number);
	if (is_known(u, &file))
		return;
	remember(u, &file);
	if (snprintf(path, sizeof(path), "/proc/%u/root%s", pid, line + at) < (int)sizeof(path))
		look_at(u, path, line + at);
}

void pw_usdt_of_process(struct pw_usdt *u, uint32_t pid)
{
	char path[32], *line = NULL;
	size_t room = 0;
	FILE *maps;

	if (u->program_fd < 0)
		return;
	snprintf(path, sizeof(path), "/proc/%u/maps", pid);
	maps = fopen(path, "re");
	while (maps && getline(&line, &room, maps) > 0)
		look_at_mapping(u, pid, line);
	free(line);
	if (maps)
		fclose(maps);
}

/* ---- programs executed later */

void pw_usdt_of_recent_exec(struct pw_usdt *u, uint32_t pid, const char *program)
{
	struct pw_recent_exec exec = {.pid = pid, .due = pw_clock_ns() + LINKED_NS};
	char path[32];
	struct stat st;

	if (u->program_fd < 0)
		return;
	/* The process may have ended, or may be closed to procwatch: then the path is all there is. */
	look_at(u, program, program);
	snprintf(path, sizeof(path), "/proc/%u/exe", pid);
	if (stat(path, &st))
		return;
	/* A program whose shared objects have all been looked at once is not looked at again. */
	exec.program = (struct pw_known_file){st.st_dev, st.st_ino, PW_KNOWN_PROGRAM};
	if (is_known(u, &exec.program))
		return;
	pw_usdt_of_process(u, pid);
	if (u->n_recent < sizeof(u->recent) / sizeof(u->recent[0]))
		u->recent[u->n_recent++] = exec;
}

void pw_usdt_look_again(struct pw_usdt *u)
{
	const uint64_t now = u->n_recent ? pw_clock_ns() : 0;
	char path[32];
	size_t due = 0;

	while (due < u->n_recent && u->recent[due].due <= now) {
		const struct pw_recent_exec *exec = &u->recent[due++];

		snprintf(path, sizeof(path), "/proc/%u/exe", exec->pid);
		if (access(path, F_OK) || is_known(u, &exec->program))
			continue;
		pw_usdt_of_process(u, exec->pid);
		remember(u, &exec->program);
	}
	u->n_recent -= due;
	memmove(u->recent, u->recent + due, u->n_recent * sizeof(u->recent[0]));
}
