// SPDX-License-Identifier: GPL-2.0-only
/*
 * Repair: every switch-out carries the task's own count of switches and its run
 * time (sum_exec_runtime). What the switches seen do not account for was missed:
 * the kernel does not raise every sched_switch (some builds of 6.18 omit a few a
 * second), and a full ring loses records. The run time says how long the task
 * ran unseen, the books where that can have been; the rest is unknown.
 */
#include <errno.h>

#include "internal.h"

uint64_t pw_slack(uint64_t wall)
{
	return wall / 100 + 50000;
}

static struct pw_interval repaired(uint64_t from, uint16_t cpu)
{
	return (struct pw_interval){.from = from,
				    .by = PW_NO_WAKER,
				    .syscall = -1,
				    .cpu = cpu,
				    .state = PW_RUNNING,
				    .detail = PW_REPAIRED};
}

/* The switch-in was missed: it ran until now, for as long as its run time says. */
static int ran_until_now(struct thread *t, const struct account *a)
{
	const struct pw_interval *tail = pw_tape_tail(t);
	uint64_t from = a->ts - (a->ran < a->ts ? a->ran : a->ts);

	if (a->growth > 1)
		pw_tape_forget(t);
	if (a->growth == 1 && from < a->floor)
		from = a->floor;
	if (from < tail->from)
		from = tail->from;
	if (from > a->ts)
		from = a->ts;
	t->went_on = a->growth == 1 ? from : a->ts;
	return pw_tape_push(t, repaired(from, a->growth > 1 ? PW_NO_CPU : a->cpu));
}

/* It ran unseen somewhere between its last switch-out and its last switch-in. */
static int ran_before(struct thread *t, uint64_t ran)
{
	struct pw_interval last = *pw_tape_tail(t);
	int r;

	while (t->n > t->anchor)
		pw_tape_pop(t);
	pw_tape_forget(t);
	if (ran > last.from - pw_tape_tail(t)->from)
		ran = last.from - pw_tape_tail(t)->from;
	r = ran ? pw_tape_push(t, repaired(last.from - ran, PW_NO_CPU)) : 0;
	return r ? r : pw_tape_push(t, last);
}

/*
 * It left its CPU unseen: it ran on at the beginning of the gap, for what is
 * left of its run time. If more than that one stint was missed, part of it may
 * have run elsewhere.
 */
static void run_into_gap(struct thread *t, const struct account *a, uint64_t ran, uint64_t gap_end,
			 struct pw_interval *rest)
{
	struct pw_model *m = t->process->model;
	struct pw_interval *gap = pw_tape_tail(t);
	bool here = a->growth <= 2 && t->gap_cpu < m->n_cpus;
	uint64_t until = here && t->gap_until < gap_end ? t->gap_until : gap_end;

	if (until < gap->from)
		until = gap->from;
	if (ran > until - gap->from)
		ran = until - gap->from;
	*rest = *gap;
	rest->from += ran;
	*gap = repaired(gap->from, here ? t->gap_cpu : PW_NO_CPU);
	if (here && m->cpus[t->gap_cpu].free_since < rest->from)
		m->cpus[t->gap_cpu].free_since = rest->from;
}

static int fill_gap(struct thread *t, const struct account *a)
{
	struct pw_interval after[4], rest;
	uint64_t wall = a->ts - pw_tape_tail(t)->from;
	size_t n = 0;
	int r;

	do { /* it runs now: the last is not the gap */
		after[n++] = *pw_tape_tail(t);
		pw_tape_pop(t);
	} while (t->n > t->gap && n < sizeof(after) / sizeof(after[0]));
	run_into_gap(t, a, a->ran > wall ? a->ran - wall : 0, after[n - 1].from, &rest);
	if (a->preempted && after[n - 1].state == PW_RUNNING) {
		rest.state = PW_READY;
		rest.detail = PW_TAKEN_OFF;
	}
	t->gap = 0;
	r = pw_tape_push(t, rest);
	while (!r && n)
		r = pw_tape_push(t, after[--n]);
	return r;
}

int pw_repair(struct thread *t, const struct account *a)
{
	const struct pw_interval *tail = pw_tape_tail(t);
	uint64_t wall = a->ts - pw_tape_began(t);
	bool moved = tail->cpu != a->cpu, absent = a->ran + pw_slack(wall) < wall;

	if (tail->state != PW_RUNNING)
		return ran_until_now(t, a);
	if (a->growth == 1 && !moved && !t->gap)
		return 0;
	if (moved || absent) { /* it cannot have been running all the time since its last switch-in */
		pw_thread_doubt(t, a->ts);
		return ran_until_now(t, a);
	}
	if (t->gap)
		return fill_gap(t, a);
	return t->n > t->anchor ? ran_before(t, a->ran > wall ? a->ran - wall : 0) : ran_until_now(t, a);
}

int pw_count_holes(struct thread *t, uint64_t count, uint64_t ts)
{
	struct pw_model *m = t->process->model;
	struct hole *holes;

	if (!count || (m->n_lost && m->lost_until >= t->account_at))
		return 0;
	holes = pw_grow(m->holes, m->n_holes, &m->max_holes, sizeof(*holes));
	if (!holes)
		return -ENOMEM;
	m->holes = holes;
	holes[m->n_holes++] = (struct hole){t, t->account_at, ts, count};
	t->pub.holes += count;
	m->stats.holes += count;
	return 0;
}

void pw_recount_holes(struct pw_model *m, uint64_t first, uint64_t last)
{
	for (size_t i = m->n_holes; i-- > 0 && m->holes[i].to >= first;) {
		struct hole *h = &m->holes[i];

		if (h->from > last)
			continue;
		h->thread->pub.holes -= h->count;
		m->stats.holes -= h->count;
		h->count = 0;
	}
}
