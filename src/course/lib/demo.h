/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What every demo needs beside its own subject: a name for each process, a
 * child, work, memory and a lock to share, options, and a way to give up.
 */
#ifndef DEMO_H
#define DEMO_H

#include <errno.h>
#include <math.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* Names this process: ps, top and procwatch show it (15 characters at most). */
static inline void call_me(const char *name)
{
	prctl(PR_SET_NAME, name);
}

/* Something failed without which a demo cannot go on. */
_Noreturn static inline void die(const char *what)
{
	fprintf(stderr, "%s: %s: %s\n", program_invocation_short_name, what, strerror(errno));
	exit(1);
}

/* For functions that return an error number, as those of pthreads do; 0: none. */
static inline void must(int error, const char *what)
{
	if (error) {
		errno = error;
		die(what);
	}
}

/* The command line made no sense: one line, and status 2. */
_Noreturn static inline void usage_error(const char *what, const char *arg)
{
	fprintf(stderr, "%s: %s '%s' (see --help)\n", program_invocation_short_name, what, arg);
	exit(2);
}

/* Spends the time asleep, as a stand-in for work that does not depend on how busy the machine is. */
static inline void pause_ms(long ms)
{
	struct timespec left = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000};

	while (nanosleep(&left, &left) != 0 && errno == EINTR)
		;
}

/* Nanoseconds this thread has been on a CPU. */
static inline long long cpu_time_ns(void)
{
	struct timespec used;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used);
	return used.tv_sec * 1000000000LL + used.tv_nsec;
}

/* Uses so much CPU time: on a busy machine that takes longer, but it is the same work. */
static inline void compute_ms(long ms)
{
	long long end = cpu_time_ns() + ms * 1000000LL;

	do {
		for (volatile int i = 0; i < 10000; i++)
			;
	} while (cpu_time_ns() < end);
}

/*
 * Computes so much, and goes on until all processes that share this counter have, too:
 * whatever else the machine does, all of them want a CPU as long as one of them does.
 */
static inline void compute_together_ms(long ms, int *working)
{
	compute_ms(ms);
	__atomic_sub_fetch(working, 1, __ATOMIC_SEQ_CST);
	while (__atomic_load_n(working, __ATOMIC_SEQ_CST) > 0)
		compute_ms(1);
}

/* Forks a child that calls itself name, does the work, and ends with the exit code the work returns. */
static inline pid_t start_child(const char *name, int (*work)(void *), void *arg)
{
	pid_t pid = fork();

	if (pid < 0)
		die("fork");
	if (pid > 0)
		return pid;
	call_me(name);
	exit(work(arg));
}

/* For a child that may wait forever: if its parent is killed, so is the child. */
static inline void end_with_parent(void)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
}

/* Sleeps until the child has ended, and returns its wait status: how it ended. */
static inline int wait_for(pid_t pid)
{
	int status;

	while (waitpid(pid, &status, 0) != pid) {
		if (errno != EINTR)
			die("waitpid");
	}
	return status;
}

/* From now on this process runs on one CPU only: the nth of those it may use, or the last if there are fewer. */
static inline void pin_to_cpu(int nth)
{
	cpu_set_t allowed, one;

	if (sched_getaffinity(0, sizeof(allowed), &allowed) != 0)
		die("sched_getaffinity");
	CPU_ZERO(&one);
	for (int cpu = 0; cpu < CPU_SETSIZE && nth >= 0; cpu++) {
		if (!CPU_ISSET(cpu, &allowed))
			continue;
		CPU_ZERO(&one);
		CPU_SET(cpu, &one);
		nth--;
	}
	if (sched_setaffinity(0, sizeof(one), &one) != 0)
		die("sched_setaffinity");
}

/* Memory that this process shares with its future children; of everything else they get a copy. */
static inline void *shared_memory(size_t size)
{
	void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (memory == MAP_FAILED)
		die("mmap");
	return memory;
}

/*
 * A gate: a child that comes to it waits until all have come. It is a pipe, which ends
 * when no process can write into it any more: neither main nor any of its children.
 */
static inline void make_gate(int gate[2])
{
	if (pipe(gate) != 0)
		die("pipe");
}

/* In a child. */
static inline void wait_at_gate(const int gate[2])
{
	char nothing;

	close(gate[1]);
	while (read(gate[0], &nothing, 1) > 0)
		;
}

/* In main, when all children are started. */
static inline void open_gate(const int gate[2])
{
	close(gate[1]);
}

/*
 * Memory that is in use, as a real program has it: fork() must copy the page tables
 * that map it. In small pages, as huge pages would need few tables.
 */
static inline void fill_memory(size_t size)
{
	void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (memory == MAP_FAILED)
		die("mmap");
	madvise(memory, size, MADV_NOHUGEPAGE);
	memset(memory, 1, size);
}

/*
 * A lock in shared memory. Without PTHREAD_PROCESS_SHARED it would work between
 * threads only; with PTHREAD_PRIO_INHERIT the kernel hands it to the process that has
 * waited longest, where otherwise a latecomer may snatch it away.
 */
static inline void make_shared_lock(pthread_mutex_t *lock)
{
	pthread_mutexattr_t how;

	must(pthread_mutexattr_init(&how), "lock");
	must(pthread_mutexattr_setpshared(&how, PTHREAD_PROCESS_SHARED), "lock");
	must(pthread_mutexattr_setprotocol(&how, PTHREAD_PRIO_INHERIT), "lock");
	must(pthread_mutex_init(lock, &how), "lock");
}

/* A condition in shared memory. */
static inline void make_shared_condition(pthread_cond_t *condition)
{
	pthread_condattr_t how;

	must(pthread_condattr_init(&how), "condition");
	must(pthread_condattr_setpshared(&how, PTHREAD_PROCESS_SHARED), "condition");
	must(pthread_cond_init(condition, &how), "condition");
}

/* "500ms", "1.5s" or "2m" in milliseconds. */
static inline long parse_time(const char *text)
{
	char *unit;
	double value = strtod(text, &unit);
	double factor = !strcmp(unit, "ms") ? 1 : !strcmp(unit, "s") ? 1000 : !strcmp(unit, "m") ? 60000 : 0;

	if (unit == text || factor == 0 || !isfinite(value) || value < 0 || value * factor > 86400e3)
		usage_error("a time is written 500ms, 5s or 2m, not", text);
	return (long)(value * factor);
}

/*
 * The value of the option called name, if argv[*i] is that: "--hold 5s" or "--hold=5s"; else NULL.
 * lacking says what must follow it.
 */
static inline const char *option_value(char **argv, int *i, const char *name, const char *lacking)
{
	size_t length = strlen(name);

	if (strncmp(argv[*i], name, length) != 0)
		return NULL;
	if (argv[*i][length] == '=')
		return argv[*i] + length + 1;
	if (argv[*i][length] != '\0')
		return NULL;
	if (!argv[*i + 1])
		usage_error(lacking, name);
	return argv[++*i];
}

/* True if argv[*i] is the option called name; its value is a time. */
static inline bool time_option(char **argv, int *i, const char *name, long *ms)
{
	const char *value = option_value(argv, i, name, "a time must follow");

	if (value)
		*ms = parse_time(value);
	return value;
}

/* True if arg is the option called name. */
static inline bool flag_option(const char *arg, const char *name)
{
	return strcmp(arg, name) == 0;
}

/*
 * True if argv[*i] is "--spoil KIND" or "--spoil=KIND", which breaks the demo so that a claim fails.
 * Sets *spoil to 1 for the first of the kinds, 2 for the second, and so on.
 */
static inline bool spoil_option(char **argv, int *i, const char *const *kinds, int *spoil)
{
	const char *kind = option_value(argv, i, "--spoil", "a kind must follow");

	if (!kind)
		return false;
	for (*spoil = 1; kinds[*spoil - 1]; (*spoil)++) {
		if (strcmp(kind, kinds[*spoil - 1]) == 0)
			return true;
	}
	usage_error("unknown --spoil kind", kind);
}

/* Any other argument: --help prints the help, anything else is an error. */
_Noreturn static inline void other_option(const char *arg, const char *help)
{
	if (flag_option(arg, "--help") || flag_option(arg, "-h")) {
		fputs(help, stdout);
		exit(0);
	}
	usage_error(arg[0] == '-' ? "unknown option" : "unexpected argument", arg);
}

/*
 * Prints whole lines at once, even into a pipe: a line half printed at fork()
 * would be printed by both processes.
 */
static inline void print_by_line(void)
{
	setvbuf(stdout, NULL, _IOLBF, 0);
}

#endif
