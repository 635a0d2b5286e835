/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * demo_gil: two threads under one global lock, and two processes.
 *
 * Python's usual interpreter has one lock, the GIL, and a thread must hold it to run
 * any Python. It releases the lock every 5 ms. So threads take turns even on two CPUs:
 * they can wait at the same time, but not compute at the same time. Two processes have
 * two interpreters with a lock each, and do run in parallel.
 */
#include "demo.h"

#include <procwatch_mark.h>

static const char help[] = "usage: demo_gil [--work TIME] [--spoil KIND]\n"
			   "Two threads compute under one lock; then two processes do.\n"
			   "  --work TIME   how long each of them computes (200ms)\n"
			   "  --spoil KIND  break it on purpose, to see a claim fail:\n"
			   "                no-lock, in-turn or shared-lock\n";

static const char *const kinds[] = {"no-lock", "in-turn", "shared-lock", NULL};
enum { NO_LOCK = 1, IN_TURN, SHARED_LOCK };

enum { SWITCH_MS = 5 }; /* as sys.getswitchinterval() */

/* One interpreter: what a process has, and all its threads share. */
struct interpreter {
	pthread_mutex_t lock; /* protects the members below */
	pthread_cond_t changed;
	bool held; /* the GIL */
	int waiting, taken; /* how many want it, and how often it was taken */
	bool has_gil;
	long work_ms;
	/* How many threads or processes still have work; all compute until none has. */
	int *working;
};

static void take_gil(struct interpreter *python)
{
	pthread_mutex_lock(&python->lock);
	python->waiting++;
	while (python->held)
		pthread_cond_wait(&python->changed, &python->lock);
	python->waiting--;
	python->held = true;
	python->taken++;
	pthread_cond_broadcast(&python->changed);
	pthread_mutex_unlock(&python->lock);
}

/* Releases the GIL, and returns only when a waiting thread has it: it would take it again at once otherwise. */
static void drop_gil(struct interpreter *python)
{
	pthread_mutex_lock(&python->lock);
	const int taken = python->taken;

	python->held = false;
	pthread_cond_broadcast(&python->changed);
	while (python->waiting > 0 && python->taken == taken)
		pthread_cond_wait(&python->changed, &python->lock);
	pthread_mutex_unlock(&python->lock);
}

static void run_python(struct interpreter *python)
{
	long left = python->work_ms;
	bool done = false;

	while (__atomic_load_n(python->working, __ATOMIC_SEQ_CST) > 0) {
		if (python->has_gil)
			take_gil(python);
		PROCWATCH_BEGIN("inside");
		compute_ms(SWITCH_MS);
		PROCWATCH_END("inside");
		if (python->has_gil)
			drop_gil(python);
		left -= SWITCH_MS;
		if (left <= 0 && !done)
			__atomic_sub_fetch(python->working, 1, __ATOMIC_SEQ_CST);
		done = left <= 0;
	}
}

/* In memory that processes share, so that two can use one interpreter when spoilt. */
static struct interpreter *make_interpreter(bool has_gil, long work_ms, int *working)
{
	struct interpreter *python = shared_memory(sizeof(*python));
	pthread_mutexattr_t lock;

	*python = (struct interpreter){.has_gil = has_gil, .work_ms = work_ms, .working = working};
	must(pthread_mutexattr_init(&lock), "lock");
	must(pthread_mutexattr_setpshared(&lock, PTHREAD_PROCESS_SHARED), "lock");
	must(pthread_mutex_init(&python->lock, &lock), "lock");
	make_shared_condition(&python->changed);
	return python;
}

static void *run_thread(void *arg)
{
	pin_to_cpu(1); /* a CPU for each, so that only the lock can keep them from running at once */
	run_python(arg);
	return NULL;
}

static int two_threads(void *arg)
{
	pthread_t other;

	must(pthread_create(&other, NULL, run_thread, arg), "pthread_create");
	pin_to_cpu(0); /* after the other was created: a new thread inherits the CPUs its creator may use */
	run_python(arg);
	pthread_join(other, NULL);
	return 0;
}

static int first_process(void *arg)
{
	pin_to_cpu(0);
	run_python(arg);
	return 0;
}

static int second_process(void *arg)
{
	pin_to_cpu(1);
	run_python(arg);
	return 0;
}

int main(int argc, char **argv)
{
	long ms = 200;
	int spoil = 0;

	print_by_line();
	for (int i = 1; i < argc; i++) {
		if (!time_option(argv, &i, "--work", &ms) && !spoil_option(argv, &i, kinds, &spoil))
			other_option(argv[i], help);
	}

	int *working = shared_memory(sizeof(*working));
	struct interpreter *of_threads = make_interpreter(spoil != NO_LOCK, ms, working);
	struct interpreter *of_one = make_interpreter(true, ms, working);
	struct interpreter *of_two = spoil == SHARED_LOCK ? of_one : make_interpreter(true, ms, working);

	*working = 2;
	wait_for(start_child("threads", two_threads, of_threads));
	printf("main %d: two threads under one lock are done\n", getpid());

	*working = spoil == IN_TURN ? 1 : 2;

	pid_t one = start_child("process-1", first_process, of_one);

	if (spoil == IN_TURN) {
		wait_for(one);
		*working = 1;
	}

	pid_t two = start_child("process-2", second_process, of_two);

	if (spoil != IN_TURN)
		wait_for(one);
	wait_for(two);
	printf("main %d: two processes with a lock each are done\n", getpid());
	return 0;
}
