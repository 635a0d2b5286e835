/* SPDX-License-Identifier: GPL-2.0-only */
#include <string.h>

#include "course/course.h"
#include "course/lib/claims.h"
#include "course/lib/marks.h"
#include "course/lib/process_set.h"
#include "course/lib/sleeps.h"

const char pw_page_pool[] =
	N_("Main starts 4 workers and has 10 tasks for them, 100 ms each. A worker takes a\n"
	   "task, does it, sends the result back, and takes the next. When all tasks are\n"
	   "done, main closes the pool (no more tasks will come) and joins it (waits for the\n"
	   "workers to end).\n"
	   "\n"
	   "Handed out together (--async), the tasks run four at a time, in three rounds of\n"
	   "4, 4 and 2. Handed out one after the other, each when the one before is done\n"
	   "(--apply), the tasks keep only one worker at work at a time, and the pool is of\n"
	   "no use: ten rounds.\n"
	   "\n"
	   "Look for the tasks: a worker sleeps in clock_nanosleep during each. Between\n"
	   "tasks it sleeps in read, or in futex when other workers are before it in the\n"
	   "line for the next task. The workers say with marks which task they do:\n"
	   "task.begin 1, task.end 1.\n"
	   "\n"
	   "Options:\n"
	   "  --async      hand out all tasks, then collect the results (the default)\n"
	   "  --apply      hand out a task and wait for its result, then the next\n"
	   "  --task TIME  how long a task takes (100ms)\n"
	   "  --spoil KIND break it on purpose, to see a claim fail: process-each (a worker\n"
	   "               for each task), other-way (--async instead of --apply, and\n"
	   "               --apply instead of --async) or no-join (main does not join)\n");

static const struct pw_sentence words[] = {
	{.code = "done_twice", .text = N_("task {task} was done twice, or never handed out")},
	{.code = "tasks_missing", .text = N_("{seen} {seen|task was|tasks were} observed, not {tasks}")},
	{.code = "most_at_a_time", .text = N_("at most {most} of the {tasks} tasks ran at a time")},
	{.code = "rounds",
	 .text = N_("{tasks} tasks of {task_ns} took {whole_ns}[cpu_wait_ns?, and in {cpu_wait_ns} of that a "
		    "process waited for a CPU]: {rounds} rounds")},
	{.code = "worker_took",
	 .text = N_("{worker.pid} took {tasks} {tasks|task|tasks}[number? ({number})]")},
	{.code = "forked_before_the_first_task",
	 .text = N_("{workers} workers were forked, all of them before the first task")},
	{.code = "forked_after_tasks_had_begun",
	 .text = N_("{workers} workers were forked, some of them after tasks had begun")},
	{0},
};

enum { WORKERS = 4, TASKS = 10, KNOWN = PW_PROCESS_SET_MAX };

/* What the recording shows of the pool: every process that main started, and every task that one of them did. */
struct pool {
	struct pw_process_set workers;
	size_t tasks;
	size_t taken[KNOWN]; /* by each worker */
	/* The tasks, those of a worker side by side. */
	uint64_t from[KNOWN], to[KNOWN];
	int64_t number[KNOWN]; /* by the worker's marks; without marks 0 */
	uint64_t worked; /* the sum of the tasks' times */
	uint64_t first, last; /* when the first task begins, and when the last one ends */
};

static void add_task(struct pool *pool, uint64_t from, uint64_t to, int64_t number)
{
	if (pool->tasks == KNOWN)
		return;
	pool->from[pool->tasks] = from;
	pool->to[pool->tasks] = to;
	pool->number[pool->tasks++] = number;
	pool->taken[pool->workers.count]++;
	pool->worked += to - from;
	pool->first = from < pool->first ? from : pool->first;
	pool->last = to > pool->last ? to : pool->last;
}

/* The tasks of the next worker, by its marks. */
static void add_marked_tasks(struct pool *pool, const struct pw_process *worker)
{
	const struct pw_thread *t = worker->threads;

	for (size_t i = 0; t && i + 1 < t->n_marks; i++) {
		const struct pw_passed *begin = &t->marks[i], *end = &t->marks[i + 1];

		if (!strcmp(begin->name, "task.begin") && !strcmp(end->name, "task.end") &&
		    begin->value == end->value)
			add_task(pool, begin->at, end->at, begin->value);
	}
}

/* Where no marks were recorded, each pause of a worker is a task. */
static void add_pauses(struct pool *pool, const struct pw_process *worker)
{
	struct pw_sleeps all;
	struct pw_sleep sleep;

	pw_sleeps_init(&all, worker);
	while (pw_sleeps_next(&all, &sleep))
		if (pw_is_pause(sleep.syscall))
			add_task(pool, sleep.from, sleep.to, 0);
}

/* A worker may have any name, so that a fifth one counts, too. */
static void find_pool(const struct pw_demo_run *run, struct pool *pool)
{
	const bool marked = pw_count_marks(run, "task.begin") > 0;
	const struct pw_process_set all = pw_process_set_of(run, "");

	memset(pool, 0, sizeof(*pool));
	pool->first = UINT64_MAX;
	for (size_t i = 0; i < all.count; i++) {
		if (marked)
			add_marked_tasks(pool, all.of[i]);
		else
			add_pauses(pool, all.of[i]);
		pool->workers.of[pool->workers.count++] = all.of[i];
	}
}

/* The most tasks that ran at one moment. The number grows only where a task begins. */
static size_t most_at_a_time(const struct pool *pool)
{
	size_t most = 0;

	for (size_t i = 0; i < pool->tasks; i++) {
		size_t now = 0;

		for (size_t j = 0; j < pool->tasks; j++)
			now += pool->from[j] <= pool->from[i] && pool->from[i] < pool->to[j];
		most = now > most ? now : most;
	}
	return most;
}

/* True if the tasks have the numbers from 1 on, each once. */
static bool all_numbers(const struct pool *pool, struct pw_evidence *why)
{
	size_t seen[TASKS + 1] = {0};

	for (size_t i = 0; i < pool->tasks; i++) {
		const int64_t number = pool->number[i];

		if (number < 1 || number > TASKS || ++seen[number] > 1) {
			pw_evidence_add(why, "done_twice", PW_VALUES(pw_value_integer("task", number)));
			return false;
		}
	}
	return true;
}

/* Unless all tasks were observed, no claim can be judged. */
static bool all_tasks(const struct pool *pool, struct pw_evidence *why)
{
	if (pool->tasks == TASKS)
		return !pool->number[0] || all_numbers(pool, why);
	pw_evidence_add(why, "tasks_missing",
			PW_VALUES(pw_value_count("seen", pool->tasks), pw_value_count("tasks", TASKS)));
	return false;
}

/* Adds the most tasks that ran at a time to the evidence, and returns it. */
static size_t add_most_at_a_time(const struct pool *pool, struct pw_evidence *why)
{
	const size_t most = most_at_a_time(pool);

	pw_evidence_add(why, "most_at_a_time",
			PW_VALUES(pw_value_count("most", most), pw_value_count("tasks", pool->tasks)));
	return most;
}

static bool at_most_four(const struct pw_demo_run *run, struct pw_evidence *why)
{
	struct pool pool;

	find_pool(run, &pool);
	return all_tasks(&pool, why) && add_most_at_a_time(&pool, why) <= WORKERS;
}

/* For how long at least one task ran: the union of the tasks' times. */
static uint64_t time_with_a_task(const struct pool *pool)
{
	uint64_t sum = 0, reached = 0;

	for (size_t done = 0; done < pool->tasks; done++) {
		size_t next = SIZE_MAX;

		for (size_t i = 0; i < pool->tasks; i++) {
			if (pool->to[i] > reached && (next == SIZE_MAX || pool->from[i] < pool->from[next]))
				next = i;
		}
		if (next == SIZE_MAX)
			break;
		sum += pool->to[next] - (pool->from[next] > reached ? pool->from[next] : reached);
		reached = pool->to[next];
	}
	return sum;
}

/* A process of the pool, and where it is followed to. */
struct member {
	struct pw_thread_iter it;
	struct pw_span span;
	bool over;
};

/*
 * The state of a member at a moment, PW_UNKNOWN where it has none. Lowers *next to the
 * moment the state changes. From call to call the moments only grow.
 */
static enum pw_state state_at(struct member *m, uint64_t at, uint64_t *next)
{
	while (!m->over && m->span.to <= at)
		m->over = !pw_thread_iter_next(&m->it, &m->span);
	if (m->over)
		return PW_UNKNOWN;
	if (m->span.from > at) {
		*next = m->span.from < *next ? m->span.from : *next;
		return PW_UNKNOWN;
	}
	*next = m->span.to < *next ? m->span.to : *next;
	/* A worker in an uninterruptible wait of the kernel's own does not lack a task. */
	return m->span.state == PW_BLOCKED && !pw_is_asleep(&m->span) ? PW_UNKNOWN : m->span.state;
}

/*
 * Whether a worker is at a task at a moment; its tasks begin at the index first. Lowers
 * *next to the moment that changes.
 */
static bool at_work(const struct pool *pool, size_t worker, size_t first, uint64_t at, uint64_t *next)
{
	for (size_t i = first; i < first + pool->taken[worker]; i++) {
		if (at < pool->from[i]) {
			*next = pool->from[i] < *next ? pool->from[i] : *next;
		} else if (at < pool->to[i]) {
			*next = pool->to[i] < *next ? pool->to[i] : *next;
			return true;
		}
	}
	return false;
}

/* The workers' time without a task, from the beginning of the first task to the end of the last. */
struct spare {
	uint64_t idle; /* summed over the workers, while no process of the pool waited for a CPU */
	uint64_t cpu_wait; /* some process of the pool was ready */
};

static struct spare spare_time(const struct pw_demo_run *run, const struct pool *pool)
{
	const size_t count = pool->workers.count;
	struct member member[KNOWN + 1] = {0}; /* the workers and main */
	struct spare sum = {0};

	for (size_t i = 0; i < count; i++)
		pw_thread_iter_init(&member[i].it, pool->workers.of[i]->threads);
	pw_thread_iter_init(&member[count].it, run->main->threads);
	for (uint64_t at = pool->first, next; at < pool->last; at = next) {
		size_t idle = 0, first = 0;
		bool cpu_wait;

		next = pool->last;
		cpu_wait = state_at(&member[count], at, &next) == PW_READY;
		for (size_t i = 0; i < count; first += pool->taken[i++]) {
			const enum pw_state state = state_at(&member[i], at, &next);

			if (at_work(pool, i, first, at, &next))
				continue;
			idle += state == PW_BLOCKED || state == PW_RUNNING;
			cpu_wait |= state == PW_READY;
		}
		if (cpu_wait)
			sum.cpu_wait += next - at;
		else
			sum.idle += idle * (next - at);
	}
	return sum;
}

static void add_rounds(const struct pool *pool, double rounds, struct pw_value cpu_wait,
		       struct pw_evidence *why)
{
	pw_evidence_add(why, "rounds",
			PW_VALUES(pw_value_count("tasks", TASKS),
				  pw_value_ns("task_ns", pool->worked / TASKS),
				  pw_value_between("whole_ns", pool->first, pool->last), cpu_wait,
				  pw_value_ratio("rounds", rounds)));
}

/*
 * The rounds are the mean time of a worker, at tasks or idle, divided by the mean length
 * that the tasks really had. While the worker that holds the lock, or main that hands
 * out, waits for a CPU, the others lack the CPU and not a task: that time is no part of
 * a round.
 */
static bool async_takes_three(const struct pw_demo_run *run, struct pw_evidence *why)
{
	struct pool pool;
	struct spare spare;
	double mean, rounds;

	find_pool(run, &pool);
	if (!all_tasks(&pool, why))
		return false;
	spare = spare_time(run, &pool);
	mean = (double)pool.worked / TASKS;
	rounds = (double)(pool.worked + spare.idle) / (double)pool.workers.count / mean;
	add_rounds(&pool, rounds, pw_value_ns("cpu_wait_ns", spare.cpu_wait), why);
	/* Four tasks at a time, all the time, is the best case: tasks of unequal length may fill the last round. */
	return rounds > (double)TASKS / WORKERS * 0.99 && rounds < 3 * 1.3;
}

/* Between two tasks a worker may have to wait for a CPU: that time is no part of a round. */
static bool apply_takes_ten(const struct pw_demo_run *run, struct pw_evidence *why)
{
	struct pool pool;
	double rounds;

	find_pool(run, &pool);
	if (!all_tasks(&pool, why))
		return false;
	rounds = (double)time_with_a_task(&pool) / ((double)pool.worked / TASKS);
	add_rounds(&pool, rounds, pw_value_unknown("cpu_wait_ns"), why);
	return add_most_at_a_time(&pool, why) == 1 && rounds > TASKS * 0.99;
}

/* The tasks of one worker, which begin at the index first. */
static void add_worker(const struct pool *pool, size_t worker, size_t first, struct pw_evidence *why)
{
	struct pw_fact fact =
		pw_fact_make("worker_took", PW_VALUES(pw_value_process("worker", pool->workers.of[worker]),
						      pw_value_count("tasks", pool->taken[worker])));

	for (size_t i = first; i < first + pool->taken[worker]; i++) {
		if (pool->number[i])
			pw_fact_add(&fact, pw_value_item(pw_value_integer("number", pool->number[i])));
	}
	pw_facts_add(&why->facts, &fact);
}

static bool are_reused(const struct pw_demo_run *run, struct pw_evidence *why)
{
	struct pool pool;
	bool before = true;
	size_t first = 0;

	find_pool(run, &pool);
	if (!all_tasks(&pool, why))
		return false;
	for (size_t i = 0; i < pool.workers.count; i++) {
		add_worker(&pool, i, first, why);
		first += pool.taken[i];
		before = before && pool.workers.of[i]->start <= pool.first;
	}
	pw_evidence_add(why, before ? "forked_before_the_first_task" : "forked_after_tasks_had_begun",
			PW_VALUES(pw_value_count("workers", pool.workers.count)));
	return pool.workers.count < pool.tasks && before;
}

static bool are_joined(const struct pw_demo_run *run, struct pw_evidence *why)
{
	const struct pw_process_set workers = pw_process_set_of(run, "");

	return pw_process_set_reaped(&workers, run->main, why) && workers.count >= WORKERS;
}

static const char four[] = N_("4 workers never run more than 4 tasks at a time");
static const char reused[] =
	N_("workers are reused: there are fewer than tasks, and none is forked for a task");
static const char joined[] = N_("after join, every worker is reaped");

static const struct pw_claim_def of_async[] = {
	{.id = "at-most-4", .text = four, .holds = at_most_four},
	{.id = "rounds",
	 .text = N_("handed out together, 10 tasks take about ceil(10/4) = 3 rounds"),
	 .holds = async_takes_three},
	{.id = "reused", .text = reused, .holds = are_reused},
	{.id = "joined", .text = joined, .holds = are_joined},
};

static const struct pw_claim_def of_apply[] = {
	{.id = "at-most-4", .text = four, .holds = at_most_four},
	{.id = "rounds",
	 .text = N_("handed out one after the other, 10 tasks take 10 rounds"),
	 .holds = apply_takes_ten},
	{.id = "reused", .text = reused, .holds = are_reused},
	{.id = "joined", .text = joined, .holds = are_joined},
};

int pw_judge_pool(struct pw_lesson *lesson, const struct pw_model *m, const char *const *argv)
{
	static const struct pw_lesson_def async = {.demo = "demo_pool",
						   .roles = {NULL},
						   .claims = of_async,
						   .count = PW_COUNT(of_async),
						   .words = words};
	static const struct pw_lesson_def apply = {.demo = "demo_pool",
						   .roles = {NULL},
						   .claims = of_apply,
						   .count = PW_COUNT(of_apply),
						   .words = words};

	/* The demo obeys the last of the two options. */
	return pw_judge(lesson, m,
			pw_last_option(argv, "--apply") > pw_last_option(argv, "--async") ? &apply : &async);
}
