/* SPDX-License-Identifier: GPL-2.0-only */
#include <string.h>

#include "course/lib/judge.h"

const char pw_page_pool[] =
	N_("Main starts 4 workers and has 10 tasks for them, 100 ms each. A worker takes a\n"
	   "task, does it, sends the result back, and takes the next. When all is done, main\n"
	   "closes the pool (no more tasks will come) and joins it (waits for the workers to\n"
	   "end).\n"
	   "\n"
	   "Handed out together (--async), the tasks run four at a time, in three rounds of\n"
	   "4, 4 and 2. Handed out one after the other, each when the one before is done\n"
	   "(--apply), there is never more than one worker at work, and the pool is of no\n"
	   "use: ten rounds.\n"
	   "\n"
	   "Look for the tasks: they are the stretches for which a worker sleeps in\n"
	   "clock_nanosleep. Between tasks it sleeps in read, or in futex when other\n"
	   "workers are before it in the line for the next task. Which task is done where,\n"
	   "the workers say themselves, by marks: task.begin 1, task.end 1.\n"
	   "\n"
	   "Options:\n"
	   "  --async      hand out all tasks, then collect the results (the default)\n"
	   "  --apply      hand out a task and wait for its result, then the next\n"
	   "  --task TIME  how long a task takes (100ms)\n"
	   "  --spoil KIND do it wrong, to see a claim not held: process-each (a worker for\n"
	   "               each task), other-way (--async for --apply, and the other way\n"
	   "               round) or no-join\n");

enum { WORKERS = 4, TASKS = 10, KNOWN = 32 };

/* What the record shows of the pool: every process main started, and every task done by any of them. */
struct pool {
	size_t workers, tasks;
	const struct pw_process *worker[KNOWN];
	size_t taken[KNOWN];
	uint64_t from[KNOWN], to[KNOWN]; /* of each task */
	int64_t number[KNOWN]; /* which it is, where the workers say so; else 0 */
	uint64_t worked; /* the tasks' time, summed up */
	uint64_t first, last; /* the first task's begin, the last task's end */
};

static void add_task(struct pool *pool, uint64_t from, uint64_t to, int64_t number)
{
	if (pool->tasks == KNOWN)
		return;
	pool->from[pool->tasks] = from;
	pool->to[pool->tasks] = to;
	pool->number[pool->tasks++] = number;
	pool->taken[pool->workers]++;
	pool->worked += to - from;
	pool->first = from < pool->first ? from : pool->first;
	pool->last = to > pool->last ? to : pool->last;
}

/* The tasks of the next worker, as it tells them. */
static void add_told_tasks(struct pool *pool, const struct pw_process *worker)
{
	const struct pw_thread *t = worker->threads;

	for (size_t i = 0; t && i + 1 < t->n_marks; i++) {
		const struct pw_passed *begin = &t->marks[i], *end = &t->marks[i + 1];

		if (!strcmp(begin->name, "task.begin") && !strcmp(end->name, "task.end") &&
		    begin->value == end->value)
			add_task(pool, begin->at, end->at, begin->value);
	}
}

/* Where nobody listens to marks: what a worker sleeps through is a task. */
static void add_pauses(struct pool *pool, const struct pw_process *worker)
{
	struct pw_sleeps all;
	struct pw_sleep sleep;

	pw_sleeps_init(&all, worker);
	while (pw_sleeps_next(&all, &sleep))
		if (pw_is_pause(sleep.syscall))
			add_task(pool, sleep.from, sleep.to, 0);
}

/* No name is asked for: a fifth worker would count, whatever it is called. */
static void look(const struct pw_demo_run *s, struct pool *pool)
{
	const bool told = pw_count_marks(s, "task.begin") > 0;

	memset(pool, 0, sizeof(*pool));
	pool->first = UINT64_MAX;
	for (size_t i = 0; i < pw_model_count(s->m) && pool->workers < KNOWN; i++) {
		const struct pw_process *process = pw_model_process(s->m, i);

		if (process == s->main || !pw_descends(s->m, process, s->main))
			continue;
		if (told)
			add_told_tasks(pool, process);
		else
			add_pauses(pool, process);
		pool->worker[pool->workers++] = process;
	}
}

/* The most tasks that were under way at one moment; that moment is the begin of one of them. */
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

/* Each number from 1 on, once. */
static bool all_numbers(const struct pool *pool, struct pw_evidence *why)
{
	size_t seen[TASKS + 1] = {0};

	for (size_t i = 0; i < pool->tasks; i++) {
		const int64_t number = pool->number[i];

		if (number < 1 || number > TASKS || ++seen[number] > 1) {
			pw_say(why, "task %lld was done twice, or never handed out", (long long)number);
			return false;
		}
	}
	return true;
}

/* Nothing can be said of tasks that were not all seen. */
static bool all_tasks(const struct pool *pool, struct pw_evidence *why)
{
	if (pool->tasks == TASKS)
		return !pool->number[0] || all_numbers(pool, why);
	pw_say(why, "%zu tasks were seen, not %d", pool->tasks, TASKS);
	return false;
}

static bool at_most_four(const struct pw_demo_run *s, struct pw_evidence *why)
{
	struct pool pool;

	look(s, &pool);
	if (!all_tasks(&pool, why))
		return false;
	pw_say(why, "at most %zu of the %zu tasks at a time", most_at_a_time(&pool), pool.tasks);
	return most_at_a_time(&pool) <= WORKERS;
}

/* For how long at least one task was under way: each begin is followed to where nobody is at work any more. */
static uint64_t under_way(const struct pool *pool)
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

/* One of the pool, followed through its time. */
struct member {
	struct pw_thread_iter it;
	struct pw_span span;
	bool over;
};

/* Its state at a moment, PW_UNKNOWN where there is none; *next: no later than it changes. Moments only grow. */
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
	/* In the kernel's own waits nobody wants for a task. */
	return m->span.state == PW_BLOCKED && !pw_is_asleep(&m->span) ? PW_UNKNOWN : m->span.state;
}

/* Whether the worker is at a task; *next: no later than that changes. Its tasks lie side by side from first on. */
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

/* What the workers' time went into, beside tasks, from the first task's begin to the last one's end. */
struct spare {
	uint64_t idle; /* summed over the workers, while nobody was held up */
	uint64_t held_up; /* one who would have gone on had no CPU */
};

static struct spare spare_time(const struct pw_demo_run *s, const struct pool *pool)
{
	struct member member[KNOWN + 1] = {0};
	struct spare sum = {0};

	for (size_t i = 0; i < pool->workers; i++)
		pw_thread_iter_init(&member[i].it, pool->worker[i]->threads);
	pw_thread_iter_init(&member[pool->workers].it, s->main->threads);
	for (uint64_t at = pool->first, next; at < pool->last; at = next) {
		size_t idle = 0, first = 0;
		bool held_up;

		next = pool->last;
		held_up = state_at(&member[pool->workers], at, &next) == PW_READY;
		for (size_t i = 0; i < pool->workers; first += pool->taken[i++]) {
			const enum pw_state state = state_at(&member[i], at, &next);

			if (at_work(pool, i, first, at, &next))
				continue;
			idle += state == PW_BLOCKED || state == PW_RUNNING;
			held_up |= state == PW_READY;
		}
		if (held_up)
			sum.held_up += next - at;
		else
			sum.idle += idle * (next - at);
	}
	return sum;
}

/*
 * Rounds: what each worker's time comes to, measured in tasks of the length they really
 * had. Its time is what it was at work and what it was idle for want of a task. While one
 * who holds the lock, or hands out, waits for its CPU, the others are idle for want of the
 * CPU: that is no round.
 */
static bool async_takes_three(const struct pw_demo_run *s, struct pw_evidence *why)
{
	struct pool pool;
	struct spare spare;
	double mean, rounds;

	look(s, &pool);
	if (!all_tasks(&pool, why))
		return false;
	spare = spare_time(s, &pool);
	mean = (double)pool.worked / TASKS;
	rounds = (double)(pool.worked + spare.idle) / (double)pool.workers / mean;
	pw_say(why, "%d tasks of %s in %s, for %s of it one waited for a CPU: %.2f rounds", TASKS,
	       pw_dur((uint64_t)mean).s, pw_from_to(pool.first, pool.last).s, pw_dur(spare.held_up).s,
	       rounds);
	/* Four at a time, all the time, is the best there is: where tasks differ in length, the last round may be full. */
	return rounds > (double)TASKS / WORKERS * 0.99 && rounds < 3 * 1.3;
}

static bool apply_takes_ten(const struct pw_demo_run *s, struct pw_evidence *why)
{
	struct pool pool;
	double mean, rounds;

	look(s, &pool);
	if (!all_tasks(&pool, why))
		return false;
	/* Between two tasks a worker may have to wait for its CPU: that is no round. */
	mean = (double)pool.worked / TASKS;
	rounds = (double)under_way(&pool) / mean;
	pw_say(why, "%d tasks of %s in %s: %.2f rounds, at most %zu at a time", TASKS,
	       pw_dur((uint64_t)mean).s, pw_from_to(pool.first, pool.last).s, rounds, most_at_a_time(&pool));
	return rounds > TASKS * 0.99 && most_at_a_time(&pool) == 1;
}

/* " (1, 5, 9)": the tasks of one worker lie side by side. */
static void say_numbers(const struct pool *pool, size_t first, size_t n, struct pw_evidence *why)
{
	for (size_t i = 0; n && pool->number[0] && i < n; i++)
		pw_say(why, "%s%lld", i ? _(", ") : _(" ("), (long long)pool->number[first + i]);
	if (n && pool->number[0])
		pw_say(why, ")");
}

static bool are_reused(const struct pw_demo_run *s, struct pw_evidence *why)
{
	struct pool pool;
	bool before = true;
	size_t task = 0;

	look(s, &pool);
	if (!all_tasks(&pool, why))
		return false;
	for (size_t i = 0; i < pool.workers; i++) {
		pw_say(why, "%s%u took %zu", i ? _(", ") : "", pool.worker[i]->pid, pool.taken[i]);
		say_numbers(&pool, task, pool.taken[i], why);
		task += pool.taken[i];
		before = before && pool.worker[i]->start <= pool.first;
	}
	pw_say(why, "; %zu forks, %s", pool.workers,
	       before ? _("all before the first task") : _("some after tasks had begun"));
	return pool.workers < pool.tasks && before;
}

static bool are_joined(const struct pw_demo_run *s, struct pw_evidence *why)
{
	struct pool pool;
	size_t reaped = 0;
	uint64_t last = 0;

	look(s, &pool);
	for (size_t i = 0; i < pool.workers; i++) {
		const struct pw_process *worker = pool.worker[i];
		struct pw_evidence one = {.text = ""};

		if (pw_reaped_by(worker, s->main->pid, &one)) {
			reaped++;
			last = worker->reap_at > last ? worker->reap_at : last;
		} else {
			pw_say(why, "%s; ", one.text);
		}
	}
	pw_say(why, "%zu of %zu workers reaped by %u", reaped, pool.workers, s->main->pid);
	if (reaped == pool.workers && s->main->exited)
		pw_say(why, ", the last %s before its own end", pw_from_to(last, s->main->exit_begun).s);
	return pool.workers >= WORKERS && reaped == pool.workers && s->main->exited &&
	       last <= s->main->exit_begun;
}

static const char four[] = N_("4 workers do never more than 4 tasks at a time");
static const char reused[] = N_("workers are reused: fewer than tasks, and none is forked for a task");
static const char joined[] = N_("after join, every worker is reaped");

static const struct pw_claim_def of_async[] = {
	{"at-most-4", four, at_most_four},
	{"rounds", N_("handed out together, 10 tasks take about ceil(10/4) = 3 rounds"), async_takes_three},
	{"reused", reused, are_reused},
	{"joined", joined, are_joined},
};

static const struct pw_claim_def of_apply[] = {
	{"at-most-4", four, at_most_four},
	{"rounds", N_("handed out one after the other, 10 tasks take 10 rounds"), apply_takes_ten},
	{"reused", reused, are_reused},
	{"joined", joined, are_joined},
};

int pw_judge_pool(struct pw_lesson *lesson, const struct pw_model *m, const char *const *argv)
{
	static const struct pw_lesson_def async = {
		.demo = "demo_pool", .roles = {NULL}, .claims = of_async, .count = PW_COUNT(of_async)};
	static const struct pw_lesson_def apply = {
		.demo = "demo_pool", .roles = {NULL}, .claims = of_apply, .count = PW_COUNT(of_apply)};

	/* The demo goes by the last of the two. */
	return pw_judge(lesson, m,
			pw_last_option(argv, "--apply") > pw_last_option(argv, "--async") ? &apply : &async);
}
