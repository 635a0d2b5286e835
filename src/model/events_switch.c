/* SPDX-License-Identifier: GPL-2.0-only */
/* Switches and wake-ups. */
#include "model/cpu.h"
#include "model/events.h"
#include "model/identity.h"
#include "model/state.h"
#include "shared/task_state.h"

/* A dead thread switches no more; but one that was a zombie when it was seeded may still leave its CPU. */
static bool switches_no_more(struct thread *t)
{
	if (t->dead && !t->fresh_seed)
		pw_contradiction(t->group);
	return t->dead;
}

static int leave_cpu(struct thread *t, const struct pw_switch *sw, uint64_t floor)
{
	int err;

	if (switches_no_more(t))
		return 0;
	err = pw_thread_switch_out(t, sw, floor);
	if (err == PW_THREAD_DIED)
		err = pw_process_thread_died(process_of(t), t, t->account_at);
	return err;
}

static int switch_out(struct pw_model *m, const struct pw_switch *sw, struct thread *t)
{
	uint16_t here = sw->h.cpu;
	struct cpu *cpu = &m->sched.cpus[here];
	struct thread *running = cpu->running, *left = cpu->left;
	uint64_t floor = pw_cpu_floor(cpu, here, t), came;
	int err;

	pw_cpu_leave(t);
	err = leave_cpu(t, sw, floor);
	/* If it is not known when t came, the others have left by now. */
	came = t->went_on >= floor ? t->went_on : sw->h.ts;
	pw_cpu_make_way(running, here, t, came);
	pw_cpu_make_way(left, here, t, came);
	if (running && running != t)
		pw_cpu_leave(running);
	cpu->free_since = sw->h.ts;
	cpu->left = t;
	return err;
}

static int switch_in(struct pw_model *m, const struct pw_switch *sw, struct thread *t)
{
	if (switches_no_more(t))
		return 0;
	pw_cpu_leave(t);
	m->sched.cpus[sw->h.cpu].running = t;
	return pw_thread_switch_in(t, sw);
}

static int feed_prev(struct pw_model *m, const struct pw_switch *sw)
{
	enum act act = sw->prev_state & TASK_DEAD ? ACT_LAST_SWITCH : ACT_SWITCH_OUT;
	struct thread *prev;
	int err;

	if (!(sw->h.flags & PW_PREV_WATCHED))
		return 0;
	err = pw_identify(&m->processes, &sw->h, sw->h.tid, sw->h.start, act, &prev);
	return err || !prev ? err : switch_out(m, sw, prev);
}

static int feed_next(struct pw_model *m, const struct pw_switch *sw)
{
	struct thread *next;
	int err;

	if (!(sw->h.flags & PW_NEXT_WATCHED))
		return 0;
	err = pw_identify(&m->processes, &sw->h, sw->next_tid, sw->next_start, ACT_SWITCH_IN, &next);
	return err || !next ? err : switch_in(m, sw, next);
}

int pw_feed_switch(struct pw_model *m, const struct pw_switch *sw)
{
	int err = pw_cpu_reserve(&m->sched, sw->h.cpu);

	if (err)
		return err;
	err = feed_prev(m, sw);
	if (err)
		return err;
	pw_cpu_evict(&m->sched, sw->h.cpu, NULL, sw->h.ts);
	return feed_next(m, sw);
}

int pw_feed_wake(struct pw_model *m, const struct pw_wake *ev)
{
	uint32_t by = ev->h.flags & PW_WAKER_IRQ ? PW_IRQ_WAKER : ev->waker_tid;
	uint64_t woken = ev->woken && ev->woken < ev->h.ts ? ev->woken : ev->h.ts;
	struct thread *t;
	int err = pw_identify(&m->processes, &ev->h, ev->h.tid, ev->h.start, ACT_OTHER, &t);

	return err || !t ? err : pw_thread_wake(t, woken, by);
}
