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
#include "capture/deferred_close.h"
#include "capture/uprobes.h"
#include "usdt/notes.h"

/* The dynamic linker is done by then, if the machine is not very busy. */
#define LINKED_NS 200000000ull

void pw_usdt_open(struct pw_usdt *m, int program_fd, bool at_once, int sites_fd)
{
	*m = (struct pw_usdt){.program_fd = program_fd, .at_once = at_once, .sites_fd = sites_fd};
}

void pw_usdt_close(struct pw_usdt *m)
{
	const int ring = pw_close_deferred(m->links, (unsigned int)m->n_links);

	for (size_t i = 0; i < m->n_links; i++)
		close(m->links[i]);
	if (ring >= 0)
		close(ring);
	free(m->links);
	free(m->names);
	free(m->files);
	*m = (struct pw_usdt){0};
}

/* An array with room for one more; NULL when memory is short. */
static void *grown(void *array, size_t n, size_t *max, size_t size)
{
	const size_t more = *max ? 2 * *max : 16;

	if (n < *max)
		return array;
	array = realloc(array, more * size);
	if (array)
		*max = more;
	return array;
}

static void fail(struct pw_usdt *m, const char *file, size_t n, int err)
{
	if (!m->failed)
		snprintf(m->why, sizeof(m->why), "%.100s: %s", file,
			 err == -ENOSPC	   ? "too many"
			 : err == -EBADMSG ? "its notes are damaged"
					   : strerror(-err));
	m->failed += n;
}

/* ---- places and names */

/* The number of a name; 0: memory is short. */
static uint32_t number_of(struct pw_usdt *m, const char *name)
{
	struct pw_mark_name *names;

	for (size_t i = 0; i < m->n_names; i++)
		if (!strcmp(m->names[i].name, name))
			return m->names[i].number;
	names = grown(m->names, m->n_names, &m->max_names, sizeof(*names));
	if (!names)
		return 0;
	m->names = names;
	names[m->n_names] = (struct pw_mark_name){.number = (uint32_t)m->n_names + 1};
	memcpy(names[m->n_names].name, name, PW_MARK_LEN);
	return names[m->n_names++].number;
}

/* Tells the kernel side what each place is. Returns how many there is room for, or a negative errno. */
static int add_sites(struct pw_usdt *m, const struct pw_notes *notes, struct pw_uprobe *places)
{
	size_t i;

	for (i = 0; i < notes->n && m->n_sites < PW_MARK_SITES; i++) {
		const struct pw_note *note = &notes->at[i];
		struct pw_mark_site site = {.value = note->value, .name = number_of(m, note->name)};

		if (!site.name)
			return -ENOMEM;
		if (bpf_map_update_elem(m->sites_fd, &m->n_sites, &site, BPF_ANY))
			return -errno;
		places[i] = (struct pw_uprobe){note->offset, note->semaphore, m->n_sites++};
	}
	return (int)i;
}

static int attach(struct pw_usdt *m, const char *path, const struct pw_uprobe *places, size_t n)
{
	int *links = grown(m->links, m->n_links, &m->max_links, sizeof(*links));
	int link;

	if (!links)
		return -ENOMEM;
	m->links = links;
	link = m->at_once ? pw_uprobes_attach(m->program_fd, path, places, n)
			  : pw_uprobe_attach(m->program_fd, path, places);
	if (link >= 0)
		links[m->n_links++] = link;
	return link < 0 ? link : 0;
}

static void attach_all(struct pw_usdt *m, const char *path, const char *name, const struct pw_notes *notes)
{
	struct pw_uprobe *places = calloc(notes->n, sizeof(*places));
	int n, err;
	size_t step, attached = 0;

	pw_caps_raise(); /* what came with procwatch's file is in force for this alone */
	n = places ? add_sites(m, notes, places) : -ENOMEM;
	err = n < 0 ? n : 0;
	step = m->at_once && n > 0 ? (size_t)n : 1;
	for (size_t i = 0; n > 0 && i < (size_t)n; i += step) {
		const int failure = attach(m, path, places + i, step);

		err = err ? err : failure;
		attached += failure ? 0 : step;
	}
	pw_caps_lower();
	if (attached < notes->n)
		fail(m, name, notes->n - attached, err ? err : -ENOSPC);
	free(places);
}

/* name is for the user only. */
static void listen_to(struct pw_usdt *m, int fd, const char *name)
{
	struct pw_notes notes;
	char path[32];
	const int err = pw_notes_read(&notes, fd);

	if (err)
		fail(m, name, 1, err);
	/* Whatever happens to its name meanwhile, this is the file that was read. */
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	if (notes.n)
		attach_all(m, path, name, &notes);
	pw_notes_free(&notes);
}

int pw_usdt_tell(struct pw_usdt *m, uint64_t ts, pw_event_fn fn, void *context)
{
	int err = 0;

	while (!err && m->told < m->n_names) {
		struct pw_mark_name *name = &m->names[m->told++];

		name->h = (struct pw_event){.ts = ts, .kind = PW_EV_MARK_NAME};
		err = fn(context, &name->h);
	}
	return err;
}

/* ---- files */

static bool is_known(const struct pw_usdt *m, const struct pw_known_file *file)
{
	for (size_t i = 0; i < m->n_files; i++) {
		const struct pw_known_file *f = &m->files[i];

		if (f->device == file->device && f->inode == file->inode && f->kind == file->kind)
			return true;
	}
	return false;
}

/* Where memory is short, the file will be looked at again, and only that. */
static void make_known(struct pw_usdt *m, const struct pw_known_file *file)
{
	struct pw_known_file *files = grown(m->files, m->n_files, &m->max_files, sizeof(*files));

	if (!files)
		return;
	m->files = files;
	files[m->n_files++] = *file;
}

static void look_at(struct pw_usdt *m, const char *path, const char *name)
{
	const int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	struct pw_known_file file;
	struct stat st;

	if (fd < 0)
		return;
	if (!fstat(fd, &st) && S_ISREG(st.st_mode)) {
		file = (struct pw_known_file){st.st_dev, st.st_ino, PW_KNOWN_FILE};
		if (!is_known(m, &file)) {
			make_known(m, &file);
			listen_to(m, fd, name);
		}
	}
	close(fd);
}

void pw_usdt_of_file(struct pw_usdt *m, const char *path)
{
	if (m->program_fd >= 0)
		look_at(m, path, path);
}

/*
 * A line of /proc/PID/maps: "from-to r-xp offset major:minor inode   path". Its
 * device and inode are those of the file below on an overlay, so they only save
 * opening it again.
 */
static void look_at_mapping(struct pw_usdt *m, uint32_t pid, char *line)
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
	if (is_known(m, &file))
		return;
	make_known(m, &file);
	if (snprintf(path, sizeof(path), "/proc/%u/root%s", pid, line + at) < (int)sizeof(path))
		look_at(m, path, line + at);
}

void pw_usdt_of_process(struct pw_usdt *m, uint32_t pid)
{
	char path[32], *line = NULL;
	size_t room = 0;
	FILE *maps;

	if (m->program_fd < 0)
		return;
	snprintf(path, sizeof(path), "/proc/%u/maps", pid);
	maps = fopen(path, "re");
	while (maps && getline(&line, &room, maps) > 0)
		look_at_mapping(m, pid, line);
	free(line);
	if (maps)
		fclose(maps);
}

/* ---- who comes later */

void pw_usdt_of_recent_exec(struct pw_usdt *m, uint32_t pid, const char *program)
{
	struct pw_recent_exec recent_exec = {.pid = pid, .due = pw_clock_ns() + LINKED_NS};
	char path[32];
	struct stat st;

	if (m->program_fd < 0)
		return;
	/* It may have ended already, or be none that we may look into: then its path is all there is. */
	look_at(m, program, program);
	snprintf(path, sizeof(path), "/proc/%u/exe", pid);
	if (stat(path, &st))
		return;
	/* A program whose shared objects were all looked at once is not looked at any more. */
	recent_exec.program = (struct pw_known_file){st.st_dev, st.st_ino, PW_KNOWN_PROGRAM};
	if (is_known(m, &recent_exec.program))
		return;
	pw_usdt_of_process(m, pid);
	if (m->n_recent < sizeof(m->recent) / sizeof(m->recent[0]))
		m->recent[m->n_recent++] = recent_exec;
}

void pw_usdt_look_again(struct pw_usdt *m)
{
	const uint64_t now = m->n_recent ? pw_clock_ns() : 0;
	char path[32];
	size_t due = 0;

	while (due < m->n_recent && m->recent[due].due <= now) {
		const struct pw_recent_exec *n = &m->recent[due++];

		snprintf(path, sizeof(path), "/proc/%u/exe", n->pid);
		if (access(path, F_OK) || is_known(m, &n->program))
			continue;
		pw_usdt_of_process(m, n->pid);
		make_known(m, &n->program);
	}
	m->n_recent -= due;
	memmove(m->recent, m->recent + due, m->n_recent * sizeof(m->recent[0]));
}
