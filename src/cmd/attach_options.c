/* SPDX-License-Identifier: GPL-2.0-only */
#include <errno.h>
#include <linux/magic.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "cmd/attach.h"
#include "cmd/cmd.h"
#include "shared/glob.h"
#include "util/parse.h"

enum { KEY_NO_CHILDREN = PW_KEY_OWN, KEY_CGROUP, KEY_WAIT };

#define PID_MAX (4 << 20) /* PID_MAX_LIMIT on 64-bit kernels */

static const struct argp_option option_table[] = {
	{NULL, 0, NULL, 0, "What is watched:", PW_GROUP_TARGET},
	{"pid", 'p', "PID[,PID...]", 0,
	 "these processes and all they create; a thread's number means its process", PW_GROUP_TARGET},
	{"all", 'a', NULL, 0, "the whole system, kernel threads included", PW_GROUP_TARGET},
	{"name", 'n', "GLOB", 0, "processes so named (* and ?), now or later", PW_GROUP_TARGET},
	{"uid", 'u', "USER", 0, "processes of this user (a name or a number), now or later", PW_GROUP_TARGET},
	{"cgroup", KEY_CGROUP, "PATH", 0, "what is in this control group or below it, and what comes into it",
	 PW_GROUP_TARGET},
	{"no-children", KEY_NO_CHILDREN, NULL, 0, "not what the watched processes fork", PW_GROUP_TARGET},
	{"wait", KEY_WAIT, NULL, 0, "with -n, -u or --cgroup: wait for a match when there is none yet",
	 PW_GROUP_TARGET},
	{NULL, 0, NULL, 0, "When it ends (else: Ctrl-C, or when every target has gone):", PW_GROUP_END},
	{"duration", 'd', "TIME", 0, "after this long (500ms, 10s, 2m)", PW_GROUP_END},
	PW_OUTPUT_OPTIONS,
	PW_CAPTURE_OPTIONS,
	PW_GENERAL_OPTIONS,
	{0},
};

static const char doc[] =
	"Watch running processes, and all they create, without touching them: no signal, no stop, "
	"no ptrace."
	"\vExamples:\n"
	"  procwatch attach -p 1234 -d 10s\n"
	"  procwatch attach -n 'nginx*' -r json=nginx.json\n"
	"  procwatch attach --cgroup system.slice/cron.service\n"
	"  procwatch attach -a -d 5s -r json\n"
	"\n"
	"-n, -u and --cgroup together watch what matches all of them. The exit status is 0, 2 for "
	"usage, 125 when procwatch failed or there was nothing to watch.";

static int add_pid(struct pw_attach_options *o, long pid)
{
	uint32_t *more;

	if (o->n_asked == o->max_asked) {
		size_t max = o->max_asked ? o->max_asked * 2 : 16;

		more = realloc(o->asked, max * sizeof(*more));
		if (!more)
			return -ENOMEM;
		o->asked = more;
		o->max_asked = max;
	}
	o->asked[o->n_asked++] = (uint32_t)pid;
	return 0;
}

static int add_pids(struct pw_attach_options *o, const char *list, struct pw_error *error)
{
	char *copy = strdup(list), *rest = copy, *word;
	int err = copy ? 0 : -ENOMEM;
	long pid;

	while (!err && (word = strsep(&rest, ","))) {
		if (pw_parse_number(word, 1, PID_MAX, &pid))
			err = pw_fail(error, EINVAL,
				      "--pid takes process numbers (1234 or 1234,5678), not '%s'", word);
		else
			err = add_pid(o, pid);
	}
	free(copy);
	return err;
}

static int set_user(struct pw_attach_options *o, const char *arg, struct pw_error *error)
{
	const struct passwd *pw = getpwnam(arg);
	long uid = 0;

	if (!pw && pw_parse_number(arg, 0, UINT32_MAX - 1, &uid))
		return pw_fail(error, EINVAL, "--uid takes a user's name or number; there is no user '%s'",
			       arg);
	o->select.by_user = true;
	o->select.uid = pw ? pw->pw_uid : (uint32_t)uid;
	return 0;
}

/* The characters a name must have to match. */
static size_t least_length(const char *glob)
{
	size_t n = 0;

	for (; *glob; glob++)
		n += *glob != '*';
	return n;
}

static int set_name(struct pw_attach_options *o, const char *arg, struct pw_error *error)
{
	if (!*arg || strlen(arg) > PW_GLOB_LEN)
		return pw_fail(error, EINVAL, "--name takes a pattern of 1 to %d characters, not '%s'",
			       PW_GLOB_LEN, arg);
	if (least_length(arg) > PW_COMM_LEN - 1)
		return pw_fail(error, EINVAL,
			       "no process matches '%s': the kernel cuts names after %d bytes (ps -o comm "
			       "shows them); use *",
			       arg, PW_COMM_LEN - 1);
	o->select.name = arg;
	return 0;
}

/* The group's id is its directory's inode number. A path may leave out where the file system is mounted. */
static int set_cgroup(struct pw_attach_options *o, const char *arg, struct pw_error *error)
{
	static const char *const roots[] = {"", "/sys/fs/cgroup/", "/sys/fs/cgroup/unified/"};
	char path[4096];
	struct statfs fs;
	struct stat st;

	for (size_t i = 0; *arg && i < sizeof(roots) / sizeof(roots[0]); i++) {
		snprintf(path, sizeof(path), "%s%s", roots[i], arg);
		if (statfs(path, &fs) || fs.f_type != CGROUP2_SUPER_MAGIC || stat(path, &st) ||
		    !S_ISDIR(st.st_mode))
			continue;
		o->select.cgroup_id = st.st_ino;
		o->cgroup = arg;
		return 0;
	}
	return pw_fail(
		error, EINVAL,
		"'%s' is no control group of version 2: name its directory, or its path below the mount",
		arg);
}

static int take(void *context, int key, char *arg, struct argp_state *state, struct pw_error *error)
{
	struct pw_attach_options *o = context;

	(void)state;
	switch (key) {
	case 'p':
		return add_pids(o, arg, error);
	case 'a':
		o->select.all = true;
		return 0;
	case 'n':
		return set_name(o, arg, error);
	case 'u':
		return set_user(o, arg, error);
	case KEY_CGROUP:
		return set_cgroup(o, arg, error);
	case KEY_NO_CHILDREN:
		o->select.no_children = true;
		return 0;
	case KEY_WAIT:
		o->wait = true;
		return 0;
	case ARGP_KEY_ARG:
		return pw_fail(error, EINVAL, "attach takes no words, not even '%s'; name processes with -p",
			       arg);
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

/* The thread group of a task; 0: there is none. */
static uint32_t thread_group(uint32_t tid, bool *kernel_thread)
{
	char path[64], line[256];
	uint32_t tgid = 0;
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%u/status", tid);
	f = fopen(path, "re");
	*kernel_thread = true; /* only they have no memory */
	while (f && fgets(line, sizeof(line), f)) {
		sscanf(line, "Tgid: %u", &tgid);
		if (!strncmp(line, "VmSize:", 7) || !strncmp(line, "State:\tZ", 8))
			*kernel_thread = false;
	}
	if (f)
		fclose(f);
	return tgid;
}

static bool contains(const uint32_t *pids, size_t n, uint32_t pid)
{
	while (n)
		if (pids[--n] == pid)
			return true;
	return false;
}

/* From the numbers that were asked for to thread groups, each once. */
static int resolve_pids(struct pw_attach_options *o, struct pw_error *error)
{
	size_t n = 0;

	o->select.asked_at = pw_clock_ns();
	for (size_t i = 0; i < o->n_asked; i++) {
		bool kernel_thread;
		uint32_t pid = o->asked[i], tgid = thread_group(pid, &kernel_thread);

		if (!tgid)
			return pw_fail(error, ESRCH, "there is no process %u", pid);
		if (kernel_thread)
			return pw_fail(error, EINVAL, "%u is a kernel thread; -a watches those too", pid);
		if (tgid == (uint32_t)getpid())
			return pw_fail(error, EINVAL, "%u is procwatch itself", pid);
		if (!contains(o->asked, n, tgid))
			o->asked[n++] = tgid;
	}
	o->select.pids = o->asked;
	o->select.n_pids = o->n_asked = n;
	return 0;
}

static int check(struct pw_attach_options *o, struct pw_error *error)
{
	bool filters = o->select.name || o->select.by_user || o->select.cgroup_id;

	if (!o->n_asked && !o->select.all && !filters)
		return pw_fail(error, EINVAL,
			       "attach to what? -p PID, -n NAME, -u USER, --cgroup PATH or -a");
	if (o->select.all && (o->n_asked || filters))
		return pw_fail(error, EINVAL,
			       "-a is everything: leave out -p, -n, -u and --cgroup, or leave out -a");
	if (o->select.all && o->select.no_children)
		return pw_fail(error, EINVAL,
			       "-a is everything, children too: leave out --no-children, or leave out -a");
	if (o->wait && !filters)
		return pw_fail(error, EINVAL, "--wait waits for a match of -n, -u or --cgroup: name one");
	return resolve_pids(o, error);
}

int pw_attach_options_parse(struct pw_attach_options *options, int argc, char **argv)
{
	static const struct pw_option_spec spec = {"attach", option_table, NULL, doc, take};
	struct pw_error error = {""};
	int err, status = pw_options_parse(&spec, &options->common, options, argc, argv);

	if (status >= 0)
		return status;
	err = check(options, &error);
	if (!err)
		return -1;
	pw_log_error("%s", error.text);
	return err == -EINVAL ? PW_EXIT_USAGE : PW_EXIT_FAILED;
}
