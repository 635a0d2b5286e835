/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A family to attach to: a zombie, a stopped child, one that sleeps, and a thread
 * that does. It forks all the time until SIGUSR1, then FORKS times more, tells of
 * each fork and wait by its own clock, and ends with all its members.
 *
 *	family FORKS
 */
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/syscall.h>

#include "tell.h"

#define LONGEST_S 500 /* in case the signal never comes */

struct fork {
	uint64_t before, after;
	pid_t pid;
};

static volatile sig_atomic_t attached;

static void on_attached(int sig)
{
	(void)sig;
	attached = true;
}

_Noreturn static void on_continue(int sig)
{
	(void)sig;
	_exit(4);
}

/* Until the other end of the pipe is written to. */
static void wait_for_word(const int *words)
{
	char word;

	if (read(words[0], &word, 1) != 1)
		die("read");
}

static void *thread(void *words)
{
	tell("thread tid=%ld", syscall(SYS_gettid));
	wait_for_word(words);
	return NULL;
}

_Noreturn static void end_at_once(const void *code)
{
	_exit(*(const int *)code);
}

_Noreturn static void sleep_until_told(const void *words)
{
	wait_for_word(words);
	_exit(5);
}

_Noreturn static void stop(const void *nothing)
{
	(void)nothing;
	signal(SIGCONT, on_continue);
	raise(SIGSTOP);
	_exit(99);
}

static struct fork bear(void (*live)(const void *), const void *with)
{
	struct fork f = {.before = now()};

	f.pid = fork();
	if (!f.pid)
		live(with);
	if (f.pid < 0)
		die("fork");
	f.after = now();
	return f;
}

static void bury(const char *who, struct fork f)
{
	uint64_t asked = now();
	int status = reap(f.pid);

	tell("%s pid=%d status=%d before=%" PRIu64 " after=%" PRIu64 " asked=%" PRIu64 " reaped=%" PRIu64,
	     who, f.pid, status, f.before, f.after, asked, now());
}

static void bear_and_bury(void)
{
	static int code;

	code = (code + 1) % 100;
	bury("short", bear(end_at_once, &code));
	pause_ms(4); /* procwatch, too, wants the machine */
}

static void await_state(pid_t pid, char state)
{
	while (state_of(pid) != state)
		pause_ms(1);
}

int main(int argc, char **argv)
{
	const int forks = argc == 2 ? atoi(argv[1]) : 0, code = 3;
	struct fork zombie, stopped, sleeper;
	int to_thread[2], to_sleeper[2];
	pthread_t id;

	alarm(LONGEST_S);
	signal(SIGUSR1, on_attached);
	if (pipe(to_thread) || pipe(to_sleeper))
		die("pipe");
	zombie = bear(end_at_once, &code);
	stopped = bear(stop, NULL);
	sleeper = bear(sleep_until_told, to_sleeper);
	if (pthread_create(&id, NULL, thread, to_thread))
		die("pthread_create");
	await_state(zombie.pid, 'Z');
	await_state(stopped.pid, 'T');
	await_state(sleeper.pid, 'S');
	tell("ready pid=%d at=%" PRIu64, getpid(), now());

	while (!attached)
		bear_and_bury();
	tell("attached at=%" PRIu64, now());
	for (int i = 0; i < forks; i++)
		bear_and_bury();

	bury("zombie", zombie);
	kill(stopped.pid, SIGCONT);
	bury("stopped", stopped);
	if (write(to_sleeper[1], "", 1) != 1 || write(to_thread[1], "", 1) != 1)
		die("write");
	bury("sleeper", sleeper);
	pthread_join(id, NULL);
	return 6;
}
