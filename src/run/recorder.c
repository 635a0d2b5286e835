/* SPDX-License-Identifier: GPL-2.0-only */
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "capture/caps.h"
#include "capture/capture.h"
#include "capture/procfs.h"
#include "run/interrupt.h"
#include "run/launch.h"
#include "run/message.h"
#include "run/record_loop.h"
#include "run/run.h"
#include "run/session.h"
#include "run/signal_relay.h"
#include "util/clock.h"
#include "util/error.h"
#include "util/exit_status.h"

/*
 * How long the recording goes on for the reaps of processes that have all exited. Some inits look
 * for orphans only every 2 s, and later on a loaded machine.
 */
#define REAP_GRACE_NS (6000 * PW_NS_PER_MS)
/* How long an interrupted command may take to exit before the recording ends. */
#define INTERRUPT_GRACE_NS (1000 * PW_NS_PER_MS)

struct recorder {
	struct pw_run_settings *settings;
	struct pw_record_loop loop;
	/* to the launcher */
	int socket;
	pid_t launcher;
	struct pw_target target;
	struct pw_signal_relay relay;
	/* 0: not launched yet */
	pid_t command;
	bool launcher_gone, launcher_stopped, command_reaped, cancelled, interrupted;
	/* since when every process has exited, with some not reaped; 0: not so */
	uint64_t idle_since;
	uint64_t interrupted_at;
};

/* ---- the launcher */

static void tell(const struct recorder *r, enum pw_message_kind kind, int value)
{
	pw_message_send(r->socket, &(struct pw_message){.kind = kind, .value = value});
}

static void interrupt(struct recorder *r)
{
	if (!r->interrupted)
		r->interrupted_at = pw_clock_ns();
	r->interrupted = true;
}

static void obey(struct recorder *r, const struct pw_message *message)
{
	switch (message->kind) {
	case PW_MSG_CANCEL:
		r->cancelled = true;
		break;
	case PW_MSG_LAUNCHED:
		pw_capture_launched(r->loop.capture);
		r->command = message->value;
		r->loop.duration_from_ns = pw_clock_ns();
		break;
	case PW_MSG_ENDED:
		r->command_reaped = true;
		break;
	case PW_MSG_SIGNALLED:
		if (!pw_signal_relay_ask(&r->relay, message, pw_clock_ns()))
			tell(r, PW_MSG_PASS_ON, message->value);
		break;
	case PW_MSG_INTERRUPTED:
		interrupt(r);
		break;
	case PW_MSG_STOPPED:
		r->launcher_stopped = true;
		break;
	case PW_MSG_RESUMED:
		r->launcher_stopped = false;
		break;
	default:
		break;
	}
}

static void read_messages(struct recorder *r)
{
	struct pw_message message;

	while (!r->launcher_gone) {
		int n = pw_message_receive(r->socket, &message);

		if (!n)
			return;
		if (n > 0) {
			obey(r, &message);
			continue;
		}
		/* The launcher was killed, perhaps by the command, and before it reported the launch. */
		r->launcher_gone = true;
		r->loop.control_fd = -1;
		pw_capture_launched(r->loop.capture);
		interrupt(r);
	}
}

/* The pid of the command in the events, which come from the initial PID namespace: the first process of all. */
static pid_t command_in_events(const struct recorder *r)
{
	const struct pw_process *first = pw_model_process(r->loop.model, 0);

	if (first && !pw_in_initial_pid_namespace())
		return (pid_t)first->pid;
	return r->command;
}

static void answer_launcher(struct recorder *r)
{
	uint64_t now = pw_clock_ns();
	int sig;

	for (;;) {
		sig = pw_signal_relay_answer(&r->relay, command_in_events(r), now);
		if (!sig)
			break;
		tell(r, PW_MSG_PASS_ON, sig);
	}
	r->loop.hurry = r->relay.n_open > 0;
}

static bool is_stopped(pid_t pid)
{
	struct pw_proc proc;

	return pw_proc_read((uint32_t)pid, &proc) && (proc.state == 'T' || proc.state == 't');
}

/* The launcher stopped itself when the command was stopped, and cannot see that the command continues. */
static void continue_launcher(const struct recorder *r)
{
	if (r->launcher_stopped && is_stopped(r->launcher))
		kill(r->launcher, SIGCONT);
}

/* ---- the end of the recording */

/* Every process has exited, and is reaped or has had its time for it. */
static bool tree_is_done(struct recorder *r, uint64_t now)
{
	struct pw_liveness *liveness = &r->loop.liveness;

	if (!r->command_reaped && !r->launcher_gone) {
		r->idle_since = 0;
		return false;
	}
	pw_liveness_count(liveness, now);
	if (liveness->alive) {
		r->idle_since = 0;
		return false;
	}
	if (!r->idle_since)
		r->idle_since = now;
	return !liveness->zombies || now - r->idle_since > REAP_GRACE_NS;
}

/* ---- callbacks of the record loop */

static void on_event(void *context, const struct pw_event *event)
{
	struct recorder *r = context;

	if (event->kind == PW_EV_SIGNAL)
		pw_signal_relay_note(&r->relay, (const struct pw_signal *)event);
}

static void on_wake(void *context)
{
	read_messages(context);
}

static void after_drain(void *context)
{
	struct recorder *r = context;

	answer_launcher(r);
	if (r->launcher_stopped && !is_stopped(r->command))
		continue_launcher(r);
}

static bool is_over(void *context, uint64_t now)
{
	struct recorder *r = context;

	if (r->cancelled || (r->launcher_gone && !pw_model_first_start(r->loop.model)))
		return true;
	if (!r->command && !r->launcher_gone)
		return false;
	if (r->settings->wait == PW_WAIT_LEADER && r->command_reaped)
		return true;
	if (r->interrupted && now - r->interrupted_at > INTERRUPT_GRACE_NS)
		return true;
	return tree_is_done(r, now);
}

static const struct pw_record_callbacks callbacks = {
	.on_event = on_event,
	.on_wake = on_wake,
	.after_drain = after_drain,
	.is_over = is_over,
};

/* ---- the process */

/* Tells the user what the reports do not. */
static void remark(const struct recorder *r)
{
	const size_t alive = pw_model_alive(r->loop.model);

	if (r->settings->common.quiet)
		return;
	pw_session_remark(r->loop.capture);
	if (r->launcher_gone)
		pw_log_error("procwatch run was killed; the report shows what was recorded until then");
	if (alive == 1)
		pw_log_error("the recording has ended, but 1 process is still running");
	else if (alive)
		pw_log_error("the recording has ended, but %zu processes are still running", alive);
}

/*
 * Leaves everything that is meant for the command: the process group, standard input, inherited
 * descriptors, limits, and SIGTTOU, by which a terminal stops background writers. The signals that
 * the launcher takes stay blocked here.
 */
static void step_aside(void)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);
	struct rlimit limit;

	setpgid(0, 0);
	pw_close_inherited();
	if (null >= 0) {
		dup2(null, STDIN_FILENO);
		close(null);
	}
	signal(SIGTTOU, SIG_IGN);
	pw_survive_writes();
	if (!getrlimit(RLIMIT_NOFILE, &limit)) {
		limit.rlim_cur = limit.rlim_max;
		setrlimit(RLIMIT_NOFILE, &limit);
	}
}

/* Before the command runs: a mark may be the first thing it does. */
static void attach_to_marks(struct recorder *r)
{
	const struct pw_run_settings *s = r->settings;
	char path[PATH_MAX];

	if (s->demo)
		pw_capture_marks_of(r->loop.capture, s->demo_path);
	else if (pw_command_find(s->command[0], path, sizeof(path)))
		pw_capture_marks_of(r->loop.capture, path);
}

static int start(struct recorder *r, struct pw_error *error)
{
	const struct pw_selection select = {.no_children = r->settings->no_children};
	struct pw_settings *common = &r->settings->common;
	int err = pw_record_open(&r->loop, &select, error);

	if (err)
		return err;
	r->loop.control_fd = r->socket;
	attach_to_marks(r);
	pw_session_begin(&common->outputs, &r->target, r->loop.capture);
	pw_capture_watch_children_of(r->loop.capture, r->launcher);
	pw_caps_keep(pw_capture_caps(r->loop.capture) | pw_settings_caps(common));
	tell(r, PW_MSG_READY, 0);
	return 0;
}

/* Returns 0 or a negative errno, printed already. */
static int report(struct recorder *r)
{
	struct pw_outputs *outputs = &r->settings->common.outputs;
	int err;

	if (r->cancelled || (!r->command && !pw_model_first_start(r->loop.model))) {
		pw_record_file_discard(&outputs->record_file);
		return 0;
	}
	err = pw_session_end(outputs, &r->target, r->loop.capture, r->loop.model, r->loop.end_ns);
	remark(r);
	return err;
}

int pw_recorder_run(struct pw_run_settings *settings, int socket, pid_t launcher)
{
	struct recorder r = {
		.settings = settings,
		.loop = {.settings = &settings->common, .callbacks = &callbacks},
		.socket = socket,
		.launcher = launcher,
		.target = {.kind = PW_TARGET_RUN, .command = settings->command, .demo = settings->demo},
	};
	struct pw_error error = {""};
	int err;

	r.loop.context = &r;
	step_aside();
	err = start(&r, &error);
	if (!err)
		err = pw_record_run(&r.loop);
	if (err) {
		pw_log_error("%s", error.text[0] ? error.text : strerror(-err));
	} else {
		tell(&r, PW_MSG_OVER, 0);
		continue_launcher(&r);
		err = report(&r);
	}
	pw_record_close(&r.loop);
	return err ? PW_EXIT_FAILED : 0;
}
