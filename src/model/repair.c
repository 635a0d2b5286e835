/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Repair. The kernel does not raise every sched_switch (some builds of 6.18 omit a
 * few a second), and a full ring drops records. The account of a switch-out says
 * how long the task ran since the last one, the timelines say where that can have
 * been; the rest of the time becomes unknown.
 */
#include "model/thread.h"

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

static struct pw_interval repaired(uint64_t from, uint16_t cpu)
{
	struct pw_interval iv = pw_interval(from, PW_RUNNING, PW_REPAIRED);

	iv.cpu = cpu;
	return iv;
}

static uint64_t ran_beyond(const struct account *a, uint64_t wall)
{
	return a->ran > wall ? a->ran - wall : 0;
}

/* The switch-in was missed: the thread ran until now, for as long as its account says. */
static int ran_until_now(struct thread *t, const struct account *a)
{
	struct timeline *tl = &t->timeline;
	const struct pw_interval *tail = pw_timeline_tail(tl);
	uint64_t from = a->ts - (a->ran < a->ts ? a->ran : a->ts);

	if (a->growth > 1)
		pw_timeline_forget_tail(tl);
	if (a->growth == 1 && from < a->floor)
		from = a->floor;
	if (from < tail->from)
		from = tail->from;
	if (from > a->ts)
		from = a->ts;
	t->went_on = a->growth == 1 ? from : a->ts;
	return pw_timeline_push(tl, repaired(from, a->growth > 1 ? PW_NO_CPU : a->cpu));
}

/* The thread ran somewhere between its last switch-out and its last switch-in. */
static int ran_before(struct thread *t, uint64_t ran)
{
	struct timeline *tl = &t->timeline;
	struct pw_interval last = *pw_timeline_tail(tl);
	int err = 0;

	while (tl->count > tl->last_out)
		pw_timeline_pop(tl);
	pw_timeline_forget_tail(tl);
	if (ran > last.from - pw_timeline_tail(tl)->from)
		ran = last.from - pw_timeline_tail(tl)->from;
	if (ran)
		err = pw_timeline_push(tl, repaired(last.from - ran, PW_NO_CPU));
	if (err)
		return err;
	return pw_timeline_push(tl, last);
}

/*
 * The gap is the tail, and the switch-out before it was missed: the thread ran on
 * into the gap, for the rest of its run time. If more than that one run was missed,
 * part of it may have been elsewhere. *rest: what remains of the gap.
 */
static void run_into_gap(struct thread *t, const struct account *a, uint64_t ran, uint64_t gap_end,
			 struct pw_interval *rest)
{
	struct sched *sched = t->group->sched;
	struct pw_interval *gap = pw_timeline_tail(&t->timeline);
	bool here = a->growth <= 2 && t->gap_cpu < sched->n_cpus;
	uint64_t until = here && t->gap_until < gap_end ? t->gap_until : gap_end;

	if (until < gap->from)
		until = gap->from;
	if (ran > until - gap->from)
		ran = until - gap->from;
	*rest = *gap;
	rest->from += ran;
	*gap = repaired(gap->from, here ? t->gap_cpu : PW_NO_CPU);
	if (here && sched->cpus[t->gap_cpu].free_since < rest->from)
		sched->cpus[t->gap_cpu].free_since = rest->from;
}

static int fill_gap(struct thread *t, const struct account *a)
{
	struct timeline *tl = &t->timeline;
	struct pw_interval after[4], rest;
	uint64_t wall = a->ts - pw_timeline_tail(tl)->from;
	size_t n = 0;
	int err;

	do { /* the thread runs now, so the tail is not the gap */
		after[n++] = *pw_timeline_tail(tl);
		pw_timeline_pop(tl);
	} while (tl->count > tl->gap && n < COUNT_OF(after));
	run_into_gap(t, a, ran_beyond(a, wall), after[n - 1].from, &rest);
	if (a->preempted && after[n - 1].state == PW_RUNNING) {
		rest.state = PW_READY;
		rest.detail = PW_TAKEN_OFF;
	}
	tl->gap = 0;
	err = pw_timeline_push(tl, rest);
	while (!err && n)
		err = pw_timeline_push(tl, after[--n]);
	return err;
}

int pw_repair(struct thread *t, const struct account *a)
{
	struct timeline *tl = &t->timeline;
	const struct pw_interval *tail = pw_timeline_tail(tl);
	uint64_t wall = a->ts - pw_timeline_tail_began(tl);
	bool moved = tail->cpu != a->cpu, absent = a->ran + pw_account_slack(wall) < wall;

	if (tail->state != PW_RUNNING)
		return ran_until_now(t, a);
	if (a->growth == 1 && !moved && !tl->gap)
		return 0;
	if (moved || absent) { /* it cannot have run all the time since its last switch-in */
		pw_thread_left_unobserved(t, a->ts);
		return ran_until_now(t, a);
	}
	if (tl->gap)
		return fill_gap(t, a);
	if (tl->count > tl->last_out)
		return ran_before(t, ran_beyond(a, wall));
	return ran_until_now(t, a);
}
