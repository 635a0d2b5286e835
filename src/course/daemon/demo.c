/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * demo_daemon: two things that are called a daemon.
 *
 * In Python's multiprocessing, a daemon is a child that must not keep the
 * program from ending: when the main process has run its own code, it ends its
 * daemons with SIGTERM, and only then waits for its ordinary children.
 *
 * In Unix, a daemon is a process detached from its session and terminal: no parent
 * of its own kind, no terminal, in a session of its own. It outlives the program that
 * started it.
 */
#include "demo.h"

static const char help[] = "usage: demo_daemon [--code TIME] [--worker TIME] [--spoil KIND]\n"
			   "       demo_daemon --unix [--code TIME] [--after TIME] [--spoil stay]\n"
			   "A main process with a daemon child and an ordinary one.\n"
			   "  --code TIME    how long main's own code runs (300ms)\n"
			   "  --worker TIME  how long the ordinary child works (800ms)\n"
			   "  --unix         the other kind: fork twice, setsid, outlive main\n"
			   "  --after TIME   with --unix: how long the daemon outlives main (300ms)\n"
			   "  --spoil KIND   break it on purpose: kill-last, no-wait or stay\n";

static const char *const kinds[] = {"kill-last", "no-wait", "stay", NULL};
enum { KILL_LAST = 1, NO_WAIT, STAY };

static int spoil;

/* How a wait status reads in words. */
static void print_end(const char *name, pid_t pid, int status)
{
	if (WIFSIGNALED(status))
		printf("main %d: reaped %s %d, ended by signal %d (%s)\n", getpid(), name, pid,
		       WTERMSIG(status), strsignal(WTERMSIG(status)));
	else
		printf("main %d: reaped %s %d, exit %d\n", getpid(), name, pid, WEXITSTATUS(status));
}

static void reap(const char *name, pid_t pid)
{
	int status;

	if (waitpid(pid, &status, 0) != pid)
		die("waitpid");
	print_end(name, pid, status);
}

/* ---- the daemon of multiprocessing ---- */

static pid_t start_daemon(void)
{
	pid_t main_pid = getpid(), pid = fork();

	if (pid < 0)
		die("fork");
	if (pid > 0)
		return pid;

	call_me("daemon");
	printf("daemon %d: working forever\n", getpid());
	while (getppid() == main_pid) /* should main be killed, stay behind no longer than that */
		pause_ms(100);
	exit(1);
}

static pid_t start_worker(long ms)
{
	pid_t pid = fork();

	if (pid < 0)
		die("fork");
	if (pid > 0)
		return pid;

	call_me("worker");
	printf("worker %d: working for %ld ms\n", getpid(), ms);
	pause_ms(ms);
	printf("worker %d: done, exit 0\n", getpid());
	exit(0);
}

static void with_children(long code_ms, long worker_ms)
{
	pid_t daemon_pid = start_daemon();
	pid_t worker = start_worker(worker_ms);

	printf("main %d: started daemon %d and worker %d, running my own code for %ld ms\n", getpid(),
	       daemon_pid, worker, code_ms);
	pause_ms(code_ms);
	if (spoil == KILL_LAST)
		reap("worker", worker);

	/* Main's code is done, main is not: first the daemons are ended ... */
	if (kill(daemon_pid, SIGTERM) != 0)
		die("kill");
	printf("main %d: my code is done, sent SIGTERM to daemon %d\n", getpid(), daemon_pid);
	reap("daemon", daemon_pid);

	/* ... and then the ordinary children are waited for, however long that takes. */
	if (spoil == NO_WAIT || spoil == KILL_LAST)
		return;
	reap("worker", worker);
	printf("main %d: all my children are reaped, exit 0\n", getpid());
}

/* ---- the daemon of Unix ---- */

/* Status 0 says: in a session that is not main's, and not as its leader. */
static int run_daemon(pid_t main_session, const int main_ends[2], long after_ms)
{
	call_me("daemon");
	if (spoil != STAY)
		wait_at_gate(main_ends); /* serves whoever may come, until main has ended */
	pause_ms(after_ms);

	bool free_of_main = getsid(0) != main_session && getsid(0) != getpid();

	printf("daemon %d: my session is %d (main's was %d), my parent is %d; done, exit %d\n", getpid(),
	       getsid(0), main_session, getppid(), !free_of_main);
	return !free_of_main;
}

/*
 * The go-between leaves main's session by opening a new one, starts the daemon
 * in it, and ends. So the daemon is an orphan on purpose; and as it does not lead
 * the session, no terminal it opens can ever become its controlling terminal.
 * A real daemon also goes to "/" and closes its files; this one wants to be heard.
 */
static int go_between(const int main_ends[2], long after_ms)
{
	pid_t main_session = getsid(0);

	call_me("go-between");
	if (spoil != STAY && setsid() < 0)
		die("setsid");

	pid_t pid = fork();

	if (pid < 0)
		die("fork");
	if (pid == 0)
		return run_daemon(main_session, main_ends, after_ms);
	printf("go-between %d: opened a session, started daemon %d in it; exit 0\n", getpid(), pid);
	if (spoil == STAY)
		wait_for(pid);
	return 0;
}

static void with_daemon(long code_ms, long after_ms)
{
	int main_ends[2]; /* a gate that nobody opens: main's end does */
	pid_t pid;

	make_gate(main_ends);
	pid = fork();
	if (pid < 0)
		die("fork");
	if (pid == 0)
		exit(go_between(main_ends, after_ms));
	reap("go-between", pid);
	printf("main %d: running my own code for %ld ms\n", getpid(), code_ms);
	pause_ms(code_ms);
	printf("main %d: my code is done, exit 0; the daemon stays alive for some %ld ms\n", getpid(),
	       after_ms);
}

int main(int argc, char **argv)
{
	long code_ms = 300, worker_ms = 800, after_ms = 300;
	bool unix_kind = false;

	print_by_line();
	for (int i = 1; i < argc; i++) {
		if (flag_option(argv[i], "--unix"))
			unix_kind = true;
		else if (!spoil_option(argv, &i, kinds, &spoil) &&
			 !time_option(argv, &i, "--code", &code_ms) &&
			 !time_option(argv, &i, "--worker", &worker_ms) &&
			 !time_option(argv, &i, "--after", &after_ms))
			other_option(argv[i], help);
	}
	if (spoil && (spoil == STAY) != unix_kind)
		usage_error(unix_kind ? "with --unix there is no --spoil kind"
				      : "without --unix there is no --spoil kind",
			    kinds[spoil - 1]);
	if (unix_kind)
		with_daemon(code_ms, after_ms);
	else
		with_children(code_ms, worker_ms);
	return 0;
}
