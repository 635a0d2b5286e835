/* SPDX-License-Identifier: GPL-2.0-only */
#include "cmd/run.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "capture/launch.h"
#include "cmd/cmd.h"
#include "cmd/demo_path.h"
#include "lesson/lesson.h"

int pw_message_send(int fd, int kind, int value)
{
	struct pw_message message = {.value = value};

	message.kind = kind;
	return send(fd, &message, sizeof(message), MSG_NOSIGNAL) == sizeof(message) ? 0 : -errno;
}

int pw_message_receive(int fd, struct pw_message *message)
{
	ssize_t n;

	do
		n = recv(fd, message, sizeof(*message), 0);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return errno == ECONNRESET ? 0 : -errno;
	return n == sizeof(*message);
}

/* The launcher's view of the run. */
struct launcher {
	const struct pw_run_options *options;
	int socket; /* to the recorder */
	int signals; /* signalfd */
	sigset_t before; /* the mask procwatch was started with */
	pid_t recorder, command;
	bool command_ended, recorder_ended;
	int command_status, recorder_status; /* wait statuses */
	int interrupted; /* the signal that ended the capture */
};

/* A demo's name stands for its program; a near miss of one is answered with the name. */
static int resolve_demo(struct pw_run_options *o)
{
	const char *name = o->command[0];
	const struct pw_demo *near;

	if (pw_demo_find(name)) {
		if (pw_demo_path(name, o->demo_path, sizeof(o->demo_path))) {
			pw_complain("the program of %s is not beside procwatch: build it with make", name);
			return PW_EXIT_NOT_FOUND;
		}
		o->demo = name;
		return 0;
	}
	if (strncmp(name, "demo", 4) != 0)
		return 0;
	near = pw_demo_nearest(name);
	pw_complain(near ? "no demo is called '%s'; did you mean '%s'? (procwatch demos lists them)"
			 : "no demo is called '%s' (procwatch demos lists them)",
		    name, near ? near->name : NULL);
	return PW_EXIT_NOT_FOUND;
}

static int block_signals(struct launcher *l)
{
	static const int watched[] = {SIGCHLD, SIGINT, SIGTERM, SIGHUP, SIGQUIT};
	sigset_t set;

	sigemptyset(&set);
	for (size_t i = 0; i < sizeof(watched) / sizeof(watched[0]); i++)
		sigaddset(&set, watched[i]);
	if (sigprocmask(SIG_BLOCK, &set, &l->before))
		return -errno;
	l->signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	return l->signals < 0 ? -errno : 0;
}

static int start_recorder(struct launcher *l, struct pw_run_options *options)
{
	int pair[2];
	pid_t launcher = getpid();

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair))
		return -errno;
	l->recorder = fork();
	if (l->recorder < 0)
		return -errno;
	if (l->recorder == 0) {
		close(pair[0]);
		close(l->signals);
		exit(pw_recorder_run(options, pair[1], launcher));
	}
	close(pair[1]);
	l->socket = pair[0];
	return 0;
}

/*
 * A signal of the terminal reaches the whole process group, the command
 * included; so, as a rule, does one whose sender is in the group (timeout). Any
 * other was sent to procwatch alone and is passed on.
 */
static bool reached_command_too(const struct signalfd_siginfo *info)
{
	return info->ssi_code == SI_KERNEL || getpgid((pid_t)info->ssi_pid) == getpgrp();
}

static void reap(struct launcher *l)
{
	pid_t pid;
	int status;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
		if (pid == l->recorder) {
			l->recorder_ended = true;
			l->recorder_status = status;
		} else if (pid == l->command) {
			l->command_ended = true;
			l->command_status = status;
			pw_message_send(l->socket, PW_MSG_ENDED, status);
		}
	}
}

static void on_signal(struct launcher *l, const struct signalfd_siginfo *info)
{
	int sig = (int)info->ssi_signo;

	if (sig == SIGCHLD) {
		reap(l);
		return;
	}
	if (l->interrupted) { /* the second one: at once, without a report */
		kill(l->recorder, SIGKILL);
		return;
	}
	l->interrupted = sig;
	if (l->command > 0 && !l->command_ended && !reached_command_too(info))
		kill(l->command, sig);
	pw_message_send(l->socket, PW_MSG_INTERRUPTED, sig);
}

static void handle_signals(struct launcher *l, int timeout_ms)
{
	struct pollfd fd = {.fd = l->signals, .events = POLLIN};
	struct signalfd_siginfo info;

	poll(&fd, 1, timeout_ms);
	while (read(l->signals, &info, sizeof(info)) == sizeof(info))
		on_signal(l, &info);
}

/* Until the recorder is ready; false when it failed or the user changed their mind. */
static bool await_recorder(struct launcher *l)
{
	struct pollfd fds[2] = {{.fd = l->socket, .events = POLLIN}, {.fd = l->signals, .events = POLLIN}};
	struct pw_message message;

	while (!l->recorder_ended && !l->interrupted) {
		poll(fds, 2, -1);
		if (fds[0].revents)
			return pw_message_receive(l->socket, &message) == 1;
		handle_signals(l, 0);
	}
	return false;
}

static int launch_command(struct launcher *l, const struct pw_user *user)
{
	const struct pw_run_options *o = l->options;
	struct pw_error error = {""};
	struct pw_launch launch = {
		.path = o->demo ? o->demo_path : NULL,
		.argv = o->command,
		.user = user,
		.stdout_to_stderr = pw_outputs_take_stdout(&o->outputs),
		.signal_mask = &l->before,
	};
	int err = pw_launch(&launch, &l->command, &error);

	if (!err)
		return -pw_message_send(l->socket, PW_MSG_LAUNCHED, l->command);
	l->command = 0;
	pw_complain("%s", error.text);
	return err == -ENOENT ? PW_EXIT_NOT_FOUND : PW_EXIT_CANNOT_RUN;
}

static int exit_status(const struct launcher *l)
{
	if (!l->recorder_ended || !WIFEXITED(l->recorder_status))
		return l->interrupted ? PW_EXIT_SIGNAL + l->interrupted : PW_EXIT_FAILED;
	if (WEXITSTATUS(l->recorder_status))
		return WEXITSTATUS(l->recorder_status);
	if (!l->command_ended)
		return l->interrupted ? PW_EXIT_SIGNAL + l->interrupted : 0;
	if (WIFSIGNALED(l->command_status))
		return PW_EXIT_SIGNAL + WTERMSIG(l->command_status);
	return WEXITSTATUS(l->command_status);
}

static int supervise(struct launcher *l, const struct pw_user *user)
{
	int status = 0;

	if (await_recorder(l))
		status = launch_command(l, user);
	if (status)
		shutdown(l->socket, SHUT_RDWR);
	while (!l->recorder_ended)
		handle_signals(l, -1);
	reap(l);
	if (!WIFEXITED(l->recorder_status) && !l->interrupted)
		pw_complain("the recorder was killed by signal %d; there is no report",
			    WTERMSIG(l->recorder_status));
	return status ? status : exit_status(l);
}

static int run(struct pw_run_options *o)
{
	struct launcher l = {.options = o, .socket = -1, .signals = -1};
	struct pw_error error = {""};
	struct pw_user caller, user;
	int err = pw_user_find(&caller, NULL, &error);

	if (!err)
		err = pw_user_find(&user, o->user, &error);
	if (!err)
		err = pw_outputs_open(&o->outputs, caller.change ? caller.uid : (uid_t)-1, caller.gid,
				      &error);
	if (!err)
		err = block_signals(&l);
	if (!err)
		err = start_recorder(&l, o);
	if (err) {
		pw_complain("%s", error.text[0] ? error.text : strerror(-err));
		return PW_EXIT_FAILED;
	}
	return supervise(&l, &user);
}

int pw_cmd_run(int argc, char **argv)
{
	struct pw_run_options options = {0};
	int status = pw_run_options_parse(&options, argc, argv);

	if (status < 0)
		status = resolve_demo(&options);
	else
		return status;
	if (!status)
		status = run(&options);
	pw_outputs_close(&options.outputs);
	return status;
}
