/* SPDX-License-Identifier: GPL-2.0-only */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "capture/caps.h"
#include "run/environment.h"
#include "run/interrupt.h"
#include "run/launch.h"
#include "run/message.h"
#include "run/run.h"
#include "util/clock.h"
#include "util/error.h"
#include "util/exit_status.h"
#include "util/kernel_names.h"

/* How long a signal may take from one process of a group to the next. */
#define DELIVERY_NS (50 * PW_NS_PER_MS)
/* How long a SIGCONT for the whole group may take to reach the command. */
#define CONTINUE_MS 20

struct launcher {
	struct pw_run_settings *settings;
	/* to the recorder */
	int socket;
	/* a signalfd that reads the signals of `watched` */
	int signals;
	sigset_t watched;
	/* what procwatch was started with, for the command */
	char **environment;
	sigset_t original_mask;
	bool sigchld_was_ignored;
	/* 0: not started yet */
	pid_t recorder, command;
	/* the recorder has attached its hooks; the capture has ended */
	bool ready, over;
	bool recorder_ended, command_ended, aborted;
	/* wait statuses */
	int command_status, recorder_status;
	/* the signal that ended the capture; 0: none */
	int interrupted;
	/* ns; stopped_at is 0 outside a turn in which the launcher stopped */
	uint64_t interrupted_at, stopped_at;
};

static void tell(const struct launcher *l, enum pw_message_kind kind, int value)
{
	pw_message_send(l->socket, &(struct pw_message){.kind = kind, .value = value});
}

static bool command_is_alive(const struct launcher *l)
{
	return l->command && !l->command_ended;
}

/* ---- taking signals */

/* Signals that report a fault of procwatch itself, or that no process can take. */
static bool is_not_for_command(int sig)
{
	static const int own[] = {SIGKILL, SIGSTOP, SIGCONT, SIGSEGV, SIGBUS,  SIGILL,
				  SIGFPE,  SIGTRAP, SIGSYS,  SIGXCPU, SIGXFSZ, SIGPIPE};

	for (size_t i = 0; i < sizeof(own) / sizeof(own[0]); i++)
		if (own[i] == sig)
			return true;
	return false;
}

/* A signal that was ignored stays ignored, also by the command: nohup means both. */
static int take_signals(struct launcher *l)
{
	sigset_t blocked;

	l->sigchld_was_ignored = pw_is_ignored(SIGCHLD);
	/* With SIGCHLD ignored there would be no exit status to wait for. */
	if (l->sigchld_was_ignored)
		signal(SIGCHLD, SIG_DFL);
	sigemptyset(&l->watched);
	for (int sig = 1; sig <= SIGRTMAX; sig++)
		if (!is_not_for_command(sig) && !pw_is_ignored(sig))
			sigaddset(&l->watched, sig);
	blocked = l->watched;
	/* A closed standard error must not end the launcher. */
	sigaddset(&blocked, SIGPIPE);
	if (sigprocmask(SIG_BLOCK, &blocked, &l->original_mask))
		return -errno;
	l->signals = signalfd(-1, &l->watched, SFD_CLOEXEC | SFD_NONBLOCK);
	return l->signals < 0 ? -errno : 0;
}

/*
 * Guesses whether the command got the signal, too, when there is no recorder to ask. A signal from
 * the terminal goes to the whole process group, except for the SIGHUP that only the session leader
 * gets. A sender within the group has most likely signalled all of it.
 */
static bool reached_command_too(const struct signalfd_siginfo *info)
{
	if (info->ssi_code == SI_KERNEL)
		return info->ssi_signo != SIGHUP || getsid(0) != getpid();
	return getpgid((pid_t)info->ssi_pid) == getpgrp();
}

/* The command gets every signal that was sent to procwatch, and gets it once. */
static void pass_on(struct launcher *l, const struct signalfd_siginfo *info)
{
	int sig = (int)info->ssi_signo;
	uint64_t now = pw_clock_ns();
	struct pw_message question = {
		.kind = PW_MSG_SIGNALLED,
		.value = sig,
		.sender = (pid_t)info->ssi_pid,
		.since = l->stopped_at ? l->stopped_at : now - DELIVERY_NS,
	};

	if (!l->over && !l->recorder_ended && !l->aborted && !pw_message_send(l->socket, &question))
		return; /* the recorder knows whether the command got it, and answers */
	if (!reached_command_too(info))
		kill(l->command, sig);
}

static void interrupt(struct launcher *l, int sig)
{
	uint64_t now = pw_clock_ns();

	if (!l->interrupted) {
		l->interrupted = sig;
		l->interrupted_at = now;
		tell(l, PW_MSG_INTERRUPTED, sig);
	} else if (now - l->interrupted_at > PW_SAME_REQUEST_NS && !l->recorder_ended) {
		/* The second request: ends at once, without a report. */
		l->aborted = true;
		kill(l->recorder, SIGKILL);
	}
}

/* Stops this process by sig, or by SIGSTOP if sig is not watched. Returns when it is continued. */
static void stop_self(const struct launcher *l, int sig)
{
	sigset_t one;

	if (!sigismember(&l->watched, sig))
		sig = SIGSTOP;
	sigemptyset(&one);
	sigaddset(&one, sig);
	raise(sig);
	/* The process stops here. */
	sigprocmask(SIG_UNBLOCK, &one, NULL);
	sigprocmask(SIG_BLOCK, &one, NULL);
}

/* ---- the command */

static bool command_is_stopped(const struct launcher *l, int *sig)
{
	siginfo_t info = {.si_pid = 0};

	/* WNOWAIT keeps the status, so that this stays true until the command continues. */
	if (!command_is_alive(l) || waitid(P_PID, (id_t)l->command, &info, WSTOPPED | WNOHANG | WNOWAIT))
		return false;
	*sig = info.si_status;
	return info.si_pid == l->command;
}

static void read_messages(struct launcher *l)
{
	struct pw_message message;

	while (pw_message_receive(l->socket, &message) == 1) {
		if (message.kind == PW_MSG_READY)
			l->ready = true;
		else if (message.kind == PW_MSG_OVER)
			l->over = true;
		else if (message.kind == PW_MSG_PASS_ON && command_is_alive(l))
			kill(l->command, message.value);
	}
}

/* Waits until the command continues or the capture ends. False: the command is still stopped after CONTINUE_MS. */
static bool command_continues(struct launcher *l)
{
	int sig;

	for (int ms = 0; command_is_stopped(l, &sig); ms++) {
		read_messages(l);
		if (l->over)
			return true;
		if (ms == CONTINUE_MS)
			return false;
		usleep(1000);
	}
	return true;
}

/*
 * Stops with the command, which sig has stopped: a shell with job control waits for procwatch and
 * must see it stop, but not before the command has (an editor first restores the terminal).
 * The launcher continues in one of three ways. If a SIGCONT went to the whole group, the command
 * continues by itself. If it went to the command, the recorder sees that and continues the launcher.
 * If it went to the launcher alone, the launcher continues the command.
 */
static void stop_with_command(struct launcher *l, int sig)
{
	tell(l, PW_MSG_STOPPED, 0);
	l->stopped_at = pw_clock_ns();
	stop_self(l, sig);
	tell(l, PW_MSG_RESUMED, 0);
	if (!command_continues(l))
		kill(l->command, SIGCONT);
}

/* Reaps every child: as pid 1 of a container, procwatch must reap the orphans, too. */
static void reap(struct launcher *l)
{
	int status, sig;
	pid_t pid;

	for (;;) {
		pid = waitpid(-1, &status, WNOHANG);
		if (pid <= 0)
			break;
		if (pid == l->recorder) {
			l->recorder_ended = true;
			l->recorder_status = status;
		} else if (pid == l->command) {
			l->command_ended = true;
			l->command_status = status;
			tell(l, PW_MSG_ENDED, status);
		}
	}
	if (!l->over && !l->recorder_ended && command_is_stopped(l, &sig))
		stop_with_command(l, sig);
}

static void on_signal(struct launcher *l, const struct signalfd_siginfo *info)
{
	int sig = (int)info->ssi_signo;
	bool ends_capture = sig == SIGINT || sig == SIGTERM;

	switch (sig) {
	case SIGCHLD:
		reap(l);
		return;
	/* By default ignored. */
	case SIGURG:
	case SIGWINCH:
		break;
	/* Without a command, the terminal means procwatch. */
	case SIGTSTP:
	case SIGTTIN:
	case SIGTTOU:
		if (!command_is_alive(l))
			stop_self(l, sig);
		break;
	/* Fatal by default. While the command is alive, it decides what the others mean. */
	default:
		if (ends_capture || !command_is_alive(l))
			interrupt(l, sig);
	}
	if (command_is_alive(l))
		pass_on(l, info);
}

/* Waits for a signal or a message, and handles all of them. */
static void serve(struct launcher *l)
{
	struct pollfd fds[2] = {{.fd = l->signals, .events = POLLIN},
				{.fd = l->recorder_ended ? -1 : l->socket, .events = POLLIN}};
	struct signalfd_siginfo info;

	poll(fds, 2, -1);
	read_messages(l);
	if (fds[1].revents & POLLHUP)
		poll(fds, 1, -1); /* the recorder ends now, and SIGCHLD follows */
	while (read(l->signals, &info, sizeof(info)) == sizeof(info))
		on_signal(l, &info);
	l->stopped_at = 0;
}

/* ---- the run */

static int start_recorder(struct launcher *l)
{
	int pair[2];
	pid_t launcher = getpid();

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair))
		return -errno;
	l->recorder = fork();
	if (l->recorder < 0)
		return -errno;
	if (l->recorder == 0) {
		int status;

		close(pair[0]);
		close(l->signals);
		status = pw_recorder_run(l->settings, pair[1], launcher);
		pw_outputs_close(&l->settings->common.outputs);
		exit(status);
	}
	close(pair[1]);
	l->socket = pair[0];
	/* Only the recorder needs the capabilities of procwatch's file. */
	pw_caps_keep_callers();
	return 0;
}

static int launch_command(struct launcher *l, const struct pw_user *user)
{
	static const int statuses[] = {
		[PW_LAUNCH_DONE] = 0,
		[PW_LAUNCH_FAILED] = PW_EXIT_FAILED,
		[PW_LAUNCH_CANNOT_RUN] = PW_EXIT_CANNOT_RUN,
		[PW_LAUNCH_NOT_FOUND] = PW_EXIT_NOT_FOUND,
	};
	const struct pw_run_settings *s = l->settings;
	struct pw_error error = {""};
	struct pw_launch launch = {
		.path = s->demo ? s->demo_path : NULL,
		.argv = s->command,
		.environment = l->environment,
		.user = user,
		.stdout_to_stderr = pw_outputs_take_stdout(&s->common.outputs),
		.signal_mask = &l->original_mask,
		.ignore_sigchld = l->sigchld_was_ignored,
	};
	enum pw_launch_result result = pw_launch(&launch, &l->command, &error);

	pw_close_inherited();
	/* The command may be or become another user, and must still get its signals. */
	pw_caps_keep(PW_CAP(CAP_KILL) | pw_settings_caps(&s->common));
	if (result == PW_LAUNCH_DONE) {
		tell(l, PW_MSG_LAUNCHED, l->command);
	} else {
		l->command = 0;
		tell(l, PW_MSG_CANCEL, 0);
		pw_log_error("%s", error.text);
	}
	return statuses[result];
}

/* If the recorder failed, the command still needs its parent. */
static bool command_needs_parent(const struct launcher *l)
{
	return command_is_alive(l) && !l->over && !l->interrupted;
}

static bool was_aborted(const struct launcher *l)
{
	return l->aborted && WIFSIGNALED(l->recorder_status);
}

static int exit_status(const struct launcher *l)
{
	int recorder = WIFEXITED(l->recorder_status) ? WEXITSTATUS(l->recorder_status) : PW_EXIT_FAILED;

	if (recorder && !was_aborted(l))
		return recorder;
	if (!l->command_ended)
		return l->interrupted ? PW_EXIT_SIGNAL + l->interrupted : 0;
	if (WIFSIGNALED(l->command_status))
		return PW_EXIT_SIGNAL + WTERMSIG(l->command_status);
	return WEXITSTATUS(l->command_status);
}

/* Explains why there is no report, if the recorder did not end by itself. */
static void explain_recorder(const struct launcher *l)
{
	const int sig = WIFSIGNALED(l->recorder_status) ? WTERMSIG(l->recorder_status) : 0;
	const char *name = pw_signal_name(sig);

	if (was_aborted(l))
		pw_log_error("aborted; there is no report");
	else if (sig == SIGKILL)
		pw_log_error("the recorder was killed by SIGKILL (by a user or the OOM killer; check "
			     "memory.max of "
			     "its control group); there is no report");
	else if (sig)
		pw_log_error("the recorder was killed by %s; there is no report", name ? name : "a signal");
}

static int supervise(struct launcher *l, const struct pw_user *user)
{
	int status = 0;

	while (!l->ready && !l->recorder_ended && !l->interrupted)
		serve(l);
	if (l->ready && !l->interrupted)
		status = launch_command(l, user);
	else
		tell(l, PW_MSG_CANCEL, 0);
	while (!l->recorder_ended)
		serve(l);
	explain_recorder(l);
	while (command_needs_parent(l))
		serve(l);
	return status ? status : exit_status(l);
}

int pw_launcher_run(struct pw_run_settings *settings, const struct pw_user *user)
{
	struct launcher l = {.settings = settings, .socket = -1, .signals = -1};
	int err = take_signals(&l), status = PW_EXIT_FAILED;

	l.environment = pw_environment();
	if (!err)
		err = start_recorder(&l);
	if (err)
		pw_log_error("cannot start the recorder: %s", strerror(-err));
	else
		status = supervise(&l, user);
	pw_environment_free(l.environment);
	return status;
}
