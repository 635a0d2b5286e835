/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * demo_coroutine: three tasks take turns inside one thread.
 *
 * A task that has nothing to do for the moment need not sleep in the kernel: it can
 * hand over to another task of the same thread. That takes no more than saved registers
 * and a stack for each task; the kernel is not asked, and does not know. That is what
 * await does in Python's asyncio.
 *
 * To show the kernel whose turn it is, each task sets the thread's name at each turn.
 */
#include "demo.h"

#include <ucontext.h>

static const char help[] = "usage: demo_coroutine [--turns N] [--spoil KIND]\n"
			   "Three tasks take turns inside one thread.\n"
			   "  --turns N     how many turns each task has (20)\n"
			   "  --spoil KIND  break it on purpose, to see a claim fail:\n"
			   "                in-turn, threads or sleep\n";

static const char *const kinds[] = {"in-turn", "threads", "sleep", NULL};
enum { IN_TURN = 1, THREADS, SLEEP };

enum { TASKS = 3, STACK = 64 << 10 };

struct task {
	ucontext_t context; /* registers and stack, to resume the task with */
	char stack[STACK];
	char name[16];
};

static struct task tasks[TASKS];
static ucontext_t scheduler;
static long turns = 20;
static int spoil;

/* Hands over: resumes the scheduler, and returns when it is this task's turn again. */
static void yield(struct task *task)
{
	if (spoil == SLEEP)
		pause_ms(1);
	if (spoil != IN_TURN)
		swapcontext(&task->context, &scheduler);
}

static void run_task(int number)
{
	struct task *task = &tasks[number];

	for (long turn = 0; turn < turns; turn++) {
		call_me(task->name);
		compute_ms(1);
		yield(task);
	}
}

static void make_task(int number)
{
	struct task *task = &tasks[number];

	snprintf(task->name, sizeof(task->name), "task-%d", number + 1);
	if (getcontext(&task->context) != 0)
		die("getcontext");
	task->context.uc_stack.ss_sp = task->stack;
	task->context.uc_stack.ss_size = sizeof(task->stack);
	task->context.uc_link = &scheduler; /* resumed when the task returns */
	makecontext(&task->context, (void (*)(void))run_task, 1, number);
}

/* What an event loop is at heart: whose turn is it? */
static void run_all(void)
{
	for (long turn = 0; turn < turns + 1; turn++) {
		for (int i = 0; i < TASKS; i++) {
			if (turn < turns || spoil != IN_TURN)
				swapcontext(&scheduler, &tasks[i].context);
		}
		if (spoil == IN_TURN)
			break;
	}
}

/* When spoilt: three threads, which the kernel switches, and a baton that one of them has. */
static pthread_mutex_t baton = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t passed = PTHREAD_COND_INITIALIZER;
static int on;

static void *run_thread(void *arg)
{
	struct task *task = arg;
	int number = (int)(task - tasks);

	pthread_mutex_lock(&baton);
	for (long turn = 0; turn < turns; turn++) {
		while (on != number)
			pthread_cond_wait(&passed, &baton);
		call_me(task->name);
		compute_ms(1);
		on = (on + 1) % TASKS;
		pthread_cond_broadcast(&passed);
	}
	pthread_mutex_unlock(&baton);
	return NULL;
}

static void run_threads(void)
{
	pthread_t threads[TASKS];

	for (int i = 0; i < TASKS; i++) {
		must(pthread_create(&threads[i], NULL, run_thread, &tasks[i]), "pthread_create");
	}
	for (int i = 0; i < TASKS; i++)
		pthread_join(threads[i], NULL);
}

int main(int argc, char **argv)
{
	print_by_line();
	for (int i = 1; i < argc; i++) {
		const char *number = option_value(argv, &i, "--turns", "a number must follow");
		char *end;

		if (number) {
			turns = strtol(number, &end, 10);
			if (*end || turns < 1 || turns > 1000)
				usage_error("--turns takes a number from 1 to 1000, not", number);
		} else if (!spoil_option(argv, &i, kinds, &spoil)) {
			other_option(argv[i], help);
		}
	}
	for (int i = 0; i < TASKS; i++)
		make_task(i);
	if (spoil == THREADS)
		run_threads();
	else
		run_all();
	call_me("demo_coroutine");
	printf("main %d: three tasks took %ld turns each, in %s\n", getpid(), turns,
	       spoil == THREADS ? "threads of their own" : "one thread");
	return 0;
}
