/* SPDX-License-Identifier: GPL-2.0-only */
#include <errno.h>
#include <fcntl.h>
#include <langinfo.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "capture/capture.h"
#include "cmd/cmd.h"
#include "cmd/run.h"
#include "findings/findings.h"
#include "lesson/lesson.h"

#define NS_PER_MS 1000000ull
/* How long ended processes may stay unreaped before the recording ends without having seen their reap. */
#define REAP_GRACE_NS (3000 * NS_PER_MS)
/* How long an interrupted command may take to end before the recording does. */
#define INTERRUPT_GRACE_NS (1000 * NS_PER_MS)

struct recorder {
	struct pw_run_options *options;
	int socket;
	struct pw_capture *capture;
	struct pw_model *model;
	pid_t command; /* 0: not launched yet */
	bool launcher_gone, command_reaped, cancelled;
	uint64_t launched_at, idle_since, interrupted_at, end_ns;
	int interrupted;
};

static int feed(void *context, const struct pw_event *event)
{
	struct recorder *r = context;

	return pw_model_feed(r->model, event);
}

static void listen_to_launcher(struct recorder *r)
{
	struct pw_message message;

	if (r->launcher_gone)
		return;
	if (pw_message_receive(r->socket, &message) != 1) {
		r->launcher_gone = true;
		r->cancelled = !r->command;
		r->interrupted_at = pw_clock_ns();
		return;
	}
	switch (message.kind) {
	case PW_MSG_LAUNCHED:
		pw_capture_launched(r->capture);
		r->command = message.value;
		r->launched_at = pw_clock_ns();
		break;
	case PW_MSG_ENDED:
		r->command_reaped = true;
		break;
	case PW_MSG_INTERRUPTED:
		r->interrupted = message.value;
		r->interrupted_at = pw_clock_ns();
		r->cancelled = !r->command;
		break;
	case PW_MSG_READY:
		break;
	}
}

/* Everything has ended; what is not reaped yet gets a little while for it. */
static bool tree_is_done(struct recorder *r, uint64_t now)
{
	if (pw_model_alive(r->model) || !(r->command_reaped || r->launcher_gone)) {
		r->idle_since = 0;
		return false;
	}
	if (!r->idle_since)
		r->idle_since = now;
	return !pw_model_zombies(r->model) || now - r->idle_since > REAP_GRACE_NS;
}

static bool is_over(struct recorder *r)
{
	const struct pw_run_options *o = r->options;
	uint64_t now = pw_clock_ns();

	if (r->cancelled)
		return true;
	if (!r->command)
		return false;
	if (o->wait == PW_WAIT_LEADER && r->command_reaped)
		return true;
	if (o->duration_ns && now - r->launched_at >= o->duration_ns)
		return true;
	if (r->interrupted_at && now - r->interrupted_at > INTERRUPT_GRACE_NS)
		return true;
	return tree_is_done(r, now);
}

static int poll_timeout(const struct recorder *r)
{
	uint64_t passed;

	if (!r->options->duration_ns || !r->command)
		return PW_CAPTURE_INTERVAL_MS;
	passed = pw_clock_ns() - r->launched_at;
	if (passed >= r->options->duration_ns)
		return 0;
	if (r->options->duration_ns - passed > PW_CAPTURE_INTERVAL_MS * NS_PER_MS)
		return PW_CAPTURE_INTERVAL_MS;
	return (int)((r->options->duration_ns - passed) / NS_PER_MS) + 1;
}

static int record(struct recorder *r)
{
	int err = 0;

	while (!err && !is_over(r)) {
		struct pollfd fds[2] = {
			{.fd = pw_capture_fd(r->capture), .events = POLLIN},
			{.fd = r->launcher_gone ? -1 : r->socket, .events = POLLIN},
		};

		poll(fds, 2, poll_timeout(r));
		if (fds[1].revents)
			listen_to_launcher(r);
		err = pw_capture_drain(r->capture, feed, r);
	}
	return err ? err : pw_capture_stop(r->capture, feed, r, &r->end_ns);
}

/* ---- the report */

struct machine {
	struct utsname uts;
	char boot_id[40];
};

static void look_at_machine(struct machine *m)
{
	FILE *f = fopen("/proc/sys/kernel/random/boot_id", "re");

	uname(&m->uts);
	m->boot_id[0] = '\0';
	if (f) {
		if (fgets(m->boot_id, sizeof(m->boot_id), f))
			m->boot_id[strcspn(m->boot_id, "\n")] = '\0';
		fclose(f);
	}
}

static int64_t wall_clock_at(uint64_t monotonic_ns)
{
	struct timespec t;

	clock_gettime(CLOCK_REALTIME, &t);
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec - (int64_t)(pw_clock_ns() - monotonic_ns);
}

static void describe_session(const struct recorder *r, const struct machine *m, struct pw_session *s)
{
	struct pw_capture_stats stats;
	uint64_t start = pw_model_count(r->model) ? pw_model_life(r->model, 0)->start : r->end_ns;

	pw_capture_stats(r->capture, &stats);
	*s = (struct pw_session){
		.kernel = m->uts.release,
		.machine = m->uts.machine,
		.boot_id = m->boot_id,
		.cpus = (unsigned int)sysconf(_SC_NPROCESSORS_ONLN),
		.hook_reap = stats.hook_reap,
		.hook_reparent = stats.hook_reparent,
		.hook_switch = stats.hook_switch,
		.target = PW_TARGET_RUN,
		.command = (const char *const *)r->options->command,
		.demo = r->options->demo,
		.start_ns = start,
		.duration_ns = r->end_ns - start,
		.start_wall_ns = wall_clock_at(start),
		.received = stats.received,
		.lost = stats.lost,
		.skipped = stats.skipped,
	};
}

static unsigned int terminal_width(void)
{
	const char *columns = getenv("COLUMNS");
	struct winsize size;

	if (!ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) && size.ws_col)
		return size.ws_col < 40 ? 40 : size.ws_col;
	if (columns && atoi(columns) >= 40)
		return (unsigned int)atoi(columns);
	return 100;
}

static void choose_view(const struct pw_run_options *o, struct pw_view_options *view)
{
	const char *term = getenv("TERM"), *no_color = getenv("NO_COLOR");
	bool capable = isatty(STDOUT_FILENO) && term && strcmp(term, "dumb") != 0 && !(no_color && *no_color);

	view->width = o->width ? o->width : terminal_width();
	view->ascii = o->ascii || strcmp(nl_langinfo(CODESET), "UTF-8") != 0;
	view->color = o->color == PW_COLOR_ALWAYS || (o->color == PW_COLOR_AUTO && capable);
}

static int report(struct recorder *r, struct pw_error *error)
{
	struct pw_findings findings = {0};
	struct pw_lesson lesson = {.demo = r->options->demo};
	struct pw_session session;
	struct pw_view_options view;
	struct machine machine;
	struct pw_report all = {.session = &session, .model = r->model, .findings = &findings, .view = &view};
	int err = pw_model_finish(r->model, r->end_ns);

	look_at_machine(&machine);
	describe_session(r, &machine, &session);
	choose_view(r->options, &view);
	if (!err)
		err = pw_findings_make(&findings, r->model, r->end_ns);
	if (!err && r->options->demo) {
		err = pw_demo_find(r->options->demo)->judge(&lesson, r->model, session.command);
		all.lesson = &lesson;
	}
	if (!err)
		err = pw_outputs_write(&r->options->outputs, &all, error);
	pw_lesson_free(&lesson);
	pw_findings_free(&findings);
	return err;
}

/* What the user should know beside the reports. */
static void remark(const struct recorder *r)
{
	size_t alive = pw_model_alive(r->model);

	if (r->options->quiet)
		return;
	if (r->launcher_gone)
		pw_complain("the launcher was killed with its process group; this is what was recorded");
	if (alive)
		pw_complain("the recording has ended; %zu %s still run%s and %s left alone", alive,
			    alive == 1 ? "process" : "processes", alive == 1 ? "s" : "",
			    alive == 1 ? "is" : "are");
}

/*
 * Out of the way of whatever is meant for the command: its process group, its
 * input, the terminal's wish to stop background writers. The signals the launcher
 * takes by signalfd stay blocked here: it decides what they mean.
 */
static void step_aside(void)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	setpgid(0, 0);
	if (null >= 0) {
		dup2(null, STDIN_FILENO);
		close(null);
	}
	signal(SIGTTOU, SIG_IGN);
	signal(SIGPIPE, SIG_IGN);
}

static int start(struct recorder *r, pid_t launcher, struct pw_error *error)
{
	struct pw_capture_options options = {
		.ring_bytes = r->options->ring_bytes,
		.verbose = r->options->verbose,
	};
	int err = pw_capture_open(&r->capture, &options, error);

	if (err)
		return err;
	r->model = pw_model_new();
	if (!r->model)
		return -ENOMEM;
	pw_capture_watch_children_of(r->capture, launcher);
	return pw_message_send(r->socket, PW_MSG_READY, 0);
}

int pw_recorder_run(struct pw_run_options *options, int socket, pid_t launcher)
{
	struct recorder r = {.options = options, .socket = socket};
	struct pw_error error = {""};
	int err;

	step_aside();
	err = start(&r, launcher, &error);
	if (!err)
		err = record(&r);
	if (!err && !r.cancelled) {
		err = report(&r, &error);
		fflush(stdout);
		remark(&r);
	}
	if (err)
		pw_complain("%s", error.text[0] ? error.text : strerror(-err));
	pw_model_free(r.model);
	pw_capture_close(r.capture);
	return err ? PW_EXIT_FAILED : 0;
}
