/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * demo_pool: 4 workers, 10 tasks.
 *
 * Starting a process for every task is costly, and a thousand tasks would be a
 * thousand processes. A pool starts a few workers once; each takes a task, does
 * it, and takes the next. Two pipes hold it together: tasks go down the one,
 * results come back up the other. And a lock makes the free workers queue up
 * for the next task, first come, first served.
 */
#include "demo.h"

#include <procwatch_mark.h>

static const char help[] =
	"usage: demo_pool [--async | --apply] [--task TIME] [--spoil KIND]\n"
	"4 workers do 10 tasks.\n"
	"  --async      hand out all tasks, then collect the results (this is the default)\n"
	"  --apply      hand out a task and wait for its result, then the next\n"
	"  --task TIME  how long a task takes (100ms)\n"
	"  --spoil KIND break it on purpose, to see a claim fail:\n"
	"               process-each, other-way or no-join\n";

static const char *const kinds[] = {"process-each", "other-way", "no-join", NULL};
enum { PROCESS_EACH = 1, OTHER_WAY, NO_JOIN };

enum { WORKERS = 4, TASKS = 10 };
enum { OUT, IN }; /* the two ends of a pipe, as pipe() numbers them */

struct result {
	int task, worker;
};

/* Everything that main and its workers share. */
struct pool {
	pthread_mutex_t turn; /* the worker that holds it takes the next task */
	int tasks[2], results[2];
	long task_ms;
};

/* False when the pipe has ended: the pool is closed and every task is taken. */
static bool take_task(struct pool *pool, int *task)
{
	pthread_mutex_lock(&pool->turn);
	ssize_t n = read(pool->tasks[OUT], task, sizeof(*task)); /* sleeps while there is none */
	pthread_mutex_unlock(&pool->turn);
	return n == sizeof(*task);
}

static void work(struct pool *pool, int number)
{
	struct result result = {.worker = number};
	char name[24];

	snprintf(name, sizeof(name), "worker-%d", number);
	call_me(name);
	while (take_task(pool, &result.task)) {
		PROCWATCH_MARK_VALUE("task.begin", result.task);
		pause_ms(pool->task_ms); /* the task */
		PROCWATCH_MARK_VALUE("task.end", result.task);
		if (write(pool->results[IN], &result, sizeof(result)) != sizeof(result))
			die("write");
	}
}

static pid_t start_worker(struct pool *pool, int number)
{
	pid_t pid = fork();

	if (pid < 0)
		die("fork");
	if (pid > 0)
		return pid;
	/* A pipe ends when no process can write into it any more: so keep no end that is not needed. */
	close(pool->tasks[IN]);
	close(pool->results[OUT]);
	work(pool, number);
	exit(0);
}

static void hand_out(int tasks, int task)
{
	if (write(tasks, &task, sizeof(task)) != sizeof(task))
		die("write");
}

static void collect(int results)
{
	struct result result;

	if (read(results, &result, sizeof(result)) != sizeof(result))
		die("read");
	printf("main %d: task %d is done, by worker-%d\n", getpid(), result.task, result.worker);
}

static void apply(int tasks, int results)
{
	printf("main %d: handing out %d tasks, one after the other\n", getpid(), TASKS);
	for (int task = 1; task <= TASKS; task++) {
		hand_out(tasks, task);
		collect(results);
	}
}

static void apply_async(int tasks, int results)
{
	printf("main %d: handing out %d tasks at once\n", getpid(), TASKS);
	for (int task = 1; task <= TASKS; task++)
		hand_out(tasks, task);
	for (int task = 1; task <= TASKS; task++)
		collect(results);
}

int main(int argc, char **argv)
{
	long task_ms = 100;
	bool one_by_one = false;
	int spoil = 0;

	print_by_line();
	for (int i = 1; i < argc; i++) {
		if (flag_option(argv[i], "--apply"))
			one_by_one = true;
		else if (flag_option(argv[i], "--async"))
			one_by_one = false;
		else if (!time_option(argv, &i, "--task", &task_ms) && !spoil_option(argv, &i, kinds, &spoil))
			other_option(argv[i], help);
	}

	struct pool *pool = shared_memory(sizeof(*pool));
	const int count = spoil == PROCESS_EACH ? TASKS : WORKERS;
	pid_t workers[TASKS];

	pool->task_ms = task_ms;
	make_shared_lock(&pool->turn);
	if (pipe(pool->tasks) != 0 || pipe(pool->results) != 0)
		die("pipe");
	for (int i = 0; i < count; i++)
		workers[i] = start_worker(pool, i + 1);
	close(pool->tasks[OUT]);
	close(pool->results[IN]);
	printf("main %d: started %d workers, each waits for a task\n", getpid(), count);

	if (one_by_one != (spoil == OTHER_WAY))
		apply(pool->tasks[IN], pool->results[OUT]);
	else
		apply_async(pool->tasks[IN], pool->results[OUT]);

	/* close: no more tasks will come. join: wait until every worker has ended. */
	close(pool->tasks[IN]);
	for (int i = 0; i < count && spoil != NO_JOIN; i++) {
		if (waitpid(workers[i], NULL, 0) != workers[i])
			die("waitpid");
	}
	printf("main %d: closed the pool and joined %d workers\n", getpid(), spoil == NO_JOIN ? 0 : count);
	return 0;
}
