/* SPDX-License-Identifier: GPL-2.0-only */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "capture/caps.h"
#include "capture/capture.h"
#include "capture/proc.h"
#include "cmd/cmd.h"
#include "run/interrupt.h"
#include "run/liveness.h"
#include "run/message.h"
#include "run/run.h"
#include "run/session.h"
#include "run/signal_relay.h"

#define NS_PER_MS 1000000ull
/*
 * How long ended processes may stay unreaped before the recording ends without having seen
 * their reap: some inits look for them every 2 s only, and on a loaded machine later.
 */
#define REAP_GRACE_NS (6000 * NS_PER_MS)
/* How long an interrupted command may take to end before the recording does. */
#define INTERRUPT_GRACE_NS (1000 * NS_PER_MS)
/* A turn while the launcher waits for an answer. */
#define SHORT_TURN_MS 5

struct recorder {
	struct pw_run_options *options;
	int socket;
	pid_t launcher;
	struct pw_target target;
	struct pw_capture *capture;
	struct pw_model *model;
	struct pw_signal_relay reached;
	pid_t command; /* 0: not launched yet */
	bool launcher_gone, launcher_stopped, command_reaped, cancelled, interrupted;
	struct pw_liveness liveness;
	uint64_t launched_at, idle_since, interrupted_at, end_ns;
};

static int feed(void *context, const struct pw_event *event)
{
	struct recorder *r = context;

	if (event->kind == PW_EV_SIGNAL)
		pw_signal_relay_note(&r->reached, (const struct pw_signal *)event);
	pw_record_file_add(&r->options->common.outputs.record_file, event);
	return pw_outputs_need(&r->options->common.outputs, event) ? pw_model_feed(r->model, event) : 0;
}

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
		pw_capture_launched(r->capture);
		r->command = message->value;
		r->launched_at = pw_clock_ns();
		break;
	case PW_MSG_ENDED:
		r->command_reaped = true;
		break;
	case PW_MSG_SIGNALLED:
		if (!pw_signal_relay_ask(&r->reached, message, pw_clock_ns()))
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

static void hear_launcher(struct recorder *r)
{
	struct pw_message message;
	int n = 0;

	while (!r->launcher_gone && (n = pw_message_receive(r->socket, &message)) == 1)
		obey(r, &message);
	if (n < 0) {
		/* Killed. The command may have had it killed before we were told of the launch. */
		r->launcher_gone = true;
		pw_capture_launched(r->capture);
		interrupt(r);
	}
}

/* The command's number in the initial PID namespace: the first process of all is its. */
static pid_t command_in_events(const struct recorder *r)
{
	const struct pw_process *first = pw_model_process(r->model, 0);

	return first && !pw_in_initial_pid_namespace() ? (pid_t)first->pid : r->command;
}

static void answer_launcher(struct recorder *r)
{
	uint64_t now = pw_clock_ns();
	int sig;

	while ((sig = pw_signal_relay_answer(&r->reached, command_in_events(r), now)))
		tell(r, PW_MSG_PASS_ON, sig);
}

static bool is_stopped(pid_t pid)
{
	struct pw_proc proc;

	return pw_proc_read((uint32_t)pid, &proc) && (proc.state == 'T' || proc.state == 't');
}

/* The launcher stopped itself because the command was stopped, and sleeps through whatever comes next. */
static void wake_launcher(const struct recorder *r, bool even_so)
{
	if (r->launcher_stopped && is_stopped(r->launcher) && (even_so || !is_stopped(r->command)))
		kill(r->launcher, SIGCONT);
}

/* ---- the end of the recording */

/* Everything has ended; what is not reaped yet gets a little while for it. */
static bool tree_is_done(struct recorder *r, uint64_t now)
{
	if (r->command_reaped || r->launcher_gone) {
		pw_liveness_count(&r->liveness, now);
		if (!r->liveness.alive) {
			if (!r->idle_since)
				r->idle_since = now;
			return !r->liveness.zombies || now - r->idle_since > REAP_GRACE_NS;
		}
	}
	r->idle_since = 0;
	return false;
}

static bool is_over(struct recorder *r)
{
	const struct pw_run_options *o = r->options;
	uint64_t now = pw_clock_ns();

	if (r->cancelled || (r->launcher_gone && !pw_model_first_start(r->model)))
		return true;
	if (!r->command && !r->launcher_gone)
		return false;
	if (o->wait == PW_WAIT_LEADER && r->command_reaped)
		return true;
	if (o->common.duration_ns && r->launched_at && now - r->launched_at >= o->common.duration_ns)
		return true;
	if (r->interrupted && now - r->interrupted_at > INTERRUPT_GRACE_NS)
		return true;
	return tree_is_done(r, now);
}

static int poll_timeout(const struct recorder *r)
{
	int turn = r->reached.n_open ? SHORT_TURN_MS : PW_CAPTURE_INTERVAL_MS;
	uint64_t passed, duration = r->options->common.duration_ns;

	if (!duration || !r->command)
		return turn;
	passed = pw_clock_ns() - r->launched_at;
	if (passed >= duration)
		return 0;
	passed = (duration - passed) / NS_PER_MS + 1;
	return passed < (uint64_t)turn ? (int)passed : turn;
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
		hear_launcher(r);
		err = pw_capture_drain(r->capture, feed, r);
		pw_record_file_pulse(&r->options->common.outputs.record_file, pw_clock_ns());
		answer_launcher(r);
		wake_launcher(r, false);
	}
	return err ? err : pw_liveness_stop(&r->liveness, r->capture, feed, r, &r->end_ns);
}

/* ---- its whole process */

/* What the user should know beside the reports. */
static void remark(const struct recorder *r)
{
	size_t alive = pw_model_alive(r->model);

	if (r->options->common.quiet)
		return;
	pw_session_remark(r->capture);
	if (r->launcher_gone)
		pw_log_error("procwatch run was killed; this is what was recorded until then");
	if (alive)
		pw_log_error("the recording has ended; %zu %s still run%s and %s left alone", alive,
			     alive == 1 ? "process" : "processes", alive == 1 ? "s" : "",
			     alive == 1 ? "is" : "are");
}

/*
 * Out of the way of whatever is meant for the command: its process group, its
 * input, its descriptors, its limits, the terminal's request to stop background
 * writers. The signals the launcher takes stay blocked here: it decides what they
 * mean.
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

/* What the command is has to be known before it runs: its first mark may be its first deed. */
static void listen_to_command(struct recorder *r)
{
	char path[PATH_MAX];

	if (r->options->demo)
		pw_capture_marks_of(r->capture, r->options->demo_path);
	else if (pw_command_find(r->options->command[0], path, sizeof(path)))
		pw_capture_marks_of(r->capture, path);
}

static int start(struct recorder *r, struct pw_error *error)
{
	struct pw_capture_options options = {
		.select.no_children = r->options->no_children,
		.ring_bytes = r->options->common.ring_bytes,
		.hooks = r->options->common.hooks,
		.verbose = r->options->common.verbose,
	};
	const struct pw_keep keep = pw_capture_keep(&r->options->common);
	int err = pw_capture_open(&r->capture, &options, error);

	if (err)
		return err;
	r->model = pw_model_new();
	if (!r->model)
		return -ENOMEM;
	pw_model_keep(r->model, &keep);
	pw_liveness_init(&r->liveness, r->capture, r->model);
	listen_to_command(r);
	pw_session_begin(&r->options->common.outputs, &r->target, r->capture);
	pw_capture_watch_children_of(r->capture, r->launcher);
	pw_caps_keep(pw_capture_caps(r->capture) | pw_outputs_caps(&r->options->common.outputs));
	tell(r, PW_MSG_READY, 0);
	return 0;
}

int pw_recorder_run(struct pw_run_options *options, int socket, pid_t launcher)
{
	struct recorder r = {
		.options = options,
		.socket = socket,
		.launcher = launcher,
		.target = {.kind = PW_TARGET_RUN, .command = options->command, .demo = options->demo},
	};
	struct pw_error error = {""};
	bool failed = false;
	int err;

	step_aside();
	err = start(&r, &error);
	if (!err)
		err = record(&r);
	if (!err) {
		tell(&r, PW_MSG_OVER, 0);
		wake_launcher(&r, true);
		if (!r.cancelled && (r.command || pw_model_first_start(r.model))) {
			failed = pw_session_end(&options->common.outputs, &r.target, r.capture, r.model,
						r.end_ns) != 0;
			remark(&r);
		} else {
			pw_record_file_discard(&options->common.outputs.record_file);
		}
	} else {
		pw_log_error("%s", error.text[0] ? error.text : strerror(-err));
	}
	pw_model_free(r.model);
	pw_capture_close(r.capture);
	return err || failed ? PW_EXIT_FAILED : 0;
}
