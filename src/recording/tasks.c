/* SPDX-License-Identifier: GPL-2.0-only */
#include "recording/tasks.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define FIRST_ROOM 512

int pw_tasks_init(struct pw_tasks *t, bool searchable)
{
	*t = (struct pw_tasks){.room = FIRST_ROOM};
	t->at = calloc(t->room, sizeof(*t->at));
	t->cpu = calloc(PW_CPUS, sizeof(*t->cpu));
	t->before = calloc(PW_CPUS, sizeof(*t->before));
	if (searchable) {
		t->n_slots = 2 * FIRST_ROOM;
		t->slots = calloc(t->n_slots, sizeof(*t->slots));
	}
	if (!t->at || !t->cpu || !t->before || (searchable && !t->slots))
		return -ENOMEM;
	t->n = t->n_ways = 1;
	return 0;
}

void pw_tasks_free(struct pw_tasks *t)
{
	free(t->at);
	free(t->cpu);
	free(t->before);
	free(t->slots);
}

void pw_tasks_forget(struct pw_tasks *t)
{
	memset(t->cpu, 0, PW_CPUS * sizeof(*t->cpu));
	memset(t->before, 0, PW_CPUS * sizeof(*t->before));
	if (t->slots)
		memset(t->slots, 0, t->n_slots * sizeof(*t->slots));
	t->n = t->n_ways = 1;
	t->ts = 0;
}

static uint32_t *slot_of(const struct pw_tasks *t, uint32_t tid, uint64_t start)
{
	uint64_t hash = (tid ^ start * UINT64_C(0x9e3779b97f4a7c15)) * UINT64_C(0xff51afd7ed558ccd);
	uint32_t mask = t->n_slots - 1, i = (uint32_t)(hash >> 32) & mask;

	while (t->slots[i] && (t->at[t->slots[i]].tid != tid || t->at[t->slots[i]].start != start))
		i = (i + 1) & mask;
	return &t->slots[i];
}

uint32_t pw_tasks_find(const struct pw_tasks *t, uint32_t tid, uint64_t start)
{
	return *slot_of(t, tid, start);
}

static bool more_slots(struct pw_tasks *t)
{
	uint32_t n = t->n_slots * 2, *slots = calloc(n, sizeof(*slots));

	if (!slots)
		return false;
	free(t->slots);
	t->slots = slots;
	t->n_slots = n;
	for (uint32_t i = 1; i < t->n; i++)
		*slot_of(t, t->at[i].tid, t->at[i].start) = i;
	return true;
}

uint32_t pw_tasks_add(struct pw_tasks *t, uint32_t tid, uint64_t start)
{
	if (t->n == t->room) {
		struct pw_task *at = realloc(t->at, 2 * t->room * sizeof(*at));

		if (!at)
			return 0;
		t->at = at;
		t->room *= 2;
	}
	if (t->slots && 2 * t->n >= t->n_slots && !more_slots(t))
		return 0;
	if (t->slots)
		*slot_of(t, tid, start) = t->n;
	t->at[t->n] = (struct pw_task){.tid = tid, .start = start};
	return t->n++;
}

static bool same_way(const struct pw_way *a, const struct pw_way *b)
{
	return a->state == b->state && a->syscall == b->syscall && a->exit_state == b->exit_state;
}

unsigned int pw_way_find(const struct pw_tasks *t, const struct pw_task *task, const struct pw_way *way)
{
	/* Most tasks leave the CPU as they did the last time. */
	if (task->left && same_way(&t->ways[task->left], way))
		return task->left;
	for (unsigned int i = 1; i < t->n_ways; i++)
		if (same_way(&t->ways[i], way))
			return i;
	return 0;
}

unsigned int pw_way_add(struct pw_tasks *t, const struct pw_way *way)
{
	if (t->n_ways == PW_MAX_WAYS)
		return 0;
	t->ways[t->n_ways] = *way;
	return t->n_ways++;
}

struct pw_expected pw_expect(const struct pw_task *task, uint64_t ts, uint32_t state, uint8_t flags)
{
	/* __schedule() counts before it raises the event. */
	const bool voluntary = state && !(flags & PW_PREEMPTED);

	return (struct pw_expected){
		.runtime = task->runtime + (task->in ? ts - task->in : 0),
		.nvcsw = task->nvcsw + voluntary,
		.nivcsw = task->nivcsw + !voluntary,
	};
}

void pw_tasks_learn(struct pw_tasks *t, const struct pw_switch *sw, uint32_t prev, uint32_t next,
		    uint8_t left, bool woken)
{
	if (sw->h.flags & PW_PREV_WATCHED) {
		struct pw_task *task = &t->at[prev];

		task->runtime = sw->prev_runtime;
		task->nvcsw = sw->prev_nvcsw;
		task->nivcsw = sw->prev_nivcsw;
		task->left = left;
		task->taken_off = !sw->prev_state || sw->h.flags & PW_PREEMPTED;
		task->in = 0;
	}
	t->before[sw->h.cpu] = prev;
	t->cpu[sw->h.cpu] = next;
	t->at[next].in = sw->h.ts;
	if (woken)
		t->at[next].waker = sw->waker_tid;
}

static void learn_comm(struct pw_task *task, const char *comm)
{
	memcpy(task->comm, comm, sizeof(task->comm) - 1);
}

void pw_tasks_learn_process(struct pw_tasks *t, const struct pw_event *event, uint32_t number)
{
	struct pw_task *task = &t->at[number];
	const struct pw_birth *birth = (const struct pw_birth *)event;

	switch (event->kind) {
	case PW_EV_BIRTH:
		task->tgid = birth->tgid;
		task->parent = birth->parent_tgid;
		task->parent_start = birth->parent_start;
		learn_comm(task, birth->comm);
		break;
	case PW_EV_EXEC:
		learn_comm(task, ((const struct pw_exec *)event)->comm);
		break;
	case PW_EV_RENAME:
		learn_comm(task, ((const struct pw_rename *)event)->comm);
		break;
	default:
		break;
	}
}
