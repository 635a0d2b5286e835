/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A large HTML report of a machine that never was, made in a moment:
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
#include "report/report.h"

#define CPUS	  8
#define TEAM	  100
#define SLICE_NS  40000
#define FIRST_TID 1000
#define START	  UINT64_C(1000000000000)

struct task {
	uint64_t start, runtime, since, slept;
	uint32_t tid, parent, nvcsw, nivcsw, turns;
	bool woken;
};

struct machine {
	struct pw_model *model;
	struct task *tasks;
	uint32_t count, born;
	uint32_t *queue; /* of the ready, a ring with room for all */
	uint32_t head, length;
	uint32_t on[CPUS]; /* UINT32_MAX: nobody */
	uint64_t free_at[CPUS];
	uint32_t *dead; /* not yet reaped, in order of death */
	uint32_t n_dead, n_reaped;
	uint32_t turns, random;
	int err;
};

static uint32_t dice(struct machine *m, uint32_t sides)
{
	m->random = m->random * 1664525u + 1013904223u;
	return (m->random >> 8) % sides;
}

static void feed(struct machine *m, const void *event)
{
	if (!m->err)
		m->err = pw_model_feed(m->model, event);
}

static struct pw_event head_of(const struct task *t, uint64_t ts, enum pw_event_kind kind)
{
	return (struct pw_event){.ts = ts, .start = t->start, .tid = t->tid, .kind = (uint8_t)kind};
}

static void enqueue(struct machine *m, uint32_t n)
{
	m->queue[(m->head + m->length++) % m->count] = n;
}

static void give_birth(struct machine *m, uint64_t ts)
{
	const uint32_t n = m->born++;
	struct task *t = &m->tasks[n];
	const uint32_t parent = n == 0 ? 0 : n % TEAM == 1 ? 0 : n - (n - 1) % TEAM;
	struct pw_birth ev;

	*t = (struct task){.start = ts, .tid = FIRST_TID + n, .parent = parent, .turns = m->turns};
	if (n == 0 || n % TEAM == 1) /* whoever has children outlives them */
		t->turns += m->turns / 2 + 2;
	ev = (struct pw_birth){.h = head_of(t, ts, PW_EV_BIRTH),
			       .tgid = t->tid,
			       .parent_tid = n ? FIRST_TID + parent : 1,
			       .parent_tgid = n ? FIRST_TID + parent : 1,
			       .parent_start = n ? m->tasks[parent].start : 1,
			       .uid = 1000,
			       .ns_pid = t->tid,
			       .exit_signal = 17};
	snprintf(ev.comm, sizeof(ev.comm), "%s%u",
		 n == 0		 ? "root"
		 : n % TEAM == 1 ? "team"
				 : "worker",
		 n % 977);
	feed(m, &ev);
	enqueue(m, n);
}

static void die(struct machine *m, const struct task *t, uint64_t ts)
{
	struct pw_exit ev = {.h = head_of(t, ts, PW_EV_EXIT),
			     .tgid = t->tid,
			     .parent_tgid = t->tid == FIRST_TID ? 1 : FIRST_TID + t->parent,
			     .wait_status = t->tid % 11 == 0 ? 1 << 8 : 0,
			     .exit_signal = 17,
			     .runtime = t->runtime,
			     .nvcsw = t->nvcsw,
			     .nivcsw = t->nivcsw};

	snprintf(ev.comm, sizeof(ev.comm), "worker");
	feed(m, &ev);
	m->dead[m->n_dead++] = t->tid - FIRST_TID;
}

/* The first dead process is reaped by its parent, the root by a process outside. */
static void reap_one(struct machine *m, uint64_t ts)
{
	const struct task *t = &m->tasks[m->dead[m->n_reaped++]];
	const uint32_t by = t->tid == FIRST_TID ? 1 : FIRST_TID + t->parent;
	struct pw_reap ev = {
		.h = head_of(t, ts, PW_EV_REAP), .by_tid = by, .by_tgid = by, .hook = PW_REAP_WAIT};

	snprintf(ev.by_comm, sizeof(ev.by_comm), "team");
	feed(m, &ev);
}

/* The CPU's task leaves: fills the switch's fields about it. */
static void leave(struct machine *m, struct pw_switch *ev, uint32_t n, uint64_t ts)
{
	static const int16_t calls[] = {0, 1, 7, 35, 61, 202, 232}; /* read, write, poll, ... */
	struct task *t = &m->tasks[n];
	const bool last = --t->turns == 0, sleeps = dice(m, 5) > 0;

	t->runtime += ts - t->since;
	if (last)
		die(m, t, ts);
	if (last || sleeps)
		t->nvcsw++;
	else
		t->nivcsw++;
	ev->h.start = t->start;
	ev->h.tid = t->tid;
	ev->h.flags |= PW_PREV_WATCHED | (last || sleeps ? 0 : PW_PREEMPTED);
	ev->prev_state = last ? 0x80 : !sleeps ? 0 : dice(m, 20) == 0 ? 2 : 1;
	ev->prev_exit_state = last ? 0x20 : 0;
	ev->prev_syscall = sleeps && !last ? calls[dice(m, sizeof(calls) / sizeof(calls[0]))] : -1;
	ev->prev_runtime = t->runtime;
	ev->prev_nvcsw = t->nvcsw;
	ev->prev_nivcsw = t->nivcsw;
	t->slept = ts;
	t->woken = sleeps;
	if (!last)
		enqueue(m, n);
}

static void enter(struct machine *m, struct pw_switch *ev, uint32_t n, uint64_t ts)
{
	struct task *t = &m->tasks[n];

	ev->h.flags |= PW_NEXT_WATCHED;
	ev->next_tid = t->tid;
	ev->next_start = t->start;
	if (t->woken && ts > t->slept + 2) {
		ev->woken = t->slept + 1 + dice(m, (uint32_t)((ts - t->slept) / 2 + 1));
		ev->waker_tid = FIRST_TID + (dice(m, 3) ? t->parent : dice(m, m->born));
	}
	t->since = ts;
}

/* One turn of the CPU that is free first. False: every process has ended. */
static bool turn(struct machine *m)
{
	uint32_t cpu = 0, prev, next = UINT32_MAX;
	struct pw_switch ev;
	uint64_t ts;

	for (uint32_t c = 1; c < CPUS; c++)
		if (m->free_at[c] < m->free_at[cpu])
			cpu = c;
	ts = m->free_at[cpu];
	prev = m->on[cpu];
	if (m->born < m->count)
		give_birth(m, ts);
	if (m->n_dead > m->n_reaped + 40)
		reap_one(m, ts);
	if (m->length) {
		next = m->queue[m->head];
		m->head = (m->head + 1) % m->count;
		m->length--;
	}
	ev = (struct pw_switch){.h = {.ts = ts, .cpu = (uint16_t)cpu, .kind = PW_EV_SWITCH},
				.prev_syscall = -1};
	if (prev != UINT32_MAX)
		leave(m, &ev, prev, ts);
	if (next != UINT32_MAX)
		enter(m, &ev, next, ts);
	if (ev.h.flags)
		feed(m, &ev);
	m->on[cpu] = next;
	m->free_at[cpu] = ts + 1000 + dice(m, 2 * SLICE_NS);
	return m->n_dead < m->count && !m->err;
}

static int run(struct machine *m, uint64_t *end)
{
	for (uint32_t c = 0; c < CPUS; c++) {
		m->on[c] = UINT32_MAX;
		m->free_at[c] = START + 1000 * c;
	}
	while (turn(m))
		;
	*end = START;
	for (uint32_t c = 0; c < CPUS; c++)
		*end = m->free_at[c] > *end ? m->free_at[c] : *end;
	while (m->n_reaped < m->n_dead)
		reap_one(m, *end += 1000);
	*end += 1000000;
	return m->err ? m->err : pw_model_finish(m->model, *end);
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

static int report(const struct machine *m, uint64_t end, char **argv)
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
					   .received = pw_model_stats(m->model)->events};
	const struct pw_report r = {.session = &session, .model = m->model, .findings = &findings};
	int err = pw_findings_make(&findings, m->model, end);

	if (!err)
		err = write_report(argv[3], &r, pw_report_html);
	if (!err && argv[4])
		err = write_report(argv[4], &r, pw_report_json);
	pw_findings_free(&findings);
	return err;
}

int main(int argc, char **argv)
{
	struct machine m = {.random = 1};
	uint64_t end = 0, intervals = 0;
	int err = -ENOMEM;

	if (argc < 4 || argc > 5) {
		fprintf(stderr, "usage: large_report TASKS INTERVALS FILE.html [FILE.json]\n");
		return 2;
	}
	m.count = (uint32_t)strtoul(argv[1], NULL, 10);
	m.turns = (uint32_t)(strtoull(argv[2], NULL, 10) / (m.count * UINT64_C(28) / 10)) + 2;
	m.model = pw_model_new();
	m.tasks = calloc(m.count, sizeof(*m.tasks));
	m.queue = calloc(m.count, sizeof(*m.queue));
	m.dead = calloc(m.count, sizeof(*m.dead));
	if (m.model && m.tasks && m.queue && m.dead)
		err = run(&m, &end);
	if (!err)
		err = report(&m, end, argv);
	intervals = m.model ? pw_model_stats(m.model)->intervals : 0;
	printf("{\"processes\": %u, \"intervals\": %llu}\n", m.count, (unsigned long long)intervals);
	pw_model_free(m.model);
	free(m.tasks);
	free(m.queue);
	free(m.dead);
	if (err)
		fprintf(stderr, "large_report: %s\n", strerror(-err));
	return err ? 1 : 0;
}
