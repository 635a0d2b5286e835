/* SPDX-License-Identifier: GPL-2.0-only */
/* `procwatch attach`: records processes that are already running. */
#include "run/attach.h"

#include <errno.h>
#include <linux/magic.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "cmd/commands.h"
#include "cmd/options.h"
#include "run/interrupt.h"
#include "shared/glob.h"
#include "util/array.h"
#include "util/clock.h"
#include "util/error.h"
#include "util/exit_status.h"
#include "util/parse.h"

enum { KEY_NO_CHILDREN = PW_KEY_OWN, KEY_CGROUP, KEY_WAIT };

/* PID_MAX_LIMIT of 64-bit kernels */
#define PID_MAX (4 << 20)

// clang-format off
static const struct argp_option selection_options[] = {
	PW_OPTION("pid",         'p',             "PID[,PID...]",
		  "these processes; the number of a thread selects its process"),
	PW_OPTION("all",         'a',             NULL,
		  "the whole system, including kernel threads"),
	PW_OPTION("name",        'n',             "GLOB",
		  "processes whose name matches (* and ?), now or later"),
	PW_OPTION("uid",         'u',             "USER",
		  "processes of this user (a name or a number), now or later"),
	PW_OPTION("cgroup",      KEY_CGROUP,      "PATH",
		  "processes in this cgroup (version 2) or below it, now or later"),
	PW_OPTION("no-children", KEY_NO_CHILDREN, NULL,
		  "leave out what the selected processes fork"),
	PW_OPTION("wait",        KEY_WAIT,        NULL,
		  "with -n, -u or --cgroup: wait for the first match if there is none"),
	PW_OPTION("duration",    'd',             "TIME",
		  "stop after this time (500ms, 10s, 2m); without it: on Ctrl-C, or when all processes of -p have ended"),
	{0},
};
// clang-format on

static const struct pw_option_group selection = {"Selection:", selection_options};

static const char doc[] =
	"Record running processes and their descendants without disturbing them: procwatch sends no signal, "
	"stops nothing and uses no ptrace."
	"\vExamples:\n"
	"  procwatch attach -p 1234 -d 10s\n"
	"  procwatch attach -n 'nginx*' -r json=nginx.json\n"
	"  procwatch attach --cgroup system.slice/cron.service\n"
	"  procwatch attach -a -d 5s -r json\n"
	"\n"
	"With more than one of -n, -u and --cgroup, a process must match all of them.\n"
	"\n"
	"Exit status:\n"
	"  0    the recording has ended and was reported\n"
	"  2    the command line is wrong\n"
	"  125  procwatch failed, or there was nothing to record";

/* ---- values */

static int add_pid(struct pw_attach_settings *s, const char *word, struct pw_error *error)
{
	long pid;
	int err;

	if (pw_parse_number(word, 1, PID_MAX, &pid))
		return pw_option_invalid("--pid", word, "process numbers, such as 1234 or 1234,5678", error);
	err = pw_array_reserve(&s->pids, &s->room, s->n_pids + 1, sizeof(*s->pids));
	if (err)
		return err;
	s->pids[s->n_pids++] = (uint32_t)pid;
	return 0;
}

static int add_pids(struct pw_attach_settings *s, const char *list, struct pw_error *error)
{
	char *copy = strdup(list), *rest = copy;
	int err = copy ? 0 : -ENOMEM;

	while (!err && rest)
		err = add_pid(s, strsep(&rest, ","), error);
	free(copy);
	return err;
}

static int set_user(struct pw_attach_settings *s, const char *arg, struct pw_error *error)
{
	const struct passwd *pw = getpwnam(arg);
	long uid = 0;

	if (!pw && pw_parse_number(arg, 0, UINT32_MAX - 1, &uid))
		return pw_fail(error, EINVAL, "unknown user '%s' for '--uid': expected a name or a number",
			       arg);
	s->select.by_user = true;
	s->select.uid = pw ? pw->pw_uid : (uint32_t)uid;
	return 0;
}

/* The length of the shortest name that matches. */
static size_t least_length(const char *glob)
{
	size_t n = 0;

	for (; *glob; glob++)
		n += *glob != '*';
	return n;
}

static int set_name(struct pw_attach_settings *s, const char *arg, struct pw_error *error)
{
	char expected[64];

	if (!*arg || strlen(arg) > PW_GLOB_LEN) {
		snprintf(expected, sizeof(expected), "a pattern of 1 to %d characters", PW_GLOB_LEN);
		return pw_option_invalid("--name", arg, expected, error);
	}
	if (least_length(arg) > PW_COMM_LEN - 1)
		return pw_fail(
			error, EINVAL,
			"no process can match '%s', because the kernel cuts names after %d bytes; use * "
			"(ps -o comm shows the names)",
			arg, PW_COMM_LEN - 1);
	s->select.name = arg;
	return 0;
}

/* The id of a cgroup is the inode number of its directory. Its path may be relative to the mount. */
static int set_cgroup(struct pw_attach_settings *s, const char *arg, struct pw_error *error)
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
		s->select.cgroup_id = st.st_ino;
		s->cgroup = arg;
		return 0;
	}
	return pw_option_invalid("--cgroup", arg,
				 "the directory of a cgroup of version 2, or its path below /sys/fs/cgroup",
				 error);
}

/* A number, or a list of them, is most likely meant as a pid. */
static int refuse_argument(const char *arg, struct pw_error *error)
{
	if (*arg && strspn(arg, "0123456789,") == strlen(arg))
		return pw_fail(error, EINVAL, "unexpected argument '%s'; did you mean '-p %s'?", arg, arg);
	return pw_fail(error, EINVAL, "unexpected argument '%s'; use -p PID or -n NAME to select processes",
		       arg);
}

static int take(void *context, int key, char *arg, struct argp_state *state, struct pw_error *error)
{
	struct pw_attach_settings *s = context;

	(void)state;
	switch (key) {
	case 'p':
		return add_pids(s, arg, error);
	case 'a':
		s->select.all = true;
		return 0;
	case 'n':
		return set_name(s, arg, error);
	case 'u':
		return set_user(s, arg, error);
	case KEY_CGROUP:
		return set_cgroup(s, arg, error);
	case KEY_NO_CHILDREN:
		s->select.no_children = true;
		return 0;
	case KEY_WAIT:
		s->wait = true;
		return 0;
	case ARGP_KEY_ARG:
		return refuse_argument(arg, error);
	default:
		return pw_options_take(&s->common, key, arg, error);
	}
}

/* ---- the selection as a whole */

/* The thread group of a task; 0 if there is no such task. */
static uint32_t thread_group(uint32_t tid, bool *kernel_thread)
{
	char path[64], line[256];
	uint32_t tgid = 0;
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%u/status", tid);
	f = fopen(path, "re");
	/* Only kernel threads have no memory; a zombie has none left. */
	*kernel_thread = true;
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

/* Replaces the numbers on the command line by their thread groups, each once. */
static int resolve_pids(struct pw_attach_settings *s, struct pw_error *error)
{
	size_t n = 0;

	s->select.asked_at = pw_clock_ns();
	for (size_t i = 0; i < s->n_pids; i++) {
		bool kernel_thread;
		uint32_t pid = s->pids[i], tgid = thread_group(pid, &kernel_thread);

		if (!tgid)
			return pw_fail(error, ESRCH, "no process %u", pid);
		if (kernel_thread)
			return pw_fail(error, EINVAL, "%u is a kernel thread; use -a to record those, too",
				       pid);
		if (tgid == (uint32_t)getpid())
			return pw_fail(error, EINVAL, "%u is procwatch itself", pid);
		if (!contains(s->pids, n, tgid))
			s->pids[n++] = tgid;
	}
	s->select.pids = s->pids;
	s->select.n_pids = s->n_pids = n;
	return 0;
}

static int check_selection(struct pw_attach_settings *s, struct pw_error *error)
{
	const bool filters = s->select.name || s->select.by_user || s->select.cgroup_id;

	if (!s->n_pids && !s->select.all && !filters)
		return pw_fail(error, EINVAL,
			       "nothing to record: give -p PID, -n NAME, -u USER, --cgroup PATH or -a");
	if (s->select.all && (s->n_pids || filters))
		return pw_fail(error, EINVAL,
			       "'-a' already selects everything; leave out -p, -n, -u and --cgroup");
	if (s->select.all && s->select.no_children)
		return pw_fail(error, EINVAL, "'-a' selects children, too; leave out --no-children");
	if (s->wait && !filters)
		return pw_fail(error, EINVAL, "'--wait' needs something to wait for: -n, -u or --cgroup");
	return resolve_pids(s, error);
}

static int parse(struct pw_attach_settings *s, int argc, char **argv)
{
	static const struct pw_command_line line = {
		.command = "attach",
		.doc = doc,
		.groups = {&selection, &pw_group_output, &pw_group_view, &pw_group_capture,
			   &pw_group_general},
		.take = take,
	};
	int err, status = pw_command_line_parse(&line, s, argc, argv);
	struct pw_error error = {""};

	if (status >= 0)
		return status;
	err = check_selection(s, &error);
	if (!err)
		return pw_options_finish("attach", &s->common);
	pw_log_usage("attach", "%s", error.text);
	return err == -EINVAL ? PW_EXIT_USAGE : PW_EXIT_FAILED;
}

int pw_cmd_attach(int argc, char **argv)
{
	struct pw_attach_settings settings = {0};
	int status = parse(&settings, argc, argv);

	if (status < 0) {
		pw_survive_writes();
		status = pw_options_open_outputs("attach", &settings.common);
		if (!status)
			status = pw_attach_run(&settings);
	}
	pw_outputs_close(&settings.common.outputs);
	free(settings.pids);
	return status;
}
