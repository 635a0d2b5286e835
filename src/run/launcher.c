/* SPDX-License-Identifier: GPL-2.0-only */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "capture/caps.h"
#include "capture/capture.h"
#include "cmd/cmd.h"
#include "run/environment.h"
#include "run/interrupt.h"
#include "run/launch.h"
#include "run/message.h"
#include "run/run.h"

#define NS_PER_MS 1000000ull
/* How long a signal may take from one process of a group to the next. */
#define DELIVERY_NS (50 * NS_PER_MS)
/* How long a SIGCONT for the whole group may take to reach the command. */
#define CONTINUE_MS 20

struct launcher {
	struct pw_run_options *options;
	int socket; /* to the recorder */
	int signals; /* signalfd */
	sigset_t watched; /* what it reads */
	char **environment; /* what procwatch was started with */
	sigset_t before; /* the mask procwatch was started with */
	bool sigchld_was_ignored;
	pid_t recorder, command; /* 0: not there yet */
	bool ready, over; /* the recorder said so */
	bool recorder_ended, command_ended, aborted;
	int command_status, recorder_status; /* wait statuses */
	int interrupted; /* the signal that ended the capture */
	uint64_t interrupted_at, stopped_at;
};

static void tell(const struct launcher *l, enum pw_message_kind kind, int value)
{
	pw_message_send(l->socket, &(struct pw_message){.kind = kind, .value = value});
}

static bool command_processes(const struct launcher *l)
{
	return l->command && !l->command_ended;
}

/* ---- taking signals */

/* What tells of a fault in procwatch itself, or cannot be taken. */
static bool is_own_affair(int sig)
{
	static const int own[] = {SIGKILL, SIGSTOP, SIGCONT, SIGSEGV, SIGBUS,  SIGILL,
				  SIGFPE,  SIGTRAP, SIGSYS,  SIGXCPU, SIGXFSZ, SIGPIPE};

	for (size_t i = 0; i < sizeof(own) / sizeof(own[0]); i++)
		if (own[i] == sig)
			return true;
	return false;
}

/* What is ignored stays so, for procwatch as for the command: nohup means both. */
static int take_signals(struct launcher *l)
{
	sigset_t blocked;

	l->sigchld_was_ignored = pw_is_ignored(SIGCHLD);
	if (l->sigchld_was_ignored) /* or there would be no exit status to wait for */
		signal(SIGCHLD, SIG_DFL);
	sigemptyset(&l->watched);
	for (int sig = 1; sig <= SIGRTMAX; sig++)
		if (!is_own_affair(sig) && !pw_is_ignored(sig))
			sigaddset(&l->watched, sig);
	blocked = l->watched;
	sigaddset(&blocked, SIGPIPE); /* a closed standard error must not end the launcher */
	if (sigprocmask(SIG_BLOCK, &blocked, &l->before))
		return -errno;
	l->signals = signalfd(-1, &l->watched, SFD_CLOEXEC | SFD_NONBLOCK);
	return l->signals < 0 ? -errno : 0;
}

/*
 * Without a recorder to ask: a signal of the terminal reaches the whole process
 * group, the command included, unless it is the hang-up that only the session's
 * leader gets; so, as a rule, does one whose sender is in the group.
 */
static bool reached_command_too(const struct signalfd_siginfo *info)
{
	if (info->ssi_code == SI_KERNEL)
		return info->ssi_signo != SIGHUP || getsid(0) != getpid();
	return getpgid((pid_t)info->ssi_pid) == getpgrp();
}

/* As without procwatch, the command gets what was sent to procwatch, and gets it once. */
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
		return; /* the recorder has seen whether the command got it, and answers */
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
		l->aborted = true; /* the second one: at once, without a report */
		kill(l->recorder, SIGKILL);
	}
}

/* A stop signal of the terminal with no command to take it: it was meant for us. */
static void stop_like(const struct launcher *l, int sig)
{
	sigset_t one;

	if (!sigismember(&l->watched, sig))
		sig = SIGSTOP;
	sigemptyset(&one);
	sigaddset(&one, sig);
	raise(sig);
	sigprocmask(SIG_UNBLOCK, &one, NULL); /* here it stops */
	sigprocmask(SIG_BLOCK, &one, NULL);
}

static void reap(struct launcher *l);

static void on_signal(struct launcher *l, const struct signalfd_siginfo *info)
{
	int sig = (int)info->ssi_signo;
	bool ends_capture = sig == SIGINT || sig == SIGTERM;

	switch (sig) {
	case SIGCHLD:
		reap(l);
		return;
	case SIGURG: /* ignored unless handled */
	case SIGWINCH:
		break;
	case SIGTSTP:
	case SIGTTIN:
	case SIGTTOU:
		if (!command_processes(l))
			stop_like(l, sig);
		break;
	default: /* deadly unless handled, and there is nobody else to handle it */
		if (ends_capture || !command_processes(l))
			interrupt(l, sig);
	}
	if (command_processes(l))
		pass_on(l, info);
}

/* ---- what happens to the command */

static bool command_is_stopped(const struct launcher *l, int *sig)
{
	siginfo_t info = {.si_pid = 0};

	/* WNOWAIT: it must be seen again, until the command goes on. */
	if (!command_processes(l) || waitid(P_PID, (id_t)l->command, &info, WSTOPPED | WNOHANG | WNOWAIT))
		return false;
	*sig = info.si_status;
	return info.si_pid == l->command;
}

static void hear_recorder(struct launcher *l)
{
	struct pw_message message;

	while (pw_message_receive(l->socket, &message) == 1) {
		if (message.kind == PW_MSG_READY)
			l->ready = true;
		else if (message.kind == PW_MSG_OVER)
			l->over = true;
		else if (message.kind == PW_MSG_PASS_ON && command_processes(l))
			kill(l->command, message.value);
	}
}

/*
 * Whoever waits for procwatch (a shell with job control) shall see it stopped
 * when the command is, and not before: an editor first puts the terminal right.
 * When the command alone is continued the recorder wakes us; when we alone are,
 * the command is to be continued.
 */
static void stop_with_command(struct launcher *l, int sig)
{
	tell(l, PW_MSG_STOPPED, 0);
	l->stopped_at = pw_clock_ns();
	stop_like(l, sig);
	tell(l, PW_MSG_RESUMED, 0);
	for (int ms = 0; command_is_stopped(l, &sig); ms++) {
		hear_recorder(l);
		if (l->over)
			return;
		if (ms == CONTINUE_MS) {
			kill(l->command, SIGCONT);
			return;
		}
		usleep(1000);
	}
}

/* Any child: as pid 1 of a container procwatch is the one to collect the orphans. */
static void reap(struct launcher *l)
{
	pid_t pid;
	int status, sig;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
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

/* One turn: waits for something to happen and deals with it. */
static void serve(struct launcher *l)
{
	struct pollfd fds[2] = {{.fd = l->signals, .events = POLLIN},
				{.fd = l->recorder_ended ? -1 : l->socket, .events = POLLIN}};
	struct signalfd_siginfo info;

	poll(fds, 2, -1);
	hear_recorder(l);
	if (fds[1].revents & POLLHUP)
		poll(fds, 1, -1); /* it has ended, or is about to: SIGCHLD comes */
	while (read(l->signals, &info, sizeof(info)) == sizeof(info))
		on_signal(l, &info);
	l->stopped_at = 0;
}

/* ---- the run */

void pw_close_inherited(void)
{
	DIR *dir = opendir("/proc/self/fd");
	struct dirent *entry;

	/* All of ours close on exec; what came through an exec does not. */
	while (dir && (entry = readdir(dir))) {
		int fd = atoi(entry->d_name), flags = fcntl(fd, F_GETFD);

		if (fd > STDERR_FILENO && flags >= 0 && !(flags & FD_CLOEXEC))
			close(fd);
	}
	if (dir)
		closedir(dir);
}

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
		status = pw_recorder_run(l->options, pair[1], launcher);
		pw_outputs_close(&l->options->common.outputs);
		exit(status);
	}
	close(pair[1]);
	l->socket = pair[0];
	pw_caps_keep_callers(); /* the rest is the recorder's business */
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
	const struct pw_run_options *o = l->options;
	struct pw_error error = {""};
	struct pw_launch launch = {
		.path = o->demo ? o->demo_path : NULL,
		.argv = o->command,
		.environment = l->environment,
		.user = user,
		.stdout_to_stderr = pw_outputs_take_stdout(&o->common.outputs),
		.signal_mask = &l->before,
		.ignore_sigchld = l->sigchld_was_ignored,
	};
	enum pw_launch_result result = pw_launch(&launch, &l->command, &error);

	pw_close_inherited();
	/* The command may become, or already be, another user, and is still to get its signals. */
	pw_caps_keep(PW_CAP(CAP_KILL) | pw_outputs_caps(&o->common.outputs));
	if (result == PW_LAUNCH_DONE) {
		tell(l, PW_MSG_LAUNCHED, l->command);
	} else {
		l->command = 0;
		tell(l, PW_MSG_CANCEL, 0);
		pw_log_error("%s", error.text);
	}
	return statuses[result];
}

/* Where the recorder failed the command still needs its parent. */
static bool command_needs_us(const struct launcher *l)
{
	return command_processes(l) && !l->over && !l->interrupted;
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
	if (was_aborted(l))
		pw_log_error("aborted; there is no report");
	else if (WIFSIGNALED(l->recorder_status))
		pw_log_error(
			"the recorder was killed by signal %d%s; there is no report",
			WTERMSIG(l->recorder_status),
			WTERMSIG(l->recorder_status) == SIGKILL
				? " (by hand, or for want of memory: see memory.max of its control group)"
				: "");
	while (command_needs_us(l))
		serve(l);
	return status ? status : exit_status(l);
}

int pw_launcher_run(struct pw_run_options *options, const struct pw_user *user)
{
	struct launcher l = {.options = options, .socket = -1, .signals = -1};
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
