// SPDX-License-Identifier: GPL-2.0-only
/*
 * The CPUs: who runs where. A CPU runs one task, so a switch that contradicts
 * the books proves that another was never seen.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "internal.h"

static int make_room(struct pw_model *m, uint16_t cpu)
{
	size_t n = (size_t)cpu + 1;
	struct cpu *cpus;

	if (n <= m->n_cpus)
		return 0;
	cpus = realloc(m->cpus, n * sizeof(*cpus));
	if (!cpus)
		return -ENOMEM;
	memset(cpus + m->n_cpus, 0, (n - m->n_cpus) * sizeof(*cpus));
	m->cpus = cpus;
	m->n_cpus = n;
	return 0;
}

int pw_cpu_take(struct pw_model *m, struct thread *t)
{
	int r = make_room(m, t->cpu);

	if (!r)
		m->cpus[t->cpu].running = t;
	return r;
}

/* t does not run on the CPU it ran on last. */
static void leave(struct pw_model *m, struct thread *t)
{
	struct cpu *cpu = t->cpu < m->n_cpus ? &m->cpus[t->cpu] : NULL;

	if (!cpu || cpu->running != t)
		return;
	cpu->running = NULL;
	cpu->left = t;
	if (t->closed && t->pub.end > cpu->free_since) /* its end stands, whoever came before that */
		cpu->free_since = t->pub.end;
}

/*
 * Since when t can have been on this CPU, if it came unseen: other was there
 * before it, and may have left unseen.
 */
static uint64_t floor_after(const struct thread *other, uint16_t cpu, const struct thread *t, uint64_t floor)
{
	const struct pw_interval *tail = other && other != t ? pw_tape_tail(other) : NULL;
	uint64_t since = 0;

	if (!tail)
		return floor;
	if (tail->state == PW_RUNNING && tail->cpu == cpu)
		since = other->told_end ? other->pub.exit : tail->from;
	else if (other->gap && other->gap_cpu == cpu)
		since = other->gap_from;
	return since > floor ? since : floor;
}

/* t came to this CPU then: other had left. */
static void make_way(struct thread *other, uint16_t cpu, const struct thread *t, uint64_t came)
{
	const struct pw_interval *tail = other && other != t ? pw_tape_tail(other) : NULL;

	if (!tail)
		return;
	if (tail->state == PW_RUNNING && tail->cpu == cpu)
		pw_thread_doubt(other, came);
	else if (other->gap && other->gap_cpu == cpu && came < other->gap_until)
		other->gap_until = came;
}

/* Who is dead switches no more; but a zombie, when it was seeded, may have been still on its way off the CPU. */
static bool switches_no_more(struct thread *t)
{
	if (t->dead && !t->fresh)
		pw_contradiction(t->process->model, t->process);
	return t->dead;
}

static int switch_out(struct pw_model *m, const struct pw_switch *sw, struct thread *t)
{
	uint16_t here = sw->h.cpu;
	struct cpu *cpu = &m->cpus[here];
	struct thread *other = cpu->running, *left = cpu->left;
	uint64_t floor = floor_after(other, here, t, floor_after(left, here, t, cpu->free_since)), came;
	int r = 0;

	leave(m, t);
	if (!switches_no_more(t))
		r = pw_thread_out(t, sw, floor);
	/* If it is not known when t came, the others had left by now. */
	came = t->went_on >= floor ? t->went_on : sw->h.ts;
	make_way(other, here, t, came);
	make_way(left, here, t, came);
	if (other && other != t)
		leave(m, other);
	cpu->free_since = sw->h.ts;
	cpu->left = t;
	return r;
}

static int switch_in(struct pw_model *m, const struct pw_switch *sw, struct thread *t)
{
	if (switches_no_more(t))
		return 0;
	leave(m, t);
	m->cpus[sw->h.cpu].running = t;
	return pw_thread_in(t, sw);
}

int pw_feed_switch(struct pw_model *m, const struct pw_switch *sw)
{
	struct thread *prev = NULL, *next = NULL, *other;
	int r = make_room(m, sw->h.cpu);

	if (!r && sw->h.flags & PW_PREV_WATCHED) {
		bool death = sw->prev_state & TASK_DEAD;

		r = pw_subject(m, &sw->h, sw->h.tid, sw->h.start, death ? PW_DEED_DEATH : PW_DEED_OUT, &prev);
	}
	if (r)
		return r;
	if (prev)
		r = switch_out(m, sw, prev);
	other = m->cpus[sw->h.cpu].running;
	if (other) {
		pw_thread_doubt(other, sw->h.ts);
		leave(m, other);
	}
	if (!r && sw->h.flags & PW_NEXT_WATCHED)
		r = pw_subject(m, &sw->h, sw->next_tid, sw->next_start, PW_DEED_IN, &next);
	if (!r && next)
		r = switch_in(m, sw, next);
	return r;
}

void pw_cpu_seen(struct pw_model *m, const struct pw_event *h, const struct thread *t)
{
	struct thread *other = h->cpu < m->n_cpus ? m->cpus[h->cpu].running : NULL;

	if (!other || other == t)
		return;
	pw_thread_doubt(other, h->ts);
	leave(m, other);
}

int pw_feed_wake(struct pw_model *m, const struct pw_wake *ev)
{
	uint32_t by = ev->h.flags & PW_WAKER_IRQ ? PW_IRQ_WAKER : ev->waker_tid;
	uint64_t woken = ev->woken && ev->woken < ev->h.ts ? ev->woken : ev->h.ts;
	struct thread *t;
	int r = pw_subject(m, &ev->h, ev->h.tid, ev->h.start, PW_DEED_OTHER, &t);

	return r || !t ? r : pw_thread_wake(t, woken, by);
}
