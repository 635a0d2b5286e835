/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Processes that work in four ways and, at their ends, print what the kernel's own
 * account says about them.
 *
 *	account busy MS | sleeper TIMES | spinners MS | pingpong|together|apart TIMES
 */
#include <sched.h>
#include <stdbool.h>
#include <sys/resource.h>

#include "tell.h"

static uint64_t cpu_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static void read_schedstat(uint64_t *ran, uint64_t *waited, uint64_t *ins)
{
	FILE *f = fopen("/proc/self/schedstat", "re");

	if (!f || fscanf(f, "%" SCNu64 " %" SCNu64 " %" SCNu64, ran, waited, ins) != 3)
		die("/proc/self/schedstat");
	fclose(f);
}

struct account {
	uint64_t at, until; /* the clock around the reading */
	uint64_t ran, waited, ins;
	struct rusage usage;
};

static struct account beginning;

/*
 * The readings belong together only when no switch lay between the first and the
 * last. getrusage also brings the run time up to date, which schedstat does not.
 */
static struct account read_account(void)
{
	struct account a;
	struct rusage after;

	do {
		getrusage(RUSAGE_SELF, &a.usage);
		a.at = now();
		read_schedstat(&a.ran, &a.waited, &a.ins);
		a.until = now();
		getrusage(RUSAGE_SELF, &after);
	} while (a.usage.ru_nvcsw != after.ru_nvcsw || a.usage.ru_nivcsw != after.ru_nivcsw);
	return a;
}

static uint64_t used_us(const struct rusage *u)
{
	return (uint64_t)(u->ru_utime.tv_sec + u->ru_stime.tv_sec) * 1000000 +
	       (uint64_t)(u->ru_utime.tv_usec + u->ru_stime.tv_usec);
}

/*
 * missing, of a process that never slept since its beginning: the time the kernel
 * counts neither as run nor as waited, because a hypervisor had the CPU.
 */
static void tell_account(const char *role)
{
	struct account a = read_account();
	int64_t missing = 0;

	if (beginning.at)
		missing = (int64_t)((a.at - beginning.at) - (a.ran - beginning.ran) -
				    (a.waited - beginning.waited));
	tell("account role=%s pid=%d at=%" PRIu64 " until=%" PRIu64 " ran=%" PRIu64 " waited=%" PRIu64
	     " ins=%" PRIu64 " voluntary=%ld involuntary=%ld used_us=%" PRIu64 " missing=%" PRId64,
	     role, getpid(), a.at, a.until, a.ran, a.waited, a.ins, a.usage.ru_nvcsw, a.usage.ru_nivcsw,
	     used_us(&a.usage), missing);
}

static void spin(long ms)
{
	while (cpu_ns() < (uint64_t)ms * 1000000)
		;
}

static void pin(int cpu)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	if (sched_setaffinity(0, sizeof(set), &set))
		die("sched_setaffinity");
}

/* Two of them on one CPU take it from each other. */
static void spinners(long ms)
{
	pid_t child = fork();

	pin(0);
	beginning = read_account();
	spin(ms);
	tell_account(child ? "parent" : "child");
	if (child)
		reap(child);
}

/* A byte goes to and fro: every turn puts one to sleep and wakes the other. */
static void pass(const char *role, int from, int to, long times, bool first)
{
	char ball = 0;

	if (first && write(to, &ball, 1) != 1)
		die("write");
	for (long i = 0; i < times; i++) {
		if (read(from, &ball, 1) != 1)
			die("read");
		if ((!first || i + 1 < times) && write(to, &ball, 1) != 1)
			die("write");
	}
	tell_account(role);
}

/* Between two CPUs a wake-up is an interrupt to the other, which may have to leave its idling first. */
static void pingpong(long times, int other_cpu)
{
	int there[2], back[2];
	pid_t child;

	if (pipe(there) || pipe(back))
		die("pipe");
	child = fork();
	if (other_cpu >= 0)
		pin(child ? 0 : other_cpu);
	if (child) {
		pass("parent", back[0], there[1], times, true);
		reap(child);
	} else {
		pass("child", there[0], back[1], times, false);
	}
}

static void sleeper(long times)
{
	struct timespec pause = {.tv_nsec = 1000000};

	for (long i = 0; i < times; i++)
		nanosleep(&pause, NULL);
	tell_account("sleeper");
}

int main(int argc, char **argv)
{
	const char *how = argc == 3 ? argv[1] : "";
	long n = argc == 3 ? atol(argv[2]) : 0;

	if (!strcmp(how, "busy")) {
		beginning = read_account();
		spin(n);
		tell_account("busy");
	} else if (!strcmp(how, "sleeper")) {
		sleeper(n);
	} else if (!strcmp(how, "spinners")) {
		spinners(n);
	} else if (!strcmp(how, "pingpong")) {
		pingpong(n, -1);
	} else if (!strcmp(how, "together")) {
		pingpong(n, 0);
	} else if (!strcmp(how, "apart")) {
		pingpong(n, 1);
	} else {
		return 2;
	}
	return 0;
}
