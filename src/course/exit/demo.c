/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * demo_exit: four children end in four ways.
 *
 * A process can end by itself, and say with an exit code whether all went well; or
 * a signal ends it: one the kernel sends because it did what no process may, or
 * one another process sends. Whoever waits for it gets a status that tells the
 * four apart.
 */
#include "demo.h"

#include <sys/resource.h>

static const char help[] =
	"usage: demo_exit [--core] [--spoil KIND]\n"
	"Four children: a normal end, an error, a fatal error, killed by another.\n"
	"  --core        let the fatal error leave a core file, where this system puts it\n"
	"  --spoil KIND  break it on purpose: caught\n";

static const char *const kinds[] = {"caught", NULL};
enum { CAUGHT = 1 };

static int spoil;

/* Turns a fatal end into an ordinary one, and an error into a success: what one should not do. */
static void cover_up(int sig)
{
	(void)sig;
	_exit(0);
}

static int end_normally(void *arg)
{
	(void)arg;
	return spoil == CAUGHT ? 3 : 0;
}

static int fail(void *arg)
{
	(void)arg;
	return spoil == CAUGHT ? 0 : 1;
}

/* Writes where no memory is: the kernel answers with SIGSEGV. */
static int fail_badly(void *core)
{
	const struct rlimit none = {0, 0};
	volatile int *volatile nowhere = NULL; /* volatile: or else the compiler leaves the mistake out */

	if (!*(bool *)core)
		setrlimit(RLIMIT_CORE, &none);
	if (spoil == CAUGHT)
		signal(SIGSEGV, cover_up);
	*nowhere = 1; /* NOLINT: that is the mistake */
	return 0;
}

static int work_forever(void *parent)
{
	if (spoil == CAUGHT)
		raise(SIGKILL); /* sent by itself, not by another process */
	while (getppid() == *(pid_t *)parent)
		pause_ms(20);
	return 0;
}

static void print_end(const char *name, pid_t pid)
{
	int status = wait_for(pid);

	printf("main %d: %-7s %d: status %3d: ", getpid(), name, pid, status);
	if (WIFSIGNALED(status))
		printf("signal %d (%s)%s\n", WTERMSIG(status), strsignal(WTERMSIG(status)),
		       WCOREDUMP(status) ? ", with a core file" : "");
	else
		printf("exit code %d\n", WEXITSTATUS(status));
}

int main(int argc, char **argv)
{
	bool core = false;
	pid_t me = getpid();

	print_by_line();
	for (int i = 1; i < argc; i++) {
		if (flag_option(argv[i], "--core"))
			core = true;
		else if (!spoil_option(argv, &i, kinds, &spoil))
			other_option(argv[i], help);
	}

	pid_t normal = start_child("normal", end_normally, NULL);
	pid_t error = start_child("error", fail, NULL);
	pid_t fatal = start_child("fatal", fail_badly, &core);
	pid_t killed = start_child("killed", work_forever, &me);

	pause_ms(100);
	if (spoil != CAUGHT && kill(killed, SIGKILL) != 0)
		die("kill");
	print_end("normal", normal);
	print_end("error", error);
	print_end("fatal", fatal);
	print_end("killed", killed);
	return 0;
}
