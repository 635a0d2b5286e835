/* SPDX-License-Identifier: GPL-2.0-only */
#include "output/output_file.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

#define MAX_LINKS 40
#define MAX_TRIES 100
#define BUFFER	  65536

/* Creates a file in TMPDIR. Returns its descriptor or a negative errno; path becomes its malloced path. */
static int open_temporary(const char *suffix, const struct pw_owner *owner, char **path)
{
	const char *folder = getenv("TMPDIR");
	int fd, err;

	if (asprintf(path, "%s/procwatch-XXXXXX%s", folder && *folder ? folder : "/tmp", suffix) < 0) {
		*path = NULL;
		return -ENOMEM;
	}
	fd = mkostemps(*path, (int)strlen(suffix), O_CLOEXEC);
	if (fd >= 0 && (!owner->change || !fchown(fd, owner->uid, owner->gid)))
		return fd;
	err = -errno;
	if (fd >= 0) {
		unlink(*path);
		close(fd);
	}
	free(*path);
	*path = NULL;
	return err;
}

/* Continues a kept file in a temporary file, at the same offset. */
static bool go_on_elsewhere(struct pw_output_file *d, uint64_t at, int why)
{
	int fd;

	if (!d->kept || d->folder < 0 || d->rest)
		return false;
	fd = open_temporary(".pwt", &d->owner, &d->rest);
	if (fd < 0)
		return false;
	lseek(fd, (off_t)at, SEEK_SET);
	d->full = why;
	d->split = at;
	d->head = d->fd;
	d->fd = fd;
	return true;
}

/* The temporary file took nothing either: as if it had never been. */
static void come_back(struct pw_output_file *d)
{
	close(d->fd);
	unlink(d->rest);
	free(d->rest);
	d->rest = NULL;
	d->fd = d->head;
	d->head = -1;
}

static ssize_t write_all(void *cookie, const char *bytes, size_t n)
{
	struct pw_output_file *d = cookie;
	size_t done = 0;

	if (d->truncate && ftruncate(d->fd, 0))
		d->error = -errno;
	d->truncate = false;
	while (done < n && !d->error) {
		const ssize_t written = write(d->fd, bytes + done, n - done);
		const int err = written < 0 ? -errno : 0;

		if (!err)
			done += (size_t)written;
		else if (err != -EINTR && !go_on_elsewhere(d, d->written + done, err))
			d->error = err;
	}
	d->written += done;
	if (d->error && d->rest && d->written == d->split)
		come_back(d);
	if (d->progress)
		pw_progress_writing(d->progress, d->written);
	return done == n ? (ssize_t)n : 0;
}

static int make_stream(struct pw_output_file *d)
{
	d->stream = fopencookie(d, "w", (cookie_io_functions_t){.write = write_all});
	if (!d->stream)
		return -ENOMEM;
	/* A failure is harmless: the stream then keeps its small buffer. */
	setvbuf(d->stream, NULL, _IOFBF, BUFFER);
	return 0;
}

/* ---- the folder and the name */

/* The malloced path at the end of all links; that file need not exist. NULL with errno set. */
static char *follow_links(const char *path)
{
	char *at = strdup(path);

	for (int links = 0; at && links <= MAX_LINKS; links++) {
		char target[PATH_MAX], *copy, *next = NULL;
		ssize_t n = readlink(at, target, sizeof(target) - 1);

		if (n < 0)
			return at;
		target[n] = '\0';
		copy = strdup(at);
		if (copy && target[0] == '/')
			next = strdup(target);
		else if (copy && asprintf(&next, "%s/%s", dirname(copy), target) < 0)
			next = NULL;
		free(copy);
		free(at);
		at = next;
	}
	errno = at ? ELOOP : ENOMEM;
	free(at);
	return NULL;
}

/* Fills folder and name. basename() and dirname() may change their argument, so each gets a copy. */
static int locate(struct pw_output_file *d, const char *path)
{
	char *whole = follow_links(path), *copy = whole ? strdup(whole) : NULL;
	int err = 0;

	if (!copy) {
		err = -errno;
		goto out;
	}
	if (!strcmp(basename(copy), "/")) {
		err = -EISDIR;
		goto out;
	}
	d->name = strdup(basename(copy));
	if (!d->name) {
		err = -ENOMEM;
		goto out;
	}
	d->folder = open(dirname(whole), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (d->folder < 0)
		err = -errno;
out:
	free(whole);
	free(copy);
	return err;
}

/* ---- files */

static void forget_temporary_name(struct pw_output_file *d)
{
	free(d->temporary_name);
	d->temporary_name = NULL;
}

static int make_name(struct pw_output_file *d)
{
	unsigned long tag;

	forget_temporary_name(d);
	if (getentropy(&tag, sizeof(tag)))
		return -errno;
	/* Cut: the name itself may already have the greatest length. */
	if (asprintf(&d->temporary_name, ".%.200s.%08lx", d->name, tag & 0xffffffff) < 0) {
		d->temporary_name = NULL;
		return -ENOMEM;
	}
	return 0;
}

/* A hidden file, for filesystems without O_TMPFILE. */
static int open_named(struct pw_output_file *d)
{
	for (int tries = 0; tries < MAX_TRIES; tries++) {
		int err = make_name(d);

		if (err)
			return err;
		d->fd = openat(d->folder, d->temporary_name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
		if (d->fd >= 0)
			return 0;
		err = -errno;
		forget_temporary_name(d);
		if (err != -EEXIST)
			return err;
	}
	return -EEXIST;
}

/* NAME.partial, which users find easily. It replaces what an earlier crash left under that name. */
static int open_partial(struct pw_output_file *d)
{
	int err;

	if (asprintf(&d->temporary_name, "%s.partial", d->name) < 0) {
		d->temporary_name = NULL;
		return -ENOMEM;
	}
	if (!unlinkat(d->folder, d->temporary_name, 0) || errno == ENOENT)
		d->fd = openat(d->folder, d->temporary_name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
	if (d->fd >= 0)
		return 0;
	err = -errno;
	forget_temporary_name(d);
	return err;
}

static int open_new(struct pw_output_file *d)
{
	if (d->kept)
		return open_partial(d);
	d->fd = openat(d->folder, ".", O_WRONLY | O_TMPFILE | O_CLOEXEC, 0666);
	return d->fd >= 0 ? 0 : open_named(d);
}

/* A file that can be written but not replaced: its folder is read-only, or the file is a mount point. */
static int open_in_place(struct pw_output_file *d)
{
	d->fd = openat(d->folder, d->name, O_WRONLY | O_NOCTTY | O_CLOEXEC);
	if (d->fd < 0)
		return -errno;
	close(d->folder);
	d->folder = -1;
	return 0;
}

static bool is_mounted(const struct pw_output_file *d)
{
	struct statx stx;

	return !statx(d->folder, d->name, 0, 0, &stx) && (stx.stx_attributes & STATX_ATTR_MOUNT_ROOT);
}

static int open_regular(struct pw_output_file *d, const struct stat *old, const struct pw_owner *owner)
{
	int err = old && is_mounted(d) ? -EBUSY : open_new(d);

	if (err && old) {
		d->truncate = true;
		return open_in_place(d) ? err : 0;
	}
	if (err)
		return err;
	if (owner->change)
		err = fchown(d->fd, owner->uid, owner->gid);
	else if (old && !geteuid())
		err = fchown(d->fd, old->st_uid, old->st_gid);
	if (!err && old)
		err = fchmod(d->fd, old->st_mode & 0777);
	return err ? -errno : 0;
}

static int open_file(struct pw_output_file *d, const char *path, const struct pw_owner *owner)
{
	struct stat st;
	bool exists;
	int err;

	/* By the path as given: what /dev/stdout leads to may have no path. */
	exists = !stat(path, &st);
	if (!exists && errno != ENOENT)
		return -errno;
	if (exists && S_ISDIR(st.st_mode))
		return -EISDIR;
	if (exists && !S_ISREG(st.st_mode)) {
		d->fd = open(path, O_WRONLY | O_NOCTTY | O_CLOEXEC);
		return d->fd < 0 ? -errno : 0;
	}
	if (*path && path[strlen(path) - 1] == '/')
		return -EISDIR;
	err = locate(d, path);
	if (err)
		return err;
	return open_regular(d, exists ? &st : NULL, owner);
}

static int open_any(struct pw_output_file *d, const char *path, const struct pw_owner *owner, bool kept)
{
	int err = 0;

	*d = PW_OUTPUT_FILE_NONE;
	d->kept = kept;
	d->owner = *owner;
	if (path)
		err = open_file(d, path, owner);
	else
		d->fd = STDOUT_FILENO;
	if (err)
		return err;
	d->terminal = isatty(d->fd);
	return make_stream(d);
}

int pw_output_file_open(struct pw_output_file *d, const char *path, const struct pw_owner *owner)
{
	return open_any(d, path, owner, false);
}

int pw_output_file_open_kept(struct pw_output_file *d, const char *path, const struct pw_owner *owner)
{
	return open_any(d, path, owner, true);
}

bool pw_output_file_same(const struct pw_output_file *a, const struct pw_output_file *b)
{
	struct stat x, y;

	if ((a->folder < 0) != (b->folder < 0))
		return false;
	if (a->folder >= 0)
		return !strcmp(a->name, b->name) && !fstat(a->folder, &x) && !fstat(b->folder, &y) &&
		       x.st_dev == y.st_dev && x.st_ino == y.st_ino;
	if (fstat(a->fd, &x) || fstat(b->fd, &y) || x.st_dev != y.st_dev || x.st_ino != y.st_ino)
		return false;
	/* Any number of reports may go to /dev/null. */
	return !S_ISCHR(x.st_mode) || a->terminal;
}

/* ---- finishing */

/* Names a nameless file: with the final name if that is free, else with a temporary one. */
static int link_nameless(struct pw_output_file *d)
{
	char self[64];
	int err;

	snprintf(self, sizeof(self), "/proc/self/fd/%d", d->fd);
	if (!linkat(AT_FDCWD, self, d->folder, d->name, AT_SYMLINK_FOLLOW))
		return 0;
	err = -errno;
	for (int tries = 0; err == -EEXIST && tries < MAX_TRIES; tries++) {
		err = make_name(d);
		if (err || !d->temporary_name)
			return err;
		if (!linkat(AT_FDCWD, self, d->folder, d->temporary_name, AT_SYMLINK_FOLLOW))
			return 0;
		err = -errno;
	}
	forget_temporary_name(d);
	return err;
}

static int give_name(struct pw_output_file *d)
{
	int err = d->temporary_name ? 0 : link_nameless(d);

	if (err || !d->temporary_name)
		return err;
	if (renameat(d->folder, d->temporary_name, d->folder, d->name))
		return -errno;
	forget_temporary_name(d);
	return 0;
}

/* A network filesystem may report a full disk only when a descriptor is closed: find out before naming the file. */
static int close_a_copy(int fd)
{
	int copy = dup(fd);

	return copy < 0 || close(copy) ? -errno : 0;
}

int pw_output_file_finish(struct pw_output_file *d)
{
	int err;

	fflush(d->stream);
	err = d->error ? d->error : d->full;
	if (!err && d->folder >= 0) {
		err = close_a_copy(d->fd);
		if (!err)
			err = give_name(d);
	}
	if (d->fd > STDERR_FILENO && close(d->fd) && !err)
		err = -errno;
	d->fd = -1;
	return err;
}

int pw_output_file_join(struct pw_output_file *d)
{
	const int head = openat(d->folder, d->temporary_name, O_RDONLY | O_CLOEXEC);
	const int rest = open(d->rest, O_WRONLY | O_CLOEXEC);
	int err = head < 0 || rest < 0 ? -errno : 0;
	ssize_t n = 1;

	while (!err && n) {
		n = sendfile(rest, head, NULL, 1 << 30);
		if (n < 0)
			err = -errno;
	}
	if (head >= 0)
		close(head);
	if (rest >= 0 && close(rest) && !err)
		err = -errno;
	if (!err)
		d->kept = false;
	return err;
}

/* Whether an incomplete file stays: if it is a kept one and not empty. */
static bool is_worth_keeping(const struct pw_output_file *d)
{
	struct stat st;

	return d->kept && (d->head >= 0 || (d->fd >= 0 && !fstat(d->fd, &st) && st.st_size));
}

void pw_output_file_drop(struct pw_output_file *d)
{
	const bool keep = is_worth_keeping(d);

	if (d->stream) {
		/* An error keeps fclose() from writing what is still buffered. */
		if (!d->error)
			d->error = -ECANCELED;
		fclose(d->stream);
	}
	if (d->fd > STDERR_FILENO)
		close(d->fd);
	if (d->head >= 0)
		close(d->head);
	if (d->temporary_name && !keep)
		unlinkat(d->folder, d->temporary_name, 0);
	if (d->folder >= 0)
		close(d->folder);
	free(d->temporary_name);
	free(d->name);
	free(d->rest);
	*d = PW_OUTPUT_FILE_NONE;
}

int pw_output_file_rescue(struct pw_output_file *d, const char *suffix, const struct pw_owner *owner,
			  char **path)
{
	*d = PW_OUTPUT_FILE_NONE;
	d->fd = open_temporary(suffix, owner, path);
	return d->fd < 0 ? d->fd : make_stream(d);
}
