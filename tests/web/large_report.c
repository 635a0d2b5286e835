/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A large HTML report of a made-up machine:
 *
 *	large_report TASKS INTERVALS FILE.html [FILE.json]
 *
 * One root, a supervisor for every hundred workers, all on 8 CPUs in turn. The
 * same arguments make the same report.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/findings.h"
#include "lib/events.h"
#include "report/report.h"

#define CPUS	  8
#define TEAM	  100
#define SLICE_NS  40000
#define FIRST_TID 1000
#define START	  UINT64_C(1000000000000)

struct worker {
	/* How many it has left until it exits. */
	uint32_t turns;
	/* When it last left its CPU, and whether it slept then. */
	uint64_t left_at;
	bool slept;
};

struct large {
	struct event_source ev;
	struct pw_model *model;
	struct worker *workers;
	uint32_t count, born;
	/* The ready workers: a ring with room for all. */
	uint32_t *queue;
	uint32_t head, length;
	/* The worker on each CPU; UINT32_MAX: none. */
	uint32_t on[CPUS];
	uint64_t free_at[CPUS];
	/* The workers that exited, in order of exit; the first n_reaped are reaped. */
	uint32_t *dead;
	uint32_t n_dead, n_reaped;
	uint32_t turns, random;
};

static uint32_t dice(struct large *l, uint32_t sides)
{
	l->random = l->random * 1664525u + 1013904223u;
	return (l->random >> 8) % sides;
}

/* The root and the first of every hundred workers have children, and outlive them. */
static bool is_supervisor(uint32_t n)
{
	return n == 0 || n % TEAM == 1;
}

/* The root's parent is not in the report. */
static uint32_t parent_tid(uint32_t n)
{
	if (n == 0)
		return 1;
	return FIRST_TID + (is_supervisor(n) ? 0 : n - (n - 1) % TEAM);
}

static void enqueue(struct large *l, uint32_t n)
{
	l->queue[(l->head + l->length++) % l->count] = n;
}

static void fork_one(struct large *l, uint64_t ts)
{
	const uint32_t n = l->born++;
	const char *role = is_supervisor(n) ? "team" : "worker";
	char comm[PW_COMM_LEN];

	l->workers[n] = (struct worker){.turns = l->turns + (is_supervisor(n) ? l->turns / 2 + 2 : 0)};
	snprintf(comm, sizeof(comm), "%s%u", n == 0 ? "root" : role, n % 977);
	ev_fork(&l->ev, ts, parent_tid(n), FIRST_TID + n, comm);
	enqueue(l, n);
}

/* The parent reaps the process that exited first; a process outside the report reaps the root. */
static void reap_one(struct large *l, uint64_t ts)
{
	const uint32_t n = l->dead[l->n_reaped++];

	ev_reap(&l->ev, ts, FIRST_TID + n, parent_tid(n), PW_REAP_WAIT);
}

/* The worker leaves its CPU: it exits, falls asleep or is preempted. next: the next worker; UINT32_MAX: none. */
static void leave(struct large *l, uint64_t ts, uint32_t n, uint32_t next)
{
	static const int16_t calls[] = {0, 1, 7, 35, 61, 202, 232}; /* read, write, poll, ... */
	struct worker *w = &l->workers[n];
	const bool last = --w->turns == 0, sleeps = dice(l, 5) > 0;
	const uint32_t tid = FIRST_TID + n;
	uint32_t state = STATE_RUNNABLE;
	int syscall = -1;

	if (last) {
		ev_exit(&l->ev, ts, tid, tid % 11 == 0 ? 1 << 8 : 0);
		ev_task(&l->ev, tid)->exit_state = EXIT_STATE_ZOMBIE;
		l->dead[l->n_dead++] = n;
		state = STATE_DEAD;
	} else if (sleeps) {
		state = dice(l, 20) == 0 ? STATE_DISK : STATE_SLEEP;
		syscall = calls[dice(l, sizeof(calls) / sizeof(calls[0]))];
	}
	w->left_at = ts;
	w->slept = sleeps;
	if (!last)
		enqueue(l, n);
	if (next != UINT32_MAX)
		ev_switch(&l->ev, ts, tid, state, syscall, FIRST_TID + next);
	else
		ev_off(&l->ev, ts, tid, state, syscall);
}

/* The worker is woken while it is off the CPU. */
static void wake(struct large *l, uint64_t ts, uint32_t n)
{
	const struct worker *w = &l->workers[n];
	uint64_t woken;

	if (!w->slept || ts <= w->left_at + 2)
		return;
	woken = w->left_at + 1 + dice(l, (uint32_t)((ts - w->left_at) / 2 + 1));
	ev_wake(&l->ev, woken, FIRST_TID + n, dice(l, 3) ? parent_tid(n) : FIRST_TID + dice(l, l->born));
}

static uint32_t dequeue(struct large *l)
{
	uint32_t n;

	if (!l->length)
		return UINT32_MAX;
	n = l->queue[l->head];
	l->head = (l->head + 1) % l->count;
	l->length--;
	return n;
}

/* One turn of the CPU that is free first. False: all processes have exited. */
static bool turn(struct large *l)
{
	uint16_t cpu = 0;
	uint32_t prev, next;
	uint64_t ts;

	for (uint16_t c = 1; c < CPUS; c++)
		if (l->free_at[c] < l->free_at[cpu])
			cpu = c;
	ts = l->free_at[cpu];
	prev = l->on[cpu];
	if (l->born < l->count)
		fork_one(l, ts);
	if (l->n_dead > l->n_reaped + 40)
		reap_one(l, ts);
	next = dequeue(l);
	if (next != UINT32_MAX)
		wake(l, ts, next);
	if (prev != UINT32_MAX)
		leave(l, ts, prev, next);
	else if (next != UINT32_MAX)
		ev_on(&l->ev, ts, cpu, FIRST_TID + next);
	l->on[cpu] = next;
	l->free_at[cpu] = ts + 1000 + dice(l, 2 * SLICE_NS);
	return l->n_dead < l->count && !l->ev.result;
}

static int run(struct large *l, uint64_t *end)
{
	for (uint32_t c = 0; c < CPUS; c++) {
		l->on[c] = UINT32_MAX;
		l->free_at[c] = START + 1000 * c;
	}
	while (turn(l))
		;
	*end = START;
	for (uint32_t c = 0; c < CPUS; c++)
		*end = l->free_at[c] > *end ? l->free_at[c] : *end;
	while (l->n_reaped < l->n_dead)
		reap_one(l, *end += 1000);
	*end += 1000000;
	return l->ev.result ? l->ev.result : pw_model_finish(l->model, *end);
}

static int write_report(const char *path, const struct pw_report *r,
			int (*write)(const struct pw_report *r, FILE *out))
{
	FILE *out = fopen(path, "w");
	int err = out ? write(r, out) : -errno;

	if (out && fclose(out) && !err)
		err = -errno;
	return err;
}

static int report(const struct large *l, uint64_t end, char **argv)
{
	static const char *const command[] = {"large", "report", NULL};
	struct pw_findings findings = {0};
	const struct pw_session session = {.kernel = "6.12.0",
					   .machine = "x86_64",
					   .boot_id = "11111111-2222-3333-4444-555555555555",
					   .cpus = CPUS,
					   .hook_reap = "return of wait4 and waitid",
					   .hook_reparent = "children of dying tasks",
					   .hook_switch = "tp_btf sched_switch",
					   .command = command,
					   .start_ns = START,
					   .duration_ns = end - START,
					   .start_wall_ns = INT64_C(1700000000000000000),
					   .received = pw_model_stats(l->model)->events};
	const struct pw_report r = {.session = &session, .model = l->model, .findings = &findings};
	int err = pw_findings_make(&findings, l->model, end);

	if (!err)
		err = write_report(argv[3], &r, pw_report_html);
	if (!err && argv[4])
		err = write_report(argv[4], &r, pw_report_json);
	pw_findings_free(&findings);
	return err;
}

int main(int argc, char **argv)
{
	static struct large l = {.random = 1};
	uint64_t end = 0, intervals = 0;
	int err = -ENOMEM;

	if (argc < 4 || argc > 5) {
		fprintf(stderr, "usage: large_report TASKS INTERVALS FILE.html [FILE.json]\n");
		return 2;
	}
	l.count = (uint32_t)strtoul(argv[1], NULL, 10);
	l.turns = (uint32_t)(strtoull(argv[2], NULL, 10) / (l.count * UINT64_C(28) / 10)) + 2;
	l.model = pw_model_new();
	l.workers = calloc(l.count, sizeof(*l.workers));
	l.queue = calloc(l.count, sizeof(*l.queue));
	l.dead = calloc(l.count, sizeof(*l.dead));
	ev_begin(&l.ev, model_sink, l.model);
	if (l.model && l.workers && l.queue && l.dead)
		err = run(&l, &end);
	if (!err)
		err = report(&l, end, argv);
	intervals = l.model ? pw_model_stats(l.model)->intervals : 0;
	printf("{\"processes\": %u, \"intervals\": %llu}\n", l.count, (unsigned long long)intervals);
	pw_model_free(l.model);
	free(l.workers);
	free(l.queue);
	free(l.dead);
	if (err)
		fprintf(stderr, "large_report: %s\n", strerror(-err));
	return err ? 1 : 0;
}
