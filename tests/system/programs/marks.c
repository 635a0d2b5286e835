/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Marks, and what the program itself knows of them.
 *
 *	steps N		N marks, each between two readings of the clock, which it prints
 *	values		values of every kind, also printed
 *	burst N TIMES	N processes, each with TIMES marks in a row
 *	pair		two processes of this program, each with its own values
 *	wait N		prints "ready", waits for a line, then as steps
 *	again N		executes itself once more, as steps
 *	library FILE N	loads a shared object and calls its pass_mark N times
 */
#include "tell.h"

#include <dlfcn.h>
#include <limits.h>
#include <procwatch_mark.h>

static void steps(long n)
{
	for (long i = 0; i < n; i++) {
		const uint64_t before = now();

		PROCWATCH_MARK_VALUE("step", i);
		tell("step value=%ld from=%" PRIu64 " to=%" PRIu64, i, before, now());
	}
}

/*
 * A note as sys/sdt.h writes it: the value may lie in memory and be short, and
 * the macro of procwatch_mark.h never makes one such.
 */
#define FOREIGN_MARK(name, size, constraint, value)                                                          \
	__asm__ __volatile__(PROCWATCH_NOTE_(name, size "@%0")::constraint(value))

static void foreign_values(void)
{
	volatile int local = -77;
	volatile unsigned char byte = 200;
	volatile signed char small = -3;
	volatile short row[8] = {0, 1, 2, 3, 4, -5, 6, 7};
	volatile size_t at = 5;

	FOREIGN_MARK("int in memory", "-4", "m", local);
	FOREIGN_MARK("unsigned byte", "1", "m", byte);
	FOREIGN_MARK("signed byte", "-1", "r", small);
	FOREIGN_MARK("in a row", "-2", "m", row[at]);
	FOREIGN_MARK("in a register", "-4", "r", local);
	FOREIGN_MARK("unsigned int", "4", "r", local);
}

static long long deepest(int depth)
{
	if (depth == 0) {
		PROCWATCH_MARK_VALUE("deep", depth - 7);
		return 1;
	}
	return deepest(depth - 1) + 1;
}

static void values(void)
{
	volatile long long least = LLONG_MIN, most = LLONG_MAX;

	PROCWATCH_MARK("plain");
	PROCWATCH_MARK("exactly thirty-one characters!!");
	PROCWATCH_MARK_VALUE("constant", -5);
	PROCWATCH_MARK_VALUE("least", least);
	PROCWATCH_MARK_VALUE("most", most);
	PROCWATCH_MARK_VALUE("zero", 0);
	PROCWATCH_MARK_VALUE("char", (signed char)-1);
	PROCWATCH_BEGIN("section");
	foreign_values();
	PROCWATCH_END("section");
	tell("deep is=%lld", deepest(3));
}

static void burst(long times)
{
	for (long i = 0; i < times; i++)
		PROCWATCH_MARK_VALUE("burst", i);
}

static void in_processes(long n, long times)
{
	pid_t children[64];

	for (long i = 0; i < n; i++) {
		children[i] = fork();
		if (children[i] < 0)
			die("fork");
		if (children[i] == 0) {
			const uint64_t from = now();

			burst(times);
			tell("child pid=%d times=%ld from=%" PRIu64 " to=%" PRIu64, getpid(), times, from,
			     now());
			_exit(0);
		}
	}
	for (long i = 0; i < n; i++)
		reap(children[i]);
}

static void pair(void)
{
	pid_t child = fork();

	if (child < 0)
		die("fork");
	for (int i = 0; i < 5; i++) {
		PROCWATCH_MARK_VALUE("mine", getpid());
		pause_ms(2);
	}
	tell("pair pid=%d", getpid());
	if (child == 0)
		_exit(0);
	reap(child);
}

static void library(const char *file, long n)
{
	void *object = dlopen(file, RTLD_NOW);
	void (*pass_mark)(long);

	if (!object)
		die("dlopen");
	*(void **)&pass_mark = dlsym(object, "pass_mark");
	if (!pass_mark)
		die("dlsym");
	tell("ready");
	if (getchar() == EOF)
		die("getchar");
	for (long i = 0; i < n; i++)
		pass_mark(i);
}

int main(int argc, char **argv)
{
	const char *what = argc > 1 ? argv[1] : "";
	const long n = argc > 2 ? strtol(argv[2], NULL, 10) : 0;

	if (!strcmp(what, "steps")) {
		steps(n);
	} else if (!strcmp(what, "values")) {
		values();
	} else if (!strcmp(what, "burst") && argc > 3 && n <= 64) {
		in_processes(n, strtol(argv[3], NULL, 10));
	} else if (!strcmp(what, "pair")) {
		pair();
	} else if (!strcmp(what, "wait")) {
		tell("ready");
		if (getchar() == EOF)
			die("getchar");
		steps(n);
	} else if (!strcmp(what, "again")) {
		execl(argv[0], argv[0], "steps", argv[2], (char *)NULL);
		die("execl");
	} else if (!strcmp(what, "library") && argc > 3) {
		library(argv[2], strtol(argv[3], NULL, 10));
	} else {
		return 2;
	}
	return 0;
}
